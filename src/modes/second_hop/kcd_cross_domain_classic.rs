//! # Classic constrained delegation across two domains
//!
//! ## What it is
//! The front end's account lists a service (msDS-AllowedToDelegateTo) whose account is in another domain. Classic constrained
//! delegation works within one domain only.
//!
//! ## Why the hop breaks
//! A domain controller looks at that list only when it is the KDC of the realm of *both* accounts. Up to Windows Server 2008 R2
//! the front end reports 0xc000040b (-1073740789, STATUS_CROSSREALM_DELEGATION_FAILURE); since Windows Server 2012 the KDC hands
//! out a referral, and the back end's KDC looks at its own object (resource-based delegation) and nothing else.
//! So the rule of 2007, "front end and back end must be in the same domain", is still right for the classic kind and wrong as a
//! general statement. It is about the *accounts*, not the hosts, and it never included the user.
//!
//! ## What shows it
//! - lsass.log on the front end: `KerbGetServiceTicketByS4UProxy failed 0xc000040b` (in SSPI 0x80090357).
//! - The distinguished names of the two accounts end in different domains.
//! - Event 3 on the front end: KDC_ERR_BADOPTION (0xd) from the other domain's KDC.
//!
//! ## What rules it out
//! - Both accounts are in one domain.
//! - The back end's account names the front end (resource-based), and the ticket is issued.
//!
//! ## Fix
//! Resource-based delegation on the back end's account, which may be in another domain of the forest; and take the foreign SPN
//! off the front end's list. Or bring both accounts into one domain.
//!
//! ## Verify
//! On the front end `klist -li <the user's session>` shows the back end's ticket, from the other realm.
//!
//! ## Versions
//! 2003 to 2008 R2: the code above. 2012 and later: referral, then resource-based only; no public trace of 0xc000040b from such
//! a server was found, but it is decisive where it appears. Resource-based delegation needs a 2012 domain controller on the way.
//!
//! ## Sources
//! - <https://techcommunity.microsoft.com/t5/microsoft-entra-azure-ad-blog/kerberos-constrained-delegation-fe-and-be-servers-must-be-in/ba-p/243094>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/a47e0084-d6c3-40ba-8c3c-f1eeb3d85ecf>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/6d76bf10-3c48-4e14-9992-df1bd456455e>
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/kerberos-constrained-delegation-overview>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "kcd-cross-domain-classic",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "Classic constrained delegation cannot cross domains, and {be}'s account is in another one.",
    says: "The front end delegates by its own list, and that list counts only within one domain. The account that runs the front end (the computer's, or the \
           application pool's) and the account that runs {be} must both be in it; the user may be elsewhere. Across domains the right stands on the back end's account instead.",
    does_not_prove: "That the back end accepts the user once it gets the ticket.",
    row: Row {
        prior: 5,
        hop1: "K",
        scope: "all be",
        asked: "n y -",
        tkt: "F",
        model: "C T",
        fe: "asc",
        err: "40b 13",
        bes: "anon",
        dom: "xdom dmz",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Dom, &["xdom", "dmz"])),
        Condition::Decisive(is(Err, &["40b"])),
        Condition::Decisive(all(&[is(Dom, &["xdom", "dmz"]), is(Model, &["C", "T"])])),
        Condition::Excluding(is(Model, &["U", "R", "0"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Waiting(all(&[
            is(Dom, &["xdom"]),
            is(Model, &["C", "T"]),
            test("test-list-has-back-end-spn", &["exact"]),
        ])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::AdAdmin,
            does: "Resource-based delegation: let {be_bare} name {fe_bare}, and take the foreign SPN off the list.",
            script: "$fe  = {get_fe} '{fe_bare}' -Server '{fe_domain}'\n\
                     $be  = {get_be} '{be_bare}' -Server '{be_domain}' -Properties PrincipalsAllowedToDelegateToAccount\n\
                     $be.PrincipalsAllowedToDelegateToAccount   # note them: the next line replaces the list\n\
                     {set_be} $be -Server '{be_domain}' -PrincipalsAllowedToDelegateToAccount (@($be.PrincipalsAllowedToDelegateToAccount) + $fe | Where-Object { $_ })\n\
                     {set_fe} '{fe_bare}' -Server '{fe_domain}' -Remove @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}",
            language: Language::PowerShell,
            undo: "{set_be} '{be_bare}' -Server '{be_domain}' -PrincipalsAllowedToDelegateToAccount <the list noted before>   # $null when it was empty\n\
                   {set_fe} '{fe_bare}' -Server '{fe_domain}' -Add @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}",
            verify: "On the front end: klist -li 0x3e7 purge, load the page, then klist sessions and klist -li 0x<the user's session>",
            expect: "The user's session holds a ticket for {be_spn} from the realm of {be_domain}. A refusal is remembered for 15 minutes.",
            risk: "-PrincipalsAllowedToDelegateToAccount replaces the whole list: set the old entries together with the new one. Whoever is on it can act towards this back end \
                   as any user that is not protected, with or without Kerberos from the client; write access to the attribute is as good as owning the back end.",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "Or bring both accounts into one domain: run the back end's service under an account of the front end's domain, or the other way round.",
            script: "",
            language: Language::Text,
            undo: "Set the former account on the service again, and move its SPNs back.",
            verify: "setspn -F -Q {be_spn}",
            expect: "The owner's distinguished name ends in the domain of {fe}.",
            risk: "Changing a service's account stops it until its SPNs, rights and stored passwords follow. Two accounts in one domain count, not two hosts.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{LSASS_LINE, accounts, event_4, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        // The article's line alone: the code says that the target is outside of the server's realm.
        for spelling in ["0xc000040b", "c000040b", "-1073740789", "3221226507"] {
            assert_eq!(status(id, &[&LSASS_LINE.replace("0xc000040b", spelling)]), Confirmed, "{spelling}");
        }
        let sql = "MSSQLSvc/sql01.emea.contoso.com:1433";
        assert_eq!(status(id, &[&accounts(&[sql], "emea.contoso.com", sql, "")]), Confirmed);
        assert_eq!(status(id, &[&accounts(&[sql], "contoso.com", sql, "")]), RuledOut);
        // Resource-based: the back end names the front end, and the front end has no list.
        assert_eq!(
            status(id, &[&accounts(&[], "emea.contoso.com", sql, "CN=svc-web,OU=Service,DC=contoso,DC=com")]),
            RuledOut
        );
    }

    /// It waits behind a first hop that fails, not behind a back end that refuses a user who did arrive.
    #[test]
    fn waits_only_for_its_turn() {
        let id = super::MODE.id;
        let sql = "MSSQLSvc/sql01.emea.contoso.com:1433";
        let across = accounts(&[sql], "emea.contoso.com", sql, "");
        let owner = format!(
            "C:\\> setspn -F -Q {sql}\nChecking forest DC=contoso,DC=com\nCN=svc-be,OU=Service,DC=emea,DC=contoso,DC=com\n\t{sql}\n\nExisting SPN found!\n"
        );
        assert_eq!(status(id, &[&across, &owner, &event_4("svc-old")]), Likely);
        let page = "~ Who Am I Page ~\n\nAuthentication Method:   Negotiate (KERBEROS)\nIdentity:   CONTOSO\\maria\n";
        let refused = "Login failed for user 'CONTOSO\\maria'. (Microsoft SQL Server, Error: 18456)";
        let arrived = [&across, &owner, page, refused, "fe: be\n"];
        assert_eq!(status("be-authorization-denied", &arrived), Confirmed);
        assert_eq!(status(id, &arrived), RuledOut);
    }
}
