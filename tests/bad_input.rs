//! Bad input: each gets a sentence that says what is wrong and what to do, and never a panic or a hang.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod common;

use common::add;
use doublehop::case::Case;
use doublehop::ingest::{Ingested, Intake};
use doublehop::report::{Report, State};
use std::time::Instant;

const CAPTURE: &str = include_str!("../static/examples/capture.json");
const KLIST: &str = include_str!("data/klist.txt");

fn report(bytes: &[u8]) -> Report {
    let mut case = Case::new();
    add(&mut case, "paste 1", bytes, None);
    doublehop::diagnosis::report(&case)
}

fn says(report: &Report) -> String {
    report.artefacts.iter().flat_map(|a| &a.problems).map(|p| p.says.as_str()).collect::<Vec<_>>().join(" ")
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
    .take(length)
    .collect()
}

#[test]
fn what_cannot_be_read_is_told_with_what_to_do() {
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &noise(5000)].concat();
    let zip = [&b"PK\x03\x04"[..], &noise(5000)].concat();
    for (what, bytes, expected) in [
        ("nothing", &b""[..], "is empty"),
        ("blanks", b" \n\r\n\t ", "is empty"),
        ("a picture", &png, "is a picture"),
        ("an archive", &zip, "Unpack it"),
        ("noise", &noise(5000), "binary data"),
        ("an event log file", b"ElfFile\0\0\0\0\0\0\0\0\0\x01\x02\x03\x04\x05\x06\x07\x08", "Copy details as text"),
        (
            "JSON that is no capture",
            b"{\"hello\": [1, 2, {\"a\": \"b\"}]}",
            "neither a net-export capture nor a list of policies",
        ),
        (
            "the placeholder",
            b"Logging is in progress writing data to:\n  C:\\x.json.inprogress\n\n",
            "logging was not stopped",
        ),
        ("prose", b"Hello,\nit does not work.\nRegards", "Not recognised"),
        ("half a capture's head", CAPTURE.get(..200).unwrap().as_bytes(), "cut off in its head"),
    ] {
        let report = report(bytes);
        assert!(says(&report).contains(expected), "{what}: {}", says(&report));
        assert_eq!(report.verdict.state, State::NeedsEvidence, "{what}");
        assert_eq!(report.artefacts.len(), 1, "{what}");
        assert!(
            !report.verdict.summary.is_empty() && !report.next.is_empty(),
            "{what}: the page must have something to say"
        );
    }
}

#[test]
fn ten_megabytes_of_noise_end_at_once() {
    let start = Instant::now();
    let report = report(&noise(10 * 1024 * 1024));
    assert!(says(&report).contains("binary data"));
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn half_a_klist_gives_what_is_there() {
    let whole = report(KLIST.as_bytes());
    assert!(whole.observations.iter().any(|o| o.question == "tkt" && o.option == "FO"));
    for cut in (0..KLIST.len()).step_by(7) {
        let Some(part) = KLIST.get(..cut) else { continue };
        let report = report(part.as_bytes());
        // A shorter listing never says more than the whole one.
        let tkt = report.observations.iter().find(|o| o.question == "tkt");
        assert!(tkt.is_none_or(|o| o.option == "FO"), "cut at {cut}: {tkt:?}");
    }
}

#[test]
fn a_capture_cut_anywhere_gives_a_subset_and_says_so() {
    let handshakes = |read: &Ingested| {
        read.artefacts
            .iter()
            .flat_map(|a| &a.facts)
            .filter(|f| matches!(f.says, doublehop::facts::Statement::Handshake(_)))
            .count()
    };
    for cut in 0..CAPTURE.len() {
        let Some(part) = CAPTURE.get(..cut) else { continue };
        let mut intake = Intake::new("capture.json");
        for piece in part.as_bytes().chunks(997) {
            intake.push(piece);
        }
        let read = intake.finish();
        assert!(handshakes(&read) <= 1, "cut at {cut}");
        let problems: usize = read.artefacts.iter().map(|a| a.problems.len()).sum();
        assert!(problems > 0 || cut + 2 >= CAPTURE.trim_end().len(), "cut at {cut}: nothing is said");
    }
}

/// Whatever the bytes: no panic. (The long fuzzing comes on top of this.)
#[test]
fn shuffled_and_damaged_text_never_panics() {
    let all = [KLIST, CAPTURE, include_str!("data/mixed.txt")].concat();
    let lines: Vec<&str> = all.lines().collect();
    let random = noise(4000);
    for round in 0..200usize {
        let mut text: Vec<u8> = Vec::new();
        for i in 0..40usize {
            let pick = usize::from(random[(round * 17 + i * 3) % random.len()]) * 256
                + usize::from(random[(round * 5 + i) % random.len()]);
            text.extend_from_slice(lines[pick % lines.len()].as_bytes());
            text.push(b'\n');
        }
        for i in 0..round % 30 {
            let at = usize::from(random[i]) * 7 % text.len();
            text[at] = random[i + 1];
        }
        report(&text);
    }
}
