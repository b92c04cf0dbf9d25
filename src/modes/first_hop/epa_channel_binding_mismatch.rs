//! # Extended Protection: the token is bound to another TLS connection
//!
//! ## What it is
//! IIS checks that the token was made for the TLS connection on which it arrives. Here it was made for another one, as the
//! browser talks TLS to a proxy or security product and that talks TLS to IIS.
//!
//! ## Why the hop breaks
//! The browser puts a hash of the certificate that it sees into the token. IIS compares with its own certificate, finds a
//! difference and refuses the logon.
//!
//! ## What shows it
//! - The web server's security log: 4625 with status 0xC000035B.
//! - SEC_E_BAD_BINDINGS (0x80090346).
//!
//! ## What rules it out
//! - The same certificate at both ends, nothing in between.
//! - Only clients on Linux and macOS fail: they send no channel binding at all, which is another fault.
//!
//! ## Fix
//! TLS from end to end, or Extended Protection with the flag Proxy and a list of the accepted service names.
//!
//! ## Verify
//! The page opens; no further 4625 with 0xC000035B.
//!
//! ## Versions
//! IIS 7.5 and later.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/iis/configuration/system.webserver/security/authentication/windowsauthentication/extendedprotection/>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "epa-channel-binding-mismatch",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "Extended Protection on {site} refuses the token: it is bound to another TLS connection.",
    says: "The token names the certificate that the browser saw, and IIS has another one. Something between the two ends TLS, and the logon is refused (0xC000035B).",
    does_not_prove: "Which device ends TLS: compare the browser's certificate with the one bound in IIS.",
    row: Row {
        prior: 1,
        hop1: "R",
        scope: "all nd",
        tkt: "F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Hop1, &["R"])),
        Condition::Required(test("test-channel-binding-error", &["yes"])),
        Condition::Decisive(test("test-channel-binding-error", &["yes"])),
        Condition::Excluding(is(Scope, &["px"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Carry TLS through to IIS: no ending and no inspection in between for {site}.",
            script: "",
            language: Language::Text,
            undo: "Set the load balancer or security product back.",
            verify: "Compare the certificate in the browser with the one bound in IIS.",
            expect: "It is the same one; the page opens.",
            risk: "The device no longer sees what passes: agree on that with whoever relies on it.",
        },
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Or tell Extended Protection that a proxy ends TLS, and which service names are right.",
            script: "%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/windowsAuthentication /extendedProtection.tokenChecking:Require /extendedProtection.flags:Proxy /+\"extendedProtection.[name='{spn}']\" /commit:apphost",
            language: Language::Cmd,
            undo: "%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/windowsAuthentication /extendedProtection.flags:None /-\"extendedProtection.[name='{spn}']\" /commit:apphost",
            verify: "Open {site} and look at the web server's security log.",
            expect: "The page opens; no further 4625 with 0xC000035B.",
            risk: "Do not set tokenChecking to None: that opens the way for relayed credentials.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, event_4, logon_refused, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(
            status(id, &["site: intranet.contoso.com\n", &logon_refused("intranet.contoso.com", "0xC000035B")]),
            Confirmed
        );
        // The node's own name: which site it was about is not said.
        assert_eq!(
            status(id, &["site: intranet.contoso.com\n", &logon_refused("WEB01.contoso.com", "0xC000035B")]),
            Likely
        );
        assert_eq!(status(id, &["hop1: R\n", &logon_refused("WEB01.contoso.com", "0xC000035B")]), Confirmed);
        assert_eq!(status(id, &["hop1: R\ntest-channel-binding-error: no\n"]), RuledOut);
        assert_eq!(status(id, &[&event_4("web01$")]), Possible);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, &logon_refused("WEB01.contoso.com", "0xC000035B")]), RuledOut);
        assert_eq!(status(id, &["hop1: R\nscope: px\n", &logon_refused("WEB01.contoso.com", "0xC000035B")]), RuledOut);
    }
}
