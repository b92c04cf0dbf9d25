//! Single values of the NetLog viewer's text.

use crate::facts::Mechanism;

/// Bit 0 of the request's flags is ISC_REQ_DELEGATE.
pub(super) fn flag_of_value(value: Option<String>) -> Option<String> {
    let number = crate::vocabulary::codes::parse_hex(&value?)?;
    Some((number & 1 != 0).to_string())
}

/// A Boolean that was read whole; half of one is none.
pub(super) fn truth(word: &str) -> Option<bool> {
    match word {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// SSPI's package name, or GSSAPI's OID as text or as base64 of its bytes.
pub(super) fn mechanism(name: &str) -> Option<Mechanism> {
    match name {
        "Kerberos" | "1.2.840.113554.1.2.2" | "KoZIhvcSAQIC" | "1.2.840.48018.1.2.2" | "KoZIgvcSAQIC" => {
            Some(Mechanism::Kerberos)
        }
        "NTLM" | "1.3.6.1.4.1.311.2.2.10" | "KwYBBAGCNwICCg==" => Some(Mechanism::Ntlm),
        "Negotiate" | "SPNEGO" | "1.3.6.1.5.5.2" | "KwYBBQUC" => Some(Mechanism::Undecided),
        _ => None,
    }
}

/// `-339 (ERR_UNSUPPORTED_AUTH_SCHEME)` as -339.
pub(super) fn leading_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let end =
        text.char_indices().find(|(i, c)| !(c.is_ascii_digit() || *i == 0 && *c == '-')).map_or(text.len(), |(i, _)| i);
    text.get(..end)?.parse().ok()
}
