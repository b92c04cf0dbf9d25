//! Facts survive the way from the worker to the page: the compact form names no field, so a field that an attribute leaves
//! out would shift everything behind it.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod common;

use common::{CaseFile, files};
use doublehop::ingest::{Ingested, Intake};
use std::path::Path;

#[test]
fn what_the_worker_sends_is_what_the_page_gets() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut kinds = std::collections::BTreeSet::new();
    for path in files(&folder, ".md") {
        for (name, text) in CaseFile::read(&path).artefacts {
            let mut intake = Intake::new(&name);
            intake.push(text.as_bytes());
            let sent: Ingested = intake.finish();
            let bytes = postcard::to_allocvec(&sent).unwrap();
            let got: Ingested =
                postcard::from_bytes(&bytes).unwrap_or_else(|e| panic!("{}: {name}: {e}", path.display()));
            assert_eq!(got, sent, "{}: {name}", path.display());
            kinds.extend(sent.artefacts.iter().map(|a| a.kind.word()));
        }
    }
    assert!(kinds.len() > 10, "too few kinds are covered: {kinds:?}");
}
