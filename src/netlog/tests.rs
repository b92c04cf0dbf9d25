//! Captures in every shape that the reader must understand, built from short events.

use super::capture::{Capture, Captured};
use crate::facts::{AuthTarget, Handshake, Library, Mechanism, Statement};

const TYPES: [&str; 13] = [
    "URL_REQUEST_START_JOB",
    "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
    "HTTP_TRANSACTION_READ_RESPONSE_HEADERS",
    "AUTH_CONTROLLER",
    "AUTH_BOUND_TO_CONTROLLER",
    "AUTH_HANDLE_CHALLENGE",
    "AUTH_HANDLER_CREATE_RESULT",
    "AUTH_GENERATE_TOKEN",
    "AUTH_LIBRARY_IMPORT_NAME",
    "AUTH_LIBRARY_ACQUIRE_CREDS",
    "AUTH_LIBRARY_INIT_SEC_CTX",
    "COMPUTED_PRIVACY_MODE",
    "AUTH_HANDLER_INIT",
];

/// `event` is `NAME PHASE SOURCE PARAMS`, phase one of `-BE`; type numbers start at `base`.
fn event(text: &str, base: usize) -> String {
    let mut words = text.splitn(4, ' ');
    let name = words.next().unwrap();
    let kind = base + TYPES.iter().position(|t| *t == name).unwrap_or_else(|| panic!("{name}"));
    let phase = match words.next().unwrap() {
        "B" => 1,
        "E" => 2,
        _ => 0,
    };
    let source: i64 = words.next().unwrap().parse().unwrap();
    let source_type = if source.abs() >= 200 {
        39
    } else if source.abs() >= 100 {
        1
    } else {
        11
    };
    let params = words.next().map(|p| format!("\"params\":{p},")).unwrap_or_default();
    format!(
        "{{{params}\"phase\":{phase},\"source\":{{\"id\":{source},\"type\":{source_type}}},\"time\":\"5000\",\"type\":{kind}}}"
    )
}

fn constants(base: usize) -> String {
    let types: Vec<String> = TYPES.iter().enumerate().map(|(i, t)| format!("\"{t}\":{}", base + i)).collect();
    format!(
        "{{\"clientInfo\":{{\"name\":\"Microsoft Edge\",\"version\":\"138.0.1\"}},\"logEventPhase\":{{\"PHASE_BEGIN\":1,\"PHASE_END\":2,\"PHASE_NONE\":0}},\
         \"logEventTypes\":{{{}}},\"logSourceType\":{{\"SOCKET\":11,\"URL_REQUEST\":1,\"HTTP_AUTH_CONTROLLER\":39}},\"timeTickOffset\":\"1795402120000\"}}",
        types.join(",")
    )
}

fn capture(events: &[&str], base: usize) -> String {
    let events: Vec<String> = events.iter().map(|e| event(e, base)).collect();
    format!("{{\"constants\":{},\n\"events\": [\n{}],\n\"polledData\": {{}}\n}}\n", constants(base), events.join(",\n"))
}

fn read(text: &str, step: usize) -> Captured {
    let mut capture = Capture::new();
    for piece in text.as_bytes().chunks(step) {
        capture.push(piece);
    }
    capture.finish()
}

fn handshakes(text: &str) -> Vec<Handshake> {
    let facts = read(text, 4096).facts;
    facts.into_iter().filter_map(|f| if let Statement::Handshake(h) = f.says { Some(*h) } else { None }).collect()
}

