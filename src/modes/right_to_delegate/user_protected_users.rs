//! # The user is in Protected Users
//!
//! ## What it is
//! The user is a member of the group Protected Users. Its members get no forwardable tickets, no RC4, no NTLM, and a
//! ticket-granting ticket of about four hours.
//!
//! ## Why the hop breaks
//! Every kind of delegation starts from a forwardable ticket. The domain controller does not issue one to these users.
//!
//! ## What shows it
//! - klist on the PC: `forwardable` is missing everywhere, and the ticket-granting ticket lasts about four hours.
//! - The account: memberOf names Protected Users (RID 525); AccountNotDelegated may be False.
//! - `whoami /groups` on the PC shows a group that ends in -525.
//!
//! ## What rules it out
//! - The ticket-granting ticket is forwardable.
//! - The user is no member: look at nested groups, and at a fresh logon.
//!
//! ## Fix
//! Work with another account in this application. Taking the user out of the group is a decision about risk, and takes
//! a new logon.
//!
//! ## Verify
//! After leaving the group and a new logon: ticket-granting ticket 0x40e10000, about ten hours.
//!
//! ## Versions
//! The domain controller's part needs domain functional level 2012 R2. The specification says four hours; one Microsoft
//! page also speaks of 600 minutes.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/windows-server/security/credentials-protection-and-management/protected-users-security-group>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-kile/2a32282e-dd48-4ad9-a542-609804b02cc9>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "user-protected-users",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::User,
    title: "{user} is in Protected Users and cannot be delegated.",
    says: "The domain controller gives members of Protected Users no forwardable tickets, whatever is set at servers, browsers and policies. Other users are not affected.",
    does_not_prove: "That the site works for a user who may be delegated: test with one.",
    row: Row {
        prior: 2,
        hop1: "K P",
        scope: "us",
        tkt: "x",
        fe: "asc no",
        err: "none loc 13",
        bes: "anon",
        fspn: "ok",
        usr: "pu",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Usr, &["pu"])),
        Condition::Required(is(Tkt, &["x"])),
        Condition::Decisive(is(Usr, &["pu"])),
        Condition::Supporting(is(Tkt, &["x"])),
        Condition::Supporting(test("test-tgt-lifetime", &["short"])),
        Condition::Excluding(is(Usr, &["n", "nd"])),
        Condition::Excluding(test("test-client-tgt-forwardable", &["yes"])),
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
            does: "Only if the membership is wrong: take the user out of the group, then log off and on.",
            script: "Remove-ADGroupMember 'Protected Users' -Members '{user_bare}'",
            language: Language::PowerShell,
            undo: "Add-ADGroupMember 'Protected Users' -Members '{user_bare}'",
            verify: "Get-ADPrincipalGroupMembership '{user_bare}'; after a new logon: klist tgt",
            expect: "Protected Users is not listed, Ticket Flags 0x40e10000, about ten hours.",
            risk: "The group protects privileged accounts: without it, a server that may delegate can act as this user, and NTLM and RC4 come back. Never put service or computer accounts into it.",
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
            .replace("forwardable ", "")
            .replace("18:12:04", "12:12:04");
        let user = "# user\nName : alice\nAccountNotDelegated : False\nMemberOf : {CN=Protected Users,CN=Users,DC=contoso,DC=com}\n";
        assert_eq!(status(id, &[&restricted, user]), Confirmed);
        assert_eq!(status(id, &[&restricted]), Likely);
        assert_eq!(status(id, &[user]), Likely);
        // Direct groups only: it may be a group within a group.
        let nested = user.replace("CN=Protected Users,CN=Users", "CN=Tier 0,OU=Groups");
        assert_eq!(status(id, &[&restricted, &nested]), Likely);
        let sensitive = user.replace("False", "True").replace("Protected Users", "Staff");
        assert_eq!(status(id, &[&restricted, &sensitive]), RuledOut);
        assert_eq!(status(id, &[&restricted.replace("12:12:04", "18:12:04")]), Possible);
        assert_eq!(status(id, &[KLIST_DELEGATABLE]), RuledOut);
    }
}
