//! A whole capture, fed in pieces: facts, problems, and the lines that matter.

use super::ending::{self, Met};
use super::event::{Constants, Event, Name, Vocabulary};
use super::handshakes::{Joined, Joiner};
use super::kept::DIFFERENT;
use super::{shape, sniff};
use crate::facts::{AuthTarget, Browser, CaptureNote, Fact, Handshake, Place, Problem, Statement};
use crate::ingest::ShownLine;
use doublehop_scan::{End, EventLine, Location, Scanner, Sink, Wanted, speaks_of_authorization, speaks_of_challenge};
use std::collections::VecDeque;

/// How many lines are kept to be shown: the last ones, since they tell how things are now.
const SHOWN: usize = 2000;
/// How much of such a line is kept until the end; more is never shown.
const SHOWN_BYTES: usize = 16_000;
/// Events that came before `constants` and wait for their names.
const WAITING_BYTES: usize = 32 * 1024 * 1024;

/// Reads one capture.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    scanner: Scanner,
    reader: Events,
    first_line: Option<u32>,
    /// The files that it was put together from, each with its first line.
    pieces: Vec<(String, u32)>,
}

#[derive(Clone, Debug, Default)]
struct Events {
    /// Who wrote it, once its `constants` were read.
    browser: Option<Browser>,
    vocabulary: Vocabulary,
    joiner: Joiner,
    waiting: Vec<(Vec<u8>, Location)>,
    waiting_bytes: usize,
    shown: VecDeque<(u32, Vec<u8>)>,
    events: u64,
    relevant: u64,
    broken: u64,
    broken_constants: bool,
    lost_waiting: u64,
    /// Further captures behind the first, in the same input.
    further: u64,
}

/// What a capture gave.
#[derive(Debug, Default)]
pub struct Captured {
    /// The statements.
    pub facts: Vec<Fact>,
    /// What was met on the way.
    pub problems: Vec<Problem>,
    /// The lines that matter, secrets masked.
    pub shown: Vec<ShownLine>,
    /// How many lines the file has.
    pub lines: u32,
    /// How it was recognised.
    pub why: String,
}

impl Capture {
    /// True when these first bytes are those of a capture, or of a piece of one.
    pub fn sniff(head: &[u8]) -> bool {
        sniff::piece(head).is_some()
    }

    /// A new capture.
    pub fn new() -> Capture {
        Capture::default()
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.scanner.push(bytes, &mut self.reader);
    }

    /// Says that the next bytes are those of another file of the same capture.
    pub fn next_piece(&mut self, name: &str) {
        if !self.pieces.is_empty() || self.scanner.offset() > 0 {
            self.scanner.next_piece(&mut self.reader);
        }
        self.pieces.push((name.to_owned(), self.scanner.line()));
    }

    /// Says where the next bytes stand in the input, when they are lines of a paste rather than a file of its own.
    pub fn seek(&mut self, line: u32, first_byte: u64) {
        self.scanner.seek(line, first_byte);
        self.first_line.get_or_insert(line);
    }

    /// How many events have passed so far, and how many of them mattered.
    pub fn progress(&self) -> (u64, u64) {
        (self.reader.events.saturating_add(self.scanner.passed_over), self.reader.relevant)
    }

    /// What it would give if it ended here; nothing before the numbers have names.
    pub fn so_far(&self) -> Option<Captured> {
        self.reader.browser.as_ref()?;
        let mut read = self.clone().finish();
        let says = "This capture is still being read: what comes may change what is said of it.".to_owned();
        read.problems = vec![Problem { line: read.lines, says }];
        for fact in &mut read.facts {
            if let Statement::CaptureNote(note) = &mut fact.says {
                note.truncated = true;
            }
        }
        Some(read)
    }

