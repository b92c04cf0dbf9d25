//! The allow-list tester: a URL and a policy's value → what each entry does, in words.

use crate::vocabulary::allow_list::{Origin, Reason, evaluate};

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It matches this URL.
    Matches,
    /// It can match, but not this URL.
    NotThis,
    /// It can match no URL at all.
    Never,
}

/// One entry, tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The entry as written.
    pub entry: String,
    /// What it does.
    pub effect: Effect,
    /// Why, for a person.
    pub why: &'static str,
    /// What is dangerous about it; empty when nothing is.
    pub danger: &'static str,
}

/// Tests a policy's value. `None` when the URL names no host.
pub fn test(url: &str, value: &str) -> Option<Vec<Row>> {
    let named = |o: &Origin| o.host.chars().all(|c| c.is_alphanumeric() || "-._:".contains(c));
    let origin = Origin::parse(url.trim()).filter(named)?;
    let row = |e: crate::vocabulary::allow_list::Entry| Row {
        effect: match e.verdict {
            Ok(()) => Effect::Matches,
            Err(Reason::UrlPath | Reason::SpaceSeparated | Reason::Quoted | Reason::RegexSyntax | Reason::BadPort) => {
                Effect::Never
            }
            Err(_) => Effect::NotThis,
        },
        why: e.verdict.err().map_or("it matches the host in the address bar", Reason::says),
        danger: if e.too_wide {
            "it also matches hosts that nobody meant: each of them may get the user's ticket"
        } else {
            ""
        },
        entry: e.text,
    };
    Some(evaluate(value, &origin).into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_says_what_it_does() {
        let rows =
            test(" https://web.contoso.com/app ", "*.contoso.com,https://web.contoso.com/,contoso.com;*").unwrap();
        let seen: Vec<_> = rows.iter().map(|r| (r.effect, r.danger.is_empty())).collect();
        let expected =
            [(Effect::Matches, true), (Effect::Never, true), (Effect::NotThis, true), (Effect::Matches, false)];
        assert_eq!(seen, expected);
        assert_eq!((test("", "*"), test("not a url at all", "*")), (None, None));
    }
}
