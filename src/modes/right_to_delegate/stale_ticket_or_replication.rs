//! # Tickets or a domain controller from before the change
//!
//! ## What it is
//! The directory is right now, but the tickets in use were issued before the change, or by a domain controller that
//! does not have it yet.
//!
//! ## Why the hop breaks
//! A ticket keeps the flags of the moment it was issued, for up to ten hours. Between sites, changes take from 15
//! minutes to hours.
//!
//! ## What shows it
//! - The Start Time of the ticket is earlier than the change, and its flags contradict the directory.
//! - The domain controller of `Kdc Called` still has the old value (`repadmin /showobjmeta`).
//! - Something was changed within the last hours; a new logon cures it.
//!
//! ## What rules it out
//! - The ticket is younger than the change and from a domain controller that has it.
//! - Nothing was changed.
//!
//! ## Fix
//! Purge the tickets of the user and of the services on the front end, let the change replicate, recycle the
//! application pool; log off and on for changes of groups.
//!
//! ## Verify
//! New tickets with the right flags.
//!
//! ## Versions
//! Replication between sites: 15 minutes to 3 hours by default.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-protocol-registry-kdc-configuration-keys>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "stale-ticket-or-replication",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "The tickets in use are older than the change in the directory.",
    says: "The directory says something else than the tickets in use: they were issued before the change, or by a domain controller that does not have it. A ticket keeps the flags of its moment.",
    does_not_prove: "That nothing else is wrong: look again with new tickets.",
    row: Row {
        prior: 3,
        hop1: "K N R",
        scope: "all tm pc",
        tkt: "F 0 FO x",
        model: "U C R",
        fe: "asc no",
        err: "none 13 -",
        bes: "anon -",
        fspn: "ok",
        usr: "n",
        chg: "yes",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(any(&[test("test-ticket-older-than-change", &["yes"]), is(Chg, &["yes"])])),
        Condition::Required(any(&[
            all(&[is(Tkt, &["F"]), test("test-front-end-trusted", &["yes"])]),
            all(&[is(Tkt, &["FO"]), test("test-front-end-trusted", &["no"])]),
            test("test-ticket-older-than-change", &["yes"]),
        ])),
        Condition::Decisive(all(&[
            any(&[test("test-ticket-older-than-change", &["yes"]), is(Chg, &["yes"])]),
            is(Tkt, &["F"]),
            test("test-front-end-trusted", &["yes"]),
            test("test-ticket-crossed-trust", &["no"]),
        ])),
        Condition::Decisive(all(&[
            test("test-ticket-older-than-change", &["yes"]),
            is(Tkt, &["FO"]),
            test("test-front-end-trusted", &["no"]),
        ])),
        Condition::Supporting(test("test-ticket-older-than-change", &["yes"])),
        Condition::Supporting(all(&[is(Tkt, &["x"]), test("test-user-marked-sensitive", &["no"])])),
        Condition::Excluding(test("test-ticket-older-than-change", &["no"])),
        Condition::Excluding(is(Chg, &["no"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Get new tickets: purge on the PC and on the front end, recycle the application pool.",
            script: "rem on the PC, as the user\nklist purge\nrem on the front end, elevated\nklist -li 0x3e7 purge\nklist -li 0x3e4 purge\nklist -li 0x<session of the application pool> purge\n%windir%\\system32\\inetsrv\\appcmd recycle apppool /apppool.name:\"<pool>\"",
            language: Language::Cmd,
            undo: "Nothing to undo: tickets come back by themselves.",
            verify: "klist get {spn}",
            expect: "A ticket with a new Start Time, and with the flags that the directory promises.",
            risk: "Purging 0x3e7 drops the tickets of the machine for a moment; recycling the pool ends requests that run. Changes of groups take a new logon.",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "When the domain controller in Kdc Called has the old value: let the change replicate.",
            script: "repadmin /showobjmeta <domain controller> \"<distinguished name of the account>\"\nrepadmin /syncall <domain controller> /AdeP",
            language: Language::Cmd,
            undo: "Nothing to undo.",
            verify: "repadmin /showobjmeta <domain controller> \"<distinguished name of the account>\"",
            expect: "Version and time of the attribute are the same on every domain controller.",
            risk: "/syncall with /AdeP pushes across all sites: mind slow lines, or wait for the schedule.",
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
        let plain = KLIST_DELEGATABLE.replace("0x40a50000", "0x40a10000").replace("ok_as_delegate ", "");
        let account = |changed: &str| {
            format!(
                "# front end\nName : svc-web\nObjectClass : user\nServicePrincipalNames : {{HTTP/intranet.contoso.com}}\nuserAccountControl : 590336\nwhenChanged : {changed}\n"
            )
        };
        assert_eq!(status(id, &[&plain, &account("11/18/2026 9:41:00 AM")]), Confirmed);
        assert_eq!(status(id, &[&plain, &account("11/17/2026 9:41:00 AM")]), RuledOut);
        // Two machines' clocks, one in UTC: not compared.
        assert_eq!(status(id, &[&plain, &account("20261118094100.0Z")]), Possible);
        assert_eq!(status(id, &[&plain, &account(""), "chg: yes"]), Confirmed);
        assert_eq!(status(id, &[&plain, &account(""), "chg: no"]), RuledOut);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, &account(""), "chg: yes"]), Possible);
        // The user's mark is gone since; which attribute changed is not told.
        let marked = KLIST_DELEGATABLE.replace("0x40", "0x00").replace("forwardable ", "");
        let user = |changed: &str| {
            format!(
                "# user\nName : alice\nObjectClass : user\nAccountNotDelegated : False\nuserAccountControl : 512\nMemberOf : {{}}\nwhenChanged : {changed}\n"
            )
        };
        assert_eq!(status(id, &[&marked, &user("11/18/2026 9:41:00 AM")]), Likely);
        assert_eq!(status("tgt-not-forwardable", &[&marked, &user("11/18/2026 9:41:00 AM")]), RuledOut);
        assert_eq!(status(id, &[&marked, &user("11/17/2026 9:41:00 AM")]), RuledOut);
        assert_eq!(status("tgt-not-forwardable", &[&marked, &user("11/17/2026 9:41:00 AM")]), Confirmed);
    }
}
