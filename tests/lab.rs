//! The captured lab (a real Active Directory, Apache and Chromium), where the corpus is beside the repository.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod common;

use common::{corpus, diagnose_files, files};
use doublehop::case::Case;
use doublehop::ingest::{Intake, pieces};
use doublehop::report::{Report, State};
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

/// What a report says, without its places.
fn said(report: &Report) -> Vec<String> {
    let asserted = report.findings.iter().filter(|f| f.status.asserted());
    let talks = report.sites.iter().flat_map(|s| &s.conversations);
    asserted
        .map(|f| format!("{} {:?}", f.id, f.status))
        .chain(talks.map(|c| format!("{:?} {} {} {} {:?}", c.spn, c.asked, c.granted, c.mechanism, c.status)))
        .chain([format!("{:?} {:?}", report.verdict.state, report.verdict.top)])
        .collect()
}

fn report(parts: &[(String, String)]) -> Report {
    let looked_at: Vec<pieces::File<'_>> = parts
        .iter()
        .map(|(name, text)| {
            let bytes = text.as_bytes();
            pieces::File { name, head: &bytes[..bytes.len().min(pieces::HEAD)], tail: pieces::end_of(bytes) }
        })
        .collect();
    let mut case = Case::new();
    for group in pieces::plan(&looked_at) {
        let mut intake = Intake::new("capture");
        for at in &group.files {
            if group.files.len() > 1 {
                intake.next_piece(&parts[*at].0);
            }
            intake.push(parts[*at].1.as_bytes());
        }
        case.add(intake.finish());
    }
    doublehop::diagnosis::report(&case)
}

/// A capture of a real browser in the layouts that people hand in: the same answers, and from a part never another one.
#[test]
fn a_real_capture_in_pieces_in_lines_and_cut() {
    for (folder, _) in scenarios() {
        let path = files(&folder, ".json").into_iter().find(|p| p.to_string_lossy().contains("netlog")).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let (head, rest) = text.split_once("\"events\": [\n").unwrap();
        let (events, _) = rest.split_once("],\n\"polledData\"").unwrap();
        let lines: Vec<String> = events.split(",\n").map(|l| format!("{l},\n")).collect();
        let file = |name: &str, text: String| (name.to_owned(), text);
        let whole = said(&report(&[file("capture.json", text.clone())]));
        let third = lines.len() / 3;
        let ring = [
            file("event_file_0.json", lines[2 * third..].concat()),
            file("event_file_2.json", lines[third..2 * third].concat()),
            file("event_file_1.json", lines[..third].concat()),
            file("constants.json", format!("{head}\"events\": [\n")),
        ];
        assert_eq!(said(&report(&ring)), whole, "{}", path.display());
        let constants = head.trim_end().trim_end_matches(',');
        let ndjson = format!("{constants}}}\n{}", lines.concat().replace(",\n", "\n"));
        assert_eq!(said(&report(&[file("capture.jsonl", ndjson)])), whole, "{}", path.display());
        // Without names: nothing that the whole capture does not say.
        let alone = said(&report(&[file("event_file_0.json", lines.concat())]));
        let other = |said: &&String| !whole.contains(said) && !said.contains("NeedsEvidence");
        assert_eq!(alone.iter().find(other), None, "{}", path.display());
        let step = text.len() / 12;
        for end in (1..12).map(|n| n * step + n * 7) {
            let cut = String::from_utf8_lossy(&text.as_bytes()[..end]).into_owned();
            let asserted: Vec<String> = said(&report(&[file("cut.json", cut)]));
            let wrong = |said: &&String| said.contains("Confirmed") && !whole.contains(said);
            assert_eq!(asserted.iter().find(wrong), None, "{} cut at {end}", path.display());
        }
    }
}
