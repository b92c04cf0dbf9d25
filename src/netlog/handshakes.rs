//! Events → handshakes: one conversation of the browser with one site, joined by source id as the events pass.
//!
//! The controller's events say what the browser asked and what the library gave; the caller's (URL_REQUEST) headers say
//! how the server answered. A caller is bound to its controller only after the first 401 was read, so the last answer of
//! every live request is remembered (netlog.md, 2.1, 2.4, 2.5). What is remembered is bounded.

use super::event::{Context, Event, Flags, MechanismName, Name, Phase, mechanism_of};
use super::headers::{self, Answered, Sent};
use super::places::{host_of, place, shown_url};
use crate::facts::{At, AuthTarget, Handshake, Library, LibraryFailure, Mechanism, Place};
use crate::vocabulary::names::Spn;
use doublehop_scan::Location;
use std::collections::{HashMap, VecDeque};

/// Live requests and controllers that are remembered at a time; a browser session has a few thousand at most.
const LIVE: usize = 20_000;

/// Joins events to handshakes.
#[derive(Debug, Default)]
pub struct Joiner {
    requests: HashMap<i64, Request>,
    controllers: HashMap<i64, Open>,
    /// Which controller a caller talks to.
    bound: HashMap<i64, i64>,
    /// Controllers in the order of their first event.
    order: VecDeque<i64>,
    /// Controllers that were forgotten because there were too many.
    pub forgotten: u64,
}

/// One caller's last words.
#[derive(Debug, Default)]
struct Request {
    url: Option<At<String>>,
    answer: Option<Answered>,
    sent_token: Option<Sent>,
    /// Is privacy mode on, so that no credentials go out?
    private: Option<At<bool>>,
}

/// A handshake in the making.
#[derive(Debug, Default)]
struct Open {
    handshake: Handshake,
    /// Depth of AUTH_HANDLE_CHALLENGE: a refused scheme counts only inside (netlog.md, 2.5).
    challenge: u32,
    /// Where the challenge began that is being handled, as long as nobody took it up.
    ignored: Option<Place>,
    /// A whole challenge that nobody took up.
    empty: Option<Place>,
    private: Option<At<bool>>,
    on_socket: bool,
}

impl Joiner {
    /// Takes one event that stands at `location`.
    pub fn take(&mut self, event: Event, location: Location) {
        self.forget();
        match event.name {
            Name::RequestAlive | Name::StartJob => self.request(event, location),
            Name::SendHeaders | Name::SendHeadersH2 | Name::SendHeadersQuic => self.sent(&event, location),
            Name::ReadHeaders => self.answered(&event, location),
            Name::Bound => self.bind(&event),
            Name::PrivacyMode => self.privacy(&event, location),
            _ => self.controller(event, location),
        }
    }

    /// Does this caller talk to a controller?
    pub fn is_bound(&self, source: i64) -> bool {
        self.bound.contains_key(&source)
    }

    /// Keeps what is remembered of callers bounded, whatever the capture holds. Twice the bound, so that this is rare.
    fn forget(&mut self) {
        let limit = LIVE.saturating_mul(2);
        if self.bound.len() >= limit {
            self.bound.retain(|_, controller| self.controllers.contains_key(controller));
            if self.bound.len() > LIVE {
                self.bound.clear();
            }
        }
        if self.requests.len() >= limit {
            self.requests.retain(|id, _| self.bound.contains_key(id));
            if self.requests.len() > LIVE {
                self.requests.clear();
            }
        }
    }

    /// Before 2021 the first event of a job said it.
    fn privacy(&mut self, event: &Event, location: Location) {
        let Some(mode) = &event.params.privacy_mode else { return };
        if event.name == Name::PrivacyMode || self.requests.len() < LIVE {
            let private = At::new(mode.is_on(), place(location, ["privacy_mode"]));
            self.requests.entry(event.source).or_default().private = Some(private);
        }
    }

