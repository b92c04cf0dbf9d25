//! The next step: what is expected to tell the open modes apart best.
//!
//! Expected information over questions, leaf tests and artefact requests, from the answer table's rows and priors
//! (failure-modes.md, 8.1). The table assumes one fault and its priors are judgement: it orders, it rules nothing out.

use super::judge::Judged;
use super::requests::{REQUESTS, Request};
use crate::facts::AccountList;
use crate::modes::Mode;
use crate::modes::condition::{Condition, Expr};
use crate::observations::Observations;
use crate::observations::leaf::{self, LeafTest};
use crate::observations::question::{Choice, Needs, QUESTIONS, Question};
use crate::observations::second_hop::is_own_logon;
use crate::report::{self, Next, Status};

/// How many steps are offered.
const OFFERED: usize = 12;
/// An answer that a row does not list makes its mode this much less likely, not impossible.
const MISFIT: f64 = 0.05;
/// What can be had without an administrator wins when two are close.
const ADMIN_DISCOUNT: f64 = 0.8;
/// Steps that separate less are not worth anybody's time.
const LEAST_BITS: f64 = 0.005;

/// What the steps are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// Nothing was handed in: the opening questions come first.
    NoEvidence,
    /// The first hop works, the page fails all the same.
    SecondHop,
    /// Anything else.
    Open,
}

/// What tells about the second hop.
const SECOND_HOP: [&str; 3] = ["ask-event-system", "ask-klist-frontend", "bes"];

