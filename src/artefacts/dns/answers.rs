//! Answers that stand on one line: tables of Resolve-DnsName, dig, host, `canonical name =`, ping's first line, errors.

use super::{Answers, address, host};
use crate::artefacts::words;
use crate::ingest::lines::Line;
use crate::vocabulary::names::HostName;

/// What one line says.
#[derive(Debug, PartialEq)]
enum Says {
    Alias(HostName, HostName),
    Address(HostName, String),
    Missing(HostName),
    /// dig's head: the name stands in the question.
    NoName,
}

pub(super) fn anchor(line: &str) -> bool {
    says(line).is_some() || question(line).is_some() || line.contains("->>HEADER<<-")
}

fn says(line: &str) -> Option<Says> {
    let trimmed = line.trim();
    let cells: Vec<&str> = trimmed.split_whitespace().collect();
    record(&cells).or_else(|| sentence(trimmed, &cells)).or_else(|| ping(trimmed, &cells))
}

/// `web.contoso.com.  3600 IN CNAME web01.contoso.com.`, `web.contoso.com CNAME 3600 Answer web01.contoso.com`.
fn record(cells: &[&str]) -> Option<Says> {
    let kind = cells.iter().position(|c| matches!(*c, "CNAME" | "A" | "AAAA")).filter(|i| (1..=3).contains(i))?;
    let name = host(cells.first()?)?;
    let numbered = cells.iter().skip(1).any(|c| c.parse::<u32>().is_ok());
    let value = cells.last().filter(|_| cells.len() > kind.saturating_add(1) && numbered && cells.len() <= 7)?;
    match cells.get(kind).copied() {
        Some("CNAME") => host(value).map(|to| Says::Alias(name, to)),
        _ => address(value).map(|a| Says::Address(name, a)),
    }
}

fn sentence(line: &str, cells: &[&str]) -> Option<Says> {
    let first = cells.first().and_then(|c| host(c));
    let last = cells.last().copied().unwrap_or_default();
    if let (Some(name), true) =
        (first.clone(), words::has(line, "canonical name = ") || words::has(line, " is an alias for "))
    {
        return host(last).map(|to| Says::Alias(name, to));
    }
    if let (Some(name), true) = (first, words::has(line, " has address ") || words::has(line, " has IPv6 address ")) {
        return address(last).map(|a| Says::Address(name, a));
    }
    if line.contains("->>HEADER<<-") && line.contains("NXDOMAIN") {
        return Some(Says::NoName);
    }
    // `*** dc01.contoso.com can't find web9: Non-existent domain`, `** server can't find web9: NXDOMAIN`, and translations:
    // the name asked for stands before the last colon.
    let gone = ["non-existent domain", "nxdomain", "dns name does not exist", "dns-name ist nicht vorhanden"];
    let lower = line.to_lowercase();
    let starred = line.starts_with("**");
    if starred && (gone.iter().any(|g| lower.contains(g)) || line.starts_with("*** ")) {
        let before = line.rsplit_once(':')?.0;
        return host(before.split_whitespace().next_back()?).map(Says::Missing);
    }
    if gone.iter().any(|g| lower.contains(g)) {
        // `Resolve-DnsName : web9.contoso.com : DNS name does not exist`, `Host web9 not found: 3(NXDOMAIN)`.
        let named =
            cells.iter().filter(|c| !words::has(c, "resolve-dnsname")).find_map(|c| host(c).filter(HostName::is_full));
        return named.or_else(|| host(cells.get(1)?)).map(Says::Missing);
    }
    if lower.contains("could not find host ") {
        let name = words::after(line, "could not find host ")?.split_whitespace().next()?;
        return host(name).map(Says::Missing);
    }
    None
}

/// `Pinging web01.contoso.com [10.0.0.5] with 32 bytes of data:` in any language, `PING web01 (10.0.0.5) 56(84) bytes of data.`
fn ping(line: &str, cells: &[&str]) -> Option<Says> {
    let linux = line.starts_with("PING ");
    let windows = line.contains(" 32 ") && (words::has(line, "ping") || line.contains("32 "));
    if !linux && !windows {
        return None;
    }
    let at = cells.iter().position(|c| {
        let bracketed = c.starts_with(if linux { '(' } else { '[' });
        bracketed && c.split([']', ')']).next().is_some_and(|w| address(w).is_some())
    })?;
    let name = host(cells.get(at.checked_sub(1)?)?)?;
    let word = cells.get(at)?.split([']', ')']).next()?;
    address(word).map(|a| Says::Address(name, a))
}

/// dig's `;web9.contoso.com.   IN A`.
fn question(line: &str) -> Option<HostName> {
    let rest = line.trim().strip_prefix(';')?;
    let mut cells = rest.split_whitespace();
    let name = cells.next()?;
    (cells.next() == Some("IN") && cells.next().is_some()).then(|| host(name)).flatten()
}

pub(super) fn read(lines: &[Line], asked: Option<&HostName>, answers: &mut Answers) {
    for line in lines {
        match says(&line.text) {
            Some(Says::Alias(from, to)) => answers.alias(&from, &to, line.place()),
            Some(Says::Address(name, address)) => {
                let pinged = ping(line.trimmed(), &line.text.split_whitespace().collect::<Vec<_>>()).is_some();
                match asked {
                    // ping prints the canonical name: another than asked for shows an alias (or the search suffix).
                    Some(asked) if pinged && !asked.same_machine(&name) && !asked.is_ip() => {
                        answers.alias(asked, &name, line.place());
                    }
                    _ => {}
                }
                answers.address(&name, &address, line.place());
            }
            Some(Says::Missing(name)) => answers.missing(&name, line.place()),
            Some(Says::NoName) => {
                if let Some(name) = lines.iter().find_map(|l| question(&l.text)) {
                    answers.missing(&name, line.place());
                }
            }
            None => {}
        }
    }
}
