//! # Extended Protection, and a browser that sends no channel bindings
//!
//! ## What it is
//! IIS requires Extended Protection for the site. Chromium on Linux and macOS sends no channel bindings with Kerberos.
//!
//! ## Why the hop breaks
//! IIS compares the bindings in the token with its own TLS channel. A token without any is refused although the ticket is good.
//!
//! ## What shows it
//! - net-export: a token is sent, and the server challenges again (`"authorization_result":"reject"`).
//! - The web server's security log: event 4625 with status 0xC000035B.
//! - IIS: tokenChecking is Require. Browsers on Windows work.
//!
//! ## What rules it out
//! - Browsers on Windows fail on the same network path too: then it is what breaks up TLS.
//! - tokenChecking is Allow or None.
//!
//! ## Fix
//! tokenChecking=Allow for this site, or a site of its own for other systems.
//!
//! ## Verify
//! 200 from Linux.
//!
//! ## Versions
//! No bindings are passed in the source read (up to Chromium 132); later builds were not checked.
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_gssapi_posix.cc>
//! - <https://learn.microsoft.com/en-us/iis/configuration/system.webserver/security/authentication/windowsauthentication/extendedprotection/>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "posix-epa-no-cbt",
    hop: Hop::Browser,
    basis: Basis::Inferred,
    stage: Stage::Key,
    title: "{site} requires Extended Protection, and the browser on this system sends no channel bindings.",
    says: "IIS is set to refuse tokens that are not bound to the TLS channel. Chromium on Linux and macOS binds none, so the ticket is refused although it is good; browsers on Windows bind theirs and work.",
    does_not_prove: "That delegation works once the token is accepted.",
    row: Row {
        prior: 1,
        hop1: "R",
        scope: "px",
        asked: "-",
        tkt: "F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(test("test-client-posix", &["yes"])),
        Condition::Required(is(Hop1, &["R"])),
        Condition::Decisive(all(&[
            test("test-epa-required", &["yes"]),
            test("test-windows-client-works", &["yes"]),
            is(Hop1, &["R"]),
        ])),
        Condition::Excluding(test("test-epa-required", &["no"])),
        Condition::Excluding(test("test-windows-client-works", &["no"])),
        Condition::Excluding(test("test-clock-error", &["yes"])),
        Condition::Excluding(test("test-clocks-agree", &["no"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Accept tokens without bindings on this site: tokenChecking=Allow. Or give other systems a site or path of their own.",
        script: "%windir%\\system32\\inetsrv\\appcmd.exe set config \"<site name>\" -section:system.webServer/security/authentication/windowsAuthentication \
                 /extendedProtection.tokenChecking:\"Allow\" /commit:apphost",
        language: Language::Cmd,
        undo: "%windir%\\system32\\inetsrv\\appcmd.exe set config \"<site name>\" -section:system.webServer/security/authentication/windowsAuthentication \
               /extendedProtection.tokenChecking:\"Require\" /commit:apphost",
        verify: "Open https://{site}/ from Linux or macOS",
        expect: "200, without a prompt.",
        risk: "Allow weakens the protection against relayed tokens for every client that sends no binding.",
    }],
};

#[cfg(test)]
mod tests {
    use super::super::testing::linux;
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let refused = linux("HTTP/1.1 401 Unauthorized");
        assert_eq!(status(id, &[&refused, "test-epa-required: yes\nscope: px"]), Confirmed);
        assert_eq!(status(id, &[&refused, "test-epa-required: yes\nworks_on_windows: yes"]), Confirmed);
        assert_eq!(status(id, &[&refused, "test-epa-required: yes"]), Possible);
        assert_eq!(status(id, &[&refused]), Possible);
        assert_eq!(status(id, &[&refused, "test-epa-required: no\nscope: px"]), RuledOut);
        assert_eq!(status(id, &[&refused, "test-epa-required: yes\nscope: all"]), RuledOut);
        assert_eq!(status(id, &[&linux("HTTP/1.1 200 OK"), "test-epa-required: yes\nscope: px"]), RuledOut);
    }
}
