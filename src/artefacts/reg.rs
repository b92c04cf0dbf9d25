//! Reads browser policies from the registry: `reg query` output and `.reg` files.

use super::kind::Kind;
use super::policy_words::{is_auth, matters};
use super::{Anchor, KindReader, Reading, words};
use crate::facts::{Place, Policy, PolicyListing, Statement};
use crate::ingest::lines::Line;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Reg, anchor, json: None, read };

/// The registry keys of the browsers' policies, lower case.
const KEYS: [(&str, &str); 3] = [
    ("\\policies\\microsoft\\edge", "edge"),
    ("\\policies\\google\\chrome", "chrome"),
    ("\\policies\\chromium", "chromium"),
];

/// Policies of one value that are written as a list by mistake.
const LISTS: [&str; 2] = ["AuthNegotiateDelegateAllowlist", "AuthServerAllowlist"];

/// A key's line, `HKEY_…\…` or `[HKEY_…\…]`; the path without brackets.
fn key(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches('[').trim_end_matches(']');
    let hive = ["HKEY_", "HKLM\\", "HKCU\\", "HKLM:", "HKCU:"].iter().any(|h| line.starts_with(h));
    (hive && line.contains('\\') && !line.contains('"')).then_some(line)
}

/// The keys beside the right ones, where policies are put by mistake, lower case.
const BESIDE: [(&str, &str); 2] = [("\\software\\microsoft\\edge", "edge"), ("\\software\\google\\chrome", "chrome")];

/// A key under which policies of a browser stand, or are meant to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Under {
    product: &'static str,
    recommended: bool,
    /// Why the browser does not read what stands here.
    unread: Option<&'static str>,
    /// The policy whose name the key has: a list of values instead of one.
    list: Option<&'static str>,
}

/// The browser whose policies stand under a key.
fn product(key: &str) -> Option<Under> {
    let lower = key.to_lowercase();
    let lower = lower.trim_end_matches('\\');
    let right = KEYS.iter().find_map(|(path, product)| {
        let rest = lower.split_once(path)?.1;
        // `…\Edge\WebView2` and `…\EdgeUpdate` are other products' keys.
        let below = rest.strip_prefix('\\').unwrap_or_default();
        let recommended = below.starts_with("recommended");
        let list = LISTS.iter().find(|name| below.eq_ignore_ascii_case(name)).copied();
        let unread = if list.is_some() {
            Some("not applied: a key of its own with a list; the policy is one text value")
        } else if lower.contains("\\wow6432node\\") {
            Some("not applied: under WOW6432Node")
        } else {
            None
        };
        (rest.is_empty() || recommended || list.is_some()).then_some(Under { product, recommended, unread, list })
    });
    let beside = || {
        let (_, product) = BESIDE.iter().find(|(path, _)| lower.ends_with(path))?;
        let unread = Some("not applied: the key lacks Policies");
        Some(Under { product, recommended: false, unread, list: None })
    };
    right.or_else(beside)
}

/// `    Name    REG_SZ    data`, or `"Name"="data"`, or `"Name"=dword:00000001`.
fn value(line: &str) -> Option<(&str, String)> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix('"') {
        let (name, data) = rest.split_once('"')?;
        let data = data.trim_start().strip_prefix('=')?.trim();
        let data = match data.strip_prefix("dword:") {
            Some(hex) => format!(
                "0x{}",
                hex.trim_start_matches('0').to_owned() + if hex.trim_matches('0').is_empty() { "0" } else { "" }
            ),
            None => data.trim_matches('"').replace("\\\\", "\\"),
        };
        return Some((name, data));
    }
    let (name, rest) = line.split_once("REG_")?;
    let name = name.trim();
    let data = rest.split_once(char::is_whitespace).map_or("", |(_, d)| d.trim());
    (!name.is_empty() && name.split_whitespace().count() == 1).then(|| (name, data.to_owned()))
}

