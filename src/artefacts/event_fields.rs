//! Where one Windows event ends and the next begins, and its fields: each ends at the next label that is known, so that
//! empty fields, wrapped lines and one-line pastes read alike.

use super::{event_languages, words};
use crate::facts::Place;
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::civil::{self, Stamp};

/// Labels of the events that we read. Those that end another (`Account Name:`) stand on their own by the blank before them.
const LABELS: [&str; 66] = [
    // Heads: Event Viewer's copy, older copies, Format-List.
    "Log Name:",
    "Source:",
    "Date:",
    "Event ID:",
    "EventID:",
    "Task Category:",
    "Level:",
    "Keywords:",
    "User:",
    "Computer:",
    "Description:",
    "Event Xml:",
    "ProviderName:",
    "TimeCreated:",
    "Message:",
    "Type:",
    "Id:",
    // Event 3.
    "on logon session",
    "Client Time:",
    "Server Time:",
    "Error Code:",
    "Extended Error:",
    "Client Realm:",
    "Client Name:",
    "Server Realm:",
    "Server Name:",
    "Target Name:",
    "Error Text:",
    "File:",
    "Line:",
    "Error Data is in record data",
    // Security.
    "Subject:",
    "Logon Information:",
    "Logon Type:",
    "Restricted Admin Mode:",
    "Virtual Account:",
    "Elevated Token:",
    "Impersonation Level:",
    "New Logon:",
    "Account For Which Logon Failed:",
    "Security ID:",
    "Account Name:",
    "Account Domain:",
    "Logon ID:",
    "Logon GUID:",
    "Network Account Name:",
    "Failure Information:",
    "Failure Reason:",
    "Status:",
    "Sub Status:",
    "Process Information:",
    "Network Information:",
    "Workstation Name:",
    "Source Network Address:",
    "Detailed Authentication Information:",
    "Logon Process:",
    "Authentication Package:",
    "Transited Services:",
    "Package Name (NTLM only):",
    "Key Length:",
    "Service Name:",
    "Client Address:",
    "Ticket Options:",
    "Result Code:",
    "Ticket Encryption Type:",
    "Failure Code:",
];
/// Labels that end a field without being read themselves.
const ENDS: [&str; 24] = [
    "Account Information:",
    "Service Information:",
    "Additional Information:",
    "Domain Controller Information:",
    "Service ID:",
    "Client Port:",
    "Source Port:",
    "User ID:",
    "Supplied Realm Name:",
    "Pre-Authentication Type:",
    "Session Encryption Type:",
    "Advertized Etypes:",
    "MSDS-SupportedEncryptionTypes:",
    "Available Keys:",
    "Caller Process ID:",
    "Caller Process Name:",
    "Certificate Information:",
    "Linked Logon ID:",
    "Network Account Domain:",
    "Process ID:",
    "Process Name:",
    "OpCode:",
    // Event 18.
    "TGT Details:",
    "Flags:",
];
/// What begins a head: Event Viewer in its languages, XML, Format-List.
const HEADS: [&str; 11] = [
    "log name:",
    "protokollname:",
    "nom du journal",
    "nombre de registro:",
    "nome registro:",
    "nome do log:",
    "logboeknaam:",
    "имя журнала:",
    "ログの名前:",
    "日志名称:",
    "timecreated  ",
];
/// Lines of a head that may stand first or further down.
const INNER: [&str; 4] = ["event id:", "eventid:", "providername :", "providername:"];
/// What begins the text of an event that we read.
const BODIES: [&str; 23] = [
    "a kerberos error message was received",
    "kerberos-fehlermeldung",
    "message d'erreur kerberos",
    "mensaje de error kerberos",
    "mensaje de error de kerberos",
    "сообщение об ошибке kerberos",
    "kerberos client received a krb_ap_err_modified",
    "a kerberos service ticket was requested",
    "a kerberos service ticket request failed",
    "a kerberos service ticket was denied because",
    "a kerberos authentication ticket (tgt) was requested",
    "kerberos pre-authentication failed",
    "an account was successfully logged on",
    "an account failed to log on",
    "kdc encountered duplicate names",
    "while processing a tgs request",
    "while processing an as request",
    "is not registered, which caused kerberos",
    "could not establish a secured connection with the server",
    "sspi package generated an output token of size",
    "could not authenticate locally by using the target name",
    "not able to set up a secure session with a domain controller",
    "key distribution center blocked cipher usage",
];

