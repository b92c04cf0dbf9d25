use super::*;
use crate::ingest::lines::test_lines;

fn told(text: &str) -> (Vec<String>, Option<Role>) {
    let reading = read(&test_lines(text));
    let facts = reading.facts.into_iter().map(|f| {
        let or = |t: Option<String>| t.unwrap_or_else(|| "-".to_owned());
        match f.says {
            Statement::Failure(e) => format!(
                "{}-{} event {:?} {:?} krb={:?} ext={:x?} status={:x?} {} at {} by {} behalf={}",
                f.place.first_line,
                f.place.last_line,
                e.event.unwrap_or(0),
                e.context,
                e.krb,
                e.extended,
                e.status,
                or(e.spn.map(|s| s.to_string())),
                or(e.realm.map(|r| r.to_string())),
                or(e.requester.map(|r| r.to_string())),
                e.on_behalf
            ),
            Statement::Arrival(a) => format!(
                "{} arrived at {} anonymous={} {:?} {}",
                or(a.who.map(|w| w.to_string())),
                or(a.host.map(|h| h.to_string())),
                a.anonymous,
                a.mechanism,
                or(a.level)
            ),
            other => format!("{other:?}"),
        }
    });
    (facts.collect(), reading.role.map(|r| r.0))
}

const THREE: &str = "Log Name:      System\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      3\nLevel:         Error\n\
Computer:      WEB01.contoso.com\nDescription:\nA Kerberos error message was received:\n on logon session CONTOSO.COM\\svc-web\n Client Time:\n \
Server Time: 8:14:39.0000 11/18/2026 Z\n Error Code: 0xd KDC_ERR_BADOPTION\n Extended Error: 0xc00000bb KLIN(0)\n Client Realm:\n Client Name:\n \
Server Realm: CONTOSO.COM\n Server Name: MSSQLSvc/sql01.contoso.com:1433\n Target Name: MSSQLSvc/sql01.contoso.com:1433@CONTOSO.COM\n Error Text:\n \
File: onecore\\ds\\security\\protocols\\kerberos\\client2\\kerbtick.cxx\n Line: 128a\n Error Data is in record data.\n";

const WANT_THREE: &str = "event 3 KdcReply krb=Some(13) ext=Some(c00000bb) status=None MSSQLSvc/sql01.contoso.com:1433 at CONTOSO.COM by CONTOSO.COM\\svc-web behalf=false";

const TICKET: &str = "A Kerberos service ticket was requested.\n\nAccount Information:\n\tAccount Name:\t\tsvc-web@CONTOSO.COM\n\tAccount Domain:\t\tCONTOSO.COM\n\
Service Information:\n\tService Name:\t\tHTTP/api.contoso.com\n\tService ID:\t\tNULL SID\nNetwork Information:\n\tClient Address:\t\t::ffff:10.0.0.1\n\tClient Port:\t\t60090\n\
Additional Information:\n\tTicket Options:\t\t0x40830000\n\tTicket Encryption Type:\t0xFFFFFFFF\n\tFailure Code:\t\t0xD\n\tTransited Services:\t-\n";

const LOGON: &str = "An account was successfully logged on.\n\nSubject:\n\tSecurity ID:\t\tNULL SID\n\tAccount Name:\t\t-\n\tLogon ID:\t\t0x0\n\n\
Logon Information:\n\tLogon Type:\t\t3\n\nImpersonation Level:\t\tDelegation\n\nNew Logon:\n\tSecurity ID:\t\tCONTOSO\\alice\n\tAccount Name:\t\talice\n\tAccount Domain:\t\tCONTOSO\n\
Detailed Authentication Information:\n\tLogon Process:\t\tKerberos\n\tAuthentication Package:\tKerberos\n\tTransited Services:\t-\n\tPackage Name (NTLM only):\t-\n\tKey Length:\t\t0\n";

#[test]
fn event_3_copied_wrapped_on_one_line_and_indented() {
    assert_eq!(told(THREE), (vec![format!("1-21 {WANT_THREE}")], None));
    assert_eq!(words::kinds(THREE), [Kind::Event]);
    let one_line = THREE.replace('\n', " ");
    assert_eq!(told(&one_line).0, [format!("1-1 {WANT_THREE}")]);
    assert_eq!(words::kinds(&one_line), [Kind::Event]);
    let wrapped = THREE.replace("Error Code: ", "Error Code:\n").replace("Extended Error: ", "Extended Error:\n");
    assert_eq!(told(&wrapped).0, [format!("1-23 {WANT_THREE}")]);
    assert_eq!(words::kinds(&wrapped), [Kind::Event]);
    let blanks = THREE.replace('\n', "\n\n");
    assert_eq!(told(&blanks).0, [format!("1-41 {WANT_THREE}")]);
}

