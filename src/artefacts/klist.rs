//! Reads Windows `klist`, `klist get`, `klist tgt`, `klist purge`.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading};
use crate::ingest::lines::Line;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Klist, anchor, json: None, read };

/// This kind.
pub const TGT_READER: KindReader = KindReader { kind: Kind::KlistTgt, anchor, json: None, read };

fn anchor(_line: &str, _current: Option<Kind>) -> Option<Anchor> {
    None
}

fn read(_lines: &[Line]) -> Reading {
    Reading::default()
}
