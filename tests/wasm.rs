//! The engine inside a browser: it must say there what it says natively. Run by `cargo xtask test --only wasm`.
#![cfg(target_arch = "wasm32")]
// A test fails by panicking; the lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used)]

use doublehop::ingest::{Kind, decode, split};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const MAIL: &str = "Hi,\n\nC:\\> setspn -Q HTTP/web\nChecking domain DC=contoso,DC=com\n\nNo such SPN found.\n\n\
                    408.2656> Kerb-Warn: KerbGetServiceTicketByS4UProxy failed 0xc000040b\n";

#[wasm_bindgen_test]
fn a_mail_in_utf_16_is_split_into_its_artefacts() {
    let bytes: Vec<u8> = MAIL.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = decode::decode(&bytes);
    assert_eq!(text.encoding, decode::Encoding::Utf16Le);
    let sections: Vec<(Kind, u32)> =
        split::split(&text.lines).iter().map(|s| (s.kind, s.lines.first().unwrap().number)).collect();
    assert_eq!(sections, [(Kind::Setspn, 3), (Kind::LsassLog, 8)]);
    // Offsets count bytes of what was given; `usize` is 32 bits wide here.
    assert_eq!(text.lines.last().unwrap().end_byte, u64::try_from(bytes.len() - 2).unwrap());
}
