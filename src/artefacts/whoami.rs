//! Reads whoami.aspx text (failure-modes.md, 2.7) and `WindowsIdentity` as PowerShell prints it: how the server
//! authenticated the user, at which impersonation level, and as whom it calls onwards.
//!
//! Microsoft's article writes `Delegate` and `Impersonate`, .NET `Delegation` and `Impersonation`: kept as written.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading};
use crate::facts::{At, Identity, Place, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::names::{AccountName, HostName};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Whoami, anchor, json: None, read };

/// What a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Method,
    User,
    Level,
    Name,
    Ignored,
}

/// The page's labels; longer ones first where one contains another.
const LABELS: [(&str, Field); 12] = [
    ("Authentication Method", Field::Method),
    ("AuthenticationType", Field::Ignored),
    ("ImpersonationLevel", Field::Level),
    ("Impersonation Level", Field::Level),
    ("IsAuthenticated", Field::Ignored),
    ("Windows identity", Field::Ignored),
    ("Logon user", Field::Ignored),
    ("AUTH_USER", Field::User),
    ("LOGON_USER", Field::Ignored),
    ("AUTH_TYPE", Field::Ignored),
    ("Identity", Field::User),
    ("Name", Field::Name),
];

const THREAD: &str = "Thread.CurrentPrincipal";
const CURRENT: &str = "WindowsIdentity.GetCurrent";

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let trimmed = line.trim();
    if trimmed.contains("Who Am I Page") {
        return Anchor::starts("the title of whoami.aspx");
    }
    let short = trimmed.split_whitespace().count() <= 8;
    if trimmed.starts_with("Authentication Method:")
        || (short && trimmed.contains(THREAD))
        || (short && trimmed.contains(CURRENT))
    {
        return Anchor::belongs("the lines of whoami.aspx");
    }
    let level = level(trimmed).is_some();
    let open = current == Some(Kind::Whoami);
    let label = LABELS.iter().any(|(l, _)| trimmed.strip_prefix(l).is_some_and(|r| r.trim_start().starts_with(':')));
    (level || (open && label)).then(|| Anchor::belongs("the lines of a Windows identity")).flatten()
}

/// `ImpersonationLevel: Impersonation`, also as a member of something: `identity.ImpersonationLevel = Identification`.
fn level(text: &str) -> Option<&str> {
    let (before, rest) = text.split_once("ImpersonationLevel")?;
    let value = rest.trim_start().strip_prefix([':', '='])?.trim();
    (!before.contains(char::is_whitespace)).then_some(value)
}

/// Every label with its value on a line, in order: a page may be collapsed to one line.
fn fields(text: &str) -> Vec<(Field, &str)> {
    let mut found: Vec<(usize, usize, Field)> = Vec::new();
    for (label, field) in LABELS {
        for (at, _) in text.match_indices(label) {
            let end = at.saturating_add(label.len());
            let rest = text.get(end..).unwrap_or_default();
            let blanks = rest.len().saturating_sub(rest.trim_start().len());
            let before = text.get(..at).and_then(|b| b.chars().next_back());
            if rest.trim_start().starts_with(':') && before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.')
            {
                found.push((at, end.saturating_add(blanks).saturating_add(1), field));
            }
        }
    }
    found.sort_unstable_by_key(|(at, end, _)| (*at, std::cmp::Reverse(*end)));
    // `Identity:` inside `Windows identity:` does not count twice (they differ in case, but pages vary).
    found.dedup_by(|b, a| b.1 <= a.1);
    let ends = found.iter().skip(1).map(|(at, _, _)| *at).chain(std::iter::once(text.len()));
    found
        .iter()
        .zip(ends)
        .map(|((_, from, field), end)| (*field, value(text.get(*from..end).unwrap_or_default())))
        .collect()
}