/// A line of an event's head.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// Always the first one.
    First,
    /// One that may stand first or further down; which one.
    Inner(&'static str),
}

/// What a line is in an event's head.
pub fn begins_head(line: &str) -> Option<Head> {
    let line = line.trim_start().trim_start_matches("- ");
    let lower = event_languages::english(line).as_deref().unwrap_or(line).trim_start().to_lowercase();
    if line.starts_with("<Event ") || line.starts_with("<Event>") || HEADS.iter().any(|h| lower.starts_with(h)) {
        return Some(Head::First);
    }
    INNER.iter().find(|h| lower.starts_with(*h)).filter(|_| lower.len() < 80).map(|h| Head::Inner(h))
}

/// True at the line with which an event's text begins.
pub fn begins_body(line: &str) -> bool {
    let lower = line.to_lowercase();
    BODIES.iter().any(|b| lower.contains(b)) || event_languages::id_of_text(line).is_some()
}

/// True when one of the labels stands on the line, or an XML field.
pub fn has_label(line: &str) -> bool {
    line.contains("<Data") || line.contains("</Event") || labels(&normal(line)).next().is_some()
}

/// `Label : value` of Format-List reads `Label: value`, and a label in another language reads like the English one.
fn normal(text: &str) -> String {
    let mut out = event_languages::english(text).unwrap_or_else(|| text.to_owned());
    for word in ["ProviderName", "TimeCreated", "Message", "Id"] {
        if let Some(rest) = out.trim_start().strip_prefix(word)
            && let Some(value) = rest.trim_start().strip_prefix(':')
        {
            out = format!("{word}:{value}");
        }
    }
    out
}

/// The labels in a text: where each begins and ends. A label inside a longer one is not told.
fn labels(text: &str) -> impl Iterator<Item = (usize, usize, &'static str)> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<(usize, usize, &'static str)> = LABELS
        .iter()
        .chain(ENDS.iter())
        .flat_map(|label| {
            let needle = label.to_ascii_lowercase();
            lower.match_indices(&needle).map(|(at, _)| (at, at.saturating_add(label.len()), *label)).collect::<Vec<_>>()
        })
        .filter(|(at, _, _)| {
            text.get(..*at).and_then(|t| t.chars().next_back()).is_none_or(|c| c.is_whitespace() || c == '|')
        })
        .collect();
    found.sort_by_key(|(at, end, _)| (*at, std::cmp::Reverse(*end)));
    let mut last_end = 0usize;
    found.retain(|(at, end, _)| {
        let free = *at >= last_end;
        if free {
            last_end = *end;
        }
        free
    });
    found.into_iter()
}

/// Splits lines into events: at heads, at texts that begin where one was already read, and at a second error code.
pub fn events(lines: &[Line], has_code: impl Fn(&str) -> bool) -> Vec<&[Line]> {
    let mut bounds = vec![0usize];
    let mut seen: Vec<Head> = Vec::new();
    let (mut body, mut code) = (false, false);
    for (i, line) in lines.iter().enumerate() {
        let (head, new_body, new_code) = (begins_head(&line.text), begins_body(&line.text), has_code(&line.text));
        let new_head = match head {
            Some(Head::First) => body || code || !seen.is_empty(),
            Some(inner) => code || seen.contains(&inner),
            None => false,
        };
        if new_head || new_body && body || new_code && code && !new_body {
            bounds.push(i);
            seen.clear();
            (body, code) = (false, false);
        }
        seen.extend(head);
        body |= new_body;
        code |= new_code;
    }
    bounds.push(lines.len());
    let parts = bounds.windows(2).filter_map(|w| match w {
        [from, to] => lines.get(*from..*to),
        _ => None,
    });
    parts.filter(|part| part.iter().any(|l| !l.trimmed().is_empty())).collect()
}

/// One event: its lines and its text with the fields found.
pub struct Event<'t> {
    lines: &'t [Line],
    text: String,
    fields: Vec<(&'static str, std::ops::Range<usize>)>,
    xml: bool,
}

