//! Windows events as log stores keep them: JSON with the event's own fields (`"TargetUserName": "alice"`) → the lines of its XML.

use super::kind::Kind;
use super::loose_json::scan;
use super::{KindReader, event, join, words};
use crate::ingest::lines::Line;

/// Recognises what the reader of events then reads.
pub const READER: KindReader =
    KindReader { kind: Kind::Event, anchor: |_, _| None, json: Some(recognised), read: event::read };

/// An account and an event's number.
fn recognised(text: &str) -> Option<&'static str> {
    let numbered = ["eventid\"", "event_id\"", "eventcode\""].iter().any(|key| words::has(text, key));
    (numbered && text.contains("TargetUserName\"")).then_some("JSON with the fields of Windows events")
}

/// `None` for anything else than such JSON. Each line stands where its value stands.
pub(super) fn lines(lines: &[Line]) -> Option<Vec<Line>> {
    lines.first().filter(|l| l.trimmed().starts_with(['{', '[']))?;
    let text = join(lines);
    recognised(&text)?;
    let mut out = Vec::new();
    let mut open = None;
    for scalar in scan(&text).scalars {
        let line = lines.get(text.get(..scalar.at)?.matches('\n').count())?;
        let mut say = |text: String| out.push(Line { text, ..line.clone() });
        let element = Some(scalar.key(0).to_owned()).filter(|k| k.parse::<u32>().is_ok());
        if open.as_ref() != Some(&element) {
            say("<Event>".to_owned());
            open = Some(element);
        }
        // Shippers put the path before the name: `winlogbeat_winlog_event_data_IpAddress`.
        let (key, value) = (scalar.path.last()?, scalar.value);
        let name = key.rsplit(['_', '.']).next().unwrap_or(key);
        match key.replace(['_', '.'], "").to_lowercase() {
            k if k.ends_with("eventid") || k.ends_with("eventcode") => say(format!("<EventID>{value}</EventID>")),
            k if k.ends_with("sourcename") || k.ends_with("providername") => {
                say(format!("<Provider Name=\"{value}\"/>"));
            }
            k if ["computer", "computername", "hostname", "source", "host"].contains(&k.as_str()) => {
                say(format!("<Computer>{value}</Computer>"));
            }
            _ if name.starts_with(|c: char| c.is_ascii_uppercase()) => {
                say(format!("<Data Name=\"{name}\">{value}</Data>"));
            }
            _ => {}
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Mechanism, Statement};
    use crate::ingest::lines::test_lines;

    #[test]
    fn flat_and_nested_fields() {
        let flat = "{\"source\":\"WEB01.contoso.com\",\"winlogbeat_winlog_event_id\":4624,\"SourceName\":\"Security-Auditing\",\"TargetUserName\":\"alice\",\"TargetDomainName\":\"CONTOSO\",\"winlogbeat_winlog_event_data_AuthenticationPackageName\":\"NTLM\"}";
        let nested = "[{\"host\":\"WEB01.contoso.com\",\"winlog\":{\"event_id\":\"4624\",\"event_data\":{\n\"TargetUserName\":\"alice\",\"TargetDomainName\":\"CONTOSO\",\n\"AuthenticationPackageName\":\"NTLM\"}}}]";
        for text in [flat, nested] {
            assert_eq!(words::kinds(text), [Kind::Event]);
            let facts = event::read(&test_lines(text)).facts;
            let arrived = facts.iter().filter(|f| match &f.says {
                Statement::Arrival(a) => {
                    let who = a.who.as_ref().map(ToString::to_string);
                    let at = a.host.as_ref().map(ToString::to_string);
                    who.as_deref() == Some("CONTOSO\\alice")
                        && at.as_deref() == Some("WEB01.contoso.com")
                        && a.mechanism == Some(Mechanism::Ntlm)
                }
                _ => false,
            });
            assert_eq!((arrived.count(), facts.len()), (1, 1), "{facts:?}");
        }
        assert!(lines(&test_lines("{\"message\": 1}")).is_none());
        words::never_panics(&READER, nested);
    }
}
