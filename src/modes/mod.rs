//! The failure modes: one named cause a file, in four families along the way of a request.
//!
//! A mode reads observations and leaf tests only, never text. Its module doc is its help page (see `build.rs`); its
//! declaration is data. Adding one touches its new file and one line in its family's list.

pub mod browser;
pub mod condition;
pub mod first_hop;
pub mod fit;
pub mod help;
pub mod mode;
pub mod right_to_delegate;
pub mod row;
pub mod second_hop;

pub use mode::Mode;

/// Every mode, along the way of a request.
pub fn all() -> impl Iterator<Item = &'static Mode> {
    [browser::MODES, first_hop::MODES, right_to_delegate::MODES, second_hop::MODES].into_iter().flatten().copied()
}

/// The mode with this id.
pub fn by_id(id: &str) -> Option<&'static Mode> {
    all().find(|m| m.id == id)
}

/// Those that follow from another cause: they stand after it, and say that there is one (failure-modes.md, 8.3).
const UMBRELLAS: [&str; 3] = ["ntlm-fallback", "kcd-evidence-ticket-not-forwardable", "rbcd-restricted-user"];

/// True when a mode is a consequence, and its cause is still to be found.
pub fn is_umbrella(mode: &Mode) -> bool {
    UMBRELLAS.contains(&mode.id)
}

/// When this holds, other modes say what is lacking in the terms of what is meant (fe-not-trusted-for-delegation,
/// rbcd-principal-missing): this one is not asserted beside them. What is meant does not refute what the directory shows.
pub fn said_better(mode: &Mode) -> Option<condition::Expr> {
    (mode.id == "fe-no-delegation-configured")
        .then_some(condition::test("test-intended-model", &["unconstrained", "resource-based"]))
}

/// What a mode's file needs.
pub mod prelude {
    pub use super::condition::{Condition, Expr, all, any, is, not, test};
    pub use super::mode::{Basis, Hop, Mode, Stage};
    pub use super::row::Row;
    pub use crate::observations::question::Question::*;
    pub use crate::remedy::{FixTemplate, Language, Who};
}
