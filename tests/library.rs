//! The library page (`docs/library.md`) is made of the modes' module docs and must be in step with them.
//!
//! `DOUBLEHOP_UPDATE=1 cargo test --test library` writes it anew.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use doublehop::modes::{self, help};
use doublehop::observations::{leaf, question::QUESTIONS};
use std::fmt::Write as _;
use std::path::Path;

fn library() -> String {
    let mut out = String::from(
        "# The library\n\nWritten by `DOUBLEHOP_UPDATE=1 cargo test --test library` from the failure modes' own files; a test keeps it in step.\n\n\
         | mode | hop | basis | what it is |\n| --- | --- | --- | --- |\n",
    );
    for mode in modes::all() {
        let help = help::of(mode.id).unwrap();
        writeln!(out, "| [`{0}`](#{0}) | {1} | {2} | {3} |", mode.id, mode.hop.word(), mode.basis.word(), help.title)
            .unwrap();
    }
    for mode in modes::all() {
        let h = help::of(mode.id).unwrap();
        writeln!(
            out,
            "\n<a id=\"{}\"></a>\n\n## {}\n\n`{}` · {} · {}",
            h.id,
            h.title,
            h.id,
            mode.hop.word(),
            mode.basis.word()
        )
        .unwrap();
        for (heading, text) in [
            ("What it is", h.what),
            ("Why the hop breaks", h.why),
            ("What shows it", h.shows),
            ("What rules it out", h.rules_out),
            ("Fix", h.fix),
            ("Verify", h.verify),
            ("Versions", h.versions),
        ] {
            writeln!(out, "\n**{heading}.**\n\n{text}").unwrap();
        }
        out.push_str("\n**Sources.**\n\n");
        for source in h.sources {
            writeln!(out, "- <{source}>").unwrap();
        }
    }
    out.push_str("\n# The questions\n");
    for q in QUESTIONS {
        writeln!(out, "\n- `{}` {} ({})", q.id, q.ask, q.needs.word()).unwrap();
        for o in q.options {
            writeln!(out, "  - `{}` {}", o.id, o.says).unwrap();
        }
    }
    out.push_str("\n# The leaf tests\n");
    for t in leaf::all() {
        writeln!(out, "\n- `{}` {} ({})", t.id, t.ask, t.needs.word()).unwrap();
        for o in t.options {
            writeln!(out, "  - `{}` {}", o.id, o.says).unwrap();
        }
    }
    out
}

#[test]
fn the_library_page_is_in_step() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/library.md");
    let fresh = library();
    if std::env::var_os("DOUBLEHOP_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == fresh, "docs/library.md is stale: DOUBLEHOP_UPDATE=1 cargo test --test library");
}

/// Every source is a link that a person can follow.
#[test]
fn sources_are_links() {
    for h in help::HELP {
        for source in h.sources {
            assert!(source.starts_with("https://") && !source.contains(' '), "{}: {source}", h.id);
        }
    }
}
