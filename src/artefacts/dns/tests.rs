use super::*;
use crate::artefacts::words;
use crate::ingest::lines::test_lines;

const NSLOOKUP: &str = "C:\\> nslookup intranet.contoso.com\nServer:  dc01.contoso.com\nAddress:  10.0.0.1\n\nName:    web01.contoso.com\nAddress:  10.0.0.5\nAliases:  intranet.contoso.com\n";
const DISPLAY: &str = "    intranet.contoso.com\n    ----------------------------------------\n    Record Name . . . . . : intranet.contoso.com\n    Record Type . . . . . : 5\n\
    \x20   Time To Live  . . . . : 3500\n    Data Length . . . . . : 8\n    Section . . . . . . . : Answer\n    CNAME Record  . . . . : web01.contoso.com\n\n\n\
    \x20   Record Name . . . . . : web01.contoso.com\n    Record Type . . . . . : 1\n    Time To Live  . . . . : 3500\n    Data Length . . . . . : 4\n    Section . . . . . . . : Answer\n    A (Host) Record . . . : 10.0.0.5\n";

fn told(text: &str) -> Vec<String> {
    let facts = read(&test_lines(text)).facts.into_iter();
    facts
        .map(|f| match f.says {
            Statement::DnsAnswer(a) => format!(
                "{}>{} {}{}",
                a.asked.map_or("?".to_owned(), |h| h.to_string()),
                a.canonical.map_or("-".to_owned(), |h| h.to_string()),
                a.addresses.join("+"),
                if a.missing { "gone" } else { "" }
            ),
            other => format!("{other:?}"),
        })
        .collect()
}

const ALIAS: [&str; 1] = ["intranet.contoso.com>web01.contoso.com 10.0.0.5"];

#[test]
fn nslookup_in_five_languages_and_on_one_line() {
    assert_eq!(told(NSLOOKUP), ALIAS);
    assert_eq!(words::kinds(NSLOOKUP), [Kind::Dns]);
    for (server, name) in
        [("Serveur :", "Nom :"), ("Servidor:", "Nombre:"), ("サーバー:", "名前:"), ("Server:", "Name:")]
    {
        let text = NSLOOKUP.replace("Server:", server).replace("Name:", name);
        assert_eq!(told(&text), ALIAS, "{text}");
        let bare = text.split_once('\n').unwrap().1;
        assert_eq!(words::kinds(bare), [Kind::Dns], "{bare}");
        assert_eq!(told(bare), ALIAS);
    }
    let one: String = NSLOOKUP.lines().skip(1).collect::<Vec<_>>().join(" ");
    assert_eq!(told(&one), ALIAS);
    let two = NSLOOKUP.replace("Address:  10.0.0.5", "Addresses:  fd00::5\n          10.0.0.5");
    assert_eq!(told(&two), ["intranet.contoso.com>web01.contoso.com fd00::5+10.0.0.5"]);
    let gone = "Server:  dc01.contoso.com\nAddress:  10.0.0.1\n\n*** dc01.contoso.com can't find web9.contoso.com: Non-existent domain\n";
    assert_eq!(told(gone), ["web9.contoso.com>- gone"]);
    let unix = "$ nslookup intranet.contoso.com\nServer:\t\t10.0.0.1\nAddress:\t10.0.0.1#53\n\nintranet.contoso.com\tcanonical name = web01.contoso.com.\nName:\tweb01.contoso.com\nAddress: 10.0.0.5\n";
    assert_eq!(told(unix), ALIAS);
}

#[test]
fn resolve_dnsname_as_table_and_list() {
    let table = "PS C:\\> Resolve-DnsName intranet.contoso.com\n\nName                           Type   TTL   Section    NameHost\n----                           ----   ---   -------    --------\n\
                 intranet.contoso.com           CNAME  3600  Answer     web01.contoso.com\n\nName       : web01.contoso.com\nQueryType  : A\nTTL        : 3600\nSection    : Answer\nIP4Address : 10.0.0.5\n";
    assert_eq!(told(table), ALIAS);
    assert_eq!(words::kinds(table), [Kind::Dns]);
    let list = "Name     : intranet.contoso.com\nType     : CNAME\nTTL      : 3600\nSection  : Answer\nNameHost : web01.contoso.com\n\nName       : web01.contoso.com\nIP4Address : 10.0.0.5\n";
    assert_eq!(told(list), ALIAS);
    assert_eq!(told("Resolve-DnsName : web9.contoso.com : DNS name does not exist\n"), ["web9.contoso.com>- gone"]);
}

#[test]
fn ping_dig_host_and_the_cache() {
    for line in [
        "Pinging web01.contoso.com [10.0.0.5] with 32 bytes of data:",
        "Ping wird ausgeführt für web01.contoso.com [10.0.0.5] mit 32 Bytes Daten:",
        "Envoi d’une requête 'ping' sur web01.contoso.com [10.0.0.5] avec 32 octets de données :",
        "web01.contoso.com [10.0.0.5]に ping を送信しています 32 バイトのデータ:",
        "PING web01.contoso.com (10.0.0.5) 56(84) bytes of data.",
    ] {
        assert_eq!(told(&format!("C:\\> ping intranet.contoso.com\n{line}\n")), ALIAS, "{line}");
        assert_eq!(told(line), ["web01.contoso.com>- 10.0.0.5"], "{line}");
        assert_eq!(words::kinds(line), [Kind::Dns], "{line}");
    }
    let dig = "; <<>> DiG 9 <<>> intranet.contoso.com\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; QUESTION SECTION:\n;intranet.contoso.com.\tIN\tA\n\n;; ANSWER SECTION:\n\
               intranet.contoso.com.\t3600\tIN\tCNAME\tweb01.contoso.com.\nweb01.contoso.com.\t3600\tIN\tA\t10.0.0.5\n";
    assert_eq!(told(dig), ALIAS);
    let gone = ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n;web9.contoso.com.\tIN\tA\n";
    assert_eq!(told(gone), ["web9.contoso.com>- gone"]);
    let host = "intranet.contoso.com is an alias for web01.contoso.com.\nweb01.contoso.com has address 10.0.0.5\n";
    assert_eq!(told(host), ALIAS);
    assert_eq!(told(DISPLAY), ALIAS);
    assert_eq!(words::kinds(DISPLAY.split_once("--\n").unwrap().1), [Kind::Dns]);
    let german = DISPLAY
        .replace("Record Name", "Eintragsname")
        .replace("Record Type", "Eintragstyp")
        .replace("CNAME Record", "CNAME-Eintrag")
        .replace("A (Host) Record", "(Host-)A-Eintrag");
    assert_eq!(told(&german), ALIAS);
}

#[test]
fn other_lines_are_not_claimed() {
    for line in [
        "Server: HTTP/web @ CONTOSO.COM",
        "Server: Microsoft-IIS/10.0",
        "Name: bob",
        "host the page",
        "we ping the 32 servers",
        "Servidor: krbtgt/A @ B",
    ] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(&READER, &format!("{NSLOOKUP}{DISPLAY}"));
}
