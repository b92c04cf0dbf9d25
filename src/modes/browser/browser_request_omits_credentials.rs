//! # The script's request carries no credentials
//!
//! ## What it is
//! The request that fails is made by a script of the page with credentials switched off: fetch to another origin without
//! `include`, `omit`, a preflight that the server challenges, or a blocked third-party context.
//!
//! ## Why the hop breaks
//! For such a request the browser does not answer a challenge at all. The 401 is final, whatever Kerberos would allow.
//!
//! ## What shows it
//! - net-export: a 401 with Negotiate, then AUTH_HANDLE_CHALLENGE begins and ends with no handler inside; the request's
//!   privacy mode is on.
//! - Developer tools: a fetch or xhr with `Origin`, 401, and no second request with Authorization.
//! - The same address opened directly in a tab works.
//!
//! ## What rules it out
//! - The request carries an Authorization header.
//! - The page itself fails, not a script.
//!
//! ## Fix
//! In the script `credentials: 'include'`; at the server the exact origin, Access-Control-Allow-Credentials, and preflights
//! without authentication.
//!
//! ## Verify
//! A second request with Authorization follows the 401.
//!
//! ## Versions
//! Fetch sends credentials to its own origin only, by default. A page's manifest is fetched without credentials too: a 401
//! there is harmless.
//!
//! ## Sources
//! - <https://developer.mozilla.org/docs/Web/API/Request/credentials>
//! - <https://developer.mozilla.org/en-US/docs/Web/HTTP/Headers/Access-Control-Allow-Credentials>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/log/net_log_event_type_list.h>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "browser-request-omits-credentials",
    hop: Hop::Browser,
    basis: Basis::Inferred,
    stage: Stage::Ground,
    title: "The request to {site} carries no credentials, so the browser never signs in.",
    says: "A script makes this request with credentials switched off. The browser leaves the server's challenge unanswered, and 401 is the end. Kerberos and delegation are not even tried.",
    does_not_prove: "That Kerberos works once the request may carry credentials. If the browser calls the back end itself, there is only one hop, and delegation settings do not matter to it.",
    row: Row {
        prior: 2,
        hop1: "P R",
        scope: "be all",
        asked: "-",
        tkt: "0 F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        // A page prompts; a script gets 401 and nobody is asked.
        Condition::Required(is(Hop1, &["P", "R"])),
        Condition::Decisive(test("test-request-omits-credentials", &["yes"])),
        Condition::Excluding(test("test-request-omits-credentials", &["no"])),
        Condition::Excluding(test("test-negotiate-handler", &["created", "scheme-disabled", "init-failed"])),
        Condition::Excluding(test("test-negotiate-offered", &["no"])),
        Condition::Excluding(is(Hop1, &["K", "N", "A", "B"])),
    ],
    fixes: &[FixTemplate {
        who: Who::Developer,
        does: "Let the script's request carry credentials, and let the server allow that for this one origin.",
        script: "// script\n\
                 fetch('https://{site}/', { credentials: 'include' });   // XMLHttpRequest: withCredentials = true\n\n\
                 # answers of {site}, the origin exactly as the page has it\n\
                 Access-Control-Allow-Origin: https://<the page's own host>\n\
                 Access-Control-Allow-Credentials: true\n\
                 # OPTIONS (the preflight) must be answered without authentication: it never carries credentials",
        language: Language::Text,
        undo: "Remove credentials: 'include' and the two headers again.",
        verify: "Developer tools, Network: the request and what follows its 401",
        expect: "A second request with an Authorization header, and 200.",
        risk: "Never answer requests with credentials with a wildcard or with whatever origin asks: any page could then read the answers as the user.",
    }],
};

#[cfg(test)]
mod tests {
    use super::super::testing::{capture, handler, windows};
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    fn private(mode: &str) -> String {
        let event = format!(
            "\"events\": [\n{{\"params\":{{\"privacy_mode\":\"{mode}\"}},\"phase\":0,\"source\":{{\"id\":201,\"type\":1}},\"time\":\"90212\",\"type\":44}},"
        );
        capture("Windows NT", "https://api.contoso.com/orders", "", "").replace("\"events\": [", &event)
    }

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[&capture("Windows NT", "https://api.contoso.com/orders", "", "")]), Confirmed);
        assert_eq!(status(id, &[&private("enabled")]), Confirmed);
        assert_eq!(status(id, &["test-request-omits-credentials: yes"]), Likely);
        assert_eq!(status(id, &["prompt: yes"]), Possible);
        assert_ne!(status(id, &[&private("disabled")]), Confirmed);
        let handled = handler(r#""allows_default_credentials":false,"scheme":"negotiate""#, "Windows NT");
        assert_eq!(status(id, &[&handled]), Possible);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED]), RuledOut);
        // A page that signs in, and its manifest that does not.
        let page = windows("https://api.contoso.com/", "HTTP/api.contoso.com", "Kerberos", "HTTP/1.1 200 OK");
        assert_eq!(status(id, &[&page, &private("enabled")]), RuledOut);
    }
}
