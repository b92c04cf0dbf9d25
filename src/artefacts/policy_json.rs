//! Policies as JSON: the page's export (`policyValues.<group>.policies.<Name>.{level, scope, source, value, error}`)
//! and Chromium's managed-policy files, a flat object of names and values.

use super::loose_json::{Scalar, Scan, scan};
use super::policy_words::{is_auth, looks_like_name, matters};
use super::{Reading, words};
use crate::facts::{Browser, Place, Policy, PolicyListing, Statement};
use crate::ingest::lines::Line;

/// What the export says of one policy.
const FIELDS: [&str; 8] = ["value", "level", "scope", "source", "error", "warning", "status", "info"];

/// Is this Edge's export?
pub fn edge(text: &str) -> Option<&'static str> {
    (is_export(text) && words::has(text, "Microsoft Edge"))
        .then_some("JSON with policyValues: an export of edge://policy")
}

/// Is this another browser's export, or a managed-policy file?
pub fn chrome(text: &str) -> Option<&'static str> {
    if is_export(text) {
        return Some("JSON with policyValues: an export of chrome://policy");
    }
    // Cheap test first: this is asked of every JSON text, however long.
    let scan = (text.len() < 1_000_000).then(|| scan(text))?;
    scan.scalars.iter().any(|s| is_auth(s.key(0))).then_some("JSON whose keys are names of browser policies")
}

fn is_export(text: &str) -> bool {
    text.contains("\"policyValues\"") || text.contains("\"chromePolicies\"")
}

/// Reads either form; lines must be those that `text` was joined from.
pub fn read(text: &str, lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let scan = scan(text);
    let product = product(&scan, text);
    let mut found: Vec<(Policy, Place)> = Vec::new();
    for scalar in &scan.scalars {
        let Some((name, field)) = name_and_field(scalar) else { continue };
        let place = place_at(text, lines, scalar.at);
        if found.last().is_none_or(|(p, _)| p.name != name) {
            let empty = Policy {
                name: name.to_owned(),
                value: None,
                level: None,
                scope: None,
                status: None,
                product: product.map(str::to_owned),
            };
            found.push((empty, place.clone()));
        }
        let Some((policy, whole)) = found.last_mut() else { continue };
        *whole = whole.to(&place);
        let value = Some(scalar.value.clone());
        match field {
            "value" => {
                policy.value = match policy.value.take() {
                    Some(before) => Some(format!("{before},{}", scalar.value)),
                    None => value,
                }
            }
            "level" => policy.level = value,
            "scope" => policy.scope = value,
            "error" | "warning" | "status" => policy.status = value,
            _ => {}
        }
    }
    let whole = scan.whole && text.trim_start().starts_with('{');
    if !whole && let Some(last) = lines.last() {
        reading.problem(last.number, "This JSON is cut off: policies behind this line are not known.");
        // The paste may end within the last policy: its value, or what the page says of it, is not known.
        let within = |policy: &Policy| scan.open.contains(&policy.name) || scan.cut && scan.ends_with(&policy.name);
        if found.last().is_some_and(|(policy, _)| within(policy)) {
            found.pop();
        }
    }
    reading.fact(
        lines.first().map(Line::place).unwrap_or_default(),
        Statement::PolicyListing(PolicyListing {
            product: product.map(str::to_owned),
            complete: whole,
            up_to: None,
            policies: u32::try_from(found.len()).unwrap_or(u32::MAX),
        }),
    );
    if let Some(browser) = browser(&scan) {
        reading.fact(lines.first().map(Line::place).unwrap_or_default(), Statement::Browser(browser));
    }
    for (policy, place) in found.into_iter().filter(|(p, _)| matters(&p.name)) {
        let lit: Vec<String> = [Some(policy.name.clone()), policy.value.clone()].into_iter().flatten().collect();
        reading.fact(place.lit(lit), Statement::Policy(policy));
    }
    reading
}

/// The policy that a scalar speaks of, and which of its fields.
fn name_and_field(scalar: &Scalar) -> Option<(&str, &str)> {
    let at = scalar
        .path
        .iter()
        .position(|key| looks_like_name(key) && !["policyValues", "chromePolicies"].contains(&key.as_str()))?;
    let name = scalar.key(at);
    let field = scalar.key(at.saturating_add(1));
    if FIELDS.contains(&field) {
        return Some((name, field));
    }
    // Flat: the value itself, or an element of a list.
    let flat = field.is_empty() || field.chars().all(|c| c.is_ascii_digit());
    (at == 0 && flat).then_some((name, "value"))
}

fn product(scan: &Scan, text: &str) -> Option<&'static str> {
    if words::has(text, "Microsoft Edge") {
        return Some("edge");
    }
    let names =
        scan.scalars.iter().filter(|s| matches!(s.path.last().map(String::as_str), Some("application" | "name")));
    let mut names = names.map(|s| s.value.to_lowercase());
    names.find_map(|n| {
        if n.contains("chromium") {
            Some("chromium")
        } else if n.contains("chrome") {
            Some("chrome")
        } else {
            None
        }
    })
}

fn browser(scan: &Scan) -> Option<Browser> {
    let of = |key: &str| scan.get(&["chromeMetadata", key]).unwrap_or_default().to_owned();
    let product = of("application");
    (!product.is_empty()).then(|| Browser { product, version: of("version"), os: of("OS"), capture_mode: None })
}

/// The line on which an offset of the joined text stands.
fn place_at(text: &str, lines: &[Line], at: usize) -> Place {
    let index = text.get(..at).map_or(0, |head| head.bytes().filter(|b| *b == b'\n').count());
    lines.get(index).map(Line::place).unwrap_or_default()
}