#[test]
fn event_3_with_empty_fields_twice() {
    let text = "A Kerberos error message was received:\n\n on logon session \n\n Server Time: 13:55:10.0000 9/10/2024 Z\n\n Error Code: 0x7  KDC_ERR_S_PRINCIPAL_UNKNOWN\n\n Extended Error: \n\n\
 Client Realm: \n\n Client Name: \n\n Server Realm: Contoso.com\n\n Server Name: LDAP/localhost\n\n Target Name: LDAP/****@Contoso.com**\n\n Error Text: \n\n Line: 1286\n\nBy the way:\n\n\
A Kerberos error message was received:\n on logon session \n Error Code: 0x29 KRB_AP_ERR_MODIFIED\n Server Realm: Contoso.com\n Server Name: dc01$\n Target Name: \n File: client2\\ctxtapi.cxx\n";
    let (facts, _) = told(text);
    assert_eq!(facts.len(), 2);
    assert!(
        facts[0].contains("KdcReply krb=Some(7) ext=None status=None LDAP/localhost at Contoso.com by -"),
        "{}",
        facts[0]
    );
    assert!(facts[1].contains("ApReply krb=Some(41) ext=None status=None - at Contoso.com by -"), "{}", facts[1]);
    assert_eq!(words::kinds(text), [Kind::Event]);
}

#[test]
fn event_3_in_german() {
    let text = "Protokollname: System\nQuelle:        Microsoft-Windows-Security-Kerberos\nEreignis-ID:   3\nBeschreibung:\nEs wurde eine Kerberos-Fehlermeldung empfangen:\n \
in Anmeldesitzung \n Clientzeit: \n Serverzeit: 9:14:27.0000 5/4/2026 Z\n Fehlercode: 0xd KDC_ERR_BADOPTION\n Erweiterter Fehler: 0xc00000bb KLIN(0)\n Clientbereich: \n Clientname: \n \
Serverbereich: CONTOSO.COM\n Servername: HTTP/api.contoso.com\n Zielname: HTTP/api.contoso.com@CONTOSO.COM\n Fehlertext: \n Datei: kerbtick.cxx\n Zeile: 1286\n";
    assert_eq!(
        told(text).0,
        [
            "1-18 event 3 KdcReply krb=Some(13) ext=Some(c00000bb) status=None HTTP/api.contoso.com at CONTOSO.COM by - behalf=false"
        ]
    );
    assert_eq!(words::kinds(text), [Kind::Event]);
}

#[test]
fn event_4_in_both_wordings() {
    let old = "Event ID: 4\nSource: Kerberos\nType: Error\n\n\"The kerberos client received a KRB_AP_ERR_MODIFIED error from the server host/myserver.domain.com. This indicates that … the target realm (domain.com), and the client realm.\"\n";
    assert_eq!(
        told(old).0,
        [
            "1-5 event 4 ApReply krb=Some(41) ext=None status=None host/myserver.domain.com at domain.com by - behalf=false"
        ]
    );
    let new = "The Kerberos client received a KRB_AP_ERR_MODIFIED error from the server svc-web. The target name used was HTTP/web.contoso.com. This indicates that the target server failed to decrypt the ticket provided by the client. … the target domain (CONTOSO.COM) is different from the client domain (CONTOSO.COM)";
    assert_eq!(
        told(new).0,
        ["1-1 event 4 ApReply krb=Some(41) ext=None status=None HTTP/web.contoso.com at CONTOSO.COM by - behalf=false"]
    );
    assert_eq!(words::kinds(old), [Kind::Event]);
    assert_eq!(words::kinds(new), [Kind::Event]);
}

