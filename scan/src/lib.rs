//! Cuts a capture into its members while the bytes pass by: the `constants` object, and each element of `events`.
//!
//! No tree and no whole-file string: at any time only the current event (or `constants`) is held. Layout does not
//! matter: one event a line as Chromium writes it, re-indented, CRLF, everything on one line, members in any order; an
//! object around everything, a bare list, or one object after the other (the pieces of a bounded log, NDJSON). Lines
//! of Chromium's own layout are skipped by their [`tail`](tail), which is what makes large captures fast.
//! What is inside a member is for the engine.
//!
//! This is the one hot path of the house. It stands in a crate of its own because the rest of the page is compiled for
//! size, and this for speed.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod header;
mod tail;

pub use header::{speaks_of_authorization, speaks_of_challenge};
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
    /// One element of `events` that stands on a line of Chromium's own layout.
    fn line(&mut self, line: &EventLine<'_>, location: Location) {
        self.event(line.text, location);
    }
}

/// How the input ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The outermost object was closed, or the snapshot came that is written last.
    Whole,
    /// It ends before or inside `constants`, of which there are so many bytes.
    InConstants(u64),
    /// It ends inside `events`; so many bytes of an unfinished event were dropped.
    InEvents(u64),
    /// It ends behind the events; so many bytes stand behind them.
    AfterEvents(u64),
    /// Events one after the other, the last one whole: nothing shows whether more were written.
    Open,
    /// There is no event at all.
    NoEvents,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Catch {
    Nothing,
    /// An outermost object whose first key has not come yet.
    Root,
    Constants,
    Event,
}

/// The keys of an object that holds a whole capture, and of the last line of one in NDJSON.
const WRAPPER: [&[u8]; 5] = [b"constants", b"events", b"polledData", b"userComments", b"tabData"];
/// The keys of an event.
const EVENT: [&[u8]; 5] = [b"params", b"phase", b"source", b"time", b"type"];

