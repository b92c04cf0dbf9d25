//! Base64 → what the token is.
//!
//! Only what stands in clear is read (failure-modes.md, 2.6). A token that breaks off is read as far as it goes.

use super::{kerberos, ntlm, spnego};
use crate::facts::TokenSeen;
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// The signature of an extended negotiation's message ([MS-NEGOEX] 2.2.6.1).
pub const NEGOEX: &[u8] = b"NEGOEXTS";
/// Longer tokens are none: Windows' own limit is 64 kB.
const LONGEST: usize = 1 << 20;

/// Reads the base64 text behind `Negotiate`, `NTLM` or `Kerberos`. `None` when it is no base64 at all.
pub fn sniff(text: &str) -> Option<TokenSeen> {
    let clean: String = text.trim().chars().filter(|c| !c.is_whitespace()).take(LONGEST).collect();
    let body = clean.trim_end_matches(['=', '.', '…']);
    let shortened = body.len() < clean.trim_end_matches('=').len();
    // One character beyond a group of four carries no whole byte.
    let usable = if body.len() % 4 == 1 { body.get(..body.len().saturating_sub(1))? } else { body };
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let bytes = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient).decode(usable).ok()?;
    (bytes.len() >= 4).then(|| {
        let mut seen = of_bytes(&bytes);
        seen.cut |= shortened;
        seen
    })
}

/// Reads a token's bytes.
pub fn of_bytes(bytes: &[u8]) -> TokenSeen {
    let mut seen = TokenSeen { bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX), ..TokenSeen::default() };
    match bytes.first() {
        Some(&spnego::GSS) => spnego::gss(bytes, &mut seen),
        Some(&spnego::RESPONSE) => spnego::response(bytes, &mut seen),
        _ if bytes.starts_with(ntlm::SIGNATURE) => ntlm::read(bytes, &mut seen),
        _ => kerberos::bare(bytes, &mut seen),
    }
    seen
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
