//! Header lines of requests and answers in a capture.

use super::event::Event;
use super::places::place;
use crate::facts::At;
use crate::vocabulary::civil;
use crate::wire::token;
use doublehop_scan::Location;

/// A server's answer, as far as it matters here.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) status: At<u16>,
    pub(super) offered: At<Vec<String>>,
    pub(super) refuses: bool,
    pub(super) clock_offset: Option<At<i64>>,
}

/// Reads an answer's status, schemes and clock.
pub(super) fn answer(event: &Event, location: Location) -> Option<Answered> {
    let lines = event.params.headers.as_ref()?.lines();
    let status_line = lines.first()?;
    let status: u16 = status_line.split_whitespace().nth(1)?.parse().ok()?;
    let mut offered = Vec::new();
    let mut refuses = false;
    for value in lines.iter().filter_map(|l| header(l, "www-authenticate")) {
        let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
        // A bare scheme and one with a token are different answers: the first starts over, the second goes on.
        let continued = !rest.trim().is_empty() && !rest.contains('=') || rest.len() > 40;
        offered.push(if continued { format!("{scheme} …") } else { scheme.to_owned() });
        refuses |= token::sniff(rest).is_some_and(|t| t.rejects);
    }
    let date = lines.iter().find_map(|l| header(l, "date"));
    let server = date.and_then(civil::http_date);
    let browser = event.epoch_millis.and_then(|m| m.checked_div(1000));
    let clock_offset = server.zip(browser).and_then(|(s, b)| s.checked_sub(b));
    let words = [status_line.clone()];
    Some(Answered {
        status: At::new(status, place(location, words)),
        offered: At::new(offered, place(location, ["WWW-Authenticate"])),
        refuses,
        clock_offset: clock_offset.map(|o| At::new(o, place(location, [date.unwrap_or_default()]))),
    })
}

/// The value of `name` when this line is that header.
pub(super) fn header<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (key, value) = line.split_once(':')?;
    key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
}

/// The length in `[2474 bytes were stripped]`.
pub(super) fn stripped(text: &str) -> Option<u64> {
    text.trim_start_matches('[').split(' ').next()?.parse().ok()
}
