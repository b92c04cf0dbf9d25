//! Cuts a capture into its members while the bytes pass by: the `constants` object, and each element of `events`.
//!
//! No tree and no whole-file string: at any time only the current event (or `constants`) is held. Layout does not
//! matter: one event a line as Chromium writes it, re-indented, CRLF, everything on one line, members in any order.
//! What is inside a member is for [`event`](super::event).

use memchr::memchr2;

/// No event of a browser comes near this; something that does is skipped and counted.
const MEMBER_LIMIT: usize = 16 * 1024 * 1024;

/// Where a member stands in the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Line of its first byte, from 1.
    pub first_line: u32,
    /// Line of its last byte.
    pub last_line: u32,
    /// Offset of its first byte.
    pub first_byte: u64,
    /// Offset behind its last byte.
    pub end_byte: u64,
}

/// A member that was cut out whole.
#[derive(Debug, PartialEq, Eq)]
pub enum Member<'b> {
    /// The value of `constants`.
    Constants(&'b [u8]),
    /// One element of `events`.
    Event(&'b [u8], Location),
}

/// How the input ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The outermost object was closed.
    Whole,
    /// It ends before or inside `constants`.
    InConstants,
    /// It ends inside `events`; so many bytes of an unfinished event were dropped.
    InEvents(u64),
    /// It ends behind the events.
    AfterEvents,
    /// There is no `events` member at all.
    NoEvents,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Catch {
    Nothing,
    Constants,
    Event,
}

/// The scanner. Feed it with [`Scanner::push`], end it with [`Scanner::end`].
#[derive(Debug)]
pub struct Scanner {
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The string that was read last at depth 1: the key, when a colon follows.
    key: Vec<u8>,
    reading_key: bool,
    in_events: bool,
    catch: Catch,
    held: Vec<u8>,
    start: Location,
    oversized: bool,
    line: u32,
    offset: u64,
    saw_constants: bool,
    saw_events: bool,
    closed: bool,
    /// Members that were too long to hold.
    pub skipped: u64,
}

impl Default for Scanner {
    fn default() -> Self {
        Scanner::new()
    }
}

impl Scanner {
    /// A new scanner, at line 1.
    pub fn new() -> Scanner {
        Scanner {
            depth: 0,
            in_string: false,
            escaped: false,
            key: Vec::new(),
            reading_key: false,
            in_events: false,
            catch: Catch::Nothing,
            held: Vec::new(),
            start: Location::default(),
            oversized: false,
            line: 1,
            offset: 0,
            saw_constants: false,
            saw_events: false,
            closed: false,
            skipped: 0,
        }
    }

    /// Says that the next byte stands elsewhere in the input: the bytes are lines cut out of a paste.
    pub fn seek(&mut self, line: u32, offset: u64) {
        self.line = line;
        self.offset = offset;
    }

    /// The line that the scanner has reached.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// How many bytes have passed.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Takes the next bytes and hands every member that they complete to `found`.
    pub fn push(&mut self, bytes: &[u8], found: &mut dyn FnMut(Member<'_>)) {
        // `from` is where the uncopied part of the current member starts in these bytes.
        let mut from = 0usize;
        let mut at = 0usize;
        while at < bytes.len() {
            if self.in_string {
                at = self.string(bytes, at);
                continue;
            }
            let Some(&b) = bytes.get(at) else { break };
            let next = at.saturating_add(1);
            match b {
                b'\n' => self.line = self.line.saturating_add(1),
                b'"' => {
                    self.in_string = true;
                    self.reading_key = self.depth == 1 && self.catch == Catch::Nothing;
                    if self.reading_key {
                        self.key.clear();
                    }
                }
                b'{' | b'[' => {
                    if self.opens_member(b) {
                        from = at;
                        self.start = Location {
                            first_line: self.line,
                            last_line: self.line,
                            first_byte: self.position(at),
                            end_byte: 0,
                        };
                    }
                    self.depth = self.depth.saturating_add(1);
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.closes_member() {
                        self.hold(bytes.get(from..next).unwrap_or_default());
                        self.emit(next, found);
                    } else if self.depth == 1 && self.in_events {
                        self.in_events = false;
                    } else if self.depth == 0 {
                        self.closed = true;
                    }
                }
                _ => {}
            }
            at = next;
        }
        if self.catch != Catch::Nothing {
            self.hold(bytes.get(from..).unwrap_or_default());
        }
        self.offset = self.position(bytes.len());
    }

    fn position(&self, at: usize) -> u64 {
        self.offset.saturating_add(u64::try_from(at).unwrap_or(u64::MAX))
    }

    /// Skips through a string and returns the index behind what was consumed.
    fn string(&mut self, bytes: &[u8], at: usize) -> usize {
        if self.escaped {
            self.escaped = false;
            return at.saturating_add(1);
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let stop = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        if self.reading_key && self.key.len() < 64 {
            self.key.extend_from_slice(rest.get(..stop.min(64)).unwrap_or_default());
        }
        match rest.get(stop) {
            Some(b'"') => self.in_string = false,
            Some(_) => self.escaped = true,
            None => return bytes.len(),
        }
        at.saturating_add(stop).saturating_add(1)
    }

    fn opens_member(&mut self, b: u8) -> bool {
        if self.catch != Catch::Nothing {
            return false;
        }
        match (self.depth, b) {
            (1, b'{') if self.key == b"constants" => self.catch = Catch::Constants,
            (1, b'[') if self.key == b"events" => {
                self.in_events = true;
                self.saw_events = true;
            }
            (2, b'{') if self.in_events => self.catch = Catch::Event,
            _ => {}
        }
        self.catch != Catch::Nothing
    }

    fn closes_member(&self) -> bool {
        matches!((self.catch, self.depth), (Catch::Constants, 1) | (Catch::Event, 2))
    }

    fn hold(&mut self, bytes: &[u8]) {
        if self.held.len().saturating_add(bytes.len()) > MEMBER_LIMIT {
            self.oversized = true;
            self.held.clear();
        } else if !self.oversized {
            self.held.extend_from_slice(bytes);
        }
    }

    fn emit(&mut self, end: usize, found: &mut dyn FnMut(Member<'_>)) {
        let held = std::mem::take(&mut self.held);
        let location = Location { last_line: self.line, end_byte: self.position(end), ..self.start };
        if self.oversized {
            self.skipped = self.skipped.saturating_add(1);
        } else if self.catch == Catch::Constants {
            self.saw_constants = true;
            found(Member::Constants(&held));
        } else {
            found(Member::Event(&held, location));
        }
        self.catch = Catch::Nothing;
        self.oversized = false;
        // Keep the buffer: the next event is about as long.
        self.held = held;
        self.held.clear();
    }

    /// How the input ended.
    pub fn end(&self) -> End {
        match (self.closed, self.saw_events) {
            (true, true) => End::Whole,
            (true, false) => End::NoEvents,
            (false, _) if self.catch == Catch::Constants => End::InConstants,
            (false, false) if !self.saw_constants => End::InConstants,
            (false, false) => End::InEvents(0),
            (false, true) if self.in_events => End::InEvents(u64::try_from(self.held.len()).unwrap_or(u64::MAX)),
            (false, true) => End::AfterEvents,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPTURE: &str = "{\"constants\":{\"a\":{\"}\":1}},\n\"events\": [\n{\"type\":1},\n{\"t\":\"\\\"]}\",\n \"x\":[{}]}],\n\"polledData\": {\"events\":[{}]}\n}\n";

    /// The text of each member, its lines and its bytes.
    type Found = Vec<(String, u32, u32, u64, u64)>;

    fn members(text: &str, step: usize) -> (Found, End) {
        let mut scanner = Scanner::new();
        let mut out = Vec::new();
        for chunk in text.as_bytes().chunks(step) {
            scanner.push(chunk, &mut |m| match m {
                Member::Constants(b) => out.push((String::from_utf8_lossy(b).into_owned(), 0, 0, 0, 0)),
                Member::Event(b, l) => out.push((
                    String::from_utf8_lossy(b).into_owned(),
                    l.first_line,
                    l.last_line,
                    l.first_byte,
                    l.end_byte,
                )),
            });
        }
        (out, scanner.end())
    }

    #[test]
    fn members_come_out_whole_whatever_the_pieces() {
        let whole = members(CAPTURE, CAPTURE.len());
        assert_eq!(whole.1, End::Whole);
        assert_eq!(whole.0.len(), 3);
        assert_eq!(whole.0[1].0, "{\"type\":1}");
        assert_eq!((whole.0[2].1, whole.0[2].2), (4, 5));
        for (text, _, _, first, end) in &whole.0[1..] {
            assert_eq!(CAPTURE.get(*first as usize..*end as usize), Some(text.as_str()));
        }
        for step in 1..9 {
            assert_eq!(members(CAPTURE, step), whole, "in pieces of {step}");
        }
    }

    #[test]
    fn members_in_another_order_and_on_one_line() {
        let text = "{\"events\":[{\"type\":1}],\"polledData\":[{}],\"constants\":{}}";
        let (found, end) = members(text, 7);
        assert_eq!((found.len(), end), (2, End::Whole));
    }

    #[test]
    fn a_cut_is_named_by_its_place() {
        let at = |needle: &str| CAPTURE.find(needle).unwrap();
        let cut = |n: usize| members(CAPTURE.get(..n).unwrap(), 5).1;
        assert_eq!(cut(at("}\":1")), End::InConstants);
        assert_eq!(cut(at("{\"t\"") + 5), End::InEvents(5));
        assert_eq!(cut(at("\"polledData\"") + 3), End::AfterEvents);
        assert_eq!(members("{\"constants\":{}}", 3).1, End::NoEvents);
        for n in 0..CAPTURE.len() {
            cut(n);
        }
    }
}
