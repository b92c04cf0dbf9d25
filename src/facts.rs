//! Facts: typed statements that readers make about the world, each with its place in what the person gave.
//!
//! A fact says what a line says, never what it means for the double hop: that is for
//! [`observations`](crate::observations). Facts cross from the worker to the page in a compact binary form that names no
//! field, so no field here may be left out or defaulted by an attribute.

use crate::vocabulary::civil::Stamp;
use crate::vocabulary::names::{AccountName, HostName, Principal, Realm, Spn};
use crate::vocabulary::ticket_flags::{CacheFlags, TicketFlags};
use serde::{Deserialize, Serialize};

/// Where something stands: lines and bytes of the input as the person gave it, before any unwrapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// First line, counted from 1.
    pub first_line: u32,
    /// Last line, inclusive.
    pub last_line: u32,
    /// Offset of the first byte.
    pub first_byte: u64,
    /// Offset behind the last byte.
    pub end_byte: u64,
    /// The decisive words on these lines, to be lit when the lines are shown.
    pub lit: Vec<String>,
}

impl Place {
    /// The same place with decisive words to light.
    pub fn lit<S: Into<String>>(mut self, words: impl IntoIterator<Item = S>) -> Place {
        self.lit.extend(words.into_iter().map(Into::into));
        self
    }

    /// The smallest place that covers both.
    pub fn to(&self, other: &Place) -> Place {
        let mut lit = self.lit.clone();
        lit.extend(other.lit.iter().cloned());
        Place {
            first_line: self.first_line.min(other.first_line),
            last_line: self.last_line.max(other.last_line),
            first_byte: self.first_byte.min(other.first_byte),
            end_byte: self.end_byte.max(other.end_byte),
            lit,
        }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub place: Place,
}

impl<T> At<T> {
    /// A value at a place.
    pub fn new(value: T, place: Place) -> At<T> {
        At { value, place }
    }
}

/// One statement and its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Where the whole statement stands. Its parts may have places of their own.
    pub place: Place,
    /// What is stated.
    pub says: Statement,
}

impl Fact {
    /// The fact as `--facts` prints it: its place, its type, and the statement's own fields.
    pub fn to_json(&self) -> serde_json::Value {
        let mut out = serde_json::Map::new();
        out.insert("place".into(), serde_json::to_value(&self.place).unwrap_or_default());
        if let Ok(serde_json::Value::Object(says)) = serde_json::to_value(&self.says) {
            for (kind, fields) in says {
                out.insert("type".into(), kind.into());
                if let serde_json::Value::Object(fields) = fields {
                    out.extend(fields);
                }
            }
        }
        out.into()
    }
}

/// Something a reader met and could not read, or read with a reservation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: u32,
    /// A sentence for the person: what is wrong and, where there is one, what to do.
    pub says: String,
}

/// On which machine an artefact was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The user's PC.
    Client,
    /// The web server.
    FrontEnd,
    /// The API, SQL or file server.
    BackEnd,
    /// A domain controller (or the directory).
    Dc,
    /// Not known.
    #[default]
    Unknown,
}

impl Role {
    /// Parses the schema's word.
    pub fn parse(word: &str) -> Option<Role> {
        Some(match word {
            "client" => Role::Client,
            "front-end" => Role::FrontEnd,
            "back-end" => Role::BackEnd,
            "dc" => Role::Dc,
            "unknown" => Role::Unknown,
            _ => return None,
        })
    }

    /// The schema's word.
    pub fn word(self) -> &'static str {
        match self {
            Role::Client => "client",
            Role::FrontEnd => "front-end",
            Role::BackEnd => "back-end",
            Role::Dc => "dc",
            Role::Unknown => "unknown",
        }
    }
}

