//! Every case file: our own under `tests/cases/`, and the public corpus beside the repository where it is there.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod common;

use common::{CaseFile, corpus, files};
use std::path::Path;

fn walk(folder: &Path) -> usize {
    let all = files(folder, ".md");
    let complaints: Vec<String> = all.iter().flat_map(|path| CaseFile::read(path).complaints()).collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    all.len()
}

#[test]
fn our_own_cases() {
    let count = walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    assert!(count >= 11, "only {count} cases were found");
}

#[test]
fn the_public_cases() {
    match corpus() {
        Some(corpus) => println!("{} public cases", walk(&corpus.join("cases"))),
        None => println!("no corpus beside the repository: skipped"),
    }
}

/// Every mode has a case for it and a case against it, and every id in a case exists.
#[test]
fn every_mode_has_a_case_for_and_one_against() {
    let cases: Vec<CaseFile> = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), ".md")
        .iter()
        .map(|p| CaseFile::read(p))
        .collect();
    let without = |ids: fn(&CaseFile) -> &[String]| -> Vec<&str> {
        let named: Vec<&String> = cases.iter().flat_map(ids).collect();
        doublehop::modes::all().map(|m| m.id).filter(|id| !named.iter().any(|n| n == id)).collect()
    };
    let (unexpected, unforbidden) = (without(|c| &c.expected), without(|c| &c.must_not));
    assert!(unexpected.is_empty(), "no case expects {unexpected:?}");
    assert!(unforbidden.is_empty(), "no case says must_not of {unforbidden:?}");
    for case in &cases {
        let modes = case
            .expected
            .iter()
            .chain(&case.must_not)
            .filter(|id| !id.starts_with("healthy-") && !id.starts_with("ask-") && *id != "insufficient-evidence");
        for id in modes {
            assert!(doublehop::modes::by_id(id).is_some(), "{}: there is no mode {id}", case.name);
        }
    }
}
