use super::*;
use crate::ingest::lines::test_lines;
use proptest::prelude::*;

fn says(text: &str) -> Vec<String> {
    let reading = read(&test_lines(text));
    let mut out: Vec<String> = reading
        .facts
        .iter()
        .map(|f| match &f.says {
            Statement::TicketListing(l) => format!(
                "{} {} {:?}/{}{}{}",
                l.tool,
                l.principal.as_ref().map_or("-".to_owned(), |p| format!("{}@{}", p.name, p.realm)),
                l.claimed,
                l.shown,
                l.proxy_impersonator.as_ref().map_or(String::new(), |p| format!(" for {p}")),
                if l.no_session { " none" } else { "" }
            ),
            Statement::Ticket(t) => format!(
                "{}@{} {} {} {} {} {}{}",
                t.client.name,
                t.client.realm,
                t.server.as_ref().map_or("-".to_owned(), ToString::to_string),
                t.realm,
                t.flags.as_ref().map_or("-".to_owned(), |f| format!("{:08x}", f.value.0)),
                t.etype.as_deref().unwrap_or("-"),
                [&t.start, &t.end, &t.renew].iter().filter(|s| s.as_ref().is_some_and(|s| s.seconds.is_some())).count(),
                if t.held_by_service { " held" } else { "" }
            ),
            Statement::TicketRequest(r) => {
                format!("request {} {}", r.spn.as_ref().map_or("-".to_owned(), ToString::to_string), r.issued)
            }
            other => format!("{other:?}"),
        })
        .collect();
    out.extend(reading.role.iter().map(|(r, _)| format!("role {}", r.word())));
    out.extend(reading.problems.iter().map(|p| format!("problem {}", p.line)));
    out
}

const MIT: &str = "$ klist -fe
Ticket cache: FILE:/tmp/krb5cc_1000
Default principal: alice@ODDESSY.LOCAL

Valid starting     Expires            Service principal
11/23/26 02:48:38  11/23/26 12:48:38  krbtgt/ODDESSY.LOCAL@ODDESSY.LOCAL
\trenew until 11/30/26 02:48:38, Flags: FRIA
\tEtype (skey, tkt): aes256-cts-hmac-sha1-96, aes256-cts-hmac-sha1-96 
11/23/26 02:48:38  11/23/26 12:48:38  HTTP/web-server.oddessy.local@ODDESSY.LOCAL
\trenew until 11/30/26 02:48:38, Flags: FRATO
\tEtype (skey, tkt): aes256-cts-hmac-sha1-96, arcfour-hmac 
";

const MIT_SAYS: [&str; 4] = [
    "mit alice@ODDESSY.LOCAL None/2",
    "alice@ODDESSY.LOCAL krbtgt/ODDESSY.LOCAL ODDESSY.LOCAL 40e00000 aes256-cts-hmac-sha1-96 3",
    "alice@ODDESSY.LOCAL HTTP/web-server.oddessy.local ODDESSY.LOCAL 40ac0000 arcfour-hmac 3",
    "role client",
];

#[test]
fn mit_with_flags_quoted_wrapped_and_collapsed() {
    assert_eq!(says(MIT), MIT_SAYS);
    let quoted: String = MIT.lines().map(|l| format!("> {l}\n")).collect();
    assert_eq!(says(&quoted), MIT_SAYS);
    assert_eq!(says(&MIT.replace("  HTTP/", "\nHTTP/").replace(", Flags", ",\nFlags")), MIT_SAYS);
    let collapsed = MIT.split_whitespace().skip(3).collect::<Vec<_>>().join(" ");
    assert_eq!(says(&collapsed), MIT_SAYS);
    let reading = read(&test_lines(MIT));
    let Statement::Ticket(t) = &reading.facts[2].says else { panic!("no ticket") };
    let flags = t.flags.as_ref().unwrap();
    assert_eq!(
        (t.server_place.first_line, flags.place.first_line, flags.place.lit.clone()),
        (9, 10, vec!["FRATO".to_owned()])
    );
    let lines = test_lines(&format!("{MIT}{MIT}"));
    let sections = crate::ingest::split::split(&lines);
    assert_eq!(
        sections.iter().map(|s| (s.kind, s.lines.len())).collect::<Vec<_>>(),
        [(Kind::Krb5Klist, 11), (Kind::Krb5Klist, 11)]
    );
}