/// The kinds of statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // each variant's type carries the docs
pub enum Statement {
    Ticket(Box<Ticket>),
    TicketListing(TicketListing),
    TicketRequest(TicketRequest),
    LogonSession(LogonSession),
    Browser(Browser),
    Handshake(Box<Handshake>),
    CaptureNote(CaptureNote),
    Exchange(Exchange),
    Policy(Policy),
    PolicyListing(PolicyListing),
    Identity(Box<Identity>),
    Account(Box<Account>),
    SpnSearch(SpnSearch),
    Failure(Failure),
    Arrival(Arrival),
    Trust(Trust),
    IisAuthentication(Box<IisAuthentication>),
    DnsAnswer(DnsAnswer),
    Device(Device),
    ClockReading(ClockReading),
    AttributeChange(AttributeChange),
    Answer(Answer),
}

/// One ticket of a listing (Windows klist, MIT, Heimdal, Java).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Whose ticket it is.
    pub client: Principal,
    /// For which service. `None` when the name is no SPN (a config entry is no ticket and never gets here).
    pub server: Option<Spn>,
    /// The realm of the KDC that issued it; empty when the listing leaves it out.
    pub realm: String,
    /// The line with the server's name.
    pub server_place: Place,
    /// The flags and their line. `None` when the listing shows none (MIT without `-f`).
    pub flags: Option<At<TicketFlags>>,
    /// Windows' cache flags and their line.
    pub cache_flags: Option<At<CacheFlags>>,
    /// Encryption type of the ticket, as written.
    pub etype: Option<String>,
    /// Start time.
    pub start: Option<Stamp>,
    /// End time.
    pub end: Option<Stamp>,
    /// Renew-until time; `None` when absent or `0`.
    pub renew: Option<Stamp>,
    /// Windows' `Kdc Called`; empty when the ticket was received or injected.
    pub kdc_called: Option<String>,
    /// MIT's `for client P`, or a cache with `proxy_impersonator`: the ticket belongs to the service, kept for S4U2Proxy.
    pub held_by_service: bool,
}

impl Ticket {
    /// A ticket-granting ticket of the client's own realm, or a referral.
    pub fn is_tgt(&self) -> bool {
        self.server.as_ref().is_some_and(Spn::is_krbtgt)
    }
    /// The last ticket of a paste that ends within a realm (`@CONTO`, where the client's is `CONTOSO.COM`): it has none.
    pub fn forget_half_a_realm(&mut self) {
        if self.client.realm.len() > self.realm.len() && self.client.realm.starts_with(&self.realm) {
            self.realm.clear();
        }
    }
    /// `forwardable`, where flags are shown.
    pub fn forwardable(&self) -> Option<bool> {
        self.flags.as_ref().map(|f| f.value.forwardable())
    }
    /// The cache flags, none set when not shown.
    pub fn cache(&self) -> CacheFlags {
        self.cache_flags.as_ref().map_or(CacheFlags(0), |c| c.value)
    }
    /// The place that proves the flags: their line, or the server's where none are shown.
    pub fn flags_place(&self) -> Place {
        self.flags.as_ref().map_or_else(|| self.server_place.clone(), |f| f.place.clone())
    }
}

/// The head of a listing of tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketListing {
    /// The tool: `windows`, `mit`, `heimdal`, `java`.
    pub tool: String,
    /// Windows: the session in which klist ran.
    pub logon_id: Option<String>,
    /// Windows: the session that `-li` asked for.
    pub targeted: Option<String>,
    /// How many tickets the head claims.
    pub claimed: Option<u32>,
    /// How many tickets could be read.
    pub shown: u32,
    /// The cache's own principal (MIT, Heimdal).
    pub principal: Option<Principal>,
    /// MIT: the service that holds this cache for S4U2Proxy.
    pub proxy_impersonator: Option<Spn>,
    /// True when the listing says that the session has no Kerberos tickets (`ShowTickets substatus 1312`, no cache).
    pub no_session: bool,
    /// A time that it is not older than, in seconds on that machine's own clock: a transcript says when it began.
    pub not_before: Option<i64>,
}

impl TicketListing {
    /// True when as many tickets were read as the head claims: only then does an absent ticket mean something.
    pub fn complete(&self) -> bool {
        self.claimed.is_none_or(|n| n <= self.shown)
    }
}

