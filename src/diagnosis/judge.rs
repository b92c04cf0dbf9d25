//! One mode against one site's observations: confirmed, likely, possible or ruled out.

use super::weight::{Answered, MISFIT};
use crate::modes::condition::{Answer, Asks, Condition, Expr};
use crate::modes::fit::{self, Fit};
use crate::modes::mode::Basis;
use crate::modes::{self, Mode};
use crate::observations::Observations;
use crate::observations::question::Question;
use crate::report::{Because, Status, Unknown};

/// A judged mode.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The mode.
    pub mode: &'static Mode,
    /// Which answers fit it.
    pub fit: &'static Fit,
    /// How sure.
    pub status: Status,
    /// How likely beside the others, by how common it is and by what was answered ([`super::weight`]).
    pub weight: f64,
    /// Proof for.
    pub because: Vec<Because>,
    /// Proof against.
    pub against: Vec<Because>,
    /// What is still open.
    pub unknown: Vec<Unknown>,
    /// It shows in the settings only, and waits behind another fault.
    pub waits: bool,
}

/// Judges every mode.
pub fn all(observations: &Observations<'_>) -> Vec<Judged> {
    let answered = Answered::of(observations);
    let judge = |(mode, fit)| judge(mode, fit, answered.weight(mode, fit), observations);
    let mut judged: Vec<Judged> = modes::all().zip(fit::all()).map(judge).collect();
    if judged.iter().any(|j| j.status.asserted()) {
        judged.iter_mut().filter(|j| j.status == Status::RuledOut).for_each(|j| wait(j, observations));
    }
    judged
}

/// What rules the mode out may be no more than the other fault before it: where the settings themselves show this one, mending
/// the first leads straight to it.
fn wait(judged: &mut Judged, observations: &Observations<'_>) {
    let stands_against = |condition: &Condition| match condition {
        Condition::Excluding(e) => !of_turn(e, observations) && matches!(e.answer(observations), Answer::Holds(_)),
        Condition::Required(e) | Condition::Presupposed(e) => {
            !of_turn(e, observations) && matches!(e.answer(observations), Answer::Fails(_))
        }
        _ => false,
    };
    if judged.mode.conditions.iter().any(stands_against) {
        return;
    }
    for condition in judged.mode.conditions {
        if let Condition::Waiting(expr) = condition
            && let Answer::Holds(because) = expr.answer(observations)
        {
            judged.status = Status::Likely;
            judged.waits = true;
            judged.because = distinct(because);
            judged.against.clear();
        }
    }
}

/// The rule of design: excluding and required conditions rule out; all required and one decisive confirm; one decisive or
/// two independent supporting make likely, where what is presupposed is known. A mode that only the field knows stays likely.
fn judge(mode: &'static Mode, fit: &'static Fit, weight: f64, observations: &Observations<'_>) -> Judged {
    let mut tally = Tally::default();
    for condition in mode.conditions {
        tally.take(condition, observations);
    }
    let mut status = tally.status(mode);
    // A word that the evidence contradicts proves nothing.
    let mut proof = tally.decisive.iter().chain(&tally.required);
    if status == Status::Confirmed && proof.any(|b| observations.disputes().iter().any(|d| same_lines(&d.said, b))) {
        status = Status::Likely;
    }
    let said_better = |expr: Expr| matches!(expr.answer(observations), Answer::Holds(_));
    let (mut weight, better) = (weight, modes::said_better(mode).is_some_and(said_better));
    if better && status != Status::RuledOut {
        status = Status::Possible;
        weight *= MISFIT;
    }
    let because = if status == Status::RuledOut { Vec::new() } else { tally.proof() };
    let unknown = tally.unknown.into_iter().map(Asks::told).collect();
    Judged { mode, fit, status, weight, because, against: distinct(tally.against), unknown, waits: false }
}

/// True for what an earlier fault alone can decide: how the first hop ends, which error comes first, and that nothing was asked at all.
fn of_turn(expr: &Expr, observations: &Observations<'_>) -> bool {
    match expr {
        Expr::Is(Question::Hop1 | Question::Err, _) => true,
        Expr::Is(Question::Asked, _) => observations.question(Question::Asked).option() != Some("y"),
        _ => false,
    }
}

#[derive(Default)]
struct Tally<'o> {
    decisive: Vec<&'o Because>,
    required: Vec<&'o Because>,
    supporting: Vec<Vec<&'o Because>>,
    against: Vec<&'o Because>,
    unknown: Vec<Asks>,
    ruled_out: bool,
    required_open: bool,
    presupposed_open: bool,
    decided: bool,
}

impl<'o> Tally<'o> {
    fn take(&mut self, condition: &Condition, observations: &'o Observations<'_>) {
        match condition {
            Condition::Required(expr) | Condition::Presupposed(expr) => match expr.answer(observations) {
                Answer::Holds(because) => self.required.extend(because),
                Answer::Fails(because) => self.rule_out(because),
                Answer::Unknown(asks) => {
                    self.required_open = true;
                    self.presupposed_open |= matches!(condition, Condition::Presupposed(_));
                    self.ask(asks);
                }
            },
            Condition::Decisive(expr) => match expr.answer(observations) {
                Answer::Holds(because) => {
                    self.decided = true;
                    self.decisive.extend(because);
                }
                Answer::Unknown(asks) => self.ask(asks),
                Answer::Fails(_) => {}
            },
            Condition::Supporting(expr) => {
                if let Answer::Holds(because) = expr.answer(observations) {
                    self.supporting.push(because);
                }
            }
            Condition::Excluding(expr) => {
                if let Answer::Holds(because) = expr.answer(observations) {
                    self.rule_out(because);
                }
            }
            Condition::Waiting(_) => {}
        }
    }

    fn rule_out(&mut self, because: Vec<&'o Because>) {
        self.ruled_out = true;
        self.against.extend(because);
    }

    fn ask(&mut self, asks: Vec<Asks>) {
        for ask in asks {
            if !self.unknown.contains(&ask) {
                self.unknown.push(ask);
            }
        }
    }

    fn status(&self, mode: &Mode) -> Status {
        if self.ruled_out {
            return Status::RuledOut;
        }
        if self.decided && !self.required_open && mode.basis != Basis::Field {
            return Status::Confirmed;
        }
        if !self.presupposed_open && (self.decided || self.independent_support() >= 2) {
            return Status::Likely;
        }
        Status::Possible
    }

    /// Supporting conditions that stand on different lines.
    fn independent_support(&self) -> usize {
        let mut seen: Vec<&Because> = Vec::new();
        let mut count: usize = 0;
        for because in &self.supporting {
            let fresh = because.iter().any(|b| !seen.iter().any(|s| same_lines(s, b)));
            if fresh {
                count = count.saturating_add(1);
            }
            seen.extend(because);
        }
        count
    }

    fn proof(&self) -> Vec<Because> {
        distinct(self.decisive.iter().chain(&self.required).chain(self.supporting.iter().flatten()).copied())
    }
}

fn same_lines(a: &Because, b: &Because) -> bool {
    a.artefact == b.artefact && a.first_line == b.first_line && a.first_byte == b.first_byte
}

/// Each line and statement once, in order.
pub fn distinct<'o>(all: impl IntoIterator<Item = &'o Because>) -> Vec<Because> {
    let mut kept: Vec<&Because> = Vec::new();
    for because in all {
        if !kept.iter().any(|k| same_lines(k, because) && k.says == because.says) {
            kept.push(because);
        }
    }
    kept.into_iter().cloned().collect()
}
