//! How likely a mode gives each answer of a leaf test, as its own conditions say it: the rows of the answer table speak of
//! the fourteen questions only. Like the table it ranks and orders; it rules nothing out.

use super::Mode;
use super::condition::{Condition, Expr};
use crate::observations::leaf::{self, LeafTest};
use crate::observations::question::{Choice, Question};
use std::sync::LazyLock;

/// An answer other than the deciding one: the sign may be missing, or was not looked for where it shows.
const NOT_DECIDING: f64 = 0.25;
/// An answer other than the supporting one.
const NOT_SUPPORTING: f64 = 0.5;
/// Another mode's sign, on a test that this mode does not speak of.
const FOREIGN: f64 = 0.1;

/// How likely a mode gives each answer: of the fourteen questions by its row, of the leaf tests by its conditions.
#[derive(Debug)]
pub struct Fit {
    questions: Vec<Shares>,
    tests: Vec<Shares>,
    spoken_of: Vec<bool>,
}

/// How likely each option is, in their order; they add up to one.
#[derive(Debug, Default)]
pub struct Shares {
    /// The shares.
    pub of: Vec<f64>,
    /// What the answer leaves open within this mode, in bits.
    pub entropy: f64,
}

impl Shares {
    fn new(of: Vec<f64>) -> Shares {
        let entropy = of.iter().map(|p| plogp(*p)).sum();
        Shares { of, entropy }
    }

    /// The share of one option.
    pub fn share(&self, options: &[Choice], option: &str) -> f64 {
        let place = options.iter().position(|o| o.id == option);
        place.and_then(|i| self.of.get(i)).copied().unwrap_or(0.0)
    }
}

/// One term of an entropy, in bits.
pub fn plogp(p: f64) -> f64 {
    if p > 0.0 { -p * p.log2() } else { 0.0 }
}

static NONE: Shares = Shares { of: Vec::new(), entropy: 0.0 };

/// Every mode's, in the order of `modes::all`, made once: it depends on nothing but the modes.
static ALL: LazyLock<Vec<Fit>> = LazyLock::new(|| {
    let usual: Vec<Vec<bool>> = leaf::all().map(usual).collect();
    let common: Vec<Vec<f64>> = Question::all().map(common).collect();
    let row = |mode: &Mode, q: Question, common: &[f64]| {
        let shares = q.asking().options.iter().map(|o| mode.row.likelihood(q, o.id));
        let any = mode.row.cell(q).is_empty();
        shares.zip(common).map(|(share, common)| if any { (share + common) / 2.0 } else { share }).collect()
    };
    let fit = |mode: &'static Mode| Fit {
        questions: Question::all().zip(&common).map(|(q, common)| Shares::new(row(mode, q, common))).collect(),
        tests: leaf::all().zip(&usual).map(|(test, usual)| Shares::new(shares(mode, test, usual))).collect(),
        spoken_of: leaf::all().map(|test| speaks_of(mode, test)).collect(),
    };
    super::all().map(fit).collect()
});

/// Every mode's, in the order of `modes::all`.
pub fn all() -> &'static [Fit] {
    &ALL
}

impl Fit {
    /// How likely each option of a question is, in their order.
    pub fn question(&self, question: Question) -> &Shares {
        self.questions.get(question.index()).unwrap_or(&NONE)
    }

    /// How likely each option of a leaf test is, in their order; the test by its place in `leaf::all`.
    pub fn test(&self, index: usize) -> &Shares {
        self.tests.get(index).unwrap_or(&NONE)
    }

    /// True when a condition of the mode speaks of this leaf test.
    pub fn speaks_of(&self, index: usize) -> bool {
        self.spoken_of.get(index).copied().unwrap_or_default()
    }
}

fn speaks_of(mode: &Mode, test: &LeafTest) -> bool {
    mode.conditions.iter().filter(|c| c.is_own()).any(|c| names(c.expr(), test.id))
}

/// How common each option of a question is over the modes whose rows speak of it. Where a cell is empty any answer fits, and
/// yet not all are equally common: most users are ordinary ones, and that must not speak against a mode whose row leaves it open.
fn common(question: Question) -> Vec<f64> {
    let speaking = || super::all().filter(|m| !m.row.cell(question).is_empty());
    let total: f64 = speaking().map(|m| f64::from(m.row.prior)).sum();
    let sum = |o: &Choice| speaking().map(|m| f64::from(m.row.prior) * m.row.likelihood(question, o.id)).sum::<f64>();
    question.asking().options.iter().map(|o| sum(o) / total).collect()
}

/// The options that are no mode's sign: what is seen where that fault is not. Where each is somebody's, those that decide
/// nothing; where each decides something, all.
fn usual(test: &LeafTest) -> Vec<bool> {
    let sign = |option: &str, which: &dyn Fn(&Condition) -> bool| {
        super::all().flat_map(|m| m.conditions).any(|c| which(c) && wants(c.expr(), test.id, option))
    };
    let decides = |c: &Condition| matches!(c, Condition::Decisive(_));
    let needs = |c: &Condition| matches!(c, Condition::Decisive(_) | Condition::Required(_));
    let without = |which: &dyn Fn(&Condition) -> bool| test.options.iter().map(|o| !sign(o.id, which)).collect();
    let (neither, undecided): (Vec<bool>, Vec<bool>) = (without(&needs), without(&decides));
    let some = |usual: &Vec<bool>| usual.contains(&true);
    [neither, undecided].into_iter().find(some).unwrap_or_else(|| vec![true; test.options.len()])
}

