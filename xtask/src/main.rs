//! One helper for everything around the house: set-up, the one file, a server to try it, and every test.

mod bench;
mod dense;
mod deny;
mod dist;
mod order;
mod pack;
mod run;
mod serve;
mod setup;
mod system;
mod test;
mod wasm_rust;

use run::Outcome;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  setup                   finds or installs every tool that the build and the tests need
  dist                    makes dist/doublehop.html, the one file, and its checksum
  serve [--port N]        sets up, builds, and serves the one file on this machine (port 8080)
  test [--only PART]      every check; PART is engine, wasm or browser
  bench                   makes captures of 10 MB to 1 GB and measures how they are read, in Chromium and natively
  pack                    packs what Trunk has built (Trunk's hook calls this)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["setup"] => setup::everything(),
        ["dist"] => setup::page().and_then(|tools| dist::dist(&tools)),
        ["bench"] => bench::bench(),
        ["pack"] => dist::hook(),
        ["serve"] => serve::serve("8080"),
        ["serve", "--port", port] => serve::serve(port),
        ["test"] => test::test(None),
        ["test", "--only", part] => test::test(Some(part)),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    finish(outcome)
}

fn finish(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(says) => {
            eprintln!("\n{}", run::red(&format!("failed: {says}")));
            ExitCode::FAILURE
        }
    }
}
