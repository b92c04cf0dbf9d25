//! Reads IIS's logs: W3C with and without its `#Fields:` line, the native IIS format, httperr, and failed-request traces.
//! Thousands of lines are normal: each thing is told once, at its first place.

mod failed_request;
mod rows;

use self::rows::Row;
use super::kind::Kind;
use super::{Anchor, KindReader, Reading, be_error, words};
use crate::facts::{Arrival, Failure, FailureContext, Place, Statement};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::codes;
use crate::vocabulary::names::AccountName;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::IisLog, anchor, json: None, read };

/// SEC_E_NO_CREDENTIALS: an ordinary step of NTLM and of Negotiate's second leg, no failure.
const CHALLENGE: u32 = 0x8009_030E;

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let trimmed = line.trim();
    let head = trimmed.strip_prefix('#').is_some_and(|rest| {
        rest.starts_with("Fields: ")
            || rest.starts_with("Software: Microsoft Internet Information")
            || rest.starts_with("Software: Microsoft HTTP API")
    });
    if head {
        return Anchor::belongs("the head of an IIS log");
    }
    if failed_request::anchor(trimmed, current == Some(Kind::IisLog)) {
        return Anchor::belongs("a failed-request trace of IIS");
    }
    if rows::begins(trimmed) {
        return Anchor::belongs("lines of an IIS log");
    }
    let inside = current == Some(Kind::IisLog) && trimmed.starts_with('#');
    inside.then(|| Anchor::belongs("the head of an IIS log")).flatten()
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    failed_request::read(lines, &mut reading);
    let mut columns: Vec<String> = Vec::new();
    let mut failures: Vec<(Place, Row, Failure)> = Vec::new();
    let mut welcome: Vec<String> = Vec::new();
    let begins = |text: &str| rows::begins(text.trim()) || text.trim_start().starts_with('#');
    for (text, part) in words::records(lines, begins) {
        if let Some(fields) = text.trim().strip_prefix("#Fields:") {
            columns = fields.split_whitespace().map(str::to_ascii_lowercase).collect();
            continue;
        }
        let Some(row) = rows::row(text.trim(), &columns) else { continue };
        let place = place_of(part);
        if row.status < 400 && row.user.is_some() {
            welcome.push(row.client.clone());
        }
        if let Some(failure) = failure(&row) {
            failures.push((place.clone(), row.clone(), failure));
        }
        arrival(&mut reading, &row, place);
    }
    for (place, row, failure) in failures {
        // A refused first try of a client that then got in is how Negotiate falls back.
        let told = reading.facts.iter().any(|f| matches!(&f.says, Statement::Failure(old) if same(old, &failure)));
        if !told && !welcome.contains(&row.client) {
            let status = row.win32.to_string();
            reading.fact(place.lit([status].into_iter().chain(row.reason)), Statement::Failure(failure));
        }
    }
    if reading.facts.is_empty()
        && let Some(line) = lines.first()
    {
        reading
            .problem(line.number, "No request could be read here. Copy whole lines, with the #Fields line of the log.");
    }
    reading
}

fn same(a: &Failure, b: &Failure) -> bool {
    a.status == b.status && (a.status.is_some() || a.text == b.text)
}

/// What the web server refused, where the line itself says why.
fn failure(row: &Row) -> Option<Failure> {
    if let Some(reason) = &row.reason {
        // http.sys answers before IIS sees the request.
        return Some(Failure::new(FailureContext::Accept, &format!("http.sys answers {}: {reason}", row.status)));
    }
    let known = codes::lookup("SEC_E", row.win32).or_else(|| codes::lookup("NTSTATUS", row.win32))?;
    let counts = row.status == 401 && row.win32 != CHALLENGE;
    counts.then(|| Failure {
        status: Some(row.win32),
        ..Failure::new(
            FailureContext::Accept,
            &format!("{}.{} {} {} ({})", row.status, row.substatus, row.win32, known.symbol, known.meaning),
        )
    })
}

fn arrival(reading: &mut Reading, row: &Row, place: Place) {
    let user = row.user.as_deref();
    let arrival = Arrival {
        host: row.host.clone(),
        who: user.and_then(AccountName::parse),
        anonymous: user.is_some_and(be_error::is_anonymous),
        status: Some(row.status),
        ..Arrival::default()
    };
    let known = reading.facts.iter().any(|f| matches!(&f.says, Statement::Arrival(old) if *old == arrival));
    if !known {
        let lit = arrival.who.iter().map(ToString::to_string).chain([row.status.to_string()]).collect::<Vec<_>>();
        reading.fact(place.lit(lit), Statement::Arrival(arrival));
    }
}

#[cfg(test)]
mod tests;
