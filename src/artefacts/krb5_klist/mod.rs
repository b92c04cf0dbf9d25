//! Reads MIT, Heimdal and Java `klist`, and what `kvno` answers.

mod listing;
mod stamps;

use super::kind::Kind;
use super::klist::command;
use super::{Anchor, KindReader, Reading};
use crate::facts::{Answer, Role, Statement, TicketRequest};
use crate::ingest::lines::Line;
use crate::vocabulary::names::Spn;
use crate::vocabulary::ticket_flags::TicketFlags;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Krb5Klist, anchor, json: None, read };

/// `FILE:/tmp/krb5cc_0`, `API:501:9`, `KEYRING:persistent:0:0`.
fn is_cache_name(word: &str) -> bool {
    ["FILE:", "API:", "KEYRING:", "KCM:", "DIR:", "MEMORY:", "MSLSA:"].iter().any(|t| word.starts_with(t))
}

/// The words of a tool that found no cache.
fn no_cache(line: &str) -> bool {
    let lower = line.to_lowercase();
    let cache = lower.contains("credentials cache") || lower.contains("ticket file") || lower.contains("ticket cache");
    (cache && (lower.contains("no credentials") || lower.contains("no ticket file") || lower.contains("not found")))
        || lower.contains("klist: cache not found")
}

/// Two times and a name: the row of a ticket.
fn is_row(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((_, first)) = stamps::read(&words) else { return false };
    let rest = words.get(first..).unwrap_or_default();
    let behind = match stamps::read(rest) {
        Some((_, second)) => rest.get(second..).unwrap_or_default(),
        None if rest.first().is_some_and(|w| w.starts_with(">>>")) => rest.get(1..).unwrap_or_default(),
        None => return false,
    };
    behind.iter().take(2).any(|w| listing::principal(w).is_some())
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let open = current == Some(Kind::Krb5Klist);
    let trimmed = line.trim();
    if let Some(command) = command::klist(line) {
        return if command.kind == Kind::Krb5Klist { Anchor::head(1, "the command klist") } else { None };
    }
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    let last = words.last().copied().unwrap_or_default();
    let labelled = words.len().checked_sub(2).and_then(|i| words.get(i)).is_some_and(|w| w.ends_with(':'));
    if trimmed.starts_with("Ticket cache:")
        || trimmed.starts_with("Credentials cache:")
        || (words.len() <= 5 && labelled && is_cache_name(last))
    {
        return Anchor::head(2, "the line that names the ticket cache");
    }
    if trimmed.starts_with("Default principal:") {
        return Anchor::head(3, "the line with the default principal");
    }
    let columns = (trimmed.starts_with("Valid starting") && trimmed.contains("Expires"))
        || (trimmed.starts_with("Issued") && trimmed.contains("Expires") && trimmed.contains("Principal"));
    let java = trimmed.starts_with('[') && trimmed.contains("Service Principal:");
    if columns || java || is_row(trimmed) {
        return Anchor::belongs("the rows of a ticket cache");
    }
    // The tool's own words begin with a capital or name what it opened; `klist: from my PC` is a person's.
    let own_words = |rest: &str| {
        rest.starts_with(char::is_uppercase) || ["krb5", "cache", "keytab"].iter().any(|w| rest.contains(w))
    };
    if trimmed.strip_prefix("klist: ").is_some_and(own_words) || trimmed.contains(": kvno = ") {
        return Anchor::belongs("the words of klist or kvno");
    }
    const DETAILS: [&str; 22] = [
        "renew until ",
        "for client ",
        "Flags:",
        "Etype (skey",
        "EType (skey",
        "Addresses:",
        "Ticket server:",
        "AD types:",
        "config:",
        "Principal:",
        "Cache version:",
        "Server:",
        "Client:",
        "Ticket etype:",
        "Ticket length:",
        "Auth time:",
        "Start time:",
        "End time:",
        "Renew till:",
        "Ticket flags:",
        "Valid starting:",
        "Expires:",
    ];
    // Cut at its top, a listing begins with a detail that no other text has.
    let telling = trimmed.starts_with("Etype (skey")
        || trimmed.starts_with("Ticket etype:")
        || trimmed.starts_with("Renew till:");
    let windows = trimmed.contains(" @ ");
    ((telling || (open && DETAILS.iter().any(|d| trimmed.starts_with(d)))) && !windows)
        .then(|| Anchor::belongs("the details of a ticket cache"))
        .flatten()
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    for part in super::listings(lines, |line| anchor(line, Some(Kind::Krb5Klist))) {
        if let Some(found) = listing::read(part) {
            let claimed = found.listing.claimed.unwrap_or(found.listing.shown);
            if claimed > found.listing.shown {
                let says = format!("{} of {claimed} tickets are shown. Copy the whole listing.", found.listing.shown);
                reading.problem(found.place.first_line, says);
            }
            let first = found.tickets.first().map(|(p, _)| p.first_line);
            let flagged = found.tickets.iter().any(|(_, t)| t.flags.is_some());
            if let Some(first) = first.filter(|_| !flagged) {
                reading.problem(
                    first,
                    "This listing shows no flags. Run klist -f (Heimdal and macOS: klist -v) for them.",
                );
            }
            if reading.role.is_none() {
                reading.role = role(&found);
            }
            reading.fact(found.place, Statement::TicketListing(found.listing));
            for (place, ticket) in found.tickets {
                reading.fact(place, Statement::Ticket(Box::new(ticket)));
            }
        }
        for line in part {
            request(line, &mut reading);
            if let Some(says) = key_version(line)
                && !reading.facts.iter().any(|f| f.says == says)
            {
                reading.fact(line.place(), says);
            }
        }
    }
    if reading.facts.iter().all(|f| matches!(f.says, Statement::Answer(_))) {
        let line = lines.first().map_or(1, |l| l.number);
        let keytab = lines.iter().any(|l| l.text.contains("Keytab name:"));
        let says = if keytab {
            "This lists a keytab, not tickets. Run klist -f as the user whose tickets are meant."
        } else {
            "No ticket is shown here. Copy the whole output of klist -f."
        };
        reading.problem(line, says);
    }
    reading
}