/// The open modes with their weights.
struct Field {
    open: Vec<(&'static Mode, f64)>,
}

/// The next steps, best first.
pub fn steps(observations: &Observations<'_>, judged: &[Judged], situation: Situation) -> Vec<Next> {
    let field = Field::of(observations, judged);
    let mut steps: Vec<Next> = Vec::new();
    let open = |q: Question| observations.question(q).is_unknown();
    for asking in QUESTIONS.iter().filter(|a| a.in_words && open(a.question)) {
        let bits = field.bits_of_questions(&[asking.question]);
        steps.push(Next {
            kind: "question".into(),
            id: asking.id.into(),
            ask: asking.ask.into(),
            options: choices(asking.options),
            how: asking.how.into(),
            needs: asking.needs.word().into(),
            separates: field.separated(|m, o| m.row.likelihood(asking.question, o) > 0.0, asking.options),
            bits,
        });
    }
    let cut = |request: &Request| request.id == "ask-ad-attributes" && lists_are_cut(observations);
    for request in REQUESTS {
        let answers: Vec<Question> = request.answers.iter().copied().filter(|q| open(*q) || cut(&request)).collect();
        if !answers.is_empty() {
            steps.push(field.request(&request, &answers));
        }
    }
    steps.extend(
        leaf::all()
            .filter(|t| t.id.starts_with("test-") && observations.test(t.id).is_unknown())
            .filter_map(|t| field.test(t)),
    );
    steps.retain(|s| s.bits > LEAST_BITS || s.kind == "request");
    steps.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    steps = keep_requests(steps);
    if lists_are_cut(observations) {
        // The same again, uncut: nothing else tells what is missing in the list.
        to_the_front(&mut steps, "ask-ad-attributes");
    }
    if only_own_session(observations) {
        // klist without -li on the server: whose tickets it shows is not the visitor.
        to_the_front(&mut steps, "ask-klist-frontend");
    }
    if situation == Situation::SecondHop {
        // The first hop is known to work: the back end's side first, whatever the table says.
        steps.sort_by_key(|s| !SECOND_HOP.contains(&s.id.as_str()));
    }
    if situation == Situation::NoEvidence {
        let opening = ["tester", "caller"];
        for id in opening {
            if let Some(question) = leaf::by_id(id).filter(|t| observations.test(t.id).is_unknown()) {
                steps.insert(0, opening_question(question));
            }
        }
    }
    for step in &mut steps {
        step.bits = rounded(step.bits);
    }
    steps
}

fn to_the_front(steps: &mut Vec<Next>, id: &str) {
    if let Some(at) = steps.iter().position(|s| s.id == id) {
        let step = steps.remove(at);
        steps.insert(0, step);
    }
}

/// The web server's tickets are those of somebody who signed in there, none of a visitor's.
fn only_own_session(observations: &Observations<'_>) -> bool {
    let view = observations.view();
    let mut people = view.front_end_tickets().filter(|(_, t)| !t.client.name.ends_with('$')).peekable();
    observations.question(Question::Fe).is_unknown()
        && people.peek().is_some()
        && people.all(|(fact, t)| is_own_logon(view.facts, &fact, t))
}

fn lists_are_cut(observations: &Observations<'_>) -> bool {
    let lists = [AccountList::DelegateTo, AccountList::Principals];
    observations.view().accounts().any(|(_, a)| lists.iter().any(|l| a.is_cut(*l)))
}

/// The best steps, but never without the requests: they settle what words cannot.
fn keep_requests(steps: Vec<Next>) -> Vec<Next> {
    let mut kept = Vec::new();
    for (rank, step) in steps.into_iter().enumerate() {
        if rank < OFFERED || step.kind == "request" {
            kept.push(step);
        }
    }
    kept
}

fn worth(step: &Next) -> f64 {
    if step.needs == Needs::User.word() { step.bits } else { step.bits * ADMIN_DISCOUNT }
}

fn rounded(bits: f64) -> f64 {
    (bits * 100.0).round() / 100.0
}

fn choices(options: &[Choice]) -> Vec<report::Choice> {
    options.iter().map(|o| report::Choice { id: o.id.into(), says: o.says.into() }).collect()
}

fn opening_question(test: &LeafTest) -> Next {
    Next {
        kind: "question".into(),
        id: test.id.into(),
        ask: test.ask.into(),
        options: choices(test.options),
        how: test.how.into(),
        needs: test.needs.word().into(),
        separates: Vec::new(),
        bits: 0.0,
    }
}

impl Field {
    fn of(observations: &Observations<'_>, judged: &[Judged]) -> Field {
        let answered: Vec<(Question, &'static str)> = observations.answered().map(|(q, o, _)| (q, o)).collect();
        let open = judged
            .iter()
            .filter(|j| j.status != Status::RuledOut)
            .map(|j| {
                let prior = f64::from(j.mode.row.prior);
                let fit: f64 = answered.iter().map(|(q, o)| j.mode.row.likelihood(*q, o).max(MISFIT)).product();
                (j.mode, prior * fit)
            })
            .collect();
        Field { open }
    }

    /// Expected information of learning one thing, in bits: `shares[i][k]` is how likely mode i gives outcome k.
    fn information(&self, shares: &[Vec<f64>]) -> f64 {
        let total: f64 = self.open.iter().map(|(_, w)| w).sum();
        if total <= 0.0 {
            return 0.0;
        }
        let before = entropy(self.open.iter().map(|(_, w)| w / total));
        let outcomes = shares.first().map_or(0, Vec::len);
        let mut after = 0.0;
        for outcome in 0..outcomes {
            let joint: Vec<f64> = self
                .open
                .iter()
                .zip(shares)
                .map(|((_, w), s)| w / total * s.get(outcome).copied().unwrap_or(0.0))
                .collect();
            let chance: f64 = joint.iter().sum();
            if chance > 0.0 {
                after += chance * entropy(joint.iter().map(|j| j / chance));
            }
        }
        (before - after).max(0.0)
    }

    /// Several questions answered at once: every combination of their options is an outcome.
    fn bits_of_questions(&self, questions: &[Question]) -> f64 {
        let shares: Vec<Vec<f64>> = self
            .open
            .iter()
            .map(|(mode, _)| {
                questions.iter().fold(vec![1.0], |combined, q| {
                    let options = q.asking().options;
                    combined
                        .iter()
                        .flat_map(|c| options.iter().map(move |o| c * mode.row.likelihood(*q, o.id)))
                        .collect()
                })
            })
            .collect();
        self.information(&shares)
    }

    fn request(&self, request: &Request, answers: &[Question]) -> Next {
        let options: Vec<(Question, &'static str)> =
            answers.iter().flat_map(|q| q.asking().options.iter().map(move |o| (*q, o.id))).collect();
        let separates = self
            .open
            .iter()
            .filter(|(mode, _)| options.iter().any(|(q, o)| mode.row.likelihood(*q, o) == 0.0))
            .map(|(mode, _)| mode.id.to_owned())
            .collect();
        Next {
            kind: "request".into(),
            id: request.id.into(),
            ask: request.ask.into(),
            options: Vec::new(),
            how: request.how.into(),
            needs: request.needs.word().into(),
            separates,
            bits: self.bits_of_questions(answers),
        }
    }

    /// A leaf test is offered only when an open mode's condition needs it.
    fn test(&self, test: &'static LeafTest) -> Option<Next> {
        let fits: Vec<Option<Vec<&str>>> = self.open.iter().map(|(mode, _)| fitting(mode, test)).collect();
        fits.iter().any(Option::is_some).then_some(())?;
        let shares: Vec<Vec<f64>> = fits
            .iter()
            .map(|fit| {
                let of = |o: &Choice| match fit {
                    Some(fit) if !fit.contains(&o.id) => 0.0,
                    Some(fit) => 1.0 / f64::from(u32::try_from(fit.len().max(1)).unwrap_or(1)),
                    None => 1.0 / f64::from(u32::try_from(test.options.len().max(1)).unwrap_or(1)),
                };
                test.options.iter().map(of).collect()
            })
            .collect();
        let separates = self
            .open
            .iter()
            .zip(&fits)
            .filter(|(_, fit)| fit.is_some())
            .map(|((mode, _), _)| mode.id.to_owned())
            .collect();
        Some(Next {
            kind: "test".into(),
            id: test.id.into(),
            ask: test.ask.into(),
            options: choices(test.options),
            how: test.how.into(),
            needs: test.needs.word().into(),
            separates,
            bits: self.information(&shares),
        })
    }

    /// The open modes for which not every option fits.
    fn separated(&self, fits: impl Fn(&Mode, &str) -> bool, options: &[Choice]) -> Vec<String> {
        self.open
            .iter()
            .filter(|(mode, _)| options.iter().any(|o| !fits(mode, o.id)))
            .map(|(mode, _)| mode.id.to_owned())
            .collect()
    }
}

fn entropy(shares: impl Iterator<Item = f64>) -> f64 {
    -shares.filter(|p| *p > 0.0).map(|p| p * p.log2()).sum::<f64>()
}

/// The answers of a test that a mode's own conditions allow; `None` when no condition speaks of it.
fn fitting(mode: &Mode, test: &LeafTest) -> Option<Vec<&'static str>> {
    let mut fit: Option<Vec<&'static str>> = None;
    for condition in mode.conditions {
        let (expr, wanted) = match condition {
            Condition::Required(e) | Condition::Presupposed(e) | Condition::Decisive(e) | Condition::Supporting(e) => {
                (e, true)
            }
            Condition::Excluding(e) => (e, false),
        };
        if let Some(options) = mentions(expr, test.id) {
            let rest = test.options.iter().map(|o| o.id).filter(|o| options.contains(o) == wanted).collect();
            fit.get_or_insert(rest);
        }
    }
    fit
}

fn mentions(expr: &Expr, id: &str) -> Option<&'static [&'static str]> {
    match expr {
        Expr::Test(name, options) if *name == id => Some(options),
        Expr::All(exprs) | Expr::Any(exprs) => exprs.iter().find_map(|e| mentions(e, id)),
        Expr::Not(_) | Expr::Is(..) | Expr::Test(..) => None,
    }
}
