//! # The web server asks for the name behind the back end's alias
//!
//! ## What it is
//! The configuration names the back end by an alias (CNAME). The front end's HTTP client looks the alias up first and asks for the SPN
//! of the name behind it.
//!
//! ## Why the hop breaks
//! The directory and the list have the alias, the request has the other name: it is refused (0xd), or nobody owns it (0x7).
//!
//! ## What shows it
//! - Target Name in event 3 has another host than the connection string or URL.
//! - nslookup of the configured name shows it as an alias of the host asked for.
//!
//! ## What rules it out
//! - The SPN asked for is made of the configured host.
//!
//! ## Fix
//! Register and list the name that is asked for. Or give the configured name an A record instead of a CNAME.
//!
//! ## Verify
//! The user's session on the front end holds a ticket for the name asked for.
//!
//! ## Versions
//! .NET Framework does so; .NET Core 2.1's own handler did not at first, and does since 3.0. A Host header set by the program takes
//! precedence there. Other clients differ.
//!
//! ## Sources
//! - <https://github.com/dotnet/corefx/pull/33426>
//! - <https://github.com/dotnet/corefx/issues/32328>
//! - <https://github.com/dotnet/corefx/pull/38465>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-cname-canonicalised",
    hop: Hop::FrontEndToBackEnd,
    basis: Basis::Documented,
    stage: Stage::Target,
    title: "The back end is configured by an alias, and the web server asks for the name behind it: {be_spn}.",
    says: "The configured name of the back end is an alias. The web server's HTTP client resolves it first and asks for {be_spn}; that is the name that must be registered and listed.",
    does_not_prove: "That {be} accepts the user once it gets the ticket.",
    row: Row {
        prior: 2,
        hop1: "K",
        scope: "all be",
        tkt: "F FO",
        model: "C T R U",
        fe: "asc fwd",
        err: "13 7",
        bes: "anon",
        fspn: "ok",
        bspn: "ok none",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-asked-for-address-host", &["no"])),
        Condition::Required(test("test-back-end-address", &["alias"])),
        Condition::Decisive(all(&[
            test("test-asked-for-address-host", &["no"]),
            test("test-back-end-address", &["alias"]),
            is(Err, &["7", "13"]),
        ])),
        Condition::Supporting(test("test-asked-for-address-host", &["no"])),
        Condition::Excluding(is(Err, &["12", "14", "41", "40b"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Bes, &["user"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::AdAdmin,
            does: "Register {be_spn} on the account that runs the service, and list it where a list is used.",
            script: "setspn -F -Q {be_spn}\nsetspn -S {be_spn} <account that runs the service>\n{set_fe} '{fe_bare}' -Add @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}   # only with constrained delegation",
            language: Language::PowerShell,
            undo: "setspn -D {be_spn} <account that runs the service>\n{set_fe} '{fe_bare}' -Remove @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}",
            verify: "On the web server: klist get {be_spn}; then load the page",
            expect: "The user's session holds a ticket for {be_spn}. A refusal is remembered for 15 minutes.",
            risk: "HTTP/<the server's own name> on a service account breaks WinRM on that server. Then rather change the DNS record.",
        },
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Or give the configured name an A record instead of the CNAME.",
            script: "Remove-DnsServerResourceRecord -ZoneName <zone> -RRType CName -Name <alias>\nAdd-DnsServerResourceRecordA -ZoneName <zone> -Name <alias> -IPv4Address <address>",
            language: Language::PowerShell,
            undo: "Remove-DnsServerResourceRecord -ZoneName <zone> -RRType A -Name <alias>\nAdd-DnsServerResourceRecordCName -ZoneName <zone> -Name <alias> -HostNameAlias <name>",
            verify: "On the web server: ipconfig /flushdns, nslookup <alias>, then load the page",
            expect: "The answer shows no alias, and event 3 (or the ticket) has the configured name.",
            risk: "Every client of the alias then asks for another SPN than before: the alias must be registered first. An A record does not follow when the server gets another address.",
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
        let event = event_3("HTTP/node7.contoso.com");
        let url = "back_end_url: http://orders.contoso.com/api\n";
        assert_eq!(status(id, &[&event, url, "test-back-end-address: alias\n"]), Confirmed);
        // Another call of the same server may have asked for that name.
        assert_eq!(status(id, &[&event, url]), Possible);
        assert_eq!(status(id, &[&event]), Possible);
        assert_eq!(status(id, &[&event_3("HTTP/orders.contoso.com"), url]), RuledOut);
        assert_eq!(status(id, &[&event, url, "test-back-end-address: name\n"]), RuledOut);
        assert_eq!(status("be-addressed-by-ip-or-alias", &[&event, url, "test-back-end-address: alias\n"]), RuledOut);
        // The list's own fault is there as well, and told as well.
        let dump = accounts(&["HTTP/orders.contoso.com"], "contoso.com", "HTTP/node7.contoso.com", "");
        assert_eq!(status("kcd-spn-not-in-list", &[&event, url, &dump]), Confirmed);
    }
}
