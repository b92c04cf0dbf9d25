//! The open modes with their weights, and what it would tell to learn something more: expected information, in bits.

use super::judge::Judged;
use crate::modes::fit::{Fit, plogp};
use crate::modes::{self, Mode};
use crate::observations::question::Question;
use crate::report::Status;

/// The open modes with their shares, which add up to one.
pub struct Field {
    open: Vec<(&'static Mode, &'static Fit, f64)>,
}

impl Field {
    /// What is not ruled out. An umbrella that is certain tells nothing more: what is sought then is its cause.
    pub fn of(judged: &[Judged]) -> Field {
        let certain = |j: &Judged| j.status == Status::RuledOut || j.status.asserted() && modes::is_umbrella(j.mode);
        let open = || judged.iter().filter(|j| !certain(j));
        let total: f64 = open().map(|j| j.weight).sum();
        let share = |weight: f64| if total > 0.0 { weight / total } else { 0.0 };
        Field { open: open().map(|j| (j.mode, j.fit, share(j.weight))).collect() }
    }

    /// Expected information of learning one thing: how open its outcome is, less what would be open if the mode were known.
    fn information<C: AsRef<[f64]>>(
        &self,
        chances: impl Fn(&'static Fit) -> C,
        entropy: impl Fn(&'static Fit) -> f64,
    ) -> f64 {
        let mut outcomes: Vec<f64> = Vec::new();
        let mut within = 0.0;
        for (_, fit, share) in &self.open {
            let chances = chances(fit);
            let chances = chances.as_ref();
            if outcomes.len() < chances.len() {
                outcomes.resize(chances.len(), 0.0);
            }
            for (outcome, chance) in outcomes.iter_mut().zip(chances) {
                *outcome += share * chance;
            }
            within += share * entropy(fit);
        }
        (outcomes.iter().map(|p| plogp(*p)).sum::<f64>() - within).max(0.0)
    }

    /// Several questions answered at once: every combination of their options is an outcome.
    pub fn bits_of_questions(&self, questions: &[Question]) -> f64 {
        let combined = |fit: &'static Fit| {
            questions.iter().fold(vec![1.0], |combined, q| {
                combined.iter().flat_map(|c| fit.question(*q).of.iter().map(move |chance| c * chance)).collect()
            })
        };
        self.information(combined, |fit| questions.iter().map(|q| fit.question(*q).entropy).sum())
    }

    /// A leaf test answered, by its place in `leaf::all`.
    pub fn bits_of_test(&self, index: usize) -> f64 {
        self.information(|fit| &fit.test(index).of, |fit| fit.test(index).entropy)
    }

    /// The open modes that do not fit every answer of these questions.
    pub fn separated_by_questions(&self, questions: &[Question]) -> Vec<String> {
        let misfits = |fit: &Fit| questions.iter().any(|q| fit.question(*q).of.contains(&0.0));
        self.open.iter().filter(|(_, fit, _)| misfits(fit)).map(|(mode, ..)| mode.id.to_owned()).collect()
    }

    /// The open modes whose conditions speak of this test.
    pub fn separated_by_test(&self, index: usize) -> Vec<String> {
        self.open.iter().filter(|(_, fit, _)| fit.speaks_of(index)).map(|(mode, ..)| mode.id.to_owned()).collect()
    }

    /// True when an open mode's conditions need this test.
    pub fn needs(&self, index: usize) -> bool {
        self.open.iter().any(|(_, fit, _)| fit.speaks_of(index))
    }
}