/// The scanner. Feed it with [`Scanner::push`], end it with [`Scanner::end`].
#[derive(Clone, Debug)]
pub struct Scanner {
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The string that was read last at depth 1: the key, when a colon follows.
    key: Vec<u8>,
    reading_key: bool,
    in_events: bool,
    /// The depth at which events stand: 2 inside an object, 1 in a bare list, 0 one after the other.
    base: u32,
    catch: Catch,
    /// The depth at which the caught member began.
    member: u32,
    held: Vec<u8>,
    start: Location,
    oversized: bool,
    line: u32,
    offset: u64,
    saw_constants: bool,
    saw_events: bool,
    saw_snapshot: bool,
    closed: bool,
    /// Where the list of events was closed.
    events_end: u64,
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
    /// Bytes behind the end that are no part of it, blanks aside.
    pub stray: u64,
    /// Bytes of events that a piece left unfinished at its end.
    pub dropped: u64,
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
            base: 2,
            catch: Catch::Nothing,
            member: 0,
            held: Vec::new(),
            start: Location::default(),
            oversized: false,
            line: 1,
            offset: 0,
            saw_constants: false,
            saw_events: false,
            saw_snapshot: false,
            closed: false,
            events_end: 0,
            wanted: None,
            tails: Tails::default(),
            partial: Vec::new(),
            at_line_start: false,
            passed_over: 0,
            skipped: 0,
            dropped: 0,
            stray: 0,
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
            && self.depth == self.base
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
                let end_byte = first_byte.saturating_add(length(event.text));
                let location = Location { first_line: self.line, last_line: self.line, first_byte, end_byte };
                sink.line(&event, location);
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
                    self.reading_key = self.depth == 1 && matches!(self.catch, Catch::Nothing | Catch::Root);
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
                    let closes_list = self.in_events && self.catch == Catch::Nothing && self.depth == self.base;
                    self.depth = self.depth.saturating_sub(1);
                    if self.catch != Catch::Nothing && self.depth == self.member {
                        self.hold(bytes.get(from..next).unwrap_or_default());
                        self.emit(next, sink);
                    } else if closes_list && b == b']' {
                        self.in_events = false;
                        self.events_end = self.position(next);
                        // What closes nothing here is the closing part of a bounded log.
                        self.saw_snapshot |= self.base == 0;
                        self.closed |= self.base == 1;
                    } else if self.depth == 0 {
                        self.closed = true;
                    }
                }
                b':' => {
                    if self.catch == Catch::Root {
                        self.name_root();
                    }
                }
                _ => {
                    if self.depth == 0 {
                        self.behind(b);
                    }
                }
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
            (0, b'{') if !self.saw_snapshot => {
                self.catch = Catch::Root;
                self.key.clear();
            }
            (0, b'[') if !self.closed && !self.saw_events => self.open_events(1),
            (depth, b'{') if self.in_events && depth == self.base => self.catch = Catch::Event,
            (1, b'{') if self.key == b"constants" => self.catch = Catch::Constants,
            (1, b'[') if self.key == b"events" => self.open_events(2),
            _ => {}
        }
        self.member = self.depth;
        self.catch != Catch::Nothing
    }

    fn open_events(&mut self, base: u32) {
        self.in_events = true;
        self.saw_events = true;
        self.base = base;
    }

    /// A byte outside of everything.
    #[cold]
    fn behind(&mut self, b: u8) {
        if self.closed && b.is_ascii_graphic() {
            self.stray = self.stray.saturating_add(1);
        }
    }

    /// The first key of an outermost object says what it is. What is neither a capture nor an event may be the bare constants.
    fn name_root(&mut self) {
        let key = self.key.as_slice();
        if WRAPPER.contains(&key) {
            self.saw_snapshot |= self.saw_events && key == b"polledData";
            self.closed = false;
            self.catch = Catch::Nothing;
            self.held.clear();
        } else if key.is_empty() {
            // No JSON: what stands behind a capture.
            self.catch = Catch::Nothing;
            self.held.clear();
        } else if EVENT.contains(&key) {
            self.catch = Catch::Event;
            self.open_events(0);
        } else {
            self.catch = Catch::Constants;
        }
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
        match self.catch {
            _ if self.oversized => self.skipped = self.skipped.saturating_add(1),
            Catch::Constants => {
                let wanted = sink.constants(&held);
                self.saw_constants |= self.member == 1 || wanted.is_some();
                self.wanted = wanted.or(self.wanted.take());
            }
            Catch::Event => sink.event(&held, location),
            Catch::Root | Catch::Nothing => {}
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

    /// The next bytes are those of another file of the same capture. What this one left unfinished is dropped.
    pub fn next_piece(&mut self, sink: &mut dyn Sink) {
        let fresh_line = self.at_line_start && self.partial.is_empty();
        self.finish(sink);
        if !fresh_line {
            self.line = self.line.saturating_add(1);
        }
        if matches!(self.catch, Catch::Event | Catch::Root) {
            self.dropped = self.dropped.saturating_add(length(&self.held));
        }
        (self.catch, self.in_string, self.escaped, self.oversized) = (Catch::Nothing, false, false, false);
        self.held.clear();
        // Between two events goes on; anything else (a head that was cut) is left for whatever comes next.
        self.depth = if self.in_events { self.base } else { 0 };
        self.at_line_start = true;
    }

    /// How the input ended.
    pub fn end(&self) -> End {
        match self.catch {
            Catch::Constants => return End::InConstants(length(&self.held)),
            Catch::Event | Catch::Root => return End::InEvents(length(&self.held)),
            Catch::Nothing => {}
        }
        match (self.saw_events, self.in_events) {
            (false, _) if self.saw_constants => End::NoEvents,
            (false, _) if self.closed => End::NoEvents,
            (false, _) => End::InConstants(self.offset),
            (true, _) if self.saw_snapshot && self.base == 0 => End::Whole,
            (true, true) if self.base == 0 => End::Open,
            (true, true) => End::InEvents(0),
            (true, false) if self.closed => End::Whole,
            (true, false) => End::AfterEvents(self.offset.saturating_sub(self.events_end)),
        }
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