/// The key that a `reg query` of a whole key names, lower case.
fn queried(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let (_, asked) = lower.split_once("reg query ")?;
    let asked = asked.trim().trim_end_matches(" /s").trim_matches('"').trim_end_matches('\\');
    (!asked.contains(" /")).then(|| asked.to_owned())
}

/// True when the browser's whole key was looked up for the computer and for the user.
fn both_hives(lines: &[Line], product: &str) -> bool {
    let Some((path, _)) = KEYS.iter().find(|(_, name)| *name == product) else { return false };
    let asked: Vec<String> = lines.iter().filter_map(|line| queried(&line.text)).collect();
    let whole = |hives: [&str; 2]| asked.iter().any(|a| a.ends_with(path) && hives.iter().any(|h| a.starts_with(h)));
    whole(["hklm\\", "hkey_local_machine\\"]) && whole(["hkcu\\", "hkey_current_user\\"])
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    if line.trim() == "REGEDIT4" || words::has(line, "Windows Registry Editor Version") {
        return Anchor::starts("a registry export");
    }
    if queried(line).is_some_and(|asked| KEYS.iter().any(|(path, _)| asked.ends_with(path))) {
        return Anchor::belongs("a query of a browser's policy key");
    }
    if key(line).and_then(product).is_some() {
        return Anchor::belongs("a registry key of browser policies");
    }
    let inside = current == Some(Kind::Reg);
    let ours = value(line).is_some_and(|(name, _)| inside || is_auth(name));
    if ours || inside && key(line).is_some() { Anchor::belongs("a registry value of a browser policy") } else { None }
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut under: Option<Under> = None;
    let mut scope: Option<&str> = None;
    let mut listing: Option<(PolicyListing, Place)> = None;
    let mut policies = Vec::new();
    for line in lines {
        if let Some(key) = key(&line.text) {
            under = product(key);
            let machine = key.starts_with("HKEY_LOCAL_MACHINE") || key.starts_with("HKLM");
            scope = Some(if machine { "machine" } else { "user" });
            if let Some(Under { product, .. }) = under {
                // One hive is never all: the user's policies stand in the other one.
                let complete = both_hives(lines, product);
                let head = PolicyListing { product: Some(product.to_owned()), complete, up_to: None, policies: 0 };
                listing.get_or_insert_with(|| (head, line.place()));
            }
            continue;
        }
        let Some((name, data)) =
            value(&line.text).filter(|(name, _)| under.is_some() || scope.is_none() && is_auth(name))
        else {
            continue;
        };
        let place = line.lit([name.to_owned(), data.clone()]);
        let empty = PolicyListing { product: None, complete: false, up_to: None, policies: 0 };
        let (head, _) = listing.get_or_insert_with(|| (empty, line.place()));
        head.policies = head.policies.saturating_add(1);
        let name = under.and_then(|u| u.list).unwrap_or(name);
        if matters(name) {
            let policy = Policy {
                name: name.to_owned(),
                value: Some(data),
                level: under.map(|u| if u.recommended { "recommended" } else { "mandatory" }.to_owned()),
                scope: scope.map(str::to_owned),
                status: under.and_then(|u| u.unread).map(str::to_owned),
                product: under.map(|u| u.product.to_owned()),
            };
            policies.push((place, Statement::Policy(policy)));
        }
    }
    match listing {
        Some((head, place)) => reading.fact(place, Statement::PolicyListing(head)),
        None => {
            if let Some(line) = lines.first() {
                reading.problem(line.number, "No browser policy is in this part of the registry. Query SOFTWARE\\Policies\\Microsoft\\Edge in HKLM and HKCU.");
            }
        }
    }
    for (place, says) in policies {
        reading.fact(place, says);
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    fn told(text: &str) -> Vec<String> {
        let facts = read(&test_lines(text)).facts.into_iter();
        facts
            .filter_map(|f| match f.says {
                Statement::Policy(p) => {
                    Some(format!("{} {} {:?} {:?} {:?}", p.name, p.value.unwrap(), p.level, p.scope, p.product))
                }
                Statement::PolicyListing(l) => Some(format!("{} complete={}", l.policies, l.complete)),
                _ => None,
            })
            .collect()
    }

    const QUERY: &str = "C:\\>reg query HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge\n\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge\n    AuthServerAllowlist    REG_SZ    *.contoso.com\n    DisableAuthNegotiateCnameLookup    REG_DWORD    0x0\n    HomepageLocation    REG_SZ    x\n";
    const FILE: &str = "Windows Registry Editor Version 5.00\n\n[HKEY_CURRENT_USER\\Software\\Policies\\Google\\Chrome]\n\"AuthNegotiateDelegateWhitelist\"=\"*.a.org,*.b.coop\"\n\"EnableAuthNegotiatePort\"=dword:00000001\n\n[HKEY_CURRENT_USER\\Software\\Other]\n\"AuthSchemes\"=\"x\"\n";

    #[test]
    fn query_and_file() {
        assert_eq!(
            told(QUERY),
            [
                "3 complete=false",
                "AuthServerAllowlist *.contoso.com Some(\"mandatory\") Some(\"machine\") Some(\"edge\")",
                "DisableAuthNegotiateCnameLookup 0x0 Some(\"mandatory\") Some(\"machine\") Some(\"edge\")"
            ]
        );
        assert_eq!(
            told(FILE),
            [
                "2 complete=false",
                "AuthNegotiateDelegateWhitelist *.a.org,*.b.coop Some(\"mandatory\") Some(\"user\") Some(\"chrome\")",
                "EnableAuthNegotiatePort 0x1 Some(\"mandatory\") Some(\"user\") Some(\"chrome\")"
            ]
        );
        for (key, unread) in [
            ("SOFTWARE\\Microsoft\\Edge", true),
            ("SOFTWARE\\WOW6432Node\\Policies\\Microsoft\\Edge", true),
            ("SOFTWARE\\Policies\\Microsoft\\Edge\\AuthNegotiateDelegateAllowlist", true),
            ("SOFTWARE\\Policies\\Microsoft\\Edge", false),
        ] {
            let name = if key.ends_with("list") { "1" } else { "AuthNegotiateDelegateAllowlist" };
            let text = format!("HKEY_LOCAL_MACHINE\\{key}\n    {name}    REG_SZ    web.contoso.com\n");
            assert_eq!(words::kinds(&text), [Kind::Reg], "{key}");
            let policy = read(&test_lines(&text)).facts.into_iter().find_map(|f| match f.says {
                Statement::Policy(p) => Some(p),
                _ => None,
            });
            let policy = policy.unwrap();
            assert_eq!(policy.name, "AuthNegotiateDelegateAllowlist");
            assert_eq!(policy.status.is_some(), unread, "{key}");
        }
        assert_eq!(words::kinds("HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Google\\Chrome\n"), [Kind::Reg]);
        assert_eq!(words::kinds(QUERY), [Kind::Reg]);
        assert_eq!(words::kinds(FILE), [Kind::Reg]);
        // One line of it, collapsed by a mail client.
        assert_eq!(
            told("AuthServerAllowlist REG_SZ *.contoso.com"),
            ["1 complete=false", "AuthServerAllowlist *.contoso.com None None None"]
        );
        let user = "C:\\>reg query HKCU\\SOFTWARE\\Policies\\Microsoft\\Edge";
        assert_eq!(told(&format!("{QUERY}\n{user}\nERROR: not found.\n"))[0], "3 complete=true");
        assert_eq!(told(&format!("{QUERY}\n{user} /v AuthSchemes\nERROR: not found.\n"))[0], "3 complete=false");
        assert_eq!(words::kinds("AuthServerAllowlist REG_SZ *.contoso.com"), [Kind::Reg]);
        assert_eq!(anchor("HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa", None), None);
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, &format!("{QUERY}{FILE}"));
    }
}
