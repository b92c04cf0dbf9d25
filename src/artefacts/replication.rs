//! Reads `repadmin /showobjmeta` (and `/showattr`'s kin, Get-ADReplicationAttributeMetadata): which attribute was changed when, and
//! where. A delegation setting that was changed minutes ago may not have reached the KDC that answered.

use super::fields;
use super::kind::Kind;
use super::{Anchor, KindReader, Reading, console, words};
use crate::facts::{AttributeChange, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::civil::{self, Stamp};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Replication, anchor, json: None, read };

const LABELS: [&str; 7] = [
    "AttributeName",
    "AttributeValue",
    "LastOriginatingChangeTime",
    "LastOriginatingChangeDirectoryServerIdentity",
    "LocalChangeUsn",
    "Version",
    "Object",
];

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let open = current == Some(Kind::Replication);
    if let Some(command) = console::after_prompt(line) {
        let lower = command.to_ascii_lowercase();
        let ours = lower.contains("repadmin") || lower.contains("get-adreplicationattributemetadata");
        return ours.then(|| Anchor::starts("a command that shows when attributes were changed")).flatten();
    }
    if row(&line.split_whitespace().collect::<Vec<_>>()).is_some() || line.contains("Org.USN") {
        return Anchor::belongs("replication metadata (repadmin /showobjmeta)");
    }
    let trimmed = line.trim();
    let telling =
        fields::label_at_start(trimmed, &["LastOriginatingChangeTime", "LastOriginatingChangeDirectoryServerIdentity"]);
    let inside = open && (trimmed.starts_with("===") || fields::label_at_start(trimmed, &LABELS).is_some());
    (telling.is_some() || inside).then(|| Anchor::belongs("replication metadata")).flatten()
}

/// `12345  Default-First-Site-Name\DC01  12345 2026-11-18 10:00:00  3 msDS-AllowedToDelegateTo`.
fn row(cells: &[&str]) -> Option<AttributeChange> {
    // The originating DSA's name may hold blanks: count from the date on.
    let at = cells.iter().position(|c| {
        let parts: Vec<&str> = c.split('-').collect();
        parts.len() == 3 && parts.iter().all(|p| !p.is_empty() && p.chars().all(|x| x.is_ascii_digit()))
    })?;
    let usn = |c: Option<&&str>| c.is_some_and(|c| c.chars().all(|x| x.is_ascii_digit()));
    let behind = |n: usize| cells.get(at.saturating_add(n));
    let time = behind(1).filter(|t| t.matches(':').count() == 2)?;
    if !usn(cells.first()) || !usn(cells.get(at.checked_sub(1)?)) || at < 3 {
        return None;
    }
    let text = format!("{} {time}", cells.get(at)?);
    Some(AttributeChange {
        attribute: (*behind(3)?).to_owned(),
        version: behind(2)?.parse().ok()?,
        time: Some(Stamp { seconds: civil::rfc3339(&text), text, utc: false }),
        originating_dc: cells.get(1..at.saturating_sub(1)).map(|w| words::quoted(&w.join(" "))),
        object: None,
    })
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let object = lines.iter().find_map(|l| {
        let command = console::after_prompt(&l.text).unwrap_or(&l.text);
        let at = command.find("CN=")?;
        let name = command.get(at..)?.split('"').next()?.trim();
        name.contains("DC=").then(|| words::quoted(name))
    });
    for (at, line) in lines.iter().enumerate() {
        let cells: Vec<&str> = line.text.split_whitespace().collect();
        // A mail client may have broken the row off before its attribute.
        let next =
            lines.get(at.saturating_add(1)).map(|l| l.text.split_whitespace().collect::<Vec<_>>()).unwrap_or_default();
        let whole: Vec<&str> = cells.iter().chain(next.iter().filter(|_| next.len() <= 3)).copied().collect();
        let (change, place) = match row(&cells) {
            Some(change) => (change, line.place()),
            None => match row(&whole).filter(|_| cells.len() >= 4) {
                Some(change) => {
                    (change, lines.get(at.saturating_add(1)).map_or(line.place(), |l| line.place().to(&l.place())))
                }
                None => continue,
            },
        };
        let lit = [change.attribute.clone()];
        reading.fact(place.lit(lit), Statement::AttributeChange(AttributeChange { object: object.clone(), ..change }));
    }
    listed(lines, &mut reading);
    if reading.facts.is_empty()
        && let Some(line) = lines.first()
    {
        reading.problem(
            line.number,
            "No attribute's change is shown here. Copy the whole output of repadmin /showobjmeta.",
        );
    }
    reading
}

