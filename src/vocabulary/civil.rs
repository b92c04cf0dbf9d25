//! Civil times as evidence writes them, without a time zone unless the text names one.

use serde::{Deserialize, Serialize};
use time::{Date, Month, Time};

/// A point in time read from evidence: what was written, and its seconds since 1970 on the clock that wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The text as it was written.
    pub text: String,
    /// Seconds since 1970-01-01 00:00 on the writer's own clock. `None` when the text is no date that we can be sure of.
    pub seconds: Option<i64>,
    /// True when the text names UTC (or an offset that was applied): only such stamps of two machines can be compared.
    pub utc: bool,
}

/// Seconds since 1970 of a civil date and time; `None` when it does not exist.
pub fn seconds(year: i32, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<i64> {
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    Some(date.with_time(time).assume_utc().unix_timestamp())
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The number of an English month name or abbreviation (`Nov`, `November`).
pub fn month(name: &str) -> Option<u8> {
    let head: String = name.chars().take(3).collect::<String>().to_lowercase();
    let at = MONTHS.iter().position(|m| *m == head)?;
    u8::try_from(at).ok()?.checked_add(1)
}

fn hms(text: &str) -> Option<(u8, u8, u8)> {
    let mut parts = text.split(':');
    let hour = parts.next()?.trim().parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second = parts.next().unwrap_or("0").split('.').next()?.parse().ok()?;
    Some((hour, minute, second))
}

/// Windows klist's `M/D/YYYY H:MM:SS`, the same in every UI language (artefacts.md, 1.4).
pub fn windows_klist(text: &str) -> Option<i64> {
    let mut words = text.split_whitespace();
    let mut date = words.next()?.split('/');
    let (m, d, y) = (date.next()?.parse().ok()?, date.next()?.parse().ok()?, date.next()?.parse().ok()?);
    let (hour, minute, second) = hms(words.next()?)?;
    seconds(y, m, d, hour, minute, second)
}

/// An HTTP `Date:` value, `Mon, 23 Nov 2026 03:09:07 GMT` (RFC 9110, IMF-fixdate). Always UTC.
pub fn http_date(text: &str) -> Option<i64> {
    let rest = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words = rest.split_whitespace();
    let (d, m, y) = (words.next()?.parse().ok()?, month(words.next()?)?, words.next()?.parse().ok()?);
    let (hour, minute, second) = hms(words.next()?)?;
    seconds(y, m, d, hour, minute, second)
}

/// `2026-11-23T02:48:05Z` and `2026-11-23 02:48:05`, with an optional `Z` or `±hh:mm`.
pub fn rfc3339(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, rest) = text.split_once(['T', ' '])?;
    let mut parts = date.split('-');
    let (y, m, d) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(zone_at)?;
    let (hour, minute, second) = hms(clock)?;
    let base = seconds(y, m, d, hour, minute, second)?;
    let mut signs = zone.chars();
    let sign: i64 = match signs.next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return Some(base),
    };
    let (h, m, _) = hms(signs.as_str())?;
    let offset = i64::from(h).checked_mul(3600)?.checked_add(i64::from(m).checked_mul(60)?)?;
    base.checked_sub(offset.checked_mul(sign)?)
}

/// A date and time as Windows and PowerShell print it, or as LDIF does (`20261118084100.0Z`). A date whose day and month could change
/// places is none that we can be sure of.
pub fn stamp(value: &str) -> Option<Stamp> {
    let stamp = |seconds: Option<i64>, utc| Stamp { text: value.to_owned(), seconds, utc };
    let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
    let at = |range: std::ops::Range<usize>| digits.get(range).and_then(|t| t.parse::<u8>().ok());
    if digits.len() == 14 {
        let year = digits.get(..4)?.parse().ok()?;
        let found = seconds(year, at(4..6)?, at(6..8)?, at(8..10)?, at(10..12)?, at(12..14)?);
        return Some(stamp(found, value.ends_with('Z')));
    }
    if value.contains('-') {
        return Some(stamp(rfc3339(value), value.ends_with('Z')));
    }
    let (date, clock) = value.split_once(' ')?;
    let mut parts = date.split(['/', '.']).map(|p| p.parse::<u8>().ok());
    let (one, two) = (parts.next()??, parts.next()??);
    let year = date.split(['/', '.']).nth(2)?.parse().ok()?;
    let half = clock.split_whitespace().nth(1).map(str::to_uppercase);
    let american = matches!(half.as_deref(), Some("AM" | "PM"));
    let (month, day) = match (one, two) {
        _ if date.contains('.') => (two, one),
        _ if american || two > 12 || one == two => (one, two),
        _ if one > 12 => (two, one),
        _ => return Some(stamp(None, false)),
    };
    let mut clock = clock.split_whitespace().next()?.split(':').map(|p| p.parse::<u8>().ok());
    let hour = clock.next()??;
    let hour = match half.as_deref() {
        Some("PM") if hour < 12 => hour.saturating_add(12),
        Some("AM") if hour == 12 => 0,
        _ => hour,
    };
    let minute = clock.next()??;
    Some(stamp(seconds(year, month, day, hour, minute, clock.next().flatten().unwrap_or(0)), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_agree() {
        let t = seconds(2026, 11, 23, 3, 9, 7).unwrap();
        assert_eq!(windows_klist("11/23/2026 3:09:07 (local)"), Some(t));
        assert_eq!(http_date("Mon, 23 Nov 2026 03:09:07 GMT"), Some(t));
        assert_eq!(rfc3339("2026-11-23T03:09:07Z"), Some(t));
        assert_eq!(rfc3339("2026-11-23T05:09:07+02:00"), Some(t));
        assert_eq!(rfc3339("2026-11-23 03:09:07"), Some(t));
        assert_eq!(windows_klist("13/40/2026 3:09:07"), None);
        assert_eq!(http_date("yesterday"), None);
    }
}