impl<'t> Event<'t> {
    /// Reads the fields.
    pub fn new(lines: &'t [Line]) -> Event<'t> {
        let text = lines.iter().map(|l| normal(&l.text)).collect::<Vec<_>>().join("\n");
        let found: Vec<_> = labels(&text).collect();
        let ends = found.iter().skip(1).map(|(at, _, _)| *at).chain([text.len()]);
        let fields = found.iter().zip(ends).map(|((_, from, label), to)| (*label, *from..to)).collect();
        let xml = text.contains("<EventID") || text.contains("<Data ");
        Event { lines, text, fields, xml }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text behind `Description:`, or the whole.
    pub fn body(&self) -> &str {
        ["Description:", "\nMessage:"].iter().find_map(|l| words::after(&self.text, l)).unwrap_or(&self.text)
    }

    /// All its lines, blank ones at the end left out.
    pub fn place(&self) -> Place {
        let used = self.lines.iter().rposition(|l| !l.trimmed().is_empty()).map_or(0, |i| i.saturating_add(1));
        place_of(self.lines.get(..used).unwrap_or_default())
    }

    /// A field's first line of text that is a value; `None` when the label is missing, `Some("")` never: empty is missing.
    pub fn field(&self, label: &str) -> Option<(&str, usize)> {
        self.fields_named(label).next()
    }

    /// Every value of a label that may stand twice (`Account Name:`), empty ones left out, with its offset.
    pub fn fields_named<'e>(&'e self, label: &str) -> impl Iterator<Item = (&'e str, usize)> {
        let wanted = label.to_owned();
        self.fields.iter().filter(move |(l, _)| *l == wanted).filter_map(|(_, range)| {
            let value = self.text.get(range.clone())?;
            let line = value.lines().map(str::trim).find(|l| !l.is_empty())?;
            let line = line.trim_matches(['*', '|', ' ']);
            (!line.is_empty() && line != "-" && !line.starts_with('%')).then_some((line, range.start))
        })
    }

    /// An XML field, `<Data Name="X">value</Data>`.
    pub fn data(&self, name: &str) -> Option<&str> {
        let rest = ["\"", "'"].iter().find_map(|q| words::after(&self.text, &format!("<Data Name={q}{name}{q}>")))?;
        let value = rest.split('<').next()?.trim();
        (!value.is_empty() && value != "-").then_some(value)
    }

    /// A field by its text label, or by its XML name.
    pub fn either(&self, label: &str, name: &str) -> Option<&str> {
        if self.xml { self.data(name) } else { self.field(label).map(|(v, _)| v) }
    }

    /// The event's id.
    pub fn id(&self) -> Option<u32> {
        let xml = words::after(&self.text, "<EventID").and_then(|t| t.split_once('>')).map(|(_, t)| t);
        let text = ["Event ID:", "EventID:", "Id:"].iter().find_map(|l| self.field(l).map(|(v, _)| v));
        let digits: String = xml.or(text)?.trim().chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// The event's source.
    pub fn source(&self) -> Option<&str> {
        let xml = words::between(&self.text, "<Provider Name=\"", "\"");
        xml.or_else(|| self.field("Source:").map(|(v, _)| v)).or_else(|| self.field("ProviderName:").map(|(v, _)| v))
    }

    /// When it was written: by its head where day and month are sure, else by event 3's `13:55:10.0000 9/10/2024 Z`.
    pub fn time(&self) -> Option<Stamp> {
        let xml = ["SystemTime=\"", "SystemTime='"].iter().find_map(|l| words::after(&self.text, l));
        let xml = xml.and_then(|t| t.split(['"', '\'']).next());
        let written =
            xml.or_else(|| ["Date:", "TimeCreated:"].iter().find_map(|l| self.field(l).map(|(v, _)| v.trim())));
        written.and_then(civil::stamp).filter(|s| s.seconds.is_some()).or_else(|| self.server_time())
    }

    /// Event 3's own time, in UTC.
    pub fn server_time(&self) -> Option<Stamp> {
        let text = self.field("Server Time:")?.0;
        let (clock, date) = text.split_once(' ')?;
        let seconds = civil::windows_klist(&format!("{} {clock}", date.split_whitespace().next()?));
        Some(Stamp { text: text.to_owned(), seconds, utc: true })
    }

    /// The machine that wrote it.
    pub fn computer(&self) -> Option<&str> {
        words::between(&self.text, "<Computer>", "</Computer>").or_else(|| self.field("Computer:").map(|(v, _)| v))
    }

    /// True for an audit of something that went well, which needs no fact.
    pub fn succeeded(&self) -> bool {
        let code = self.either("Failure Code:", "Status").or_else(|| self.either("Result Code:", "Status"));
        code.is_some_and(|c| c.trim() == "0x0")
    }
}
