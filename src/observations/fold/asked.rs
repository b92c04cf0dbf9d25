//! `asked`: did the browser ask to delegate?

use crate::facts::{Library, Mechanism};
use crate::observations::observed::Observed;
use crate::observations::view::View;

/// Windows logs the request (BEGIN flags). Elsewhere only the result is logged, and it tells about the request only
/// when nothing else could have withheld the delegation (netlog.md, 2.3; failure-modes.md, trap 4 and 17).
pub fn fold(view: &View<'_>) -> Observed {
    let begin = view.handshakes().filter_map(|(fact, h)| h.asked.as_ref().map(|a| (fact, a))).last();
    if let Some((fact, asked)) = begin {
        let (option, says) = if asked.value {
            ("y", "the browser asks the security library to delegate")
        } else {
            ("n", "the browser does not ask the security library to delegate")
        };
        return Observed::is(option, fact.because_at(&asked.place, says));
    }
    let posix = view.handshakes().filter(|(_, h)| {
        h.library == Library::Gssapi && h.mechanism.as_ref().is_some_and(|m| m.value == Mechanism::Kerberos)
    });
    let Some((fact, granted)) = posix.filter_map(|(fact, h)| h.granted.as_ref().map(|g| (fact, g))).last() else {
        return Observed::Unknown;
    };
    if granted.value {
        return Observed::is(
            "y",
            fact.because_at(&granted.place, "a ticket-granting ticket was forwarded, so the browser asked for it"),
        );
    }
    let tgt_forwardable = view.tgt().is_some_and(|(_, t)| t.forwardable() == Some(true));
    let Some((ticket_fact, ticket)) = view.site_ticket() else { return Observed::Unknown };
    let trusted = ticket.flags.as_ref().is_some_and(|f| f.value.forwardable() && f.value.ok_as_delegate());
    if tgt_forwardable && trusted {
        return Observed::Is(
            "n",
            vec![
                fact.because_at(&granted.place, "nothing was forwarded"),
                ticket_fact.because_at(
                    &ticket.flags_place(),
                    "although the tickets would have allowed it: the browser did not ask",
                ),
            ],
        );
    }
    Observed::Unknown
}
