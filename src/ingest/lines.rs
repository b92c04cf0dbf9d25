//! Lines as readers see them: cleaned of quoting and odd characters, but still knowing where they stand in the input.

use crate::facts::Place;
use serde::{Deserialize, Serialize};

/// One line of an artefact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Line number in the input, counted from 1.
    pub number: u32,
    /// Offset of the line's first byte in the input as given.
    pub first_byte: u64,
    /// Offset behind its last byte, the line end excluded.
    pub end_byte: u64,
    /// The text, cleaned: mail quotes and common indentation removed, NBSP → blank, `→` → `->`, smart quotes and dashes plain.
    pub text: String,
}

impl Line {
    /// The place of the whole line.
    pub fn place(&self) -> Place {
        Place {
            first_line: self.number,
            last_line: self.number,
            first_byte: self.first_byte,
            end_byte: self.end_byte,
            lit: Vec::new(),
        }
    }

    /// The place of the line with decisive words to light.
    pub fn lit<S: Into<String>>(&self, words: impl IntoIterator<Item = S>) -> Place {
        self.place().lit(words)
    }

    /// The cleaned text without blanks at its ends.
    pub fn trimmed(&self) -> &str {
        self.text.trim()
    }
}

/// The place from the first to the last of some lines.
pub fn place_of(lines: &[Line]) -> Place {
    match (lines.first(), lines.last()) {
        (Some(first), Some(last)) => first.place().to(&last.place()),
        _ => Place::default(),
    }
}

/// Lines for tests of readers: text split at `\n`, numbered from 1.
#[cfg(test)]
pub fn test_lines(text: &str) -> Vec<Line> {
    super::decode::decode(text.as_bytes()).lines
}
