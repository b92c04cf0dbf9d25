//! Reads `setspn`: who owns an SPN, which SPNs an account has, and duplicates. One fact per search.
//!
//! Sentences are translated, so owners are known by being distinguished names, SPNs by their form, and the rest by
//! the command where the paste shows it.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, console};
use crate::facts::{At, Place, SpnOwner, SpnSearch, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::names::{Realm, Spn, domain_of_dn};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Setspn, anchor, json: None, read };

fn command(line: &str) -> Option<Vec<&str>> {
    console::command_of(line, "setspn", |w| {
        w.starts_with(['-', '/']) || w == "*" || w.contains(['/', '\\', '$', '.', '-'])
    })
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    if let Some(words) = command(line) {
        // Advice to register or delete one, in a sentence: nothing was asked.
        let change = words.first().is_some_and(|w| ["-a", "-d", "-r"].contains(&w.to_ascii_lowercase().as_str()));
        if change && console::after_prompt(line).is_none() {
            return None;
        }
        return Anchor::belongs("the command setspn");
    }
    let trimmed = line.trim();
    let why = if trimmed.contains("DC=") && RESULTS.iter().any(|r| trimmed.contains(r)) {
        "setspn's output on one line"
    } else if checking(trimmed) {
        "the line of setspn that names the searched domain"
    } else if listed(trimmed).is_some() && trimmed.contains("ServicePrincipalName") {
        "the line of setspn that names the account"
    } else if group(trimmed).is_some() && trimmed.contains("registered on these accounts") {
        "setspn names a duplicate SPN"
    } else if RESULTS.iter().any(|r| trimmed.starts_with(r)) || groups(trimmed).is_some() {
        "a result line of setspn"
    } else if current == Some(Kind::Setspn) && (dn(trimmed).is_some() || own_spn(line).is_some()) {
        "a line of setspn"
    } else {
        return None;
    };
    Anchor::belongs(why)
}

const RESULTS: [&str; 4] =
    ["No such SPN found", "Existing SPN found", "Duplicate SPN found", "Operation will be performed forestwide"];

/// `Checking domain DC=contoso,DC=com`, in any language: a sentence that ends with a domain's distinguished name.
fn checking(line: &str) -> bool {
    let last = line.split_whitespace().next_back().unwrap_or_default();
    let words = line.split_whitespace().count();
    (2..=8).contains(&words)
        && last.starts_with("DC=")
        && !line.contains("CN=")
        && !line.contains("OU=")
        && !line.contains(':')
}

/// A line that is a distinguished name of an object.
fn dn(line: &str) -> Option<&str> {
    let starts = line.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("cn=") || s.eq_ignore_ascii_case("ou="));
    (starts && line.contains("DC=") && !line.ends_with(':')).then(|| dn_end(line))
}

/// The name without what a person wrote behind it.
fn dn_end(text: &str) -> &str {
    let last = text.rfind("DC=").unwrap_or(0);
    let tail = text
        .get(last..)
        .and_then(|t| t.find(|c: char| c.is_whitespace() || c == ':'))
        .map_or(text.len(), |i| last.saturating_add(i));
    text.get(..tail).unwrap_or(text).trim_end()
}

/// `Registered ServicePrincipalNames for CN=…,DC=com:` in any language.
fn listed(line: &str) -> Option<&str> {
    let at = line.find("CN=").or_else(|| line.find("OU="))?;
    let (before, name) = line.split_at_checked(at)?;
    let sentence = !before.trim().is_empty() && !before.contains([':', '=', '{', '>', '-']);
    (sentence && name.contains("DC=")).then(|| dn_end(name))
}

/// `HTTP/app is registered on these accounts:`.
fn group(line: &str) -> Option<Spn> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let sentence = words.len() >= 3 && line.ends_with(':') && !line.contains('=') && !line.contains("://");
    let first = words.first().filter(|w| sentence && w.contains('/') && w.starts_with(char::is_alphabetic))?;
    Spn::parse(first)
}