#[test]
fn mit_in_german() {
    let de = "Ticketzwischenspeicher: FILE:/tmp/krb5cc_1000\nStandard-Principal: alice@A.DE\n\n\
        Gültig ab            läuft ab             Dienst-Principal\n\
        05.11.2026 08:00:00  05.11.2026 18:00:00  krbtgt/A.DE@A.DE\n\terneuern bis 12.11.2026 08:00:00, Markierungen: FRIA\n";
    assert_eq!(says(de), ["mit alice@A.DE None/1", "alice@A.DE krbtgt/A.DE A.DE 40e00000 - 3"]);
    let lines = test_lines(de);
    assert_eq!(crate::ingest::split::split(&lines).iter().map(|s| s.kind).collect::<Vec<_>>(), [Kind::Krb5Klist]);
}

#[test]
fn a_cache_that_a_service_keeps_for_a_user() {
    let text = "Ticket cache: FILE:/tmp/krb5cc_33_delegated\nDefault principal: alice@O.LOCAL\n\n\
        Valid starting     Expires            Service principal\n\
        config: fast_avail(krbtgt/O.LOCAL@O.LOCAL) = \tfor client HTTP/web.o.local@O.LOCALyes\n\n\tAddresses: (none)\n\
        11/23/26 02:48:38  11/23/26 12:48:38  krbtgt/O.LOCAL@O.LOCAL\n\
        \tfor client HTTP/web.o.local@O.LOCAL, renew until 11/30/26 02:48:38, Flags: FRIA\n\
        config: refresh_time = \tfor client HTTP/web.o.local@O.LOCAL1795420118\n\n\
        config: proxy_impersonator = HTTP/web.o.local@O.LOCAL\n\tAddresses: (none)\n\
        11/23/26 02:48:38  11/23/26 12:48:38  HTTP/web.o.local@O.LOCAL\n\trenew until 11/30/26 02:48:38, Flags: FRAT\n\
        11/23/26 02:48:38  11/23/26 12:48:38  HTTP/api.o.local@\n\trenew until 11/30/26 02:48:38, Flags: FRAT\n\
        \tTicket server: HTTP/api.o.local@O.LOCAL\n";
    assert_eq!(
        says(text),
        [
            "mit alice@O.LOCAL None/3 for HTTP/web.o.local",
            "HTTP/web.o.local@O.LOCAL krbtgt/O.LOCAL O.LOCAL 40e00000 - 3 held",
            "alice@O.LOCAL HTTP/web.o.local O.LOCAL 40a80000 - 3",
            "alice@O.LOCAL HTTP/api.o.local O.LOCAL 40a80000 - 3",
            "role front-end",
        ]
    );
}

#[test]
fn heimdal_in_both_forms() {
    let v = "Credentials cache: FILE:/tmp/krb5cc_33\n        Principal: alice@O.LOCAL\n    Cache version: 4\n\n\
        Server: krbtgt/O.LOCAL@O.LOCAL\nClient: alice@O.LOCAL\nTicket etype: aes256-cts-hmac-sha1-96, kvno 1\nTicket length: 1155\n\
        Auth time:  Nov 23 02:48:00 2026\nStart time: Nov 23 02:48:01 2026\nEnd time:   Nov 23 12:48:00 2026\nRenew till: Nov 30 02:48:00 2026\n\
        Ticket flags: ok-as-delegate, pre-authent, renewable, forwarded, forwardable\nAddresses: addressless\n\n\
        Server: HTTP/api.o.local@\nClient: alice@O.LOCAL\nTicket etype: aes256-cts-hmac-sha1-96, kvno 2\n\
        Auth time:  Nov 23 02:48:00 2026\nEnd time:   Nov 23 12:48:00 2026\nTicket flags: forwardable\n";
    assert_eq!(
        says(v),
        [
            "heimdal alice@O.LOCAL None/2",
            "alice@O.LOCAL krbtgt/O.LOCAL O.LOCAL 60a40000 aes256-cts-hmac-sha1-96 3",
            "alice@O.LOCAL HTTP/api.o.local  40000000 aes256-cts-hmac-sha1-96 2",
            "role front-end",
        ]
    );
    let table = "Credentials cache: API:501:9\n        Principal: user1@E.COM\n\n  Issued                Expires               Flags    Principal\n\
        Feb 11 16:11:36 2013  Feb 12 02:11:22 2013  FPRI     krbtgt/E.COM@E.COM\nFeb 11 16:12:00 2013  >>>Expired<<<         F        HTTP/web.e.com@E.COM\n";
    assert_eq!(
        says(table),
        [
            "heimdal user1@E.COM None/2",
            "user1@E.COM krbtgt/E.COM E.COM 50c00000 - 2",
            "user1@E.COM HTTP/web.e.com E.COM 40000000 - 1",
            "role client",
        ]
    );
}

