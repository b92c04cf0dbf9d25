//! Reads trusts: `nltest /domain_trusts`, Get-ADTrust as list or table, PowerView, `netdom`, and trusted-domain objects
//! in LDIF. The attribute word's bits are those of [MS-ADTS] 6.1.6.7.9.

mod listing;
mod object;

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, console};
use crate::ingest::lines::Line;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Trust, anchor, json: None, read };

const TOOLS: [&str; 6] =
    ["get-adtrust", "nltest", "netdom", "get-domaintrust", "get-foresttrust", "get-netdomaintrust"];

/// Is this the name of a trusted-domain object (`CN=partner.com,CN=System,DC=…`)?
pub fn is_trusted_domain(line: &str) -> bool {
    let Some((label, name)) = line.split_once(':') else { return false };
    let label = label.trim().trim_start_matches('>').to_ascii_lowercase();
    let name = name.trim_start_matches(':').trim();
    let mut parts = name.splitn(3, ',');
    let first = parts.next().unwrap_or_default();
    let system = parts.next().is_some_and(|p| p.trim().eq_ignore_ascii_case("cn=system"));
    matches!(label.as_str(), "dn" | "distinguishedname") && system && first.contains('.')
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let open = current == Some(Kind::Trust);
    if let Some(command) = console::after_prompt(line) {
        let lower = command.to_ascii_lowercase();
        let ours = lower.split([' ', '(', '|', '.']).any(|w| TOOLS.contains(&w)) && lower.contains("trust");
        return ours.then(|| Anchor::belongs("a command that lists trusts")).flatten();
    }
    if listing::anchor(line, open) {
        return Anchor::belongs("a list of trusts (nltest, netdom)");
    }
    if object::anchor(line, open) || is_trusted_domain(line) {
        return Anchor::belongs("the properties of a trust");
    }
    None
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    listing::read(lines, &mut reading);
    object::read(lines, &mut reading);
    if reading.facts.is_empty()
        && reading.problems.is_empty()
        && let Some(line) = lines.first()
    {
        reading.problem(line.number, "No trust is shown here. Copy the output together with the command.");
    }
    reading
}

#[cfg(test)]
mod tests;
