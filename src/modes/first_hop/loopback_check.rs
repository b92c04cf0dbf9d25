//! # The page was opened on the web server itself, and Windows refuses that
//!
//! ## What it is
//! Browser (or a program) and web server are the same machine, and the name in the address bar is not one of the machine's
//! own names. Windows' loopback check then refuses the sign-in.
//!
//! ## Why the hop breaks
//! The check keeps an attacker from reflecting a sign-in to the machine that it came from. It cannot tell a test from that.
//!
//! ## What shows it
//! - From other machines the page works.
//! - Event 6037 of LsaSrv on the server: could not authenticate locally by using the target name.
//!
//! ## What rules it out
//! - It fails from other machines as well, or a ticket for the site could not be read (event 4): that fails from everywhere.
//!
//! ## Fix
//! Test from another machine. Where local access is needed, add the name to BackConnectionHostNames.
//!
//! ## Verify
//! The page opens on the server.
//!
//! ## Versions
//! No version dependence known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "loopback-check",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "{site} was opened on the server itself, where Windows' loopback check refuses the sign-in.",
    says: "Browser and web server are one machine, and {site} is not the machine's own name. Windows refuses such a sign-in. From other machines it works.",
    does_not_prove: "Anything about the page as users see it: test from another machine.",
    row: Row { prior: 1, hop1: "R N P", scope: "sv", fe: "no", err: "-", bes: "-", fspn: "ok", ..Row::ANY },
    conditions: &[
        Condition::Required(any(&[is(Scope, &["sv"]), test("test-loopback-refused", &["yes"])])),
        Condition::Required(is(Hop1, &["R", "N", "P"])),
        Condition::Decisive(is(Scope, &["sv"])),
        Condition::Decisive(test("test-loopback-refused", &["yes"])),
        // Others fail too: then the check is not what is wrong.
        Condition::Excluding(is(Scope, &["all", "cr", "pc", "us", "px", "ff", "ie", "pw", "nd"])),
        Condition::Excluding(is(Fspn, &["none", "dup", "own"])),
        // A ticket that cannot be read fails from everywhere.
        Condition::Excluding(test("test-ticket-modified", &["yes"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Test from another machine.",
            script: "",
            language: Language::Text,
            undo: "Nothing to undo.",
            verify: "Open {site} on a user's PC.",
            expect: "The page opens, signed in.",
            risk: "",
        },
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Where local access is needed: name {site} as one of the machine's own names for this purpose.",
            script: "$key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0'\n$old = (Get-ItemProperty $key -Name BackConnectionHostNames -ErrorAction SilentlyContinue).BackConnectionHostNames\nNew-ItemProperty $key -Name BackConnectionHostNames -PropertyType MultiString -Force -Value (@($old) + '{site}' | Where-Object { $_ } | Select-Object -Unique)",
            language: Language::PowerShell,
            undo: "$key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0'\n$old = (Get-ItemProperty $key -Name BackConnectionHostNames).BackConnectionHostNames\nSet-ItemProperty $key -Name BackConnectionHostNames -Value @($old | Where-Object { $_ -ne '{site}' })",
            verify: "Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\MSV1_0' -Name BackConnectionHostNames",
            expect: "{site} is in the list; after a restart of the server's services the page opens locally.",
            risk: "Do not use DisableLoopbackCheck: it takes the protection against reflection away for the whole machine.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, NTLM_TOKEN, status};
    use crate::report::Status::*;

    const EVENT: &str = "Log Name:      System\nSource:        LsaSrv\nEvent ID:      6037\nLevel:         Warning\nComputer:      WEB01.contoso.com\nDescription:\n\
                         The program msedge.exe, with the assigned process ID 5120, could not authenticate locally by using the target name HTTP/intranet.contoso.com. \
                         The target name used is not valid. A target name should refer to one of the local computer names, for example, the DNS host name.\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[NTLM_TOKEN, EVENT]), Confirmed);
        assert_eq!(status(id, &["hop1: R\nscope: sv\n"]), Confirmed);
        assert_eq!(status(id, &[EVENT]), Likely);
        assert_eq!(status(id, &["hop1: R\n"]), Possible);
        assert_eq!(status(id, &["hop1: R\nscope: all\n"]), RuledOut);
        let modified = "Event ID:      4\nSource:        Microsoft-Windows-Security-Kerberos\nComputer:      PC7.contoso.com\nDescription:\nThe Kerberos client received a KRB_AP_ERR_MODIFIED error from the server svc-web. The target name used was HTTP/intranet.contoso.com. This indicates\n";
        assert_eq!(status(id, &[EVENT, modified]), RuledOut);
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED, "scope: sv\n"]), RuledOut);
    }
}
