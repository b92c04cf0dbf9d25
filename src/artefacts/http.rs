//! Reads HTTP headers pasted as text: raw requests and answers, `curl -v`, a developer tools' list, a bare token.
//!
//! Tokens are looked at and forgotten.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, har};
use crate::facts::{At, Exchange, Place, Statement, TokenSeen};
use crate::ingest::lines::Line;
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::civil;
use crate::vocabulary::names::HostName;
use crate::wire::token;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Http, anchor, json: Some(har::json), read };

const METHODS: [&str; 9] = ["GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "PATCH", "PROPFIND", "CONNECT"];
/// Schemes whose tokens say something of the double hop.
const OURS: [&str; 3] = ["negotiate", "kerberos", "ntlm"];
/// Headers that nothing but HTTP has; they open a section.
const OPENING: [&str; 4] = ["www-authenticate", "proxy-authenticate", "authorization", "proxy-authorization"];

/// Further headers; other `word: value` lines inside a section are a page's text, or another artefact.
const HEADERS: [&str; 37] = [
    "host",
    "authority",
    "method",
    "path",
    "scheme",
    "status",
    "connection",
    "proxy-connection",
    "date",
    "server",
    "via",
    "location",
    "origin",
    "referer",
    "user-agent",
    "cookie",
    "set-cookie",
    "cache-control",
    "pragma",
    "expires",
    "age",
    "etag",
    "last-modified",
    "vary",
    "allow",
    "keep-alive",
    "persistent-auth",
    "transfer-encoding",
    "te",
    "upgrade",
    "upgrade-insecure-requests",
    "authentication-info",
    "range",
    "strict-transport-security",
    "priority",
    "dnt",
    "forwarded",
];
/// What the names of whole families of headers begin with.
const FAMILIES: [&str; 7] = ["x-", "sec-", "content-", "accept", "access-control-", "if-", "proxy-"];

/// One line of HTTP.
#[derive(Debug, PartialEq)]
enum Says<'t> {
    Request { target: &'t str },
    Answer { status: u16 },
    Header { name: String, value: &'t str },
}

/// A line without curl's marks. A leading `> ` may already be gone: mail clients quote with it as well.
fn bare(line: &str) -> &str {
    let line = line.trim();
    ["< ", "> ", "* "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim()
}

/// What a line says, for a line that can only be HTTP.
fn start_line(line: &str) -> Option<Says<'_>> {
    let line = bare(line);
    let mut words = line.split_whitespace();
    let first = words.next()?;
    if let Some(version) = first.strip_prefix("HTTP/") {
        let version_ok = version.starts_with(|c: char| c.is_ascii_digit());
        let status = words.next()?.parse().ok().filter(|s| version_ok && (100..600).contains(s))?;
        return Some(Says::Answer { status });
    }
    if METHODS.contains(&first) {
        let target = words.next()?;
        let version = words.next().is_some_and(|w| w.starts_with("HTTP/"));
        return (version && words.next().is_none()).then_some(Says::Request { target });
    }
    None
}

fn header(line: &str) -> Option<Says<'_>> {
    let line = bare(line);
    // HTTP/2 writes `:authority: host`.
    let (name, value) = match line.strip_prefix(':') {
        Some(rest) => rest.split_once(':')?,
        None => line.split_once(':')?,
    };
    let word = !name.is_empty() && name.len() < 60 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    word.then(|| Says::Header { name: name.to_ascii_lowercase(), value: value.trim() })
}

/// The developer tools' `Request URL: …` and `Status Code: 401 Unauthorized`.
fn tools_line(line: &str) -> Option<Says<'_>> {
    let (name, value) = line.trim().split_once(':')?;
    match name.trim().to_ascii_lowercase().as_str() {
        "request url" => Some(Says::Request { target: value.trim() }).filter(|_| value.contains("://")),
        "status code" => {
            let digits = value.split(|c: char| !c.is_ascii_digit()).find(|w| w.len() == 3)?;
            digits.parse().ok().map(|status| Says::Answer { status })
        }
        _ => None,
    }
}

fn says(line: &str) -> Option<Says<'_>> {
    start_line(line).or_else(|| tools_line(line)).or_else(|| header(line))
}