/// A request for one ticket: `klist get SPN`, `kvno SPN`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TicketRequest {
    /// The SPN asked for, where the paste shows the command.
    pub spn: Option<Spn>,
    /// True when a ticket was issued.
    pub issued: bool,
    /// klist's substatus, numeric.
    pub substatus: Option<u32>,
    /// klist's status (NTSTATUS or HRESULT), numeric.
    pub status: Option<u32>,
    /// The user on whose behalf a service asked (S4U2Proxy), where a KDC says so.
    pub for_user: Option<AccountName>,
    /// The service that asked on behalf of the user.
    pub requester: Option<AccountName>,
}

/// One line of `klist sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogonSession {
    /// The logon id, `0:0x3e7`.
    pub logon_id: String,
    /// The account; `None` when empty or no account name.
    pub account: Option<AccountName>,
    /// `Kerberos`, `NTLM`, `Negotiate`.
    pub package: String,
    /// `Network`, `Interactive`, `Service`, …
    pub logon_type: String,
}

/// Which browser wrote a capture or a policy list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browser {
    /// `Microsoft Edge`, `Google Chrome`, `Chromium`.
    pub product: String,
    /// Its version, as written.
    pub version: String,
    /// The operating system, as written.
    pub os: String,
    /// The capture mode (`Default`, `IncludeSensitive`, `Everything`).
    pub capture_mode: Option<String>,
}

/// Whom the browser authenticated to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthTarget {
    /// The web server (401).
    #[default]
    Server,
    /// A proxy (407): never delegates, never a hop of ours.
    Proxy,
}

/// Which security library was called: the two log differently (netlog.md, 2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Library {
    /// Windows: the request is logged, the granted flags are provisional.
    Sspi,
    /// Linux, macOS, ChromeOS: the request is not logged, the granted flags are a real result.
    Gssapi,
    /// Not called, or not told.
    #[default]
    Unknown,
}

/// The mechanism that a token or context shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    /// Kerberos 5.
    Kerberos,
    /// NTLM, bare or inside SPNEGO.
    Ntlm,
    /// Negotiate, not decided yet.
    Undecided,
}

/// One authentication conversation of a browser with one site: what it asked, what it got, how the server answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Handshake {
    /// Server or proxy.
    pub target: AuthTarget,
    /// The URL without query, fragment and user info; the allow-list is matched against its origin.
    pub url: Option<At<String>>,
    /// The URL's host.
    pub host: Option<HostName>,
    /// The library that was called.
    pub library: Library,
    /// The SPN that the browser asked for.
    pub spn: Option<At<Spn>>,
    /// Windows: did the browser ask to delegate (BEGIN flags)?
    pub asked: Option<At<bool>>,
    /// The returned delegation flag (END). Provisional on Windows while the context is open: only `true` is evidence there.
    pub granted: Option<At<bool>>,
    /// The mechanism, from END or from the token.
    pub mechanism: Option<At<Mechanism>>,
    /// The context's own names, where the library told them.
    pub source_name: Option<String>,
    /// See [`Handshake::source_name`].
    pub target_name: Option<String>,
    /// The library's failure: a status word and what it says.
    pub failure: Option<At<LibraryFailure>>,
    /// Chromium's error of the failed token.
    pub net_error: Option<At<i32>>,
    /// May the browser use the logged-on user's credentials here?
    pub default_credentials: Option<At<bool>>,
    /// The schemes that the server offered.
    pub offered: Option<At<Vec<String>>>,
    /// The scheme that was refused before any library call (`negotiate`, -339 or -320), inside a challenge.
    pub scheme_refused: Option<At<i32>>,
    /// True when a token was sent.
    pub token_sent: Option<At<u64>>,
    /// The server refused the token: bare challenge, or SPNEGO reject.
    pub rejected: Option<At<bool>>,
    /// The status of the last answer to this conversation's request.
    pub final_status: Option<At<u16>>,
    /// The user typed credentials.
    pub typed_credentials: Option<Place>,
    /// The browser answered a Negotiate or NTLM challenge with nothing: credentials are switched off for this request
    /// (a script's `omit`, a preflight, a blocked third-party context).
    pub credentials_omitted: Option<Place>,
    /// Server's `Date:` minus the capture's clock, in seconds.
    pub clock_offset: Option<At<i64>>,
    /// What the last token sent was, in captures with their bytes.
    pub token: Option<At<TokenSeen>>,
    /// What the last token in an answer was.
    pub answer_token: Option<At<TokenSeen>>,
}

