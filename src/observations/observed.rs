//! What is known of one question or leaf test: an option with its proof, a conflict with both, or nothing.

use crate::report::Because;

/// What is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Observed {
    /// Nothing.
    #[default]
    Unknown,
    /// An option and its proof.
    Is(&'static str, Vec<Because>),
    /// Two options, each with its proof, and what to make of it.
    Conflict {
        /// The one side.
        one: (&'static str, Vec<Because>),
        /// The other.
        other: (&'static str, Vec<Because>),
        /// The two, in words, and the likeliest reason.
        says: String,
    },
}

impl Observed {
    /// An option with one proof line.
    pub fn is(option: &'static str, because: Because) -> Observed {
        Observed::Is(option, vec![because])
    }

    /// The option, when there is just one.
    pub fn option(&self) -> Option<&'static str> {
        match self {
            Observed::Is(option, _) => Some(option),
            _ => None,
        }
    }

    /// The proof, empty when unknown; of a conflict both sides'.
    pub fn because(&self) -> Vec<Because> {
        match self {
            Observed::Unknown => Vec::new(),
            Observed::Is(_, because) => because.clone(),
            Observed::Conflict { one, other, .. } => one.1.iter().chain(&other.1).cloned().collect(),
        }
    }

    /// True when nothing is known.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Observed::Unknown)
    }

    /// This, or when nothing is known the other.
    pub fn or(self, other: impl FnOnce() -> Observed) -> Observed {
        if self.is_unknown() { other() } else { self }
    }
}
