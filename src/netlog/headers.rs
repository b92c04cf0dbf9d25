//! Authentication headers in a capture's events: the token sent, the server's answer. Tokens are looked at and forgotten.

use super::event::Event;
use super::places::place;

use crate::facts::{At, Mechanism, TokenSeen};
use crate::vocabulary::civil;
use crate::wire::token;
use doublehop_scan::{Location, speaks_of_authorization};

/// No scheme's name is longer.
const SCHEME: usize = 60;
/// No server offers more.
const SCHEMES: usize = 20;
/// How much of a status line is lit.
const STATUS_LINE: usize = 200;

/// A token on its way to the server.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The length of the header's whole value.
    pub length: At<u64>,
    /// Its mechanism, where the scheme or the token tells.
    pub mechanism: Option<Mechanism>,
    /// What it is, where the capture has its bytes.
    pub token: Option<At<TokenSeen>>,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status.
    pub status: At<u16>,
    /// The schemes that it offers.
    pub offered: At<Vec<String>>,
    /// Its token is a refusal.
    pub refuses: bool,
    /// The server's clock minus the browser's, in seconds.
    pub clock_offset: Option<At<i64>>,
    /// What its token is, where the capture has its bytes.
    pub token: Option<At<TokenSeen>>,
}

/// The token in the headers that were sent.
pub fn sent(event: &Event<'_>, location: Location) -> Option<Sent> {
    // A request without an Authorization header says nothing here: its many headers needn't be read.
    if !speaks_of_authorization(event.text) {
        return None;
    }
    let lines = event.params().headers?.lines();
    let value = lines.iter().find_map(|l| header(l, "authorization"))?;
    let (length, mechanism, token) = match value.split_once(' ') {
        // "[2474 bytes were stripped]": the capture leaves the length.
        _ if value.starts_with('[') => (stripped(value).unwrap_or(0), None, None),
        Some((scheme, _)) if !ours(scheme) => return None,
        Some((scheme, rest)) if rest.starts_with('[') => {
            let ntlm = scheme.eq_ignore_ascii_case("ntlm").then_some(Mechanism::Ntlm);
            (stripped(rest).unwrap_or(0), ntlm, None)
        }
        Some((scheme, rest)) => {
            let token = token::sniff(rest);
            let mechanism = token.as_ref().and_then(|t| t.mechanism);
            let ntlm = scheme.eq_ignore_ascii_case("ntlm").then_some(Mechanism::Ntlm);
            (u64::try_from(value.len()).unwrap_or(u64::MAX), mechanism.or(ntlm), token)
        }
        None => return None,
    };
    let place = place(location, ["Authorization"]);
    let token = token.map(|seen| At::new(seen, place.clone()));
    Some(Sent { length: At::new(length, place), mechanism, token })
}

/// The answer's status, schemes, token and clock.
pub fn answered(event: &Event<'_>, location: Location) -> Option<Answered> {
    let lines = event.params().headers?.lines();
    let status_line = lines.first()?;
    let status: u16 = status_line.split_whitespace().nth(1)?.parse().ok()?;
    let mut offered = Vec::new();
    let mut token = None;
    for value in lines.iter().filter_map(|l| header(l, "www-authenticate")) {
        for (scheme, rest) in challenges(value).take(SCHEMES) {
            // A bare scheme and one with a token are different answers: the first starts over, the second goes on.
            let goes_on = ours(scheme) && !rest.is_empty();
            let shown: String = scheme.chars().take(SCHEME).collect();
            if offered.len() < SCHEMES {
                offered.push(if goes_on { format!("{shown} …") } else { shown });
            }
            if token.is_none() && goes_on {
                token = token::sniff(rest);
            }
        }
    }
    let refuses = token.as_ref().is_some_and(|t| t.rejects);
    // An answer out of a cache tells when it was made.
    let cached = lines.iter().filter_map(|l| header(l, "age")).any(|age| age != "0");
    let date = lines.iter().find_map(|l| header(l, "date")).filter(|_| !cached);
    let server = date.and_then(civil::http_date);
    let browser = event.epoch_millis.and_then(|m| m.checked_div(1000));
    let date_offset = server.zip(browser).and_then(|(s, b)| s.checked_sub(b));
    // A Kerberos error in the answer tells the time of the very side that judged the ticket.
    let told = token.as_ref().and_then(|t| t.clock.as_ref());
    let krb_offset = told.and_then(|c| c.client.or(browser).and_then(|b| c.server.checked_sub(b)));
    let clock_offset =
        krb_offset.map(|o| (o, "WWW-Authenticate")).or(date_offset.map(|o| (o, date.unwrap_or_default())));
    let words = [status_line.chars().take(STATUS_LINE).collect::<String>()];
    Some(Answered {
        status: At::new(status, place(location, words)),
        offered: At::new(offered, place(location, ["WWW-Authenticate"])),
        refuses,
        token: token.map(|seen| At::new(seen, place(location, ["WWW-Authenticate"]))),
        clock_offset: clock_offset.map(|(offset, words)| At::new(offset, place(location, [words]))),
    })
}

/// The schemes whose tokens say something of the double hop.
fn ours(scheme: &str) -> bool {
    ["negotiate", "ntlm", "kerberos"].iter().any(|s| scheme.eq_ignore_ascii_case(s))
}

