//! Captures in every layout and cut anywhere: the same findings, or fewer facts and a sentence, and never a panic.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use doublehop::facts::Statement;
use doublehop::ingest::{Artefact, Intake, Kind};

const CAPTURE: &str = include_str!("data/capture.json");

fn read(bytes: &[u8], step: usize) -> Artefact {
    let mut intake = Intake::new("capture.json");
    bytes.chunks(step.max(1)).for_each(|piece| intake.push(piece));
    let ingested = intake.finish();
    assert_eq!(ingested.artefacts.len(), 1);
    ingested.artefacts.into_iter().next().unwrap()
}

/// What is told, without where it stands: the places differ from layout to layout.
fn told(artefact: &Artefact) -> Vec<String> {
    artefact.facts.iter().filter(|f| !matches!(f.says, Statement::CaptureNote(_))).map(|f| unplaced(&f.says)).collect()
}

/// The statement without its places.
fn unplaced(says: &Statement) -> String {
    let text = format!("{says:?}");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("Place {") {
        out.push_str(before);
        rest = after.split_once('}').unwrap().1;
    }
    out + rest
}

/// A fixed series of numbers below `below`.
fn numbers(below: usize) -> impl Iterator<Item = usize> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    })
}

#[test]
fn every_layout_tells_the_same() {
    let value: serde_json::Value = serde_json::from_str(CAPTURE).unwrap();
    let plain = told(&read(CAPTURE.as_bytes(), 4096));
    assert!(plain.len() >= 2, "{plain:?}");
    let one_line = serde_json::to_string(&value).unwrap();
    let indented = serde_json::to_string_pretty(&value).unwrap();
    let (events, constants) = (&value["events"], &value["constants"]);
    let layouts = [
        ("CRLF", CAPTURE.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{CAPTURE}")),
        ("one line", one_line),
        ("indented", indented.clone()),
        ("indented, CRLF", indented.replace('\n', "\r\n")),
        ("events first", format!("{{\"events\":{events},\"constants\":{constants}}}")),
        ("lines of events without their commas' breaks", CAPTURE.replace("},\n{", "},{")),
    ];
    for (name, text) in layouts {
        for step in [7, 1000, text.len()] {
            assert_eq!(told(&read(text.as_bytes(), step)), plain, "{name}, in pieces of {step}");
        }
    }
}

#[test]
fn a_capture_cut_anywhere_tells_less_and_never_something_else() {
    let whole: Vec<String> = told(&read(CAPTURE.as_bytes(), 4096));
    for end in numbers(CAPTURE.len()).take(200) {
        let artefact = read(&CAPTURE.as_bytes()[..end], 1 + end % 300);
        let problems: Vec<&str> = artefact.problems.iter().map(|p| p.says.as_str()).collect();
        assert!(!problems.is_empty(), "cut at {end}: nothing says so");
        if artefact.kind != Kind::NetExport {
            continue;
        }
        assert!(artefact.facts.len() <= whole.len() + 1, "cut at {end}");
        for fact in &artefact.facts {
            let Statement::Handshake(h) = &fact.says else { continue };
            // A field that is there has the value that it has in the whole capture, except what later answers replace.
            for part in
                [h.spn.as_ref().map(|s| format!("{:?}", s.value)), h.asked.as_ref().map(|a| format!("{:?}", a.value))]
            {
                assert!(part.is_none_or(|p| whole.iter().any(|w| w.contains(&p))), "cut at {end}");
            }
        }
    }
}

#[test]
fn a_cut_says_how_many_bytes_it_cost() {
    let at = CAPTURE.rfind("\"phase\":0").unwrap();
    let line = CAPTURE.get(..at).unwrap().rfind('\n').unwrap() + 1;
    let problems = read(&CAPTURE.as_bytes()[..at], 4096).problems;
    let wanted = format!("{} bytes of an unfinished event", at - line);
    assert!(problems.iter().any(|p| p.says.contains(&wanted)), "{wanted}: {problems:?}");
}

/// A conversation each, all different: what is remembered stays bounded, and it is said that not all are judged.
#[test]
fn more_authentication_than_can_be_kept_is_a_message() {
    let (head, rest) = CAPTURE.split_once("\"events\": [\n").unwrap();
    let (events, tail) = rest.split_once("],\n").unwrap();
    let mut intake = Intake::new("capture.json");
    intake.push(format!("{head}\"events\": [\n").as_bytes());
    for n in 1..21_000u32 {
        let block = events
            .replace("\"id\":201", &format!("\"id\":{}", n * 10 + 1))
            .replace("\"id\":202", &format!("\"id\":{}", n * 10 + 2))
            .replace("intranet.contoso.com", &format!("host{n}.contoso.com"));
        intake.push(block.as_bytes());
        intake.push(b",\n");
    }
    intake.push(format!("{events}],\n{tail}").as_bytes());
    let artefact = intake.finish().artefacts.into_iter().next().unwrap();
    assert!(artefact.facts.len() < 600 && artefact.shown.len() <= 4000, "{}", artefact.facts.len());
    assert!(artefact.problems.iter().any(|p| p.says.contains("conversations")), "{:?}", artefact.problems);
}
