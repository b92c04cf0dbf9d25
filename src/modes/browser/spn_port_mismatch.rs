//! # The SPN is registered with the port, and asked for without it (or the reverse)
//!
//! ## What it is
//! The site runs on a port other than 80 and 443. One side writes the port into the SPN, the other does not.
//!
//! ## Why the hop breaks
//! For the directory `HTTP/web01` and `HTTP/web01:8443` are two names. The one that is asked for has no owner, or the owner of
//! another site on the same host.
//!
//! ## What shows it
//! - net-export: the URL has a port, the SPN of the call has none (the default), or has one where EnableAuthNegotiatePort is set.
//! - setspn finds only the other form.
//!
//! ## What rules it out
//! - The SPN that is asked for is registered once, on the account that runs the application.
//! - The port is 80 or 443.
//!
//! ## Fix
//! Register the form that the browsers ask for; or switch all of them to the form with the port.
//!
//! ## Verify
//! `klist get` for the SPN of the capture succeeds.
//!
//! ## Versions
//! Internet Explorer and Chromium leave the port out by default. With it: EnableAuthNegotiatePort (Edge, Chrome) and
//! FEATURE_INCLUDE_PORT_IN_SPN_KB908209 (Internet Explorer).
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_handler_negotiate.cc>
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "spn-port-mismatch",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Name,
    title: "Only another form of {asked_spn} is registered: the port differs.",
    says: "{site} runs on a port of its own. The browser asks for {asked_spn}, but the directory has that name only with another port part. To the directory these are \
           different names, so no usable ticket comes.",
    does_not_prove: "That delegation works once the ticket is for the right account.",
    row: Row {
        prior: 2,
        hop1: "R N",
        scope: "all cr",
        tkt: "0 F",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "form",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-default-port", &["no"])),
        Condition::Required(test("test-spn-is-url-host", &["yes"])),
        Condition::Required(is(Hop1, &["R", "N", "P"])),
        Condition::Decisive(all(&[is(Fspn, &["form"]), test("test-default-port", &["no"])])),
        Condition::Excluding(is(Fspn, &["ok", "none", "dup", "own"])),
        Condition::Excluding(is(Hop1, &["K", "A"])),
        Condition::Excluding(test("test-url-is-name", &["no"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::AdAdmin,
            does: "Register the form that is asked for on the account that runs the web application.",
            script: "setspn -F -Q {asked_spn}\nsetspn -S {asked_spn} \"{fe}\"",
            language: Language::Cmd,
            undo: "setspn -D {asked_spn} \"{fe}\"",
            verify: "klist purge & klist get {asked_spn}",
            expect: "A ticket to {asked_spn} has been retrieved successfully; the page opens with Kerberos.",
            risk: "Not where this is the server's own computer name and another service there uses HTTP/ on the computer account: WinRM does, and breaks. \
                   Two sites on one host name with different accounts cannot share the form without a port: give them different host names.",
        },
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Or let the browsers write the port: EnableAuthNegotiatePort, on all of them.",
            script: "reg add \"HKLM\\{policy_key}\" /v EnableAuthNegotiatePort /t REG_DWORD /d 1",
            language: Language::Cmd,
            undo: "reg delete \"HKLM\\{policy_key}\" /v EnableAuthNegotiatePort",
            verify: "{restart_page}, then {net_export}: capture the page once more",
            expect: "The SPN of the call carries the port.",
            risk: "Every site on a port of its own is then asked for with its port, in these browsers only: all of those need SPNs with ports, and IE mode needs FEATURE_INCLUDE_PORT_IN_SPN_KB908209.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::super::testing::windows;
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    fn owned(form: &str) -> String {
        format!(
            "C:\\> setspn -Q HTTP/intranet.contoso.com*\nChecking domain DC=contoso,DC=com\nCN=svc-web,OU=Service,DC=contoso,DC=com\n\t{form}\n\nExisting SPN found!\n"
        )
    }

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let capture =
            |url: &str, spn: &str| windows(url, &format!("HTTP/intranet.contoso.com{spn}"), "NTLM", "HTTP/1.1 200 OK");
        let without = capture("https://intranet.contoso.com:8443/", "");
        assert_eq!(status(id, &[&without, &owned("HTTP/intranet.contoso.com:8443")]), Confirmed);
        let with = capture("https://intranet.contoso.com:8443/", ":8443");
        assert_eq!(status(id, &[&with, &owned("HTTP/intranet.contoso.com")]), Confirmed);
        assert_eq!(status("spn-cname-canonicalised", &[&with, &owned("HTTP/intranet.contoso.com")]), RuledOut);
        assert_eq!(status("fe-spn-missing", &[&without, &owned("HTTP/intranet.contoso.com:8443")]), RuledOut);

        assert_eq!(status(id, &[&without]), Possible);
        assert_eq!(status(id, &[&without, &owned("HTTP/intranet.contoso.com")]), RuledOut);
        let usual = capture("https://intranet.contoso.com/", "");
        assert_eq!(status(id, &[&usual, &owned("HTTP/intranet.contoso.com:8443")]), RuledOut);
    }
}
