//! # HTTP 400: the Kerberos token is longer than the server takes
//!
//! ## What it is
//! The user is in so many groups that the ticket, written as text in a header, exceeds what http.sys accepts (16 KB by default).
//!
//! ## Why the hop breaks
//! The server refuses the request before it looks at the ticket: Request Header Too Long. A forwarded ticket-granting ticket
//! inside the token roughly doubles its length.
//!
//! ## What shows it
//! - HTTP 400 with "Request Header Too Long"; HTTPERR says RequestLength or FieldLength.
//! - The Authorization header has about 16 KB or more. Only some users are concerned.
//!
//! ## What rules it out
//! - The header is short, or the answer is 401.
//! - No token is sent at all: then it is the client's own limit (MaxTokenSize).
//!
//! ## Fix
//! Fewer groups and less SID history; then higher limits on the server.
//!
//! ## Verify
//! The page opens for the same user.
//!
//! ## Versions
//! Estimate of the ticket: 1200 + 40 for each domain-local or foreign group + 8 for each other group, in bytes; twice that with
//! delegation.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/http-bad-request-response-kerberos>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-problems-if-user-belongs-to-groups>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "token-too-large-http-400",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "The Kerberos token is too long for {site}: Request Header Too Long.",
    says: "The ticket of this user, with all the groups in it, makes a header longer than the server accepts. The request is refused with HTTP 400 before anything else is looked at.",
    does_not_prove: "That delegation works once the header fits.",
    row: Row { prior: 2, hop1: "B", scope: "us", tkt: "F FO", fe: "no", err: "-", bes: "-", fspn: "ok", ..Row::ANY },
    conditions: &[
        Condition::Required(is(Hop1, &["B"])),
        Condition::Required(test("test-header-too-long", &["yes"])),
        Condition::Decisive(all(&[is(Hop1, &["B"]), test("test-header-too-long", &["yes"])])),
        Condition::Excluding(test("test-token-buffer-error", &["yes"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::AdAdmin,
            does: "Take the user out of groups that are no longer needed, and clear SID history that is no longer needed.",
            script: "whoami /groups | find /c \"S-1-5-21\"",
            language: Language::Cmd,
            undo: "Put the user back into the groups.",
            verify: "Sign out and in again, then open {site}.",
            expect: "The page opens.",
            risk: "SID history may still give access to resources of a former domain: look before clearing it.",
        },
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Raise the server's limits: MaxFieldLength for one header (at most 65534), MaxRequestBytes for the request line and all headers together, higher than that.",
            script: "reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters /v MaxFieldLength /t REG_DWORD /d 65534 /f\nreg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters /v MaxRequestBytes /t REG_DWORD /d 131072 /f",
            language: Language::Cmd,
            undo: "reg delete HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters /v MaxFieldLength /f\nreg delete HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters /v MaxRequestBytes /f",
            verify: "Open {site} as the same user after the restart.",
            expect: "The page opens; HTTPERR shows no further RequestLength or FieldLength.",
            risk: "It takes effect only after HTTP.sys and IIS are restarted, which drops every site of the server: plan it. Larger limits make it easier to exhaust the server. Undo deletes the \
                   values: note first whether they existed.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let refused = NET_EXPORT_NOT_ASKED.replace("HTTP/1.1 200 OK", "HTTP/1.1 400 Bad Request");
        let long = refused.replace("[2474 bytes", "[17208 bytes");
        assert_eq!(status(id, &[&long]), Confirmed);
        assert_eq!(status(id, &["hop1: B\n"]), Confirmed);
        // A short token and a 400: something else is bad about the request.
        assert_eq!(status(id, &[&refused]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED]), RuledOut);
        assert_eq!(status(id, &[&refused.replace("[2474 bytes", "[11000 bytes")]), Possible);
        assert_eq!(status("token-too-large-maxtokensize", &[&long]), RuledOut);
    }
}
