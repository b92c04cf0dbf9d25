//! All questions so far: the answered ones with their reason, to be overridden or taken back.

use super::next::answer;
use super::proof::source;
use super::{Ui, UiProps};
use crate::page::state::Action;
use crate::page::words;
use doublehop::report::Because;
use std::collections::BTreeMap;
use yew::prelude::*;

struct Answered {
    id: String,
    option: String,
    because: Vec<Because>,
    said: bool,
}

#[function_component(AllQuestions)]
pub fn all_questions(props: &UiProps) -> Html {
    let ui = &props.ui;
    let answered = answered(ui);
    let skipped: Vec<String> = ui.page.case.skipped().into_iter().map(str::to_owned).collect();
    if answered.is_empty() && skipped.is_empty() {
        return html! {};
    }
    html! {
        <details class="more answered"><summary>{ format!("Answered so far: {}", answered.len()) }</summary>
            <ul>
                for one in answered { { row(ui, &one) } }
                for id in skipped { { set_aside(ui, &id) } }
            </ul>
        </details>
    }
}

/// A question or a request that the person set aside: it can be brought back.
fn set_aside(ui: &Ui, id: &str) -> Html {
    let back = id.to_owned();
    let says = if id.starts_with("ask-") { "You can't get this." } else { "You don't know." };
    html! {
        <li data-skipped={id.to_owned()}>
            <b>{ title(ui, id) }</b>
            <div class="quiet small">
                { says }{ " " }
                <button type="button" class="link small" onclick={ui.on(move || Action::Answer(back.clone(), None))}>{ "Ask again" }</button>
            </div>
            { options(ui, id) }
        </li>
    }
}

/// What evidence and the person have answered, for the site that is looked at.
fn answered(ui: &Ui) -> Vec<Answered> {
    let page = &ui.page;
    let mut all: BTreeMap<String, Answered> = BTreeMap::new();
    for o in &page.report.observations {
        let here = o.about.is_none() || page.about().is_none() || o.about.as_deref() == page.about();
        if here {
            let said = page.case.answers().contains_key(&o.question);
            all.insert(
                o.question.clone(),
                Answered { id: o.question.clone(), option: o.option.clone(), because: o.because.clone(), said },
            );
        }
    }
    for (key, value) in page.case.answers() {
        all.entry(key.clone()).or_insert_with(|| Answered {
            id: key.clone(),
            option: value.clone(),
            because: Vec::new(),
            said: true,
        });
    }
    all.into_values().collect()
}

fn row(ui: &Ui, one: &Answered) -> Html {
    let why = match one.because.first() {
        _ if one.said => "You said so.".to_owned(),
        Some(because) => format!("Answered by {}.", source(ui, because)),
        None => "Answered by the evidence.".to_owned(),
    };
    let light = one.because.first().cloned();
    let back = one.id.clone();
    html! {
        <li data-answered={one.id.clone()} data-chosen={one.option.clone()}>
            <b>{ title(ui, &one.id) }</b>
            <div>{ option_words(ui, &one.id, &one.option) }</div>
            <div class="quiet small">
                if let Some(because) = light {
                    <button type="button" class="link small" onclick={ui.on(move || Action::Light(Box::new(because.clone())))}>{ why }</button>
                } else { { why } }
                if one.said {
                    { " " }<button type="button" class="link small" onclick={ui.on(move || Action::Answer(back.clone(), None))}>{ "Take back" }</button>
                }
            </div>
            { options(ui, &one.id) }
        </li>
    }
}

/// The options to override with.
fn options(ui: &Ui, id: &str) -> Html {
    let list = known_options(ui, id);
    if list.is_empty() {
        return html! {};
    }
    html! {
        <details class="more"><summary class="small">{ "That is not so" }</summary>
            <div class="q">{ for list.iter().map(|(option, says)| answer(ui, id, option, says)) }</div>
        </details>
    }
}

fn known_options(ui: &Ui, id: &str) -> Vec<(String, String)> {
    match ui.page.asked.get(id) {
        Some(next) => next.options.iter().map(|o| (o.id.clone(), o.says.clone())).collect(),
        None => words::options(id).into_iter().map(|(o, says)| (o.to_owned(), says.to_owned())).collect(),
    }
}

fn title(ui: &Ui, id: &str) -> String {
    words::title(id)
        .map(ToOwned::to_owned)
        .or_else(|| ui.page.asked.get(id).map(|n| n.ask.clone()))
        .unwrap_or_else(|| id.to_owned())
}

/// A line of the answers, `pol: abs`, as it was asked and chosen.
pub fn line_in_words(ui: &Ui, line: &str) -> String {
    let Some((id, option)) = line.split_once(": ") else { return line.to_owned() };
    let chosen = match option {
        "skipped" if id.starts_with("ask-") => "can't get this".to_owned(),
        "skipped" => "don't know".to_owned(),
        _ => option_words(ui, id, option),
    };
    format!("{} – {chosen}", title(ui, id))
}

fn option_words(ui: &Ui, id: &str, option: &str) -> String {
    known_options(ui, id).into_iter().find(|(o, _)| o == option).map_or_else(|| option.to_owned(), |(_, says)| says)
}
