//! One line per artefact that says what was read: for the list of evidence. It repeats facts, it judges nothing.

use crate::facts::{
    Account, AccountList, At, Exchange, Failure, Handshake, Identity, LogonSession, Mechanism, Policy, SpnSearch,
    Statement, Ticket, TicketListing, TicketRequest, TokenSeen,
};
use crate::ingest::Artefact;
use crate::vocabulary::codes;
use crate::vocabulary::ticket_flags::{CacheFlags, TicketFlags};
use crate::wire::told::told;

/// How many things are named before the rest is counted.
const NAMED: usize = 3;

/// The line; empty when nothing was read.
pub fn summary(artefact: &Artefact) -> String {
    let says: Vec<&Statement> = artefact.facts.iter().map(|f| &f.says).collect();
    let parts: Vec<String> = [
        tickets(&says),
        requests(&says),
        sessions(&says),
        capture(&says),
        exchanges(&says),
        policies(&says),
        identities(&says),
        accounts(&says),
        searches(&says),
        failures(&says),
        arrivals(&says),
        settings::trusts(&says),
        settings::iis(&says),
        settings::names(&says),
        settings::devices(&says),
        settings::clocks(&says),
        settings::changes(&says),
        answers(&says),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join("; ")
}

/// The statements of one type.
macro_rules! of {
    ($says:expr, $variant:path) => {
        $says
            .iter()
            .filter_map(|s| match s {
                $variant(inner) => Some(inner),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
}

mod settings;

fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// The first few, and how many more.
fn few(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let shown = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

fn unique(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names {
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

fn tickets(says: &[&Statement]) -> Option<String> {
    let listings: Vec<&TicketListing> = of!(says, Statement::TicketListing);
    let tickets: Vec<&Ticket> = of!(says, Statement::Ticket).into_iter().map(|t| t.as_ref()).collect();
    if tickets.is_empty() {
        return listings.first().map(|l| {
            if l.no_session { "this session has no Kerberos tickets" } else { "no ticket in the cache" }.to_owned()
        });
    }
    let owners = unique(
        tickets.iter().filter(|t| !t.client.name.is_empty()).map(|t| format!("{} @ {}", t.client.name, t.client.realm)),
    );
    let claimed = listings.iter().find(|l| !l.complete()).and_then(|l| l.claimed);
    let number = match claimed {
        Some(claimed) => format!("{} of {claimed} tickets", tickets.len()),
        None => count(tickets.len(), "ticket", "tickets"),
    };
    let head = if owners.is_empty() { number } else { format!("{number} of {}", few(&owners)) };
    // Service tickets tell more than the logon ticket; a forwarded logon ticket tells most.
    let rank = |t: &&&Ticket| match (t.is_tgt(), t.flags.as_ref().is_some_and(|f| f.value.forwarded())) {
        (true, true) => 0,
        (false, _) => 1,
        (true, false) => 2,
    };
    let mut ranked: Vec<&&Ticket> = tickets.iter().collect();
    ranked.sort_by_key(rank);
    let told =
        ranked.iter().filter(|t| rank(t) < 2 || tickets.len() == 1).take(NAMED).map(|t| ticket(t)).collect::<Vec<_>>();
    Some(std::iter::once(head).chain(told).collect::<Vec<_>>().join("; "))
}

fn ticket(ticket: &Ticket) -> String {
    let name = ticket.server.as_ref().map_or_else(|| ticket.server_place.lit.join(" "), ToString::to_string);
    let mut words: Vec<String> = Vec::new();
    match &ticket.flags {
        Some(flags) => {
            let told = TicketFlags::FORWARDABLE | TicketFlags::FORWARDED | TicketFlags::OK_AS_DELEGATE;
            let set = TicketFlags(flags.value.0 & told).words();
            if !flags.value.forwardable() {
                words.push("not forwardable".to_owned());
            }
            words.extend(set.into_iter().map(str::to_owned));
        }
        None => words.push("flags not shown".to_owned()),
    }
    let cache = [(CacheFlags::DELEGATION, "DELEGATION"), (CacheFlags::S4U, "S4U"), (CacheFlags::ASC, "ASC")];
    words.extend(cache.iter().filter(|(bit, _)| ticket.cache().has(*bit)).map(|(_, w)| (*w).to_owned()));
    format!("{name}: {}", words.join(", "))
}

fn requests(says: &[&Statement]) -> Option<String> {
    let all: Vec<&TicketRequest> = of!(says, Statement::TicketRequest);
    let line = |r: &&TicketRequest| {
        let name = r.spn.as_ref().map_or("the service asked for".to_owned(), ToString::to_string);
        match (r.issued, r.status) {
            (true, _) => format!("a ticket for {name} was issued"),
            (false, Some(status)) => format!("no ticket for {name}: {}", status_word(status)),
            (false, None) => format!("no ticket for {name}"),
        }
    };
    joined(all.iter().map(line))
}

/// A status with its name, where the table has one.
fn status_word(status: u32) -> String {
    let named = ["NTSTATUS", "SEC_E"].iter().find_map(|space| codes::lookup(space, status));
    named.map_or_else(|| format!("0x{status:08x}"), |row| format!("0x{status:08x} {}", row.symbol))
}

fn joined(parts: impl Iterator<Item = String>) -> Option<String> {
    let parts: Vec<String> = parts.take(NAMED).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn sessions(says: &[&Statement]) -> Option<String> {
    let all: Vec<&LogonSession> = of!(says, Statement::LogonSession);
    let network = |package: &str| all.iter().filter(|s| s.package == package && s.logon_type == "Network").count();
    (!all.is_empty()).then(|| {
        format!(
            "{}; over the network {} by Kerberos, {} by NTLM",
            count(all.len(), "logon session", "logon sessions"),
            network("Kerberos"),
            network("NTLM")
        )
    })
}

fn capture(says: &[&Statement]) -> Option<String> {
    let browser =
        of!(says, Statement::Browser).first().map(|b| format!("{} {}", b.product, b.version).trim().to_owned());
    let handshakes: Vec<&Handshake> = of!(says, Statement::Handshake).into_iter().map(|h| h.as_ref()).collect();
    let note = of!(says, Statement::CaptureNote)
        .first()
        .map(|n| if n.no_handshake { "no Negotiate handshake with a server" } else { "" });
    let told = handshakes.iter().take(NAMED).map(|h| handshake(h));
    let more = handshakes.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| format!("{more} more handshakes"));
    let note = note.filter(|n| !n.is_empty() && handshakes.is_empty()).map(str::to_owned);
    let parts: Vec<String> = browser.into_iter().chain(told).chain(more).chain(note).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn handshake(h: &Handshake) -> String {
    let spn = h.spn.as_ref().map(|s| s.value.to_string());
    let name = spn.or_else(|| h.host.as_ref().map(ToString::to_string)).unwrap_or_else(|| "a site".to_owned());
    let mechanism = h.mechanism.as_ref().map(|m| match m.value {
        Mechanism::Kerberos => "Kerberos".to_owned(),
        Mechanism::Ntlm => "NTLM".to_owned(),
        Mechanism::Undecided => "mechanism undecided".to_owned(),
    });
    let asked = h.asked.as_ref().map(|a| if a.value { "delegation asked" } else { "delegation not asked" }.to_owned());
    let granted = h.granted.as_ref().filter(|g| g.value).map(|_| "delegated".to_owned());
    let failure = h
        .failure
        .as_ref()
        .map(|f| u32::try_from(f.value.status).map_or_else(|_| f.value.status.to_string(), status_word));
    let refused = h.scheme_refused.as_ref().map(|e| format!("scheme refused ({})", e.value));
    let parts: Vec<String> = [mechanism, asked, granted, failure, refused].into_iter().flatten().collect();
    if parts.is_empty() { name } else { format!("{name}: {}", parts.join(", ")) }
}

fn exchanges(says: &[&Statement]) -> Option<String> {
    let all: Vec<&Exchange> = of!(says, Statement::Exchange);
    let line = |e: &&Exchange| {
        let status = e.status.as_ref().map(|s| format!("status {}", s.value));
        let offered = e.offered.as_ref().map(|o| format!("offers {}", o.value.join(", ")));
        let token = e.token.as_ref().map(|t| match t.value.mechanism {
            Some(Mechanism::Kerberos) => "sends a Kerberos token".to_owned(),
            Some(Mechanism::Ntlm) => "sends an NTLM token".to_owned(),
            _ => "sends a token".to_owned(),
        });
        let read = |t: &At<TokenSeen>| format!("({})", told(&t.value));
        let sent = e.token.as_ref().filter(|t| t.value.message.is_some()).map(read);
        let answered = e.answer_token.as_ref().map(|t| format!("answers {}", read(t)));
        let host = e.host.as_ref().map(ToString::to_string);
        let parts: Vec<String> =
            host.into_iter().chain(status).chain(offered).chain(token).chain(sent).chain(answered).collect();
        parts.join(" ")
    };
    joined(all.iter().map(line).filter(|l| !l.is_empty()))
}

const DELEGATE_LIST: &str = "AuthNegotiateDelegateAllowlist";

fn policies(says: &[&Statement]) -> Option<String> {
    let all: Vec<&Policy> = of!(says, Statement::Policy);
    let listing = of!(says, Statement::PolicyListing).first().copied();
    if all.is_empty() && listing.is_none() {
        return None;
    }
    let read = listing.map_or(all.len(), |l| usize::try_from(l.policies).unwrap_or(usize::MAX).max(all.len()));
    let lists: Vec<String> = all
        .iter()
        .filter(|p| p.name.starts_with("AuthNegotiateDelegate") || p.name.starts_with("AuthServer"))
        .map(|p| format!("{} = {}", p.name, p.value.as_deref().unwrap_or("not set")))
        .collect();
    let has = all.iter().any(|p| p.name == DELEGATE_LIST);
    let missing = (!has).then(|| format!("No {DELEGATE_LIST} among {}", count(read, "policy", "policies")));
    Some(missing.into_iter().chain(lists).collect::<Vec<_>>().join("; "))
}

fn identities(says: &[&Statement]) -> Option<String> {
    let line = |i: &Identity| {
        let page = i.of_back_end.then(|| "the back end's page".to_owned());
        let user = match (&i.user, &i.method) {
            (Some(user), Some(method)) => Some(format!("{} by {}", user.value, method.value)),
            (Some(user), None) => Some(user.value.to_string()),
            (None, Some(method)) => Some(method.value.clone()),
            (None, None) => None,
        };
        let level = i.level.as_ref().map(|l| format!("level {}", l.value));
        let onwards = i.current.as_ref().map(|c| format!("calls onwards as {}", c.value));
        [page, user, level, onwards].into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    joined(of!(says, Statement::Identity).iter().map(|i| line(i)))
}

fn accounts(says: &[&Statement]) -> Option<String> {
    let all: Vec<&Account> = of!(says, Statement::Account).into_iter().map(|a| a.as_ref()).collect();
    if all.len() > NAMED {
        let names: Vec<String> = all.iter().map(|a| name(a)).collect();
        return Some(format!("{} accounts: {}", all.len(), few(&names)));
    }
    joined(all.iter().map(|a| {
        let set = |flag: &Option<crate::facts::At<bool>>| flag.as_ref().is_some_and(|f| f.value);
        // What the dump cut off is not counted.
        let number = |entries: usize, list: AccountList, one: &str, many: &str| match (a.is_cut(list), entries) {
            (false, 0) => None,
            (false, n) => Some(count(n, one, many)),
            (true, n) => Some(format!("at least {}", count(n.max(1), one, many))),
        };
        let targets = a
            .allowed_to_delegate_to
            .as_ref()
            .and_then(|l| number(l.value.len(), AccountList::DelegateTo, "service", "services"));
        let principals = a
            .rbcd_principals
            .as_ref()
            .and_then(|l| number(l.value.len(), AccountList::Principals, "account", "accounts"));
        let spns = a.spns.as_ref().and_then(|l| number(l.value.len(), AccountList::Spns, "SPN", "SPNs"));
        let parts: Vec<String> = [
            set(&a.trusted_for_delegation).then(|| "trusted for delegation to any service".to_owned()),
            targets.map(|n| format!("may delegate to {n}")),
            set(&a.trusted_to_auth).then(|| "protocol transition".to_owned()),
            principals.map(|n| format!("lets {n} delegate to it")),
            set(&a.not_delegated).then(|| "sensitive, cannot be delegated".to_owned()),
            spns,
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() {
            format!("{}: nothing set for delegation", name(a))
        } else {
            format!("{}: {}", name(a), parts.join(", "))
        }
    }))
}

fn name(account: &Account) -> String {
    let named = account.name.as_ref().map(|n| n.value.to_string());
    named
        .or_else(|| account.dn.as_ref().map(|d| d.value.clone()))
        .unwrap_or_else(|| "an account without its name".to_owned())
}

fn searches(says: &[&Statement]) -> Option<String> {
    joined(of!(says, Statement::SpnSearch).iter().map(|s: &&SpnSearch| {
        let owners: Vec<String> = s
            .owners
            .iter()
            .map(|o| {
                crate::vocabulary::names::name_of_dn(&o.dn.value).map_or_else(|| o.dn.value.clone(), |n| n.to_string())
            })
            .collect();
        let spn = s.spn.as_ref().or_else(|| s.owners.first().filter(|_| s.duplicate).and_then(|o| o.spns.first()));
        match (spn, owners.is_empty()) {
            (Some(spn), true) => format!("{spn}: {}", if s.none { "no such SPN" } else { "no owner shown" }),
            (Some(spn), false) => {
                format!("{spn}: {} {}", if s.duplicate { "duplicate, on" } else { "on" }, few(&owners))
            }
            (None, true) => if s.none { "no such SPN" } else { "no duplicate SPNs" }.to_owned(),
            (None, false) => {
                let spns = s.owners.iter().map(|o| o.spns.len()).fold(0usize, usize::saturating_add);
                format!("{}: {}", few(&owners), count(spns, "SPN", "SPNs"))
            }
        }
    }))
}

fn failures(says: &[&Statement]) -> Option<String> {
    let all: Vec<&Failure> = of!(says, Statement::Failure);
    let line = |f: &Failure| {
        let krb = f.krb.and_then(|n| codes::lookup("KRB_ERROR", n)).map(|row| row.symbol.to_owned());
        let word = krb.or_else(|| f.status.map(status_word)).unwrap_or_else(|| f.text.chars().take(120).collect());
        f.spn.as_ref().map_or_else(|| word.clone(), |spn| format!("{word} for {spn}"))
    };
    let lines = unique(all.iter().map(|f| line(f)));
    (!lines.is_empty()).then(|| few(&lines))
}

fn arrivals(says: &[&Statement]) -> Option<String> {
    let all = of!(says, Statement::Arrival);
    let who = unique(all.iter().map(|a| match &a.who {
        Some(who) if !a.anonymous => who.to_string(),
        _ => "nobody (anonymous)".to_owned(),
    }));
    (!who.is_empty()).then(|| format!("arrived: {}", few(&who)))
}

fn answers(says: &[&Statement]) -> Option<String> {
    let all = of!(says, Statement::Answer);
    let keys: Vec<String> = all
        .iter()
        .map(|a| {
            let short: String = a.value.chars().take(40).collect();
            let cut = if short.len() < a.value.len() { "…" } else { "" };
            format!("{}: {short}{cut}", a.key)
        })
        .collect();
    (!keys.is_empty()).then(|| few(&keys))
}

#[cfg(test)]
mod tests;
