//! # The web server's SPN is on two accounts
//!
//! ## What it is
//! Two objects in the directory hold the service principal name that the browser asks for, often a former service account or
//! a computer object next to the present one.
//!
//! ## Why the hop breaks
//! The domain controller cannot know for which of the two it should encrypt. It refuses (KDC_ERR_PRINCIPAL_NOT_UNIQUE), or
//! takes one, and the web server may be the other. Then the browser has no ticket, or one that is refused.
//!
//! ## What shows it
//! - `setspn -X`, or `setspn -F -Q HTTP/<host>`, lists two objects under one SPN.
//! - 0x8 in event 3 or 4769, event 101 on the PC, event 11 of the KDC.
//!
//! ## What rules it out
//! - One object only, in every forest (`setspn -T <forest> -Q`), or the web server accepts Kerberos.
//! - HTTP/ on one account and HOST/ on the computer are no duplicates; nor are the short name here and the full name there.
//!
//! ## Fix
//! Find out which account runs the application today, then take the SPN off the other one.
//!
//! ## Verify
//! `setspn -X` finds no group for the name; `klist get HTTP/<host>` gets a ticket after `klist purge`.
//!
//! ## Versions
//! No version dependence known. Several Windows KDCs answer 0x7 (unknown) for a name that stands twice.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-error-kdc-err-s-principal-unknown-or-not-unique>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://detection-wiki-dev.pages.dev/microsoft-windows-security-kerberos/>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-spn-duplicate",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Name,
    title: "{spn} is registered on two accounts, so the domain controller issues no usable ticket.",
    says: "One service principal name must have one owner. {spn} has two, so the ticket is refused or made for the wrong one. This is not a delegation problem yet.",
    does_not_prove: "Which of the two accounts runs the web application: look at the application pool's identity before you remove anything.",
    row: Row {
        prior: 3,
        hop1: "N R P",
        scope: "all",
        tkt: "0 F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "dup",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Fspn, &["dup"])),
        // A forest has many duplicates: this one matters where the page fails.
        Condition::Presupposed(any(&[
            is(Hop1, &["N", "R", "P"]),
            test("test-page-fails", &["yes"]),
            test("test-kdc-knows-spn", &["no"]),
        ])),
        Condition::Required(is(Hop1, &["N", "R", "P"])),
        Condition::Decisive(is(Fspn, &["dup"])),
        Condition::Excluding(test("test-spn-is-url-host", &["no"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Take {spn} (and its short form, where it is doubled too) off the account that does not run the application.",
        script: "setspn -F -Q {spn}\nsetspn -D {spn} <account that does not run the application>\nklist purge",
        language: Language::Cmd,
        undo: "setspn -S {spn} <account that does not run the application>",
        verify: "setspn -F -Q {spn}\nsetspn -X",
        expect: "One object only; after klist purge and a new visit the user has a ticket for {spn}.",
        risk: "Removing an SPN stops whatever still uses it on that account: find out what runs there first.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, NTLM_TOKEN, diagnose, setspn_of, status};
    use crate::report::Status::*;

    fn twice() -> String {
        setspn_of(&[
            ("CN=svc-web,OU=Service,DC=contoso,DC=com", &["HTTP/intranet.contoso.com"]),
            ("CN=svc-old,OU=Service,DC=contoso,DC=com", &["HTTP/intranet.contoso.com", "HTTP/intranet"]),
        ])
    }

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[NTLM_TOKEN, &twice()]), Confirmed);
        assert_eq!(status("fe-spn-missing", &[NTLM_TOKEN, &twice()]), RuledOut);
        assert_eq!(status(id, &[&twice()]), Possible);
        assert_eq!(status(id, &[&twice(), "symptom: the page fails with 401\n"]), Likely);
        // Found among all of the forest: the first that is possible.
        let listed = "C:\\>setspn -X\nChecking domain DC=contoso,DC=com\nProcessing entry 0\nHTTP/app.contoso.com is registered on these accounts:\n\tCN=svc-app,OU=Service Accounts,DC=contoso,DC=com\n\tCN=WEB01,OU=Servers,DC=contoso,DC=com\n\nfound 1 group of duplicate SPNs.\n";
        let report = diagnose(&[listed]);
        assert_eq!((report.findings[0].id.as_str(), report.findings[0].status), (id, Possible));
        assert_eq!(report.findings[0].about.as_deref(), Some("app.contoso.com"));
        assert_eq!(status(id, &[NTLM_TOKEN]), Possible);
        assert_eq!(status(id, &[&twice(), NET_EXPORT_NOT_ASKED]), RuledOut);
        let event = "Log Name: Microsoft-Windows-Kerberos/Operational\nSource: Microsoft-Windows-Security-Kerberos\nEvent ID: 101\nDescription:\nThe Service Principal Name HTTP/intranet.contoso.com is registered on multiple accounts, which caused Kerberos authentication to fail.\n";
        assert_eq!(status(id, &[NTLM_TOKEN, event]), Confirmed);
    }

    /// Short and full name on two accounts: each name has one owner.
    #[test]
    fn two_forms_are_no_duplicate() {
        let forms = setspn_of(&[
            ("CN=svc-web,OU=Service,DC=contoso,DC=com", &["HTTP/intranet.contoso.com"]),
            ("CN=svc-old,OU=Service,DC=contoso,DC=com", &["HTTP/intranet"]),
        ]);
        assert_eq!(status(super::MODE.id, &[NTLM_TOKEN, &forms]), RuledOut);
    }
}
