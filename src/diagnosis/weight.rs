//! How likely a mode is beside the others: how common it is, times how well it fits what was answered. The one order of
//! what is still possible, and what the next step's worth is counted from.
//!
//! The answer table assumes one fault and its priors are judgement (failure-modes.md, 8.1): it orders, it rules nothing out.

use crate::modes::Mode;
use crate::modes::fit::Fit;
use crate::observations::Observations;
use crate::observations::leaf::{self, LeafTest};
use crate::observations::question::Question;

/// An answer that does not fit makes its mode this much less likely, not impossible.
pub const MISFIT: f64 = 0.05;

/// What was answered: of the questions by evidence or by the person, of the leaf tests by the person. What a leaf test takes
/// from a question or from evidence is counted with that question, and judged with the mode's conditions.
pub struct Answered {
    questions: Vec<(Question, &'static str)>,
    tests: Vec<(usize, &'static LeafTest, &'static str)>,
}

impl Answered {
    /// The answers of one site.
    pub fn of(observations: &Observations<'_>) -> Answered {
        let test = |(index, test): (usize, &'static LeafTest)| {
            observations.view().said(test.id)?;
            observations.test(test.id).option().map(|option| (index, test, option))
        };
        Answered {
            questions: observations.answered().map(|(q, option, _)| (q, option)).collect(),
            tests: leaf::all().enumerate().filter_map(test).collect(),
        }
    }

    /// Prior × likelihood of the answers, with a floor for each.
    pub fn weight(&self, mode: &Mode, fit: &Fit) -> f64 {
        let questions = self.questions.iter().map(|(q, o)| fit.question(*q).share(q.asking().options, o));
        let tests = self.tests.iter().map(|(index, test, o)| fit.test(*index).share(test.options, o));
        f64::from(mode.row.prior) * questions.chain(tests).map(|l| l.max(MISFIT)).product::<f64>()
    }
}
