//! What one input gives: recognised pieces of evidence, each with its facts and the lines that may be shown.

use super::lines::Line;
use super::{by_name, mask};
use crate::artefacts::{self, kind::Kind};
use crate::facts::{Fact, Problem, Role};
use serde::{Deserialize, Serialize};

/// How many characters of one line are kept to be shown.
const SHOWN_CHARS: usize = 2000;

/// One recognised (or unknown) piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Artefact {
    /// What it is.
    pub kind: Kind,
    /// Where it was taken.
    pub role: Role,
    /// How it was recognised.
    pub why: String,
    /// Why this role.
    pub why_role: String,
    /// First line in the input, from 1.
    pub first_line: u32,
    /// Last line.
    pub last_line: u32,
    /// The statements read.
    pub facts: Vec<Fact>,
    /// What was met on the way.
    pub problems: Vec<Problem>,
    /// The lines to show, with secrets masked. For a capture, only the lines that matter.
    pub shown: Vec<ShownLine>,
    /// The lines of a text, secrets masked, so that it can be read as another kind: see [`Artefact::read_as`].
    pub kept: Vec<Line>,
    /// How sure the kind is.
    pub confidence: Confidence,
}

/// How sure it is what an artefact is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confidence {
    /// Its structure, its heading or the person says so, and it was read.
    #[default]
    Certain,
    /// It looks like it, but nothing of it could be read, or only its name says so.
    Likely,
    /// Nothing tells.
    Unknown,
}

impl Confidence {
    /// One word.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Certain => "certain",
            Confidence::Likely => "likely",
            Confidence::Unknown => "unknown",
        }
    }
}

/// A line as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownLine {
    /// Its number in the input.
    pub number: u32,
    /// Its text, secrets masked, shortened.
    pub text: String,
}

impl ShownLine {
    /// Masks and shortens a line.
    pub fn of(number: u32, text: &str) -> ShownLine {
        // A line may be a whole file. A secret that begins in what is shown is told from what follows it.
        let head_end = text.char_indices().nth(SHOWN_CHARS.saturating_mul(2)).map_or(text.len(), |(at, _)| at);
        let masked = mask::mask(text.get(..head_end).unwrap_or_default());
        let whole = text.len();
        let mut text: String = masked.chars().take(SHOWN_CHARS).collect();
        if text.len() < masked.len() || head_end < whole {
            text.push('…');
        }
        ShownLine { number, text }
    }
}

/// Why, when the person said it.
pub const YOU_SAID: &str = "you said so";
/// Why, when a heading said it.
pub const HEADING_SAYS: &str = "its heading says so";
const SAID: [&str; 2] = [YOU_SAID, HEADING_SAYS];

impl Artefact {
    /// What its name says it is, tried where nothing in it was recognised: counts when something of it can then be read.
    pub(super) fn try_name(&mut self, name: &str) {
        let Some(kind) = by_name::kind(name).filter(|_| self.kind == Kind::Unknown) else { return };
        let mut tried = self.clone();
        if tried.read_as(kind) && !tried.facts.is_empty() {
            tried.why = format!("the name {name} says so, and it reads like it");
            tried.confidence = Confidence::Likely;
            *self = tried;
        }
    }

    /// How it was recognised and where it was taken, in one sentence.
    pub fn why_all(&self) -> String {
        if self.why_role.is_empty() {
            self.why.clone()
        } else {
            format!("{}; {}: {}", self.why, self.role.word(), self.why_role)
        }
    }

    /// Reads the text as the kind that the person says it is. False when its lines were not kept.
    pub fn read_as(&mut self, kind: Kind) -> bool {
        if self.kept.is_empty() {
            return false;
        }
        let reading = artefacts::read(kind, &self.kept);
        // A role that was guessed from the other kind goes with it.
        if self.role == Role::Unknown || !SAID.contains(&self.why_role.as_str()) {
            (self.role, self.why_role) =
                reading.role.unwrap_or_else(|| (kind.usual_role(), kind.usual_role_why().to_owned()));
        }
        self.kind = kind;
        YOU_SAID.clone_into(&mut self.why);
        self.confidence = Confidence::Certain;
        self.facts = reading.facts;
        self.problems = reading.problems;
        if self.facts.is_empty() && self.problems.is_empty() {
            let says = format!("Nothing in these lines is written as {} writes it.", kind.title());
            self.problems.push(Problem { line: self.first_line, says });
        }
        true
    }
}
