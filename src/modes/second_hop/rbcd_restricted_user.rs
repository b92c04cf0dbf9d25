//! # Resource-based delegation refuses a restricted user
//!
//! ## What it is
//! The back end's account names the front end and ordinary users work. This user is marked as sensitive or in Protected
//! Users. A consequence: the restriction is the cause.
//!
//! ## Why the hop breaks
//! Since 2021 domain controllers refuse resource-based delegation for users whose tickets are not forwardable.
//!
//! ## What shows it
//! - klist on the PC: no forwardable ticket.
//! - The user: AccountNotDelegated True, or in Protected Users.
//! - Event 3 on the front end: KDC_ERR_BADOPTION with 0xc000006e.
//!
//! ## What rules it out
//! - Every user fails.
//! - The user's ticket is forwardable.
//!
//! ## Fix
//! Use an account that is not restricted. The domain controllers' value NonForwardableDelegation turns the protection
//! off: do not.
//!
//! ## Verify
//! The page works for an ordinary user and is refused for the restricted one: that is how it should be.
//!
//! ## Versions
//! CVE-2020-16996: optional since 8 December 2020, enforced since 9 March 2021.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/dd1b47f9-580c-4c4e-8f34-4485b9728331>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/a47e0084-d6c3-40ba-8c3c-f1eeb3d85ecf>
//! - <https://support.microsoft.com/en-us/topic/kb4577252-managing-deployment-of-rbcd-protected-user-changes-for-cve-2020-16996-9a59a49f-20b9-a292-f205-da9da0ff24d3>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "rbcd-restricted-user",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Evidence,
    title: "Resource-based delegation to {be} is refused for {user}, who may not be delegated.",
    says: "{be_bare} names {fe_bare}, but the domain controller refuses to delegate a user who is marked as sensitive or is in Protected Users. Ordinary users are not affected.",
    does_not_prove: "That the page works for an ordinary user: test with one.",
    row: Row {
        prior: 1,
        hop1: "K N A",
        scope: "us",
        tkt: "x 0",
        model: "R",
        fe: "asc s4u",
        err: "13 loc",
        bes: "anon",
        fspn: "ok",
        bspn: "ok",
        usr: "nd pu",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(is(Model, &["R", "CR"])),
        Condition::Required(is(Usr, &["nd", "pu"])),
        Condition::Required(any(&[
            test("test-inbound-ticket-forwardable", &["no"]),
            test("test-extended-error", &["restricted"]),
        ])),
        Condition::Decisive(all(&[
            is(Model, &["R", "CR"]),
            is(Usr, &["nd", "pu"]),
            any(&[test("test-inbound-ticket-forwardable", &["no"]), test("test-extended-error", &["restricted"])]),
        ])),
        Condition::Excluding(is(Usr, &["n"])),
        Condition::Excluding(is(Scope, &["all"])),
        Condition::Excluding(test("test-inbound-ticket-forwardable", &["yes"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Err, &["7", "12", "14", "40b", "41"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Use an account that may be delegated for this application. That is usually the right answer.",
        script: "",
        language: Language::Text,
        undo: "",
        verify: "klist tgt, for the other account",
        expect: "Ticket Flags 0x40e10000, with forwardable, for the other account.",
        risk: "Restricted means restricted: do not set NonForwardableDelegation=1 on domain controllers, and do not take the protection off the user for one application.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, accounts, diagnose, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;

        let restricted = KLIST_DELEGATABLE
            .replace("0x40e10000", "0x00e10000")
            .replace("0x40a50000", "0x00a10000")
            .replace("ok_as_delegate ", "")
            .replace("forwardable ", "");
        let user = "# user\nName : alice\nAccountNotDelegated : True\nuserAccountControl : 1114624\n";

        let sql = "MSSQLSvc/sql01.contoso.com:1433";
        let named = accounts(&[], "contoso.com", sql, "CN=svc-web,OU=Service,DC=contoso,DC=com");
        assert_eq!(status(id, &[&restricted, &named, user]), Confirmed);
        assert_eq!(status(id, &[&restricted, &accounts(&[], "contoso.com", sql, ""), user]), RuledOut);
        assert_eq!(status(id, &[&restricted, &named]), Possible);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &named]), RuledOut);
        // The cause stands before it, and the same story is told once.
        let report = diagnose(&[&restricted, &named, user]);
        let asserted: Vec<&str> =
            report.findings.iter().filter(|f| f.status.asserted()).map(|f| f.id.as_str()).collect();
        assert_eq!(asserted, ["user-not-delegated", id]);
    }
}
