//! `fe`: what the user's logon session on the web server holds.

use crate::case::Located;
use crate::facts::{Failure, Ticket, TicketListing, TicketRequest};
use crate::observations::observed::Observed;
use crate::observations::second_hop::{is_own_logon, may_be};
use crate::observations::view::{Of, View};
use crate::vocabulary::civil::Stamp;
use crate::vocabulary::names::{AccountName, Spn};
use crate::vocabulary::ticket_flags::CacheFlags;

/// Folds the front end's listings: a forwarded TGT first, then a back-end ticket, then what came in.
pub fn fold(view: &View<'_>) -> Observed {
    let users: Vec<Of<'_, Ticket>> = view
        .front_end_tickets()
        .filter(|(fact, t)| is_user(t) && !is_own_logon(view.scene.facts, fact, t) && !is_service(view, t))
        .collect();
    forwarded(view, &users)
        .or(|| for_back_end(view, &users))
        .or(|| granted(view))
        .or(|| level(view))
        .or(|| inbound(&users))
        .or(|| nothing(view))
}

/// A person's ticket: no computer's and no service's.
fn is_user(t: &Ticket) -> bool {
    !t.held_by_service && !t.client.name.contains('/') && !t.client.name.ends_with('$') && !t.client.name.is_empty()
}

/// The account that runs the web application, in its own session.
fn is_service(view: &View<'_>, t: &Ticket) -> bool {
    AccountName::parse(&t.client.name)
        .is_some_and(|name| view.names.fe_account.as_ref().is_some_and(|fe| fe.same(&name)))
}

fn forwarded(view: &View<'_>, users: &[Of<'_, Ticket>]) -> Observed {
    let tgt = users.iter().rev().find(|(_, t)| t.is_tgt() && t.flags.as_ref().is_some_and(|f| f.value.forwarded()));
    let Some((fact, tgt)) = tgt else { return Observed::Unknown };
    let place = tgt.server_place.to(&tgt.flags_place());
    if expired(view, fact, tgt) {
        return Observed::is(
            "exp",
            fact.because_at(&place, "a forwarded ticket-granting ticket of the user, but it has expired"),
        );
    }
    Observed::is(
        "fwd",
        fact.because_at(&place, "a forwarded ticket-granting ticket of the user arrived at the web server"),
    )
}

/// By the server's own word; else against the time of the analysis where it is known (and the ticket's clock is UTC), else against the
/// latest time that is known of that machine: a ticket's start, the beginning of a transcript.
fn expired(view: &View<'_>, fact: &Located<'_>, tgt: &Ticket) -> bool {
    let listing = view.listings().find(|(f, _)| f.held.id == fact.held.id).map(|(_, l)| l);
    let starts = view.front_end_tickets().filter_map(|(_, t)| t.start.as_ref().and_then(|s| s.seconds));
    let latest = starts.chain(listing.and_then(|l| l.not_before)).max();
    let now = view.now.filter(|_| tgt.end.as_ref().is_some_and(|e| e.utc)).or(latest);
    let ended = tgt.end.as_ref().and_then(|e| e.seconds).zip(now).is_some_and(|(end, now)| end < now);
    ended || view.given_up().any(|(_, f)| gives_up(listing, tgt, f))
}

/// Event 18 names the session; without one on either side it is about this ticket unless it names another user or is from before
/// the ticket's end.
fn gives_up(listing: Option<&TicketListing>, tgt: &Ticket, event: &Failure) -> bool {
    let listed = listing.and_then(|l| l.targeted.as_ref().or(l.logon_id.as_ref()));
    if let Some((told, listed)) = event.text.split(['(', ')']).find_map(session).zip(listed.and_then(|id| session(id)))
    {
        return told == listed;
    }
    let before = |at: &Stamp, end: &Stamp| at.utc == end.utc && at.seconds.zip(end.seconds).is_some_and(|(a, e)| a < e);
    event.text.to_lowercase().contains(&tgt.client.name.to_lowercase())
        && !event.time.as_ref().zip(tgt.end.as_ref()).is_some_and(|(at, end)| before(at, end))
}

/// `0:0x3e7` and `0x3E7` as a number.
fn session(id: &str) -> Option<u64> {
    let low = id.rsplit(':').next()?.trim().strip_prefix("0x")?;
    u64::from_str_radix(low, 16).ok()
}