/// A failing status of the security library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryFailure {
    /// SSPI status or GSSAPI major status.
    pub status: i64,
    /// The library's own words (GSSAPI's minor status message), trimmed.
    pub message: String,
}

/// What a capture as a whole says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureNote {
    /// Events read.
    pub events: u64,
    /// Events that mattered.
    pub relevant: u64,
    /// True when it is not all that happened (the file ends early, its oldest events were overwritten, the build or a missing
    /// head leaves things untold): then what is not in it proves nothing.
    pub truncated: bool,
    /// Bytes of the file.
    pub bytes: u64,
    /// True when no Negotiate handshake with a server is in it.
    pub no_handshake: bool,
}

/// One HTTP request or answer in headers pasted as text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Host of the request.
    pub host: Option<HostName>,
    /// Status of the answer; `None` for a request.
    pub status: Option<At<u16>>,
    /// Schemes of `WWW-Authenticate`.
    pub offered: Option<At<Vec<String>>>,
    /// The request's token.
    pub token: Option<At<TokenSeen>>,
    /// The answer's token.
    pub answer_token: Option<At<TokenSeen>>,
    /// The answer's `Date:`, in seconds since 1970, UTC.
    pub date: Option<i64>,
}

/// What an authentication token is. The bytes are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSeen {
    /// Mechanism, where it can be told.
    pub mechanism: Option<Mechanism>,
    /// A SPNEGO answer that refuses, or a KRB-ERROR.
    pub rejects: bool,
    /// Error code of a KRB-ERROR in clear.
    pub krb_error: Option<u32>,
    /// Length in bytes after decoding.
    pub bytes: u64,
    /// The innermost message that could be told; `None` when only the length is known.
    pub message: Option<TokenMessage>,
    /// True when the text breaks off before the token ends.
    pub cut: bool,
    /// The mechanisms that SPNEGO offers, in order, or the one that it chose: `MS-KRB5`, `NTLM`, or a dotted number.
    pub mechanisms: Vec<String>,
    /// The state of a SPNEGO answer.
    pub state: Option<SpnegoState>,
    /// The realm of the KDC that issued the ticket, or of the server in a KRB-ERROR.
    pub realm: Option<String>,
    /// The service that the ticket is for, or the one in a KRB-ERROR, `HTTP/web.contoso.com`.
    pub service: Option<String>,
    /// The encrypted part of the ticket.
    pub ticket: Option<Sealed>,
    /// The encrypted authenticator; a delegated ticket travels inside.
    pub authenticator: Option<Sealed>,
    /// The client asks the server to prove itself (usual; no sign of delegation).
    pub mutual: Option<bool>,
    /// The ticket is encrypted with a session key (user to user).
    pub user_to_user: Option<bool>,
    /// The clocks in a KRB-ERROR.
    pub clock: Option<KrbClock>,
    /// What an NTLM message says.
    pub ntlm: Option<Box<NtlmSeen>>,
}