/// The value without the page's remark (`Request.ServerVariables("AUTH_TYPE")`) and without a following heading.
fn value(text: &str) -> &str {
    let cut = ["Request.", "Page.User", "System.", "Identity (", "Windows Identity (", "   "];
    let trimmed = text.trim();
    let end = cut.iter().filter_map(|c| trimmed.find(c)).min().unwrap_or(trimmed.len());
    trimmed.get(..end).unwrap_or(trimmed).trim()
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut identity = Identity::default();
    let mut place: Option<Place> = None;
    let mut other_level: Option<At<String>> = None;
    let mut name: Option<At<String>> = None;
    let (mut in_current, mut in_thread) = (false, false);
    for (at, line) in lines.iter().enumerate() {
        let text = line.trimmed();
        notes(text, &mut identity);
        if let Some(found) = level(text).filter(|l| text.contains(".ImpersonationLevel") && !l.is_empty()) {
            place = Some(place.as_ref().map_or_else(|| line.place(), |p| p.to(&line.place())));
            other_level = other_level.take().or_else(|| Some(At::new(found.to_owned(), line.lit([found]))));
        }
        for (part_at, part) in parts(text) {
            if part_at > 0 || part.contains(THREAD) || part.contains(CURRENT) {
                in_thread = part.contains(THREAD);
                in_current = part.contains(CURRENT);
            }
            for (field, found) in fields(part) {
                // A value may stand on the next line.
                let next =
                    lines.get(at.saturating_add(1)).filter(|l| found.is_empty() && fields(l.trimmed()).is_empty());
                let (found, line) = match next {
                    Some(next)
                        if !next.trimmed().contains(THREAD)
                            && !next.trimmed().contains(CURRENT)
                            && !next.trimmed().contains('~') =>
                    {
                        (value(next.trimmed()), next)
                    }
                    _ => (found, line),
                };
                place = Some(place.as_ref().map_or_else(|| line.place(), |p| p.to(&line.place())));
                if found.is_empty() {
                    continue;
                }
                let here = At::new(found.to_owned(), line.lit([found]));
                match field {
                    Field::Method => identity.method = identity.method.take().or(Some(here)),
                    Field::User => {
                        let user = AccountName::parse(found).map(|u| At::new(u, here.place));
                        identity.user = identity.user.take().or(user);
                    }
                    Field::Level if in_thread => identity.level = identity.level.take().or(Some(here)),
                    Field::Level => other_level = other_level.take().or(Some(here)),
                    Field::Name if in_current => {
                        let user = AccountName::parse(found).map(|u| At::new(u, here.place));
                        identity.current = identity.current.take().or(user);
                    }
                    Field::Name if !in_thread => name = name.take().or(Some(here)),
                    Field::Name | Field::Ignored => {}
                }
            }
        }
    }
    identity.level = identity.level.or(other_level);
    // PowerShell's `[WindowsIdentity]::GetCurrent()` prints one list without the page's headings.
    if identity.method.is_none() && identity.current.is_none() {
        identity.current = name.and_then(|n| AccountName::parse(&n.value).map(|a| At::new(a, n.place)));
    }
    let nothing =
        identity.method.is_none() && identity.level.is_none() && identity.current.is_none() && identity.user.is_none();
    match place {
        Some(place) if !nothing => reading.fact(place, Statement::Identity(Box::new(identity))),
        _ => {
            let line = lines.first().map_or(1, |l| l.number);
            reading.problem(line, "The page's values are missing. Copy the whole text of whoami.aspx.");
        }
    }
    reading
}

/// A line cut before each of the page's two headings.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut cuts: Vec<usize> = [THREAD, CURRENT].iter().filter_map(|h| text.find(h)).collect();
    cuts.sort_unstable();
    cuts.insert(0, 0);
    let ends = cuts.iter().skip(1).copied().chain(std::iter::once(text.len()));
    cuts.iter().zip(ends).filter_map(|(from, to)| text.get(*from..to).map(|t| (*from, t))).collect()
}

