//! # A list and resource-based delegation stand in each other's way
//!
//! ## What it is
//! The front end's account has a list (Kerberos only), and the back end's account names the front end as well. Users
//! who come without Kerberos are refused.
//!
//! ## Why the hop breaks
//! A list without protocol transition makes every ticket that the front end makes for a user (S4U2Self) not
//! forwardable, and resource-based delegation refuses such tickets. Without the list it would have accepted them.
//!
//! ## What shows it
//! - Both attributes are set: msDS-AllowedToDelegateTo on the front end, PrincipalsAllowedToDelegateToAccount on the
//!   back end; TrustedToAuthForDelegation False.
//! - Users who come by NTLM or a form get KDC_ERR_BADOPTION (0xc000006e), users with Kerberos succeed.
//!
//! ## What rules it out
//! - The front end has no list.
//! - Users come with forwardable Kerberos tickets.
//! - Any authentication protocol is allowed.
//!
//! ## Fix
//! Choose one: take the list off the front end (resource-based), or take the front end off the back end's account
//! (constrained).
//!
//! ## Verify
//! One of the two attributes is empty, and the users who failed reach the back end.
//!
//! ## Versions
//! Microsoft's guide of June 2025: not both for one pair. That a list for other services breaks it too follows from two
//! rules of the specification and was not seen published. It bites since resource-based delegation refuses tickets that
//! are not forwardable (March 2021).
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/6d76bf10-3c48-4e14-9992-df1bd456455e>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/ad98268b-f75b-42c3-b09b-959282770642>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "kcd-rbcd-conflict",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Inferred,
    stage: Stage::Target,
    title: "{fe_bare} has a list for Kerberos only, which spoils resource-based delegation to {be} for users without Kerberos.",
    says: "Because {fe_bare} has a list and no right of protocol transition, the tickets that it makes for users without Kerberos are not forwardable, and {be_bare}'s resource-based delegation refuses them.",
    does_not_prove: "That users with Kerberos are affected: they should not be.",
    row: Row {
        prior: 1,
        hop1: "N A P",
        scope: "us all",
        asked: "n y -",
        tkt: "0",
        model: "CR",
        fe: "s4u",
        err: "13",
        bes: "anon",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(all(&[is(Model, &["CR"]), test("test-signs-in-by-kerberos", &["no"])])),
        Condition::Required(test("test-any-protocol", &["no"])),
        Condition::Decisive(all(&[
            is(Model, &["CR"]),
            test("test-any-protocol", &["no"]),
            test("test-signs-in-by-kerberos", &["no"]),
        ])),
        Condition::Excluding(test("test-any-protocol", &["yes"])),
        Condition::Excluding(test("test-signs-in-by-kerberos", &["yes"])),
        Condition::Excluding(is(Model, &["U", "C", "T", "R", "0"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Err, &["7", "12", "14", "40b", "41"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::AdAdmin,
            does: "Keep resource-based delegation: take the list off {fe_bare}, after every service on it is covered by its own back end.",
            script: "{get_fe} '{fe_bare}' -Properties msDS-AllowedToDelegateTo | Select-Object -ExpandProperty msDS-AllowedToDelegateTo   # note them\n{set_fe} '{fe_bare}' -Clear 'msDS-AllowedToDelegateTo'",
            language: Language::PowerShell,
            undo: "{set_fe} '{fe_bare}' -Replace @{'msDS-AllowedToDelegateTo'=@(<the entries noted before>)}",
            verify: "{get_fe} '{fe_bare}' -Properties msDS-AllowedToDelegateTo; {get_be} '{be_bare}' -Properties PrincipalsAllowedToDelegateToAccount",
            expect: "The list is empty, {be_bare} names {fe_bare}, and users without Kerberos reach {be} with S-1-18-2 in their token.",
            risk: "Back ends that relied on the list stop. And without the list {fe} may act as any user that is not protected towards this back end: decide that knowingly.",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "Or keep the list: take {fe_bare} off the account of the back end, and let users come by Kerberos.",
            script: "$be = {get_be} '{be_bare}' -Properties PrincipalsAllowedToDelegateToAccount\n$fe = {get_fe} '{fe_bare}'\n$be.PrincipalsAllowedToDelegateToAccount   # note them: the next line replaces the list\n{set_be} '{be_bare}' -PrincipalsAllowedToDelegateToAccount @($be.PrincipalsAllowedToDelegateToAccount | Where-Object { $_ -ne $fe.DistinguishedName })",
            language: Language::PowerShell,
            undo: "{set_be} '{be_bare}' -PrincipalsAllowedToDelegateToAccount <the list noted before>",
            verify: "{get_be} '{be_bare}' -Properties PrincipalsAllowedToDelegateToAccount",
            expect: "{fe_bare} is not named; users with Kerberos reach {be}.",
            risk: "-PrincipalsAllowedToDelegateToAccount replaces the whole list. Users without Kerberos stay refused, unless any protocol is allowed.",
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

        let sql = "MSSQLSvc/sql01.contoso.com:1433";
        let both = accounts(&[sql], "contoso.com", sql, "CN=svc-web,OU=Service,DC=contoso,DC=com");
        let form = "browser: Edge 138\nsign_in: a form\n";
        assert_eq!(status(id, &[&both, &event_3(sql), form]), Confirmed);
        // A logon by NTLM on the machine that wrote the refusal.
        let logon = |computer: &str| {
            format!(
                "Event ID:      4624\nComputer:      {computer}\nDescription:\nAn account was successfully logged on.\n\nNew Logon:\n\tAccount Name:\t\tmaria\n\tAccount Domain:\t\tCONTOSO\n\
                     \tAuthentication Package:\tNTLM\n\tPackage Name (NTLM only):\tNTLM V2\n"
            )
        };
        assert_eq!(status(id, &[&both, &event_3(sql), &logon("WEB01.contoso.com")]), Confirmed);
        assert_eq!(status(id, &[&both, &event_3(sql), &logon("FS01.contoso.com")]), Possible);
        // By Kerberos both work side by side; without knowing how users come this proves nothing.
        assert_eq!(status(id, &[&both, &event_3(sql)]), Possible);
        assert_eq!(status(id, &[&both, "test-signs-in-by-kerberos: yes"]), RuledOut);
        assert_eq!(status(id, &[&accounts(&[sql], "contoso.com", sql, ""), &event_3(sql), form]), RuledOut);
        // Its neighbour needs the list alone.
        assert_eq!(status("kcd-protocol-transition-needed", &[&both, &event_3(sql), form]), RuledOut);
    }
}
