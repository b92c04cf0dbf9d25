//! The person's own lines, with the decisive words lit. A click lights the line in the evidence.

use super::evidence::{answers_in_words, pieces};
use super::{Ui, UiProps};
use crate::page::marks;
use crate::page::state::Action;
use crate::page::words;
use doublehop::case::ANSWERS_ARTEFACT;
use doublehop::report::Because;
use yew::prelude::*;

/// How many proofs of the verdict are shown before the rest folds: what decides stands among them.
const PROOFS: usize = 5;

/// See [`Proof`].
#[derive(PartialEq, Properties)]
pub struct ProofProps {
    /// State and reader.
    pub ui: Ui,
    /// The proof.
    pub because: Vec<Because>,
    /// How many proofs are shown before the rest folds.
    #[prop_or(4)]
    pub limit: usize,
}

/// A list of proofs.
#[function_component(Proof)]
pub fn proof(props: &ProofProps) -> Html {
    let (first, rest) = props.because.split_at(props.because.len().min(props.limit));
    html! {
        <>
            { for first.iter().map(|b| one(&props.ui, b)) }
            if !rest.is_empty() {
                <details class="more"><summary>{ words::count(rest.len(), "more line of proof", "more lines of proof") }</summary>
                    { for rest.iter().map(|b| one(&props.ui, b)) }
                </details>
            }
        </>
    }
}

fn one(ui: &Ui, because: &Because) -> Html {
    let held = ui.page.held(&because.artefact);
    let in_words = held.filter(|h| h.id == ANSWERS_ARTEFACT).map(|h| answers_in_words(ui, h));
    let shown = in_words.as_deref().unwrap_or(held.map_or(&[][..], |h| h.artefact.shown.as_slice()));
    // The lit words are the engine's: in an answer that is told in words they would stand anywhere.
    let lit_words = if in_words.is_some() { &[][..] } else { because.lit.as_slice() };
    let (lines, more) = marks::proof_lines(shown, because);
    let indent = marks::indent(&lines);
    let source = source(ui, because);
    let lit = ui.page.lit.as_ref().is_some_and(|l| {
        l.artefact == because.artefact && l.first == because.first_line && l.last == because.last_line
    });
    let target = because.clone();
    let onclick = ui.on(move || Action::Light(Box::new(target.clone())));
    html! {
        <figure class="proof">
            <figcaption>{ words::sentence(&words::says(because)) }{ " " }<span class="quiet small">{ format!("({source})") }</span></figcaption>
            if !lines.is_empty() {
                <button type="button" class={classes!("proof-lines", lit.then_some("on"))} data-proof={because.artefact.clone()}
                    title="Show it in the evidence" {onclick}>
                    for line in lines {
                        <span class="l"><span class="ln">{ line.number }</span><span class="tx">{ pieces(&marks::excerpt(&line.text, indent, lit_words), lit_words) }</span></span>
                    }
                    if more > 0 { <span class="l quiet"><span class="ln">{ "…" }</span><span class="tx">{ words::count(more, "more line", "more lines") }</span></span> }
                </button>
            }
        </figure>
    }
}

/// `your klist, line 16`.
pub fn source(ui: &Ui, because: &Because) -> String {
    let kind = ui.page.held(&because.artefact).map_or("evidence", |h| h.artefact.kind.title());
    if because.artefact == ANSWERS_ARTEFACT {
        return "your answers".to_owned();
    }
    let lines = words::lines(because.first_line, because.last_line);
    format!("your {}, {lines}", words::kind(kind))
}

/// The proof card of the verdict: proof, what is ruled out, what is not proven.
#[function_component(ProofCard)]
pub fn proof_card(props: &UiProps) -> Html {
    let page = &props.ui.page;
    let (because, does_not_prove) = match page.top() {
        Some(top) => (top.because.clone(), top.does_not_prove.clone()),
        None => {
            let about = page.about();
            let result = page.report.results.iter().find(|r| r.about.as_deref() == about || about.is_none());
            result
                .or(page.report.results.first())
                .map_or_else(|| (Vec::new(), String::new()), |r| (r.because.clone(), r.does_not_prove.clone()))
        }
    };
    let ruled_out = super::findings::ruled_out(page);
    if because.is_empty() && does_not_prove.is_empty() && ruled_out.is_empty() {
        return html! {};
    }
    let limits = !ruled_out.is_empty() || !does_not_prove.is_empty();
    let beside = limits && !because.is_empty();
    html! {
        <div class={classes!("card", beside.then_some("reasons"))} data-role="proof">
            if !because.is_empty() {
                <div>
                    <h2>{ "Proof: your own lines" }</h2>
                    <Proof ui={props.ui.clone()} {because} limit={PROOFS} />
                </div>
            }
            <div class="limits" hidden={!limits}>
                if !ruled_out.is_empty() { <super::findings::RuledOut ..UiProps::new(&props.ui) /> }
                if !does_not_prove.is_empty() {
                    <div><h3>{ "Does not prove" }</h3><p class="quiet">{ does_not_prove }</p></div>
                }
            </div>
        </div>
    }
}
