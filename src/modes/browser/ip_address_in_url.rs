//! # The address bar holds an IP address
//!
//! ## What it is
//! The page is opened by an IP address instead of a name.
//!
//! ## Why the hop breaks
//! Windows does not look for a Kerberos ticket for an IP address. It uses NTLM, and NTLM cannot be delegated.
//!
//! ## What shows it
//! - The URL's host is an IPv4 or IPv6 address.
//! - net-export ends with the mechanism NTLM; the token begins with `TlRMTVNTUAAB`.
//! - klist: no ticket for HTTP.
//!
//! ## What rules it out
//! - The host is a name.
//!
//! ## Fix
//! Use a DNS name with an SPN. Only where that is impossible: TryIPSPN on every client, and an SPN with the address.
//!
//! ## Verify
//! A new capture, by name, ends with the mechanism Kerberos.
//!
//! ## Versions
//! TryIPSPN: Windows 10 1507, Server 2016 and later.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/windows-server/security/kerberos/configuring-kerberos-over-ip>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "ip-address-in-url",
    hop: Hop::Browser,
    basis: Basis::Documented,
    stage: Stage::Name,
    title: "The page is opened by an IP address, so no Kerberos is tried.",
    says: "{site} is an IP address. Windows asks no domain controller for a ticket to an address and uses NTLM, which cannot be delegated. Open the page by its name.",
    does_not_prove: "That Kerberos works by name.",
    row: Row {
        prior: 1,
        hop1: "N",
        scope: "all",
        tkt: "0",
        fe: "no s4u",
        err: "- none 13",
        bes: "- anon",
        fspn: "ok none",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-url-is-name", &["no"])),
        Condition::Required(is(Hop1, &["N", "P"])),
        Condition::Decisive(test("test-url-is-name", &["no"])),
        Condition::Excluding(is(Hop1, &["K"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Use the web server's DNS name in links, bookmarks and configuration.",
            script: "",
            language: Language::Text,
            undo: "",
            verify: "{net_export}: capture the page once more, opened by name",
            expect: "The mechanism is Kerberos.",
            risk: "",
        },
        FixTemplate {
            who: Who::ClientAdmin,
            does: "Only where no name is possible: Kerberos for addresses, on every client, and an SPN with the address.",
            script: "reg add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\Parameters /v TryIPSPN /t REG_DWORD /d 1\nsetspn -S {spn} \"{fe}\"",
            language: Language::Cmd,
            undo: "reg delete HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\Parameters /v TryIPSPN\nsetspn -D {spn} \"{fe}\"",
            verify: "klist purge & klist get {spn}",
            expect: "A ticket to {spn} has been retrieved successfully.",
            risk: "An SPN with an address outlives the address's lease: whoever gets the address next is taken for this server. Never register the server's own name on a service account: WinRM uses HTTP/ there and breaks.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::super::testing::windows;
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, diagnose, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let capture = windows("http://10.20.0.15/", "HTTP/10.20.0.15", "NTLM", "HTTP/1.1 200 OK");
        assert_eq!(status(id, &[&capture]), Confirmed);
        // The cause before its consequence.
        assert_eq!(diagnose(&[&capture]).verdict.top.as_deref(), Some(id));
        let headers = "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\n\nGET / HTTP/1.1\nHost: 10.20.0.15:8080\nAuthorization: Negotiate TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAPRlAAAADw==\n";
        assert_eq!(status(id, &[headers]), Confirmed);
        assert_eq!(status(id, &["url: http://10.20.0.15/app\nhop1: N"]), Confirmed);
        assert_eq!(status(id, &["hop1: N"]), Possible);
        assert_eq!(status(id, &[&headers.replace("10.20.0.15:8080", "web.contoso.com")]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED]), RuledOut);
    }
}
