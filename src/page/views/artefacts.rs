//! What was recognised: each artefact with what it said, where it was taken (to be corrected), its problems, and its way out.

use super::UiProps;
use crate::page::state::Action;
use crate::page::words;
use doublehop::artefacts::READERS;
use doublehop::case::ANSWERS_ARTEFACT;
use doublehop::facts::Role;
use doublehop::ingest::Kind;
use doublehop::report::{ArtefactEntry, Because, ProblemEntry};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// How many problems are shown before the rest folds.
const PROBLEMS: usize = 2;
/// Kinds that were taken on no machine, or on nobody knows which.
const NOWHERE: [&str; 2] = ["unknown", "answers"];

/// How many are shown before the rest folds.
const SHOWN: usize = 6;

#[function_component(Artefacts)]
pub fn artefacts(props: &UiProps) -> Html {
    let all = use_state(|| false);
    let entries: Vec<ArtefactEntry> =
        props.ui.page.report.artefacts.iter().filter(|a| a.id != ANSWERS_ARTEFACT).cloned().collect();
    if entries.is_empty() {
        return html! {};
    }
    // One more is not worth a button.
    let folded = if *all || entries.len() <= SHOWN.saturating_add(1) { 0 } else { entries.len().saturating_sub(SHOWN) };
    let onclick = Callback::from(move |_: MouseEvent| all.set(true));
    html! {
        <ul class="card arts" aria-label="What was recognised">
            for (index, entry) in entries.into_iter().enumerate() {
                <li key={entry.id.clone()} hidden={folded > 0 && index >= SHOWN} class={classes!("art", (entry.kind == "unknown").then_some("unread"))}
                    data-artefact={entry.id.clone()} data-kind={entry.kind.clone()}>
                    { artefact(props, &entry) }
                </li>
            }
            if folded > 0 {
                <li key="more" class="art"><button type="button" class="plain" data-role="more-artefacts" {onclick}>{ format!("{folded} more") }</button></li>
            }
        </ul>
    }
}

fn artefact(props: &UiProps, entry: &ArtefactEntry) -> Html {
    let ui = &props.ui;
    let title = words::kind(&entry.kind).to_owned();
    let (show, remove) = (entry.id.clone(), entry.id.clone());
    let place = format!("{}, {}", ui.page.input_name(&entry.input), words::lines(entry.first_line, entry.last_line));
    let summary = if !entry.summary.is_empty() {
        entry.summary.clone()
    } else if entry.facts > 0 {
        words::count(entry.facts, "fact read", "facts read")
    } else {
        String::new()
    };
    let (first, rest) = entry.problems.split_at(entry.problems.len().min(PROBLEMS));
    html! {
        <>
            <div class="row">
                <button type="button" class="link" title={entry.why.clone()} onclick={ui.on(move || Action::Show(show.clone()))}>{ title.clone() }</button>
                if !NOWHERE.contains(&entry.kind.as_str()) { { role(props, entry) } }
                <span class="grow"></span>
                <button type="button" class="plain" data-role="remove" aria-label={format!("Remove {title} of {}", ui.page.input_name(&entry.input))}
                    onclick={ui.on(move || Action::Remove(remove.clone()))}>{ "✕" }</button>
            </div>
            if entry.facts == 0 { { kind(props, entry) } }
            if !summary.is_empty() { <div>{ summary }</div> }
            <details class="read-as">
                <summary class="quiet small">{ place }</summary>
                <p class="small">{ format!("{}: {}.", words::confidence(&entry.confidence), entry.why) }</p>
                if entry.facts > 0 { { kind(props, entry) } }
            </details>
            if !first.is_empty() {
                <ul class="problems">{ for first.iter().map(|p| problem(props, entry, p)) }</ul>
            }
            if !rest.is_empty() {
                <details><summary class="quiet small">{ words::count(rest.len(), "more remark", "more remarks") }</summary>
                    <ul class="problems">{ for rest.iter().map(|p| problem(props, entry, p)) }</ul>
                </details>
            }
        </>
    }
}

fn problem(props: &UiProps, entry: &ArtefactEntry, problem: &ProblemEntry) -> Html {
    let because = Because {
        artefact: entry.id.clone(),
        input: entry.input.clone(),
        first_line: problem.line,
        last_line: problem.line,
        first_byte: 0,
        end_byte: 0,
        says: String::new(),
        lit: Vec::new(),
    };
    let onclick = props.ui.on(move || Action::Light(Box::new(because.clone())));
    html! {
        <li><button type="button" class="link small" {onclick}>{ format!("Line {}", problem.line) }</button>{ format!(": {}", problem.says) }</li>
    }
}

/// What it is, to be said by the person, for a text that was not recognised or was taken for something else.
fn kind(props: &UiProps, entry: &ArtefactEntry) -> Html {
    if !props.ui.page.can_be_named(&entry.id) {
        return html! {};
    }
    let tell = props.ui.page.dispatcher();
    let id = entry.id.clone();
    let onchange = Callback::from(move |event: Event| {
        let word = event.target_dyn_into::<HtmlSelectElement>().map(|s| s.value()).unwrap_or_default();
        if let Some(kind) = Kind::ALL.iter().find(|k| k.word() == word) {
            tell.dispatch(Action::Kind(id.clone(), *kind));
        }
    });
    html! {
        <label class="small">{ "This is " }
            <select class={classes!("chip", (entry.kind == "unknown").then_some("warn"))} data-role="kind" {onchange}>
                if entry.kind == "unknown" { <option value="" selected=true>{ "… say what" }</option> }
                for reader in READERS {
                    <option value={reader.kind.word()} selected={entry.kind == reader.kind.word()}>{ reader.kind.title() }</option>
                }
            </select>
        </label>
    }
}

fn role(props: &UiProps, entry: &ArtefactEntry) -> Html {
    let tell = props.ui.page.dispatcher();
    let id = entry.id.clone();
    let onchange = Callback::from(move |event: Event| {
        let word = event.target_dyn_into::<HtmlSelectElement>().map(|s| s.value()).unwrap_or_default();
        if let Some(role) = Role::parse(&word) {
            tell.dispatch(Action::Role(id.clone(), role));
        }
    });
    let known = entry.role != "unknown";
    html! {
        <select class={classes!("chip", (!known).then_some("warn"))} data-role="where" {onchange} title={entry.why.clone()}
            aria-label={format!("Where this {} was taken", words::kind(&entry.kind))}>
            for (word, says) in words::ROLES {
                <option value={word} selected={entry.role == word}>{ says }</option>
            }
        </select>
    }
}
