//! Who is who, where several people and services speak in one paste.

use crate::diagnosis::testing::{
    KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY, accounts, diagnose, event_3, status,
};
use crate::report::Status::*;

const UNKNOWN: &str = "0x7 KDC_ERR_S_PRINCIPAL_UNKNOWN";

fn unknown(spn: &str) -> String {
    event_3(spn).replace("0xd KDC_ERR_BADOPTION", UNKNOWN)
}

fn back_end(pastes: &[&str]) -> Option<String> {
    diagnose(pastes).topology.back_end_spn
}

#[test]
fn the_back_end_is_what_the_delegation_was_refused_for() {
    let sql = "MSSQLSvc/sql01.contoso.com:1433";
    let (localhost, files) = (unknown("LDAP/localhost"), unknown("cifs/fileold.contoso.com"));
    let refused = event_3(sql);
    for noise in [&localhost, &files, &unknown("ldap/dc07.contoso.com/contoso.com"), &unknown("cifs/localhost")] {
        assert_eq!(back_end(&[&format!("{noise}\n{refused}")]).as_deref(), Some(sql));
        assert_eq!(back_end(&[&format!("{refused}\n{noise}")]).as_deref(), Some(sql));
    }
    assert_eq!(back_end(&[&localhost]), None);
    // One name that nobody knows is the back end's; of two only what something else names as well.
    let other = unknown(sql);
    assert_eq!(back_end(&[&other]).as_deref(), Some(sql));
    let both = format!("{files}\n{other}");
    assert_eq!(back_end(&[&both]), None);
    assert_eq!(status("be-spn-missing", &[&both]), Possible);
    assert_eq!(status("be-spn-missing", &[&other]), Likely);
    assert_eq!(back_end(&[&both, &accounts(&[sql], "contoso.com", "HTTP/x.contoso.com", "")]).as_deref(), Some(sql));
    // A list that names another machine makes it two.
    let list = accounts(&["HTTP/api.contoso.com"], "contoso.com", sql, "");
    assert_eq!(status("be-spn-missing", &[&files, &list]), Possible);
    let report = diagnose(&[&format!("{localhost}\n{files}\n{refused}"), &list]);
    let top = &report.findings[0];
    assert_eq!((top.id.as_str(), top.status), ("kcd-spn-not-in-list", Confirmed));
    assert!(top.title.contains(sql) && top.fix.iter().all(|f| !f.script.contains("localhost")), "{top:?}");
}

const VISIT: &str = "[2026/11/23 02:48:42.503167,  3] ../../source4/auth/kerberos/krb5_init_context.c:90(smb_krb5_debug_wrapper)
  Kerberos: TGS-REQ ERR_S_PRINCIPAL_UNKNOWN ipv4:10.20.0.10:48004 alice@CONTOSO.COM HTTP/intranet.contoso.com@CONTOSO.COM elapsed=0.001853 armor_client_name=alice@CONTOSO.COM reason=Service principal unknown
";
const VISIT_4769: &str = "Event ID:      4769\nDescription:\nA Kerberos service ticket was requested.\n\n\tAccount Name:\t\talice@CONTOSO.COM\n\tService Name:\t\tHTTP/intranet.contoso.com\n\
     \tTicket Options:\t\t0x40810000\n\tFailure Code:\t\t0x7\n";

#[test]
fn a_visitor_is_not_the_account_that_runs_the_site() {
    let dump = "dn: CN=Alice,CN=Users,DC=contoso,DC=com\nsAMAccountName: alice\nuserAccountControl: 512\n\n\
         dn: CN=svc-web,CN=Users,DC=contoso,DC=com\nsAMAccountName: svc-web\nservicePrincipalName: HTTP/web01.contoso.com\nuserAccountControl: 512\n";
    for visit in [VISIT, VISIT_4769] {
        let report = diagnose(&[NET_EXPORT_NOT_ASKED, dump, visit]);
        assert_eq!(report.topology.front_end_account, None, "{visit}");
        let scripts: String = report.findings.iter().flat_map(|f| f.fix.iter().map(|x| x.script.as_str())).collect();
        assert!(!scripts.contains("\"alice\"") && !scripts.contains("'alice'"), "{visit}");
    }
}

