//! Folds the events of the NetLog viewer's text into conversations, one [`Handshake`] each (netlog.md, 2.2 and 2.3).

use super::Reading;
use super::handshake_values::{flag_of_value, leading_number, mechanism, truth};
use super::loose_json::{Scan, scan};
use super::net_export_text::Phase;
use super::words;
use crate::facts::{At, AuthTarget, Exchange, Handshake, Library, LibraryFailure, Place, Statement};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::names::{HostName, Spn};

const INIT: &str = "AUTH_LIBRARY_INIT_SEC_CTX";
/// GSSAPI's major status: the upper half tells errors; 1 alone is CONTINUE_NEEDED (RFC 2743).
const GSS_ERRORS: i64 = 0xffff_0000;

/// What was read so far.
#[derive(Default)]
pub struct Conversations {
    done: Vec<(Handshake, Place)>,
    open: Option<(Handshake, Place)>,
    /// The leg that begins: whose it is shows only with its SPN.
    leg: Option<Leg>,
    /// Messages of requests, with what they say.
    messages: Vec<Message>,
    host: Option<HostName>,
    /// The handler that is being told; the viewer sorts parameters by name, so the scheme comes last.
    handler: Option<Handler>,
    /// Inside a challenge; false outside, nothing where the excerpt shows no challenge at all.
    challenged: Option<bool>,
    /// Where a challenge began that nobody has taken up yet.
    ignored: Option<Place>,
}

/// The begin of a library call: its place, and what it asks for.
struct Leg {
    place: Place,
    asked: Option<At<bool>>,
}

/// What became of one scheme.
#[derive(Default)]
struct Handler {
    scheme: Option<String>,
    refused: Option<At<i32>>,
    default_credentials: Option<At<bool>>,
}

struct Message {
    exchange: Exchange,
    place: Place,
    sent: Option<At<u64>>,
    /// How many conversations had begun before it: where no host tells, the order does.
    after: usize,
}

impl Conversations {
    /// A new source's heading: what follows is another conversation.
    pub fn source(&mut self, _name: &str) {
        self.close();
        self.host = None;
    }

    /// An event.
    pub fn event(&mut self, phase: Phase, name: &str, place: Place) {
        let begins = name == "AUTH_CONTROLLER" && phase == Phase::Begin;
        if begins {
            self.close();
        }
        self.commit();
        self.settle();
        self.challenge(phase, name, &place);
        if name == "AUTH_HANDLER_CREATE_RESULT" {
            self.handler = Some(Handler::default());
        }
        if name == INIT && phase == Phase::Begin {
            self.leg = Some(Leg { place, asked: None });
        } else if begins || name.starts_with("AUTH_LIBRARY") {
            self.widen(&place);
        }
    }

    /// The handler that was told, when it is Negotiate's. Outside of a challenge a refusal is harmless (netlog.md, 2.5).
    fn settle(&mut self) {
        let Some(handler) = self.handler.take() else { return };
        if handler.scheme.as_deref().is_some_and(|s| s != "negotiate") {
            return;
        }
        if let Some(allowed) = handler.default_credentials {
            let place = allowed.place.clone();
            self.widen(&place).default_credentials = Some(allowed);
        }
        if let Some(refused) = handler.refused.filter(|_| handler.scheme.is_some() && self.challenged != Some(false)) {
            let place = refused.place.clone();
            self.widen(&place).scheme_refused = Some(refused);
        }
    }

    /// A challenge that ends without a handler: the browser may not answer it.
    fn challenge(&mut self, phase: Phase, name: &str, place: &Place) {
        match (name, phase) {
            ("AUTH_HANDLE_CHALLENGE", Phase::Begin) => {
                self.challenged = Some(true);
                self.ignored = Some(place.clone());
            }
            ("AUTH_HANDLE_CHALLENGE", Phase::End) => {
                self.challenged = Some(false);
                if let Some(begin) = self.ignored.take() {
                    self.widen(place).credentials_omitted = Some(begin.to(place));
                }
            }
            _ if name.starts_with("AUTH_") && !["AUTH_CONTROLLER", "AUTH_BOUND_TO_CONTROLLER"].contains(&name) => {
                self.ignored = None;
                if let Some((handshake, _)) = &mut self.open {
                    handshake.credentials_omitted = None;
                }
            }
            _ => {}
        }
    }

