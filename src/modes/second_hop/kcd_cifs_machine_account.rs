//! # File shares are asked for by the computer account
//!
//! ## What it is
//! The back end is a file share and the application pool runs as a service account. The list is on that account, but
//! SMB asks for the ticket with the computer account.
//!
//! ## Why the hop breaks
//! The Windows file client does constrained delegation as the computer, whatever the pool's identity is. The computer
//! account lists no `cifs/<file server>`, so access is denied.
//!
//! ## What shows it
//! - HTTP and SQL back ends work; a UNC path fails with access denied or a prompt.
//! - Event 4769: the computer account asks for `cifs/<file server>` and gets 0xd.
//! - `cifs/<file server>` is only on the service account's list.
//!
//! ## What rules it out
//! - The pool runs as the computer account.
//! - The computer account has the entry as well.
//! - Every kind of service fails.
//!
//! ## Fix
//! Run the pool as the computer account with the share's server on its list; or give the computer account the entry
//! too, with any authentication protocol. Resource-based delegation that names both accounts is the cleaner form.
//!
//! ## Verify
//! The UNC path opens as the user.
//!
//! ## Versions
//! KB2602377; the article lists Windows Server 2012 R2 to 2019, later versions are not stated.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/constrained-delegation-access-denied>

use super::resource_fix::NAME_FRONT_END;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "kcd-cifs-machine-account",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "The file share is asked for by the computer account, which may not delegate to {be}.",
    says: "{fe_bare} lists {be_spn}, but Windows opens shares with the computer account's right to delegate, and that account does not list it.",
    does_not_prove: "That the share's own permissions let the user in.",
    row: Row {
        prior: 2,
        hop1: "K",
        scope: "be",
        asked: "n y -",
        tkt: "F",
        model: "C T",
        fe: "asc",
        err: "13 loc",
        bes: "anon",
        dom: "same",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(is(Model, &["C", "T"])),
        Condition::Required(test("test-back-end-is-share", &["yes"])),
        Condition::Required(test("test-pool-is-machine", &["no"])),
        Condition::Required(test("test-machine-account-lists-share", &["no"])),
        Condition::Decisive(all(&[
            test("test-back-end-is-share", &["yes"]),
            test("test-list-has-back-end-spn", &["exact"]),
            test("test-machine-account-lists-share", &["no"]),
        ])),
        Condition::Supporting(all(&[test("test-back-end-is-share", &["yes"]), is(Scope, &["be"])])),
        Condition::Supporting(all(&[
            test("test-back-end-is-share", &["yes"]),
            test("test-list-has-back-end-spn", &["exact"]),
            test("test-pool-is-machine", &["no"]),
        ])),
        Condition::Excluding(test("test-back-end-is-share", &["no"])),
        Condition::Excluding(test("test-pool-is-machine", &["yes"])),
        Condition::Excluding(test("test-machine-account-lists-share", &["yes"])),
        Condition::Excluding(test("test-rbcd-names-front-end", &["yes"])),
        Condition::Excluding(test("test-list-has-back-end-spn", &["absent", "other-form"])),
        Condition::Excluding(is(Dom, &["xdom", "dmz"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
        Condition::Excluding(is(Tkt, &["x"])),
    ],
    fixes: &[
        NAME_FRONT_END,
        FixTemplate {
            who: Who::AdAdmin,
            does: "Or give the web server's computer account the same entry, with any authentication protocol, beside the service account's own list.",
            script: "Set-ADComputer '{site_short}' -Add @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}\nSet-ADAccountControl '{site_short}$' -TrustedToAuthForDelegation $true",
            language: Language::PowerShell,
            undo: "Set-ADComputer '{site_short}' -Remove @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}\nSet-ADAccountControl '{site_short}$' -TrustedToAuthForDelegation $false",
            verify: "Get-ADComputer '{site_short}' -Properties msDS-AllowedToDelegateTo,TrustedToAuthForDelegation; then open the page",
            expect: "The list holds {be_spn}, and the file opens as the user.",
            risk: "Machine-wide: every service of that computer may then act as anyone towards the file server. The name of the computer may differ from that of the site.",
        },
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Or run the application pool as the computer account (ApplicationPoolIdentity), with the share's server on the computer account's list.",
            script: "",
            language: Language::Text,
            undo: "Set the pool's former identity again.",
            verify: "IIS Manager, Application Pools, Advanced Settings, Identity",
            expect: "ApplicationPoolIdentity, and the file opens as the user.",
            risk: "SPNs, permissions and other delegation of the former identity no longer apply: check the site's SPN first.",
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

        let share = "cifs/fs01.contoso.com";
        let list = accounts(&[share], "contoso.com", share, "");
        let computer = |list: &str| {
            format!(
                "# web server\nName : WEB01\nObjectClass : computer\nmsDS-AllowedToDelegateTo : {{{list}}}\nuserAccountControl : 4096\n"
            )
        };
        let event = event_3(share).replace("CONTOSO.COM\\svc-web", "CONTOSO.COM\\WEB01$");
        assert_eq!(status(id, &[&list, &computer(""), &event]), Confirmed);
        assert_eq!(status(id, &[&list, &computer(share), &event]), RuledOut);
        assert_eq!(status(id, &[&list, &computer(""), &event, "test-pool-is-machine: no"]), Confirmed);
        assert_eq!(status(id, &[&list, &event, "scope: be"]), Likely);
        assert_eq!(status(id, &[&list]), Possible);
        // What the dump cut off the computer's list may be the share.
        for cut in ["HTTP/a.contoso.com...", "..."] {
            assert_eq!(status(id, &[&list, &computer(cut), &event]), Possible, "{cut}");
        }
        let api = "HTTP/api01.contoso.com";
        assert_eq!(status(id, &[&accounts(&[api], "contoso.com", api, ""), &event_3(api)]), RuledOut);
        // Its neighbours.
        assert_eq!(status("kcd-spn-not-in-list", &[&list, &computer(""), &event]), RuledOut);
        assert_eq!(status("kcd-wrong-identity", &[&list, &computer(""), &event]), RuledOut);
    }
}