/// The kinds of message that a token can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenMessage {
    /// SPNEGO's offer, with no mechanism's token that could be read.
    SpnegoInit,
    /// SPNEGO's answer, with no mechanism's token that could be read.
    SpnegoResponse,
    /// A ticket presented to a server.
    ApReq,
    /// A server's proof that it could read the ticket.
    ApRep,
    /// A Kerberos error in clear.
    KrbError,
    /// Tickets handed over: an exported ticket (`.kirbi`), never seen in HTTP.
    KrbCred,
    /// A user-to-user request for a ticket-granting ticket, or its answer.
    UserToUser,
    /// NTLM's first message.
    NtlmNegotiate,
    /// NTLM's challenge.
    NtlmChallenge,
    /// NTLM's response.
    NtlmAuthenticate,
    /// Extended negotiation ([MS-NEGOEX]): PKU2U and the like.
    NegoEx,
}

/// How a SPNEGO answer goes on (RFC 4178, 4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpnegoState {
    /// Done.
    AcceptCompleted,
    /// One more leg.
    AcceptIncomplete,
    /// Refused.
    Reject,
    /// The list of mechanisms has to be proved.
    RequestMic,
}

impl SpnegoState {
    /// RFC 4178's word.
    pub fn word(self) -> &'static str {
        match self {
            SpnegoState::AcceptCompleted => "accept-completed",
            SpnegoState::AcceptIncomplete => "accept-incomplete",
            SpnegoState::Reject => "reject",
            SpnegoState::RequestMic => "request-mic",
        }
    }
}

/// An encrypted part: what stands around it in clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Encryption type (RFC 3961).
    pub etype: i32,
    /// Key version; the account's `msDS-KeyVersionNumber`.
    pub kvno: Option<u32>,
    /// Length of the encrypted bytes.
    pub bytes: Option<u64>,
}

/// The clocks in a KRB-ERROR, in seconds since 1970, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KrbClock {
    /// The side that answers.
    pub server: i64,
    /// The side that asked, when the answer repeats its time.
    pub client: Option<i64>,
}

/// What an NTLM message says in clear, names and hashes left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NtlmSeen {
    /// The sender's version, `10.0.26100`.
    pub build: Option<String>,
    /// A domain's name is in it (in a challenge: the target's).
    pub domain: Option<bool>,
    /// A user's name is in it.
    pub user: Option<bool>,
    /// A computer's name is in it.
    pub host: Option<bool>,
}

/// A browser policy's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The policy's name, as written.
    pub name: String,
    /// Its value; `None` when listed as not set.
    pub value: Option<String>,
    /// `Mandatory`, `Recommended`, as written.
    pub level: Option<String>,
    /// `Device`, `Current user`, `machine` …
    pub scope: Option<String>,
    /// `OK`, `Unknown policy`, an error text …
    pub status: Option<String>,
    /// Which product's policy this is (`edge`, `chrome`, `chromium`), where the artefact shows it.
    pub product: Option<String>,
}

/// The head of a list of policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyListing {
    /// `edge`, `chrome`, `chromium`.
    pub product: Option<String>,
    /// True when the list is a whole one, so that an absent policy is a policy that is not set.
    pub complete: bool,
    /// Else the last policy of a list in the order of the alphabet: what stands before it and is absent is not set.
    pub up_to: Option<String>,
    /// How many policies were read.
    pub policies: u32,
}

impl PolicyListing {
    /// True when the list would show this policy if it were set.
    pub fn would_show(&self, name: &str) -> bool {
        self.complete || self.up_to.as_deref().is_some_and(|last| name < last)
    }
}

/// What a whoami page, or `WindowsIdentity`, says of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `Negotiate (KERBEROS)`, as written.
    pub method: Option<At<String>>,
    /// The authenticated user.
    pub user: Option<At<AccountName>>,
    /// The thread's impersonation level.
    pub level: Option<At<String>>,
    /// `WindowsIdentity.GetCurrent().Name`: the identity that calls onwards.
    pub current: Option<At<AccountName>>,
    /// A comment or host in the page says that this is the back end's page.
    pub of_back_end: bool,
    /// The page's own host, where it is told.
    pub host: Option<HostName>,
}

