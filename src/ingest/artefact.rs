//! What one input gives: recognised pieces of evidence, each with its facts and the lines that may be shown.

use super::lines::Line;
use super::mask;
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
    /// The lines of a text that was not recognised, secrets masked: see [`Artefact::read_as`].
    pub unread: Vec<Line>,
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

impl Artefact {
    /// How it was recognised and where it was taken, in one sentence.
    pub fn why_all(&self) -> String {
        if self.why_role.is_empty() {
            self.why.clone()
        } else {
            format!("{}; {}: {}", self.why, self.role.word(), self.why_role)
        }
    }

    /// Reads a text that was not recognised as the kind that the person says it is. False when there is no such text.
    pub fn read_as(&mut self, kind: Kind) -> bool {
        if self.unread.is_empty() {
            return false;
        }
        let reading = artefacts::read(kind, &self.unread);
        if self.role == Role::Unknown {
            (self.role, self.why_role) =
                reading.role.unwrap_or_else(|| (kind.usual_role(), kind.usual_role_why().to_owned()));
        }
        self.kind = kind;
        "you said so".clone_into(&mut self.why);
        self.facts = reading.facts;
        self.problems = reading.problems;
        if self.facts.is_empty() && self.problems.is_empty() {
            let says = format!("Nothing in these lines is written as {} writes it.", kind.title());
            self.problems.push(Problem { line: self.first_line, says });
        }
        true
    }
}
