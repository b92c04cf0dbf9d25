//! Bytes → artefacts: sniffing, decoding, splitting one paste into its artefacts, recognising each, and calling its reader.
//!
//! [`Intake`] is fed in pieces. A net-export is recognised by its first bytes and streamed through
//! [`netlog`](crate::netlog); it never becomes one string, nor does a large HAR file. Everything else is text, and bounded.

mod artefact;
mod by_name;
pub mod clean;
pub mod decode;
pub mod lines;
pub mod mask;
pub mod packed;
pub mod pieces;
pub mod split;

use crate::artefacts::har::{self, Har};
use crate::artefacts::{self, Reading};
use crate::facts::{Problem, Role, Statement};
use crate::netlog::capture::{Capture, Captured};
use crate::vocabulary::civil;
use lines::Line;
use serde::{Deserialize, Serialize};

pub use crate::artefacts::kind::Kind;
pub use artefact::{Artefact, Confidence, HEADING_SAYS, ShownLine, YOU_SAID};

/// How much text of one input is read. More than any listing or log excerpt, less than what would hurt a browser.
pub const TEXT_LIMIT: usize = 64 * 1024 * 1024;
/// A HAR file that is longer is read as a stream. A shorter one is text like any other, since more may be pasted behind it.
const HAR_TEXT: usize = 4 * 1024 * 1024;
/// How many bytes decide whether an input is a net-export: an event with a long URL has its other keys behind it.
const SNIFF: usize = 64 * 1024;
/// How many lines of one artefact are kept to be shown.
const SHOWN_LINES: usize = 4000;
/// How many lines a recognised text may have to be kept, for the person to say that it is something else.
const KEPT_LINES: usize = 1000;

/// What one input gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ingested {
    /// The input's name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The artefacts in it.
    pub artefacts: Vec<Artefact>,
}

/// Takes one input, in pieces, and gives its artefacts.
#[derive(Debug)]
pub struct Intake {
    name: String,
    role: Option<Role>,
    bytes: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Sniffing(Vec<u8>),
    Capture(Box<Capture>),
    Har(Box<Har>),
    Text(Vec<u8>),
}

impl Intake {
    /// A new input. The name helps to recognise it and is shown to the person.
    pub fn new(name: &str) -> Intake {
        Intake { name: name.to_owned(), role: None, bytes: 0, state: State::Sniffing(Vec::new()) }
    }

    /// The person says where it was taken.
    pub fn with_role(mut self, role: Option<Role>) -> Intake {
        self.role = role.filter(|r| *r != Role::Unknown);
        self
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        match &mut self.state {
            State::Sniffing(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= SNIFF {
                    self.decide();
                }
            }
            State::Capture(capture) => capture.push(bytes),
            State::Har(har) => har.push(bytes),
            State::Text(text) => {
                if text.len() > HAR_TEXT && har_why(text).is_some() {
                    let mut har = Box::new(Har::new());
                    har.push(text.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(text));
                    har.push(bytes);
                    self.state = State::Har(har);
                    return;
                }
                let room = TEXT_LIMIT.saturating_sub(text.len());
                text.extend_from_slice(bytes.get(..bytes.len().min(room)).unwrap_or_default());
            }
        }
    }

    /// The next bytes are those of another file of the same capture; see [`pieces`]. To be called before each of the files.
    pub fn next_piece(&mut self, name: &str) {
        if matches!(&self.state, State::Sniffing(head) if head.is_empty()) {
            self.state = State::Capture(Box::default());
        }
        self.decide();
        if let State::Capture(capture) = &mut self.state {
            capture.next_piece(name);
        }
    }

    /// What was found so far, in words; for what is streamed alone, since text is read at its end.
    pub fn found(&self) -> Option<String> {
        match &self.state {
            State::Capture(capture) => {
                let (events, relevant) = capture.progress();
                Some(format!("{events} events so far, {relevant} of them about authentication"))
            }
            State::Har(har) => Some(format!("{} exchanges so far", har.exchanges())),
            State::Text(_) | State::Sniffing(_) => None,
        }
    }

    /// How many events so far had to do with authentication: when it has grown, [`Intake::so_far`] says more.
    pub fn relevant(&self) -> u64 {
        if let State::Capture(capture) = &self.state { capture.progress().1 } else { 0 }
    }

    /// What the input would give if it ended here, for a capture that takes long to read.
    pub fn so_far(&self) -> Option<Ingested> {
        let State::Capture(capture) = &self.state else { return None };
        let artefacts = vec![capture_artefact(capture.so_far()?, self.role)];
        Some(Ingested { name: self.name.clone(), bytes: self.bytes, artefacts })
    }

