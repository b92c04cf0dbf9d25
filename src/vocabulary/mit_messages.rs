//! What MIT's and Heimdal's libraries say instead of a number: their error texts as Kerberos errors.

/// Parts of messages, lower case, with the Kerberos error (RFC 4120, 7.5.9). MIT's texts are those of its `krb5_err.et`.
const KDC: [(&str, u32); 24] = [
    ("client not found in kerberos database", 6),
    ("server not found in kerberos database", 7),
    ("principal has multiple entries in kerberos database", 8),
    ("kdc policy rejects request", 12),
    ("can't fulfill requested option", 13),
    ("cannot accommodate requested option", 13),
    ("kdc has no support for encryption type", 14),
    ("credentials have been revoked", 18),
    ("password has expired", 23),
    ("preauthentication failed", 24),
    ("additional pre-authentication required", 25),
    ("decrypt integrity check failed", 31),
    ("ticket expired", 32),
    ("ticket not yet valid", 33),
    ("request is a replay", 34),
    ("ticket isn't for us", 35),
    ("ticket/authenticator don't match", 36),
    ("ticket/authenticator do not match", 36),
    ("clock skew too great", 37),
    ("incorrect net address", 38),
    ("message stream modified", 41),
    ("key version is not available", 44),
    ("service key not available", 45),
    ("response too big for udp", 52),
];

/// A server that can't decrypt the ticket it was shown. Windows says KRB_AP_ERR_MODIFIED (41) for all of these;
/// MIT tells apart whether the key, its version or the name is wrong in the keytab.
const WRONG_KEY: [&str; 11] = [
    "wrong principal",
    "decrypt integrity check failed",
    "not found in keytab",
    "cannot decrypt ticket",
    "no key table entry found",
    "key table entry not found",
    "failed to find ",
    "message stream modified",
    // Java's words for the same.
    "checksum failed",
    "integrity check on decrypted field failed",
    "specified version of key is not available",
];

/// The Kerberos error that a message of a client's library names.
pub fn of_client(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    KDC.iter().find(|(words, _)| text.contains(words)).map(|(_, number)| *number)
}

/// True for the words of a server that can't decrypt what it was shown.
pub fn is_wrong_key(text: &str) -> bool {
    let lower = text.to_lowercase();
    WRONG_KEY.iter().any(|words| lower.contains(words))
}

/// The Kerberos error that a message of an accepting server names.
pub fn of_server(text: &str) -> Option<u32> {
    if is_wrong_key(text) { Some(super::codes::krb::MODIFIED) } else { of_client(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_both_sides() {
        assert_eq!(of_client("kinit: Clock skew too great while getting initial credentials"), Some(37));
        assert_eq!(of_client("Decrypt integrity check failed"), Some(31));
        assert_eq!(
            of_server("Request ticket server HTTP/a@B kvno 4 not found in keytab; ticket is likely out of date"),
            Some(41)
        );
        assert_eq!(of_server("(Clock skew too great)"), Some(37));
        assert_eq!(of_server("all is well"), None);
    }
}
