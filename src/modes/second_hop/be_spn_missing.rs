//! # The back end's SPN is not registered
//!
//! ## What it is
//! Nobody in the directory owns the service principal name that the front end asks for.
//!
//! ## Why the hop breaks
//! Without an owner there is no key to encrypt a ticket with. The domain controller answers 0x7, the client library falls back to
//! NTLM, and NTLM carries no delegated identity: the back end sees ANONYMOUS LOGON.
//!
//! ## What shows it
//! - Event 3 on the front end: 0x7 KDC_ERR_S_PRINCIPAL_UNKNOWN for the back end's SPN; Kerberos/Operational 100.
//! - `setspn -F -Q` for that name: No such SPN found.
//! - SQL Server clients: Cannot generate SSPI context, or ANONYMOUS LOGON.
//!
//! ## What rules it out
//! - `klist get <the back end's SPN>` gives a ticket.
//! - 0xd instead of 0x7: then the name is known and the delegation is refused.
//!
//! ## Fix
//! Register the name on the account that runs the service, then put it on the front end's list where there is one.
//!
//! ## Verify
//! `klist get` gives a ticket; in SQL Server `select auth_scheme from sys.dm_exec_connections where session_id = @@spid` is KERBEROS.
//!
//! ## Versions
//! No dependence on a version is known. HTTP, cifs and some others are covered by the computer's HOST/ SPN: a search that finds
//! nothing proves nothing for them, the domain controller's 0x7 does.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-error-kdc-err-s-principal-unknown-or-not-unique>
//! - <https://learn.microsoft.com/en-us/sql/database-engine/configure-windows/register-a-service-principal-name-for-kerberos-connections>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-spn-missing",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "Nobody owns {be_spn}: the domain controller cannot issue a ticket for it.",
    says: "The web server asks for {be_spn}, and no account in the directory has that name. Without a ticket the call falls back to NTLM, and the user's identity is lost.",
    does_not_prove: "That the delegation itself is allowed: once the name exists, it must also be on the list of {fe_bare} where there is one.",
    row: Row {
        prior: 4,
        hop1: "K",
        scope: "all be",
        tkt: "F FO",
        model: "C T R U",
        fe: "asc fwd",
        err: "7",
        bes: "anon",
        fspn: "ok",
        bspn: "none",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Bspn, &["none"])),
        Condition::Decisive(test("test-back-end-spn-at-kdc", &["unknown"])),
        Condition::Supporting(is(Bspn, &["none"])),
        Condition::Supporting(is(Bes, &["anon"])),
        Condition::Supporting(test("test-sspi-context-error", &["yes"])),
        Condition::Excluding(test("test-back-end-spn-at-kdc", &["known", "twice"])),
        Condition::Excluding(test("test-back-end-address", &["ip", "alias"])),
        Condition::Excluding(test("test-asked-for-address-host", &["no"])),
        Condition::Excluding(is(Err, &["12", "13", "14", "41", "40b"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Bes, &["user"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Register {be_spn} on the account that runs the back end's service; for SQL Server also the form without a port.",
        script: "setspn -F -Q {be_spn}\nsetspn -S {be_spn} <account that runs the service>",
        language: Language::Cmd,
        undo: "setspn -D {be_spn} <account that runs the service>",
        verify: "On the web server: klist get {be_spn}; then load the page",
        expect: "A ticket for {be_spn}. A name that was not found is remembered for 15 minutes.",
        risk: "-S refuses duplicates, -A does not: use -S. Register it on the account that runs the service and on no other. A user account with an SPN can have its password guessed offline from any ticket: prefer a managed service account (gMSA). HTTP/<the server's own name> on a service account breaks WinRM on that server.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, accounts, event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let sql = "MSSQLSvc/sql07.contoso.com:1433";
        let event_7 = event_3(sql).replace("0xd KDC_ERR_BADOPTION", "0x7 KDC_ERR_S_PRINCIPAL_UNKNOWN");
        let none = format!("C:\\>setspn -F -Q {sql}\nChecking forest DC=contoso,DC=com\n\nNo such SPN found.\n");
        assert_eq!(status(id, &[&event_7, &none]), Confirmed);
        assert_eq!(status(id, &[&event_7]), Likely);
        assert_eq!(status(id, &[&none]), Possible);
        assert_eq!(status(id, &[&none, "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'."]), Likely);
        // The name is known and the delegation refused.
        assert_eq!(status(id, &[&event_3(sql), &none]), RuledOut);
        assert_eq!(status(id, &[&event_7, &accounts(&[], "contoso.com", sql, "")]), RuledOut);
        // Windows' own names, which a computer asks for at every start; on the list they are the back end.
        let ldap = event_7.replace("MSSQLSvc/sql07.contoso.com:1433", "ldap/dc07.contoso.com");
        let at_start = ldap.replace("CONTOSO.COM\\svc-web", "CONTOSO.COM\\WEB01$");
        assert_eq!(status(id, &[&at_start]), Possible);
        assert_eq!(status(id, &[&ldap.replace("CONTOSO.COM\\svc-web", "")]), Possible);
        assert_eq!(status(id, &[&ldap]), Possible);
        let search =
            "C:\\>setspn -F -Q ldap/dc07.contoso.com\nChecking forest DC=contoso,DC=com\n\nNo such SPN found.\n";
        assert_eq!(status(id, &[&at_start, search]), Confirmed);
        // What the user asks for from the own PC is no second hop; with a ticket-granting ticket it may be the web server's.
        let own = "Event ID:      4769\nDescription:\nA Kerberos service ticket was requested.\n\n\tAccount Name:\t\talice@CONTOSO.COM\n\tService Name:\t\tHTTP/wiki.contoso.com\n\
                   \tTicket Options:\t\t0x40810000\n\tFailure Code:\t\t0x7\n";
        let constrained = KLIST_DELEGATABLE.replace("0x40a50000", "0x40a10000").replace("ok_as_delegate ", "");
        assert_eq!(status(id, &[own, &constrained]), Possible);
        assert_eq!(status(id, &[own, KLIST_DELEGATABLE]), Likely);
        let at_pc = event_7.replace("CONTOSO.COM\\svc-web", "CONTOSO.COM\\alice");
        assert_eq!(status(id, &[&at_pc, &constrained]), Possible);
        assert_eq!(status(id, &[&at_pc, KLIST_DELEGATABLE]), Likely);
        assert_eq!(status(id, &[&own.replace("0x40810000", "0x40830000"), &constrained]), Likely);
        // A search without its command says nothing about the back end.
        assert_eq!(status(id, &["No such SPN found.\n", "back_end: MSSQLSvc/sql07.contoso.com\n"]), Possible);
    }
}
