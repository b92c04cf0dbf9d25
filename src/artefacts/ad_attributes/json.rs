//! Directory objects as JSON (`Get-ADUser … | ConvertTo-Json`) → the lines that Format-List prints.

use super::labels;
use crate::artefacts::loose_json::scan;
use crate::artefacts::{join, words};
use crate::ingest::lines::Line;

/// Several attributes, one of which only an account has.
pub(super) fn recognised(text: &str) -> Option<&'static str> {
    let has = |key: &&str| words::has(text, &format!("\"{key}\""));
    let of_account = ["serviceprincipalnames", "serviceprincipalname", "useraccountcontrol", "trustedfordelegation"];
    let named = ["distinguishedname", "samaccountname", "name"].iter().any(&has);
    (named && of_account.iter().any(&has)).then_some("JSON with attributes of directory objects")
}

/// `None` for anything else than JSON. What stands before it, and comments, stay.
pub(super) fn lines(lines: &[Line]) -> Option<Vec<Line>> {
    let at = lines.iter().position(|l| l.trimmed().starts_with(['{', '[']))?;
    let (before, rest) = lines.split_at_checked(at)?;
    let text = filled(&join(rest));
    recognised(&text)?;
    let mut found: Vec<(usize, Line)> = Vec::new();
    let mut element = "";
    let scan = scan(&text);
    for scalar in &scan.scalars {
        let numbered = |key: &&String| key.parse::<u32>().is_ok();
        let Some(label) = scalar.path.iter().rfind(|key| !numbered(key)).filter(|key| labels::known(key)) else {
            continue;
        };
        let number = text.get(..scalar.at)?.matches('\n').count();
        let line = rest.get(number)?;
        if scalar.path.first().as_ref().is_some_and(numbered) && scalar.key(0) != element {
            element = scalar.key(0);
            found.push((number, Line { text: String::new(), ..line.clone() }));
        }
        let is_list = scalar.path.last().as_ref().is_some_and(numbered);
        let open = found.last_mut().filter(|(_, l)| {
            is_list && scalar.key(scalar.path.len().saturating_sub(1)) != "0" && l.text.ends_with('}')
        });
        match open {
            Some((_, open)) => {
                open.text = format!("{}, {}}}", open.text.trim_end_matches('}'), scalar.value);
                open.end_byte = line.end_byte;
            }
            None => {
                let value = if is_list { format!("{{{}}}", scalar.value) } else { scalar.value.replace("null", "") };
                found.push((number, Line { text: format!("{label} : {value}"), ..line.clone() }));
            }
        }
    }
    found.iter().any(|(_, l)| !l.text.is_empty()).then_some(())?;
    let comments = rest.iter().enumerate().filter(|(_, l)| l.trimmed().starts_with('#'));
    found.extend(comments.map(|(number, l)| (number, l.clone())));
    found.sort_by_key(|(number, _)| *number);
    Some(before.iter().cloned().chain(found.into_iter().map(|(_, l)| l)).collect())
}

/// An empty list holds an empty word, so that it is met.
fn filled(text: &str) -> String {
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        out.push(c);
        if c == '[' && text.get(at.saturating_add(1)..).is_some_and(|rest| rest.trim_start().starts_with(']')) {
            out.push_str("\"\"");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefacts::kind::Kind;
    use crate::ingest::lines::test_lines;

    const ONE: &str = "{\n  \"Name\": \"svc-web\",\n  \"msDS-AllowedToDelegateTo\": [\n    \"HTTP/api\",\n    \"HTTP/api.contoso.com\"\n  ],\n  \"PrincipalsAllowedToDelegateToAccount\": [\n\n  ],\n  \"ServicePrincipalNames\": null,\n  \"TrustedForDelegation\": false\n}";

    fn told(text: &str) -> Vec<(u32, String)> {
        let found = lines(&test_lines(text)).unwrap_or_default();
        found.into_iter().map(|l| (l.number, l.text)).collect()
    }

    #[test]
    fn objects_read_as_lists() {
        let want = [
            (2, "Name : svc-web"),
            (4, "msDS-AllowedToDelegateTo : {HTTP/api, HTTP/api.contoso.com}"),
            (7, "PrincipalsAllowedToDelegateToAccount : {}"),
            (10, "ServicePrincipalNames : "),
            (11, "TrustedForDelegation : false"),
        ];
        assert_eq!(told(ONE), want.map(|(n, l)| (n, l.to_owned())));
        assert_eq!(told(&format!("# front end\n[{ONE},\n{ONE}]")).iter().filter(|(_, l)| l.is_empty()).count(), 2);
        assert_eq!(words::kinds(ONE), [Kind::AdAttributes]);
        for other in ["Name : x\nServicePrincipalNames :\n {HTTP/a, HTTP/b}", "{\"Name\": 1}"] {
            assert_eq!(told(other), [], "{other}");
        }
    }
}
