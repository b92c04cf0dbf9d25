use crate::artefacts::kind::Kind;
use crate::facts::{Fact, Place, Policy, PolicyListing, Statement};
use crate::ingest::Intake;

fn summaries(text: &str) -> Vec<String> {
    let mut intake = Intake::new("paste 1");
    intake.push(text.as_bytes());
    intake.finish().artefacts.iter().map(super::summary).collect()
}

const TICKET: &str = "Current LogonId is 0:0x1\n\nCached Tickets: (2)\n\n#0>\tClient: alice @ CONTOSO.COM\n\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM\n\
    \tTicket Flags 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize\n\n\
    #1>\tClient: alice @ CONTOSO.COM\n\tServer: HTTP/intranet.contoso.com @ CONTOSO.COM\n\
    \tTicket Flags 0x40a50000 -> forwardable renewable pre_authent ok_as_delegate name_canonicalize\n";

#[test]
fn tickets_sessions_spns_accounts_and_pages() {
    assert_eq!(
        summaries(TICKET),
        ["2 tickets of alice @ CONTOSO.COM; HTTP/intranet.contoso.com: forwardable, ok_as_delegate"]
    );
    assert_eq!(
        summaries(&TICKET.replace("(2)", "(5)").replace("0x40a5", "0x00a1")),
        ["2 of 5 tickets of alice @ CONTOSO.COM; HTTP/intranet.contoso.com: not forwardable"]
    );
    assert_eq!(
        summaries(
            "C:\\> klist get HTTP/x\nError calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x6fb\nklist failed with 0xc000018b/-1073741429: x\n"
        ),
        ["no ticket for HTTP/x: 0xc000018b STATUS_NO_TRUST_SAM_ACCOUNT"]
    );
    assert_eq!(
        summaries("[0] Session 0 0:0x1 A\\b Kerberos:Network\n[1] Session 0 0:0x2 A\\c NTLM:Network\n"),
        ["2 logon sessions; over the network 1 by Kerberos, 1 by NTLM"]
    );
    assert_eq!(
        summaries(
            "C:\\> setspn -Q HTTP/x\nChecking domain DC=a,DC=b\n\nNo such SPN found.\nC:\\> setspn -L s\nRegistered ServicePrincipalNames for CN=s,DC=a,DC=b:\n\tHTTP/y\n"
        ),
        ["HTTP/x: no such SPN; s: 1 SPN"]
    );
    assert_eq!(
        summaries(
            "DistinguishedName        : CN=web,DC=a,DC=b\nTrustedForDelegation     : True\nmsDS-AllowedToDelegateTo : {HTTP/a, HTTP/b}\n"
        ),
        ["web: trusted for delegation to any service, may delegate to 2 services"]
    );
    // A list that was cut is counted by what is left of it.
    assert_eq!(
        summaries(
            "DistinguishedName        : CN=web,DC=a,DC=b\nmsDS-AllowedToDelegateTo : {HTTP/a, HTTP/b, HTTP/c, HTTP/d...}\nServicePrincipalNames : {...}\n"
        ),
        ["web: may delegate to at least 4 services, at least 1 SPN"]
    );
    assert_eq!(
        summaries(
            "Authentication Method:   Negotiate (KERBEROS)\nIdentity:   A\\b\nImpersonationLevel:   Delegation\n"
        ),
        ["A\\b by Negotiate (KERBEROS), level Delegation"]
    );
    assert_eq!(summaries("hello\n"), [""]);
}

#[test]
fn policies_say_what_is_missing() {
    let place = Place::default;
    let policy = |name: &str, value: &str| Fact {
        place: place(),
        says: Statement::Policy(Policy {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            level: None,
            scope: None,
            status: None,
            product: None,
        }),
    };
    let listing = Fact {
        place: place(),
        says: Statement::PolicyListing(PolicyListing { product: None, complete: true, up_to: None, policies: 2 }),
    };
    let mut intake = Intake::new("x");
    intake.push(b"hello\n");
    let mut artefact = intake.finish().artefacts.remove(0);
    artefact.kind = Kind::EdgePolicy;
    artefact.facts = vec![listing.clone(), policy("SmartScreenEnabled", "true")];
    assert_eq!(super::summary(&artefact), "No AuthNegotiateDelegateAllowlist among 2 policies");
    artefact.facts = vec![listing, policy("AuthNegotiateDelegateAllowlist", "*.contoso.com")];
    assert_eq!(super::summary(&artefact), "AuthNegotiateDelegateAllowlist = *.contoso.com");
}
