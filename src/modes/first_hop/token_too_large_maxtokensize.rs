//! # The Kerberos token does not fit the buffer (MaxTokenSize)
//!
//! ## What it is
//! The user's ticket with all groups is longer than the buffer that Windows reserves for a token on this machine.
//!
//! ## Why the hop breaks
//! The token cannot be built or taken, so Kerberos fails on the PC or on the server and NTLM or a prompt follows.
//!
//! ## What shows it
//! - System log, Security-Kerberos, event 6: output token too large for the buffer. Only some users are concerned.
//!
//! ## What rules it out
//! - A token is sent. A server that then answers HTTP 400 has its own limit.
//!
//! ## Fix
//! MaxTokenSize 48000 on every tier (the default since Windows 8 and Server 2012), and fewer groups.
//!
//! ## Verify
//! No further event 6, and klist shows the ticket.
//!
//! ## Versions
//! The default was 12000 before Windows 8 and Server 2012 and is 48000 since. The limit of 1010 SIDs is another one.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-problems-if-user-belongs-to-groups>
//! - <https://detection-wiki-dev.pages.dev/microsoft-windows-security-kerberos/>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "token-too-large-maxtokensize",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "The user's Kerberos token does not fit the buffer (MaxTokenSize), so Kerberos fails.",
    says: "The user is in so many groups that the token is longer than the machine's buffer. Windows reports event 6, and no Kerberos token reaches {site}.",
    does_not_prove: "On which machine the limit is too low: it is the one that logs the event.",
    row: Row { prior: 1, hop1: "N P B", scope: "us", tkt: "0 F", fe: "no", err: "-", bes: "-", fspn: "ok", ..Row::ANY },
    conditions: &[
        Condition::Required(test("test-token-buffer-error", &["yes"])),
        Condition::Required(is(Hop1, &["N", "P", "B"])),
        Condition::Decisive(test("test-token-buffer-error", &["yes"])),
        // The browser made and sent the token, and the server found it too long. HTTP 400 alone does not say that much.
        Condition::Excluding(all(&[
            is(Hop1, &["B"]),
            test("test-header-too-long", &["yes"]),
            test("test-negotiate-handler", &["created"]),
        ])),
    ],
    fixes: &[FixTemplate {
        who: Who::ClientAdmin,
        does: "Set MaxTokenSize to 48000 on the machine that logs event 6 and on every machine of the way, then restart them. Reduce the user's groups.",
        script: "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Kerberos\\Parameters /v MaxTokenSize /t REG_DWORD /d 48000 /f",
        language: Language::Cmd,
        undo: "reg delete HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Kerberos\\Parameters /v MaxTokenSize /f",
        verify: "klist purge & klist get {spn}",
        expect: "A ticket, no further event 6, and the page opens signed in.",
        risk: "Not more than 48000: in a header the token grows by a third and then exceeds IIS' 64 KB. A token that now fits may be too long for the server's header limit (HTTP 400).",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, NTLM_TOKEN, status};
    use crate::report::Status::*;

    const EVENT: &str = "Log Name:      System\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      6\nComputer:      PC17.contoso.com\nDescription:\n\
                         The kerberos SSPI package generated an output token of size 21043 bytes, which was too large to fit in the token buffer of size 12000 bytes, provided by process id 4. \
                         The output SSPI token being too large is probably the result of the user alice@CONTOSO.COM being a member of a large number of groups.\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[NTLM_TOKEN, EVENT]), Confirmed);
        assert_eq!(status(id, &[EVENT]), Likely);
        assert_eq!(status(id, &[NTLM_TOKEN]), Possible);
        assert_eq!(status(id, &[NTLM_TOKEN, "test-token-buffer-error: no\n"]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, EVENT]), RuledOut);
    }
}
