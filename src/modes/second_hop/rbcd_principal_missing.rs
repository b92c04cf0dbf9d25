//! # The back end's account does not name the front end (resource-based delegation)
//!
//! ## What it is
//! Resource-based delegation is used, but the account that owns the back end's SPN does not name the account that runs
//! the web application; or another object of the back end does.
//!
//! ## Why the hop breaks
//! The back end's domain controller reads msDS-AllowedToActOnBehalfOfOtherIdentity of the account that owns the SPN,
//! and looks there for the account that asks, or a group of it.
//!
//! ## What shows it
//! - PrincipalsAllowedToDelegateToAccount names the web server's computer account while the pool runs as a service
//!   account; or it is set on the SQL server's computer while the SPN belongs to a service account.
//! - Event 3 on the front end: KDC_ERR_BADOPTION with 0xc0000225, from the back end's domain; lsass.log with the same.
//!
//! ## What rules it out
//! - The owner of the SPN names the front end's account, directly or through a group.
//! - A list on the front end's account is what is used.
//!
//! ## Fix
//! Let the owner of the back end's SPN name the account that runs the web application, together with those that are
//! named already.
//!
//! ## Verify
//! PrincipalsAllowedToDelegateToAccount holds the front end; the user's session there holds the back end's ticket.
//!
//! ## Versions
//! Needs domain controllers of Windows Server 2012 or later on the way, no functional level. A hand-made descriptor
//! with a generic right may look complete and still be refused: use the cmdlets. What a domain controller answers when
//! the attribute is empty is not specified.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/troubleshoot-kerberos-rbcd-issues>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/dd1b47f9-580c-4c4e-8f34-4485b9728331>
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/kerberos-constrained-delegation-overview>
//! - <https://github.com/Adaptix-Framework/Extension-Kit/pull/146>

use super::resource_fix::NAME_FRONT_END;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "rbcd-principal-missing",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "{be_bare} does not name {fe_bare}, so it may not delegate to {be}.",
    says: "Resource-based delegation is decided by the account that owns {be_spn}. It does not name the account that runs {site}, so the domain controller refuses the ticket in the user's name.",
    does_not_prove: "That {be} accepts the user once it gets the ticket.",
    row: Row {
        prior: 4,
        hop1: "K",
        scope: "all be",
        asked: "n y -",
        tkt: "F",
        model: "0 R",
        fe: "asc",
        err: "13",
        bes: "anon",
        dom: "same xdom",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(any(&[
            test("test-rbcd-set", &["yes"]),
            test("test-rbcd-on-other-object", &["yes"]),
            test("test-intended-model", &["resource-based"]),
        ])),
        Condition::Required(test("test-rbcd-names-front-end", &["no"])),
        Condition::Required(any(&[test("test-rbcd-through-group", &["no"]), test("test-rbcd-set", &["no"])])),
        Condition::Decisive(all(&[
            test("test-rbcd-names-front-end", &["no"]),
            any(&[
                test("test-rbcd-set", &["yes"]),
                test("test-rbcd-on-other-object", &["yes"]),
                test("test-intended-model", &["resource-based"]),
            ]),
        ])),
        Condition::Supporting(test("test-extended-error", &["not-found"])),
        Condition::Excluding(test("test-rbcd-through-group", &["yes"])),
        Condition::Excluding(test("test-list-has-back-end-spn", &["exact", "other-form"])),
        Condition::Excluding(test("test-intended-model", &["unconstrained", "constrained"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        // Resource-based in somebody's words may well name another account: the list itself rules out, not the word.
        Condition::Excluding(is(Model, &["U"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Err, &["7", "12", "14", "40b", "41"])),
        Condition::Excluding(is(Hop1, &["R"])),
    ],
    fixes: &[NAME_FRONT_END],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{accounts, event_3, setspn_of, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;

        let (sql, fe) = ("MSSQLSvc/sql01.contoso.com:1433", "CN=svc-web,OU=Service,DC=contoso,DC=com");
        let other = accounts(&[], "contoso.com", sql, "CN=WEB01,OU=Servers,DC=contoso,DC=com");
        assert_eq!(status(id, &[&other, &event_3(sql)]), Confirmed);
        // The dump cut the list of those who may delegate.
        for cut in ["{CN=WEB01,OU=Servers,DC=contoso,DC=com...}", "{...}"] {
            let list = other.replace("{CN=WEB01,OU=Servers,DC=contoso,DC=com}", cut);
            assert_eq!(status(id, &[&list, &event_3(sql)]), Possible, "{cut}");
        }
        assert_eq!(status(id, &[&accounts(&[], "contoso.com", sql, fe), &event_3(sql)]), RuledOut);
        // Nothing is set at all: that is another case, unless resource-based is meant.
        let none = accounts(&[], "contoso.com", sql, "");
        assert_eq!(status(id, &[&none, &event_3(sql)]), Possible);
        assert_eq!(status(id, &[&none, &event_3(sql), "intended_model: resource-based"]), Confirmed);
        assert_eq!(
            status("fe-no-delegation-configured", &[&none, &event_3(sql), "intended_model: resource-based"]),
            Possible
        );
        // The account by its row in findDelegation, what it owns by a search, the front end's by another search.
        let row = |who: &str| {
            format!(
                "AccountName  AccountType  DelegationType              DelegationRightsTo\n-----------  -----------  --------------------------  ------------------\n{who}       Computer     Resource-Based Constrained  svc-sql\n"
            )
        };
        let owners = setspn_of(&[
            ("CN=WEB01,OU=Servers,DC=contoso,DC=com", &["HTTP/intranet.contoso.com"]),
            ("CN=svc-sql,OU=Service,DC=contoso,DC=com", &[sql]),
        ]);
        let by_machine = event_3(sql).replace("CONTOSO.COM\\svc-web", "CONTOSO.COM\\WEB01$");
        assert_eq!(status(id, &[&row("WEB01$"), &owners, &by_machine]), RuledOut);
        assert_eq!(status(id, &[&row("WEB02$"), &owners, &by_machine]), Confirmed);
        // It may be a group of the front end's account.
        let group = accounts(&[], "contoso.com", sql, "CN=Web front ends,OU=Groups,DC=contoso,DC=com");
        assert_eq!(status(id, &[&group, &event_3(sql)]), Likely);
        let member = group.replacen("Name                                 : svc-web\n", "Name                                 : svc-web\nMemberOf : {CN=Web front ends,OU=Groups,DC=contoso,DC=com}\n", 1);
        assert_eq!(status(id, &[&member, &event_3(sql)]), RuledOut);
        // Set on the computer, while the SPN belongs to the service account.
        let computer = format!(
            "Name : SQL01\nObjectClass : computer\nPrincipalsAllowedToDelegateToAccount : {{{fe}}}\nuserAccountControl : 4096\n"
        );
        assert_eq!(status(id, &[&none, &computer, &event_3(sql)]), Confirmed);
        // A list is in use.
        assert_eq!(status(id, &[&accounts(&[sql], "contoso.com", sql, ""), &event_3(sql)]), RuledOut);
    }
}
