//! Clocks: what a server or KDC says of them, and what the `Date:` header shows.

use super::{LeafTest, YES_NO};
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;
use crate::vocabulary::codes::{krb, status};

/// Kerberos' usual limit, in seconds.
const LIMIT: i64 = 300;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-clock-error",
        ask: "Does any side report a clock error (0x25 KRB_AP_ERR_SKEW, \"Clock skew too great\")?",
        how: "System log, source Security-Kerberos, on the PC and on the web server; the web server's own error log.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: reported,
    },
    LeafTest {
        id: "test-clocks-agree",
        ask: "Do the clocks of PC, web server and domain controller agree within a minute?",
        how: "w32tm /stripchart /computer:<domain controller> /samples:3 /dataonly, on each machine",
        needs: Needs::User,
        options: YES_NO,
        derive: agree,
    },
];

fn reported(view: &View<'_>) -> Observed {
    let skew = |f: &crate::facts::Failure| {
        f.krb == Some(krb::SKEW) || matches!(f.status, Some(status::SEC_E_TIME_SKEW | status::TIME_DIFFERENCE_AT_DC))
    };
    if let Some((fact, failure)) = view.failures().find(|(_, f)| skew(f)) {
        return Observed::is("yes", fact.because(format!("the clocks are too far apart: {}", failure.text)));
    }
    let told = view.exchanges().find_map(|(fact, e)| {
        let token = e.answer_token.as_ref().filter(|t| t.value.krb_error == Some(krb::SKEW))?;
        Some(fact.because_at(&token.place, "the server's answer carries KRB_AP_ERR_SKEW (37)"))
    });
    let from_library = view.handshakes().find_map(|(fact, h)| {
        let failure = h.failure.as_ref()?;
        let sspi = i64::from(status::SEC_E_TIME_SKEW.cast_signed()) == failure.value.status;
        (sspi || failure.value.message.to_lowercase().contains("clock skew"))
            .then(|| fact.because_at(&failure.place, "the security library says that the clocks are too far apart"))
    });
    told.or(from_library).map_or(Observed::Unknown, |because| Observed::is("yes", because))
}

fn agree(view: &View<'_>) -> Observed {
    readings(view).or(|| browser_and_server(view))
}

/// w32tm's own measure. The largest counts: one wrong clock is enough.
fn readings(view: &View<'_>) -> Observed {
    let all = view.clock_readings().filter_map(|(fact, c)| Some((fact, c, c.offset_millis?)));
    let Some((fact, clock, millis)) = all.max_by_key(|(_, _, millis)| millis.saturating_abs()) else {
        return Observed::Unknown;
    };
    let seconds = millis.saturating_abs() / 1000;
    let other = clock.against.as_ref().map_or("the other computer".to_owned(), ToString::to_string);
    let side = if millis > 0 { "ahead of" } else { "behind" };
    if seconds > LIMIT {
        return Observed::is(
            "no",
            fact.because(format!("the clock of {other} is {} {side} this one", spoken(seconds))),
        );
    }
    if seconds <= 60 {
        return Observed::is("yes", fact.because(format!("the clock of {other} and this one differ by {seconds} s")));
    }
    Observed::Unknown
}

fn browser_and_server(view: &View<'_>) -> Observed {
    let offsets = view.handshakes().filter_map(|(fact, h)| h.clock_offset.as_ref().map(|o| (fact, o)));
    let Some((fact, offset)) = offsets.max_by_key(|(_, o)| o.value.abs()) else { return Observed::Unknown };
    let seconds = offset.value.abs();
    let side = if offset.value > 0 { "ahead of" } else { "behind" };
    if seconds > LIMIT {
        let says = format!("the web server's Date header is {} {side} the browser's clock", spoken(seconds));
        return Observed::is("no", fact.because_at(&offset.place, says));
    }
    if seconds <= 60 {
        return Observed::is(
            "yes",
            fact.because_at(
                &offset.place,
                format!("the web server's Date header and the browser's clock differ by {seconds} s"),
            ),
        );
    }
    Observed::Unknown
}

fn spoken(seconds: i64) -> String {
    match (seconds / 60, seconds / 3600) {
        (_, hours @ 2..) => format!("{hours} hours"),
        (minutes, _) => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;
    use crate::ingest::Intake;
    use crate::observations::sites::Site;
    use std::collections::BTreeMap;

    fn observed(text: &str) -> Option<String> {
        let mut case = Case::new();
        let mut intake = Intake::new("paste 1");
        intake.push(text.as_bytes());
        case.add(intake.finish());
        let held = case.artefacts();
        let facts: Vec<_> = crate::case::facts(&held).collect();
        let answers = BTreeMap::new();
        let site = Site { host: None, aliases: Vec::new() };
        match agree(&View::new(site, &facts, &answers, None)) {
            Observed::Is(option, _) => Some(option.to_owned()),
            _ => None,
        }
    }

    const CHART: &str = "w32tm /stripchart /computer:dc01.contoso.com /samples:1 /dataonly\nTracking dc01.contoso.com [10.0.0.1:123].\n10:00:00, +427.1234567s\n";

    #[test]
    fn a_strip_chart_tells_whether_clocks_agree() {
        assert_eq!(observed(CHART).as_deref(), Some("no"));
        assert_eq!(observed(&CHART.replace("+427", "-01")).as_deref(), Some("yes"));
        assert_eq!(observed(&CHART.replace("+427", "-101")), None);
    }
}
