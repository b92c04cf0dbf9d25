//! Reads Windows events in every rendering that people paste: Event Viewer's text, "Copy details as text", one line,
//! `Get-WinEvent | Format-List`, XML, JSON.
//!
//! Fields are cut at the next label that is known ([`event_fields`](super::event_fields)); where the labels are in a
//! language that we don't know, the shapes decide: `0xd KDC_ERR_BADOPTION`, `0xc00000bb KLIN(0)`, `SPN@REALM`.

use super::event_csv;
use super::event_data;
use super::event_fields::{self, Event};
use super::kind::Kind;
use super::{Anchor, KindReader, Reading, event_json, event_security, words};
use crate::facts::{Failure, FailureContext, Role, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::codes::{self, krb};
use crate::vocabulary::names::{AccountName, HostName, Realm, Spn};
use crate::vocabulary::windows_names::is_windows_own;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Event, anchor, json: Some(event_json::json), read };

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    match event_fields::begins_head(line) {
        Some(event_fields::Head::First) => return Anchor::starts("the head of a Windows event"),
        Some(event_fields::Head::Inner(_)) => return Anchor::belongs("the head of a Windows event"),
        None => {}
    }
    if event_fields::begins_body(line) {
        return Anchor::belongs("the text of a Windows event about Kerberos or logons");
    }
    if event_csv::is_head(line) {
        return Anchor::starts("the head of a table of Windows events");
    }
    let inside = current == Some(Kind::Event);
    if error_code(line).is_some() && (inside || line.split_whitespace().count() <= 6) {
        return Anchor::belongs("a Windows event's error code (0x… KDC_ERR_…)");
    }
    if inside && event_fields::has_label(line) { Anchor::belongs("a field of the event") } else { None }
}

/// `0xd KDC_ERR_BADOPTION`, in any language's event 3.
fn error_code(text: &str) -> Option<(&str, u32)> {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let code = word
            .strip_prefix("0x")
            .filter(|d| (1..=2).contains(&d.len()))
            .and_then(|d| u32::from_str_radix(d, 16).ok());
        let named = words.peek().is_some_and(|n| ["KDC_ERR_", "KRB_AP_", "KRB_ERR_"].iter().any(|p| n.starts_with(p)));
        if let (Some(code), true) = (code, named) {
            return Some((word, code));
        }
    }
    None
}

/// `0xc00000bb KLIN(0)`.
fn extended(text: &str) -> Option<u32> {
    let at = words::find(text, "KLIN(")?;
    codes::parse_hex(text.get(..at)?.split_whitespace().next_back()?)
}

pub(super) fn read(lines: &[Line]) -> Reading {
    let table = event_csv::lines(lines).or_else(|| event_data::lines(lines));
    let lines = table.as_deref().unwrap_or(lines);
    let mut reading = Reading::default();
    let mut dc = false;
    let unpacked = event_json::lines(lines);
    let lines = unpacked.as_deref().unwrap_or(lines);
    for part in event_fields::events(lines, |line| error_code(line).is_some()) {
        let event = Event::new(part);
        let before = reading.facts.len();
        dc |= one(&event, &mut reading);
        let (time, utc) = (event.time(), event.server_time().and_then(|t| t.seconds));
        for fact in reading.facts.iter_mut().skip(before) {
            match &mut fact.says {
                Statement::Failure(failure) => {
                    failure.time.clone_from(&time);
                    failure.utc = utc;
                }
                Statement::Arrival(arrival) => arrival.time.clone_from(&time),
                _ => {}
            }
        }
        if reading.facts.len() == before && !event.succeeded() {
            let number = part.first().map_or(1, |l| l.number);
            let id = event.id().map_or_else(String::new, |id| format!(" {id}"));
            reading.problem(number, format!("Nothing about Kerberos delegation could be read in this event{id}."));
        }
    }
    if dc {
        reading.role = Some((Role::Dc, "a domain controller writes this event".to_owned()));
    }
    reading
}

/// Reads one event; true when only a domain controller writes it.
fn one(event: &Event<'_>, reading: &mut Reading) -> bool {
    let text = event.body();
    if event_security::read(event, reading) {
        return event_security::of_dc(event);
    }
    if words::has(text, "encountered duplicate names")
        || event.id() == Some(11) && words::has(text, "DS_SERVICE_PRINCIPAL_NAME")
    {
        let name = words::after(text, "duplicate name is ").and_then(|t| t.split_whitespace().next());
        let spn = name.and_then(words::spn_of_word).or_else(|| words::first_spn(text));
        kdc_failure(event, reading, 11, krb::PRINCIPAL_NOT_UNIQUE, spn);
        return true;
    }
    if words::has(text, "did not have a suitable key")
        || words::has(text, "key distribution center blocked cipher usage")
        || words::has(text, "while processing a tgs request")
        || words::has(text, "while processing an as request")
    {
        let spn = words::after(text, "target service ").and_then(words::first_spn);
        kdc_failure(event, reading, 16, krb::ETYPE_NOSUPP, spn);
        return true;
    }
    client_event(event, reading);
    false
}

