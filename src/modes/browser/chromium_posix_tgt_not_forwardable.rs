//! # Linux and macOS: the ticket-granting ticket is not forwardable
//!
//! ## What it is
//! The user's ticket-granting ticket was fetched without the flag F (kinit without `-f`, and no `forwardable = true`).
//!
//! ## Why the hop breaks
//! The browser asks the Kerberos library to delegate; MIT Kerberos drops that silently when it cannot forward, and signs in all
//! the same.
//!
//! ## What shows it
//! - `klist -f`: the flags of krbtgt lack F.
//! - net-export: the call ends with a `context` whose flags are `0x00000030`, `"delegated":false`. The major status 1 beside it
//!   is no error.
//!
//! ## What rules it out
//! - krbtgt has F.
//! - `kinit -f` gives none either: then it is the user's account.
//!
//! ## Fix
//! `kinit -f`, or `forwardable = true` in krb5.conf.
//!
//! ## Verify
//! `klist -f` shows F; a new capture ends with `"delegated":true`.
//!
//! ## Versions
//! MIT: forwardable is off by default, and failing to forward is no error by design.
//!
//! ## Sources
//! - <https://github.com/krb5/krb5/blob/master/src/lib/gssapi/krb5/init_sec_context.c>
//! - <https://web.mit.edu/kerberos/krb5-latest/doc/admin/conf_files/krb5_conf.html>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_gssapi_posix.cc>

use crate::modes::prelude::*;
use crate::modes::right_to_delegate::constrained_fix::CONSTRAINED_INSTEAD;

/// The mode.
pub const MODE: Mode = Mode {
    id: "chromium-posix-tgt-not-forwardable",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::User,
    title: "On Linux or macOS: the user's ticket-granting ticket was fetched without asking for a forwardable one.",
    says: "krbtgt in the PC's ticket cache lacks the flag F. The Kerberos library then leaves delegation out without a word, and {site} gets the user's ticket but nothing to go on with.",
    does_not_prove: "That the browser asks to delegate (AuthNegotiateDelegateAllowlist), or that {be} accepts the user.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "px",
        asked: "-",
        tkt: "x",
        model: "U",
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
        Condition::Presupposed(test("test-unconstrained-design", &["yes"])),
        Condition::Required(is(Hop1, &["K"])),
        // A restricted user gets none in any way.
        Condition::Required(test("test-kinit-forwardable", &["yes"])),
        Condition::Decisive(test("test-client-tgt-forwardable", &["no"])),
        Condition::Excluding(test("test-client-tgt-forwardable", &["yes"])),
        Condition::Excluding(is(Tkt, &["F", "FO"])),
        Condition::Excluding(is(Usr, &["nd", "pu"])),
        Condition::Excluding(is(Asked, &["y"])),
    ],
    fixes: &[
        CONSTRAINED_INSTEAD,
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Fetch a forwardable ticket-granting ticket, and make that the default.",
            script: "kinit -f <user@REALM>\nklist -f\n# for good, in /etc/krb5.conf:\n# [libdefaults]\n#     forwardable = true",
            language: Language::Text,
            undo: "kdestroy; remove forwardable from /etc/krb5.conf",
            verify: "klist -f, then {net_export}: capture the page once more",
            expect: "krbtgt has F, and AUTH_LIBRARY_INIT_SEC_CTX ends with \"delegated\":true.",
            risk: "With a wide AuthNegotiateDelegateAllowlist every listed host then gets the ticket-granting ticket, whatever the KDC thinks of that host.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::super::testing::{klist_mit, linux};
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let capture = linux("HTTP/1.1 200 OK");
        let with = |tgt: &str, ticket: &str, answers: &str| status(id, &[&capture, &klist_mit(tgt, ticket), answers]);
        assert_eq!(with("RIA", "RAO", "test-kinit-forwardable: yes"), Confirmed);
        assert_eq!(with("RIA", "RAO", "my_note: none"), Likely);
        assert_eq!(with("RIA", "RA", "my_note: none"), Possible);
        assert_eq!(with("RIA", "RA", "intended_model: unconstrained"), Likely);
        assert_eq!(with("FRIA", "FRAO", "intended_model: unconstrained"), RuledOut);
        assert_eq!(with("RIA", "RAO", "test-kinit-forwardable: no"), RuledOut);
        assert_eq!(with("RIA", "RAO", "usr: nd"), RuledOut);
        assert_eq!(with("RIA", "RA", "intended_model: constrained"), RuledOut);
    }
}
