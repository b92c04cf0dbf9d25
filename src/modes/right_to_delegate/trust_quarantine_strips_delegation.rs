//! # A quarantined trust strips the right to delegate
//!
//! ## What it is
//! The trust on the way from the user to the web server is quarantined (SID filtering, trustAttributes 0x4). Such a
//! trust drops `ok_as_delegate`, even when TGT delegation is enabled on it.
//!
//! ## Why the hop breaks
//! A domain controller keeps the mark on a referral only when the trust is inside the forest or allows TGT delegation,
//! and is not quarantined. Without the mark Windows forwards nothing.
//!
//! ## What shows it
//! - The trust object in the user's forest: trustAttributes with 0x4.
//! - klist on the PC: the referral and the ticket from the other realm without `ok_as_delegate`.
//!
//! ## What rules it out
//! - The trust is within one forest (0x20), or not quarantined.
//! - Constrained or resource-based delegation is meant.
//!
//! ## Fix
//! Constrained or resource-based delegation. Leave the quarantine as it is.
//!
//! ## Verify
//! With constrained delegation a ticket for the back end stands in the user's session on the web server; the trust
//! stays as it is.
//!
//! ## Versions
//! Rule of MS-KILE 3.3.5.7.5, no version dependence known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-kile/bac4dc69-352d-416c-a9f4-730b81ababb3>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/e9a2d23c-c31e-4a6f-88a0-6646fdb51a3c>

use super::constrained_fix::CONSTRAINED_INSTEAD;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "trust-quarantine-strips-delegation",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "The trust between the user's domain and that of {site} is quarantined, which blocks unconstrained delegation.",
    says: "{user} comes over a trust with SID filtering (quarantine). Over such a trust no ticket keeps ok_as_delegate, so nothing is forwarded, whatever TGT delegation on the trust says.",
    does_not_prove: "That the browser asks for delegation, or that {be} accepts the user.",
    row: Row {
        prior: 1,
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
        Condition::Required(test("test-trust-quarantined", &["yes"])),
        Condition::Required(any(&[
            test("test-ticket-crossed-trust", &["yes"]),
            test("test-user-in-other-forest", &["yes"]),
        ])),
        Condition::Decisive(test("test-trust-quarantined", &["yes"])),
        Condition::Excluding(test("test-user-in-other-forest", &["no"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        Condition::Excluding(is(Tkt, &["FO", "x"])),
        Condition::Excluding(is(Hop1, &["N", "R"])),
    ],
    fixes: &[CONSTRAINED_INSTEAD],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_CROSS_FOREST, KLIST_DELEGATABLE, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let meant = "intended_model: unconstrained\ntest-trust-quarantined: yes\n";
        assert_eq!(status(id, &[KLIST_CROSS_FOREST, meant]), Confirmed);
        assert_eq!(
            status(id, &[KLIST_CROSS_FOREST, "intended_model: unconstrained\ntest-trust-quarantined: no\n"]),
            RuledOut
        );
        assert_eq!(status(id, &[KLIST_CROSS_FOREST, "intended_model: unconstrained"]), Possible);
        assert_eq!(
            status(id, &[KLIST_CROSS_FOREST, "intended_model: constrained\ntest-trust-quarantined: yes\n"]),
            RuledOut
        );
        assert_eq!(status(id, &[KLIST_DELEGATABLE, meant]), RuledOut);
    }
}
