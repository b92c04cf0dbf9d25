//! Is it a capture, or a piece of one? Told from the first bytes.

use memchr::memmem::find;

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// An object with `constants`: a whole capture, or the first file of a bounded log. Only its end tells.
    Head,
    /// Events, one after the other: a file of a bounded log, NDJSON, a list.
    Events,
    /// What closes a bounded log: the end of the list and the snapshot.
    Closing,
}

/// Keys that stand in `constants` and in no other evidence.
const CONSTANTS: [&[u8]; 5] = [
    b"\"constants\"",
    b"\"logEventTypes\"",
    b"{\"activeFieldTrialGroups\"",
    b"\"logFormatVersion\"",
    b"\"certStatusFlag\"",
];

/// What these first bytes are; `None` when they are no capture's.
pub fn piece(head: &[u8]) -> Option<Piece> {
    let head = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head);
    let head = head.trim_ascii_start();
    let has = |word: &[u8]| find(head, word).is_some();
    let whole_event = || [&b"\"source\""[..], b"\"phase\"", b"\"time\"", b"\"type\""].iter().all(|key| has(key));
    let begun_event = || {
        has(b"{\"params\":{") && [&b"\"source_dependency\""[..], b"\"traffic_annotation\""].iter().any(|key| has(key))
    };
    match head.first()? {
        // A list inside of something else starts with other keys.
        b'{' if CONSTANTS.iter().any(|key| has(key)) => Some(Piece::Head),
        b'{' if has(b"\"events\"") && whole_event() => Some(Piece::Head),
        b'{' | b'[' if whole_event() || begun_event() => Some(Piece::Events),
        b']' if has(b"\"polledData\"") => Some(Piece::Closing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_told_apart() {
        let event = "{\"phase\":0,\"source\":{\"id\":1,\"type\":2},\"time\":\"5\",\"type\":7}";
        for (text, want) in [
            ("\u{feff} {\"constants\":{\"clientInfo\"".to_owned(), Some(Piece::Head)),
            ("{\"activeFieldTrialGroups\":[\"a:b\"]".to_owned(), Some(Piece::Head)),
            (format!("{{\"events\":[{event}"), Some(Piece::Head)),
            (format!("{event},\n"), Some(Piece::Events)),
            (format!("[\n {event}"), Some(Piece::Events)),
            ("{\"params\":{\"source_dependency\":{\"id\":1,".to_owned(), Some(Piece::Events)),
            ("],\n\"polledData\": {\"a\":1}\n}\n".to_owned(), Some(Piece::Closing)),
            ("{\"log\":{\"version\":\"1.2\"".to_owned(), None),
            ("{\"AuthServerAllowlist\":\"*.contoso.com\"}".to_owned(), None),
            ("]".to_owned(), None),
            ("source phase time type".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(piece(text.as_bytes()), want, "{text}");
        }
    }
}
