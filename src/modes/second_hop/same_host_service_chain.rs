//! # Two services on one server lose the user's ticket between them
//!
//! ## What it is
//! On one server a first service calls a second one as the user, and the second one calls a back end. With constrained delegation
//! "Kerberos only" the second service has no ticket of the user to show.
//!
//! ## Why the hop breaks
//! When the second service's name is the server's own and Negotiate is used, Windows takes a short cut: it copies the token instead of
//! fetching a ticket. Every service has a logon session of its own, and the user's ticket stays in the first one's. Without it the
//! second service may not ask on the user's behalf.
//!
//! ## What shows it
//! - Both services are on one server, and the first calls the second by the server's own name.
//! - It works with "any authentication protocol", with unconstrained delegation, or with the services on two servers.
//! - No request for the back end at a domain controller.
//!
//! ## What rules it out
//! - The services are on two servers.
//! - A domain controller refuses the request for the back end: then it was asked.
//!
//! ## Fix
//! Call the second service by an alias with an SPN of its own, or set it to Kerberos instead of Negotiate. "Any authentication protocol"
//! is the last resort.
//!
//! ## Verify
//! The second service's session holds a ticket of the user for itself, and then one for the back end.
//!
//! ## Versions
//! The article is written for Windows Server 2003 and 2008 and is archived; whether later versions differ is not stated.
//!
//! ## Sources
//! - <https://support.microsoft.com/en-us/help/2005838/kerberos-constrained-delegation-may-require-protocol-transition-in-mul>
//! - <https://mskb.pkisolutions.com/kb/2005838>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "same-host-service-chain",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Evidence,
    title: "Two services on one server call each other, and the user's ticket is lost between them.",
    says: "Between two services on the same server Windows copies the token instead of fetching a ticket. The second service then has nothing to show for the user, and constrained delegation (Kerberos only) needs that.",
    does_not_prove: "That the second service's account may delegate to the back end.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "all be",
        tkt: "F",
        model: "C",
        fe: "asc no",
        err: "none loc",
        bes: "anon",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(is(Model, &["C"])),
        Condition::Required(test("test-chain-on-one-host", &["yes"])),
        Condition::Decisive(all(&[test("test-chain-on-one-host", &["yes"]), test("test-works-apart", &["yes"])])),
        Condition::Supporting(test("test-chain-on-one-host", &["yes"])),
        Condition::Excluding(test("test-works-apart", &["no"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "41", "40b"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Bes, &["user"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Call the second service by an alias of its own instead of the server's name, with an SPN on the account that runs it.",
            script: "setspn -S HTTP/<alias.contoso.com> <account that runs the second service>\nsetspn -S HTTP/<alias> <account that runs the second service>",
            language: Language::Cmd,
            undo: "setspn -D HTTP/<alias.contoso.com> <account that runs the second service>\nsetspn -D HTTP/<alias> <account that runs the second service>",
            verify: "On the server: klist -li 0x<session of the second service's user>, right after loading the page",
            expect: "A ticket of the user for HTTP/<alias.contoso.com>, and one for {be_spn}.",
            risk: "The alias must be on the first service's list. A call to the own machine by an alias meets the loopback check: put the alias into BackConnectionHostNames, do not switch the check off. Never register the server's own name on a service account: WinRM uses HTTP/ there and breaks.",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "Last resort: let the second service's account delegate with any authentication protocol.",
            script: "Set-ADAccountControl -Identity <account of the second service> -TrustedToAuthForDelegation $true",
            language: Language::PowerShell,
            undo: "Set-ADAccountControl -Identity <account of the second service> -TrustedToAuthForDelegation $false",
            verify: "Load the page",
            expect: "The back end names the user.",
            risk: "With any protocol the service can act as anyone towards the listed services, without that user ever signing in. Only for a narrow account.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let chain = "model: C\ntest-chain-on-one-host: yes\n";
        assert_eq!(status(id, &[chain, "test-works-apart: yes\n"]), Confirmed);
        assert_eq!(status(id, &[chain]), Possible);
        assert_eq!(status(id, &["model: C\n"]), Possible);
        assert_eq!(status(id, &[chain, "test-works-apart: no\n"]), RuledOut);
        assert_eq!(status(id, &[chain, "err: 13\ntest-works-apart: yes\n"]), RuledOut);
        assert_eq!(status(id, &["model: T\ntest-chain-on-one-host: yes\n"]), RuledOut);
    }
}
