//! What header lines speak of, before they are parsed: most requests and answers of a capture say nothing of authentication.

use memchr::{memchr_iter, memchr2_iter};

/// Does this text speak of an Authorization header, in the spellings that occur (`Authorization`, `authorization`, `AUTHORIZATION`)?
#[inline(never)] // see `Scanner::whole_line`
pub fn speaks_of_authorization(text: &[u8]) -> bool {
    // The rarest letter of the word.
    memchr2_iter(b'z', b'Z', text).any(|at| {
        let word = at.checked_sub(7).and_then(|from| text.get(from..at.saturating_add(6)));
        word.is_some_and(|w| w.eq_ignore_ascii_case(b"authorization"))
    })
}

/// May this be an answer that asks for credentials? True wherever 401 or 407 stands as a word of its own.
#[inline(never)]
pub fn speaks_of_challenge(text: &[u8]) -> bool {
    memchr_iter(b'4', text).any(|at| {
        let word = at.checked_sub(1).and_then(|from| text.get(from..at.saturating_add(3)));
        matches!(word, Some(b" 401" | b" 407"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_authentication() {
        for yes in ["authorization", "x\"Proxy-Authorization: y", "AUTHORIZATION: z z", "zzAuthorization"] {
            assert!(speaks_of_authorization(yes.as_bytes()), "{yes}");
        }
        for no in ["", "z", "Accept-Encoding: gzip, zstd", "uthorization", "authorizatio", "authorisation"] {
            assert!(!speaks_of_authorization(no.as_bytes()), "{no}");
        }
        assert!(speaks_of_challenge(b"HTTP/1.1 401 Unauthorized") && speaks_of_challenge(b"4 44 HTTP/1.1 407"));
        for no in ["401", "HTTP/1.1 200 OK", " 404", " 40", "Content-Length: 1401", ""] {
            assert!(!speaks_of_challenge(no.as_bytes()), "{no}");
        }
    }
}
