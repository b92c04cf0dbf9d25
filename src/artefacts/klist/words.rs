//! A listing as a stream of words that know their line: what wrapping and collapsing do not change.

use crate::ingest::lines::Line;

/// A word and the line it stands on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    pub line: &'t Line,
}

impl Word<'_> {
    /// A word that ends a label: `Client:`, fr `:`.
    pub fn ends_label(&self) -> bool {
        self.text.ends_with([':', '：'])
    }
}

/// The words of some lines. `#0>Client:` and `0x…->forwardable` come apart.
pub(super) fn words(lines: &[Line]) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    for line in lines {
        for raw in line.text.split_whitespace() {
            let mut rest = raw;
            if let Some(end) = marker_end(raw)
                && let Some((marker, behind)) = raw.split_at_checked(end)
            {
                out.push(Word { text: marker, line });
                rest = behind;
            }
            let mut parts = rest.split("->").peekable();
            while let Some(part) = parts.next() {
                if !part.is_empty() {
                    out.push(Word { text: part, line });
                }
                if parts.peek().is_some() {
                    out.push(Word { text: "->", line });
                }
            }
        }
    }
    out
}

/// Where `#12>` ends in a word that begins with it.
pub(super) fn marker_end(word: &str) -> Option<usize> {
    let digits = word.strip_prefix('#')?;
    let count = digits.chars().take_while(char::is_ascii_digit).count();
    let behind = digits.get(count..)?;
    (count > 0 && behind.starts_with('>')).then(|| count.saturating_add(2))
}

/// The number of a marker.
pub(super) fn marker(word: &str) -> Option<u32> {
    let end = marker_end(word)?;
    word.get(1..end.saturating_sub(1))?.parse().ok()
}

/// A logon id, `0:0x3e7`. Some languages put letters directly behind it.
pub(super) fn logon_id(word: &str) -> Option<&str> {
    let (high, low) = word.split_once(":0x")?;
    let digits = low.chars().take_while(char::is_ascii_hexdigit).count();
    let behind = low.get(digits..)?;
    let clean = !high.is_empty() && high.chars().all(|c| c.is_ascii_digit()) && digits > 0;
    let ends = behind.chars().next().is_none_or(|c| !c.is_ascii_alphanumeric());
    (clean && ends).then(|| word.get(..word.len().saturating_sub(behind.len()))).flatten()
}

/// `(12)`.
pub(super) fn count(word: &str) -> Option<u32> {
    word.strip_prefix(['(', '（'])?.strip_suffix([')', '）'])?.parse().ok()
}
