//! The length of the encrypted authenticator in the browser's token: a rule of thumb, never a proof.
//!
//! A delegated ticket travels inside the authenticator (RFC 4121, 4.1.1), which nobody can read without the session key;
//! but it makes it longer. In the tokens that Microsoft publishes it has 1673 bytes with delegation and 434 without
//! (failure-modes.md, 2.6). So no mode may use this test but as a support.

use super::{LeafTest, YES_NO};
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;

/// Under this many bytes there is hardly room for a ticket.
const WITHOUT: u64 = 700;
/// Over this many there is hardly anything else that would fill it.
const WITH: u64 = 1100;

pub(super) const TESTS: &[LeafTest] = &[LeafTest {
    id: "test-token-carries-tgt",
    ask: "By its length (a heuristic): does the browser's token carry a forwarded ticket-granting ticket?",
    how: "Paste the request's Authorization header: Doublehop reads the length of the authenticator. Under 700 bytes it hardly carries one, over 1100 it hardly carries none.",
    needs: Needs::User,
    options: YES_NO,
    derive: carries,
}];

fn carries(view: &View<'_>) -> Observed {
    let captured = view.handshakes().filter_map(|(fact, h)| h.token.as_ref().map(|t| (fact, t)));
    let pasted = view.exchanges().filter_map(|(fact, e)| e.token.as_ref().map(|t| (fact, t)));
    let lengths = captured.chain(pasted).filter_map(|(fact, token)| {
        let length = token.value.authenticator.as_ref()?.bytes?;
        Some((fact, token, length))
    });
    let Some((fact, token, length)) = lengths.last() else { return Observed::Unknown };
    let because = |says: &str| {
        fact.because_at(&token.place, format!("the token's authenticator has {length} bytes: {says} (a heuristic)"))
    };
    match length {
        0..WITHOUT => Observed::is("no", because("hardly room for a ticket-granting ticket")),
        WITHOUT..=WITH => Observed::Unknown,
        _ => Observed::is("yes", because("a ticket-granting ticket is probably inside")),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::observed_test;
    use crate::modes::{self, condition::Condition};
    use crate::wire::samples;

    #[test]
    fn the_length_of_the_authenticator_hints_at_a_ticket_inside() {
        for (length, option) in
            [(434, Some("no")), (699, Some("no")), (700, None), (1100, None), (1101, Some("yes")), (1673, Some("yes"))]
        {
            let token = samples::base64(&samples::windows_kerberos("HTTP/web.contoso.com", length));
            let paste = format!("GET / HTTP/1.1\nHost: web.contoso.com\nAuthorization: Negotiate {token}\n");
            assert_eq!(observed_test("test-token-carries-tgt", &[&paste]), option, "{length}");
        }
    }

    #[test]
    fn no_mode_uses_it_but_as_a_support() {
        let mut used = 0;
        for mode in modes::all() {
            for condition in mode.conditions {
                if format!("{condition:?}").contains("test-token-carries-tgt") {
                    assert!(matches!(condition, Condition::Supporting(_)), "{}", mode.id);
                    used += 1;
                }
            }
        }
        assert!(used > 0);
    }
}
