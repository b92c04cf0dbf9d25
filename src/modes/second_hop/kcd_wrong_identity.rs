//! # Delegation is configured on another account than the one that acts
//!
//! ## What it is
//! The list (msDS-AllowedToDelegateTo) is there, but on another account than the one that runs the web application: on
//! the computer instead of the pool's account, on an old account, or the other way round.
//!
//! ## Why the hop breaks
//! The domain controller looks at the account that decrypted the user's ticket and asks for the back end. What stands
//! on another account does not count.
//!
//! ## What shows it
//! - Event 4769 on a domain controller: the account name of the failed request is not the account with the list.
//! - IIS: the pool's identity. ApplicationPoolIdentity, NetworkService and LocalSystem act as the computer account; a
//!   named user or gMSA acts as itself. In kernel mode without useAppPoolCredentials the user's ticket belongs to the
//!   computer account.
//! - Event 3 on the front end: KDC_ERR_BADOPTION.
//!
//! ## What rules it out
//! - The account with the list is the one that decrypts and asks.
//! - Only file shares fail, and the pool is not the computer account: SMB asks with the computer account.
//!
//! ## Fix
//! Set the list on the account that decrypts the user's ticket and runs the code, and take it off the other. A gMSA has
//! no tab Delegation: use PowerShell, or resource-based delegation.
//!
//! ## Verify
//! Event 4769 for the back end's SPN names that account and succeeds; the ticket stands in the user's session on the
//! front end.
//!
//! ## Versions
//! The tab Delegation appears only for accounts that have an SPN.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/troubleshoot-kerberos-constrained-delegation-issues>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/ddb2cafd-1f01-4834-b52a-d4a5b34cd960>

use super::resource_fix::NAME_FRONT_END;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "kcd-wrong-identity",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "Delegation is set on another account than the one that runs {site}.",
    says: "A list of services exists, but not on the account that decrypts the user's ticket and asks for {be}. The domain controller looks at that account only.",
    does_not_prove: "That {be} accepts the user once the right account has the list.",
    row: Row {
        prior: 4,
        hop1: "K",
        scope: "all",
        asked: "n y -",
        tkt: "F",
        model: "0",
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
        Condition::Required(test("test-configured-account-acts", &["no"])),
        Condition::Decisive(test("test-configured-account-acts", &["no"])),
        Condition::Excluding(test("test-configured-account-acts", &["yes"])),
        // For a share the computer account asks, whoever has the list; it is the one that should have it where it runs the pool.
        Condition::Excluding(all(&[test("test-back-end-is-share", &["yes"]), test("test-pool-is-machine", &["no"])])),
        Condition::Excluding(test("test-rbcd-names-front-end", &["yes"])),
        Condition::Excluding(test("test-intended-model", &["unconstrained", "resource-based"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        Condition::Excluding(is(Model, &["U"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Err, &["7", "12", "14", "40b", "41"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
        Condition::Excluding(is(Tkt, &["x"])),
        Condition::Waiting(all(&[
            test("test-configured-account-acts", &["no"]),
            is(Model, &["C", "T", "0"]),
            is(Hop1, &["N", "R", "P"]),
        ])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::AdAdmin,
            does: "Set the list on the account that runs the web application, {fe_bare}, and take it off the other one.",
            script: "{set_fe} '{fe_bare}' -Add @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}\n# after the page works: take the entry off the account that did not need it\n# Set-ADComputer '<the other account>' -Remove @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}",
            language: Language::PowerShell,
            undo: "{set_fe} '{fe_bare}' -Remove @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}",
            verify: "{get_fe} '{fe_bare}' -Properties msDS-AllowedToDelegateTo; then on the front end: klist -li 0x3e7 purge, load the page, klist -li 0x<the user's session>",
            expect: "The list holds {be_spn}, and the user's session on the front end holds a ticket for it. A refusal is remembered for 15 minutes.",
            risk: "Check first that nothing else on that server uses the other account's list. Do not list services on both accounts \"to be safe\": every service of the computer could then act as its visitors.",
        },
        NAME_FRONT_END,
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
        let bare = accounts(&[], "contoso.com", api, "");
        let computer = format!(
            "Name : WEB01\nObjectClass : computer\nmsDS-AllowedToDelegateTo : {{{api}}}\nuserAccountControl : 4096\n"
        );
        // svc-web owns the SPN and asks; the list is on the computer account.
        assert_eq!(status(id, &[&bare, &computer, &event_3(api)]), Confirmed);
        assert_eq!(status(id, &[&bare, &computer]), Confirmed);
        // The account that acts has entries that the dump cut off.
        for cut in ["{HTTP/a.contoso.com...}", "{...}"] {
            let bare = bare.replacen("DelegateTo             : {}", &format!("DelegateTo : {cut}"), 1);
            assert_eq!(status(id, &[&bare, &computer, &event_3(api)]), Possible, "{cut}");
        }
        assert_eq!(status(id, &[&accounts(&[api], "contoso.com", api, ""), &event_3(api)]), RuledOut);
        assert_eq!(status(id, &[&bare, &event_3(api)]), Possible);
        assert_eq!(status(id, &["test-configured-account-acts: no"]), Confirmed);
        // A list for other back ends is another story.
        assert_eq!(status(id, &[&bare, &computer.replace("api01", "erp"), &event_3(api)]), Possible);
        // A share is asked for by the computer account: another case.
        let share = "cifs/fs01.contoso.com";
        let files = accounts(&[share], "contoso.com", share, "");
        assert_eq!(
            status(id, &[&files, &event_3(share).replace("CONTOSO.COM\\svc-web", "CONTOSO.COM\\WEB01$")]),
            RuledOut
        );
        let pool = |kind: &str| {
            format!(
                "<add name=\"web\">\n<processModel identityType=\"{kind}\" userName=\"CONTOSO\\svc-web\" />\n</add>\n"
            )
        };
        let web01 = "Name : WEB01\nObjectClass : computer\nServicePrincipalNames : {HTTP/intranet.contoso.com}\nmsDS-AllowedToDelegateTo : {}\nuserAccountControl : 4096\n";
        let old = format!(
            "Name : svc-web\nObjectClass : user\nServicePrincipalNames : {{}}\nmsDS-AllowedToDelegateTo : {{{share}}}\nuserAccountControl : 512\n"
        );
        let asks = event_3(share).replace("CONTOSO.COM\\svc-web", "CONTOSO.COM\\WEB01$");
        // Unless the pool is the computer too; who asks does not tell.
        assert_eq!(status(id, &[&pool("NetworkService"), web01, &old, &asks]), Confirmed);
        assert_eq!(status(id, &[&pool("SpecificUser"), web01, &old, &asks]), RuledOut);
        assert_eq!(status(id, &[web01, &old, &asks]), Possible);
    }
}
