//! The page on the kinds of evidence (`docs/kinds.md`) is made of `artefacts::kind_help` and must be in step with it.
//!
//! `DOUBLEHOP_UPDATE=1 cargo test --test kinds` writes it anew.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic)]

use doublehop::artefacts::kind_help::HELP;
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn the_page_on_kinds_is_in_step() {
    let mut fresh = String::from(
        "# The kinds of evidence\n\nWritten by `DOUBLEHOP_UPDATE=1 cargo test --test kinds`; a test keeps it in step.\n",
    );
    for h in HELP {
        let (word, title, needs) = (h.kind.word(), h.kind.title(), h.needs.says());
        let (get, tells, does_not) = (h.get, h.tells, h.does_not);
        write!(fresh, "\n## {title}\n\n`{word}` · {needs}\n\n- **Get it.** {get}\n- **Tells.** {tells}\n- **Does not tell.** {does_not}\n").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/kinds.md");
    if std::env::var_os("DOUBLEHOP_UPDATE").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == fresh, "docs/kinds.md is stale: DOUBLEHOP_UPDATE=1 cargo test --test kinds");
}
