use super::*;
use crate::ingest::lines::test_lines;

const FIELDS: &str = "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-11-18 10:00:00\n\
    #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\n";
const HEALTHY: &str = "2026-11-18 10:00:01 10.0.0.10 GET /portal - 80 - 10.0.0.50 Mozilla/5.0+(Windows) 401 2 5 3\n\
    2026-11-18 10:00:01 10.0.0.10 GET /portal - 80 - 10.0.0.50 Mozilla/5.0+(Windows) 401 1 2148074254 3\n\
    2026-11-18 10:00:02 10.0.0.10 GET /portal - 80 CONTOSO\\alice 10.0.0.50 Mozilla/5.0+(Windows) 200 0 0 31\n\
    2026-11-18 10:00:03 10.0.0.10 GET /portal - 80 CONTOSO\\alice 10.0.0.50 Mozilla/5.0+(Windows) 200 0 0 31\n";
const REFUSED: &str =
    "2026-11-18 10:00:01 10.0.0.10 GET /portal - 80 - 10.0.0.51 Mozilla/5.0+(Windows) 401 1 2148074248 3\n";

fn told(text: &str) -> Vec<String> {
    let facts = read(&test_lines(text)).facts.into_iter();
    facts
        .map(|f| match f.says {
            Statement::Arrival(a) => format!(
                "{} {} {} {:?}",
                f.place.first_line,
                a.host.map_or("-".to_owned(), |h| h.to_string()),
                a.who.map_or("-".to_owned(), |w| w.to_string()),
                a.status.unwrap_or(0)
            ),
            Statement::Failure(e) => {
                format!("{} {:?} {:x} {}", f.place.first_line, e.context, e.status.unwrap_or(0), e.text)
            }
            other => format!("{other:?}"),
        })
        .collect()
}

#[test]
fn requests_once_each_and_a_challenge_is_no_failure() {
    let want = ["5 - - 401", "7 - CONTOSO\\alice 200"];
    assert_eq!(told(&format!("{FIELDS}{HEALTHY}")), want);
    assert_eq!(words::kinds(&format!("{FIELDS}{HEALTHY}")), [Kind::IisLog]);
    assert_eq!(told(HEALTHY), ["1 - - 401", "3 - CONTOSO\\alice 200"]);
    assert_eq!(words::kinds(HEALTHY), [Kind::IisLog]);
}

#[test]
fn a_refused_token_is_a_failure_unless_the_client_then_got_in() {
    assert_eq!(told(REFUSED)[0], "1 - - 401");
    assert!(
        told(REFUSED)[1].starts_with("1 Accept 80090308 401.1 2148074248 SEC_E_INVALID_TOKEN"),
        "{:?}",
        told(REFUSED)
    );
    let later = format!("{REFUSED}{}", HEALTHY.replace("10.0.0.50", "10.0.0.51"));
    assert_eq!(told(&later).len(), 2);
    // Wrapped by a mail client.
    let wrapped = REFUSED.replace("Mozilla", "\nMozilla").replace(" 401 1", "\n401 1");
    assert_eq!(told(&wrapped).len(), 2, "{:?}", told(&wrapped));
}

#[test]
fn native_and_httperr() {
    let native = "10.0.0.50, CONTOSO\\alice, 11/18/26, 7:55:20, W3SVC1, WEB01, 10.0.0.10, 4502, 163, 3223, 200, 0, GET, /portal/, -,\n\
                  10.0.0.50, -, 11/18/26, 7:55:20, W3SVC1, WEB01, 10.0.0.10, 4502, 163, 3223, 401, 5, GET, /portal/, -,\n";
    assert_eq!(told(native), ["1 WEB01 CONTOSO\\alice 200", "2 WEB01 - 401"]);
    assert_eq!(words::kinds(native), [Kind::IisLog]);
    let error = "2026-11-18 10:00:00 10.0.0.50 51000 10.0.0.10 80 HTTP/1.1 GET /portal 400 - RequestLength -\n\
                 2026-11-18 10:00:09 10.0.0.50 51001 10.0.0.10 80 HTTP/1.1 GET /portal 400 - RequestLength -\n\
                 2026-11-18 10:00:10 10.0.0.50 51001 10.0.0.10 80 - - - - - Timer_ConnectionIdle -\n";
    assert_eq!(told(error), ["1 - - 400", "1 Accept 0 http.sys answers 400: RequestLength"]);
    assert_eq!(words::kinds(error), [Kind::IisLog]);
    let head = "#Software: Microsoft HTTP API 2.0\n#Version: 1.0\n#Date: 2026-11-18 10:00:00\n\
                #Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename\n\
                2026-11-18 10:00:00 10.0.0.50 51000 10.0.0.10 80 HTTP/1.1 GET /portal - 400 - FieldLength -\n";
    assert_eq!(told(head), ["5 - - 400", "5 Accept 0 http.sys answers 400: FieldLength"]);
}

#[test]
fn failed_request_traces() {
    let trace = "<?xml version=\"1.0\"?>\n<failedRequest url=\"http://web.contoso.com:80/portal\"\n siteId=\"1\" appPoolId=\"Portal\" processId=\"1\" verb=\"GET\"\n\
                 remoteUserName=\"\" userName=\"\" authenticationType=\"NOT_AVAILABLE\" statusCode=\"401.1\" triggerStatusCode=\"401\">\n\
                 <Event xmlns=\"x\"><EventData><Data Name=\"ErrorCode\">2148074248</Data></EventData></Event>\n\
                 <Event><EventData><Data Name=\"ErrorCode\">2148074254</Data></EventData></Event>\n</failedRequest>\n";
    assert_eq!(
        told(trace),
        ["2 web.contoso.com - 401", "5 Accept 80090308 failed request: 2148074248 SEC_E_INVALID_TOKEN"]
    );
    assert_eq!(words::kinds(trace), [Kind::IisLog]);
}

#[test]
fn other_stamped_lines_are_no_logs() {
    for line in [
        "2026-11-18 10:00:00 Logon Error: 18456, Severity: 14, State: 11.",
        "2026-11-18 10:00:00 we tried GET again",
        "10.0.0.50, and then some",
        "# comment",
    ] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(&READER, &format!("{FIELDS}{HEALTHY}{REFUSED}"));
}