#[test]
fn a_ticket_that_somebody_asked_for_is_not_the_web_servers() {
    let etype = VISIT_4769.replace("0x7", "0xE").replace("HTTP/intranet.contoso.com", "HOST/vm01.contoso.com");
    assert_eq!(status("be-etype-mismatch", &[&etype]), Possible);
    assert_eq!(status("be-etype-mismatch", &[&etype.replace("HOST/", "MSSQLSvc/")]), Possible);
    let twice = "Event ID:      11\nSource:        Microsoft-Windows-Kerberos-Key-Distribution-Center\nDescription:\nThe KDC encountered duplicate names while processing a Kerberos authentication request. \
         The duplicate name is host/vm02.contoso.com (of type DS_SERVICE_PRINCIPAL_NAME). This may result in authentication failures.\n";
    let report = diagnose(&[twice]);
    assert!(!report.findings.iter().any(|f| f.status.asserted()), "{:?}", report.verdict);
    assert_eq!(report.topology.back_end_spn, None);
    // On behalf of a user only a service asks.
    let delegated = etype.replace("HOST/", "MSSQLSvc/").replace("0x40810000", "0x40830000");
    assert_eq!(status("be-etype-mismatch", &[&delegated.replace("alice", "svc-web")]), Confirmed);
}

#[test]
fn forwarded_tickets_in_a_shell_prove_nothing_of_a_web_server() {
    let shell = "$ klist -f\nTicket cache: /tmp/krb5cc_p11795\nDefault principal: alice@CONTOSO.COM\n\nValid starting     Expires            Service principal\n\
         07/31/05 11:52:29  07/31/05 21:11:23  krbtgt/CONTOSO.COM@CONTOSO.COM\n\tFlags: Ff\n\
         07/31/05 12:03:48  07/31/05 21:11:23  host/db.contoso.com@CONTOSO.COM\n\tFlags: Ff\n";
    let end = |text: &str| diagnose(&[text]).verdict.top;
    assert_eq!(end(shell), None);
    assert_eq!(end(&shell.replace("host/db", "HTTP/api")).as_deref(), Some("healthy-unconstrained"));
}

const LISTED: &str = "\nAuthNegotiateDelegateAllowlist | *.contoso.com | Platform | Device | Mandatory | OK\n";

/// Both sides of the contradictions.
fn sides(pastes: &[&str]) -> Vec<(String, String)> {
    let says = |b: &[crate::report::Because]| b.iter().map(|b| b.says.clone()).collect::<Vec<_>>().join("; ");
    let all = diagnose(pastes).contradictions;
    all.iter().map(|c| (says(&c.one), says(&c.other))).collect()
}

#[test]
fn lists_of_policies_that_contradict_each_other() {
    let with = format!("{POLICY_EMPTY}{LISTED}");
    let without = POLICY_EMPTY;
    for pair in [[with.as_str(), without], [without, with.as_str()]] {
        let all = [KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, pair[0], pair[1]];
        assert_eq!(sides(&all).len(), 1);
        let report = diagnose(&all);
        assert!(!report.findings.iter().any(|f| f.status == Confirmed), "{:?}", report.verdict);
        assert_eq!(report.observations.iter().find(|o| o.question == "pol"), None);
    }
    assert_eq!(sides(&[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, &with, &with]), []);
    // Another browser's list is another matter.
    let chrome = POLICY_EMPTY.replace("Microsoft Edge", "Chrome");
    assert_eq!(sides(&[KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, &with, &chrome]), []);
}

#[test]
fn the_newer_ticket_counts_and_without_times_neither() {
    let plain = KLIST_DELEGATABLE.replace("0x40a50000", "0x40a10000").replace("ok_as_delegate ", "");
    let later = plain.replace("8:14:37", "9:14:37");
    let tkt = |pastes: &[&str]| {
        let all = diagnose(pastes).observations;
        all.into_iter().find(|o| o.question == "tkt").map(|o| o.option)
    };
    assert_eq!(tkt(&[KLIST_DELEGATABLE, &later]).as_deref(), Some("F"));
    assert_eq!(tkt(&[&later, KLIST_DELEGATABLE]).as_deref(), Some("F"));
    assert_eq!((tkt(&[KLIST_DELEGATABLE, &plain]), sides(&[KLIST_DELEGATABLE, &plain]).len()), (None, 1));
    let timeless = |text: &str| text.replace("\tStart Time: 11/18/2026 8:14:37 (local)\n", "");
    assert_eq!(sides(&[&timeless(KLIST_DELEGATABLE), &timeless(&plain)]).len(), 1);
}

