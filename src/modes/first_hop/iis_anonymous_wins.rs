//! # Anonymous authentication is on, so nobody signs in
//!
//! ## What it is
//! The application allows Anonymous as well as Windows authentication. The first request is served at once, and the browser
//! is never asked who the user is.
//!
//! ## Why the hop breaks
//! There is no user whose identity could be passed on. The back end sees the pool's account, or nobody.
//!
//! ## What shows it
//! - The page is served with 200 and no 401 before it, and IIS has `anonymousAuthentication enabled="true"`.
//! - whoami.aspx: the method is Anonymous, AUTH_USER is empty.
//!
//! ## What rules it out
//! - The server answers 401 for this address. A connection that was signed in before looks alike: use a new browser process.
//!
//! ## Fix
//! Disable Anonymous Authentication for this application.
//!
//! ## Verify
//! The first request gets 401, the second 200 with the user's name.
//!
//! ## Versions
//! No version dependence known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/troubleshoot-kerberos-sso-issues>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "iis-anonymous-wins",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "{site} serves everybody anonymously, so there is no user to delegate.",
    says: "Anonymous Authentication is enabled for the application. The browser is never challenged, no ticket is sent, and {be} cannot learn who the user is.",
    does_not_prove: "That delegation works once users sign in.",
    row: Row {
        prior: 2,
        hop1: "A",
        scope: "all",
        asked: "-",
        tkt: "0",
        fe: "no",
        err: "none",
        bes: "svc anon",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Hop1, &["A"])),
        Condition::Decisive(all(&[is(Hop1, &["A"]), test("test-anonymous-enabled", &["yes"])])),
        Condition::Excluding(test("test-challenged", &["yes"])),
        Condition::Excluding(test("test-anonymous-enabled", &["no"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Disable Anonymous Authentication for this application.",
        script: "%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/anonymousAuthentication -enabled:false /commit:apphost",
        language: Language::Cmd,
        undo: "%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/anonymousAuthentication -enabled:true /commit:apphost",
        verify: "curl.exe -I https://{site}/",
        expect: "401 with WWW-Authenticate: Negotiate; in the browser the page opens with the user's name.",
        risk: "Health probes of a load balancer and CORS preflights (OPTIONS) come without credentials and then get 401: look at them first.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    const SERVED: &str = "GET /portal/ HTTP/1.1\nHost: intranet.contoso.com\n\nHTTP/1.1 200 OK\nServer: Microsoft-IIS/10.0\nContent-Type: text/html\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[SERVED, "test-anonymous-enabled: yes\n"]), Confirmed);
        // A connection that was signed in before looks alike.
        assert_eq!(status(id, &[SERVED]), Possible);
        assert_eq!(status(id, &[SERVED, "test-anonymous-enabled: no\n"]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, "test-anonymous-enabled: yes\n"]), RuledOut);
    }
}