/// The challenges of one header, which may hold several: `Negotiate, NTLM`, `Digest realm="x, y", nonce="z", Basic`.
/// Each with what stands behind its scheme's word, up to the first comma.
fn challenges(value: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut quoted = false;
    let parts = value.split(move |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    parts.filter_map(|part| {
        let (word, rest) = part.trim().split_once(char::is_whitespace).unwrap_or((part.trim(), ""));
        // `nonce="z"` and `nonce = "z"` belong to the scheme before.
        let scheme = !word.is_empty() && !word.contains(['=', '"']) && !rest.trim_start().starts_with('=');
        scheme.then(|| (word, rest.trim()))
    })
}

/// The value of `name` when this line is that header.
fn header<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (key, value) = line.split_once(':')?;
    key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
}

/// The length in `[2474 bytes were stripped]`.
fn stripped(text: &str) -> Option<u64> {
    text.trim_start_matches('[').split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::NET_EXPORT_NOT_ASKED;
    use crate::facts::{Handshake, Statement, TokenMessage};
    use crate::ingest::{Ingested, Intake};
    use crate::wire::samples::{KRB5, base64, framed, krb_error, response, windows_kerberos};

    fn read(capture: &str) -> (Handshake, Ingested) {
        let mut intake = Intake::new("capture.json");
        intake.push(capture.as_bytes());
        let read = intake.finish();
        let handshake = read.artefacts[0].facts.iter().find_map(|f| match &f.says {
            Statement::Handshake(h) => Some(h.as_ref().clone()),
            _ => None,
        });
        (handshake.unwrap(), read)
    }

    #[test]
    fn a_capture_with_its_bytes_tells_what_the_tokens_are() {
        let token = base64(&windows_kerberos("HTTP/intranet.contoso.com", 434));
        // 90.248 s after the start of a capture that began at 1763450000: the server is ten minutes behind.
        let error = krb_error(37, (2025, 11, 18, 7, 4, 50), None, "HTTP/intranet.contoso.com");
        let answer = base64(&response(Some(2), Some(KRB5), Some(&framed(KRB5, [3, 0], &error))));
        let capture =
            NET_EXPORT_NOT_ASKED.replace("[2474 bytes were stripped]", &format!("Negotiate {token}")).replace(
                "HTTP/1.1 200 OK\"",
                &format!("HTTP/1.1 401 Unauthorized\",\"WWW-Authenticate: Negotiate {answer}\""),
            );
        let (handshake, read) = read(&capture);
        let sent = handshake.token.unwrap().value;
        assert_eq!(
            (sent.message, sent.service.as_deref()),
            (Some(TokenMessage::ApReq), Some("HTTP/intranet.contoso.com"))
        );
        assert_eq!(sent.authenticator.unwrap().bytes, Some(434));
        assert_eq!(handshake.answer_token.unwrap().value.krb_error, Some(37));
        assert_eq!(handshake.clock_offset.unwrap().value, -600);
        let all = format!("{read:?}");
        assert!(!all.contains(token.get(..40).unwrap()) && !all.contains(answer.get(..40).unwrap()));
    }

    #[test]
    fn several_challenges_in_one_header() {
        let of = |value: &'static str| super::challenges(value).collect::<Vec<_>>();
        assert_eq!(of("Negotiate, NTLM"), [("Negotiate", ""), ("NTLM", "")]);
        assert_eq!(
            of("Negotiate oQcwBaADCgEC==,Basic realm=\"a, b\""),
            [("Negotiate", "oQcwBaADCgEC=="), ("Basic", "realm=\"a, b\"")]
        );
        assert_eq!(of("Digest realm=\"x\", nonce = \"y\",qop=auth, NTLM"), [("Digest", "realm=\"x\""), ("NTLM", "")]);
        assert!(of("").is_empty());
        let long = "Digest realm=\\\"a realm with more than forty characters in its name\\\"";
        let capture = NET_EXPORT_NOT_ASKED.replace(
            "\"WWW-Authenticate: Negotiate\",\"WWW-Authenticate: NTLM\"",
            &format!("\"WWW-Authenticate: Negotiate, NTLM\",\"WWW-Authenticate: {long}\""),
        );
        assert_ne!(capture, NET_EXPORT_NOT_ASKED);
        assert_eq!(read(&capture).0.offered.unwrap().value, ["Negotiate", "NTLM", "Digest"]);
    }

    #[test]
    fn the_date_of_an_answer_out_of_a_cache_is_no_clock() {
        let dated = |more: &str| {
            let headers = format!("HTTP/1.1 200 OK\",\"Date: Tue, 18 Nov 2025 07:00:00 GMT\"{more}");
            read(&NET_EXPORT_NOT_ASKED.replace("HTTP/1.1 200 OK\"", &headers)).0.clock_offset.map(|o| o.value)
        };
        assert!(dated("").is_some() && dated(",\"Age: 0\"").is_some());
        assert_eq!(dated(",\"Age: 512\""), None);
    }

    #[test]
    fn a_capture_without_bytes_tells_the_length_only() {
        let (handshake, _) = read(NET_EXPORT_NOT_ASKED);
        assert_eq!((handshake.token, handshake.token_sent.unwrap().value), (None, 2474));
    }
}
