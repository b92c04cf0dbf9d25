use super::*;
use crate::facts::{Handshake, Library, Mechanism, Statement};
use crate::ingest::lines::test_lines;

fn handshakes(text: &str) -> Vec<Handshake> {
    let facts = read(&test_lines(text)).facts.into_iter();
    facts.filter_map(|f| if let Statement::Handshake(h) = f.says { Some(*h) } else { None }).collect()
}

fn told(text: &str) -> Vec<String> {
    handshakes(text)
        .into_iter()
        .map(|h| {
            format!(
                "{} {:?} asked={:?} granted={:?} {:?} refused={:?} failure={:?} net={:?} offered={:?} final={:?}",
                h.spn.map_or("-".to_owned(), |s| s.value.to_string()),
                h.library,
                h.asked.map(|a| a.value),
                h.granted.map(|g| g.value),
                h.mechanism.map(|m| m.value),
                h.scheme_refused.map(|s| s.value),
                h.failure.map(|f| (f.value.status, f.value.message)),
                h.net_error.map(|n| n.value),
                h.offered.map(|o| o.value.join("+")),
                h.final_status.map(|s| s.value)
            )
        })
        .collect()
}

const PAIR: &str = "t=8213 [st=10]       +AUTH_LIBRARY_INIT_SEC_CTX  [dt=4]\n\
                      --> flags = {\"delegated\":false,\"mutual\":false,\"value\":\"0x00000000\"}\n\
                      --> spn = \"HTTP/intranet.contoso.com\"\n\
t=8217 [st=14]       -AUTH_LIBRARY_INIT_SEC_CTX\n\
                      --> context = {\"flags\":{\"delegated\":false,\"mutual\":false,\"value\":\"0x00001000\"},\"mechanism\":\"Kerberos\",\"open\":true}\n\
                      --> status = {\"net_error\":0,\"security_status\":590610}\n";
const WANT: &str = "HTTP/intranet.contoso.com Sspi asked=Some(false) granted=Some(false) Some(Kerberos) refused=None failure=None net=None offered=None final=None";

#[test]
fn the_pair_whole_wrapped_and_with_eaten_arrows() {
    assert_eq!(told(PAIR), [WANT]);
    assert_eq!(words::kinds(PAIR), [Kind::NetExportText]);
    let h = handshakes(PAIR).remove(0);
    let asked = h.asked.unwrap().place;
    assert_eq!((asked.first_line, asked.lit), (2, vec!["\"delegated\":false".to_owned()]));
    for text in [
        PAIR.replace("-->", "->"),
        PAIR.replace("-->", "—>"),
        PAIR.replace(",\"mutual\"", ",\n\"mutual\"").replace("\"HTTP/", "\n   \"HTTP/"),
        PAIR.lines().map(str::trim).map(|l| format!("> {l}\n")).collect::<String>(),
        PAIR.replace("t=8213 [st=10]       ", "").replace("t=8217 [st=14]       ", ""),
    ] {
        assert_eq!(told(&text), [WANT], "{text}");
        assert_eq!(words::kinds(&text), [Kind::NetExportText], "{text}");
    }
}

#[test]
fn the_first_half_alone() {
    let half: String = PAIR.lines().take(3).map(|l| format!("{l}\n")).collect();
    assert_eq!(
        told(&half),
        [
            "HTTP/intranet.contoso.com Sspi asked=Some(false) granted=None None refused=None failure=None net=None offered=None final=None"
        ]
    );
    let bare: String = PAIR.lines().skip(1).take(2).map(|l| format!("{l}\n")).collect();
    assert_eq!(told(&bare), told(&half));
    assert_eq!(words::kinds(&bare), [Kind::NetExportText]);
}

