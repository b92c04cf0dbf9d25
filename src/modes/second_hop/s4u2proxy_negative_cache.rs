//! # The web server remembers an earlier refusal
//!
//! ## What it is
//! The delegation was put right minutes ago, but the front end still refuses from its own memory and asks no domain controller.
//!
//! ## Why the hop breaks
//! Windows remembers for 15 minutes that a service ticket on behalf of a user was refused (S4UCacheTimeout) and that an SPN was not
//! found (SpnCacheTimeout). Until then a retry fails locally, whatever the directory says by now.
//!
//! ## What shows it
//! - It fails although no domain controller writes a new event 4769 for the back end.
//! - The change is younger than 15 minutes. It heals by itself.
//!
//! ## What rules it out
//! - It still fails after 15 minutes.
//! - A retry writes a new 4769 with a failure: then a domain controller refuses anew.
//!
//! ## Fix
//! Wait 15 minutes. Or restart the front end's service; restart the server when it cannot wait.
//!
//! ## Verify
//! A retry after 15 minutes writes a new 4769 on a domain controller, and the user's session on the front end holds the ticket.
//!
//! ## Versions
//! Both timeouts are 15 minutes by default. Whether `klist purge` empties this memory is not documented. `klist kcd_cache` is
//! documented to show it; what it prints was not found.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-protocol-registry-kdc-configuration-keys>
//! - <https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/klist>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "s4u2proxy-negative-cache",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "The delegation is right now, but {site} still remembers the earlier refusal.",
    says: "A refused ticket on behalf of a user is remembered for 15 minutes. The retry came earlier than that and asked no domain controller, so nothing of the change was seen yet.",
    does_not_prove: "That the change itself is right: only a retry after 15 minutes shows that.",
    row: Row {
        prior: 2,
        hop1: "K",
        scope: "nd all tm",
        asked: "n y -",
        tkt: "F",
        model: "C T R",
        fe: "asc",
        err: "loc",
        bes: "anon",
        dom: "same xdom",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        chg: "yes",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(is(Model, &["C", "T", "R", "CR"])),
        Condition::Required(is(Err, &["loc", "13"])),
        Condition::Required(test("test-changed-within-15-minutes", &["yes"])),
        Condition::Decisive(all(&[is(Err, &["loc"]), test("test-changed-within-15-minutes", &["yes"])])),
        Condition::Decisive(all(&[
            test("test-kdc-asked-on-retry", &["no"]),
            test("test-changed-within-15-minutes", &["yes"]),
        ])),
        Condition::Excluding(test("test-kdc-asked-on-retry", &["yes"])),
        Condition::Excluding(test("test-list-has-back-end-spn", &["absent", "other-form"])),
        Condition::Excluding(test("test-service-has-tgt", &["no"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Tkt, &["x"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Wait 15 minutes after the change, then load the page again. If it cannot wait, restart the application and purge its sessions.",
        script: "Restart-WebAppPool -Name <application pool>\nklist -li 0x3e7 purge\nklist -li 0x3e4 purge\nklist -li 0x<session of the application pool> purge",
        language: Language::PowerShell,
        undo: "Nothing to undo.",
        verify: "On a domain controller: Security log, event 4769 for the back end's account at the time of the retry",
        expect: "A new 4769 without a failure, and the user's session on the web server holds a ticket for {be_spn}.",
        risk: "Whether a purge empties this memory is not documented: only waiting (or a restart of the server) is sure. A restart of the pool ends running requests.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let base = "model: C\nhop1: K\n";
        let with = |more: &str| status(id, &[&format!("{base}{more}")]);
        assert_eq!(with("err: loc\ntest-changed-within-15-minutes: yes\n"), Confirmed);
        assert_eq!(with("err: loc\nchanged: 5 minutes ago\n"), Confirmed);
        assert_eq!(with("err: loc\nchanged: two days ago\n"), RuledOut);
        assert_eq!(with("err: loc\nchanged: 40 minutes ago\n"), RuledOut);
        assert_eq!(with("err: loc\n"), Possible);
        assert_eq!(with("changed: 5 minutes ago\nsymptom: still refused, no new 4769\n"), Likely);
        // A refusal from before the change may be pasted; a new one may not.
        assert_eq!(with("err: 13\ntest-changed-within-15-minutes: yes\n"), Possible);
        assert_eq!(with("err: 13\ntest-changed-within-15-minutes: yes\ntest-kdc-asked-on-retry: yes\n"), RuledOut);
        // No ticket-granting ticket of the service: another reason for asking nobody.
        assert_eq!(with("err: loc\nchanged: 5 minutes ago\ntest-service-has-tgt: no\n"), RuledOut);
    }
}
