//! Reads what the person says: `key: value` lines, in a mail or from the wizard.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading};
use crate::facts::{Answer, Statement};
use crate::ingest::lines::Line;
use crate::ingest::mask::mask;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Answers, anchor, json: None, read };

/// The answer of somebody who has none: the question is set aside.
pub const SKIPPED: &str = "skipped";

/// True when an answer only says that there is none.
pub fn sets_aside(value: &str) -> bool {
    let value = value.trim().trim_end_matches('.').to_lowercase().replace('\u{2019}', "'");
    [SKIPPED, "don't know", "i don't know", "dont know", "not known", "no idea", "?"].contains(&value.as_str())
}

const WHY: &str = "key: value lines that answer our questions";

/// Keys that nothing else writes: they open a section wherever they stand.
const CLEAR: [&str; 36] = [
    "browser",
    "works_in_ie_mode",
    "works_in_ie",
    "intended_model",
    "browser_restarted",
    "other_users",
    "other_pcs",
    "symptom",
    "connection_string",
    "back_end_url",
    "back_end_account",
    "service_account",
    "policy_deployed",
    "back_end",
    "front_end",
    "tested_with",
    "tester",
    "normal_window",
    "regular_window",
    "works_in_normal_window",
    "works_on_windows",
    "works_in_windows",
    "ie_mode_site_list",
    "ie_mode",
    "load_balancer",
    "about_config",
    "network.negotiate-auth.delegation-uris",
    "delegation-uris",
    "enforce_ok_as_delegate",
    "policy_set",
    "hop1",
    "fspn",
    "bspn",
    "tkt",
    "bes",
    "pol",
];
/// Keys that other text writes too (`url:` in a directory dump, `page:` in a log): they open a section only outside of it.
const COMMON: [&str; 19] = [
    "problem", "window", "prompt", "site", "url", "page", "fails", "changed", "zone", "ie_zone", "os", "caller",
    "scope", "asked", "model", "fe", "err", "dom", "usr",
];
/// How people call these in their own words and languages; a key that begins so is meant.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("symptôme", "symptom"),
    ("symptome", "symptom"),
    ("síntoma", "symptom"),
    ("sintoma", "symptom"),
    ("sintomo", "symptom"),
    ("navigateur", "browser"),
    ("navegador", "browser"),
    ("modèle_prévu", "intended_model"),
    ("modele_prevu", "intended_model"),
    ("who_calls", "caller"),
    ("wer_ruft", "caller"),
    ("qui_appelle", "caller"),
];
/// `chg` completes the fourteen questions.
const CHANGED: &str = "chg";

/// Firefox's settings about Negotiate: a row of about:config, or a line of prefs.js.
const FIREFOX: &str = "network.negotiate-auth.";

/// A setting of Firefox with its value; an empty one says so.
fn firefox(line: &str) -> Option<(String, &str)> {
    let line = line.trim_start_matches("user_pref(").trim_start_matches('"');
    let end = line.starts_with(FIREFOX).then(|| line.find(|c: char| !c.is_ascii_lowercase() && !"-.".contains(c)))?;
    let (key, value) = line.split_at(end.unwrap_or(line.len()));
    let value = value.trim_matches(|c: char| c.is_whitespace() || "\",;:=()".contains(c));
    Some((key.to_owned(), if value.is_empty() { "empty" } else { value }))
}

/// The key as we know it, and the value, of a `key: value` line.
fn split(line: &str) -> Option<(String, &str)> {
    if let Some(setting) = firefox(line.trim()) {
        return Some(setting);
    }
    let line = line.trim().trim_start_matches(['-', '*']).trim_start();
    // A setting of Firefox as its page is called: `about:config network.negotiate-auth.delegation-uris: …`.
    let line = ["about:config", "about_config "]
        .iter()
        .find_map(|p| line.strip_prefix(p))
        .map_or(line, |setting| setting.trim_start_matches([':', ' ', '"']));
    let (key, value) = line.split_once([':', '='])?;
    let key = key.trim().trim_end_matches('"').to_lowercase();
    let value = value.trim();
    let word = !key.is_empty()
        && key.len() <= 60
        && key.starts_with(|c: char| c.is_alphanumeric())
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' '));
    if !word || value.is_empty() || value.starts_with("//") {
        return None;
    }
    // People write "Works in IE mode"; keys that we know are written with underscores.
    let joined = key.split_whitespace().collect::<Vec<_>>().join("_");
    // `symptom 1`, `symptom 2`: one key, told several times.
    let counted = joined.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    if matches!(counted, "symptom" | "problem") {
        return Some((counted.to_owned(), value));
    }
    if let Some((_, key)) = OTHER_NAMES.iter().find(|(name, _)| joined.starts_with(name)) {
        return Some(((*key).to_owned(), value));
    }
    if known(&joined) || joined == key { Some((joined, value)) } else { None }
}

/// True for `key: value`, whatever the key.
pub fn is_pair(line: &str) -> bool {
    split(line).is_some()
}

/// True for a line with a key that we know.
pub fn is_answer(line: &str) -> bool {
    split(line).is_some_and(|(key, _)| known(&key))
}

fn known(key: &str) -> bool {
    CLEAR.contains(&key) || COMMON.contains(&key) || key == CHANGED || ours(key)
}

/// Leaf tests and requests.
fn ours(key: &str) -> bool {
    key.starts_with("test-") || key.starts_with("ask-")
}

