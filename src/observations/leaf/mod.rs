//! Leaf tests: narrow questions with public ids (`test-…`) that separate what the fourteen leave together.
//!
//! Each is answered by evidence, or by the person like any question. An id is never reused or renamed.

mod application;
mod back_end;
mod client;
mod clock;
mod delegation;
mod design;
mod device;
mod directory;
mod identity;
mod inbound;
mod list;
mod names;
mod page;
mod policy;
mod posix;
mod refusal;
mod second_hop;
mod server;
mod share;
mod sign_in;
mod ticket;
mod token;
mod trust;

pub use directory::lifetime;
pub use list::asked_for;
pub use names::kdc_does_not_know;
pub use trust::outside;

use super::observed::Observed;
use super::question::{Choice, Needs};
use super::view::View;
use std::sync::LazyLock;

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
    [
        design::TESTS,
        list::TESTS,
        clock::TESTS,
        names::TESTS,
        page::TESTS,
        directory::TESTS,
        identity::TESTS,
        refusal::TESTS,
        server::TESTS,
        second_hop::TESTS,
        back_end::TESTS,
        application::TESTS,
        delegation::TESTS,
        device::TESTS,
        share::TESTS,
        inbound::TESTS,
        ticket::TESTS,
        trust::TESTS,
        client::TESTS,
        policy::TESTS,
        sign_in::TESTS,
        posix::TESTS,
        token::TESTS,
    ]
    .into_iter()
    .flatten()
}

/// Every test by its id, with its place in [`all`]: the conditions of every mode look tests up.
static BY_ID: LazyLock<Vec<(&'static LeafTest, usize)>> = LazyLock::new(|| {
    let mut tests: Vec<_> = all().zip(0..).collect();
    tests.sort_unstable_by_key(|(test, _)| test.id);
    tests
});

/// The test with this id, and its place in [`all`].
pub fn find(id: &str) -> Option<&'static (&'static LeafTest, usize)> {
    BY_ID.binary_search_by_key(&id, |(test, _)| test.id).ok().and_then(|i| BY_ID.get(i))
}

/// The test with this id.
pub fn by_id(id: &str) -> Option<&'static LeafTest> {
    find(id).map(|(test, _)| *test)
}
