//! Values of a dump: lists, distinguished names, `userAccountControl`, security descriptors.

use crate::vocabulary::civil::{self, Stamp};
use crate::vocabulary::codes::parse_hex;
use crate::vocabulary::uac;

/// What an element ends with that the dump cut in its middle: no name and no SPN is written so, so it matches none.
pub(super) const CUT: char = '…';

/// The elements of `{a, b, c...}` or `a, b`, and whether the list was cut. PowerShell writes whole elements before
/// `...}` (`$FormatEnumerationLimit`); where the brace is missing, a column's width or the paste's end cut the last one.
pub(super) fn list(value: &str) -> (Vec<String>, bool) {
    let trimmed = value.trim();
    let braced = trimmed.starts_with('{');
    let inner = trimmed.trim_start_matches('{').trim_end_matches('}').trim();
    let cut = inner.ends_with("...") || inner.ends_with('…') || (braced && !trimmed.ends_with('}'));
    let inner = inner.trim_end_matches("...").trim_end_matches('…');
    let in_middle = cut && !trimmed.ends_with('}') && !inner.trim_end().ends_with(',');
    let inner = inner.trim_end_matches([',', ' ']);
    if inner.is_empty() {
        // Something is set, though nothing of it is shown.
        return (if cut { vec![CUT.to_string()] } else { Vec::new() }, cut);
    }
    let mut values = if is_dn(inner) {
        names(inner)
    } else {
        inner.split([',', ';']).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
    };
    if let Some(last) = values.last_mut().filter(|_| in_middle) {
        last.push(CUT);
    }
    (values, cut)
}

fn is_dn(text: &str) -> bool {
    text.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("cn=") || s.eq_ignore_ascii_case("ou="))
}

/// Splits a list of distinguished names: a new one begins when a component follows the domain's.
fn names(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut in_domain = true;
    for part in components(text) {
        let domain = part.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("dc="));
        match out.last_mut() {
            Some(name) if domain || !in_domain => {
                name.push(',');
                name.push_str(&part);
            }
            _ => out.push(part),
        }
        in_domain = domain;
    }
    out
}

/// The components of distinguished names, blanks around them off; an escaped comma stays inside.
fn components(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut escaped = false;
    for c in text.chars() {
        match c {
            ',' | ';' if !escaped => out.push(String::new()),
            _ => {
                if let Some(last) = out.last_mut() {
                    last.push(c);
                }
            }
        }
        escaped = c == '\\' && !escaped;
    }
    out.into_iter().map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect()
}

/// One distinguished name with the blanks that wrapping put after its commas taken off.
pub(super) fn dn(value: &str) -> String {
    components(value).join(",")
}

/// `66048`, `0x10200`, `66048 (0x10200)`, `NORMAL_ACCOUNT, TRUSTED_FOR_DELEGATION`.
pub(super) fn account_control(value: &str) -> Option<u32> {
    if let Some(number) = number(value) {
        return Some(number).filter(|n| uac::is_plausible(*n));
    }
    const NAMES: [(&str, u32); 9] = [
        ("ACCOUNTDISABLE", 0x2),
        ("NORMAL_ACCOUNT", 0x200),
        ("WORKSTATION_TRUST_ACCOUNT", uac::WORKSTATION_TRUST_ACCOUNT),
        ("SERVER_TRUST_ACCOUNT", uac::SERVER_TRUST_ACCOUNT),
        ("DONT_EXPIRE_PASSWORD", 0x1_0000),
        ("TRUSTED_FOR_DELEGATION", uac::TRUSTED_FOR_DELEGATION),
        ("NOT_DELEGATED", uac::NOT_DELEGATED),
        ("DONT_REQ_PREAUTH", 0x40_0000),
        ("TRUSTED_TO_AUTH_FOR_DELEGATION", uac::TRUSTED_TO_AUTH_FOR_DELEGATION),
    ];
    let words = value.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let bits: Vec<u32> = words.filter_map(|w| NAMES.iter().find(|(n, _)| *n == w).map(|(_, b)| *b)).collect();
    (!bits.is_empty()).then(|| bits.iter().fold(0, |all, bit| all | bit))
}

/// The number a value begins with, decimal or `0x`.
pub(super) fn number(value: &str) -> Option<u32> {
    let word = value.split_whitespace().next()?.trim_end_matches([',', ';', '=']);
    parse_hex(word).or_else(|| word.parse().ok())
}

/// `pwdLastSet`: a date, or 100 nanoseconds since 1601 in UTC.
pub(super) fn password_time(value: &str) -> Option<Stamp> {
    let Some(ticks) = value.parse::<i64>().ok().filter(|n| *n > 1_000_000_000_000_000) else {
        return civil::stamp(value);
    };
    let seconds = ticks.checked_div(10_000_000)?.checked_sub(11_644_473_600);
    Some(Stamp { text: value.to_owned(), seconds, utc: true })
}

/// `{AES128, AES256}` as the bits of `msDS-SupportedEncryptionTypes`.
pub(super) fn encryption(value: &str) -> Option<u32> {
    let bits = |name: &str| match name.to_ascii_uppercase().as_str() {
        "DES" => Some(3),
        "RC4" => Some(4),
        "AES128" => Some(8),
        "AES256" => Some(16),
        _ => None,
    };
    let found: Vec<u32> = list(value).0.iter().filter_map(|n| bits(n)).collect();
    (!found.is_empty()).then(|| found.iter().fold(0, |all, bit| all | bit))
}

/// The SIDs that a security descriptor in SDDL text allows.
pub(super) fn sddl_sids(text: &str) -> Vec<String> {
    text.split(['(', ')'])
        .filter(|ace| ace.starts_with("A;") || ace.starts_with("OA;"))
        .filter_map(|ace| ace.rsplit(';').next())
        .filter(|sid| sid.starts_with("S-1-"))
        .map(str::to_owned)
        .collect()
}

/// The SIDs that a binary security descriptor allows ([MS-DTYP] 2.4.6, ACCESS_ALLOWED_ACE).
pub(super) fn descriptor_sids(bytes: &[u8]) -> Option<Vec<String>> {
    let dacl = usize::try_from(u32_at(bytes, 16)?).ok()?;
    let acl = bytes.get(dacl..)?;
    let count = u16::from_le_bytes([*acl.get(4)?, *acl.get(5)?]);
    let mut at = 8usize;
    let mut sids = Vec::new();
    for _ in 0..count {
        let ace = acl.get(at..)?;
        let size = usize::from(u16::from_le_bytes([*ace.get(2)?, *ace.get(3)?]));
        if ace.first() == Some(&0) {
            sids.push(sid(ace.get(8..size)?)?);
        }
        if size == 0 {
            return None;
        }
        at = at.checked_add(size)?;
    }
    Some(sids)
}

/// A binary SID as text.
pub(super) fn sid(bytes: &[u8]) -> Option<String> {
    let count = usize::from(*bytes.get(1)?);
    let authority = bytes.get(2..8)?.iter().fold(0u64, |n, b| (n << 8) | u64::from(*b));
    let mut text = format!("S-{}-{authority}", bytes.first()?);
    for i in 0..count {
        let part = u32_at(bytes, i.checked_mul(4)?.checked_add(8)?)?;
        text.push_str(&format!("-{part}"));
    }
    Some(text)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(part.try_into().ok()?))
}
