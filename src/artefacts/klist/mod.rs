//! Reads Windows `klist`, `klist get`, `klist tgt`, `klist purge`.
//!
//! By shape, not by label: labels are translated, flag words, `#n>`, ` @ `, hex words, cache names and dates never
//! are. The hex word counts, the words beside it are a claim. So a listing reads in every language, wrapped, with
//! values on the next line, or collapsed to one line.

pub(super) mod command;
mod head;
mod tgt;
mod ticket;
mod words;

use super::kind::Kind;
use super::{Anchor, KindReader, Reading};
use crate::facts::{Role, Statement, Ticket, TicketListing};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::ticket_flags::{CacheFlags, TicketFlags};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Klist, anchor, json: None, read };

/// This kind.
pub const TGT_READER: KindReader =
    KindReader { kind: Kind::KlistTgt, anchor: tgt::anchor, json: None, read: tgt::read };

/// What a line of a listing's head is, and how far in the head it stands.
fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    if let Some(command) = command::klist(line) {
        return if command.kind == Kind::Klist { Anchor::head(1, "the command klist") } else { None };
    }
    head::anchor(line, current).or_else(|| ticket::anchor(line, current))
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    for listing in super::listings(lines, |line| anchor(line, Some(Kind::Klist))) {
        read_listing(listing, &mut reading);
    }
    reading.role = role(&reading);
    reading
}

fn read_listing(lines: &[Line], reading: &mut Reading) {
    let words = words::words(lines);
    let head = head::read(lines, &words);
    if let Some(what) = head.other {
        if let Some(line) = lines.iter().find(|l| !l.trimmed().is_empty()) {
            reading.problem(line.number, what);
        }
        return;
    }
    let mut tickets = Vec::new();
    for block in ticket::blocks(&words) {
        if let Some(found) = ticket::read(block, reading) {
            tickets.push(found);
        }
    }
    if let Some((_, last)) = tickets.last_mut() {
        last.forget_half_a_realm();
    }
    let shown = u32::try_from(tickets.len()).unwrap_or(u32::MAX);
    let request = head.request(!tickets.is_empty());
    let ask = |reading: &mut Reading| {
        if let Some(request) = request {
            reading.fact(request.place, Statement::TicketRequest(request.value));
        }
    };
    // Without the line that counts them nobody knows whether these are all: no listing that could be called complete.
    if head.claimed.is_none() && !head.no_session {
        for (place, ticket) in tickets {
            reading.fact(place, Statement::Ticket(Box::new(ticket)));
        }
        if shown == 0 && head.failed.is_none() && head.logon_id.is_some() {
            let line = lines.first().map_or(1, |l| l.number);
            reading.problem(line, "The listing ends before its tickets. Copy the whole output of klist.");
        }
        ask(reading);
        return;
    }
    let listing = TicketListing {
        tool: "windows".to_owned(),
        logon_id: head.logon_id.clone(),
        targeted: head.targeted.clone(),
        claimed: head.claimed.as_ref().map(|c| c.value),
        shown,
        principal: None,
        proxy_impersonator: None,
        no_session: head.no_session,
        ..TicketListing::default()
    };
    if let Some(claimed) = &head.claimed
        && claimed.value != shown
    {
        let says = format!(
            "{shown} of {} tickets are shown. What is missing here may stand in the rest: copy the whole listing.",
            claimed.value
        );
        reading.problem(claimed.place.first_line, says);
    }
    let place = head.place.clone().unwrap_or_else(|| place_of(lines));
    reading.fact(place, Statement::TicketListing(listing));
    for (place, ticket) in tickets {
        reading.fact(place, Statement::Ticket(Box::new(ticket)));
    }
    ask(reading);
}

/// On which machine a listing with these tickets was taken.
fn role(reading: &Reading) -> Option<(Role, String)> {
    let tickets: Vec<&Ticket> = reading
        .facts
        .iter()
        .filter_map(|f| match &f.says {
            Statement::Ticket(ticket) => Some(ticket.as_ref()),
            _ => None,
        })
        .collect();
    let has = |test: &dyn Fn(&Ticket) -> bool| tickets.iter().any(|t| test(t));
    let flag = |t: &Ticket, bit: u32| t.flags.as_ref().is_some_and(|f| f.value.has(bit));
    let front_end = |why: &str| Some((Role::FrontEnd, why.to_owned()));
    if has(&|t| t.cache().has(CacheFlags::ASC)) {
        return front_end("the session holds a ticket that a client presented (Cache Flags ASC)");
    }
    let received = |t: &Ticket| {
        t.is_tgt()
            && flag(t, TicketFlags::FORWARDED)
            && t.cache().has(CacheFlags::PRIMARY)
            && t.kdc_called.as_deref() == Some("")
    };
    if has(&received) {
        return front_end("the session's own ticket-granting ticket is a forwarded one that no KDC was called for");
    }
    if has(&|t| t.cache().has(CacheFlags::S4U)) {
        return front_end("the session holds a ticket got by service for user (Cache Flags S4U)");
    }
    let person =
        |t: &Ticket| !t.client.name.is_empty() && !t.client.name.ends_with('$') && !t.client.name.contains('/');
    let own = has(&|t| t.is_tgt() && flag(t, TicketFlags::INITIAL) && person(t));
    let fetched = has(&|t| !t.is_tgt() && person(t) && t.kdc_called.as_deref().is_some_and(|k| !k.is_empty()));
    (own && fetched)
        .then(|| (Role::Client, "a user's own logon ticket and the service tickets fetched with it".to_owned()))
}

#[cfg(test)]
mod tests;
