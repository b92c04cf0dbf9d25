//! # The back end's SPN is on an account that does not run the service
//!
//! ## What it is
//! The back end's service was given another account, and its service principal name stayed on the old one.
//!
//! ## Why the hop breaks
//! The domain controller encrypts the ticket with the key of the name's owner. The service runs as another account, has another key,
//! and answers KRB_AP_ERR_MODIFIED.
//!
//! ## What shows it
//! - Event 4 on the front end: KRB_AP_ERR_MODIFIED, the back end's SPN as target name. *Server* there is the account that answered.
//! - The owner in `setspn -Q` is not the account that runs the service.
//! - Cannot generate SSPI context, The target principal name is incorrect (0x80090322).
//!
//! ## What rules it out
//! - The owner runs the service. Then look for a stale DNS entry, an old keytab, or a node that runs as another account.
//! - The 0x29 comes from a domain controller, not from the back end.
//!
//! ## Fix
//! Move the name to the account that runs the service, and let the list or the resource-based right follow it.
//!
//! ## Verify
//! No new event 4 on the front end; the back end logs 4624 with Kerberos.
//!
//! ## Versions
//! No dependence on a version is known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-error-kdc-err-s-principal-unknown-or-not-unique>
//! - <https://detection-wiki-dev.pages.dev/microsoft-windows-security-kerberos/>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-spn-wrong-account",
    hop: Hop::BackEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "{be_spn} belongs to another account than the one that runs the service.",
    says: "The ticket for {be_spn} is encrypted for {be_bare}, the name's owner. The service runs as another account, cannot read the ticket, and answers KRB_AP_ERR_MODIFIED (0x29).",
    does_not_prove: "That the new owner may be delegated to: a resource-based right stands on the account, and must move with the name.",
    row: Row {
        prior: 3,
        hop1: "K",
        scope: "all be",
        tkt: "F FO",
        model: "C T R U",
        fe: "be fwd",
        err: "41",
        bes: "anon",
        fspn: "ok",
        bspn: "own",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(any(&[test("test-back-end-owner-runs-service", &["no"]), is(Bspn, &["own"])])),
        Condition::Decisive(all(&[
            any(&[test("test-back-end-owner-runs-service", &["no"]), is(Bspn, &["own"])]),
            is(Err, &["41"]),
        ])),
        Condition::Supporting(any(&[test("test-back-end-owner-runs-service", &["no"]), is(Bspn, &["own"])])),
        Condition::Supporting(is(Err, &["41"])),
        Condition::Supporting(test("test-sspi-context-error", &["yes"])),
        Condition::Excluding(test("test-back-end-owner-runs-service", &["yes"])),
        Condition::Excluding(test("test-who-says-modified", &["kdc"])),
        Condition::Excluding(is(Bspn, &["none", "dup"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "40b"])),
        Condition::Excluding(is(Bes, &["user", "svc"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Move {be_spn} from {be_bare} to the account that runs the service.",
        script: "setspn -F -Q {be_spn}\nsetspn -D {be_spn} {be_bare}\nsetspn -S {be_spn} <account that runs the service>",
        language: Language::Cmd,
        undo: "setspn -D {be_spn} <account that runs the service>\nsetspn -S {be_spn} {be_bare}",
        verify: "On the web server: klist -li 0x3e7 purge, load the page, System log",
        expect: "No new event 4 for {be_spn}; the back end logs 4624 with Kerberos.",
        risk: "Anything else that runs as {be_bare} under this name stops. A resource-based right stands on the owner's account: set it on the new owner too. HTTP/<the server's own name> on a service account breaks WinRM on that server.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let sql = "MSSQLSvc/sql07.contoso.com:1433";
        let event_4 = |responder: &str| {
            format!(
                "Log Name:      System\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      4\nLevel:         Error\nComputer:      WEB07.contoso.com\n\
                 Description:\nThe Kerberos client received a KRB_AP_ERR_MODIFIED error from the server {responder}. The target name used was {sql}. \
                 This indicates that the target server failed to decrypt the ticket provided by the client.\n"
            )
        };
        let owner = format!(
            "C:\\>setspn -F -Q {sql}\nChecking forest DC=contoso,DC=com\nCN=svc-db,OU=Service,DC=contoso,DC=com\n\t{sql}\n\nExisting SPN found!\n"
        );
        assert_eq!(status(id, &[&event_4("svc-dbnew"), &owner]), Confirmed);
        assert_eq!(status(id, &[&event_4("sql07$"), &owner]), Confirmed);
        // The owner itself cannot read the ticket: another fault.
        assert_eq!(status(id, &[&event_4("svc-db"), &owner]), RuledOut);
        // The older wording names the machine, whoever runs the service.
        assert_eq!(status(id, &[&event_4("host/sql07.contoso.com"), &owner]), Possible);
        assert_eq!(
            status(id, &[&event_4("host/sql07.contoso.com"), &owner, "service_account: CONTOSO\\svc-dbnew\n"]),
            Confirmed
        );
        assert_eq!(status(id, &[&event_4("svc-dbnew")]), Possible);
        assert_eq!(status(id, &["bspn: own\n"]), Possible);
    }
}
