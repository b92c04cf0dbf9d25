//! Cuts a capture into its members while the bytes pass by: the `constants` object, and each element of `events`.
//!
//! No tree and no whole-file string: at any time only the current event (or `constants`) is held. Layout does not
//! matter: one event a line as Chromium writes it, re-indented, CRLF, everything on one line, members in any order. Lines
//! of Chromium's own layout are skipped by their [`tail`](tail), which is what makes large captures fast.
//! What is inside a member is for the engine.
//!
//! This is the one hot path of the house. It stands in a crate of its own because the rest of the page is compiled for
//! size, and this for speed.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod tail;

pub use tail::{EventLine, Tails, Wanted};

use memchr::{memchr, memchr2};

/// No event of a browser comes near this; something that does is skipped and counted.
const MEMBER_LIMIT: usize = 16 * 1024 * 1024;

/// A line longer than this is not one of Chromium's events: it is read structurally, without being kept.
const LINE_LIMIT: usize = 1 << 20;

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

/// Takes the members as they are cut out.
pub trait Sink {
    /// The value of `constants`. Gives the types that matter, when it could be understood.
    fn constants(&mut self, text: &[u8]) -> Option<Wanted>;
    /// One element of `events`.
    fn event(&mut self, text: &[u8], location: Location);
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
    /// Set once `constants` were understood: from then on lines are skipped by their tails.
    wanted: Option<Wanted>,
    tails: Tails,
    /// A line that is not whole yet, begun at an element of `events`.
    partial: Vec<u8>,
    at_line_start: bool,
    /// Events that were skipped by their tails.
    pub passed_over: u64,
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
            wanted: None,
            tails: Tails::default(),
            partial: Vec::new(),
            at_line_start: false,
            passed_over: 0,
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

