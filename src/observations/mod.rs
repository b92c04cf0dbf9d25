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
pub mod owners;
pub mod question;
pub mod scene;
pub mod second_hop;
pub mod sites;
mod subject;
pub mod view;

use crate::report::Because;
use leaf::LeafTest;
use observed::Observed;
use question::Question;
use std::cell::OnceCell;
use view::View;

/// Everything that is known of one site.
pub struct Observations<'c> {
    view: View<'c>,
    questions: Vec<Observed>,
    tests: Vec<OnceCell<Observed>>,
    disputes: Vec<Dispute>,
}

/// The person's word in the wizard against the evidence: it counts, and proves nothing.
pub struct Dispute {
    /// What was said.
    pub said: Because,
    /// What the evidence says.
    pub evidence: Vec<Because>,
}

impl<'c> Observations<'c> {
    /// Folds a site's facts.
    pub fn of(view: View<'c>) -> Observations<'c> {
        let questions = Question::all().map(|q| fold::fold(q, &view)).collect();
        let tests = leaf::all().map(|_| OnceCell::new()).collect();
        let disputes = view.answers.keys().filter_map(|id| dispute(id, &view)).collect();
        Observations { view, questions, tests, disputes }
    }

    /// Where the person's word in the wizard stands against the evidence.
    pub fn disputes(&self) -> &[Dispute] {
        &self.disputes
    }

    /// The site's view of the evidence.
    pub fn view(&self) -> &View<'c> {
        &self.view
    }

    /// What is known of a question.
    pub fn question(&self, question: Question) -> &Observed {
        self.questions.get(question.index()).unwrap_or(&Observed::Unknown)
    }

    /// What is known of a leaf test. Looked at when it is first asked for.
    pub fn test(&self, id: &str) -> &Observed {
        let Some((test, index)) = leaf::find(id) else { return &Observed::Unknown };
        self.tests.get(*index).map_or(&Observed::Unknown, |cell| cell.get_or_init(|| observe_test(test, &self.view)))
    }

    /// Every answered question.
    pub fn answered(&self) -> impl Iterator<Item = (Question, &'static str, &[Because])> + '_ {
        Question::all().filter_map(|q| match self.question(q) {
            Observed::Is(option, because) => Some((q, *option, because.as_slice())),
            _ => None,
        })
    }
}

fn dispute(id: &str, view: &View<'_>) -> Option<Dispute> {
    let (counts, evidence) = match (Question::by_id(id), leaf::by_id(id)) {
        (Some(question), _) => (fold::fold(question, view), fold::evidence(question, view)),
        (None, Some(test)) => (observe_test(test, view), (test.derive)(view)),
        _ => return None,
    };
    let (option, mut said) = match counts {
        Observed::Is(option, said) => (option, said),
        _ => return None,
    };
    let Observed::Is(shown, evidence) = evidence else { return None };
    let told = evidence.iter().any(|b| b.artefact != crate::case::ANSWERS_ARTEFACT);
    (shown != option && told).then(|| said.pop().map(|said| Dispute { said, evidence })).flatten()
}

fn observe_test(test: &'static LeafTest, view: &View<'_>) -> Observed {
    let option = |text: &str| test.options.iter().find(|o| o.id.eq_ignore_ascii_case(text)).map(|o| o.id);
    let said = |answer| fold::chosen(answer, test.ask, test.options, option);
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
