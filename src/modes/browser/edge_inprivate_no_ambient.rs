//! # Private windows do not sign in by themselves
//!
//! ## What it is
//! The page is opened in an InPrivate, Incognito or guest window. There the browser does not use the logged-on user's
//! credentials unless a policy allows it.
//!
//! ## Why the hop breaks
//! The user is asked for a password instead of being signed in by Kerberos.
//!
//! ## What shows it
//! - It fails in private windows only; the same address opens silently in a normal one.
//! - net-export: `"allows_default_credentials":false` even for hosts on AuthServerAllowlist.
//! - edge://policy: AmbientAuthenticationInPrivateModesEnabled is absent or 0.
//!
//! ## What rules it out
//! - A normal window fails in the same way.
//!
//! ## Fix
//! Use a normal window, or set AmbientAuthenticationInPrivateModesEnabled to 1 (InPrivate), 2 (guest) or 3 (both).
//!
//! ## Verify
//! No prompt in a private window.
//!
//! ## Versions
//! Off by default since 81.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_preferences.cc>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "edge-inprivate-no-ambient",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ground,
    title: "A private window does not sign in to {site} by itself.",
    says: "In InPrivate, Incognito and guest windows {browser} keeps the logged-on user's credentials back, and asks for a password. In a normal window the same page signs in silently.",
    does_not_prove: "That the second hop works in a normal window.",
    row: Row { prior: 1, hop1: "P", scope: "pw", tkt: "0", fe: "no", err: "-", bes: "-", fspn: "ok", ..Row::ANY },
    conditions: &[
        Condition::Required(is(Hop1, &["P"])),
        Condition::Decisive(is(Scope, &["pw"])),
        Condition::Decisive(all(&[test("test-private-window", &["yes"]), test("test-normal-window-works", &["yes"])])),
        Condition::Supporting(test("test-private-window", &["yes"])),
        Condition::Supporting(all(&[
            test("test-default-credentials", &["no"]),
            test("test-server-allowlist", &["match"]),
        ])),
        Condition::Excluding(test("test-private-window", &["no"])),
        Condition::Excluding(test("test-normal-window-works", &["no"])),
        Condition::Excluding(test("test-default-credentials", &["yes"])),
        Condition::Excluding(test("test-private-sign-in", &["yes"])),
        Condition::Excluding(test("test-chromium", &["no"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Open {site} in a normal window.",
            script: "",
            language: Language::Text,
            undo: "",
            verify: "klist, after loading the page in a normal window",
            expect: "A ticket for {spn}.",
            risk: "",
        },
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Or let private windows sign in: AmbientAuthenticationInPrivateModesEnabled = 1 (2 for guest windows, 3 for both).",
            script: "reg add \"HKLM\\{policy_key}\" /v AmbientAuthenticationInPrivateModesEnabled /t REG_DWORD /d 1",
            language: Language::Cmd,
            undo: "reg delete \"HKLM\\{policy_key}\" /v AmbientAuthenticationInPrivateModesEnabled",
            verify: "{policy_page}, then open https://{site}/ in a private window",
            expect: "The policy is listed with status OK, and nobody is asked for a password.",
            risk: "Sites of the intranet then know who the user is in private windows as well.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::super::testing::{handler, policy};
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let refused = handler(r#""allows_default_credentials":false,"scheme":"negotiate""#, "Windows NT");
        assert_eq!(status(id, &[&refused, "scope: pw"]), Confirmed);
        assert_eq!(status(id, &["scope: pw"]), Likely);
        assert_eq!(status(id, &["window: InPrivate\nnormal_window: works\nprompt: yes"]), Confirmed);
        assert_eq!(status(id, &[&refused]), Possible);
        assert_eq!(status(id, &[&refused, &policy("AuthServerAllowlist", "*.contoso.com")]), Possible);

        assert_eq!(status(id, &[&refused, "window: InPrivate\nnormal_window: fails too"]), RuledOut);
        assert_eq!(status(id, &[&refused, "window: normal"]), RuledOut);
        let on = policy("AmbientAuthenticationInPrivateModesEnabled", "1");
        assert_eq!(status(id, &["scope: pw", &on]), RuledOut);
        assert_eq!(status("edge-default-creds-not-allowed", &[&refused, "scope: pw"]), RuledOut);
    }
}
