//! # The test page shows the result of an older sign-in
//!
//! ## What it is
//! The connection was signed in before, and the server goes on with that. The page shows what happened then, not now.
//!
//! ## Why the hop breaks
//! It need not be broken at all: what was changed in the meantime (policy, SPN, delegation) has not been used yet.
//!
//! ## What shows it
//! - whoami.aspx: Negotiate (Session Based); the request has no Authorization header.
//! - In a new browser process the page shows something else.
//!
//! ## What rules it out
//! - The request carries a token: then the page prints KERBEROS or NTLM.
//! - A new browser process shows the same.
//!
//! ## Fix
//! End every process of the browser, then test anew. Chromium keeps used connections for up to five minutes.
//!
//! ## Verify
//! The page prints KERBEROS or NTLM.
//!
//! ## Versions
//! Documents disagree about the default of authPersistNonNTLM: off in the IIS reference, signed in per session since 2012 R2
//! in Microsoft's article on Internet Explorer.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/diagnostics-pages-windows-integrated-authentication>
//! - <https://techcommunity.microsoft.com/t5/iis-support-blog/request-based-versus-session-based-kerberos-authentication-or/ba-p/916043>
//! - <https://learn.microsoft.com/en-us/iis/configuration/system.webserver/security/authentication/windowsauthentication/>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "auth-persist-cached-identity",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Protocol,
    title: "The page of {site} shows an older sign-in: the connection was reused.",
    says: "The request came on a connection that was signed in earlier, so the page tells nothing about the present settings. Test again in a new browser process.",
    does_not_prove: "That the present settings work: only the new test tells.",
    row: Row { prior: 1, hop1: "K N A", scope: "tm", asked: "-", ..Row::ANY },
    conditions: &[
        Condition::Required(test("test-session-based", &["yes"])),
        Condition::Required(test("test-fresh-process-differs", &["yes"])),
        Condition::Decisive(all(&[test("test-session-based", &["yes"]), test("test-fresh-process-differs", &["yes"])])),
        Condition::Excluding(is(Hop1, &["R", "P", "B"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ClientAdmin,
        does: "End every process of {browser} ({restart_page}), then load the page once.",
        script: "",
        language: Language::Text,
        undo: "Nothing to undo.",
        verify: "Load whoami.aspx once.",
        expect: "Authentication Method: Negotiate (KERBEROS) or (NTLM), not Session Based.",
        risk: "Ending the browser closes the user's tabs: warn first. Behind a proxy that shares connections, an identity that belongs to a connection can mix users.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    const SESSION: &str = "Authentication Method:   Negotiate (Session Based)\nImpersonationLevel: Impersonation\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[SESSION, "test-fresh-process-differs: yes\n"]), Confirmed);
        // By itself it proves nothing.
        assert_eq!(status(id, &[SESSION]), Possible);
        assert_eq!(status(id, &[SESSION, "test-fresh-process-differs: no\n"]), RuledOut);
        assert_eq!(
            status(id, &[&SESSION.replace("Session Based", "KERBEROS"), "test-fresh-process-differs: yes\n"]),
            RuledOut
        );
    }
}
