//! One reader per artefact kind: the lines of one artefact → facts, and the problems met on the way.
//!
//! A reader never fails and never judges. It gets lines that are already cleaned (see [`crate::ingest`]) and that
//! [`crate::ingest::recognise`] attributed to its kind; it must still live with cut, shuffled and foreign lines.

pub mod ad_attributes;
pub mod answers;
pub mod apache_log;
pub mod be_error;
pub mod clock;
pub(crate) mod console;
pub mod device;
pub mod dns;
pub mod event;
mod event_csv;
mod event_data;
pub mod event_fields;
mod event_json;
mod event_languages;
pub mod event_security;
pub mod fields;
pub mod handshake_text;
mod handshake_values;
pub mod har;
mod har_entry;
pub mod http;
pub mod iis_config;
pub mod iis_log;
pub mod kdc_log;
pub mod kind;
pub mod kind_help;
pub mod klist;
pub mod klist_sessions;
pub mod krb5_klist;
pub mod krb5_trace;
mod linked_server;
pub mod loose_json;
pub mod lsass_log;
pub mod net_export_json;
pub mod net_export_text;
pub mod netlogon;
pub mod policy;
pub mod policy_json;
mod policy_list;
pub mod policy_words;
pub mod reg;
pub mod replication;
pub mod rubeus;
pub mod setspn;
pub mod summaries;
pub mod trust;
pub mod whoami;
pub mod words;

use self::kind::Kind;
use crate::facts::{Fact, Place, Problem, Role, Statement};
use crate::ingest::lines::Line;

/// What a reader made of its lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The statements.
    pub facts: Vec<Fact>,
    /// What could not be read, or only with a reservation.
    pub problems: Vec<Problem>,
    /// On which machine this was taken, as far as the lines themselves tell, and why.
    pub role: Option<(Role, String)>,
}

impl Reading {
    /// Adds a statement.
    pub fn fact(&mut self, place: Place, says: Statement) {
        self.facts.push(Fact { place, says });
    }

    /// Adds a problem.
    pub fn problem(&mut self, line: u32, says: impl Into<String>) {
        self.problems.push(Problem { line, says: says.into() });
    }
}

/// A reader: see the module's doc.
pub type Reader = fn(&[Line]) -> Reading;

/// A line that shows which kind an artefact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// True when the line begins a new artefact even inside one of its own kind (a second listing).
    pub starts: bool,
    /// For heads of several lines: where in its head this line stands. A line that `starts` still continues the open
    /// artefact when that one has only shown earlier steps of its head (command, then `Current LogonId`, then the count).
    pub step: u8,
    /// How it shows: the artefact's `why`.
    pub why: &'static str,
}

impl Anchor {
    /// A line that begins an artefact.
    pub const fn starts(why: &'static str) -> Option<Anchor> {
        Some(Anchor { starts: true, step: 0, why })
    }
    /// A line of a head of several lines; see [`Anchor::step`]. Count from 1.
    pub const fn head(step: u8, why: &'static str) -> Option<Anchor> {
        Some(Anchor { starts: true, step, why })
    }
    /// A line that belongs to an artefact of this kind, and begins one where none is open.
    pub const fn belongs(why: &'static str) -> Option<Anchor> {
        Some(Anchor { starts: false, step: u8::MAX, why })
    }
}

/// Everything the house needs to know of one kind.
#[derive(Clone, Copy)]
pub struct KindReader {
    /// The kind.
    pub kind: Kind,
    /// Does this (cleaned) line show this kind? The second argument is the kind of the section that is open.
    pub anchor: fn(&str, Option<Kind>) -> Option<Anchor>,
    /// Is this JSON text this kind? Gives the reason.
    pub json: Option<fn(&str) -> Option<&'static str>>,
    /// Reads it.
    pub read: Reader,
}

/// Every kind's reader, in the order in which they are asked. A further kind is one file and one line here.
pub const READERS: &[KindReader] = &[
    klist::READER,
    klist::TGT_READER,
    policy::EDGE_READER,
    policy::CHROME_READER,
    reg::READER,
    klist_sessions::READER,
    rubeus::READER,
    krb5_klist::READER,
    net_export_text::READER,
    net_export_json::READER,
    lsass_log::READER,
    event::READER,
    event_data::READER,
    iis_log::READER,
    iis_config::READER,
    netlogon::READER,
    dns::READER,
    clock::READER,
    device::READER,
    replication::READER,
    trust::READER,
    ad_attributes::READER,
    setspn::READER,
    whoami::READER,
    http::READER,
    be_error::READER,
    krb5_trace::READER,
    apache_log::READER,
    kdc_log::READER,
    answers::READER,
];