/// One directory object, with what a dump said of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// SAM account name, or name.
    pub name: Option<At<AccountName>>,
    /// Distinguished name.
    pub dn: Option<At<String>>,
    /// The role that a comment beside the dump gives (`# front end`).
    pub said_role: Option<At<String>>,
    /// `user`, `computer`, `msDS-GroupManagedServiceAccount` …
    pub object_class: Option<String>,
    /// `userAccountControl`, decimal.
    pub uac: Option<At<u32>>,
    /// TRUSTED_FOR_DELEGATION, from the property or the bit.
    pub trusted_for_delegation: Option<At<bool>>,
    /// TRUSTED_TO_AUTH_FOR_DELEGATION.
    pub trusted_to_auth: Option<At<bool>>,
    /// NOT_DELEGATED.
    pub not_delegated: Option<At<bool>>,
    /// `msDS-AllowedToDelegateTo`; `Some` and empty when the dump shows it empty.
    pub allowed_to_delegate_to: Option<At<Vec<String>>>,
    /// RBCD principals as names or distinguished names; `Some` and empty when shown empty.
    pub rbcd_principals: Option<At<Vec<String>>>,
    /// `servicePrincipalName`.
    pub spns: Option<At<Vec<Spn>>>,
    /// `memberOf`.
    pub member_of: Option<At<Vec<String>>>,
    /// `msDS-SupportedEncryptionTypes`.
    pub encryption_types: Option<At<u32>>,
    /// `whenChanged`: when anything of the object last changed, on the domain controller that was asked.
    pub when_changed: Option<At<Stamp>>,
    /// `pwdLastSet`: when its key last changed.
    pub password_set: Option<At<Stamp>>,
    /// `operatingSystem` of a domain controller.
    pub dc_system: Option<At<String>>,
    /// True when the dump lists attributes only when they are set (LDIF): an absent one is then empty.
    pub absent_means_empty: bool,
    /// The lists that the dump cut (`{a, b, c...}`). What is in one is set; what is not in it may still be.
    pub cut_lists: Vec<AccountList>,
}

/// The attributes of an account that hold many values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountList {
    /// `msDS-AllowedToDelegateTo`.
    DelegateTo,
    /// `msDS-AllowedToActOnBehalfOfOtherIdentity`, `PrincipalsAllowedToDelegateToAccount`.
    Principals,
    /// `servicePrincipalName`.
    Spns,
    /// `memberOf`.
    Groups,
}

impl Account {
    /// The DNS domain of the object, from its distinguished name.
    pub fn domain(&self) -> Option<Realm> {
        self.dn.as_ref().and_then(|dn| crate::vocabulary::names::domain_of_dn(&dn.value))
    }
    /// True when the dump shows only a part of this list: then only what it shows counts, never what it lacks.
    pub fn is_cut(&self, list: AccountList) -> bool {
        self.cut_lists.contains(&list)
    }
    /// True when the object owns this SPN.
    pub fn owns(&self, spn: &Spn) -> bool {
        self.spns.as_ref().is_some_and(|list| list.value.iter().any(|s| s.same(spn)))
    }
}

/// A search for an SPN, or a listing of an account's SPNs (`setspn`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpnSearch {
    /// The SPN searched for (`-Q`); `None` for `-L` and `-X`, or when the command is not in the paste.
    pub spn: Option<Spn>,
    /// The accounts found (distinguished names or names), each with all its SPNs that were shown.
    pub owners: Vec<SpnOwner>,
    /// `domain` or `forest`, as the output says.
    pub scope: Option<String>,
    /// The domain that was searched (`Checking domain DC=contoso,DC=com`), or the forest's root.
    pub domain: Option<Realm>,
    /// True when the output says that none exists.
    pub none: bool,
    /// True when the output says that one SPN stands on several accounts.
    pub duplicate: bool,
}

/// An account found by a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpnOwner {
    /// The distinguished name or account name, as written.
    pub dn: At<String>,
    /// The SPNs shown under it.
    pub spns: Vec<Spn>,
}