#[test]
fn event_4_names_who_answered_in_any_language() {
    let who = |text: &str| responder(text).map(|name| name.to_string());
    let cases = [
        (
            "Der Kerberos-Client hat einen KRB_AP_ERR_MODIFIED-Fehler von Server \"gmsa-sql$\" empfangen. Der verwendete Zielname war HTTP/a.contoso.com.",
            Some("gmsa-sql$"),
        ),
        (
            "Der Kerberos-Client hat einen KRB_AP_ERR_MODIFIED-Fehler von Server \u{201e}svc-web\u{201c} empfangen. Der verwendete Zielname war HTTP/a.contoso.com.",
            Some("svc-web"),
        ),
        (
            "Клиент Kerberos получил ошибку KRB_AP_ERR_MODIFIED с сервера web01$. Использовалось конечное имя cifs/web01.",
            Some("web01$"),
        ),
        (
            "Le client Kerberos a reçu une erreur KRB_AP_ERR_MODIFIED du serveur svc-web. Le nom cible utilisé était HTTP/a.contoso.com.",
            Some("svc-web"),
        ),
        (
            "Kerberos クライアントはサーバー gmsa-web$ から KRB_AP_ERR_MODIFIED エラーを受信しました。使用されたターゲット名は HTTP/a.contoso.com でした。",
            Some("gmsa-web$"),
        ),
        // An ordinary word may be the name or not; and a name behind the target is another one's.
        (
            "Le client Kerberos a reçu une erreur KRB_AP_ERR_MODIFIED du serveur apache. Le nom cible utilisé était HTTP/a.contoso.com.",
            None,
        ),
        ("Kerberos-Client: KRB_AP_ERR_MODIFIED. HTTP/a.contoso.com. Konten: svc-1. web01$", None),
        ("Benutzer: web01$\nKerberos-Client: KRB_AP_ERR_MODIFIED, HTTP/a.contoso.com", None),
    ];
    for (text, want) in cases {
        assert_eq!(who(text).as_deref(), want, "{text}");
    }
}

#[test]
fn when_an_event_was_written() {
    let time = |text: &str| match read(&test_lines(text)).facts.remove(0).says {
        Statement::Failure(f) => f.time.and_then(|t| t.seconds.map(|s| (s, t.utc))),
        other => panic!("{other:?}"),
    };
    let at = |hour| crate::vocabulary::civil::seconds(2026, 11, 18, hour, 14, 39).unwrap();
    // Event 3 says it in UTC, the same in every language; a head whose day and month are sure comes first.
    assert_eq!(time(THREE), Some((at(8), true)));
    let head = |date: &str| THREE.replace("Event ID:      3\n", &format!("Date:          {date}\nEvent ID:      3\n"));
    assert_eq!(time(&head("11/18/2026 9:14:39 AM")), Some((at(9), false)));
    assert_eq!(time(&head("18.11.2026 09:14:39")), Some((at(9), false)));
    assert_eq!(time(&head("03/04/2026 09:14:39")), Some((at(8), true)));
    assert_eq!(time(&THREE.replace("8:14:39.0000 11/18/2026 Z", "")), None);
    let xml = "<Event><System><Provider Name=\"Microsoft-Windows-Security-Auditing\" /><EventID>4769</EventID><TimeCreated SystemTime=\"2026-11-18T08:14:39.4410000Z\" /><Computer>dc1.contoso.com</Computer></System><EventData><Data Name=\"TargetUserName\">svc-web@CONTOSO.COM</Data><Data Name=\"ServiceName\">HTTP/api.contoso.com</Data><Data Name=\"Status\">0xd</Data></EventData></Event>";
    assert_eq!(time(xml), Some((at(8), true)));
}

#[test]
fn a_kdcs_duplicate_and_missing_key() {
    let eleven = "Log Name:      System\nSource:        Microsoft-Windows-Kerberos-Key-Distribution-Center\nEvent ID:      11\nComputer: dc01\nDescription:\nThe KDC encountered duplicate names while processing a Kerberos authentication request. The duplicate name is HTTP/web.contoso.com (of type DS_SERVICE_PRINCIPAL_NAME). This may result in authentication failures.\n";
    assert_eq!(
        told(eleven),
        (
            vec![
                "1-6 event 11 KdcReply krb=Some(8) ext=None status=None HTTP/web.contoso.com at - by - behalf=false"
                    .to_owned()
            ],
            Some(Role::Dc)
        )
    );
    let sixteen = "While processing a TGS request for target service MSSQLSvc/sql01.corp.local,\nthe account svc_sql did not have a suitable key for generating a Kerberos\nticket (the missing key has an ID of 9).\n";
    assert!(
        told(sixteen).0[0].contains("event 16 KdcReply krb=Some(14) ext=None status=None MSSQLSvc/sql01.corp.local")
    );
    assert_eq!(words::kinds(sixteen), [Kind::Event]);
}

