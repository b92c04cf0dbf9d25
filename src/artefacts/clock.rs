//! Reads w32tm (`/stripchart`, `/monitor`, `/query /status`) and chrony's tracking: how far two clocks are apart.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, console, words};
use crate::facts::{ClockReading, Place, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::names::HostName;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Clock, anchor, json: None, read };

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    if console::command_of(line, "w32tm", |w| w.starts_with('/')).is_some()
        || console::command_of(line, "chronyc", |w| w == "tracking").is_some()
    {
        return Anchor::head(1, "a command that compares clocks");
    }
    let trimmed = line.trim();
    if tracking(trimmed).is_some() {
        return Anchor::head(2, "w32tm names the computer whose clock it asks");
    }
    let open = current == Some(Kind::Clock);
    let status = ["Stratum:", "Phase Offset:", "Leap Indicator:", "ReferenceId:", "Last Successful Sync Time:"]
        .iter()
        .any(|l| trimmed.starts_with(l));
    if sample(trimmed).is_some() || status || monitored(trimmed).is_some() || chrony(trimmed).is_some() {
        return Anchor::belongs("readings of a clock");
    }
    let inside = open && (source(trimmed).is_some() || sample_error(trimmed));
    inside.then(|| Anchor::belongs("readings of a clock")).flatten()
}

/// `Tracking dc01.contoso.com [10.0.0.1:123].` in any language.
fn tracking(line: &str) -> Option<HostName> {
    let at = line.find(":123]")?;
    let before = line.get(..at)?;
    let open = before.rfind('[')?;
    let name = before.get(..open)?.trim_end_matches(['*', ' ', 'P', 'D', 'C']).split_whitespace().next_back()?;
    HostName::parse(name)
}

/// `+00.0012345s` → milliseconds.
fn offset(word: &str) -> Option<i64> {
    let digits = word.trim_end_matches(['.', ',']).strip_suffix('s')?;
    let negative = digits.starts_with('-');
    let digits = digits.strip_prefix(['+', '-'])?;
    let (whole, part) = digits.split_once(['.', ','])?;
    let whole: i64 = whole.parse().ok()?;
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    let millis = whole.checked_mul(1000)?.checked_add(part.parse().ok()?)?;
    Some(if negative { millis.checked_neg()? } else { millis })
}

/// `10:00:00, +00.0012345s`, `10:00:00 d:+00.0010000s o:+00.0012345s  [ * ]`.
fn sample(line: &str) -> Option<(&str, i64)> {
    let mut words = line.split_whitespace();
    let time = words.next()?.trim_end_matches(',');
    let clock = time.split(':').count() == 3 && time.starts_with(|c: char| c.is_ascii_digit());
    if !clock {
        return None;
    }
    let words: Vec<&str> = words.collect();
    let word = words.iter().find_map(|w| w.strip_prefix("o:")).or_else(|| words.first().copied())?;
    offset(word).map(|millis| (word, millis))
}

/// `10:00:00, error: 0x800705B4`.
fn sample_error(line: &str) -> bool {
    line.contains(": 0x800705B4") || line.contains(": 0x80072746") || words::has(line, "error: 0x80")
}

/// `NTP: +0.0123456s offset from dc01.contoso.com`.
fn monitored(line: &str) -> Option<(&str, i64)> {
    let rest = line.strip_prefix("NTP:")?;
    let word = rest.split_whitespace().next()?;
    offset(word).map(|millis| (word, millis))
}

/// `System time     : 0.000012 seconds fast of NTP time`: this clock is ahead, so the other side is behind.
fn chrony(line: &str) -> Option<i64> {
    let rest = line.strip_prefix("System time")?.trim_start().strip_prefix(':')?;
    let mut words = rest.split_whitespace();
    let (number, _, side) = (words.next()?, words.next()?, words.next()?);
    let signed = match side {
        "fast" => format!("-{number}s"),
        "slow" => format!("+{number}s"),
        _ => return None,
    };
    offset(&signed)
}

