//! # The SPN belongs to another account than the one that runs the application
//!
//! ## What it is
//! The name that the browser asks for has one owner, but the process that should decrypt the ticket runs as somebody else.
//!
//! ## Why the hop breaks
//! The domain controller encrypts the ticket for the SPN's owner. Any other account has another key, cannot read the ticket
//! and answers KRB_AP_ERR_MODIFIED (41).
//!
//! ## What shows it
//! - Event 4 on the PC: the target name is the SPN, the server that is named is the account that answered. It is not the owner
//!   that `setspn -Q` shows.
//! - The application pool's identity differs from the owner.
//! - A 401 again and again; the server's answer carries the Kerberos error 41.
//!
//! ## What rules it out
//! - The owner is the account that decrypts: the pool's (user mode, or useAppPoolCredentials), or the computer's (kernel mode).
//! - 37 instead of 41 means the clocks.
//!
//! ## Fix
//! Move the SPN to the account that runs the application, or set the pool's identity back. In a farm all nodes share one.
//!
//! ## Verify
//! The page opens, and the web server logs 4624 with package Kerberos.
//!
//! ## Versions
//! No version dependence known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-error-kdc-err-s-principal-unknown-or-not-unique>
//! - <https://detection-wiki-dev.pages.dev/microsoft-windows-security-kerberos/>
//! - <https://techcommunity.microsoft.com/t5/ask-the-directory-services-team/kerberos-authentication-problems-8211-service-principal-name-spn/ba-p/395455>

use super::identity::{MACHINE_FOR_SERVICE, ONE_MACHINE_FOR_ANOTHER};
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-spn-wrong-account",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "{spn} belongs to another account than the one that runs the web application, which therefore cannot read the ticket.",
    says: "The ticket for {site} is encrypted for the owner of {spn}. Another account tries to decrypt it and fails (KRB_AP_ERR_MODIFIED). This is not a delegation problem yet.",
    does_not_prove: "Which of the two accounts is the intended one.",
    row: Row { prior: 5, hop1: "R", scope: "all", tkt: "F FO", fe: "no", err: "-", bes: "-", fspn: "own", ..Row::ANY },
    conditions: &[
        Condition::Required(is(Hop1, &["R"])),
        Condition::Required(any(&[is(Fspn, &["own"]), test("test-spn-owner-decrypts", &["no"])])),
        Condition::Decisive(all(&[
            any(&[is(Fspn, &["own"]), test("test-spn-owner-decrypts", &["no"])]),
            any(&[not(&MACHINE_FOR_SERVICE), test("test-kernel-mode-decrypts", &["no"])]),
            // Nodes behind one name look like this: only on all nodes it is this mode.
            any(&[not(&ONE_MACHINE_FOR_ANOTHER), is(Scope, &["all", "cr", "us"])]),
        ])),
        Condition::Excluding(test("test-spn-owner-decrypts", &["yes"])),
        Condition::Excluding(test("test-kernel-mode-decrypts", &["yes"])),
        // Without an HTTP SPN the computer's HOST/ stands in, and a pool under a user account cannot decrypt that ticket.
        Condition::Excluding(is(Fspn, &["dup", "form"])),
        Condition::Excluding(is(Scope, &["nd"])),
        Condition::Excluding(test("test-nodes-same-identity", &["no"])),
        Condition::Excluding(test("test-clock-error", &["yes"])),
        Condition::Excluding(test("test-ticket-modified", &["no"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::AdAdmin,
            does: "Move {spn} and its short form from the present owner to the account that runs the application.",
            script: "setspn -Q {spn}\nsetspn -D {spn} <present owner>\nsetspn -S {spn} <account that runs the application>\nsetspn -D {spn_short} <present owner>\nsetspn -S {spn_short} <account that runs the application>",
            language: Language::Cmd,
            undo: "setspn -D {spn} <account that runs the application>\nsetspn -S {spn} <present owner>\nsetspn -D {spn_short} <account that runs the application>\nsetspn -S {spn_short} <present owner>",
            verify: "setspn -Q {spn}\nklist purge & klist get {spn}",
            expect: "The owner is the account that runs the application; the page opens, and the web server logs 4624 with package Kerberos.",
            risk: "Whatever still runs as the present owner under this name stops. SPNs on user accounts with weak passwords can be attacked offline: prefer a gMSA. \
                   Not for the server's own computer name on a service account: WinRM uses HTTP/ on the computer account and breaks.",
        },
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Or give the application pool back the identity that owns {spn}.",
            script: "",
            language: Language::Text,
            undo: "IIS Manager, Application Pools, Advanced Settings, Identity: the identity of now.",
            verify: "IIS Manager, Application Pools, Advanced Settings, Identity",
            expect: "The identity is the owner of {spn}; with kernel mode on, useAppPoolCredentials is on too.",
            risk: "The delegation settings that count are those of the account that decrypts: check them on that account afterwards.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, event_4, setspn_of, status};
    use crate::report::Status::*;

    fn owner(name: &str) -> String {
        setspn_of(&[(
            &format!("CN={name},OU=Service,DC=contoso,DC=com"),
            &["HTTP/intranet.contoso.com", "HTTP/intranet"],
        )])
    }

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[&event_4("svc-web"), &owner("svc-old")]), Confirmed);
        assert_eq!(status(id, &[&event_4("svc-web"), &owner("svc-web")]), RuledOut);
        assert_eq!(status(id, &[&event_4("svc-web")]), Possible);
        assert_eq!(status(id, &[&owner("svc-old")]), Possible);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, &owner("svc-old")]), RuledOut);
        // The account's display name tells nothing about its logon name.
        assert_eq!(status(id, &[&event_4("svc-web"), &owner("Web Portal Service")]), Possible);
    }

    #[test]
    fn neighbours() {
        let computer =
            setspn_of(&[("CN=WEB02,CN=Computers,DC=contoso,DC=com", &["HOST/WEB02", "HTTP/intranet.contoso.com"])]);
        assert_eq!(status(super::MODE.id, &[&event_4("svc-web"), &computer]), Confirmed);
        // Another computer than the one with the SPN: perhaps a node behind a common name.
        assert_eq!(status(super::MODE.id, &[&event_4("web01$"), &computer]), Possible);
        assert_eq!(status(super::MODE.id, &[&event_4("web01$"), &computer, "scope: all\n"]), Confirmed);
        // The computer answers for a service account: kernel mode is the likelier reason.
        assert_eq!(status(super::MODE.id, &[&event_4("web01$"), &owner("svc-web")]), Possible);
        assert_eq!(
            status(super::MODE.id, &[&event_4("web01$"), &owner("svc-web"), "test-kernel-mode-decrypts: no\n"]),
            Confirmed
        );
    }
}
