//! # The first hop uses NTLM, so nothing can be delegated
//!
//! ## What it is
//! The browser was offered Negotiate, but no Kerberos ticket could be had or none was tried, and NTLM was used instead. This
//! is a consequence: look for its cause first.
//!
//! ## Why the hop breaks
//! NTLM proves the user to the web server without handing it anything that it could show to a back end. Only protocol
//! transition can go on from there.
//!
//! ## What shows it
//! - net-export: the context's mechanism is NTLM, usually after two legs.
//! - A token that begins with `TlRMTVNTUAAB`, or NTLMSSP inside SPNEGO; a 401 with `Negotiate TlRMTVNTUAAC…`.
//! - whoami.aspx: `Negotiate (NTLM - fallback)`. `Session Based` proves nothing.
//! - The web server's security log: 4624 with package NTLM.
//!
//! ## What rules it out
//! - The mechanism is Kerberos.
//! - Protocol transition is set up or meant (any authentication protocol, resource-based delegation): then NTLM is no fault.
//!
//! ## Fix
//! Repair the cause (SPN missing or on two accounts, IP address in the URL, no domain controller in reach, the server offers
//! NTLM only). Never begin with delegation settings.
//!
//! ## Verify
//! klist shows a ticket for `HTTP/<web server>` after loading the page; a capture shows the mechanism Kerberos.
//!
//! ## Versions
//! NTLM is deprecated; replacements for it (IAKerb, LocalKDC) reached Insider builds of Windows in 2026.
//!
//! ## Sources
//! - <https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_sspi_win.cc>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://github.com/aspnet/samples/tree/main/samples/aspnet/Identity/CurrentUserInfoRetrieval>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "ntlm-fallback",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Protocol,
    title: "The first hop to {site} uses NTLM, and NTLM cannot be delegated.",
    says: "The browser goes to {site} with NTLM instead of Kerberos. Whatever is set for delegation does not matter until Kerberos is used.",
    does_not_prove: "Why Kerberos was not used: that is the fault to repair.",
    row: Row {
        prior: 3,
        hop1: "N",
        scope: "all us pc",
        tkt: "0",
        // With the others NTLM is no fault of itself.
        model: "U C 0",
        fe: "no s4u",
        err: "none 13 -",
        bes: "anon -",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Hop1, &["N"])),
        Condition::Decisive(is(Hop1, &["N"])),
        // Where the server may go on from any protocol, NTLM is no fault of itself.
        Condition::Excluding(test("test-transition-intended", &["yes"])),
        Condition::Excluding(is(Model, &["T", "R", "CR"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ClientAdmin,
        does: "Find out why there is no Kerberos ticket; repair that, not the delegation.",
        script: "klist purge\nklist get {spn}\nsetspn -F -Q {spn}\nnltest /dsgetdc:%USERDNSDOMAIN% /force /kdc",
        language: Language::Cmd,
        undo: "Nothing to undo: these commands only look (klist purge drops cached tickets; they come back by themselves).",
        verify: "klist",
        expect: "A ticket for {spn} after loading the page.",
        risk: "Do not re-enable or prefer NTLM to make the page work: it cannot be delegated.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{NET_EXPORT_NOT_ASKED, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(
            status(
                id,
                &[
                    "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\n\nGET / HTTP/1.1\nHost: web.contoso.com\nAuthorization: Negotiate TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAPRlAAAADw==\n"
                ]
            ),
            Confirmed
        );
        assert_eq!(
            status(id, &[&NET_EXPORT_NOT_ASKED.replace("\"mechanism\":\"Kerberos\"", "\"mechanism\":\"NTLM\"")]),
            Confirmed
        );
        assert_eq!(status(id, &[NET_EXPORT_NOT_ASKED]), RuledOut);
        // The user's only stop, where no domain controller knows the site: a machine of another name than the site's.
        let unknown = "C:\\>klist get HTTP/web.contoso.com\n\nCurrent LogonId is 0:0x1\nError calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x6fb\n\n\
                       klist failed with 0xc000018b/-1073741429: The SAM database on the Windows Server does not have a computer account for this workstation trust relationship.\n\n\
                       C:\\>klist\n\nCurrent LogonId is 0:0x1\n\nCached Tickets: (1)\n\n#0>\tClient: alice @ CONTOSO.COM\n\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM\n\tTicket Flags 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize\n";
        let logon = "Log Name:      Security\nEvent ID:      4624\nComputer:      NODE01.contoso.com\nDescription:\nAn account was successfully logged on.\n\nNew Logon:\n\tAccount Name:\t\talice\n\tAccount Domain:\t\tCONTOSO\n\nDetailed Authentication Information:\n\tAuthentication Package:\tNTLM\n";
        assert_eq!(status(id, &[unknown, logon]), Confirmed);
        assert_eq!(status(id, &[unknown, &logon.replace("alice", "bob")]), Possible);
        assert_eq!(status(id, &[unknown, logon, &logon.replace("NODE01", "FILE01")]), Possible);
        assert_eq!(
            status(id, &["Authentication Method:   Negotiate (Session Based)\nImpersonationLevel: Impersonation\n"]),
            Possible
        );
    }
}
