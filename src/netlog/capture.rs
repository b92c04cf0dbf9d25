//! A whole capture, fed in pieces.

use crate::facts::{Fact, Problem};
use crate::ingest::ShownLine;

/// Reads one capture.
#[derive(Debug, Default)]
pub struct Capture {}

/// What a capture gave.
#[derive(Debug, Default)]
pub struct Captured {
    /// The statements.
    pub facts: Vec<Fact>,
    /// What was met on the way.
    pub problems: Vec<Problem>,
    /// The lines that matter, secrets masked.
    pub shown: Vec<ShownLine>,
    /// How many lines the file has.
    pub lines: u32,
}

impl Capture {
    /// True when these first bytes are those of a capture.
    pub fn sniff(_head: &[u8]) -> bool {
        false
    }
    /// A new capture.
    pub fn new() -> Capture {
        Capture::default()
    }
    /// Takes the next bytes.
    pub fn push(&mut self, _bytes: &[u8]) {}
    /// Ends the capture.
    pub fn finish(self) -> Captured {
        Captured::default()
    }
}
