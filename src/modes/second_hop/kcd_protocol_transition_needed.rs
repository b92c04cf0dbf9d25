//! # Users come without Kerberos, and the account may delegate with Kerberos only
//!
//! ## What it is
//! The front end has a list of services, "Use Kerberos only", but its users sign in by NTLM, a form, a certificate or
//! SAML.
//!
//! ## Why the hop breaks
//! Without a Kerberos ticket of the user, the front end makes one itself (S4U2Self). For an account with a list and
//! without the right of protocol transition that ticket is not forwardable, and the domain controller refuses to go on
//! from it.
//!
//! ## What shows it
//! - The front end's account: a list, and TrustedToAuthForDelegation False (userAccountControl without 0x1000000).
//! - The web server's log: 4624 of the user with package NTLM, or no Windows logon at all.
//! - klist on the front end: a ticket that the server made for the user, Cache Flags 0x4 S4U, without forwardable.
//! - Event 3: KDC_ERR_BADOPTION, 0xc000006e (on older servers 0xc0000272).
//!
//! ## What rules it out
//! - The user comes by Kerberos.
//! - Protocol transition is allowed.
//! - The back end's account names the front end (resource-based): see there.
//!
//! ## Fix
//! First repair Kerberos on the first hop, if users were meant to come by it. If not: allow any authentication
//! protocol, or use resource-based delegation in place of the list: it always allows protocol transition, except beside a
//! list with "Kerberos only".
//!
//! ## Verify
//! The ticket for the back end is issued; the back end's token carries S-1-18-2.
//!
//! ## Versions
//! Windows Server 2003 and later.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/ad98268b-f75b-42c3-b09b-959282770642>
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/kerberos-constrained-delegation-overview>
//! - <https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2003/cc772683(v=ws.10)>

use super::resource_fix::INSTEAD_OF_LIST;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "kcd-protocol-transition-needed",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "Users come to {site} without Kerberos, and {fe_bare} may delegate with Kerberos only.",
    says: "The ticket that {site} makes for such a user is not forwardable, because {fe_bare} has no right of protocol transition. The domain controller refuses the ticket for {be}.",
    does_not_prove: "That users are meant to come without Kerberos: if they are not, repair the first hop instead.",
    row: Row {
        prior: 3,
        hop1: "N A P",
        scope: "all us",
        asked: "n y -",
        tkt: "0",
        model: "C",
        fe: "s4u",
        err: "13",
        bes: "anon",
        dom: "same",
        fspn: "ok none",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(is(Model, &["C"])),
        Condition::Required(test("test-signs-in-by-kerberos", &["no"])),
        Condition::Required(test("test-transition-intended", &["yes"])),
        // Else it may be both kinds at once, which are refused for the same reason.
        Condition::Required(not(&test("test-rbcd-names-front-end", &["yes"]))),
        Condition::Decisive(all(&[is(Model, &["C"]), is(Fe, &["s4u"])])),
        Condition::Decisive(all(&[
            is(Model, &["C"]),
            test("test-signs-in-by-kerberos", &["no"]),
            any(&[is(Err, &["13"]), test("test-transition-intended", &["yes"])]),
        ])),
        Condition::Excluding(test("test-signs-in-by-kerberos", &["yes"])),
        Condition::Excluding(test("test-any-protocol", &["yes"])),
        Condition::Excluding(test("test-transition-intended", &["no"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Dom, &["xdom", "dmz"])),
        Condition::Excluding(is(Err, &["7", "12", "14", "40b", "41"])),
        Condition::Excluding(is(Tkt, &["F", "FO", "x"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "If users were meant to come by Kerberos: repair the first hop, and leave \"Kerberos only\" as it is.",
            script: "klist purge\nklist get {spn}\nsetspn -F -Q {spn}",
            language: Language::Cmd,
            undo: "Nothing to undo: these commands only look.",
            verify: "klist, after loading the page",
            expect: "A ticket for {spn}.",
            risk: "",
        },
        INSTEAD_OF_LIST,
        FixTemplate {
            who: Who::AdAdmin,
            does: "Last resort: allow any authentication protocol on {fe_bare} (protocol transition).",
            script: "Set-ADAccountControl '{fe_bare}' -TrustedToAuthForDelegation $true",
            language: Language::PowerShell,
            undo: "Set-ADAccountControl '{fe_bare}' -TrustedToAuthForDelegation $false",
            verify: "{get_fe} '{fe_bare}' -Properties TrustedToAuthForDelegation; then load the page",
            expect: "TrustedToAuthForDelegation is True, and the user's session on the front end holds a ticket for {be_spn}.",
            risk: "{fe} may then act as anyone towards the listed services, without that user ever signing in. Use a narrow account of its own, with a short list.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{accounts, event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;

        let api = "HTTP/api01.contoso.com";
        let kerberos_only = accounts(&[api], "contoso.com", api, "");
        let event = event_3(api).replace("Extended Error: ", "Extended Error: 0xc000006e KLIN(0)");
        let form = "browser: Edge 138\nsign_in: SAML\n";
        assert_eq!(status(id, &[&kerberos_only, &event, form]), Confirmed);
        // Without the back end's account nobody knows whether it names the front end as well.
        let (front_end, _) = kerberos_only.split_once("# back end").unwrap();
        assert_eq!(status(id, &[front_end, &event, form]), Likely);
        // NTLM, and nobody says that it is meant so.
        let ntlm = "Authentication Method:   Negotiate (NTLM - fallback)\nUser: CONTOSO\\alice\nImpersonationLevel: Impersonation\n";
        assert_eq!(status(id, &[&kerberos_only, &event, ntlm]), Likely);
        assert_eq!(status(id, &[&kerberos_only, &event, "test-signs-in-by-kerberos: yes"]), RuledOut);
        let any = kerberos_only.replacen(
            "TrustedToAuthForDelegation           : False",
            "TrustedToAuthForDelegation           : True",
            1,
        );
        assert_eq!(status(id, &[&any, &event, form]), RuledOut);
        assert_eq!(status(id, &[&event, form]), Possible);
        // Where it is meant, NTLM on the first hop is no fault.
        let meant = "intended_model: constrained with protocol transition";
        assert_eq!(status(id, &[&kerberos_only, &event, ntlm, meant]), Confirmed);
        assert_eq!(status("ntlm-fallback", &[&kerberos_only, &event, ntlm, meant]), RuledOut);
        assert_eq!(status("ntlm-fallback", &[&kerberos_only, &event, ntlm]), Confirmed);
    }
}
