//! # The back end's SPN is not on the front end's list
//!
//! ## What it is
//! Constrained delegation is configured, but the service that the front end asks for is not on its account's list
//! (msDS-AllowedToDelegateTo).
//!
//! ## Why the hop breaks
//! The domain controller grants tickets in the user's name only for the listed names and answers KDC_ERR_BADOPTION (0xd) for any other.
//!
//! ## What shows it
//! - Event 3 on the front end: error 0xd, Target Name = the SPN asked for; a trace of the front end with
//!   "KDC can't fulfill requested option" (-1765328371).
//! - The list does not hold that name.
//!
//! ## What rules it out
//! - The list holds exactly that name. Letter case never matters.
//! - The two accounts are in different domains: then the list does not count at all.
//!
//! ## Fix
//! Add exactly the names that the client library asks for.
//!
//! ## Verify
//! The user's session on the front end shows the back end's ticket.
//!
//! ## Versions
//! The extended error beside 0xd is a hint only: what a 2012 or later KDC writes there when the name is missing is not specified.
//! A refusal is remembered for 15 minutes.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/6d76bf10-3c48-4e14-9992-df1bd456455e>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/troubleshoot-kerberos-constrained-delegation-issues>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-protocol-registry-kdc-configuration-keys>

use super::list_fix::ADD_TO_LIST;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "kcd-spn-not-in-list",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "{fe_bare} may not delegate to {be_spn}: it is not on its list.",
    says: "Constrained delegation is configured for {fe_bare}, but {be_spn} is not on its list. The domain controller refuses the ticket in the user's name \
           (KDC_ERR_BADOPTION), and {be} never sees the user.",
    does_not_prove: "That {be} accepts the user once it gets the ticket.",
    row: Row {
        prior: 5,
        hop1: "K",
        scope: "all be",
        asked: "n y -",
        tkt: "F",
        model: "C T",
        fe: "asc",
        err: "13",
        bes: "anon",
        dom: "same",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(is(Model, &["C", "T"])),
        Condition::Required(test("test-list-has-back-end-spn", &["absent"])),
        Condition::Required(is(Err, &["13"])),
        Condition::Decisive(all(&[is(Err, &["13"]), test("test-list-has-back-end-spn", &["absent"])])),
        Condition::Supporting(test("test-list-has-back-end-spn", &["absent"])),
        Condition::Supporting(is(Bes, &["anon"])),
        Condition::Excluding(is(Dom, &["xdom", "dmz"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
        Condition::Excluding(is(Fe, &["be"])),
        // These tickets are refused whatever the list says. It lacks the name all the same, unless the back end names the account.
        Condition::Excluding(all(&[is(Tkt, &["x"]), not(&test("test-rbcd-names-front-end", &["no"]))])),
        Condition::Excluding(test("test-rbcd-names-front-end", &["yes"])),
        // The name has to be registered first. Its owner is not known then, nor the domain.
        Condition::Waiting(all(&[
            is(Model, &["C", "T"]),
            is(Err, &["7"]),
            test("test-list-has-back-end-spn", &["absent"]),
        ])),
    ],
    fixes: &[ADD_TO_LIST],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{accounts, diagnose, event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let (api, other) = ("HTTP/api01.contoso.com", "HTTP/legacy.contoso.com");
        assert_eq!(status(id, &[&accounts(&[other], "contoso.com", api, ""), &event_3(api)]), Confirmed);
        assert_eq!(
            status(id, &[&accounts(&["http/API01.contoso.com"], "contoso.com", api, ""), &event_3(api)]),
            RuledOut
        );
        assert_eq!(status(id, &[&accounts(&["HTTP/api01"], "contoso.com", api, ""), &event_3(api)]), RuledOut);
        assert_eq!(status(id, &[&accounts(&[other], "emea.contoso.com", api, ""), &event_3(api)]), RuledOut);
        assert_eq!(status(id, &[&event_3(api)]), Possible);
        // Another account asked than the only one with a list, which does not speak of that back end.
        let dump = accounts(&[other], "contoso.com", api, "").replace("# front end", "#").replace("# back end", "#");
        assert_eq!(status(id, &[&dump, &event_3(api)]), Confirmed);
        assert_eq!(status(id, &[&dump, &event_3(api).replace("svc-web", "svc-api7")]), Possible);
        // Two web services in one paste: each refusal belongs to the service whose account asked.
        let session = "Current LogonId is 0:0x1\n\nCached Tickets: (2)\n\n#0>\tClient: alice @ CONTOSO.COM\n\tServer: HTTP/intranet.contoso.com @ CONTOSO.COM\n\
                       \tTicket Flags 0x40a10000 -> forwardable renewable pre_authent name_canonicalize\n\tCache Flags: 0x8 -> ASC\n\n#1>\tClient: alice @ CONTOSO.COM\n\
                       \tServer: HTTP/api01.contoso.com @ CONTOSO.COM\n\tTicket Flags 0x40210000 -> forwardable pre_authent name_canonicalize\n\tCache Flags: 0\n";
        let healthy = accounts(&[api], "contoso.com", api, "");
        let shop = format!(
            "Name : svc-shop\nObjectClass : user\nmsDS-AllowedToDelegateTo : {{{api}}}\nServicePrincipalNames : {{HTTP/shop.contoso.com}}\nTrustedForDelegation : False\n"
        );
        let refused = event_3(other).replace("svc-web", "svc-shop").replace("WEB01", "SHOP01");
        let two = [session, healthy.as_str(), shop.as_str(), refused.as_str()];
        let report = diagnose(&two);
        let verdict = (report.verdict.top.as_deref(), report.verdict.about.as_deref());
        assert_eq!(verdict, (Some(id), Some("shop.contoso.com")));
        // A list that the dump cut may have it in the part that is not shown.
        for cut in ["{HTTP/legacy.contoso.com...}", "{HTTP/legacy.contoso.com, HTTP/api01.conto...", "{...}"] {
            let list = accounts(&[other], "contoso.com", api, "").replace("{HTTP/legacy.contoso.com}", cut);
            assert_eq!(status(id, &[&list, &event_3(api)]), Possible, "{cut}");
        }
    }
}
