//! Stories in plain words, written from public questions and articles (each names its source), not from the catalogue: what a
//! person would paste and answer, and the cause that it turned out to be. The wizard asks; what the story does not know is skipped.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod common;

use common::{add, files};
use doublehop::case::Case;
use doublehop::diagnosis;
use doublehop::report::{Report, Status};
use std::collections::BTreeMap;
use std::path::Path;

/// Whoever knows little skips much: after so many steps everybody gives up.
const PATIENCE: usize = 30;
/// The cause must stand among so many.
const FIRST: usize = 3;

struct Story {
    name: String,
    cause: String,
    pasted: Option<String>,
    answers: BTreeMap<String, String>,
}

impl Story {
    fn read(path: &Path) -> Story {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let field = |key: &str| text.lines().find_map(|l| l.strip_prefix(key)).map(|v| v.trim().to_owned());
        let block = |heading: &str| {
            let (_, rest) = text.split_once(&format!("\n## {heading}\n"))?;
            let (_, rest) = rest.split_once("```text\n")?;
            rest.split_once("\n```").map(|(block, _)| format!("{block}\n"))
        };
        assert!(field("source:").is_some_and(|s| s.starts_with("http")), "{name}: where is it from?");
        let answers = block("answers").unwrap_or_else(|| panic!("{name}: no answers"));
        let answer = |line: &str| line.split_once(": ").map(|(k, v)| (k.to_owned(), v.to_owned()));
        Story {
            cause: field("cause:").unwrap_or_else(|| panic!("{name}: no cause")),
            pasted: block("pasted"),
            answers: answers.lines().filter_map(answer).collect(),
            name,
        }
    }

    /// The steps that were taken, and the report at their end.
    fn walk(&self) -> (Vec<String>, Report) {
        let mut case = Case::new();
        if let Some(pasted) = &self.pasted {
            add(&mut case, "paste 1", pasted.as_bytes(), None);
        }
        let mut steps = Vec::new();
        let mut report = diagnosis::report(&case);
        while let Some(id) = report.next.first().map(|n| n.id.clone()).filter(|_| steps.len() < PATIENCE) {
            match self.answers.get(&id) {
                Some(answer) => case.answer(&id, Some(answer)),
                None => case.skip(&id),
            }
            steps.push(format!("{id}={}", self.answers.get(&id).map_or("-", String::as_str)));
            report = diagnosis::report(&case);
        }
        (steps, report)
    }
}

#[test]
fn each_ends_with_its_cause_among_the_first_three() {
    let stories: Vec<Story> = files(Path::new("tests/stories"), "md").iter().map(|p| Story::read(p)).collect();
    assert!(stories.len() >= 30, "only {} stories", stories.len());
    let mut wrong = Vec::new();
    for story in &stories {
        assert!(doublehop::modes::by_id(&story.cause).is_some(), "{}: no cause {}", story.name, story.cause);
        let (steps, report) = story.walk();
        println!("{}: {} steps", story.name, steps.len());
        let first: Vec<(&str, Status)> =
            report.findings.iter().take(FIRST).map(|f| (f.id.as_str(), f.status)).collect();
        if !first.iter().any(|(id, status)| *id == story.cause && *status != Status::RuledOut) {
            wrong.push(format!("{}: {} expected, {first:?} after {}", story.name, story.cause, steps.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), stories.len(), wrong.join("\n"));
}
