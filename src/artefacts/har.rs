//! Reads HAR files (what a browser's developer tools save): one exchange an entry. Only hosts, statuses and the headers of
//! authentication are kept; bodies, which make the file large, are skipped over byte by byte.

use super::Reading;
use super::http::{host_of, schemes, token_of};
use crate::facts::{At, Exchange, Place, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::names::HostName;

/// How many exchanges are kept of one file; a long recording repeats itself.
const KEPT: usize = 2000;
/// A value that is wanted (a header, a URL) is not longer; a ticket is at most 64 kB.
const VALUE: usize = 100_000;

/// Is this a HAR file? Its head says so.
pub fn json(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(4000).collect();
    let log = head.contains("\"log\"");
    let inner = ["\"entries\"", "\"creator\"", "\"pages\""].iter().any(|w| head.contains(w));
    (log && inner).then_some("JSON with log and entries: a HAR file of a browser's developer tools")
}

/// A position in the file's bytes.
struct Cursor<'l> {
    lines: &'l [Line],
    line: usize,
    at: usize,
}

impl<'l> Cursor<'l> {
    fn bytes(&self) -> &'l [u8] {
        self.lines.get(self.line).map_or(&[], |l| l.text.as_bytes())
    }
    fn next(&mut self) -> Option<u8> {
        loop {
            if let Some(b) = self.bytes().get(self.at) {
                self.at = self.at.saturating_add(1);
                return Some(*b);
            }
            self.line = self.line.saturating_add(1);
            self.at = 0;
            if self.line >= self.lines.len() {
                return None;
            }
        }
    }
    fn place(&self) -> Place {
        self.lines.get(self.line).or(self.lines.last()).map(Line::place).unwrap_or_default()
    }
    /// Reads a string's rest, up to its closing quote; what is beyond `VALUE` is skipped.
    fn string(&mut self) -> String {
        let mut bytes = Vec::new();
        while let Some(b) = self.next() {
            let b = match b {
                b'"' => break,
                b'\\' => match self.next() {
                    Some(b'n' | b't' | b'r') | None => b' ',
                    Some(b'u') => {
                        for _ in 0..4 {
                            self.next();
                        }
                        b'?'
                    }
                    Some(other) => other,
                },
                b => b,
            };
            if bytes.len() < VALUE {
                bytes.push(b);
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
    /// Skips a string's rest.
    fn skip_string(&mut self) {
        while let Some(b) = self.next() {
            match b {
                b'"' => break,
                b'\\' => {
                    self.next();
                }
                _ => {}
            }
        }
    }
}

/// Where in an entry the scanner is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Side {
    #[default]
    None,
    Request,
    Response,
}

/// What an entry says so far.
#[derive(Default)]
struct Entry {
    started: bool,
    request: Exchange,
    answer: Exchange,
    first: Place,
    whole: Place,
    /// Headers were saved, but none of authentication: the browser may have left them out.
    headers: u32,
}

/// Reads a file.
pub fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut cursor = Cursor { lines, line: 0, at: 0 };
    let mut path: Vec<String> = Vec::new();
    let mut key: Option<String> = None;
    let mut name = String::new();
    let mut entry = Entry::default();
    let (mut entries, mut tokens) = (0usize, false);
    while let Some(b) = cursor.next() {
        match b {
            b'"' => {
                let place = cursor.place();
                if key.is_none() {
                    key = Some(cursor.string());
                    continue;
                }
                let side = side(&path);
                let word = key.take().unwrap_or_default();
                if side == Side::None || !wanted(&path, &word) {
                    cursor.skip_string();
                    continue;
                }
                let value = cursor.string();
                match word.as_str() {
                    "name" => name = value.to_ascii_lowercase(),
                    "value" => tokens |= header(&mut entry, side, &name, &value, place),
                    "url" => {
                        let host = Origin::parse(&value).and_then(|o| HostName::parse(&o.host));
                        entry.begin(&place);
                        entry.request.host.clone_from(&host);
                        entry.answer.host = host;
                    }
                    _ => {}
                }
            }
            b'{' | b'[' => path.push(key.take().unwrap_or_default()),
            b'}' | b']' => {
                path.pop();
                key = None;
                // Back in the list: the entry is complete.
                if b == b'}' && path.last().is_some_and(|p| p == "entries") {
                    entries = entries.saturating_add(1);
                    if entries <= KEPT {
                        std::mem::take(&mut entry).finish(&mut reading);
                    }
                }
            }
            b',' => key = None,
            b'0'..=b'9' | b'-' if key.as_deref() == Some("status") && side(&path) == Side::Response => {
                let place = cursor.place();
                let mut digits = String::from(char::from(b));
                while let Some(d) = cursor.bytes().get(cursor.at).filter(|d| d.is_ascii_digit()) {
                    digits.push(char::from(*d));
                    cursor.at = cursor.at.saturating_add(1);
                }
                entry.begin(&place);
                let status = digits.parse().ok().filter(|s| (100..600).contains(s));
                entry.answer.status = status.map(|s: u16| At::new(s, place.lit([digits])));
            }
            _ => {}
        }
    }
    // A file cut in the middle of an entry.
    entry.finish(&mut reading);
    let line = lines.first().map_or(1, |l| l.number);
    let challenged = reading
        .facts
        .iter()
        .any(|f| matches!(&f.says, Statement::Exchange(e) if e.status.as_ref().is_some_and(|s| s.value == 401)));
    if reading.facts.is_empty() {
        reading.problem(line, "No request could be read in this HAR file.");
    } else if challenged && !tokens {
        reading.problem(
            line,
            "The browser left the Authorization headers out of this HAR file (a sanitized export), so it can't show Kerberos or NTLM. \
             A net-export capture does.",
        );
    }
    reading
}

