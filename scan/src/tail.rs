//! The one hot path of the house: what an event line is, read off its tail.
//!
//! Chromium writes one event a line with its keys in alphabetical order, so every line ends in one fixed shape:
//! `"phase":P,"source":{"id":I[,"start_time":"T"],"type":S},"time":"T","type":N},` (netlog.md, 1.1: 67,664 lines of 15
//! captures, no exception). Nine of ten events don't matter here; reading their type costs a look at some hundred bytes
//! instead of a parse of the line. That is Chromium's habit, not a contract: whatever deviates by one byte is `None`, and
//! the scanner reads the line structurally instead.

use memchr::memmem::Finder;

/// The event types that matter, as a set of small numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted(Vec<bool>);

impl Wanted {
    /// A set of type numbers; negative or absurd ones (no build has them) are left to the structural path.
    pub fn new(types: impl IntoIterator<Item = i64>) -> Wanted {
        let mut set = Vec::new();
        for at in types.into_iter().filter_map(|t| usize::try_from(t).ok()).filter(|t| *t < 1 << 16) {
            if set.len() <= at {
                set.resize(at.saturating_add(1), false);
            }
            if let Some(slot) = set.get_mut(at) {
                *slot = true;
            }
        }
        Wanted(set)
    }

    /// True when this type matters.
    pub fn has(&self, kind: usize) -> bool {
        self.0.get(kind).copied().unwrap_or(false)
    }
}

/// One event on a line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// Its type number.
    pub kind: usize,
    /// How many bytes of the line are the event: without the comma and the line end.
    pub length: usize,
}

/// Reads tails. Holds the one search that it needs, prepared once: preparing it costs as much as a line.
#[derive(Clone, Debug)]
pub struct Tails {
    phase: Finder<'static>,
}

impl Default for Tails {
    fn default() -> Self {
        Tails { phase: Finder::new(b"\"phase\":") }
    }
}

impl Tails {
    /// Reads the tail of a line that begins at an element of `events`. `None` when it is not exactly one whole event, with or
    /// without the comma behind it (NDJSON has none).
    #[inline(never)] // see `Scanner::whole_line`
    pub fn event_line(&self, line: &[u8]) -> Option<EventLine> {
        let body = line.strip_suffix(b"\n")?;
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        let body = body.strip_suffix(b",").unwrap_or(body);
        if body.first() != Some(&b'{') {
            return None;
        }
        let (rest, kind) = number_before(body.strip_suffix(b"}")?)?;
        let before = before_phase(rest.strip_suffix(b"\",\"type\":")?)?;
        // `{"params":{…},"phase"` or `{"phase"`; a second `"phase":` would be a second event on the line.
        let whole = before == b"{" || before.ends_with(b"},");
        (whole && self.phase.find(before).is_none()).then_some(EventLine { kind, length: body.len() })
    }
}

/// Takes `"phase":P,"source":{"id":I[,"start_time":"T"],"type":S},"time":"T` off the end, backwards: no search, a few
/// comparisons. Gives what stands before it.
fn before_phase(text: &[u8]) -> Option<&[u8]> {
    let rest = before_signed(text)?.strip_suffix(b"},\"time\":\"")?;
    let rest = before_digits(rest)?.strip_suffix(b",\"type\":")?;
    let rest = match rest.strip_suffix(b"\"") {
        Some(rest) => before_signed(rest)?.strip_suffix(b",\"start_time\":\"")?,
        None => rest,
    };
    let rest = before_signed(rest)?.strip_suffix(b",\"source\":{\"id\":")?;
    before_digits(rest)?.strip_suffix(b"\"phase\":")
}

/// What stands before at least one digit at the end.
fn before_digits(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    while let Some((last, head)) = rest.split_last()
        && last.is_ascii_digit()
    {
        rest = head;
    }
    (rest.len() < text.len()).then_some(rest)
}

/// The same, with or without a minus.
fn before_signed(text: &[u8]) -> Option<&[u8]> {
    before_digits(text).map(|rest| rest.strip_suffix(b"-").unwrap_or(rest))
}

/// The number at the end (at most six digits), and what stands before it.
fn number_before(text: &[u8]) -> Option<(&[u8], usize)> {
    let rest = before_digits(text)?;
    let number = text.get(rest.len()..)?;
    let digit = |b: &u8| usize::from(b.wrapping_sub(b'0'));
    let value = number.iter().fold(0usize, |n, b| n.saturating_mul(10).saturating_add(digit(b)));
    (number.len() <= 6).then_some((rest, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromiums_lines_are_read_and_nothing_else() {
        let kind = |line: &str| {
            Tails::default().event_line(line.as_bytes()).map(|l| (l.kind, line.get(..l.length).unwrap().to_owned()))
        };
        let plain = r#"{"params":{"x":"a \"phase\":1 b"},"phase":1,"source":{"id":-201,"start_time":"90211","type":1},"time":"90212","type":118}"#;
        assert_eq!(kind(&format!("{plain},\n")), Some((118, plain.to_owned())));
        assert_eq!(kind(&format!("{plain},\r\n")), Some((118, plain.to_owned())));
        assert_eq!(kind(&format!("{plain}\n")), Some((118, plain.to_owned())));
        let bare = r#"{"phase":0,"source":{"id":7,"type":39},"time":"-5","type":3}"#;
        assert_eq!(kind(&format!("{bare},\n")), Some((3, bare.to_owned())));
        for other in [
            format!("{plain}],\n"),
            format!("{plain},"),
            format!("{plain},{bare},\n"),
            format!(" {plain},\n"),
            format!("{},\n", plain.replace("\"type\":118", "\"type\": 118")),
            format!("{},\n", plain.replace("\"phase\":1,\"source\"", "\"phase\":1,\"note\":2,\"source\"")),
            "{\"params\":{\"a\":\"b\",\"type\":5},\n".to_owned(),
            "{\"phase\":1,\"a\":\"\",\"type\":5},\n".to_owned(),
            "{\n".to_owned(),
            "\n".to_owned(),
        ] {
            assert_eq!(kind(&other), None, "{other}");
        }
    }

    #[test]
    fn the_set_of_wanted_types() {
        let wanted = Wanted::new([3, 118, -1, 1 << 20]);
        assert!(wanted.has(3) && wanted.has(118) && !wanted.has(4) && !wanted.has(1 << 20));
        assert!(!Wanted::default().has(0));
    }
}
