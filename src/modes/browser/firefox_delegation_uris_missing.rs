//! # Firefox's own list does not name the site
//!
//! ## What it is
//! Firefox signs in, but does not delegate: network.negotiate-auth.delegation-uris does not contain the site.
//!
//! ## Why the hop breaks
//! Firefox knows nothing of Edge's policies and of zones. Which servers get the user's ticket-granting ticket is a list of its
//! own, and it is empty by default.
//!
//! ## What shows it
//! - about:config: network.negotiate-auth.delegation-uris is empty or has other hosts (trusted-uris is another list).
//! - klist: the ticket for `HTTP/<web server>` has `ok_as_delegate`.
//! - whoami.aspx shows the level Impersonation.
//!
//! ## What rules it out
//! - An entry matches the site.
//! - Another browser fails.
//!
//! ## Fix
//! The policy Authentication, Delegated (and SPNEGO, which lets Firefox sign in at all).
//!
//! ## Verify
//! whoami.aspx shows the level Delegation.
//!
//! ## Versions
//! The policy exists since Firefox 60. AllowNonFQDN is needed for short names, PrivateBrowsing for private windows.
//!
//! ## Sources
//! - <https://mozilla.github.io/policy-templates/#authentication>

use crate::modes::prelude::*;
use crate::modes::right_to_delegate::constrained_fix::CONSTRAINED_INSTEAD;

/// The mode.
pub const MODE: Mode = Mode {
    id: "firefox-delegation-uris-missing",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ask,
    title: "Firefox does not delegate: its list of delegation URIs does not name {site}.",
    says: "Firefox forwards the user's ticket-granting ticket only to servers in network.negotiate-auth.delegation-uris. {site} is not in it, and what is set for Edge or in the zones does not count.",
    does_not_prove: "That {be} accepts the user once the ticket arrives.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "ff",
        asked: "-",
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
        Condition::Required(any(&[test("test-engine", &["firefox"]), is(Scope, &["ff"])])),
        Condition::Decisive(all(&[
            any(&[test("test-engine", &["firefox"]), is(Scope, &["ff"])]),
            test("test-firefox-uris", &["no"]),
        ])),
        Condition::Supporting(is(Scope, &["ff"])),
        Condition::Supporting(is(Fe, &["asc"])),
        Condition::Excluding(test("test-firefox-uris", &["yes"])),
        Condition::Excluding(test("test-engine", &["chromium", "ie"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        Condition::Excluding(is(Hop1, &["N", "P", "A", "B"])),
        // One node of several may refuse what the others accept.
        Condition::Excluding(all(&[is(Hop1, &["R"]), not(&is(Scope, &["nd"]))])),
    ],
    fixes: &[
        CONSTRAINED_INSTEAD,
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Name {site} in Firefox's policy (group policy Authentication, or policies.json).",
            script: "{\n  \"policies\": {\n    \"Authentication\": {\n      \"SPNEGO\": [\"{site}\"],\n      \"Delegated\": [\"{site}\"],\n      \"AllowNonFQDN\": { \"SPNEGO\": true }\n    }\n  }\n}",
            language: Language::Json,
            undo: "Remove {site} from Delegated again.",
            verify: "about:policies, then whoami.aspx on {site}",
            expect: "Authentication is listed as active; whoami.aspx shows ImpersonationLevel Delegation.",
            risk: "Every listed server that is trusted for delegation receives the user's ticket-granting ticket and can act as that user anywhere. Merge with the lists that are there, never a whole domain.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let with = |answers: &str| status(id, &[KLIST_DELEGATABLE, answers]);
        assert_eq!(with("browser: Firefox ESR\nnetwork.negotiate-auth.delegation-uris: (empty)"), Confirmed);
        assert_eq!(
            with("browser: Firefox\nnetwork.negotiate-auth.delegation-uris: https://other.contoso.com"),
            Confirmed
        );
        assert_eq!(with("scope: ff\ntest-firefox-uris: no"), Confirmed);
        assert_eq!(with("browser: Firefox"), Possible);
        for uris in [".contoso.com", "contoso.com", "https://intranet.contoso.com", "https://"] {
            let said = format!("browser: Firefox\nnetwork.negotiate-auth.delegation-uris: {uris}");
            assert_eq!(with(&said), RuledOut, "{uris}");
        }
        assert_eq!(with("browser: Edge\ntest-firefox-uris: no"), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED]), RuledOut);
        assert_eq!(status(id, &["browser: Firefox\ntest-firefox-uris: no"]), Possible);
    }
}
