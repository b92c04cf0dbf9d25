//! A mode's row of the answer table (failure-modes.md, 8.5): which answers fit it. It ranks questions and orders what is
//! possible; it rules nothing out.

use crate::observations::question::Question;

/// A row: per question the fitting options, separated by blanks; empty = any.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)] // the columns are the questions
pub struct Row {
    /// Prior class: 1 rare, 2 occasional, 3–4 common, 5–8 everyday. Judgement, not statistics.
    pub prior: u8,
    pub hop1: &'static str,
    pub scope: &'static str,
    pub asked: &'static str,
    pub tkt: &'static str,
    pub model: &'static str,
    pub fe: &'static str,
    pub err: &'static str,
    pub bes: &'static str,
    pub dom: &'static str,
    pub fspn: &'static str,
    pub bspn: &'static str,
    pub pol: &'static str,
    pub usr: &'static str,
    pub chg: &'static str,
}

impl Row {
    /// A row in which every answer fits.
    pub const ANY: Row = Row {
        prior: 1,
        hop1: "",
        scope: "",
        asked: "",
        tkt: "",
        model: "",
        fe: "",
        err: "",
        bes: "",
        dom: "",
        fspn: "",
        bspn: "",
        pol: "",
        usr: "",
        chg: "",
    };

    /// The cell of a question.
    pub fn cell(&self, question: Question) -> &'static str {
        match question {
            Question::Hop1 => self.hop1,
            Question::Scope => self.scope,
            Question::Asked => self.asked,
            Question::Tkt => self.tkt,
            Question::Model => self.model,
            Question::Fe => self.fe,
            Question::Err => self.err,
            Question::Bes => self.bes,
            Question::Dom => self.dom,
            Question::Fspn => self.fspn,
            Question::Bspn => self.bspn,
            Question::Pol => self.pol,
            Question::Usr => self.usr,
            Question::Chg => self.chg,
        }
    }

    /// The fitting options of a question; all of them when the cell is empty.
    pub fn fitting(&self, question: Question) -> Vec<&'static str> {
        let cell = self.cell(question);
        if cell.is_empty() {
            question.asking().options.iter().map(|o| o.id).collect()
        } else {
            cell.split_whitespace().collect()
        }
    }

    /// How likely this mode gives this answer: equal shares among the fitting options.
    pub fn likelihood(&self, question: Question, option: &str) -> f64 {
        let fitting = self.fitting(question);
        let share = 1.0 / f64::from(u32::try_from(fitting.len().max(1)).unwrap_or(1));
        if fitting.contains(&option) { share } else { 0.0 }
    }
}
