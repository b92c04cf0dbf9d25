//! Conditions: what must hold, what decides, what supports, what excludes, each answered *holds*, *fails* or *unknown*.

use crate::observations::Observations;
use crate::observations::leaf;
use crate::observations::observed::Observed;
use crate::observations::question::Question;
use crate::report::{Because, Unknown};

/// A statement about observations and leaf tests.
#[derive(Clone, Copy, Debug)]
pub enum Expr {
    /// The question's answer is one of these options.
    Is(Question, &'static [&'static str]),
    /// The leaf test's answer is one of these options.
    Test(&'static str, &'static [&'static str]),
    /// It does not hold.
    Not(&'static Expr),
    /// All hold.
    All(&'static [Expr]),
    /// At least one holds.
    Any(&'static [Expr]),
}

/// The question's answer is one of these options.
pub const fn is(question: Question, options: &'static [&'static str]) -> Expr {
    Expr::Is(question, options)
}
/// The leaf test's answer is one of these options.
pub const fn test(id: &'static str, options: &'static [&'static str]) -> Expr {
    Expr::Test(id, options)
}
/// It does not hold.
pub const fn not(expr: &'static Expr) -> Expr {
    Expr::Not(expr)
}
/// All hold.
pub const fn all(exprs: &'static [Expr]) -> Expr {
    Expr::All(exprs)
}
/// At least one holds.
pub const fn any(exprs: &'static [Expr]) -> Expr {
    Expr::Any(exprs)
}

/// A condition of a mode.
#[derive(Clone, Copy, Debug)]
pub enum Condition {
    /// Must hold for *confirmed*; when it fails the mode is ruled out.
    Required(Expr),
    /// Which delegation model is in use, or another thing that the mode presupposes: like required, and *likely* needs it known too.
    Presupposed(Expr),
    /// When it holds, it points to this mode and hardly to another.
    Decisive(Expr),
    /// When it holds, it speaks for this mode, among others. Two independent ones make *likely*.
    Supporting(Expr),
    /// When it holds, the mode is ruled out.
    Excluding(Expr),
    /// When it holds, this fault is set up and waits behind another one, which keeps it from showing: *likely*, after that one.
    Waiting(Expr),
}

impl Condition {
    /// What it says.
    pub fn expr(&self) -> &Expr {
        match self {
            Condition::Required(e)
            | Condition::Presupposed(e)
            | Condition::Decisive(e)
            | Condition::Supporting(e)
            | Condition::Excluding(e)
            | Condition::Waiting(e) => e,
        }
    }

    /// True unless it is about another fault's turn: what tells this mode from others.
    pub fn is_own(&self) -> bool {
        !matches!(self, Condition::Waiting(_))
    }
}

/// How an expression is answered. Proof is lent: most of it, for most modes, is never shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<'o> {
    /// It holds; proof.
    Holds(Vec<&'o Because>),
    /// It fails; proof.
    Fails(Vec<&'o Because>),
    /// Not known; what would tell.
    Unknown(Vec<Asks>),
}

/// A question or leaf test that would settle a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    id: &'static str,
    ask: &'static str,
}

impl Asks {
    /// As the Report tells it.
    pub fn told(self) -> Unknown {
        let kind = if self.id.starts_with("test-") { "test" } else { "question" };
        Unknown { kind: kind.into(), id: self.id.into(), ask: self.ask.into() }
    }
}

impl Expr {
    /// Answers the expression.
    pub fn answer<'o>(&self, observations: &'o Observations<'_>) -> Answer<'o> {
        match self {
            Expr::Is(question, options) => {
                let asking = question.asking();
                of(observations.question(*question), options, || Asks { id: asking.id, ask: asking.ask })
            }
            Expr::Test(id, options) => of(observations.test(id), options, || {
                let ask = leaf::by_id(id).map_or(*id, |t| t.ask);
                Asks { id, ask }
            }),
            Expr::Not(expr) => match expr.answer(observations) {
                Answer::Holds(because) => Answer::Fails(because),
                Answer::Fails(because) => Answer::Holds(because),
                unknown => unknown,
            },
            Expr::All(exprs) => join(exprs, observations, true),
            Expr::Any(exprs) => join(exprs, observations, false),
        }
    }
}

fn of<'o>(observed: &'o Observed, options: &[&str], ask: impl FnOnce() -> Asks) -> Answer<'o> {
    match observed {
        Observed::Is(option, because) if options.contains(option) => Answer::Holds(because.iter().collect()),
        Observed::Is(_, because) => Answer::Fails(because.iter().collect()),
        // A conflict is no knowledge: it is told as a contradiction.
        Observed::Conflict { .. } | Observed::Unknown => Answer::Unknown(vec![ask()]),
    }
}

/// Three-valued *and* (`all`) and *or*: one `Fails` decides the first, one `Holds` the second.
fn join<'o>(exprs: &[Expr], observations: &'o Observations<'_>, all: bool) -> Answer<'o> {
    let (mut holds, mut fails, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    let mut any_unknown = false;
    for expr in exprs {
        match expr.answer(observations) {
            Answer::Holds(because) if !all => return Answer::Holds(because),
            Answer::Fails(because) if all => return Answer::Fails(because),
            Answer::Holds(because) => holds.extend(because),
            Answer::Fails(because) => fails.extend(because),
            Answer::Unknown(asks) => {
                any_unknown = true;
                unknown.extend(asks);
            }
        }
    }
    match (any_unknown, all) {
        (true, _) => Answer::Unknown(unknown),
        (false, true) => Answer::Holds(holds),
        (false, false) => Answer::Fails(fails),
    }
}
