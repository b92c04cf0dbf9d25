//! # Nobody owns the SPN that the browser asks for
//!
//! ## What it is
//! The browser asks the domain controller for a ticket to `HTTP/<host in the address bar>`, and no account has that service
//! principal name.
//!
//! ## Why the hop breaks
//! Without an owner there is no key to encrypt a ticket for. On Windows the browser then falls back to NTLM or asks for a
//! password; elsewhere it sends no token at all.
//!
//! ## What shows it
//! - `klist get HTTP/<host>` fails with 0xc000018b.
//! - `setspn -F -Q HTTP/<host>`: No such SPN found.
//! - KDC_ERR_S_PRINCIPAL_UNKNOWN (0x7) for that name; "Server not found in Kerberos database"; in a capture
//!   SEC_E_TARGET_UNKNOWN (-2146893053) with net error -343.
//!
//! ## What rules it out
//! - Exactly one account has it, or the user holds a ticket for it.
//! - The server's own name needs no HTTP/ entry: HOST/ on the computer account covers it.
//!
//! ## Fix
//! Register the SPN, full and short form, on the account that runs the web application. `setspn -S` refuses duplicates.
//!
//! ## Verify
//! `klist get HTTP/<host>` returns a ticket.
//!
//! ## Versions
//! Windows remembers for 15 minutes that a name is unknown (SpnCacheTimeout). Several Windows KDCs answer the same 0x7 when the
//! name stands on two accounts: `setspn -X` tells.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-error-kdc-err-s-principal-unknown-or-not-unique>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-protocol-registry-kdc-configuration-keys>

use crate::modes::prelude::*;

/// The name was looked for where its owner is.
const IN_THE_RIGHT_PLACE: Expr = any(&[
    test("test-site-in-asked-forest", &["yes"]),
    test("test-suffix-routed", &["yes"]),
    test("test-ticket-in-own-forest", &["no"]),
]);

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-spn-missing",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Name,
    title: "No account owns {spn}, so the browser gets no Kerberos ticket.",
    says: "The domain controller knows nobody by the name {spn}. The browser gets no ticket for {site} and falls back to NTLM or to nothing. \
           This is not a delegation problem yet.",
    does_not_prove: "That the name stands on no account twice (setspn -X), or that delegation works once the name is registered.",
    row: Row {
        prior: 6,
        hop1: "N P",
        scope: "all",
        tkt: "0",
        fe: "no s4u",
        err: "- none 13",
        bes: "- anon",
        fspn: "none",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Fspn, &["none"])),
        Condition::Required(is(Hop1, &["N", "P"])),
        // A domain controller of another forest, or a search of another domain, does not tell.
        Condition::Required(IN_THE_RIGHT_PLACE),
        // "No such SPN" in another place, and nothing that shows a first hop without Kerberos: nothing is known yet.
        Condition::Presupposed(any(&[IN_THE_RIGHT_PLACE, is(Hop1, &["N", "P"]), test("test-kdc-knows-spn", &["no"])])),
        Condition::Decisive(is(Fspn, &["none"])),
        Condition::Excluding(is(Tkt, &["F", "FO", "x"])),
        Condition::Excluding(is(Fe, &["fwd", "exp", "be", "asc"])),
        Condition::Excluding(test("test-url-is-name", &["no"])),
        // The name that is missing is then the alias target's: another mode.
        Condition::Excluding(test("test-spn-is-url-host", &["no"])),
        // It exists in another forest, to which the name is not routed.
        Condition::Excluding(test("test-ticket-in-own-forest", &["yes"])),
        Condition::Excluding(test("test-suffix-routed", &["no"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Register {spn} and its short form on the account that runs the web application.",
        script: "setspn -S {spn} \"{fe}\"\nsetspn -S {spn_short} \"{fe}\"",
        language: Language::Cmd,
        undo: "setspn -D {spn} \"{fe}\"\nsetspn -D {spn_short} \"{fe}\"",
        verify: "klist purge & klist get {spn}",
        expect: "A ticket to {spn} has been retrieved successfully. Windows remembers an unknown name for 15 minutes, and other domain controllers need replication.",
        risk: "Not for the server's own computer name on a service account: WinRM and other services use HTTP/ there and break. An SPN on an account with a weak \
               password can be attacked offline: prefer a gMSA.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, status};
    use crate::report::Status::*;

    const NTLM: &str = "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\n\nGET / HTTP/1.1\nHost: intranet.contoso.com\nAuthorization: Negotiate TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAPRlAAAADw==\n";
    const NONE: &str =
        "C:\\> setspn -Q HTTP/intranet.contoso.com\nChecking domain DC=contoso,DC=com\n\nNo such SPN found.\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[NTLM, NONE]), Confirmed);
        assert_eq!(status(id, &[NONE]), Likely);
        assert_eq!(status(id, &[NTLM]), Possible);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, NONE]), RuledOut);
        // The name of another forest, or of another domain than the one that was searched.
        let abroad = |text: &str| text.replace("intranet.contoso.com", "apps.tailspin.com");
        assert_eq!(status(id, &[&abroad(NTLM), &abroad(NONE)]), Likely);
        assert_eq!(status(id, &[&abroad(NONE)]), Possible);
        assert_eq!(status(id, &[&abroad(NTLM), &abroad(NONE), "test-suffix-routed: yes"]), Confirmed);
        assert_eq!(status(id, &[&abroad(NTLM), &abroad(NONE).replace("DC=contoso", "DC=tailspin")]), Confirmed);
        let below = |text: &str| text.replace("intranet.contoso.com", "intranet.emea.contoso.com");
        assert_eq!(status(id, &[&below(NTLM), &below(NONE)]), Likely);
        assert_eq!(status(id, &[&below(NTLM), &below(NONE).replace("domain DC", "forest DC")]), Confirmed);
        // Another name than the site's was searched.
        assert_eq!(status(id, &[NTLM, &NONE.replace("HTTP/intranet", "HTTP/other")]), Possible);
    }
}
