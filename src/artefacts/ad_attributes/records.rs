//! A dump's lines → its records (`label`, value), with what wraps undone: LDIF's folding, base64, the console's width,
//! mail's line ends.

use super::labels;
use crate::artefacts::console;
use crate::ingest::lines::Line;
use base64::Engine;

/// How a record was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// PowerShell's Format-List, `Name   : value`.
    List,
    /// LDIF and its kin, `name: value`: only what is set is listed.
    Ldif,
    /// A row of a table.
    Table,
}

/// One record.
#[derive(Clone, Debug)]
pub(super) struct Record<'l> {
    pub label: String,
    pub value: String,
    /// The bytes of a base64 value that is no text.
    pub bytes: Option<Vec<u8>>,
    pub first: &'l Line,
    pub last: &'l Line,
    pub style: Style,
}

/// What the lines hold, in order.
#[derive(Clone, Debug)]
pub(super) enum Item<'l> {
    Record(Record<'l>),
    Blank,
    /// A comment or heading, without its mark.
    Comment(&'l Line, &'l str),
    /// A command, or the end of a table's row.
    Break,
}

/// A line's label and value.
pub(super) struct Labelled<'t> {
    pub label: &'t str,
    value: &'t str,
    base64: bool,
    style: Style,
    /// In characters: the line's indentation and the value's column.
    indent: usize,
    column: usize,
}

/// Splits `label : value`, `label: value`, `label:: base64`, `>label: value`.
pub(super) fn labelled(text: &str) -> Option<Labelled<'_>> {
    let body = text.trim_start();
    let indent = text.chars().count().saturating_sub(body.chars().count());
    let body = body.strip_prefix('>').unwrap_or(body);
    let (before, rest) = body.split_once(':')?;
    let label = before.trim_end();
    let word = label.starts_with(|c: char| c.is_ascii_alphabetic())
        && label.len() <= 64
        && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ';' | '='))
        && (!label.contains('=') || label.contains(";range="));
    if !word {
        return None;
    }
    let (rest, base64) = match rest.strip_prefix(':') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let spaced =
        rest.is_empty() || rest.starts_with([' ', '\t']) || (label.eq_ignore_ascii_case("dn") && rest.contains('='));
    let style = if before.len() > label.len() { Style::List } else { Style::Ldif };
    let column = indent.saturating_add(before.chars().count()).saturating_add(2);
    spaced.then_some(Labelled { label, value: rest.trim(), base64, style, indent, column })
}

/// A line, or the pieces of one that holds a whole object: cut before each label that belongs to a dump.
fn segments(text: &str) -> Vec<&str> {
    let mut cuts: Vec<usize> = vec![0];
    for (colon, _) in text.match_indices(':') {
        let before = text.get(..colon).unwrap_or_default().trim_end();
        let start = before.rfind(char::is_whitespace).map_or(0, |i| i.saturating_add(1));
        let spaced = text.get(colon.saturating_add(1)..).is_some_and(|r| r.is_empty() || r.starts_with([' ', ':']));
        let label = before.get(start..).unwrap_or_default();
        if start > 0 && spaced && labels::known(label) && cuts.last().is_none_or(|c| *c < start) {
            cuts.push(start);
        }
    }
    if cuts.len() < 3 {
        return vec![text];
    }
    let ends = cuts.iter().skip(1).copied().chain(std::iter::once(text.len()));
    cuts.iter().zip(ends).filter_map(|(from, to)| text.get(*from..to)).collect()
}

