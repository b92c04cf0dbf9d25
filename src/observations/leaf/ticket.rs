//! The tickets themselves: may they be forwarded, are they still valid, are they older than what was changed?

use super::{LeafTest, YES_NO};
use crate::facts::Ticket;
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::{Of, View};
use crate::vocabulary::ticket_flags::CacheFlags;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-client-tgt-forwardable",
        ask: "Is the user's own ticket-granting ticket forwardable?",
        how: "klist on the user's PC, not elevated: Ticket Flags of krbtgt (0x40e10000 yes, 0x00e10000 no). Elsewhere klist -f: F.",
        needs: Needs::User,
        options: YES_NO,
        derive: tgt,
    },
    LeafTest {
        id: "test-inbound-ticket-forwardable",
        ask: "Is the user's ticket, as the web server holds it, forwardable?",
        how: "On the web server, elevated: klist sessions, then klist -li 0x<the user's session>: Ticket Flags of HTTP/ (Cache Flags 0x8 ASC or 0x4 S4U)",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: inbound,
    },
    LeafTest {
        id: "test-delegated-tgt-expired-event",
        ask: "Does the web server log that a delegated ticket-granting ticket has expired (System, Security-Kerberos, event 18)?",
        how: "System log of the web server, source Security-Kerberos, event 18",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: expired_event,
    },
    LeafTest {
        id: "test-ticket-older-than-change",
        ask: "Are the tickets in use older than the last change in the directory?",
        how: "Start Time in klist, against whenChanged of the account: Get-ADUser <account> -Properties whenChanged",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: older,
    },
];

fn tgt(view: &View<'_>) -> Observed {
    let Some((fact, tgt)) = view.tgt() else { return Observed::Unknown };
    match tgt.forwardable() {
        Some(true) => {
            Observed::is("yes", fact.because_at(&tgt.flags_place(), "the user's ticket-granting ticket is forwardable"))
        }
        Some(false) => Observed::is(
            "no",
            fact.because_at(&tgt.flags_place(), "the user's ticket-granting ticket is not forwardable"),
        ),
        None => Observed::Unknown,
    }
}

/// The web server's copy, else the PC's: the flags are the same.
fn inbound(view: &View<'_>) -> Observed {
    let person =
        |t: &Ticket| !t.client.name.is_empty() && !t.client.name.contains('/') && !t.client.name.ends_with('$');
    let came_in = |t: &Ticket| {
        t.cache().has(CacheFlags::ASC)
            || t.cache().has(CacheFlags::S4U)
            || t.server.as_ref().is_some_and(|s| view.scene.site.is_spn(s))
    };
    let held: Option<Of<'_, Ticket>> =
        view.front_end_tickets().filter(|(_, t)| !t.is_tgt() && person(t) && came_in(t)).last();
    match held.or_else(|| view.site_ticket()) {
        Some((fact, t)) => match t.forwardable() {
            Some(true) => Observed::is(
                "yes",
                fact.because_at(&t.flags_place(), "the user's ticket for the web server is forwardable"),
            ),
            Some(false) => Observed::is(
                "no",
                fact.because_at(&t.flags_place(), "the user's ticket for the web server is not forwardable"),
            ),
            None => Observed::Unknown,
        },
        None => Observed::Unknown,
    }
}

fn expired_event(view: &View<'_>) -> Observed {
    view.given_up().next().map_or(Observed::Unknown, |(fact, _)| {
        Observed::is("yes", fact.because("event 18: a delegated ticket-granting ticket has expired on the web server"))
    })
}

/// Only clocks of the same kind are compared. Which account's change counts: the user's where the logon ticket is not
/// forwardable, the front end's for the rest.
fn older(view: &View<'_>) -> Observed {
    let refused = view.tgt().filter(|(_, t)| t.flags.as_ref().is_some_and(|f| !f.value.forwardable()));
    let pair = match refused {
        Some(tgt) => view.user_account().map(|user| (tgt, user)),
        None => view.site_ticket().zip(view.front_end_account()),
    };
    let Some(((ticket_fact, ticket), (fact, account))) = pair else { return Observed::Unknown };
    let (Some(start), Some(changed)) = (&ticket.start, &account.when_changed) else { return Observed::Unknown };
    let (Some(began), Some(then)) = (start.seconds, changed.value.seconds) else { return Observed::Unknown };
    if start.utc != changed.value.utc || began == then {
        return Observed::Unknown;
    }
    let option = if began < then { "yes" } else { "no" };
    Observed::Is(
        option,
        vec![
            ticket_fact.because_at(&ticket.server_place, format!("the ticket is from {}", start.text)),
            fact.because_at(&changed.place, format!("the account was last changed on {}", changed.value.text)),
        ],
    )
}