#[test]
fn security_events_as_text_and_xml() {
    assert_eq!(
        told(TICKET),
        (vec!["1-16 event 4769 KdcReply krb=Some(13) ext=None status=None HTTP/api.contoso.com at CONTOSO.COM by svc-web@CONTOSO.COM behalf=true".to_owned()], Some(Role::Dc))
    );
    assert_eq!(told(LOGON).0, ["CONTOSO\\alice arrived at - anonymous=false Some(Kerberos) Delegation"]);
    for text in [TICKET, LOGON] {
        assert_eq!(words::kinds(text), [Kind::Event]);
    }
    let xml = "- <Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n- <System>\n<EventID>4624</EventID>\n<Computer>SQL01.contoso.com</Computer>\n</System>\n- <EventData>\n<Data Name=\"TargetUserName\">ANONYMOUS LOGON</Data>\n<Data Name=\"AuthenticationPackageName\">NTLM</Data>\n<Data Name=\"ImpersonationLevel\">%%1833</Data>\n</EventData>\n</Event>\n";
    assert_eq!(told(xml).0, ["- arrived at SQL01.contoso.com anonymous=true Some(Ntlm) Impersonation"]);
    assert_eq!(words::kinds(xml), [Kind::Event]);
    let refused = "An account failed to log on.\n\nSubject:\n\tAccount Name:\t\t-\n\nAccount For Which Logon Failed:\n\tAccount Name:\t\talice\n\tAccount Domain:\t\tCONTOSO\n\nFailure Information:\n\tFailure Reason:\t\tx\n\tStatus:\t\t\t0xC000035B\n\tSub Status:\t\t0x0\n";
    assert!(
        told(refused).0[0]
            .contains("event 4625 BackEnd krb=None ext=None status=Some(c000035b) - at - by CONTOSO\\alice")
    );
    let success = TICKET.replace("0xD", "0x0").replace("HTTP/api.contoso.com", "WIN2008R2$");
    let reading = read(&test_lines(&success));
    assert_eq!((reading.facts.len(), reading.problems.len()), (0, 1));
}

#[test]
fn operational_events() {
    let text = "Log Name:      Microsoft-Windows-Kerberos/Operational\nSource: Microsoft-Windows-Security-Kerberos\nEvent ID:      100\nComputer: PC1\nDescription:\nThe service principal name (SPN) HTTP/portal.contoso.com is not registered, which caused Kerberos authentication to fail: 0x7. Use the setspn command-line tool to register the SPN.\n";
    assert!(told(text).0[0].contains("event 100 KdcReply krb=Some(7) ext=None status=None HTTP/portal.contoso.com"));
}

#[test]
fn several_events_keep_their_places() {
    let (facts, _) = told(&format!("{TICKET}{LOGON}"));
    assert_eq!(facts.len(), 2);
    assert_eq!(words::kinds(&format!("{THREE}\n{THREE}")), [Kind::Event, Kind::Event]);
}

#[test]
fn other_text_is_left_alone() {
    for line in [
        "Server: web",
        "Status: OK",
        "Name: x",
        "Source: Platform",
        "the event log shows nothing",
        "#0> Client: alice @ A",
        "Error code 0x80004005",
    ] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(
        &READER,
        &format!("{THREE}{TICKET}{LOGON}<Event x>\n<EventID>3</EventID><Data Name=\"TargetUserName\">é</Data>\n"),
    );
}

#[test]
fn the_name_of_a_log_is_no_spn() {
    for log in
        ["Microsoft-Windows-Kerberos/Operational", "Microsoft-Windows-Kerberos-Key-Distribution-Center/Operational"]
    {
        let text = format!(
            "Log Name:      {log}\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      100\nLevel:         Warning\n"
        );
        let facts = read(&test_lines(&text)).facts;
        let spns: Vec<bool> = facts
            .iter()
            .filter_map(|f| match &f.says {
                Statement::Failure(f) => Some(f.spn.is_some()),
                _ => None,
            })
            .collect();
        assert_eq!(spns, [false], "{log}");
    }
}

