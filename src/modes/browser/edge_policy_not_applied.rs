//! # The policy was set, but this browser does not see it
//!
//! ## What it is
//! Somebody set AuthNegotiateDelegateAllowlist, but it does not reach this browser: the group policy misses this PC or user,
//! or the value stands under another key, another product or the wrong level.
//!
//! ## Why the hop breaks
//! A policy that the browser does not see is a policy that is not set: it never asks to delegate.
//!
//! ## What shows it
//! - edge://policy does not list the name although a group policy or a registry value is said to exist; or its status is not
//!   OK; or its level is Recommended.
//! - The registry has it under `SOFTWARE\Microsoft\Edge` (no `Policies`), `…\Edge\Recommended`, the key of Chrome while the
//!   browser is Edge, below WOW6432Node, or as a list (`\1`, `\2`) instead of one text value.
//! - net-export: the call begins with `"delegated":false`.
//!
//! ## What rules it out
//! - edge://policy shows the value with status OK.
//!
//! ## Fix
//! Look with gpresult which policies reach the PC; link the policy to the right organisational unit; use
//! `SOFTWARE\Policies\Microsoft\Edge`, one REG_SZ. HKCU is no error: both scopes count, the computer's wins.
//!
//! ## Verify
//! edge://policy: level Mandatory, status OK.
//!
//! ## Versions
//! Edge supports this policy as mandatory only, and does not refresh it while running.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies>
//! - <https://learn.microsoft.com/en-us/deployedge/configure-microsoft-edge>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/kerberos-double-hop-authentication-edge-chromium>

use super::allow_list_fix::BY_GROUP_POLICY;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "edge-policy-not-applied",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ask,
    title: "AuthNegotiateDelegateAllowlist was set, but {browser} does not see it.",
    says: "Somebody set the policy that lets {browser} ask for delegation, but it does not take effect on this PC: the group policy does not reach it, or the value stands \
           under a key, product or level that the browser does not read. So the browser never asks to delegate to {site}.",
    does_not_prove: "That its entries match {site}, or that {be} accepts the user once the ticket arrives.",
    row: Row {
        prior: 3,
        hop1: "K",
        scope: "cr pc all",
        asked: "n",
        tkt: "FO",
        model: "U",
        fe: "asc",
        err: "none 13",
        bes: "anon",
        dom: "same xdom",
        fspn: "ok",
        pol: "abs bad",
        usr: "n",
        chg: "yes",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-unconstrained-design", &["yes"])),
        Condition::Required(is(Hop1, &["K"])),
        Condition::Required(is(Asked, &["n"])),
        Condition::Decisive(all(&[is(Pol, &["bad"]), test("test-policy-name-right", &["yes"])])),
        Condition::Decisive(all(&[is(Pol, &["abs"]), test("test-policy-deployed", &["yes"])])),
        Condition::Excluding(is(Pol, &["nom", "ok"])),
        Condition::Excluding(all(&[is(Pol, &["bad"]), test("test-policy-name-right", &["no"])])),
        Condition::Excluding(test("test-policy-deployed", &["no"])),
        Condition::Excluding(test("test-chromium", &["no"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ClientAdmin,
            does: "See which policies reach this PC, and where the value stands.",
            script: "gpupdate /force\n\
                     gpresult /h \"%TEMP%\\policies.html\" /f & start \"\" \"%TEMP%\\policies.html\"\n\
                     reg query \"HKLM\\{policy_key}\" /v AuthNegotiateDelegateAllowlist\n\
                     reg query \"HKCU\\{policy_key}\" /v AuthNegotiateDelegateAllowlist\n\
                     reg query HKLM\\SOFTWARE /s /f AuthNegotiateDelegateAllowlist",
            language: Language::Cmd,
            undo: "Nothing to undo: these commands only look.",
            verify: "{policy_page}, Reload policies; then {restart_page}",
            expect: "AuthNegotiateDelegateAllowlist with level Mandatory and status OK. In gpresult the policy object stands among the applied ones: Computer node for computers, User node for users.",
            risk: "",
        },
        BY_GROUP_POLICY,
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY, status};
    use crate::report::Status::*;

    fn policy(rest: &str) -> String {
        format!("{POLICY_EMPTY}\nAuthNegotiateDelegateAllowlist | intranet.contoso.com | Platform | Device | {rest}")
    }

    fn reg(key: &str, value: &str) -> String {
        format!("HKEY_LOCAL_MACHINE\\SOFTWARE\\{key}\n    {value}    REG_SZ    intranet.contoso.com\n")
    }

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let with = |paste: &str| status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, paste]);
        assert_eq!(with(&policy("Recommended | OK")), Confirmed);
        assert_eq!(with(&policy("Mandatory | Error: conflict")), Confirmed);
        let name = "AuthNegotiateDelegateAllowlist";
        for key in ["Microsoft\\Edge", "Policies\\Google\\Chrome", "Policies\\Microsoft\\Edge\\Recommended"] {
            assert_eq!(with(&reg(key, name)), Confirmed, "{key}");
        }
        assert_eq!(with(&reg(&format!("Policies\\Microsoft\\Edge\\{name}"), "1")), Confirmed);
        // The registry has it, the browser's own page does not.
        let both = [KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY, &reg("Policies\\Microsoft\\Edge", name)];
        assert_eq!(status(id, &both), Confirmed);
        assert_eq!(status("edge-delegate-allowlist-missing", &both), RuledOut);
        let said = [KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY, "policy_deployed: yes, by GPO"];
        assert_eq!(status(id, &said), Confirmed);

        assert_eq!(with(POLICY_EMPTY), Possible);
        assert_eq!(with(&policy("Mandatory | OK")), RuledOut);
        assert_eq!(with(&reg("Policies\\Microsoft\\Edge", name)), RuledOut);
        assert_eq!(with(&policy("Mandatory | OK").replace(name, "AuthNegotiateDelegateWhitelist")), RuledOut);
    }
}
