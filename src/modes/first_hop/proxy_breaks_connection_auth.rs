//! # A proxy between browser and server breaks the sign-in
//!
//! ## What it is
//! A reverse proxy, load balancer or security product shares or changes connections, while Negotiate and NTLM as IIS uses
//! them belong to one connection.
//!
//! ## Why the hop breaks
//! The steps of one sign-in reach the server on different connections, or its answer reaches the wrong one. The browser is
//! challenged again and again.
//!
//! ## What shows it
//! - By the same name, but straight to the server (hosts file), the page works.
//! - A loop of 401 although each token is good by itself.
//!
//! ## What rules it out
//! - It fails without the proxy as well.
//! - 4625 with 0xC000035B: then the channel binding is what does not survive the proxy.
//!
//! ## Fix
//! Keep each client's connection on one connection to the server, switch off pooling for this route, or let the proxy sign
//! users in itself and go on by constrained delegation.
//!
//! ## Verify
//! The page works through the proxy, also for two users at the same time.
//!
//! ## Versions
//! IIS has no Windows authentication over HTTP/2 and falls back to HTTP/1.1 (ERR_HTTP_1_1_REQUIRED followed by a retry is normal).
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/iis/get-started/whats-new-in-iis-10/http2-on-iis>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "proxy-breaks-connection-auth",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Inferred,
    stage: Stage::Key,
    title: "Something between the browser and {site} breaks the sign-in.",
    says: "Straight to the server the sign-in works; through the proxy or load balancer it does not. Negotiate belongs to one connection, and that connection is not kept.",
    does_not_prove: "Which setting of the proxy it is.",
    row: Row { prior: 1, hop1: "R P", scope: "nd", tkt: "F FO", fe: "no", err: "-", bes: "-", fspn: "ok", ..Row::ANY },
    conditions: &[
        Condition::Required(is(Hop1, &["R", "P"])),
        Condition::Required(test("test-works-around-proxy", &["yes"])),
        Condition::Required(test("test-channel-binding-error", &["no"])),
        Condition::Decisive(all(&[
            test("test-works-around-proxy", &["yes"]),
            test("test-channel-binding-error", &["no"]),
            not(&test("test-nodes-same-identity", &["no"])),
        ])),
        // A name or key that is wrong is wrong with and without a proxy.
        Condition::Excluding(is(Fspn, &["none", "dup", "own", "form"])),
        Condition::Excluding(test("test-ticket-modified", &["yes"])),
        Condition::Excluding(test("test-clock-error", &["yes"])),
        Condition::Excluding(is(Scope, &["sv"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "On the proxy, keep each client's connection on a connection of its own to the server and switch off connection pooling for this route. Or let the proxy sign users in and go on by constrained delegation.",
        script: "",
        language: Language::Text,
        undo: "Set the route back to what it was.",
        verify: "curl.exe -v --negotiate -u : https://{site}/",
        expect: "401, then 200 on the same connection; two users at once see their own names.",
        risk: "A proxy that shares signed-in connections can hand one user's session to another. Treat that as a security fault, not as a nuisance.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{event_4, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let answers =
            "hop1: R\ntest-works-around-proxy: yes\ntest-channel-binding-error: no\ntest-nodes-same-identity: yes\n";
        assert_eq!(status(id, &[answers]), Confirmed);
        assert_eq!(status(id, &["hop1: R\ntest-works-around-proxy: yes\n"]), Possible);
        assert_eq!(status(id, &["hop1: R\ntest-works-around-proxy: no\n"]), RuledOut);
        assert_eq!(status(id, &["hop1: R\ntest-works-around-proxy: yes\ntest-channel-binding-error: yes\n"]), RuledOut);
        assert_eq!(status(id, &["site: intranet.contoso.com\n", &event_4("web01$"), answers]), RuledOut);
    }
}