#[test]
fn java_counts_and_has_no_flags() {
    let text = "    Credentials cache: C:\\Users\\u\\krb5cc_u\n    \n    Default principal: u@S.COM, 2 entries found.\n    \n\
        \u{20}   [1]  Service Principal:  krbtgt/S.COM@S.COM\n         Valid starting:     Mar 26, 2020 21:35:00\n         Expires:            Mar 27, 2020 07:35:00\n";
    assert_eq!(says(text), ["java u@S.COM Some(2)/1", "u@S.COM krbtgt/S.COM S.COM - - 2", "problem 1", "problem 5"]);
    let flags = text.replace("07:35:00\n", "07:35:00\n         EType (skey, tkt):  AES256 CTS mode with HMAC SHA1-96, AES128 CTS mode with HMAC SHA1-96\n         Flags:              FORWARDABLE;INITIAL;PRE-AUTHENT\n").replace("2 entries", "1 entry");
    assert_eq!(
        says(&flags),
        ["java u@S.COM Some(1)/1", "u@S.COM krbtgt/S.COM S.COM 40600000 AES128 CTS mode with HMAC SHA1-96 2"]
    );
}

#[test]
fn dates_of_one_order_only_when_a_date_proves_it() {
    let text = "Ticket cache: /tmp/krb5cc_ttypa\nDefault principal: j@A.EDU\n\nValid starting     Expires            Service principal\n\
        06/07/04 19:49:21  06/08/04 05:49:19  krbtgt/A.EDU@A.EDU\n06/07/04 20:24:18  06/08/04 05:49:19  krbtgt/E.COM@A.EDU\n";
    assert_eq!(
        says(text),
        ["mit j@A.EDU None/2", "j@A.EDU krbtgt/A.EDU A.EDU - - 0", "j@A.EDU krbtgt/E.COM A.EDU - - 0", "problem 5"]
    );
}

#[test]
fn no_cache_keytabs_and_kvno() {
    assert_eq!(says("$ klist\nklist: No credentials cache found (filename: /tmp/krb5cc_0)\n"), ["mit - None/0 none"]);
    assert_eq!(
        says("$ klist -k\nKeytab name: FILE:/etc/krb5.keytab\nKVNO Principal\n   2 HTTP/web@A.COM\n"),
        ["Answer(Answer { key: \"keytab\", value: \"HTTP/web 2\" })", "problem 1"]
    );
    assert_eq!(
        says("$ kvno HTTP/web@A.COM\nHTTP/web@A.COM: kvno = 2\n"),
        ["request HTTP/web true", "Answer(Answer { key: \"kvno\", value: \"HTTP/web 2\" })"]
    );
    assert_eq!(
        says("kvno: Server not found in Kerberos database while getting credentials for HTTP/web@A.COM\n"),
        ["request HTTP/web false"]
    );
}

#[test]
fn cut_listings_and_foreign_lines() {
    let cut: String = MIT.lines().take(9).map(|l| format!("{l}\n")).collect();
    assert_eq!(
        says(&cut),
        [
            MIT_SAYS[0],
            MIT_SAYS[1],
            "alice@ODDESSY.LOCAL HTTP/web-server.oddessy.local ODDESSY.LOCAL - - 2",
            "role client"
        ]
    );
    let top: String = MIT.lines().skip(8).map(|l| format!("{l}\n")).collect();
    assert_eq!(says(&top)[1], "@ HTTP/web-server.oddessy.local ODDESSY.LOCAL 40ac0000 arcfour-hmac 3");
    for line in
        ["Server: nginx", "Flags: x", "Client: alice @ CONTOSO.COM", "I wrote to bob@example.com", "Issued by CN=CA"]
    {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

proptest! {
    #[test]
    fn cuts_and_shuffles_never_panic(cut in 0usize..900, from in 0usize..200, order in prop::collection::vec(0usize..20, 0..40)) {
        read(&test_lines(&MIT.chars().skip(from).take(cut).collect::<String>()));
        let lines: Vec<&str> = MIT.lines().collect();
        let shuffled: Vec<&str> = order.iter().filter_map(|i| lines.get(*i).copied()).collect();
        for line in &shuffled {
            anchor(line, Some(Kind::Krb5Klist));
        }
        prop_assert!(read(&test_lines(&shuffled.join("\n"))).facts.len() <= order.len().saturating_mul(2).saturating_add(1));
    }
}
