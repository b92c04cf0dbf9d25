//! The few events that matter, typed. Numbers differ from build to build, so everything goes through `constants`.
//!
//! Field by field: netlog.md, sections 1.2 and 1.3.

use super::params::Params;
use doublehop_scan::{EventLine, Wanted};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// The names behind the numbers of one capture.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Constants {
    log_event_types: HashMap<String, i64>,
    log_source_type: HashMap<String, i64>,
    log_event_phase: HashMap<String, i64>,
    /// Who wrote it.
    pub client_info: ClientInfo,
    /// `Default`, `IncludeSensitive`, `Everything`.
    pub log_capture_mode: Option<String>,
    time_tick_offset: Option<NumberOrText>,
}

/// Who wrote a capture.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ClientInfo {
    /// `Microsoft Edge`, `Google Chrome`, …
    pub name: String,
    /// `138.0.3351.95`
    pub version: String,
    /// `Windows NT: 10.0.26100 (x86_64)`
    pub os_type: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(f64),
    Text(String),
}

impl Constants {
    /// True when they name event types; an object of another kind names none.
    pub fn names_types(&self) -> bool {
        !self.log_event_types.is_empty()
    }
}

impl NumberOrText {
    /// Whole numbers fit an f64 exactly; anything beyond is no number of ours.
    fn number(&self) -> Option<i64> {
        match self {
            #[allow(clippy::cast_possible_truncation)]
            NumberOrText::Number(n) => (n.abs() < 9e15).then_some(*n as i64),
            NumberOrText::Text(t) => t.split('.').next()?.parse().ok(),
        }
    }
}

macro_rules! names {
    ($($name:ident = $word:literal),* $(,)?) => {
        /// The events that matter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)] // the words are Chromium's own
        pub enum Name { $($name),* }
        const NAMES: &[(Name, &str)] = &[$((Name::$name, $word)),*];
    };
}

names! {
    RequestAlive = "REQUEST_ALIVE",
    StartJob = "URL_REQUEST_START_JOB",
    SendHeaders = "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
    SendHeadersH2 = "HTTP_TRANSACTION_HTTP2_SEND_REQUEST_HEADERS",
    SendHeadersQuic = "HTTP_TRANSACTION_QUIC_SEND_REQUEST_HEADERS",
    ReadHeaders = "HTTP_TRANSACTION_READ_RESPONSE_HEADERS",
    Controller = "AUTH_CONTROLLER",
    Bound = "AUTH_BOUND_TO_CONTROLLER",
    PrivacyMode = "COMPUTED_PRIVACY_MODE",
    HandleChallenge = "AUTH_HANDLE_CHALLENGE",
    HandlerInit = "AUTH_HANDLER_INIT",
    CreateResult = "AUTH_HANDLER_CREATE_RESULT",
    GenerateToken = "AUTH_GENERATE_TOKEN",
    ImportName = "AUTH_LIBRARY_IMPORT_NAME",
    AcquireCreds = "AUTH_LIBRARY_ACQUIRE_CREDS",
    InitSecCtx = "AUTH_LIBRARY_INIT_SEC_CTX",
    // All that milestone 71 and older say of an authentication: that there was one (netlog.md, 2.2).
    LegacyServer = "AUTH_SERVER",
    LegacyProxy = "AUTH_PROXY",
}

impl Name {
    /// Are these the headers of a request?
    pub fn sends_headers(self) -> bool {
        matches!(self, Name::SendHeaders | Name::SendHeadersH2 | Name::SendHeadersQuic)
    }
}

/// What an event was called before.
const FORMERLY: [(Name, &str); 1] = [(Name::SendHeadersH2, "HTTP_TRANSACTION_SPDY_SEND_REQUEST_HEADERS")];

fn named(word: &str) -> Option<Name> {
    NAMES.iter().chain(&FORMERLY).find(|(_, name)| *name == word).map(|(name, _)| *name)
}

/// Begin, end, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A point.
    None,
    /// A beginning.
    Begin,
    /// An end.
    End,
}

/// An event as it is written. Tools that resolve the numbers write words instead.
#[derive(Deserialize)]
pub(super) struct Raw<'b> {
    #[serde(borrow, default)]
    pub params: Option<&'b RawValue>,
    #[serde(default)]
    phase: Option<NumberOrText>,
    pub source: RawSource,
    #[serde(default)]
    time: Option<NumberOrText>,
    #[serde(rename = "type")]
    kind: NumberOrText,
}

#[derive(Deserialize)]
pub(super) struct RawSource {
    id: i64,
    #[serde(rename = "type", default)]
    kind: Option<NumberOrText>,
}

impl Raw<'_> {
    /// Its type's number, where it is one.
    pub fn kind(&self) -> Option<i64> {
        self.kind.number()
    }
    /// Begin, end, or neither, by the numbers that every build uses.
    pub fn usual_phase(&self) -> Phase {
        self.phase(1, 2)
    }
    fn phase(&self, begin: i64, end: i64) -> Phase {
        match &self.phase {
            Some(NumberOrText::Text(word)) if word.ends_with("BEGIN") => Phase::Begin,
            Some(NumberOrText::Text(word)) if word.ends_with("END") => Phase::End,
            Some(number) if number.number() == Some(begin) => Phase::Begin,
            Some(number) if number.number() == Some(end) => Phase::End,
            _ => Phase::None,
        }
    }
}

