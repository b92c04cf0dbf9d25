//! Tables: impacket's findDelegation, `dsquery * -attr`, PowerShell's Format-Table, tables that people make.

use super::labels;
use super::records::{Item, Record, Style};
use crate::facts::{Account, At, Place};
use crate::ingest::lines::Line;
use crate::vocabulary::names::AccountName;

/// Is this line the head of a table? Its columns, by where they begin.
pub(super) fn head(line: &str) -> Option<Vec<(usize, &str)>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let known = words.len() >= 2 && words.iter().all(|w| labels::known(w)) && words.iter().any(|w| labels::telling(w));
    if !known || line.contains(':') {
        return None;
    }
    let mut columns = Vec::new();
    let mut from = 0usize;
    for word in words {
        let at = line.get(from..)?.find(word)?.saturating_add(from);
        columns.push((at, word));
        from = at.saturating_add(word.len());
    }
    Some(columns)
}

/// The cells of a row as tickets and spreadsheets have them: `| attribute | one | other |`, or tabs between.
fn row(line: &str) -> Option<Vec<&str>> {
    let line = line.trim();
    let (inner, mark) = match line.strip_prefix('|') {
        Some(inner) => (inner.strip_suffix('|').unwrap_or(inner), '|'),
        None => (line, '\t'),
    };
    let cells: Vec<&str> = inner.split(mark).map(|c| c.trim().trim_matches('`')).collect();
    (cells.len() >= 2 && !cells.iter().any(|c| c.starts_with(':'))).then_some(cells)
}

/// Is this a row with one attribute of several objects, or the head over such rows?
pub(super) fn is_turned(line: &str) -> bool {
    row(line).is_some_and(|cells| {
        let roles = || line.trim().starts_with('|') && cells.iter().skip(1).all(|c| labels::is_role(c));
        cells.first().is_some_and(|label| labels::telling(label)) || roles()
    })
}

/// A table with one object a column, as the records of each; `None` when it is no such table.
pub(super) fn turned(lines: &[Line]) -> Option<Vec<Item<'_>>> {
    let rows: Vec<(&Line, Vec<&str>)> = lines.iter().filter_map(|l| Some((l, row(&l.text)?))).collect();
    // Two attributes beside each other are the head of a table with one object a row.
    let known = |(_, cells): &&(&Line, Vec<&str>)| {
        let mut is_label = cells.iter().map(|cell| labels::known(cell));
        is_label.next() == Some(true) && is_label.next() == Some(false)
    };
    let attributes = || rows.iter().filter(known);
    (attributes().count() >= 2).then_some(())?;
    let width = attributes().map(|(_, cells)| cells.len()).max()?;
    let mut items = Vec::new();
    for column in 1..width {
        items.push(Item::Break);
        if let Some((line, head)) = rows.first().filter(|head| !known(head)) {
            items.extend(head.get(column).map(|said| Item::Comment(line, said)));
        }
        items.extend(attributes().filter_map(|(line, cells)| {
            Some(Item::Record(Record {
                label: cells.first()?.to_string(),
                value: cells.get(column)?.to_string(),
                bytes: None,
                first: line,
                last: line,
                style: Style::List,
            }))
        }));
    }
    Some(items)
}

/// Is this line the head of findDelegation's table?
pub(super) fn find_delegation_head(line: &str) -> bool {
    line.contains("AccountName") && line.contains("DelegationType") && line.contains("DelegationRightsTo")
}

/// Cells that two blanks or more separate.
fn cells(line: &str) -> Vec<&str> {
    line.trim().split("  ").map(str::trim).filter(|c| !c.is_empty()).collect()
}

fn ruler(line: &str) -> bool {
    let t = line.trim();
    t.starts_with("--") && t.chars().all(|c| matches!(c, '-' | ' '))
}

/// The rows under a head, as the records of one object each.
pub(super) fn rows<'l>(lines: &'l [Line], columns: &[(usize, &str)]) -> Vec<Item<'l>> {
    let mut items = Vec::new();
    for line in
        lines.iter().skip_while(|l| l.trimmed().is_empty() || ruler(&l.text)).take_while(|l| !l.trimmed().is_empty())
    {
        if ruler(&line.text) || line.text.contains(" : ") {
            continue;
        }
        let split = cells(&line.text);
        let value = |i: usize, at: usize| {
            if split.len() == columns.len() {
                return split.get(i).copied();
            }
            let end = columns.get(i.saturating_add(1)).map_or(line.text.len(), |(end, _)| *end).min(line.text.len());
            line.text.get(at..end).map(str::trim)
        };
        items.push(Item::Break);
        for (i, (at, label)) in columns.iter().enumerate() {
            if let Some(value) = value(i, *at) {
                items.push(Item::Record(Record {
                    label: (*label).to_owned(),
                    value: value.to_owned(),
                    bytes: None,
                    first: line,
                    last: line,
                    style: Style::Table,
                }));
            }
        }
    }
    items
}

/// findDelegation's rows as accounts.
pub(super) fn find_delegation(lines: &[Line]) -> Vec<(Place, Account)> {
    let mut accounts: Vec<(Place, Account)> = Vec::new();
    for line in lines {
        let cells = cells(&line.text);
        let [name, _class, kind, rights, ..] = cells.as_slice() else { continue };
        let targets = (*rights != "N/A").then(|| (*rights).to_owned());
        if kind.starts_with("Resource") {
            let Some(back) = targets.as_deref().and_then(AccountName::parse) else { continue };
            let account = entry(&mut accounts, &back, line, rights);
            push(&mut account.rbcd_principals, name, line);
            continue;
        }
        let unconstrained = *kind == "Unconstrained";
        let transition = match kind.strip_prefix("Constrained") {
            Some(rest) => rest.contains("w/ ").then_some(true).or_else(|| rest.contains("w/o").then_some(false)),
            None if unconstrained => None,
            None => continue,
        };
        let Some(account) = AccountName::parse(name) else { continue };
        let account = entry(&mut accounts, &account, line, name);
        account.trusted_for_delegation.get_or_insert(At::new(unconstrained, line.lit([*kind])));
        if let Some(transition) = transition {
            account.trusted_to_auth.get_or_insert(At::new(transition, line.lit([*kind])));
        }
        if let Some(target) = targets {
            push(&mut account.allowed_to_delegate_to, &target, line);
        }
    }
    accounts
}

fn entry<'a>(accounts: &'a mut Vec<(Place, Account)>, name: &AccountName, line: &Line, lit: &str) -> &'a mut Account {
    let at = accounts.iter().position(|(_, a)| a.name.as_ref().is_some_and(|n| n.value == *name));
    let at = at.unwrap_or_else(|| {
        let named = Some(At::new(name.clone(), line.lit([lit])));
        accounts.push((line.place(), Account { name: named, ..Account::default() }));
        accounts.len().saturating_sub(1)
    });
    // The entry was found or has just been added.
    #[allow(clippy::indexing_slicing)]
    let (place, account) = &mut accounts[at];
    *place = place.to(&line.place());
    account
}

fn push(list: &mut Option<At<Vec<String>>>, value: &str, line: &Line) {
    let here = line.lit([value]);
    match list {
        Some(all) => {
            all.value.push(value.to_owned());
            all.place = all.place.to(&here);
        }
        None => *list = Some(At::new(vec![value.to_owned()], here)),
    }
}
