//! The events of a capture as they are cut out: named, typed, joined, and kept to be shown where they are about authentication.

use super::event::{Constants, Event, Name, Vocabulary};
use super::handshakes::Joiner;
use super::shape;
use crate::facts::Browser;
use doublehop_scan::{EventLine, Location, Sink, Wanted, speaks_of_authorization, speaks_of_challenge};
use std::collections::VecDeque;

/// How many lines are kept to be shown: the last ones, since they tell how things are now.
const SHOWN: usize = 2000;
/// How much of such a line is kept until the end; more is never shown.
const SHOWN_BYTES: usize = 16_000;
/// Events that came before `constants` and wait for their names.
const WAITING_BYTES: usize = 32 * 1024 * 1024;

/// What passed so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Events {
    /// Who wrote it, once its `constants` were read.
    pub browser: Option<Browser>,
    vocabulary: Vocabulary,
    pub joiner: Joiner,
    waiting: Vec<(Vec<u8>, Location)>,
    waiting_bytes: usize,
    pub shown: VecDeque<(u32, Vec<u8>)>,
    pub events: u64,
    pub relevant: u64,
    broken: u64,
    broken_constants: bool,
    pub lost_waiting: u64,
    /// Further captures behind the first, in the same input.
    further: u64,
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
    pub fn read_by_shape(&mut self) {
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

    /// What was met on the way.
    pub fn say(&self, named: bool, last_line: u32, skipped: u64, say: &mut impl FnMut(u32, String)) {
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

fn browser(constants: &Constants) -> Browser {
    Browser {
        product: constants.client_info.name.clone(),
        version: constants.client_info.version.clone(),
        os: constants.client_info.os_type.clone(),
        capture_mode: constants.log_capture_mode.clone(),
    }
}
