//! The engine from a terminal: files in, Report out. Also the harness for the corpus.
//!
//! ```text
//! diagnose [--answer ID=OPTION]… [--now RFC3339] [--facts] [ROLE=]FILE…
//! ```
//!
//! Each file may hold several artefacts; `-` is standard input; the roles are `client`, `front-end`, `back-end`, `dc`,
//! `unknown`. Exits 0 whatever the verdict, 2 for bad arguments or a file that can't be read.

use doublehop::case::Case;
use doublehop::facts::Role;
use doublehop::ingest::Intake;
use doublehop::vocabulary::civil;
use std::fs::File;
use std::io::Read;
use std::process::ExitCode;

const USAGE: &str = "usage: diagnose [--answer ID=OPTION]... [--now RFC3339] [--facts] [ROLE=]FILE...";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(says) => {
            eprintln!("diagnose: {says}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<String, String> {
    let mut case = Case::new();
    let mut with_facts = false;
    let mut any = false;
    while let Some(arg) = args.next() {
        let mut value = |name: &str| args.next().ok_or(format!("{name} needs a value"));
        match arg.as_str() {
            "--facts" => with_facts = true,
            "--answer" => {
                let pair = value("--answer")?;
                let (id, option) = pair.split_once('=').ok_or(format!("--answer takes ID=OPTION, not {pair}"))?;
                case.answer(id, Some(option));
                any = true;
            }
            "--now" => {
                let text = value("--now")?;
                let now =
                    civil::rfc3339(&text).ok_or(format!("--now takes a time like 2026-11-23T02:48:05Z, not {text}"))?;
                case.set_now(Some(now));
            }
            "-h" | "--help" => return Err("reads evidence and prints a report".to_owned()),
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            file => {
                add(&mut case, file)?;
                any = true;
            }
        }
    }
    if !any {
        return Err("no file and no answer given".to_owned());
    }
    let mut report = doublehop::diagnosis::report(&case);
    if with_facts {
        report.facts = Some(case.report_facts());
    }
    serde_json::to_string_pretty(&report).map_err(|e| e.to_string())
}

fn add(case: &mut Case, argument: &str) -> Result<(), String> {
    let (role, path) = match argument.split_once('=') {
        Some((word, path)) if Role::parse(word).is_some() => (Role::parse(word), path),
        _ => (None, argument),
    };
    let name = std::path::Path::new(path).file_name().map_or(path.to_owned(), |n| n.to_string_lossy().into_owned());
    let mut intake = Intake::new(&name).with_role(role);
    let mut source: Box<dyn Read> = match path {
        "-" => Box::new(std::io::stdin()),
        path => Box::new(File::open(path).map_err(|e| format!("{path}: {e}"))?),
    };
    let mut piece = vec![0u8; 1 << 20];
    loop {
        let n = source.read(&mut piece).map_err(|e| format!("{path}: {e}"))?;
        let Some(bytes) = piece.get(..n).filter(|b| !b.is_empty()) else { break };
        intake.push(bytes);
    }
    case.add(intake.finish());
    Ok(())
}