/// Are we in an entry's request or response?
fn side(path: &[String]) -> Side {
    match path.iter().rposition(|p| p == "entries").and_then(|at| path.get(at.saturating_add(2))) {
        Some(word) if word == "request" => Side::Request,
        Some(word) if word == "response" => Side::Response,
        _ => Side::None,
    }
}

/// Strings that are read; all others are skipped.
fn wanted(path: &[String], key: &str) -> bool {
    let in_headers = path.iter().any(|p| p == "headers");
    let own = path.last().is_some_and(|p| p == "request");
    in_headers && matches!(key, "name" | "value") || own && key == "url"
}

/// Takes one header; true when it is an Authorization with a token.
fn header(entry: &mut Entry, side: Side, name: &str, value: &str, place: Place) -> bool {
    entry.headers = entry.headers.saturating_add(1);
    match (side, name) {
        (Side::Request, "host" | ":authority") => {
            entry.request.host = entry.request.host.take().or_else(|| host_of(value));
        }
        (Side::Request, "authorization") => {
            entry.begin(&place);
            entry.request.token = token_of(value).map(|seen| At::new(seen, place));
            return true;
        }
        (Side::Response, "www-authenticate") => {
            entry.begin(&place);
            let found = schemes(value);
            if let Some(seen) = token_of(value) {
                entry.answer.answer_token = Some(At::new(seen, place.clone()));
            }
            let place = place.lit(found.clone());
            match &mut entry.answer.offered {
                Some(offered) => {
                    offered.value.extend(found);
                    offered.place = offered.place.to(&place);
                }
                None => entry.answer.offered = Some(At::new(found, place)),
            }
        }
        _ => {}
    }
    false
}

impl Entry {
    fn begin(&mut self, place: &Place) {
        if !self.started {
            (self.started, self.first, self.whole) = (true, place.clone(), place.clone());
        }
        self.whole = self.whole.to(place);
    }

