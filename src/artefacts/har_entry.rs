//! The entries of a HAR file: a request and its answer each, of which those are kept that say something of authentication.

use super::Reading;
use super::http::{host_of, schemes, token_of};
use crate::facts::{At, Exchange, Fact, Place, Statement};
use crate::ingest::ShownLine;
use crate::netlog::places::shown_url;
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::names::HostName;
use std::collections::VecDeque;

/// How many entries are kept of one file, the last ones: a long recording repeats itself, and its end tells how things are now.
const KEPT: usize = 1000;
/// How many lines are shown of one entry.
const SHOWN: usize = 40;
/// Headers whose values are shown; of a token only its scheme.
const SAFE: [&str; 8] =
    ["host", ":authority", "www-authenticate", "proxy-authenticate", "server", "date", "persistent-auth", "via"];

/// Which half of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Side {
    /// Neither.
    #[default]
    None,
    /// What the browser sent.
    Request,
    /// What the server answered.
    Response,
}

/// What an entry says so far.
#[derive(Debug, Default)]
struct Entry {
    started: bool,
    request: Exchange,
    answer: Exchange,
    whole: Place,
    shown: Vec<(u32, String)>,
}

/// All entries of a file.
#[derive(Debug, Default)]
pub struct Entries {
    open: Entry,
    /// The header whose value comes next.
    name: String,
    kept: VecDeque<Entry>,
    let_go: u64,
    /// Entries that have passed.
    pub passed: u64,
    /// An Authorization header was saved.
    tokens: bool,
    challenged: bool,
}

impl Entries {
    /// A string that is wanted, and its key.
    pub fn value(&mut self, side: Side, key: &str, value: String, place: Place) {
        match key {
            "name" => self.name = value.to_ascii_lowercase(),
            "value" => {
                let name = std::mem::take(&mut self.name);
                self.tokens |= self.open.header(side, &name, &value, place);
            }
            "url" => {
                let host = Origin::parse(&value).and_then(|o| HostName::parse(&o.host));
                self.open.shows(place.first_line, format!("\"url\": \"{}\"", shown_url(&value)));
                self.open.begin(&place);
                self.open.request.host.clone_from(&host);
                self.open.answer.host = host;
            }
            _ => {}
        }
    }

    /// The answer's status.
    pub fn status(&mut self, digits: &str, place: Place) {
        self.open.begin(&place);
        self.open.shows(place.first_line, format!("\"status\": {digits}"));
        let status = digits.parse().ok().filter(|s| (100..600).contains(s));
        self.challenged |= status == Some(401);
        self.open.answer.status = status.map(|s: u16| At::new(s, place.lit([digits])));
    }

    /// The entry is complete.
    pub fn next(&mut self) {
        self.passed = self.passed.saturating_add(1);
        let entry = std::mem::take(&mut self.open);
        if !entry.matters() {
            return;
        }
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
            self.let_go = self.let_go.saturating_add(1);
        }
        self.kept.push_back(entry);
    }

    /// Ends the file, which has lines `head` to `last`.
    pub fn finish(mut self, head: u32, last: u32, whole: bool) -> (Reading, Vec<ShownLine>) {
        let half = self.open.started;
        if half {
            self.next();
        }
        let mut reading = Reading::default();
        let mut shown: Vec<(u32, String)> = Vec::new();
        let (passed, let_go) = (self.passed, self.let_go);
        for entry in self.kept {
            for (line, text) in &entry.shown {
                match shown.last_mut() {
                    // A file without line ends is one line: as much of it as can be shown.
                    Some((number, before)) if number == line => before.push_str(&format!(", {text}")),
                    _ => shown.push((*line, text.clone())),
                }
            }
            entry.finish(&mut reading);
        }
        if !whole {
            let half = if half {
                "in the middle of an exchange, of which the first part was read"
            } else {
                "between two exchanges"
            };
            reading.problem(last, format!("This HAR file is cut off {half}: {passed} exchanges are in it, what came after is missing. Save it again."));
        }
        if let_go > 0 {
            reading.problem(last, format!("{passed} exchanges, more with authentication than can be kept: the last {KEPT} of those are judged, {let_go} older ones were let go."));
        }
        if reading.facts.is_empty() && passed == 0 {
            reading.problem(head, "No request could be read in this HAR file.");
        } else if reading.facts.is_empty() {
            reading.problem(
                head,
                format!("None of the {passed} exchanges in this HAR file has to do with authentication."),
            );
        } else if self.challenged && !self.tokens {
            reading.problem(
                head,
                "The browser left the Authorization headers out of this HAR file (a sanitized export), so it can't show Kerberos or NTLM. \
                 A net-export capture does.",
            );
        }
        (reading, shown.into_iter().map(|(number, text)| ShownLine::of(number, &text)).collect())
    }
}

impl Entry {
    /// Takes one header; true when it is an Authorization with a token.
    fn header(&mut self, side: Side, name: &str, value: &str, place: Place) -> bool {
        if SAFE.contains(&name) {
            self.shows(place.first_line, format!("\"{name}\": \"{value}\""));
        }
        match (side, name) {
            (Side::Request, "host" | ":authority") => {
                self.request.host = self.request.host.take().or_else(|| host_of(value));
            }
            (Side::Request, "authorization") => {
                let scheme: String = value.split_whitespace().next().unwrap_or_default().chars().take(20).collect();
                let rest = value.chars().count().saturating_sub(scheme.chars().count());
                self.shows(
                    place.first_line,
                    format!("\"authorization\": \"{scheme} [token, {rest} characters, hidden]\""),
                );
                self.begin(&place);
                self.request.token = token_of(value).map(|seen| At::new(seen, place));
                return true;
            }
            (Side::Response, "www-authenticate") => {
                self.begin(&place);
                let found = schemes(value);
                if let Some(seen) = token_of(value) {
                    self.answer.answer_token = Some(At::new(seen, place.clone()));
                }
                let place = place.lit(found.clone());
                match &mut self.answer.offered {
                    Some(offered) => {
                        offered.value.extend(found);
                        offered.place = offered.place.to(&place);
                    }
                    None => self.answer.offered = Some(At::new(found, place)),
                }
            }
            _ => {}
        }
        false
    }

    fn shows(&mut self, line: u32, text: String) {
        if self.shown.len() < SHOWN {
            self.shown.push((line, text.chars().take(2000).collect()));
        }
    }

    fn begin(&mut self, place: &Place) {
        if !self.started {
            (self.started, self.whole) = (true, place.clone());
        }
        self.whole = self.whole.to(place);
    }

    /// Those that say nothing of authentication only where they failed.
    fn matters(&self) -> bool {
        self.started
            && (self.request.token.is_some()
                || self.answer.offered.is_some()
                || self.answer.answer_token.is_some()
                || self.answer.status.as_ref().is_some_and(|s| matches!(s.value, 400 | 401 | 403 | 407 | 431)))
    }

    /// A request and its answer.
    fn finish(self, reading: &mut Reading) {
        let place = Place { lit: Vec::new(), ..self.whole };
        let fact = |says: Exchange| Fact { place: place.clone(), says: Statement::Exchange(says) };
        if self.request.token.is_some() {
            reading.facts.push(fact(self.request));
        }
        reading.facts.push(fact(self.answer));
    }
}
