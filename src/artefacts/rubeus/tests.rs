use super::*;
use crate::facts::Ticket;
use crate::ingest::lines::test_lines;

const KLIST: &str = "C:\\> Rubeus.exe klist\n\n[*] Action: List Kerberos Tickets (Current User)\n\n[*] Current LUID    : 0x4420e\n\n\
    \x20   [0] - 0x12 - aes256_cts_hmac_sha1\n    Start/End/MaxRenew: 11/18/2026 11:04:14 AM ; 11/18/2026 4:04:14 PM ; 11/25/2026 11:04:14 AM\n\
    \x20   Server Name       : krbtgt/CONTOSO.COM @ CONTOSO.COM\n    Client Name       : alice @ CONTOSO.COM\n    Flags             : name_canonicalize, pre_authent, renewable, forwarded, forwardable (60a10000)\n\n\
    \x20   [1] - 0x12 - aes256_cts_hmac_sha1\n    Start/End/MaxRenew: 11/18/2026 11:04:14 AM ; 11/18/2026 4:04:14 PM ; 11/25/2026 11:04:14 AM\n\
    \x20   Server Name       : HTTP/web.contoso.com @ CONTOSO.COM\n    Client Name       : alice @ CONTOSO.COM\n    Flags             : name_canonicalize, ok_as_delegate, pre_authent, renewable, forwardable (40a50000)\n";
const TRIAGE: &str = "[*] Action: Triage Kerberos Tickets (Current User)\n----------------\n| LUID    | UserName            | Service              | EndTime              |\n----------------\n\
    | 0x4420e | alice @ CONTOSO.COM | krbtgt/CONTOSO.COM   | 11/18/2026 4:04:14 PM |\n| 0x4420e | alice @ CONTOSO.COM | HTTP/web.contoso.com | 11/18/2026 4:04:14 PM |\n";
const S4U: &str = "[*] Building S4U2self request for: 'svc-web@CONTOSO.COM'\n[+] S4U2self success!\n[*] Impersonating user 'alice' to target SPN 'MSSQLSvc/sql01.contoso.com:1433'\n\
    [*] Building S4U2proxy request for service: 'MSSQLSvc/sql01.contoso.com:1433'\n[*] Sending S4U2proxy request to domain controller 10.0.0.1:88\n\n[X] KRB-ERROR (13) : KDC_ERR_BADOPTION\n";
const DESCRIBE: &str = "  ServiceName              :  HTTP/web.contoso.com\n  ServiceRealm             :  CONTOSO.COM\n  UserName                 :  alice (NT_PRINCIPAL)\n  UserRealm                :  CONTOSO.COM\n\
    \x20 StartTime                :  11/18/2026 11:04:14 AM\n  EndTime                  :  11/18/2026 4:04:14 PM\n  RenewTill                :  11/25/2026 11:04:14 AM\n  Flags                    :  name_canonicalize, pre_authent, renewable, forwardable\n\
    \x20 KeyType                  :  rc4_hmac\n  Base64(key)              :  AAAAAAAAAAAAAAAAAAAAAA==\n";

