//! Reads lsass.log (Kerberos client debug output) and its WPP text form. Any line with a failing status is a fact,
//! all others are ignored.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, words};
use crate::facts::{Failure, FailureContext, Statement};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::codes;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::LsassLog, anchor, json: None, read };

/// Names of functions that only this log prints.
const FUNCTIONS: [&str; 5] = [
    "KerbGetServiceTicketByS4U",
    "SpInitLsaModeContext",
    "KerbGetTgsTicket",
    "KerbGetServiceTicket",
    "KerbGetTicketGranting",
];

fn anchor(line: &str, _current: Option<Kind>) -> Option<Anchor> {
    if prefixed(line) {
        return Anchor::belongs("lines of lsass.log (process.thread> Kerb-level)");
    }
    let known = FUNCTIONS.iter().any(|f| words::has(line, f)) && statuses(line).next().is_some();
    if known { Anchor::belongs("a line of lsass.log with a failing status") } else { None }
}

/// `408.2656> Kerb-Warn: …`, `Kerb-Warn: …`, or WPP's `[0]04D0.0A60::11/18/26-10:00:00.123 [kerberos]…`.
fn prefixed(line: &str) -> bool {
    let line = line.trim_start();
    let hex = |t: &str| !t.is_empty() && t.len() <= 8 && t.chars().all(|c| c.is_ascii_hexdigit());
    let numbers = |t: &str| t.split_once('.').is_some_and(|(a, b)| hex(a) && hex(b));
    if line.split_once("> ").is_some_and(|(head, rest)| numbers(head) && rest.trim_start().starts_with("Kerb")) {
        return true;
    }
    let level = line.strip_prefix("Kerb-").and_then(|t| t.split_once(':'));
    if level.is_some_and(|(level, _)| !level.is_empty() && level.chars().all(|c| c.is_ascii_alphanumeric())) {
        return true;
    }
    let wpp =
        line.strip_prefix('[').and_then(|t| t.split_once(']')).and_then(|(cpu, t)| Some((cpu, t.split_once("::")?)));
    wpp.is_some_and(|(cpu, (ids, _))| hex(cpu) && numbers(ids))
}

/// Words of a line that are a failing Windows status, in any spelling.
fn statuses(text: &str) -> impl Iterator<Item = (&str, u32)> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '=' | ',' | ';' | '"' | '\''))
        .filter_map(|word| {
            // `0xc000040b/-1073740789`: one status twice.
            let word = word.split_once('/').map_or(word, |(first, _)| first).trim_matches(['.', ':']);
            let number = codes::parse_status(word).filter(|n| *n >= 0x8000_0000)?;
            let prefixed = word.starts_with("0x") || word.starts_with("0X");
            let known = codes::lookup("NTSTATUS", number).is_some() || codes::lookup("SEC_E", number).is_some();
            // Without 0x a number may be anything: only a known status counts.
            (known || prefixed && word.len() == 10).then_some((word, number))
        })
}

/// `KDC error reply: 0xd`, `KDC_ERR_BADOPTION`.
fn krb_error(text: &str) -> Option<(String, u32)> {
    if let Some(rest) = words::after(text, "error reply") {
        let word = rest.split_whitespace().find(|w| codes::parse_status(w).is_some())?;
        let number = codes::parse_status(word).filter(|n| (1..128).contains(n))?;
        return Some((word.to_owned(), number));
    }
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|w| w.starts_with("KDC_ERR_") || w.starts_with("KRB_AP_ERR_"))
        .find_map(|w| codes::krb_by_name(w).filter(|n| *n != 0).map(|n| (w.to_owned(), n)))
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let begins = |text: &str| anchor(text, None).is_some();
    let mut any = false;
    for (text, part) in words::records(lines, begins) {
        any = true;
        if let (Some(line), true) = (part.first(), is_quotation(lines, part)) {
            reading.problem(
                line.number,
                "This line stands inside a quotation, as an article has it. Paste the lines of your own lsass.log.",
            );
            continue;
        }
        let status = statuses(&text).next();
        let krb = krb_error(&text);
        if status.is_none() && krb.is_none() {
            if let (Some(line), true) = (part.first(), cut_status(&text)) {
                reading.problem(line.number, "The status at the end of this line is cut off. Copy the whole line.");
            }
            continue;
        }
        let s4u = words::has(&text, "S4UProxy") || words::has(&text, "S4U2Proxy");
        let context = if s4u { FailureContext::S4u2Proxy } else { FailureContext::KdcReply };
        let lit: Vec<String> =
            [status.map(|(w, _)| w.to_owned()), krb.as_ref().map(|(w, _)| w.clone())].into_iter().flatten().collect();
        let failure = Failure {
            status: status.map(|(_, n)| n),
            krb: krb.map(|(_, n)| n),
            spn: words::first_spn(&text),
            on_behalf: s4u,
            ..Failure::new(context, &text)
        };
        let repeated = reading.facts.iter().any(|f| matches!(&f.says, Statement::Failure(old) if same(old, &failure)));
        if !repeated {
            reading.fact(place_of(part).lit(lit), Statement::Failure(failure));
        }
    }
    if let (Some(line), false) = (lines.first(), any) {
        reading.problem(line.number, "No line of lsass.log could be read here.");
    }
    reading
}

