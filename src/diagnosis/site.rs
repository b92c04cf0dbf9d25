//! One site: observations, judged modes, healthy results, contradictions, and how it ends.

use super::healthy::{self, Health};
use super::judge::{self, Judged};
use crate::modes::condition::{Answer, Expr, any, is, test};
use crate::modes::mode::Stage;
use crate::observations::Observations;
use crate::observations::observed::Observed;
use crate::observations::question::Question::{self, Bes, Err, Hop1};
use crate::remedy::text::{Filler, Form};
use crate::report::{
    Because, Contradiction, Conversation, Finding, ObservationEntry, ResultEntry, Site, State, Status,
};

/// A judged site.
pub struct Assessed<'c> {
    /// Its observations.
    pub observations: Observations<'c>,
    /// Every mode, ranked: what must be fixed first on top.
    pub judged: Vec<Judged>,
    /// What works.
    pub health: Health,
    /// Evidence against evidence.
    pub contradictions: Vec<Contradiction>,
    /// How it ends.
    pub state: State,
}

/// Judges one site.
pub fn assess(observations: Observations<'_>) -> Assessed<'_> {
    let mut judged = judge::all(&observations);
    judged.sort_by(|a, b| rank(a).cmp(&rank(b)).then(b.weight.total_cmp(&a.weight)));
    let health = healthy::look(&observations);
    let contradictions = contradictions(&observations);
    let state = state(&observations, &judged, &health, &contradictions);
    Assessed { observations, judged, health, contradictions, state }
}

/// A share of the most, from 1 to 5.
fn fifths(weight: f64, most: f64) -> u8 {
    let reached = |n: &u8| weight * 5.0 >= most * f64::from(*n);
    (2..=5).rev().find(reached).unwrap_or(1)
}

/// Asserted ones first, in the order of cause, and those that wait behind them; then possible ones; the ruled-out ones last. Within each, by weight.
fn rank(judged: &Judged) -> (u8, Stage, Status) {
    match judged.status {
        Status::Confirmed | Status::Likely => (u8::from(judged.waits), judged.mode.stage, judged.status),
        Status::Possible => (2, Stage::Ground, judged.status),
        Status::RuledOut => (3, Stage::Ground, judged.status),
    }
}

/// Something failed, whatever it is.
const FAILED: Expr = any(&[
    is(Hop1, &["R", "P", "B"]),
    is(Err, &["7", "12", "13", "14", "41", "40b", "loc"]),
    is(Bes, &["anon", "svc"]),
    test("test-page-fails", &["yes"]),
]);

fn state(
    observations: &Observations<'_>,
    judged: &[Judged],
    health: &Health,
    contradictions: &[Contradiction],
) -> State {
    if judged.iter().any(|j| j.status.asserted()) {
        return State::Diagnosed;
    }
    if health.found.is_some() && contradictions.is_empty() {
        return State::Healthy;
    }
    if !contradictions.is_empty() {
        return State::Contradictory;
    }
    let open = judged.iter().any(|j| j.status == Status::Possible);
    if !open && matches!(FAILED.answer(observations), Answer::Holds(_)) {
        State::Unexplained
    } else {
        State::NeedsEvidence
    }
}

fn contradictions(observations: &Observations<'_>) -> Vec<Contradiction> {
    let disputed = observations.disputes().iter().map(|d| Contradiction {
        says: "What you answered is not what the evidence shows. Your answer counts for now; take it back where it is the evidence that is right."
            .to_owned(),
        one: vec![d.said.clone()],
        other: d.evidence.clone(),
    });
    Question::all()
        .filter_map(|q| match observations.question(q) {
            Observed::Conflict { one, other, says } => {
                Some(Contradiction { says: says.clone(), one: one.1.clone(), other: other.1.clone() })
            }
            _ => None,
        })
        .chain(disputed)
        .collect()
}

impl Assessed<'_> {
    /// The host, where the evidence names one.
    pub fn about(&self) -> Option<String> {
        self.observations.view().scene.site.host.as_ref().map(|h| h.as_str().to_owned())
    }

    /// The mode or healthy result on top.
    pub fn top(&self) -> Option<&'static str> {
        match self.state {
            State::Diagnosed => self.judged.first().map(|j| j.mode.id),
            State::Healthy => self.health.found.as_ref().map(|f| f.result.id),
            _ => None,
        }
    }

    /// A text with this site's names.
    pub fn fill(&self, text: &str) -> String {
        Filler::new(&self.observations.view().names).fill(text, Form::Prose)
    }

    /// The site's entry.
    pub fn entry(&self) -> Site {
        Site {
            about: self.about(),
            state: self.state,
            top: self.top().map(str::to_owned),
            conversations: self.conversations(),
        }
    }

    fn conversations(&self) -> Vec<Conversation> {
        self.observations.view().handshakes().map(|(fact, h)| super::conversation::row(&fact, h)).collect()
    }

    /// Every mode's finding.
    pub fn findings(&self) -> Vec<Finding> {
        let names = &self.observations.view().names;
        let asserted: Vec<&Judged> = self.judged.iter().filter(|j| j.status.asserted()).collect();
        let possible = self.judged.iter().filter(|j| j.status == Status::Possible);
        let most = possible.map(|j| j.weight).fold(0.0, f64::max);
        self.judged
            .iter()
            .map(|j| Finding {
                id: j.mode.id.to_owned(),
                status: j.status,
                hop: j.mode.hop.word().to_owned(),
                about: self.about(),
                title: self.fill(j.mode.title),
                says: self.fill(j.mode.says),
                basis: j.mode.basis.word().to_owned(),
                because: j.because.clone(),
                against: j.against.clone(),
                unknown: j.unknown.clone(),
                does_not_prove: self.fill(j.mode.does_not_prove),
                fix: j.mode.fixes.iter().map(|f| f.fill(names)).collect(),
                sources: crate::modes::help::of(j.mode.id)
                    .map(|h| h.sources.iter().map(|s| (*s).to_owned()).collect())
                    .unwrap_or_default(),
                after: earlier(j, &asserted),
                fits: (j.status == Status::Possible).then(|| fifths(j.weight, most)),
            })
            .collect()
    }

    /// The healthy result, where nothing is asserted.
    pub fn results(&self) -> Vec<ResultEntry> {
        let found = self.health.found.iter().filter(|_| self.state == State::Healthy);
        found
            .map(|f| ResultEntry {
                id: f.result.id.to_owned(),
                about: self.about(),
                says: self.fill(f.result.says),
                does_not_prove: self.fill(f.does_not_prove),
                because: f.because.clone(),
            })
            .collect()
    }

    /// The answered questions.
    pub fn observation_entries(&self) -> Vec<ObservationEntry> {
        self.observations
            .answered()
            .map(|(q, option, because)| ObservationEntry {
                about: self.about(),
                question: q.id().to_owned(),
                option: option.to_owned(),
                because: because.to_vec(),
            })
            .collect()
    }

    /// Proof for the state itself, for a summary that needs one.
    pub fn behind(&self) -> Option<(&'static healthy::Healthy, Vec<Because>)> {
        self.health.behind.as_ref().map(|f| (f.result, f.because.clone()))
    }
}

/// The asserted finding of an earlier stage: until that is fixed, this one's fix cannot help.
fn earlier(judged: &Judged, asserted: &[&Judged]) -> Option<String> {
    if !judged.status.asserted() {
        return None;
    }
    let before = |a: &&&Judged| a.mode.stage < judged.mode.stage || judged.waits && !a.waits;
    asserted.iter().rev().find(before).map(|a| a.mode.id.to_owned())
}
