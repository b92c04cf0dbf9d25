//! Times as MIT (locale), Heimdal and Java print them. The order of day and month is never guessed from one date:
//! the whole listing decides, or nobody.

use crate::vocabulary::civil::{self, Stamp};

/// A time whose meaning may depend on the rest of the listing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Raw {
    text: String,
    fields: Fields,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fields {
    Clear(Option<i64>),
    /// Two numbers that are day and month, the year, and hour, minute, second.
    Ambiguous(u8, u8, i32, (u8, u8, u8)),
}

/// Which number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

impl Raw {
    /// What this date alone proves.
    fn proves(&self) -> Option<Order> {
        match self.fields {
            Fields::Ambiguous(a, b, ..) if a > 12 && b <= 12 => Some(Order::DayFirst),
            Fields::Ambiguous(a, b, ..) if b > 12 && a <= 12 => Some(Order::MonthFirst),
            _ => None,
        }
    }

    /// The stamp, in the listing's order.
    pub fn stamp(&self, order: Option<Order>) -> Stamp {
        let seconds = match (self.fields, order) {
            (Fields::Clear(seconds), _) => seconds,
            (Fields::Ambiguous(d, m, y, (h, min, s)), Some(Order::DayFirst))
            | (Fields::Ambiguous(m, d, y, (h, min, s)), Some(Order::MonthFirst)) => civil::seconds(y, m, d, h, min, s),
            // The same number twice needs no order.
            (Fields::Ambiguous(a, b, y, (h, min, s)), None) if a == b => civil::seconds(y, a, b, h, min, s),
            (Fields::Ambiguous(..), None) => None,
        };
        Stamp { text: self.text.clone(), seconds, utc: false }
    }
}

/// The order that a listing's dates prove, unless they contradict each other.
pub(super) fn order<'r>(all: impl IntoIterator<Item = &'r Raw>) -> Option<Order> {
    let mut proven = all.into_iter().filter_map(Raw::proves);
    let first = proven.next()?;
    proven.all(|o| o == first).then_some(first)
}

/// The time that begins with the first of these words, and how many words it takes.
pub(super) fn read(words: &[&str]) -> Option<(Raw, usize)> {
    numeric(words).or_else(|| named(words))
}

fn clock(text: &str) -> Option<(u8, u8, u8)> {
    let text = text.replace(['時', '分'], ":").replace('秒', "");
    let mut parts = text.trim_end_matches([',', ':']).split(':');
    let (h, m) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let s = parts.next().map_or(Some(0), |s| s.parse().ok())?;
    parts.next().is_none().then_some((h, m, s))
}

/// `11/23/26 02:48:38`, `23.11.2026 02:48`, `2026-11-23 02:48:38`, `2026-11-23T02:48:38`, with `AM` and `PM`.
fn numeric(words: &[&str]) -> Option<(Raw, usize)> {
    let first = words.first()?.trim_end_matches(',');
    let (date, time, mut used) = match first.split_once('T') {
        Some((date, time)) => (date, time, 1usize),
        None => (first, *words.get(1)?, 2),
    };
    let plain = date.replace(['年', '月'], "-").replace('日', "");
    let separator = plain.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let fields: Vec<&str> = plain.trim_end_matches('.').split(separator).collect();
    let [a, b, c] = fields.as_slice() else { return None };
    let (mut hour, minute, second) = clock(time)?;
    let half = words.get(used).map(|w| w.trim_end_matches(',').to_ascii_uppercase()).filter(|w| w == "AM" || w == "PM");
    if let Some(half) = half {
        used = used.saturating_add(1);
        hour = match (half.as_str(), hour) {
            ("AM", 12) => 0,
            ("PM", h) if h < 12 => h.saturating_add(12),
            (_, h) => h,
        };
    }
    let time = (hour, minute, second);
    let text = words.get(..used)?.join(" ").trim_end_matches(',').to_owned();
    let (a_n, b_n): (i32, u8) = (a.parse().ok()?, b.parse().ok()?);
    let fields = if a.len() == 4 {
        Fields::Clear(civil::seconds(a_n, b_n, c.parse().ok()?, hour, minute, second))
    } else {
        let year: i32 = c.parse().ok()?;
        let year = if c.len() <= 2 { year.checked_add(2000)? } else { year };
        let first = u8::try_from(a_n).ok()?;
        // With dots the day comes first everywhere.
        if separator == '.' {
            Fields::Clear(civil::seconds(year, b_n, first, hour, minute, second))
        } else {
            Fields::Ambiguous(first, b_n, year, time)
        }
    };
    Some((Raw { text, fields }, used))
}

