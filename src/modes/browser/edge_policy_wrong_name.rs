//! # The policy has an old or misspelt name
//!
//! ## What it is
//! A list exists, but under a name that the browser does not know: AuthNegotiateDelegateWhitelist, or a slip of the pen.
//!
//! ## Why the hop breaks
//! Unknown names are ignored. For the browser there is no list, and it never asks to delegate.
//!
//! ## What shows it
//! - edge://policy: a row with the status Unknown policy, or the registry has only the other name.
//! - net-export: the call begins with `"delegated":false`.
//!
//! ## What rules it out
//! - AuthNegotiateDelegateAllowlist is listed with status OK.
//!
//! ## Fix
//! Use AuthNegotiateDelegateAllowlist (and AuthServerAllowlist), and delete the old names. Look through a dead list before
//! you revive it: it may be much wider than intended.
//!
//! ## Verify
//! edge://policy shows AuthNegotiateDelegateAllowlist with status OK; a new capture begins with `"delegated":true`.
//!
//! ## Versions
//! Chrome renamed Whitelist to Allowlist in 86; Edge documents only Allowlist. When each build stopped reading the old name in
//! Chrome was not established.
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/components/policy/resources/templates/policy_definitions/HTTPAuthentication/AuthNegotiateDelegateAllowlist.yaml>
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies>

use super::allow_list_fix::BY_REGISTRY;
use crate::modes::prelude::*;
use crate::modes::right_to_delegate::constrained_fix::CONSTRAINED_INSTEAD;

/// The mode.
pub const MODE: Mode = Mode {
    id: "edge-policy-wrong-name",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ask,
    title: "The allow-list has a name that {browser} does not know.",
    says: "A list for delegation is set, but not under the name AuthNegotiateDelegateAllowlist. {browser} ignores names that it does not know, so for {site} it is as if \
           there were no list.",
    does_not_prove: "That the entries match {site}, or that {be} accepts the user once the ticket arrives.",
    row: Row {
        prior: 1,
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
        pol: "bad",
        usr: "n",
        chg: "no yes",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-unconstrained-design", &["yes"])),
        Condition::Required(is(Hop1, &["K"])),
        Condition::Required(is(Asked, &["n"])),
        Condition::Decisive(all(&[is(Pol, &["bad"]), test("test-policy-name-right", &["no"])])),
        Condition::Excluding(is(Pol, &["abs", "nom", "ok"])),
        Condition::Excluding(test("test-policy-name-right", &["yes"])),
        Condition::Excluding(test("test-chromium", &["no"])),
        Condition::Waiting(all(&[
            test("test-unconstrained-design", &["yes"]),
            is(Hop1, &["N", "R", "P"]),
            is(Pol, &["bad"]),
            test("test-policy-name-right", &["no"]),
        ])),
    ],
    fixes: &[
        CONSTRAINED_INSTEAD,
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Look at the old list, then delete it.",
            script: "reg query \"HKLM\\{policy_key}\" /v AuthNegotiateDelegateWhitelist\n\
                     reg query \"HKCU\\{policy_key}\" /v AuthNegotiateDelegateWhitelist\n\
                     reg delete \"HKLM\\{policy_key}\" /v AuthNegotiateDelegateWhitelist",
            language: Language::Cmd,
            undo: "reg add \"HKLM\\{policy_key}\" /v AuthNegotiateDelegateWhitelist /t REG_SZ /d \"<the value printed above>\"",
            verify: "{policy_page}",
            expect: "No row with the status Unknown policy is left.",
            risk: "The old list may be much wider than intended: take over only the hosts that are needed. Where a group policy writes it, change it there, or it comes back.",
        },
        BY_REGISTRY,
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let with = |paste: &str| status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, paste]);
        let named = |name: &str, status: &str| {
            format!("{POLICY_EMPTY}\n{name} | intranet.contoso.com | Platform | Device | Mandatory | {status}")
        };
        assert_eq!(with(&named("AuthNegotiateDelegateWhitelist", "Unknown policy")), Confirmed);
        assert_eq!(with(&named("AuthNegotiateDelegateAllowedList", "Unknown policy")), Confirmed);
        let reg = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge\n    AuthNegotiateDelegateWhitelist    REG_SZ    *.contoso.com\n";
        assert_eq!(with(reg), Confirmed);
        assert_eq!(with("pol: bad"), Possible);
        assert_eq!(with("pol: bad\ntest-policy-name-right: no"), Confirmed);
        assert_eq!(with(&named("AuthNegotiateDelegateAllowlist", "Error")), RuledOut);
        assert_eq!(with(POLICY_EMPTY), RuledOut);
        assert_eq!(status("edge-policy-not-applied", &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, reg]), RuledOut);
    }
}
