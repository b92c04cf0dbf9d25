use super::*;
use crate::facts::{Fact, TicketRequest};
use crate::ingest::lines::test_lines;
use crate::vocabulary::civil::seconds;
use proptest::prelude::*;

/// What a listing says, in short lines.
fn says(text: &str) -> Vec<String> {
    let reading = read(&test_lines(text));
    let mut out: Vec<String> = reading.facts.iter().map(short).collect();
    out.extend(reading.role.iter().map(|(r, _)| format!("role {}", r.word())));
    out.extend(reading.problems.iter().map(|p| format!("problem {}", p.line)));
    out
}

fn short(fact: &Fact) -> String {
    match &fact.says {
        Statement::TicketListing(l) => format!(
            "listing {:?} {:?} {:?}/{}{}",
            l.logon_id.as_deref().unwrap_or("-"),
            l.targeted.as_deref().unwrap_or("-"),
            l.claimed,
            l.shown,
            if l.no_session { " no session" } else { "" }
        ),
        Statement::Ticket(t) => format!(
            "{}@{} {} {} {} {} {} {}",
            t.client.name,
            t.client.realm,
            t.server.as_ref().map_or("-".to_owned(), ToString::to_string),
            t.realm,
            t.flags.as_ref().map_or("-".to_owned(), |f| format!("{:08x} {:?}", f.value.0, f.place.lit)),
            t.cache_flags.as_ref().map_or("-".to_owned(), |f| format!("{:x} {:?}", f.value.0, f.place.lit)),
            [&t.start, &t.end, &t.renew].iter().filter(|s| s.as_ref().is_some_and(|s| s.seconds.is_some())).count(),
            t.kdc_called.as_deref().unwrap_or("-"),
        ),
        Statement::TicketRequest(TicketRequest { spn, issued, substatus, status, .. }) => format!(
            "request {} {issued} {substatus:x?} {status:x?} {:?}",
            spn.as_ref().map_or("-".to_owned(), ToString::to_string),
            fact.place.lit
        ),
        other => format!("{other:?}"),
    }
}

const CLIENT: &str = "C:\\> klist

Current LogonId is 0:0x5b1f2

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

const CLIENT_SAYS: [&str; 4] = [
    "listing \"0:0x5b1f2\" \"-\" Some(2)/2",
    "alice@CONTOSO.COM krbtgt/CONTOSO.COM CONTOSO.COM 40e10000 [\"forwardable\", \"0x40e10000\"] 1 [\"PRIMARY\"] 3 DC01.contoso.com",
    "alice@CONTOSO.COM HTTP/intranet.contoso.com CONTOSO.COM 40a50000 [\"forwardable\", \"ok_as_delegate\", \"0x40a50000\"] 0 [\"0\"] 3 DC01.contoso.com",
    "role client",
];

#[test]
fn a_client_listing_with_every_place() {
    assert_eq!(says(CLIENT), CLIENT_SAYS);
    let reading = read(&test_lines(CLIENT));
    let Statement::Ticket(t) = &reading.facts[2].says else { panic!("no ticket") };
    let lines = |p: &crate::facts::Place| (p.first_line, p.last_line);
    assert_eq!(lines(&reading.facts[0].place), (3, 5));
    assert_eq!(lines(&reading.facts[2].place), (18, 27));
    assert_eq!(
        (lines(&t.server_place), t.server_place.lit.clone()),
        ((19, 19), vec!["HTTP/intranet.contoso.com".to_owned()])
    );
    assert_eq!(lines(&t.flags.as_ref().unwrap().place), (21, 21));
    assert_eq!(lines(&t.cache_flags.as_ref().unwrap().place), (26, 26));
    assert_eq!(t.start.as_ref().unwrap().seconds, seconds(2026, 11, 18, 8, 14, 37));
    assert_eq!(t.etype.as_deref(), Some("AES-256-CTS-HMAC-SHA1-96"));
}

#[test]
fn quoted_wrapped_collapsed_and_double_spaced_listings_read_the_same() {
    let quoted: String = CLIENT.lines().map(|l| format!("> > {l}\n")).collect();
    assert_eq!(says(&quoted), CLIENT_SAYS);
    let collapsed: String = CLIENT.split_whitespace().collect::<Vec<_>>().join(" ");
    let collapsed = collapsed.trim_start_matches("C:\\> klist ").to_owned();
    assert_eq!(says(&collapsed), CLIENT_SAYS);
    let spaced = CLIENT.replace('\n', "\n\n");
    assert_eq!(says(&spaced), CLIENT_SAYS);
    let wrapped = CLIENT
        .replace("pre_authent ", "pre_authent\n")
        .replace("Server: ", "Server:\n    ")
        .replace("Client: ", "Client:\n\t")
        .replace("Kdc Called: ", "Kdc Called:\n");
    assert_eq!(says(&wrapped), CLIENT_SAYS);
}

