//! Reads name resolution: nslookup, Resolve-DnsName, `ipconfig /displaydns`, ping's first line, dig and host. By shape
//! where the words are translated.

mod answers;
mod lookup;

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, console};
use crate::facts::{DnsAnswer, Place, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::names::HostName;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Dns, anchor, json: None, read };

const TOOLS: [&str; 6] = ["nslookup", "resolve-dnsname", "ping", "dig", "host", "ipconfig"];

/// The tool and the name asked for, of a command's line.
fn command(line: &str) -> Option<(&'static str, Option<HostName>)> {
    let named = |w: &str| w.contains('.') || w.starts_with(['-', '/', '+']);
    TOOLS.iter().find_map(|tool| {
        // Bare, `host` and `ping` are ordinary words: only the others count without a prompt.
        let bare = matches!(*tool, "nslookup" | "resolve-dnsname" | "dig" | "ipconfig");
        if !bare && console::after_prompt(line).is_none() {
            return None;
        }
        let words = console::command_of(line, tool, named)?;
        let ours = *tool != "ipconfig" || words.iter().any(|w| w.to_ascii_lowercase().ends_with("displaydns"));
        let types = ["a", "aaaa", "cname", "any", "srv", "ptr"];
        let name = words
            .iter()
            .filter(|w| !w.starts_with(['-', '/', '+', '@']) && !types.contains(&w.to_ascii_lowercase().as_str()))
            .find_map(|w| HostName::parse(w.trim_matches(['"', '\''])));
        ours.then_some((*tool, name))
    })
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    if command(line).is_some() {
        return Anchor::starts("a command that asks DNS");
    }
    let open = current == Some(Kind::Dns);
    if answers::anchor(line) || lookup::anchor(line, open) {
        return Anchor::belongs("answers of DNS");
    }
    None
}

/// Collects answers: one a name, its aliases and addresses put together.
#[derive(Debug, Default)]
struct Answers {
    all: Vec<(Place, DnsAnswer)>,
}

impl Answers {
    /// The answer about a name, made where there is none yet.
    fn about(&mut self, name: &HostName, place: Place, change: impl FnOnce(&mut DnsAnswer)) {
        // An address of a canonical name belongs to the alias that led there.
        let is = |a: &DnsAnswer| {
            a.asked.as_ref().is_some_and(|n| n.same(name)) || a.canonical.as_ref().is_some_and(|n| n.same(name))
        };
        let at = self.all.iter().position(|(_, a)| is(a)).unwrap_or_else(|| {
            self.all.push((place.clone(), DnsAnswer { asked: Some(name.clone()), ..DnsAnswer::default() }));
            self.all.len().saturating_sub(1)
        });
        if let Some((whole, answer)) = self.all.get_mut(at) {
            *whole = whole.to(&place);
            change(answer);
        }
    }

    /// An alias.
    fn alias(&mut self, alias: &HostName, canonical: &HostName, place: Place) {
        let lit = [alias.to_string(), canonical.to_string()];
        self.about(alias, place.lit(lit), |a| {
            if !a.asked.as_ref().is_some_and(|n| n.same(canonical)) {
                a.canonical = Some(trimmed(canonical));
            }
        });
    }

    /// An address.
    fn address(&mut self, name: &HostName, address: &str, place: Place) {
        self.about(name, place.lit([address.to_owned()]), |a| {
            if !a.addresses.iter().any(|x| x == address) {
                a.addresses.push(address.to_owned());
            }
        });
    }

    /// No such name.
    fn missing(&mut self, name: &HostName, place: Place) {
        self.about(name, place.lit([name.to_string()]), |a| a.missing = true);
    }
}

/// Without the dot that dig writes at a full name's end.
fn trimmed(name: &HostName) -> HostName {
    HostName::parse(name.as_str().trim_end_matches('.')).unwrap_or_else(|| name.clone())
}

fn host(word: &str) -> Option<HostName> {
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '"' | '\'' | '.' | ':' | '(' | ')'));
    HostName::parse(word).filter(|h| !h.is_ip() && h.as_str().chars().any(char::is_alphabetic))
}

fn address(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '[' | ']' | '(' | ')'));
    let bare = word.split('%').next().unwrap_or(word);
    bare.parse::<std::net::IpAddr>().ok().map(|_| word.to_owned())
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let asked = lines.iter().find_map(|l| command(&l.text)).and_then(|(_, name)| name);
    let mut answers = Answers::default();
    answers::read(lines, asked.as_ref(), &mut answers);
    lookup::read(lines, &mut answers);
    for (place, mut answer) in answers.all {
        // nslookup asks with the search suffix: `intranet` becomes `intranet.contoso.com`.
        answer.asked = answer.asked.as_ref().map(trimmed);
        if answer.missing || answer.canonical.is_some() || !answer.addresses.is_empty() {
            reading.fact(place, Statement::DnsAnswer(answer));
        }
    }
    if reading.facts.is_empty()
        && let Some(line) = lines.first()
    {
        reading.problem(line.number, "No answer of DNS is shown here. Copy the output together with the command.");
    }
    reading
}

#[cfg(test)]
mod tests;
