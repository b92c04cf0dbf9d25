//! # The back end offers NTLM only
//!
//! ## What it is
//! The back end's 401 offers no Negotiate. The front end can only answer with NTLM there.
//!
//! ## Why the hop breaks
//! Kerberos over HTTP travels under the scheme Negotiate. A back end that offers NTLM alone is never asked for by Kerberos, so nothing
//! is delegated: the user's NTLM sign-in at the front end has no password to answer the next challenge with.
//!
//! ## What shows it
//! - WWW-Authenticate of the back end's 401: NTLM, no Negotiate.
//! - No request for the back end's SPN at a domain controller, no error either.
//!
//! ## What rules it out
//! - Negotiate is offered.
//! - A ticket for the back end is in the user's session, or a domain controller refused one.
//!
//! ## Fix
//! Switch the provider Negotiate on at the back end, above NTLM.
//!
//! ## Verify
//! The back end's 401 shows Negotiate first; its event 4624 shows Kerberos.
//!
//! ## Versions
//! No dependence on a version is known. The effect on the second hop follows from the protocol; it was not seen written down.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/iis/configuration/system.webserver/security/authentication/windowsauthentication/providers/>
//! - <https://www.rfc-editor.org/rfc/rfc4559>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-offers-ntlm-only",
    hop: Hop::BackEnd,
    basis: Basis::Inferred,
    stage: Stage::BackEnd,
    title: "{be} offers NTLM only, so the web server cannot use Kerberos there.",
    says: "The 401 of {be} has no Negotiate among its schemes. The web server answers by NTLM, and NTLM carries no delegated identity.",
    does_not_prove: "That the delegation to {be} is allowed once it offers Negotiate.",
    row: Row {
        prior: 2,
        hop1: "K",
        scope: "all be",
        tkt: "F FO",
        model: "C T R U",
        fe: "asc fwd",
        err: "none",
        bes: "anon",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-back-end-offers-negotiate", &["no"])),
        Condition::Decisive(test("test-back-end-offers-negotiate", &["no"])),
        Condition::Excluding(test("test-back-end-saw-ntlm", &["no"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "41", "40b"])),
        Condition::Excluding(is(Bes, &["user", "svc"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Switch Negotiate on at the back end, above NTLM.",
        script: "%windir%\\system32\\inetsrv\\appcmd.exe list config \"<site>\" -section:windowsAuthentication\n%windir%\\system32\\inetsrv\\appcmd.exe set config \"<site>\" -section:windowsAuthentication /+\"providers.[@start,value='Negotiate']\" /commit:apphost",
        language: Language::Cmd,
        undo: "%windir%\\system32\\inetsrv\\appcmd.exe set config \"<site>\" -section:windowsAuthentication /-\"providers.[value='Negotiate']\" /commit:apphost",
        verify: "On the web server: curl -i <URL of the back end>",
        expect: "WWW-Authenticate: Negotiate stands before NTLM.",
        risk: "From then on browsers and programs use Kerberos there: the back end's SPN must be on the account that decrypts, or they are refused.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let challenge = |schemes: &str| {
            format!(
                "front_end: web.contoso.com\n\nGET /orders HTTP/1.1\nHost: api07.contoso.com\n\nHTTP/1.1 401 Unauthorized\n{schemes}Content-Length: 0\n"
            )
        };
        let ntlm = challenge("WWW-Authenticate: NTLM\n");
        assert_eq!(status(id, &[&ntlm]), Confirmed);
        assert_eq!(status(id, &[&challenge("WWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\n")]), RuledOut);
        assert_eq!(status(id, &["err: none\nbes: anon\n"]), Possible);
        // A domain controller was asked for it: so Negotiate was used.
        assert_eq!(status(id, &[&ntlm, &event_3("HTTP/api07.contoso.com")]), RuledOut);
        // The site's own challenge is the first hop.
        assert_eq!(
            status(
                id,
                &["GET /orders HTTP/1.1\nHost: web.contoso.com\n\nHTTP/1.1 401 Unauthorized\nWWW-Authenticate: NTLM\n"]
            ),
            Possible
        );
    }
}
