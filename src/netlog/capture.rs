//! A whole capture, fed in pieces: facts, problems, and the lines that matter.

use super::ending::{self, Met};
use super::handshakes::Joined;
use super::kept::DIFFERENT;
use super::passing::Events;
use super::sniff;
use crate::facts::{AuthTarget, CaptureNote, Fact, Handshake, Place, Problem, Statement};
use crate::ingest::ShownLine;
use doublehop_scan::{End, Scanner};

/// Reads one capture.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    scanner: Scanner,
    reader: Events,
    first_line: Option<u32>,
    /// The files that it was put together from, each with its first line.
    pieces: Vec<(String, u32)>,
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