    /// The same as [`Intake::finish`] for an input that was unpacked on its way: says from what, and what stopped it.
    pub fn finish_unpacked(self, packed: Option<&str>, stopped: Option<String>) -> Ingested {
        let mut ingested = self.finish();
        for artefact in &mut ingested.artefacts {
            if let Some(packed) = packed {
                artefact.why = format!("{}; unpacked from {packed}", artefact.why);
            }
        }
        if let (Some(says), Some(last)) = (stopped, ingested.artefacts.last_mut()) {
            last.problems.push(Problem { line: last.last_line, says });
        }
        ingested
    }

    fn decide(&mut self) {
        let State::Sniffing(head) = &mut self.state else { return };
        let head = std::mem::take(head);
        if Capture::sniff(&head) {
            let mut capture = Box::new(Capture::new());
            capture.push(&head);
            self.state = State::Capture(capture);
        } else {
            self.state = State::Text(head);
        }
    }

    /// Ends the input and gives what it held. Never fails: what can't be read is an artefact of kind `unknown` that says why.
    pub fn finish(mut self) -> Ingested {
        self.decide();
        let artefacts = match self.state {
            State::Capture(capture) => vec![capture_artefact(capture.finish(), self.role)],
            State::Har(har) => vec![read_har(*har, self.role)],
            State::Text(text) => read_text(&self.name, &text, self.bytes, self.role),
            State::Sniffing(_) => Vec::new(),
        };
        Ingested { name: self.name, bytes: self.bytes, artefacts }
    }
}

fn capture_artefact(read: Captured, role: Option<Role>) -> Artefact {
    Artefact {
        kind: Kind::NetExport,
        role: role.unwrap_or(Role::Client),
        why: read.why,
        why_role: if role.is_some() { YOU_SAID.to_owned() } else { "a browser wrote it".to_owned() },
        first_line: 1,
        last_line: read.lines.max(1),
        facts: read.facts,
        problems: read.problems,
        shown: read.shown,
        kept: Vec::new(),
        confidence: crate::ingest::Confidence::Certain,
    }
}

/// Is this a HAR file, in an encoding that can be streamed?
fn har_why(text: &[u8]) -> Option<&'static str> {
    let head = String::from_utf8_lossy(text.get(..SNIFF.min(text.len())).unwrap_or_default());
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    har::json(head).filter(|_| head.starts_with('{'))
}

fn read_har(har: Har, role: Option<Role>) -> Artefact {
    let read = har.finish(1);
    let usual = Kind::Http.usual_role();
    Artefact {
        kind: Kind::Http,
        role: role.unwrap_or(usual),
        why: "JSON with log and entries: a HAR file of a browser's developer tools, read as a stream".to_owned(),
        why_role: if role.is_some() { YOU_SAID.to_owned() } else { Kind::Http.usual_role_why().to_owned() },
        first_line: 1,
        last_line: read.lines,
        facts: read.reading.facts,
        problems: read.reading.problems,
        shown: read.shown,
        kept: Vec::new(),
        confidence: crate::ingest::Confidence::Certain,
    }
}

fn unknown(says: &str, lines: u32) -> Artefact {
    Artefact {
        kind: Kind::Unknown,
        role: Role::Unknown,
        why: "not recognised".to_owned(),
        why_role: String::new(),
        first_line: 1,
        last_line: lines.max(1),
        facts: Vec::new(),
        problems: vec![Problem { line: 1, says: says.to_owned() }],
        shown: Vec::new(),
        kept: Vec::new(),
        confidence: crate::ingest::Confidence::Certain,
    }
}

fn read_text(name: &str, bytes: &[u8], given: u64, role: Option<Role>) -> Vec<Artefact> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return vec![unknown(
            "This is empty: nothing was copied, or the command printed nothing. Run it again and paste what it prints.",
            1,
        )];
    }
    if decode::looks_binary(bytes) {
        return vec![unknown(&binary_says(bytes), 1)];
    }
    let text = decode::decode(bytes);
    let mut artefacts: Vec<Artefact> =
        split::split(&text.lines).into_iter().map(|section| read_section(name, &text, &section, role)).collect();
    if let [only] = artefacts.as_mut_slice() {
        only.try_name(name);
    }
    if let Some(began) = text.lines.iter().filter_map(|l| transcript_time(&l.text)).min() {
        for fact in artefacts.iter_mut().flat_map(|a| &mut a.facts) {
            if let Statement::TicketListing(listing) = &mut fact.says {
                listing.not_before = Some(began);
            }
        }
    }
    if artefacts.is_empty() {
        artefacts.push(unknown("Nothing in this text looks like evidence that Doublehop reads.", 1));
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) < given
        && let Some(last) = artefacts.last_mut()
    {
        let says = format!("Only the first {} MB of this input were read.", TEXT_LIMIT / 1024 / 1024);
        last.problems.push(Problem { line: last.last_line, says });
    }
    artefacts
}

