//! `nltest /domain_trusts [/v]` and `netdom`'s lines, by shape: `n: NETBIOS dns (…) (…) ( Attr: … )`.

use super::object::{attribute_bit, describe};
use crate::artefacts::{Reading, words};
use crate::facts::{At, Statement, Trust};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::names::Realm;

/// Words for the two directions in the languages met.
const OUTBOUND: [&str; 6] = ["outbound", "ausgehend", "sortant", "saliente", "in uscita", "出力方向"];
const INBOUND: [&str; 6] = ["inbound", "eingehend", "entrant", "entrante", "in ingresso", "入力方向"];
const PRIMARY: [&str; 4] = ["primary domain", "primäre domäne", "domaine principal", "dominio principal"];

pub(super) fn anchor(line: &str, open: bool) -> bool {
    let trimmed = line.trim();
    row(trimmed).is_some()
        || words::has(trimmed, "List of domain trusts")
        || delegation_sentence(trimmed).is_some()
        || arrow(trimmed).is_some()
        || suffix(trimmed).is_some()
        || (open && (trimmed.starts_with("Dom Guid:") || trimmed.starts_with("Dom Sid:")))
        || words::has(trimmed, "nltest") && words::has(trimmed, "failed: Status")
        || (open || trimmed.contains("trust")) && words::has(trimmed, "failed: Status = ")
        || open && trimmed.starts_with('(')
}

/// The number, and the rest, of one trust's line.
fn row(line: &str) -> Option<(u32, &str)> {
    let (number, rest) = line.split_once(':')?;
    let number = number.trim().parse::<u32>().ok().filter(|n| *n < 1000)?;
    let shape = rest.starts_with(' ') && (rest.contains("(NT ") || rest.contains("(MIT)") || rest.contains("( Attr:"));
    shape.then_some((number, rest.trim()))
}

/// `<-> partner.com  Direct`, of `netdom query trust`. The one-way arrows are read differently by different people: no direction.
fn arrow(line: &str) -> Option<(Option<&'static str>, Realm)> {
    let (mark, rest) = line.split_once(char::is_whitespace)?;
    let direction = match mark {
        "<->" => Some("both"),
        "->" | "<-" => None,
        _ => return None,
    };
    let domain = rest.split_whitespace().next().filter(|d| d.contains('.'))?;
    Some((direction, Realm::parse(domain)?))
}

/// `2. *.partner.eu, Name Suffix, Admin-Disabled`, of `netdom trust … /NameSuffixes`: the suffix, and whether it is routed.
fn suffix(line: &str) -> Option<(String, bool)> {
    let (number, rest) = line.split_once('.')?;
    number.parse::<u32>().ok()?;
    let mut cells = rest.split(',').map(|c| c.trim().to_lowercase());
    let (name, kind, status) = (cells.next()?, cells.next()?, cells.next()?);
    let on = status.starts_with("enabled");
    let off = ["disabled", "conflict", "new"].iter().any(|w| status.contains(w));
    let name = name.trim_start_matches("*.");
    (name.contains('.') && (on || off)).then(|| (name.to_owned(), on && !kind.contains("exclu")))
}

/// `netdom trust … /EnableTGTDelegation` and its kin say it in a sentence.
fn delegation_sentence(line: &str) -> Option<bool> {
    let lower = line.to_lowercase();
    let ours = lower.contains("tgt delegation") && lower.split_whitespace().count() <= 20 && !lower.contains('?');
    let off = ["not enabled", "disabled", "is off"].iter().any(|w| lower.contains(w));
    let on = ["enabled", "is on"].iter().any(|w| lower.contains(w));
    (ours && (on || off)).then_some(!off)
}

pub(super) fn read(lines: &[Line], reading: &mut Reading) {
    let begins = |text: &str| row(text.trim()).is_some();
    let rows: Vec<(String, &[Line])> = words::records(lines, begins);
    let whole = |text: &str| PRIMARY.iter().any(|p| text.to_lowercase().contains(p));
    let from = rows.iter().find(|(text, _)| whole(text)).and_then(|(text, _)| domain(row(text)?.1));
    for (text, part) in &rows {
        let Some((_, rest)) = row(text) else { continue };
        if whole(rest) {
            continue;
        }
        let lower = rest.to_lowercase();
        let place = place_of(part);
        let said = |list: &[&str]| list.iter().any(|w| lower.contains(w));
        let direction = match (said(&OUTBOUND), said(&INBOUND)) {
            (true, true) => Some("both"),
            (true, false) => Some("outbound"),
            (false, true) => Some("inbound"),
            (false, false) => None,
        };
        let names = words::between(rest, "Attr:", ")").or_else(|| words::after(rest, "Attr:"));
        let bits = names.map(|n| n.split([' ', ',']).filter_map(attribute_bit).fold(0, |all, bit| all | bit));
        let mut trust = Trust {
            from: from.clone(),
            to: domain(rest),
            direction: direction.map(|d| At::new(d.to_owned(), place.clone())),
            ..Trust::default()
        };
        let names = names.unwrap_or_default().trim().to_owned();
        // Without `Attr` no attribute is set.
        describe(&mut trust, bits.unwrap_or(0), &place.clone().lit(Some(names).filter(|n| !n.is_empty())));
        if trust.to.is_some() {
            reading.fact(place, Statement::Trust(trust));
        }
    }
    let listed = lines.iter().filter_map(|l| suffix(l.trimmed()).map(|(name, on)| (name, At::new(on, l.place()))));
    let suffixes: Vec<_> = listed.collect();
    if !suffixes.is_empty() {
        let (from, to) = lines.iter().find_map(|l| netdom(&l.text)).unwrap_or_default();
        reading.fact(place_of(lines), Statement::Trust(Trust { from, to, suffixes, ..Trust::default() }));
    }
    for line in lines {
        let text = line.trimmed();
        if let Some((direction, to)) = arrow(text) {
            let direction = direction.map(|d| At::new(d.to_owned(), line.place()));
            reading.fact(line.place(), Statement::Trust(Trust { to: Some(to), direction, ..Trust::default() }));
        } else if let Some(on) = delegation_sentence(text) {
            let (from, to) = lines.iter().find_map(|l| netdom(&l.text)).unwrap_or_default();
            let shown = Some(At::new(on, line.place()));
            let trust = Trust { from, to, tgt_delegation_shown: shown, ..Trust::default() };
            reading.fact(line.place(), Statement::Trust(trust));
        } else if let Some(status) = words::after(text, "failed: Status = ") {
            reading.problem(line.number, format!("The trusts could not be listed: {}", words::quoted(status)));
        }
    }
}

/// The two domains of `netdom trust A /domain:B` and `netdom trust A /namesuffixes:B`.
fn netdom(line: &str) -> Option<(Option<Realm>, Option<Realm>)> {
    let rest = words::after(line, "netdom trust ")?;
    let from = rest.split_whitespace().next().and_then(Realm::parse);
    let to = ["/domain:", "/d:", "/namesuffixes:"].iter().find_map(|option| words::after(rest, option));
    Some((from, to.and_then(|t| t.split_whitespace().next()).and_then(Realm::parse)))
}

/// The DNS name where there is one, else the NetBIOS name.
fn domain(rest: &str) -> Option<Realm> {
    let mut names = rest.split_whitespace().take_while(|w| !w.starts_with('('));
    let short = names.next()?;
    Realm::parse(names.next().unwrap_or(short))
}
