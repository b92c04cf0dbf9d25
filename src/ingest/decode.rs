//! Bytes → lines. The one decoder of the house: UTF-8, UTF-16 with and without BOM, else an 8-bit page.

use super::clean::clean;
use super::lines::Line;

/// How the bytes were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 (or plain ASCII).
    Utf8,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// An 8-bit page. Which one cannot be told; it is read as Windows-1252, and only letters beyond ASCII may be wrong.
    EightBit,
}

impl Encoding {
    /// How to say it to a person.
    pub fn says(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16 (little endian)",
            Encoding::Utf16Be => "UTF-16 (big endian)",
            Encoding::EightBit => "an 8-bit page (read as Windows-1252; other letters may look wrong)",
        }
    }
}

/// Decoded lines.
#[derive(Clone, Debug)]
pub struct Text {
    /// How the bytes were read.
    pub encoding: Encoding,
    /// The lines.
    pub lines: Vec<Line>,
}

/// True when the bytes are no text in any encoding that we read: an image, a program, noise.
pub fn looks_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    if head.is_empty() || matches!(encoding_of(head), Encoding::Utf16Le | Encoding::Utf16Be) {
        return false;
    }
    let odd = head
        .iter()
        .filter(|b| (**b < 0x20 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)) || **b == 0x7f)
        .count();
    odd.saturating_mul(50) > head.len()
}

fn encoding_of(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xff, 0xfe, ..] => return Encoding::Utf16Le,
        [0xfe, 0xff, ..] => return Encoding::Utf16Be,
        [0xef, 0xbb, 0xbf, ..] => return Encoding::Utf8,
        _ => {}
    }
    // Without a BOM: text of mostly ASCII in UTF-16 has a zero in every other byte.
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let zeros = |parity: usize| head.iter().enumerate().filter(|(i, b)| i % 2 == parity && **b == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    if pairs >= 4 && odd.saturating_mul(3) > pairs && even.saturating_mul(10) < pairs {
        return Encoding::Utf16Le;
    }
    if pairs >= 4 && even.saturating_mul(3) > pairs && odd.saturating_mul(10) < pairs {
        return Encoding::Utf16Be;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Encoding::Utf8,
        // A character cut at the end of the input is a cut input, not another encoding.
        Err(e) if e.error_len().is_none() && e.valid_up_to() > 0 => Encoding::Utf8,
        Err(_) => Encoding::EightBit,
    }
}

/// Decodes and splits into lines; each line knows its bytes in the input.
pub fn decode(bytes: &[u8]) -> Text {
    let encoding = encoding_of(bytes);
    let lines = match encoding {
        Encoding::Utf8 => split(bytes, if bytes.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 }, 1, |b| b.to_vec()),
        Encoding::EightBit => split(bytes, 0, 1, windows_1252),
        Encoding::Utf16Le => utf16(bytes, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(bytes, u16::from_be_bytes),
    };
    Text { encoding, lines }
}

/// Splits single-byte-unit text; `decode` turns the bytes of a line into UTF-8.
fn split(bytes: &[u8], skip: usize, first_number: u32, decode: impl Fn(&[u8]) -> Vec<u8>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = skip;
    let mut number = first_number;
    let body = bytes.get(skip..).unwrap_or_default();
    let ends = body.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i.saturating_add(skip));
    for end in ends.chain(std::iter::once(bytes.len())) {
        let Some(raw) = bytes.get(start..end) else { continue };
        if end == bytes.len() && raw.is_empty() {
            break;
        }
        let trimmed = raw.strip_suffix(b"\r").unwrap_or(raw);
        let text = String::from_utf8_lossy(&decode(trimmed)).into_owned();
        // A lone CR inside: the classic Mac line end, or a progress line. Blank is the safe reading.
        lines.push(line(number, start, start.saturating_add(trimmed.len()), text.replace('\r', " ")));
        number = number.saturating_add(1);
        start = end.saturating_add(1);
    }
    lines
}