fn told(text: &str) -> Vec<String> {
    let short = |t: &Ticket| {
        format!(
            "{}@{} {} {:x} {}",
            t.client.name,
            t.client.realm,
            t.server.as_ref().map_or("?".to_owned(), ToString::to_string),
            t.flags.as_ref().map_or(0, |f| f.value.0),
            t.end.as_ref().and_then(|e| e.seconds).is_some()
        )
    };
    let facts = read(&test_lines(text)).facts.into_iter();
    facts
        .map(|f| match f.says {
            Statement::Ticket(t) => short(&t),
            Statement::TicketListing(l) => format!("{} {:?} {}", l.tool, l.logon_id, l.shown),
            Statement::Failure(e) => format!(
                "{:?} {:?} {} {}",
                e.context,
                e.krb,
                e.spn.map_or("-".to_owned(), |s| s.to_string()),
                e.on_behalf
            ),
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn klist_and_triage() {
    let want = [
        "rubeus Some(\"0:0x4420e\") 2",
        "alice@CONTOSO.COM krbtgt/CONTOSO.COM 60a10000 true",
        "alice@CONTOSO.COM HTTP/web.contoso.com 40a50000 true",
    ];
    assert_eq!(told(KLIST), want);
    assert_eq!(words::kinds(KLIST), [Kind::Rubeus]);
    // Wrapped and with collapsed columns.
    let collapsed: String = KLIST.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect();
    assert_eq!(told(&collapsed), want);
    assert_eq!(told(&collapsed.replace("renewable, ", "renewable,\n")), want);
    assert_eq!(words::kinds(&collapsed), [Kind::Rubeus]);
    let rows = told(TRIAGE);
    assert_eq!(rows[2], "alice@CONTOSO.COM HTTP/web.contoso.com 0 true");
    assert_eq!(words::kinds(TRIAGE), [Kind::Rubeus]);
}

#[test]
fn s4u_errors() {
    let want = ["S4u2Proxy Some(13) MSSQLSvc/sql01.contoso.com:1433 true"];
    assert_eq!(told(S4U), want);
    assert_eq!(words::kinds(S4U), [Kind::Rubeus]);
    let cut = S4U.split_once("success!\n").unwrap().1;
    assert_eq!(told(cut), want);
    let self_failed =
        "[*] Building S4U2self request for: 'svc-web@CONTOSO.COM'\n[X] KRB-ERROR (6) : KDC_ERR_C_PRINCIPAL_UNKNOWN\n";
    assert_eq!(told(self_failed), ["KdcReply Some(6) - true"]);
    let impacket = "[*] Impersonating alice\n[*] Requesting S4U2Proxy\n[-] Kerberos SessionError: KDC_ERR_BADOPTION(KDC cannot accommodate requested option)\n";
    assert_eq!(told(impacket), ["S4u2Proxy Some(13) - true"]);
    assert_eq!(words::kinds(impacket), [Kind::Rubeus]);
}

#[test]
fn described_tickets() {
    let want = ["rubeus None 1", "alice@CONTOSO.COM HTTP/web.contoso.com 40a10000 true"];
    assert_eq!(told(DESCRIBE), want);
    assert_eq!(words::kinds(DESCRIBE), [Kind::Rubeus]);
    let impacket = "[*] Number of credentials in cache: 1\n[*] User Name                     : alice\n[*] User Realm                    : CONTOSO.COM\n\
                    [*] Service Name                  : HTTP/web.contoso.com\n[*] Service Realm                 : CONTOSO.COM\n[*] End Time                      : 18/11/2026 16:04:14 PM\n\
                    [*] Flags                         : (0x40a10000) forwardable, renewable, pre_authent, enc_pa_rep\n";
    assert_eq!(told(impacket), want);
    let metasploit = "Primary Principal: alice@CONTOSO.COM\nCredential[0]:\n  Server: HTTP/web.contoso.com@CONTOSO.COM\n  Client: alice@CONTOSO.COM\n  Ticket etype: 18 (AES256)\n\
                      \x20   End time: 2026-11-18 16:04:14 +0000\n  Flags: 0x40a10000 (FORWARDABLE, RENEWABLE, PRE_AUTHENT)\n";
    assert_eq!(told(metasploit), want);
    let mut intake = crate::ingest::Intake::new("x");
    intake.push(DESCRIBE.as_bytes());
    assert!(!serde_json::to_string(&intake.finish()).unwrap().contains("AAAAAAAA"));
}

#[test]
fn other_listings_are_not_claimed() {
    for line in [
        "\tServer: HTTP/web @ CONTOSO.COM",
        "Server Name: x",
        "[0] Session 0 0:0x1 A\\b Kerberos:Network",
        "Flags: FRIA",
        "[1] - see there",
    ] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(&READER, &format!("{KLIST}{TRIAGE}{S4U}{DESCRIBE}"));
}
