//! Short artefacts for the modes' own tests, and one call that pastes and judges.

use super::report;
use crate::case::{self, Case, Located};
use crate::facts::{Fact, Place, Role, Statement};
use crate::ingest::{Artefact, Ingested, Intake, Kind};
use crate::observations::Observations;
use crate::observations::sites;
use crate::observations::view::View;
use crate::report::{Report, Status};

/// The PC's tickets: forwardable, and the web server trusted for delegation.
pub const KLIST_DELEGATABLE: &str = "Current LogonId is 0:0x5b1f2

Cached Tickets: (2)

#0>\tClient: alice @ CONTOSO.COM
\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM
\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96
\tTicket Flags 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize 
\tStart Time: 11/18/2026 8:12:04 (local)
\tEnd Time:   11/18/2026 18:12:04 (local)
\tRenew Time: 11/25/2026 8:12:04 (local)
\tSession Key Type: AES-256-CTS-HMAC-SHA1-96
\tCache Flags: 0x1 -> PRIMARY 
\tKdc Called: DC01.contoso.com

#1>\tClient: alice @ CONTOSO.COM
\tServer: HTTP/intranet.contoso.com @ CONTOSO.COM
\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96
\tTicket Flags 0x40a50000 -> forwardable renewable pre_authent ok_as_delegate name_canonicalize 
\tStart Time: 11/18/2026 8:14:37 (local)
\tEnd Time:   11/18/2026 18:12:04 (local)
\tRenew Time: 11/25/2026 8:12:04 (local)
\tSession Key Type: AES-256-CTS-HMAC-SHA1-96
\tCache Flags: 0 
\tKdc Called: DC01.contoso.com
";

/// A user of one forest, a web server in another: the referral and the ticket carry the mark of a trust without TGT delegation.
pub const KLIST_CROSS_FOREST: &str = "Current LogonId is 0:0x6c2a4

Cached Tickets: (3)

#0>\tClient: alice @ CONTOSO.COM
\tServer: krbtgt/PARTNER.EXAMPLE @ CONTOSO.COM
\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96
\tTicket Flags 0x40a10000 -> forwardable renewable pre_authent name_canonicalize 
\tStart Time: 11/18/2026 8:14:36 (local)
\tEnd Time:   11/18/2026 18:12:04 (local)
\tRenew Time: 11/25/2026 8:12:04 (local)
\tSession Key Type: AES-256-CTS-HMAC-SHA1-96
\tCache Flags: 0x200 -> DISABLE-TGT-DELEGATION 
\tKdc Called: DC01.contoso.com

#1>\tClient: alice @ CONTOSO.COM
\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM
\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96
\tTicket Flags 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize 
\tStart Time: 11/18/2026 8:12:04 (local)
\tEnd Time:   11/18/2026 18:12:04 (local)
\tRenew Time: 11/25/2026 8:12:04 (local)
\tSession Key Type: AES-256-CTS-HMAC-SHA1-96
\tCache Flags: 0x1 -> PRIMARY 
\tKdc Called: DC01.contoso.com

#2>\tClient: alice @ CONTOSO.COM
\tServer: HTTP/intranet.partner.example @ PARTNER.EXAMPLE
\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96
\tTicket Flags 0x40a10000 -> forwardable renewable pre_authent name_canonicalize 
\tStart Time: 11/18/2026 8:14:37 (local)
\tEnd Time:   11/18/2026 18:12:04 (local)
\tRenew Time: 11/25/2026 8:12:04 (local)
\tSession Key Type: AES-256-CTS-HMAC-SHA1-96
\tCache Flags: 0x200 -> DISABLE-TGT-DELEGATION 
\tKdc Called: DC01.partner.example
";

