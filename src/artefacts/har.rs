//! Reads HAR files (what a browser's developer tools save) as a stream: one exchange an entry. Only hosts, statuses and the
//! headers of authentication are kept; bodies, which make such files hundreds of megabytes large, are passed over.

use super::Reading;
use super::har_entry::{Entries, Side};
use crate::facts::Place;
use crate::ingest::ShownLine;
use crate::ingest::lines::Line;
use memchr::{memchr_iter, memchr2};

/// A value that is wanted (a header, a URL) is not longer; a ticket is at most 64 kB.
const VALUE: usize = 100_000;
/// What is nested deeper is no HAR file's.
const DEPTH: usize = 32;

/// The byte directly behind a backslash; smaller numbers count the digits of `\u`.
const FIRST: u8 = 9;

/// Is this a HAR file? Its head says so.
pub fn json(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(4000).collect();
    let log = head.contains("\"log\"");
    let inner = ["\"entries\"", "\"creator\"", "\"pages\""].iter().any(|w| head.contains(w));
    (log && inner).then_some("JSON with log and entries: a HAR file of a browser's developer tools")
}

/// Where in the text the scanner is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Between,
    Key,
    Wanted,
    Skipped,
    Status,
}

/// Reads one file, in pieces.
#[derive(Debug, Default)]
pub struct Har {
    entries: Entries,
    state: State,
    /// Behind a backslash: [`FIRST`], or how many digits still belong to it.
    escaped: u8,
    /// Keys from the outside in, as far as they matter.
    path: Vec<String>,
    deeper: usize,
    key: Option<String>,
    held: Vec<u8>,
    line: u32,
    offset: u64,
    /// Where the value began, or the whole line it stands on where lines are read.
    begun: Place,
    of_lines: bool,
}

/// What a file gave.
pub struct HarRead {
    /// Statements and problems.
    pub reading: Reading,
    /// The lines that matter, made of what was read of them: nothing else of the file is ever shown.
    pub shown: Vec<ShownLine>,
    /// How many lines the file has.
    pub lines: u32,
}

/// Reads the lines of a paste.
pub fn read(lines: &[Line]) -> Reading {
    read_lines(lines).reading
}

/// The lines of a paste as they may be shown.
pub fn shown(lines: &[Line]) -> Vec<ShownLine> {
    read_lines(lines).shown
}

fn read_lines(lines: &[Line]) -> HarRead {
    let mut har = Har { of_lines: true, ..Har::default() };
    for line in lines {
        har.begun = line.place();
        har.line = line.number;
        har.push(line.text.as_bytes());
    }
    har.finish(lines.first().map_or(1, |l| l.number))
}

impl Har {
    /// A file of its own.
    pub fn new() -> Har {
        Har { line: 1, ..Har::default() }
    }

    /// How many exchanges have passed so far.
    pub fn exchanges(&self) -> u64 {
        self.entries.passed
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((first, behind)) = rest.split_first() {
            let taken = match self.state {
                State::Key | State::Wanted | State::Skipped => self.string(rest),
                State::Status if first.is_ascii_digit() => {
                    self.held.push(*first);
                    1
                }
                State::Status => {
                    self.status();
                    0
                }
                State::Between => {
                    self.between(*first);
                    1
                }
            };
            let (head, tail) = rest.split_at_checked(taken).unwrap_or((rest, behind));
            self.pass(head);
            rest = tail;
        }
    }

    fn pass(&mut self, bytes: &[u8]) {
        if !self.of_lines {
            self.line = self.line.saturating_add(u32::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX));
            self.offset = self.offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
    }

    /// Takes a piece of a string and gives how long it is.
    fn string(&mut self, rest: &[u8]) -> usize {
        if self.escaped > 0 {
            self.escape(rest.first().copied().unwrap_or_default());
            return 1;
        }
        let stop = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        self.hold(rest.get(..stop).unwrap_or_default());
        match rest.get(stop) {
            Some(b'"') => self.close(stop.saturating_add(1)),
            Some(_) => self.escaped = FIRST,
            None => return rest.len(),
        }
        stop.saturating_add(1)
    }

    /// A byte behind a backslash. `\u0041` becomes a question mark: no header needs it.
    fn escape(&mut self, b: u8) {
        let letter = std::mem::take(&mut self.escaped);
        match (letter, b) {
            (FIRST, b'u') => {
                self.hold(b"?");
                self.escaped = 4;
            }
            (FIRST, b'n' | b't' | b'r') => self.hold(b" "),
            (FIRST, other) => self.hold(&[other]),
            (digits, _) => self.escaped = digits.saturating_sub(1),
        }
    }

    fn hold(&mut self, bytes: &[u8]) {
        let room = VALUE.saturating_sub(self.held.len());
        if self.state != State::Skipped {
            self.held.extend_from_slice(bytes.get(..bytes.len().min(room)).unwrap_or_default());
        }
    }

