//! Narrow questions to the directory and to the tickets' own times.

use super::{LeafTest, YES_NO};
use crate::facts::Library;
use crate::observations::fold::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs, Question};
use crate::observations::view::View;
use crate::vocabulary::ticket_flags::CacheFlags;

/// Protected Users get 4 hours (MS-KILE 3.3.5.1; one Microsoft page also speaks of 600 minutes).
const SHORT: i64 = 4 * 3600 + 60;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-front-end-trusted",
        ask: "Is the account that owns the web server's SPN trusted for delegation to any service?",
        how: "Get-ADUser <account> -Properties TrustedForDelegation (Get-ADComputer, Get-ADServiceAccount)",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: trusted,
    },
    LeafTest {
        id: "test-user-marked-sensitive",
        ask: "Is the user's account marked \"sensitive and cannot be delegated\"?",
        how: "Get-ADUser <user> -Properties AccountNotDelegated",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: sensitive,
    },
    LeafTest {
        id: "test-tgt-lifetime",
        ask: "How long is the user's ticket-granting ticket valid, from start to end?",
        how: "klist on the user's PC: Start Time and End Time of krbtgt",
        needs: Needs::User,
        options: &[Choice { id: "long", says: "About ten hours" }, Choice { id: "short", says: "About four hours" }],
        derive: lifetime,
    },
    LeafTest {
        id: "test-tgt-forwarded",
        ask: "Did the user's ticket-granting ticket reach the web server?",
        how: "On the web server, elevated: klist sessions, then klist -li 0x<the user's session>: krbtgt with forwarded. Or whoami.aspx: ImpersonationLevel Delegation.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: tgt_forwarded,
    },
    LeafTest {
        id: "test-ticket-crossed-trust",
        ask: "Did the user's ticket for the web server come over a trust on which TGT delegation is off?",
        how: "klist on the user's PC: another realm behind the @ of the ticket, and Cache Flags 0x200",
        needs: Needs::User,
        options: YES_NO,
        derive: crossed,
    },
];

fn trusted(view: &View<'_>) -> Observed {
    let Some((fact, account)) = view.front_end_account() else { return Observed::Unknown };
    match &account.trusted_for_delegation {
        Some(flag) if flag.value => {
            Observed::is("yes", fact.because_at(&flag.place, "the account is trusted for delegation to any service"))
        }
        Some(flag) => Observed::is("no", fact.because_at(&flag.place, "the account is not trusted for delegation")),
        None => Observed::Unknown,
    }
}

/// The mark alone: whether the user is in Protected Users is another question, and a dump may leave it open.
fn sensitive(view: &View<'_>) -> Observed {
    let flag = view.user_account().and_then(|(f, a)| a.not_delegated.as_ref().map(|n| (f, n)));
    flag.map_or(Observed::Unknown, |(fact, flag)| {
        let (option, says) = match flag.value {
            true => ("yes", "the user is marked as sensitive: cannot be delegated"),
            false => ("no", "the user is not marked as sensitive"),
        };
        Observed::is(option, fact.because_at(&flag.place, says))
    })
}

/// Windows only: elsewhere lifetimes are whatever kinit asked for.
pub fn lifetime(view: &View<'_>) -> Observed {
    let Some((fact, tgt)) = view.tgt().filter(|(f, _)| f.kind() == crate::artefacts::kind::Kind::Klist) else {
        return Observed::Unknown;
    };
    let (Some(start), Some(end)) =
        (tgt.start.as_ref().and_then(|s| s.seconds), tgt.end.as_ref().and_then(|s| s.seconds))
    else {
        return Observed::Unknown;
    };
    let seconds = end.saturating_sub(start);
    let hours = seconds / 3600;
    let because = fact.because_at(&tgt.server_place, format!("the ticket-granting ticket is valid for {hours} hours"));
    Observed::is(if seconds <= SHORT { "short" } else { "long" }, because)
}

fn crossed(view: &View<'_>) -> Observed {
    let Some((fact, ticket)) = view.site_ticket() else { return Observed::Unknown };
    let other_realm = !ticket.realm.is_empty()
        && !ticket.client.realm.is_empty()
        && !ticket.realm.eq_ignore_ascii_case(&ticket.client.realm);
    let marked = ticket.cache().has(CacheFlags::DISABLE_TGT_DELEGATION);
    // Cache flags are Windows' own; MIT ignores ok-as-delegate across realms (failure-modes.md, chromium-posix-kdc-policy-blocks).
    let known = ticket.cache_flags.is_some() || !other_realm;
    let because = fact.because_at(
        &ticket.server_place,
        if other_realm {
            "the ticket is from another realm than the user's"
        } else {
            "the ticket is from the user's own realm"
        },
    );
    match (other_realm, marked, known) {
        (true, true, _) | (true, false, false) => Observed::is("yes", because),
        (_, _, true) => Observed::is("no", because),
        _ => Observed::Unknown,
    }
}

/// It stands in the user's session on the web server; or, where the library's result is a real one (POSIX), it was sent
/// and accepted.
fn tgt_forwarded(view: &View<'_>) -> Observed {
    match fold(Question::Fe, view) {
        Observed::Is("fwd", because) => return Observed::Is("yes", because),
        Observed::Is(_, because) => return Observed::Is("no", because),
        _ => {}
    }
    let accepted = fold(Question::Hop1, view).option() == Some("K");
    let sent = view
        .handshakes()
        .filter(|(_, h)| h.library == Library::Gssapi)
        .filter_map(|(fact, h)| h.granted.as_ref().map(|g| (fact, g)))
        .last();
    match sent {
        Some((fact, granted)) if granted.value && accepted => Observed::is(
            "yes",
            fact.because_at(
                &granted.place,
                "the library forwarded the ticket-granting ticket, and the server accepted the token",
            ),
        ),
        _ => Observed::Unknown,
    }
}