/// A capture on Windows: Kerberos, no delegation asked, 200.
pub const NET_EXPORT_NOT_ASKED: &str = r#"{"constants":{"clientInfo":{"name":"Microsoft Edge","os_type":"Windows NT: 10.0.26100 (x86_64)","version":"138.0.3351.95"},"logCaptureMode":"Default","logEventPhase":{"PHASE_BEGIN":1,"PHASE_END":2,"PHASE_NONE":0},"logEventTypes":{"AUTH_BOUND_TO_CONTROLLER":32,"AUTH_CONTROLLER":31,"AUTH_LIBRARY_INIT_SEC_CTX":41,"HTTP_TRANSACTION_READ_RESPONSE_HEADERS":36,"HTTP_TRANSACTION_SEND_REQUEST_HEADERS":33,"URL_REQUEST_START_JOB":18},"logFormatVersion":1,"logSourceType":{"HTTP_AUTH_CONTROLLER":40,"SOCKET":10,"URL_REQUEST":1},"timeTickOffset":"1763450000000"},
"events": [
{"params":{"method":"GET","url":"https://intranet.contoso.com/reports/"},"phase":1,"source":{"id":201,"type":1},"time":"90212","type":18},
{"params":{"headers":["HTTP/1.1 401 Unauthorized","WWW-Authenticate: Negotiate","WWW-Authenticate: NTLM"]},"phase":0,"source":{"id":201,"type":1},"time":"90224","type":36},
{"params":{"target":"server","url":"https://intranet.contoso.com/reports/"},"phase":1,"source":{"id":202,"type":40},"time":"90225","type":31},
{"params":{"source_dependency":{"id":202,"type":40}},"phase":0,"source":{"id":201,"type":1},"time":"90225","type":32},
{"params":{"flags":{"delegated":false,"mutual":false,"value":"0x00000000"},"spn":"HTTP/intranet.contoso.com"},"phase":1,"source":{"id":202,"type":40},"time":"90229","type":41},
{"params":{"context":{"flags":{"delegated":false,"mutual":false,"value":"0x00001000"},"mechanism":"Kerberos","open":true},"status":{"net_error":0,"security_status":590610}},"phase":2,"source":{"id":202,"type":40},"time":"90235","type":41},
{"params":{"headers":["Host: intranet.contoso.com","Authorization: [2474 bytes were stripped]"],"line":"GET /reports/ HTTP/1.1\r\n"},"phase":0,"source":{"id":201,"type":1},"time":"90239","type":33},
{"params":{"headers":["HTTP/1.1 200 OK","Persistent-Auth: true"]},"phase":0,"source":{"id":201,"type":1},"time":"90248","type":36}],
"polledData": {}}
"#;

/// edge://policy without the delegation policy.
pub const POLICY_EMPTY: &str = "Microsoft Edge Policies
Policy name | Policy value | Source | Applies to | Level | Status
HomepageLocation | https://start.contoso.com | Platform | Device | Mandatory | OK";

/// The first article's line.
pub const LSASS_LINE: &str = "408.2656> Kerb-Warn: SpInitLsaModeContext failed to get outbound ticket, KerbGetServiceTicketByS4UProxy failed 0xc000040b\n";

/// The two accounts of a constrained site: the front end's with its list, the back end's with its domain, SPN and RBCD principal.
pub fn accounts(list: &[&str], back_end_domain: &str, back_end_spn: &str, rbcd: &str) -> String {
    let dc = back_end_domain.split('.').map(|l| format!("DC={l}")).collect::<Vec<_>>().join(",");
    format!(
        "# front end\n\
         DistinguishedName                    : CN=svc-web,OU=Service,DC=contoso,DC=com\n\
         msDS-AllowedToDelegateTo             : {{{}}}\n\
         Name                                 : svc-web\n\
         ObjectClass                          : user\n\
         PrincipalsAllowedToDelegateToAccount : {{}}\n\
         ServicePrincipalNames                : {{HTTP/intranet.contoso.com, HTTP/intranet}}\n\
         TrustedForDelegation                 : False\n\
         TrustedToAuthForDelegation           : False\n\
         userAccountControl                   : 66048\n\
         \n\
         # back end\n\
         DistinguishedName                    : CN=svc-be,OU=Service,{dc}\n\
         msDS-AllowedToDelegateTo             : {{}}\n\
         Name                                 : svc-be\n\
         ObjectClass                          : user\n\
         PrincipalsAllowedToDelegateToAccount : {{{rbcd}}}\n\
         ServicePrincipalNames                : {{{back_end_spn}}}\n\
         TrustedForDelegation                 : False\n\
         TrustedToAuthForDelegation           : False\n\
         userAccountControl                   : 66048\n",
        list.join(", ")
    )
}

/// Event 3 on the front end: BADOPTION for an SPN.
pub fn event_3(spn: &str) -> String {
    format!(
        "Log Name:      System\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      3\nLevel:         Error\nComputer:      WEB01.contoso.com\n\
         Description:\nA Kerberos error message was received:\n on logon session CONTOSO.COM\\svc-web\n Client Time:\n Server Time: 8:14:39.0000 11/18/2026 Z\n \
         Error Code: 0xd KDC_ERR_BADOPTION\n Extended Error: \n Client Realm:\n Client Name:\n Server Realm: CONTOSO.COM\n Server Name: {spn}\n \
         Target Name: {spn}@CONTOSO.COM\n Error Text:\n File: onecore\\ds\\security\\protocols\\kerberos\\client2\\kerbtick.cxx\n Line: 128a\n Error Data is in record data.\n"
    )
}

/// A browser's first token to the site that asks for one: NTLM.
pub const NTLM_TOKEN: &str = "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\n\nGET / HTTP/1.1\nHost: intranet.contoso.com\nAuthorization: Negotiate TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAPRlAAAADw==\n";