    /// A request and its answer; those that say nothing of authentication only where they failed or name their host.
    fn finish(self, reading: &mut Reading) {
        if !self.started {
            return;
        }
        let matters = self.request.token.is_some()
            || self.answer.offered.is_some()
            || self.answer.answer_token.is_some()
            || self.answer.status.as_ref().is_some_and(|s| matches!(s.value, 400 | 401 | 403 | 407 | 431));
        if !matters {
            return;
        }
        let place = Place { lit: Vec::new(), ..self.whole };
        if self.request.token.is_some() {
            reading.fact(place.clone(), Statement::Exchange(self.request));
        }
        reading.fact(place, Statement::Exchange(self.answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefacts::kind::Kind;
    use crate::artefacts::words;
    use crate::ingest::lines::test_lines;

    const TOKEN: &str = "YIIHiwYGKwYBBQUCoIIHfzCCB3ugMDAuBgkqhkiC9xIBAgIGCSqGSIb3EgECAgYKKwYBBAGCNwICHqKCB0U=";

    fn har(token: &str) -> String {
        format!(
            "{{\n \"log\": {{\n  \"version\": \"1.2\",\n  \"creator\": {{\"name\": \"WebInspector\", \"version\": \"537.36\"}},\n  \"pages\": [],\n  \"entries\": [\n   {{\n    \"_initiator\": {{\"type\": \"other\"}},\n\
             \"request\": {{\"method\": \"GET\", \"url\": \"https://web.contoso.com/portal?x=1\", \"headers\": [{{\"name\": \"Accept\", \"value\": \"*/*\"}}], \"cookies\": []}},\n\
             \"response\": {{\"status\": 401, \"statusText\": \"\", \"headers\": [{{\"name\": \"WWW-Authenticate\", \"value\": \"Negotiate\"}}, {{\"name\": \"www-authenticate\", \"value\": \"NTLM\"}}], \"content\": {{\"size\": 5, \"text\": \"\\\"status\\\": 500\"}}}}\n   }},\n   {{\n\
             \"request\": {{\"method\": \"GET\", \"url\": \"https://web.contoso.com/portal?x=1\", \"headers\": [{{\"name\": \"Host\", \"value\": \"web.contoso.com\"}}{token}]}},\n\
             \"response\": {{\"status\": 200, \"headers\": []}}\n   }},\n   {{\"request\": {{\"url\": \"https://cdn.contoso.com/x.js\", \"headers\": []}}, \"response\": {{\"status\": 200, \"headers\": []}}}}\n  ]\n }}\n}}\n"
        )
    }

    fn told(text: &str) -> Vec<String> {
        let facts = read(&test_lines(text)).facts.into_iter();
        facts
            .map(|f| match f.says {
                Statement::Exchange(e) => format!(
                    "{} {:?} {} {:?}",
                    e.host.map_or("-".to_owned(), |h| h.to_string()),
                    e.status.map(|s| s.value),
                    e.offered.map_or("-".to_owned(), |o| o.value.join("+")),
                    e.token.and_then(|t| t.value.mechanism)
                ),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn requests_and_answers_in_order() {
        let token = format!(", {{\"name\": \"authorization\", \"value\": \"Negotiate {TOKEN}\"}}");
        let want = [
            "web.contoso.com Some(401) Negotiate+NTLM None",
            "web.contoso.com None - Some(Kerberos)",
            "web.contoso.com Some(200) - None",
        ];
        assert_eq!(told(&har(&token)), want);
        assert_eq!(told(&har(&token).replace('\n', "")), want);
        assert_eq!(words::kinds(&har(&token)), [Kind::Http]);
        let cut = har(&token).split("\"status\": 200").next().unwrap().to_owned();
        assert_eq!(told(&cut)[..2], want[..2]);
    }

    #[test]
    fn a_sanitized_file_says_so() {
        let reading = read(&test_lines(&har("")));
        assert_eq!((reading.facts.len(), reading.problems.len()), (1, 1));
        assert!(reading.problems[0].says.contains("left the Authorization headers out"));
    }

    #[test]
    fn a_large_file_is_read_in_one_pass() {
        let body = "x".repeat(1_000_000);
        let entry = format!(
            "{{\"request\": {{\"url\": \"https://a.b/\", \"headers\": []}}, \"response\": {{\"status\": 200, \"content\": {{\"text\": \"{body}\"}}}}}},"
        );
        let text = format!("{{\"log\": {{\"version\": \"1.2\", \"creator\": {{}}, \"entries\": [{}", entry.repeat(20));
        let mut intake = crate::ingest::Intake::new("x.har");
        intake.push(text.as_bytes());
        let got = intake.finish();
        assert_eq!(got.artefacts.len(), 1);
        assert_eq!(got.artefacts[0].kind, Kind::Http);
        assert!(got.artefacts[0].shown.iter().all(|l| l.text.len() < 10_000));
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        let reader = crate::artefacts::KindReader { json: Some(json), read, ..crate::artefacts::http::READER };
        words::never_panics(&reader, &har(""));
    }
}
