//! Reads a net-export capture that stands inside a paste; a file of its own is streamed by [`crate::ingest::Intake`].

use super::kind::Kind;
use super::{Anchor, KindReader, Reading};
use crate::facts::Role;
use crate::ingest::lines::Line;
use crate::netlog::capture::Capture;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::NetExport, anchor, json: Some(json), read };

/// What the file says while logging runs; the folder's name stands on the next line.
const PLACEHOLDER: &str = "Logging is in progress writing data to";

fn anchor(line: &str, _current: Option<Kind>) -> Option<Anchor> {
    // What the file holds while logging runs in bounded mode (netlog.md, 1.6).
    if line.trim_start().starts_with(PLACEHOLDER) {
        return Anchor::starts("the placeholder that net-export writes while logging runs");
    }
    None
}

fn json(text: &str) -> Option<&'static str> {
    Capture::sniff(text.as_bytes()).then_some("JSON with constants and events: a net-export capture")
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading { role: Some((Role::Client, "a browser wrote it".to_owned())), ..Reading::default() };
    if let Some(first) = lines.first().filter(|l| l.trimmed().starts_with(PLACEHOLDER)) {
        reading.problem(
            first.number,
            "This file is only the placeholder that the browser writes while logging runs: logging was not stopped, or the browser was closed first. \
             Press Stop Logging and take the file then. If that is no longer possible, the folder named in it (…inprogress) holds constants.json and \
             event_file_*.json: hand in all of them at once, as files or as a zip archive; they are put together here.",
        );
        return reading;
    }
    let mut capture = Capture::new();
    for line in lines {
        capture.seek(line.number, line.first_byte);
        capture.push(line.text.as_bytes());
        capture.push(b"\n");
    }
    let read = capture.finish();
    reading.facts = read.facts;
    reading.problems = read.problems;
    reading
}
