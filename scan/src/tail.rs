//! The one hot path of the house: what an event line is, read off its tail.
//!
//! Chromium writes one event a line with its keys in alphabetical order, so every line ends in one fixed shape:
//! `"phase":P,"source":{"id":I[,"start_time":"T"],"type":S},"time":"T","type":N},` (netlog.md, 1.1: 67,664 lines of 15
//! captures, no exception). Nine of ten events don't matter here; reading their type costs a look at some hundred bytes
//! instead of a parse of the line, and of those that matter only the parameters are left to parse. That is Chromium's habit, not a contract: whatever deviates by one byte is `None`, and
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

/// One event on a line of its own: all but its parameters is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventLine<'l> {
    /// Its type number.
    pub kind: usize,
    /// The event without the comma and the line end.
    pub text: &'l [u8],
    /// The object of its parameters; nothing where it has none.
    pub params: &'l [u8],
    /// The number of its phase.
    pub phase: i64,
    /// The source's id.
    pub source: i64,
    /// The number of the source's type.
    pub source_kind: i64,
    /// Its time, in the ticks of the capture.
    pub time: i64,
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
    pub fn event_line<'l>(&self, line: &'l [u8]) -> Option<EventLine<'l>> {
        let body = line.strip_suffix(b"\n")?;
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        let text = body.strip_suffix(b",").unwrap_or(body);
        let inner = text.strip_prefix(b"{")?.strip_suffix(b"}")?;
        // Backwards, without a search: `"phase":P,"source":{"id":I[,"start_time":"T"],"type":S},"time":"T","type":N`.
        let (rest, kind) = number_before(inner)?;
        let (rest, time) = number_before(rest.strip_suffix(b"\",\"type\":")?)?;
        let (rest, source_kind) = number_before(rest.strip_suffix(b"},\"time\":\"")?)?;
        let rest = rest.strip_suffix(b",\"type\":")?;
        let rest = match rest.strip_suffix(b"\"") {
            Some(rest) => number_before(rest)?.0.strip_suffix(b",\"start_time\":\"")?,
            None => rest,
        };
        let (rest, source) = number_before(rest)?;
        let (rest, phase) = number_before(rest.strip_suffix(b",\"source\":{\"id\":")?)?;
        let before = rest.strip_suffix(b"\"phase\":")?;
        // Nothing, or `"params":{…},`; a second `"phase":` would be a second event on the line.
        let params = match before {
            b"" => before,
            _ => before.strip_suffix(b",")?,
        };
        let params = params.strip_prefix(b"\"params\":").unwrap_or(params);
        let whole = params.is_empty() || params.first() == Some(&b'{') && params.last() == Some(&b'}');
        if !whole || self.phase.find(params).is_some() {
            return None;
        }
        let kind = usize::try_from(kind).ok()?;
        Some(EventLine { kind, text, params, phase, source, source_kind, time })
    }
}

/// No number of Chromium's is longer, and none so long overflows.
const DIGITS: usize = 18;

/// The number at the end, with or without a minus, and what stands before it.
fn number_before(text: &[u8]) -> Option<(&[u8], i64)> {
    let (mut rest, mut value, mut place) = (text, 0i64, 1i64);
    while let Some((last, head)) = rest.split_last()
        && last.is_ascii_digit()
    {
        value = value.wrapping_add(place.wrapping_mul(i64::from(last.wrapping_sub(b'0'))));
        place = place.wrapping_mul(10);
        rest = head;
    }
    let digits = text.len().wrapping_sub(rest.len());
    if digits == 0 || digits > DIGITS {
        return None;
    }
    match rest.strip_suffix(b"-") {
        Some(rest) => Some((rest, value.wrapping_neg())),
        None => Some((rest, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromiums_lines_are_read_and_nothing_else() {
        let kind = |line: &str| {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            Tails::default().event_line(line.as_bytes()).map(|l| (l.kind, text(l.text)))
        };
        let plain = r#"{"params":{"x":"a \"phase\":1 b"},"phase":1,"source":{"id":-201,"start_time":"90211","type":1},"time":"90212","type":118}"#;
        assert_eq!(kind(&format!("{plain},\n")), Some((118, plain.to_owned())));
        assert_eq!(kind(&format!("{plain},\r\n")), Some((118, plain.to_owned())));
        assert_eq!(kind(&format!("{plain}\n")), Some((118, plain.to_owned())));
        let bare = r#"{"phase":0,"source":{"id":7,"type":39},"time":"-5","type":3}"#;
        assert_eq!(kind(&format!("{bare},\n")), Some((3, bare.to_owned())));
        let line = format!("{plain},\n");
        let read = Tails::default().event_line(line.as_bytes()).unwrap();
        assert_eq!((read.phase, read.source, read.source_kind, read.time), (1, -201, 1, 90_212));
        assert_eq!(read.params, br#"{"x":"a \"phase\":1 b"}"#);
        let line = format!("{bare},\n");
        let read = Tails::default().event_line(line.as_bytes()).unwrap();
        assert_eq!((read.phase, read.source, read.source_kind, read.time, read.params), (0, 7, 39, -5, &b""[..]));
        for other in [
            format!("{plain}],\n"),
            format!("{plain},"),
            format!("{plain},{bare},\n"),
            format!(" {plain},\n"),
            format!("{},\n", plain.replace("\"type\":118", "\"type\": 118")),
            format!("{},\n", plain.replace("\"phase\":1,\"source\"", "\"phase\":1,\"note\":2,\"source\"")),
            format!("{},\n", plain.replace("\"params\":{", "\"params\":[{")),
            format!("{},\n", plain.replace("\"90212\"", "\"99999999999999999999\"")),
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