    /// Takes the next bytes and hands every member that they complete to the sink.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let mut rest = bytes;
        if !self.partial.is_empty() {
            let Some(end) = memchr(b'\n', rest) else {
                self.keep(rest, sink);
                return;
            };
            let (head, tail) = rest.split_at_checked(end.saturating_add(1)).unwrap_or((rest, &[]));
            let mut line = std::mem::take(&mut self.partial);
            line.extend_from_slice(head);
            self.whole_line(&line, sink);
            line.clear();
            self.partial = line;
            rest = tail;
        }
        while !rest.is_empty() {
            let consumed = if self.between_events() {
                match memchr(b'\n', rest) {
                    Some(end) => {
                        let line = rest.get(..end.saturating_add(1)).unwrap_or(rest);
                        self.whole_line(line, sink);
                        line.len()
                    }
                    None => {
                        self.keep(rest, sink);
                        rest.len()
                    }
                }
            } else {
                self.structural(rest, sink)
            };
            rest = rest.get(consumed..).unwrap_or_default();
        }
    }

    /// At the start of a line, between two elements of `events`, with the types known: here a line may be skipped.
    fn between_events(&self) -> bool {
        self.at_line_start
            && self.wanted.is_some()
            && self.in_events
            && self.depth == 2
            && self.catch == Catch::Nothing
            && !self.in_string
    }

    /// Keeps the beginning of a line until its end comes; a line that grows too long is read structurally.
    fn keep(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        self.partial.extend_from_slice(bytes);
        if self.partial.len() > LINE_LIMIT {
            let line = std::mem::take(&mut self.partial);
            self.at_line_start = false;
            self.all(&line, sink);
        }
    }

    /// A whole line that begins between two events. Never inlined: a browser starts with slow code and replaces it function
    /// by function, at the next call; one that is called for every line is fast after a few milliseconds.
    #[inline(never)]
    fn whole_line(&mut self, line: &[u8], sink: &mut dyn Sink) {
        let event = self.tails.event_line(line);
        let wanted = event.zip(self.wanted.as_ref()).map(|(e, w)| w.has(e.kind));
        match (event, wanted) {
            (Some(_), Some(false)) => self.passed_over = self.passed_over.saturating_add(1),
            (Some(event), Some(true)) => {
                let first_byte = self.offset;
                let end_byte = first_byte.saturating_add(u64::try_from(event.length).unwrap_or(u64::MAX));
                let location = Location { first_line: self.line, last_line: self.line, first_byte, end_byte };
                sink.event(line.get(..event.length).unwrap_or(line), location);
            }
            _ => {
                self.at_line_start = false;
                return self.all(line, sink);
            }
        }
        self.line = self.line.saturating_add(1);
        self.offset = self.position(line.len());
    }

    /// Reads all of these bytes structurally.
    fn all(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let consumed = self.structural(rest, sink);
            rest = rest.get(consumed..).unwrap_or_default();
        }
    }

    /// Reads structurally, until these bytes end or a line ends between two events; gives how many bytes were consumed.
    fn structural(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> usize {
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
            self.at_line_start = b == b'\n';
            match b {
                b'\n' => {
                    self.line = self.line.saturating_add(1);
                    if self.between_events() {
                        self.offset = self.position(next);
                        return next;
                    }
                }
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
                        self.emit(next, sink);
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
        bytes.len()
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

    fn emit(&mut self, end: usize, sink: &mut dyn Sink) {
        let held = std::mem::take(&mut self.held);
        let location = Location { last_line: self.line, end_byte: self.position(end), ..self.start };
        if self.oversized {
            self.skipped = self.skipped.saturating_add(1);
        } else if self.catch == Catch::Constants {
            self.saw_constants = true;
            self.wanted = sink.constants(&held);
        } else {
            sink.event(&held, location);
        }
        self.catch = Catch::Nothing;
        self.oversized = false;
        // Keep the buffer: the next event is about as long.
        self.held = held;
        self.held.clear();
    }

    /// Ends the input: a line that was kept without its end is read as far as it goes.
    pub fn finish(&mut self, sink: &mut dyn Sink) {
        let line = std::mem::take(&mut self.partial);
        self.at_line_start = false;
        self.all(&line, sink);
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

    #[derive(Default)]
    struct Kept {
        found: Found,
        wanted: Option<Wanted>,
    }

    impl Sink for Kept {
        fn constants(&mut self, text: &[u8]) -> Option<Wanted> {
            self.found.push((String::from_utf8_lossy(text).into_owned(), 0, 0, 0, 0));
            self.wanted.clone()
        }
        fn event(&mut self, text: &[u8], l: Location) {
            self.found.push((
                String::from_utf8_lossy(text).into_owned(),
                l.first_line,
                l.last_line,
                l.first_byte,
                l.end_byte,
            ));
        }
    }

    fn members(text: &str, step: usize) -> (Found, End) {
        scanned(text, step, None).0
    }

    fn scanned(text: &str, step: usize, wanted: Option<Wanted>) -> ((Found, End), u64) {
        let mut scanner = Scanner::new();
        let mut kept = Kept { wanted, ..Kept::default() };
        for chunk in text.as_bytes().chunks(step) {
            scanner.push(chunk, &mut kept);
        }
        scanner.finish(&mut kept);
        ((kept.found, scanner.end()), scanner.passed_over)
    }

    #[test]
    fn lines_that_do_not_matter_are_passed_over_and_the_others_come_out_as_before() {
        let line = |kind: u32| {
            format!(
                "{{\"params\":{{\"n\":{kind}}},\"phase\":0,\"source\":{{\"id\":1,\"type\":1}},\"time\":\"5\",\"type\":{kind}}}"
            )
        };
        let odd = format!("{{\n \"type\": 7, \"params\": {{}} }},{},\n", line(7));
        let text = format!(
            "{{\"constants\":{{}},\n\"events\": [\n{},\n{},\n{odd}{},\r\n{}],\n\"polledData\": {{}}\n}}\n",
            line(7),
            line(8),
            line(9),
            line(7)
        );
        let all = members(&text, 4096);
        let keep = |f: &&(String, u32, u32, u64, u64)| !f.0.contains("\"type\":8") && !f.0.contains("\"type\":9");
        let wanted: Found = all.0.iter().filter(keep).cloned().collect();
        assert_eq!((all.0.len(), wanted.len()), (7, 5));
        for step in [1, 3, 10, 61, 4096] {
            let ((found, end), passed_over) = scanned(&text, step, Some(Wanted::new([7])));
            assert_eq!((found, end, passed_over), (wanted.clone(), all.1, 2), "in pieces of {step}");
        }
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
