//! # No domain controller can be reached
//!
//! ## What it is
//! The PC finds no domain controller for the realm: no VPN, closed ports (88, 389, 445, 464), DNS of another network.
//!
//! ## Why the hop breaks
//! A Kerberos ticket comes from a domain controller. Without one Windows falls back to NTLM or asks for a password.
//!
//! ## What shows it
//! - In a capture SEC_E_NO_AUTHENTICATING_AUTHORITY (-2146893039) with net error -343.
//! - Security-Kerberos/Operational event 200; `klist get` says 0xc000005e or 0x51f; Netlogon 5719.
//! - On Linux and macOS: "Cannot contact any KDC for realm".
//!
//! ## What rules it out
//! - `nltest /dsgetdc:<domain> /force /kdc` finds one, or a domain controller gave an answer (even "unknown name").
//!
//! ## Fix
//! Restore the connection, or publish a KDC proxy for PCs outside.
//!
//! ## Verify
//! `klist get HTTP/<host>` gets a ticket.
//!
//! ## Versions
//! No version dependence known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance>
//! - <https://detection-wiki-dev.pages.dev/microsoft-windows-security-kerberos/>
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_sspi_win.cc>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "no-dc-line-of-sight",
    hop: Hop::Kdc,
    basis: Basis::Documented,
    stage: Stage::Ground,
    title: "The user's PC reaches no domain controller, so there is no Kerberos ticket for {site}.",
    says: "A ticket for {spn} can only come from a domain controller, and none answers. Nothing about delegation matters until one does.",
    does_not_prove: "What stands in the way: network, firewall or DNS.",
    row: Row { prior: 2, hop1: "N P", scope: "pc", tkt: "0", fe: "no", err: "-", bes: "-", fspn: "ok", ..Row::ANY },
    conditions: &[
        Condition::Required(test("test-dc-reached", &["no"])),
        Condition::Required(is(Hop1, &["N", "P"])),
        Condition::Decisive(test("test-dc-reached", &["no"])),
        Condition::Supporting(test("test-logon-server-missing", &["yes"])),
        Condition::Supporting(is(Scope, &["pc"])),
        // A KDC gave an answer: it can be reached.
        Condition::Excluding(test("test-kdc-knows-spn", &["no"])),
        Condition::Excluding(test("test-etype-error", &["yes"])),
        Condition::Excluding(is(Tkt, &["F", "FO", "x"])),
        Condition::Excluding(test("test-offers-only-ntlm", &["yes"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ClientAdmin,
        does: "Find out why no domain controller answers (VPN, ports 88, 389, 445 and 464, DNS servers of the PC, site and subnet), and restore it. For PCs outside publish a KDC proxy.",
        script: "nltest /dsgetdc:%USERDNSDOMAIN% /force /kdc\nnslookup -type=srv _kerberos._tcp.%USERDNSDOMAIN%\nklist get {spn}",
        language: Language::Cmd,
        undo: "Nothing to undo: these commands only look.",
        verify: "klist get {spn}",
        expect: "nltest names a domain controller, and klist retrieves a ticket.",
        risk: "Do not open port 88 to the world for PCs outside: publish a KDC proxy instead.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, NTLM_TOKEN, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let failed = |status: &str| {
            NET_EXPORT_NOT_ASKED.replace(
                "{\"context\":{\"flags\":{\"delegated\":false,\"mutual\":false,\"value\":\"0x00001000\"},\"mechanism\":\"Kerberos\",\"open\":true},\"status\":{\"net_error\":0,\"security_status\":590610}}",
                &format!("{{\"status\":{{\"net_error\":-343,\"security_status\":{status}}}}}"),
            ).replace("HTTP/1.1 200 OK", "HTTP/1.1 401 Unauthorized").replace("\"Authorization: [2474 bytes were stripped]\"", "\"Accept: */*\"")
        };
        assert_eq!(status(id, &[&failed("-2146893039")]), Confirmed);
        // The KDC answers: unknown name.
        assert_eq!(status(id, &[&failed("-2146893053")]), RuledOut);
        assert_eq!(status(id, &[NTLM_TOKEN, "test-dc-reached: no\n"]), Confirmed);
        assert_eq!(status(id, &[NTLM_TOKEN]), Possible);
        assert_eq!(status(id, &[NTLM_TOKEN, "test-dc-reached: yes\n"]), RuledOut);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, "test-dc-reached: no\n"]), RuledOut);
        assert_eq!(status(id, &["test-logon-server-missing: yes\nscope: pc\nhop1: N\n"]), Likely);
    }
}