    /// Adds the leg that began to the open conversation.
    fn commit(&mut self) {
        let Some(leg) = self.leg.take() else { return };
        let handshake = self.widen(&leg.place);
        if let Some(asked) = leg.asked {
            handshake.library = Library::Sspi;
            // A later leg repeats the request; one that asks is the telling one.
            if !handshake.asked.as_ref().is_some_and(|a| a.value) {
                handshake.asked = Some(asked);
            }
        }
    }

    fn widen(&mut self, place: &Place) -> &mut Handshake {
        let (handshake, whole) = self.open.get_or_insert_with(|| (Handshake::default(), place.clone()));
        *whole = whole.to(&Place { lit: Vec::new(), ..place.clone() });
        handshake
    }

    fn close(&mut self) {
        self.commit();
        self.settle();
        self.challenged = None;
        self.done.extend(self.open.take());
    }

    /// A parameter of an event.
    pub fn parameter(&mut self, phase: Phase, event: &str, key: &str, value: &str, place: Place) {
        let json = scan(&format!("{{\"v\":{value}}}"));
        let of = |path: &[&str]| -> Option<String> {
            let full: Vec<&str> = std::iter::once("v").chain(path.iter().copied()).collect();
            json.get(&full).map(str::to_owned)
        };
        let plain = value.trim_matches(['"', ' ', ',']).to_owned();
        match (event, key) {
            ("AUTH_CONTROLLER", "target") => {
                let target = if plain == "proxy" { AuthTarget::Proxy } else { AuthTarget::Server };
                self.widen(&place).target = target;
            }
            ("AUTH_CONTROLLER", "url") => self.url(&plain, place),
            ("URL_REQUEST_START_JOB" | "REQUEST_ALIVE", "url") => {
                self.host = Origin::parse(&plain).and_then(|o| HostName::parse(&o.host));
            }
            ("AUTH_HANDLER_CREATE_RESULT", _) => self.handler_told(key, plain, place),
            ("AUTH_HANDLER_INIT", "allows_default_credentials") => {
                let Some(allowed) = truth(&plain) else { return };
                let lit = format!("allows_default_credentials = {plain}");
                let allowed = At::new(allowed, place.clone().lit([lit]));
                self.widen(&place).default_credentials.get_or_insert(allowed);
            }
            ("AUTH_LIBRARY_ACQUIRE_CREDS", "user") if !plain.is_empty() => {
                let handshake = self.widen(&place);
                handshake.typed_credentials = Some(place);
            }
            (_, "spn") => self.spn(&plain, place),
            (_, "authorization_result") if plain == "reject" => {
                let handshake = self.widen(&place);
                handshake.rejected = Some(At::new(true, place.lit(["reject"])));
            }
            ("" | INIT, "flags") if phase != Phase::End => {
                let told = of(&["delegated"]).or_else(|| flag_of_value(of(&["value"])));
                if let Some((delegated, asked)) = told.and_then(|told| truth(&told).map(|asked| (told, asked))) {
                    let lit = format!("\"delegated\":{delegated}");
                    let leg = self.leg.get_or_insert_with(|| Leg { place: place.clone(), asked: None });
                    leg.place = leg.place.to(&place);
                    leg.asked = Some(At::new(asked, place.lit([lit])));
                }
            }
            ("" | INIT, "context") => self.context(&json, place),
            ("" | INIT, "status") => self.status(&json, place),
            _ => {}
        }
    }