fn line(number: u32, first: usize, end: usize, text: String) -> Line {
    let offset = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Line { number, first_byte: offset(first), end_byte: offset(end), text: clean(&text) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<Line> {
    let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|c| c.try_into().ok()).map(unit).collect();
    let skip = usize::from(units.first() == Some(&0xfeff));
    let mut lines = Vec::new();
    let mut number = 1u32;
    let mut start = skip;
    let ends = units.iter().enumerate().skip(skip).filter(|(_, u)| **u == 0x0a).map(|(i, _)| i);
    for end in ends.chain(std::iter::once(units.len())) {
        let Some(raw) = units.get(start..end) else { continue };
        if end == units.len() && raw.is_empty() {
            break;
        }
        let trimmed = raw.strip_suffix(&[0x0d]).unwrap_or(raw);
        let text: String =
            char::decode_utf16(trimmed.iter().copied()).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        let byte = |n: usize| n.saturating_mul(2);
        lines.push(line(number, byte(start), byte(start.saturating_add(trimmed.len())), text));
        number = number.saturating_add(1);
        start = end.saturating_add(1);
    }
    lines
}

/// Windows-1252's upper half where it differs from Latin-1.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(bytes: &[u8]) -> Vec<u8> {
    let text: String = bytes
        .iter()
        .map(|b| match b {
            0x80..=0x9f => UPPER.get(usize::from(b & 0x1f)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
            b => char::from(*b),
        })
        .collect();
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "Clé: a @ B\r\n\tServer: x\r\nlast";

    fn texts(bytes: &[u8]) -> (Encoding, Vec<(u32, u64, u64, String)>) {
        let t = decode(bytes);
        (t.encoding, t.lines.into_iter().map(|l| (l.number, l.first_byte, l.end_byte, l.text)).collect())
    }

    #[test]
    fn every_encoding_gives_the_same_lines_and_true_offsets() {
        let (e, utf8) = texts(SAMPLE.as_bytes());
        assert_eq!(e, Encoding::Utf8);
        assert_eq!(utf8[1], (2, 13, 23, "\tServer: x".to_owned()));
        let le: Vec<u8> = SAMPLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = SAMPLE.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let bom = [&[0xff, 0xfe][..], &le].concat();
        for (bytes, encoding, shift) in
            [(&le, Encoding::Utf16Le, 0), (&be, Encoding::Utf16Be, 0), (&bom, Encoding::Utf16Le, 2)]
        {
            let (e, lines) = texts(bytes);
            assert_eq!(e, encoding);
            let words: Vec<&String> = lines.iter().map(|l| &l.3).collect();
            assert_eq!(words, utf8.iter().map(|l| &l.3).collect::<Vec<_>>());
            assert_eq!((lines[1].1, lines[1].2), (24 + shift, 44 + shift));
        }
        let latin: Vec<u8> = SAMPLE.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let (e, lines) = texts(&latin);
        assert_eq!(e, Encoding::EightBit);
        assert_eq!(lines.iter().map(|l| &l.3).collect::<Vec<_>>(), utf8.iter().map(|l| &l.3).collect::<Vec<_>>());
        assert_eq!(lines[1].1, 12);
    }

    #[test]
    fn images_and_noise_are_binary_text_is_not() {
        assert!(looks_binary(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x03"));
        let noise: Vec<u8> = (0u32..4096).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(looks_binary(&noise));
        assert!(!looks_binary(SAMPLE.as_bytes()) && !looks_binary(b"") && !looks_binary("клиент: a @ B".as_bytes()));
        let le: Vec<u8> = SAMPLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!looks_binary(&le));
    }

    #[test]
    fn a_character_cut_at_the_end_stays_utf_8() {
        let cut = &"klist é".as_bytes()[..7];
        assert_eq!(decode(cut).encoding, Encoding::Utf8);
    }
}
