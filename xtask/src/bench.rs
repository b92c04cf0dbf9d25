//! Large captures: makes them from the seed in `static/examples`, the same every time, and measures how they are read.

use crate::run::{Outcome, cargo, root, run, step};
use crate::setup::{self, browser_tests};
use crate::{dist, system};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The captures' sizes in megabytes.
const SIZES: [u64; 4] = [10, 100, 500, 1000];
/// How often each is measured.
const ROUNDS: &str = "5";
/// Traffic between two conversations of the seed. Real captures hold about as many.
const BLOCK: usize = 1_000_000;

/// Makes the captures and measures: in Chromium, then the scanner alone.
pub fn bench() -> Outcome {
    let browsers = setup::browsers()?;
    let page = dist::folder().join(dist::FILE);
    if !page.is_file() {
        setup::page().and_then(|tools| dist::dist(&tools))?;
    }
    let files = step("captures", captures)?;
    step("in Chromium", || {
        let mut node = Command::new("node");
        node.arg("bench.mjs").arg(ROUNDS).args(&files).current_dir(browser_tests());
        run(node.env("DOUBLEHOP_PAGE", &page).env("CHROMIUM", &browsers.chromium))
    })?;
    step("the scanner alone", || run(cargo().args(["bench", "--package", "doublehop-scan", "--bench", "scan"])))?;
    if system::find("perf").is_none() {
        println!("   instructions are not counted: perf is not on PATH");
        return Ok(());
    }
    step("instructions for 100 MB", || {
        run(cargo().args(["build", "--release", "--example", "diagnose"]))?;
        let program = target().join("release").join("examples").join("diagnose");
        let mut perf = Command::new("perf");
        perf.args(["stat", "-e", "instructions:u"]).arg(program).args(files.get(1)).stdout(std::process::Stdio::null());
        // A virtual machine may have no counters; the figure is extra.
        run(&mut perf).or_else(|says| {
            println!("   this machine does not count instructions: {says}");
            Ok(())
        })
    })
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The files, made where they are missing.
fn captures() -> Outcome<Vec<PathBuf>> {
    let seed = root().join("static").join("examples").join("capture.json");
    let seed = std::fs::read_to_string(&seed).map_err(|error| format!("{} can't be read: {error}", seed.display()))?;
    let folder = target().join("captures");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{} can't be made: {error}", folder.display()))?;
    let mut files = Vec::new();
    for size in SIZES {
        let file = folder.join(format!("{size}-mb.json"));
        let wanted = size.saturating_mul(1_000_000);
        // A file that was left half made is made again.
        if !std::fs::metadata(&file).is_ok_and(|found| found.len() >= wanted) {
            write(&file, &seed, wanted).map_err(|error| format!("{} can't be written: {error}", file.display()))?;
        }
        files.push(file);
    }
    Ok(files)
}

fn write(file: &Path, seed: &str, size: u64) -> std::io::Result<()> {
    let lacks = |what: &str| std::io::Error::other(format!("the seed has no {what}"));
    let (head, rest) = seed.split_once("\"events\": [\n").ok_or_else(|| lacks("events"))?;
    let (events, tail) = rest.split_once("],\n").ok_or_else(|| lacks("end of its events"))?;
    let traffic = traffic();
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(out, "{head}\"events\": [")?;
    let mut written = u64::try_from(head.len()).unwrap_or(0);
    for conversation in 0.. {
        out.write_all(traffic.as_bytes())?;
        let events = renumbered(events, conversation);
        written = written.saturating_add(u64::try_from(traffic.len().saturating_add(events.len())).unwrap_or(0));
        let last = written >= size;
        out.write_all(events.as_bytes())?;
        out.write_all(if last { b"],\n" } else { b",\n" })?;
        if last {
            break;
        }
    }
    out.write_all(tail.as_bytes())?;
    out.flush()
}

/// The seed's events with sources of their own: every conversation is a new one.
fn renumbered(events: &str, conversation: u32) -> String {
    let shift = conversation.saturating_mul(1000);
    let mut pieces = events.split("\"id\":");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        // A negative source stays what it is; the browser's own ids are positive in the seed.
        match number.parse::<u32>() {
            Ok(number) => {
                let _ = write!(text, "\"id\":{}{rest}", number.saturating_add(shift));
            }
            Err(_) => {
                let _ = write!(text, "\"id\":{piece}");
            }
        }
    }
    text
}

/// Lines of other traffic: of Chromium's layout, lengths and types as they vary in a capture, from a fixed series of numbers.
fn traffic() -> String {
    let (mut text, mut state) = (String::new(), 0x2545_f491_4f6c_dd1d_u64);
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33).checked_rem(below).unwrap_or(0)
    };
    while text.len() < BLOCK {
        let (kind, source, time) = (next(90).saturating_add(300), next(50_000).saturating_add(100_000), next(1 << 30));
        // One event in eight is a request or an answer, which are read: they may belong to a conversation.
        let (kind, params) = match next(16) {
            0 => (kind, String::new()),
            1 => {
                let path = "segment/".repeat(usize::try_from(next(60)).unwrap_or(0));
                let line = format!(
                    "\"headers\":[\"Host: cdn.example.net\",\"Accept: */*\"],\"line\":\"GET /{path} HTTP/1.1\\r\\n\""
                );
                (33, format!("\"params\":{{{line}}},"))
            }
            2 => (36, "\"params\":{\"headers\":[\"HTTP/1.1 200 OK\",\"Content-Type: text/html\"]},".to_owned()),
            _ => (kind, format!("\"params\":{{\"byte_count\":{}}},", next(1 << 20))),
        };
        let _ = writeln!(
            text,
            "{{{params}\"phase\":{},\"source\":{{\"id\":{source},\"start_time\":\"{time}\",\"type\":{}}},\"time\":\"{time}\",\"type\":{kind}}},",
            next(3),
            next(15)
        );
    }
    text
}
