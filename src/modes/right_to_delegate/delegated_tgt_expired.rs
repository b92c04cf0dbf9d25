//! # The forwarded ticket on the web server has expired
//!
//! ## What it is
//! Unconstrained delegation worked at logon, but the ticket-granting ticket that the user handed over has expired. The
//! web server goes on with the old session and gets no tickets any more.
//!
//! ## Why the hop breaks
//! A forwarded ticket lives no longer than the user's own (about ten hours, four for Protected Users), and the web
//! server cannot get a new one without the user.
//!
//! ## What shows it
//! - The web server's System log, Security-Kerberos event 18: the delegated ticket has expired and could not be
//!   renewed.
//! - klist on the web server, the user's session: krbtgt 0x60a10000 with an End Time in the past.
//! - It works after logon and stops hours later; background jobs, long open pages.
//!
//! ## What rules it out
//! - The forwarded ticket on the web server is still valid.
//! - It fails from the start.
//!
//! ## Fix
//! Sign in again (a new connection). For long jobs use constrained delegation: it needs no stored ticket.
//!
//! ## Verify
//! After a new sign-in the user's session on the web server holds a fresh krbtgt ticket.
//!
//! ## Versions
//! No version dependence known.
//!
//! ## Sources
//! - <https://detection-wiki-dev.pages.dev/microsoft-windows-security-kerberos/>

use super::constrained_fix::CONSTRAINED_INSTEAD;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "delegated-tgt-expired",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "The ticket-granting ticket that {user} handed to {site} has expired.",
    says: "Delegation worked, but {site} still uses a session whose forwarded ticket has run out, and cannot renew it without the user. Everything behind it fails until the user signs in again.",
    does_not_prove: "That a new sign-in suffices for jobs that run longer than a ticket.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "tm",
        tkt: "FO",
        model: "U",
        fe: "exp",
        err: "none",
        bes: "anon",
        fspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(any(&[is(Fe, &["exp"]), test("test-delegated-tgt-expired-event", &["yes"])])),
        Condition::Decisive(is(Fe, &["exp"])),
        Condition::Decisive(test("test-delegated-tgt-expired-event", &["yes"])),
        Condition::Supporting(is(Scope, &["tm"])),
        Condition::Excluding(is(Fe, &["fwd"])),
        Condition::Excluding(test("test-unconstrained-design", &["no"])),
        Condition::Excluding(is(Hop1, &["N", "R"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Sign in again: close the browser and open the page anew; restart long-running jobs.",
            script: "",
            language: Language::Text,
            undo: "",
            verify: "On the web server, elevated: klist sessions, klist -li 0x<the user's session>",
            expect: "A krbtgt ticket with Ticket Flags 0x60a10000 and an End Time ahead.",
            risk: "Do not lengthen the lifetime of tickets for it: that weakens every account of the domain.",
        },
        CONSTRAINED_INSTEAD,
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    const SESSION: &str = "C:\\Windows\\system32>klist -li 0x8f3b21\n\nCurrent LogonId is 0:0x3e9a1\nTargeted LogonId is 0:0x8f3b21\n\nCached Tickets: (2)\n\n#0>\tClient: alice @ CONTOSO.COM\n\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM\n\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\tTicket Flags 0x60a10000 -> forwardable forwarded renewable pre_authent name_canonicalize \n\tStart Time: 11/18/2026 8:14:37 (local)\n\tEnd Time:   11/18/2026 18:12:04 (local)\n\tRenew Time: 11/25/2026 8:12:04 (local)\n\tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\tCache Flags: 0x1 -> PRIMARY \n\tKdc Called: \n\n#1>\tClient: alice @ CONTOSO.COM\n\tServer: HTTP/intranet.contoso.com @ CONTOSO.COM\n\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\tTicket Flags 0x40a50000 -> forwardable renewable pre_authent ok_as_delegate name_canonicalize \n\tStart Time: 11/18/2026 19:02:11 (local)\n\tEnd Time:   11/19/2026 5:02:11 (local)\n\tRenew Time: 0\n\tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\tCache Flags: 0x8 -> ASC \n\tKdc Called: \n";
    const EVENT_18: &str = "Log Name:      System\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      18\nLevel:         Warning\nComputer:      WEB01.contoso.com\nDescription:\nThe delegated TGT for the user (alice@CONTOSO.COM) has expired. A renewal was attempted and failed.\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[SESSION]), Confirmed);
        assert_eq!(status(id, &[EVENT_18]), Confirmed);
        assert_eq!(status(id, &[&SESSION.replace("19:02:11", "16:02:11")]), RuledOut);
        // The listing may be from any time: the event names its session, or its user and a later time.
        let valid = SESSION.replace("19:02:11", "16:02:11");
        let said = |session: &str| {
            EVENT_18.replace("failed.", &format!("failed with error 0x80090317. The server logon session ({session}) has stopped delegating the user's credential.\n\nTGT Details:\n    Client: alice@CONTOSO.COM\n    Server: krbtgt/CONTOSO.COM@CONTOSO.COM\n    Flags: 0x60a10000\n    End Time: 11/18/2026 18:12:04"))
        };
        for session in ["0x8F3B21", "0:0x8f3b21"] {
            assert_eq!(status(id, &[&said(session), &valid]), Confirmed, "{session}");
        }
        assert_eq!(status(id, &[&said("0x8f3b22"), &valid]), RuledOut);
        let dated = |day: &str| EVENT_18.replace("Event ID:", &format!("Date: {day} 20:13:00\nEvent ID:"));
        assert_eq!(status(id, &[&dated("11/18/2026"), &valid]), Confirmed);
        assert_eq!(status(id, &[&dated("11/17/2026"), &valid]), RuledOut);
        let transcript =
            |time: &str| format!("**********************\nStartzeit: {time}\n**********************\nPS {valid}");
        assert_eq!(status(id, &[&transcript("20261119090000")]), Confirmed);
        assert_eq!(status(id, &[&transcript("20261118090000")]), RuledOut);
        assert_eq!(status(id, &["scope: tm"]), Possible);
        assert_eq!(status(id, &["test-delegated-tgt-expired-event: yes"]), Confirmed);
    }
}
