//! # The application calls the back end as itself
//!
//! ## What it is
//! Kerberos and delegation are fine, but the application's code calls the back end with its own identity: the application pool's or
//! the computer's account.
//!
//! ## Why the hop breaks
//! Delegation only makes it possible to act as the user. The code must do so: impersonate, and connect while it impersonates.
//! ASP.NET without impersonation, ASP.NET Core outside of RunImpersonated, or code that lost the user's token on another thread call
//! as the process.
//!
//! ## What shows it
//! - The back end reports SERVER$ or the service account, neither the user nor ANONYMOUS LOGON.
//! - The page knows the user, but WindowsIdentity.GetCurrent is the application pool's account.
//! - The ticket for the back end stands in the service's own session, with the service as its client.
//!
//! ## What rules it out
//! - The back end names the user, or ANONYMOUS LOGON.
//! - Nobody signed in at the front end: then there is no user to act as.
//!
//! ## Fix
//! Impersonate around the call. Or, where the user's identity is not needed at the back end, let the service have the rights: that is
//! the safer design.
//!
//! ## Verify
//! The back end names the user.
//!
//! ## Versions
//! No dependence on a version is known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/diagnostics-pages-windows-integrated-authentication>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/aspnet/development/implement-impersonation>
//! - <https://learn.microsoft.com/en-us/aspnet/core/security/authentication/windowsauth>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "app-not-impersonating",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "The application calls {be} with its own account, not as the user.",
    says: "The user signs in at {site}, but the code that calls {be} runs as the application's own account. No delegation setting changes that: the application must act as the user when it calls.",
    does_not_prove: "That delegation works once the application does impersonate: that was not tried here.",
    row: Row {
        prior: 5,
        hop1: "K N",
        scope: "all",
        tkt: "F FO",
        fe: "asc fwd",
        err: "none 13",
        bes: "svc",
        fspn: "ok",
        bspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Hop1, &["K", "N"])),
        Condition::Required(is(Bes, &["svc"])),
        Condition::Decisive(is(Bes, &["svc"])),
        Condition::Supporting(test("test-page-runs-as-user", &["no"])),
        Condition::Supporting(test("test-service-holds-back-end-ticket", &["yes"])),
        Condition::Excluding(is(Err, &["40b", "12"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::Developer,
            does: "Act as the user around the call. ASP.NET: web.config as below. ASP.NET Core: WindowsIdentity.RunImpersonatedAsync around the call, with UseDefaultCredentials on the HttpClientHandler. SQL Server: Integrated Security=SSPI, opened inside.",
            script: "<system.web>\n  <identity impersonate=\"true\" />\n</system.web>\n<system.webServer>\n  <validation validateIntegratedModeConfiguration=\"false\" />\n</system.webServer>",
            language: Language::Xml,
            undo: "Set impersonate back to false.",
            verify: "Load the page, then look at the back end's log (event 4624, or suser_sname() in SQL Server)",
            expect: "The user's name instead of the service's.",
            risk: "With impersonation every file and database access of the application runs with the visitor's rights, not only this call. Connections are pooled per user.",
        },
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Or leave it so, when the back end does not need to know the user: give the application's account the rights there.",
            script: "",
            language: Language::Text,
            undo: "Take the rights away again.",
            verify: "Load the page",
            expect: "The back end serves the application's account.",
            risk: "The back end can then no longer tell users apart: the application itself must check who may see what.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{status, status_on_front_end};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let page = "~ Who Am I Page ~\n\nAuthentication Method:   Negotiate (KERBEROS)\nIdentity:   CONTOSO\\maria\n\n\
                    Identity (System.Threading.Thread.CurrentPrincipal.Identity)\nImpersonationLevel:   Impersonation\nName:   CONTOSO\\maria\n\n\
                    Windows Identity (System.Security.Principal.WindowsIdentity.GetCurrent)\nName:   CONTOSO\\webpool\n";
        let refused = |who: &str| format!("Cannot connect to sql07.contoso.com.\nLogin failed for user '{who}'.");
        assert_eq!(status(id, &[page, &refused("CONTOSO\\WEB07$")]), Confirmed);
        // The page itself tells that this name is the pool's.
        assert_eq!(status(id, &[page, &refused("CONTOSO\\webpool")]), Confirmed);
        assert_eq!(status(id, &[&refused("CONTOSO\\WEB07$")]), Likely);
        assert_eq!(status(id, &[page]), Possible);
        assert_eq!(status(id, &[page, &refused("CONTOSO\\maria")]), RuledOut);
        assert_eq!(status(id, &[page, &refused("NT AUTHORITY\\ANONYMOUS LOGON")]), RuledOut);
        // The service's own session: an initial ticket-granting ticket, and the back end's ticket in the service's name.
        let session = "C:\\>klist -li 0x8c2f1\n\nCurrent LogonId is 0:0x51d0aa\nTargeted LogonId is 0:0x8c2f1\n\nCached Tickets: (2)\n\n\
                       #0>\tClient: webpool @ CONTOSO.COM\n\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM\n\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\tTicket Flags 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize \n\tStart Time: 11/18/2026 8:12:04 (local)\n\tEnd Time:   11/18/2026 18:12:04 (local)\n\tRenew Time: 11/25/2026 8:12:04 (local)\n\tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\tCache Flags: 0x1 -> PRIMARY \n\tKdc Called: DC02\n\n\
                       #1>\tClient: webpool @ CONTOSO.COM\n\tServer: MSSQLSvc/sql07.contoso.com:1433 @ CONTOSO.COM\n\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\tTicket Flags 0x40a10000 -> forwardable renewable pre_authent name_canonicalize \n\tStart Time: 11/18/2026 8:14:37 (local)\n\tEnd Time:   11/18/2026 18:12:04 (local)\n\tRenew Time: 11/25/2026 8:12:04 (local)\n\tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\tCache Flags: 0 \n\tKdc Called: DC02\n";
        let as_service = status_on_front_end(id, session, &[&refused("CONTOSO\\webpool"), "hop1: K\n"]);
        assert_eq!(as_service, Confirmed);
        assert_eq!(status_on_front_end("be-authorization-denied", session, &[&refused("CONTOSO\\webpool")]), RuledOut);
        // A web server's log in which nobody but the web application's account arrives is the back end's.
        let log = |who: &str| {
            format!(
                "#Fields: date time s-ip cs-method cs-uri-stem cs-username c-ip sc-status\n2026-08-11 07:14:20 10.0.0.4 GET /v2 - 10.0.0.3 401\n2026-08-11 07:14:20 10.0.0.4 GET /v2 {who} 10.0.0.3 403\n"
            )
        };
        let dump =
            crate::diagnosis::testing::accounts(&["HTTP/api.contoso.com"], "contoso.com", "HTTP/api.contoso.com", "");
        assert_eq!(status(id, &[&dump, &log("CONTOSO\\svc-web"), "hop1: K\n"]), Confirmed);
        assert_eq!(status(id, &[&dump, &log("CONTOSO\\maria"), "hop1: K\n"]), Possible);
        // Nobody signed in: there is no user to act as.
        assert_eq!(status(id, &["hop1: A\n", &refused("CONTOSO\\WEB07$")]), RuledOut);
        // Neither the user nor anything that is known to be the service.
        assert_eq!(status(id, &[page, &refused("CONTOSO\\somebody")]), Possible);
    }
}
