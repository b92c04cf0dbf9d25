//! Failed-request tracing (FREB): the element `failedRequest` names who, where and the status; its events the error code.

use crate::artefacts::{Reading, be_error, words};
use crate::facts::{Arrival, Failure, FailureContext, Place, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::codes;
use crate::vocabulary::names::{AccountName, HostName};

/// Elements and attributes of a trace; configuration files have others.
const INSIDE: [&str; 22] = [
    "Event",
    "EventData",
    "Data",
    "System",
    "RenderingInfo",
    "Provider",
    "EventID",
    "Version",
    "Level",
    "Opcode",
    "Task",
    "Keywords",
    "TimeCreated",
    "Correlation",
    "Execution",
    "Computer",
    "Channel",
    "failedRequest",
    "siteId",
    "authenticationType",
    "statusCode",
    "remoteUserName",
];

pub(super) fn anchor(line: &str, open: bool) -> bool {
    let name: String = line.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
    words::has(line, "<failedRequest")
        || open && (line.starts_with('<') || line.contains("=\"")) && INSIDE.contains(&name.as_str())
}

/// The value of an attribute of the text.
fn attribute<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let rest = words::after(text, &format!(" {name}=\""))?;
    rest.split('"').next()
}

pub(super) fn read(lines: &[Line], reading: &mut Reading) {
    let Some(at) = lines.iter().position(|l| words::has(&l.text, "<failedRequest")) else { return };
    let head: Vec<&Line> = lines.iter().skip(at).take(20).collect();
    let end = head.iter().position(|l| l.text.contains('>')).map_or(head.len(), |i| i.saturating_add(1));
    let head = head.get(..end).unwrap_or_default();
    let text = head.iter().map(|l| l.trimmed()).collect::<Vec<_>>().join(" ");
    let place = match (head.first(), head.last()) {
        (Some(first), Some(last)) => first.place().to(&last.place()),
        _ => Place::default(),
    };
    let host = attribute(&text, "url").and_then(Origin::parse).and_then(|o| HostName::parse(&o.host));
    let status = attribute(&text, "statusCode").and_then(|s| s.split('.').next()?.parse::<u16>().ok());
    let user = ["remoteUserName", "userName", "tokenUserName"].iter().find_map(|n| attribute(&text, n)).unwrap_or("");
    let arrival = Arrival {
        host,
        who: AccountName::parse(user).filter(|_| status != Some(401)),
        anonymous: !user.is_empty() && be_error::is_anonymous(user),
        status,
        ..Arrival::default()
    };
    let lit: Vec<String> = status.iter().map(ToString::to_string).collect();
    reading.fact(place.lit(lit), Statement::Arrival(arrival));
    // Events of authentication modules carry `<Data Name="ErrorCode">2148074254</Data>`, or its text in RenderingInfo.
    let mut seen = Vec::new();
    for line in lines.iter().skip(at) {
        let Some(code) = words::after(&line.text, "Name=\"ErrorCode\">").and_then(|t| t.split('<').next()) else {
            continue;
        };
        let word = code.split(['(', ' ']).find(|w| w.starts_with("0x")).unwrap_or(code).trim();
        let Some(status) = codes::parse_status(word).filter(|s| *s >= 0x8000_0000 && *s != super::CHALLENGE) else {
            continue;
        };
        if !seen.contains(&status) {
            seen.push(status);
            let name = codes::lookup("SEC_E", status).map_or(String::new(), |row| format!(" {}", row.symbol));
            let failure = Failure {
                status: Some(status),
                ..Failure::new(FailureContext::Accept, &format!("failed request: {word}{name}"))
            };
            reading.fact(line.lit([word]), Statement::Failure(failure));
        }
    }
}
