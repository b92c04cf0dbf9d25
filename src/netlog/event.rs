//! The few events that matter, typed. Numbers differ from build to build, so everything goes through `constants`.
//!
//! Field by field: netlog.md, sections 1.2 and 1.3.

use super::params::Params;
use doublehop_scan::Wanted;
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
        let number = match self {
            NumberOrText::Number(n) => *n,
            NumberOrText::Text(t) => t.parse().ok()?,
        };
        #[allow(clippy::cast_possible_truncation)]
        (number.abs() < 9e15).then_some(number as i64)
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

/// One event.
#[derive(Debug)]
pub struct Event {
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
    /// Its parameters.
    pub params: Params,
}

/// Numbers of one capture → names.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    names: HashMap<i64, Name>,
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
            names: NAMES.iter().chain(&FORMERLY).filter_map(known).collect(),
            socket: constants.log_source_type.get("SOCKET").copied(),
            begin: phase("PHASE_BEGIN", 1),
            end: phase("PHASE_END", 2),
            offset: constants.time_tick_offset.as_ref().and_then(NumberOrText::number),
        }
    }

    /// A look-up that was learned from the events themselves: see [`super::shape`].
    pub fn learned(names: HashMap<i64, Name>) -> Vocabulary {
        Vocabulary { names, begin: 1, end: 2, ..Vocabulary::default() }
    }

    /// The type numbers of the events that matter.
    pub fn wanted(&self) -> Wanted {
        Wanted::new(self.names.keys().copied())
    }

    /// True when the capture's own list of event types names the modern authentication events.
    pub fn knows_auth(&self) -> bool {
        self.names.values().any(|n| *n == Name::Controller)
    }

    /// Types one event. `Ok(None)` for the many that don't matter.
    ///
    /// # Errors
    /// When the text is no event at all.
    pub fn event(&self, bytes: &[u8]) -> Result<Option<Event>, serde_json::Error> {
        // A byte spoilt on the way (a file saved in an 8-bit page) costs a letter, not the event.
        let text = String::from_utf8_lossy(bytes);
        let raw = raw(text.as_bytes())?;
        let name = match &raw.kind {
            NumberOrText::Text(word) if raw.kind.number().is_none() => named(word),
            number => number.number().and_then(|n| self.names.get(&n)).copied(),
        };
        let Some(name) = name else { return Ok(None) };
        // Parameters of another shape than we know are an event without parameters, not a broken capture.
        // A request without an Authorization header says nothing here: its many headers needn't be read.
        let silent = matches!(name, Name::SendHeaders | Name::SendHeadersH2 | Name::SendHeadersQuic);
        let params = raw.params.filter(|p| !silent || has_authorization(p.get().as_bytes()));
        let params = params.and_then(|p| serde_json::from_str(p.get()).ok()).unwrap_or_default();
        let ticks = raw.time.as_ref().and_then(NumberOrText::number);
        let on_socket = match &raw.source.kind {
            Some(NumberOrText::Text(word)) if word == "SOCKET" => true,
            kind => kind.as_ref().and_then(NumberOrText::number).is_some_and(|k| Some(k) == self.socket),
        };
        Ok(Some(Event {
            name,
            phase: raw.phase(self.begin, self.end),
            source: raw.source.id,
            on_socket,
            epoch_millis: ticks.zip(self.offset).and_then(|(t, o)| t.checked_add(o)),
            params,
        }))
    }
}

/// The outer shape of an event.
pub(super) fn raw(bytes: &[u8]) -> Result<Raw<'_>, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// Does this text speak of an Authorization header, in the spellings that occur?
pub fn has_authorization(text: &[u8]) -> bool {
    [&b"uthorization"[..], b"UTHORIZATION"].iter().any(|word| memchr::memmem::find(text, word).is_some())
}
