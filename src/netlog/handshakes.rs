//! Events → handshakes: one conversation of the browser with one site, joined by source id as the events pass.
//!
//! The controller's events say what the browser asked and what the library gave; the caller's (URL_REQUEST) headers say
//! how the server answered. A caller is bound to its controller only after the first 401 was read, so the last answer of
//! every live request is remembered (netlog.md, 2.1, 2.4, 2.5). What is remembered is bounded: a conversation that is the
//! oldest of many is told as far as it got.

use super::conversation::Open;
use super::event::{Event, Name, Phase};
use super::headers::{self, Answered, Sent};
use super::kept::Kept;
use super::params::Params;
use super::places::{host_of, place, shown_url};
use super::recent::Recent;
use crate::facts::{At, AuthTarget, Handshake};
use doublehop_scan::{Location, speaks_of_challenge};
use std::collections::{HashMap, VecDeque};

/// Requests that are remembered at a time: at least so many, at most twice.
const REQUESTS: usize = 5_000;
/// A longer answer than this is read at once, so that what waits stays small.
const UNREAD: usize = 4_000;
/// Conversations that are open at a time. A browser has some hundred sockets.
pub const OPEN: usize = 2_000;

/// Joins events to handshakes.
#[derive(Clone, Debug)]
pub struct Joiner {
    requests: Recent<Request>,
    controllers: HashMap<i64, Open>,
    /// Which controller a caller talks to.
    bound: Recent<i64>,
    /// Controllers in the order of their first event.
    order: VecDeque<i64>,
    kept: Kept,
    /// The build logs no controllers: a request's own headers are the conversation (milestone 71 and older).
    pub legacy: bool,
    /// Ids of the conversations of such a build, downwards.
    next_legacy: i64,
    /// What is left of a conversation may not say whom it was with; then it is left out and counted.
    pub only_addressed: bool,
    /// Conversations that were left out for that.
    pub unaddressed: u64,
}

/// What is left when a capture ends.
pub struct Joined {
    /// The different handshakes, in order.
    pub handshakes: Vec<Handshake>,
    /// How many conversations there were.
    pub total: u64,
    /// How many different ones were let go.
    pub let_go: u64,
    /// Conversations of which it is not told whom they were with.
    pub unaddressed: u64,
}

/// An answer to a caller that talks to no controller yet: mostly to one that never will.
#[derive(Clone, Debug)]
enum Answer {
    Read(Box<Answered>),
    Unread(Box<Unread>),
}

/// The text of an answer that asked for nothing.
#[derive(Clone, Debug)]
struct Unread {
    /// The event, its text aside.
    event: Event<'static>,
    text: Box<[u8]>,
    location: Location,
}

impl Answer {
    fn read(self) -> Option<Answered> {
        match self {
            Answer::Read(answer) => Some(*answer),
            Answer::Unread(unread) => headers::answered(&Event { text: &unread.text, ..unread.event }, unread.location),
        }
    }
}

/// One caller's last words.
#[derive(Clone, Debug, Default)]
struct Request {
    url: Option<At<String>>,
    answer: Option<Answer>,
    sent_token: Option<Sent>,
    /// Is privacy mode on, so that no credentials go out?
    private: Option<At<bool>>,
}

impl Default for Joiner {
    fn default() -> Joiner {
        Joiner {
            requests: Recent::new(REQUESTS),
            controllers: HashMap::new(),
            bound: Recent::new(REQUESTS),
            order: VecDeque::new(),
            kept: Kept::default(),
            legacy: false,
            next_legacy: i64::MIN,
            only_addressed: false,
            unaddressed: 0,
        }
    }
}

impl Joiner {
    /// Takes one event that stands at `location`.
    pub fn take(&mut self, event: &Event<'_>, location: Location) {
        match event.name {
            Name::RequestAlive | Name::StartJob => self.request(event, location),
            Name::SendHeaders | Name::SendHeadersH2 | Name::SendHeadersQuic => self.sent(event, location),
            Name::ReadHeaders => self.answered(event, location),
            Name::Bound => {
                if let Some(controller) = event.params().source_dependency.map(|d| d.id) {
                    self.bind(event.source, controller, event.on_socket);
                }
            }
            Name::PrivacyMode => self.privacy(event.source, &event.params(), location),
            Name::LegacyServer | Name::LegacyProxy => self.legacy(event),
            _ => self.open(event.source).controller(event, location),
        }
    }

    /// Does this caller talk to a controller?
    pub fn is_bound(&self, source: i64) -> bool {
        self.bound.get(source).is_some()
    }

    /// Another capture begins: its ids are others.
    pub fn next_capture(&mut self) {
        self.end_all();
        (self.requests, self.bound) = (Recent::new(REQUESTS), Recent::new(REQUESTS));
    }

    /// Before 2021 the first event of a job said it.
    fn privacy(&mut self, source: i64, params: &Params, location: Location) {
        let Some(mode) = &params.privacy_mode else { return };
        let private = At::new(mode.is_on(), place(location, ["privacy_mode"]));
        self.requests.entry(source).private = Some(private);
    }