#[test]
fn other_languages_read_by_shape() {
    let fr = "LogonId est 0:0x5b1f2\n\nTickets mis en cache : (1)\n\n#0>\tClient : alice @ CONTOSO.COM\n\
        \tServeur : HTTP/web @ CONTOSO.COM\n\tType de chiffrement KerbTicket : AES-256-CTS-HMAC-SHA1-96\n\
        \tIndicateurs de tickets 0x40a10000 -> forwardable renewable pre_authent name_canonicalize \n\
        \tHeure de démarrage : 1/24/2018 9:09:19 (Local)\n\tHeure de fin :   1/24/2018 19:09:19 (Local)\n\
        \tHeure de renouvellement : 0\n\tType de clé de session : RSADSI RC4-HMAC(NT)\n\
        \tIndicateurs de cache : 0x8 -> ASC \n\tKDC appelé : \n";
    let expected = [
        "listing \"0:0x5b1f2\" \"-\" Some(1)/1",
        "alice@CONTOSO.COM HTTP/web CONTOSO.COM 40a10000 [\"forwardable\", \"0x40a10000\"] 8 [\"ASC\"] 2 ",
        "role front-end",
    ];
    assert_eq!(says(fr), expected);
    let ru = "Текущим идентификатором входа является 0:0x5b1f2\n\nКэшированные билеты: (1)\n\n#0>     Клиент: alice @ CONTOSO.COM\n\
        \tСервер: HTTP/web @ CONTOSO.COM\n\tТип шифрования KerbTicket: AES-256-CTS-HMAC-SHA1-96\n\
        \tфлаги билета 0x40a10000 -> forwardable renewable pre_authent name_canonicalize \n\
        \tВремя начала: 7/24/2022 9:09:19 (локально)\n\tВремя окончания:   7/24/2022 19:09:19 (локально)\n\
        \tВремя продления: 0\n\tТип ключа сеанса: AES-256-CTS-HMAC-SHA1-96\n\tФлаги кэша: 0x8 -> ASC \n\
        \tВызванный центр распространения ключей:\n";
    assert_eq!(says(ru), expected);
    let zh = "当前登录 ID 是 0:0x5b1f2\n\n缓存的票证: (1)\n\n#0>\t客户端: alice @ CONTOSO.COM\n\t服务器: HTTP/web @ CONTOSO.COM\n\
        \tKerberos 票证加密类型: AES-256-CTS-HMAC-SHA1-96\n\t票证标志 0x40a10000 -> forwardable renewable pre_authent name_canonicalize \n\
        \t开始时间: 6/28/2022 9:09:19 (本地)\n\t结束时间:   6/28/2022 19:09:19 (本地)\n\t续订时间: 0\n\
        \t会话密钥类型: AES-256-CTS-HMAC-SHA1-96\n\t缓存标志: 0x8 -> ASC \n\t调用的 KDC:\n";
    assert_eq!(says(zh), expected);
    for (text, count) in [(fr, 13), (ru, 13), (zh, 13)] {
        let lines = test_lines(text);
        let sections = crate::ingest::split::split(&lines);
        assert_eq!((sections.len(), sections[0].kind, sections[0].lines.len() >= count), (1, Kind::Klist, true));
    }
}

#[test]
fn cut_listings_say_what_is_missing() {
    let cut: String = CLIENT.lines().take(20).map(|l| format!("{l}\n")).collect();
    assert_eq!(
        says(&cut),
        [
            CLIENT_SAYS[0],
            CLIENT_SAYS[1],
            "alice@CONTOSO.COM HTTP/intranet.contoso.com CONTOSO.COM - - 0 -",
            "problem 18",
        ]
    );
    let one: String = CLIENT.lines().take(16).map(|l| format!("{l}\n")).collect();
    assert_eq!(says(&format!("{one}...\n")), ["listing \"0:0x5b1f2\" \"-\" Some(2)/1", CLIENT_SAYS[1], "problem 5"]);
    // Cut at the top, inside a block.
    let top: String = CLIENT.lines().skip(18).map(|l| format!("{l}\n")).collect();
    assert_eq!(
        says(&top),
        [
            "@ HTTP/intranet.contoso.com CONTOSO.COM 40a50000 [\"forwardable\", \"ok_as_delegate\", \"0x40a50000\"] 0 [\"0\"] 3 DC01.contoso.com"
        ]
    );
}

