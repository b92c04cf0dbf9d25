//! # The browser may not sign in with the logged-on user
//!
//! ## What it is
//! For this site the browser does not use the credentials of the logged-on user: the site is not in the zone Local intranet,
//! or AuthServerAllowlist is set and does not name it.
//!
//! ## Why the hop breaks
//! Without the user's own credentials there is no silent Kerberos: the user is asked for a password, and what follows is
//! NTLM, another account, or nothing.
//!
//! ## What shows it
//! - net-export: `"allows_default_credentials":false` for negotiate; after a prompt AUTH_LIBRARY_ACQUIRE_CREDS ends with
//!   `domain` and `user`.
//! - A window asks for a name and a password.
//! - edge://policy: AuthServerAllowlist without this host.
//! - klist: no ticket for `HTTP/<web server>` in the user's session.
//!
//! ## What rules it out
//! - `"allows_default_credentials":true`.
//! - It fails in private windows only.
//!
//! ## Fix
//! Put the host into Local intranet (Site to Zone Assignment List). Where AuthServerAllowlist is in use, add the host there.
//!
//! ## Verify
//! A new capture has `"allows_default_credentials":true`, and nobody is asked.
//!
//! ## Versions
//! Edge 77 and later. The zones count only where AuthServerAllowlist is empty.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies>
//! - <https://learn.microsoft.com/en-us/deployedge/per-site-configuration-by-policy>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/url_security_manager_win.cc>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/log/net_log_event_type_list.h>

use super::sign_in_fix::{LOCAL_INTRANET, SERVER_ALLOWLIST};
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "edge-default-creds-not-allowed",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ground,
    title: "{browser} may not sign in to {site} with the logged-on user.",
    says: "{site} is neither in the zone Local intranet nor on AuthServerAllowlist (once that list is set, it alone decides). So {browser} keeps the user's own credentials \
           back, asks for a password, and no Kerberos ticket of the logged-on user is used.",
    does_not_prove: "That Kerberos works once the browser signs in by itself.",
    row: Row {
        prior: 4,
        hop1: "P",
        scope: "cr all",
        asked: "n -",
        tkt: "0",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        // A private window gives the same picture; a list that does not name the host decides in any window.
        Condition::Required(any(&[test("test-private-window", &["no"]), test("test-server-allowlist", &["no-match"])])),
        Condition::Decisive(test("test-default-credentials", &["no"])),
        Condition::Decisive(all(&[is(Hop1, &["P"]), test("test-server-allowlist", &["no-match"])])),
        Condition::Excluding(test("test-default-credentials", &["yes"])),
        Condition::Excluding(all(&[
            test("test-private-window", &["yes"]),
            not(&test("test-normal-window-works", &["no"])),
        ])),
        Condition::Excluding(is(Scope, &["pw"])),
        Condition::Excluding(test("test-server-allowlist", &["match"])),
        Condition::Excluding(test("test-client-posix", &["yes"])),
        Condition::Excluding(test("test-request-omits-credentials", &["yes"])),
        Condition::Excluding(test("test-negotiate-handler", &["scheme-disabled"])),
        Condition::Excluding(test("test-chromium", &["no"])),
    ],
    fixes: &[LOCAL_INTRANET, SERVER_ALLOWLIST],
};

#[cfg(test)]
mod tests {
    use super::super::testing::{handler, policy};
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let refused = handler(r#""allows_default_credentials":false,"scheme":"negotiate""#, "Windows NT");
        assert_eq!(status(id, &[&refused]), Likely);
        assert_eq!(status(id, &[&refused, "window: normal"]), Confirmed);
        let list = policy("AuthServerAllowlist", "*.fabrikam.com");
        assert_eq!(status(id, &[&refused, &list]), Confirmed);
        assert_eq!(status(id, &["url: https://intranet.contoso.com/\nprompt: yes", &list]), Confirmed);
        assert_eq!(status(id, &["prompt: yes"]), Possible);

        assert_eq!(status(id, &[&refused.replace("ials\":false", "ials\":true")]), RuledOut);
        assert_eq!(status(id, &[&refused, "window: InPrivate"]), RuledOut);
        assert_eq!(status(id, &[&refused, &policy("AuthServerAllowlist", "*.contoso.com")]), RuledOut);
        assert_eq!(status(id, &[&refused.replace("Windows NT", "Linux")]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED]), Possible);
    }
}
