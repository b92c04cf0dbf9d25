//! Reads `klist sessions`: who is logged on to this server, and by which package.

use super::kind::Kind;
use super::klist::command;
use super::{Anchor, KindReader, Reading};
use crate::facts::{LogonSession, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::names::AccountName;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::KlistSessions, anchor, json: None, read };

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    if let Some(command) = command::klist(line) {
        let ours = command.kind == Kind::KlistSessions;
        return ours.then(|| Anchor::head(1, "the command klist sessions")).flatten();
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let id = words.iter().position(|w| logon_id(w).is_some())?;
    if words.first().is_some_and(|w| index(w).is_some()) {
        return Anchor::belongs("a numbered list of logon sessions");
    }
    // `Current LogonId is …` behind the command.
    let head = current == Some(Kind::KlistSessions) && id.saturating_add(1) == words.len() && !line.contains('\\');
    head.then(|| Anchor::head(2, "the line with the logon id of klist")).flatten()
}

/// `[12]`.
fn index(word: &str) -> Option<u32> {
    word.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// `0:0x3e7`.
fn logon_id(word: &str) -> Option<&str> {
    let (high, low) = word.split_once(":0x")?;
    let hex = !low.is_empty() && low.chars().all(|c| c.is_ascii_hexdigit());
    (hex && !high.is_empty() && high.chars().all(|c| c.is_ascii_digit())).then_some(word)
}

/// A session's words: `[n]`, then everything up to the next `[n]`. Mail wraps them, some tools put all on one line.
fn entries(lines: &[Line]) -> Vec<Vec<(&str, &Line)>> {
    let mut entries: Vec<Vec<(&str, &Line)>> = Vec::new();
    for line in lines {
        let listed = line.text.split_whitespace().any(|w| index(w).is_some());
        let finished = entries.last().is_some_and(|e| e.iter().any(|(w, _)| package(w).is_some()));
        for word in line.text.split_whitespace() {
            if index(word).is_some() {
                entries.push(vec![(word, line)]);
            } else if (listed || !finished)
                && let Some(entry) = entries.last_mut()
            {
                entry.push((word, line));
            }
        }
    }
    entries
}

/// `Kerberos:Network`, `Negotiate:(0)`.
fn package(word: &str) -> Option<(&str, &str)> {
    let (package, kind) = word.split_once(':')?;
    let name =
        !package.is_empty() && package.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    (name && !kind.is_empty() && package.starts_with(|c: char| c.is_ascii_alphabetic())).then_some((package, kind))
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    for entry in entries(lines) {
        let (Some((_, first)), Some((_, last))) = (entry.first(), entry.last()) else { continue };
        let id = entry.iter().position(|(w, _)| logon_id(w).is_some());
        let kind = entry.iter().rposition(|(w, _)| package(w).is_some());
        let (Some(id), Some(kind)) = (id, kind.filter(|k| Some(*k) > id)) else {
            reading.problem(first.number, "This session is cut. Copy the whole line.");
            continue;
        };
        let words = entry.get(id.saturating_add(1)..kind).unwrap_or_default();
        let account = words.iter().map(|(w, _)| *w).collect::<Vec<_>>().join(" ");
        let at = |i: usize| entry.get(i).map_or("", |(w, _)| w);
        let (package, logon_type) = package(at(kind)).unwrap_or_default();
        let session = LogonSession {
            logon_id: at(id).to_owned(),
            account: AccountName::parse(&account),
            package: package.to_owned(),
            logon_type: logon_type.to_owned(),
        };
        let mut place = first.place();
        if last.number != first.number {
            place = place.to(&last.place());
        }
        reading.fact(
            place.lit([account.as_str(), at(kind)].into_iter().filter(|w| w.len() > 1)),
            Statement::LogonSession(session),
        );
    }
    if reading.facts.is_empty() && reading.problems.is_empty() {
        let line = lines.first().map_or(1, |l| l.number);
        reading.problem(line, "No session is listed here. Run klist sessions in an elevated prompt on the web server.");
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;
    use proptest::prelude::*;

    const LIST: &str = "PS C:\\WINDOWS\\system32> klist sessions\n\nCurrent LogonId is 0:0x468c4f9\n\
        [0] Session 0 0:0x46931ff TEST\\test Kerberos:Network\n[1] Session 0 0:0x46588c0 TEST\\test NTLM:Network\n\
        [2] Session 1 0:0x144c4 Window Manager\\DWM-1 Negotiate:Interactive\n[3] Session 0 0:0x3e7 TEST\\SQL01$ Negotiate:(0)\n\
        [4] Session 0 0:0xd8bb \\ NTLM:(0)\n";

    fn says(text: &str) -> Vec<String> {
        let reading = read(&test_lines(text));
        let facts = reading.facts.iter().map(|f| match &f.says {
            Statement::LogonSession(s) => format!(
                "{}: {} {} {} {}",
                f.place.first_line,
                s.logon_id,
                s.account.as_ref().map_or("-", |a| a.as_str()),
                s.package,
                s.logon_type
            ),
            other => format!("{other:?}"),
        });
        facts.chain(reading.problems.iter().map(|p| format!("problem {}", p.line))).collect()
    }

    const SAYS: [&str; 5] = [
        "0:0x46931ff TEST\\test Kerberos Network",
        "0:0x46588c0 TEST\\test NTLM Network",
        "0:0x144c4 Window Manager\\DWM-1 Negotiate Interactive",
        "0:0x3e7 TEST\\SQL01$ Negotiate (0)",
        "0:0xd8bb - NTLM (0)",
    ];

    fn without_lines(text: &str) -> Vec<String> {
        says(text).iter().map(|s| s.split_once(": ").map_or(s.clone(), |(_, s)| s.to_owned())).collect()
    }

    #[test]
    fn a_list_its_translation_and_what_mail_makes_of_it() {
        assert_eq!(says(LIST)[1], "5: 0:0x46588c0 TEST\\test NTLM Network");
        assert_eq!(without_lines(LIST), SAYS);
        let zh = LIST.replace("Session", "会话").replace("Current LogonId is", "当前登录 ID 是");
        assert_eq!(without_lines(&zh), SAYS);
        let quoted: String = LIST.lines().map(|l| format!("> {l}\n")).collect();
        assert_eq!(without_lines(&quoted), SAYS);
        assert_eq!(without_lines(&LIST.replace("0x46588c0 ", "0x46588c0\n")), SAYS);
        assert_eq!(without_lines(&LIST.split_whitespace().collect::<Vec<_>>().join(" ")), SAYS);
    }

    #[test]
    fn a_cut_list_gives_what_is_there() {
        let cut = LIST.split(" Negotiate:Interactive").next().unwrap();
        assert_eq!(says(cut).len(), 3);
        assert_eq!(says(cut)[2], "problem 6");
        assert_eq!(says("PS C:\\> klist sessions\n"), ["problem 1"]);
    }

    #[test]
    fn other_lists_are_not_claimed() {
        for line in ["Current LogonId is 0:0x468c4f9", "[1] Access-Token", "    [0] - 0x12 - aes256_cts_hmac_sha1"] {
            assert_eq!(anchor(line, None), None, "{line}");
        }
        assert!(anchor("[0] Session 0 0:0x46931ff TEST\\test Kerberos:Network", None).is_some());
    }

    proptest! {
        #[test]
        fn cuts_and_shuffles_never_panic(cut in 0usize..500, order in prop::collection::vec(0usize..8, 0..20)) {
            read(&test_lines(&LIST.chars().take(cut).collect::<String>()));
            let lines: Vec<&str> = LIST.lines().collect();
            let shuffled: Vec<&str> = order.iter().filter_map(|i| lines.get(*i).copied()).collect();
            prop_assert!(read(&test_lines(&shuffled.join("\n"))).facts.len() <= order.len());
        }
    }
}
