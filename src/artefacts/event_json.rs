//! Windows events as JSON (`Get-WinEvent … | ConvertTo-Json`, what log shippers keep) → the lines that Event Viewer would copy.

use super::loose_json::scan;
use super::{join, words};
use crate::ingest::lines::Line;

/// Whose property is which label: PowerShell's names and those of log shippers, in small letters and without underscores.
const HEADS: [(&str, &str); 10] = [
    ("id", "Event ID"),
    ("eventid", "Event ID"),
    ("providername", "Source"),
    ("sourcename", "Source"),
    ("source", "Source"),
    ("machinename", "Computer"),
    ("computername", "Computer"),
    ("computer", "Computer"),
    ("timecreated", "Date"),
    ("message", "Description"),
];

/// How much of the text shows what it is, in bytes.
const SNIFF: usize = 64 * 1024;

/// An event has a text, and says who wrote it.
pub(super) fn json(text: &str) -> Option<&'static str> {
    let says = ["providername", "provider_name", "machinename", "computer_name", "eventid", "event_id"];
    let head = text.get(..text.floor_char_boundary(SNIFF))?;
    let has = |key: &str| words::has(head, &format!("\"{key}\""));
    (has("message") && says.iter().any(|key| has(key))).then_some("JSON with the text and source of Windows events")
}

/// `None` for anything else than JSON. Each line stands where its value stands.
pub(super) fn lines(lines: &[Line]) -> Option<Vec<Line>> {
    lines.first().filter(|l| l.trimmed().starts_with(['{', '[']))?;
    let text = join(lines);
    let mut out: Vec<Line> = Vec::new();
    let mut message: Option<Line> = None;
    let mut open: Option<String> = None;
    let (mut seen, mut number) = (0, 0usize);
    for scalar in scan(&text).scalars {
        let key = scalar.path.last()?.replace('_', "").to_lowercase();
        let Some((_, label)) = HEADS.iter().find(|(name, _)| *name == key) else { continue };
        number = number.saturating_add(text.get(seen..scalar.at)?.matches('\n').count());
        seen = scalar.at;
        let line = lines.get(number)?;
        let said = |text: String| Line { text, ..line.clone() };
        // An array holds one event an element.
        let element: String =
            scalar.path.iter().filter(|k| k.parse::<u32>().is_ok()).fold(String::new(), |all, k| all + k + ".");
        if open.as_ref() != Some(&element) {
            out.extend(message.take());
            out.push(said("Log Name:".to_owned()));
            open = Some(element);
        }
        let line = said(format!("{label}: {}", scalar.value));
        // The text comes last: whatever stands behind it would be read as its part.
        if *label == "Description" { message = Some(line) } else { out.push(line) }
    }
    out.extend(message);
    Some(out)
}
