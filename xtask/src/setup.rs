//! Finds or installs the tools. Where everything is there, nothing asks the network.

use crate::run::{Outcome, cargo, output, root, run, step};
use crate::system;
use crate::wasm_rust::WasmRust;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Must be exactly the version of the crate in Cargo.toml; `deny` checks that.
pub const WASM_BINDGEN: &str = "0.2.130";
const TRUNK: &str = "0.21.14";

/// What builds the page.
#[derive(Debug)]
pub struct Tools {
    /// The compiler for the browser.
    pub rust: WasmRust,
    /// Where trunk and wasm-bindgen are.
    pub folder: PathBuf,
    path: OsString,
}

impl Tools {
    /// A command that finds the tools, and the right compiler, on its `PATH`.
    pub fn prepare(&self, mut command: Command) -> Outcome<Command> {
        command.current_dir(root());
        self.rust.prepare(&mut command, &self.path)?;
        Ok(command)
    }
}

/// The browsers that run the tests.
#[derive(Debug)]
pub struct Browsers {
    /// Chromium.
    pub chromium: PathBuf,
    /// Its WebDriver.
    pub chromedriver: PathBuf,
    /// Firefox.
    pub firefox: PathBuf,
}

/// All that the build and the tests need.
pub fn everything() -> Outcome {
    page()?;
    browsers()?;
    Ok(())
}

/// What the one file needs.
pub fn page() -> Outcome<Tools> {
    let rust = step("set-up: compiler for the browser", WasmRust::find_or_install)?;
    let folder = system::tools_folder()?;
    let bin = folder.join("bin");
    step(&format!("set-up: trunk {TRUNK}"), || {
        // The default features only look for updates and pick a TLS library for downloads.
        tool(&folder, "trunk", "trunk", TRUNK, &["--locked", "--no-default-features"])
    })?;
    step(&format!("set-up: wasm-bindgen {WASM_BINDGEN}"), || {
        // Not --locked: its lock file names a version of a crate that the registry lacks.
        tool(&folder, "wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN, &[])
    })?;
    step("set-up: node packages", node_packages)?;
    Ok(Tools { rust, path: system::path_with(&bin)?, folder: bin })
}

/// What the tests need on top. The variables CHROMIUM, CHROMEDRIVER and FIREFOX name other ones than Debian's.
pub fn browsers() -> Outcome<Browsers> {
    step("set-up: browsers", || {
        let wanted = [
            ("CHROMIUM", "chromium", "chromium"),
            ("CHROMEDRIVER", "chromedriver", "chromium-driver"),
            ("FIREFOX", "firefox-esr", "firefox-esr"),
        ];
        let lacking: Vec<&str> = wanted
            .iter()
            .filter(|(variable, program, _)| system::named(variable, program).is_none())
            .map(|(_, _, package)| *package)
            .collect();
        if !lacking.is_empty() {
            system::apt(&lacking)?;
        }
        let [chromium, chromedriver, firefox] = wanted.map(|(variable, program, _)| {
            let none = || format!("{program} is not on PATH: install it, or name it in the variable {variable}");
            system::named(variable, program).ok_or_else(none)
        });
        Ok(Browsers { chromium: chromium?, chromedriver: chromedriver?, firefox: firefox? })
    })
}

/// Builds a tool once for this machine. The cheap profile halves the time; the tools are no slower for it here.
fn tool(folder: &Path, package: &str, program: &str, version: &str, options: &[&str]) -> Outcome {
    let file = folder.join("bin").join(program);
    let is_it = |says: String| says.split_whitespace().nth(1) == Some(version);
    if file.is_file() && output(Command::new(&file).arg("--version")).is_ok_and(is_it) {
        return Ok(());
    }
    println!("   building {package} {version}, once for this machine: a few minutes");
    let target = folder.join("build");
    run(cargo()
        .args(["install", package, "--version", version, "--force", "--root"])
        .arg(folder)
        .args(options)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"))?;
    std::fs::remove_dir_all(&target).map_err(|error| format!("{} can't be removed: {error}", target.display()))
}

/// The folder of the browser tests, which is where npm installs.
pub fn browser_tests() -> PathBuf {
    root().join("tests").join("browser")
}

fn node_packages() -> Outcome {
    let lacking: Vec<&str> = [("node", "nodejs"), ("npm", "npm")]
        .iter()
        .filter(|(program, _)| system::find(program).is_none())
        .map(|(_, package)| *package)
        .collect();
    if !lacking.is_empty() {
        system::apt(&lacking)?;
    }
    let folder = browser_tests();
    let wanted = folder.join("package-lock.json");
    // npm keeps no copy of the lock file that it installed from; without one, every run would have to ask it.
    let stamp = folder.join("node_modules").join(".installed-from");
    let lock = std::fs::read(&wanted).map_err(|error| format!("{} can't be read: {error}", wanted.display()))?;
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--prefer-offline"]).current_dir(&folder))?;
    std::fs::write(&stamp, lock).map_err(|error| format!("{} can't be written: {error}", stamp.display()))
}