    /// A string ends behind so many bytes.
    fn close(&mut self, ahead: usize) {
        let value = String::from_utf8_lossy(&std::mem::take(&mut self.held)).into_owned();
        match std::mem::take(&mut self.state) {
            State::Key => self.key = Some(value),
            State::Wanted => {
                let (side, place) = (self.side(), self.place(ahead));
                let key = self.key.take().unwrap_or_default();
                self.entries.value(side, &key, value, place);
            }
            _ => self.key = None,
        }
    }

    fn between(&mut self, b: u8) {
        match b {
            b'"' => {
                self.begin();
                self.state = match &self.key {
                    None => State::Key,
                    Some(key) if self.side() != Side::None && wanted(&self.path, key) => State::Wanted,
                    Some(_) => State::Skipped,
                };
            }
            b'{' | b'[' if self.path.len() >= DEPTH => self.deeper = self.deeper.saturating_add(1),
            b'{' | b'[' => self.path.push(self.key.take().unwrap_or_default()),
            b'}' | b']' if self.deeper > 0 => self.deeper = self.deeper.saturating_sub(1),
            b'}' | b']' => {
                self.path.pop();
                self.key = None;
                // Back in the list: the entry is complete.
                if b == b'}' && self.path.last().is_some_and(|p| p == "entries") {
                    self.entries.next();
                }
            }
            b',' => self.key = None,
            b'0'..=b'9' if self.key.as_deref() == Some("status") && self.side() == Side::Response => {
                self.begin();
                self.held.push(b);
                self.state = State::Status;
            }
            _ => {}
        }
    }

    /// A number ends.
    fn status(&mut self) {
        let digits = String::from_utf8_lossy(&std::mem::take(&mut self.held)).into_owned();
        self.state = State::Between;
        let place = self.place(0);
        self.entries.status(&digits, place);
    }

    fn begin(&mut self) {
        if !self.of_lines {
            self.begun = Place { first_line: self.line, first_byte: self.offset, ..Place::default() };
        }
    }

    /// From where the value began to so many bytes ahead.
    fn place(&self, ahead: usize) -> Place {
        if self.of_lines {
            return self.begun.clone();
        }
        let end_byte = self.offset.saturating_add(u64::try_from(ahead).unwrap_or(u64::MAX));
        Place { last_line: self.line, end_byte, ..self.begun.clone() }
    }

    /// Are we in an entry's request or response?
    fn side(&self) -> Side {
        let at = self.path.iter().rposition(|p| p == "entries");
        match at.and_then(|at| self.path.get(at.saturating_add(2))).map(String::as_str) {
            Some("request") => Side::Request,
            Some("response") => Side::Response,
            _ => Side::None,
        }
    }

    /// Ends the file; `head` is its first line.
    pub fn finish(mut self, head: u32) -> HarRead {
        if self.state == State::Status {
            self.status();
        }
        // A file cut in the middle of an entry still tells what stands before the cut.
        let whole = self.path.is_empty() && self.state == State::Between;
        let (reading, shown) = self.entries.finish(head, self.line, whole);
        HarRead { reading, shown, lines: self.line }
    }
}

