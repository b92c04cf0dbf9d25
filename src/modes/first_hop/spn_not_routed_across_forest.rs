//! # The name is not routed to the forest that owns it
//!
//! ## What it is
//! User and web server are in different forests. The DNS suffix of the server's name is not in the list of suffixes that the
//! forest trust routes, or the entry is disabled.
//!
//! ## Why the hop breaks
//! The user's domain controller looks the name up in its own forest, finds nobody, and does not know that it should refer the
//! PC to the other forest. To the browser this looks like a missing SPN.
//!
//! ## What shows it
//! - `klist get HTTP/<host>` works for a user of the server's forest and fails for users of the other one.
//! - The trust's list of name suffixes lacks the suffix or has it disabled.
//!
//! ## What rules it out
//! - User and server are in one forest, or users of the server's own forest get no ticket either.
//!
//! ## Fix
//! Enable the suffix on the trust, or use the full name in a domain that is routed. For short names: forest search order.
//!
//! ## Verify
//! `klist get HTTP/<host>` as a user of the other forest.
//!
//! ## Versions
//! Suffixes that exist when a forest trust is made are routed. Such as come later appear in the list, but disabled, until
//! somebody enables them.
//!
//! ## Sources
//! - <https://docs.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2003/cc784334(v%3dws.10)>
//! - <https://technet.microsoft.com/en-us/library/cc816626(v=ws.10).aspx>
//! - <https://admx.help/?Category=Windows_10_2016&Policy=Microsoft.Policies.KDC::ForestSearch>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "spn-not-routed-across-forest",
    hop: Hop::Kdc,
    basis: Basis::Inferred,
    stage: Stage::Name,
    title: "The user's forest does not route {site} to the forest that owns {spn}.",
    says: "The SPN exists, but in another forest, and the trust does not route its suffix there. The user's domain controller answers that nobody has the name.",
    does_not_prove: "That the ticket may then be delegated across the trust: that is decided separately.",
    row: Row {
        prior: 1,
        hop1: "N P",
        scope: "us all",
        tkt: "0",
        fe: "no",
        err: "-",
        bes: "-",
        dom: "xuser",
        fspn: "ok none",
        ..Row::ANY
    },
    conditions: &[
        Condition::Presupposed(any(&[is(Dom, &["xuser", "dmz"]), test("test-user-in-other-forest", &["yes"])])),
        // Who gets no ticket does not sign in by Kerberos, whatever the page then shows.
        Condition::Required(any(&[is(Hop1, &["N", "P"]), is(Tkt, &["0"])])),
        Condition::Required(any(&[test("test-suffix-routed", &["no"]), test("test-ticket-in-own-forest", &["yes"])])),
        Condition::Decisive(test("test-suffix-routed", &["no"])),
        Condition::Supporting(test("test-ticket-in-own-forest", &["yes"])),
        Condition::Supporting(all(&[test("test-ticket-in-own-forest", &["yes"]), test("test-kdc-knows-spn", &["no"])])),
        Condition::Excluding(test("test-ticket-in-own-forest", &["no"])),
        Condition::Excluding(test("test-suffix-routed", &["yes"])),
        Condition::Excluding(is(Hop1, &["K", "R", "A", "B"])),
        Condition::Excluding(is(Tkt, &["F", "FO", "x"])),
        Condition::Excluding(is(Fspn, &["dup"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "In the user's forest, enable the suffix of {site} on the trust to the server's forest.",
        script: "netdom trust <user's forest> /domain:<server's forest> /NameSuffixes:<server's forest>\nnetdom trust <user's forest> /domain:<server's forest> /ToggleSuffix:<number in the list>",
        language: Language::Cmd,
        undo: "netdom trust <user's forest> /domain:<server's forest> /ToggleSuffix:<number in the list>",
        verify: "klist purge & klist get {spn}",
        expect: "A ticket for {spn} from the server's forest.",
        risk: "Every name under the suffix is then routed to that forest. A suffix that is in conflict cannot be enabled before the other claim is removed: find out who uses that one.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{KLIST_DELEGATABLE, NTLM_TOKEN, status};
    use crate::report::Status::*;

    const UNKNOWN: &str = "C:\\> klist get HTTP/intranet.contoso.com\n\nCurrent LogonId is 0:0x5b1f2\nError calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x6fb\n\n\
                           klist failed with 0xc000018b/-1073741429: The SAM database on the Windows Server does not have a computer account for this workstation trust relationship.\n";

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[NTLM_TOKEN, "dom: xuser\ntest-suffix-routed: no\n"]), Confirmed);
        assert_eq!(status(id, &[NTLM_TOKEN, UNKNOWN, "dom: xuser\ntest-ticket-in-own-forest: yes\n"]), Likely);
        assert_eq!(
            status("fe-spn-missing", &[NTLM_TOKEN, UNKNOWN, "dom: xuser\ntest-ticket-in-own-forest: yes\n"]),
            RuledOut
        );
        let list = "C:\\> netdom trust contoso.com /namesuffixes:partner.example\n\nName, Type, Status, Notes\n\n1. *.partner.example, Name Suffix, Enabled\n2. *.intranet.contoso.com, Name Suffix, Admin-Disabled\n";
        assert_eq!(status(id, &[UNKNOWN, list]), Confirmed);
        assert_eq!(status(id, &[UNKNOWN, &list.replace("Admin-Disabled", "Enabled")]), RuledOut);
        assert_eq!(status(id, &[NTLM_TOKEN, "dom: xuser\n"]), Possible);
        assert_eq!(status(id, &[NTLM_TOKEN, "test-suffix-routed: no\n"]), Possible);
        assert_eq!(status(id, &[NTLM_TOKEN, "dom: same\ntest-suffix-routed: no\n"]), RuledOut);
        assert_eq!(status(id, &[KLIST_DELEGATABLE, "dom: xuser\ntest-suffix-routed: no\n"]), RuledOut);
    }
}
