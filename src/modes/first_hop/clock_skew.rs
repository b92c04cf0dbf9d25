//! # The clocks are too far apart
//!
//! ## What it is
//! The clock of the PC, the web server or a domain controller differs from the others by more than the limit (5 minutes).
//!
//! ## Why the hop breaks
//! Kerberos proves freshness by time. A ticket or authenticator from too far away is refused, by the server
//! (KRB_AP_ERR_SKEW, 37) or by the domain controller.
//!
//! ## What shows it
//! - 0x25 KRB_AP_ERR_SKEW in an event or in the server's answer; "Clock skew too great" in a log.
//! - The server refuses the ticket, and its `Date:` header is minutes away from the browser's clock.
//!
//! ## What rules it out
//! - The clocks agree and nobody reports 37. A wrong key looks alike to the browser (41 instead of 37).
//!
//! ## Fix
//! Set the wrong machine's clock, then its time source. Do not raise the limit.
//!
//! ## Verify
//! `w32tm /stripchart /computer:<dc> /samples:5 /dataonly` shows less than a second on every machine.
//!
//! ## Versions
//! No version dependence known.
//!
//! ## Sources
//! - <https://www.rfc-editor.org/rfc/rfc4120>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "clock-skew",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Ground,
    title: "The clocks are too far apart: Kerberos tickets for {site} are refused.",
    says: "Kerberos accepts at most five minutes between the clocks. Here they differ by more, so tickets are refused before anything else is looked at.",
    does_not_prove: "Which of the machines is wrong: compare each with a domain controller.",
    row: Row {
        prior: 2,
        hop1: "R N P",
        scope: "pc nd",
        tkt: "0 F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(any(&[is(Hop1, &["R", "N", "P"]), test("test-clock-error", &["yes"])])),
        Condition::Decisive(test("test-clock-error", &["yes"])),
        Condition::Decisive(all(&[test("test-clocks-agree", &["no"]), is(Hop1, &["R"])])),
        Condition::Excluding(is(Fe, &["fwd", "be"])),
        Condition::Excluding(is(Hop1, &["K"])),
        Condition::Excluding(all(&[test("test-clocks-agree", &["yes"]), not(&test("test-clock-error", &["yes"]))])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Set the clock of the machine that is wrong, and look at where it gets its time from.",
        script: "w32tm /query /status\nw32tm /resync /rediscover",
        language: Language::Cmd,
        undo: "Nothing to undo.",
        verify: "w32tm /stripchart /computer:<domain controller> /samples:5 /dataonly",
        expect: "Less than a second of difference on the PC, on {site} and on every domain controller.",
        risk: "Do not raise the Kerberos limit instead. A virtual machine may get its time from its host: repair the host, or it comes back.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    const LOG: &str = "[Mon Nov 23 03:09:07.867381 2026] [auth_gssapi:error] [pid 5356:tid 5356] [client 10.20.0.10:37988] GSS ERROR In Negotiate Auth: \
                       gss_accept_sec_context() failed: [Unspecified GSS failure.  Minor code may provide more information (Clock skew too great)]";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[LOG]), Confirmed);
        assert_eq!(
            status(id, &[&LOG.replace("Clock skew too great", "Request ticket server HTTP/x not found")]),
            Possible
        );
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED]), RuledOut);
    }
}
