//! Windows events as a table (`Get-WinEvent … | Export-Csv`, Event Viewer's own CSV) → the lines that Event Viewer would copy.

use super::join;
use crate::ingest::lines::Line;

/// Whose column is which label.
const HEADS: [(&str, &str); 11] = [
    ("id", "Event ID"),
    ("eventid", "Event ID"),
    ("event id", "Event ID"),
    ("providername", "Source"),
    ("source", "Source"),
    ("machinename", "Computer"),
    ("computer", "Computer"),
    ("timecreated", "Date"),
    ("date and time", "Date"),
    ("message", "Description"),
    ("description", "Description"),
];

/// The mark between the columns, and what each is.
fn heads(line: &str) -> Option<(char, Vec<Option<&'static str>>)> {
    [',', ';', '\t'].into_iter().find_map(|mark| {
        let names = line.trim().split(mark).map(|cell| cell.trim_matches('"').to_lowercase());
        let labels: Vec<_> =
            names.map(|n| HEADS.iter().find(|(name, _)| *name == n).map(|(_, label)| *label)).collect();
        let known = labels.iter().flatten().count();
        // A command may name columns, too.
        let first = line.trim().split(mark).next().unwrap_or_default();
        let bare = !first.contains(' ') || labels.first().is_some_and(Option::is_some);
        (bare && known >= 3 && labels.contains(&Some("Event ID"))).then_some((mark, labels))
    })
}

/// Is this the head of such a table?
pub(super) fn is_head(line: &str) -> bool {
    heads(line).is_some()
}

/// `None` for anything else than a table. Each line stands where its value stands.
pub(super) fn lines(lines: &[Line]) -> Option<Vec<Line>> {
    let (at, (mark, labels)) = lines.iter().enumerate().find_map(|(i, l)| Some((i, heads(&l.text)?)))?;
    let rest = lines.get(at.saturating_add(1)..)?;
    let mut out = Vec::new();
    for row in rows(&join(rest), mark) {
        out.extend(rest.get(row.first()?.0).map(|line| Line { text: "Log Name:".to_owned(), ..line.clone() }));
        // The text comes last; Event Viewer's has no head.
        let label = |n: usize| labels.get(n).copied().unwrap_or(Some("Description"));
        let is_text = |n: &usize| label(*n) == Some("Description");
        let (text, others): (Vec<usize>, Vec<usize>) = (0..row.len()).partition(is_text);
        for n in others.into_iter().chain(text) {
            let (Some((from, value)), Some(label)) = (row.get(n), label(n)) else { continue };
            for (line, value) in rest.iter().skip(*from).zip(value.split('\n')) {
                out.push(Line { text: value.to_owned(), ..line.clone() });
            }
            if let Some(first) = out.len().checked_sub(value.split('\n').count()).and_then(|i| out.get_mut(i)) {
                first.text = format!("{label}: {}", first.text);
            }
        }
    }
    Some(out)
}

/// The rows, each cell with the number of the line on which it begins. What stands in quotes may have marks and lines of its own.
fn rows(text: &str, mark: char) -> Vec<Vec<(usize, String)>> {
    let mut rows = Vec::new();
    let (mut row, mut cell, mut from, mut number) = (Vec::new(), String::new(), 0_usize, 0_usize);
    let (mut quoted, mut closed) = (false, false);
    for c in text.chars().chain(['\n']) {
        match c {
            '"' if quoted => (quoted, closed) = (false, true),
            '"' => {
                cell.extend(closed.then_some('"'));
                (quoted, closed) = (true, false);
            }
            c if !quoted && (c == mark || c == '\n') => {
                row.push((from, std::mem::take(&mut cell)));
                closed = false;
            }
            c => cell.push(c),
        }
        number = number.saturating_add(usize::from(c == '\n'));
        if !quoted && (c == mark || c == '\n') {
            from = number;
        }
        if !quoted && c == '\n' {
            rows.push(std::mem::take(&mut row));
        }
    }
    rows.push(row);
    rows.retain(|row| row.len() > 1);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    #[test]
    fn rows_read_as_events() {
        let exported = "\"TimeCreated\";\"Id\";\"ProviderName\";\"Message\"\n\"x\";\"201\";\"Kerberos\";\"It \"\"failed\"\".\n\nTarget: a\"\n\"y\";\"4\";\"Kerberos\";\"b\"\n";
        let told = |text: &str| {
            let found = lines(&test_lines(text)).unwrap_or_default();
            found.into_iter().map(|l| format!("{} {}", l.number, l.text)).collect::<Vec<_>>()
        };
        let first = [
            "2 Log Name:",
            "2 Date: x",
            "2 Event ID: 201",
            "2 Source: Kerberos",
            "2 Description: It \"failed\".",
            "3 ",
            "4 Target: a",
        ];
        let second = ["5 Log Name:", "5 Date: y", "5 Event ID: 4", "5 Source: Kerberos", "5 Description: b"];
        assert_eq!(told(exported), [&first[..], &second[..]].concat());
        let viewer = "Level,Date and Time,Source,Event ID,Task Category\nError,x,Kerberos,201,None,\"a, b\"\n";
        assert_eq!(told(viewer).last().unwrap(), "2 Description: a, b");
        assert!(!is_head("PS C:\\> Get-WinEvent x | fl TimeCreated,Id,MachineName,Message"));
        assert!(!is_head("Id, name, message") && told("a,b\nc,d\n").is_empty());
    }
}