fn for_back_end(view: &View<'_>, users: &[Of<'_, Ticket>]) -> Observed {
    let be = users.iter().rev().find(|(_, t)| {
        let foreign =
            t.server.as_ref().is_some_and(|s| !s.is_krbtgt() && !view.scene.site.is_spn(s) && !is_own(view, s));
        foreign && !t.cache().has(CacheFlags::ASC) && !may_be_inbound(view, t)
    });
    match be {
        Some((fact, t)) => Observed::is(
            "be",
            fact.because_at(
                &t.server_place.to(&t.flags_place()),
                "the web server holds a ticket for the back end in the user's name",
            ),
        ),
        None => Observed::Unknown,
    }
}

/// A listing that ends before the cache flags, or an old one without them: a ticket for an account that delegates itself may be the
/// one that was presented to it.
fn may_be_inbound(view: &View<'_>, t: &Ticket) -> bool {
    let Some(spn) = t.server.as_ref().filter(|_| t.cache_flags.is_none()) else { return false };
    view.accounts().any(|(_, a)| {
        let list = a.allowed_to_delegate_to.as_ref().map(|l| &l.value);
        let delegates =
            list.is_some_and(|l| !l.is_empty() && !l.iter().filter_map(|e| Spn::parse(e)).any(|e| e.same(spn)));
        a.owns(spn) && delegates
    })
}

/// A KDC's own log: it gave the site a ticket for the back end in the user's name.
fn granted(view: &View<'_>) -> Observed {
    let ours = |r: &TicketRequest| {
        let by_site = r.requester.as_ref().is_none_or(|name| may_be(&view.scene.site, name));
        r.issued && r.for_user.is_some() && by_site && r.spn.as_ref().is_some_and(|s| !view.scene.site.is_spn(s))
    };
    view.ticket_requests().filter(|(_, r)| ours(r)).last().map_or(Observed::Unknown, |(fact, r)| {
        let for_whom = r.spn.as_ref().map_or(String::new(), |s| format!(" for {s}"));
        Observed::is(
            "be",
            fact.because(format!("the KDC gives the web server a ticket{for_whom} in the user's name (S4U2Proxy)")),
        )
    })
}

/// Without a site's name: the service that the tickets were presented to is the front end itself.
fn is_own(view: &View<'_>, spn: &Spn) -> bool {
    let presented = view
        .front_end_tickets()
        .any(|(_, t)| t.cache().has(CacheFlags::ASC) && t.server.as_ref().is_some_and(|s| s.same_machine(spn)));
    let holder = view.listings().any(|(_, l)| l.proxy_impersonator.as_ref().is_some_and(|p| p.same(spn)));
    // A service that appears as the client of tickets in this cache is the one that holds it.
    let acts = view.front_end_tickets().any(|(_, t)| Spn::parse(&t.client.name).is_some_and(|c| c.same_machine(spn)));
    presented || holder || acts
}

/// The impersonation level on a page of the front end: Delegation means that a TGT came along.
fn level(view: &View<'_>) -> Observed {
    view.identities()
        .filter(|(_, i)| !i.of_back_end)
        .find_map(|(fact, i)| {
            let level = i.level.as_ref()?;
            let word = level.value.to_lowercase();
            // The article writes Delegate, .NET writes Delegation.
            word.starts_with("delegat").then(|| {
                Observed::is(
                    "fwd",
                    fact.because_at(
                        &level.place,
                        "the impersonation level is Delegation: a ticket-granting ticket came along",
                    ),
                )
            })
        })
        .unwrap_or_default()
}

fn inbound(users: &[Of<'_, Ticket>]) -> Observed {
    if let Some((fact, t)) = users.iter().find(|(_, t)| t.cache().has(CacheFlags::S4U)) {
        return Observed::is(
            "s4u",
            fact.because_at(
                &t.flags_place(),
                "the web server made a ticket for the user itself (S4U): the user came without Kerberos",
            ),
        );
    }
    match users.first() {
        Some((fact, t)) if !t.is_tgt() => Observed::is(
            "asc",
            fact.because_at(
                &t.server_place,
                "the session holds only the ticket that the user presented, no ticket-granting ticket",
            ),
        ),
        _ => Observed::Unknown,
    }
}

fn nothing(view: &View<'_>) -> Observed {
    let none = |l: &TicketListing| l.no_session || (l.shown == 0 && l.claimed == Some(0));
    view.listings()
        .find(|(fact, l)| fact.role() == crate::facts::Role::FrontEnd && none(l))
        .map_or(Observed::Unknown, |(fact, _)| {
            Observed::is("no", fact.because("this session has no Kerberos ticket at all"))
        })
}
