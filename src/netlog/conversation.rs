//! One conversation in the making: what the controller's events and the caller's headers say of it.

use super::event::{Event, Name, Phase};
use super::headers::{Answered, Sent};
use super::params::{Context, Flags, MechanismName, Status, mechanism_of};
use super::places::{host_of, place, shown_url};
use crate::facts::{At, AuthTarget, Handshake, Library, LibraryFailure, Mechanism, Place};
use crate::vocabulary::names::Spn;
use doublehop_scan::Location;

/// How much of a library's message or of a party's name is kept.
const WORDS: usize = 500;

/// A handshake in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    pub handshake: Handshake,
    /// Depth of AUTH_HANDLE_CHALLENGE: a refused scheme counts only inside (netlog.md, 2.5).
    challenge: u32,
    /// Where the challenge began that is being handled, as long as nobody took it up.
    ignored: Option<Place>,
    /// A whole challenge that nobody took up.
    empty: Option<Place>,
    /// Is privacy mode on, so that no credentials go out?
    pub private: Option<At<bool>>,
    pub on_socket: bool,
    /// The controller's beginning was seen, so that its target is known.
    named: bool,
    /// A proxy's challenge was read.
    by_proxy: bool,
    /// May some scheme's handler use the logged-on user's credentials? Never that of Basic or Digest.
    some_handler: Option<At<bool>>,
}

