//! What several integration tests need: case files, and a case made of files.
#![allow(dead_code)] // each test uses its part

use doublehop::case::Case;
use doublehop::facts::Role;
use doublehop::ingest::Intake;
use doublehop::report::{Report, State};
use std::path::{Path, PathBuf};

/// A case file: front matter, then artefacts in fences (failure-modes.md, section 9, has the layout).
pub struct CaseFile {
    pub name: String,
    pub expected: Vec<String>,
    pub must_not: Vec<String>,
    pub artefacts: Vec<(String, String)>,
}

/// The corpus beside the repository, where it is there.
pub fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    path.is_dir().then_some(path)
}

/// The files of a folder with this ending, sorted.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut all: Vec<PathBuf> =
        entries.flatten().map(|e| e.path()).filter(|p| p.to_string_lossy().ends_with(ending)).collect();
    all.sort();
    all
}

impl CaseFile {
    pub fn read(path: &Path) -> CaseFile {
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut parts = text.splitn(3, "---\n");
        let (head, body) =
            (parts.nth(1).unwrap_or_else(|| panic!("{name}: no front matter")), parts.next().unwrap_or_default());
        let list = |key: &str| -> Vec<String> {
            let line = head.lines().find_map(|l| l.strip_prefix(key)).unwrap_or_else(|| panic!("{name}: no {key}"));
            let inner = line.trim().trim_start_matches('[').trim_end_matches(']');
            inner.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
        };
        let artefacts: Vec<(String, String)> = body
            .split("## artefact: ")
            .skip(1)
            .map(|section| {
                let (kind, rest) = section.split_once('\n').unwrap_or((section, ""));
                let fenced = rest
                    .split_once("```")
                    .and_then(|(_, r)| r.split_once('\n'))
                    .and_then(|(_, r)| r.split_once("\n```"));
                let text = fenced.unwrap_or_else(|| panic!("{name}: {kind} has no fenced block")).0;
                (kind.trim().to_owned(), format!("{text}\n"))
            })
            .collect();
        assert!(!artefacts.is_empty(), "{name}: no artefacts");
        let (expected, must_not) = (list("expected:"), list("must_not:"));
        CaseFile { name, expected, must_not, artefacts }
    }

    /// Each artefact an input of its own, with the role that its kind's name gives (corpus/README.md).
    pub fn diagnose(&self) -> Report {
        let mut case = Case::new();
        for (kind, text) in &self.artefacts {
            let role = match kind.as_str() {
                "klist-client" | "krb5-klist" | "net-export" => Some(Role::Client),
                "klist-frontend" | "klist-sessions" => Some(Role::FrontEnd),
                _ => None,
            };
            add(&mut case, kind, text.as_bytes(), role);
        }
        doublehop::diagnosis::report(&case)
    }

    /// What stands against the expectation; empty when the case passes.
    pub fn complaints(&self) -> Vec<String> {
        let report = self.diagnose();
        let mut complaints = Vec::new();
        let asserted: Vec<&str> =
            report.findings.iter().filter(|f| f.status.asserted()).map(|f| f.id.as_str()).collect();
        let verdict = &report.verdict;
        let top = verdict.top.as_deref().unwrap_or_default();
        let mut say = |what: String| {
            complaints
                .push(format!("{}: {what} (state {:?}, top {top:?}, asserted {asserted:?})", self.name, verdict.state))
        };
        for id in &self.must_not {
            if asserted.contains(&id.as_str()) || (top == id && verdict.state == State::Healthy) {
                say(format!("{id} must not be asserted"));
            }
        }
        let first = self.expected.first().map(String::as_str).unwrap_or_default();
        if first == "insufficient-evidence" {
            let requests: Vec<&str> =
                report.next.iter().filter(|n| n.kind == "request").take(4).map(|n| n.id.as_str()).collect();
            if verdict.state != State::NeedsEvidence {
                say("needs evidence".into());
            }
            for ask in self.expected.iter().skip(1).filter(|a| !requests.contains(&a.as_str())) {
                say(format!("{ask} is not among the first four requests {requests:?}"));
            }
        } else if first.starts_with("healthy-") {
            if verdict.state != State::Healthy || top != first {
                say(format!("{first} expected"));
            }
        } else {
            if top != first {
                say(format!("{first} expected on top"));
            }
            let places: Vec<Option<usize>> =
                self.expected.iter().map(|id| asserted.iter().position(|a| a == id)).collect();
            if places.iter().any(Option::is_none) || !places.is_sorted() {
                say(format!("{:?} expected in that order", self.expected));
            }
        }
        for finding in report.findings.iter().filter(|f| f.status.asserted() && f.because.is_empty()) {
            say(format!("{} is asserted without a line of proof", finding.id));
        }
        complaints
    }
}

/// Adds bytes as one input.
pub fn add(case: &mut Case, name: &str, bytes: &[u8], role: Option<Role>) {
    let mut intake = Intake::new(name).with_role(role);
    intake.push(bytes);
    case.add(intake.finish());
}

/// The report on some files, each an input of its own.
pub fn diagnose_files(paths: &[PathBuf]) -> Report {
    let mut case = Case::new();
    for path in paths {
        let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        add(&mut case, &path.file_name().unwrap().to_string_lossy(), &bytes, None);
    }
    doublehop::diagnosis::report(&case)
}