#[test]
fn dumps_of_one_account_that_contradict_each_other() {
    let sql = "MSSQLSvc/sql01.contoso.com:1433";
    let api = "HTTP/api.contoso.com";
    let (old, new) = (accounts(&[api], "contoso.com", sql, ""), accounts(&[sql], "contoso.com", sql, ""));
    let refused = event_3(sql);
    let id = "kcd-spn-not-in-list";
    assert_eq!(status(id, &[&refused, &old]), Confirmed);
    for pair in [[&old, &new], [&new, &old]] {
        assert_ne!(status(id, &[&refused, pair[0], pair[1]]), Confirmed);
        assert_eq!(sides(&[&refused, pair[0], pair[1]]).len(), 1);
    }
    assert_eq!(sides(&[&refused, &old, &old]), []);
    let at = |text: &str, time: &str| text.replacen("ObjectClass ", &format!("whenChanged : {time}\nObjectClass "), 1);
    let changed = |at_old: &str, at_new: &str| [refused.clone(), at(&old, at_old), at(&new, at_new)];
    let judged = |all: [String; 3]| {
        let all = all.each_ref().map(String::as_str);
        (status(id, &all), sides(&all).len())
    };
    assert_eq!(judged(changed("11/18/2026 9:30:00 AM", "11/18/2026 9:00:00 AM")), (Confirmed, 0));
    let (now, sides) = judged(changed("11/18/2026 8:00:00 AM", "11/18/2026 9:00:00 AM"));
    assert_eq!((now != Confirmed, sides), (true, 0));
}

#[test]
fn no_account_for_a_name_that_has_a_ticket() {
    let none = "C:\\> setspn -Q HTTP/intranet.contoso.com\nChecking domain DC=contoso,DC=com\n\nNo such SPN found.\n";
    let both = sides(&[none, KLIST_DELEGATABLE]);
    assert_eq!(both.len(), 1);
    assert!(both[0].0.contains("no such SPN") && both[0].1.contains("ticket for this name"), "{both:?}");
    assert_ne!(status("fe-spn-missing", &[none, KLIST_DELEGATABLE]), Confirmed);
}

#[test]
fn a_word_against_the_evidence_confirms_nothing() {
    let mut case = crate::case::Case::new();
    for paste in [KLIST_DELEGATABLE, NET_EXPORT_NOT_ASKED, POLICY_EMPTY] {
        let mut intake = crate::ingest::Intake::new("paste");
        intake.push(paste.as_bytes());
        case.add(intake.finish());
    }
    let of = |case: &crate::case::Case| {
        let report = crate::diagnosis::report(case);
        let id = |id: &str| report.findings.iter().find(|f| f.id == id).map(|f| f.status);
        (id("edge-not-restarted"), id("edge-delegate-allowlist-missing"), report.contradictions.len())
    };
    assert_eq!(of(&case), (Some(RuledOut), Some(Confirmed), 0));
    case.answer("pol", Some("ok"));
    assert_eq!(of(&case), (Some(Likely), Some(RuledOut), 1));
    let report = crate::diagnosis::report(&case);
    let said = &report.contradictions[0].one[0].says;
    assert!(said.starts_with("you said: It is there and the host matches"), "{said}");
    case.answer("pol", Some("abs"));
    assert_eq!(of(&case).2, 0);
}

fn problems(text: &str) -> Vec<String> {
    let all = diagnose(&[text]).artefacts;
    all.into_iter().flat_map(|a| a.problems).map(|p| p.says).collect()
}

#[test]
fn what_is_seen_on_healthy_machines_is_called_so() {
    for (code, name) in [
        ("0x19 KDC_ERR_PREAUTH_REQUIRED", "krbtgt/CONTOSO.COM"),
        ("0x34 KRB_ERR_RESPONSE_TOO_BIG", "HTTP/api.contoso.com"),
        (UNKNOWN, "LDAP/localhost"),
    ] {
        let text = event_3(name).replace("0xd KDC_ERR_BADOPTION", code);
        let told = problems(&text);
        assert!(told.len() == 1 && (told[0].contains("expected") || told[0].contains("usual")), "{told:?}");
        assert_eq!(back_end(&[&text]), None);
    }
    assert_eq!(problems(&unknown("MSSQLSvc/sql01.contoso.com:1433")), [""; 0]);
    assert_eq!(problems(&event_3("LDAP/localhost")), [""; 0]);
}

