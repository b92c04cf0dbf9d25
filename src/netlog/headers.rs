//! What the HTTP headers of a capture say of a conversation: status, offered schemes, refusals, the server's clock.

use super::event::Event;
use super::scan::Location;
use crate::facts::{At, Place};
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::civil;
use crate::vocabulary::names::HostName;
use crate::wire::token;

/// One answer of the server.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    /// Its status.
    pub status: At<u16>,
    /// The schemes of `WWW-Authenticate`.
    pub offered: At<Vec<String>>,
    /// It carries a token that refuses.
    pub refuses: bool,
    /// `Date:` minus the capture's clock, in seconds.
    pub clock_offset: Option<At<i64>>,
}

/// Reads an answer's headers.
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

/// A URL fit to be kept: without user info, query and fragment, where secrets travel.
pub fn shown_url(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let bare = url.get(..end).unwrap_or(url);
    match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = authority.rsplit('@').next().unwrap_or(authority);
            format!("{scheme}://{host}/{path}")
        }
        None => bare.to_owned(),
    }
}

/// The host of a URL.
pub(super) fn host_of(url: &str) -> Option<HostName> {
    HostName::parse(&Origin::parse(url)?.host)
}

/// A place in the capture, with words to light.
pub(super) fn place<S: Into<String>>(location: Location, words: impl IntoIterator<Item = S>) -> Place {
    Place {
        first_line: location.first_line,
        last_line: location.last_line,
        first_byte: location.first_byte,
        end_byte: location.end_byte,
        lit: Vec::new(),
    }
    .lit(words)
}
