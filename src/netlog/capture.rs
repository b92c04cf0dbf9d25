//! A whole capture, fed in pieces: facts, problems, and the lines that matter.

use super::event::{Constants, Event, Name, Vocabulary, has_authorization};
use super::handshakes::Joiner;
use crate::facts::{AuthTarget, Browser, CaptureNote, Fact, Handshake, Mechanism, Place, Problem, Statement};
use crate::ingest::ShownLine;
use doublehop_scan::Wanted;
use doublehop_scan::{End, Location, Scanner, Sink};

/// How many different handshakes are told; further equal ones are counted.
const HANDSHAKES: usize = 500;
/// How many lines are kept to be shown.
const SHOWN: usize = 2000;
/// Events that came before `constants` and wait for their names.
const WAITING_BYTES: usize = 32 * 1024 * 1024;

/// Reads one capture.
#[derive(Debug, Default)]
pub struct Capture {
    scanner: Scanner,
    reader: Events,
    first_line: Option<u32>,
}

#[derive(Debug, Default)]
struct Events {
    constants: Option<Constants>,
    vocabulary: Vocabulary,
    joiner: Joiner,
    waiting: Vec<(Vec<u8>, Location)>,
    waiting_bytes: usize,
    shown: Vec<ShownLine>,
    events: u64,
    relevant: u64,
    broken: u64,
    broken_constants: bool,
    lost_waiting: u64,
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
}

impl Capture {
    /// True when these first bytes are those of a capture: JSON that speaks of `constants` or `logEventTypes`.
    pub fn sniff(head: &[u8]) -> bool {
        let head = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head);
        let Some(start) = head.iter().position(|b| !b.is_ascii_whitespace()) else { return false };
        let head = head.get(start..).unwrap_or_default();
        let has = |word: &[u8]| memchr::memmem::find(head, word).is_some();
        head.first() == Some(&b'{')
            && (has(b"\"constants\"")
                || has(b"\"logEventTypes\"")
                || (has(b"\"events\"") && has(b"\"source\"") && has(b"\"phase\"")))
    }

    /// A new capture.
    pub fn new() -> Capture {
        Capture::default()
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.scanner.push(bytes, &mut self.reader);
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

    /// Ends the capture.
    pub fn finish(self) -> Captured {
        let Capture { mut scanner, mut reader, first_line } = self;
        scanner.finish(&mut reader);
        let head = first_line.unwrap_or(1);
        let end = scanner.end();
        let lines = scanner.line();
        let mut problems = Vec::new();
        problems.extend(end_problem(end, lines, reader.constants.is_some()));
        problems.extend(reader.problems(lines, scanner.skipped));

        let forgotten = reader.joiner.forgotten;
        let handshakes = reader.joiner.finish();
        let with_server = handshakes.iter().filter(|h| h.target == AuthTarget::Server && spoke_negotiate(h)).count();
        let mut facts = Vec::new();
        let whole = Place { first_line: head, last_line: head, ..Place::default() };
        if let Some(constants) = &reader.constants {
            facts.push(Fact { place: whole.clone(), says: Statement::Browser(browser(constants)) });
        }
        facts.push(Fact {
            place: whole,
            says: Statement::CaptureNote(CaptureNote {
                events: reader.events.saturating_add(scanner.passed_over),
                relevant: reader.relevant,
                truncated: end != End::Whole,
                bytes: scanner.offset(),
                no_handshake: with_server == 0,
            }),
        });
        if with_server == 0 && end != End::InConstants && end != End::NoEvents {
            problems.push(Problem { line: head, says: no_handshake(&reader.constants, &reader.vocabulary) });
        }
        let total = handshakes.len();
        let distinct = distinct(handshakes);
        if distinct.len() > HANDSHAKES || forgotten > 0 {
            let says =
                format!("{total} authentication conversations; the first {HANDSHAKES} different ones are judged.");
            problems.push(Problem { line: head, says });
        }
        for handshake in distinct.into_iter().take(HANDSHAKES) {
            facts.push(Fact { place: handshake_place(&handshake), says: Statement::Handshake(Box::new(handshake)) });
        }
        Captured { facts, problems, shown: reader.shown, lines }
    }
}

impl Sink for Events {
    fn constants(&mut self, text: &[u8]) -> Option<Wanted> {
        let parsed: Result<Constants, _> = serde_json::from_slice(text);
        match parsed {
            Ok(constants) => {
                self.vocabulary = Vocabulary::new(&constants);
                self.constants = Some(constants);
                for (text, location) in std::mem::take(&mut self.waiting) {
                    self.typed(&text, location);
                }
                Some(self.vocabulary.wanted())
            }
            Err(_) => {
                self.broken_constants = true;
                None
            }
        }
    }

    fn event(&mut self, text: &[u8], location: Location) {
        self.events = self.events.saturating_add(1);
        if self.constants.is_some() {
            self.typed(text, location);
        } else if self.waiting_bytes.saturating_add(text.len()) <= WAITING_BYTES {
            self.waiting_bytes = self.waiting_bytes.saturating_add(text.len());
            self.waiting.push((text.to_vec(), location));
        } else {
            self.lost_waiting = self.lost_waiting.saturating_add(1);
        }
    }
}

