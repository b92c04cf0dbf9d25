//! What would settle the most: a question, a test to make, or a piece of evidence to fetch.

use super::fix::instructions;
use super::questions::AllQuestions;
use super::{Ui, UiProps};
use crate::page::state::Action;
use crate::page::words;
use doublehop::report::{Finding, Next, State, Status};
use yew::prelude::*;

/// How many other ways stand below the first.
const OTHERS: usize = 4;
/// How many open causes are named.
const CANDIDATES: usize = 5;
/// What every step can be answered with, unless that is one of its own options.
const DONT_KNOW: [&str; 2] = ["unknown", "skipped"];

/// In the main column, while there is no answer yet: the next step is then what matters.
#[function_component(NextCard)]
pub fn next_card(props: &UiProps) -> Html {
    html! { if !settled(&props.ui) { { card(&props.ui) } } }
}

/// Beside the result, once there is one.
#[function_component(NextBeside)]
pub fn next_beside(props: &UiProps) -> Html {
    let ui = &props.ui;
    html! {
        if settled(ui) {
            <div class="card next" data-role="next" tabindex="-1">
                if let Some(first) = ui.page.report.next.first() {
                    <details class="more"><summary>{ format!("To be sure, optional: {}", first.ask) }</summary>{ step(ui, first) }{ others(ui) }</details>
                } else {
                    <p class="quiet">{ NOTHING }</p>
                }
                <AllQuestions ..UiProps::new(ui) />
            </div>
        }
    }
}

fn settled(ui: &Ui) -> bool {
    matches!(ui.page.report.verdict.state, State::Diagnosed | State::Healthy)
}

const NOTHING: &str = "Nothing more to ask: what would help now is other evidence.";

fn card(ui: &Ui) -> Html {
    html! {
        <div class="card next" data-role="next" tabindex="-1">
            if let Some(first) = ui.page.report.next.first() {
                <h2>{ "Next: this would settle the most" }</h2>
                <p class="ask">{ &first.ask }</p>
                { step(ui, first) }
                { others(ui) }
            } else {
                <h2>{ "Questions" }</h2>
                <p class="quiet">{ NOTHING }</p>
            }
            { candidates(ui) }
            <AllQuestions ..UiProps::new(ui) />
        </div>
    }
}

fn others(ui: &Ui) -> Html {
    let others: Vec<&Next> = ui.page.report.next.iter().skip(1).take(OTHERS).collect();
    html! {
        if !others.is_empty() {
            <details class="more"><summary>{ "Other ways" }</summary>
                { for others.into_iter().map(|n| html! { <div class="other"><p><b>{ &n.ask }</b></p>{ step(ui, n) }</div> }) }
            </details>
        }
    }
}

/// What is still open, by status and rank; never by a number that the evidence does not give.
fn candidates(ui: &Ui) -> Html {
    let page = &ui.page;
    let open: Vec<&Finding> =
        page.report.findings.iter().filter(|f| f.status != Status::RuledOut && page.speaks_of_site(f)).collect();
    if open.is_empty() {
        return html! {};
    }
    let more = open.len().saturating_sub(CANDIDATES);
    html! {
        <div class="candidates">
            <h3>{ "Still open" }</h3>
            <ul>
                for finding in open.iter().take(CANDIDATES) {
                    <li>
                        if let Some(fits) = finding.fits { { meter(fits) } } else { <span class="chip">{ words::status(finding.status) }</span> }
                        { " " }{ &finding.title }
                        if let Some(because) = finding.because.first() { <span class="quiet small">{ format!(" ({})", because.says) }</span> }
                    </li>
                }
            </ul>
            if more > 0 { <p class="quiet small">{ format!("and {more} more, listed below") }</p> }
        </div>
    }
}

/// How likely beside the likeliest, as five bars and in words.
fn meter(fits: u8) -> Html {
    let says = format!("{fits} of 5: how common it is, and how well it fits what was answered");
    html! {
        <span class="meter" role="img" aria-label={says.clone()} title={says}>
            for n in 1..=5u8 { <i class={(n <= fits).then_some("on")}></i> }
        </span>
    }
}

/// One question's options, or one request's command; its words stand above.
pub fn step(ui: &Ui, next: &Next) -> Html {
    let id = next.id.clone();
    let own = |word: &&str| next.options.iter().any(|o| o.id == *word);
    let skip = DONT_KNOW.into_iter().find(|word| !own(word)).unwrap_or_default();
    html! {
        <div key={next.id.clone()} data-question={next.id.clone()} data-kind={next.kind.clone()}>
            if !next.how.is_empty() {
                if next.kind == "question" { <p class="quiet">{ &next.how }</p> }
                else { { instructions(&next.how, &format!("how-{}", next.id)) } }
            }
            if !next.needs.is_empty() && next.kind != "question" { <p class="quiet small">{ words::needs(&next.needs) }</p> }
            <div class="q" role="group" aria-label={next.ask.clone()}>
                for option in next.options.iter().cloned() { { answer(ui, &next.id, &option.id, &option.says) } }
                <button type="button" class="plain" data-option={skip} onclick={ui.on(move || Action::Skip(id.clone()))}>
                    { if next.options.is_empty() { "I can't get this" } else { "I don't know" } }
                </button>
            </div>
        </div>
    }
}

/// The button of one option.
pub fn answer(ui: &Ui, question: &str, option: &str, says: &str) -> Html {
    let (key, value) = (question.to_owned(), option.to_owned());
    let chosen = ui.page.case.answers().get(question).is_some_and(|v| v == option);
    html! {
        <button type="button" data-option={option.to_owned()} aria-pressed={chosen.to_string()}
            onclick={ui.on(move || Action::Answer(key.clone(), Some(value.clone())))}>{ says }</button>
    }
}
