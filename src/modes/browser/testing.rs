//! Short artefacts that the tests of this family share.

use crate::diagnosis::testing::POLICY_EMPTY;

const HEAD: &str = r#"{"constants":{"clientInfo":{"name":"Microsoft Edge","os_type":"SYSTEM","version":"138.0.3351.95"},"logCaptureMode":"Default","logEventPhase":{"PHASE_BEGIN":1,"PHASE_END":2,"PHASE_NONE":0},"logEventTypes":{"AUTH_BOUND_TO_CONTROLLER":32,"AUTH_CONTROLLER":31,"AUTH_HANDLER_CREATE_RESULT":33,"AUTH_HANDLE_CHALLENGE":36,"AUTH_LIBRARY_IMPORT_NAME":39,"AUTH_LIBRARY_INIT_SEC_CTX":41,"COMPUTED_PRIVACY_MODE":44,"HTTP_TRANSACTION_READ_RESPONSE_HEADERS":236,"HTTP_TRANSACTION_SEND_REQUEST_HEADERS":233,"URL_REQUEST_START_JOB":18},"logFormatVersion":1,"logSourceType":{"HTTP_AUTH_CONTROLLER":40,"SOCKET":10,"URL_REQUEST":1},"timeTickOffset":"1763450000000"},
"events": [
"#;

/// The events of one conversation with `url`: `inside` stands in the challenge, `behind` after it. Each event ends with a comma.
pub fn capture(system: &str, url: &str, inside: &str, behind: &str) -> String {
    let mut out = HEAD.replace("SYSTEM", system);
    out.push_str(&format!(
        r#"{{"params":{{"method":"GET","url":"{url}"}},"phase":1,"source":{{"id":201,"type":1}},"time":"90212","type":18}},
{{"params":{{"headers":["HTTP/1.1 401 Unauthorized","WWW-Authenticate: Negotiate","WWW-Authenticate: NTLM"]}},"phase":0,"source":{{"id":201,"type":1}},"time":"90224","type":236}},
{{"params":{{"target":"server","url":"{url}"}},"phase":1,"source":{{"id":202,"type":40}},"time":"90225","type":31}},
{{"params":{{"source_dependency":{{"id":202,"type":40}}}},"phase":0,"source":{{"id":201,"type":1}},"time":"90225","type":32}},
{{"phase":1,"source":{{"id":202,"type":40}},"time":"90225","type":36}},
{inside}{{"phase":2,"source":{{"id":202,"type":40}},"time":"90226","type":36}},
{behind}{{"params":{{}},"phase":2,"source":{{"id":202,"type":40}},"time":"90290","type":31}}],
"polledData": {{}}}}
"#
    ));
    out
}

/// A conversation that gets no further than its handler, with these parameters of AUTH_HANDLER_CREATE_RESULT.
pub fn handler(params: &str, system: &str) -> String {
    let event = format!(
        "{{\"params\":{{{params}}},\"phase\":0,\"source\":{{\"id\":202,\"type\":40}},\"time\":\"90226\",\"type\":33}},\n"
    );
    capture(system, "https://intranet.contoso.com/reports/", &event, "")
}

/// The second leg's end: a library call for `spn` with `end` as END parameters, and how the server answered.
pub fn call(begin: &str, end: &str, answer: &str) -> String {
    format!(
        r#"{{"params":{{{begin}}},"phase":1,"source":{{"id":202,"type":40}},"time":"90229","type":41}},
{{"params":{{{end}}},"phase":2,"source":{{"id":202,"type":40}},"time":"90235","type":41}},
{{"params":{{"headers":["Authorization: [2474 bytes were stripped]"],"line":"GET / HTTP/1.1\r\n"}},"phase":0,"source":{{"id":201,"type":1}},"time":"90239","type":233}},
{{"params":{{"headers":["{answer}","WWW-Authenticate: Negotiate"]}},"phase":0,"source":{{"id":201,"type":1}},"time":"90248","type":236}},
"#
    )
}

/// Windows: the library ends with this mechanism.
pub fn windows(url: &str, spn: &str, mechanism: &str, answer: &str) -> String {
    let begin = format!(r#""flags":{{"delegated":false,"mutual":false,"value":"0x00000000"}},"spn":"{spn}""#);
    let end = format!(
        r#""context":{{"flags":{{"delegated":false,"mutual":false,"value":"0x00001000"}},"mechanism":"{mechanism}","open":true}},"status":{{"net_error":0,"security_status":590610}}"#
    );
    capture("Windows NT", url, "", &call(&begin, &end, answer))
}

/// Linux: the library makes a Kerberos token and forwards nothing.
pub fn linux(answer: &str) -> String {
    let name = r#"{"params":{"spn":"HTTP@intranet.contoso.com"},"phase":0,"source":{"id":202,"type":40},"time":"90228","type":39},
"#;
    let end = r#""context":{"flags":{"delegated":false,"mutual":false,"value":"0x00000030"},"mechanism":{"bytes":"KoZIhvcSAQIC","length":9},"open":false,"source":{"name":"alice@CONTOSO.COM"},"target":{"name":"HTTP/intranet.contoso.com@CONTOSO.COM"}},"status":{"function":"gss_init_sec_context","major_status":{"status":1},"minor_status":{"status":0}}"#;
    capture("Linux", "https://intranet.contoso.com/reports/", "", &format!("{name}{}", call("", end, answer)))
}

/// Linux: the library fails.
pub fn linux_fails(major: i64, message: &str) -> String {
    let name = r#"{"params":{"spn":"HTTP@intranet.contoso.com"},"phase":0,"source":{"id":202,"type":40},"time":"90228","type":39},
"#;
    let end = format!(
        r#"{{"params":{{"status":{{"function":"gss_init_sec_context","major_status":{{"status":{major}}},"minor_status":{{"message":["{message}"],"status":100001}}}}}},"phase":2,"source":{{"id":202,"type":40}},"time":"90235","type":41}},
"#
    );
    capture("Linux", "https://intranet.contoso.com/reports/", "", &format!("{name}{end}"))
}

/// edge://policy with one row more.
pub fn policy(name: &str, value: &str) -> String {
    format!("{POLICY_EMPTY}\n{name} | {value} | Platform | Device | Mandatory | OK")
}

/// MIT's `klist -f` on the PC: the flags of the TGT and of the ticket for the site.
pub fn klist_mit(tgt: &str, ticket: &str) -> String {
    format!(
        "$ klist -f\nTicket cache: FILE:/tmp/krb5cc_1000\nDefault principal: alice@CONTOSO.COM\n\n\
         Valid starting       Expires              Service principal\n\
         11/18/2026 08:12:04  11/18/2026 18:12:04  krbtgt/CONTOSO.COM@CONTOSO.COM\n\trenew until 11/25/2026 08:12:04, Flags: {tgt}\n\
         11/18/2026 08:14:37  11/18/2026 18:12:04  HTTP/intranet.contoso.com@CONTOSO.COM\n\trenew until 11/25/2026 08:12:04, Flags: {ticket}\n"
    )
}