    fn request(&mut self, event: Event, location: Location) {
        self.privacy(&event, location);
        let Some(url) = event.params.url else { return };
        let request = self.requests.entry(event.source).or_default();
        if event.name == Name::StartJob || request.url.is_none() {
            // A redirect starts a new job on the same source: another site, another conversation.
            let hop = request.url.as_ref().is_some_and(|old| host_of(&old.value) != host_of(&url));
            request.url = Some(At::new(shown_url(&url), place(location, [""; 0])));
            if hop {
                request.answer = None;
                request.sent_token = None;
                self.bound.remove(&event.source);
            }
        }
    }

    fn sent(&mut self, event: &Event, location: Location) {
        let Some(sent) = headers::sent(event, location) else { return };
        match self.bound.get(&event.source).and_then(|id| self.controllers.get_mut(id)) {
            Some(open) => open.token(sent),
            None => self.requests.entry(event.source).or_default().sent_token = Some(sent),
        }
    }

    fn answered(&mut self, event: &Event, location: Location) {
        let Some(answer) = headers::answered(event, location) else { return };
        if let Some(open) = self.bound.get(&event.source).and_then(|id| self.controllers.get_mut(id)) {
            open.answer(&answer);
        }
        self.requests.entry(event.source).or_default().answer = Some(answer);
    }

    fn bind(&mut self, event: &Event) {
        let Some(controller) = event.params.source_dependency.as_ref().map(|d| d.id) else { return };
        self.bound.insert(event.source, controller);
        let request = self.requests.remove(&event.source).unwrap_or_default();
        let open = self.open(controller);
        open.on_socket |= event.on_socket;
        let handshake = &mut open.handshake;
        if let (None, Some(url)) = (&handshake.url, &request.url) {
            handshake.host = host_of(&url.value);
            handshake.url = Some(url.clone());
        }
        // The token of a pre-emptive attempt came before its answer: keep the order of the wire.
        if let Some(sent) = request.sent_token {
            open.token(sent);
        }
        if let Some(answer) = request.answer {
            open.answer(&answer);
        }
        if request.private.is_some() {
            open.private.clone_from(&request.private);
        }
        let rest = Request { url: request.url, private: request.private, ..Request::default() };
        self.requests.insert(event.source, rest);
    }

    fn open(&mut self, id: i64) -> &mut Open {
        if !self.controllers.contains_key(&id) {
            if self.controllers.len() >= LIVE
                && let Some(oldest) = self.order.pop_front()
            {
                self.controllers.remove(&oldest);
                self.forgotten = self.forgotten.saturating_add(1);
            }
            self.order.push_back(id);
        }
        self.controllers.entry(id).or_default()
    }

