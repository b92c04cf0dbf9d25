//! # The user is marked as sensitive: cannot be delegated
//!
//! ## What it is
//! The user's account has "Account is sensitive and cannot be delegated" (NOT_DELEGATED, 0x100000). None of its tickets is ever
//! forwardable.
//!
//! ## Why the hop breaks
//! Every kind of delegation starts from a forwardable ticket: forwarding a ticket-granting ticket, constrained delegation, and
//! since March 2021 resource-based delegation too.
//!
//! ## What shows it
//! - klist on the PC: `forwardable` is missing on the ticket-granting ticket (0x00e10000) *and* on the service tickets.
//! - The account: AccountNotDelegated True.
//! - Only some users fail: administrators.
//!
//! ## What rules it out
//! - The ticket-granting ticket is forwardable.
//! - The flag is clear; then look for Protected Users (tickets of about four hours).
//!
//! ## Fix
//! Test and work with an account that may be delegated. Clear the flag only where it is wrong: it protects privileged accounts.
//!
//! ## Verify
//! After a new logon the ticket-granting ticket reads 0x40e10000.
//!
//! ## Versions
//! Same for unconstrained and constrained delegation; for resource-based since the enforcement of March 2021 (CVE-2020-16996).
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/dd302fd1-0aa7-406b-ad91-2a6b35738557>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-kile/2a32282e-dd48-4ad9-a542-609804b02cc9>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/ddb2cafd-1f01-4834-b52a-d4a5b34cd960>
//! - <https://support.microsoft.com/en-us/topic/kb4577252-managing-deployment-of-rbcd-protected-user-changes-for-cve-2020-16996-9a59a49f-20b9-a292-f205-da9da0ff24d3>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "user-not-delegated",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::User,
    title: "{user} is marked as sensitive and cannot be delegated.",
    says: "None of this user's tickets is forwardable, because the account is marked \"sensitive and cannot be delegated\". No server, browser or policy setting \
           changes that: other users are not affected.",
    does_not_prove: "That the site works for a user who may be delegated: test with one.",
    row: Row {
        prior: 4,
        hop1: "K",
        scope: "us all",
        tkt: "x",
        fe: "asc",
        err: "none loc 13",
        bes: "anon",
        fspn: "ok",
        usr: "nd",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Usr, &["nd"])),
        Condition::Required(is(Tkt, &["x"])),
        Condition::Decisive(is(Usr, &["nd"])),
        Condition::Supporting(is(Tkt, &["x"])),
        Condition::Supporting(test("test-tgt-lifetime", &["long"])),
        Condition::Excluding(is(Fe, &["fwd", "exp", "be"])),
        Condition::Excluding(is(Usr, &["n", "pu"])),
        Condition::Excluding(test("test-user-marked-sensitive", &["no"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Use an account that may be delegated for this application. That is usually the right answer.",
            script: "",
            language: Language::Text,
            undo: "",
            verify: "klist tgt",
            expect: "Ticket Flags 0x40e10000, with forwardable, for the other account.",
            risk: "",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "Only if the mark is wrong: clear it, then log off and on.",
            script: "Set-ADUser '{user_bare}' -AccountNotDelegated $false",
            language: Language::PowerShell,
            undo: "Set-ADUser '{user_bare}' -AccountNotDelegated $true",
            verify: "Get-ADUser '{user_bare}' -Properties AccountNotDelegated; after a new logon: klist tgt",
            expect: "AccountNotDelegated is False, Ticket Flags 0x40e10000.",
            risk: "The mark is a deliberate protection of privileged accounts: a server that may delegate could then act as this user.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let restricted = KLIST_DELEGATABLE
            .replace("0x40e10000", "0x00e10000")
            .replace("0x40a50000", "0x00a50000")
            .replace("forwardable ", "");
        let user = "# user\nName : alice\nAccountNotDelegated : True\nuserAccountControl : 1114624\n";
        assert_eq!(status(id, &[&restricted, user]), Confirmed);
        assert_eq!(status(id, &[&restricted]), Likely);
        // Not marked, and the groups were not shown, or not all of them: something else, whatever it is.
        let unmarked = user.replace("True", "False").replace("1114624", "66048");
        assert_eq!(status(id, &[&restricted, &unmarked]), RuledOut);
        let cut = format!("{unmarked}MemberOf : {{CN=Staff,DC=contoso,DC=com...}}\n");
        assert_eq!(status(id, &[&restricted, &cut]), RuledOut);
        // Four hours: Protected Users.
        assert_eq!(status(id, &[&restricted.replace("18:12:04", "12:12:04")]), Possible);
        assert_eq!(status(id, &[KLIST_DELEGATABLE]), RuledOut);
    }
}
