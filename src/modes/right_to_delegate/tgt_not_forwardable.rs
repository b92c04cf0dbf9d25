//! # The user's ticket-granting ticket is not forwardable, although the account may be delegated
//!
//! ## What it is
//! The account is an ordinary one, but the ticket-granting ticket in this session was issued without `forwardable`.
//!
//! ## Why the hop breaks
//! Nothing that is derived from such a ticket can be forwarded or used for constrained delegation.
//!
//! ## What shows it
//! - klist on the PC: krbtgt without `forwardable` (0x00e10000); elsewhere `klist -f` without F.
//! - The account: AccountNotDelegated False, not in Protected Users.
//!
//! ## What rules it out
//! - The ticket-granting ticket is forwardable.
//! - The account is marked as sensitive, or in Protected Users (directly or through a group).
//!
//! ## Fix
//! Get a new ticket: lock and unlock, or log off and on; Windows asks for a forwardable one. With MIT Kerberos: `kinit
//! -f`, or `forwardable = true`.
//!
//! ## Verify
//! klist tgt: 0x40e10000.
//!
//! ## Versions
//! Inferred from the specification. MIT's default is not forwardable. Some realms withhold it on purpose.
//!
//! ## Sources
//! - <https://www.rfc-editor.org/rfc/rfc4120>
//! - <https://web.mit.edu/kerberos/krb5-latest/doc/admin/conf_files/krb5_conf.html>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "tgt-not-forwardable",
    hop: Hop::FrontEnd,
    basis: Basis::Inferred,
    stage: Stage::User,
    title: "The ticket-granting ticket of {user} is not forwardable, although the account may be delegated.",
    says: "The directory lets {user} be delegated, but the ticket of this session was issued without forwardable: it is older than a change, or was asked for without it. Nothing derived from it can be delegated.",
    does_not_prove: "Why the ticket was issued so, and that delegation works with a new one.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "us pc",
        tkt: "x",
        fe: "asc",
        err: "none loc 13",
        bes: "anon",
        fspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-client-tgt-forwardable", &["no"])),
        Condition::Required(is(Usr, &["n"])),
        Condition::Decisive(all(&[test("test-client-tgt-forwardable", &["no"]), is(Usr, &["n"])])),
        Condition::Excluding(is(Usr, &["nd", "pu"])),
        Condition::Excluding(is(Tkt, &["F", "FO"])),
        Condition::Excluding(test("test-tgt-lifetime", &["short"])),
        // It may be from before the user's mark went.
        Condition::Excluding(all(&[test("test-ticket-older-than-change", &["yes"]), is(Tkt, &["x"])])),
        // Elsewhere the browser's own case says more.
        Condition::Excluding(all(&[test("test-client-posix", &["yes"]), test("test-chromium", &["yes"])])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Get a new ticket-granting ticket: lock and unlock the session, or log off and on.",
            script: "klist purge",
            language: Language::Cmd,
            undo: "Nothing to undo: tickets come back by themselves.",
            verify: "klist tgt",
            expect: "Ticket Flags 0x40e10000, with forwardable.",
            risk: "",
        },
        FixTemplate {
            who: Who::ClientAdmin,
            does: "On a PC without Windows: ask for forwardable tickets (kinit -f), or set it as the default.",
            script: "[libdefaults]\n    forwardable = true",
            language: Language::Text,
            undo: "Take the line out of krb5.conf again.",
            verify: "kinit; klist -f",
            expect: "F among the flags of krbtgt.",
            risk: "Some realms withhold forwardable tickets on purpose: ask first. A forwardable ticket together with a wide allow-list is handed to every listed server.",
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
        let user =
            "# user\nName : alice\nAccountNotDelegated : False\nMemberOf : {CN=Staff,OU=Groups,DC=contoso,DC=com}\n";
        assert_eq!(status(id, &[&restricted, user]), Confirmed);
        // Protected Users may be among the groups that the dump cut off.
        let cut = user.replace("{CN=Staff,OU=Groups,DC=contoso,DC=com}", "{CN=Staff,OU=Groups,DC=contoso,DC=com...}");
        assert_eq!(status(id, &[&restricted, &cut]), Possible);
        assert_eq!(status(id, &[&restricted, &user.replace("False", "True")]), RuledOut);
        assert_eq!(status(id, &[&restricted, &user.replace("Staff", "Protected Users")]), RuledOut);
        // Four hours: it may be Protected Users through another group.
        assert_eq!(status(id, &[&restricted.replace("18:12:04", "12:12:04"), user]), RuledOut);
        assert_eq!(status(id, &[&restricted]), Possible);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, user]), RuledOut);
    }
}
