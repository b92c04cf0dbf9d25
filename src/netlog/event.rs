//! The few events that matter, typed. Numbers differ from build to build, so everything goes through `constants`.
//!
//! Field by field: netlog.md, sections 1.2, 1.3 and 2.2 to 2.6.

use crate::facts::Mechanism;
use doublehop_scan::Wanted;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// Kerberos 5 as a GSSAPI mechanism, in base64 (1.2.840.113554.1.2.2).
const KRB5_OID: &str = "KoZIhvcSAQIC";

/// The names behind the numbers of one capture.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Constants {
    log_event_types: HashMap<String, i64>,
    log_source_type: HashMap<String, i64>,
    log_event_phase: HashMap<String, i64>,
    net_error: HashMap<String, i64>,
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

impl NumberOrText {
    fn millis(&self) -> Option<i64> {
        let number = match self {
            NumberOrText::Number(n) => *n,
            NumberOrText::Text(t) => t.parse().ok()?,
        };
        // Milliseconds since 1970 fit an f64 exactly; anything beyond is no clock.
        #[allow(clippy::cast_possible_truncation)]
        (number.abs() < 9e15).then_some(number as i64)
    }
}

macro_rules! names {
    ($($name:ident = $word:literal),* $(,)?) => {
        /// The events that matter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

#[derive(Deserialize)]
struct Raw<'b> {
    #[serde(borrow, default)]
    params: Option<&'b RawValue>,
    #[serde(default)]
    phase: i64,
    source: RawSource,
    #[serde(default)]
    time: Option<NumberOrText>,
    #[serde(rename = "type")]
    kind: i64,
}

#[derive(Deserialize)]
struct RawSource {
    id: i64,
    #[serde(rename = "type", default)]
    kind: i64,
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

/// The parameters of every event that matters, in one struct: absent ones stay empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // the words are Chromium's own (netlog.md, 2.2, 2.3, 2.6)
pub struct Params {
    pub url: Option<String>,
    pub target: Option<String>,
    pub source_dependency: Option<Dependency>,
    pub authorization_result: Option<String>,
    pub allows_default_credentials: Option<bool>,
    pub succeeded: Option<bool>,
    pub scheme: Option<String>,
    pub net_error: Option<i32>,
    pub spn: Option<String>,
    pub user: Option<String>,
    pub flags: Option<Flags>,
    pub context: Option<Context>,
    pub status: Option<Status>,
    pub headers: Option<Headers>,
    pub privacy_mode: Option<PrivacyMode>,
}

/// May a request carry credentials? Builds before 2021 wrote a number.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum PrivacyMode {
    /// 0 is off.
    Number(i64),
    /// `disabled`, `enabled`, `enabled partitioned state allowed` …
    Word(String),
}

impl PrivacyMode {
    /// True when the request carries no credentials.
    pub fn is_on(&self) -> bool {
        match self {
            PrivacyMode::Number(n) => *n != 0,
            PrivacyMode::Word(word) => word != "disabled",
        }
    }
}

/// A link to another source.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// Its id.
    pub id: i64,
}

/// Requested or returned context flags.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Flags {
    /// Delegation.
    pub delegated: Option<bool>,
    /// The whole word, `0x00000003`.
    pub value: Option<String>,
}

/// A security context as the library described it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Returned flags.
    pub flags: Option<Flags>,
    /// SSPI: a package name; GSSAPI: an object identifier.
    pub mechanism: Option<MechanismName>,
    /// The opposite of each other on Windows and elsewhere (netlog.md, "Eight things", 5).
    pub open: Option<bool>,
    /// The client's name.
    pub source: Option<PartyName>,
    /// The server's name.
    pub target: Option<PartyName>,
}

/// How the two libraries name a mechanism.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum MechanismName {
    /// `Kerberos`, `NTLM`, `Negotiate`.
    Package(String),
    /// An OID's bytes in base64.
    Oid {
        /// The bytes.
        #[serde(default)]
        bytes: String,
    },
}

