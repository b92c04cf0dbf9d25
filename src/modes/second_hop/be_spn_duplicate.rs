//! # Two accounts have the back end's SPN
//!
//! ## What it is
//! The back end's service principal name stands on two accounts, often the computer's and a service account's, left behind by a move.
//!
//! ## Why the hop breaks
//! The domain controller does not guess which key to use: it answers 0x8 and issues nothing. An older one may pick either, and the
//! service then cannot read the ticket.
//!
//! ## What shows it
//! - Two owners in `setspn -F -Q` or `setspn -X`.
//! - Event 3 with 0x8, Kerberos/Operational 101; KDC event 11 on a domain controller.
//! - Cannot generate SSPI context.
//!
//! ## What rules it out
//! - One owner in the whole forest. If it is the wrong one, that is another fault.
//!
//! ## Fix
//! Take the name off the account that does not run the service.
//!
//! ## Verify
//! `setspn -X -F` lists no duplicate of it; `klist get` gives a ticket.
//!
//! ## Versions
//! No dependence on a version is known. The short and the full name on two accounts are no duplicates. Search the forest: -X alone
//! looks at one domain.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-error-kdc-err-s-principal-unknown-or-not-unique>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-spn-duplicate",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "Two accounts have {be_spn}: no domain controller issues a ticket for it.",
    says: "{be_spn} stands on more than one account, so the domain controller cannot tell whose key to use. The call falls back to NTLM, and the user's identity is lost.",
    does_not_prove: "Which of the two runs the service: that one keeps the name.",
    row: Row {
        prior: 2,
        hop1: "K",
        scope: "all be",
        tkt: "F FO",
        model: "C T R U",
        fe: "asc fwd",
        err: "7 41",
        bes: "anon",
        fspn: "ok",
        bspn: "dup",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(any(&[is(Bspn, &["dup"]), test("test-back-end-spn-at-kdc", &["twice"])])),
        Condition::Decisive(is(Bspn, &["dup"])),
        Condition::Decisive(test("test-back-end-spn-at-kdc", &["twice"])),
        Condition::Excluding(is(Bspn, &["none", "ok", "own"])),
        Condition::Excluding(is(Err, &["12", "13", "14", "40b"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Bes, &["user"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Take {be_spn} off the account that does not run the back end's service.",
        script: "setspn -F -Q {be_spn}\nsetspn -D {be_spn} <account that does not run the service>",
        language: Language::Cmd,
        undo: "setspn -S {be_spn} <account>",
        verify: "setspn -X -F, then on the web server: klist get {be_spn}",
        expect: "No duplicate of {be_spn}, and a ticket for it.",
        risk: "First make sure which account runs the service: taking the name off that one breaks the service for everybody. Tickets already issued stay valid until they expire.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let sql = "MSSQLSvc/sql07.contoso.com:1433";
        let two = format!(
            "C:\\>setspn -F -Q {sql}\nChecking forest DC=contoso,DC=com\nCN=SQL07,OU=Servers,DC=contoso,DC=com\n\t{sql}\nCN=svc-db,OU=Service,DC=contoso,DC=com\n\t{sql}\n\nExisting SPN found!\n"
        );
        let one = format!(
            "C:\\>setspn -F -Q {sql}\nChecking forest DC=contoso,DC=com\nCN=svc-db,OU=Service,DC=contoso,DC=com\n\t{sql}\n\nExisting SPN found!\n"
        );
        let event_8 = event_3(sql).replace("0xd KDC_ERR_BADOPTION", "0x8 KDC_ERR_PRINCIPAL_NOT_UNIQUE");
        assert_eq!(status(id, &[&two]), Confirmed);
        assert_eq!(status(id, &[&event_8]), Confirmed);
        // The domain controller's word is stronger than a search of one domain.
        assert_eq!(status(id, &[&event_8, &one.replace("forest", "domain").replace("-F ", "")]), Confirmed);
        assert_eq!(status(id, &[&one]), RuledOut);
        assert_eq!(status(id, &[&event_3(sql)]), RuledOut);
        assert_eq!(status(id, &["err: 7\n"]), Possible);
        assert_eq!(status("be-spn-missing", &[&event_8]), RuledOut);
    }
}
