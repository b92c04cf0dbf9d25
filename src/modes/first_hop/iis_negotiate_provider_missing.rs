//! # The site offers NTLM or Basic, but not Negotiate
//!
//! ## What it is
//! The server's challenge lists NTLM (or Basic) only: Negotiate was taken out of the providers, or something between browser
//! and server takes it out of the answer.
//!
//! ## Why the hop breaks
//! Without Negotiate in the challenge a browser has no way to use Kerberos, and NTLM cannot be delegated.
//!
//! ## What shows it
//! - The first 401 has `WWW-Authenticate: NTLM` (or Basic) and no Negotiate.
//! - IIS: `<providers>` without Negotiate or Negotiate:Kerberos.
//!
//! ## What rules it out
//! - The 401 lists Negotiate. When the browser then does not use it, the browser is the place to look.
//!
//! ## Fix
//! Windows Authentication, Providers: Negotiate first, NTLM second. When IIS has it and the 401 does not, look at the proxy.
//!
//! ## Verify
//! The first 401 lists Negotiate and NTLM.
//!
//! ## Versions
//! Where nothing is configured IIS offers Negotiate and NTLM.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/troubleshoot-kerberos-sso-issues>
//! - <https://chromium.org/developers/design-documents/http-authentication>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "iis-negotiate-provider-missing",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Ground,
    title: "{site} does not offer Negotiate, so the browser cannot use Kerberos.",
    says: "The challenge of {site} names no scheme that can carry Kerberos. The browser signs in by NTLM or Basic, and neither can be delegated.",
    does_not_prove: "Who leaves Negotiate out: the site itself, or a proxy that changes its answer.",
    row: Row {
        prior: 2,
        hop1: "N",
        scope: "all",
        asked: "-",
        tkt: "0",
        fe: "no s4u",
        err: "- none 13",
        bes: "- anon",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-offers-only-ntlm", &["yes"])),
        Condition::Decisive(test("test-offers-only-ntlm", &["yes"])),
        Condition::Excluding(test("test-negotiate-offered", &["yes"])),
        // A report server has its own list of what it offers.
        Condition::Excluding(test("test-report-server-negotiates", &["no"])),
        Condition::Excluding(is(Hop1, &["K", "R", "A", "B"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Add Negotiate to the providers of Windows Authentication, above NTLM.",
        script: "%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/windowsAuthentication /+\"providers.[@start,value='Negotiate']\" /commit:apphost",
        language: Language::Cmd,
        undo: "%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/windowsAuthentication /-\"providers.[value='Negotiate']\" /commit:apphost",
        verify: "curl.exe -I https://{site}/",
        expect: "WWW-Authenticate: Negotiate and WWW-Authenticate: NTLM.",
        risk: "With Negotiate a missing or doubled SPN shows up that NTLM hid: have setspn -F -Q {spn} at hand. Do not offer Basic instead.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    const NTLM_ONLY: &str = "GET / HTTP/1.1\nHost: intranet.contoso.com\n\nHTTP/1.1 401 Unauthorized\nServer: Microsoft-IIS/10.0\nWWW-Authenticate: NTLM\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[NTLM_ONLY]), Confirmed);
        assert_eq!(status(id, &["hop1: N\ntest-offers-only-ntlm: yes\n"]), Confirmed);
        assert_eq!(status(id, &[&NTLM_ONLY.replace("NTLM", "Negotiate\nWWW-Authenticate: NTLM")]), RuledOut);
        assert_eq!(status(id, &["hop1: N\n"]), Possible);
        // A site that signs in by tokens of another kind is none of ours.
        assert_eq!(status(id, &[&NTLM_ONLY.replace("NTLM", "Bearer")]), Possible);
    }

    /// The second leg of NTLM lists one scheme, whatever was offered at first.
    #[test]
    fn the_middle_of_a_conversation_is_no_offer() {
        let second = "GET / HTTP/1.1\nHost: intranet.contoso.com\nAuthorization: NTLM TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAPRlAAAADw==\n\n\
                      HTTP/1.1 401 Unauthorized\nWWW-Authenticate: NTLM TlRMTVNTUAACAAAADgAOADgAAAAVgoriAAAAAAAAAAAAAAAAAAAAAEYAAAAKAGFKAAAAD0MATwBOAFQATwBTAE8A\n";
        assert_eq!(status(super::MODE.id, &[second]), Possible);
    }
}
