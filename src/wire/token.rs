//! Tells what a token is from its first bytes.
//!
//! Only what stands in clear is read (failure-modes.md, 2.6): the mechanism, a SPNEGO refusal, a KRB-ERROR's code.

use crate::facts::{Mechanism, TokenSeen};
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

const NTLMSSP: &[u8] = b"NTLMSSP\0";
/// 1.2.840.113554.1.2.2, Kerberos 5.
const OID_KRB5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02];
/// 1.2.840.48018.1.2.2, the same as Windows writes it.
const OID_MS_KRB5: &[u8] = &[0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 0x01, 0x02, 0x02];

/// Reads the base64 text behind `Negotiate`, `NTLM` or `Kerberos`. `None` when it is no base64 at all.
///
/// A token cut off at its end is read as far as it goes.
pub fn sniff(text: &str) -> Option<TokenSeen> {
    let clean: String = text.trim().chars().filter(|c| !c.is_whitespace()).collect();
    let body = clean.trim_end_matches(['=', '.', '…']);
    // One character beyond a group of four carries no whole byte.
    let usable = if body.len() % 4 == 1 { body.get(..body.len().saturating_sub(1))? } else { body };
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let bytes = GeneralPurpose::new(&base64::alphabet::STANDARD, lenient).decode(usable).ok()?;
    (bytes.len() >= 4).then(|| of_bytes(&bytes))
}

fn of_bytes(bytes: &[u8]) -> TokenSeen {
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let ntlm = find(head, NTLMSSP);
    let kerberos = find(head, OID_KRB5).or_else(|| find(head, OID_MS_KRB5));
    let krb_error = krb_error(head);
    let mechanism = match (ntlm, kerberos) {
        // NTLM's own message decides: a SPNEGO offer that leads with Kerberos may still carry an NTLM token.
        (Some(_), _) => Some(Mechanism::Ntlm),
        (None, Some(_)) => Some(Mechanism::Kerberos),
        (None, None) if head.first() == Some(&0x6e) => Some(Mechanism::Kerberos),
        _ => None,
    };
    // NegTokenResp with negState reject (RFC 4178, 4.2.2): A1 .. A0 03 0A 01 02.
    let refuses = head.first() == Some(&0xa1) && find(head, &[0xa0, 0x03, 0x0a, 0x01, 0x02]).is_some();
    TokenSeen {
        mechanism,
        rejects: refuses || krb_error.is_some(),
        krb_error,
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    }
}

/// The error code of a KRB-ERROR (RFC 4120, 5.9.1: `[APPLICATION 30]`, `error-code[6]`) inside a GSS token (token id 03 00).
fn krb_error(head: &[u8]) -> Option<u32> {
    let at = find(head, &[0x03, 0x00, 0x7e])?;
    let body = head.get(at..)?;
    let code_at = find(body, &[0xa6, 0x03, 0x02, 0x01])?;
    body.get(code_at.checked_add(4)?).map(|b| u32::from(*b))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_apart() {
        assert_eq!(
            sniff("TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAPRlAAAADw==").unwrap().mechanism,
            Some(Mechanism::Ntlm)
        );
        let kerberos = sniff("YIIHiwYGKwYBBQUCoIIHfzCCB3ugMDAuBgkqhkiC9xIBAgIGCSqGSIb3EgECAgYKKwYBBAGCNwICHgYKKwYBBAGCNwICCqKCB0UEggdBYIIHPQ…").unwrap();
        assert_eq!((kerberos.mechanism, kerberos.rejects), (Some(Mechanism::Kerberos), false));
        let reject = sniff("oQcwBaADCgEC").unwrap();
        assert!(reject.rejects && reject.mechanism.is_none());
        assert!(!sniff("oRQwEqADCgEAoQsGCSqGSIb3EgECAg==").unwrap().rejects);
        assert_eq!(sniff("not base64!"), None);
        assert_eq!(sniff(""), None);
    }
}
