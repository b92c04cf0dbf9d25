//! The engine from a terminal: files in, Report out. Also the harness for the corpus.
//!
//! ```text
//! diagnose [--answer ID=OPTION]… [--now RFC3339] [--facts] [ROLE=]FILE…
//! ```
//!
//! Each file may hold several artefacts (and several files may be one: the pieces of a log that was never stopped); `-` is
//! standard input; the roles are `client`, `front-end`, `back-end`, `dc`,
//! `unknown`. Exits 0 whatever the verdict, 2 for bad arguments or a file that can't be read.

use doublehop::case::Case;
use doublehop::facts::Role;
use doublehop::ingest::{Intake, pieces};
use doublehop::report::Report;
use doublehop::vocabulary::civil;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
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
    let mut files = Vec::new();
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
            file => files.push(Named::of(file)),
        }
    }
    add_all(&mut case, &files)?;
    if !any && files.is_empty() {
        return Err("no file and no answer given".to_owned());
    }
    let report = doublehop::diagnosis::report(&case);
    let printed = if with_facts {
        serde_json::to_string_pretty(&WithFacts { report: &report, facts: case.report_facts() })
    } else {
        serde_json::to_string_pretty(&report)
    };
    printed.map_err(|e| e.to_string())
}

/// The report, and every fact that it rests on.
#[derive(serde::Serialize)]
struct WithFacts<'r> {
    #[serde(flatten)]
    report: &'r Report,
    facts: Vec<serde_json::Value>,
}

/// A file on the command line.
struct Named {
    name: String,
    path: String,
    role: Option<Role>,
}

impl Named {
    fn of(argument: &str) -> Named {
        let (role, path) = match argument.split_once('=') {
            Some((word, path)) if Role::parse(word).is_some() => (Role::parse(word), path),
            _ => (None, argument),
        };
        let name = std::path::Path::new(path).file_name().map_or(path.to_owned(), |n| n.to_string_lossy().into_owned());
        Named { name, path: path.to_owned(), role }
    }

    fn wrong(&self, error: &std::io::Error) -> String {
        format!("{}: {error}", self.path)
    }

    /// The first and the last bytes, which say whether this is a piece of something.
    fn ends(&self) -> Result<(Vec<u8>, Vec<u8>), String> {
        let read = || -> std::io::Result<(Vec<u8>, Vec<u8>)> {
            let mut file = File::open(&self.path)?;
            let (mut head, mut tail) = (Vec::new(), Vec::new());
            file.by_ref().take(pieces::HEAD as u64).read_to_end(&mut head)?;
            let length = file.seek(SeekFrom::End(0))?;
            file.seek(SeekFrom::Start(length.saturating_sub(pieces::TAIL as u64)))?;
            file.read_to_end(&mut tail)?;
            Ok((head, tail))
        };
        // A pipe has no end to look at: it is read as it comes.
        if self.path == "-" || !std::fs::metadata(&self.path).map_err(|e| self.wrong(&e))?.is_file() {
            return Ok((Vec::new(), Vec::new()));
        }
        read().map_err(|e| self.wrong(&e))
    }

    fn pump(&self, intake: &mut Intake) -> Result<(), String> {
        let mut source: Box<dyn Read> = match self.path.as_str() {
            "-" => Box::new(std::io::stdin()),
            path => Box::new(File::open(path).map_err(|e| self.wrong(&e))?),
        };
        let mut piece = vec![0u8; 1 << 20];
        loop {
            let n = source.read(&mut piece).map_err(|e| self.wrong(&e))?;
            let Some(bytes) = piece.get(..n).filter(|b| !b.is_empty()) else { return Ok(()) };
            intake.push(bytes);
        }
    }
}

fn add_all(case: &mut Case, files: &[Named]) -> Result<(), String> {
    let ends = files.iter().map(Named::ends).collect::<Result<Vec<_>, String>>()?;
    let looked_at: Vec<pieces::File<'_>> =
        files.iter().zip(&ends).map(|(file, (head, tail))| pieces::File { name: &file.name, head, tail }).collect();
    for group in pieces::plan(&looked_at) {
        let parts: Vec<&Named> = group.files.iter().filter_map(|at| files.get(*at)).collect();
        let names: Vec<&str> = parts.iter().map(|p| p.name.as_str()).collect();
        let role = parts.iter().find_map(|p| p.role);
        let mut intake = Intake::new(&pieces::title(&names)).with_role(role);
        for part in &parts {
            if parts.len() > 1 {
                intake.next_piece(&part.name);
            }
            part.pump(&mut intake)?;
        }
        case.add(intake.finish_unpacked(None, group.says.map(str::to_owned)));
    }
    Ok(())
}
