//! The compiler for the browser: rustup's target where it can be had, else Debian's compiler.
//!
//! No `rust-toolchain.toml` names the target: where rustup's server is out of reach, every cargo call would stop there.

use crate::run::{Outcome, output, run};
use crate::system;
use std::path::Path;
use std::process::Command;

/// The target of the page.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The linker of Debian's `lld-22`; its compiler looks for `rust-lld`, which that package doesn't have.
const DEBIAN_LINKER: &str = "/usr/lib/llvm-22/bin/wasm-ld";

/// Which compiler builds for the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasmRust {
    /// The one that cargo uses anyway; it has the target.
    Own,
    /// Debian's, in `/usr/bin`; it builds the standard library itself.
    Debian,
}

impl WasmRust {
    /// Finds it, or installs it. `DOUBLEHOP_COMPILER=debian` takes Debian's where both are there, to try that way.
    pub fn find_or_install() -> Outcome<WasmRust> {
        let debian_wanted = std::env::var("DOUBLEHOP_COMPILER").as_deref() == Ok("debian");
        if !debian_wanted && own_has_target() {
            return Ok(WasmRust::Own);
        }
        if debian_is_there() {
            return Ok(WasmRust::Debian);
        }
        if !debian_wanted && system::find("rustup").is_some() {
            match run(Command::new("rustup").args(["target", "add", TARGET])) {
                Ok(()) if own_has_target() => return Ok(WasmRust::Own),
                Ok(()) => println!("   rustup added the target, but to another toolchain"),
                Err(says) => println!("   {says}"),
            }
        }
        println!("   {TARGET} can't be had by rustup: Debian's compiler will do");
        system::apt(&["rustc-web", "cargo-web", "rust-web-src", "lld-22"])?;
        if debian_is_there() {
            Ok(WasmRust::Debian)
        } else {
            Err(format!("no compiler for {TARGET}: run `rustup target add {TARGET}` where rustup can download it"))
        }
    }

    /// Makes a command's cargo calls use it.
    pub fn prepare(self, command: &mut Command, path: &std::ffi::OsStr) -> Outcome {
        match self {
            WasmRust::Own => command.env("PATH", path),
            WasmRust::Debian => {
                let first = std::iter::once(Path::new("/usr/bin").to_path_buf());
                let path = std::env::join_paths(first.chain(std::env::split_paths(path)));
                command.env("PATH", path.map_err(|error| format!("PATH can't hold /usr/bin: {error}"))?);
                // This helper was started by the other cargo, which left its own choices here.
                for left in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
                    command.env_remove(left);
                }
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
                command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            }
        };
        Ok(())
    }

    /// The cargo to call for the browser's target.
    pub fn cargo(self) -> Command {
        match self {
            WasmRust::Own => crate::run::cargo(),
            WasmRust::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                command.current_dir(crate::run::root());
                command
            }
        }
    }
}

fn own_has_target() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    output(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|folder| std::fs::read_dir(folder.trim()).is_ok_and(|mut files| files.next().is_some()))
}

fn debian_is_there() -> bool {
    let source = |sysroot: String| Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std").is_dir();
    Path::new("/usr/bin/cargo").is_file()
        && Path::new(DEBIAN_LINKER).is_file()
        && output(Command::new("/usr/bin/rustc").args(["--print", "sysroot"])).is_ok_and(source)
}