/// Strings that are read; all others are skipped.
fn wanted(path: &[String], key: &str) -> bool {
    let in_headers = path.iter().any(|p| p == "headers");
    let own = path.last().is_some_and(|p| p == "request");
    in_headers && matches!(key, "name" | "value") || own && key == "url"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefacts::kind::Kind;
    use crate::artefacts::words;
    use crate::facts::Statement;
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

    /// Entries of a large recording: bodies of a megabyte, and one exchange that matters in between.
    fn recording(entries: usize, body: usize, line_end: &str) -> String {
        let body = "x".repeat(body);
        let plain = format!(
            "{{\"request\": {{\"url\": \"https://a.b/\", \"headers\": []}}, \"response\": {{\"status\": 200, \"content\": {{\"text\": \"{body}\"}}}}}},{line_end}"
        );
        let one = har(&format!(", {{\"name\": \"authorization\", \"value\": \"Negotiate {TOKEN}\"}}"));
        let matters =
            one.split_once("\"entries\": [").unwrap().1.rsplit_once("]\n }").unwrap().0.replace('\n', line_end);
        let head = "{\"log\": {\"version\": \"1.2\", \"creator\": {}, \"entries\": [";
        format!("{head}{}{matters},{line_end}{}{{}}]}}}}", plain.repeat(entries), plain.repeat(entries))
    }

    fn taken(text: &str, step: usize) -> crate::ingest::Artefact {
        let mut intake = crate::ingest::Intake::new("x.har");
        text.as_bytes().chunks(step).for_each(|piece| intake.push(piece));
        let got = intake.finish();
        assert_eq!(got.artefacts.len(), 1);
        got.artefacts.into_iter().next().unwrap()
    }

    fn says(artefact: &crate::ingest::Artefact) -> Vec<String> {
        let of = |f: &crate::facts::Fact| match &f.says {
            Statement::Exchange(e) => {
                let offered = e.offered.as_ref().map(|o| o.value.join("+"));
                format!("{:?} {:?} {offered:?} {}", e.host, e.status.as_ref().map(|s| s.value), e.token.is_some())
            }
            other => format!("{other:?}"),
        };
        artefact.facts.iter().map(of).collect()
    }

    #[test]
    fn a_large_file_is_streamed_and_tells_the_same_as_a_small_one() {
        for line_end in ["\n", ""] {
            let (small, large) = (recording(1, 10, line_end), recording(3, 1_000_000, line_end));
            let read = taken(&large, 1 << 16);
            assert!(read.why.contains("stream"), "{}", read.why);
            assert_eq!(says(&read), says(&taken(&small, 100)));
            assert!(says(&read).len() == 3, "{:?}", says(&read));
            assert!(read.shown.iter().all(|l| l.text.len() < 10_000 && !l.text.contains("xxxx")));
            // The proof stands where it says, in the file as it was given.
            let place = &read.facts[0].place;
            let (from, to) = (place.first_byte.try_into().unwrap(), place.end_byte.try_into().unwrap());
            let (proof, before) = (large.get(from..to).unwrap(), large.get(..from).unwrap());
            assert!(proof.contains("web.contoso.com") && proof.len() < 1000, "{proof}");
            assert_eq!(place.first_line, 1 + u32::try_from(before.matches('\n').count()).unwrap());
        }
    }

    #[test]
    fn a_streamed_file_is_read_in_any_pieces_and_its_end_is_told() {
        let large = recording(5, 1_000_000, "\n");
        let whole = taken(&large, 1 << 16);
        for step in [4999, 1 << 20] {
            assert_eq!(taken(&large, step).facts, whole.facts, "in pieces of {step}");
        }
        assert!(!whole.problems.iter().any(|p| p.says.contains("cut off")));
        let cut = taken(large.get(..large.len() - 1_500_000).unwrap(), 1 << 16);
        assert_eq!(cut.facts, whole.facts);
        assert!(cut.problems.iter().any(|p| p.says.contains("cut off")), "{:?}", cut.problems);
    }

    #[test]
    fn more_than_can_be_kept_is_said_and_the_last_is_among_it() {
        let entry = |n: u32| {
            format!(
                "{{\"request\": {{\"url\": \"https://h{n}.b/\", \"headers\": []}}, \"response\": {{\"status\": 401, \"headers\": []}}}},"
            )
        };
        let entries: String = (0..60_000).map(entry).collect();
        let read = taken(&format!("{{\"log\": {{\"creator\": {{}}, \"entries\": [{entries}{{}}]}}}}"), 1 << 16);
        assert!(read.facts.len() == 1000 && says(&read).last().unwrap().contains("h59999.b"), "{}", read.facts.len());
        assert!(read.problems.iter().any(|p| p.says.contains("60001 exchanges")), "{:?}", read.problems);
    }

    #[test]
    fn what_is_shown_holds_no_secret() {
        let text = "{\"log\": {\"creator\": {}, \"entries\": [{\"request\": {\"url\": \"https://me:hunter2@a.b/c?t=hunter2\", \"headers\": [\n{\"name\": \"Cookie\", \"value\": \"s=hunter2\"},\n\
                    {\n\"name\": \"X-Own\",\n\"value\": \"hunter2\"\n},\n{\"name\": \"Authorization\", \"value\": \"Basic hunter2\"},{\"name\": \"Host\", \"value\": \"a.b\"}], \"postData\": {\"text\": \"p=hunter2\\\"hunter2\"}, \"cookies\": [{\"name\": \"s\",\n\"value\": \"hunter2\"}]},\n\
                    \"response\": {\"status\": 401, \"headers\": [{\"name\": \"WWW-Authenticate\", \"value\": \"Negotiate\"}], \"content\": {\"text\": \"hunter2\"}}}]}}\n";
        let read = taken(text, 4096);
        let shown: String = read.shown.iter().map(|l| format!("{}\n", l.text)).collect();
        for kept in ["\"https://a.b/c\"", "\"host\": \"a.b\"", "\"www-authenticate\": \"Negotiate\"", "\"status\": 401"]
        {
            assert!(shown.contains(kept), "{kept} in {shown}");
        }
        assert!(!serde_json::to_string(&read).unwrap().contains("hunter2"), "{shown}");
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        let reader = crate::artefacts::KindReader { json: Some(json), read, ..crate::artefacts::http::READER };
        words::never_panics(&reader, &har(""));
    }
}
