//! URLs and places in a capture.

use crate::facts::Place;
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::names::HostName;
use doublehop_scan::Location;

/// How many characters of a URL are kept.
const URL: usize = 2000;

/// A URL fit to be kept: without user info, query and fragment, where secrets travel.
pub fn shown_url(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let bare: String = url.get(..end).unwrap_or(url).chars().take(URL).collect();
    match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = authority.rsplit('@').next().unwrap_or(authority);
            format!("{scheme}://{host}/{path}")
        }
        None => bare.clone(),
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
