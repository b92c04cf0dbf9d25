//! Tables: impacket's findDelegation, `dsquery * -attr`, PowerShell's Format-Table.

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