    fn controller(&mut self, event: Event, location: Location) {
        let open = self.open(event.source);
        let pair = event.name == Name::HandleChallenge && event.phase != Phase::None;
        if !pair && event.name != Name::Controller {
            // Somebody takes the challenge up.
            open.ignored = None;
            open.empty = None;
        }
        let handshake = &mut open.handshake;
        let params = event.params;
        match (event.name, event.phase) {
            (Name::Controller, Phase::Begin) => {
                if params.target.as_deref() == Some("proxy") {
                    handshake.target = AuthTarget::Proxy;
                }
                if let Some(url) = params.url {
                    handshake.host = host_of(&url);
                    handshake.url = Some(At::new(shown_url(&url), place(location, [shown_url(&url)])));
                }
            }
            (Name::HandleChallenge, Phase::Begin) => {
                open.challenge = open.challenge.saturating_add(1);
                if open.challenge == 1 {
                    open.ignored = Some(place(location, [""; 0]));
                }
            }
            (Name::HandleChallenge, Phase::End) => {
                open.challenge = open.challenge.saturating_sub(1);
                if let Some(begin) = open.ignored.take() {
                    open.empty = Some(begin.to(&place(location, ["AUTH_HANDLE_CHALLENGE"])));
                }
            }
            (Name::HandleChallenge, Phase::None) if params.authorization_result.as_deref() == Some("reject") => {
                handshake.rejected = Some(At::new(true, place(location, ["reject"])));
            }
            (Name::HandlerInit, Phase::End) | (Name::CreateResult, _) => {
                let negotiate = params.scheme.as_deref().is_none_or(|s| s.eq_ignore_ascii_case("negotiate"));
                if let (Some(allowed), true) = (params.allows_default_credentials, negotiate) {
                    let words = [format!("\"allows_default_credentials\":{allowed}")];
                    let allowed = At::new(allowed, place(location, words));
                    match params.scheme {
                        // That of Negotiate itself says more than the first of several.
                        Some(_) => handshake.default_credentials = Some(allowed),
                        None => {
                            handshake.default_credentials.get_or_insert(allowed);
                        }
                    }
                }
                let named = params.scheme.as_deref().is_some_and(|s| s.eq_ignore_ascii_case("negotiate"));
                if let (Some(code), true, true) = (params.net_error, named, open.challenge > 0) {
                    handshake.scheme_refused = Some(At::new(code, place(location, [code.to_string()])));
                }
            }
            (Name::ImportName, _) => {
                handshake.library = Library::Gssapi;
                if let Some(spn) = params.spn.as_deref().and_then(Spn::parse) {
                    let words = [params.spn.clone().unwrap_or_default()];
                    handshake.spn = Some(At::new(spn, place(location, words)));
                }
            }
            (Name::AcquireCreds, Phase::End) => {
                handshake.library = Library::Sspi;
                if params.user.is_some() {
                    handshake.typed_credentials = Some(place(location, ["user"]));
                }
                if let Some(status) = params.status.filter(|s| s.security_status.is_some_and(|c| c < 0)) {
                    let code = status.security_status.unwrap_or_default();
                    handshake.failure = Some(failure(code, String::new(), location));
                }
            }
            (Name::InitSecCtx, Phase::Begin) => {
                if let Some(spn) = params.spn.as_deref() {
                    handshake.library = Library::Sspi;
                    asked(handshake, spn, params.flags.as_ref(), location);
                }
            }
            (Name::InitSecCtx, Phase::End) => {
                // About milestone 77 the request stood on END (netlog.md, 2.3).
                if let Some(spn) = params.spn.as_deref() {
                    asked(handshake, spn, params.flags.as_ref(), location);
                }
                if let Some(status) = &params.status {
                    library_status(handshake, status, location);
                }
                if let Some(context) = &params.context {
                    granted(handshake, context, location);
                }
            }
            (Name::GenerateToken, Phase::End) => {
                if let Some(code) = params.net_error {
                    handshake.net_error = Some(At::new(code, place(location, [code.to_string()])));
                }
            }
            _ => {}
        }
    }

    /// Ends: every handshake, in the order of its first event. Sockets' are the proxy's.
    pub fn finish(mut self) -> Vec<Handshake> {
        let order = std::mem::take(&mut self.order);
        order
            .iter()
            .filter_map(|id| self.controllers.remove(id))
            .map(|open| {
                let mut handshake = open.handshake;
                if open.on_socket {
                    handshake.target = AuthTarget::Proxy;
                }
                handshake.credentials_omitted =
                    open.empty.filter(|_| may_sign_in(&handshake)).and_then(|empty| match open.private {
                        Some(At { value: false, .. }) => None,
                        Some(private) => Some(private.place),
                        None => Some(empty),
                    });
                handshake
            })
            .collect()
    }
}

impl Open {
    fn token(&mut self, sent: Sent) {
        let place = sent.length.place.clone();
        self.handshake.token_sent = Some(sent.length);
        if let Some(mechanism) = sent.mechanism.filter(|m| *m != Mechanism::Undecided) {
            self.handshake.mechanism = Some(At::new(mechanism, place));
        }
        self.handshake.token = sent.token.or(self.handshake.token.take());
    }

