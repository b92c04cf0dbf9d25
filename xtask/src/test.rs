//! Every check, each step named and timed; the first failure ends the run.

use crate::run::{Outcome, cargo, root, run, step};
use crate::setup::{self, Browsers, Tools, browser_tests};
use crate::wasm_rust::{TARGET, WasmRust};
use crate::{deny, dist};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// Which part of the checks to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Engine,
    Wasm,
    Browser,
}

/// Runs all of them, or one part.
pub fn test(only: Option<&str>) -> Outcome {
    let only = match only {
        None => None,
        Some("engine") => Some(Part::Engine),
        Some("wasm") => Some(Part::Wasm),
        Some("browser") => Some(Part::Browser),
        Some(other) => return Err(format!("there is no part {other}: name engine, wasm or browser")),
    };
    let wants = |part: Part| only.is_none_or(|one| one == part);
    let start = Instant::now();
    if wants(Part::Engine) {
        // Before the set-up: a wrong format shows after a second, not after minutes.
        step("format", || run(cargo().args(["fmt", "--all", "--check"])))?;
    }
    let machine = if only == Some(Part::Engine) { None } else { Some((setup::page()?, setup::browsers()?)) };
    if wants(Part::Engine) {
        step("clippy", || {
            run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
        })?;
    }
    if let Some((tools, _)) = machine.as_ref().filter(|_| wants(Part::Wasm)) {
        step("clippy for the browser", || clippy_wasm(tools))?;
    }
    if wants(Part::Engine) {
        step("crates", deny::check)?;
        step("engine tests", || {
            run(cargo().args(["test", "--workspace", "--locked", "--lib", "--bins", "--tests", "--examples"]))
        })?;
        step("doc tests", || run(cargo().args(["test", "--workspace", "--locked", "--doc"])))?;
    }
    if let Some((tools, browsers)) = &machine {
        if wants(Part::Wasm) {
            step("wasm tests in Chromium", || wasm_tests(tools, browsers))?;
        }
        if wants(Part::Browser) {
            dist::dist(tools)?;
            step("browser tests", || browser(browsers))?;
        }
    }
    println!("\nall green in {}", crate::run::seconds(start.elapsed()));
    Ok(())
}

/// The page and the browser's tests, which natively are empty.
fn clippy_wasm(tools: &Tools) -> Outcome {
    let mut cargo = tools.prepare(tools.rust.cargo())?;
    let what = ["--package", "doublehop", "--lib", "--bins", "--test", "wasm", "--locked", "--target", TARGET];
    match tools.rust {
        WasmRust::Own => run(cargo.arg("clippy").args(what).args(["--", "-D", "warnings"])),
        WasmRust::Debian => {
            println!("   Debian's compiler for the browser comes without clippy: this only checks that it compiles");
            run(cargo.arg("check").args(what))
        }
    }
}

fn wasm_tests(tools: &Tools, browsers: &Browsers) -> Outcome {
    if !root().join("tests").join("wasm.rs").is_file() {
        println!("   there are none: tests/wasm.rs is missing");
        return Ok(());
    }
    let mut cargo = tools.prepare(tools.rust.cargo())?;
    cargo
        .args(["test", "--package", "doublehop", "--test", "wasm", "--locked", "--target", TARGET])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools.folder.join("wasm-bindgen-test-runner"))
        .env("CHROMEDRIVER", &browsers.chromedriver)
        // The tests run in the browser, and the runner says so; a machine without a screen needs no more than this.
        .env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    run(&mut cargo)
}

/// All tests of tests/browser, against the one file.
fn browser(browsers: &Browsers) -> Outcome {
    let files = test_files()?;
    run(Command::new("node")
        .args(["--test", "--test-concurrency=2", "--test-reporter=spec"])
        .args(files)
        .current_dir(browser_tests())
        .env("DOUBLEHOP_PAGE", dist::folder().join(dist::FILE))
        .env("CHROMIUM", &browsers.chromium)
        .env("FIREFOX", &browsers.firefox))
}

fn test_files() -> Outcome<Vec<PathBuf>> {
    let folder = browser_tests();
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{} can't be read: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| file.to_str().is_some_and(|name| name.ends_with(".test.mjs")))
        .collect();
    files.sort();
    if files.is_empty() { Err(format!("no *.test.mjs in {}", folder.display())) } else { Ok(files) }
}
