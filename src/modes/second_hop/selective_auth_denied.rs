//! # Selective authentication on the trust refuses the account
//!
//! ## What it is
//! The trust between the two forests (or domains) uses selective authentication, and the user or the front end's account has no right
//! Allowed to authenticate on the server or service account in question.
//!
//! ## Why the hop breaks
//! With selective authentication (trustAttributes 0x10) the domain controller of the trusting side issues a ticket to an account from
//! over the trust only where that right is granted on the target's object. Otherwise it answers KDC_ERR_POLICY (0xc).
//!
//! ## What shows it
//! - 0xc in event 3 or in 4769; 0xc0000413 (authentication firewall).
//! - trustAttributes with 0x10 on the trust object of the *resource* side.
//!
//! ## What rules it out
//! - 0x10 is clear: then an authentication policy, or a front end alone in its forest with resource-based delegation.
//! - The right is granted.
//!
//! ## Fix
//! Grant Allowed to authenticate on the one object, to one group. For the second hop the front end's account needs it on the back
//! end's account, too.
//!
//! ## Verify
//! `klist get` for the service gives a ticket to an account from the other forest.
//!
//! ## Versions
//! No dependence on a version is known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-kile/bac4dc69-352d-416c-a9f4-730b81ababb3>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/e9a2d23c-c31e-4a6f-88a0-6646fdb51a3c>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "selective-auth-denied",
    hop: Hop::Kdc,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "The trust uses selective authentication, and the account may not authenticate to the server it needs.",
    says: "The trust lets accounts from the other side in only where the right Allowed to authenticate is granted. It is not granted here, so the domain controller answers KDC_ERR_POLICY (0xc) and issues no ticket.",
    does_not_prove: "Which of the accounts lacks it: the user, or {fe_bare}, or both. The event's client name tells.",
    row: Row {
        prior: 1,
        hop1: "K N P",
        scope: "us all",
        tkt: "0 F",
        fe: "asc no",
        err: "12 -",
        bes: "anon -",
        dom: "xdom xuser dmz",
        bspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-trust-selective", &["yes"])),
        Condition::Decisive(all(&[
            test("test-trust-selective", &["yes"]),
            any(&[is(Err, &["12"]), test("test-authentication-firewall", &["yes"])]),
        ])),
        Condition::Decisive(all(&[
            test("test-trust-selective", &["yes"]),
            test("test-allowed-to-authenticate", &["no"]),
        ])),
        Condition::Excluding(test("test-allowed-to-authenticate", &["yes"])),
        Condition::Excluding(test("test-authentication-policy-refusal", &["yes"])),
        Condition::Excluding(is(Err, &["7", "13", "14", "41", "40b"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Bes, &["user"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Grant Allowed to authenticate on the object that refuses, to a group that holds the accounts from the other side.",
        script: "dsacls \"<distinguished name of the computer or service account>\" /G \"<DOMAIN\\group>:CA;Allowed to Authenticate\"",
        language: Language::Cmd,
        undo: "dsacls \"<distinguished name of the computer or service account>\" /R \"<DOMAIN\\group>\"",
        verify: "From the other side: klist get {be_spn}",
        expect: "A ticket instead of 0xc.",
        risk: "Grant it on the one object and to one group. /R takes every entry of that group off the object, not only this one. Do not switch selective authentication off for this.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let policy = event_3("HTTP/api07.partner.example").replace("0xd KDC_ERR_BADOPTION", "0xc KDC_ERR_POLICY");
        assert_eq!(status(id, &[&policy, "test-trust-selective: yes\n"]), Confirmed);
        assert_eq!(status(id, &[&policy]), Possible);
        assert_eq!(status(id, &["test-trust-selective: yes\n"]), Possible);
        assert_eq!(status(id, &[&policy, "test-trust-selective: no\n"]), RuledOut);
        assert_eq!(status(id, &[&policy, "test-trust-selective: yes\ntest-allowed-to-authenticate: yes\n"]), RuledOut);
        assert_eq!(status(id, &["test-authentication-firewall: yes\ntest-trust-selective: yes\n"]), Confirmed);
        assert_eq!(status(id, &[&event_3("HTTP/api07.partner.example"), "test-trust-selective: yes\n"]), RuledOut);
    }
}