#[test]
fn masked_lines_shift_nothing() {
    let without_flags: String =
        CLIENT.lines().filter(|l| !l.contains("0x40a50000")).map(|l| format!("{l}\n")).collect();
    let got = says(&without_flags);
    let expected = "alice@CONTOSO.COM HTTP/intranet.contoso.com CONTOSO.COM - 0 [\"0\"] 3 DC01.contoso.com";
    assert_eq!((got[2].as_str(), got[4].as_str()), (expected, "problem 18"));
    // A KDC that somebody blacked out is not an empty one.
    assert!(says(&CLIENT.replace("DC01.contoso.com", "[redacted]"))[1].ends_with("[redacted]"));
    assert!(says(&CLIENT.replace("DC01.contoso.com", "PS C:\\>"))[2].ends_with(" "));
}

#[test]
fn the_hex_word_counts_not_the_names() {
    let text = "#0>\tClient: a @ B\n\tServer: HTTP/w @ B\n\tTicket Flags 0x40a10000 -> forwardable ok_as_delegate\n";
    let reading = read(&test_lines(text));
    let Statement::Ticket(t) = &reading.facts[0].says else { panic!("no ticket") };
    assert!(!t.flags.as_ref().unwrap().value.ok_as_delegate());
    assert_eq!(reading.problems[0].line, 3);
}

#[test]
fn klist_get_in_every_outcome() {
    let failed = "C:\\> klist get HTTP/portal.contoso.com\nCurrent LogonId is 0:0x5b1f2\n\
        Error calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x6fb\n\n\
        klist failed with 0xc000018b/\u{2013}1073741429: The SAM database on the Windows Server does not have a computer account.\n";
    assert_eq!(
        says(failed),
        [
            "request HTTP/portal.contoso.com false Some(6fb) Some(c000018b) [\"HTTP/portal.contoso.com\", \"0x6fb\", \"0xc000018b\"]"
        ]
    );
    let etype = "   Current LogonId is 0:0xd6ed18\n   Error calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x80090342\n\n   klist failed with 0xc00002fd/-1073741059: The encryption type requested is not supported by the KDC.\n";
    assert_eq!(says(etype), ["request - false Some(80090342) Some(c00002fd) [\"0x80090342\", \"0xc00002fd\"]"]);
    let none = "   Current LogonId is 0:0xc7fbc\n   Error calling API LsaCallAuthenticationPackage (ShowTickets substatus): 1312\n\n   klist failed with 0xc000005f/-1073741729: A specified logon session does not exist.\n";
    assert_eq!(says(none), ["listing \"0:0xc7fbc\" \"-\" None/0 no session"]);
    let ok = CLIENT
        .replace("C:\\> klist", "C:\\> klist get HTTP/intranet.contoso.com")
        .replace("5b1f2\n", "5b1f2\nA ticket to HTTP/intranet.contoso.com has been retrieved successfully.\n");
    let mut expected = CLIENT_SAYS.map(str::to_owned).to_vec();
    expected.insert(
        3,
        "request HTTP/intranet.contoso.com true None None [\"HTTP/intranet.contoso.com\", \"HTTP/intranet.contoso.com\"]".to_owned(),
    );
    assert_eq!(says(&ok), expected);
    let wordless = ok.replace("C:\\> klist get HTTP/intranet.contoso.com\n", "");
    assert_eq!(says(&wordless)[3], "request HTTP/intranet.contoso.com true None None [\"HTTP/intranet.contoso.com\"]");
}

#[test]
fn empty_realms_and_empty_kdcs() {
    let text = "Current LogonId is 0:0x1\nTargeted LogonId is 0:0x3e7\n\nCached Tickets: (2)\n\n\
        #0>\tClient: web01$ @ \n\tServer: web01$ @ \n\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\
        \tTicket Flags 0xa10000 -> renewable pre_authent name_canonicalize \n\tStart Time: 2/21/2025 10:39:21 (local)\n\
        \tEnd Time:   2/21/2025 10:54:21 (local)\n\tRenew Time: 0\n\tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\
        \tCache Flags: 0x4 -> S4U \n\tKdc Called: \n\n\
        #1>\tClient: alice @ CONTOSO.COM\n\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM\n\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\
        \tTicket Flags 0x60a10000 -> forwardable forwarded renewable pre_authent name_canonicalize \n\
        \tStart Time: 2/21/2025 10:39:21 (local)\n\tEnd Time:   2/21/2025 20:38:58 (local)\n\tRenew Time: 2/28/2025 10:38:58 (local)\n\
        \tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\tCache Flags: 0x1 -> PRIMARY \n\tKdc Called: \n\nPS C:\\> Stop-Transcript\n";
    assert_eq!(
        says(text),
        [
            "listing \"0:0x1\" \"0:0x3e7\" Some(2)/2",
            "web01$@ -  00a10000 [\"0xa10000\"] 4 [\"S4U\"] 2 ",
            "alice@CONTOSO.COM krbtgt/CONTOSO.COM CONTOSO.COM 60a10000 [\"forwardable\", \"forwarded\", \"0x60a10000\"] 1 [\"PRIMARY\"] 3 ",
            "role front-end",
        ]
    );
}

