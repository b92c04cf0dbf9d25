//! # The browser runs in a Remote Desktop session without a ticket of its own
//!
//! ## What it is
//! The session was opened with Remote Credential Guard or Restricted Admin. There is no ticket-granting ticket in it
//! that could be handed to a server.
//!
//! ## Why the hop breaks
//! With Remote Credential Guard every request for a ticket goes back to the PC from which the session was opened; with
//! Restricted Admin the session acts on the network as the computer account. Neither has a ticket-granting ticket to
//! forward.
//!
//! ## What shows it
//! - The session was opened with `mstsc /remoteGuard` or `/restrictedAdmin`, or by the policy "Restrict delegation of
//!   credentials to remote servers".
//! - The same page works at the console of the same PC.
//! - klist in the session shows few tickets, or the computer's.
//!
//! ## What rules it out
//! - It fails at the console in the same way.
//!
//! ## Fix
//! Use constrained or resource-based delegation for the application, or an ordinary Remote Desktop session for this
//! task.
//!
//! ## Verify
//! The same page works from the console session of the same PC.
//!
//! ## Versions
//! Windows 10 1607 and Windows Server 2016 or later. Field knowledge: no published klist of such a session was found.
//!
//! ## Sources
//! - <https://admx.help/?Category=Windows_10_2016&Policy=Microsoft.Policies.CredentialsSSP::RestrictedRemoteAdministration>

use super::constrained_fix::CONSTRAINED_INSTEAD;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "remote-credential-guard-session",
    hop: Hop::Browser,
    basis: Basis::Field,
    stage: Stage::Ask,
    title: "The browser runs in a Remote Desktop session that has no ticket-granting ticket to hand over.",
    says: "The session was opened with Remote Credential Guard or Restricted Admin, so the user's ticket-granting ticket stays where the session was opened. {site} gets a service ticket at most.",
    does_not_prove: "That the page works outside of this session: try it at the console.",
    row: Row {
        prior: 1,
        hop1: "K N",
        scope: "pc",
        tkt: "FO 0",
        model: "U",
        fe: "asc no",
        err: "none -",
        bes: "anon",
        fspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-remote-guard-session", &["yes"])),
        Condition::Required(test("test-works-at-console", &["yes"])),
        Condition::Decisive(all(&[
            test("test-remote-guard-session", &["yes"]),
            test("test-works-at-console", &["yes"]),
        ])),
        Condition::Supporting(test("test-remote-guard-session", &["yes"])),
        Condition::Supporting(is(Scope, &["pc"])),
        Condition::Excluding(test("test-works-at-console", &["no"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        Condition::Excluding(test("test-forwarded-tgt-on-client", &["yes"])),
        Condition::Excluding(test("test-unconstrained-design", &["no"])),
        Condition::Excluding(is(Tkt, &["F", "x"])),
    ],
    fixes: &[
        CONSTRAINED_INSTEAD,
        FixTemplate {
            who: Who::ClientAdmin,
            does: "For this task open an ordinary Remote Desktop session, or work at the console.",
            script: "mstsc /v:<server>",
            language: Language::Cmd,
            undo: "Close the session.",
            verify: "klist tgt, in the new session",
            expect: "A krbtgt ticket with Ticket Flags 0x40e10000.",
            risk: "An ordinary session leaves credentials on the remote machine: use it only on machines that you trust with them.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        // Field knowledge stays likely.
        assert_eq!(status(id, &["test-remote-guard-session: yes\ntest-works-at-console: yes\n"]), Likely);
        assert_eq!(
            status(id, &["symptom: 401 from the report\nsession: RDP, mstsc /remoteGuard\nworks_at_console: yes\n"]),
            Likely
        );
        assert_eq!(
            status(id, &["session: RDP, mstsc /remoteGuard\nbrowser: Edge 138\nworks_at_console: no\n"]),
            RuledOut
        );
        assert_eq!(status(id, &["browser: Edge 138\nsession: RDP\nworks_at_console: yes\n"]), Possible);
    }
}
