//! The engine inside a browser: it must say there what it says natively. Run by `cargo xtask test --only wasm`.
#![cfg(target_arch = "wasm32")]
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use doublehop::ingest::{Intake, Kind, decode};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const TEXT: &str = "Clé: a @ B\r\n\tServer: x\r\nlast";

#[wasm_bindgen_test]
fn utf_16_is_decoded_and_every_line_knows_its_bytes() {
    let bytes: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = decode::decode(&bytes);
    assert_eq!(text.encoding, decode::Encoding::Utf16Le);
    let lines: Vec<(u32, &str)> = text.lines.iter().map(|line| (line.number, line.text.as_str())).collect();
    assert_eq!(lines, [(1, "Clé: a @ B"), (2, "\tServer: x"), (3, "last")]);
    // Offsets count the bytes that were given, in 64 bits; `usize` has 32 here.
    assert_eq!(text.lines.last().unwrap().end_byte, u64::try_from(bytes.len()).unwrap());
}

#[wasm_bindgen_test]
fn text_that_nobody_knows_is_one_unknown_artefact() {
    let mut intake = Intake::new("paste 1");
    for piece in ["hel", "lo\nwor", "ld\n"] {
        intake.push(piece.as_bytes());
    }
    let read = intake.finish();
    let artefacts: Vec<(Kind, u32, u32)> = read.artefacts.iter().map(|a| (a.kind, a.first_line, a.last_line)).collect();
    assert_eq!((read.bytes, artefacts), (12, vec![(Kind::Unknown, 1, 2)]));
}

/// The same as the front page's example.
#[wasm_bindgen_test]
fn the_first_articles_line_gives_the_same_report() {
    let mut intake = Intake::new("paste 1");
    intake.push(
        b"1184.2210> Kerb-Warn: SpInitLsaModeContext failed to get outbound ticket, \
          KerbGetServiceTicketByS4UProxy failed 0xc000040b\n",
    );
    let mut case = doublehop::case::Case::new();
    case.add(intake.finish());
    let report = doublehop::diagnosis::report(&case);
    assert_eq!(report.verdict.top.as_deref(), Some("kcd-cross-domain-classic"));
}
