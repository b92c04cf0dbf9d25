//! Reads directory objects: PowerShell lists, LDIF (ldapsearch, ldifde), adfind, dsquery, findDelegation.
//!
//! One paste may hold several objects; each is a fact of its own.

mod account;
mod json;
mod labels;
mod records;
mod table;
mod values;

use self::account::Built;
use self::labels::{Attribute, attribute};
use self::records::{Item, Record, Style};
use super::kind::Kind;
use super::{Anchor, KindReader, Reading, console};
use crate::facts::{At, Statement};
use crate::ingest::lines::Line;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::AdAttributes, anchor, json: Some(json::recognised), read };

const TOOLS: [&str; 15] = [
    "get-addomaincontroller",
    "get-aduser",
    "get-adcomputer",
    "get-adobject",
    "get-adserviceaccount",
    "get-domainuser",
    "get-domaincomputer",
    "get-netuser",
    "get-netcomputer",
    "ldapsearch",
    "ldifde",
    "adfind",
    "adfind.exe",
    "dsquery",
    "finddelegation.py",
];

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let open = current == Some(Kind::AdAttributes);
    if let Some(command) = console::after_prompt(line) {
        let ours = command.split([' ', '(', '|', '/']).any(|w| TOOLS.contains(&w.to_ascii_lowercase().as_str()));
        return ours.then(|| Anchor::belongs("a command that prints directory objects")).flatten();
    }
    if table::find_delegation_head(line) {
        return Anchor::belongs("the columns of findDelegation");
    }
    if table::head(line).is_some() || table::is_turned(line) {
        return Anchor::belongs("a table of directory attributes");
    }
    if super::trust::is_trusted_domain(line) {
        return None;
    }
    let found = records::labelled(line)?;
    let dn = found.label.eq_ignore_ascii_case("dn") && line.contains("=") && line.contains(',');
    if labels::telling(found.label) || dn {
        return Anchor::belongs("attributes of a directory object");
    }
    let padded = line.contains(" : ") || line.trim_end().ends_with(" :");
    let padded = open && padded && !super::known_elsewhere(line, &[Kind::AdAttributes, Kind::Answers]);
    (open && (labels::known(found.label) || padded)).then(|| Anchor::belongs("a line of a directory object")).flatten()
}

fn read(lines: &[Line]) -> Reading {
    let unpacked = json::lines(lines);
    let lines = unpacked.as_deref().unwrap_or(lines);
    let mut reading = Reading::default();
    if let Some(at) = lines.iter().position(|l| table::find_delegation_head(&l.text)) {
        for (place, account) in table::find_delegation(lines.get(at..).unwrap_or_default()) {
            reading.fact(place, Statement::Account(Box::new(account)));
        }
        return reading;
    }
    let items = items(lines);
    let mut built: Vec<Built> = Vec::new();
    for (said_role, records) in objects(&items) {
        if let Some(mut found) = account::build(&records, &mut reading) {
            if let Some(said) = &said_role {
                found.place = found.place.to(&said.place);
            }
            found.account.said_role = said_role;
            built.push(found);
        }
    }
    // Where attributes were picked, absence tells only of those.
    let asked = asked(lines, &items);
    if asked.as_ref().is_some_and(|a| a != "all" && !a.contains("msds-allowedtodelegateto")) {
        built.iter_mut().for_each(|b| b.account.absent_means_empty = false);
    }
    let picked = |name: &str| asked.as_ref().is_some_and(|a| a == "all" || a.contains(&name.to_ascii_lowercase()));
    built.iter_mut().for_each(|b| account::fill_what_is_absent(b, picked));
    resolve_sids(&mut built);
    forget_half_a_dn(&mut built);
    if built.is_empty() && reading.problems.is_empty() {
        let line = lines.first().map_or(1, |l| l.number);
        reading.problem(line, "No account is shown here. Copy the output together with the command.");
    }
    for found in built {
        reading.fact(found.place, Statement::Account(Box::new(found.account)));
    }
    reading
}