/// In which context a code was met: the same number means other things elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureContext {
    /// A KDC's answer to a client (AS or TGS exchange).
    KdcReply,
    /// A server's answer to a ticket (AP exchange).
    ApReply,
    /// S4U2Proxy on the front end (lsass.log, SSPI).
    S4u2Proxy,
    /// A logon or back-end error.
    BackEnd,
    /// The web server's acceptance of the client's token.
    Accept,
}

/// An error with its context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Where it was met.
    pub context: FailureContext,
    /// The Kerberos error (RFC 4120 number), where it is one.
    pub krb: Option<u32>,
    /// The Windows status (NTSTATUS, SEC_E), where it is one.
    pub status: Option<u32>,
    /// The extended error of a Windows event.
    pub extended: Option<u32>,
    /// The service asked for.
    pub spn: Option<Spn>,
    /// The realm of the KDC that answered.
    pub realm: Option<Realm>,
    /// The account that asked, where it is told.
    pub requester: Option<AccountName>,
    /// The text, shortened.
    pub text: String,
    /// True for a request made on behalf of a user (S4U2Proxy), where the artefact shows it.
    pub on_behalf: bool,
    /// The id of the Windows event that says it.
    pub event: Option<u32>,
    /// The account that answered and could not read the ticket (event 4), where it is told.
    pub responder: Option<AccountName>,
    /// The machine that wrote the event, where it is told.
    pub host: Option<HostName>,
    /// The account of the service asked for, where the event names that instead of the SPN (a KDC's).
    pub service: Option<AccountName>,
    /// When it was written down, where that is told.
    pub time: Option<Stamp>,
    /// The same in seconds since 1970, where an event tells its time on the wall and in UTC.
    pub utc: Option<i64>,
}

impl Failure {
    /// A failure of which only the context and the text are known. The text is masked and shortened.
    pub fn new(context: FailureContext, text: &str) -> Failure {
        Failure {
            context,
            krb: None,
            status: None,
            extended: None,
            spn: None,
            realm: None,
            requester: None,
            text: crate::artefacts::words::quoted(text),
            on_behalf: false,
            event: None,
            responder: None,
            host: None,
            service: None,
            time: None,
            utc: None,
        }
    }
}

/// Somebody arrived at a server: an access log line, a 4624, a back end's error that names the caller.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// The server's name, where it is told.
    pub host: Option<HostName>,
    /// Who arrived; `None` when nobody was authenticated.
    pub who: Option<AccountName>,
    /// True when the text says ANONYMOUS LOGON or an empty user.
    pub anonymous: bool,
    /// HTTP status, where there is one.
    pub status: Option<u16>,
    /// True when this server is known to be the back end (SQL, or a comment).
    pub back_end: bool,
    /// The mechanism by which they arrived (4624's authentication package), where it is told.
    pub mechanism: Option<Mechanism>,
    /// 4624's impersonation level: `Delegation` only when a TGT was delegated.
    pub level: Option<String>,
    /// 4624's Transited Services: the service that brought the user here by constrained or resource-based delegation.
    pub through: Option<AccountName>,
    /// When it was written down, where an event tells.
    pub time: Option<Stamp>,
}

/// A trust, as one side's trusted-domain object describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// The domain whose directory holds the object (where the listing was taken), where it is told.
    pub from: Option<Realm>,
    /// The other domain.
    pub to: Option<Realm>,
    /// `inbound`, `outbound`, `both`: outbound = `from` trusts `to` (users of `to` may come here).
    pub direction: Option<At<String>>,
    /// The attribute word (MS-ADTS 6.1.6.7.9), from a number or from names.
    pub attributes: Option<At<u32>>,
    /// `TGTDelegation` as displayed; before KB4519979 its sense was inverted, so the attribute bits count.
    pub tgt_delegation_shown: Option<At<bool>>,
    /// Selective authentication (0x10).
    pub selective_authentication: Option<At<bool>>,
    /// Quarantined (SID filtering, 0x4).
    pub quarantined: Option<At<bool>>,
    /// Within one forest (0x20).
    pub within_forest: Option<At<bool>>,
    /// A forest trust (0x8).
    pub forest_transitive: Option<At<bool>>,
    /// Name suffixes of the other side, and whether names under each are routed there.
    pub suffixes: Vec<(String, At<bool>)>,
}

