//! # The SPN's owner is right, but the machine that answers has another key
//!
//! ## What it is
//! The name belongs to the right account, and still the ticket cannot be read: DNS or a hosts file leads to another machine, a
//! machine was set back to a snapshot, or a keytab holds an old key.
//!
//! ## Why the hop breaks
//! The ticket is encrypted with the account's present key. Whoever has another one answers KRB_AP_ERR_MODIFIED (41).
//!
//! ## What shows it
//! - Event 4 (or 41) although the account that answered owns the SPN.
//! - MIT: "kvno N not found in keytab; keytab is likely out of date".
//! - nslookup or the hosts file gives another machine's address; Test-ComputerSecureChannel says False.
//!
//! ## What rules it out
//! - Another account than the SPN's owner decrypts.
//! - The name leads to the right machine, its secure channel is good, the keytab has the present key version.
//!
//! ## Fix
//! Whichever it is: correct DNS, repair the secure channel, re-issue the keytab.
//!
//! ## Verify
//! After `klist purge` the page opens.
//!
//! ## Versions
//! No version dependence known. A server whose policy does not take the ticket's encryption type gives the same picture.
//!
//! ## Sources
//! - <https://techcommunity.microsoft.com/t5/ask-the-directory-services-team/kerberos-authentication-problems-8211-service-principal-name-spn/ba-p/395455>
//! - <https://docs.oracle.com/cd/E36784_01/html/E37126/makehtml-id-4.html>
//! - <https://github.com/MicrosoftDocs/PowerShell-Docs/blob/main/reference/5.1/Microsoft.PowerShell.Management/Test-ComputerSecureChannel.md>

use crate::modes::prelude::*;

const WHICH: Expr = any(&[
    test("test-keytab-out-of-date", &["yes"]),
    test("test-host-is-right", &["no"]),
    test("test-secure-channel", &["no"]),
]);

/// The mode.
pub const MODE: Mode = Mode {
    id: "key-or-host-mismatch",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Inferred,
    stage: Stage::Key,
    title: "The machine that answers for {site} does not have the key that belongs to {spn}.",
    says: "The SPN stands on the right account, but the ticket cannot be read: another machine answers, or the key there is an old one.",
    does_not_prove: "That it is the only difference between the machine and the directory.",
    row: Row {
        prior: 1,
        hop1: "R",
        scope: "all pc nd",
        tkt: "F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Hop1, &["R"])),
        Condition::Required(any(&[test("test-ticket-modified", &["yes"]), test("test-keytab-out-of-date", &["yes"])])),
        Condition::Required(WHICH),
        Condition::Decisive(test("test-keytab-out-of-date", &["yes"])),
        Condition::Decisive(all(&[
            test("test-ticket-modified", &["yes"]),
            test("test-spn-owner-decrypts", &["yes"]),
            WHICH,
        ])),
        Condition::Excluding(test("test-spn-owner-decrypts", &["no"])),
        Condition::Excluding(is(Fspn, &["none", "dup", "own"])),
        Condition::Excluding(test("test-etype-error", &["yes"])),
        Condition::Excluding(test("test-clock-error", &["yes"])),
        Condition::Excluding(all(&[
            test("test-ticket-modified", &["no"]),
            not(&test("test-keytab-out-of-date", &["yes"])),
        ])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "On Linux: re-issue the keytab with the present key version.",
            script: "klist -k -e /etc/krb5.keytab\nkvno {spn}",
            language: Language::Text,
            undo: "Keep a copy of the old keytab, readable by root only, until the page works.",
            verify: "klist -k -e <keytab>\nkvno {spn}",
            expect: "The same key version number in both; the page opens after kdestroy and a new ticket.",
            risk: "Tools that write a keytab (ktpass, msktutil) may reset the account's password: every other host and keytab that uses the account then stops.",
        },
        FixTemplate {
            who: Who::ServerAdmin,
            does: "On Windows: correct DNS and hosts files so that {site} leads to the web server; where the machine was set back, repair its secure channel.",
            script: "Resolve-DnsName {site}\nGet-Content $env:windir\\System32\\drivers\\etc\\hosts | Select-String '{site_short}'\nTest-ComputerSecureChannel -Verbose\n# Only when it says False:\nTest-ComputerSecureChannel -Repair -Credential (Get-Credential)",
            language: Language::PowerShell,
            undo: "Put the DNS or hosts entry back. A repaired secure channel needs no undo.",
            verify: "klist purge; klist get {spn}",
            expect: "The address is the web server's, the secure channel is True, and no event 4 follows.",
            risk: "The repair sets a new machine password: do it on the machine that is in use, not on a clone of it.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{event_4, setspn_of, status};
    use crate::report::Status::*;

    const LOG: &str = "[Mon Nov 23 03:09:07.867381 2026] [auth_gssapi:error] [pid 5356:tid 5356] [client 10.20.0.10:37988] GSS ERROR In Negotiate Auth: gss_accept_sec_context() failed: \
                       [Unspecified GSS failure.  Minor code may provide more information (Request ticket server HTTP/intranet.contoso.com@CONTOSO.COM kvno 5 not found in keytab; keytab is likely out of date)]";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[LOG]), Confirmed);
        assert_eq!(status("fe-spn-wrong-account", &[LOG]), Possible);
        // Java has one word for every wrong key: the two versions tell which.
        let java = "GSSException: Failure unspecified at GSS-API level (Mechanism level: Checksum failed)";
        let keys = |held: u32| {
            format!(
                "Keytab name: FILE:/etc/web.keytab\nKVNO Principal\n---- ---\n   {held} HTTP/intranet.contoso.com@CONTOSO.COM (aes256-cts-hmac-sha1-96)\n$ kvno HTTP/intranet.contoso.com\nHTTP/intranet.contoso.com@CONTOSO.COM: kvno = 6\n"
            )
        };
        assert_eq!(status(id, &[java, &keys(4)]), Confirmed);
        assert_eq!(status(id, &[java, &keys(6)]), Possible);
        assert_eq!(status(id, &[java, &keys(0)]), Possible);
        assert_eq!(status(id, &[java]), Possible);
        let owner =
            setspn_of(&[("CN=WEB01,CN=Computers,DC=contoso,DC=com", &["HOST/WEB01", "HTTP/intranet.contoso.com"])]);
        assert_eq!(status(id, &[&event_4("web01$"), &owner, "test-secure-channel: no\n"]), Confirmed);
        assert_eq!(status(id, &[&event_4("web01$"), &owner]), Possible);
        assert_eq!(status(id, &[&event_4("web02$"), &owner, "test-host-is-right: no\n"]), RuledOut);
        assert_eq!(
            status(
                id,
                &[
                    &event_4("web01$"),
                    &owner,
                    "test-secure-channel: yes\ntest-host-is-right: yes\ntest-keytab-out-of-date: no\n"
                ]
            ),
            RuledOut
        );
    }
}
