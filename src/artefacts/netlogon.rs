//! Reads netlogon.log: NTLM's pass-through authentication. A user seen here did not come with Kerberos.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, words};
use crate::facts::{Arrival, Failure, FailureContext, Mechanism, Statement};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::codes;
use crate::vocabulary::names::{AccountName, HostName};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Netlogon, anchor, json: None, read };

const AREAS: [&str; 12] =
    ["LOGON", "CRITICAL", "MISC", "DNS", "MAILSLOT", "SESSION", "INIT", "DOMAIN", "SITE", "PERF", "CHANGELOG", "SYNC"];

fn anchor(line: &str, _current: Option<Kind>) -> Option<Anchor> {
    if stamped(line) {
        return Anchor::belongs("lines of netlogon.log (MM/DD HH:MM:SS [AREA])");
    }
    let known = line.contains("SamLogon:") && (line.contains("logon of ") || line.contains(" Returns 0x"));
    if known { Anchor::belongs("a line of netlogon.log") } else { None }
}

/// `06/03 14:16:58 [LOGON] …`
fn stamped(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let mut next = || words.next().unwrap_or_default();
    let (date, time, area) = (next(), next(), next());
    let digits = |text: &str, sep: char, parts: usize| {
        text.split(sep).count() == parts
            && text.split(sep).all(|p| p.len() == 2 && p.chars().all(|c| c.is_ascii_digit()))
    };
    let area = area.strip_prefix('[').and_then(|a| a.strip_suffix(']'));
    digits(date, '/', 2) && digits(time, ':', 3) && area.is_some_and(|a| AREAS.contains(&a))
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    for (text, part) in words::records(lines, |text| anchor(text, None).is_some()) {
        let Some(rest) = words::after(&text, "logon of ") else { continue };
        let Some((user, rest)) = rest.split_once(" from ") else { continue };
        let status = words::after(rest, "Returns ")
            .and_then(|t| t.split_whitespace().next())
            .map(|w| (w, codes::parse_status(w)));
        // `Entered` alone says that somebody tried; the answer says who arrived.
        let who = account(user);
        let host = words::between(rest, "(via ", ")").and_then(HostName::parse);
        let (says, lit) = match status {
            Some((word, Some(status))) if status != 0 => {
                let name = codes::lookup("NTSTATUS", status).map_or(String::new(), |row| format!(" {}", row.symbol));
                let failure = Failure {
                    status: Some(status),
                    requester: who,
                    ..Failure::new(FailureContext::BackEnd, &format!("NTLM pass-through of {user}: {word}{name}"))
                };
                (Statement::Failure(failure), word.to_owned())
            }
            _ => {
                let anonymous = who.as_ref().is_some_and(|w| super::be_error::is_anonymous(w.bare()));
                let arrival = Arrival { host, who, anonymous, mechanism: Some(Mechanism::Ntlm), ..Arrival::default() };
                (Statement::Arrival(arrival), user.trim().to_owned())
            }
        };
        if !reading.facts.iter().any(|f| f.says == says) {
            reading.fact(place_of(part).lit([lit]), says);
        }
    }
    if reading.facts.is_empty()
        && let Some(line) = lines.first()
    {
        reading.problem(line.number, "No logon is in these lines of netlogon.log (SamLogon: … logon of …).");
    }
    reading
}

/// The account; a domain that was blacked out (`<Domain>\User1`) is left out.
fn account(text: &str) -> Option<AccountName> {
    let text = text.trim();
    AccountName::parse(text).or_else(|| AccountName::parse(text.rsplit_once('\\')?.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    const LOG: &str = "11/18 10:00:00 [LOGON] [1234] CONTOSO: SamLogon: Transitive Network logon of CONTOSO\\alice from PC01 (via WEB01) Entered\n\
        11/18 10:00:00 [LOGON] [1234] CONTOSO: SamLogon: Transitive Network logon of CONTOSO\\alice from PC01 (via WEB01) Returns 0x0\n\
        11/18 10:00:01 [CRITICAL] CONTOSO: NlAllocateClientApi timed out: 0 258\n\
        11/18 10:00:02 [LOGON] SamLogon: Network logon of <Domain>\\bob from PC02 Returns 0xC000006D\n\
        11/18 10:00:03 [LOGON] SamLogon: Network logon of <Domain>\\bob from PC02 Returns 0xC000006D\n";

    fn told(text: &str) -> Vec<String> {
        let facts = read(&test_lines(text)).facts.into_iter();
        facts
            .map(|f| match f.says {
                Statement::Arrival(a) => format!(
                    "{} {:?} {:?} {:?}",
                    f.place.first_line,
                    a.host.map(|h| h.to_string()),
                    a.who.map(|w| w.to_string()),
                    a.mechanism
                ),
                Statement::Failure(e) => {
                    format!(
                        "{} {:x} {:?}",
                        f.place.first_line,
                        e.status.unwrap_or(0),
                        e.requester.map(|r| r.to_string())
                    )
                }
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn who_came_by_ntlm_and_what_failed() {
        let want = ["1 Some(\"WEB01\") Some(\"CONTOSO\\\\alice\") Some(Ntlm)", "4 c000006d Some(\"bob\")"];
        assert_eq!(told(LOG), want);
        assert_eq!(words::kinds(LOG), [Kind::Netlogon]);
        let wrapped = LOG.replace(" from ", "\nfrom ").replace("Returns ", "Returns\n");
        assert_eq!(told(&wrapped).len(), 2, "{:?}", told(&wrapped));
        assert_eq!(read(&test_lines("11/18 10:00:01 [MISC] x\n")).problems.len(), 1);
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, LOG);
    }
}