impl RawSource {
    /// Its type's number, where it is one.
    pub fn kind(&self) -> Option<i64> {
        self.kind.as_ref().and_then(NumberOrText::number)
    }
}

/// One event. Its parameters are read when they are asked for: most events say all that matters by their name.
#[derive(Clone, Copy, Debug)]
pub struct Event<'b> {
    /// Which.
    pub name: Name,
    /// Begin or end.
    pub phase: Phase,
    /// The source's id. Newer builds have negative ones.
    pub source: i64,
    /// True for a socket's event: an authentication there is the proxy's.
    pub on_socket: bool,
    /// Milliseconds since 1970 on the browser's clock.
    pub epoch_millis: Option<i64>,
    /// The text of its parameters; nothing where it has none.
    pub text: &'b [u8],
}

impl Event<'_> {
    /// Its parameters. Of another shape than we know, it is an event without parameters, not a broken capture.
    pub fn params(&self) -> Params {
        if self.text.is_empty() {
            return Params::default();
        }
        // A byte spoilt on the way (a file saved in an 8-bit page) costs a letter, not the event.
        serde_json::from_slice(self.text)
            .or_else(|_| serde_json::from_slice(String::from_utf8_lossy(self.text).as_bytes()))
            .unwrap_or_default()
    }
}

/// Numbers of one capture → names.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Sorted: a few, looked up for every event that is not passed over.
    names: Vec<(i64, Name)>,
    socket: Option<i64>,
    begin: i64,
    end: i64,
    offset: Option<i64>,
}

impl Vocabulary {
    /// Builds the look-up of a capture.
    pub fn new(constants: &Constants) -> Vocabulary {
        let known = |(name, word): &(Name, &str)| constants.log_event_types.get(*word).map(|n| (*n, *name));
        let phase = |word: &str, usual: i64| constants.log_event_phase.get(word).copied().unwrap_or(usual);
        Vocabulary {
            names: sorted(NAMES.iter().chain(&FORMERLY).filter_map(known)),
            socket: constants.log_source_type.get("SOCKET").copied(),
            begin: phase("PHASE_BEGIN", 1),
            end: phase("PHASE_END", 2),
            offset: constants.time_tick_offset.as_ref().and_then(NumberOrText::number),
        }
    }

    /// A look-up that was learned from the events themselves: see [`super::shape`].
    pub fn learned(names: HashMap<i64, Name>) -> Vocabulary {
        Vocabulary { names: sorted(names), begin: 1, end: 2, ..Vocabulary::default() }
    }

    /// The type numbers of the events that matter.
    pub fn wanted(&self) -> Wanted {
        Wanted::new(self.names.iter().map(|(number, _)| *number))
    }

    /// True when the capture's own list of event types names the modern authentication events.
    pub fn knows_auth(&self) -> bool {
        self.names.iter().any(|(_, n)| *n == Name::Controller)
    }

    fn name(&self, number: i64) -> Option<Name> {
        let at = self.names.binary_search_by_key(&number, |(n, _)| *n).ok()?;
        self.names.get(at).map(|(_, name)| *name)
    }

    fn epoch_millis(&self, ticks: i64) -> Option<i64> {
        self.offset.and_then(|offset| ticks.checked_add(offset))
    }

    /// Types an event whose line was read by its tail. `None` for the many that don't matter.
    pub fn line<'b>(&self, line: &EventLine<'b>) -> Option<Event<'b>> {
        let phase = match line.phase {
            p if p == self.begin => Phase::Begin,
            p if p == self.end => Phase::End,
            _ => Phase::None,
        };
        Some(Event {
            name: self.name(i64::try_from(line.kind).ok()?)?,
            phase,
            source: line.source,
            on_socket: Some(line.source_kind) == self.socket,
            epoch_millis: self.epoch_millis(line.time),
            text: line.params,
        })
    }

    /// Types one event. `Ok(None)` for the many that don't matter.
    ///
    /// # Errors
    /// When the text is no event at all.
    pub fn event<'b>(&self, text: &'b str) -> Result<Option<Event<'b>>, serde_json::Error> {
        let raw = raw(text.as_bytes())?;
        let name = match &raw.kind {
            NumberOrText::Text(word) if raw.kind.number().is_none() => named(word),
            number => number.number().and_then(|n| self.name(n)),
        };
        let Some(name) = name else { return Ok(None) };
        let on_socket = match &raw.source.kind {
            Some(NumberOrText::Text(word)) if word == "SOCKET" => true,
            kind => kind.as_ref().and_then(NumberOrText::number).is_some_and(|k| Some(k) == self.socket),
        };
        Ok(Some(Event {
            name,
            phase: raw.phase(self.begin, self.end),
            source: raw.source.id,
            on_socket,
            epoch_millis: raw.time.as_ref().and_then(NumberOrText::number).and_then(|t| self.epoch_millis(t)),
            text: raw.params.map_or(&[], |p| p.get().as_bytes()),
        }))
    }
}

fn sorted(names: impl IntoIterator<Item = (i64, Name)>) -> Vec<(i64, Name)> {
    let mut names: Vec<(i64, Name)> = names.into_iter().collect();
    names.sort_by_key(|(number, _)| *number);
    names
}

/// The outer shape of an event.
pub(super) fn raw(bytes: &[u8]) -> Result<Raw<'_>, serde_json::Error> {
    serde_json::from_slice(bytes)
}