/// `Negotiate YII…` as scheme and token; a bare `Negotiate` has no token.
fn scheme_and_token(value: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = value.trim().split_once(char::is_whitespace).unwrap_or((value.trim(), ""));
    OURS.contains(&scheme.to_ascii_lowercase().as_str()).then(|| (scheme, rest.trim()))
}

/// A token alone on its line, with or without its scheme.
fn bare_token(line: &str) -> Option<&str> {
    let line = line.trim();
    let text = scheme_and_token(line).map_or(line, |(_, token)| token);
    let schemed = text.len() < line.len();
    let long_enough = text.len() >= 40 || schemed && text.len() >= 12;
    // Other things are base64 as well: only what reads as a token is one.
    let reads = |seen: TokenSeen| seen.message.is_some() || seen.mechanism.is_some();
    (is_base64(text) && long_enough && token::sniff(text).is_some_and(reads)).then_some(text)
}

fn is_base64(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '…'))
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    match start_line(line) {
        Some(Says::Request { .. }) => return Anchor::belongs("the first line of an HTTP request"),
        Some(_) => return Anchor::belongs("the first line of an HTTP answer"),
        None => {}
    }
    if tools_line(line).is_some() {
        return Anchor::belongs("a developer tools' line about an HTTP request");
    }
    if bare_token(line).is_some() {
        return Anchor::belongs("an authentication token");
    }
    let inside = current == Some(Kind::Http);
    match header(line) {
        Some(Says::Header { name, value })
            if inside && is_known(&name) || OPENING.contains(&name.as_str()) && (inside || opens(value)) =>
        {
            Anchor::belongs("HTTP headers")
        }
        _ => None,
    }
}

fn is_known(name: &str) -> bool {
    HEADERS.contains(&name) || FAMILIES.iter().any(|f| name.starts_with(f))
}

/// `WWW-Authenticate: Negotiate`, not a sentence about that header.
fn opens(value: &str) -> bool {
    let first = value.split([' ', ',']).next().unwrap_or_default().to_ascii_lowercase();
    OURS.contains(&first.as_str()) || ["basic", "bearer", "digest"].contains(&first.as_str()) || value.starts_with('[')
}

/// The message that is being read.
struct Message {
    place: Place,
    exchange: Exchange,
    request: bool,
}

fn read(lines: &[Line]) -> Reading {
    if lines.first().is_some_and(|l| l.trimmed().starts_with('{')) {
        return har::read(lines);
    }
    let mut reading = Reading::default();
    let mut open: Option<Message> = None;
    let mut host: Option<HostName> = None;
    for (index, line) in lines.iter().enumerate() {
        if let Some(text) = bare_token(&line.text) {
            // A token's further lines are no tokens of their own: only one that stands alone begins here.
            let continues = open
                .as_ref()
                .is_some_and(|m| m.place.last_line.saturating_add(1) == line.number && !text.contains('…'))
                && scheme_and_token(&line.text).is_none();
            if !continues && let Some(seen) = token::sniff(&joined_token(lines, index, text)) {
                close(&mut open, &mut host, &mut reading);
                let answer = text.starts_with('o');
                let seen = Some(At::new(seen, line.place()));
                let exchange = if answer {
                    Exchange { answer_token: seen, ..Exchange::default() }
                } else {
                    Exchange { token: seen, ..Exchange::default() }
                };
                reading.fact(line.place(), Statement::Exchange(exchange));
            }
            continue;
        }
        match says(&line.text) {
            Some(Says::Request { target }) => {
                close(&mut open, &mut host, &mut reading);
                host = Origin::parse(target).filter(|_| target.contains("://")).and_then(|o| HostName::parse(&o.host));
                open = Some(Message { place: line.place(), exchange: Exchange::default(), request: true });
            }
            Some(Says::Answer { status }) => {
                close(&mut open, &mut host, &mut reading);
                let status = Some(At::new(status, line.lit([status.to_string()])));
                open = Some(Message {
                    place: line.place(),
                    exchange: Exchange { status, ..Exchange::default() },
                    request: false,
                });
            }
            Some(Says::Header { name, value }) => {
                if open.is_none() && OPENING.contains(&name.as_str()) {
                    let request = name.ends_with("authorization");
                    open = Some(Message { place: line.place(), exchange: Exchange::default(), request });
                }
                if let Some(message) = &mut open {
                    message.place = message.place.to(&line.place());
                    one_header(message, &name, &joined_value(lines, index, value), line, &mut host);
                } else if matches!(name.as_str(), "host" | "authority") {
                    host = host_of(value).or(host);
                }
            }
            None => {}
        }
    }
    close(&mut open, &mut host, &mut reading);
    if reading.facts.is_empty()
        && let Some(line) = lines.first()
    {
        reading.problem(
            line.number,
            "No request or answer could be read here. Paste the headers with their first lines (GET … and HTTP/1.1 …).",
        );
    }
    reading
}