#[test]
fn purge_bindings_and_cloud_debug_hold_no_tickets() {
    for text in [
        "C:\\> klist purge\n\nCurrent LogonId is 0:0x1\n\tDeleting all tickets:\n\tTicket(s) purged!\n",
        "Current LogonId is 0:0x3e7\nThe kerberos KDC binding cache has been queried successfully.\n\nKDC binding cache entries: (1)\n\n#0>\tRealmName: CONTOSO.COM\n\tKDC Address: 10.1.1.1\n\tKDC Name: dc01.contoso.com\n\tFlags: 0 \n\tDC Flags: 0xe001f3fc -> GC LDAP DS \n\tCache Flags: 0 \n",
        "PS C:\\> klist cloud_debug\n\nCurrent LogonId is 0:0x14d718\nCloud Kerberos Debug info:\nCloud Kerberos enabled by policy: 0\n",
    ] {
        let reading = read(&test_lines(text));
        assert_eq!((reading.facts.len(), reading.problems.len()), (0, 1), "{text}");
    }
}

#[test]
fn klist_tgt_never_keeps_the_key() {
    let text = "C:\\>klist tgt -li 0x154333\n\nCurrent LogonId is 0:0x3e7\nTargeted LogonId is 0:0x154333\n\nCached TGT:\n\n\
        ServiceName        : krbtgt\nTargetName (SPN)   : krbtgt\nClientName         : jotter\nDomainName         : LUMON.COM\n\
        TargetDomainName   : LUMON.COM\nAltTargetDomainName: LUMON.COM\n\
        Ticket Flags       : 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize\n\
        Session Key        : KeyType 0x12 - AES-256-CTS-HMAC-SHA1-96\n\
        \u{20}                  : KeyLength 32 - 5e c0 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10\n\
        StartTime          : 3/6/2026 19:07:09 (local)\nEndTime            : 3/7/2026 5:07:09 (local)\n\
        RenewUntil         : 3/13/2026 9:22:16 (local)\nTimeSkew           :  - 0:05 minute(s)\nEncodedTicket      : (size: 1162)\n\
        0000  61 82 04 86 30 82 04 82:a0 03 02 01 05 a1 0c 1b  a...0...........\n";
    let lines = test_lines(text);
    let sections = crate::ingest::split::split(&lines);
    assert_eq!(sections.iter().map(|s| (s.kind, s.lines.len())).collect::<Vec<_>>(), [(Kind::KlistTgt, 22)]);
    let reading = tgt::read(&lines);
    let short: Vec<String> = reading.facts.iter().map(short).collect();
    assert_eq!(
        short,
        [
            "listing \"0:0x3e7\" \"0:0x154333\" None/1",
            "jotter@LUMON.COM krbtgt/LUMON.COM LUMON.COM 40e10000 [\"forwardable\", \"0x40e10000\"] - 3 -",
        ]
    );
    let kept = serde_json::to_string(&reading.facts).unwrap();
    assert!(!kept.contains("5e c0") && !kept.contains("61 82") && !kept.contains("KeyLength"));
}

proptest! {
    #[test]
    fn cuts_and_shuffles_never_panic(cut in 0usize..2000, from in 0usize..400, order in prop::collection::vec(0usize..40, 0..40)) {
        let cut_text: String = CLIENT.chars().skip(from).take(cut).collect();
        read(&test_lines(&cut_text));
        tgt::read(&test_lines(&cut_text));
        let lines: Vec<&str> = CLIENT.lines().collect();
        let shuffled: String = order.iter().filter_map(|i| lines.get(*i)).map(|l| format!("{l}\n")).collect();
        let reading = read(&test_lines(&shuffled));
        tgt::read(&test_lines(&shuffled));
        for line in test_lines(&shuffled) {
            anchor(&line.text, Some(Kind::Klist));
        }
        prop_assert!(reading.facts.len() <= order.len().saturating_mul(2).saturating_add(1));
    }
}
