//! `tkt`: the user's ticket for the web server.

use crate::observations::observed::Observed;
use crate::observations::view::View;
use crate::vocabulary::codes::status;

/// Folds the ticket for this site; an absent one only where the user tried to get it.
pub fn fold(view: &View<'_>) -> Observed {
    if let Some((fact, ticket)) = view.site_ticket() {
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

/// `klist get HTTP/site` failed.
fn refused(view: &View<'_>) -> Observed {
    let mut asked =
        view.ticket_requests().filter(|(_, r)| !r.issued && r.spn.as_ref().is_none_or(|s| view.site.is_spn(s)));
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
