//! One fold per question: what the evidence of a site says about it.

mod asked;
mod back_end;
pub mod directory;
mod error;
mod first_hop;
mod front_end;
mod policy;
mod said;
mod spn;
mod ticket;

pub use directory::rbcd;
pub use first_hop::HEADER_FULL;
pub use policy::{name_right, origin, somebody_set, unset, value_of};
pub use said::{script_calls, yes_no};

use super::observed::Observed;
use super::question::{Choice, Question};
use super::view::View;
use crate::report::Because;

/// What is known of a question: the wizard's answer overrides, then the evidence speaks, then what was answered otherwise.
///
/// Leaf tests that build on a question ask here, so that they see what people said as well.
pub fn fold(question: Question, view: &View<'_>) -> Observed {
    let asking = question.asking();
    let said = |answer| chosen(answer, asking.ask, asking.options, |text| question.option(text));
    said(view.override_of(question.id())).or(|| evidence(question, view)).or(|| said(view.said(question.id())))
}

/// What a person answered, in the words of the question and of the option.
pub fn chosen(
    answer: Option<(&str, Because)>,
    ask: &str,
    options: &[Choice],
    option: impl Fn(&str) -> Option<&'static str>,
) -> Observed {
    let Some((text, mut because)) = answer else { return Observed::Unknown };
    let Some(id) = option(text.trim()) else { return Observed::Unknown };
    if let Some(choice) = options.iter().find(|c| c.id == id && !c.says.is_empty()) {
        because.says = format!("you said: {} ({ask})", choice.says);
    }
    Observed::is(id, because)
}

/// What the evidence alone says.
pub fn evidence(question: Question, view: &View<'_>) -> Observed {
    match question {
        Question::Hop1 => first_hop::fold(view),
        Question::Scope => said::scope(view),
        Question::Asked => asked::fold(view),
        Question::Tkt => ticket::fold(view),
        Question::Model => directory::model(view),
        Question::Fe => front_end::fold(view),
        Question::Err => error::fold(view),
        Question::Bes => back_end::fold(view),
        Question::Dom => directory::domains(view),
        Question::Fspn => spn::front_end(view),
        Question::Bspn => spn::back_end(view),
        Question::Pol => policy::fold(view),
        Question::Usr => directory::user(view),
        Question::Chg => said::changed(view),
    }
}
