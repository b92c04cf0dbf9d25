//! One sentence in large type: the broken hop and the cause. Above it the status and the site.

use super::UiProps;
use crate::page::state::{Action, Page};
use crate::page::words;
use doublehop::report::{Site, State};
use yew::prelude::*;

#[function_component(VerdictCard)]
pub fn verdict_card(props: &UiProps) -> Html {
    let page = &props.ui.page;
    let state = site_state(page);
    let top = page.top();
    let chip = match top {
        Some(f) if f.status.asserted() => format!("{} · {}", words::status(f.status), words::hop(&f.hop)),
        _ => words::state(state).to_owned(),
    };
    let own = page.site.is_none() || page.site == page.report.verdict.about;
    let (summary, detail) = match top {
        _ if own => (page.report.verdict.summary.clone(), page.report.verdict.detail.clone()),
        Some(f) => (f.title.clone(), f.says.clone()),
        None => {
            let result = page.report.results.iter().find(|r| r.about == page.site);
            (result.map(|r| r.says.clone()).unwrap_or_default(), String::new())
        }
    };
    let top_id = match &page.site {
        Some(site) => page.report.sites.iter().find(|s| s.about.as_ref() == Some(site)).and_then(|s| s.top.clone()),
        None => page.report.verdict.top.clone(),
    };
    // One hop is neither broken nor shown to work.
    let single = state == State::Healthy && top_id.as_deref() == Some("healthy-single-hop");
    let chip = if single { "Not a double hop".to_owned() } else { chip };
    let summary = if summary.is_empty() { words::fallback_summary(state).to_owned() } else { summary };
    let tone = match state {
        State::Diagnosed => "bad",
        State::Healthy if single => "neutral",
        State::Healthy => "ok",
        State::NeedsEvidence | State::Contradictory => "warn",
        State::Unexplained => "neutral",
    };
    html! {
        <div class={classes!("card", "verdict", tone)} data-verdict={state.word()} data-top={top_id} aria-live="polite" aria-atomic="true">
            <div class="chips"><span class={classes!("chip", tone)}>{ chip }</span>{ sites(props) }</div>
            <h1>{ summary }</h1>
            if !detail.is_empty() { <p>{ detail }</p> }
        </div>
    }
}

/// How the site that is looked at came out.
pub fn site_state(page: &Page) -> State {
    match &page.site {
        Some(site) => page.report.sites.iter().find(|s| s.about.as_ref() == Some(site)).map(|s| s.state),
        None => None,
    }
    .unwrap_or(page.report.verdict.state)
}

/// The one site as a chip, or several to choose from.
fn sites(props: &UiProps) -> Html {
    let page = &props.ui.page;
    let named: Vec<&Site> = page.report.sites.iter().filter(|s| s.about.is_some()).collect();
    if named.len() < 2 {
        return html! { if let Some(about) = page.about() { <span class="chip">{ about.to_owned() }</span> } };
    }
    html! {
        <div class="sites" role="group" aria-label="Sites in this evidence">
            for site in named.into_iter().cloned() {
                { choice(props, &site) }
            }
        </div>
    }
}

fn choice(props: &UiProps, site: &Site) -> Html {
    let about = site.about.clone().unwrap_or_default();
    let chosen = props.ui.page.about() == Some(about.as_str());
    let sign = match site.state {
        State::Diagnosed => "✕ fails",
        State::Healthy if site.top.as_deref() == Some("healthy-single-hop") => "one hop",
        State::Healthy => "✓ healthy",
        State::NeedsEvidence => "? open",
        State::Contradictory => "≠ contradictory",
        State::Unexplained => "? unexplained",
    };
    let name = about.clone();
    html! {
        <button type="button" class="chip" data-site={about.clone()} aria-pressed={chosen.to_string()}
            onclick={props.ui.on(move || Action::Site(about.clone()))}>{ format!("{name} {sign}") }</button>
    }
}
