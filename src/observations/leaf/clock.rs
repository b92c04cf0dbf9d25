//! Clocks: what a server or KDC says of them, and what the `Date:` header shows.

use super::{LeafTest, YES_NO};
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;
use crate::report::Because;
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
    let captured = view.handshakes().find_map(|(fact, h)| {
        let token = h.answer_token.as_ref().filter(|t| t.value.krb_error == Some(krb::SKEW))?;
        Some(fact.because_at(&token.place, "the server's answer carries KRB_AP_ERR_SKEW (37)"))
    });
    let from_library = view.handshakes().find_map(|(fact, h)| {
        let failure = h.failure.as_ref()?;
        let sspi = i64::from(status::SEC_E_TIME_SKEW.cast_signed()) == failure.value.status;
        (sspi || failure.value.message.to_lowercase().contains("clock skew"))
            .then(|| fact.because_at(&failure.place, "the security library says that the clocks are too far apart"))
    });
    told.or(captured).or(from_library).map_or(Observed::Unknown, |because| Observed::is("yes", because))
}

/// One comparison of two clocks, in seconds: the server's minus the browser's.
struct Reading {
    seconds: i64,
    proof: Because,
    /// It compares the PC with the server. Two clocks of the server's side that agree say nothing of the PC's.
    of_the_pc: bool,
}

fn agree(view: &View<'_>) -> Observed {
    readings(view).or(|| told(view))
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

/// What headers and tokens tell of two clocks.
fn told(view: &View<'_>) -> Observed {
    let readings = captured(view).chain(pasted(view));
    let Some(reading) = readings.max_by_key(|r| r.seconds.abs()) else { return Observed::Unknown };
    match reading.seconds.abs() {
        seconds if seconds > LIMIT => Observed::is("no", reading.proof),
        0..=60 if reading.of_the_pc => Observed::is("yes", reading.proof),
        _ => Observed::Unknown,
    }
}

fn captured<'v>(view: &'v View<'_>) -> impl Iterator<Item = Reading> + 'v {
    view.handshakes().filter_map(|(fact, h)| {
        let offset = h.clock_offset.as_ref()?;
        let by_kerberos = h.answer_token.as_ref().is_some_and(|t| t.value.clock.is_some());
        let whose =
            if by_kerberos { "the time in the server's Kerberos error" } else { "the web server's Date header" };
        let proof = fact.because_at(&offset.place, compared(whose, offset.value, "the browser's clock"));
        Some(Reading { seconds: offset.value, proof, of_the_pc: true })
    })
}

/// A KRB-ERROR in clear has the time of the side that judged the ticket, and often the client's, as that side read it.
fn pasted<'v>(view: &'v View<'_>) -> impl Iterator<Item = Reading> + 'v {
    view.exchanges().filter_map(|(fact, e)| {
        let token = e.answer_token.as_ref()?;
        let clock = token.value.clock.as_ref()?;
        let server = "the time in the server's Kerberos error";
        if let Some(client) = clock.client {
            let seconds = clock.server.checked_sub(client)?;
            let proof = fact.because_at(&token.place, compared(server, seconds, "the PC's clock, which it repeats"));
            return Some(Reading { seconds, proof, of_the_pc: true });
        }
        let seconds = clock.server.checked_sub(e.date?)?;
        let proof = fact.because_at(&token.place, compared(server, seconds, "the answer's Date header"));
        Some(Reading { seconds, proof, of_the_pc: false })
    })
}

fn compared(one: &str, seconds: i64, other: &str) -> String {
    let side = if seconds > 0 { "ahead of" } else { "behind" };
    match seconds.abs() {
        apart if apart > LIMIT => format!("{one} is {} {side} {other}", spoken(apart)),
        apart => format!("{one} and {other} differ by {apart} s"),
    }
}

fn spoken(seconds: i64) -> String {
    match (seconds / 60, seconds / 3600) {
        (_, hours @ 2..) => format!("{hours} hours"),
        (minutes, _) => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::observed_test;
    use crate::wire::samples::{KRB5, base64, framed, krb_error, response};

    fn answer(date: &str, client: Option<(u16, u8, u8, u8, u8, u8)>) -> String {
        let error = krb_error(37, (2026, 11, 23, 3, 9, 7), client, "HTTP/web.contoso.com");
        let token = base64(&response(Some(2), Some(KRB5), Some(&framed(KRB5, [3, 0], &error))));
        format!(
            "GET / HTTP/1.1\nHost: web.contoso.com\n\nHTTP/1.1 401 Unauthorized\n{date}\nWWW-Authenticate: Negotiate {token}\n"
        )
    }

    #[test]
    fn a_kerberos_error_compares_the_clocks() {
        let id = "test-clocks-agree";
        let near = "Date: Mon, 23 Nov 2026 03:09:10 GMT";
        let far = "Date: Mon, 23 Nov 2026 03:29:10 GMT";
        assert_eq!(observed_test(id, &[&answer(near, Some((2026, 11, 23, 2, 59, 7)))]), Some("no"));
        assert_eq!(observed_test(id, &[&answer(near, Some((2026, 11, 23, 3, 9, 0)))]), Some("yes"));
        // Without the client's time, two clocks of the server's side that agree say nothing of the PC's.
        assert_eq!(observed_test(id, &[&answer(near, None)]), None);
        assert_eq!(observed_test(id, &[&answer(far, None)]), Some("no"));
        assert_eq!(observed_test("test-clock-error", &[&answer(near, None)]), Some("yes"));
    }

    const CHART: &str = "w32tm /stripchart /computer:dc01.contoso.com /samples:1 /dataonly\nTracking dc01.contoso.com [10.0.0.1:123].\n10:00:00, +427.1234567s\n";

    #[test]
    fn a_strip_chart_tells_whether_clocks_agree() {
        let agreed = |text: &str| observed_test("test-clocks-agree", &[text]);
        assert_eq!(agreed(CHART), Some("no"));
        assert_eq!(agreed(&CHART.replace("+427", "-01")), Some("yes"));
        assert_eq!(agreed(&CHART.replace("+427", "-101")), None);
    }
}