/// SSPI names the package. GSSAPI names SPNEGO; which mechanism won inside shows in the form of the client's name:
/// `alice@REALM` is Kerberos, `DOMAIN\alice` is NTLM (netlog.md, 11).
pub fn mechanism_of(name: &MechanismName, source: Option<&str>) -> Option<Mechanism> {
    match name {
        MechanismName::Package(package) => match package.to_lowercase().as_str() {
            "kerberos" => Some(Mechanism::Kerberos),
            "ntlm" => Some(Mechanism::Ntlm),
            "negotiate" => Some(Mechanism::Undecided),
            _ => None,
        },
        MechanismName::Oid { bytes } if bytes == KRB5_OID => Some(Mechanism::Kerberos),
        MechanismName::Oid { .. } => match source {
            Some(name) if name.contains('\\') => Some(Mechanism::Ntlm),
            Some(name) if name.contains('@') => Some(Mechanism::Kerberos),
            _ => Some(Mechanism::Undecided),
        },
    }
}

/// How the two libraries name a party.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum PartyName {
    /// SSPI.
    Plain(String),
    /// GSSAPI.
    Typed {
        /// The display name.
        #[serde(default)]
        name: String,
    },
}

impl PartyName {
    /// The name.
    pub fn as_str(&self) -> &str {
        match self {
            PartyName::Plain(name) | PartyName::Typed { name } => name,
        }
    }
}

/// A library's status.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    /// SSPI.
    pub security_status: Option<i64>,
    /// Chromium's error, nested here.
    pub net_error: Option<i32>,
    /// GSSAPI.
    pub major_status: Option<GssStatus>,
    /// GSSAPI.
    pub minor_status: Option<GssStatus>,
}

/// A GSSAPI status with its messages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct GssStatus {
    /// The number.
    pub status: i64,
    /// The messages; they may end in NUL.
    pub message: Vec<String>,
}

/// Header lines; older builds wrote an object.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Headers {
    /// `["Name: value"]`
    List(Vec<String>),
    /// `{"Name":"value"}`
    Map(HashMap<String, String>),
    /// One string with line ends.
    Text(String),
}

impl Headers {
    /// As lines.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Headers::List(list) => list.clone(),
            Headers::Map(map) => map.iter().map(|(k, v)| format!("{k}: {v}")).collect(),
            Headers::Text(text) => text.lines().map(str::to_owned).collect(),
        }
    }
}

/// Numbers of one capture → names.
#[derive(Debug, Default)]
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
        let names =
            NAMES.iter().filter_map(|(name, word)| constants.log_event_types.get(*word).map(|n| (*n, *name))).collect();
        let phase = |word: &str, usual: i64| constants.log_event_phase.get(word).copied().unwrap_or(usual);
        Vocabulary {
            names,
            socket: constants.log_source_type.get("SOCKET").copied(),
            begin: phase("PHASE_BEGIN", 1),
            end: phase("PHASE_END", 2),
            offset: constants.time_tick_offset.as_ref().and_then(NumberOrText::millis),
        }
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
        let raw: Raw<'_> = match std::str::from_utf8(bytes) {
            Ok(text) => serde_json::from_str(text)?,
            Err(_) => return Ok(None),
        };
        let Some(name) = self.names.get(&raw.kind).copied() else { return Ok(None) };
        let phase = match raw.phase {
            p if p == self.begin => Phase::Begin,
            p if p == self.end => Phase::End,
            _ => Phase::None,
        };
        // Parameters of another shape than we know are an event without parameters, not a broken capture.
        // A request without an Authorization header says nothing here: its many headers needn't be read.
        let silent = matches!(name, Name::SendHeaders | Name::SendHeadersH2 | Name::SendHeadersQuic);
        let params = raw.params.filter(|p| !silent || has_authorization(p.get().as_bytes()));
        let params = params.and_then(|p| serde_json::from_str(p.get()).ok()).unwrap_or_default();
        let ticks = raw.time.as_ref().and_then(NumberOrText::millis);
        Ok(Some(Event {
            name,
            phase,
            source: raw.source.id,
            on_socket: Some(raw.source.kind) == self.socket,
            epoch_millis: ticks.zip(self.offset).and_then(|(t, o)| t.checked_add(o)),
            params,
        }))
    }
}

/// Does this text speak of an Authorization header, in the spellings that occur?
pub fn has_authorization(text: &[u8]) -> bool {
    [&b"uthorization"[..], b"UTHORIZATION"].iter().any(|word| memchr::memmem::find(text, word).is_some())
}

/// The name of a Chromium error in this capture, `ERR_MISCONFIGURED_AUTH_ENVIRONMENT`.
pub fn net_error_name(constants: &Constants, code: i32) -> Option<&str> {
    constants.net_error.iter().find(|(_, n)| **n == i64::from(code)).map(|(name, _)| name.as_str())
}
