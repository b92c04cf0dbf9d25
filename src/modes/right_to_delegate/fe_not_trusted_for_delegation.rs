//! # Unconstrained delegation is meant, but the account is not trusted for it
//!
//! ## What it is
//! The site is meant to use unconstrained delegation, but the ticket for it has no `ok_as_delegate`: the account that owns the
//! SPN is not trusted for delegation (maybe another account is).
//!
//! ## Why the hop breaks
//! Windows forwards a ticket-granting ticket only to a service whose ticket carries `ok_as_delegate`, whatever the browser asks.
//!
//! ## What shows it
//! - klist on the PC: the ticket for `HTTP/<web server>` reads 0x40a10000, `forwardable` without `ok_as_delegate`.
//! - The account's TrustedForDelegation is False (userAccountControl without 0x80000).
//!
//! ## What rules it out
//! - The ticket has `ok_as_delegate`.
//! - Constrained or resource-based delegation is meant: there a missing `ok_as_delegate` is normal.
//! - The ticket came over a trust on which TGT delegation is off.
//!
//! ## Fix
//! Better: constrained or resource-based delegation. If unconstrained must stay: trust the account that owns the SPN.
//!
//! ## Verify
//! After `klist purge` and a new visit the ticket reads 0x40a50000.
//!
//! ## Versions
//! No version dependence known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/kerberos-double-hop-authentication-edge-chromium>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-kile/2a32282e-dd48-4ad9-a542-609804b02cc9>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/dd302fd1-0aa7-406b-ad91-2a6b35738557>

use super::constrained_fix::CONSTRAINED_INSTEAD;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-not-trusted-for-delegation",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "The account behind {site} is not trusted for delegation.",
    says: "The site is meant to use unconstrained delegation, but the ticket for {spn} carries no ok_as_delegate: {fe} is not trusted for delegation. \
           Windows then forwards nothing, whatever the browser asks.",
    does_not_prove: "That the browser asks for delegation, or that {be} accepts the user.",
    row: Row {
        prior: 3,
        hop1: "K",
        scope: "all",
        asked: "n y -",
        tkt: "F",
        model: "0",
        fe: "asc",
        err: "none 13",
        bes: "anon",
        fspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-intended-model", &["unconstrained"])),
        Condition::Required(is(Tkt, &["F"])),
        Condition::Decisive(test("test-front-end-trusted", &["no"])),
        Condition::Decisive(is(Tkt, &["F"])),
        Condition::Excluding(is(Model, &["U"])),
        Condition::Excluding(is(Fe, &["fwd", "exp"])),
        Condition::Excluding(is(Hop1, &["N"])),
        Condition::Excluding(test("test-ticket-crossed-trust", &["yes"])),
        // Only Windows withholds by that flag of itself; elsewhere a policy has to say so: another mode.
        Condition::Excluding(test("test-client-posix", &["yes"])),
    ],
    fixes: &[
        CONSTRAINED_INSTEAD,
        FixTemplate {
            who: Who::AdAdmin,
            does: "If unconstrained delegation must stay: trust {fe} for delegation.",
            script: "Set-ADAccountControl '{fe_bare}' -TrustedForDelegation $true",
            language: Language::PowerShell,
            undo: "Set-ADAccountControl '{fe_bare}' -TrustedForDelegation $false",
            verify: "klist purge & klist get {spn}",
            expect: "Ticket Flags 0x40a50000, with ok_as_delegate.",
            risk: "Whoever breaks into that server gets the ticket-granting ticket of every visitor, administrators included, and can act as them anywhere.",
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
        assert_eq!(status(id, &[&plain, "intended_model: unconstrained"]), Confirmed);
        // Without knowing the intention this is the normal picture of constrained delegation.
        assert_eq!(status(id, &[&plain]), Possible);
        assert_eq!(status(id, &[&plain, "intended_model: constrained"]), RuledOut);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, "intended_model: unconstrained"]), RuledOut);
    }
}
