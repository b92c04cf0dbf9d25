//! What else was judged: what is ruled out and why, what else is found, and what is still possible.

use super::more::More;
use super::proof::Proof;
use super::{Ui, UiProps};
use crate::page::state::Page;
use crate::page::words;
use doublehop::report::{Finding, Status};
use yew::prelude::*;

/// How many ruled-out causes stand open; the rest folds.
const RULED_OUT_SHOWN: usize = 3;

/// The ruled-out causes of the site, those with a reason first.
pub fn ruled_out(page: &Page) -> Vec<Finding> {
    let mut out: Vec<Finding> = page
        .report
        .findings
        .iter()
        .filter(|f| f.status == Status::RuledOut && page.speaks_of_site(f))
        .cloned()
        .collect();
    out.sort_by_key(|f| f.against.is_empty());
    out
}

#[function_component(RuledOut)]
pub fn ruled_out_list(props: &UiProps) -> Html {
    let all = ruled_out(&props.ui.page);
    let (first, rest) = all.split_at(all.len().min(RULED_OUT_SHOWN));
    html! {
        <div>
            <h3>{ "Ruled out" }</h3>
            <ul class="ruled">{ for first.iter().map(excluded) }</ul>
            if !rest.is_empty() {
                <details class="more"><summary>{ format!("{} more ruled out", rest.len()) }</summary>
                    <ul class="ruled">{ for rest.iter().map(excluded) }</ul>
                </details>
            }
        </div>
    }
}

fn excluded(finding: &Finding) -> Html {
    let why = finding.against.first().map(words::says).unwrap_or_default();
    html! {
        <li data-finding={finding.id.clone()} data-status={finding.status.word()} data-about={finding.about.clone()}>
            { finding.title.trim_end_matches('.') }
            if !why.is_empty() { <div class="quiet small">{ format!("Not so: {why}") }</div> }
        </li>
    }
}

/// Findings beside the one on top, and what is still possible.
#[function_component(OtherFindings)]
pub fn other_findings(props: &UiProps) -> Html {
    let page = &props.ui.page;
    let top = page.top();
    let here = |f: &&Finding| {
        f.status != Status::RuledOut && page.speaks_of_site(f) && top.is_none_or(|t| t.id != f.id || t.about != f.about)
    };
    let (asserted, possible): (Vec<&Finding>, Vec<&Finding>) =
        page.report.findings.iter().filter(here).partition(|f| f.status.asserted());
    html! {
        <>
            if !asserted.is_empty() {
                <div class="card">
                    <h2>{ "Also found" }</h2>
                    { for asserted.iter().map(|f| html! { <Folded ui={props.ui.clone()} finding={(*f).clone()} /> }) }
                </div>
            }
            if !possible.is_empty() {
                <details class="card more"><summary>{ format!("Still possible: {}", possible.len()) }</summary>
                    { for possible.iter().map(|f| html! { <Folded ui={props.ui.clone()} finding={(*f).clone()} /> }) }
                </details>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FoldedProps {
    ui: Ui,
    finding: Finding,
}

/// One finding, folded. What is inside is drawn when it is first opened: there may be eighty of them.
#[function_component(Folded)]
fn folded(props: &FoldedProps) -> Html {
    let (ui, finding) = (&props.ui, &props.finding);
    let after = first(ui, finding);
    let opened = use_state(|| false);
    let open = {
        let opened = opened.clone();
        Callback::from(move |_: Event| opened.set(true))
    };
    html! {
        <details class="finding" data-finding={finding.id.clone()} data-status={finding.status.word()} data-about={finding.about.clone()} ontoggle={open}>
            <summary>
                <span class={classes!("chip", finding.status.asserted().then_some("bad"))}>{ words::status(finding.status) }</span>
                { " " }{ &finding.title }{ " " }<span class="quiet small">{ words::hop(&finding.hop) }</span>
                if let Some(first) = after { { " " }<span class="chip warn" data-role="after">{ if ui.page.top().is_some_and(|t| t.id == first.id) { "only after the fix above".to_owned() } else { format!("only after: {}", words::clause(&first.title, 44)) } }</span> }
            </summary>
            if *opened { { inside(&props.ui, finding) } }
        </details>
    }
}

/// The finding that has to be fixed before this one.
fn first<'u>(ui: &'u Ui, finding: &Finding) -> Option<&'u Finding> {
    finding.after.as_ref().and_then(|id| ui.page.report.findings.iter().find(|f| &f.id == id))
}

fn inside(ui: &Ui, finding: &Finding) -> Html {
    let after = first(ui, finding);
    html! {
        <>
            if !finding.says.is_empty() { <p>{ &finding.says }</p> }
            if let Some(first) = after {
                <p class="quiet">{ format!("Fix this first, or the fix here shows nothing: {}", first.title) }</p>
            }
            <Proof ui={ui.clone()} because={finding.because.clone()} limit={2} />
            if !finding.unknown.is_empty() {
                <h3>{ "Would settle it" }</h3>
                <ul>{ for finding.unknown.iter().map(|u| html! { <li>{ &u.ask }</li> }) }</ul>
            }
            if finding.status.asserted() {
                <super::fix::Fixes fixes={finding.fix.clone()} id={format!("fix-{}", finding.id)} />
            }
            if !finding.does_not_prove.is_empty() { <p class="quiet">{ format!("Does not prove: {}", finding.does_not_prove) }</p> }
            <More id={finding.id.clone()} sources={finding.sources.clone()} basis={finding.basis.clone()} />
        </>
    }
}

/// Evidence against evidence.
#[function_component(Contradictions)]
pub fn contradictions(props: &UiProps) -> Html {
    let all = &props.ui.page.report.contradictions;
    if all.is_empty() {
        return html! {};
    }
    // The first one is the verdict's own sentence.
    let said = &props.ui.page.report.verdict.detail;
    html! {
        <div class="card caution" data-role="contradictions">
            <h2>{ "These cannot both be true at one time" }</h2>
            for contradiction in all.clone() {
                <div class="contradiction">
                    if contradiction.says != *said { <p>{ &contradiction.says }</p> }
                    <div class="two">
                        <div><h3>{ "One says" }</h3><Proof ui={props.ui.clone()} because={contradiction.one.clone()} limit={2} /></div>
                        <div><h3>{ "The other says" }</h3><Proof ui={props.ui.clone()} because={contradiction.other.clone()} limit={2} /></div>
                    </div>
                </div>
            }
        </div>
    }
}
