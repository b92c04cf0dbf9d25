//! Finding words in a line without regard to ASCII letter case, and shortening text for facts.

use crate::ingest::lines::Line;
use crate::vocabulary::names::Spn;

/// How long a quoted text in a fact may be.
const QUOTE: usize = 200;

/// Where `needle` stands in `text`.
pub fn find(text: &str, needle: &str) -> Option<usize> {
    text.to_ascii_lowercase().find(&needle.to_ascii_lowercase())
}

/// True when `needle` stands in `text`.
pub fn has(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

/// The text behind `needle`.
pub fn after<'t>(text: &'t str, needle: &str) -> Option<&'t str> {
    text.get(find(text, needle)?.checked_add(needle.len())?..)
}

/// The text between two words, both required.
pub fn between<'t>(text: &'t str, before: &str, behind: &str) -> Option<&'t str> {
    let rest = after(text, before)?;
    rest.get(..find(rest, behind)?)
}

/// Secrets masked, blanks collapsed, at most 200 characters.
pub fn quoted(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let masked = crate::ingest::mask::mask(&one_line);
    if masked.chars().count() <= QUOTE { masked } else { masked.chars().take(QUOTE).chain(['…']).collect() }
}

/// The first word that is a service principal name, `class/host…`; paths, URLs and dates are none.
pub fn first_spn(text: &str) -> Option<Spn> {
    text.split_whitespace().find_map(spn_of_word)
}

/// A word as a service principal name, with punctuation around it taken off.
pub fn spn_of_word(word: &str) -> Option<Spn> {
    let word = word
        .trim_matches(|c: char| matches!(c, '\'' | '"' | '(' | ')' | '[' | ']' | ',' | ';' | '.' | ':' | '<' | '>'));
    // The name of a Windows event log has the shape of an SPN: Microsoft-Windows-Kerberos/Operational.
    let log = word.get(..18).is_some_and(|head| head.eq_ignore_ascii_case("Microsoft-Windows-"));
    (word.contains('/') && !log && word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then(|| Spn::parse(word))
        .flatten()
}

/// Lines put together again that a mail client or console wrapped: each record begins at a line that `begins`,
/// and takes the lines directly behind it that don't (at most three, up to a blank one).
pub fn records(lines: &[Line], begins: impl Fn(&str) -> bool) -> Vec<(String, &[Line])> {
    records_up_to(lines, begins, 4)
}

/// The same for records that may be wrapped to more lines than that.
pub fn records_up_to(lines: &[Line], begins: impl Fn(&str) -> bool, most: usize) -> Vec<(String, &[Line])> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut open = false;
    for (i, line) in lines.iter().enumerate() {
        if begins(&line.text) {
            starts.push((i, i.saturating_add(1)));
            open = true;
        } else if line.trimmed().is_empty() {
            open = false;
        } else if open && let Some((start, end)) = starts.last_mut() {
            *end = end.saturating_add(1).min(start.saturating_add(most));
        }
    }
    let record = |(start, end): (usize, usize)| {
        let part = lines.get(start..end)?;
        Some((part.iter().map(|l| l.trimmed()).collect::<Vec<_>>().join(" "), part))
    };
    starts.into_iter().filter_map(record).collect()
}

/// For property tests: reads any cut and any order of the lines of a text with one reader, and every line with its anchor.
#[cfg(test)]
pub fn never_panics(reader: &super::KindReader, text: &str) {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let count = text.lines().count();
    let strategy =
        (0..=text.len(), prop::collection::vec(0..count.max(1), 0..count.saturating_mul(2).max(1)), "\\PC{0,12}");
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    runner
        .run(&strategy, |(cut, order, noise)| {
            let head = (0..=cut).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (before, behind) = text.split_at(head);
            let all: Vec<&str> = text.lines().collect();
            let shuffled = order.iter().map(|i| format!("{}{noise}", all[*i])).collect::<Vec<_>>().join("\n");
            for variant in [before, behind, &shuffled] {
                let lines = crate::ingest::lines::test_lines(variant);
                let reading = (reader.read)(&lines);
                let last = lines.last().map_or(0, |l| l.number);
                for fact in &reading.facts {
                    prop_assert!(fact.place.last_line <= last && fact.place.first_byte <= fact.place.end_byte);
                }
                for line in &lines {
                    let _ = (reader.anchor)(&line.text, None);
                    let _ = (reader.anchor)(&line.text, Some(reader.kind));
                }
                if let Some(json) = reader.json {
                    let _ = json(variant);
                }
            }
            Ok(())
        })
        .unwrap();
}

/// For tests: the kinds that a text is split into.
#[cfg(test)]
pub fn kinds(text: &str) -> Vec<super::kind::Kind> {
    let lines = crate::ingest::lines::test_lines(text);
    crate::ingest::split::split(&lines).iter().map(|s| s.kind).collect()
}
