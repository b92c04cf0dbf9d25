//! # The browser asks for the name behind the alias
//!
//! ## What it is
//! The host in the address bar is an alias. The browser follows it and asks for a ticket to the canonical name, whose SPN
//! stands on another account or nowhere.
//!
//! ## Why the hop breaks
//! The SPN of the alias, registered with care, is never asked for. Without an owner of the canonical name NTLM follows; with
//! another owner (often the computer account, by HOST/) the ticket is encrypted with a key that the web application lacks.
//!
//! ## What shows it
//! - net-export: the SPN of the call is not made of the URL's host.
//! - klist: a ticket for the canonical name, none for the alias.
//! - nslookup shows an alias.
//! - setspn finds the alias, not the name that is asked for.
//!
//! ## What rules it out
//! - The SPN's host is the URL's host.
//! - Kerberos works: then the canonical name has the right owner.
//!
//! ## Fix
//! Replace the alias by an A record; or register the canonical name on the account that runs the web application; or set
//! DisableAuthNegotiateCnameLookup.
//!
//! ## Verify
//! A new capture asks for the alias, and klist shows a ticket for it.
//!
//! ## Versions
//! Internet Explorer and Chromium both follow aliases by default. The policy exists in Edge since 77; for Internet Explorer it
//! is FEATURE_USE_CNAME_FOR_SPN_KB911149.
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_handler_negotiate.cc>
//! - <https://learn.microsoft.com/en-us/deployedge/microsoft-edge-policies>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "spn-cname-canonicalised",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Name,
    title: "{site} is an alias, and the browser asks for the SPN of the name behind it.",
    says: "The browser follows the alias and builds the SPN from the name behind it. Whoever owns {asked_spn} is not the account that runs {site}, or nobody owns it. \
           The SPN of {site} itself is never asked for.",
    does_not_prove: "That delegation works once the ticket is for the right account.",
    row: Row {
        prior: 3,
        hop1: "R N",
        scope: "all",
        tkt: "0 F",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "form",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-spn-is-url-host", &["no"])),
        Condition::Required(is(Hop1, &["R", "N", "P"])),
        // The first hop may fail for another reason: the name has to be known as an alias, or its SPN as wrong.
        Condition::Required(any(&[is(Fspn, &["form", "none", "own"]), test("test-host-is-alias", &["yes"])])),
        Condition::Decisive(all(&[
            test("test-spn-is-url-host", &["no"]),
            any(&[is(Hop1, &["R", "N"]), is(Fspn, &["form", "none", "own"])]),
        ])),
        Condition::Excluding(is(Hop1, &["K", "A"])),
        Condition::Excluding(test("test-url-is-name", &["no"])),
        Condition::Excluding(test("test-kerberos-credentials", &["no"])),
        Condition::Excluding(test("test-clock-error", &["yes"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Best: make {site} an A record of the web server's address instead of an alias.",
            script: "",
            language: Language::Text,
            undo: "Restore the alias.",
            verify: "klist purge & nslookup {site} & klist get {spn}",
            expect: "nslookup shows no alias; a ticket to {spn} has been retrieved successfully, and a new capture asks for it.",
            risk: "An A record does not follow when the server moves.",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "Or register the name that is asked for on the account that runs the web application.",
            script: "setspn -F -Q {asked_spn}\nsetspn -S {asked_spn} \"{fe}\"",
            language: Language::Cmd,
            undo: "setspn -D {asked_spn} \"{fe}\"",
            verify: "klist purge & klist get {asked_spn}",
            expect: "A ticket to {asked_spn} has been retrieved successfully; the page opens with Kerberos.",
            risk: "Not where this is the server's own computer name and another service there uses HTTP/ on the computer account: WinRM does, and breaks.",
        },
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Or keep the browsers from following aliases: DisableAuthNegotiateCnameLookup.",
            script: "reg add \"HKLM\\{policy_key}\" /v DisableAuthNegotiateCnameLookup /t REG_DWORD /d 1",
            language: Language::Cmd,
            undo: "reg delete \"HKLM\\{policy_key}\" /v DisableAuthNegotiateCnameLookup",
            verify: "{restart_page}, then {net_export}: capture the page once more",
            expect: "The call asks for {spn}.",
            risk: "It changes the SPN of every alias that these browsers open: sites that rely on the canonical name then need SPNs of their own.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::super::testing::windows;
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    const OWNED: &str = "C:\\> setspn -Q HTTP/intranet.contoso.com\nChecking domain DC=contoso,DC=com\nCN=svc-web,OU=Service,DC=contoso,DC=com\n\tHTTP/intranet.contoso.com\n\tHTTP/intranet\n\nExisting SPN found!\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let capture = |mechanism: &str, answer: &str| {
            windows("https://intranet.contoso.com/", "HTTP/web01.contoso.com", mechanism, answer)
        };
        let refused = capture("Kerberos", "HTTP/1.1 401 Unauthorized");
        assert_eq!(status(id, &[&refused, OWNED]), Confirmed);
        assert_eq!(status(id, &[&capture("NTLM", "HTTP/1.1 200 OK"), OWNED]), Confirmed);
        assert_eq!(status(id, &[&refused]), Likely);
        assert_eq!(status(id, &[&refused, "test-host-is-alias: yes"]), Confirmed);
        assert_eq!(status("spn-port-mismatch", &[&refused, OWNED]), RuledOut);
        assert_eq!(status("fe-spn-missing", &[&refused, OWNED]), RuledOut);

        assert_eq!(status(id, &[&capture("Kerberos", "HTTP/1.1 200 OK"), OWNED]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, OWNED]), RuledOut);
        // A short name that became a full one is the same machine.
        let short = windows("https://intranet/", "HTTP/intranet.contoso.com", "NTLM", "HTTP/1.1 200 OK");
        assert_eq!(status(id, &[&short]), RuledOut);
        assert_eq!(status(id, &[OWNED]), Possible);
    }
}