impl Open {
    /// Takes an event of the controller.
    pub fn controller(&mut self, event: &Event<'_>, location: Location) {
        let pair = event.name == Name::HandleChallenge && event.phase != Phase::None;
        if !pair && event.name != Name::Controller {
            // Somebody takes the challenge up.
            self.ignored = None;
            self.empty = None;
        }
        let handshake = &mut self.handshake;
        let params = event.params();
        match (event.name, event.phase) {
            (Name::Controller, Phase::Begin) => {
                self.named = params.target.is_some();
                if params.target.as_deref() == Some("proxy") {
                    handshake.target = AuthTarget::Proxy;
                }
                if let Some(url) = params.url {
                    handshake.host = host_of(&url);
                    handshake.url = Some(At::new(shown_url(&url), place(location, [shown_url(&url)])));
                }
            }
            (Name::HandleChallenge, Phase::Begin) => {
                self.challenge = self.challenge.saturating_add(1);
                if self.challenge == 1 {
                    self.ignored = Some(place(location, [""; 0]));
                }
            }
            (Name::HandleChallenge, Phase::End) => {
                self.challenge = self.challenge.saturating_sub(1);
                if let Some(begin) = self.ignored.take() {
                    self.empty = Some(begin.to(&place(location, ["AUTH_HANDLE_CHALLENGE"])));
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
                        Some(_) => handshake.default_credentials = Some(allowed),
                        // It does not say whose handler this is.
                        None => {
                            self.some_handler.get_or_insert(allowed);
                        }
                    }
                }
                let named = params.scheme.as_deref().is_some_and(|s| s.eq_ignore_ascii_case("negotiate"));
                if let (Some(code), true, true) = (params.net_error, named, self.challenge > 0) {
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

    /// A token on its way to the server.
    pub fn token(&mut self, sent: Sent) {
        let place = sent.length.place.clone();
        self.handshake.token_sent = Some(sent.length);
        if let Some(mechanism) = sent.mechanism.filter(|m| *m != Mechanism::Undecided) {
            self.handshake.mechanism = Some(At::new(mechanism, place));
        }
        self.handshake.token = sent.token.or(self.handshake.token.take());
    }

    /// How the server answered.
    pub fn answer(&mut self, answer: &Answered) {
        let handshake = &mut self.handshake;
        let challenge = answer.status.value == 401;
        if challenge {
            // A first challenge says what is offered; later ones go on with one scheme, and in an overwritten ring of files
            // one of those may be the first that is left.
            let goes_on = answer.offered.value.iter().any(|scheme| scheme.ends_with('…'));
            if handshake.offered.is_none() && !goes_on {
                handshake.offered = Some(answer.offered.clone());
            }
            // A token with a long answer may still be one more leg; a bare challenge or a SPNEGO reject is a refusal.
            let bare = answer.offered.value.iter().any(|s| s.eq_ignore_ascii_case("negotiate"))
                && handshake.token_sent.is_some();
            if handshake.token_sent.is_some() && (answer.refuses || bare) {
                let place = answer.status.place.clone().lit(["WWW-Authenticate: Negotiate"]);
                handshake.rejected = Some(At::new(true, place));
            }
        }
        self.by_proxy |= answer.status.value == 407;
        handshake.final_status = Some(answer.status.clone());
        handshake.answer_token = answer.token.clone().or(handshake.answer_token.take());
        let larger =
            |new: &At<i64>| handshake.clock_offset.as_ref().is_none_or(|old| old.value.abs() < new.value.abs());
        if let Some(offset) = answer.clock_offset.clone().filter(larger) {
            handshake.clock_offset = Some(offset);
        }
    }

    /// The conversation, as far as it got. Sockets' are the proxy's.
    pub fn end(self) -> Handshake {
        let mut handshake = self.handshake;
        // Without the controller's beginning (an overwritten ring of files) the answers tell whom it was for.
        let answered_by_proxy = !self.named && self.by_proxy && handshake.offered.is_none();
        if self.on_socket || answered_by_proxy {
            handshake.target = AuthTarget::Proxy;
        }
        handshake.default_credentials = handshake.default_credentials.take().or_else(|| {
            let only_ours = handshake.offered.as_ref().is_some_and(|o| o.value.iter().all(|s| is_ours(s)));
            self.some_handler.filter(|allowed| allowed.value || only_ours)
        });
        if !sent_ours(&handshake) {
            // Basic's or Bearer's credentials were sent, and perhaps refused: that says nothing of a ticket.
            (handshake.token_sent, handshake.token, handshake.rejected) = (None, None, None);
        }
        // A server that offers NTLM alone is answered by the scheme NTLM, whose call never asks to delegate: that says
        // nothing of what the browser would ask for with Kerberos (netlog.md, 3.1).
        let negotiate = |s: &String| s.to_lowercase().starts_with("negotiate");
        if handshake.offered.as_ref().is_some_and(|o| !o.value.is_empty() && !o.value.iter().any(negotiate)) {
            handshake.asked = None;
        }
        handshake.credentials_omitted =
            self.empty.filter(|_| may_sign_in(&handshake)).and_then(|empty| match self.private {
                Some(At { value: false, .. }) => None,
                Some(private) => Some(private.place),
                None => Some(empty),
            });
        handshake
    }

    /// Is it known whether this was with a server or with a proxy?
    pub fn is_addressed(&self) -> bool {
        self.named || self.by_proxy || self.on_socket || self.handshake.offered.is_some()
    }
}

/// A scheme that a browser on a domain takes up by itself.
fn is_ours(scheme: &str) -> bool {
    ["negotiate", "ntlm"].contains(&scheme.to_lowercase().as_str())
}

/// The server offered what a browser on a domain takes up by itself, and no token was sent.
fn may_sign_in(handshake: &Handshake) -> bool {
    handshake.token_sent.is_none() && handshake.offered.as_ref().is_some_and(|o| o.value.iter().any(|s| is_ours(s)))
}

/// Was it a token of Negotiate or NTLM that was sent? Most captures leave the scheme out. Not where the server offers other
/// schemes alone, and not where the library failed and no context came of it: then another scheme took over.
fn sent_ours(handshake: &Handshake) -> bool {
    let others = handshake.offered.as_ref().is_some_and(|o| !o.value.is_empty() && !o.value.iter().any(|s| is_ours(s)));
    let called = handshake.mechanism.is_some() || handshake.granted.is_some();
    called || !(others || handshake.failure.is_some())
}

fn asked(handshake: &mut Handshake, spn: &str, flags: Option<&Flags>, location: Location) {
    if let Some(parsed) = Spn::parse(spn) {
        handshake.spn = Some(At::new(parsed, place(location, [spn])));
    }
    // After a failed call the scheme NTLM makes one of its own, which never asks: the first one counts (netlog.md, 2.5, 3.1).
    let has_asked = handshake.asked.as_ref().is_some_and(|asked| asked.value);
    if let Some(delegated) = flags.and_then(|f| f.delegated).filter(|delegated| *delegated || !has_asked) {
        let mut words = vec![format!("\"delegated\":{delegated}"), format!("\"delegated\": {delegated}")];
        words.extend(flags.and_then(|f| f.value.clone()));
        handshake.asked = Some(At::new(delegated, place(location, words)));
    }
}

fn library_status(handshake: &mut Handshake, status: &Status, location: Location) {
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
    let message = short(&message);
    let words = if message.is_empty() { vec![status.to_string()] } else { vec![message.clone()] };
    At::new(LibraryFailure { status, message }, place(location, words))
}

fn granted(handshake: &mut Handshake, context: &Context, location: Location) {
    if let Some(delegated) = context.flags.as_ref().and_then(|f| f.delegated) {
        let words = vec![format!("\"delegated\":{delegated}"), format!("\"delegated\": {delegated}")];
        handshake.granted = Some(At::new(delegated, place(location, words)));
    }
    let source = context.source.as_ref().map(|s| short(s.as_str()));
    if let Some(mechanism) = context.mechanism.as_ref().and_then(|m| mechanism_of(m, source.as_deref())) {
        let word = match context.mechanism.as_ref() {
            Some(MechanismName::Package(name)) => name.clone(),
            _ => source.clone().unwrap_or_default(),
        };
        handshake.mechanism = Some(At::new(mechanism, place(location, [word])));
    }
    handshake.source_name = source.or(handshake.source_name.take());
    handshake.target_name = context.target.as_ref().map(|s| short(s.as_str())).or(handshake.target_name.take());
}

/// Words of the library, shortened.
fn short(text: &str) -> String {
    text.chars().take(WORDS).collect()
}
