//! Cuts text into labelled fields, by labels that are known and never by columns or line ends: a listing reads when it is
//! wrapped, collapsed to one line, or has its values on the next line.

use super::console;
use crate::facts::Place;
use crate::ingest::lines::Line;

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The label, as the reader lists it.
    pub label: &'static str,
    /// What stands behind it, up to the next known label; blanks at its ends removed.
    pub value: String,
    /// From the label to the end of the value.
    pub place: Place,
}

impl Field {
    /// The place with the value lit.
    pub fn lit(&self) -> Place {
        if self.value.is_empty() { self.place.clone() } else { self.place.clone().lit([self.value.clone()]) }
    }
}

/// Where labels stand in a line: start of the label, start of the value, label. Longer labels win over those inside them.
fn labels_in(text: &str, labels: &[&'static str]) -> Vec<(usize, usize, &'static str)> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<(usize, usize, &'static str)> = Vec::new();
    for label in labels {
        for (at, _) in lower.match_indices(&label.to_ascii_lowercase()) {
            let end = at.saturating_add(label.len());
            let rest = text.get(end..).unwrap_or_default();
            let blanks = rest.len().saturating_sub(rest.trim_start().len());
            let before = text.get(..at).and_then(|b| b.chars().next_back());
            let free = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/'));
            if free && rest.trim_start().starts_with([':', '：']) {
                let colon = rest.trim_start().chars().next().map_or(1, char::len_utf8);
                found.push((at, end.saturating_add(blanks).saturating_add(colon), label));
            }
        }
    }
    found.sort_unstable_by_key(|(at, end, _)| (*at, std::cmp::Reverse(*end)));
    // `Name :` inside `Server Name :` is no field of its own.
    found.dedup_by(|b, a| b.1 <= a.1);
    found
}

/// True when the line has one of the labels.
pub fn has_label(text: &str, labels: &[&'static str]) -> bool {
    !labels_in(text, labels).is_empty()
}

/// The label that the line begins with; list marks and `>` before it aside.
pub fn label_at_start(text: &str, labels: &[&'static str]) -> Option<&'static str> {
    let body = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '|' | '*' | '[' | ']' | '+'));
    labels_in(body, labels).into_iter().find(|(at, _, _)| *at == 0).map(|(_, _, label)| label)
}

/// All fields, in order.
pub fn fields(lines: &[Line], labels: &[&'static str]) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    // May the last field go on in this line?
    let mut open = false;
    let mut before = 0usize;
    for line in lines {
        let found = labels_in(&line.text, labels);
        let lead_end = found.first().map_or(line.text.len(), |(at, _, _)| *at);
        let lead = line.text.get(..lead_end).unwrap_or_default().trim();
        let foreign = lead.contains(" :") || lead.contains(": ") || lead.ends_with(':') || lead.contains(" . ");
        if lead.is_empty() && found.is_empty() || foreign || console::after_prompt(lead).is_some() {
            open = false;
        } else if open && !lead.is_empty() {
            goes_on(&mut fields, lead, line, before);
        }
        let ends = found.iter().skip(1).map(|(at, _, _)| *at).chain(std::iter::once(line.text.len()));
        for ((_, from, label), end) in found.iter().zip(ends) {
            let value = line.text.get(*from..end).unwrap_or_default().trim().to_owned();
            fields.push(Field { label, value, place: line.place() });
            open = true;
        }
        before = line.text.chars().count();
    }
    fields
}

/// The value stands on the next line, or a console or mail client broke it: without a blank where it has none itself.
fn goes_on(fields: &mut [Field], lead: &str, line: &Line, before: usize) {
    let Some(field) = fields.last_mut() else { return };
    let unclosed = field.value.starts_with('{') && !field.value.contains('}');
    if field.value.is_empty() {
        field.value = lead.to_owned();
    } else if before >= 60 || unclosed || field.value.ends_with([',', ';']) {
        if field.value.contains(' ') || unclosed {
            field.value.push(' ');
        }
        field.value.push_str(lead);
    } else {
        return;
    }
    field.place = field.place.to(&line.place());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    fn told(text: &str) -> Vec<(&'static str, String)> {
        let labels = ["Name", "Server Name", "Flags", "DN"];
        fields(&test_lines(text), &labels).into_iter().map(|f| (f.label, f.value)).collect()
    }

    #[test]
    fn lines_columns_and_wraps_do_not_matter() {
        let want = [("Server Name", "a/b @ C".to_owned()), ("Flags", "x, y".to_owned()), ("Name", String::new())];
        assert_eq!(told("Server Name  : a/b @ C\nFlags : x, y\nName :\n"), want);
        assert_eq!(told("Server Name : a/b @ C Flags: x, y Name:"), want);
        assert_eq!(told("Server Name :\n   a/b @ C\nFlags :\n x, y\nName :\n\nelse\n"), want);
        let long = format!("DN : CN={},\n  DC=a", "x".repeat(70));
        assert_eq!(told(&long), [("DN", format!("CN={},DC=a", "x".repeat(70)))]);
        assert_eq!(told("First Name: x"), [("Name", "x".to_owned())]);
        assert_eq!(told("no labels here"), []);
    }
}