/// The kind whose anchor claims this line; the open section's kind is asked first.
pub fn anchor(line: &str, current: Option<Kind>) -> Option<(Kind, Anchor)> {
    // What people quote in their own words stays their own.
    if let Some(anchor) = answers::symptom(line) {
        return Some((Kind::Answers, anchor));
    }
    let open = READERS.iter().filter(|r| Some(r.kind) == current);
    let rest = READERS.iter().filter(|r| Some(r.kind) != current);
    open.chain(rest).find_map(|r| (r.anchor)(line, current).map(|a| (r.kind, a)))
}

/// Does another kind know this line for its own, whatever is open? For readers whose open section takes lines by a loose shape.
fn known_elsewhere(line: &str, kinds: &[Kind]) -> bool {
    READERS.iter().filter(|r| !kinds.contains(&r.kind)).any(|r| (r.anchor)(line, None).is_some())
}

/// What a JSON text is.
pub fn recognise_json(lines: &[Line]) -> (Kind, String) {
    let text = join(lines);
    // A HAR file is large and known by its head: no other kind need look at it.
    if let Some(why) = har::json(&text) {
        return (Kind::Http, why.to_owned());
    }
    READERS
        .iter()
        .find_map(|r| r.json.and_then(|json| json(&text)).map(|why| (r.kind, why.to_owned())))
        .unwrap_or((Kind::Unknown, "JSON, but of no kind that Doublehop reads".to_owned()))
}

/// True when a `{` at the start of a line is part of this kind and no JSON of its own (attribute lists, viewer text).
pub fn keeps_json(kind: Kind) -> bool {
    matches!(kind, Kind::AdAttributes | Kind::NetExportText)
}

/// True when there is a reader for this kind.
pub fn is_read(kind: Kind) -> bool {
    READERS.iter().any(|r| r.kind == kind)
}

/// Reads the lines of one artefact.
pub fn read(kind: Kind, lines: &[Line]) -> Reading {
    match READERS.iter().find(|r| r.kind == kind) {
        Some(reader) => (reader.read)(lines),
        None => unknown(lines),
    }
}

fn unknown(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    if let Some(first) = lines.first() {
        let json = first.trimmed().starts_with('{') || first.trimmed().starts_with("[{");
        let code = bare_code(first.trimmed());
        let says = if let Some(code) = &code {
            code
        } else if json {
            "This is JSON, but neither a net-export capture nor a list of policies. From edge://net-export take the file that Stop Logging writes; \
             from edge://policy use Export to JSON."
        } else {
            "Not recognised. Paste the output together with the command that printed it, or say what it is in the list of evidence."
        };
        reading.problem(first.number, says);
    }
    reading
}

/// A code that somebody typed: its name, and what would be evidence.
fn bare_code(line: &str) -> Option<String> {
    let code = |from: &str| from.contains('_') || from.starts_with("0x") || from.trim_start_matches('-').len() > 6;
    let found = crate::vocabulary::lookup::lookup_all(line).into_iter().next()?;
    (line.split_whitespace().count() <= 3 && code(&found.from)).then(|| {
        format!(
            "{} is {} ({}): {} A code alone proves nothing: paste the whole event, log line or command output that shows it.",
            found.from, found.symbol, found.whose, found.meaning
        )
    })
}

/// Cuts lines into listings at the heads that `anchor` sees. An artefact holds one; readers live with more.
fn listings(lines: &[Line], anchor: impl Fn(&str) -> Option<Anchor>) -> Vec<&[Line]> {
    let mut cuts = vec![0usize];
    let (mut step, mut seen_at) = (0u8, 0usize);
    for (at, line) in lines.iter().enumerate() {
        let Some(found) = anchor(&line.text) else { continue };
        let adjacent = at.saturating_sub(seen_at) <= 2;
        let continues = !found.starts || found.step > step || (found.step == step && step > 0 && adjacent);
        if !continues {
            cuts.push(at);
        }
        (step, seen_at) = (found.step, at);
    }
    let ends = cuts.iter().skip(1).copied().chain(std::iter::once(lines.len()));
    cuts.iter().zip(ends).filter_map(|(start, end)| lines.get(*start..end)).collect()
}

/// The lines as one text, `\n` between them.
pub fn join(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

/// One line that says what was read: for the list of evidence.
pub fn summary(artefact: &crate::ingest::Artefact) -> String {
    crate::artefacts::summaries::summary(artefact)
}