#[test]
fn gssapi_with_a_failure() {
    let text = "t=1 [st=0] +AUTH_LIBRARY_INIT_SEC_CTX [dt=1]\nt=2 [st=1] -AUTH_LIBRARY_INIT_SEC_CTX\n\
      --> status = {\"function\":\"gss_init_sec_context\",\"major_status\":{\"message\":[\"Unspecified GSS failure\"],\"status\":851968},\"minor_status\":{\"message\":[\"Server not found in Kerberos database\"],\"status\":-1765328377}}\n";
    assert_eq!(
        told(text),
        [
            "- Gssapi asked=None granted=None None refused=None failure=Some((851968, \"Server not found in Kerberos database\")) net=None offered=None final=None"
        ]
    );
    let good = "+AUTH_LIBRARY_IMPORT_NAME\n--> spn = \"HTTP@web.contoso.com\"\n-AUTH_LIBRARY_INIT_SEC_CTX\n\
      --> context = {\"flags\":{\"delegated\":true,\"mutual\":true,\"value\":\"0x0\"},\"mechanism\":{\"bytes\":\"KoZIhvcSAQIC\",\"length\":9},\"source\":{\"name\":\"alice@CONTOSO.COM\"}}\n";
    let h = handshakes(good).remove(0);
    assert_eq!(
        (h.library, h.granted.unwrap().value, h.mechanism.unwrap().value),
        (Library::Gssapi, true, Mechanism::Kerberos)
    );
    assert_eq!(h.source_name.as_deref(), Some("alice@CONTOSO.COM"));
}

#[test]
fn a_whole_source_with_its_request() {
    let text = format!(
        "880: URL_REQUEST\nhttp://intranet.contoso.com/\nStart Time: 2026-11-18\n\nt=8200 [st=0] +REQUEST_ALIVE [dt=50]\n\
t=8203 [st=3] HTTP_TRANSACTION_SEND_REQUEST_HEADERS\n    --> GET / HTTP/1.1\n        Host: intranet.contoso.com\n\
t=8205 [st=5] HTTP_TRANSACTION_READ_RESPONSE_HEADERS\n    --> HTTP/1.1 401 Unauthorized\n        WWW-Authenticate: Negotiate\n        WWW-Authenticate: NTLM\n\
t=8220 [st=20] HTTP_TRANSACTION_SEND_REQUEST_HEADERS\n    --> GET / HTTP/1.1\n        Host: intranet.contoso.com\n        Authorization: [2474 bytes were stripped]\n\
t=8230 [st=30] HTTP_TRANSACTION_READ_RESPONSE_HEADERS\n    --> HTTP/1.1 200 OK\n\n900: HTTP_AUTH_CONTROLLER\n\nt=8206 [st=0] +AUTH_CONTROLLER [dt=40]\n\
    --> target = \"server\"\n    --> url = \"http://u:p@intranet.contoso.com/x?secret=1\"\nt=8207 [st=1] AUTH_HANDLER_CREATE_RESULT\n    --> allows_default_credentials = true\n    --> scheme = \"negotiate\"\n{PAIR}"
    );
    assert_eq!(
        told(&text),
        [WANT.replace("offered=None final=None", "offered=Some(\"Negotiate+NTLM\") final=Some(200)")]
    );
    let h = handshakes(&text).remove(0);
    assert_eq!(h.url.unwrap().value, "http://intranet.contoso.com/x");
    assert_eq!((h.token_sent.unwrap().value, h.rejected, h.default_credentials.unwrap().value), (2474, None, true));
    assert_eq!(words::kinds(&text), [Kind::NetExportText]);
}

#[test]
fn two_sites_and_a_refused_scheme() {
    let two = format!(
        "{PAIR}{}",
        PAIR.replace("intranet", "portal").replace(
            "\"delegated\":false,\"mutual\":false,\"value\":\"0x00000000\"",
            "\"delegated\":true,\"mutual\":true,\"value\":\"0x00000003\""
        )
    );
    let got = told(&two);
    assert_eq!(got.len(), 2);
    assert!(got[1].starts_with("HTTP/portal.contoso.com Sspi asked=Some(true)"), "{got:?}");
    assert!(got[0].starts_with("HTTP/intranet.contoso.com Sspi asked=Some(false)"), "{got:?}");
    let refused = "t=1 [st=0] AUTH_HANDLER_CREATE_RESULT\n --> scheme = \"negotiate\"\n --> net_error = -339 (ERR_UNSUPPORTED_AUTH_SCHEME)\n";
    assert_eq!(handshakes(refused)[0].scheme_refused.as_ref().unwrap().value, -339);
}

