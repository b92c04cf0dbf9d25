//! # An authentication policy or silo forbids the ticket
//!
//! ## What it is
//! An authentication policy (by itself or through a silo) says from where an account may sign in, or who may get a ticket for a
//! service. The condition is not met.
//!
//! ## Why the hop breaks
//! The domain controller checks the policy's condition before it issues the ticket, against the user and, where the request is
//! armoured, the device. When the check fails it answers KDC_ERR_POLICY (0xc); NTLM is refused with 0xc0000413.
//!
//! ## What shows it
//! - On a domain controller, Authentication/AuthenticationPolicyFailures-DomainController: 105 or 106, with the policy's and the silo's
//!   name; in the Security log 4820 or 4821. 305 and 306 are the same in audit mode.
//! - 0xc in event 3 or 4769; 0xc0000413 (authentication firewall).
//!
//! ## What rules it out
//! - No such event on the domain controllers while that log is on.
//! - No account on the way has a policy or silo (msDS-AssignedAuthNPolicy, msDS-AssignedAuthNPolicySilo empty).
//!
//! ## Fix
//! Change the policy's condition so that this front end (and this user) meets it. Or take the account out of the policy, when it does
//! not belong there.
//!
//! ## Verify
//! The ticket is issued, and no new 105 or 106 is logged.
//!
//! ## Versions
//! Windows Server 2012 R2 domain functional level and later. A condition on the device needs armoured requests (claims and compound
//! authentication). That log is off by default: its silence proves nothing.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-kile/2e5dcf34-4b51-44a0-b45a-277ed616ca39>
//! - <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-kile/80f6b0ad-18a4-4dad-ae7f-a2b5da0c7e49>
//! - <https://learn.microsoft.com/en-us/windows-server/security/credentials-protection-and-management/authentication-policies-and-authentication-policy-silos>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "auth-policy-silo-denied",
    hop: Hop::Kdc,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "An authentication policy forbids the ticket.",
    says: "A domain controller refused a ticket because the user, the device or the service does not meet the condition of an authentication policy. The event names the policy, the silo and the service.",
    does_not_prove: "That the policy is wrong: it may forbid this on purpose. Ask whoever owns it.",
    row: Row {
        prior: 1,
        hop1: "K N P",
        scope: "us all pc",
        fe: "asc s4u no",
        err: "12 -",
        bes: "anon -",
        bspn: "ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-authentication-policy-refusal", &["yes"])),
        Condition::Decisive(test("test-authentication-policy-refusal", &["yes"])),
        Condition::Excluding(is(Err, &["7", "13", "14", "41", "40b"])),
        Condition::Excluding(is(Fe, &["be"])),
        Condition::Excluding(is(Bes, &["user"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Look at the policy that the event names, and let its condition include the web server's account (and the user).",
        script: "Get-ADAuthenticationPolicy -Identity \"<policy in the event>\" -Properties *\nGet-ADAuthenticationPolicySilo -Filter * -Properties Members,Enforce\nGet-ADObject -LDAPFilter \"(|(msDS-AssignedAuthNPolicy=*)(msDS-AssignedAuthNPolicySilo=*))\" -Properties msDS-AssignedAuthNPolicy,msDS-AssignedAuthNPolicySilo",
        language: Language::PowerShell,
        undo: "Put the former condition back (Set-ADAuthenticationPolicy with the value noted before).",
        verify: "Load the page; on the domain controllers: AuthenticationPolicyFailures-DomainController",
        expect: "No new event 105 or 106, and the ticket for {be_spn} is issued.",
        risk: "The policy is there to keep these accounts from other servers: with delegation this web server can act as them. Ask its owner first, and audit (without enforcement) before you widen it.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{event_3, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let denied = "Log Name:      Microsoft-Windows-Authentication/AuthenticationPolicyFailures-DomainController\nSource:        Microsoft-Windows-Kerberos-Key-Distribution-Center\nEvent ID:      106\nComputer:      DC02.contoso.com\nDescription:\n\
                      A Kerberos service ticket was denied because the user, device, or both does not meet the access control restrictions.\n\nAccount Information:\n\tAccount Name:\t\tmaria@CONTOSO.COM\n\tAccount Domain:\t\tCONTOSO.COM\n\n\
                      Authentication Policy Information:\n\tSilo Name:\t\t\n\tPolicy Name:\t\tTierOneServices\n\nService Information:\n\tService Name:\t\tsvc-db\n\nAdditional Information:\n\tTicket Options:\t\t0x40830000\n\tFailure Code:\t\t0xC\n\tTransited Services:\t-\n";
        assert_eq!(status(id, &[denied]), Confirmed);
        // Selective authentication is another firewall.
        assert_eq!(status("selective-auth-denied", &[denied, "test-trust-selective: yes\n"]), RuledOut);
        assert_eq!(status(id, &["err: 12\n"]), Possible);
        assert_eq!(status(id, &["err: 12\ntest-authentication-policy-refusal: no\n"]), RuledOut);
        assert_eq!(status(id, &[&event_3("HTTP/api07.contoso.com")]), RuledOut);
    }
}
