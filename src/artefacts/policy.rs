//! Reads lists of browser policies: edge://policy and chrome://policy as copied text or exported JSON, and
//! Chromium's managed-policy files.

use super::kind::Kind;
use super::policy_json;
use super::policy_list::{self, Head, Record};
use super::policy_words::{BUTTONS, HEADER, POLICIES, is_auth, looks_like_name};
use super::{Anchor, KindReader, Reading, words};
use crate::ingest::lines::Line;

/// edge://policy.
pub const EDGE_READER: KindReader =
    KindReader { kind: Kind::EdgePolicy, anchor: edge_anchor, json: Some(policy_json::edge), read };

/// chrome://policy and Chromium's policy files.
pub const CHROME_READER: KindReader =
    KindReader { kind: Kind::ChromePolicy, anchor: chrome_anchor, json: Some(policy_json::chrome), read };

/// The product that a heading names (`Microsoft Edge Policies`); `None` for any other line.
fn heading(line: &str) -> Option<&'static str> {
    let line = line.trim().trim_start_matches('#').trim();
    let lower = line.to_lowercase();
    let short = line.split_whitespace().count() <= 5
        && !line.ends_with(['.', ':', '?', '!', ','])
        && !line.contains(['|', '\t', '=', '\\']);
    let page = lower == "edge://policy" || lower == "chrome://policy";
    if !(page || short && POLICIES.iter().any(|p| lower.contains(p))) {
        return None;
    }
    if lower.contains("webview2") {
        Some("edge-webview2")
    } else if lower.contains("update") {
        (lower.contains("edge") || lower.contains("chrome")).then_some("update")
    } else if lower.contains("microsoft edge") || page && lower.starts_with("edge") {
        Some("edge")
    } else if lower.contains("chromium") {
        Some("chromium")
    } else if lower.contains("chrome") {
        Some("chrome")
    } else {
        None
    }
}

fn is_header(cells: &[String]) -> bool {
    cells.len() >= 4 && cells.iter().filter(|c| HEADER.contains(&c.to_lowercase().as_str())).count() >= 2
}

/// The cells of a row: by `|`, by tabs, or by two blanks and more.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let parts: Vec<&str> = if line.contains('|') {
        line.trim_matches('|').split('|').collect()
    } else if line.contains('\t') {
        line.split('\t').collect()
    } else {
        line.split("  ").filter(|p| !p.trim().is_empty()).collect()
    };
    parts.into_iter().map(|p| p.trim().to_owned()).filter(|p| !BUTTONS.contains(&p.to_lowercase().as_str())).collect()
}

/// A row's name and its other cells. Accepts `name: value`, `name = value`, and rows whose tabs became one blank.
fn row(line: &str) -> Option<(String, Vec<String>)> {
    let cells = cells(line);
    let (first, rest) = cells.split_first()?;
    // A row of the registry, or of PowerShell's Format-List.
    if rest.iter().any(|c| c.starts_with("REG_")) || rest.first().is_some_and(|c| c.starts_with(':') && !is_auth(first))
    {
        return None;
    }
    if looks_like_name(first) {
        return Some((first.clone(), rest.to_vec()));
    }
    let end = line.trim().find(|c: char| !c.is_ascii_alphanumeric())?;
    let (name, rest) = line.trim().split_at_checked(end)?;
    if !is_auth(name) || rest.contains("REG_") {
        return None;
    }
    if let Some(value) = rest.trim_start().strip_prefix([':', '=']) {
        return Some((name.to_owned(), vec![value.trim().trim_matches('"').to_owned()]));
    }
    squeezed(name, rest)
}

/// `Name value Platform Device Mandatory OK`: the words from the right are the table's.
fn squeezed(name: &str, rest: &str) -> Option<(String, Vec<String>)> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let source_at = words.iter().rposition(|w| {
        ["platform", "cloud", "plattform", "plateforme", "plataforma", "command"].contains(&w.to_lowercase().as_str())
    });
    match source_at {
        Some(at) => {
            let mut cells = vec![words.get(..at)?.join(" ")];
            let tail = words
                .get(at..)?
                .join(" ")
                .replace("Current user", "Current\u{a0}user")
                .replace("Command line", "Command\u{a0}line");
            cells.extend(tail.split(' ').map(|w| w.replace('\u{a0}', " ")));
            Some((name.to_owned(), cells))
        }
        // A host pattern alone; anything else is a sentence about the policy.
        None => match words.as_slice() {
            [value] if value.contains(['.', '*']) => Some((name.to_owned(), vec![(*value).to_owned()])),
            _ => None,
        },
    }
}

