//! # The web server's own account has no ticket-granting ticket
//!
//! ## What it is
//! The service that should act for the user cannot sign in to the domain itself: it runs as LocalService or a local user, its
//! password is wrong, or the computer's secure channel is broken.
//!
//! ## Why the hop breaks
//! To ask for a ticket on behalf of a user, a service presents its own ticket-granting ticket. Without one it asks nobody, and the
//! request fails on the spot.
//!
//! ## What shows it
//! - `klist -li 0x3e7` (or the session of the application pool) shows no krbtgt right after the page was loaded.
//! - Netlogon 5719 or 3210, LSA 40960; for a managed service account Kerberos/Operational 105.
//! - The application pool's identity is LocalService or a local user.
//!
//! ## What rules it out
//! - The service's session holds krbtgt, PRIMARY.
//! - A domain controller answered the request for the back end, with whatever error.
//!
//! ## Fix
//! Repair the secure channel, make the managed account's password readable for this server, or give the application a domain identity.
//!
//! ## Verify
//! `klist -li` for the service's session shows krbtgt.
//!
//! ## Versions
//! No dependence on a version is known. That this breaks S4U2proxy follows from the protocol; it was not seen written down.
//!
//! ## Sources
//! - <https://detection-wiki-dev.pages.dev/microsoft-windows-security-kerberos/>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-service-no-tgt",
    hop: Hop::FrontEnd,
    basis: Basis::Inferred,
    stage: Stage::Right,
    title: "{site} has no ticket-granting ticket of its own, so it cannot ask for one on the user's behalf.",
    says: "A service asks for tickets on behalf of users with its own ticket-granting ticket. The account that runs the web application has none, so no domain controller is ever asked for {be}.",
    does_not_prove: "Why it has none: look at the secure channel, the account's password and the pool's identity.",
    row: Row {
        prior: 2,
        hop1: "K",
        scope: "all nd",
        asked: "n y -",
        tkt: "F",
        model: "C T R 0",
        fe: "asc",
        err: "loc",
        bes: "anon",
        dom: "same xdom",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(any(&[test("test-service-has-tgt", &["no"]), test("test-service-identity", &["local"])])),
        Condition::Decisive(all(&[
            any(&[test("test-service-has-tgt", &["no"]), test("test-service-identity", &["local"])]),
            is(Err, &["loc"]),
        ])),
        Condition::Supporting(test("test-service-has-tgt", &["no"])),
        Condition::Supporting(test("test-service-identity", &["local"])),
        Condition::Supporting(test("test-domain-sign-in-errors", &["yes"])),
        Condition::Excluding(test("test-service-has-tgt", &["yes"])),
        Condition::Excluding(is(Model, &["U"])),
        Condition::Excluding(is(Fe, &["be", "fwd", "exp"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "41"])),
        Condition::Excluding(is(Tkt, &["x"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Find out which of the three it is, and mend that one: the secure channel, the managed account, or the pool's identity.",
        script: "Test-ComputerSecureChannel -Verbose\nTest-ComputerSecureChannel -Repair -Credential (Get-Credential)   # only when the line above says False\nTest-ADServiceAccount <gMSA>                                       # only for a managed service account\nGet-ItemProperty IIS:\\AppPools\\<application pool> -Name processModel | Select-Object identityType,userName",
        language: Language::PowerShell,
        undo: "The repair needs no undo. Set the former identity on the pool again when it was changed.",
        verify: "klist -li 0x<session of the application pool> (LocalSystem 0x3e7, NetworkService 0x3e4), elevated, right after loading the page",
        expect: "krbtgt with Cache Flags PRIMARY.",
        risk: "A new identity needs the SPNs, the delegation settings and rights of the old one. Never solve it with a local administrator's account.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let empty = "C:\\>klist -li 0x3e7\n\nCurrent LogonId is 0:0x5b1f2\nTargeted LogonId is 0:0x3e7\n\nCached Tickets: (0)\n";
        assert_eq!(status(id, &[empty, "err: loc\nhop1: K\n"]), Confirmed);
        assert_eq!(status(id, &[empty]), Possible);
        let channel = "Log Name:      System\nSource:        LsaSrv\nEvent ID:      40960\nComputer:      WEB07.contoso.com\nDescription:\nThe Security System detected an authentication error. \
                       The Security System could not establish a secured connection with the server ldap/DC02.contoso.com. No authentication protocol was available.\n";
        assert_eq!(status(id, &[empty, channel]), Likely);
        assert_eq!(status(id, &["test-service-has-tgt: no\n", "test-service-identity: local\n"]), Likely);
        assert_eq!(status(id, &["err: loc\n"]), Possible);
        assert_eq!(status(id, &["err: loc\ntest-service-has-tgt: yes\n"]), RuledOut);
        assert_eq!(status(id, &["err: 13\ntest-service-has-tgt: no\n"]), RuledOut);
        assert_eq!(status(id, &["err: loc\ntest-service-has-tgt: no\nmodel: U\n"]), RuledOut);
    }
}
