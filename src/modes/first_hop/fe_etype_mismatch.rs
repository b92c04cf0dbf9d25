//! # Domain controller and web server share no encryption type
//!
//! ## What it is
//! The account that owns the SPN has no key, or allows no type, that the domain controller may use. Typical: an old service
//! account without AES keys, or one limited to RC4, after the updates of 2026.
//!
//! ## Why the hop breaks
//! No ticket can be encrypted for it (KDC_ERR_ETYPE_NOTSUPP, 14). Or it is issued in a type that the web server's keytab or
//! policy does not take.
//!
//! ## What shows it
//! - 0xe in event 3 of the PC; 4769 with failure code 0xE for the web server's account; KDC events 14, 16, 27; Kdcsvc 203, 204,
//!   208, 209 (blocked; 201, 202, 206, 207 only warn).
//! - In a capture SEC_E_KDC_UNKNOWN_ETYPE (-2146892990).
//! - Linux: "found in keytab but not with enctype".
//!
//! ## What rules it out
//! - The ticket is issued and accepted. 0x7 instead of 0xe means an unknown name.
//!
//! ## Fix
//! Give the account AES keys (a password reset makes them), allow AES, re-issue keytabs.
//!
//! ## Verify
//! `klist` shows AES-256 as the ticket's encryption type.
//!
//! ## Versions
//! November 2022 (CVE-2022-37966): AES session keys. CVE-2026-20833: audit from 13 January 2026, AES only for accounts without a
//! setting of their own from April 2026, the way back (RC4DefaultDisablementPhase) no longer read from July 2026. A server whose
//! policy does not take the ticket's type answers KRB_AP_ERR_MODIFIED although the SPN's owner is right.
//!
//! ## Sources
//! - <https://support.microsoft.com/en-us/topic/how-to-manage-kerberos-kdc-usage-of-rc4-for-service-account-ticket-issuance-changes-related-to-cve-2026-20833-1ebcda33-720a-4da8-93c1-b0496e1910dc>
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/detect-remediate-rc4-kerberos>
//! - <https://techcommunity.microsoft.com/blog/coreinfrastructureandsecurityblog/how-to-manage-rc4-hardening-%E2%80%93-definitive-guide/4515923>
//! - <https://joshroark.com/kerberos-krb_ap_err_modified-is-not-always-an-spn-problem/>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-etype-mismatch",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "There is no common encryption type for {spn}, so there is no usable ticket.",
    says: "The domain controller and the account behind {spn} share no allowed encryption type. The ticket is not issued, or cannot be read. This is not a delegation problem yet.",
    does_not_prove: "Which side is limited: the account, its keys, the domain controllers' defaults or a policy on the server.",
    row: Row {
        prior: 3,
        hop1: "N R P",
        scope: "all",
        tkt: "0 F",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        chg: "yes no",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-etype-error", &["yes"])),
        Condition::Required(is(Hop1, &["N", "R", "P"])),
        Condition::Decisive(test("test-etype-error", &["yes"])),
        Condition::Excluding(test("test-kdc-knows-spn", &["no"])),
        Condition::Excluding(is(Fspn, &["none", "dup"])),
        Condition::Excluding(test("test-dc-reached", &["no"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Make AES keys for {fe} by a password reset, then allow AES only, then re-issue its keytabs.",
        script: "{get_fe} '{fe_bare}' -Properties msDS-SupportedEncryptionTypes,PasswordLastSet\n# 1. List every host, service and keytab that uses this account.\n# 2. Reset its password (not for a gMSA or computer account: those renew theirs by themselves).\nSet-ADAccountPassword '{fe_bare}' -Reset\n# 3. Allow AES.\n{set_fe} '{fe_bare}' -KerberosEncryptionType AES128,AES256",
        language: Language::PowerShell,
        undo: "# The old password cannot come back. The encryption types:\n{set_fe} '{fe_bare}' -Replace @{'msDS-SupportedEncryptionTypes'=<the value from before>}",
        verify: "klist purge; klist get {spn}; klist",
        expect: "The ticket for {spn} has KerbTicket Encryption Type AES-256-CTS-HMAC-SHA1-96.",
        risk: "Every host and keytab that uses the account stops until it has the new password: list them first. Reset before you restrict to AES, not after. \
               Adding RC4 (0x4) back is an exception for a short time, not a fix: such tickets can be attacked offline.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, NTLM_TOKEN, event_3, setspn_of, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let event = event_3("HTTP/intranet.contoso.com").replace("0xd KDC_ERR_BADOPTION", "0xe KDC_ERR_ETYPE_NOTSUPP");
        assert_eq!(status(id, &[NTLM_TOKEN, &event]), Confirmed);
        assert_eq!(status(id, &[NTLM_TOKEN]), Possible);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, &event]), RuledOut);
        assert_eq!(
            status(id, &[NTLM_TOKEN, &event.replace("0xe KDC_ERR_ETYPE_NOTSUPP", "0x7 KDC_ERR_S_PRINCIPAL_UNKNOWN")]),
            RuledOut
        );
        // The back end's ticket is another mode's.
        assert_eq!(status(id, &[NTLM_TOKEN, &event.replace("HTTP/intranet", "MSSQLSvc/sql01")]), Possible);
    }

    /// A domain controller names the service's account, not the SPN.
    #[test]
    fn a_kdc_names_the_account() {
        let event = "A Kerberos service ticket was requested.\n\nAccount Information:\n\tAccount Name:\t\talice@CONTOSO.COM\n\tAccount Domain:\t\tCONTOSO.COM\n\
                     Service Information:\n\tService Name:\t\tsvc-web\n\tService ID:\t\tNULL SID\nAdditional Information:\n\tTicket Options:\t\t0x40810000\n\
                     \tTicket Encryption Type:\t0xFFFFFFFF\n\tFailure Code:\t\t0xE\n\tTransited Services:\t-\n";
        let owner = setspn_of(&[("CN=svc-web,OU=Service,DC=contoso,DC=com", &["HTTP/intranet.contoso.com"])]);
        assert_eq!(status(super::MODE.id, &[NTLM_TOKEN, event, &owner]), Confirmed);
        assert_eq!(status(super::MODE.id, &[NTLM_TOKEN, &event.replace("svc-web", "svc-sql"), &owner]), Possible);
        assert_eq!(status(super::MODE.id, &[NTLM_TOKEN, event]), Possible);
    }

    #[test]
    fn a_keytab_without_the_type() {
        let log = "[Mon Nov 23 03:09:07.867381 2026] [auth_gssapi:error] [pid 5356:tid 5356] [client 10.20.0.10:37988] GSS ERROR In Negotiate Auth: gss_accept_sec_context() failed: \
                   [Unspecified GSS failure.  Minor code may provide more information (Request ticket server HTTP/intranet.contoso.com@CONTOSO.COM kvno 5 found in keytab but not with enctype aes256-cts)]";
        assert_eq!(status(super::MODE.id, &[log]), Confirmed);
        assert_eq!(status("key-or-host-mismatch", &[log]), RuledOut);
    }
}