fn edge_anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    match heading(line) {
        Some("edge") => return Anchor::belongs("the heading or address of edge://policy"),
        Some("edge-webview2" | "update") if current == Some(Kind::EdgePolicy) => {
            return Anchor::belongs("a further heading");
        }
        Some(_) => return None,
        None => {}
    }
    rows_anchor(line, current, Kind::EdgePolicy)
}

fn chrome_anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    match heading(line) {
        Some("chrome" | "chromium") => return Anchor::belongs("the heading or address of chrome://policy"),
        Some("update") if current == Some(Kind::ChromePolicy) => return Anchor::belongs("a further heading"),
        Some(_) => return None,
        None => {}
    }
    if current == Some(Kind::ChromePolicy) { rows_anchor(line, current, Kind::ChromePolicy) } else { None }
}

fn rows_anchor(line: &str, current: Option<Kind>, own: Kind) -> Option<Anchor> {
    if current == Some(Kind::Reg) {
        return None;
    }
    if is_header(&cells(line)) && HEADER.iter().any(|h| h.len() > 9 && words::has(line, h)) {
        return Anchor::belongs("the header row of a list of browser policies");
    }
    let json_row = line
        .trim_start()
        .strip_prefix('"')
        .and_then(|t| t.split_once('"'))
        .is_some_and(|(name, rest)| is_auth(name) && rest.trim_start().starts_with(':'));
    match row(line) {
        Some((name, _)) if is_auth(&name) => Anchor::belongs("a row with a policy of HTTP authentication"),
        Some(_) if current == Some(own) => Anchor::belongs("a row of the list"),
        _ if json_row => Anchor::belongs("a policy of HTTP authentication in JSON"),
        _ => None,
    }
}

fn read(lines: &[Line]) -> Reading {
    let text = super::join(lines);
    if text.contains("\":") || text.contains("\" :") {
        return policy_json::read(&text, lines);
    }
    let mut head = Head::default();
    let mut product = None;
    let mut records: Vec<Record<'_>> = Vec::new();
    for line in lines {
        if let Some(found) = heading(&line.text) {
            // An address alone is no proof that the page follows.
            if !line.text.contains("://") {
                head.heading(line, product.is_some_and(|p| p != found));
            }
            product = Some(found);
            continue;
        }
        let found = cells(&line.text);
        if is_header(&found) || found.first().is_some_and(|c| c.eq_ignore_ascii_case("policy name")) {
            head.header(line, found.len());
            continue;
        }
        if records.is_empty() && head.goes_on(&found, &line.text) {
            continue;
        }
        let open = records.last_mut();
        let wants_value = open.as_ref().is_some_and(|r| r.one_cell_lines && r.cells.is_empty());
        match row(&line.text) {
            Some((name, rest)) if is_auth(&name) || !wants_value => {
                records.push(Record {
                    one_cell_lines: rest.is_empty(),
                    text: line.text.clone(),
                    lines: vec![line],
                    cells: rest,
                    product,
                    name,
                });
            }
            _ => {
                if let Some(record) = open {
                    extend(record, line);
                }
            }
        }
    }
    policy_list::finish(head, product, records, lines)
}

/// A line behind a row: the next cell of a copy with one cell a line, or the rest of a wrapped row.
fn extend<'t>(record: &mut Record<'t>, line: &'t Line) {
    let text = line.trimmed();
    let button = BUTTONS.contains(&text.to_lowercase().as_str());
    if text.is_empty() || button || record.cells.len() >= 5 || text.chars().all(|c| matches!(c, '-' | '|' | ':' | ' '))
    {
        return;
    }
    if record.one_cell_lines {
        record.cells.push(text.to_owned());
        record.lines.push(line);
    } else if record.lines.last().is_some_and(|l| l.number.saturating_add(1) == line.number)
        && record.text.contains(['|', '\t'])
    {
        let glue = if record.text.ends_with(',') { "" } else { " " };
        let joined = format!("{}{glue}{text}", record.text.trim_end());
        if let Some((_, rest)) = row(&joined) {
            record.cells = rest;
            record.text = joined;
            record.lines.push(line);
        }
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
