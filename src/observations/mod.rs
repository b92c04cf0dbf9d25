//! Facts → the fourteen observations and the leaf tests of one site. There is no third way to know something.
//!
//! Evidence speaks first; what the person answered fills what is still unknown; what the person says in the wizard about a
//! question overrides the evidence ("you said").

mod asked_for;
pub mod back_end;
pub mod decryption;
pub mod fold;
pub mod leaf;
pub mod names;
pub mod observed;
pub mod question;
pub mod second_hop;
pub mod sites;
pub mod view;

use crate::report::Because;
use leaf::LeafTest;
use observed::Observed;
use question::Question;
use std::cell::RefCell;
use std::collections::HashMap;
use view::View;

/// Everything that is known of one site.
pub struct Observations<'c> {
    view: View<'c>,
    questions: Vec<Observed>,
    tests: RefCell<HashMap<&'static str, Observed>>,
}

impl<'c> Observations<'c> {
    /// Folds a site's facts.
    pub fn of(view: View<'c>) -> Observations<'c> {
        let questions = Question::all().map(|q| fold::fold(q, &view)).collect();
        Observations { view, questions, tests: RefCell::default() }
    }

    /// The site's view of the evidence.
    pub fn view(&self) -> &View<'c> {
        &self.view
    }

    /// What is known of a question.
    pub fn question(&self, question: Question) -> Observed {
        self.questions.get(question.index()).cloned().unwrap_or_default()
    }

    /// What is known of a leaf test.
    pub fn test(&self, id: &str) -> Observed {
        let Some(test) = leaf::by_id(id) else { return Observed::Unknown };
        if let Some(known) = self.tests.borrow().get(test.id) {
            return known.clone();
        }
        let observed = observe_test(test, &self.view);
        self.tests.borrow_mut().insert(test.id, observed.clone());
        observed
    }

    /// Every answered question.
    pub fn answered(&self) -> impl Iterator<Item = (Question, &'static str, Vec<Because>)> + '_ {
        Question::all().filter_map(|q| match self.question(q) {
            Observed::Is(option, because) => Some((q, option, because)),
            _ => None,
        })
    }
}

fn observe_test(test: &'static LeafTest, view: &View<'_>) -> Observed {
    let said = |answer: Option<(&str, Because)>| {
        let option = |text: &str| test.options.iter().find(|o| o.id.eq_ignore_ascii_case(text.trim())).map(|o| o.id);
        answer.and_then(|(text, because)| option(text).map(|o| Observed::is(o, because))).unwrap_or_default()
    };
    said(view.override_of(test.id)).or(|| (test.derive)(view)).or(|| said(view.said(test.id)))
}

/// A security library's status in words: name and number.
pub fn status_words(status: i64) -> String {
    let word = i32::try_from(status).ok().map(i32::cast_unsigned).or_else(|| u32::try_from(status).ok());
    let symbol = word.and_then(|w| crate::vocabulary::codes::lookup("SEC_E", w)).map(|c| c.symbol);
    match (word, symbol) {
        (Some(word), Some(symbol)) => format!("{symbol} ({word:#010x})"),
        (Some(word), None) => format!("{word:#010x}"),
        _ => status.to_string(),
    }
}
