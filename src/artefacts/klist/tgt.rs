//! `klist tgt`: one ticket-granting ticket as a list of names and values. Its session key is never read.

use super::{command, words};
use crate::artefacts::kind::Kind;
use crate::artefacts::{Anchor, Reading};
use crate::facts::{At, Place, Statement, Ticket, TicketListing};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::civil::{Stamp, windows_klist};
use crate::vocabulary::codes::parse_hex;
use crate::vocabulary::names::{Principal, Spn};
use crate::vocabulary::ticket_flags::TicketFlags;

const LABELS: [&str; 14] = [
    "ServiceName",
    "TargetName",
    "ClientName",
    "DomainName",
    "TargetDomainName",
    "AltTargetDomainName",
    "Session Key",
    "StartTime",
    "EndTime",
    "RenewUntil",
    "TimeSkew",
    "EncodedTicket",
    "目标名",
    "服务名",
];

/// Anchors of `klist tgt`.
pub(super) fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let open = current == Some(Kind::KlistTgt);
    if let Some(command) = command::klist(line) {
        return if command.kind == Kind::KlistTgt { Anchor::head(1, "the command klist tgt") } else { None };
    }
    let trimmed = line.trim();
    let last = trimmed.split_whitespace().next_back().unwrap_or_default();
    if open && words::logon_id(last).is_some() && !trimmed.starts_with('[') {
        return Anchor::head(2, "the line with the logon id of klist");
    }
    // Event 18 has a head like it over the details of its ticket.
    if current != Some(Kind::Event) && is_head(trimmed) {
        return Anchor::head(3, "Cached TGT, the head of klist tgt");
    }
    // Rubeus describes a ticket with its whole SPN; klist tgt prints `krbtgt` alone.
    if trimmed.starts_with("ServiceName") && trimmed.contains('/') {
        return None;
    }
    let label =
        LABELS.iter().any(|l| trimmed.strip_prefix(l).is_some_and(|r| r.trim_start().starts_with([':', '：', '('])));
    let more = open && (is_flags(trimmed) || trimmed.contains("KeyLength") || trimmed.starts_with(':'));
    (label || more).then(|| Anchor::belongs("the names and values of klist tgt")).flatten()
}

/// `Cached TGT:` in any language: a few words, `TGT` among them.
fn is_head(line: &str) -> bool {
    let Some(words) = line.strip_suffix([':', '：']) else { return false };
    let plain = words.chars().all(|c| c.is_alphabetic() || c == ' ');
    plain && words.split(' ').count() <= 5 && words.len() > 3 && words.contains("TGT")
}

fn is_flags(line: &str) -> bool {
    hex_flags(line).is_some()
}

/// The hex word before the arrow.
fn hex_flags(line: &str) -> Option<(&str, u32)> {
    let (before, _) = line.split_once("->")?;
    let word = before.split_whitespace().next_back()?;
    let number = parse_hex(word)?;
    (number > 0xffff).then_some((word, number))
}

/// Reads `klist tgt`.
pub(super) fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut ids = lines.iter().flat_map(|l| l.text.split_whitespace().filter_map(words::logon_id).map(str::to_owned));
    let (logon_id, targeted) = (ids.next(), ids.next());
    let failed = lines.iter().find(|l| l.text.contains("LsaCallAuthenticationPackage"));
    let listing = |shown: u32, no_session: bool| TicketListing {
        tool: "windows".to_owned(),
        logon_id: logon_id.clone(),
        targeted: targeted.clone(),
        shown,
        no_session,
        ..TicketListing::default()
    };
    let at = lines.iter().position(|l| is_flags(l.trimmed()));
    let names = names(lines.get(..at.unwrap_or(lines.len())).unwrap_or_default());
    let ticket = at.and_then(|at| lines.get(at)).and_then(|line| ticket(line, &names, lines));
    match (ticket, failed) {
        (Some((place, ticket)), _) => {
            reading.fact(place_of(lines), Statement::TicketListing(listing(1, false)));
            reading.fact(place, Statement::Ticket(Box::new(ticket)));
        }
        (None, Some(line)) => {
            let none = line.text.contains("1312");
            reading.fact(line.place(), Statement::TicketListing(listing(0, none)));
        }
        (None, None) => {
            let line = lines.first().map_or(1, |l| l.number);
            reading.problem(line, "klist tgt without its Ticket Flags line. Copy the whole output.");
        }
    }
    reading
}

/// A value, and the line it stands on.
type Named<'l> = (&'l str, &'l str, &'l Line);

/// `label : value` lines up to the flags, in the order that klist prints in every language.
fn names(lines: &[Line]) -> Vec<Named<'_>> {
    lines
        .iter()
        .filter(|l| command::klist(&l.text).is_none())
        .filter(|l| !l.text.split_whitespace().any(|w| words::logon_id(w).is_some()))
        .filter_map(|l| {
            let (label, value) = l.trimmed().split_once([':', '：'])?;
            let value = value.trim();
            (!label.trim().is_empty() && !value.is_empty()).then_some((label.trim(), value, l))
        })
        .collect()
}

fn ticket(flags: &Line, names: &[Named<'_>], lines: &[Line]) -> Option<(Place, Ticket)> {
    let (hex, bits) = hex_flags(flags.trimmed())?;
    // Labels in English; else by position: service, target, client, domain, target domain.
    let by = |label: &str, position: usize| {
        let named = names.iter().find(|(l, _, _)| *l == label);
        let english = names.iter().any(|(l, _, _)| LABELS.contains(l));
        named.or_else(|| names.get(position).filter(|_| !english)).copied()
    };
    let value = |found: Option<Named<'_>>| found.map(|(_, v, _)| v.to_owned()).unwrap_or_default();
    let realm = value(by("DomainName", 3));
    let target = Some(value(by("TargetDomainName", 4))).filter(|t| !t.is_empty()).unwrap_or_else(|| realm.clone());
    let service = Some(value(by("ServiceName", 0))).filter(|s| !s.is_empty()).unwrap_or_else(|| "krbtgt".to_owned());
    let server = Spn::parse(&format!("{service}/{target}"));
    let value_of_flags = TicketFlags(bits);
    let set = [(TicketFlags::FORWARDABLE, "forwardable"), (TicketFlags::FORWARDED, "forwarded")];
    let mut lit: Vec<&str> =
        set.iter().filter(|(b, n)| value_of_flags.has(*b) && flags.text.contains(n)).map(|(_, n)| *n).collect();
    lit.push(hex);
    let mut stamps = lines.iter().filter(|l| l.number > flags.number).filter_map(stamp);
    let first = names.first().map_or(flags, |(_, _, l)| l);
    let server_place = by("ServiceName", 0).map_or_else(|| flags.place(), |(_, v, l)| l.lit([v]));
    let ticket = Ticket {
        client: Principal { name: value(by("ClientName", 2)), realm: realm.clone() },
        server,
        realm,
        server_place,
        flags: Some(At::new(value_of_flags, flags.lit(lit))),
        cache_flags: None,
        etype: None,
        start: stamps.next(),
        end: stamps.next(),
        renew: stamps.next(),
        kdc_called: None,
        held_by_service: false,
    };
    Some((first.place().to(&flags.place()), ticket))
}

/// The time of a `label : M/D/YYYY H:MM:SS` line.
fn stamp(line: &Line) -> Option<Stamp> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let text = pair.join(" ");
        windows_klist(&text).map(|seconds| Stamp { text, seconds: Some(seconds), utc: false })
    })
}
