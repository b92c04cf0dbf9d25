//! One line of a log → one request. By the columns that the log names; without them, by shape.

use crate::vocabulary::names::HostName;

/// One request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub host: Option<HostName>,
    pub client: String,
    pub user: Option<String>,
    pub status: u16,
    pub substatus: u16,
    pub win32: u32,
    /// httperr's reason (`RequestLength`).
    pub reason: Option<String>,
}

const METHODS: [&str; 14] = [
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "OPTIONS",
    "DELETE",
    "PATCH",
    "PROPFIND",
    "CONNECT",
    "DEBUG",
    "TRACE",
    "RPC_IN_DATA",
    "RPC_OUT_DATA",
    "SUBSCRIBE",
];

/// Reasons with which http.sys turns a request away for its size, or before IIS saw it.
const REASONS: [&str; 8] =
    ["RequestLength", "FieldLength", "URL_Length", "BadRequest", "Header", "Hostname", "N/A", "AppOffline"];

/// `2026-11-18 10:00:00 …`
fn stamped(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (date, time) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let digits = |text: &str, sep: char, lengths: [usize; 3]| {
        let parts: Vec<&str> = text.split(sep).collect();
        parts.len() == 3
            && parts.iter().zip(lengths).all(|(p, n)| p.len() == n && p.chars().all(|c| c.is_ascii_digit()))
    };
    digits(date, '-', [4, 2, 2]) && digits(time, ':', [2, 2, 2])
}

/// The cells of the native format, `10.0.0.9, CONTOSO\alice, 11/18/26, 7:55:20, W3SVC1, WEB01, …`.
fn native(line: &str) -> Option<Vec<&str>> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    let address = cells.first()?.parse::<std::net::IpAddr>().is_ok();
    (address && cells.len() >= 13 && cells.get(4)?.starts_with("W3SVC")).then_some(cells)
}

/// Does a request begin here?
pub(super) fn begins(line: &str) -> bool {
    let method = || line.split_whitespace().any(|w| METHODS.contains(&w));
    let error = || REASONS.iter().any(|r| line.contains(r)) || line.contains("HTTP/");
    // A method, and an address or a path: other logs are stamped the same way.
    let shape = || {
        line.contains(" /") && line.split_whitespace().count() >= 8 || error() && line.split_whitespace().count() >= 10
    };
    stamped(line) && (method() && shape() || httperr(line).is_some()) || native(line).is_some()
}

pub(super) fn row(line: &str, columns: &[String]) -> Option<Row> {
    if let Some(cells) = native(line) {
        return native_row(&cells);
    }
    if !stamped(line) {
        return None;
    }
    let cells: Vec<&str> = line.split_whitespace().collect();
    if columns.iter().any(|c| c == "s-reason") {
        let cell = |name: &str| columns.iter().position(|c| c == name).and_then(|i| cells.get(i)).copied();
        return Some(Row {
            client: cell("c-ip").unwrap_or_default().to_owned(),
            status: cell("sc-status")?.parse().ok()?,
            reason: cell("s-reason").filter(|r| *r != "-").map(str::to_owned),
            ..Row::default()
        });
    }
    if let Some(row) = httperr(line) {
        return Some(row);
    }
    if columns.len() == cells.len() {
        let cell = |name: &str| columns.iter().position(|c| c == name).and_then(|i| cells.get(i)).copied();
        return Some(Row {
            host: cell("cs-host").and_then(|h| HostName::parse(h.split(':').next().unwrap_or(h))),
            client: cell("c-ip").unwrap_or_default().to_owned(),
            user: user(cell("cs-username").unwrap_or("-")),
            status: cell("sc-status")?.parse().ok().filter(|s| (100..600).contains(s))?,
            substatus: cell("sc-substatus").and_then(|s| s.parse().ok()).unwrap_or(0),
            win32: cell("sc-win32-status").and_then(|s| s.parse().ok()).unwrap_or(0),
            reason: None,
        });
    }
    by_shape(&cells)
}

/// IIS writes blanks in names as `+`.
fn user(cell: &str) -> Option<String> {
    (cell != "-").then(|| cell.replace('+', " "))
}

/// IIS's default columns: … method stem query port user client agent [referer] status substatus win32 time-taken.
fn by_shape(cells: &[&str]) -> Option<Row> {
    let method = cells.iter().position(|c| METHODS.contains(c))?;
    let cell = |offset: usize| cells.get(method.saturating_add(offset)).copied();
    let number = |i: usize| cells.get(i).and_then(|c| c.parse::<u32>().ok());
    // The first run of a status and two more numbers behind the client's address.
    let at = (method.saturating_add(5)..cells.len()).find(|i| {
        number(*i).is_some_and(|n| (100..600).contains(&n))
            && number(i.saturating_add(1)).is_some()
            && number(i.saturating_add(2)).is_some()
    })?;
    Some(Row {
        host: None,
        client: cell(5).unwrap_or_default().to_owned(),
        user: user(cell(4).unwrap_or("-")),
        status: number(at).and_then(|n| u16::try_from(n).ok())?,
        substatus: number(at.saturating_add(1)).and_then(|n| u16::try_from(n).ok()).unwrap_or(0),
        win32: number(at.saturating_add(2))?,
        reason: None,
    })
}

fn native_row(cells: &[&str]) -> Option<Row> {
    Some(Row {
        host: cells.get(5).and_then(|h| HostName::parse(h)),
        client: (*cells.first()?).to_owned(),
        user: cells.get(1).and_then(|u| user(u)),
        status: cells.get(10)?.parse().ok().filter(|s| (100..600).contains(s))?,
        substatus: 0,
        win32: cells.get(11).and_then(|c| c.parse().ok()).unwrap_or(0),
        reason: None,
    })
}

/// httperr without its `#Fields`: `date time c-ip c-port s-ip s-port HTTP/1.1 GET /x 400 siteid reason queue`.
fn httperr(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.split_whitespace().collect();
    let at = cells.iter().position(|c| REASONS.contains(c) && *c != "N/A" && *c != "Header")?;
    let status =
        cells.get(..at)?.iter().rev().find_map(|c| c.parse::<u16>().ok().filter(|s| (400..600).contains(s)))?;
    Some(Row {
        client: cells.get(2).map(|c| (*c).to_owned()).unwrap_or_default(),
        status,
        reason: cells.get(at).map(|r| (*r).to_owned()),
        ..Row::default()
    })
}