/// `found 1 group of duplicate SPNs.`: the number in a sentence on SPNs.
fn groups(line: &str) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let numbers: Vec<u32> = words.iter().filter_map(|w| w.parse().ok()).collect();
    let known = ["found", "groupe", "grupo", "Gruppe", "group", "груп"].iter().any(|w| line.contains(w));
    let sentence = words.len() <= 14 && line.contains("SPN") && known && !line.contains(['/', '=', '{']);
    numbers.first().copied().filter(|_| sentence && numbers.len() == 1)
}

/// An SPN alone on an indented line; a person's remark may follow.
fn own_spn(line: &str) -> Option<Spn> {
    let mut words = line.split_whitespace();
    let first = words.next().filter(|w| w.contains('/') && !w.contains("://") && w.starts_with(char::is_alphabetic))?;
    let remark = words.next().is_none_or(|w| w.starts_with(['<', '#', '-', '(', '←', '*']));
    remark.then(|| Spn::parse(first)).flatten()
}

/// `domain` or `forest`, where the words say which.
fn scope(line: &str) -> Option<&'static str> {
    let lower = line.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["forest", "forêt", "gesamtstruktur", "bosque", "foresta", "floresta", "лес", "林", "フォレスト"])
    {
        Some("forest")
    } else {
        has(&["domain", "domäne", "dominio", "domínio", "домен", "域", "ドメイン"]).then_some("domain")
    }
}

/// A search in the making.
#[derive(Default)]
struct Search {
    spn: Option<Spn>,
    asked: bool,
    deletes: bool,
    owners: Vec<SpnOwner>,
    scope: Option<String>,
    domain: Option<Realm>,
    none: bool,
    duplicate: Option<Spn>,
    ended: bool,
    sentence: bool,
    place: Option<Place>,
}

impl Search {
    fn cover(&mut self, place: &Place) {
        self.place = Some(self.place.as_ref().map_or_else(|| place.clone(), |p| p.to(place)));
    }

    fn finish(self, reading: &mut Reading) {
        let Some(place) = self.place else { return };
        let holders = self
            .spn
            .as_ref()
            .map_or(0, |spn| self.owners.iter().filter(|o| o.spns.iter().any(|s| s.same(spn))).count());
        // A search that was asked and ended with a sentence but no owner found none, whatever the language.
        let none = self.none || (self.asked && self.spn.is_some() && self.owners.is_empty() && self.sentence);
        if self.deletes || (self.owners.is_empty() && !none && !self.ended && !self.sentence) {
            return;
        }
        let search = SpnSearch {
            spn: self.spn,
            owners: self.owners,
            scope: self.scope,
            domain: self.domain,
            none,
            duplicate: self.duplicate.is_some() || holders > 1,
        };
        reading.fact(place, Statement::SpnSearch(search));
    }
}