/// `Nov 23 02:48:38 2026` (Heimdal), `Mar 26, 2020 21:35:00` (Java), `23 Nov 2026 02:48:38`.
fn named(words: &[&str]) -> Option<(Raw, usize)> {
    let word = |i: usize| words.get(i).map_or("", |w| w.trim_end_matches(','));
    let is_month = |w: &str| w.len() >= 3 && w.chars().all(|c| c.is_ascii_alphabetic());
    let month = |w: &str| is_month(w).then(|| civil::month(w)).flatten();
    let (month, day) = match month(word(0)) {
        Some(month) => (month, word(1).parse::<u8>().ok()?),
        None => (month(word(1))?, word(0).parse::<u8>().ok()?),
    };
    let year = |w: &str| if w.len() == 4 { w.parse::<i32>().ok() } else { None };
    let (year, (h, m, s)) = match year(word(2)) {
        Some(year) => (year, clock(word(3))?),
        None => (year(word(3))?, clock(word(2))?),
    };
    let text = words.get(..4)?.join(" ").trim_end_matches(',').to_owned();
    Some((Raw { text, fields: Fields::Clear(civil::seconds(year, month, day, h, m, s)) }, 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(text: &str, order: Option<Order>) -> Option<(Option<i64>, usize)> {
        let words: Vec<&str> = text.split_whitespace().collect();
        read(&words).map(|(raw, used)| (raw.stamp(order).seconds, used))
    }

    #[test]
    fn every_form() {
        let t = civil::seconds(2026, 11, 23, 2, 48, 38);
        let clear = [
            ("2026-11-23 02:48:38", 2),
            ("2026-11-23T02:48:38", 1),
            ("23.11.2026 02:48:38", 2),
            ("2026/11/23 02:48:38", 2),
            ("Nov 23 02:48:38 2026", 4),
            ("Nov 23, 2026 02:48:38", 4),
            ("2026年11月23日 02時48分38秒", 2),
        ];
        for (text, used) in clear {
            assert_eq!(stamp(text, None), Some((t, used)), "{text}");
        }
        assert_eq!(stamp("11/23/26 02:48:38", None), Some((None, 2)));
        assert_eq!(stamp("11/23/26 02:48:38", Some(Order::MonthFirst)), Some((t, 2)));
        assert_eq!(stamp("11/23/2026 02:48:38 AM", Some(Order::MonthFirst)), Some((t, 3)));
        assert_eq!(stamp("23/11/26 02:48:38,", Some(Order::DayFirst)), Some((t, 2)));
        for other in ["krbtgt/A@B x", "renew until", "12 13", "1.2.3.4 02:48:38", "Nov 23"] {
            assert_eq!(stamp(other, None), None, "{other}");
        }
    }

    #[test]
    fn one_clear_date_orders_the_listing_and_a_contradiction_orders_nothing() {
        let raw = |t: &str| read(&t.split_whitespace().collect::<Vec<_>>()).unwrap().0;
        let (early, late, odd) = (raw("11/05/26 1:00:00"), raw("11/23/26 1:00:00"), raw("23/11/26 1:00:00"));
        assert_eq!(order([&early]), None);
        assert_eq!(order([&early, &late]), Some(Order::MonthFirst));
        assert_eq!(order([&early, &late, &odd]), None);
    }
}
