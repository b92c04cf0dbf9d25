//! Gathers the module docs of the failure modes into one table: the doc of a mode's file *is* its help page.
//!
//! A file under `src/modes/<family>/` that declares a mode must have every heading, in this order; otherwise the build
//! stops and says which one is missing where.

// A build step works on our own files and may stop at a wrong one.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const HEADINGS: [(&str, &str); 8] = [
    ("What it is", "what"),
    ("Why the hop breaks", "why"),
    ("What shows it", "shows"),
    ("What rules it out", "rules_out"),
    ("Fix", "fix"),
    ("Verify", "verify"),
    ("Versions", "versions"),
    ("Sources", "sources"),
];

fn main() -> Result<(), String> {
    println!("cargo:rerun-if-changed=src/modes");
    println!("cargo:rerun-if-changed=build.rs");
    let mut files = Vec::new();
    collect(Path::new("src/modes"), &mut files);
    files.sort();
    let mut table = String::from("/// Every help page.\npub const HELP: &[Help] = &[\n");
    for file in &files {
        let named = |e: String| format!("{}: {e}", file.display());
        let text = std::fs::read_to_string(file).map_err(|e| named(e.to_string()))?;
        if text.contains("pub const MODE: Mode") {
            table.push_str(&entry(file, &text).map_err(named)?);
        }
    }
    table.push_str("];\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?).join("help.rs");
    std::fs::write(&out, table).map_err(|e| format!("{}: {e}", out.display()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn entry(file: &Path, text: &str) -> Result<String, String> {
    let doc: Vec<&str> =
        text.lines().map_while(|l| l.strip_prefix("//!")).map(|l| l.strip_prefix(' ').unwrap_or(l)).collect();
    let title = doc.first().and_then(|l| l.strip_prefix("# ")).ok_or("the doc must begin with `# ` and the title")?;
    let id = file.file_stem().map(|s| s.to_string_lossy().replace('_', "-")).ok_or("no file name")?;
    if !text.contains(&format!("id: \"{id}\"")) {
        return Err(format!("the file's name and the mode's id differ: expected id: \"{id}\""));
    }
    let mut out = format!("    Help {{\n        id: {id:?},\n        title: {title:?},\n");
    let mut at = 1;
    for (heading, field) in HEADINGS {
        let wanted = format!("## {heading}");
        let start =
            doc.iter().skip(at).position(|l| l.trim() == wanted).ok_or(format!("no `{wanted}` (in this order)"))?
                + at
                + 1;
        let end = doc.iter().skip(start).position(|l| l.starts_with("## ")).map_or(doc.len(), |n| n + start);
        let body = doc[start..end].join("\n").trim().to_owned();
        if body.is_empty() {
            return Err(format!("`{wanted}` is empty"));
        }
        at = end;
        if field == "sources" {
            let links: Vec<&str> =
                body.lines().filter_map(|l| l.trim().strip_prefix("- <")?.strip_suffix('>')).collect();
            if links.is_empty() {
                return Err("`## Sources` must list `- <https://…>`".into());
            }
            let _ = writeln!(out, "        sources: &{links:?},");
        } else {
            let _ = writeln!(out, "        {field}: {body:?},");
        }
    }
    out.push_str("    },\n");
    Ok(out)
}
