//! The help pages: each mode file's module doc, gathered by `build.rs`.

/// A mode's help page, in the fixed headings of its module doc. Texts are Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Help {
    /// The mode's id.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Why the hop breaks.
    pub why: &'static str,
    /// What shows it.
    pub shows: &'static str,
    /// What rules it out.
    pub rules_out: &'static str,
    /// Fix.
    pub fix: &'static str,
    /// Verify.
    pub verify: &'static str,
    /// Versions for which it holds.
    pub versions: &'static str,
    /// Where the knowledge is from.
    pub sources: &'static [&'static str],
}

include!(concat!(env!("OUT_DIR"), "/help.rs"));

/// The help page of a mode.
pub fn of(id: &str) -> Option<&'static Help> {
    HELP.iter().find(|h| h.id == id)
}
