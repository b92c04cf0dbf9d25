//! # Linux and macOS: no usable ticket cache
//!
//! ## What it is
//! The browser calls the Kerberos library, but there is no ticket-granting ticket to work with: no kinit, an expired one, or a
//! cache that the browser cannot see.
//!
//! ## Why the hop breaks
//! Without a ticket-granting ticket no service ticket can be had. The browser sends nothing, or asks for a password.
//!
//! ## What shows it
//! - net-export: gss_init_sec_context fails with 458752 (GSS_S_NO_CRED) or 851968 (GSS_S_FAILURE) and a message of missing or
//!   expired credentials.
//! - `klist`: No credentials cache found, or an expired krbtgt.
//!
//! ## What rules it out
//! - The call ends with a `context`.
//! - The message says that the server was not found: then it is the SPN.
//!
//! ## Fix
//! `kinit -f user@REALM`; look at KRB5CCNAME. A browser from snap or flatpak may not see the cache.
//!
//! ## Verify
//! The call ends with a `context`; `klist -f` shows a ticket for HTTP/.
//!
//! ## Versions
//! None known. The minor status numbers differ from run to run: read the message.
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_gssapi_posix.cc>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "chromium-posix-no-credentials",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ground,
    title: "The Kerberos library finds no valid ticket-granting ticket for the browser.",
    says: "{browser} is willing to sign in to {site}, but there is no ticket-granting ticket that it could use: none was fetched, it has expired, or it lies in a cache that the browser cannot see.",
    does_not_prove: "That the SPN is right, or that delegation works with a ticket.",
    row: Row {
        prior: 1,
        hop1: "P N",
        scope: "px",
        asked: "-",
        tkt: "0",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        pol: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-client-posix", &["yes"])),
        Condition::Required(is(Hop1, &["P", "N"])),
        Condition::Decisive(test("test-kerberos-credentials", &["no"])),
        Condition::Excluding(test("test-kerberos-credentials", &["yes"])),
        Condition::Excluding(test("test-kdc-knows-spn", &["no", "yes"])),
        Condition::Excluding(is(Hop1, &["K", "R", "A", "B"])),
        Condition::Excluding(test("test-negotiate-handler", &["init-failed", "scheme-disabled"])),
        Condition::Excluding(test("test-clock-error", &["yes"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ClientAdmin,
        does: "Fetch a ticket-granting ticket into the cache that the browser uses.",
        script: "klist -f\necho \"$KRB5CCNAME\"\nkinit -f <user@REALM>\nklist -f",
        language: Language::Text,
        undo: "kdestroy",
        verify: "Load the page, then klist -f",
        expect: "krbtgt with F, not expired, and a ticket for {spn}. A browser from snap or flatpak needs a cache outside of its sandbox's private /tmp.",
        risk: "Do not copy a ticket cache between machines or users.",
    }],
};

#[cfg(test)]
mod tests {
    use super::super::testing::{handler, klist_mit, linux, linux_fails};
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[&linux_fails(458_752, "No Kerberos credentials available")]), Confirmed);
        assert_eq!(status(id, &[&linux_fails(851_968, "Ticket expired")]), Confirmed);
        assert_eq!(status(id, &["os: Linux\nprompt: yes\ntest-kerberos-credentials: no"]), Confirmed);
        assert_eq!(status(id, &[&linux_fails(851_968, "Cannot contact any KDC for realm 'CONTOSO.COM'")]), Possible);
        let none = "$ klist -f\nklist: No credentials cache found (filename: /tmp/krb5cc_1000)\n";
        assert_eq!(status(id, &["os: Linux\nhop1: P", none]), Confirmed);
        // The web server's own cache, beside the user's tickets.
        assert_eq!(status(id, &["hop1: P", none, &klist_mit("FRIA", "FRA")]), RuledOut);
        let unknown =
            linux_fails(851_968, "Server HTTP/intranet.contoso.com@CONTOSO.COM not found in Kerberos database");
        assert_eq!(status(id, &[&unknown]), RuledOut);
        assert_eq!(status(id, &[&linux("HTTP/1.1 200 OK")]), RuledOut);
        assert_eq!(status(id, &[&handler(r#""net_error":-320,"scheme":"negotiate""#, "Linux")]), RuledOut);
        assert_eq!(status(id, &[&klist_mit("FRIA", "FRA")]), RuledOut);
    }
}
