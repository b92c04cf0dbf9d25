//! # Credential Guard on the PC blocks unconstrained delegation
//!
//! ## What it is
//! Everything is set for unconstrained delegation, but Credential Guard on the user's PC refuses to hand over a
//! ticket-granting ticket. Every browser on that PC is affected.
//!
//! ## Why the hop breaks
//! With Credential Guard the ticket-granting ticket's key never leaves its isolated store, so Windows cannot put a
//! forwarded ticket into the token. Constrained and resource-based delegation need no such ticket and are not affected.
//!
//! ## What shows it
//! - The PC's log Security-Kerberos/Operational, event 201, names the browser and the server.
//! - klist on the PC looks right (0x40e10000, 0x40a50000), and there is no forwarded krbtgt ticket (0x60a10000).
//! - The browser asks to delegate (net-export, delegated true).
//! - SecurityServicesRunning of Win32_DeviceGuard contains 1; PCs without it work; IE mode fails too.
//!
//! ## What rules it out
//! - SecurityServicesRunning does not contain 1.
//! - A forwarded ticket-granting ticket is in the PC's cache, or arrived at the web server.
//! - The browser does not ask, or the ticket has no `ok_as_delegate`: then that is the fault.
//!
//! ## Fix
//! Move the application to constrained or resource-based delegation. Turning Credential Guard off is not recommended.
//!
//! ## Verify
//! With constrained delegation a ticket for the back end stands in the user's session on the web server; the browser's
//! flag no longer matters.
//!
//! ## Versions
//! On by default on eligible Windows 11 22H2 and later (Enterprise, Education) and on Windows Server 2025. LSA
//! protection (RunAsPPL) alone is not known to block delegation. Whether anything else writes event 201 is not stated.
//! The log is normally off: its silence proves nothing.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/windows/security/identity-protection/credential-guard/considerations-known-issues>
//! - <https://github.com/microsoft/CSS_SQL_Networking_Tools/wiki/2001-Windows-10-Enterprise-Breaks-Delegation>
//! - <https://detection-wiki-dev.pages.dev/microsoft-windows-security-kerberos/>

use super::constrained_fix::CONSTRAINED_INSTEAD;
use crate::modes::prelude::*;
use crate::modes::second_hop::resource_fix::NAME_FRONT_END;

/// The mode.
pub const MODE: Mode = Mode {
    id: "credential-guard-blocks-unconstrained",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ask,
    title: "Credential Guard on the user's PC blocks unconstrained delegation to {site}.",
    says: "The browser asks to delegate and {fe} is trusted for it, but Windows does not hand over a ticket-granting ticket while Credential Guard runs. No browser policy changes that.",
    does_not_prove: "That {be} accepts the user once another kind of delegation is set up.",
    row: Row {
        prior: 4,
        hop1: "K",
        scope: "pc",
        asked: "y",
        tkt: "FO",
        model: "U",
        fe: "asc",
        err: "none 13",
        bes: "anon",
        fspn: "ok",
        pol: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(any(&[
            test("test-delegation-blocked-event", &["yes"]),
            test("test-unconstrained-design", &["yes"]),
        ])),
        Condition::Required(any(&[
            test("test-delegation-blocked-event", &["yes"]),
            test("test-credential-guard", &["yes"]),
        ])),
        Condition::Required(any(&[test("test-delegation-blocked-event", &["yes"]), is(Asked, &["y"])])),
        Condition::Required(any(&[test("test-delegation-blocked-event", &["yes"]), is(Tkt, &["FO"])])),
        Condition::Decisive(test("test-delegation-blocked-event", &["yes"])),
        Condition::Decisive(all(&[is(Asked, &["y"]), is(Tkt, &["FO"]), test("test-credential-guard", &["yes"])])),
        Condition::Supporting(test("test-credential-guard", &["yes"])),
        Condition::Supporting(is(Scope, &["pc"])),
        Condition::Supporting(all(&[is(Tkt, &["FO"]), test("test-credential-guard", &["yes"])])),
        Condition::Excluding(test("test-credential-guard", &["no"])),
        Condition::Excluding(test("test-forwarded-tgt-on-client", &["yes"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        Condition::Excluding(test("test-unconstrained-design", &["no"])),
        Condition::Excluding(test("test-client-posix", &["yes"])),
        Condition::Excluding(test("test-client-tgt-forwardable", &["no"])),
        Condition::Excluding(is(Asked, &["n"])),
        Condition::Excluding(is(Tkt, &["F", "x"])),
        Condition::Excluding(is(Hop1, &["N", "R"])),
    ],
    fixes: &[
        CONSTRAINED_INSTEAD,
        NAME_FRONT_END,
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Not recommended: turn Credential Guard off on these PCs.",
            script: "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa /v LsaCfgFlags /t REG_DWORD /d 0 /f\n# a policy (Turn On Virtualization Based Security) must say the same; restart; a UEFI lock must be removed at the machine",
            language: Language::PowerShell,
            undo: "reg delete HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa /v LsaCfgFlags /f   # then restart",
            verify: "(Get-CimInstance -Namespace root\\Microsoft\\Windows\\DeviceGuard Win32_DeviceGuard).SecurityServicesRunning",
            expect: "1 is not in the list.",
            risk: "Every password hash and ticket of that PC can then be stolen from its memory, and the web server again receives every visitor's ticket-granting ticket.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    const EVENT_201: &str = "Log Name:      Microsoft-Windows-Kerberos/Operational\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      201\nLevel:         Warning\nComputer:      PC0417.contoso.com\nDescription:\nUnconstrained delegation was blocked for this user.\n\nTarget Server Name: HTTP/intranet.contoso.com\nUser Name: alice\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let asked = NET_EXPORT_NOT_ASKED.replacen(
            "\"delegated\":false,\"mutual\":false,\"value\":\"0x00000000\"",
            "\"delegated\":true,\"mutual\":true,\"value\":\"0x00000003\"",
            1,
        );
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &asked, "test-credential-guard: yes"]), Confirmed);
        assert_eq!(
            status(
                id,
                &[KLIST_DELEGATABLE, &asked, "browser: Edge 138\ndevice_guard: SecurityServicesRunning = {1, 2}"]
            ),
            Confirmed
        );
        assert_eq!(
            status(id, &[KLIST_DELEGATABLE, &asked, "browser: Edge 138\ndevice_guard: SecurityServicesRunning = {0}"]),
            RuledOut
        );
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &asked]), Possible);
        assert_eq!(status(id, &[EVENT_201]), Confirmed);
        assert_eq!(status(id, &[EVENT_201, "intended_model: constrained"]), RuledOut);
        // A domain controller's event of the same number is about RC4.
        let rc4 = EVENT_201
            .replace("Unconstrained delegation was blocked", "msDS-SupportedEncryptionTypes is not set: RC4 was used")
            .replace("Microsoft-Windows-Security-Kerberos", "Microsoft-Windows-Kerberos-Key-Distribution-Center");
        assert_eq!(status(id, &[&rc4]), Possible);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, "test-credential-guard: yes"]), RuledOut);
    }
}
