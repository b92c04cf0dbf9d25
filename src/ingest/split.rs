//! One paste → its artefacts. Each line is offered to every kind's anchor; a section runs from its first anchor to
//! the next one of another kind, a fence, or a heading.

use super::lines::Line;
use crate::artefacts::{self, Anchor, console, kind::Kind};
use crate::facts::Role;
use crate::netlog::sniff::{self, Piece};

/// One artefact's lines.
#[derive(Clone, Debug)]
pub struct Section<'t> {
    /// What it is.
    pub kind: Kind,
    /// How it was recognised.
    pub why: String,
    /// Where a heading says that it was taken.
    pub role: Option<Role>,
    /// Its lines.
    pub lines: &'t [Line],
}

/// A run of lines nobody recognised is worth naming from this many non-blank lines on; fewer are a greeting or a remark.
const PROSE: usize = 3;

/// What stands before the sentence in which a collector says that a section could not be read.
const NOT_READ: &str = "Not read:";

/// Splits decoded lines into sections.
pub fn split(lines: &[Line]) -> Vec<Section<'_>> {
    let mut sections = Vec::new();
    let mut heading = Heading::default();
    // Where the whole of a collector's file was taken.
    let mut taken: Option<Role> = None;
    let mut at = 0usize;
    while at < lines.len() {
        let end = block_end(lines, at);
        let block = lines.get(at..end).unwrap_or_default();
        if !block.is_empty() {
            let before = sections.len();
            split_block(block, heading.role, &mut sections);
            let new = sections.get_mut(before..).unwrap_or_default();
            headed(new, heading.kind, taken);
            if !new.is_empty() {
                heading = Heading::default();
            }
        }
        if let Some(line) = lines.get(end) {
            if let Some(role) = collector(&line.text) {
                taken = Some(role);
            } else if let Some(found) = heading_of(&line.text) {
                heading = found;
            }
        }
        at = end.saturating_add(1);
    }
    let recognised = sections.iter().any(|s: &Section<'_>| s.kind != Kind::Unknown);
    if recognised {
        sections.retain(|s| {
            let lines = s.lines.iter().filter(|l| !l.trimmed().is_empty()).count();
            s.kind != Kind::Unknown || lines >= PROSE && !is_frame(s.lines)
        });
    }
    sections
}

/// The head and foot of a PowerShell transcript stand between lines of asterisks, in every language.
fn is_frame(lines: &[Line]) -> bool {
    let rule = |l: &Line| l.trimmed().len() >= 10 && l.trimmed().chars().all(|c| c == '*');
    lines.iter().find(|l| !l.trimmed().is_empty()).is_some_and(rule)
}

/// What a heading and a collector's first line say of the sections below.
fn headed(sections: &mut [Section<'_>], kind: Option<Kind>, taken: Option<Role>) {
    if let ([section], Some(kind)) = (&mut *sections, kind)
        && section.kind == Kind::Unknown
        && (artefacts::is_read(kind) || not_read(section.lines).is_some())
    {
        section.kind = kind;
        section.why = super::HEADING_SAYS.to_owned();
    }
    // The directory is one, wherever it was asked.
    for section in sections.iter_mut().filter(|s| s.kind.usual_role() != Role::Dc || taken == Some(Role::Dc)) {
        section.role = section.role.or(taken);
    }
}

/// The sentences of a section that could not be collected; `None` when something was.
pub fn not_read(lines: &[Line]) -> Option<Vec<(u32, &str)>> {
    let mut said = Vec::new();
    for line in lines.iter().filter(|l| !l.trimmed().is_empty()) {
        match line.trimmed().strip_prefix(NOT_READ) {
            Some(why) => said.push((line.number, why.trim())),
            None if console::after_prompt(&line.text).is_some() => {}
            None => return None,
        }
    }
    (!said.is_empty()).then_some(said)
}

/// The index of the next fence or heading, or the end.
fn block_end(lines: &[Line], from: usize) -> usize {
    lines
        .iter()
        .enumerate()
        .skip(from)
        .find(|(_, l)| is_fence(&l.text) || heading_of(&l.text).is_some() || collector(&l.text).is_some())
        .map_or(lines.len(), |(i, _)| i)
}

fn is_fence(text: &str) -> bool {
    let t = text.trim();
    t.starts_with("```") || t.starts_with("~~~")
}

/// What a heading says of the lines below it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Heading {
    kind: Option<Kind>,
    role: Option<Role>,
}

