//! One line per artefact that says what was read: for the list of evidence.

use crate::ingest::Artefact;

/// The line; empty when nothing was read.
pub fn summary(_artefact: &Artefact) -> String {
    String::new()
}