fn kdc_failure(event: &Event<'_>, reading: &mut Reading, id: u32, krb: u32, spn: Option<Spn>) {
    let failure = Failure {
        krb: Some(krb),
        spn: spn.clone(),
        event: event.id().or(Some(id)),
        service: event.either("Service Name:", "ServiceName").filter(|s| !s.contains('/')).and_then(AccountName::parse),
        ..Failure::new(FailureContext::KdcReply, event.body())
    };
    reading.fact(event.place().lit(spn.map(|s| s.to_string())), Statement::Failure(failure));
}

/// Microsoft-Windows-Security-Kerberos and LsaSrv, on a client or a front end.
fn client_event(event: &Event<'_>, reading: &mut Reading) {
    let text = event.body();
    if let Some((_, code)) = error_code(text) {
        return kerberos_error(event, code, reading);
    }
    let ours = event.source().is_none_or(|s| words::has(s, "kerberos"));
    let spn_behind =
        |label: &str| words::after(text, label).and_then(|t| t.split_whitespace().next()).and_then(words::spn_of_word);
    if words::has(text, "KRB_AP_ERR_MODIFIED") {
        // Newer wording names the SPN behind "target name used was"; the older one only the server.
        let spn = spn_behind("target name used was ")
            .or_else(|| spn_behind("from the server "))
            .or_else(|| words::first_spn(text));
        let realm =
            words::between(text, "target domain (", ")").or_else(|| words::between(text, "target realm (", ")"));
        let failure = Failure {
            krb: Some(krb::MODIFIED),
            spn,
            realm: realm.and_then(Realm::parse),
            event: Some(4),
            responder: responder(text),
            host: event.computer().and_then(HostName::parse),
            ..Failure::new(FailureContext::ApReply, text)
        };
        reading.fact(event.place().lit(["KRB_AP_ERR_MODIFIED"]), Statement::Failure(failure));
        return;
    }
    let told: Option<(u32, Option<u32>)> = if words::has(text, "is not registered, which caused Kerberos") {
        Some((100, Some(krb::S_PRINCIPAL_UNKNOWN)))
    } else if words::has(text, "was too large to fit in the token buffer") {
        Some((event.id().unwrap_or(6), None))
    } else if words::has(text, "could not authenticate locally by using the target name") {
        Some((6037, None))
    } else if words::has(text, "not able to set up a secure session with a domain controller") {
        Some((5719, None))
    } else if words::has(text, "registered on multiple accounts") {
        Some((101, Some(krb::PRINCIPAL_NOT_UNIQUE)))
    } else if ours && event.source().is_some() {
        match event.id() {
            Some(100) => Some((100, Some(krb::S_PRINCIPAL_UNKNOWN))),
            Some(101) => Some((101, Some(krb::PRINCIPAL_NOT_UNIQUE))),
            Some(id @ (6 | 18 | 200 | 201)) => Some((id, None)),
            _ => None,
        }
    } else if words::has(text, "could not establish a secured connection with the server") {
        Some((event.id().unwrap_or(40960), None))
    } else {
        by_source(event)
    };
    if let Some((id, krb)) = told {
        let spn = spn_behind("target server name: ").or_else(|| words::first_spn(text));
        // The sentence goes on behind the name; where it doesn't, the name may have lost its end.
        let spn = spn.filter(|s| !text.trim_end().ends_with(&s.to_string()));
        let host = event.computer().and_then(HostName::parse);
        let failure = Failure { krb, spn, event: Some(id), host, ..Failure::new(FailureContext::KdcReply, text) };
        reading.fact(event.place(), Statement::Failure(failure));
    }
}

/// Events that only their source tells apart, whatever the language.
fn by_source(event: &Event<'_>) -> Option<(u32, Option<u32>)> {
    let source = event.source()?;
    match event.id()? {
        6037 if words::has(source, "lsa") => Some((6037, None)),
        5719 if words::has(source, "netlogon") => Some((5719, None)),
        _ => None,
    }
}

/// Event 4: `from the server web01$`, `from the server svc-web.`, `from the server host/web01.contoso.com.`
fn responder(text: &str) -> Option<AccountName> {
    let Some(behind) = words::after(text, "from the server ") else { return shaped_responder(text) };
    let word = behind.split_whitespace().next()?.trim_end_matches(['.', ',']);
    match Spn::parse(word).filter(|_| word.contains('/')) {
        // The older wording names the machine.
        Some(spn) => AccountName::parse(&format!("{}$", spn.host()?.short())),
        None => AccountName::parse(word),
    }
}

