//! # The allow-list exists, but no entry matches this site
//!
//! ## What it is
//! AuthNegotiateDelegateAllowlist is set and applied, but none of its entries matches the host in the address bar.
//!
//! ## Why the hop breaks
//! Chromium compares the entries with the origin of the URL, never with the SPN or the target of a CNAME. Without a match it
//! does not ask for delegation, exactly as without the policy.
//!
//! ## What shows it
//! - edge://policy shows a value of which no entry matches: a slash behind the host makes an entry an address block, which is
//!   dropped silently; a bare domain is one host; short and full names are different hosts; a blank does not separate;
//!   quotes are literal; scheme and port restrict.
//! - net-export: the call begins with `"delegated":false`.
//!
//! ## What rules it out
//! - An entry matches, and the call still begins with false: then the browser was not restarted.
//!
//! ## Fix
//! Write the hosts as they stand in the address bar, separated by commas. Never widen to `*`.
//!
//! ## Verify
//! As for a missing list: edge://policy, then a capture that begins with `"delegated":true`.
//!
//! ## Versions
//! The matcher is unchanged in the sources read (up to Chromium 132).
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_filter.cc>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/base/scheme_host_port_matcher_rule.cc>
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies>

use super::allow_list_fix::{BY_GROUP_POLICY, BY_REGISTRY};
use crate::modes::prelude::*;
use crate::modes::right_to_delegate::constrained_fix::CONSTRAINED_INSTEAD;

/// The mode.
pub const MODE: Mode = Mode {
    id: "edge-delegate-allowlist-mismatch",
    hop: Hop::Browser,
    basis: Basis::Inferred,
    stage: Stage::Ask,
    title: "{browser} does not ask to delegate: no entry of the allow-list matches {site}.",
    says: "AuthNegotiateDelegateAllowlist is set, but its entries are compared with the host in the address bar, and none matches {site}. \
           So the browser treats the site as if there were no list.",
    does_not_prove: "That {be} accepts the user once the ticket arrives.",
    row: Row {
        prior: 4,
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
        pol: "nom",
        usr: "n",
        chg: "no yes",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-unconstrained-design", &["yes"])),
        Condition::Required(is(Hop1, &["K"])),
        Condition::Required(is(Asked, &["n"])),
        Condition::Decisive(is(Pol, &["nom"])),
        Condition::Excluding(is(Pol, &["abs", "bad", "ok"])),
        Condition::Excluding(is(Fe, &["fwd", "exp", "be"])),
        Condition::Excluding(test("test-chromium", &["no"])),
        Condition::Waiting(all(&[
            test("test-unconstrained-design", &["yes"]),
            is(Hop1, &["N", "R", "P"]),
            is(Pol, &["nom"]),
        ])),
    ],
    fixes: &[CONSTRAINED_INSTEAD, BY_GROUP_POLICY, BY_REGISTRY],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY, status};
    use crate::report::Status::*;

    fn policy(value: &str) -> String {
        format!("{POLICY_EMPTY}\nAuthNegotiateDelegateAllowlist | {value} | Platform | Device | Mandatory | OK")
    }

    #[test]
    fn judged() {
        let id = super::MODE.id;
        for bad in ["https://intranet.contoso.com/", "contoso.com", "intranet", "a.contoso.com intranet.contoso.com"] {
            assert_eq!(status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, &policy(bad)]), Confirmed, "{bad}");
        }
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &policy("contoso.com")]), Likely);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, &policy("*.contoso.com")]), RuledOut);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY]), RuledOut);
    }
}
