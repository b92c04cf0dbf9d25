//! # Resource-based delegation across forests in a placement that is not served
//!
//! ## What it is
//! The web server's account is alone in another forest (a DMZ), user and back end are together in theirs.
//! Resource-based delegation is set correctly and still refused.
//!
//! ## Why the hop breaks
//! A domain controller does not serve this placement: it answers KDC_ERR_POLICY, by design.
//!
//! ## What shows it
//! - Event 3 on the front end: KDC_ERR_POLICY (0xc) from a domain controller of the back end's forest, for the back
//!   end's SPN.
//! - The three domains: the front end in one forest, user and back end in the other.
//!
//! ## What rules it out
//! - User and front end are in one forest, the back end in another; or front end and back end are in one forest.
//! - The trust uses selective authentication (0x10): that gives the same error.
//!
//! ## Fix
//! Bring the front end's account into the forest of the users, or publish with a protocol that uses tokens. The front
//! end must be able to authenticate to the back end's forest (two-way trust).
//!
//! ## Verify
//! Event 4769 in the back end's forest for the back end's SPN succeeds and has Transited Services.
//!
//! ## Versions
//! KB4033246 for 2012 R2 and 2016, its full table was not available. That the user must come from the front end's
//! forest is a vendor's statement; it was not tested again on 2022 and 2025.
//!
//! ## Sources
//! - <https://mskb.pkisolutions.com/kb/4033246>
//! - <https://docs.airlock.com/gateway/latest/index/1600697754058.html>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "rbcd-cross-forest-topology",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Field,
    stage: Stage::Target,
    title: "{site} is alone in another forest than user and back end: resource-based delegation is not served there.",
    says: "{fe_bare} is in {fe_domain}, user and {be} are in {be_domain}. Domain controllers answer such a request with KDC_ERR_POLICY, however the delegation is set.",
    does_not_prove: "That no selective authentication stands in the way: that gives the same error.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "all",
        asked: "n y -",
        tkt: "F",
        model: "R",
        fe: "asc s4u",
        err: "12",
        bes: "anon",
        dom: "dmz",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(any(&[is(Model, &["R", "CR"]), test("test-intended-model", &["resource-based"])])),
        Condition::Required(is(Dom, &["dmz"])),
        Condition::Required(is(Err, &["12"])),
        Condition::Decisive(all(&[is(Dom, &["dmz"]), is(Err, &["12"])])),
        Condition::Excluding(test("test-trust-selective", &["yes"])),
        Condition::Excluding(test("test-user-in-other-forest", &["no"])),
        Condition::Excluding(is(Dom, &["same", "xuser"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Err, &["7", "13", "14", "40b", "41"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Join the web server (and the account that runs it) to the users' forest, then use resource-based or constrained delegation there.",
            script: "",
            language: Language::Text,
            undo: "Join it to its former domain again.",
            verify: "Event 4769 on a domain controller of the back end for {be_spn}",
            expect: "Success, with Transited Services.",
            risk: "A server of the DMZ in the users' forest has more of it in reach: restrict it as one that faces outside. Widening a trust for one application widens it for all.",
        },
        FixTemplate {
            who: Who::Developer,
            does: "Or publish the application with a protocol that uses tokens (SAML, OpenID Connect), and let the back end accept those.",
            script: "",
            language: Language::Text,
            undo: "",
            verify: "Open the page from outside.",
            expect: "The back end shows the user.",
            risk: "",
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

        let sql = "MSSQLSvc/sql01.corp.example:1433";
        let named = accounts(&[], "corp.example", sql, "CN=svc-web,OU=Service,DC=contoso,DC=com");
        let policy = event_3(sql).replace("0xd KDC_ERR_BADOPTION", "0xc KDC_ERR_POLICY");
        // Field knowledge stays likely. The wizard's answer about the domains is the person's, evidence shows two domains.
        let said = "dom: dmz\nintended_model: resource-based\n";
        assert_eq!(status(id, &[&policy, said]), Likely);
        assert_eq!(status(id, &[&policy, said, "test-trust-selective: yes"]), RuledOut);
        assert_eq!(status(id, &[&event_3(sql), said]), RuledOut);
        assert_eq!(status(id, &[&accounts(&[], "contoso.com", sql, ""), &policy]), RuledOut);
        assert_eq!(status(id, &[&policy]), Possible);
        // The account that asked is the front end's, though no dump shows it; two domains are seen, the rest is said.
        let only_back_end = named.split("# back end").nth(1).unwrap_or_default();
        let asked = policy.replace("CONTOSO.COM\\svc-web", "contoso.com\\svc-web");
        assert_eq!(status(id, &[only_back_end, &asked, "dom: dmz\n"]), Likely);
        assert_eq!(
            status(
                id,
                &[
                    &named.replace("corp.example", "contoso.com").replace("DC=corp,DC=example", "DC=contoso,DC=com"),
                    &policy
                ]
            ),
            RuledOut
        );
    }
}
