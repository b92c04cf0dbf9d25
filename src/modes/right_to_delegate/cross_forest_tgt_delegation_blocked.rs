//! # The trust does not let ticket-granting tickets cross
//!
//! ## What it is
//! The user is in one forest, the web server with unconstrained delegation in another, and TGT delegation over the
//! trust is off. That is the default since 2019.
//!
//! ## Why the hop breaks
//! The domain controller of the user's forest marks the referral, and everything that follows from it, so that no
//! ticket-granting ticket is forwarded over this trust.
//!
//! ## What shows it
//! - klist on the PC: the ticket for the web server is from the other realm, 0x40a10000, Cache Flags 0x200
//!   DISABLE-TGT-DELEGATION; the referral `krbtgt/<other> @ <own>` carries the same mark.
//! - The trust object in the user's forest: trustAttributes without 0x800, or with 0x200.
//! - Users of the web server's own forest are not affected. It stopped after the updates of 2019.
//!
//! ## What rules it out
//! - User and web server are in one realm, or the mark 0x200 is absent.
//! - Constrained or resource-based delegation is meant: there the mark is harmless.
//! - The trust is quarantined (0x4): then that blocks, whatever 0x800 says.
//!
//! ## Fix
//! Better: constrained or resource-based delegation between front end and back end in their own forest; the user may
//! come from another. Only if unavoidable: enable TGT delegation in the user's forest, for the trust to the web
//! server's.
//!
//! ## Verify
//! klist: referral and service ticket with ok_as_delegate, without 0x200.
//!
//! ## Versions
//! Since 2012 it can be switched off per trust; the updates of March to July 2019 made off the default and added bit
//! 0x800. Before KB4519979 the displayed TGTDelegation had the opposite sense: trust the bits. The documents disagree
//! in the words for the direction; the examples agree that it is set where the users live.
//!
//! ## Sources
//! - <https://support.microsoft.com/en-us/topic/updates-to-tgt-delegation-across-incoming-trusts-in-windows-server-1a6632ac-1599-0a7c-550a-a754796c291e>
//! - <https://techcommunity.microsoft.com/t5/core-infrastructure-and-security/changes-to-ticket-granting-ticket-tgt-delegation-across-trusts/ba-p/440261>
//! - <https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/netdom-trust>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-kile/bac4dc69-352d-416c-a9f4-730b81ababb3>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/e9a2d23c-c31e-4a6f-88a0-6646fdb51a3c>

use super::constrained_fix::CONSTRAINED_INSTEAD;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "cross-forest-tgt-delegation-blocked",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "The trust between the user's forest and that of {site} blocks unconstrained delegation.",
    says: "{user} comes from {user_domain}, {site} is in another forest, and TGT delegation over the trust is off. {fe} is trusted for delegation, but not for users from there.",
    does_not_prove: "That the browser asks for delegation, or that {be} accepts the user.",
    row: Row {
        prior: 3,
        hop1: "K",
        scope: "us",
        tkt: "F",
        model: "U",
        fe: "asc",
        err: "none 13",
        bes: "anon",
        dom: "xuser",
        fspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-unconstrained-design", &["yes"])),
        Condition::Required(any(&[
            test("test-ticket-crossed-trust", &["yes"]),
            all(&[test("test-user-in-other-forest", &["yes"]), test("test-trust-allows-tgt-delegation", &["no"])]),
        ])),
        // Over a quarantined trust the ticket looks the same, and switching TGT delegation on does not help.
        Condition::Required(test("test-trust-quarantined", &["no"])),
        Condition::Decisive(test("test-ticket-crossed-trust", &["yes"])),
        Condition::Decisive(all(&[
            test("test-user-in-other-forest", &["yes"]),
            test("test-trust-allows-tgt-delegation", &["no"]),
        ])),
        Condition::Excluding(test("test-ticket-crossed-trust", &["no"])),
        Condition::Excluding(test("test-user-in-other-forest", &["no"])),
        Condition::Excluding(test("test-trust-allows-tgt-delegation", &["yes"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        Condition::Excluding(is(Tkt, &["FO", "x"])),
        Condition::Excluding(is(Hop1, &["N", "R"])),
    ],
    fixes: &[
        CONSTRAINED_INSTEAD,
        FixTemplate {
            who: Who::AdAdmin,
            does: "Only if unconstrained delegation across forests is unavoidable: in the user's forest, enable it for the trust to the web server's.",
            script: "netdom trust {fe_domain} /domain:{user_domain} /EnableTGTDelegation:Yes",
            language: Language::Cmd,
            undo: "netdom trust {fe_domain} /domain:{user_domain} /EnableTGTDelegation:No",
            verify: "klist purge & klist get {spn}",
            expect: "Ticket Flags 0x40a50000 with ok_as_delegate, no Cache Flags 0x200.",
            risk: "Every server with unconstrained delegation in the other forest then gets the ticket-granting tickets of this forest's users, administrators included.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_CROSS_FOREST, KLIST_DELEGATABLE, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let front_end = "# front end\nDistinguishedName : CN=WEB01,OU=Servers,DC=partner,DC=example\nName : WEB01\nObjectClass : computer\nServicePrincipalNames : {HTTP/intranet.partner.example}\nuserAccountControl : 528384\n";
        // Why the trust blocks, only the trust object tells.
        assert_eq!(status(id, &[KLIST_CROSS_FOREST, front_end]), Likely);
        assert_eq!(status(id, &[KLIST_CROSS_FOREST, "intended_model: unconstrained"]), Likely);
        assert_eq!(status(id, &[KLIST_CROSS_FOREST, front_end, "test-trust-quarantined: no"]), Confirmed);
        // With constrained delegation the mark is harmless; without knowing the design it says nothing.
        assert_eq!(status(id, &[KLIST_CROSS_FOREST, "intended_model: constrained"]), RuledOut);
        assert_eq!(status(id, &[KLIST_CROSS_FOREST]), Possible);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, "intended_model: unconstrained"]), RuledOut);
        assert_eq!(status(id, &[KLIST_CROSS_FOREST, front_end, "test-trust-quarantined: yes"]), RuledOut);
        let trust = "test-user-in-other-forest: yes\ntest-trust-allows-tgt-delegation: no\n";
        assert_eq!(status(id, &[front_end, trust]), Likely);
        // Its neighbour needs the own realm.
        assert_eq!(
            status("fe-not-trusted-for-delegation", &[KLIST_CROSS_FOREST, "intended_model: unconstrained"]),
            RuledOut
        );
    }
}
