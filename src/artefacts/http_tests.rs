use super::super::words;
use super::*;
use crate::facts::Mechanism;
use crate::ingest::lines::test_lines;

const NTLM: &str = "TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAPRlAAAADw==";

fn told(text: &str) -> Vec<String> {
    let reading = read(&test_lines(text));
    let facts = reading.facts.into_iter().map(|f| match f.says {
        Statement::Exchange(e) => format!(
            "{}-{} {} {:?} {:?} token={:?} answer={:?}",
            f.place.first_line,
            f.place.last_line,
            e.host.map_or("-".to_owned(), |h| h.to_string()),
            e.status.map(|s| s.value),
            e.offered.map(|o| o.value),
            e.token.map(|t| t.value.mechanism),
            e.answer_token.map(|t| t.value.rejects)
        ),
        other => format!("{other:?}"),
    });
    facts.collect()
}

#[test]
fn two_requests_and_an_answer() {
    let text = format!(
        "GET /whoami.aspx HTTP/1.1\nHost: portal.contoso.com:8080\n\nHTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\n\n\
             GET /whoami.aspx HTTP/1.1\nHost: portal.contoso.com\nAuthorization: Negotiate {NTLM}\n"
    );
    let want = [
        "1-2 portal.contoso.com None None token=None answer=None",
        "4-6 portal.contoso.com Some(401) Some([\"Negotiate\", \"NTLM\"]) token=None answer=None",
        "8-10 portal.contoso.com None None token=Some(Some(Ntlm)) answer=None",
    ];
    assert_eq!(told(&text), want);
    assert_eq!(words::kinds(&text), [Kind::Http]);
    assert!(!format!("{:?}", read(&test_lines(&text))).contains("TlRM"));
}

#[test]
fn curl_with_marks_also_where_a_mail_client_took_them() {
    let text = "*   Trying 10.0.0.1:80...\n* Connected to web (10.0.0.1) port 80\n> GET /x HTTP/1.1\n> Host: web.contoso.com\n> User-Agent: curl/8\n>\n\
                    < HTTP/1.1 401 Unauthorized\n< Date: Mon, 23 Nov 2026 03:09:07 GMT\n< WWW-Authenticate: Negotiate oQcwBaADCgEC\n< Content-Length: 421\n<\n";
    let want = [
        "3-5 web.contoso.com None None token=None answer=None",
        "7-10 web.contoso.com Some(401) Some([\"Negotiate\"]) token=None answer=Some(true)",
    ];
    assert_eq!(told(text), want);
    assert_eq!(words::kinds(text.split_once("80\n").unwrap().1), [Kind::Http]);
}

#[test]
fn a_token_broken_over_lines_stripped_or_alone() {
    let text = format!(
        "GET / HTTP/1.1\nHost: web\nAuthorization: Negotiate\n{}\n{}\nAccept: */*\n",
        NTLM.split_at(32).0,
        NTLM.split_at(32).1
    );
    assert_eq!(told(&text), ["1-6 web None None token=Some(Some(Ntlm)) answer=None"]);
    let Statement::Exchange(stripped) =
        read(&test_lines("GET / HTTP/1.1\nAuthorization: [2474 bytes were stripped]\n")).facts.remove(0).says
    else {
        panic!()
    };
    assert_eq!(stripped.token.unwrap().value, TokenSeen { bytes: 1848, ..TokenSeen::default() });
    let alone = read(&test_lines(&format!("Negotiate {NTLM}")));
    let Statement::Exchange(e) = &alone.facts[0].says else { panic!() };
    assert_eq!(e.token.as_ref().unwrap().value.mechanism, Some(Mechanism::Ntlm));
    assert_eq!(words::kinds(NTLM), [Kind::Http]);
}

#[test]
fn developer_tools_and_http_2() {
    let text = "Request URL: https://web.contoso.com/x\nRequest Method: GET\nStatus Code: 401 Unauthorized\nwww-authenticate: Negotiate, NTLM\n";
    assert_eq!(
        told(text),
        [
            "1-1 web.contoso.com None None token=None answer=None",
            "3-4 web.contoso.com Some(401) Some([\"Negotiate\", \"NTLM\"]) token=None answer=None"
        ]
    );
    assert_eq!(words::kinds(text), [Kind::Http]);
    assert_eq!(schemes("Basic realm=\"x, y\", Negotiate"), ["Basic", "Negotiate"]);
}

#[test]
fn other_text_is_left_alone() {
    for line in [
        "Server:  dc01.contoso.com",
        "Host: web",
        "GET is a method",
        "Authorization: we think it is missing",
        "Name: x",
        "401 Unauthorized",
    ] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
    assert_eq!(anchor("Identity:   CONTOSO\\alice", Some(Kind::Http)), None);
    assert!(anchor("Content-Length: 421", Some(Kind::Http)).is_some());
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(
        &READER,
        &format!(
            "> GET https://a.b/x HTTP/1.1\n> Host: [::1]:80\n> Authorization: Negotiate {NTLM}\n{NTLM}\n< HTTP/2 401\nWWW-Authenticate: Negotiate oQcwBaADCgEC, x\n:status: 200\n"
        ),
    );
}

#[test]
fn a_pasted_token_is_read_whole_and_shown_nowhere() {
    use crate::facts::{Sealed, TokenMessage};
    use crate::ingest::Intake;
    use crate::wire::samples;
    let token = samples::base64(&samples::windows_kerberos("HTTP/web.contoso.com", 434));
    let mut broken = String::new();
    for (i, c) in token.chars().enumerate() {
        if i > 0 && i % 61 == 0 {
            broken.push('\n');
        }
        broken.push(c);
    }
    let kirbi = samples::base64(&samples::krb_cred("CONTOSO.COM", "krbtgt/CONTOSO.COM"));
    for paste in [
        token.clone(),
        format!("Negotiate {token}"),
        broken.clone(),
        format!("GET / HTTP/1.1\nAuthorization: Negotiate\n{broken}\n"),
        NTLM.to_owned(),
        kirbi,
    ] {
        let mut intake = Intake::new("paste");
        intake.push(paste.as_bytes());
        let read = intake.finish();
        let [artefact] = read.artefacts.as_slice() else { panic!("{paste}: {read:?}") };
        assert_eq!(artefact.kind, Kind::Http, "{paste}");
        let [fact] = artefact.facts.as_slice() else { panic!("{paste}: {:?}", artefact.facts) };
        let Statement::Exchange(exchange) = &fact.says else { panic!() };
        let seen = &exchange.token.as_ref().unwrap().value;
        match seen.message {
            Some(TokenMessage::ApReq) => {
                assert_eq!(seen.authenticator, Some(Sealed { etype: 18, kvno: None, bytes: Some(434) }), "{paste}");
            }
            message => assert!(matches!(message, Some(TokenMessage::NtlmNegotiate | TokenMessage::KrbCred)), "{paste}"),
        }
        // Not a piece of it, neither in facts nor in what is shown.
        let all = format!("{read:?}");
        for piece in paste.split_whitespace().filter(|w| w.len() >= 16) {
            assert!(
                !all.contains(piece.get(piece.len() - 12..).unwrap()) && !all.contains(piece.get(..12).unwrap()),
                "{piece} in {all}"
            );
        }
    }
}