/// Get-ADReplicationAttributeMetadata as a list.
fn listed(lines: &[Line], reading: &mut Reading) {
    let mut open: Vec<fields::Field> = Vec::new();
    let mut all: Vec<Vec<fields::Field>> = Vec::new();
    for field in fields::fields(lines, &LABELS) {
        if open.iter().any(|f| f.label == field.label) {
            all.push(std::mem::take(&mut open));
        }
        open.push(field);
    }
    all.push(open);
    for object in all {
        let get = |label: &str| object.iter().find(|f| f.label == label && !f.value.is_empty());
        let (Some(name), Some(version)) = (get("AttributeName"), get("Version").and_then(|v| v.value.parse().ok()))
        else {
            continue;
        };
        let change = AttributeChange {
            attribute: words::quoted(&name.value),
            version,
            // The session's culture writes the date: kept as text.
            time: get("LastOriginatingChangeTime").map(|t| Stamp { text: t.value.clone(), seconds: None, utc: false }),
            originating_dc: get("LastOriginatingChangeDirectoryServerIdentity").map(|d| words::quoted(&d.value)),
            object: get("Object").map(|o| words::quoted(&o.value)),
        };
        let place = object.iter().fold(name.place.clone(), |all, f| all.to(&f.place));
        reading.fact(place.lit([name.value.clone()]), Statement::AttributeChange(change));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    const META: &str = "C:\\> repadmin /showobjmeta dc01 \"CN=svc-web,OU=Service,DC=contoso,DC=com\"\n\n3 entries.\nLoc.USN                           Originating DSA  Org.USN  Org.Time/Date        Ver Attribute\n\
        =======                           =============== ========= =============        === =========\n\
        \x20 12345    Default-First-Site-Name\\DC01     12345 2026-11-18 10:00:00    1 objectClass\n\
        \x20 23456          Site B (Paris)\\DC02     23450 2026-11-18 10:05:07    4 msDS-AllowedToDelegateTo\n";

    fn told(text: &str) -> Vec<String> {
        let facts = read(&test_lines(text)).facts.into_iter();
        facts
            .map(|f| match f.says {
                Statement::AttributeChange(c) => format!(
                    "{} v{} {} {} {}",
                    c.attribute,
                    c.version,
                    c.time.map_or("-".to_owned(), |t| t.text),
                    c.originating_dc.unwrap_or_default(),
                    c.object.unwrap_or("-".to_owned())
                ),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn what_was_changed_when_and_where() {
        let object = "CN=svc-web,OU=Service,DC=contoso,DC=com";
        let want = [
            format!("objectClass v1 2026-11-18 10:00:00 Default-First-Site-Name\\DC01 {object}"),
            format!("msDS-AllowedToDelegateTo v4 2026-11-18 10:05:07 Site B (Paris)\\DC02 {object}"),
        ];
        assert_eq!(told(META), want);
        assert_eq!(words::kinds(META), [Kind::Replication]);
        assert_eq!(told(&META.replace(" 4 msDS", " 4\n msDS")), want);
        let list = "AttributeName                                : servicePrincipalName\nVersion                                      : 7\nLastOriginatingChangeTime                    : 18.11.2026 10:00:00\n\
                    LastOriginatingChangeDirectoryServerIdentity : CN=NTDS Settings,CN=DC01\nObject                                       : CN=svc-web,DC=contoso,DC=com\n";
        assert_eq!(
            told(list),
            ["servicePrincipalName v7 18.11.2026 10:00:00 CN=NTDS Settings,CN=DC01 CN=svc-web,DC=contoso,DC=com"]
        );
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, META);
    }
}