/// `Start time: 20261118140502` of a PowerShell transcript, whatever the language.
fn transcript_time(line: &str) -> Option<i64> {
    let digits = line.rsplit_once(':')?.1.trim();
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u8>().ok();
    let whole = digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit());
    let year = digits.get(..4).filter(|_| whole)?.parse().ok()?;
    civil::seconds(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?)
}

fn binary_says(bytes: &[u8]) -> String {
    let what = match bytes {
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] | [b'B', b'M', ..] => {
            "This is a picture. Doublehop reads text: copy the text itself (in a console: select, Enter) instead of a screenshot."
        }
        [b'P', b'K', 3, 4, ..] | [0x1f, 0x8b, ..] => "This is a compressed file. Unpack it and drop what is inside.",
        [b'%', b'P', b'D', b'F', ..] => "This is a PDF. Copy the text out of it and paste that.",
        [b'E', b'l', b'f', b'F', b'i', b'l', b'e', ..] => {
            "This is a binary event log (.evtx). Open it in Event Viewer, select the event, Copy > Copy details as text, and paste that."
        }
        _ => "This is binary data, not text. If it should be a log or a listing, export it as text and try again.",
    };
    what.to_owned()
}

fn read_section(name: &str, text: &decode::Text, section: &split::Section<'_>, role: Option<Role>) -> Artefact {
    let reading: Reading = match split::not_read(section.lines) {
        Some(said) => {
            let mut reading = Reading::default();
            for (line, why) in said {
                reading.problem(line, format!("The collector could not read this: {why}"));
            }
            reading
        }
        None => artefacts::read(section.kind, section.lines),
    };
    let hinted = role.or(section.role);
    let (role, why_role) = match (hinted, reading.role) {
        (Some(role), _) => (role, if section.role.is_some() { HEADING_SAYS } else { YOU_SAID }.to_owned()),
        (None, Some((role, why))) => (role, why),
        (None, None) => match (section.kind.usual_role(), by_name::role(name)) {
            (Role::Unknown, Some(role)) => (role, "the file's name says so".to_owned()),
            (usual, _) => (usual, section.kind.usual_role_why().to_owned()),
        },
    };
    let mut why = section.why.clone();
    if text.encoding != decode::Encoding::Utf8 {
        why = format!("{why}; {}", text.encoding.says());
    }
    let lines = section.lines;
    let confidence = match (section.kind, reading.facts.is_empty()) {
        (Kind::Unknown, _) => Confidence::Unknown,
        (_, true) if section.why != HEADING_SAYS => Confidence::Likely,
        _ => Confidence::Certain,
    };
    Artefact {
        kind: section.kind,
        role,
        why,
        why_role,
        first_line: lines.first().map_or(1, |l| l.number),
        last_line: lines.last().map_or(1, |l| l.number),
        facts: reading.facts,
        problems: reading.problems,
        shown: shown(section.kind, lines),
        kept: kept(section.kind, lines),
        confidence,
    }
}

/// What is kept of a text, to be read as another kind: as much as is shown, masked like it. Tokens that go on over lines of their own
/// are told by the kind of text that they stand in, so HTTP is not kept.
fn kept(kind: Kind, lines: &[Line]) -> Vec<Line> {
    if kind == Kind::Http || kind != Kind::Unknown && lines.len() > KEPT_LINES {
        return Vec::new();
    }
    let kept = |line: &Line| Line { text: ShownLine::of(line.number, &line.text).text, ..line.clone() };
    lines.iter().take(SHOWN_LINES).map(kept).collect()
}

/// The lines to show. Of a HAR file those that matter; in pasted headers a token may go on over lines of its own.
fn shown(kind: Kind, lines: &[lines::Line]) -> Vec<ShownLine> {
    let http = kind == Kind::Http;
    if http && lines.first().is_some_and(|l| l.trimmed().starts_with('{')) {
        return har::shown(lines);
    }
    let mut inside = false;
    let one = |line: &lines::Line| {
        let piece = if http { mask::token_piece(&line.text, inside) } else { None };
        let shown = ShownLine::of(line.number, piece.as_deref().unwrap_or(&line.text));
        inside = piece.is_some() || shown.text != line.text || line.trimmed().ends_with("Negotiate");
        shown
    };
    lines.iter().take(SHOWN_LINES).map(one).collect()
}
