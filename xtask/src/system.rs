//! The machine: which programs are there, and Debian's packages where they are not.

use crate::run::{Outcome, output, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a program is, along `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// A program that a variable names, or that is on `PATH`.
pub fn named(variable: &str, program: &str) -> Option<PathBuf> {
    match std::env::var_os(variable) {
        Some(path) => Some(PathBuf::from(path)).filter(|file| file.is_file()),
        None => find(program),
    }
}

/// Installs Debian packages.
pub fn apt(packages: &[&str]) -> Outcome {
    let wanted = packages.join(" ");
    if find("apt-get").is_none() {
        return Err(format!("there is no apt-get here: please install what Debian calls {wanted} by hand"));
    }
    println!("   installing Debian's {wanted}");
    run(root_command("apt-get").args(["update", "-qq"]))?;
    run(root_command("apt-get").args(["install", "-qq", "--yes", "--no-install-recommends"]).args(packages))
        .map_err(|says| format!("{says}; without them: please install {wanted} by hand"))
}

fn root_command(program: &str) -> Command {
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = if is_root {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", program]);
    command
}

/// The folder of tools that are built once for this machine, outside the repository.
pub fn tools_folder() -> Outcome<PathBuf> {
    let cache = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
        (Some(cache), _) if !cache.is_empty() => PathBuf::from(cache),
        (_, Some(home)) => Path::new(&home).join(".cache"),
        _ => return Err("neither XDG_CACHE_HOME nor HOME is set: set one, the tools are installed there".to_owned()),
    };
    Ok(cache.join("doublehop").join("tools"))
}

/// `PATH` with a folder in front.
pub fn path_with(first: &Path) -> Outcome<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(first.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(all).map_err(|error| format!("PATH can't hold {}: {error}", first.display()))
}
