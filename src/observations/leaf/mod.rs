//! Leaf tests: narrow questions with public ids (`test-…`) that separate what the fourteen leave together.
//!
//! Each is answered by evidence, or by the person like any question. An id is never reused or renamed.

mod clock;
mod design;
mod directory;
mod list;
mod names;
mod page;
mod token;

pub use names::kdc_does_not_know;

use super::observed::Observed;
use super::question::{Choice, Needs};
use super::view::View;

/// A leaf test.
#[derive(Clone, Copy)]
pub struct LeafTest {
    /// `test-…`
    pub id: &'static str,
    /// The words.
    pub ask: &'static str,
    /// How to find out.
    pub how: &'static str,
    /// Who can answer.
    pub needs: Needs,
    /// The possible answers.
    pub options: &'static [Choice],
    /// What the evidence says.
    pub derive: fn(&View<'_>) -> Observed,
}

impl std::fmt::Debug for LeafTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// The two answers of most tests.
pub const YES_NO: &[Choice] = &[Choice { id: "yes", says: "Yes" }, Choice { id: "no", says: "No" }];

/// Every leaf test, by family file.
pub fn all() -> impl Iterator<Item = &'static LeafTest> {
    [design::TESTS, list::TESTS, clock::TESTS, names::TESTS, page::TESTS, directory::TESTS, token::TESTS]
        .into_iter()
        .flatten()
}

/// The test with this id.
pub fn by_id(id: &str) -> Option<&'static LeafTest> {
    all().find(|t| t.id == id)
}
