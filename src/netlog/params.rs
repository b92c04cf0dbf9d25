//! The parameters of the events that matter.
//!
//! Field by field: netlog.md, sections 2.2, 2.3 and 2.6.

use crate::facts::Mechanism;
use serde::Deserialize;
use std::collections::HashMap;

/// Kerberos 5 as a GSSAPI mechanism, in base64 (1.2.840.113554.1.2.2).
const KRB5_OID: &str = "KoZIhvcSAQIC";

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
    pub fn lines(self) -> Vec<String> {
        match self {
            Headers::List(list) => list,
            Headers::Map(map) => map.iter().map(|(k, v)| format!("{k}: {v}")).collect(),
            Headers::Text(text) => text.lines().map(str::to_owned).collect(),
        }
    }
}