/// Which attributes were asked for, in small letters: ldapsearch says it itself, ldifde has them behind `-l`.
fn asked(lines: &[Line], items: &[Item<'_>]) -> Option<String> {
    let said = items.iter().find_map(|i| match i {
        Item::Comment(_, text) => text.strip_prefix("requesting:").map(|t| t.trim().to_ascii_lowercase()),
        _ => None,
    });
    said.or_else(|| {
        let commands = lines.iter().filter_map(|l| console::after_prompt(&l.text)).map(str::to_ascii_lowercase);
        let of_ldifde = commands.filter(|c| c.starts_with("ldifde"));
        of_ldifde.filter_map(|c| c.split_once(" -l ").map(|(_, attributes)| attributes.to_owned())).next()
    })
}

/// The records of the lines, tables' rows among them.
fn items(lines: &[Line]) -> Vec<Item<'_>> {
    if let Some(items) = table::turned(lines) {
        return items;
    }
    let heads = lines.iter().enumerate().filter_map(|(i, l)| table::head(&l.text).map(|h| (i, h)));
    match heads.into_iter().next() {
        Some((at, columns)) => {
            let mut items = records::items(lines.get(..at).unwrap_or_default());
            items.extend(table::rows(lines.get(at.saturating_add(1)..).unwrap_or_default(), &columns));
            items
        }
        None => records::items(lines),
    }
}

fn is_identity(label: &str) -> bool {
    matches!(attribute(label), Some(Attribute::Dn | Attribute::SamName | Attribute::Name))
}

/// The records up to the next blank line, comment or command.
fn block<'i, 'l>(items: &'i [Item<'l>]) -> impl Iterator<Item = &'i Record<'l>> {
    items.iter().map_while(|i| match i {
        Item::Record(record) => Some(record),
        _ => None,
    })
}

/// The role that a comment named, and the records of one object.
type Object<'l> = (Option<At<String>>, Vec<Record<'l>>);

/// Puts records together to objects.
fn objects<'l>(items: &[Item<'l>]) -> Vec<Object<'l>> {
    let mut objects: Vec<Object<'l>> = Vec::new();
    let mut said: Option<At<String>> = None;
    let (mut gap, mut fresh) = (true, true);
    for (at, item) in items.iter().enumerate() {
        match item {
            Item::Blank => gap = true,
            Item::Break => fresh = true,
            Item::Comment(line, text) => {
                gap = true;
                if labels::says_role(text) {
                    said = Some(At::new((*text).to_owned(), line.lit([*text])));
                    fresh = true;
                }
            }
            Item::Record(record) => {
                let starts = fresh
                    || objects
                        .last()
                        .is_none_or(|(_, open)| begins(open, record, gap, items.get(at..).unwrap_or_default()));
                if starts {
                    objects.push((said.take(), Vec::new()));
                }
                (gap, fresh) = (false, false);
                if let Some((_, open)) = objects.last_mut() {
                    open.push(record.clone());
                }
            }
        }
    }
    objects
}

/// Does this record begin another object?
fn begins(open: &[Record<'_>], record: &Record<'_>, gap: bool, ahead: &[Item<'_>]) -> bool {
    if record.label.eq_ignore_ascii_case("dn") {
        return true;
    }
    let repeated = open.iter().any(|r| r.label.eq_ignore_ascii_case(&record.label));
    let single = is_identity(&record.label) || attribute(&record.label) == Some(Attribute::Uac);
    if repeated && (record.style == Style::List || (single && gap)) {
        return true;
    }
    // A blank line inside an object (double spacing) is followed by one record, one between objects by several.
    let mut next = block(ahead).peekable();
    let identified = open.iter().any(|r| is_identity(&r.label));
    gap && identified && next.peek().is_some() && block(ahead).count() >= 2 && next.any(|r| is_identity(&r.label))
}

/// The last name of a dump that ends within its domain (`DC=contoso,DC=c`, where the others have `DC=contoso,DC=com`).
fn forget_half_a_dn(built: &mut [Built]) {
    fn domain(b: &Built) -> Option<String> {
        let dn = b.account.dn.as_ref()?.value.to_lowercase();
        dn.split_once(",dc=").map(|(_, domain)| domain.to_owned())
    }
    let Some((last, others)) = built.split_last_mut() else { return };
    let Some(half) = domain(last) else { return };
    if others.iter().filter_map(domain).any(|whole| whole.len() > half.len() && whole.starts_with(&half)) {
        last.account.dn = None;
    }
}

/// Names for the SIDs of descriptors, where the same dump shows them.
fn resolve_sids(built: &mut [Built]) {
    let known: Vec<(String, String)> = built
        .iter()
        .filter_map(|b| {
            let name = b.account.name.as_ref()?.value.to_string();
            Some((b.sid.clone()?, name))
        })
        .collect();
    for found in built {
        if let Some(principals) = &mut found.account.rbcd_principals {
            for principal in &mut principals.value {
                if let Some((_, name)) = known.iter().find(|(sid, _)| sid == principal) {
                    principal.clone_from(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
