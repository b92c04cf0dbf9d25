//! # Linux and macOS: AuthServerAllowlist does not name the site
//!
//! ## What it is
//! On Linux and macOS a Chromium browser signs in silently only to hosts on AuthServerAllowlist. There are no zones.
//!
//! ## Why the hop breaks
//! Without the list the browser does not even create a handler for Negotiate. NTLM or a prompt follows.
//!
//! ## What shows it
//! - net-export: `"allows_default_credentials":false`, `"succeeded":false`; AUTH_HANDLER_CREATE_RESULT of negotiate with
//!   `"net_error":-320`; no AUTH_LIBRARY_IMPORT_NAME.
//! - The policy page has no AuthServerAllowlist, or none of its entries matches.
//!
//! ## What rules it out
//! - AUTH_LIBRARY_IMPORT_NAME appears: the library was called.
//!
//! ## Fix
//! Set AuthServerAllowlist as managed policy; for delegation AuthNegotiateDelegateAllowlist as well.
//!
//! ## Verify
//! A new capture has AUTH_LIBRARY_IMPORT_NAME and AUTH_LIBRARY_INIT_SEC_CTX.
//!
//! ## Versions
//! Edge on macOS documents the policy as required. -339 instead of -320 is ambiguous: AuthSchemes, a missing library, or the
//! first attempt of a fresh profile.
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_handler_negotiate.cc>
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-security-identity>
//! - <https://chromium.org/developers/design-documents/http-authentication>

use super::sign_in_fix::POSIX_POLICY;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "chromium-posix-server-allowlist-missing",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ground,
    title: "{browser} skips Negotiate: AuthServerAllowlist does not name {site}.",
    says: "On Linux and macOS a Chromium browser uses Kerberos only for hosts on AuthServerAllowlist; there are no zones to fall back on. {site} is not on it, so the Kerberos library is never called.",
    does_not_prove: "That the user has a ticket-granting ticket, or that the SPN is right.",
    row: Row {
        prior: 1,
        hop1: "P N",
        scope: "px",
        asked: "-",
        tkt: "0",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        pol: "abs nom",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-client-posix", &["yes"])),
        Condition::Required(is(Hop1, &["P", "N"])),
        Condition::Decisive(test("test-negotiate-handler", &["init-failed"])),
        Condition::Decisive(all(&[test("test-server-allowlist", &["unset", "no-match"]), is(Hop1, &["P", "N"])])),
        Condition::Supporting(test("test-default-credentials", &["no"])),
        Condition::Excluding(test("test-kerberos-library-called", &["yes"])),
        Condition::Excluding(test("test-server-allowlist", &["match"])),
        Condition::Excluding(is(Hop1, &["K", "R", "A", "B"])),
        Condition::Excluding(test("test-negotiate-scheme", &["no"])),
        Condition::Excluding(test("test-request-omits-credentials", &["yes"])),
        Condition::Excluding(test("test-chromium", &["no"])),
    ],
    fixes: &[POSIX_POLICY],
};

#[cfg(test)]
mod tests {
    use super::super::testing::{handler, linux, linux_fails, policy};
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let refused = handler(r#""net_error":-320,"scheme":"negotiate""#, "Linux");
        assert_eq!(status(id, &[&refused]), Confirmed);
        let vague = refused.replace("-320", "-339");
        assert_eq!(status(id, &[&vague]), Possible);
        assert_eq!(status(id, &[&vague, &policy("AuthServerAllowlist", "*.fabrikam.com")]), Confirmed);
        assert_eq!(status(id, &["os: macOS 15\nhop1: P\ntest-server-allowlist: unset"]), Confirmed);

        assert_eq!(status(id, &[&refused.replace("Linux", "Windows NT")]), RuledOut);
        assert_eq!(status(id, &[&linux("HTTP/1.1 200 OK")]), RuledOut);
        assert_eq!(status(id, &[&linux_fails(458_752, "No Kerberos credentials available")]), RuledOut);
        assert_eq!(status(id, &[&vague, &policy("AuthServerAllowlist", "*.contoso.com")]), RuledOut);
    }
}
