//! Reads edge://policy and Chromium policies.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading};
use crate::ingest::lines::Line;

/// This kind.
pub const EDGE_READER: KindReader = KindReader { kind: Kind::EdgePolicy, anchor, json: None, read };

/// This kind.
pub const CHROME_READER: KindReader = KindReader { kind: Kind::ChromePolicy, anchor, json: None, read };

fn anchor(_line: &str, _current: Option<Kind>) -> Option<Anchor> {
    None
}

fn read(_lines: &[Line]) -> Reading {
    Reading::default()
}
