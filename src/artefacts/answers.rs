//! Reads what the person says.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading};
use crate::ingest::lines::Line;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Answers, anchor, json: None, read };

fn anchor(_line: &str, _current: Option<Kind>) -> Option<Anchor> {
    None
}

fn read(_lines: &[Line]) -> Reading {
    Reading::default()
}

/// The wizard's answers as an artefact.
pub fn artefact(text: &str) -> crate::ingest::Artefact {
    let decoded = crate::ingest::decode::decode(text.as_bytes());
    let reading = read(&decoded.lines);
    crate::ingest::Artefact {
        kind: Kind::Answers,
        role: crate::facts::Role::Unknown,
        why: "your answers".to_owned(),
        why_role: String::new(),
        first_line: 1,
        last_line: decoded.lines.last().map_or(1, |l| l.number),
        facts: reading.facts,
        problems: reading.problems,
        shown: decoded.lines.iter().map(|l| crate::ingest::ShownLine::of(l.number, &l.text)).collect(),
    }
}
