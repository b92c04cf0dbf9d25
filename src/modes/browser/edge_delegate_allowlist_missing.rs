//! # The browser never asks to delegate: no allow-list exists
//!
//! ## What it is
//! Edge and Chrome forward a user's ticket-granting ticket only to servers that the policy AuthNegotiateDelegateAllowlist
//! names. The policy is not set, so they never ask for delegation, whatever the ticket would allow.
//!
//! ## Why the hop breaks
//! Internet Explorer (and IE mode) passes the delegation flag to InitializeSecurityContext by itself; Chromium browsers do
//! not. The web server gets the user's service ticket, but no ticket-granting ticket, and has nothing to show to the back end.
//! Only *unconstrained* delegation needs this flag. With constrained or resource-based delegation `delegated:false` is normal.
//!
//! ## What shows it
//! - klist on the PC: the ticket for `HTTP/<web server>` has `forwardable` and `ok_as_delegate`.
//! - net-export: AUTH_LIBRARY_INIT_SEC_CTX begins with `"delegated":false`, flags `0x00000000`; the mechanism is Kerberos.
//! - edge://policy: AuthNegotiateDelegateAllowlist is not in the list.
//! - The page works in IE mode and fails in Edge.
//!
//! ## What rules it out
//! - net-export shows `"delegated":true`: the browser did ask.
//! - The mechanism is NTLM.
//! - The site is meant to use constrained or resource-based delegation.
//!
//! ## Fix
//! Better: replace unconstrained by constrained or resource-based delegation; then no browser policy is needed. Otherwise
//! list the web server in AuthNegotiateDelegateAllowlist, by group policy.
//!
//! ## Verify
//! edge://policy shows the value with status OK; a new capture begins with `"delegated":true`, `0x00000003`; whoami.aspx shows
//! the level Delegation (the article's word is Delegate).
//!
//! ## Versions
//! The policy exists in Edge since 77 (Windows, macOS; Android since 138) and in Chrome under this name since 86. Microsoft's
//! article dates the default without delegation to Edge 87; Chromium's source never delegated without the list.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/kerberos-double-hop-authentication-edge-chromium>
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies/authnegotiatedelegateallowlist>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_sspi_win.cc>

use super::allow_list_fix::{BY_GROUP_POLICY, BY_REGISTRY};
use crate::modes::prelude::*;
use crate::modes::right_to_delegate::constrained_fix::CONSTRAINED_INSTEAD;

/// Only seen, never asked for: nobody measures a token by hand, so it is written as a negation, which the wizard passes over.
const SHORT_TOKEN: Expr = not(&test("test-token-carries-tgt", &["yes"]));

/// The mode.
pub const MODE: Mode = Mode {
    id: "edge-delegate-allowlist-missing",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ask,
    title: "{browser} never asks to delegate: the policy AuthNegotiateDelegateAllowlist is not set.",
    says: "Internet Explorer hands over a ticket that may be delegated without being told to. {browser} does so only for servers in \
           AuthNegotiateDelegateAllowlist, and that policy is not set. So {site} gets the user's ticket, but no ticket-granting ticket to go on with.",
    does_not_prove: "That nobody has set the policy: a group policy that does not reach this PC looks the same here. Nor that {be} accepts the user once the ticket arrives.",
    row: Row {
        prior: 8,
        hop1: "K",
        scope: "cr all",
        asked: "n",
        tkt: "FO",
        model: "U",
        fe: "asc",
        err: "none 13",
        bes: "anon",
        dom: "same xdom",
        fspn: "ok",
        pol: "abs",
        usr: "n",
        chg: "no",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-unconstrained-design", &["yes"])),
        Condition::Required(is(Hop1, &["K"])),
        Condition::Required(is(Asked, &["n"])),
        Condition::Decisive(is(Pol, &["abs"])),
        // A short token is another sign of the same thing, and no proof.
        Condition::Supporting(any(&[is(Asked, &["n"]), SHORT_TOKEN])),
        Condition::Supporting(is(Scope, &["cr"])),
        Condition::Supporting(is(Fe, &["asc"])),
        Condition::Excluding(is(Pol, &["bad", "nom", "ok"])),
        Condition::Excluding(is(Fe, &["fwd", "exp", "be"])),
        // Somebody set it, and it does not arrive: another mode.
        Condition::Excluding(test("test-policy-deployed", &["yes"])),
        Condition::Excluding(test("test-chromium", &["no"])),
        Condition::Waiting(all(&[
            test("test-unconstrained-design", &["yes"]),
            is(Hop1, &["N", "R", "P"]),
            is(Pol, &["abs"]),
            not(&test("test-policy-deployed", &["yes"])),
        ])),
    ],
    fixes: &[CONSTRAINED_INSTEAD, BY_GROUP_POLICY, BY_REGISTRY],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY, status};
    use crate::report::Status::*;
    use crate::wire::samples;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY]), Confirmed);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, POLICY_EMPTY]), Likely);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, "works_in_ie_mode: yes"]), Likely);
        // The length of a token supports, and proves nothing: with the tickets alone it is not enough.
        let token = |length| {
            let token = samples::base64(&samples::windows_kerberos("HTTP/intranet.contoso.com", length));
            format!("GET / HTTP/1.1\nHost: intranet.contoso.com\nAuthorization: Negotiate {token}\n\nHTTP/1.1 200 OK\n")
        };
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &token(434)]), Possible);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &token(434), "works_in_ie_mode: yes"]), Likely);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &token(1673), "works_in_ie_mode: yes"]), Possible);
        // The flag alone is the normal picture of a constrained site.
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, POLICY_EMPTY]), Possible);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, POLICY_EMPTY, "intended_model: constrained"]), RuledOut);
        assert_eq!(
            status(
                id,
                &[KLIST_DELEGATABLE, &NET_EXPORT_NOT_ASKED.replace("\"delegated\":false", "\"delegated\":true")]
            ),
            RuledOut
        );
        assert_eq!(
            status(
                id,
                &[KLIST_DELEGATABLE, &POLICY_EMPTY.replace("HomepageLocation", "AuthNegotiateDelegateAllowlist")]
            ),
            RuledOut
        );
    }
}