/// The text of a line that begins with `#`.
fn title(text: &str) -> Option<&str> {
    Some(text.trim().strip_prefix('#')?.trim_start_matches('#').trim())
}

/// `## artefact: klist-frontend`: the layout of case files, and the sections of the collectors' files.
fn heading_of(text: &str) -> Option<Heading> {
    let rest = title(text)?;
    let word = rest.strip_prefix("artefact:").or_else(|| rest.strip_prefix("artifact:"))?.trim();
    let role = match word {
        "klist-client" | "krb5-klist" | "net-export" => Some(Role::Client),
        "klist-frontend" | "klist-sessions" => Some(Role::FrontEnd),
        _ => None,
    };
    Some(Heading { kind: Kind::ALL.iter().find(|k| k.word() == word).copied(), role })
}

/// `# Doublehop collector: front-end`: where everything below was taken.
fn collector(text: &str) -> Option<Role> {
    Role::parse(title(text)?.strip_prefix("Doublehop collector:")?.trim())
}

/// The section that is being collected.
struct Open {
    kind: Kind,
    why: String,
    start: usize,
    /// How far into its head the section is, and on which line that was.
    step: (u8, usize),
}

impl Open {
    /// Does this anchor of the same kind go on with the section?
    fn continues(&self, kind: Kind, anchor: Anchor, at: usize) -> bool {
        let (step, line) = self.step;
        // The same step twice, with at most a blank line between: two lines of one head.
        let further = anchor.step > step || (anchor.step == step && step > 0 && at.saturating_sub(line) <= 2);
        self.kind == kind && (!anchor.starts || further)
    }

    /// So far only a command or the first line of a head that several listings share: what follows says which it is.
    fn is_shared_head_of(&self, kind: Kind) -> bool {
        let listing = |kind| matches!(kind, Kind::Klist | Kind::KlistTgt | Kind::KlistSessions | Kind::Krb5Klist);
        matches!(self.step.0, 1 | 2) && listing(self.kind) && listing(kind)
    }
}

fn split_block<'t>(block: &'t [Line], role: Option<Role>, sections: &mut Vec<Section<'t>>) {
    let mut open: Option<Open> = None;
    let mut at = 0usize;
    let close = |open: &mut Option<Open>, end: usize, sections: &mut Vec<Section<'t>>| {
        if let Some(section) = open.take() {
            push(block, section.start, end, section.kind, section.why, role, sections);
        }
    };
    while let Some(line) = block.get(at) {
        if starts_json(line) {
            let mut end = json_end(block, at);
            let (kind, why) = artefacts::recognise_json(block.get(at..end).unwrap_or_default());
            if kind == Kind::NetExport {
                end = further_events(block, end);
            }
            // What prints JSON itself keeps it, except what stands apart and is something of its own.
            let kept = open.as_ref().is_some_and(|o| artefacts::keeps_json(o.kind));
            if !kept || kind != Kind::Unknown && is_blank(block, at.checked_sub(1)) {
                close(&mut open, at, sections);
                push(block, at, end, kind, why, role, sections);
                at = end;
                continue;
            }
        }
        let current = open.as_ref().map(|o| o.kind);
        if let Some((kind, anchor)) = artefacts::anchor(&line.text, current) {
            match &mut open {
                Some(section) if section.continues(kind, anchor, at) => section.step = (anchor.step, at),
                Some(section) if section.kind != kind && section.is_shared_head_of(kind) => {
                    section.kind = kind;
                    section.why = anchor.why.to_owned();
                    section.step = (anchor.step, at);
                }
                _ => {
                    // Lines that nobody claimed directly before an anchor (a prompt with the command) go with it.
                    let start = match &open {
                        Some(o) if o.kind == Kind::Unknown && short_lead(block, o.start, at) => o.start,
                        Some(o) if o.kind == Kind::Unknown && kind == Kind::Answers && pairs(block, o.start, at) => {
                            o.start
                        }
                        Some(o) if kind == Kind::Answers => answers_before(block, o.start, at),
                        Some(o) => comments_before(block, o.start, at),
                        None => at,
                    };
                    if open.as_ref().is_some_and(|o| o.start < start) {
                        close(&mut open, start, sections);
                    }
                    open = Some(Open { kind, why: anchor.why.to_owned(), start, step: (anchor.step, at) });
                }
            }
        } else if open.is_none() && !line.trimmed().is_empty() {
            let why = "no line of it was recognised".to_owned();
            open = Some(Open { kind: Kind::Unknown, why, start: at, step: (u8::MAX, at) });
        }
        at = at.saturating_add(1);
    }
    close(&mut open, block.len(), sections);
}

