//! Housekeeping: the invariants of ARCHITECTURE.md that can be read off the source.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under a folder, as (path from the root, text).
fn sources(folder: &str) -> Vec<(String, String)> {
    fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for path in entries.flatten().map(|e| e.path()) {
            if path.is_dir() {
                collect(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    collect(&root().join(folder), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "{folder} has no sources");
    let name = |p: &Path| p.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    paths.into_iter().map(|p| (name(&p), std::fs::read_to_string(&p).unwrap())).collect()
}

/// Code without comments and without what stands below `#[cfg(test)]`.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn check(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn the_engine_does_no_io_knows_no_dom_and_reads_no_clock() {
    let forbidden = [
        "std::fs",
        "std::net::Tcp",
        "std::net::Udp",
        "std::env::",
        "std::process",
        "std::thread",
        "std::time::",
        // With the colons: a Windows event has an attribute of this name.
        "SystemTime::",
        "Instant::now",
        "web_sys",
        "yew::",
        "js_sys",
        "wasm_bindgen",
        "println!",
        "eprintln!",
    ];
    let mut found = Vec::new();
    for (path, text) in sources("src") {
        if path.starts_with("src/page/") || path == "src/main.rs" {
            continue;
        }
        let code = code(&text);
        found.extend(forbidden.iter().filter(|word| code.contains(**word)).map(|word| format!("{path}: {word}")));
    }
    check(found, "only src/page may do this");
}

#[test]
fn modes_read_observations_only() {
    let mut found = Vec::new();
    for (path, text) in sources("src/modes") {
        let code = code(&text);
        for word in [
            "crate::facts",
            "crate::artefacts",
            "crate::ingest",
            "crate::netlog",
            "crate::case",
            "crate::wire",
            "Statement::",
        ] {
            if code.contains(word) {
                found.push(format!("{path}: {word}"));
            }
        }
    }
    check(found, "a mode reads observations and leaf tests, never facts or text");
}

#[test]
fn layers_point_downwards() {
    // Each folder with what it must not know.
    let rules: [(&str, &[&str]); 6] = [
        (
            "src/vocabulary",
            &[
                "crate::facts",
                "crate::ingest",
                "crate::artefacts",
                "crate::observations",
                "crate::modes",
                "crate::diagnosis",
                "crate::report",
            ],
        ),
        (
            "src/wire",
            &[
                "crate::ingest",
                "crate::artefacts",
                "crate::observations",
                "crate::modes",
                "crate::diagnosis",
                "crate::report",
            ],
        ),
        (
            "src/netlog",
            &["crate::artefacts", "crate::observations", "crate::modes", "crate::diagnosis", "crate::report"],
        ),
        ("src/artefacts", &["crate::observations", "crate::modes", "crate::diagnosis", "crate::report"]),
        ("src/ingest", &["crate::observations", "crate::modes", "crate::diagnosis", "crate::report"]),
        ("src/observations", &["crate::modes", "crate::diagnosis", "crate::remedy"]),
    ];
    let mut found = Vec::new();
    for (folder, words) in rules {
        for (path, text) in sources(folder) {
            let code = code(&text);
            found.extend(words.iter().filter(|w| code.contains(**w)).map(|w| format!("{path}: {w}")));
        }
    }
    check(found, "a lower layer must not know a higher one");
}

#[test]
fn nothing_half_done_is_left() {
    let mut found = Vec::new();
    for folder in ["src", "tests", "xtask/src", "examples"] {
        for (path, text) in sources(folder) {
            if path == "tests/tidy.rs" {
                continue;
            }
            for (i, line) in text.lines().enumerate() {
                let bad = ["todo!(", "unimplemented!(", "dbg!(", "#[ignore", "FIXME", "XXX:"]
                    .iter()
                    .any(|w| line.contains(w));
                if bad {
                    found.push(format!("{path}:{}: {}", i + 1, line.trim()));
                }
            }
        }
    }
    check(found, "left behind");
}

/// A table is data and may be longer; tests of a file may stand below it.
#[test]
fn files_stay_readable() {
    const TABLES: [&str; 2] = ["src/observations/question.rs", "src/facts.rs"];
    let long: Vec<String> = sources("src")
        .into_iter()
        .filter(|(path, _)| !TABLES.contains(&path.as_str()))
        .map(|(path, text)| (path, text.split("#[cfg(test)]\nmod tests").next().unwrap().lines().count()))
        .filter(|(path, lines)| *lines > 400 && !path.contains("tests"))
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    check(long, "a file has one job: split it");
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources("src")
        .into_iter()
        .filter(|(path, text)| !path.contains("tests") && !text.starts_with("//!"))
        .map(|(path, _)| path)
        .collect();
    check(silent, "the first line of a module says what it is for");
}

#[test]
fn ids_are_unique_and_known() {
    use doublehop::observations::{leaf, question::QUESTIONS};
    let mut ids: Vec<&str> = doublehop::modes::all()
        .map(|m| m.id)
        .chain(leaf::all().map(|t| t.id))
        .chain(QUESTIONS.iter().map(|q| q.id))
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is used twice");
    assert!(leaf::all().all(|t| t.id.starts_with("test-") || matches!(t.id, "caller" | "tester")));
}

/// Rows and conditions speak only of options that exist.
#[test]
fn rows_and_conditions_name_options_that_exist() {
    use doublehop::modes::condition::{Condition, Expr};
    use doublehop::observations::{leaf, question::Question};
    fn expr(e: &Expr, id: &str, found: &mut Vec<String>) {
        match e {
            Expr::Is(q, options) => found.extend(
                options
                    .iter()
                    .filter(|o| q.option(o) != Some(**o))
                    .map(|o| format!("{id}: {} has no option {o}", q.id())),
            ),
            Expr::Test(name, options) => match leaf::by_id(name) {
                None => found.push(format!("{id}: there is no test {name}")),
                Some(t) => found.extend(
                    options
                        .iter()
                        .filter(|o| !t.options.iter().any(|x| x.id == **o))
                        .map(|o| format!("{id}: {name} has no answer {o}")),
                ),
            },
            Expr::Not(e) => expr(e, id, found),
            Expr::All(es) | Expr::Any(es) => es.iter().for_each(|e| expr(e, id, found)),
        }
    }
    let mut found = Vec::new();
    for mode in doublehop::modes::all() {
        for q in Question::all() {
            found.extend(
                mode.row
                    .fitting(q)
                    .iter()
                    .filter(|o| q.option(o) != Some(**o))
                    .map(|o| format!("{}: {} has no option {o}", mode.id, q.id())),
            );
        }
        for condition in mode.conditions {
            expr(condition.expr(), mode.id, &mut found);
        }
        assert!(
            mode.conditions.iter().any(|c| matches!(c, Condition::Decisive(_) | Condition::Supporting(_))),
            "{} can never be asserted",
            mode.id
        );
        assert!(!mode.fixes.is_empty(), "{} has no fix", mode.id);
    }
    check(found, "unknown options");
}

#[test]
fn no_path_of_a_machine_and_no_page_request() {
    let mut found = Vec::new();
    for folder in ["src", "xtask/src", "examples"] {
        for (path, text) in sources(folder) {
            for word in ["/home/", "C:\\Users\\"] {
                if code(&text).contains(word) && !path.contains("test") {
                    found.push(format!("{path}: {word}"));
                }
            }
        }
    }
    for (path, text) in sources("src/page") {
        for word in [
            "fetch(",
            "XmlHttpRequest",
            "WebSocket",
            "EventSource",
            "RtcPeerConnection",
            "send_beacon",
            "set_href",
            "location().assign",
            "location().replace",
        ] {
            // A file is saved through a link to a Blob that the page made itself: no request, no navigation.
            let saving = path == "src/page/save.rs" && word == "set_href";
            if code(&text).contains(word) && !saving {
                found.push(format!("{path}: {word}"));
            }
        }
    }
    check(found, "the page makes no request and never navigates");
}
