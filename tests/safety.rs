//! Secrets never come out, and hostile evidence reaches no script.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod common;

use common::add;
use doublehop::case::Case;
use doublehop::report::Report;

const CAPTURE: &str = include_str!("../static/examples/capture.json");
const KLIST: &str = include_str!("data/klist.txt");
const TOKEN: &str = "YIIHiwYGKwYBBQUCoIIHfzCCB3ugMDAuBgkqhkiC9xIBAgIGCSqGSIb3EgECAgYKKwYBBAGCNwICHgYKKwYBBAGCNwICCqKCB0UEggdBYIIHPQYJKoZIhvcSAQICAQBu";

fn case(texts: &[&str]) -> Case {
    let mut case = Case::new();
    for text in texts {
        add(&mut case, "paste", text.as_bytes(), None);
    }
    case
}

/// Everything that leaves the engine: the report with facts, and every line that may be shown.
fn everything(case: &Case) -> String {
    let report: Report = doublehop::diagnosis::report(case);
    let shown: String = case.held().iter().flat_map(|h| &h.artefact.shown).map(|l| format!("{}\n", l.text)).collect();
    let (report, facts) =
        (serde_json::to_string(&report).unwrap(), serde_json::to_string(&case.report_facts()).unwrap());
    format!("{report}\n{facts}\n{shown}")
}

#[test]
fn tokens_cookies_and_keys_never_come_out() {
    let sensitive = CAPTURE
        .replace(
            "Authorization: [2474 bytes were stripped]",
            &format!("Authorization: Negotiate {TOKEN}\",\"Cookie: sid=hunter2secret"),
        )
        .replace("Persistent-Auth: true", "Set-Cookie: sid=hunter2secret; Path=/");
    let headers =
        format!("GET / HTTP/1.1\nHost: web.contoso.com\nCookie: sid=hunter2secret\nAuthorization: Negotiate {TOKEN}\n");
    let tgt = "Cached TGT:\n\nServiceName        : krbtgt\nTicketFlags        : 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize\n\
               Session Key        : KeyType 0x12 - AES-256-CTS-HMAC-SHA1-96\n                   : KeyLength 32 - 0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9\n";
    let trace = "[1] 1795402075.501363: Encrypted timestamp (for 1795402075.506022): plain 301AA011180F32303236313132333032343735355AA105020307B8A6, encrypted EF0BB00E7E009FAF0630BDBC87802196F2C80DC2154C838D\n";
    let all = everything(&case(&[&sensitive, &headers, tgt, trace, KLIST]));
    for secret in ["hunter2secret", "YIIHiwYGKwYB", "0a1b2c3d4e5f6071", "EF0BB00E7E009FAF"] {
        assert!(!all.contains(secret), "{secret} came out");
    }
    assert!(all.contains("hidden]"), "the lines are there, masked");
}

#[test]
fn hostile_names_reach_no_script() {
    for hostile in [
        "web'; Remove-ADUser x; '",
        "web$(calc)",
        "web`nStop-Computer",
        "web\"&calc&\"",
        "</script><img src=x onerror=alert(1)>",
        "web;shutdown",
    ] {
        let klist = KLIST.replace("intranet.contoso.com", hostile).replace("alice", hostile);
        let capture = CAPTURE.replace("intranet.contoso.com", &hostile.replace('"', "\\\""));
        let account = format!(
            "# front end\nName : {hostile}\nDistinguishedName : CN={hostile},DC=contoso,DC=com\nmsDS-AllowedToDelegateTo : {{HTTP/{hostile}}}\nServicePrincipalNames : {{HTTP/intranet.contoso.com}}\nTrustedForDelegation : False\n"
        );
        let event = format!(
            "A Kerberos error message was received:\n Error Code: 0xd KDC_ERR_BADOPTION\n Server Name: HTTP/{hostile}\n Target Name: HTTP/{hostile}@CONTOSO.COM\n"
        );
        let report = doublehop::diagnosis::report(&case(&[&klist, &capture, &account, &event]));
        for finding in &report.findings {
            for fix in &finding.fix {
                for script in [&fix.script, &fix.undo, &fix.verify] {
                    for word in ["Remove-ADUser", "$(calc)", "Stop-Computer", "&calc", "onerror", "shutdown"] {
                        assert!(!script.contains(word), "{}: {hostile} reached {script}", finding.id);
                    }
                }
            }
        }
    }
}

/// No placeholder is left in braces, whatever is known.
#[test]
fn every_brace_is_filled() {
    let names =
        ["{site}", "{fe", "{be", "{user", "{spn", "{browser}", "{policy", "{set_", "{get_", "{net_", "{restart"];
    for texts in [&[KLIST, CAPTURE][..], &[][..]] {
        let report = doublehop::diagnosis::report(&case(texts));
        assert!(!report.findings.is_empty());
        let all = serde_json::to_string(&report.findings).unwrap();
        for name in names {
            assert!(!all.contains(name), "{name} is left in a text");
        }
    }
}