    fn request(&mut self, event: &Event<'_>, location: Location) {
        let params = event.params();
        self.privacy(event.source, &params, location);
        // Only these authenticate; the others may carry megabytes.
        let web = |url: &String| ["http", "ws"].iter().any(|scheme| url.starts_with(scheme));
        let Some(url) = params.url.filter(web) else { return };
        let request = self.requests.entry(event.source);
        if event.name == Name::StartJob || request.url.is_none() {
            request.url = Some(At::new(shown_url(&url), place(location, [""; 0])));
            // A redirect starts a new job on the same source, whose first answer is a challenge of its own: another
            // conversation, also where it stays on the same host. An answer to a challenge goes on in the same job.
            if event.name == Name::StartJob {
                request.answer = None;
                request.sent_token = None;
                self.bound.remove(event.source);
            }
        }
    }

    /// The conversation that a caller has.
    fn conversation(&mut self, source: i64) -> Option<&mut Open> {
        let id = *self.bound.get(source)?;
        self.controllers.get_mut(&id)
    }

    fn sent(&mut self, event: &Event<'_>, location: Location) {
        let Some(sent) = headers::sent(event, location) else { return };
        match self.conversation(event.source) {
            Some(open) => open.token(sent),
            None => self.requests.entry(event.source).sent_token = Some(sent),
        }
    }

    fn answered(&mut self, event: &Event<'_>, location: Location) {
        if !self.is_bound(event.source) && !speaks_of_challenge(event.text) && event.text.len() <= UNREAD {
            let unread = Unread { event: Event { text: &[], ..*event }, text: event.text.into(), location };
            self.requests.entry(event.source).answer = Some(Answer::Unread(Box::new(unread)));
            return;
        }
        let Some(answer) = headers::answered(event, location) else { return };
        match self.conversation(event.source) {
            Some(open) => open.answer(&answer),
            None => {
                let challenge = answer.status.value == 401 && offers_ours(&answer);
                self.requests.entry(event.source).answer = Some(Answer::Read(Box::new(answer)));
                if self.legacy && challenge && !event.on_socket {
                    self.bind_legacy(event.source, AuthTarget::Server, false);
                }
            }
        }
    }

    /// All that an old build says: here somebody authenticates.
    fn legacy(&mut self, event: &Event<'_>) {
        let target = if event.name == Name::LegacyProxy { AuthTarget::Proxy } else { AuthTarget::Server };
        let same = self.conversation(event.source).is_some_and(|open| open.handshake.target == target);
        if event.phase != Phase::End && !same {
            self.bind_legacy(event.source, target, event.on_socket);
        }
    }

    fn bind_legacy(&mut self, source: i64, target: AuthTarget, on_socket: bool) {
        let id = self.next_legacy;
        self.next_legacy = id.saturating_add(1);
        self.open(id).handshake.target = target;
        self.bind(source, id, on_socket);
    }

    fn bind(&mut self, source: i64, controller: i64, on_socket: bool) {
        self.bound.insert(source, controller);
        let request = self.requests.remove(source).unwrap_or_default();
        let open = self.open(controller);
        open.on_socket |= on_socket;
        let handshake = &mut open.handshake;
        if let (None, Some(url)) = (&handshake.url, &request.url) {
            handshake.host = host_of(&url.value);
            handshake.url = Some(url.clone());
        }
        // The token of a pre-emptive attempt came before its answer: keep the order of the wire.
        if let Some(sent) = request.sent_token {
            open.token(sent);
        }
        if let Some(answer) = request.answer.and_then(Answer::read) {
            open.answer(&answer);
        }
        if request.private.is_some() {
            open.private.clone_from(&request.private);
        }
        let rest = Request { url: request.url, private: request.private, ..Request::default() };
        self.requests.insert(source, rest);
    }

    fn open(&mut self, id: i64) -> &mut Open {
        if !self.controllers.contains_key(&id) {
            if self.controllers.len() >= OPEN
                && let Some(oldest) = self.order.pop_front()
            {
                self.end(oldest);
            }
            self.order.push_back(id);
        }
        self.controllers.entry(id).or_default()
    }

    fn end(&mut self, id: i64) {
        let Some(open) = self.controllers.remove(&id) else { return };
        if self.only_addressed && !open.is_addressed() {
            self.unaddressed = self.unaddressed.saturating_add(1);
        } else {
            self.kept.take(open.end());
        }
    }

    fn end_all(&mut self) {
        while let Some(id) = self.order.pop_front() {
            self.end(id);
        }
    }

    /// Ends: every handshake, in the order of its first event.
    pub fn finish(mut self) -> Joined {
        self.end_all();
        let (total, let_go) = (self.kept.total, self.kept.let_go);
        Joined { handshakes: self.kept.into_all(), total, let_go, unaddressed: self.unaddressed }
    }
}

/// The server offers what a browser on a domain takes up.
fn offers_ours(answer: &Answered) -> bool {
    let ours = |s: &String| ["negotiate", "ntlm"].iter().any(|word| s.to_lowercase().starts_with(word));
    answer.offered.value.iter().any(ours)
}
