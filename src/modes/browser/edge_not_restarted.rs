//! # The policy is right, but the running browser is older than it
//!
//! ## What it is
//! AuthNegotiateDelegateAllowlist matches the site and is shown with status OK, yet the browser does not ask for delegation:
//! its process, or the already authenticated connection, predates the policy.
//!
//! ## Why the hop breaks
//! Edge reads this policy only at its start. Startup Boost and background apps keep a process alive when every window is closed.
//!
//! ## What shows it
//! - edge://policy: the value matches the URL, status OK.
//! - net-export: the call still begins with `"delegated":false`.
//! - The windows were closed, but the processes not ended.
//!
//! ## What rules it out
//! - The call begins with `"delegated":true`, or no entry matches.
//!
//! ## Fix
//! edge://restart, or end every msedge.exe.
//!
//! ## Verify
//! A new capture begins with `"delegated":true`.
//!
//! ## Versions
//! Edge marks the policy as needing a restart. Chrome's own template marks it as refreshed while running: there the same
//! picture points elsewhere.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies/authnegotiatedelegateallowlist>
//! - <https://chromium.googlesource.com/chromium/src/+/main/components/policy/resources/templates/policy_definitions/HTTPAuthentication/AuthNegotiateDelegateAllowlist.yaml>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "edge-not-restarted",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ask,
    title: "The policy names {site}, but {browser} has not been restarted since.",
    says: "edge://policy shows an entry that matches {site}, yet the browser does not ask for delegation. It reads this policy only when its \
           process starts, and closing the windows does not end the process.",
    does_not_prove: "That {be} accepts the user once the ticket arrives.",
    row: Row {
        prior: 2,
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
        pol: "ok",
        usr: "n",
        chg: "yes",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-unconstrained-design", &["yes"])),
        Condition::Required(is(Hop1, &["K"])),
        Condition::Required(is(Asked, &["n"])),
        Condition::Required(is(Pol, &["ok"])),
        Condition::Decisive(all(&[is(Pol, &["ok"]), is(Asked, &["n"])])),
        Condition::Supporting(test("test-browser-restarted", &["no"])),
        Condition::Supporting(is(Chg, &["yes"])),
        Condition::Excluding(is(Fe, &["fwd", "exp", "be"])),
        Condition::Excluding(test("test-chromium", &["no"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ClientAdmin,
        does: "End every process of the browser, then start it again.",
        script: "taskkill /im msedge.exe /f\nstart msedge https://{site}/",
        language: Language::Cmd,
        undo: "Nothing to undo.",
        verify: "{net_export}: capture the page once more",
        expect: "AUTH_LIBRARY_INIT_SEC_CTX begins with {\"delegated\":true,\"mutual\":true,\"value\":\"0x00000003\"}.",
        risk: "All tabs of the user close: ask first. edge://restart reopens them.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let policy = format!(
            "{POLICY_EMPTY}\nAuthNegotiateDelegateAllowlist | intranet.contoso.com | Platform | Device | Mandatory | OK"
        );
        assert_eq!(status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, &policy]), Confirmed);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY]), RuledOut);
        let asked = NET_EXPORT_NOT_ASKED.replace("\"delegated\":false", "\"delegated\":true");
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &asked, &policy]), RuledOut);
    }
}