impl Events {
    fn typed(&mut self, text: &[u8], location: Location) {
        match self.vocabulary.event(text) {
            Ok(Some(event)) => {
                let matters = !matches!(event.name, Name::RequestAlive | Name::PrivacyMode);
                if matters {
                    self.relevant = self.relevant.saturating_add(1);
                }
                if self.shown.len() < SHOWN && worth_showing(event.name) && self.concerns(&event, text) {
                    self.shown.push(ShownLine::of(location.first_line, String::from_utf8_lossy(text).trim()));
                }
                self.joiner.take(event, location);
            }
            Ok(None) => {}
            Err(_) => self.broken = self.broken.saturating_add(1),
        }
    }

    /// Is this line about authentication? Requests and answers of other traffic are many, and masking each takes long.
    fn concerns(&self, event: &Event, text: &[u8]) -> bool {
        let headers =
            matches!(event.name, Name::SendHeaders | Name::SendHeadersH2 | Name::SendHeadersQuic | Name::ReadHeaders);
        let has = |words: &[u8]| memchr::memmem::find(text, words).is_some();
        !headers || self.joiner.is_bound(event.source) || has(b" 401") || has(b" 407") || has_authorization(text)
    }

    fn problems(&self, last_line: u32, skipped: u64) -> Vec<Problem> {
        let mut out = Vec::new();
        let mut say = |line: u32, says: String| out.push(Problem { line, says });
        if self.broken_constants {
            say(1, "The head of the capture (constants) cannot be read, so the numbers of its events have no names. Take a new capture.".to_owned());
        }
        if self.broken > 0 {
            say(last_line, format!("{} events could not be read and were left out.", self.broken));
        }
        if self.lost_waiting > 0 {
            say(
                1,
                format!(
                    "{} events stand before the head of the capture (constants) and were left out.",
                    self.lost_waiting
                ),
            );
        }
        if skipped > 0 {
            say(last_line, format!("{skipped} oversized members were left out."));
        }
        out
    }
}

fn worth_showing(name: Name) -> bool {
    !matches!(name, Name::RequestAlive | Name::PrivacyMode | Name::GenerateToken)
}

fn end_problem(end: End, line: u32, constants: bool) -> Option<Problem> {
    let says = match end {
        End::Whole => return None,
        End::InConstants if !constants => {
            "This capture is cut off in its head (constants): nothing in it has a name yet. Stop logging in edge://net-export first, then take the file."
                .to_owned()
        }
        End::InConstants | End::NoEvents => "This capture holds no events. Start logging, load the page once, stop logging, then take the file.".to_owned(),
        End::InEvents(dropped) => {
            format!("This capture is cut off: {dropped} bytes of an unfinished event were dropped, everything before it was read. Usually logging was not stopped.")
        }
        End::AfterEvents => "This capture is cut off behind its events: all events were read.".to_owned(),
    };
    Some(Problem { line, says })
}

fn no_handshake(constants: &Option<Constants>, vocabulary: &Vocabulary) -> String {
    if constants.is_some() && !vocabulary.knows_auth() {
        return "This capture is from a build before 2019 that did not log authentication in detail. Take a new one with a current browser.".to_owned();
    }
    "No Negotiate handshake with a web server in this capture. Close every window of the browser, open it again, start logging in edge://net-export \
     (or chrome://net-export), load the failing page once in another tab, stop logging. A page in IE mode never shows up here."
        .to_owned()
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

/// Equal conversations (a page opens many connections) once each, first one kept.
fn distinct(handshakes: Vec<Handshake>) -> Vec<Handshake> {
    let mut kept: Vec<Handshake> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for handshake in handshakes {
        if seen.insert(essence(&handshake)) {
            kept.push(handshake);
        }
    }
    kept
}

type Essence = (
    Option<String>,
    bool,
    Option<String>,
    Option<bool>,
    Option<bool>,
    Option<u8>,
    Option<i64>,
    Option<u16>,
    bool,
    bool,
    bool,
);

fn essence(h: &Handshake) -> Essence {
    let mechanism = h.mechanism.as_ref().map(|m| match m.value {
        Mechanism::Kerberos => 1,
        Mechanism::Ntlm => 2,
        Mechanism::Undecided => 3,
    });
    (
        h.host.as_ref().map(|host| host.as_str().to_lowercase()),
        h.target == AuthTarget::Proxy,
        h.spn.as_ref().map(|s| s.value.to_string()),
        h.asked.as_ref().map(|a| a.value),
        h.granted.as_ref().map(|a| a.value),
        mechanism,
        h.failure.as_ref().map(|f| f.value.status),
        h.final_status.as_ref().map(|s| s.value),
        h.rejected.is_some(),
        h.default_credentials.as_ref().is_some_and(|d| d.value),
        h.credentials_omitted.is_some(),
    )
}

/// The call to the security library, or the first thing known.
fn handshake_place(h: &Handshake) -> Place {
    h.asked
        .as_ref()
        .map(|a| &a.place)
        .or(h.spn.as_ref().map(|s| &s.place))
        .or(h.failure.as_ref().map(|f| &f.place))
        .or(h.url.as_ref().map(|u| &u.place))
        .or(h.final_status.as_ref().map(|s| &s.place))
        .cloned()
        .unwrap_or_default()
}