fn only(events: &[&str]) -> Handshake {
    let all = handshakes(&capture(events, 400));
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

const START: &str = r#"URL_REQUEST_START_JOB B 101 {"url":"https://user:pw@web.contoso.com:8443/a?token=secret#x"}"#;
const CHALLENGE: &str = r#"HTTP_TRANSACTION_READ_RESPONSE_HEADERS - 101 {"headers":["HTTP/1.1 401 Unauthorized","WWW-Authenticate: Negotiate","WWW-Authenticate: NTLM"]}"#;
const CONTROLLER: &str =
    r#"AUTH_CONTROLLER B 201 {"target":"server","url":"https://web.contoso.com:8443/a?token=secret"}"#;
const BOUND: &str = r#"AUTH_BOUND_TO_CONTROLLER - 101 {"source_dependency":{"id":201,"type":39}}"#;
const SENT: &str = r#"HTTP_TRANSACTION_SEND_REQUEST_HEADERS - 101 {"headers":["Host: web.contoso.com","Authorization: [3306 bytes were stripped]"]}"#;
const OK: &str = r#"HTTP_TRANSACTION_READ_RESPONSE_HEADERS - 101 {"headers":["HTTP/1.1 200 OK"]}"#;
const ASKED: &str = r#"AUTH_LIBRARY_INIT_SEC_CTX B 201 {"flags":{"delegated":true,"mutual":true,"value":"0x00000003"},"spn":"HTTP/web.contoso.com"}"#;
const KERBEROS: &str = r#"AUTH_LIBRARY_INIT_SEC_CTX E 201 {"context":{"flags":{"delegated":false,"mutual":false,"value":"0x00001000"},"mechanism":"Kerberos","open":true},"status":{"net_error":0,"security_status":590610}}"#;

#[test]
fn kerberos_by_sspi() {
    let h = only(&[START, CHALLENGE, CONTROLLER, BOUND, ASKED, KERBEROS, SENT, OK]);
    assert_eq!((h.library, h.target), (Library::Sspi, AuthTarget::Server));
    assert!(h.asked.as_ref().unwrap().value);
    assert!(!h.granted.as_ref().unwrap().value);
    assert_eq!(h.mechanism.as_ref().unwrap().value, Mechanism::Kerberos);
    assert_eq!(h.final_status.as_ref().unwrap().value, 200);
    assert_eq!(h.token_sent.as_ref().unwrap().value, 3306);
    assert_eq!(h.offered.as_ref().unwrap().value, ["Negotiate", "NTLM"]);
    assert!(h.failure.is_none() && h.rejected.is_none());
    // Neither credentials nor a query survive.
    assert_eq!(h.url.unwrap().value, "https://web.contoso.com:8443/a");
    // The proof stands on the event's own line.
    assert_eq!(h.asked.unwrap().place.first_line, 7);
}

#[test]
fn ntlm_inside_negotiate_and_undecided() {
    let ntlm = KERBEROS.replace("Kerberos", "NTLM");
    assert_eq!(only(&[CONTROLLER, ASKED, &ntlm]).mechanism.unwrap().value, Mechanism::Ntlm);
    let open = KERBEROS.replace("Kerberos", "Negotiate");
    assert_eq!(only(&[CONTROLLER, ASKED, &open]).mechanism.unwrap().value, Mechanism::Undecided);
}

#[test]
fn a_failed_call_keeps_its_nested_error() {
    let h = only(&[
        CONTROLLER,
        ASKED,
        r#"AUTH_LIBRARY_INIT_SEC_CTX E 201 {"status":{"net_error":-343,"security_status":-2146893053}}"#,
        r#"AUTH_GENERATE_TOKEN E 201 {"net_error":-343}"#,
    ]);
    assert_eq!(h.failure.unwrap().value.status, -2_146_893_053);
    assert_eq!(h.net_error.unwrap().value, -343);
    assert!(h.mechanism.is_none());
}

#[test]
fn gssapi_tells_what_was_granted_and_who() {
    let name = r#"AUTH_LIBRARY_IMPORT_NAME - 201 {"spn":"HTTP@web.contoso.com"}"#;
    let begin = "AUTH_LIBRARY_INIT_SEC_CTX B 201";
    let end = r#"AUTH_LIBRARY_INIT_SEC_CTX E 201 {"context":{"flags":{"delegated":true,"mutual":false,"value":"0x00000031"},"lifetime":"35999","mechanism":{"bytes":"KwYBBQUC","length":6},"open":false,"source":{"name":"alice@CONTOSO.COM","type":{"bytes":"","length":10}},"target":{"name":"HTTP/web.contoso.com@CONTOSO.COM","type":{"bytes":"","length":10}}},"status":{"function":"gss_init_sec_context","major_status":{"message":["more"],"status":1},"minor_status":{"status":0}}}"#;
    let h = only(&[START, CHALLENGE, CONTROLLER, BOUND, name, begin, end, SENT, OK]);
    assert_eq!(h.library, Library::Gssapi);
    assert_eq!((h.asked.is_none(), h.granted.unwrap().value), (true, true));
    assert_eq!(
        (h.mechanism.unwrap().value, h.source_name.as_deref()),
        (Mechanism::Kerberos, Some("alice@CONTOSO.COM"))
    );
    assert!(h.failure.is_none(), "1 is continue needed, no error");
    // The same flags with a NetBIOS name are an NTLM fallback.
    let ntlm = end.replace("alice@CONTOSO.COM", "CONTOSO\\\\alice");
    assert_eq!(only(&[CONTROLLER, name, begin, &ntlm]).mechanism.unwrap().value, Mechanism::Ntlm);
    let unknown = r#"AUTH_LIBRARY_INIT_SEC_CTX E 201 {"status":{"function":"gss_init_sec_context","major_status":{"message":["Unspecified"],"status":851968},"minor_status":{"message":["Server not found in Kerberos database\u0000"],"status":100001}}}"#;
    let h = only(&[CONTROLLER, name, begin, unknown]);
    assert_eq!(h.failure.unwrap().value.message, "Server not found in Kerberos database");
}

#[test]
fn refusals() {
    let again = OK.replace("200 OK\"", "401 Unauthorized\",\"WWW-Authenticate: Negotiate\"");
    let h = only(&[START, CHALLENGE, CONTROLLER, BOUND, ASKED, KERBEROS, SENT, &again]);
    assert!(h.rejected.unwrap().value);
    let spnego = OK.replace("200 OK\"", "401 Unauthorized\",\"WWW-Authenticate: Negotiate oQcwBaADCgEC\"");
    assert!(only(&[START, CHALLENGE, CONTROLLER, BOUND, ASKED, KERBEROS, SENT, &spnego]).rejected.is_some());
    assert!(
        only(&[CONTROLLER, ASKED, KERBEROS, r#"AUTH_HANDLE_CHALLENGE - 201 {"authorization_result":"reject"}"#])
            .rejected
            .is_some()
    );
    // The first challenge is no refusal.
    assert!(only(&[START, CHALLENGE, CONTROLLER, BOUND]).rejected.is_none());
}

#[test]
fn a_scheme_that_is_refused_counts_only_inside_a_challenge() {
    let refused = r#"AUTH_HANDLER_CREATE_RESULT - 201 {"scheme":"negotiate","net_error":-339}"#;
    assert!(only(&[CONTROLLER, refused]).scheme_refused.is_none(), "a pre-emptive attempt");
    let inside = only(&[CONTROLLER, "AUTH_HANDLE_CHALLENGE B 201", refused, "AUTH_HANDLE_CHALLENGE E 201"]);
    assert_eq!(inside.scheme_refused.unwrap().value, -339);
}

#[test]
fn proxies_are_told_apart() {
    let proxy = CONTROLLER.replace("\"server\"", "\"proxy\"");
    assert_eq!(only(&[&proxy, ASKED]).target, AuthTarget::Proxy);
    // Without the controller's beginning (an overwritten ring buffer) a socket's authentication is the proxy's.
    assert_eq!(
        only(&[r#"AUTH_BOUND_TO_CONTROLLER - 11 {"source_dependency":{"id":201}}"#, ASKED]).target,
        AuthTarget::Proxy
    );
    assert!(
        read(&capture(&[&proxy, ASKED], 400), 99).problems.iter().any(|p| p.says.contains("No Negotiate handshake"))
    );
}

#[test]
fn typed_credentials_and_silent_sign_in() {
    let typed = only(&[
        CONTROLLER,
        r#"AUTH_LIBRARY_ACQUIRE_CREDS E 201 {"domain":"CONTOSO","user":"alice","status":{"net_error":0,"security_status":0}}"#,
        ASKED,
    ]);
    assert!(typed.typed_credentials.is_some());
    let not_allowed = only(&[
        CONTROLLER,
        r#"AUTH_HANDLER_CREATE_RESULT - 201 {"allows_default_credentials":false,"scheme":"negotiate"}"#,
    ]);
    assert!(!not_allowed.default_credentials.unwrap().value);
}

#[test]
fn the_clock_of_the_server_against_the_captures() {
    // 1795402120 + 5 s is 2026-11-23 02:48:45 UTC.
    let date = OK.replace("200 OK\"", "200 OK\",\"Date: Mon, 23 Nov 2026 03:08:45 GMT\"");
    assert_eq!(
        only(&[START, CHALLENGE, CONTROLLER, BOUND, ASKED, KERBEROS, SENT, &date]).clock_offset.unwrap().value,
        1200
    );
}

#[test]
fn a_redirect_to_another_host_is_another_conversation() {
    let other = START.replace("web.contoso.com", "other.contoso.com");
    let events = [
        START,
        CHALLENGE,
        CONTROLLER,
        BOUND,
        ASKED,
        KERBEROS,
        SENT,
        OK,
        &other,
        &CHALLENGE.replace("Negotiate", "Basic"),
    ];
    let h = only(&events);
    assert_eq!((h.host.unwrap().as_str(), h.final_status.unwrap().value), ("web.contoso.com", 200));
}

#[test]
fn about_milestone_77_the_request_stood_on_the_end() {
    let end = r#"AUTH_LIBRARY_INIT_SEC_CTX E 201 {"flags":{"delegated":false,"mutual":false,"value":"0x00000000"},"spn":"HTTP/web.contoso.com","status":{"net_error":0,"security_status":590610}}"#;
    assert!(!only(&[CONTROLLER, "AUTH_LIBRARY_INIT_SEC_CTX B 201", end]).asked.unwrap().value);
}

#[test]
fn every_layout_gives_the_same_facts() {
    let events = [START, CHALLENGE, CONTROLLER, BOUND, ASKED, KERBEROS, SENT, OK];
    let plain = capture(&events, 400);
    let essence = |text: &str, step: usize| -> Vec<(String, bool, Mechanism, u16)> {
        let facts = read(text, step).facts;
        facts
            .into_iter()
            .filter_map(|f| if let Statement::Handshake(h) = f.says { Some(h) } else { None })
            .map(|h| {
                (
                    h.spn.unwrap().value.to_string(),
                    h.asked.unwrap().value,
                    h.mechanism.unwrap().value,
                    h.final_status.unwrap().value,
                )
            })
            .collect()
    };
    let wanted = essence(&plain, 1 << 20);
    assert_eq!(wanted.len(), 1);
    let value: serde_json::Value = serde_json::from_str(&plain).unwrap();
    let events_first = {
        let (c, rest) = plain.trim_start_matches("{\"constants\":").split_once(",\n\"events\": ").unwrap();
        let (e, _) = rest.split_once(",\n\"polledData\"").unwrap();
        format!("{{\"events\":{e},\"polledData\":[{{}},{{}}],\"constants\":{c}}}")
    };
    for (name, text) in [
        ("other numbers", capture(&events, 17)),
        ("re-indented", serde_json::to_string_pretty(&value).unwrap()),
        ("one line", plain.replace('\n', "")),
        ("CRLF", plain.replace('\n', "\r\n")),
        ("members in another order", events_first),
        ("negative ids", plain.replace("\"id\":101", "\"id\":-101").replace("\"id\":201", "\"id\":-201")),
        ("offset as a number", plain.replace("\"1795402120000\"", "1795402120000.25")),
        ("polled data as a list", plain.replace("\"polledData\": {}", "\"polledData\": [{\"a\":[1]},{}]")),
    ] {
        for step in [7, 4096] {
            assert_eq!(essence(&text, step), wanted, "{name} in pieces of {step}");
        }
    }
}

/// A site that asks again for each page: the second challenge is no refusal of the first token.
#[test]
fn a_redirect_on_the_same_host_is_another_conversation() {
    let moved = OK.replace("200 OK\"", "302 Found\",\"Location: /home\"");
    let again = CONTROLLER.replace(" 201 ", " 202 ");
    let bound = BOUND.replace("201", "202");
    let call = |text: &str| text.replace(" 201 ", " 202 ");
    let (asked, kerberos) = (call(ASKED), call(KERBEROS));
    let events = [
        START, CHALLENGE, CONTROLLER, BOUND, ASKED, KERBEROS, SENT, &moved, START, CHALLENGE, &again, &bound, &asked,
        &kerberos, SENT, OK,
    ];
    let all = handshakes(&capture(&events, 400));
    let told: Vec<(u16, bool)> =
        all.iter().map(|h| (h.final_status.as_ref().unwrap().value, h.rejected.is_some())).collect();
    assert_eq!(told, [(302, false), (200, false)]);
}

/// The beginning was overwritten: what is left of an exchange in the middle says nothing of what the server offers.
#[test]
fn an_overwritten_beginning_is_not_guessed() {
    let middle = CHALLENGE.replace(
        "\"WWW-Authenticate: Negotiate\",\"WWW-Authenticate: NTLM\"",
        "\"WWW-Authenticate: NTLM [280 bytes were stripped]\"",
    );
    let h = only(&[&middle, BOUND, SENT, OK]);
    assert!(h.offered.is_none(), "{:?}", h.offered);
    // A caller that answers 407 talks to a proxy.
    let proxy = CHALLENGE.replace("401 Unauthorized", "407 Proxy Authentication Required").replace("WWW-", "Proxy-");
    assert_eq!(only(&[&proxy, BOUND, ASKED, KERBEROS, OK]).target, AuthTarget::Proxy);
}

#[test]
fn a_byte_that_is_no_utf_8_does_not_cost_the_event() {
    let text = capture(&[CONTROLLER, &ASKED.replace("\"spn\"", "\"note\":\"M#ller\",\"spn\"")], 400);
    let bytes: Vec<u8> = text.bytes().map(|b| if b == b'#' { 0xfc } else { b }).collect();
    let mut capture = Capture::new();
    capture.push(&bytes);
    let read = capture.finish();
    assert!(read.facts.iter().any(|f| matches!(&f.says, Statement::Handshake(h) if h.asked.is_some())), "{read:?}");
}

/// The scheme NTLM makes calls of its own, which never ask to delegate.
#[test]
fn a_call_of_the_scheme_ntlm_says_nothing_of_delegation() {
    let failed = r#"AUTH_LIBRARY_INIT_SEC_CTX E 201 {"status":{"net_error":-343,"security_status":-2146893053}}"#;
    let fallback = ASKED
        .replace("true,\"mutual\":true,\"value\":\"0x00000003\"", "false,\"mutual\":false,\"value\":\"0x00000000\"");
    let ntlm = KERBEROS.replace("Kerberos", "NTLM");
    let h = only(&[START, CHALLENGE, CONTROLLER, BOUND, ASKED, failed, &fallback, &ntlm, SENT, OK]);
    assert!(h.asked.unwrap().value && h.failure.is_some());
    assert_eq!(h.mechanism.unwrap().value, Mechanism::Ntlm);
    let only_ntlm = CHALLENGE.replace("\"WWW-Authenticate: Negotiate\",", "");
    let h = only(&[START, &only_ntlm, CONTROLLER, BOUND, &fallback, &ntlm, SENT, OK]);
    assert!(h.asked.is_none() && h.mechanism.is_some());
}

/// A password that the server refuses is no ticket that it refuses.
#[test]
fn credentials_of_basic_say_nothing_of_a_ticket() {
    let basic =
        CHALLENGE.replace("Negotiate", "Basic realm=\\\"x\\\"").replace("\"WWW-Authenticate: NTLM\"", "\"Server: x\"");
    let reject = r#"AUTH_HANDLE_CHALLENGE - 201 {"authorization_result":"reject"}"#;
    let h = only(&[START, &basic, CONTROLLER, BOUND, SENT, &basic, reject]);
    assert_eq!(h.offered.as_ref().unwrap().value, ["Basic"]);
    assert!(h.token_sent.is_none() && h.rejected.is_none(), "{h:#?}");
    // The library failed, the prompt came, and the password was wrong.
    let failed = r#"AUTH_LIBRARY_INIT_SEC_CTX E 201 {"status":{"net_error":-343,"security_status":-2146893053}}"#;
    let h = only(&[START, CHALLENGE, CONTROLLER, BOUND, ASKED, failed, SENT, CHALLENGE, reject]);
    assert!(h.failure.is_some() && h.token_sent.is_none() && h.rejected.is_none(), "{h:#?}");
    // The same in a capture that holds the scheme.
    let plain = SENT.replace("[3306 bytes were stripped]", "Basic YWxpY2U6cHc=");
    assert!(only(&[START, CHALLENGE, CONTROLLER, BOUND, &plain]).token_sent.is_none());
}

/// Each offered scheme has a handler; only that of Negotiate tells about silent sign-in, and only its result names it.
#[test]
fn the_handler_of_another_scheme_says_nothing_of_silent_sign_in() {
    let handler = |allowed: bool| {
        format!("AUTH_HANDLER_INIT E 201 {{\"allows_default_credentials\":{allowed},\"succeeded\":true}}")
    };
    let mixed = CHALLENGE.replace("WWW-Authenticate: NTLM", "WWW-Authenticate: Basic");
    let told = |challenge: &str, more: &[&str]| {
        let events: Vec<&str> = [START, challenge, CONTROLLER, BOUND].into_iter().chain(more.iter().copied()).collect();
        only(&events).default_credentials.map(|d| d.value)
    };
    // Cut off behind the first handler.
    assert_eq!(told(&mixed, &[&handler(false)]), None);
    assert_eq!(told(CHALLENGE, &[&handler(false)]), Some(false));
    assert_eq!(told(&mixed, &[&handler(true)]), Some(true));
    let result = r#"AUTH_HANDLER_CREATE_RESULT - 201 {"allows_default_credentials":false,"scheme":"negotiate"}"#;
    assert_eq!(told(&mixed, &[&handler(false), result]), Some(false));
}

/// Milestone 71: no controllers, no library, a string as offset. Composed after netlog.md, 2.2 and 8, sample 2.
mod before_2019 {
    use super::*;

    /// The names of one build, each at its own number.
    fn legacy(events: &[(&str, u8, i64, &str)]) -> String {
        const NAMES: [&str; 7] = [
            "AUTH_PROXY",
            "AUTH_SERVER",
            "HTTP_TRANSACTION_READ_RESPONSE_HEADERS",
            "HTTP_TRANSACTION_SEND_REQUEST_HEADERS",
            "URL_REQUEST_START_JOB",
            "REQUEST_ALIVE",
            "AUTH_CHANNEL_BINDINGS",
        ];
        let types: Vec<String> = NAMES.iter().enumerate().map(|(n, name)| format!("\"{name}\":{n}")).collect();
        let events: Vec<String> = events
            .iter()
            .map(|(name, phase, id, params)| {
                let kind = NAMES.iter().position(|n| n == name).unwrap();
                let params = if params.is_empty() { String::new() } else { format!("\"params\":{params},") };
                let source = if *id >= 50 { 8 } else { 1 };
                format!("{{{params}\"phase\":{phase},\"source\":{{\"id\":{id},\"type\":{source}}},\"time\":\"5000\",\"type\":{kind}}}")
            })
            .collect();
        format!(
            "{{\"userComments\":\"x\",\"constants\":{{\"clientInfo\":{{\"name\":\"Google Chrome\",\"numericDate\":1,\"version\":\"71.0.1\"}},\"logEventTypes\":{{{}}},\
             \"logSourceType\":{{\"SOCKET\":8,\"URL_REQUEST\":1}},\"timeTickOffset\":\"1795402120000\"}},\"events\":[{}],\"polledData\":{{}},\"tabData\":{{}}}}",
            types.join(","),
            events.join(",")
        )
    }

    const READ: &str = "HTTP_TRANSACTION_READ_RESPONSE_HEADERS";
    const SEND: &str = "HTTP_TRANSACTION_SEND_REQUEST_HEADERS";
    const URL: &str = r#"{"load_flags":0,"method":"GET","url":"https://web.contoso.com/a?b"}"#;
    const CHALLENGE: &str =
        r#"{"headers":["HTTP/1.1 401 Unauthorized","WWW-Authenticate: Negotiate","WWW-Authenticate: NTLM"]}"#;

    fn sent(bytes: u32) -> String {
        format!(
            "{{\"headers\":[\"Host: web.contoso.com\",\"Authorization: [{bytes} bytes were stripped]\"],\"line\":\"GET /a HTTP/1.1\\r\\n\"}}"
        )
    }

    fn server() -> String {
        let (first, ok) = (sent(3306), r#"{"headers":["HTTP/1.1 200 OK","Date: Mon, 23 Nov 2026 03:08:45 GMT"]}"#);
        legacy(&[
            ("URL_REQUEST_START_JOB", 1, 7, URL),
            (READ, 0, 7, CHALLENGE),
            ("AUTH_SERVER", 1, 7, ""),
            ("AUTH_SERVER", 2, 7, ""),
            (SEND, 0, 7, &first),
            (READ, 0, 7, ok),
        ])
    }

    #[test]
    fn what_an_old_build_tells_is_read_and_no_more() {
        let all = handshakes(&server());
        assert_eq!(all.len(), 1, "{all:#?}");
        let h = &all[0];
        assert_eq!(h.url.as_ref().unwrap().value, "https://web.contoso.com/a");
        assert_eq!(h.offered.as_ref().unwrap().value, ["Negotiate", "NTLM"]);
        assert_eq!((h.token_sent.as_ref().unwrap().value, h.final_status.as_ref().unwrap().value), (3306, 200));
        assert_eq!((h.target, h.clock_offset.as_ref().unwrap().value), (AuthTarget::Server, 1200));
        // A size is no mechanism, and what is not logged was not "not asked".
        assert!(h.mechanism.is_none() && h.asked.is_none() && h.spn.is_none() && h.credentials_omitted.is_none());
        let read = read(&server(), 11);
        assert!(read.problems.iter().any(|p| p.says.contains("before 2019")), "{:?}", read.problems);
        let note = read.facts.iter().find_map(|f| if let Statement::CaptureNote(n) = &f.says { Some(n) } else { None });
        assert!(note.unwrap().truncated, "what it does not log may have happened");
    }

    #[test]
    fn every_conversation_by_itself() {
        let again = CHALLENGE.replace("\"WWW-Authenticate: NTLM\"", "\"Server: IIS\"");
        let other = URL.replace("web.", "other.");
        let first = sent(3306);
        let ntlm = r#"{"headers":["HTTP/1.1 401 Unauthorized","WWW-Authenticate: NTLM [280 bytes were stripped]"]}"#;
        let scheme = sent(66).replace(": [66", ": NTLM [66");
        let told = handshakes(&legacy(&[
            ("URL_REQUEST_START_JOB", 1, 7, URL),
            (READ, 0, 7, CHALLENGE),
            ("AUTH_SERVER", 1, 7, ""),
            (SEND, 0, 7, &first),
            (READ, 0, 7, &again),
            // A redirect to another site on the same source.
            ("URL_REQUEST_START_JOB", 1, 7, &other),
            (READ, 0, 7, CHALLENGE),
            ("AUTH_SERVER", 1, 7, ""),
            (SEND, 0, 7, &scheme),
            (READ, 0, 7, ntlm),
            // A proxy's, on its socket.
            ("AUTH_PROXY", 1, 55, ""),
            // Nobody answers this challenge.
            ("REQUEST_ALIVE", 1, 9, URL),
            (READ, 0, 9, CHALLENGE),
        ]));
        let told: Vec<_> = told
            .iter()
            .map(|h| {
                (
                    h.host.as_ref().map(|h| h.as_str()),
                    h.target == AuthTarget::Proxy,
                    h.rejected.is_some(),
                    h.mechanism.as_ref().map(|m| m.value),
                )
            })
            .collect();
        let want = [
            (Some("web.contoso.com"), false, true, None),
            (Some("other.contoso.com"), false, false, Some(Mechanism::Ntlm)),
            (None, true, false, None),
            (Some("web.contoso.com"), false, false, None),
        ];
        assert_eq!(told, want);
    }
}

/// Requests of other traffic are no events about authentication.
#[test]
fn only_what_concerns_authentication_is_counted() {
    let plain = [
        "URL_REQUEST_START_JOB B 100 {\"method\":\"GET\",\"url\":\"https://news.example/\"}",
        "HTTP_TRANSACTION_SEND_REQUEST_HEADERS - 100 {\"headers\":[\"Host: news.example\"],\"line\":\"GET / HTTP/1.1\\r\\n\"}",
        "HTTP_TRANSACTION_READ_RESPONSE_HEADERS - 100 {\"headers\":[\"HTTP/1.1 200 OK\"]}",
    ];
    let mut all = plain.to_vec();
    all.push("AUTH_CONTROLLER B 200 {\"target\":\"server\",\"url\":\"https://web.contoso.com/\"}");
    let counted = |events: &[&str]| {
        let facts = read(&capture(events, 30), 4096).facts;
        let note = facts.into_iter().find_map(|f| match f.says {
            Statement::CaptureNote(note) => Some((note.events, note.relevant)),
            _ => None,
        });
        note.unwrap()
    };
    assert_eq!(counted(&plain), (3, 0));
    assert_eq!(counted(&all), (4, 1));
}