/// Reads lines into items.
pub(super) fn items(lines: &[Line]) -> Vec<Item<'_>> {
    let width = lines.iter().map(|l| l.text.chars().count()).max().unwrap_or_default();
    let mut items: Vec<Item<'_>> = Vec::new();
    let mut open: Option<Open> = None;
    let mut before: Option<&Line> = None;
    for (line, text) in lines.iter().flat_map(|l| segments(&l.text).into_iter().map(move |t| (l, t))) {
        // A console breaks a word only where no blank was in reach: at its full width, in a value without blanks.
        let full = before.is_some_and(|l| {
            let value = labelled(&l.text).map_or(l.trimmed(), |found| found.value);
            l.text.chars().count().saturating_add(1) >= width && !value.contains(' ')
        });
        before = Some(line);
        let trimmed = text.trim();
        if trimmed.is_empty() {
            open = None;
            items.push(Item::Blank);
        } else if let Some(record) = continued(&mut items, open.as_ref(), text) {
            append(record, line, text, open.as_ref().is_some_and(|o| o.style == Style::Ldif), full);
        } else if let Some(found) = labelled(text) {
            if found.value.is_empty() && !labels::known(found.label) && labels::names_role(found.label) {
                items.push(Item::Comment(line, trimmed));
                open = None;
                continue;
            }
            open = Some(Open { style: found.style, indent: found.indent, column: found.column, base64: found.base64 });
            items.push(Item::Record(Record {
                label: found.label.to_owned(),
                value: found.value.to_owned(),
                bytes: found.base64.then(Vec::new),
                first: line,
                last: line,
                style: found.style,
            }));
        } else if console::after_prompt(trimmed).is_some() {
            open = None;
            items.push(Item::Break);
        } else if let Some(comment) = trimmed.strip_prefix('#') {
            open = None;
            items.push(Item::Comment(line, comment.trim_start_matches('#').trim()));
        } else if trimmed.ends_with(':') && trimmed.split_whitespace().count() <= 6 && labels::names_role(trimmed) {
            open = None;
            items.push(Item::Comment(line, trimmed.trim_end_matches(':')));
        }
    }
    // A label on which the dump ends: its value was cut off. (An empty list is written as `{}`.)
    if matches!(items.last(), Some(Item::Record(record)) if record.value.is_empty()) {
        items.pop();
    }
    for item in &mut items {
        if let Item::Record(record) = item {
            decode(record);
        }
    }
    items
}

/// The record that may still go on.
struct Open {
    style: Style,
    indent: usize,
    column: usize,
    base64: bool,
}

/// The record that this line continues.
fn continued<'i, 'l>(items: &'i mut [Item<'l>], open: Option<&Open>, text: &str) -> Option<&'i mut Record<'l>> {
    let open = open?;
    let Some(Item::Record(record)) = items.last_mut() else { return None };
    let body = text.trim_start();
    let indent = text.chars().count().saturating_sub(body.chars().count());
    let goes_on = match open.style {
        // RFC 2849: one blank more than the record's own line.
        Style::Ldif => {
            indent == open.indent.saturating_add(1)
                || (open.base64
                    && labelled(text).is_none()
                    && body.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)))
        }
        _ => indent.saturating_add(2) >= open.column && indent > open.indent.saturating_add(2),
    };
    let unclosed = record.value.starts_with('{') && !record.value.contains('}');
    let cut_name =
        record.value.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("cn=")) && !record.value.contains("DC=");
    let moved =
        record.value.is_empty() && (body.starts_with('{') || body.starts_with("CN=") || body.starts_with("OU="));
    let wrapped = (unclosed || cut_name || moved) && labelled(text).is_none() && !body.starts_with('#');
    (goes_on || wrapped).then_some(record)
}

/// Appends a continuation. LDIF folds anywhere; a console breaks at a blank, or inside a word at its full width.
fn append<'l>(record: &mut Record<'l>, line: &'l Line, text: &str, ldif: bool, full: bool) {
    let folded = ldif && text.starts_with(' ');
    if !folded && !full && !record.value.is_empty() {
        record.value.push(' ');
    }
    record.value.push_str(text.trim());
    record.last = line;
}

fn decode(record: &mut Record<'_>) {
    if record.bytes.is_none() {
        return;
    }
    let packed: String = record.value.split_whitespace().collect();
    match base64::engine::general_purpose::STANDARD.decode(packed.as_bytes()) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) if !text.chars().any(char::is_control) => {
                record.value = text;
                record.bytes = None;
            }
            Ok(text) => record.bytes = Some(text.into_bytes()),
            Err(e) => record.bytes = Some(e.into_bytes()),
        },
        Err(_) => record.bytes = Some(Vec::new()),
    }
}
