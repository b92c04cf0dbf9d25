//! # The user's ticket on the front end is not forwardable, so constrained delegation refuses it
//!
//! ## What it is
//! The front end shows the user's ticket as evidence when it asks for the back end, and that ticket is not forwardable.
//! This is a consequence: look for its cause first.
//!
//! ## Why the hop breaks
//! Constrained delegation takes forwardable evidence only. With a ticket that came in by Kerberos the front end may
//! give up without asking a domain controller at all; with a ticket that it made itself it gets KDC_ERR_BADOPTION.
//!
//! ## What shows it
//! - klist on the front end, the user's session: `HTTP/<web server>` without forwardable (Cache Flags 0x8 ASC or 0x4
//!   S4U).
//! - klist on the PC: the same without forwardable.
//! - Event 3: KDC_ERR_BADOPTION with 0xc000006e (request with the resource-based bit, 2012 and later), else 0xc0000272.
//!   Or no request at all.
//!
//! ## What rules it out
//! - The user's ticket is forwardable.
//!
//! ## Fix
//! Repair the cause: a restricted user, a ticket-granting ticket that is not forwardable, or a front end without
//! protocol transition.
//!
//! ## Verify
//! The user's ticket for the front end is forwardable, and the ticket for the back end follows.
//!
//! ## Versions
//! Domain controllers before 2012 always refuse; later ones also look at resource-based delegation.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/6d76bf10-3c48-4e14-9992-df1bd456455e>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/dd1b47f9-580c-4c4e-8f34-4485b9728331>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/ddb2cafd-1f01-4834-b52a-d4a5b34cd960>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "kcd-evidence-ticket-not-forwardable",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Evidence,
    title: "The user's ticket at {site} is not forwardable, so it is no evidence for a ticket to {be}.",
    says: "{site} needs a forwardable ticket of the user to ask for {be} in the user's name. The one that it has is not forwardable.",
    does_not_prove: "Why it is not forwardable: that is the fault to repair.",
    row: Row {
        prior: 2,
        hop1: "K N",
        scope: "us all",
        tkt: "x 0",
        model: "C R",
        fe: "asc s4u",
        err: "13 loc",
        bes: "anon",
        fspn: "ok",
        bspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-unconstrained-design", &["no"])),
        Condition::Required(test("test-inbound-ticket-forwardable", &["no"])),
        Condition::Decisive(test("test-inbound-ticket-forwardable", &["no"])),
        Condition::Supporting(test("test-extended-error", &["restricted"])),
        Condition::Excluding(all(&[is(Model, &["R"]), is(Usr, &["nd", "pu"])])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Err, &["7", "12", "14", "40b", "41"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Find the cause: is the user restricted, or was the ticket made by the server itself?",
        script: "Get-ADUser '{user_bare}' -Properties AccountNotDelegated,MemberOf\n{get_fe} '{fe_bare}' -Properties TrustedToAuthForDelegation,msDS-AllowedToDelegateTo",
        language: Language::PowerShell,
        undo: "Nothing to undo: these commands only look.",
        verify: "On the front end, elevated: klist -li 0x<the user's session>",
        expect: "HTTP/{site} with forwardable, and then a ticket for {be_spn}.",
        risk: "The restriction is usually a deliberate protection: do not weaken the user or the server for one application.",
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

        let api = "HTTP/api01.contoso.com";
        let list = accounts(&[api], "contoso.com", api, "");
        assert_eq!(status(id, &[&restricted, &list]), Confirmed);
        assert_eq!(status(id, &[&restricted]), Possible);
        assert_eq!(status(id, &[&restricted, "intended_model: unconstrained"]), RuledOut);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, "intended_model: constrained"]), RuledOut);
        // The cause stands before it.
        let report = diagnose(&[&restricted, &list, user]);
        let asserted: Vec<&str> =
            report.findings.iter().filter(|f| f.status.asserted()).map(|f| f.id.as_str()).collect();
        assert_eq!(asserted, ["user-not-delegated", id]);
    }
}
