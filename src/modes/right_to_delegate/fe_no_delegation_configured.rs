//! # No delegation is configured for this front end
//!
//! ## What it is
//! None of the three ways to delegate is set: the front end's account is not trusted, has no list of services, and the
//! back end's account names nobody.
//!
//! ## Why the hop breaks
//! Kerberos signs the user in at the web server and stops there. For the back end the web server can get a ticket in
//! its own name only, so the back end sees nobody or the service account.
//!
//! ## What shows it
//! - The front end's account: userAccountControl without 0x80000 and without 0x1000000, msDS-AllowedToDelegateTo empty.
//! - The owner of the back end's SPN: PrincipalsAllowedToDelegateToAccount empty.
//! - klist on the PC: the ticket for the web server reads 0x40a10000.
//! - Event 3 on the front end: KDC_ERR_BADOPTION (0xd), sometimes with 0xc00000bb.
//!
//! ## What rules it out
//! - Any of the three is set on the right account.
//! - A ticket for the back end in the user's name, or a forwarded ticket-granting ticket, stands in the user's session
//!   on the front end.
//! - It is set, but on another account: then see there.
//!
//! ## Fix
//! Choose the kind first. Both accounts in one domain: constrained or resource-based. Two domains: resource-based.
//! Never begin with unconstrained delegation.
//!
//! ## Verify
//! On the front end, `klist -li <the user's session>` shows a ticket for the back end.
//!
//! ## Versions
//! No version dependence known. Setting a list or unconstrained trust needs SeEnableDelegationPrivilege on domain
//! controllers; resource-based delegation needs only write access to the back end's object, so guard that.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/6d76bf10-3c48-4e14-9992-df1bd456455e>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance>
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/kerberos-constrained-delegation-overview>

use crate::modes::prelude::*;
use crate::modes::second_hop::list_fix::ADD_TO_LIST;
use crate::modes::second_hop::resource_fix::NAME_FRONT_END;

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-no-delegation-configured",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "No kind of delegation is configured for {fe_bare}.",
    says: "{fe_bare} is not trusted for delegation and lists no service, and the account behind {be} names nobody. {site} knows who the user is, but may not pass that on.",
    does_not_prove: "Which kind of delegation is wanted, and that {be} accepts the user once it is set.",
    row: Row {
        prior: 4,
        hop1: "K",
        scope: "all",
        asked: "n y -",
        tkt: "F",
        model: "0",
        fe: "asc",
        err: "13 none",
        bes: "anon",
        fspn: "ok",
        usr: "n",
        chg: "no",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Model, &["0"])),
        // The setting may stand on an account that does not act: another mode.
        Condition::Required(test("test-right-on-other-account", &["no"])),
        Condition::Decisive(is(Model, &["0"])),
        Condition::Supporting(test("test-extended-error", &["not-supported"])),
        Condition::Excluding(test("test-rbcd-set", &["yes"])),
        Condition::Excluding(test("test-rbcd-on-other-object", &["yes"])),
        Condition::Excluding(test("test-configured-account-acts", &["no"])),
        Condition::Excluding(test("test-tgt-forwarded", &["yes"])),
        Condition::Excluding(is(Fe, &["be", "fwd", "exp"])),
        Condition::Excluding(is(Tkt, &["FO", "x"])),
        Condition::Excluding(is(Err, &["40b"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[ADD_TO_LIST, NAME_FRONT_END],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, accounts, event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let (api, fe) = ("HTTP/api01.contoso.com", "CN=svc-web,OU=Service,DC=contoso,DC=com");
        let bare = accounts(&[], "contoso.com", api, "");
        assert_eq!(status(id, &[&bare, &event_3(api)]), Confirmed);
        assert_eq!(status(id, &[&accounts(&[api], "contoso.com", api, ""), &event_3(api)]), RuledOut);
        assert_eq!(status(id, &[&accounts(&[], "contoso.com", api, fe), &event_3(api)]), RuledOut);
        // Named is somebody else: the attribute is in use.
        let others = accounts(&[], "contoso.com", api, "CN=WEB02,OU=Servers,DC=contoso,DC=com");
        assert_eq!(status(id, &[&others, &event_3(api)]), RuledOut);
        // The KDC's own word that the account is trusted.
        assert_eq!(status(id, &[&bare, KLIST_DELEGATABLE]), RuledOut);
        // The list is on the computer account.
        let computer = format!(
            "Name : WEB01\nObjectClass : computer\nmsDS-AllowedToDelegateTo : {{{api}}}\nuserAccountControl : 4096\n"
        );
        assert_eq!(status(id, &[&bare, &computer]), RuledOut);
        // So it may be when the dump cut the computer's list, or the account's own.
        let cut = computer.replace(&format!("{{{api}}}"), "{HTTP/ap...");
        assert_eq!(status(id, &[&bare, &cut, &event_3(api)]), Possible);
        let own = bare.replacen("DelegateTo             : {}", "DelegateTo : {...}", 1);
        assert_eq!(status(id, &[&own, &event_3(api)]), RuledOut);
        assert_eq!(status(id, &[&event_3(api)]), Possible);
        // LDIF lists what is set: absence counts where the lists were asked for, or the whole object is there.
        let ldif = |name: &str, spn: &str| {
            format!(
                "dn: CN={name},OU=Service,DC=contoso,DC=com\nsAMAccountName: {name}\nuserAccountControl: 66048\nservicePrincipalName: {spn}\n"
            )
        };
        let both = format!("{}\n{}", ldif("svc-web", "HTTP/intranet.contoso.com"), ldif("svc-be", api));
        let picked = "C:\\>ldifde -f con -l sAMAccountName,userAccountControl,servicePrincipalName,msDS-AllowedToDelegateTo,msDS-AllowedToActOnBehalfOfOtherIdentity\n";
        assert_eq!(status(id, &[&format!("{picked}{both}"), &event_3(api)]), Confirmed);
        assert_eq!(
            status(id, &[&both.replace("sAMAccountName", "instanceType: 4\nsAMAccountName"), &event_3(api)]),
            Confirmed
        );
        assert_eq!(status(id, &[&both, &event_3(api)]), Possible);
        let less = picked.replace(",msDS-AllowedToActOnBehalfOfOtherIdentity", "");
        assert_eq!(status(id, &[&format!("{less}{both}"), &event_3(api)]), Possible);
        // A back end known only from another account's list: that account may be the one that acts.
        let pool =
            "<add name=\"A\"><processModel identityType=\"SpecificUser\" userName=\"CONTOSO\\svc-web\" /></add>\n";
        let front_end_of = |text: &str| text.replace("# back end\n", "").replace("# front end\n", "");
        assert_ne!(status(id, &[pool, &front_end_of(&bare), &computer]), Confirmed);
        assert_eq!(status(id, &[&bare, "intended_model: unconstrained"]), Possible);
        // The word alone: the right may have been given to an account that does not act.
        assert_eq!(status(id, &["model: 0"]), Likely);
        assert_eq!(status(id, &["model: 0\ntest-right-on-other-account: no"]), Confirmed);
        assert_eq!(status(id, &["model: 0\ntest-right-on-other-account: yes"]), RuledOut);
    }
}