/// The first of the `# comment` lines that stand directly before `at` and behind `start`: they speak of what follows.
fn comments_before(block: &[Line], start: usize, at: usize) -> usize {
    let comment = |l: &&Line| l.trimmed().starts_with('#') && !l.trimmed().contains('>');
    let between = block.get(start.saturating_add(1)..at).unwrap_or_default();
    at.saturating_sub(between.iter().rev().take_while(comment).count())
}

/// The first of the lines directly before `at` that only among answers are answers: `url: …`, then `symptom: …`.
fn answers_before(block: &[Line], start: usize, at: usize) -> usize {
    let between = block.get(start.saturating_add(1)..at).unwrap_or_default();
    let answers = between.iter().rev().take_while(|l| artefacts::answers::is_answer(&l.text)).count();
    let first = at.saturating_sub(answers);
    if is_blank(block, first.checked_sub(1)) { first } else { at }
}

/// Nothing but `key: value` lines: the person's own words under keys of their own.
fn pairs(block: &[Line], start: usize, at: usize) -> bool {
    let mut lead = block.get(start..at).unwrap_or_default().iter().filter(|l| !l.trimmed().is_empty());
    lead.all(|l| artefacts::answers::is_pair(&l.text))
}

fn is_blank(block: &[Line], at: Option<usize>) -> bool {
    at.and_then(|at| block.get(at)).is_some_and(|l| l.trimmed().is_empty())
}

/// At most two lines, none of them blank: a command line, a comment that names the object.
fn short_lead(block: &[Line], start: usize, end: usize) -> bool {
    let lead = block.get(start..end).unwrap_or_default();
    lead.len() <= 2 && lead.iter().all(|l| !l.trimmed().is_empty())
}

fn push<'t>(
    block: &'t [Line],
    start: usize,
    end: usize,
    kind: Kind,
    why: String,
    role: Option<Role>,
    sections: &mut Vec<Section<'t>>,
) {
    let mut lines = block.get(start..end).unwrap_or_default();
    while let [rest @ .., last] = lines
        && last.trimmed().is_empty()
    {
        lines = rest;
    }
    if !lines.is_empty() {
        sections.push(Section { kind, why, role, lines });
    }
}

fn starts_json(line: &Line) -> bool {
    let t = line.trimmed();
    t.starts_with("{\"") || t == "{" || t.starts_with("[{") || t.starts_with("{ \"")
}

/// The line behind the events that follow a capture's value, each a value of its own (NDJSON).
fn further_events(block: &[Line], mut end: usize) -> usize {
    while block.get(end).is_some_and(starts_json) {
        let next = json_end(block, end);
        let text = artefacts::join(block.get(end..next).unwrap_or_default());
        if !matches!(sniff::piece(text.as_bytes()), Some(Piece::Events | Piece::Closing)) {
            break;
        }
        end = next;
    }
    end
}

