//! # Linux and macOS: the KDC's word decides, and it says no
//!
//! ## What it is
//! AuthNegotiateDelegateByKdcPolicy is on in the browser, or enforce_ok_as_delegate in krb5.conf, and the ticket for the web
//! server lacks ok-as-delegate.
//!
//! ## Why the hop breaks
//! The library forwards the ticket-granting ticket only to services that the KDC calls trustworthy. This one it does not.
//!
//! ## What shows it
//! - The policy page: AuthNegotiateDelegateByKdcPolicy is true.
//! - `klist -f`: the ticket for HTTP/ has no O, krbtgt has F.
//! - net-export: the call ends with `"delegated":false`.
//!
//! ## What rules it out
//! - The ticket has O, or the policy is off.
//!
//! ## Fix
//! If unconstrained delegation is really wanted: trust the account for delegation. Otherwise nothing is wrong here: use
//! constrained delegation.
//!
//! ## Verify
//! The call ends with `"delegated":true` once the ticket carries O.
//!
//! ## Versions
//! Chrome 74 and later on Linux, macOS and ChromeOS; Edge for macOS since 147. On Windows the system always applies the flag.
//! MIT ignores an O from a foreign realm unless the referral had it too.
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/components/policy/resources/templates/policy_definitions/HTTPAuthentication/AuthNegotiateDelegateByKdcPolicy.yaml>
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies/authnegotiatedelegatebykdcpolicy>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_gssapi_posix.cc>
//! - <https://github.com/krb5/krb5/blob/master/src/lib/gssapi/krb5/init_sec_context.c>
//! - <https://github.com/krb5/krb5/blob/master/src/lib/krb5/krb/gc_via_tkt.c>
//! - <https://www.rfc-editor.org/rfc/rfc5896>
//! - <https://gist.github.com/jborean93/cdc6cef5e7540ade39912ca08020706b>

use crate::modes::prelude::*;
use crate::modes::right_to_delegate::constrained_fix::CONSTRAINED_INSTEAD;

/// The mode.
pub const MODE: Mode = Mode {
    id: "chromium-posix-kdc-policy-blocks",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ask,
    title: "The browser leaves delegation to the KDC's word, and the ticket for {site} lacks ok-as-delegate.",
    says: "AuthNegotiateDelegateByKdcPolicy (or enforce_ok_as_delegate) lets the Kerberos library forward the ticket-granting ticket only to services that the KDC marks. \
           The ticket for {spn} has no such mark, so nothing is forwarded.",
    does_not_prove: "That unconstrained delegation is what this site needs: with constrained delegation this picture is normal.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "px",
        asked: "-",
        tkt: "F",
        model: "0 C R",
        fe: "asc",
        err: "none 13",
        bes: "anon",
        fspn: "ok",
        pol: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-client-posix", &["yes"])),
        // Whoever lists the host for delegation means it to get the ticket-granting ticket.
        Condition::Presupposed(any(&[test("test-intended-model", &["unconstrained"]), is(Pol, &["ok"])])),
        Condition::Required(is(Hop1, &["K"])),
        Condition::Decisive(all(&[test("test-kdc-policy-decides", &["yes"]), is(Tkt, &["F"])])),
        Condition::Excluding(test("test-kdc-policy-decides", &["no"])),
        Condition::Excluding(is(Tkt, &["FO", "x", "0"])),
        Condition::Excluding(is(Asked, &["y"])),
        Condition::Excluding(is(Pol, &["abs", "nom", "bad"])),
        Condition::Excluding(test("test-client-tgt-forwardable", &["no"])),
        Condition::Excluding(test("test-intended-model", &["constrained", "resource-based"])),
        Condition::Excluding(test("test-page-fails", &["no"])),
    ],
    fixes: &[
        CONSTRAINED_INSTEAD,
        FixTemplate {
            who: Who::AdAdmin,
            does: "If unconstrained delegation must stay: trust {fe} for delegation.",
            script: "Set-ADAccountControl '{fe_bare}' -TrustedForDelegation $true",
            language: Language::PowerShell,
            undo: "Set-ADAccountControl '{fe_bare}' -TrustedForDelegation $false",
            verify: "kdestroy; kinit -f <user@REALM>; kvno {spn}; klist -f",
            expect: "The ticket for {spn} has O; the call in a new capture ends with \"delegated\":true.",
            risk: "Whoever breaks into that server gets the ticket-granting ticket of every visitor, administrators included, and can act as them anywhere. \
                   Do not switch AuthNegotiateDelegateByKdcPolicy off instead: the browser would then forward the ticket to every listed host, marked or not.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::super::testing::{klist_mit, linux};
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    const MANAGED: &str = "{\n  \"AuthServerAllowlist\": \"*.contoso.com\",\n  \"AuthNegotiateDelegateAllowlist\": \"*.contoso.com\",\n  \"AuthNegotiateDelegateByKdcPolicy\": true\n}\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let capture = linux("HTTP/1.1 200 OK");
        let with = |ticket: &str, more: &str| status(id, &[&capture, &klist_mit("FRIA", ticket), more]);
        assert_eq!(with("FRA", MANAGED), Confirmed);
        assert_eq!(with("FRA", "enforce_ok_as_delegate: yes\nintended_model: unconstrained"), Confirmed);
        assert_eq!(with("FRA", "intended_model: unconstrained"), Possible);
        assert_eq!(with("FRAO", MANAGED), RuledOut);
        assert_eq!(with("FRA", &MANAGED.replace("true", "false")), RuledOut);
        assert_eq!(status(id, &[&capture, &klist_mit("RIA", "RA"), MANAGED]), RuledOut);
        let constrained = [&capture, &klist_mit("FRIA", "FRA"), MANAGED, "intended_model: constrained"];
        assert_eq!(status(id, &constrained), RuledOut);
    }
}