/// A key's version, as `keytab` (a row of `klist -k`: `   4 03/11/2025 09:12:44 HTTP/web@REALM (aes256-…)`) or as the
/// directory has it (`HTTP/web@REALM: kvno = 6`).
fn key_version(line: &Line) -> Option<Statement> {
    let answer = |key: &str, name: &str, version: &str| {
        let spn = Spn::parse(name).filter(|_| name.contains('/'))?;
        let value = format!("{spn} {}", version.parse::<u32>().ok()?);
        Some(Statement::Answer(Answer { key: key.to_owned(), value }))
    };
    let text = line.trimmed();
    if let Some((name, rest)) = text.split_once(": kvno = ") {
        return answer("kvno", name, rest.split([',', ' ']).next()?);
    }
    let mut words = text.split_whitespace();
    let version = words.next()?;
    let name = words.find(|w| w.contains('@') && listing::principal(w).is_some())?;
    answer("keytab", name, version)
}

/// `HTTP/web@REALM: kvno = 2`, or kvno's error.
fn request(line: &Line, reading: &mut Reading) {
    let text = line.trimmed();
    let (spn, issued) = if let Some((name, _)) = text.split_once(": kvno = ") {
        (Spn::parse(name), true)
    } else if text.starts_with("kvno: ") && text.contains("while getting credentials for") {
        (text.split_whitespace().next_back().and_then(Spn::parse), false)
    } else {
        return;
    };
    let place = line.lit(spn.iter().map(ToString::to_string));
    reading.fact(place, Statement::TicketRequest(TicketRequest { spn, issued, ..TicketRequest::default() }));
}

/// On which machine a cache like this lies.
fn role(read: &listing::Read) -> Option<(Role, String)> {
    let front_end = |why: &str| Some((Role::FrontEnd, why.to_owned()));
    if read.listing.proxy_impersonator.is_some() {
        return front_end("the cache is one that a service keeps to act for a user (proxy_impersonator)");
    }
    if read.tickets.iter().any(|(_, t)| t.held_by_service) {
        return front_end("the cache holds a service's own ticket beside the user's");
    }
    let owner = read.listing.principal.as_ref()?;
    if owner.name.contains('/') {
        return front_end("the cache belongs to a service");
    }
    let flag = |t: &crate::facts::Ticket, bit: u32| t.flags.as_ref().is_some_and(|f| f.value.has(bit));
    let tgt = |bit: u32| read.tickets.iter().any(|(_, t)| t.is_tgt() && flag(t, bit));
    // A shell on any machine that tickets were forwarded to (ssh) looks the same, but for what was fetched with them.
    let called = |t: &crate::facts::Ticket| t.server.as_ref().is_some_and(|s| !s.is_krbtgt() && !is_shells(s));
    if tgt(TicketFlags::FORWARDED) && !tgt(TicketFlags::INITIAL) {
        let called = read.tickets.iter().any(|(_, t)| called(t));
        return called
            .then(|| (Role::FrontEnd, "services were called with a forwarded ticket-granting ticket".to_owned()));
    }
    let services = read.tickets.iter().any(|(_, t)| !t.is_tgt());
    (tgt(TicketFlags::INITIAL) && services && !owner.name.ends_with('$'))
        .then(|| (Role::Client, "a user's own logon ticket and the service tickets fetched with it".to_owned()))
}

/// A login's service, which shells ask for.
fn is_shells(spn: &crate::vocabulary::names::Spn) -> bool {
    ["host", "nfs", "afs"].iter().any(|c| spn.class().eq_ignore_ascii_case(c))
}

#[cfg(test)]
mod tests;