/// The line behind the end of the JSON value that starts at `from`; the block's end when it never closes.
fn json_end(block: &[Line], from: usize) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0i64, false, false);
    for (i, line) in block.iter().enumerate().skip(from) {
        for b in line.text.bytes() {
            match b {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth = depth.saturating_add(1),
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth <= 0 {
            return i.saturating_add(1);
        }
    }
    block.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    fn kinds(text: &str) -> Vec<(Kind, u32, u32)> {
        let lines = test_lines(text);
        split(&lines).iter().map(|s| (s.kind, s.lines[0].number, s.lines.last().unwrap().number)).collect()
    }

    #[test]
    fn several_artefacts_in_one_mail() {
        let text = "Hi all,\n\nC:\\> klist\n\nCurrent LogonId is 0:0x5b1f2\n\nCached Tickets: (0)\n\n\
                    C:\\> setspn -Q HTTP/web\nChecking domain DC=contoso,DC=com\n\nNo such SPN found.\n\n\
                    408.2656> Kerb-Warn: x failed 0xc000040b\n";
        assert_eq!(kinds(text), [(Kind::Klist, 3, 7), (Kind::Setspn, 9, 12), (Kind::LsassLog, 14, 14)]);
    }

    #[test]
    fn a_second_listing_is_a_second_artefact_but_a_head_of_several_lines_is_one() {
        let klist =
            "Current LogonId is 0:0x1\nTargeted LogonId is 0:0x3e7\n\nCached Tickets: (1)\n\n#0>\tClient: a @ B\n";
        assert_eq!(kinds(&format!("C:\\> klist\n{klist}{klist}")), [(Kind::Klist, 1, 7), (Kind::Klist, 8, 13)]);
        let empty = "Current LogonId is 0:0x1\n\nCached Tickets: (0)\n";
        assert_eq!(kinds(&format!("{empty}\n{empty}")), [(Kind::Klist, 1, 3), (Kind::Klist, 5, 7)]);
        let sessions = "Current LogonId is 0:0x1\n[0] Session 0 0:0x46931ff TEST\\test Kerberos:Network\n";
        assert_eq!(kinds(&format!("{sessions}\n{empty}")), [(Kind::KlistSessions, 1, 2), (Kind::Klist, 4, 6)]);
        let tgt = "Current LogonId is 0:0x1\n\nCached TGT:\n\nServiceName        : krbtgt\n";
        assert_eq!(kinds(tgt), [(Kind::KlistTgt, 1, 5)]);
    }

    #[test]
    fn fences_and_headings_separate_and_give_the_role() {
        let text = "## artefact: klist-frontend\n\n```text\nCurrent LogonId is 0:0x1\nCached Tickets: (0)\n```\n\n```\nNo such SPN found.\n```\n";
        let lines = test_lines(text);
        let got: Vec<_> = split(&lines).iter().map(|s| (s.kind, s.role)).collect();
        assert_eq!(got, [(Kind::Klist, Some(Role::FrontEnd)), (Kind::Setspn, None)]);
    }

    #[test]
    fn json_inside_text_is_cut_out() {
        let text = "policy:\n{\n \"AuthServerAllowlist\": \"*.x\"\n}\nNo such SPN found.\n";
        assert_eq!(kinds(text), [(Kind::ChromePolicy, 2, 4), (Kind::Setspn, 5, 5)]);
    }

    #[test]
    fn a_policy_export_behind_the_viewers_text_is_its_own_and_answers_take_their_own_with_them() {
        let viewer = "t=5 [st= 7] +AUTH_LIBRARY_INIT_SEC_CTX\n  --> flags = {\"delegated\":false}\n";
        let policy = "{\n \"AuthServerAllowlist\": \"*.x\"\n}\n";
        assert_eq!(kinds(&format!("{viewer}\n{policy}")), [(Kind::NetExportText, 1, 2), (Kind::ChromePolicy, 4, 6)]);
        let event = "Log Name: Security\nEvent ID: 4624\nNew Logon:\n  Account Name: omar\n";
        let said = "url: http://web/\nsymptom: nothing comes\n";
        assert_eq!(kinds(&format!("{event}\n{said}")), [(Kind::Event, 1, 4), (Kind::Answers, 6, 7)]);
        assert_eq!(kinds(&format!("{event}{said}")), [(Kind::Event, 1, 5), (Kind::Answers, 6, 6)]);
    }

    #[test]
    fn unknown_text_alone_is_one_unknown_artefact() {
        assert_eq!(kinds("hello\nworld\n"), [(Kind::Unknown, 1, 2)]);
    }
}