fn one_header(message: &mut Message, name: &str, value: &str, line: &Line, host: &mut Option<HostName>) {
    match name {
        "host" | "authority" => *host = host_of(value).or(host.take()),
        "status" if message.exchange.status.is_none() && !message.request => {
            let status = value.split_whitespace().next().and_then(|s| s.parse().ok());
            message.exchange.status = status.map(|s| At::new(s, line.place()));
        }
        "date" if !message.request => {
            message.exchange.date = civil::http_date(value);
        }
        "authorization" => {
            message.exchange.token = token_of(value).map(|seen| At::new(seen, line.place()));
        }
        "www-authenticate" => {
            let schemes = schemes(value);
            let place = line.lit(schemes.clone());
            match &mut message.exchange.offered {
                Some(offered) => {
                    offered.value.extend(schemes);
                    offered.place = offered.place.to(&place);
                }
                None => message.exchange.offered = Some(At::new(schemes, place)),
            }
            if let Some(seen) = token_of(value) {
                message.exchange.answer_token = Some(At::new(seen, line.place()));
            }
        }
        _ => {}
    }
}

/// What a token is. Of one that a capture stripped (`[2474 bytes were stripped]`) only the length is known.
pub(super) fn token_of(value: &str) -> Option<TokenSeen> {
    if value.contains("bytes were stripped]") {
        let length: u64 = value.split(|c: char| !c.is_ascii_digit()).find(|w| !w.is_empty())?.parse().ok()?;
        // The length is that of the whole value: scheme, blank and base64.
        let scheme = if value.starts_with('[') { "Negotiate ".len() } else { 0 };
        let bytes = length.saturating_sub(u64::try_from(scheme).unwrap_or(0)).saturating_mul(3) / 4;
        return Some(TokenSeen { bytes, ..TokenSeen::default() });
    }
    let (_, token) = scheme_and_token(value)?;
    token::sniff(token.split([',', ' ']).next().unwrap_or(token))
}

/// The schemes of one header, which may hold several challenges: `Negotiate, NTLM`, `Basic realm="x, y"`.
pub(super) fn schemes(value: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in value.split(',') {
        let word = part.split_whitespace().next().unwrap_or_default();
        let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let quoted = part.contains('"') && !part.contains('=');
        if is_word && !quoted && word.len() <= 20 {
            out.push(word.to_owned());
        }
    }
    out
}

pub(super) fn host_of(value: &str) -> Option<HostName> {
    let value = value.trim();
    let bare = match value.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) && !value.ends_with(']') => host,
        _ => value,
    };
    HostName::parse(bare)
}

/// A header's value with the token's further lines, which a mail client broke off.
fn joined_value(lines: &[Line], index: usize, value: &str) -> String {
    let Some((scheme, token)) = scheme_and_token(value) else { return value.to_owned() };
    if !token.is_empty() && !is_base64(token) {
        return value.to_owned();
    }
    format!("{scheme} {}", joined_token(lines, index, token))
}

fn joined_token(lines: &[Line], index: usize, token: &str) -> String {
    let mut out = token.to_owned();
    for line in lines.iter().skip(index.saturating_add(1)) {
        let next = line.trimmed();
        if out.ends_with(['=', '…'])
            || !is_base64(next)
            || next.len() < 16
            || !out.is_empty() && next.starts_with("TlRMTVNTUAA")
        {
            break;
        }
        out.push_str(next);
    }
    out
}

/// Ends a message. An answer belongs to the host of the request before it.
fn close(open: &mut Option<Message>, host: &mut Option<HostName>, reading: &mut Reading) {
    if let Some(mut message) = open.take() {
        message.exchange.host = host.clone();
        reading.fact(message.place, Statement::Exchange(message.exchange));
    }
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