#[test]
fn short_words_and_other_languages_are_read() {
    assert!(problems("0xc000040b\n")[0].contains("STATUS_CROSSREALM_DELEGATION_FAILURE"));
    assert!(problems("hello there\n")[0].starts_with("Not recognised"));
    let option = |text: &str, question: &str| {
        let all = diagnose(&[text]).observations;
        all.into_iter().find(|o| o.question == question).map(|o| o.option)
    };
    let told =
        "the page works with IE but in Edge our report says Login failed for user NT AUTHORITY\\ANONYMOUS LOGON\n";
    assert_eq!(option(told, "bes").as_deref(), Some("anon"));
    let tgt = "Aktuelle Anmelde-ID ist 0:0x5b1f2\n\nZwischengespeichertes TGT:\n\nDienstname        : krbtgt\nZielname (SPN)     : krbtgt\nClientname         : alice\n\
         Domänenname          : CONTOSO.COM\nZieldomänenname    : CONTOSO.COM\nAlternativer Zieldomänenname: CONTOSO.COM\n\
         Ticketkennzeichen        : 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize\nSitzungsschlüssel : Schlüsseltyp 0x12 - AES-256-CTS-HMAC-SHA1-96\n";
    assert_eq!(option(tgt, "usr").as_deref(), Some("n"));
    let get = "C:\\>klist get HTTP/intranet.contoso.com\nAktuelle Anmelde-ID ist 0:0x5b1f2\nFehler beim Aufrufen der API LsaCallAuthenticationPackage (Ticketunterstatus abrufen): 0x6fb\n\n\
         Fehler bei klist mit 0xc000018b/-1073741429: Die SAM-Datenbank auf dem Windows Server enthält kein Computerkonto für die Vertrauensstellung dieser Arbeitsstation.\n";
    assert_eq!(option(get, "tkt").as_deref(), Some("0"));
    assert_eq!(option(get.split_once('\n').unwrap().1, "tkt").as_deref(), Some("0"));
}

#[test]
fn a_redirect_is_no_sign_in() {
    let hop1 = |text: &str| {
        let all = diagnose(&[text]).observations;
        all.into_iter().find(|o| o.question == "hop1").map(|o| o.option)
    };
    let offer = "POST /wsman HTTP/1.1\nHost: web.contoso.com\nAuthorization: Negotiate TlRMTVNTUAABAAAAt4II4gAAAAAAAAAAAAAAAAAAAAAKALpHAAAADw==\n";
    // Whoever answers Negotiate with NTLM's own first message has no Kerberos ticket to offer.
    assert_eq!(hop1(offer).as_deref(), Some("N"));
    let asked = "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\n\n";
    assert_eq!(hop1(&format!("{asked}{offer}")).as_deref(), Some("N"));
    let token = "YIIFjgYGKwYBBQUCoIIFgjCCBX6gMDAuBgkqhkiC9xIBAgIGCSqGSIb3EgECAgYK";
    let sent = format!("GET / HTTP/1.1\nHost: web.contoso.com\nAuthorization: Negotiate {token}\n\n");
    let (moved, fine) = ("HTTP/1.1 302 Found\nLocation: https://x.contoso.com/\n", "HTTP/1.1 200 OK\n");
    assert_eq!(hop1(&format!("{sent}{moved}")), None);
    assert_eq!(hop1(&format!("{asked}{sent}{moved}")).as_deref(), Some("K"));
    assert_eq!(hop1(&format!("{sent}{fine}")).as_deref(), Some("K"));
}

#[test]
fn commands_of_windows_are_told_from_those_of_a_linux_server() {
    let list = accounts(&["HTTP/x.contoso.com"], "contoso.com", "HTTP/api.contoso.com", "");
    let refused = VISIT
        .replace("ERR_S_PRINCIPAL_UNKNOWN", "ERR_BADOPTION")
        .replace(
            "alice@CONTOSO.COM HTTP/intranet.contoso.com",
            "HTTP/intranet.contoso.com@CONTOSO.COM HTTP/api.contoso.com",
        )
        .replace("elapsed", "impersonatee=alice@CONTOSO.COM elapsed")
        .replace("reason=Service principal unknown", "reason=Constrained delegation not allowed");
    let apache =
        "10.20.0.10 - alice@CONTOSO.COM [23/Nov/2026:02:48:42 +0000] \"GET / HTTP/1.1\" 200 12 \"-\" \"curl/8.5.0\"\n";
    let risk = |pastes: &[&str]| {
        let top = diagnose(pastes).findings.remove(0);
        assert_eq!((top.id.as_str(), top.status), ("kcd-spn-not-in-list", Confirmed));
        top.fix[0].risk.clone()
    };
    assert!(!risk(&[&list, &refused]).contains("commands of Windows"));
    assert!(risk(&[&list, &refused, apache]).contains("commands of Windows"));
    assert!(!risk(&[&list, &event_3("HTTP/api.contoso.com"), apache]).contains("commands of Windows"));
}

#[test]
fn an_empty_case_begins_with_the_steps_that_were_written_down() {
    let (at_once, found) = (super::opening(), super::report(&crate::case::Case::new()));
    let first = at_once.next.len();
    assert_eq!(first, 3);
    for (step, of) in at_once.next.iter().zip(&found.next) {
        assert_eq!((&step.id, &step.ask, &step.options, &step.how), (&of.id, &of.ask, &of.options, &of.how));
    }
    assert_eq!(at_once.verdict.state, found.verdict.state);
}
