//! Judging, ranking, contradictions, healthy results, the next step.

use crate::case::Case;
use crate::report::{Report, SCHEMA, State, Topology, Verdict};

/// The report on a case.
pub fn report(case: &Case) -> Report {
    Report {
        schema: SCHEMA.to_owned(),
        verdict: Verdict {
            state: State::NeedsEvidence,
            top: None,
            about: None,
            summary: String::new(),
            detail: String::new(),
        },
        inputs: case.report_inputs(),
        artefacts: case.report_artefacts(),
        topology: Topology::default(),
        sites: Vec::new(),
        findings: Vec::new(),
        results: Vec::new(),
        contradictions: Vec::new(),
        observations: Vec::new(),
        next: Vec::new(),
        facts: None,
    }
}