/// What IIS is configured to do for one site, application or path (web.config, applicationHost.config, appcmd).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IisAuthentication {
    /// `Default Web Site/app`, where it is told.
    pub path: Option<String>,
    /// Windows authentication enabled.
    pub windows: Option<At<bool>>,
    /// Anonymous authentication enabled.
    pub anonymous: Option<At<bool>>,
    /// `useKernelMode`; default true.
    pub kernel_mode: Option<At<bool>>,
    /// `useAppPoolCredentials`; default false.
    pub app_pool_credentials: Option<At<bool>>,
    /// `authPersistNonNTLM`.
    pub auth_persist_non_ntlm: Option<At<bool>>,
    /// The providers in order: `Negotiate`, `NTLM`, `Negotiate:Kerberos`.
    pub providers: Option<At<Vec<String>>>,
    /// Extended protection, `tokenChecking`: `None`, `Allow`, `Require`.
    pub token_checking: Option<At<String>>,
    /// ASP.NET `<identity impersonate="…">`.
    pub impersonate: Option<At<bool>>,
    /// The application pool's `identityType`: `ApplicationPoolIdentity`, `NetworkService`, `LocalSystem`, `LocalService`, `SpecificUser`.
    pub pool_identity_type: Option<At<String>>,
    /// The application pool's user.
    pub pool_user: Option<At<AccountName>>,
    /// Reporting Services' authentication types (`RSWindowsNTLM`, `RSWindowsNegotiate`), from rsreportserver.config.
    pub report_server_types: Option<At<Vec<String>>>,
}

/// A DNS answer (nslookup, Resolve-DnsName, ping's first line).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DnsAnswer {
    /// The name asked for.
    pub asked: Option<HostName>,
    /// The canonical name when the asked one is an alias.
    pub canonical: Option<HostName>,
    /// The addresses.
    pub addresses: Vec<String>,
    /// True when the name does not exist.
    pub missing: bool,
}

/// The state of one Windows device or session (dsregcmd /status, Win32_DeviceGuard, whoami /all, whoami /groups).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Credential Guard runs (`SecurityServicesRunning` contains 1).
    pub credential_guard: Option<At<bool>>,
    /// Joined to a domain.
    pub domain_joined: Option<At<bool>>,
    /// Joined to Entra ID.
    pub entra_joined: Option<At<bool>>,
    /// The session has an on-premises TGT by cloud trust (`OnPremTgt`).
    pub on_prem_tgt: Option<At<bool>>,
    /// The session's user is in Protected Users (RID 525).
    pub protected_user: Option<At<bool>>,
    /// The session's user.
    pub user: Option<At<AccountName>>,
    /// Who vouches for the session's identity: `authority` (S-1-18-1: the user proved it to a KDC or DC), or `service`
    /// (S-1-18-2: a service asserted it, S4U2Self).
    pub asserted_by: Option<At<String>>,
}

/// One reading of a clock against another (w32tm).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    /// The other side.
    pub against: Option<HostName>,
    /// Difference in milliseconds; positive when the other side is ahead.
    pub offset_millis: Option<i64>,
    /// The time source, where it is told.
    pub source: Option<String>,
}

/// One attribute of a directory object and its last change (repadmin /showobjmeta).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// The attribute, as written.
    pub attribute: String,
    /// How often it was changed.
    pub version: u32,
    /// When it was last changed, on the clock of the controller that took the change.
    pub time: Option<Stamp>,
    /// The controller that took the change, as written (`Site\DC01`).
    pub originating_dc: Option<String>,
    /// The object's distinguished name, where the command or list names it.
    pub object: Option<String>,
}

/// What the person says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The key, lower case, as written otherwise.
    pub key: String,
    /// The value, as written.
    pub value: String,
}