/// What a comment, or the page's address, says of the page.
fn notes(text: &str, identity: &mut Identity) {
    let lower = text.to_lowercase();
    let comment = text.starts_with(['#', '/', ';', '-']) || lower.contains("page of") || lower.ends_with(':');
    if comment
        && ["back end", "back-end", "backend"].iter().any(|w| lower.contains(w))
        && !lower.contains("not the back")
    {
        identity.of_back_end = true;
    }
    if identity.host.is_none() && lower.contains("whoami") {
        let rest = text.split_once("://").map(|(_, rest)| rest);
        let host = rest.and_then(|r| r.split(['/', ':', '?', ' ']).next()).and_then(HostName::parse);
        identity.host = host;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;
    use proptest::prelude::*;

    const PAGE: &str = "~ Who Am I Page ~

Authentication Information:
Authentication Method:   Negotiate (KERBEROS)   Request.ServerVariables(\"AUTH_TYPE\")
Identity:   CONTOSO\\alice
Windows identity:   CONTOSO\\alice

Identity (System.Threading.Thread.CurrentPrincipal.Identity)
AuthenticationType:   Negotiate
ImpersonationLevel:   Delegate
IsAuthenticated:   True
Name:   CONTOSO\\alice

Windows Identity (System.Security.Principal.WindowsIdentity.GetCurrent)
ImpersonationLevel:   Impersonation
Name:   IIS APPPOOL\\Portal
";

    fn identity(text: &str) -> Identity {
        match &read(&test_lines(text)).facts.first().unwrap().says {
            Statement::Identity(identity) => identity.as_ref().clone(),
            other => panic!("{other:?}"),
        }
    }

    fn says(text: &str) -> String {
        let i = identity(text);
        format!(
            "{}|{}|{}|{}|{}|{}",
            i.method.map(|m| m.value).unwrap_or_default(),
            i.user.map(|u| u.value.to_string()).unwrap_or_default(),
            i.level.map(|l| l.value).unwrap_or_default(),
            i.current.map(|c| c.value.to_string()).unwrap_or_default(),
            i.of_back_end,
            i.host.map(|h| h.to_string()).unwrap_or_default(),
        )
    }

    const SAYS: &str = "Negotiate (KERBEROS)|CONTOSO\\alice|Delegate|IIS APPPOOL\\Portal|false|";

    #[test]
    fn the_page_with_its_places() {
        assert_eq!(says(PAGE), SAYS);
        let i = identity(PAGE);
        assert_eq!(i.method.unwrap().place.lit, ["Negotiate (KERBEROS)"]);
        assert_eq!((i.level.unwrap().place.first_line, i.current.unwrap().place.first_line), (10, 16));
    }

    #[test]
    fn quoted_spread_and_collapsed_pages() {
        let quoted: String = PAGE.lines().map(|l| format!("> {l}\n")).collect();
        assert_eq!(says(&quoted), SAYS);
        assert_eq!(says(&PAGE.replace(":   ", ":\n   ")), SAYS);
        assert_eq!(says(&PAGE.lines().collect::<Vec<_>>().join(" ")), SAYS);
    }

    #[test]
    fn comments_say_whose_page_it_is() {
        let back = format!("# page of the BACK END fetched by the front end\n{PAGE}");
        assert!(identity(&back).of_back_end);
        let host = format!("https://api01.contoso.com/whoami.aspx\n{PAGE}");
        assert_eq!(identity(&host).host.unwrap().as_str(), "api01.contoso.com");
        let lines = test_lines(&format!("{PAGE}\n# page of the BACK END\n{PAGE}"));
        let got: Vec<(Kind, u32)> =
            crate::ingest::split::split(&lines).iter().map(|s| (s.kind, s.lines[0].number)).collect();
        assert_eq!(got, [(Kind::Whoami, 1), (Kind::Whoami, 18)]);
    }

    #[test]
    fn a_cut_page_an_anonymous_one_and_powershell() {
        let cut: String = PAGE.lines().take(5).map(|l| format!("{l}\n")).collect();
        assert_eq!(says(&cut), "Negotiate (KERBEROS)|CONTOSO\\alice|||false|");
        assert_eq!(says("Authentication Method:   Anonymous\nIdentity:   \n"), "Anonymous||||false|");
        let shell = "AuthenticationType : Kerberos\nImpersonationLevel : Impersonation\nIsAuthenticated    : True\nName               : CONTOSO\\alice\n";
        assert_eq!(says(shell), "||Impersonation|CONTOSO\\alice|false|");
        assert_eq!(read(&test_lines("~ Who Am I Page ~\n")).problems.len(), 1);
    }

    #[test]
    fn prose_is_not_claimed() {
        for line in ["the ImpersonationLevel was wrong", "Name: bob", "Identity: x", "AuthenticationType: Kerberos"] {
            assert_eq!(anchor(line, None), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn cuts_and_shuffles_never_panic(cut in 0usize..700, order in prop::collection::vec(0usize..20, 0..30)) {
            read(&test_lines(&PAGE.chars().take(cut).collect::<String>()));
            let lines: Vec<&str> = PAGE.lines().collect();
            let shuffled: Vec<&str> = order.iter().filter_map(|i| lines.get(*i).copied()).collect();
            prop_assert!(read(&test_lines(&shuffled.join("\n"))).facts.len() <= 1);
        }
    }
}
