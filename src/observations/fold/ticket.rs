//! `tkt`: the user's ticket for the web server.

use crate::case::Located;
use crate::facts::Ticket;
use crate::observations::observed::Observed;
use crate::observations::view::View;
use crate::vocabulary::codes::status;

/// Folds the ticket for this site; an absent one only where the user tried to get it.
pub fn fold(view: &View<'_>) -> Observed {
    if let Some((fact, ticket)) = view.site_ticket() {
        if let Some(conflict) = disagreeing(view, &fact, ticket) {
            return conflict;
        }
        let Some(flags) = &ticket.flags else { return Observed::Unknown };
        let server = fact.because_at(&ticket.server_place, "the user's ticket for the web server");
        let (option, says) = match (flags.value.forwardable(), flags.value.ok_as_delegate()) {
            (false, _) => ("x", "it is not forwardable"),
            (true, true) => (
                "FO",
                "it is forwardable, and the KDC says that the account is trusted for delegation (ok_as_delegate)",
            ),
            (true, false) => ("F", "it is forwardable, without ok_as_delegate"),
        };
        return Observed::Is(option, vec![server, fact.because_at(&flags.place, says)]);
    }
    refused(view).or(|| missing(view))
}

/// Two listings show the user's ticket with and without ok_as_delegate, and no time tells which is newer.
fn disagreeing(view: &View<'_>, fact: &Located<'_>, ticket: &Ticket) -> Option<Observed> {
    let marked = |t: &Ticket| t.flags.as_ref().map(|f| f.value.ok_as_delegate());
    let (other_fact, other) = view.site_tickets().find(|(f, t)| {
        f.held.id != fact.held.id
            && t.client == ticket.client
            && marked(t).is_some_and(|m| marked(ticket).is_some_and(|o| o != m))
            && View::started(t).is_none_or(|s| View::started(ticket).is_none_or(|o| o == s))
    })?;
    let side = |fact: &Located<'_>, t: &Ticket| match marked(t) {
        Some(true) => ("FO", vec![fact.because_at(&t.flags_place(), "here the ticket has ok_as_delegate")]),
        _ => ("F", vec![fact.because_at(&t.flags_place(), "here the ticket has no ok_as_delegate")]),
    };
    Some(Observed::Conflict {
        one: side(&other_fact, other),
        other: side(fact, ticket),
        says: "Two listings show the user's ticket for the web server with and without ok_as_delegate, and no start time tells which is newer. \
               Purge the tickets, load the page, and take a new listing."
            .to_owned(),
    })
}

/// `klist get HTTP/site` failed.
fn refused(view: &View<'_>) -> Observed {
    let mut asked =
        view.ticket_requests().filter(|(_, r)| !r.issued && r.spn.as_ref().is_none_or(|s| view.scene.site.is_spn(s)));
    asked
        .find_map(|(fact, r)| {
            let unknown = matches!(r.status, Some(status::NO_TRUST_SAM_ACCOUNT | status::SEC_E_TARGET_UNKNOWN));
            unknown.then(|| Observed::is("0", fact.because("no ticket for this name can be had")))
        })
        .unwrap_or_default()
}

/// The listing is whole, holds the user's TGT and no ticket for the site, although the browser tried.
///
/// A cache that was purged and not used since proves nothing (failure-modes.md, trap 9).
fn missing(view: &View<'_>) -> Observed {
    let tried = view.handshakes().any(|(_, h)| h.spn.is_some()) || view.exchanges().any(|(_, e)| e.token.is_some());
    let Some((tgt_fact, tgt)) = view.tgt().filter(|_| tried) else { return Observed::Unknown };
    let whole = view.listings().any(|(fact, l)| fact.held.id == tgt_fact.held.id && l.complete());
    if !whole {
        return Observed::Unknown;
    }
    Observed::is(
        "0",
        tgt_fact.because_at(&tgt.server_place, "the listing has the user's TGT, but no ticket for the web server"),
    )
}
