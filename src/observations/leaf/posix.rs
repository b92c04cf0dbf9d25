//! Kerberos on the PC where the browser calls GSSAPI: credentials, flags, channel bindings.

use super::{LeafTest, YES_NO};
use crate::facts::{Library, Role, Ticket, TicketListing};
use crate::observations::fold::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Needs, Question};
use crate::observations::view::{Of, View};

/// GSS_S_NO_CRED and GSS_S_CREDENTIALS_EXPIRED (RFC 2744, 3.9.1).
const NO_CRED: [i64; 2] = [458_752, 720_896];
/// What MIT and Heimdal say when there is nothing to ask with, in lower case.
const NO_CRED_WORDS: [&str; 8] = [
    "no credentials cache",
    "no kerberos credentials",
    "credentials cache file",
    "no credentials were supplied",
    "ticket expired",
    "credentials have expired",
    "credential for asked mech-type mech not found",
    "can't find client principal",
];

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-kerberos-library-called",
        ask: "Does the browser call the Kerberos library for this site (AUTH_LIBRARY_IMPORT_NAME)?",
        how: "chrome://net-export (edge://net-export), then look for AUTH_LIBRARY_IMPORT_NAME",
        needs: Needs::User,
        options: YES_NO,
        derive: called,
    },
    LeafTest {
        id: "test-kerberos-credentials",
        ask: "Does the browser find a valid ticket-granting ticket?",
        how: "klist in the user's own terminal: krbtgt, not expired; echo $KRB5CCNAME; a snap or flatpak browser may not see that cache.",
        needs: Needs::User,
        options: YES_NO,
        derive: credentials,
    },
    LeafTest {
        id: "test-kinit-forwardable",
        ask: "Does kinit -f give the user a ticket-granting ticket with F?",
        how: "kinit -f user@REALM, then klist -f",
        needs: Needs::User,
        options: YES_NO,
        derive: kinit,
    },
    LeafTest {
        id: "test-epa-required",
        ask: "Does IIS require Extended Protection for this site (tokenChecking=Require)?",
        how: "IIS Manager, the site, Authentication, Windows Authentication, Advanced Settings: Extended Protection",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: epa,
    },
];

fn called(view: &View<'_>) -> Observed {
    let named = view
        .handshakes()
        .filter(|(_, h)| h.library == Library::Gssapi)
        .filter_map(|(f, h)| h.spn.as_ref().map(|s| (f, s)))
        .last();
    match named {
        Some((fact, spn)) => Observed::is("yes", fact.because_at(&spn.place, "the browser calls the Kerberos library")),
        None => Observed::Unknown,
    }
}

fn credentials(view: &View<'_>) -> Observed {
    let failed = view.handshakes().filter(|(_, h)| h.library == Library::Gssapi).filter_map(|(fact, h)| {
        let failure = h.failure.as_ref()?;
        let message = failure.value.message.to_lowercase();
        let none = NO_CRED.contains(&failure.value.status) || NO_CRED_WORDS.iter().any(|w| message.contains(w));
        none.then(|| fact.because_at(&failure.place, "the Kerberos library finds no usable credentials"))
    });
    if let Some(because) = failed.last() {
        return Observed::is("no", because);
    }
    let made = view.handshakes().filter(|(_, h)| h.library == Library::Gssapi && h.granted.is_some()).last();
    if let Some((fact, _)) = made {
        return Observed::is("yes", fact.because("the Kerberos library made a token"));
    }
    if let Some((fact, _)) = no_cache(view) {
        return Observed::is("no", fact.because("there is no credentials cache"));
    }
    match view.tgt() {
        Some((fact, tgt)) if is_expired(view, tgt) => {
            Observed::is("no", fact.because_at(&tgt.server_place, "the ticket-granting ticket has expired"))
        }
        _ => Observed::Unknown,
    }
}

/// klist finds no cache on the PC. Where it ran is not in its text: beside a ticket of the user, or in a log of a server's own
/// calls, it was another machine's or another user's.
fn no_cache<'c>(view: &View<'c>) -> Option<Of<'c, TicketListing>> {
    if view.tgt().is_some() || view.site_ticket().is_some() {
        return None;
    }
    let logged = view.exchanges().next().is_some();
    let on_client = |role: Role| role == Role::Client || role == Role::Unknown && !logged;
    view.listings().filter(|(f, l)| on_client(f.role()) && l.no_session && l.tool != "windows").last()
}

/// Only against a time that was handed in, and a clock that is known.
fn is_expired(view: &View<'_>, tgt: &Ticket) -> bool {
    let end = tgt.end.as_ref().filter(|e| e.utc).and_then(|e| e.seconds);
    end.zip(view.now).is_some_and(|(end, now)| end < now)
}

/// An ordinary user gets one when asking for it; a restricted one never does.
fn kinit(view: &View<'_>) -> Observed {
    let account = view.user_account().is_some();
    match fold(Question::Usr, view) {
        Observed::Is("n", because) if account => Observed::Is("yes", because),
        Observed::Is("nd" | "pu", because) => Observed::Is("no", because),
        _ => Observed::Unknown,
    }
}

fn epa(view: &View<'_>) -> Observed {
    let Some((fact, checking)) = view.iis().filter_map(|(fact, i)| i.token_checking.as_ref().map(|t| (fact, t))).last()
    else {
        return Observed::Unknown;
    };
    let required = checking.value.eq_ignore_ascii_case("require");
    let says = format!("tokenChecking is {}", checking.value);
    Observed::is(if required { "yes" } else { "no" }, fact.because_at(&checking.place, says))
}