/// `symptom: Login failed for user …`: the person's line, whatever is quoted in it.
pub fn symptom(line: &str) -> Option<Anchor> {
    split(line).filter(|(key, _)| key == "symptom").and_then(|_| Anchor::belongs(WHY))
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let (key, value) = split(line)?;
    // A name alone may be quoted anywhere; among rows it is one whose value is empty.
    if key.starts_with(FIREFOX) && current != Some(Kind::Answers) && value == "empty" && line.trim().ends_with(&key) {
        return None;
    }
    let outside = matches!(
        current,
        None | Some(Kind::Unknown | Kind::Answers | Kind::Klist | Kind::Setspn | Kind::Whoami | Kind::BeError)
    );
    let opens = CLEAR.contains(&key.as_str())
        || key == CHANGED
        || ours(&key)
        || key.starts_with(FIREFOX)
        || outside && known(&key);
    // Inside, every key counts, unless the line is one that another kind knows.
    let others = || super::known_elsewhere(line, &[Kind::Answers]);
    if opens || current == Some(Kind::Answers) && !others() { Anchor::belongs(WHY) } else { None }
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    for line in lines {
        if let Some((key, value)) = split(&line.text) {
            let value = mask(value);
            reading.fact(line.lit([value.clone()]), Statement::Answer(Answer { key, value }));
        }
    }
    reading
}

/// The wizard's answers as an artefact.
pub fn artefact(text: &str) -> crate::ingest::Artefact {
    let decoded = crate::ingest::decode::decode(text.as_bytes());
    let reading = read(&decoded.lines);
    crate::ingest::Artefact {
        kind: Kind::Answers,
        role: crate::facts::Role::Unknown,
        why: "your answers".to_owned(),
        why_role: String::new(),
        first_line: 1,
        last_line: decoded.lines.last().map_or(1, |l| l.number),
        facts: reading.facts,
        problems: reading.problems,
        shown: decoded.lines.iter().map(|l| crate::ingest::ShownLine::of(l.number, &l.text)).collect(),
        kept: Vec::new(),
        confidence: crate::ingest::Confidence::Certain,
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::*;
    use crate::ingest::lines::test_lines;

    fn told(text: &str) -> Vec<String> {
        let facts = read(&test_lines(text)).facts.into_iter();
        facts
            .map(|f| if let Statement::Answer(a) = f.says { format!("{}={}", a.key, a.value) } else { String::new() })
            .collect()
    }

    #[test]
    fn keys_in_the_ways_people_write_them() {
        let text = "> browser: Microsoft Edge 138 (Windows 11)\n- Works in IE mode: yes\nINTENDED_MODEL = unconstrained\n\
                    url: http://intranet.contoso.com/\ntest-policy-matches: yes\ntkt: FO\nmy_note: something else\nno answer here\nempty:\n";
        assert_eq!(
            told(text),
            [
                "browser=Microsoft Edge 138 (Windows 11)",
                "works_in_ie_mode=yes",
                "intended_model=unconstrained",
                "url=http://intranet.contoso.com/",
                "test-policy-matches=yes",
                "tkt=FO",
                "my_note=something else"
            ]
        );
        assert_eq!(words::kinds(text), [Kind::Answers]);
        assert_eq!(artefact(text).facts.len(), 7);
    }

    #[test]
    fn firefox_settings_as_about_config_and_prefs_write_them() {
        let rows = "network.negotiate-auth.allow-proxies\ttrue\nnetwork.negotiate-auth.delegation-uris\nnetwork.negotiate-auth.trusted-uris\thttps://a.contoso.com, .b.com\n";
        let expected = ["allow-proxies=true", "delegation-uris=empty", "trusted-uris=https://a.contoso.com, .b.com"];
        assert_eq!(told(rows), expected.map(|e| format!("network.negotiate-auth.{e}")));
        assert_eq!(words::kinds(rows), [Kind::Answers]);
        let prefs = "user_pref(\"network.negotiate-auth.delegation-uris\", \".contoso.com\");";
        assert_eq!(told(prefs), ["network.negotiate-auth.delegation-uris=.contoso.com"]);
        assert_eq!(
            told("network.negotiate-auth.delegation-uris: (empty)"),
            ["network.negotiate-auth.delegation-uris=empty"]
        );
        assert_eq!(anchor("network.negotiate-auth.delegation-uris", None), None);
    }

    #[test]
    fn other_text_is_left_alone() {
        for line in [
            "http://intranet.contoso.com/",
            "Name: svc-web",
            "Status: OK",
            "Dear all,",
            "What we see: nothing",
            "browser:",
        ] {
            assert_eq!(anchor(line, None), None, "{line}");
        }
        assert_eq!(anchor("url: http://x/", Some(Kind::AdAttributes)), None);
        assert!(anchor("anything: goes", Some(Kind::Answers)).is_some());
        let mixed = "browser: Edge\nmy_note: x\n\nAuthServerAllowlist: *.contoso.com\nLog Name:      System\n Error Code: 0xd KDC_ERR_BADOPTION\n";
        assert_eq!(words::kinds(mixed), [Kind::Answers, Kind::EdgePolicy, Kind::Event]);
        assert!(
            !told("symptom: Authorization: Negotiate YIIHiwYGKwYBBQUCoIIHfzCCB3ugMDAuBgkqhkiC9xIBAgIG")[0]
                .contains("YIIH")
        );
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, "browser: Edge\nü: x\nworks in ie mode: no\ntest-é: 1\n");
    }
}
