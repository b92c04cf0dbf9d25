//! What mail clients, wikis, consoles and people do to evidence must not change what is read from it.
//!
//! Short artefacts, each with the decisive pieces of its facts; every one goes through every mangling.

// Tests may fail loudly: that is their job.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod mangle;
mod samples;

use doublehop::ingest::{Ingested, Intake};
use mangle::MANGLINGS;
use samples::SAMPLES;

fn ingest(bytes: &[u8]) -> Ingested {
    let mut intake = Intake::new("paste 1");
    intake.push(bytes);
    intake.finish()
}

/// The facts' JSON without their places.
fn facts(got: &Ingested) -> String {
    let facts: Vec<_> = got.artefacts.iter().flat_map(|a| &a.facts).collect();
    serde_json::to_string(&facts).unwrap()
}

fn missing(got: &Ingested, must: &[&str]) -> Vec<String> {
    let json = facts(got);
    must.iter().filter(|m| !json.contains(**m)).map(|m| (*m).to_owned()).collect()
}

#[test]
fn manglings_change_nothing() {
    let mut wrong = Vec::new();
    for mangling in MANGLINGS {
        for sample in SAMPLES.iter().filter(|s| !mangling.not.contains(&s.name)) {
            let got = ingest(&(mangling.apply)(sample.text));
            let kinds: Vec<&str> = got.artefacts.iter().map(|a| a.kind.word()).collect();
            let missing = missing(&got, sample.must);
            if !missing.is_empty() || !kinds.contains(&sample.kind) {
                wrong.push(format!("{} / {}: {kinds:?} lacks {missing:?}", sample.name, mangling.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_cut_paste_tells_what_it_shows() {
    let mut wrong = Vec::new();
    for sample in SAMPLES {
        let Some((at, must)) = sample.cut else { continue };
        let end = sample.text.find(at).unwrap_or_else(|| panic!("{}: {at}", sample.name));
        // A cut at a word: what the word completes is still there when the word is part of what must be read.
        let end = if at == "ok_as_delegate" { end + at.len() } else { end };
        let got = ingest(&sample.text.as_bytes()[..end]);
        let missing = missing(&got, must);
        if !missing.is_empty() {
            wrong.push(format!("{}: {missing:?} in {}", sample.name, facts(&got)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_artefacts_in_one_paste_are_both_read() {
    let mut wrong = Vec::new();
    for (gap, glue) in [("a blank line", "\n"), ("nothing", "")] {
        for first in SAMPLES {
            for second in SAMPLES.iter().filter(|s| s.name != first.name) {
                let got = ingest(format!("{}{glue}{}", first.text, second.text).as_bytes());
                let lacking: Vec<String> = [first.must, second.must].iter().flat_map(|m| missing(&got, m)).collect();
                if !lacking.is_empty() {
                    wrong.push(format!("{} + {} with {gap}: {lacking:?}", first.name, second.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Artefacts as Windows prints them in other languages: the words differ, the shapes do not.
#[test]
fn other_languages_read_by_shape() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "klist",
            &[
                ("Current LogonId is 0:", "Aktuelle Anmelde-ID ist 0:"),
                ("Cached Tickets:", "Zwischengespeicherte Tickets:"),
                ("KerbTicket Encryption Type:", "KerbTicket (Verschlüsselungstyp):"),
                ("Ticket Flags", "Ticketkennzeichen"),
                ("Start Time:", "Startzeit:"),
                ("End Time:", "Endzeit:"),
                ("Renew Time:", "Erneuerungszeit:"),
                ("Session Key Type:", "Sitzungsschlüsseltyp:"),
                ("Cache Flags:", "Cachekennzeichen:"),
                ("Kdc Called:", "Kdc aufgerufen:"),
                ("(local)", "(lokal)"),
            ],
        ),
        (
            "klist",
            &[
                ("Current LogonId is 0:", "LogonId est 0:"),
                ("Cached Tickets:", "Tickets mis en cache :"),
                ("Client:", "Client :"),
                ("Server:", "Serveur :"),
                ("KerbTicket Encryption Type:", "Type de chiffrement KerbTicket :"),
                ("Ticket Flags", "Indicateurs de tickets"),
                ("Start Time:", "Heure de démarrage :"),
                ("End Time:", "Heure de fin :"),
                ("Renew Time:", "Heure de renouvellement :"),
                ("Session Key Type:", "Type de clé de session :"),
                ("Cache Flags:", "Indicateurs de cache :"),
                ("Kdc Called:", "KDC appelé :"),
                ("(local)", "(Local)"),
            ],
        ),
        (
            "klist",
            &[
                ("Current LogonId is 0:", "現在のログオン ID: 0:"),
                ("Cached Tickets:", "キャッシュされたチケット:"),
                ("Client:", "クライアント:"),
                ("Server:", "サーバー:"),
                ("KerbTicket Encryption Type:", "Kerberos チケットの暗号化の種類:"),
                ("Ticket Flags", "チケットのフラグ"),
                ("Start Time:", "開始時刻:"),
                ("End Time:", "終了時刻:"),
                ("Renew Time:", "更新期限:"),
                ("Session Key Type:", "セッション キーの種類:"),
                ("Cache Flags:", "キャッシュ フラグ:"),
                ("Kdc Called:", "呼び出された KDC:"),
                ("(local)", "(ローカル)"),
            ],
        ),
        (
            "nltest",
            &[
                ("List of domain trusts:", "Liste der Domänenvertrauensstellungen:"),
                ("Direct Outbound", "Direkt ausgehend"),
                ("Direct Inbound", "Direkt eingehend"),
                ("Primary Domain", "Primäre Domäne"),
                ("The command completed successfully", "Der Befehl wurde ausgeführt."),
            ],
        ),
        ("nslookup", &[("Server:", "Serveur :"), ("Name:", "Nom :"), ("Address:", "Address:")]),
        ("nslookup", &[("Server:", "Servidor:"), ("Name:", "Nombre:")]),
        ("nslookup", &[("Server:", "サーバー:"), ("Name:", "名前:")]),
        (
            "w32tm",
            &[
                ("Tracking dc01.contoso.com [10.0.0.1:123].", "dc01.contoso.com [10.0.0.1:123] wird verfolgt."),
                ("Collecting 2 samples.", "2 Beispiele werden gesammelt."),
                ("The current time is 11/18/2026 10:00:00 AM.", "Es ist 18.11.2026 10:00:00."),
            ],
        ),
        (
            "whoami /groups",
            &[
                ("GROUP INFORMATION", "GRUPPENINFORMATIONEN"),
                ("Group Name ", "Gruppenname"),
                ("CONTOSO\\Protected Users", "CONTOSO\\Geschützte Benutzer"),
                ("Mandatory group, Enabled group", "Verbindliche Gruppe, Aktivierte Gruppe"),
            ],
        ),
        (
            "SQL",
            &[(
                "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'.",
                "Fehler bei der Anmeldung für den Benutzer 'NT-AUTORITÄT\\ANONYMOUS-ANMELDUNG'.",
            )],
        ),
    ];
    let mut wrong = Vec::new();
    for (name, words) in cases {
        let sample = SAMPLES.iter().find(|s| s.name == *name).unwrap();
        let text = words.iter().fold(sample.text.to_owned(), |text, (from, to)| text.replace(from, to));
        let got = ingest(text.as_bytes());
        let kinds: Vec<&str> = got.artefacts.iter().map(|a| a.kind.word()).collect();
        let missing = missing(&got, sample.must);
        if !missing.is_empty() || !kinds.contains(&sample.kind) {
            wrong.push(format!("{name}: {kinds:?} lacks {missing:?}\n{text}\n{}", facts(&got)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
