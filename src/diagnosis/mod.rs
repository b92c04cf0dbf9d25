//! Judging, ranking, contradictions, healthy results, the next step: from a case to its report.

mod conversation;
mod field;
pub mod healthy;
pub mod judge;
mod next;
pub mod requests;
mod site;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod verdict;
mod weight;

use crate::case::{self, Case, Located};
use crate::ingest::Kind;
use crate::observations::Observations;
use crate::observations::sites::{self, Site};
use crate::observations::view::View;
use crate::report::{Report, SCHEMA, State};
use site::Assessed;

/// The report on a case.
pub fn report(case: &Case) -> Report {
    let facts: Vec<Located<'_>> = case::facts(case.artefacts()).collect();
    let sites: Vec<Site> = sites::sites(&facts);
    let mut assessed: Vec<Assessed<'_>> = sites
        .iter()
        .map(|s| site::assess(Observations::of(View::new(s, &sites, &facts, case.answers(), case.now()))))
        .collect();
    // The one that fails is the one they mean.
    assessed.sort_by_key(|a| urgency(a.state));
    let Some(meant) = assessed.first() else { return empty(case) };

    let situation = if words_alone(case) {
        next::Situation::WordsAlone
    } else if meant.behind().is_some() {
        next::Situation::SecondHop
    } else {
        next::Situation::Open
    };
    Report {
        schema: SCHEMA.to_owned(),
        verdict: verdict::of(case, meant),
        inputs: case.report_inputs(),
        artefacts: case.report_artefacts(),
        topology: meant.observations.view().names.topology(&facts),
        sites: assessed.iter().map(Assessed::entry).collect(),
        findings: ranked(&assessed),
        results: assessed.iter().flat_map(Assessed::results).collect(),
        contradictions: assessed.iter().flat_map(|a| a.contradictions.clone()).collect(),
        observations: assessed.iter().flat_map(Assessed::observation_entries).collect(),
        next: next::steps(&meant.observations, &meant.judged, &case.skipped(), situation),
    }
}

/// True while nothing is known but what people said.
fn words_alone(case: &Case) -> bool {
    case.held().iter().all(|h| h.artefact.kind == Kind::Answers || h.artefact.facts.is_empty())
}

/// What [`report`] says of an empty case, as far as anybody looks at it: the first steps, no findings. At once.
pub fn opening() -> Report {
    Report { next: next::first_steps(), ..empty(&Case::new()) }
}

fn urgency(state: State) -> u8 {
    match state {
        State::Diagnosed => 0,
        State::Contradictory => 1,
        State::Unexplained => 2,
        State::NeedsEvidence => 3,
        State::Healthy => 4,
    }
}

/// The findings of every site, the meant one's first; across sites the ruled-out ones still come last.
fn ranked(assessed: &[Assessed<'_>]) -> Vec<crate::report::Finding> {
    let mut all: Vec<crate::report::Finding> = assessed.iter().flat_map(Assessed::findings).collect();
    all.sort_by_key(|f| match f.status {
        s if s.asserted() => 0,
        crate::report::Status::Possible => 1,
        _ => 2,
    });
    all
}

fn empty(case: &Case) -> Report {
    Report {
        schema: SCHEMA.to_owned(),
        verdict: crate::report::Verdict {
            state: State::NeedsEvidence,
            top: None,
            about: None,
            summary: String::new(),
            detail: String::new(),
        },
        inputs: case.report_inputs(),
        artefacts: case.report_artefacts(),
        topology: Default::default(),
        sites: Vec::new(),
        findings: Vec::new(),
        results: Vec::new(),
        contradictions: Vec::new(),
        observations: Vec::new(),
        next: Vec::new(),
    }
}
