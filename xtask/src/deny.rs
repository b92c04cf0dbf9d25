//! What may be built in: known licences, crates from the registry alone, and the pinned wasm-bindgen. Needs no network.

use crate::run::{Outcome, cargo, output};
use crate::setup::WASM_BINDGEN;
use serde_json::Value;

/// Licences that ask for no more than being named.
const LICENCES: [&str; 9] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Checks every crate of the lock file.
pub fn check() -> Outcome {
    let text = output(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| format!("cargo's metadata: {error}"))?;
    let packages = metadata.get("packages").and_then(Value::as_array).ok_or("cargo's metadata names no packages")?;
    let wrong: Vec<String> = packages.iter().filter_map(fault).collect();
    if wrong.is_empty() {
        println!("   {} crates: licences, sources and the pinned wasm-bindgen are as they should be", packages.len());
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

fn fault(package: &Value) -> Option<String> {
    let word = |key: &str| package.get(key).and_then(Value::as_str);
    let (name, version) = (word("name")?, word("version")?);
    let licence = word("license").unwrap_or_default();
    if !allowed(licence) {
        return Some(format!(
            "{name} {version} has the licence {licence:?}: replace it, or allow it in xtask/src/deny.rs"
        ));
    }
    // A crate of this workspace has no source.
    if word("source").is_some_and(|source| !source.starts_with("registry+")) {
        return Some(format!("{name} {version} doesn't come from the registry"));
    }
    (name == "wasm-bindgen" && version != WASM_BINDGEN)
        .then(|| format!("wasm-bindgen is {version}, its tool {WASM_BINDGEN}: bring Cargo.toml and xtask into step"))
}

/// `MIT OR Apache-2.0`, `(MIT OR Apache-2.0) AND Unicode-3.0`, and the old `MIT/Apache-2.0`.
fn allowed(expression: &str) -> bool {
    let plain = expression.replace('/', " OR ");
    plain.split(" AND ").all(|part| {
        part.trim_matches(['(', ')', ' '])
            .split(" OR ")
            .any(|licence| LICENCES.contains(&licence.trim_matches(['(', ')', ' '])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn licences_are_read_as_cargo_writes_them() {
        for good in
            ["MIT", "MIT/Apache-2.0", "MIT OR GPL-3.0", "(MIT OR Apache-2.0) AND Unicode-3.0", "Unlicense OR MIT"]
        {
            assert!(allowed(good), "{good}");
        }
        for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Apache-2.0) AND MPL-2.0"] {
            assert!(!allowed(bad), "{bad}");
        }
    }

    #[test]
    fn a_crate_from_elsewhere_or_of_another_version_is_named() {
        let of = |name: &str, version: &str, source: &str| {
            fault(&json!({ "name": name, "version": version, "license": "MIT", "source": source }))
        };
        assert_eq!(of("a", "1.0.0", "registry+x"), None);
        assert!(of("a", "1.0.0", "git+x").unwrap().contains("registry"));
        assert_eq!(of("wasm-bindgen", WASM_BINDGEN, "registry+x"), None);
        assert!(of("wasm-bindgen", "0.2.1", "registry+x").unwrap().contains("step"));
    }
}