fn shares(mode: &Mode, test: &LeafTest, usual: &[bool]) -> Vec<f64> {
    let decides = |e: &&Condition| matches!(e, Condition::Decisive(_));
    let supports = |e: &&Condition| matches!(e, Condition::Supporting(_));
    let asserts = |e: &&Condition| !matches!(e, Condition::Excluding(_) | Condition::Waiting(_));
    let named = |which: &dyn Fn(&&Condition) -> bool| {
        mode.conditions.iter().filter(|c| which(c)).any(|c| names(c.expr(), test.id))
    };
    let wants_one = |which: &dyn Fn(&&Condition) -> bool, option: &str| {
        mode.conditions.iter().filter(|c| which(c)).any(|c| wants(c.expr(), test.id, option))
    };
    let weight = |(option, usual): (&str, bool)| {
        let excluded = mode.conditions.iter().any(|c| match c {
            Condition::Required(e) | Condition::Presupposed(e) => assume(e, test.id, option) == Some(false),
            Condition::Excluding(e) => assume(e, test.id, option) == Some(true),
            Condition::Decisive(_) | Condition::Supporting(_) | Condition::Waiting(_) => false,
        });
        let decisive = if named(&decides) && !wants_one(&decides, option) { NOT_DECIDING } else { 1.0 };
        let supporting = if named(&supports) && !wants_one(&supports, option) { NOT_SUPPORTING } else { 1.0 };
        let foreign = if usual || named(&asserts) { 1.0 } else { FOREIGN };
        if excluded { 0.0 } else { decisive * supporting * foreign }
    };
    let weights: Vec<f64> = test.options.iter().map(|o| o.id).zip(usual.iter().copied()).map(weight).collect();
    let total: f64 = weights.iter().sum();
    let even = 1.0 / f64::from(u32::try_from(weights.len().max(1)).unwrap_or(1));
    weights.iter().map(|w| if total > 0.0 { w / total } else { even }).collect()
}

/// The expression when this test alone is answered, so: three-valued.
fn assume(expr: &Expr, id: &str, option: &str) -> Option<bool> {
    match expr {
        Expr::Test(name, options) if *name == id => Some(options.contains(&option)),
        Expr::Is(..) | Expr::Test(..) => None,
        Expr::Not(e) => assume(e, id, option).map(|holds| !holds),
        Expr::All(list) => join(list, id, option, false),
        Expr::Any(list) => join(list, id, option, true),
    }
}

fn join(list: &[Expr], id: &str, option: &str, deciding: bool) -> Option<bool> {
    let answers = || list.iter().map(|e| assume(e, id, option));
    if answers().any(|a| a == Some(deciding)) {
        return Some(deciding);
    }
    answers().all(|a| a.is_some()).then_some(!deciding)
}

/// A negation is passed over: it says what must not be, for which nobody is asked.
fn wants(expr: &Expr, id: &str, option: &str) -> bool {
    match expr {
        Expr::Test(name, options) => *name == id && options.contains(&option),
        Expr::All(list) | Expr::Any(list) => list.iter().any(|e| wants(e, id, option)),
        Expr::Not(_) | Expr::Is(..) => false,
    }
}

fn names(expr: &Expr, id: &str) -> bool {
    match expr {
        Expr::Test(name, _) => *name == id,
        Expr::All(list) | Expr::Any(list) => list.iter().any(|e| names(e, id)),
        Expr::Not(_) | Expr::Is(..) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(mode: &str, test: &str, option: &str) -> f64 {
        let fit = &all()[crate::modes::all().position(|m| m.id == mode).unwrap()];
        let (test, index) = leaf::find(test).unwrap();
        fit.test(*index).share(test.options, option)
    }

    #[test]
    fn what_a_condition_needs_excludes_supports_or_leaves_open() {
        // Required, and nothing else fits.
        assert_eq!(share("ip-address-in-url", "test-url-is-name", "yes"), 0.0);
        assert_eq!(share("ip-address-in-url", "test-url-is-name", "no"), 1.0);
        // One of several ways is no must: a port other than the default decides only together with the SPN.
        assert!(share("spn-cname-canonicalised", "test-host-is-alias", "no") > 0.0);
        // Supporting: more likely, not certain.
        let (no, yes) = (
            share("edge-not-restarted", "test-browser-restarted", "no"),
            share("edge-not-restarted", "test-browser-restarted", "yes"),
        );
        assert!(no > yes && yes > 0.2, "{no} {yes}");
        // Not spoken of: another fault's sign is unlikely.
        assert!(share("be-spn-missing", "test-clock-error", "yes") < 0.1);
        for (mode, fit) in crate::modes::all().zip(all()) {
            for (index, test) in leaf::all().enumerate() {
                let sum: f64 = fit.test(index).of.iter().sum();
                assert!((sum - 1.0).abs() < 1e-9, "{} {}: {sum}", mode.id, test.id);
            }
        }
    }
}
