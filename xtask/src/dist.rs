//! Builds the product: `dist/doublehop.html`, one file, and its checksum.

use crate::order;
use crate::pack::{self, Parts};
use crate::run::{Outcome, root, run, step};
use crate::setup::{Tools, browser_tests};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The one file's name.
pub const FILE: &str = "doublehop.html";
/// It has to stay under this many bytes.
const LIMIT: usize = 1_000_000;

/// Builds the one file.
pub fn dist(tools: &Tools) -> Outcome {
    step("the one file", || {
        let mut trunk = tools.prepare(Command::new(tools.folder.join("trunk")))?;
        trunk.args(["build", "--release"]).env("TRUNK_SKIP_VERSION_CHECK", "true");
        let own = std::env::current_exe().map_err(|error| format!("this program can't tell where it is: {error}"))?;
        trunk.env("DOUBLEHOP_XTASK", own);
        // Some terminals set NO_COLOR=1, which trunk takes for a wrong option.
        trunk.env_remove("NO_COLOR");
        run(&mut trunk)?;
        let file = folder().join(FILE);
        let size =
            std::fs::metadata(&file).map_err(|error| format!("trunk made no {}: {error}", file.display()))?.len();
        println!("   dist/{FILE}: {size} bytes");
        Ok(())
    })
}

/// Where the product lies.
pub fn folder() -> PathBuf {
    root().join("dist")
}

/// Trunk's hook: packs what lies in its staging folder.
pub fn hook() -> Outcome {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or("`pack` is called by Trunk's hook: use `cargo xtask dist` or `trunk build`")?;
    let release = std::env::var("TRUNK_PROFILE").as_deref() == Ok("release");
    let (glue, wasm) = (staging.join("doublehop.js"), staging.join("doublehop_bg.wasm"));
    if release {
        optimise(&wasm)?;
    }
    let page = packed(&glue, &wasm)?;
    if release && page.len() >= LIMIT {
        return Err(format!(
            "the one file has {} bytes; it must stay under {LIMIT}: find what made it grow",
            page.len()
        ));
    }
    write(&staging.join(FILE), page.as_bytes())?;
    write(&staging.join(format!("{FILE}.sha256")), pack::checksum(FILE, page.as_bytes()).as_bytes())?;
    remove(&glue)?;
    remove(&wasm)?;
    let index = staging.join("index.html");
    // `trunk serve` shows index.html: the same page.
    if release { remove(&index) } else { write(&index, page.as_bytes()) }
}

/// Runs wasm-opt, which takes out names and makes the program smaller and faster.
fn optimise(wasm: &Path) -> Outcome {
    let tool = browser_tests().join("node_modules").join("binaryen").join("bin").join("wasm-opt");
    if !tool.is_file() {
        return Err("wasm-opt is not installed: run `cargo xtask setup`".to_owned());
    }
    run(Command::new("node").arg(tool).args(["-Oz", "--strip-debug", "--strip-producers", "-o"]).arg(wasm).arg(wasm))?;
    let program = std::fs::read(wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
    write(wasm, &order::ordered(&program)?)
}

fn packed(glue: &Path, wasm: &Path) -> Outcome<String> {
    let root = root();
    let icon = root.join("static").join("icon.svg");
    let icon = if icon.is_file() { Some(text(&icon)?) } else { None };
    let parts = Parts {
        template: &text(&root.join("index.html"))?,
        style: &text(&root.join("static").join("style.css"))?,
        icon: icon.as_deref(),
        glue: &text(glue)?,
        boot: &text(&root.join("static").join("boot.js"))?,
        minify,
        wasm: &std::fs::read(wasm).map_err(|error| format!("{} can't be read: {error}", wasm.display()))?,
    };
    pack::pack(&parts)
}

/// Shortens the glue with terser; names that others use stay.
fn minify(glue: &str) -> Outcome<String> {
    let tool = browser_tests().join("node_modules").join("terser").join("bin").join("terser");
    if !tool.is_file() {
        println!("   terser is not installed (`cargo xtask setup` brings it): the glue stays long");
        return Ok(glue.to_owned());
    }
    let file = std::env::temp_dir().join(format!("doublehop-glue-{}.js", std::process::id()));
    write(&file, glue.as_bytes())?;
    let shortened =
        Command::new("node").arg(tool).arg(&file).args(["--compress", "--mangle", "--comments", "false"]).output();
    remove(&file)?;
    let output = shortened.map_err(|error| format!("node can't be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("terser failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| "terser wrote no text".to_owned())
}

fn text(file: &Path) -> Outcome<String> {
    std::fs::read_to_string(file).map_err(|error| format!("{} can't be read: {error}", file.display()))
}

fn write(file: &Path, content: &[u8]) -> Outcome {
    std::fs::write(file, content).map_err(|error| format!("{} can't be written: {error}", file.display()))
}

fn remove(file: &Path) -> Outcome {
    std::fs::remove_file(file).map_err(|error| format!("{} can't be removed: {error}", file.display()))
}
