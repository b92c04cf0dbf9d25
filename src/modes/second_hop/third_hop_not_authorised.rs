//! # The back end itself may not delegate further
//!
//! ## What it is
//! Three services in a row: the front end reaches the middle one as the user, and the middle one calls a last one as the user. The
//! middle service has no right to delegate.
//!
//! ## Why the hop breaks
//! Each hop is authorised by itself. The front end's right ends at the service that its list names; for the next hop the middle
//! service's account needs a list of its own, or the last service's account must name it.
//!
//! ## What shows it
//! - KDC_ERR_BADOPTION (0xd) on the *middle* server, for the last service's SPN; the first two hops work.
//! - The front end's session holds a ticket for the middle service; the middle account has no list, and the last account does not
//!   name it.
//!
//! ## What rules it out
//! - The middle account's list has the last service, or the last account names the middle one.
//! - The refusal stands on the front end.
//!
//! ## Fix
//! Give the middle service the right for the last one: its own list, or resource-based on the last service's account.
//!
//! ## Verify
//! The user's session on the middle server holds a ticket for the last service; in its 4624 Transited Services lists both services.
//!
//! ## Versions
//! Each hop adds its service to the delegation information in the ticket (MS-SFU).
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/3bff5864-8135-400e-bdd9-33b552051d94>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "third-hop-not-authorised",
    hop: Hop::BackEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "{be} calls {third_spn} as the user, and may not delegate to it.",
    says: "The first two hops work. The service on {be} then asks for {third_spn} in the user's name and is refused: every hop needs a right of its own, and the account that runs {be} has none for this one.",
    does_not_prove: "That the last service accepts the user.",
    row: Row {
        prior: 2,
        hop1: "K",
        scope: "all be",
        asked: "n y -",
        tkt: "F",
        model: "C T R",
        fe: "be",
        err: "none",
        bes: "user",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-third-hop-refused", &["yes"])),
        Condition::Required(test("test-middle-may-delegate", &["no"])),
        Condition::Decisive(test("test-third-hop-refused", &["yes"])),
        Condition::Excluding(is(Fe, &["asc", "s4u", "no", "exp"])),
        Condition::Excluding(is(Bes, &["svc"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::AdAdmin,
            does: "Put {third_spn} on the list of the account that runs {be}, in exactly the form that is asked for.",
            script: "{get_be} '{be_bare}' -Properties msDS-AllowedToDelegateTo\n{set_be} '{be_bare}' -Add @{'msDS-AllowedToDelegateTo'=@('{third_spn}')}",
            language: Language::PowerShell,
            undo: "{set_be} '{be_bare}' -Remove @{'msDS-AllowedToDelegateTo'=@('{third_spn}')}",
            verify: "On {be}: klist -li 0x3e7 purge, load the page, klist sessions, klist -li 0x<the user's session>",
            expect: "A ticket of the user for {third_spn}. A refusal is remembered for 15 minutes.",
            risk: "Every further hop widens who can act as the user: whoever breaks into the middle server can then call {third_spn} in the name of any visitor. Consider a service identity for the last hop.",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "Or resource-based, also across domains: let the account behind {third_spn} name {be_bare}.",
            script: "$last = Get-ADUser <account behind {third_spn}> -Properties PrincipalsAllowedToDelegateToAccount   # or Get-ADComputer\n$last.PrincipalsAllowedToDelegateToAccount   # note them: the next line replaces the list\nSet-ADUser $last -PrincipalsAllowedToDelegateToAccount (@($last.PrincipalsAllowedToDelegateToAccount) + ({get_be} '{be_bare}') | Where-Object { $_ })",
            language: Language::PowerShell,
            undo: "Set-ADUser <account> -PrincipalsAllowedToDelegateToAccount <the list noted before>   # $null when it was empty",
            verify: "As above",
            expect: "As above.",
            risk: "-PrincipalsAllowedToDelegateToAccount replaces the whole list: set the old entries together with the new one.",
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
        let (api, last) = ("HTTP/api07.contoso.com", "MSSQLSvc/sql07.contoso.com:1433");
        let dump = accounts(&[api], "contoso.com", api, "");
        // The middle service asks: the owner of what the front end's list names.
        let by_middle = event_3(last).replace("svc-web", "svc-be").replace("WEB01", "API07");
        assert_eq!(status(id, &[&by_middle, &dump]), Confirmed);
        // The list of the front end is not what fails here.
        assert_eq!(status("kcd-spn-not-in-list", &[&by_middle, &dump]), Possible);
        // No word tells which account is whose: the first in the chain is the one that has a list.
        let bare = dump.replace("# front end", "# portal").replace("# back end", "# api");
        assert_eq!(status(id, &[&by_middle, &bare]), Confirmed);
        // The front end asks.
        assert_eq!(status(id, &[&event_3(last), &dump]), Possible);
        assert_eq!(status("kcd-spn-not-in-list", &[&event_3(last), &dump]), Confirmed);
        // The middle account has the right.
        let listed = dump.replace(
            "msDS-AllowedToDelegateTo             : {}\nName                                 : svc-be",
            &format!(
                "msDS-AllowedToDelegateTo             : {{{last}}}\nName                                 : svc-be"
            ),
        );
        assert_eq!(status(id, &[&by_middle, &listed]), RuledOut);
        // It may have it, in what the dump cut off.
        for cut in ["{HTTP/a.contoso.com...}", "{...}"] {
            let list = format!("{{{last}}}");
            assert_eq!(status(id, &[&by_middle, &listed.replace(&list, cut)]), Likely, "{cut}");
        }
        assert_eq!(status(id, &["test-third-hop-refused: yes\n"]), Likely);
        assert_eq!(status(id, &["test-third-hop-refused: yes\nfe: asc\n"]), RuledOut);
    }
}
