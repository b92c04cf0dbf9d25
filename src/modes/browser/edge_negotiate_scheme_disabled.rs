//! # The policy AuthSchemes leaves negotiate out
//!
//! ## What it is
//! AuthSchemes lists which schemes the browser may use. It lacks `negotiate`, or has it with capitals.
//!
//! ## Why the hop breaks
//! The browser passes over the server's offer of Negotiate and takes NTLM or nothing. NTLM cannot be delegated.
//!
//! ## What shows it
//! - edge://policy: AuthSchemes without `negotiate` in lower case.
//! - net-export: AUTH_HANDLER_CREATE_RESULT of negotiate with `"net_error":-339` while a challenge is handled; ntlm follows.
//! - The request carries `Authorization: NTLM`.
//!
//! ## What rules it out
//! - A handler for negotiate is created without an error.
//! - The 401 does not offer Negotiate: then it is the server.
//!
//! ## Fix
//! Add `negotiate` to AuthSchemes, or remove the policy. AllHttpAuthSchemesAllowedForOrigins lifts it for one origin.
//!
//! ## Verify
//! A new capture creates the handler, and the mechanism is Kerberos.
//!
//! ## Versions
//! Edge 77 and later; AllHttpAuthSchemesAllowedForOrigins since 102. On Linux the first Negotiate of a fresh profile reads
//! -339 as well: try a second time. A -339 outside of a challenge is harmless.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_handler_factory.cc>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "edge-negotiate-scheme-disabled",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Ground,
    title: "{browser} may not use Negotiate: AuthSchemes leaves it out.",
    says: "{site} offers Negotiate, but the policy AuthSchemes does not allow {browser} to use it. It takes another scheme, and no other can be delegated.",
    does_not_prove: "That Kerberos works once Negotiate is allowed.",
    row: Row {
        prior: 1,
        hop1: "N P",
        scope: "cr",
        asked: "-",
        tkt: "0",
        fe: "no s4u",
        err: "- none 13",
        bes: "- anon",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Hop1, &["N", "P"])),
        Condition::Decisive(test("test-negotiate-scheme", &["no"])),
        Condition::Decisive(all(&[
            test("test-negotiate-handler", &["scheme-disabled"]),
            test("test-client-posix", &["no"]),
        ])),
        Condition::Excluding(test("test-negotiate-scheme", &["yes"])),
        Condition::Excluding(test("test-negotiate-handler", &["created"])),
        Condition::Excluding(test("test-negotiate-offered", &["no"])),
        Condition::Excluding(test("test-chromium", &["no"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ClientAdmin,
        does: "Add negotiate, in lower case, to AuthSchemes (or remove the policy where nobody needs it).",
        script: "$key = 'HKLM:\\{policy_key}'\n\
                 $old = (Get-ItemProperty -Path $key -Name AuthSchemes).AuthSchemes\n\
                 $new = (@($old.ToLower() -split ',') + 'negotiate' | ForEach-Object { $_.Trim() } | Where-Object { $_ } | Select-Object -Unique) -join ','\n\
                 Set-ItemProperty -Path $key -Name AuthSchemes -Type String -Value $new\n\
                 \"before: $old\"\n\
                 \"after:  $new\"",
        language: Language::PowerShell,
        undo: "Set-ItemProperty -Path 'HKLM:\\{policy_key}' -Name AuthSchemes -Value '<the value printed as before>'",
        verify: "{restart_page}, then {net_export}: capture the page once more",
        expect: "AUTH_HANDLER_CREATE_RESULT of negotiate has no net_error, and the mechanism is Kerberos.",
        risk: "Do not add basic while at it: it sends the password to the server. Where a group policy writes the value, change it there.",
    }],
};

#[cfg(test)]
mod tests {
    use super::super::testing::{handler, policy};
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let refused = handler(r#""net_error":-339,"scheme":"negotiate""#, "Windows NT");
        assert_eq!(status(id, &[&refused]), Confirmed);
        for bad in ["ntlm,basic", "Negotiate,ntlm"] {
            assert_eq!(status(id, &[&refused.replace("Windows NT", "Linux"), &policy("AuthSchemes", bad)]), Confirmed);
            assert_eq!(status(id, &[&policy("AuthSchemes", bad)]), Likely, "{bad}");
        }
        // On Linux the first attempt of a fresh profile looks the same.
        assert_eq!(status(id, &[&refused.replace("Windows NT", "Linux")]), Possible);
        assert_eq!(status(id, &[&refused, &policy("AuthSchemes", "negotiate,ntlm")]), RuledOut);
        assert_eq!(status(id, &[&refused.replace("Negotiate\"", "NTLM\"")]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED]), RuledOut);
        assert_eq!(status("edge-default-creds-not-allowed", &[&refused]), RuledOut);
    }
}