    /// Ends the capture.
    pub fn finish(self) -> Captured {
        let Capture { mut scanner, mut reader, first_line, pieces } = self;
        scanner.finish(&mut reader);
        let head = first_line.unwrap_or(1);
        let (end, lines) = (scanner.end(), scanner.line());
        let events = reader.events.saturating_add(scanner.passed_over);
        let named = reader.browser.is_some();
        if !named {
            reader.read_by_shape();
        }
        let mut problems = Vec::new();
        let mut say = |line: u32, says: String| problems.push(Problem { line, says });
        let met = Met { end, bytes: scanner.offset(), events, named };
        ending::says(met).into_iter().for_each(|says| say(lines, says));
        reader.say(named, lines, scanner.skipped, &mut say);
        if scanner.stray > 0 {
            let says = "characters stand behind the end of the capture and were not read. If they are evidence, paste them by themselves.";
            say(lines, format!("{} {says}", scanner.stray));
        }
        if scanner.dropped > 0 {
            let says = "bytes of events that a piece left unfinished at its end were dropped.";
            say(lines, format!("{} {says}", scanner.dropped));
        }

        let legacy = reader.joiner.legacy;
        let Joined { handshakes, total, let_go, unaddressed } = reader.joiner.finish();
        let with_server = handshakes.iter().filter(|h| h.target == AuthTarget::Server && spoke_negotiate(h)).count();
        let mut facts = Vec::new();
        let whole = Place { first_line: head, last_line: head, ..Place::default() };
        if let Some(browser) = reader.browser {
            facts.push(Fact { place: whole.clone(), says: Statement::Browser(browser) });
        }
        let partial = end != End::Whole || legacy || !named || wrapped(&pieces) || reader.lost_waiting > 0;
        facts.push(Fact {
            place: whole,
            says: Statement::CaptureNote(CaptureNote {
                events,
                relevant: reader.relevant,
                truncated: partial,
                bytes: scanner.offset(),
                no_handshake: with_server == 0,
            }),
        });
        if legacy {
            say(head, LEGACY.to_owned());
        } else if with_server == 0 && events > 0 {
            say(head, NO_HANDSHAKE.to_owned());
        }
        if let_go > 0 {
            say(
                head,
                format!(
                    "{total} authentication conversations, more than can be kept: the last {DIFFERENT} different ones are judged, {let_go} older ones were let go."
                ),
            );
        }
        if unaddressed > 0 {
            say(
                head,
                format!(
                    "{unaddressed} authentication conversations do not tell whether they were with a server or with a proxy, and were left out."
                ),
            );
        }
        if let Some(missing) = missing(&pieces) {
            say(head, missing);
        }
        for handshake in handshakes {
            facts.push(Fact { place: handshake_place(&handshake), says: Statement::Handshake(Box::new(handshake)) });
        }
        let shown = |(number, text): (u32, Vec<u8>)| ShownLine::of(number, String::from_utf8_lossy(&text).trim());
        Captured { facts, problems, shown: reader.shown.into_iter().map(shown).collect(), lines, why: why(&pieces) }
    }
}

impl Sink for Events {
    fn constants(&mut self, text: &[u8]) -> Option<Wanted> {
        let parsed: Result<Constants, _> = serde_json::from_slice(text);
        match parsed {
            Ok(constants) if constants.names_types() => {
                if self.browser.is_some() {
                    self.further = self.further.saturating_add(1);
                    self.joiner.next_capture();
                }
                self.vocabulary = Vocabulary::new(&constants);
                self.joiner.legacy = !self.vocabulary.knows_auth();
                self.browser.get_or_insert(browser(&constants));
                for (text, location) in std::mem::take(&mut self.waiting) {
                    self.typed(&text, location);
                }
                Some(self.vocabulary.wanted())
            }
            Ok(_) => None,
            Err(_) => {
                // Other braces behind a capture are no head of it.
                self.broken_constants |= self.browser.is_none();
                None
            }
        }
    }

    fn event(&mut self, text: &[u8], location: Location) {
        self.events = self.events.saturating_add(1);
        if self.browser.is_some() {
            self.typed(text, location);
            return;
        }
        self.wait(text, location);
    }

    fn line(&mut self, line: &EventLine<'_>, location: Location) {
        self.events = self.events.saturating_add(1);
        if self.browser.is_none() {
            self.wait(line.text, location);
        } else if let Some(event) = self.vocabulary.line(line) {
            self.take(&event, line.text, location);
        }
    }
}

impl Events {
    fn wait(&mut self, text: &[u8], location: Location) {
        // When there is too much to keep, what can be told without a name comes first.
        let room = if shape::may_be_told(text) { WAITING_BYTES.saturating_mul(2) } else { WAITING_BYTES };
        if self.waiting_bytes.saturating_add(text.len()) <= room {
            self.waiting_bytes = self.waiting_bytes.saturating_add(text.len());
            self.waiting.push((text.to_vec(), location));
        } else {
            self.lost_waiting = self.lost_waiting.saturating_add(1);
        }
    }

    fn typed(&mut self, text: &[u8], location: Location) {
        // A byte spoilt on the way (a file saved in an 8-bit page) costs a letter, not the event.
        let whole = String::from_utf8_lossy(text);
        match self.vocabulary.event(&whole) {
            Ok(Some(event)) => self.take(&event, text, location),
            Ok(None) => {}
            Err(_) => self.broken = self.broken.saturating_add(1),
        }
    }

    fn take(&mut self, event: &Event<'_>, text: &[u8], location: Location) {
        if worth_showing(event.name) && self.concerns(event) {
            // Every request begins so: its URL is shown, and tells nothing about authentication by itself.
            self.relevant = self.relevant.saturating_add(u64::from(event.name != Name::StartJob));
            if self.shown.len() >= SHOWN {
                self.shown.pop_front();
            }
            let text = text.get(..text.len().min(SHOWN_BYTES)).unwrap_or_default();
            self.shown.push_back((location.first_line, text.to_vec()));
        }
        self.joiner.take(event, location);
    }

    /// The numbers have no names: what can be told by its parameters is read.
    fn read_by_shape(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.vocabulary = shape::learn(waiting.iter().map(|(text, _)| text.as_slice()));
        self.joiner.only_addressed = true;
        for (text, location) in waiting {
            self.typed(&text, location);
        }
    }

