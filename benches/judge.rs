//! Judging once the facts are in, which the page does after every answer: `cargo bench --bench judge`. The bar is 5 ms.
//!
//! Every scenario of the lab in one case, where the corpus is beside the repository; and a case of our own with many sites.

#![allow(missing_docs, clippy::unwrap_used, clippy::arithmetic_side_effects)] // criterion's own macros; a bench may stop

use criterion::{Criterion, criterion_group, criterion_main};
use doublehop::case::Case;
use doublehop::diagnosis;
use doublehop::ingest::Intake;
use std::fmt::Write;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The best of so many is what the machine can do when other work leaves it alone.
const RUNS: usize = 400;
/// So many web servers in the generated case.
const SITES: usize = 20;

fn add(case: &mut Case, name: &str, bytes: &[u8]) {
    let mut intake = Intake::new(name);
    intake.push(bytes);
    case.add(intake.finish());
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, all)
        } else if !path.ends_with("scenario.md") {
            all.push(path)
        }
    }
}

fn lab() -> Option<Case> {
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/lab"), &mut all);
    all.sort();
    let mut case = Case::new();
    for path in &all {
        add(&mut case, &path.to_string_lossy(), &std::fs::read(path).unwrap());
    }
    (!all.is_empty()).then_some(case)
}

/// A ticket for every site, with the account that runs it and what the web server was answered for its back end.
fn many_sites() -> Case {
    let mut case = Case::new();
    let mut klist = String::from("Current LogonId is 0:0x5b1f2\n\nCached Tickets: (20)\n");
    let (mut accounts, mut events) = (String::new(), String::new());
    for n in 0..SITES {
        let _ = write!(
            klist,
            "\n#{n}>\tClient: maria @ CONTOSO.COM\n\tServer: HTTP/web{n:02}.contoso.com @ CONTOSO.COM\n\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\t\
             Ticket Flags 0x40a10000 -> forwardable renewable pre_authent name_canonicalize\n\tStart Time: 11/24/2026 8:00:0{} (local)\n\tEnd Time:   11/24/2026 18:00:00 (local)\n\tCache Flags: 0\n\tKdc Called: DC01.contoso.com\n",
            n % 10
        );
        let _ = write!(
            accounts,
            "DistinguishedName : CN=svc-web{n:02},OU=Service,DC=contoso,DC=com\nSamAccountName : svc-web{n:02}\nServicePrincipalNames : {{HTTP/web{n:02}.contoso.com}}\n\
             msDS-AllowedToDelegateTo : {{MSSQLSvc/sql{n:02}.contoso.com:1433}}\nTrustedForDelegation : False\nTrustedToAuthForDelegation : False\n\n"
        );
        let _ = write!(
            events,
            "Log Name:      System\nSource:        Microsoft-Windows-Security-Kerberos\nEvent ID:      3\nComputer:      WEB{n:02}.contoso.com\nDescription:\nA Kerberos error message was received:\n \
             Error Code: 0xd KDC_ERR_BADOPTION\n Server Name: MSSQLSvc/sql{n:02}.contoso.com:1433\n Target Name: MSSQLSvc/sql{n:02}.contoso.com:1433@CONTOSO.COM\n\n"
        );
    }
    add(&mut case, "klist.txt", klist.as_bytes());
    add(&mut case, "accounts.txt", accounts.as_bytes());
    add(&mut case, "events.txt", events.as_bytes());
    case
}

fn time(case: &Case) -> Duration {
    let start = Instant::now();
    let report = diagnosis::report(black_box(case));
    let took = start.elapsed();
    drop(report);
    took
}

fn judge(c: &mut Criterion) {
    let mut words = Case::new();
    words.answer("scope", Some("all"));
    let cases = [("words", Some(words)), ("lab", lab()), ("many sites", Some(many_sites()))];
    for (name, case) in cases.iter().filter_map(|(name, case)| case.as_ref().map(|case| (name, case))) {
        let report = diagnosis::report(case);
        let facts: usize = report.artefacts.iter().map(|a| a.facts).sum();
        let best = (0..RUNS).map(|_| time(case)).min().unwrap_or_default();
        let (artefacts, sites) = (report.artefacts.len(), report.sites.len());
        println!("{name}: {artefacts} artefacts, {facts} facts, {sites} sites; best of {RUNS}: {best:?}");
        c.bench_function(&format!("judge {name}"), |b| b.iter(|| diagnosis::report(black_box(case))));
    }
}

criterion_group!(benches, judge);
criterion_main!(benches);
