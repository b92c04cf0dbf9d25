//! # The domain controller refuses the signature of the user's ticket
//!
//! ## What it is
//! The domain controller does not accept the ticket that the front end presents as the user's: its signature is missing or made by
//! another kind of domain controller. Mixed update levels, another vendor's KDC or an appliance that re-issues tickets bring it about.
//!
//! ## Why the hop breaks
//! Since the updates against CVE-2020-17049 a ticket must carry a signature that shows that nobody changed it. A domain controller
//! that enforces this answers KRB_AP_ERR_MODIFIED (0x29) to the request on behalf of the user.
//!
//! ## What shows it
//! - 0x29 in 4769 for a request with the S4U2proxy bit (0x00020000), or to the front end's request for the back end.
//! - It began with updates of November 2020 to July 2021, or with a new device on the way.
//!
//! ## What rules it out
//! - All domain controllers are Windows ones with current updates, and nothing re-issues tickets.
//! - The 0x29 comes from the back end (event 4): then the back end cannot read its own ticket.
//!
//! ## Fix
//! Bring all domain controllers to one current update level; have the other vendor's KDC or appliance updated.
//!
//! ## Verify
//! No 0x29 from a domain controller any more, and the ticket for the back end is issued.
//!
//! ## Versions
//! First phase 8 December 2020, value 0 removed 13 April 2021, enforced since 13 July 2021: PerformTicketSignature 0 and 1 are
//! history.
//!
//! ## Sources
//! - <https://support.microsoft.com/en-us/topic/kb4598347-managing-deployment-of-kerberos-s4u-changes-for-cve-2020-17049-569d60b7-3267-e2b0-7d9b-e46d770332ab>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-sfu/3bff5864-8135-400e-bdd9-33b552051d94>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "s4u-ticket-signature-rejected",
    hop: Hop::Kdc,
    basis: Basis::Documented,
    stage: Stage::Evidence,
    title: "The domain controller does not accept the signature of the user's ticket that {site} presents.",
    says: "{site} presents the user's ticket to get one for {be}, and the domain controller answers KRB_AP_ERR_MODIFIED (0x29): the ticket's signature is missing or from another kind of domain controller.",
    does_not_prove: "Which domain controller issued the ticket: compare their update levels.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "all",
        asked: "n y -",
        tkt: "F",
        model: "C T R",
        fe: "asc",
        err: "41",
        bes: "anon",
        dom: "same xdom",
        fspn: "ok",
        bspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        // A request on behalf of a user is constrained or resource-based delegation by itself.
        Condition::Presupposed(any(&[is(Model, &["C", "T", "R", "CR"]), test("test-who-says-modified", &["kdc"])])),
        Condition::Required(test("test-who-says-modified", &["kdc"])),
        Condition::Required(test("test-dcs-alike", &["no"])),
        Condition::Decisive(test("test-who-says-modified", &["kdc"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "40b"])),
        Condition::Excluding(is(Fe, &["be", "fwd"])),
        Condition::Excluding(is(Bes, &["user"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Bring every domain controller to the same, current update level, and update what else issues tickets.",
        script: "Get-ADDomainController -Filter * | ForEach-Object { Get-HotFix -ComputerName $_.HostName | Sort-Object InstalledOn | Select-Object -Last 1 PSComputerName,HotFixID,InstalledOn }",
        language: Language::PowerShell,
        undo: "Updates are not taken back for this.",
        verify: "Security log of the domain controllers: event 4769 for the back end's account",
        expect: "No failure 0x29; Transited Services names the web server's account.",
        risk: "Never lower the protection to get around this: whoever holds a service's key could forge tickets for users that must not be delegated.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let at_dc = "Log Name:      Security\nSource:        Microsoft-Windows-Security-Auditing\nEvent ID:      4769\nComputer:      DC02.contoso.com\nDescription:\n\
                     A Kerberos service ticket was requested.\n\nAccount Information:\n\tAccount Name:\t\tsvc-web@CONTOSO.COM\n\tAccount Domain:\t\tCONTOSO.COM\n\n\
                     Service Information:\n\tService Name:\t\tsvc-db\n\nAdditional Information:\n\tTicket Options:\t\t0x40830000\n\tFailure Code:\t\t0x29\n\tTransited Services:\t-\n";
        assert_eq!(status(id, &[at_dc, "model: C\ntest-dcs-alike: no\n"]), Confirmed);
        assert_eq!(status(id, &[at_dc, "model: C\n"]), Likely);
        assert_eq!(status(id, &[at_dc]), Likely);
        assert_eq!(status(id, &[at_dc, "model: C\ntest-dcs-alike: yes\n"]), RuledOut);
        assert_eq!(status("be-spn-wrong-account", &[at_dc]), RuledOut);
        assert_eq!(status(id, &["model: C\ntest-who-says-modified: server\n"]), RuledOut);
        // Not on behalf of a user: that is no S4U2proxy.
        assert_eq!(status(id, &[&at_dc.replace("0x40830000", "0x40810000"), "model: C\n"]), Possible);
    }
}