    /// Is this line about authentication? Requests and answers of other traffic are many, and masking each takes long.
    fn concerns(&self, event: &Event<'_>) -> bool {
        let speaks = match event.name {
            Name::ReadHeaders => speaks_of_challenge(event.text),
            name => !name.sends_headers() || speaks_of_authorization(event.text),
        };
        speaks || self.joiner.is_bound(event.source)
    }

    fn say(&self, named: bool, last_line: u32, skipped: u64, say: &mut impl FnMut(u32, String)) {
        if self.broken_constants {
            say(1, "The head of the capture (constants) cannot be read, so the numbers of its events have no names. Take a new capture.".to_owned());
        } else if !named && self.events > 0 {
            say(
                1,
                format!(
                    "The head of the capture (constants) is missing: the numbers of its {} events have no names, and they differ from build to build. \
                     {} events of authentication and HTTP were told by their parameters, the others were left out: what is not told here may still be in them. \
                     Hand in constants.json, which lies in the same folder, together with the event files.",
                    self.events, self.relevant
                ),
            );
        }
        if self.broken > 0 {
            say(last_line, format!("{} events could not be read and were left out.", self.broken));
        }
        if self.lost_waiting > 0 {
            say(
                1,
                format!(
                    "{} events stand before the head of the capture (constants), more than can wait for it, and were left out.",
                    self.lost_waiting
                ),
            );
        }
        if self.further > 0 {
            say(
                last_line,
                format!(
                    "{} further captures stand behind the first in the same file; each was read by itself.",
                    self.further
                ),
            );
        }
        if skipped > 0 {
            say(last_line, format!("{skipped} oversized members were left out."));
        }
    }
}

fn worth_showing(name: Name) -> bool {
    !matches!(name, Name::RequestAlive | Name::PrivacyMode | Name::GenerateToken)
}

const LEGACY: &str = "This capture is from a build before 2019 that did not log authentication in detail: which schemes the server offers, how long the \
                      tokens are and how the server answers was read; the SPN, what the browser asked for and what it got are not in it. \
                      Take a new one with a current browser.";
const NO_HANDSHAKE: &str = "No Negotiate handshake with a web server in this capture. Close every window of the browser, open it again, start logging in edge://net-export \
                            (or chrome://net-export), load the failing page once in another tab, stop logging. A page in IE mode never shows up here.";

/// How it was recognised, and what it was put together from.
fn why(pieces: &[(String, u32)]) -> String {
    let mut why = "JSON with logEventTypes and events: a net-export capture".to_owned();
    if pieces.len() > 1 {
        let named: Vec<String> = pieces.iter().map(|(name, line)| format!("{name} (from line {line})")).collect();
        why = format!(
            "the pieces of one net-export capture, read in the order of their events, lines counted through: {}",
            named.join(", ")
        );
    }
    why
}

/// The numbers of the event files, in the order of their events.
fn numbers(pieces: &[(String, u32)]) -> Vec<u32> {
    pieces.iter().filter_map(|(name, _)| crate::ingest::pieces::number_of(name)).collect()
}

/// The ring of files went round: the oldest events were overwritten.
fn wrapped(pieces: &[(String, u32)]) -> bool {
    !numbers(pieces).is_sorted()
}

/// What is not there of the files that a bounded log writes.
fn missing(pieces: &[(String, u32)]) -> Option<String> {
    let there = numbers(pieces);
    let last = there.iter().max()?;
    let gone: Vec<String> =
        (0..*last).filter(|n| !there.contains(n)).take(10).map(|n| format!("event_file_{n}.json")).collect();
    if gone.is_empty() {
        return wrapped(pieces).then(|| {
            "This log was full: its oldest events were overwritten by newer ones, so what happened first is not in it.".to_owned()
        });
    }
    Some(format!(
        "{} of this log is missing: the events in it are not read. It lies in the same folder.",
        gone.join(", ")
    ))
}

/// A conversation that got as far as Negotiate or NTLM; a Basic or Bearer challenge is none of ours.
fn spoke_negotiate(h: &Handshake) -> bool {
    h.spn.is_some()
        || h.mechanism.is_some()
        || h.token_sent.is_some()
        || h.scheme_refused.is_some()
        || h.default_credentials.is_some()
        || h.credentials_omitted.is_some()
}

fn browser(constants: &Constants) -> Browser {
    Browser {
        product: constants.client_info.name.clone(),
        version: constants.client_info.version.clone(),
        os: constants.client_info.os_type.clone(),
        capture_mode: constants.log_capture_mode.clone(),
    }
}

/// The call to the security library, or the first thing known.
fn handshake_place(h: &Handshake) -> Place {
    h.asked
        .as_ref()
        .map(|a| &a.place)
        .or(h.spn.as_ref().map(|s| &s.place))
        .or(h.failure.as_ref().map(|f| &f.place))
        .or(h.url.as_ref().map(|u| &u.place))
        .or(h.token_sent.as_ref().map(|t| &t.place))
        .or(h.final_status.as_ref().map(|s| &s.place))
        .cloned()
        .unwrap_or_default()
}