/// Event 4 on the PC: this account answered for the site and could not read the ticket.
pub fn event_4(responder: &str) -> String {
    format!(
        "Log Name:      System\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      4\nLevel:         Error\nComputer:      PC17.contoso.com\n\
         Description:\nThe Kerberos client received a KRB_AP_ERR_MODIFIED error from the server {responder}. The target name used was HTTP/intranet.contoso.com. \
         This indicates that the target server failed to decrypt the ticket provided by the client.\n"
    )
}

/// Event 4625 on a web server, a network logon, with this status.
pub fn logon_refused(computer: &str, status: &str) -> String {
    format!(
        "Log Name:      Security\nSource:        Microsoft-Windows-Security-Auditing\nEvent ID:      4625\nComputer:      {computer}\nDescription:\nAn account failed to log on.\n\n\
         Subject:\n\tSecurity ID:\t\tNULL SID\n\tAccount Name:\t\t-\n\tLogon ID:\t\t0x0\n\nLogon Type:\t\t\t3\n\nAccount For Which Logon Failed:\n\tSecurity ID:\t\tNULL SID\n\
         \tAccount Name:\t\talice\n\tAccount Domain:\t\tCONTOSO\n\nFailure Information:\n\tFailure Reason:\t\tAn Error occured during Logon.\n\tStatus:\t\t\t{status}\n\
         \tSub Status:\t\t0x0\n\nDetailed Authentication Information:\n\tLogon Process:\t\tKerberos\n\tAuthentication Package:\tKerberos\n"
    )
}

/// `setspn -F -Q` for the site: these objects with these SPNs.
pub fn setspn_of(owners: &[(&str, &[&str])]) -> String {
    let mut text = "C:\\> setspn -F -Q HTTP/intranet.contoso.com\nChecking forest DC=contoso,DC=com\n".to_owned();
    for (dn, spns) in owners {
        text.push_str(dn);
        text.push('\n');
        for spn in *spns {
            text.push_str(&format!("\t{spn}\n"));
        }
    }
    text.push_str("\nExisting SPN found!\n");
    text
}

/// Pastes each artefact as an input of its own and gives the report.
pub fn diagnose(pastes: &[&str]) -> Report {
    report(&case(pastes))
}

fn case(pastes: &[&str]) -> Case {
    let mut case = Case::new();
    for (i, paste) in pastes.iter().enumerate() {
        let mut intake = Intake::new(&format!("paste {}", i + 1));
        intake.push(paste.as_bytes());
        case.add(intake.finish());
    }
    case
}

/// What the evidence says of a leaf test, for the first site; `None` when it says nothing.
pub fn observed_test(id: &str, pastes: &[&str]) -> Option<&'static str> {
    let case = case(pastes);
    let facts: Vec<Located<'_>> = case::facts(case.artefacts()).collect();
    let sites = sites::sites(&facts);
    Observations::of(View::new(sites.first()?, &sites, &facts, case.answers(), case.now())).test(id).option()
}

/// The status of one mode after pasting these artefacts.
pub fn status(id: &str, pastes: &[&str]) -> Status {
    diagnose(pastes).findings.iter().find(|f| f.id == id).unwrap_or_else(|| panic!("no finding {id}")).status
}

/// The same, with one more artefact that was taken on the web server.
pub fn status_on_front_end(id: &str, taken: &str, pastes: &[&str]) -> Status {
    let mut case = Case::new();
    let mut intake = Intake::new("web server").with_role(Some(crate::facts::Role::FrontEnd));
    intake.push(taken.as_bytes());
    case.add(intake.finish());
    for paste in pastes {
        let mut intake = Intake::new("paste");
        intake.push(paste.as_bytes());
        case.add(intake.finish());
    }
    report(&case).findings.iter().find(|f| f.id == id).unwrap_or_else(|| panic!("no finding {id}")).status
}

/// The status of one mode with facts that no text gave, as if read on a machine of this role.
pub fn status_with(id: &str, pastes: &[&str], role: Role, facts: Vec<Statement>) -> Status {
    let mut case = Case::new();
    for (i, paste) in pastes.iter().enumerate() {
        let mut intake = Intake::new(&format!("paste {}", i + 1));
        intake.push(paste.as_bytes());
        case.add(intake.finish());
    }
    let facts = facts.into_iter().map(|says| Fact { place: Place::default(), says }).collect();
    let artefact = Artefact {
        kind: Kind::Unknown,
        role,
        why: String::new(),
        why_role: String::new(),
        first_line: 1,
        last_line: 1,
        facts,
        problems: Vec::new(),
        shown: Vec::new(),
        kept: Vec::new(),
        confidence: crate::ingest::Confidence::Certain,
    };
    case.add(Ingested { name: "facts".to_owned(), bytes: 0, artefacts: vec![artefact] });
    report(&case).findings.iter().find(|f| f.id == id).unwrap_or_else(|| panic!("no finding {id}")).status
}