    fn url(&mut self, url: &str, place: Place) {
        let Some(origin) = Origin::parse(url) else { return };
        // No query, no fragment, no user: they may hold secrets.
        let bare = url.split(['?', '#']).next().unwrap_or(url);
        let bare = match bare.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.split_once('/').map_or((rest, ""), |(a, p)| (a, p));
                let authority = authority.rsplit('@').next().unwrap_or(authority);
                format!("{scheme}://{authority}/{path}")
            }
            None => bare.to_owned(),
        };
        let handshake = self.widen(&place);
        handshake.host = HostName::parse(&origin.host);
        handshake.url = Some(At::new(bare.clone(), place.lit([bare])));
    }

    fn spn(&mut self, text: &str, place: Place) {
        let Some(spn) = Spn::parse(text) else { return };
        // In an excerpt without AUTH_CONTROLLER another name is another conversation.
        if self.open.as_ref().and_then(|(h, _)| h.spn.as_ref()).is_some_and(|old| !old.value.same(&spn)) {
            let leg = self.leg.take();
            self.close();
            self.leg = leg;
        }
        self.commit();
        let lit = format!("\"{text}\"");
        let handshake = self.widen(&place);
        handshake.spn = Some(At::new(spn, place.lit([lit])));
    }

    fn handler_told(&mut self, key: &str, value: String, place: Place) {
        let handler = self.handler.get_or_insert_with(Handler::default);
        match key {
            "scheme" => handler.scheme = Some(value.to_lowercase()),
            "net_error" => {
                let code = leading_number(&value).and_then(|n| i32::try_from(n).ok()).filter(|n| *n < 0);
                handler.refused = code.map(|code| At::new(code, place.lit([code.to_string()])));
            }
            "allows_default_credentials" => {
                let lit = format!("allows_default_credentials = {value}");
                handler.default_credentials = truth(&value).map(|allowed| At::new(allowed, place.lit([lit])));
            }
            _ => {}
        }
    }

    fn context(&mut self, json: &Scan, place: Place) {
        self.commit();
        let get = |path: &[&str]| json.get(path).map(str::to_owned);
        let handshake = self.widen(&place);
        if let Some(granted) = get(&["v", "flags", "delegated"]).as_deref().and_then(truth) {
            let lit = format!("\"delegated\":{granted}");
            if !handshake.granted.as_ref().is_some_and(|g| g.value) {
                handshake.granted = Some(At::new(granted, place.clone().lit([lit])));
            }
        }
        let (name, gssapi) = match get(&["v", "mechanism"]) {
            Some(name) => (Some(name), false),
            None => (get(&["v", "mechanism", "oid"]).or_else(|| get(&["v", "mechanism", "bytes"])), true),
        };
        if gssapi && name.is_some() {
            handshake.library = Library::Gssapi;
        }
        if let Some((name, mechanism)) = name.and_then(|n| mechanism(&n).map(|m| (n, m))) {
            handshake.mechanism = Some(At::new(mechanism, place.lit([name])));
        }
        let named = |key: &str| get(&["v", key, "name"]).or_else(|| get(&["v", key])).map(|n| words::quoted(&n));
        handshake.source_name = named("source").or(handshake.source_name.take());
        handshake.target_name = named("target").or(handshake.target_name.take());
    }

    fn status(&mut self, json: &Scan, place: Place) {
        let number = |path: &[&str]| json.get(path).and_then(leading_number);
        let net_error = number(&["v", "net_error"]).and_then(|n| i32::try_from(n).ok()).filter(|n| *n != 0);
        let sspi = number(&["v", "security_status"]);
        let major = number(&["v", "major_status", "status"]);
        let handshake = self.widen(&place);
        if sspi.is_some() {
            handshake.library = Library::Sspi;
        }
        if major.is_some() {
            handshake.library = Library::Gssapi;
        }
        if let Some(code) = net_error {
            handshake.net_error = Some(At::new(code, place.clone().lit([code.to_string()])));
        }
        // SSPI: negative as signed, or with the top bit as unsigned.
        let failed = sspi.filter(|s| *s < 0 || *s >= 0x8000_0000).or(major.filter(|m| m & GSS_ERRORS != 0));
        if let Some(status) = failed {
            let messages = json.scalars.iter().filter(|s| s.key(1) == "minor_status" && s.key(2) == "message");
            let message = words::quoted(&messages.map(|s| s.value.trim()).collect::<Vec<_>>().join(" "));
            let lit = if message.is_empty() { status.to_string() } else { message.clone() };
            handshake.failure = Some(At::new(LibraryFailure { status, message }, place.lit([lit])));
        }
    }

    /// A request's or answer's headers.
    pub fn headers(&mut self, part: &[Line], first: &str) {
        let mut exchange = Exchange::default();
        let mut sent = None;
        for (i, line) in part.iter().enumerate() {
            let text = if i == 0 { first } else { line.trimmed() };
            if let Some(rest) = text.strip_prefix("HTTP/") {
                let status = rest.split_whitespace().nth(1).and_then(|s| s.parse().ok());
                exchange.status = status.map(|s: u16| At::new(s, line.lit([s.to_string()])));
            }
            let Some((name, value)) = text.split_once(':') else { continue };
            match name.trim().to_ascii_lowercase().as_str() {
                "host" => self.host = HostName::parse(value.trim().split(':').next().unwrap_or_default()),
                "www-authenticate" => {
                    let scheme = value.split_whitespace().next().unwrap_or_default().trim_end_matches(',').to_owned();
                    let place = line.lit([scheme.clone()]);
                    match &mut exchange.offered {
                        Some(offered) => {
                            offered.value.push(scheme);
                            offered.place = offered.place.to(&place);
                        }
                        None => exchange.offered = Some(At::new(vec![scheme], place)),
                    }
                }
                "authorization" => {
                    let stripped = value
                        .split(|c: char| !c.is_ascii_digit())
                        .find(|w| !w.is_empty())
                        .filter(|_| value.contains("stripped"));
                    let length = stripped
                        .and_then(|n| n.parse().ok())
                        .unwrap_or_else(|| u64::try_from(value.trim().len()).unwrap_or(u64::MAX));
                    sent = Some(At::new(length, line.place()));
                }
                _ => {}
            }
        }
        if exchange.status.is_some() || sent.is_some() {
            exchange.host = self.host.clone();
            let after = self.done.len().saturating_add(usize::from(self.open.is_some()));
            self.messages.push(Message { exchange, place: place_of(part), sent, after });
        }
    }

    /// Tells everything: one handshake a conversation, with the answers of the requests that it served.
    pub fn tell(mut self, reading: &mut Reading) {
        self.close();
        let worth = |h: &Handshake| {
            h.spn.is_some()
                || h.asked.is_some()
                || h.granted.is_some()
                || h.failure.is_some()
                || h.url.is_some()
                || h.scheme_refused.is_some()
                || h.credentials_omitted.is_some()
        };
        let mut handshakes: Vec<(Handshake, Place)> = self.done.into_iter().filter(|(h, _)| worth(h)).collect();
        let only = handshakes.len() == 1;
        for message in self.messages {
            let same =
                |h: &Handshake| match (&h.host, h.spn.as_ref().and_then(|s| s.value.host()), &message.exchange.host) {
                    (Some(a), _, Some(b)) => a.same(b),
                    (None, Some(a), Some(b)) => a.same_machine(b),
                    _ => false,
                };
            let at = handshakes
                .iter()
                .position(|(h, _)| same(h))
                .or_else(|| only.then_some(0))
                .or_else(|| message.after.checked_sub(1));
            match at.and_then(|at| handshakes.get_mut(at)) {
                Some((handshake, _)) => attach(handshake, message),
                None => reading.fact(message.place, Statement::Exchange(message.exchange)),
            }
        }
        for (mut handshake, place) in handshakes {
            let offered = handshake.offered.iter().flat_map(|o| &o.value);
            let ours = offered.into_iter().any(|s| ["negotiate", "ntlm"].contains(&s.to_lowercase().as_str()));
            if !ours || handshake.token_sent.is_some() || handshake.spn.is_some() {
                handshake.credentials_omitted = None;
            }
            reading.fact(place, Statement::Handshake(Box::new(handshake)));
        }
    }
}

fn attach(handshake: &mut Handshake, message: Message) {
    if let Some(sent) = message.sent {
        handshake.token_sent = Some(sent);
    }
    let Some(status) = message.exchange.status else { return };
    if status.value == 401 && handshake.token_sent.is_some() && handshake.rejected.is_none() {
        handshake.rejected = Some(At::new(true, message.place));
    }
    if handshake.offered.is_none() {
        handshake.offered = message.exchange.offered;
    }
    if status.value < 400 {
        // Accepted in the end: an NTLM leg before it was no refusal.
        handshake.rejected = None;
    }
    handshake.final_status = Some(status);
}
