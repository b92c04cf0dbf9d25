//! Reads Windows events as text.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading};
use crate::ingest::lines::Line;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Event, anchor, json: None, read };

fn anchor(_line: &str, _current: Option<Kind>) -> Option<Anchor> {
    None
}

fn read(_lines: &[Line]) -> Reading {
    Reading::default()
}