/// A line as articles quote it: without its head, in a paragraph that closes a quotation which was opened before.
fn is_quotation(lines: &[Line], part: &[Line]) -> bool {
    let Some(first) = part.first().filter(|l| !prefixed(&l.text)) else { return false };
    let paragraph = lines.iter().skip_while(|l| l.number < first.number).take_while(|l| !l.trimmed().is_empty());
    let marks: String =
        paragraph.flat_map(|l| l.text.chars()).filter(|c| matches!(c, '"' | '\u{201c}' | '\u{201d}')).collect();
    marks.starts_with('\u{201d}') || !marks.contains('\u{201d}') && marks.matches('"').count() % 2 == 1
}

/// A log repeats itself: the same error for the same service is one fact, at its first place.
fn same(a: &Failure, b: &Failure) -> bool {
    (a.context, a.krb, a.status, &a.spn) == (b.context, b.krb, b.status, &b.spn)
}

fn cut_status(text: &str) -> bool {
    words::has(text, "failed")
        && text
            .rsplit(' ')
            .next()
            .is_some_and(|w| w.starts_with("0x") && (2..10).contains(&w.len()) && codes::parse_hex(w) != Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    fn failures(text: &str) -> Vec<Failure> {
        let all = read(&test_lines(text)).facts.into_iter();
        all.filter_map(|f| if let Statement::Failure(f) = f.says { Some(f) } else { None }).collect()
    }

    const LINE: &str = "1184.2210> Kerb-Warn: SpInitLsaModeContext failed to get outbound ticket, KerbGetServiceTicketByS4UProxy failed 0xc000040b";

    #[test]
    fn a_line_that_an_article_quotes_is_no_evidence() {
        let bare = LINE.split_once("Kerb-Warn: ").unwrap().1;
        for end in [" which is the status.\"", "\u{201d}, as they say"] {
            let reading = read(&test_lines(&format!("{bare}\n{end}\n\nWe have no log yet.\n")));
            assert_eq!((reading.facts.len(), reading.problems.len()), (0, 1), "{end}");
        }
        for whole in [format!("\"{bare}\""), format!("{LINE}\n\"")] {
            assert_eq!(failures(&whole).len(), 1, "{whole}");
        }
    }

    #[test]
    fn every_spelling_of_the_status() {
        for code in ["0xc000040b", "0xC000040B", "c000040b", "-1073740789", "3221226507", "(0xc000040b)", "0xc000040b."]
        {
            let text = LINE.replace("0xc000040b", code);
            let got = failures(&text);
            assert_eq!(got.len(), 1, "{code}");
            assert_eq!(
                (got[0].context, got[0].status, got[0].on_behalf),
                (FailureContext::S4u2Proxy, Some(0xc000_040b), true)
            );
            assert_eq!(words::kinds(&text), [Kind::LsassLog], "{code}");
        }
    }

    #[test]
    fn wrapped_wpp_and_bare_lines() {
        for text in [
            LINE.replace("ticket, ", "ticket,\n").replace("failed 0x", "failed\n0x"),
            format!("[0]04D0.0A60::11/18/26-10:00:00.123 [kerberos]{}", LINE.split_at(22).1),
            LINE.split_at(22).1.to_owned(),
            format!("> > {LINE}"),
        ] {
            assert_eq!(failures(&text).first().map(|f| f.status), Some(Some(0xc000_040b)), "{text}");
            assert_eq!(words::kinds(&text), [Kind::LsassLog], "{text}");
        }
    }

    #[test]
    fn kdc_replies_names_and_noise() {
        let text = "408.a60> Kerb-Trace: nothing to see\n408.a60> Kerb-Warn: KerbGetTgsTicket MSSQLSvc/sql01.contoso.com:1433 KDC error reply: 0xd\n\
                    408.a60> Kerb-Warn: KerbGetTgsTicket MSSQLSvc/sql01.contoso.com:1433 KDC error reply: 0xd\n408.a60> Kerb-Error: x failed 0x0\n";
        let got = failures(text);
        assert_eq!(got.len(), 1);
        assert_eq!((got[0].krb, got[0].context), (Some(13), FailureContext::KdcReply));
        assert_eq!(got[0].spn.as_ref().unwrap().to_string(), "MSSQLSvc/sql01.contoso.com:1433");
        let cut = read(&test_lines(LINE.strip_suffix("40b").unwrap()));
        assert_eq!((cut.facts.len(), cut.problems.len()), (0, 1));
        assert_eq!(anchor("klist failed with 0xc000040b", None), None);
        assert_eq!(anchor("We think that delegation failed with 0xc000040b on the server.", None), None);
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, &format!("{LINE}\n[0]04D0.0A60::11/18/26-10:00:00.123 [k]x failed c000040b\n"));
    }
}
