//! The captured lab (a real Active Directory, Apache and Chromium), where the corpus is beside the repository.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod common;

use common::{corpus, diagnose_files, files};
use doublehop::report::State;
use std::path::{Path, PathBuf};

/// What `scenario.md` of each folder says.
const TRUTH: [(&str, &str); 6] = [
    ("01-unconstrained-works", "healthy-unconstrained"),
    ("02-not-in-delegate-allowlist", "edge-delegate-allowlist-missing"),
    ("04-spn-not-registered", "fe-spn-missing"),
    ("08-constrained-works", "healthy-kcd"),
    ("09-constrained-target-not-listed", "kcd-spn-not-in-list"),
    ("12-clock-skew", "clock-skew"),
];

fn scenarios() -> Vec<(PathBuf, &'static str)> {
    let Some(corpus) = corpus() else {
        println!("no corpus beside the repository: skipped");
        return Vec::new();
    };
    TRUTH.iter().map(|(folder, truth)| (corpus.join("lab").join(folder), *truth)).collect()
}

fn evidence(folder: &Path) -> Vec<PathBuf> {
    files(folder, "").into_iter().filter(|p| !p.ends_with("scenario.md")).collect()
}

#[test]
fn all_files_of_a_scenario_give_its_truth() {
    for (folder, truth) in scenarios() {
        let all = evidence(&folder);
        let without: Vec<PathBuf> =
            all.iter().filter(|p| !p.file_name().unwrap().to_string_lossy().starts_with("kdc")).cloned().collect();
        assert!(without.len() < all.len());
        for set in [all, without] {
            let report = diagnose_files(&set);
            assert_eq!(report.verdict.top.as_deref(), Some(truth), "{} of {} files", folder.display(), set.len());
        }
    }
}

/// What a KDC's own log tells by itself and beside the directory, about both ends of constrained delegation.
#[test]
fn a_kdcs_log_tells_of_the_second_hop() {
    let Some(corpus) = corpus() else { return };
    for (folder, fe, err, verdict) in [
        ("08-constrained-works", Some("be"), None, Some("healthy-kcd")),
        ("09-constrained-target-not-listed", None, Some("13"), Some("kcd-spn-not-in-list")),
        ("01-unconstrained-works", None, None, None),
        ("02-not-in-delegate-allowlist", None, None, None),
    ] {
        let at = corpus.join("lab").join(folder);
        let report = diagnose_files(&[at.join("kdc.log"), at.join("ad-accounts.txt")]);
        let said = |question: &str| {
            report.observations.iter().find(|o| o.question == question).map(|o| o.option.as_str().to_owned())
        };
        let told = (said("fe").filter(|o| o == "be"), said("err"));
        assert_eq!(told, (fe.map(str::to_owned), err.map(str::to_owned)), "{folder}");
        assert_eq!(report.verdict.top.as_deref(), verdict, "{folder}");
        assert!(report.artefacts.iter().any(|a| a.kind == "kdc-log"), "{folder}");
    }
}

/// Half of the evidence may leave the answer open, but never gives a wrong one: every single file and every pair.
#[test]
fn no_part_of_a_scenario_gives_a_wrong_answer() {
    for (folder, truth) in scenarios() {
        let all = evidence(&folder);
        let mut sets: Vec<Vec<PathBuf>> = all.iter().map(|p| vec![p.clone()]).collect();
        for (i, one) in all.iter().enumerate() {
            sets.extend(all.iter().skip(i + 1).map(|other| vec![one.clone(), other.clone()]));
        }
        for set in sets {
            let report = diagnose_files(&set);
            let wrong: Vec<&str> = report
                .findings
                .iter()
                .filter(|f| f.status.asserted())
                .map(|f| f.id.as_str())
                .filter(|id| *id != truth && !is_consequence(id, truth))
                .collect();
            let names: Vec<_> = set.iter().map(|p| p.file_name().unwrap()).collect();
            assert!(wrong.is_empty(), "{truth}: {names:?} gave {wrong:?}");
            if report.verdict.state == State::Healthy {
                assert_eq!(report.verdict.top.as_deref(), Some(truth), "{names:?}");
            }
        }
    }
}

/// What follows from the truth may be named beside it.
fn is_consequence(id: &str, truth: &str) -> bool {
    matches!((id, truth), ("ntlm-fallback", "fe-spn-missing"))
}
