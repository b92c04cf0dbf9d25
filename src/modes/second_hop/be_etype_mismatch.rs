//! # The back end's account has no encryption type in common
//!
//! ## What it is
//! The account behind the back end's SPN has no usable AES key, or allows only RC4, and the domain controller or the front end no
//! longer uses that.
//!
//! ## Why the hop breaks
//! A ticket is encrypted with a key of the service's account. Where no type is left that both sides allow, the domain controller
//! answers KDC_ERR_ETYPE_NOTSUPP (0xe) and issues nothing.
//!
//! ## What shows it
//! - Event 3 on the front end with 0xe for the back end's SPN; 4769 with failure 0xE for its account; on a domain controller Kdcsvc
//!   201 to 209.
//! - msDS-SupportedEncryptionTypes of that account without 0x8 and 0x10, or a password older than the domain's AES keys.
//!
//! ## What rules it out
//! - A ticket for the back end is issued.
//! - 0xd instead of 0xe.
//!
//! ## Fix
//! Give the account AES keys: list every host and keytab that uses it, reset its password, allow AES, restart the services.
//!
//! ## Verify
//! `klist get <the back end's SPN>` shows AES-256.
//!
//! ## Versions
//! Since April 2026 accounts without an explicit setting get AES only; since July 2026 the rollback value
//! (RC4DefaultDisablementPhase) is no longer read.
//!
//! ## Sources
//! - <https://support.microsoft.com/en-us/topic/how-to-manage-kerberos-kdc-usage-of-rc4-for-service-account-ticket-issuance-changes-related-to-cve-2026-20833-1ebcda33-720a-4da8-93c1-b0496e1910dc>
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/detect-remediate-rc4-kerberos>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-etype-mismatch",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "The account of {be} has no encryption type in common with the domain controller: no ticket for {be_spn} is issued.",
    says: "The domain controller answers KDC_ERR_ETYPE_NOTSUPP (0xe) to the request for {be_spn}: the account behind it has no AES key, or allows only types that are switched off.",
    does_not_prove: "Which of the two it is: no AES key (an old password), or AES not allowed on the account.",
    row: Row {
        prior: 2,
        hop1: "K",
        scope: "all be",
        tkt: "F FO",
        model: "C T R U",
        fe: "asc fwd",
        err: "14",
        bes: "anon",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Err, &["14"])),
        Condition::Decisive(is(Err, &["14"])),
        Condition::Supporting(test("test-back-end-encryption", &["weak"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Bes, &["user"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Give the account of {be} AES keys: reset its password, allow AES, restart what uses it.",
        script: "{get_be} '{be_bare}' -Properties msDS-SupportedEncryptionTypes,PasswordLastSet,ServicePrincipalNames\n{set_be} '{be_bare}' -KerberosEncryptionType AES128,AES256\nSet-ADAccountPassword '{be_bare}' -Reset   # not for computers and managed service accounts; then the new password on every host and keytab",
        language: Language::PowerShell,
        undo: "{set_be} '{be_bare}' -Replace @{'msDS-SupportedEncryptionTypes'=<the number noted before>}   # -Clear when it was empty",
        verify: "On the web server: klist get {be_spn}",
        expect: "A ticket for {be_spn} with AES-256.",
        risk: "A password reset stops every host and keytab that uses the account until it is updated there: list them first. Allowing RC4 again for this one account is a stopgap, and a risk for as long as it lasts.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{accounts, event_3, status};
    use crate::report::Status::*;

    #[test]
    fn an_error_from_before_the_password_was_set() {
        let id = super::MODE.id;
        let spn = "MSSQLSvc/sql01.contoso.com:1433";
        let event = event_3(spn).replace("0xd KDC_ERR_BADOPTION", "0xe KDC_ERR_ETYPE_NOTSUPP");
        let event = event.replace("Event ID:      3\n", "Date:          11/18/2026 9:14:39 AM\nEvent ID:      3\n");
        let account = |set: &str| {
            format!(
                "# back end\nName : svc-sql\nObjectClass : user\nServicePrincipalNames : {{{spn}}}\nPasswordLastSet : {set}\nuserAccountControl : 66048\n"
            )
        };
        assert_eq!(status(id, &[&event, &account("11/17/2026 9:00:00 AM")]), Confirmed);
        assert_eq!(status(id, &[&event, &account("11/19/2026 9:00:00 AM")]), Possible);
        // The event tells its time in UTC as well. Without that, UTC against the clock on the wall is sure only when it is more than
        // the zones are apart.
        assert_eq!(status(id, &[&event, &account("20261118080000.0Z")]), Confirmed);
        assert_eq!(status(id, &[&event, &account("20261118200000.0Z")]), Possible);
        let on_the_wall = event.replace(" Server Time: 8:14:39.0000 11/18/2026 Z\n", "");
        assert_eq!(status(id, &[&on_the_wall, &account("20261118200000.0Z")]), Confirmed);
        assert_eq!(status(id, &[&on_the_wall, &account("20261119080000.0Z")]), Possible);
        // Other errors are not about the key.
        let refused = event.replace("0xe KDC_ERR_ETYPE_NOTSUPP", "0x7 KDC_ERR_S_PRINCIPAL_UNKNOWN");
        assert_eq!(status(id, &[&refused, &account("11/19/2026 9:00:00 AM")]), RuledOut);
    }

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let sql = "MSSQLSvc/sql07.contoso.com:1433";
        let event_e = event_3(sql).replace("0xd KDC_ERR_BADOPTION", "0xe KDC_ERR_ETYPE_NOTSUPP");
        assert_eq!(status(id, &[&event_e]), Confirmed);
        assert_eq!(status(id, &[&event_3(sql)]), RuledOut);
        assert_eq!(status(id, &["test-back-end-encryption: weak\n"]), Possible);
        // A domain controller's event names accounts only.
        let at_dc = "Log Name:      Security\nSource:        Microsoft-Windows-Security-Auditing\nEvent ID:      4769\nComputer:      DC02.contoso.com\nDescription:\n\
                     A Kerberos service ticket was requested.\n\nAccount Information:\n\tAccount Name:\t\tsvc-web@CONTOSO.COM\n\tAccount Domain:\t\tCONTOSO.COM\n\n\
                     Service Information:\n\tService Name:\t\tsvc-be\n\nAdditional Information:\n\tTicket Options:\t\t0x40830000\n\tFailure Code:\t\t0xE\n\tTransited Services:\t-\n";
        assert_eq!(status(id, &[at_dc, &accounts(&[sql], "contoso.com", sql, "")]), Confirmed);
        // The web server's own name at the domain controller is the first hop.
        let first_hop =
            at_dc.replace("svc-web@", "alice@").replace("svc-be", "svc-web").replace("0x40830000", "0x40810000");
        assert_eq!(status(id, &[&first_hop, &accounts(&[sql], "contoso.com", sql, "")]), Possible);
    }
}
