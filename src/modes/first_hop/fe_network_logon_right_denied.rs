//! # The user may not log on to the web server over the network
//!
//! ## What it is
//! The ticket is good, but the web server's user rights do not let this user in: "Access this computer from the network" is
//! missing, or "Deny access to this computer from the network" applies.
//!
//! ## Why the hop breaks
//! A sign-in by ticket is a network logon. Windows refuses the logon after the ticket was read, and the server answers 401.
//!
//! ## What shows it
//! - The web server's security log: 4625, logon type 3, status 0xC000015B (logon type not granted).
//!
//! ## What rules it out
//! - 4624 for the same user, or 4625 with another status.
//!
//! ## Fix
//! Put the users' group into the first right, or take it out of the second, in the policy that sets it.
//!
//! ## Verify
//! 4624 with logon type 3 for the user.
//!
//! ## Versions
//! No version dependence known. How IIS shows this to a Kerberos user was not found described in one place: the status is
//! Microsoft's, the whole picture is inferred.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55>
//! - <https://support.microsoft.com/kb/909887>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-network-logon-right-denied",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Inferred,
    stage: Stage::Key,
    title: "{user} may not log on to the web server from the network, so {site} refuses a good ticket.",
    says: "The ticket is read, but the web server's user rights refuse a network logon (0xC000015B). Delegation does not come into play.",
    does_not_prove: "Which policy sets the right: gpresult /h on the web server tells.",
    row: Row {
        prior: 1,
        hop1: "R",
        scope: "us all",
        tkt: "F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-logon-type-refused", &["yes"])),
        Condition::Required(is(Hop1, &["R", "P"])),
        Condition::Decisive(test("test-logon-type-refused", &["yes"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Find the policy that sets the two rights on the web server, and let the group of the site's users in.",
        script: "gpresult /h %TEMP%\\rights.html\nsecedit /export /areas USER_RIGHTS /cfg %TEMP%\\rights.inf\nfindstr NetworkLogonRight %TEMP%\\rights.inf",
        language: Language::Cmd,
        undo: "Set the right back in the same policy.",
        verify: "gpupdate /force, then open {site} and look at the web server's security log.",
        expect: "SeNetworkLogonRight has a group of the user, SeDenyNetworkLogonRight none; 4624 with logon type 3.",
        risk: "Add the group of the site's users, not Everyone. A deny may be there on purpose (administrators' accounts, local accounts): ask before removing it.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, logon_refused, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &["hop1: R\n", &logon_refused("WEB01.contoso.com", "0xC000015B")]), Confirmed);
        assert_eq!(status(id, &[&logon_refused("WEB01.contoso.com", "0xC000015B")]), Likely);
        assert_eq!(status(id, &["hop1: R\n", &logon_refused("WEB01.contoso.com", "0xC000035B")]), Possible);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, &logon_refused("WEB01.contoso.com", "0xC000015B")]), RuledOut);
    }
}