/// `Source: dc01.contoso.com`, `Quelle: …`: one host behind one word.
fn source(line: &str) -> Option<String> {
    let (label, value) = line.split_once(':')?;
    let known = ["source", "quelle", "origen", "ソース", "origine", "источник"];
    let value = value.trim();
    let is = known.contains(&label.trim().to_lowercase().as_str()) && !value.is_empty();
    is.then(|| words::quoted(value.split(',').next().unwrap_or(value)))
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut open: Option<(Place, ClockReading)> = None;
    let close = |open: &mut Option<(Place, ClockReading)>, reading: &mut Reading| {
        if let Some((place, clock)) = open.take()
            && (clock.offset_millis.is_some() || clock.source.is_some())
        {
            reading.fact(place, Statement::ClockReading(clock));
        }
    };
    for line in lines {
        let text = line.trimmed();
        if let Some(host) = tracking(text) {
            close(&mut open, &mut reading);
            open = Some((line.place(), ClockReading { against: Some(host), ..ClockReading::default() }));
        } else if let Some((word, millis)) = sample(text).or_else(|| monitored(text)) {
            let (place, clock) = open.get_or_insert_with(|| (line.place(), ClockReading::default()));
            // The largest of several samples: a clock that is being set moves towards zero.
            if clock.offset_millis.is_none_or(|old| old.abs() < millis.abs()) {
                let lit = line.lit([word]);
                *place = Place { lit: lit.lit.clone(), ..place.to(&lit) };
                clock.offset_millis = Some(millis);
            }
        } else if let Some(millis) = chrony(text) {
            let (place, clock) = open.get_or_insert_with(|| (line.place(), ClockReading::default()));
            *place = place.to(&line.place());
            clock.offset_millis = Some(millis);
        } else if let Some(found) = source(text) {
            let (place, clock) = open.get_or_insert_with(|| (line.place(), ClockReading::default()));
            *place = place.to(&line.lit([found.clone()]));
            clock.source = Some(found);
        } else if sample_error(text) {
            reading.problem(line.number, "This computer's clock could not be asked (no answer from its time service).");
        }
    }
    close(&mut open, &mut reading);
    if reading.facts.is_empty()
        && reading.problems.is_empty()
        && let Some(line) = lines.first()
    {
        reading.problem(line.number, "No reading of a clock is shown here. Copy the whole output of w32tm.");
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    const CHART: &str = "C:\\> w32tm /stripchart /computer:dc01.contoso.com /samples:3 /dataonly\nTracking dc01.contoso.com [10.0.0.1:123].\nCollecting 3 samples.\nThe current time is 11/18/2026 10:00:00 AM.\n\
        10:00:00, +427.1234567s\n10:00:02, +427.1134567s\n";

    fn told(text: &str) -> Vec<String> {
        let facts = read(&test_lines(text)).facts.into_iter();
        facts
            .map(|f| match f.says {
                Statement::ClockReading(c) => format!(
                    "{} {:?} {} {:?}",
                    c.against.map_or("-".to_owned(), |h| h.to_string()),
                    c.offset_millis,
                    c.source.unwrap_or("-".to_owned()),
                    f.place.lit
                ),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn strip_charts_in_two_forms_and_languages() {
        let want = ["dc01.contoso.com Some(427123) - [\"+427.1234567s\"]"];
        assert_eq!(told(CHART), want);
        assert_eq!(words::kinds(CHART), [Kind::Clock]);
        let full = CHART.replace(", +", " d:+00.0010000s o:+");
        assert_eq!(told(&full), want);
        let german = CHART.replace("Tracking dc01", "dc01").replace("[10.0.0.1:123].", "[10.0.0.1:123] wird verfolgt.");
        assert_eq!(told(&german), want);
        assert_eq!(words::kinds(german.split_once('\n').unwrap().1), [Kind::Clock]);
        assert_eq!(
            told(&CHART.replace("+427.1234567s", "-00.0012345s").replace("+427.1134567s", "-00.0002345s")),
            ["dc01.contoso.com Some(-1) - [\"-00.0012345s\"]"]
        );
        assert_eq!(read(&test_lines("Tracking dc01 [10.0.0.1:123].\n10:00:00, error: 0x800705B4\n")).problems.len(), 1);
    }

    #[test]
    fn status_monitor_and_chrony() {
        let status = "Leap Indicator: 0(no warning)\nStratum: 4 (secondary reference - syncd by (S)NTP)\nReferenceId: 0x0A000001 (source IP:  10.0.0.1)\nSource: dc01.contoso.com\nPoll Interval: 10 (1024s)\n";
        assert_eq!(told(status), ["- None dc01.contoso.com [\"dc01.contoso.com\"]"]);
        assert_eq!(words::kinds(status), [Kind::Clock]);
        let monitor = "dc01.contoso.com *** PDC ***[10.0.0.1:123]:\n    ICMP: 0ms delay\n    NTP: +0.0000000s offset from dc01.contoso.com\ndc02.contoso.com[10.0.0.2:123]:\n    NTP: -301.5000000s offset from dc01.contoso.com\n";
        assert_eq!(
            told(monitor),
            ["dc01.contoso.com Some(0) - [\"+0.0000000s\"]", "dc02.contoso.com Some(-301500) - [\"-301.5000000s\"]"]
        );
        assert_eq!(
            told("$ chronyc tracking\nSystem time     : 600.500 seconds fast of NTP time\n"),
            ["- Some(-600500) - []"]
        );
        assert_eq!(anchor("Source:        Microsoft-Windows-Security-Kerberos", None), None);
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, CHART);
    }
}
