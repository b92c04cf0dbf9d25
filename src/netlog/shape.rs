//! What an event is, told from its parameters alone: for events whose numbers have no names, because `constants` is not there
//! (one file of a bounded log, events cut out of a capture).
//!
//! Only parameters that one event alone has in every build count (netlog.md, 2.2, 2.3, 2.6). A number that two shapes claim
//! is left out. What is learned of a number then holds for its other events: a failed call has fewer parameters than one
//! that went well.

use super::event::{Name, Phase, Vocabulary, raw};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Words of which an event that can be told has one.
const WORDS: [&[u8]; 11] = [
    b"\"spn\"",
    b"\"target\"",
    b"\"context\"",
    b"authorization_result",
    b"\"scheme\"",
    b"security_status",
    b"major_status",
    b"allows_default_credentials",
    b"\"headers\"",
    b"load_flags",
    b"source_dependency",
];

/// May this event be told by its shape?
pub fn may_be_told(text: &[u8]) -> bool {
    WORDS.iter().any(|word| memchr::memmem::find(text, word).is_some())
}

/// What the events say of their own numbers.
pub fn learn<'e>(events: impl Iterator<Item = &'e [u8]> + Clone) -> Vocabulary {
    let mut learned = Learned::default();
    let told = |text: &&'e [u8]| may_be_told(text);
    events.clone().filter(told).for_each(|text| learned.look(text, by_itself));
    learned.settle();
    let (controllers, names) = (learned.controllers.clone(), learned.names.clone());
    let calls = names.values().any(|name| *name == Name::InitSecCtx);
    let second = |seen: &Seen<'_>| beside_others(seen, &controllers, calls);
    events.filter(told).for_each(|text| learned.look(text, second));
    learned.settle();
    Vocabulary::learned(learned.names)
}

/// One event as far as its shape goes.
struct Seen<'p> {
    phase: Phase,
    source: Option<i64>,
    params: &'p Value,
}

impl Seen<'_> {
    fn has(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.params.get(key).is_some())
    }
    fn text(&self, key: &str) -> &str {
        self.params.get(key).and_then(Value::as_str).unwrap_or_default()
    }
    fn first_header(&self) -> &str {
        self.params.get("headers").and_then(|h| h.get(0)).and_then(Value::as_str).unwrap_or_default()
    }
}

#[derive(Default)]
struct Learned {
    names: HashMap<i64, Name>,
    /// Numbers that two shapes claim.
    disputed: HashSet<i64>,
    /// The type of the sources on which controllers log.
    controllers: HashSet<i64>,
}

impl Learned {
    fn look(&mut self, text: &[u8], tell: impl Fn(&Seen<'_>) -> Option<Name>) {
        let Ok(raw) = raw(text) else { return };
        let Some(kind) = raw.kind() else { return };
        let Some(params) = raw.params.and_then(|p| serde_json::from_slice::<Value>(p.get().as_bytes()).ok()) else {
            return;
        };
        let seen = Seen { phase: raw.usual_phase(), source: raw.source.kind(), params: &params };
        let Some(name) = tell(&seen) else { return };
        if self.names.insert(kind, name).is_some_and(|other| other != name) {
            self.disputed.insert(kind);
        }
        if matches!(name, Name::Controller | Name::InitSecCtx | Name::ImportName | Name::HandleChallenge) {
            self.controllers.extend(seen.source);
        }
    }

    fn settle(&mut self) {
        self.names.retain(|kind, _| !self.disputed.contains(kind));
    }
}

/// What the parameters say by themselves.
fn by_itself(seen: &Seen<'_>) -> Option<Name> {
    let text = |key: &str| seen.text(key);
    let call = |key: &str| seen.params.get("context").and_then(|c| c.get("flags")).and_then(|f| f.get(key)).is_some();
    let function = seen.params.get("status").and_then(|s| s.get("function")).and_then(Value::as_str);
    match seen.phase {
        Phase::Begin | Phase::End if seen.has(&["spn", "flags"]) => Some(Name::InitSecCtx),
        Phase::End if call("delegated") || function == Some("gss_init_sec_context") => Some(Name::InitSecCtx),
        Phase::End if seen.has(&["allows_default_credentials", "succeeded"]) => Some(Name::HandlerInit),
        Phase::Begin if matches!(text("target"), "server" | "proxy") && seen.has(&["url"]) => Some(Name::Controller),
        Phase::Begin if seen.has(&["url", "method", "load_flags"]) && !seen.has(&["load_state"]) => {
            Some(Name::StartJob)
        }
        Phase::None if text("spn").starts_with("HTTP@") => Some(Name::ImportName),
        Phase::None if seen.has(&["authorization_result"]) => Some(Name::HandleChallenge),
        Phase::None if matches!(text("scheme"), "negotiate" | "ntlm" | "basic" | "digest") => {
            let of_handlers = ["net_error", "origin", "allows_default_credentials", "challenge"];
            of_handlers.iter().any(|key| seen.has(&[key])).then_some(Name::CreateResult)
        }
        Phase::None if seen.first_header().starts_with("HTTP/") => Some(Name::ReadHeaders),
        Phase::None
            if seen.has(&["line"]) && !seen.first_header().is_empty() && !text("line").starts_with("CONNECT") =>
        {
            Some(Name::SendHeaders)
        }
        Phase::None if seen.first_header().starts_with(":method") && !seen.has(&["stream_id"]) => {
            Some(Name::SendHeadersH2)
        }
        _ => None,
    }
}

/// What they say once it is known which sources are controllers.
fn beside_others(seen: &Seen<'_>, controllers: &HashSet<i64>, calls: bool) -> Option<Name> {
    let on_controller = seen.source.is_some_and(|source| controllers.contains(&source));
    let own = by_itself(seen);
    if own.is_some() {
        return own;
    }
    let status = seen.params.get("status");
    match seen.phase {
        Phase::None if !on_controller => {
            let kind = seen.params.get("source_dependency").and_then(|d| d.get("type")).and_then(Value::as_i64);
            let alone = seen.params.as_object().is_some_and(|p| p.len() == 1);
            kind.filter(|k| alone && controllers.contains(k)).map(|_| Name::Bound)
        }
        // With typed credentials it names the user; without, a failed call looks the same but has its own number.
        Phase::End if on_controller && calls && seen.has(&["user"]) => {
            status.and_then(|s| s.get("security_status")).map(|_| Name::AcquireCreds)
        }
        _ => None,
    }
}
