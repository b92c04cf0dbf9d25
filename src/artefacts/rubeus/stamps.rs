//! .NET's dates, in the order that the machine's language has: read only where the order can be told.

use crate::vocabulary::civil::{self, Stamp};

/// The stamp of a text; without seconds where day and month can't be told apart.
pub(super) fn stamp(text: &str) -> Option<Stamp> {
    let text = text.trim();
    (text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':')).then(|| {
        let zoned = zoned(text);
        Stamp { text: text.to_owned(), seconds: zoned.or_else(|| seconds(text)), utc: zoned.is_some() }
    })
}

/// `2026-11-18 16:04:14 +0000`, as Ruby writes it.
fn zoned(text: &str) -> Option<i64> {
    let mut words = text.split_whitespace();
    let (date, time, zone) = (words.next()?, words.next()?, words.next()?);
    let signed = zone.len() == 5 && zone.starts_with(['+', '-']);
    let (hours, minutes) = zone.split_at_checked(3).filter(|_| signed)?;
    civil::rfc3339(&format!("{date}T{time}{hours}:{minutes}"))
}

fn seconds(text: &str) -> Option<i64> {
    if text.get(..5).is_some_and(|t| t.ends_with('-')) {
        return civil::rfc3339(text);
    }
    let mut words = text.split_whitespace();
    let (date, clock, half) = (words.next()?, words.next()?, words.next());
    let parts: Vec<i32> = date.split(['/', '.', '-']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let mut time = clock.split(':').map(str::parse::<u8>);
    let (hour, minute, second) = (time.next()?.ok()?, time.next()?.ok()?, time.next().unwrap_or(Ok(0)).ok()?);
    let (a, b, year) = match parts.as_slice() {
        [y, m, d] if *y > 31 => {
            return civil::seconds(*y, u8::try_from(*m).ok()?, u8::try_from(*d).ok()?, hour, minute, second);
        }
        [a, b, y] => (u8::try_from(*a).ok()?, u8::try_from(*b).ok()?, *y),
        _ => return None,
    };
    // AM and PM are American; dots are not; else only a day above 12 tells.
    let american = half.is_some_and(|h| h.eq_ignore_ascii_case("am") || h.eq_ignore_ascii_case("pm"));
    let (month, day) = if a > 12 || date.contains('.') {
        (b, a)
    } else if american || b > 12 {
        (a, b)
    } else {
        return None;
    };
    let hour = match half.map(str::to_ascii_lowercase).as_deref() {
        Some("pm") if hour < 12 => hour.saturating_add(12),
        Some("am") if hour == 12 => 0,
        _ => hour,
    };
    civil::seconds(year, month, day, hour, minute, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_told_or_left_open() {
        let t = civil::seconds(2026, 2, 12, 16, 4, 14);
        for text in ["2/12/2026 4:04:14 PM", "2026-02-12 16:04:14", "12.02.2026 16:04:14", "2026/02/12 16:04:14"] {
            assert_eq!(stamp(text).unwrap().seconds, t, "{text}");
        }
        assert_eq!(stamp("2/12/2026 16:04:14").unwrap().seconds, None);
        assert_eq!(stamp("25/12/2026 16:04:14").unwrap().seconds, civil::seconds(2026, 12, 25, 16, 4, 14));
        let zoned = stamp("2026-02-12 18:04:14 +0200").unwrap();
        assert_eq!((zoned.seconds, zoned.utc), (t, true));
        assert_eq!(stamp("never"), None);
    }
}
