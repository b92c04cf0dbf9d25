//! # Reporting Services signs users in by NTLM
//!
//! ## What it is
//! The report server's configuration has RSWindowsNTLM and neither RSWindowsNegotiate nor RSWindowsKerberos. Users sign in by NTLM, and
//! reports with integrated security reach their data source as nobody.
//!
//! ## Why the hop breaks
//! With RSWindowsNTLM the user's identity is not delegated to other requests: NTLM leaves the report server nothing to pass on.
//!
//! ## What shows it
//! - rsreportserver.config, AuthenticationTypes: RSWindowsNTLM alone.
//! - The report server's 401 offers NTLM only; whoami or a capture shows NTLM.
//!
//! ## What rules it out
//! - RSWindowsNegotiate or RSWindowsKerberos is in the list.
//! - The first hop is Kerberos.
//!
//! ## Fix
//! First register HTTP/ for the report server on the account that runs it, then set RSWindowsNegotiate, then allow the delegation to the
//! data source.
//!
//! ## Verify
//! The report server's 401 offers Negotiate, the browser has a ticket for it, and the data source names the user.
//!
//! ## Versions
//! Reporting Services since 2008 (before, IIS did this). By default RSWindowsNegotiate is there when the report server runs as
//! NetworkService or LocalSystem; with any other account the default is RSWindowsNTLM.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/sql/reporting-services/security/authentication-with-the-report-server>
//! - <https://learn.microsoft.com/en-us/sql/reporting-services/security/configure-windows-authentication-on-the-report-server>
//! - <https://learn.microsoft.com/en-us/sql/reporting-services/report-server/register-a-service-principal-name-spn-for-a-report-server>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "ssrs-ntlm-default",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "The report server signs users in by NTLM only (RSWindowsNTLM), so it has nothing to delegate.",
    says: "rsreportserver.config lists RSWindowsNTLM without RSWindowsNegotiate. The user signs in by NTLM, and the report server cannot reach the data source in the user's name.",
    does_not_prove: "That the SPN and the delegation are right: both are needed next.",
    row: Row {
        prior: 2,
        hop1: "N P",
        scope: "all",
        asked: "-",
        tkt: "0",
        fe: "no s4u",
        err: "- none 13",
        bes: "- anon",
        fspn: "ok none",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-report-server-negotiates", &["no"])),
        Condition::Decisive(test("test-report-server-negotiates", &["no"])),
        Condition::Excluding(is(Hop1, &["K", "R", "B"])),
        Condition::Excluding(is(Fe, &["asc", "be", "fwd", "exp"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Register the report server's SPN first, then put RSWindowsNegotiate before RSWindowsNTLM in rsreportserver.config, and restart the report server.",
        script: "<!-- setspn -S HTTP/{site} <account that runs the report server> -->\n<Authentication>\n  <AuthenticationTypes>\n    <RSWindowsNegotiate/>\n    <RSWindowsNTLM/>\n  </AuthenticationTypes>\n</Authentication>",
        language: Language::Xml,
        undo: "Take RSWindowsNegotiate out again and restart the report server.",
        verify: "In a new browser: klist get HTTP/{site}, then open a report whose data source uses integrated security",
        expect: "A ticket for HTTP/{site}, and the data source names the user.",
        risk: "Without the SPN on the right account users are asked for a password and refused (401) after this change. HTTP/<the server's own name> on a service account breaks WinRM on that server. Keep a copy of the file.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &["test-report-server-negotiates: no\nhop1: N\n"]), Confirmed);
        assert_eq!(status(id, &["test-report-server-negotiates: no\n"]), Confirmed);
        assert_eq!(status(id, &["test-report-server-negotiates: yes\n"]), RuledOut);
        assert_eq!(status(id, &["test-report-server-negotiates: no\nhop1: K\n"]), RuledOut);
        assert_eq!(status(id, &["hop1: N\n"]), Possible);
        let refused = "test-report-server-negotiates: no\ntest-offers-only-ntlm: yes\n";
        assert_eq!(status("iis-negotiate-provider-missing", &[refused]), RuledOut);
    }
}
