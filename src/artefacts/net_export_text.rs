//! Reads the NetLog viewer's text, whole or an excerpt: events with `--> name = value` below them.

use super::handshake_text::Conversations;
use super::kind::Kind;
use super::{Anchor, KindReader, Reading, words};
use crate::ingest::lines::{Line, place_of};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::NetExportText, anchor, json: None, read };

/// Where an event stands in its pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// `+NAME`.
    Begin,
    /// `-NAME`.
    End,
    /// `NAME`.
    Single,
}

/// `t=3076 [st=12] +AUTH_LIBRARY_INIT_SEC_CTX [dt=3]` as phase and name.
fn event(line: &str) -> Option<(Phase, &str)> {
    let mut rest = line.trim();
    let stamped = rest.starts_with("t=") && rest.contains("[st=");
    if stamped {
        rest = rest.split_once("[st=")?.1.split_once(']')?.1.trim_start();
    }
    let (phase, rest) = match rest.strip_prefix('+') {
        Some(rest) => (Phase::Begin, rest),
        None => match rest.strip_prefix('-') {
            Some(rest) => (Phase::End, rest),
            None => (Phase::Single, rest),
        },
    };
    let name = rest.split_whitespace().next()?;
    let shaped = name.len() >= 4
        && name.contains('_')
        && name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit());
    let known = name.starts_with("AUTH_") || name.starts_with("HTTP_") || name.starts_with("URL_REQUEST");
    (shaped && (stamped || known) || stamped && name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .then_some((phase, name))
}

/// What stands behind `-->`, whose first dashes may have been eaten.
fn parameter(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("-->").or_else(|| line.trim().strip_prefix("->"))?;
    Some(rest.trim())
}

/// `name = value`.
fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    let word = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit());
    word.then(|| (name, value.trim()))
}

/// `162: HTTP_AUTH_CONTROLLER`, the heading of a source.
fn source(line: &str) -> Option<&str> {
    let (number, name) = line.trim().split_once(": ")?;
    let shaped = name.len() > 3 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    (shaped && number.trim_start_matches('-').chars().all(|c| c.is_ascii_digit()) && !number.is_empty()).then_some(name)
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    if event(line).is_some() {
        return Anchor::belongs("events as the NetLog viewer prints them");
    }
    if source(line).is_some_and(|name| name.contains('_')) {
        return Anchor::belongs("a source as the NetLog viewer prints it");
    }
    let inside = current == Some(Kind::NetExportText);
    let Some(parameter) = parameter(line) else {
        let more = line.starts_with("    ")
            || line.starts_with('\t')
            || source(line).is_some()
            || line.starts_with("Start Time:");
        return if inside && more { Anchor::belongs("the viewer's text goes on") } else { None };
    };
    let telling = assignment(parameter).is_some_and(|(name, value)| {
        name == "flags" && words::has(value, "delegated")
            || name == "spn" && value.contains('/')
            || name == "context" && words::has(value, "mechanism")
    });
    if inside || telling { Anchor::belongs("parameters of an event as the NetLog viewer prints them") } else { None }
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut found = Conversations::default();
    let mut now: Option<(Phase, String)> = None;
    let mut index = 0usize;
    while let Some(line) = lines.get(index) {
        let mut next = index.saturating_add(1);
        if let Some((phase, name)) = event(&line.text) {
            found.event(phase, name, line.place());
            now = Some((phase, name.to_owned()));
        } else if let Some(name) = source(&line.text) {
            found.source(name);
            now = None;
        } else if let Some(text) = parameter(&line.text) {
            // The value goes on until the next parameter, event or blank line: headers, and what a mail client broke.
            let more = lines.get(next..).unwrap_or_default();
            let used = more.iter().take_while(|l| continues(&l.text)).count();
            next = next.saturating_add(used);
            let part = lines.get(index..next).unwrap_or_default();
            let (phase, name) = now.as_ref().map_or((Phase::Single, ""), |(p, n)| (*p, n.as_str()));
            match assignment(text) {
                Some((key, value)) => {
                    let rest: String = part.iter().skip(1).map(|l| l.trimmed()).collect();
                    found.parameter(phase, name, key, &format!("{value}{rest}"), place_of(part));
                }
                None => found.headers(part, text),
            }
        }
        index = next;
    }
    found.tell(&mut reading);
    if reading.facts.is_empty()
        && let Some(line) = lines.first()
    {
        reading.problem(
            line.number,
            "No Negotiate or Kerberos handshake is in this excerpt. Copy the events of the HTTP_AUTH_CONTROLLER source, or hand in the capture file itself.",
        );
    }
    reading
}

fn continues(line: &str) -> bool {
    !line.trim().is_empty() && parameter(line).is_none() && event(line).is_none() && source(line).is_none()
}

#[cfg(test)]
#[path = "net_export_text_tests.rs"]
mod tests;