/// The same in another language, by shape: before the SPN that was asked for stands one account name, told from words by
/// its dollar sign, by quotes, or by what words don't have where it ends the sentence.
fn shaped_responder(text: &str) -> Option<AccountName> {
    let from = text.get(..words::find(text, "KRB_AP_ERR_MODIFIED")?)?.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let mut behind_code = false;
    for word in text.get(from..)?.split_whitespace().take_while(|w| words::spn_of_word(w).is_none()) {
        if words::has(word, "KRB_AP_ERR_MODIFIED") {
            behind_code = true;
            continue;
        }
        let name = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '$' | '_'));
        let quoted = word.starts_with(['"', '\'', '\u{201e}', '\u{201c}', '\u{ab}']);
        let ends = behind_code && word.ends_with('.');
        let no_word = name.chars().any(|c| c.is_ascii_digit() || matches!(c, '-' | '_' | '\\'));
        if name.ends_with('$') || quoted || ends && no_word {
            return AccountName::parse(name);
        }
    }
    None
}

/// Event 3: `A Kerberos error message was received`.
fn kerberos_error(event: &Event<'_>, code: u32, reading: &mut Reading) {
    let field = |label: &str| event.field(label).map(|(value, _)| value);
    let target = field("Target Name:").map(str::to_owned).or_else(|| shaped_target(event.body()));
    // A target is whole once its realm follows.
    let target = target.filter(|t| t.contains('@') || !event.body().trim_end().ends_with(t.as_str()));
    let target_spn = target.as_deref().and_then(|t| t.split_whitespace().next()).and_then(words::spn_of_word);
    let server_spn = field("Server Name:").and_then(|t| t.split_whitespace().next()).and_then(words::spn_of_word);
    let of_target = target.as_deref().and_then(|t| t.rsplit_once('@')).and_then(|(_, realm)| Realm::parse(realm));
    // The file that wrote it tells a server's answer from a KDC's; the number does where the file is missing.
    let by_server = match field("File:") {
        Some(file) if words::has(file, "ctxtapi") => true,
        Some(file) if words::has(file, "kerbtick") => false,
        _ => (33..=50).contains(&code) && code != krb::SKEW,
    };
    let context = if by_server { FailureContext::ApReply } else { FailureContext::KdcReply };
    let session = field("on logon session").or_else(|| field("Client Name:"));
    let labelled = field("Server Name:").or_else(|| field("Target Name:")).is_some();
    // Shapes only where no label is known: the labelled event has the name in its own field or not at all.
    let spn = server_spn.or(target_spn).or_else(|| words::first_spn(event.body()).filter(|_| !labelled));
    let extended = extended(event.body());
    let name = event.body().split_whitespace().find(|w| w.starts_with("KDC_ERR_") || w.starts_with("KRB_"));
    let text = summary(code, name, extended, spn.as_ref());
    let failure = Failure {
        krb: Some(code),
        extended,
        spn,
        realm: field("Server Realm:").and_then(Realm::parse).or(of_target),
        requester: session.and_then(AccountName::parse),
        event: Some(3),
        host: event.computer().and_then(HostName::parse),
        ..Failure::new(context, &text)
    };
    if let Some(expected) = expected(code, failure.spn.as_ref()) {
        reading.problem(event.place().first_line, format!("{text}: {expected}"));
    }
    let lit: Vec<String> =
        name.map(str::to_owned).into_iter().chain(failure.spn.as_ref().map(ToString::to_string)).collect();
    reading.fact(event.place().lit(lit), Statement::Failure(failure));
}

/// Why an error 3 is seen on healthy machines.
fn expected(code: u32, spn: Option<&Spn>) -> Option<&'static str> {
    Some(match code {
        krb::PREAUTH_REQUIRED => "expected. Every sign-in begins with this answer; nothing is wrong.",
        krb::RESPONSE_TOO_BIG => {
            "expected. The answer was too long for UDP and was asked for again by TCP; nothing is wrong."
        }
        krb::S_PRINCIPAL_UNKNOWN if spn.is_some_and(is_windows_own) => {
            "usual on healthy machines. Windows asks for such names of itself; it says nothing about the double hop unless this service is the back end."
        }
        _ => return None,
    })
}

/// What decides in event 3: code and name, the extended error, the service.
fn summary(code: u32, name: Option<&str>, extended: Option<u32>, spn: Option<&Spn>) -> String {
    let extended = extended.map_or_else(String::new, |e| format!(", extended error 0x{e:08x}"));
    let spn = spn.map_or_else(String::new, |s| format!(", for {s}"));
    format!("event 3: 0x{code:x} {}{extended}{spn}", name.unwrap_or_default())
}

/// `HTTP/web.contoso.com@CONTOSO.COM` by its shape.
fn shaped_target(text: &str) -> Option<String> {
    text.split_whitespace().find(|w| w.contains('@') && words::spn_of_word(w).is_some()).map(str::to_owned)
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
