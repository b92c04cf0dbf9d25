//! # The application addresses the back end by an IP address or an alias
//!
//! ## What it is
//! The connection string or URL names the back end by its IP address, a hosts-file name or an alias for which no SPN exists.
//!
//! ## Why the hop breaks
//! The client library makes the SPN from what it was told. For an IP address it does not try Kerberos at all, for an unregistered
//! alias it gets no ticket: both times it falls back to NTLM, which carries no delegated identity.
//!
//! ## What shows it
//! - The connection string or URL shows an address, or a name that nobody has as SPN.
//! - The back end logs 4624 with NTLM for ANONYMOUS LOGON, and no domain controller was asked for its SPN.
//!
//! ## What rules it out
//! - A domain controller answers a request for the back end's SPN, with a ticket or a refusal.
//! - The name is right and only its SPN is missing: then 0x7 is logged for it.
//!
//! ## Fix
//! Use the full name that has the SPN. Or register the alias on the account that runs the service.
//!
//! ## Verify
//! The back end logs 4624 with Kerberos.
//!
//! ## Versions
//! Since Windows 10 1507 and Server 2016 clients can be told to try Kerberos for addresses (TryIPSPN); it is off by default.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/configuring-kerberos-over-ip>
//! - <https://learn.microsoft.com/en-us/sql/database-engine/configure-windows/register-a-service-principal-name-for-kerberos-connections>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-addressed-by-ip-or-alias",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "The application addresses the back end by an IP address or an alias, so Kerberos is not used there.",
    says: "The client library makes the back end's SPN from the address in the configuration. For an IP address, or an alias without an SPN, there is no ticket: the call goes by NTLM and the user's identity is lost.",
    does_not_prove: "That delegation to the right name is allowed.",
    row: Row {
        prior: 3,
        hop1: "K",
        scope: "all be",
        tkt: "F FO",
        model: "C T R U",
        fe: "asc fwd",
        err: "none 7",
        bes: "anon",
        fspn: "ok",
        bspn: "ok none",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-back-end-address", &["ip", "alias"])),
        Condition::Decisive(all(&[test("test-back-end-address", &["ip"]), is(Bes, &["anon"])])),
        Condition::Decisive(all(&[test("test-back-end-address", &["alias"]), is(Bspn, &["none"]), is(Bes, &["anon"])])),
        Condition::Supporting(test("test-back-end-address", &["ip", "alias"])),
        Condition::Supporting(test("test-back-end-saw-ntlm", &["yes"])),
        Condition::Excluding(test("test-back-end-saw-ntlm", &["no"])),
        Condition::Excluding(test("test-back-end-spn-at-kdc", &["known", "twice"])),
        Condition::Excluding(test("test-asked-for-address-host", &["no"])),
        Condition::Excluding(is(Err, &["12", "13", "14", "41", "40b"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Bes, &["user", "svc"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::Developer,
            does: "Put the back end's full name, the one that has the SPN, into the connection string or URL.",
            script: "Data Source=tcp:<back-end.contoso.com>,1433;Integrated Security=SSPI",
            language: Language::Text,
            undo: "Put the former address back.",
            verify: "On the back end: Security log, event 4624 of the next request",
            expect: "Authentication Package Kerberos, and the user's name.",
            risk: "The name must be the one on the front end's list, too.",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "Or register the alias on the account that runs the service.",
            script: "setspn -S <class>/<alias> {be_bare}\nsetspn -S <class>/<alias.contoso.com> {be_bare}",
            language: Language::Cmd,
            undo: "setspn -D <class>/<alias> {be_bare}\nsetspn -D <class>/<alias.contoso.com> {be_bare}",
            verify: "On the web server: klist get <class>/<alias.contoso.com>",
            expect: "A ticket for the alias.",
            risk: "An alias's SPN must go when the alias goes, or the next owner of the name gets tickets that it cannot read. A CNAME may be resolved by the client library before it makes the SPN: then this does not help.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{accounts, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let anonymous = "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'.";
        let by_ip = "connection_string: Data Source=10.20.30.40,1433;Initial Catalog=Sales;Integrated Security=SSPI\n";
        let by_name = "connection_string: Data Source=tcp:sql07.contoso.com,1433;Integrated Security=SSPI\ntest-back-end-address: name\n";
        assert_eq!(status(id, &[by_ip, anonymous]), Confirmed);
        assert_eq!(status(id, &[by_ip]), Possible);
        assert_eq!(status(id, &[by_name, anonymous]), RuledOut);
        assert_eq!(status(id, &["test-back-end-address: alias\nbspn: none\nbes: anon\n"]), Confirmed);
        assert_eq!(status(id, &["test-back-end-address: alias\nbes: anon\n"]), Possible);
        assert_eq!(status(id, &["test-back-end-address: alias\ntest-back-end-saw-ntlm: yes\n"]), Likely);
        // The account that alone may delegate is the one in front, though it runs a SQL Server too.
        let dump = accounts(&["MSSQLSvc/sql08.contoso.com:1433"], "contoso.com", "MSSQLSvc/sql08.contoso.com:1433", "")
            .replace("front end", "SQL Server of the application")
            .replace("HTTP/intranet", "MSSQLSvc/sql07");
        assert_eq!(status(id, &[by_ip, anonymous, &dump]), Confirmed);
        assert_eq!(status("kcd-spn-not-in-list", &[by_ip, anonymous, &dump]), Possible);
        // A domain controller was asked for the back end.
        assert_eq!(status(id, &[by_ip, anonymous, "err: 13\n"]), RuledOut);
    }
}
