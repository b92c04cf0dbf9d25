//! The evidence itself, with line numbers, secrets masked; the lines of the proof that was clicked are lit.

use super::questions::line_in_words;
use super::{Ui, UiProps};
use crate::page::marks;
use crate::page::scroll;
use crate::page::state::{Action, Page};
use crate::page::words;
use doublehop::case::{ANSWERS_ARTEFACT, Held};
use doublehop::ingest::{Kind, ShownLine};
use web_sys::{HtmlElement, ScrollLogicalPosition};
use yew::prelude::*;

/// How many lines are drawn at once; the rest is a button away.
const WINDOW: usize = 120;

#[function_component(Evidence)]
pub fn evidence(props: &UiProps) -> Html {
    let ui = &props.ui;
    let page = &ui.page;
    let mark = use_node_ref();
    let from = use_state(|| 0usize);
    let shown = page.shown.clone().or_else(|| opening(page));
    let held = shown.as_deref().and_then(|id| page.held(id));

    // A click on a proof: bring its lines into the window, then scroll to them.
    let click = page.lit.as_ref().map(|lit| lit.click);
    {
        let lines = held.as_ref().map_or(0, |h| first_index(h, page.lit.as_ref().map_or(0, |l| l.first)));
        let from = from.clone();
        use_effect_with((shown.clone(), click), move |_| from.set(lines.saturating_sub(WINDOW / 3)));
    }
    {
        let mark = mark.clone();
        use_effect_with((click, *from), move |(click, _)| {
            if click.is_some()
                && let Some(line) = mark.cast::<HtmlElement>()
            {
                scroll_to(&line);
            }
        });
    }

    let Some(held) = held else { return html! {} };
    let in_words = (held.id == ANSWERS_ARTEFACT).then(|| answers_in_words(ui, held));
    let lines = in_words.as_ref().unwrap_or(&held.artefact.shown);
    let lit = page.lit.as_ref().filter(|l| l.artefact == held.id);
    let first_lit = lit.and_then(|l| lines.iter().position(|s| (l.first..=l.last).contains(&s.number)));
    let after = from.saturating_add(WINDOW);
    let step = |to: usize| {
        let from = from.clone();
        Callback::from(move |_: MouseEvent| from.set(to))
    };
    html! {
        <div class="card evidence" data-role="evidence" data-shows={held.id.clone()}>
            <h2>{ "Evidence, line by line" }</h2>
            { tabs(props, held) }
            if lines.is_empty() { <p class="quiet">{ "Nothing of this input can be shown." }</p> }
            if *from > 0 { <button type="button" class="plain" onclick={step(from.saturating_sub(WINDOW))}>{ "Earlier lines" }</button> }
            <ol class="lines" tabindex="0" aria-label={format!("Lines of {}", held.artefact.kind.title())}>
                for (index, line) in lines.iter().enumerate().skip(*from).take(WINDOW) {
                    <li key={index} data-line={line.number.to_string()} tabindex="-1"
                        class={lit.filter(|l| (l.first..=l.last).contains(&line.number)).map(|_| "lit")}
                        ref={if first_lit == Some(index) { mark.clone() } else { NodeRef::default() }}>
                        <span class="ln">{ line.number }</span>
                        <span class="tx">{ marked(line, lit.map(|l| l.words.as_slice()).filter(|_| in_words.is_none() && lit.is_some_and(|l| (l.first..=l.last).contains(&line.number)))) }</span>
                    </li>
                }
            </ol>
            if after < lines.len() { <button type="button" class="plain" onclick={step(after)}>{ format!("Later lines ({} more)", lines.len().saturating_sub(after)) }</button> }
        </div>
    }
}

/// What is shown before anything was clicked: where the first proof stands, or the first thing that was recognised.
fn opening(page: &Page) -> Option<String> {
    let proof = page.top().and_then(|top| top.because.first()).map(|b| b.artefact.clone());
    let held = page.case.held();
    let recognised = held.iter().find(|h| h.artefact.kind != Kind::Unknown).or(held.first());
    proof.or_else(|| recognised.map(|h| h.id.clone()))
}

/// One tab for each artefact, where there are several.
fn tabs(props: &UiProps, held: &Held) -> Html {
    let page = &props.ui.page;
    let mut all: Vec<(String, String)> =
        page.case.held().iter().map(|h| (h.id.clone(), words::kind(h.artefact.kind.word()).to_owned())).collect();
    if page.case.wizard().is_some() {
        all.push((ANSWERS_ARTEFACT.to_owned(), "your answers".to_owned()));
    }
    if all.len() < 2 {
        return html! {};
    }
    html! {
        <div class="tabs small">
            for (id, title) in all {
                <button type="button" aria-pressed={(id == held.id).to_string()} onclick={props.ui.on(move || Action::Show(id.clone()))}>{ title }</button>
            }
        </div>
    }
}

/// The lines of the answers, as they were asked and chosen.
pub fn answers_in_words(ui: &Ui, held: &Held) -> Vec<ShownLine> {
    let words = |l: &ShownLine| ShownLine { text: line_in_words(ui, &l.text), ..l.clone() };
    held.artefact.shown.iter().map(words).collect()
}

fn marked(line: &ShownLine, lit: Option<&[String]>) -> Html {
    match lit {
        None => html! { { line.text.clone() } },
        Some(words) => pieces(&line.text, words),
    }
}

/// A text with its lit words marked.
pub fn pieces(text: &str, words: &[String]) -> Html {
    marks::pieces(text, words)
        .into_iter()
        .map(|(on, piece)| {
            if on {
                html! { <mark>{ piece }</mark> }
            } else {
                html! { { piece } }
            }
        })
        .collect()
}

fn first_index(held: &Held, line: u32) -> usize {
    held.artefact.shown.iter().position(|s| s.number >= line).unwrap_or(0)
}

/// Brings a line into view and gives it the focus, so that a screen reader goes there as well.
fn scroll_to(line: &HtmlElement) {
    scroll::to(line, ScrollLogicalPosition::Center);
    let focus = web_sys::FocusOptions::new();
    focus.set_prevent_scroll(true);
    // A frame that may not take the focus just does not get it.
    let _ = line.focus_with_options(&focus);
}