    fn answer(&mut self, answer: &Answered) {
        let handshake = &mut self.handshake;
        let challenge = answer.status.value == 401;
        if challenge {
            // The first challenge says what is offered; later ones go on with one scheme.
            if handshake.offered.is_none() {
                handshake.offered = Some(answer.offered.clone());
            }
            // A token with a long answer may still be one more leg; a bare challenge or a SPNEGO reject is a refusal.
            let bare = answer.offered.value.iter().any(|s| s == "Negotiate") && handshake.token_sent.is_some();
            if handshake.token_sent.is_some() && (answer.refuses || bare) {
                let place = answer.status.place.clone().lit(["WWW-Authenticate: Negotiate"]);
                handshake.rejected = Some(At::new(true, place));
            }
        }
        handshake.final_status = Some(answer.status.clone());
        handshake.answer_token = answer.token.clone().or(handshake.answer_token.take());
        let larger =
            |new: &At<i64>| handshake.clock_offset.as_ref().is_none_or(|old| old.value.abs() < new.value.abs());
        if let Some(offset) = answer.clock_offset.clone().filter(larger) {
            handshake.clock_offset = Some(offset);
        }
    }
}

/// The server offered what a browser on a domain takes up by itself, and no token was sent.
fn may_sign_in(handshake: &Handshake) -> bool {
    let ours = |s: &String| ["negotiate", "ntlm"].contains(&s.to_lowercase().as_str());
    handshake.token_sent.is_none() && handshake.offered.as_ref().is_some_and(|o| o.value.iter().any(ours))
}

fn asked(handshake: &mut Handshake, spn: &str, flags: Option<&Flags>, location: Location) {
    if let Some(parsed) = Spn::parse(spn) {
        handshake.spn = Some(At::new(parsed, place(location, [spn])));
    }
    if let Some(delegated) = flags.and_then(|f| f.delegated) {
        let mut words = vec![format!("\"delegated\":{delegated}"), format!("\"delegated\": {delegated}")];
        words.extend(flags.and_then(|f| f.value.clone()));
        handshake.asked = Some(At::new(delegated, place(location, words)));
    }
}

fn library_status(handshake: &mut Handshake, status: &super::event::Status, location: Location) {
    if let Some(code) = status.security_status.filter(|c| *c < 0) {
        handshake.failure = Some(failure(code, String::new(), location));
    }
    // GSSAPI: 0 and 1 (continue needed) are no errors.
    if let Some(major) = status.major_status.as_ref().filter(|m| m.status > 1) {
        handshake.library = Library::Gssapi;
        let message =
            status.minor_status.as_ref().filter(|m| !m.message.is_empty()).unwrap_or(major).message.join("; ");
        handshake.failure = Some(failure(major.status, message.trim_matches(['\0', ' ']).to_owned(), location));
    } else if status.major_status.is_some() {
        handshake.library = Library::Gssapi;
    }
    if let Some(code) = status.net_error.filter(|c| *c < 0) {
        handshake.net_error = Some(At::new(code, place(location, [code.to_string()])));
    }
}

fn failure(status: i64, message: String, location: Location) -> At<LibraryFailure> {
    let words = if message.is_empty() { vec![status.to_string()] } else { vec![message.clone()] };
    At::new(LibraryFailure { status, message }, place(location, words))
}

fn granted(handshake: &mut Handshake, context: &Context, location: Location) {
    if let Some(delegated) = context.flags.as_ref().and_then(|f| f.delegated) {
        let words = vec![format!("\"delegated\":{delegated}"), format!("\"delegated\": {delegated}")];
        handshake.granted = Some(At::new(delegated, place(location, words)));
    }
    let source = context.source.as_ref().map(|s| s.as_str().to_owned());
    if let Some(mechanism) = context.mechanism.as_ref().and_then(|m| mechanism_of(m, source.as_deref())) {
        let word = match context.mechanism.as_ref() {
            Some(MechanismName::Package(name)) => name.clone(),
            _ => source.clone().unwrap_or_default(),
        };
        handshake.mechanism = Some(At::new(mechanism, place(location, [word])));
    }
    handshake.source_name = source.or(handshake.source_name.take());
    handshake.target_name = context.target.as_ref().map(|s| s.as_str().to_owned()).or(handshake.target_name.take());
}