/// A line that a collapsed paste made of a whole output, cut where setspn begins a line.
fn unfold(line: &Line) -> Vec<Line> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let starts = |at: usize| {
        let word = words.get(at).copied().unwrap_or_default();
        let before = at.checked_sub(1).and_then(|i| words.get(i)).copied().unwrap_or_default();
        let next = words.get(at.saturating_add(1)).copied().unwrap_or_default();
        (word.starts_with("CN=") && before != "for")
            || (word.contains('/') && !before.starts_with(['-', '/']) && own_spn(word).is_some())
            || matches!(
                (word, next),
                ("Checking", "domain" | "forest")
                    | ("Registered", _)
                    | ("Existing" | "Duplicate", "SPN")
                    | ("No", "such")
            )
            || (word == "Processing" && next == "entry")
            || (word == "found" && next.parse::<u32>().is_ok())
    };
    let mut pieces: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        match pieces.last_mut() {
            Some(piece) if at > 0 && !starts(at) => {
                piece.push(' ');
                piece.push_str(word);
            }
            _ => pieces.push((*word).to_owned()),
        }
    }
    if pieces.len() < 3 {
        return vec![line.clone()];
    }
    pieces.into_iter().map(|text| Line { text, ..line.clone() }).collect()
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut search = Search::default();
    let unfolded: Vec<Line> = lines.iter().flat_map(unfold).collect();
    for line in unfolded.iter().filter(|l| !l.trimmed().is_empty()) {
        let trimmed = line.trimmed();
        if let Some(words) = command(&line.text) {
            std::mem::take(&mut search).finish(&mut reading);
            begin(&mut search, &words, line);
        } else if console::after_prompt(trimmed).is_some() {
            std::mem::take(&mut search).finish(&mut reading);
        } else if checking(trimmed) || trimmed.starts_with("Operation will be performed forestwide") {
            if search.ended || !search.owners.is_empty() {
                std::mem::take(&mut search).finish(&mut reading);
            }
            if checking(trimmed) || search.scope.is_none() {
                search.scope = scope(trimmed).map(str::to_owned);
                search.domain = trimmed.split_whitespace().next_back().and_then(domain_of_dn);
            }
            search.cover(&line.place());
        } else if let Some(spn) = group(trimmed) {
            if search.duplicate.is_some() || !search.owners.is_empty() {
                let (scope, domain) = (search.scope.clone(), search.domain.clone());
                std::mem::take(&mut search).finish(&mut reading);
                (search.scope, search.domain) = (scope, domain);
            }
            search.cover(&line.lit([spn.to_string()]));
            search.duplicate = Some(spn);
        } else if let Some(name) = dn(trimmed) {
            if search.ended && search.duplicate.is_none() {
                std::mem::take(&mut search).finish(&mut reading);
            }
            own(&mut search, name, line);
        } else if let Some(name) = listed(trimmed) {
            if !search.owners.is_empty() || search.ended {
                std::mem::take(&mut search).finish(&mut reading);
            }
            search.deletes |= trimmed.starts_with("Unregistering");
            own(&mut search, name, line);
        } else if let Some(spn) = own_spn(&line.text) {
            match search.owners.last_mut() {
                Some(owner) => owner.spns.push(spn),
                None => reading.problem(
                    line.number,
                    "An SPN without the account that it belongs to. Copy the lines above as well.",
                ),
            }
            search.cover(&line.place());
        } else {
            sentence(&mut search, line, &mut reading);
        }
    }
    search.finish(&mut reading);
    reading
}

/// What the command asks for.
fn begin(search: &mut Search, words: &[&str], line: &Line) {
    let switch = |names: &[&str]| words.iter().position(|w| names.iter().any(|n| w.eq_ignore_ascii_case(n)));
    if let Some(at) = switch(&["-q", "/q", "-s", "/s", "-a", "/a"]) {
        search.asked = switch(&["-q", "/q"]).is_some();
        search.spn = words.iter().skip(at.saturating_add(1)).find_map(|w| Spn::parse(w.trim_matches('"')));
    }
    search.deletes = switch(&["-d", "/d"]).is_some();
    if switch(&["-f", "/f"]).is_some() || words.windows(2).any(|p| p.concat().eq_ignore_ascii_case("-t*")) {
        search.scope = Some("forest".to_owned());
    }
    search.cover(&line.lit(search.spn.iter().map(ToString::to_string)));
}

fn own(search: &mut Search, name: &str, line: &Line) {
    let spns = search.duplicate.iter().cloned().collect();
    let dn = At::new(name.to_owned(), line.lit([name]));
    search.cover(&dn.place);
    search.owners.push(SpnOwner { dn, spns });
}

fn sentence(search: &mut Search, line: &Line, reading: &mut Reading) {
    let trimmed = line.trimmed();
    if trimmed.starts_with('#') || trimmed.starts_with("Processing entry") {
        return;
    }
    let failed = trimmed.contains("0x") || trimmed.starts_with("Could not") || trimmed.contains("failed");
    if failed {
        reading.problem(line.number, format!("setspn failed here: {trimmed}"));
        search.asked = false;
        return;
    }
    if let Some(count) = groups(trimmed) {
        search.ended = true;
        // The groups themselves were shown above.
        if count == 0 || search.duplicate.is_some() {
            search.cover(&line.place());
        }
        return;
    }
    if trimmed.starts_with("No such SPN found") {
        search.none = true;
        search.cover(&line.lit(["No such SPN found"]));
    } else if trimmed.starts_with("Existing SPN found") || trimmed.starts_with("Duplicate SPN found") {
        search.cover(&line.place());
    } else if !(search.asked && search.owners.is_empty() && trimmed.contains("SPN")) {
        return;
    } else {
        search.sentence = true;
        search.cover(&line.place());
    }
    search.ended = true;
}

#[cfg(test)]
mod tests;