#[test]
fn other_text_is_left_alone() {
    for line in [
        "Ticket Flags 0x40a50000 -> forwardable renewable",
        "-> see above",
        "the AUTH_LIBRARY events",
        "Cache Flags: 0x1 -> PRIMARY",
        "t=5 is late",
    ] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(
        &READER,
        &format!(
            "900: HTTP_AUTH_CONTROLLER\n+AUTH_CONTROLLER\n--> url = \"http://ü/x\"\n{PAIR}--> HTTP/1.1 401\n   WWW-Authenticate: Negotiate\n"
        ),
    );
}

const HANDLERS: &str = "t=90 [st=1] +AUTH_HANDLE_CHALLENGE  [dt=1]\n\
t=90 [st=1]  AUTH_HANDLER_CREATE_RESULT\n  --> net_error = -339 (ERR_UNSUPPORTED_AUTH_SCHEME)\n  --> scheme = \"negotiate\"\n\
t=90 [st=1]  AUTH_HANDLER_CREATE_RESULT\n  --> allows_default_credentials = true\n  --> scheme = \"ntlm\"\n\
t=91 [st=2] -AUTH_HANDLE_CHALLENGE\n";

#[test]
fn a_scheme_is_refused_inside_a_challenge_only() {
    let head =
        "t=89 [st=0] +AUTH_CONTROLLER  [dt=?]\n  --> target = \"server\"\n  --> url = \"https://web.contoso.com/\"\n";
    let one = |text: &str| handshakes(&format!("{head}{text}")).remove(0);
    let refused = one(HANDLERS);
    assert_eq!(refused.scheme_refused.map(|s| s.value), Some(-339));
    // NTLM's own permission says nothing of Negotiate.
    assert_eq!(refused.default_credentials, None);
    assert_eq!(refused.credentials_omitted, None);
    let lines: Vec<&str> = HANDLERS.lines().collect();
    let (first, rest) = (lines[..1].join("\n"), lines[1..7].join("\n"));
    let outside = format!("{first}\nt=90 [st=1]  AUTH_HANDLER_INIT\n{}\n{rest}\n", lines[7]);
    assert_eq!(one(&outside).scheme_refused, None);
}

#[test]
fn a_challenge_that_nobody_takes_up() {
    let text = "t=80 [st=0] HTTP_TRANSACTION_READ_RESPONSE_HEADERS\n  --> HTTP/1.1 401 Unauthorized\n      WWW-Authenticate: Negotiate\n\
t=89 [st=0] +AUTH_CONTROLLER  [dt=?]\n  --> target = \"server\"\n  --> url = \"https://web.contoso.com/\"\n\
t=90 [st=1] +AUTH_HANDLE_CHALLENGE  [dt=1]\nt=91 [st=2] -AUTH_HANDLE_CHALLENGE\n";
    assert!(handshakes(text).remove(0).credentials_omitted.is_some());
    assert!(handshakes(&format!("{text}{PAIR}")).iter().all(|h| h.credentials_omitted.is_none()));
    let no_negotiate = text.replace("Negotiate", "Bearer");
    assert!(handshakes(&no_negotiate).iter().all(|h| h.credentials_omitted.is_none()));
}

#[test]
fn half_a_word_is_no_answer() {
    for cut in ["\"delegated\":fa", "\"delegated\":tr", "\"deleg"] {
        let (head, _) = PAIR.split_once("\"delegated\":false").unwrap();
        let asked: Vec<Option<bool>> =
            handshakes(&format!("{head}{cut}")).into_iter().map(|h| h.asked.map(|a| a.value)).collect();
        assert!(asked.iter().all(Option::is_none), "{cut}: {asked:?}");
    }
}