#[test]
fn a_target_on_which_an_event_ends_is_whole_with_its_realm_only() {
    let event = "Source:        Microsoft-Windows-Security-Kerberos\nEvent ID:      3\nDescription:\nA Kerberos error message was received:\n Error Code: 0xd KDC_ERR_BADOPTION\n Server Name: MSSQLSvc/sql01.contoso.com:1433\n Target Name: MSSQLSvc/sql01.contoso.com:1433@CONTOSO.COM\n Error Text: \n";
    let spn = |text: &str| {
        let facts = read(&test_lines(text)).facts;
        facts.into_iter().find_map(|f| match f.says {
            Statement::Failure(f) => Some(f.spn.map(|s| s.to_string())),
            _ => None,
        })
    };
    let whole = Some(Some("MSSQLSvc/sql01.contoso.com:1433".to_owned()));
    assert_eq!(spn(event), whole);
    let cut_at = |end: &str| event.split_once(end).unwrap().0.to_owned();
    assert_eq!(spn(&cut_at("CONTOSO.COM")), whole);
    assert_eq!(spn(&cut_at(".com:1433@")), whole);
    let (target_only, _) = event.split_once(" Server Name:").unwrap();
    assert_eq!(spn(&format!("{target_only} Target Name: MSSQLSvc/sql01.contoso.com:1433@CONTOSO.COM\n")), whole);
    assert_eq!(spn(&format!("{target_only} Target Name: MSSQLSvc/sql01.cont")), Some(None));
}

#[test]
fn events_in_other_languages() {
    let german = "Protokollname: System\nQuelle:        Microsoft-Windows-Security-Kerberos\nEreignis-ID:   3\nEbene:         Fehler\nComputer:      WEB01.contoso.com\nBeschreibung:\n\
Eine Kerberos-Fehlermeldung wurde empfangen:\n in Anmeldesitzung CONTOSO.COM\\svc-web\n Clientzeit:\n Serverzeit: 8:14:39.0000 11/18/2026 Z\n Fehlercode: 0xd KDC_ERR_BADOPTION\n \
Erweiterter Fehler: 0xc00000bb KLIN(0)\n Clientbereich:\n Clientname:\n Serverbereich: CONTOSO.COM\n Servername: MSSQLSvc/sql01.contoso.com:1433\n \
Zielname: MSSQLSvc/sql01.contoso.com:1433@CONTOSO.COM\n Fehlertext:\n Datei: client2\\kerbtick.cxx\n Zeile: 128a\n";
    assert_eq!(told(german).0, [format!("1-20 {WANT_THREE}")]);
    let japanese = "Kerberos サービス チケットが要求されました。\n\nアカウント情報:\n\tアカウント名:\t\tsvc-web@CONTOSO.COM\n\tアカウント ドメイン:\t\tCONTOSO.COM\n\
サービス情報:\n\tサービス名:\t\tHTTP/api.contoso.com\n追加情報:\n\tチケット オプション:\t\t0x40830000\n\tエラー コード:\t\t0xD\n\t移行されたサービス:\t-\n";
    assert_eq!(told(japanese), (vec![told(TICKET).0[0].replace("1-16", "1-11")], Some(Role::Dc)));
    assert_eq!(words::kinds(japanese), [Kind::Event]);
    let french = "L'ouverture de session d'un compte s'est correctement déroulée.\n\nObjet :\n\tID de sécurité :\t\tNULL SID\n\tNom du compte :\t\t-\n\nNiveau d'emprunt d'identité :\t\tDélégation\n\n\
Nouvelle ouverture de session :\n\tNom du compte :\t\talice\n\tDomaine du compte :\t\tCONTOSO\n\tProcessus d'ouverture de session :\t\tKerberos\n\tPackage d'authentification :\tKerberos\n";
    assert_eq!(told(french).0, told(LOGON).0);
}

#[test]
fn events_as_json_one_and_several() {
    let body = THREE.split_once("Description:\n").unwrap().1.replace('\\', "\\\\").replace('\n', "\\r\\n");
    let one = format!(
        "{{\n  \"TimeCreated\": \"\\/Date(1793971271118)\\/\",\n  \"Message\": \"{body}\",\n  \"Id\": 3,\n  \"ProviderName\": \"Microsoft-Windows-Security-Kerberos\",\n  \"MachineName\": \"WEB01.contoso.com\"\n}}"
    );
    assert_eq!(words::kinds(&format!("PS C:\\> Get-WinEvent | ConvertTo-Json\n{one}\n")), [Kind::Event]);
    let want = |facts: Vec<String>, many: usize| {
        assert!(facts.len() == many && facts.iter().all(|f| f.ends_with(WANT_THREE)), "{facts:?}");
    };
    want(told(&one).0, 1);
    want(told(&format!("[\n{one},\n{one}\n]\n")).0, 2);
    want(told(&format!("{{\"value\": [\n{one},\n{one}\n], \"Count\": 2}}\n")).0, 2);
    let shipped =
        one.replace("ProviderName", "provider_name").replace("\"Id\"", "\"event_id\"").replace("Message", "message");
    want(told(&shipped).0, 1);
    words::never_panics(&READER, &one);
}
