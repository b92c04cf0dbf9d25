//! Host patterns of AuthNegotiateDelegateAllowlist and AuthServerAllowlist, as Chromium matches them
//! ([http_auth_filter.cc](https://chromium.googlesource.com/chromium/src/+/main/net/http/http_auth_filter.cc),
//! [scheme_host_port_matcher_rule.cc](https://chromium.googlesource.com/chromium/src/+/main/net/base/scheme_host_port_matcher_rule.cc);
//! read at milestone 132).
//!
//! Compared with the origin of the **URL**, never with the SPN or a CNAME target.

/// The origin of a URL, as far as the matcher looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// `http` or `https`; `None` when only the host is known.
    pub scheme: Option<String>,
    /// Lower-case host.
    pub host: String,
    /// Effective port; `None` when only the host is known.
    pub port: Option<u16>,
}

impl Origin {
    /// Parses `scheme://host[:port][/…]`, or a bare host of which scheme and port are not known.
    pub fn parse(url: &str) -> Option<Origin> {
        let (scheme, rest) = match url.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_lowercase()), rest),
            None => (None, url),
        };
        let authority = rest.split(['/', '?', '#']).next()?;
        let authority = authority.rsplit('@').next()?;
        let (host, port) = split_port(authority);
        let port = match (port, scheme.as_deref()) {
            (Some(port), _) => Some(port.parse().ok()?),
            (None, Some("https")) => Some(443),
            (None, Some("http")) => Some(80),
            (None, _) => None,
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_lowercase();
        (!host.is_empty()).then_some(Origin { scheme, host, port })
    }
}

fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') && (!host.contains(':') || host.ends_with(']')) => (host, Some(port)),
        _ => (text, None),
    }
}

/// Why an entry can never match, or does not match this origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A slash behind the host makes the browser read an address block, which fails and is dropped silently.
    UrlPath,
    /// A blank does not separate entries.
    SpaceSeparated,
    /// Quotes are taken literally.
    Quoted,
    /// Regular-expression characters are taken literally.
    RegexSyntax,
    /// The port does not parse: the entry is dropped.
    BadPort,
    /// Another port.
    WrongPort,
    /// Another scheme.
    WrongScheme,
    /// The entry is the short name of this host, or this host is the short name of the entry.
    ShortVsFull,
    /// The entry is the parent domain without a wildcard.
    ParentDomain,
    /// The entry covers the hosts below this name, not the name itself.
    ApexVsSubdomain,
    /// Another host.
    OtherHost,
}

impl Reason {
    /// The stable code used in reports.
    pub fn code(self) -> &'static str {
        match self {
            Reason::UrlPath => "url-path",
            Reason::SpaceSeparated => "space-separated",
            Reason::Quoted => "quoted",
            Reason::RegexSyntax => "regex-syntax",
            Reason::BadPort => "bad-port",
            Reason::WrongPort => "wrong-port",
            Reason::WrongScheme => "wrong-scheme",
            Reason::ShortVsFull => "short-vs-fqdn",
            Reason::ParentDomain => "parent-domain-without-wildcard",
            Reason::ApexVsSubdomain => "apex-vs-subdomain",
            Reason::OtherHost => "other-host",
        }
    }

    /// A sentence for the person.
    pub fn says(self) -> &'static str {
        match self {
            Reason::UrlPath => {
                "a slash after the host makes the browser read an address block, which fails and is dropped silently: write the bare host"
            }
            Reason::SpaceSeparated => "a blank does not separate entries: use a comma",
            Reason::Quoted => "quotes are taken literally: remove them",
            Reason::RegexSyntax => "this is no regular expression: only * and ? are special",
            Reason::BadPort => "the port is not a number: the entry is dropped",
            Reason::WrongPort => "another port",
            Reason::WrongScheme => "another scheme",
            Reason::ShortVsFull => "short and full name are different hosts here: list the one in the address bar",
            Reason::ParentDomain => "a bare domain is one host: it does not cover the hosts below it",
            Reason::ApexVsSubdomain => "a leading dot or *. covers the hosts below the name, not the name itself",
            Reason::OtherHost => "another host",
        }
    }
}

/// What one entry does for one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry as written, blanks trimmed.
    pub text: String,
    /// `Ok` when it matches. Scheme or port unknown in the origin count as matching.
    pub verdict: Result<(), Reason>,
    /// True when it also matches hosts that nobody meant (`*`, `*contoso.com`, a bare top-level wildcard).
    pub too_wide: bool,
}

/// Splits a policy value at its separators, `,` and `;`.
pub fn entries(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ';']).map(str::trim).filter(|e| !e.is_empty())
}

/// Evaluates every entry of a policy value against an origin.
pub fn evaluate(value: &str, origin: &Origin) -> Vec<Entry> {
    entries(value)
        .map(|text| Entry { text: text.to_owned(), verdict: entry_matches(text, origin), too_wide: is_too_wide(text) })
        .collect()
}

/// True when any entry matches.
pub fn matches(value: &str, origin: &Origin) -> bool {
    evaluate(value, origin).iter().any(|e| e.verdict.is_ok())
}

fn is_too_wide(entry: &str) -> bool {
    let host = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    let host = split_port(host).0;
    let literal: String = host.chars().filter(|c| !matches!(c, '*' | '?')).collect();
    let labels = literal.split('.').filter(|l| !l.is_empty()).count();
    host.contains('*')
        && (labels < 2 || host.strip_prefix('*').is_some_and(|rest| !rest.starts_with('.') && !rest.is_empty()))
}

fn entry_matches(entry: &str, origin: &Origin) -> Result<(), Reason> {
    let lower = entry.to_lowercase();
    if lower == "<local>" {
        return if origin.host.contains('.') || origin.host.contains(':') { Err(Reason::OtherHost) } else { Ok(()) };
    }
    let (scheme, rest) = match lower.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, lower.as_str()),
    };
    if rest.contains('/') {
        return match cidr_contains(rest, &origin.host) {
            Some(true) => Ok(()),
            Some(false) => Err(Reason::OtherHost),
            None => Err(Reason::UrlPath),
        };
    }
    if rest.starts_with(['"', '\'']) || rest.ends_with(['"', '\'']) {
        return Err(Reason::Quoted);
    }
    if rest.contains(char::is_whitespace) {
        return Err(Reason::SpaceSeparated);
    }
    let (host, port) = split_port(rest);
    let port: Option<u16> = match port {
        Some("*") | None => None,
        Some(port) => Some(port.parse().map_err(|_| Reason::BadPort)?),
    };
    let pattern = if host.starts_with('.') { format!("*{host}") } else { host.trim_matches(['[', ']']).to_owned() };
    if !glob(&pattern, &origin.host) {
        return Err(why_not(host, &origin.host));
    }
    if let (Some(wanted), Some(given)) = (scheme, origin.scheme.as_deref())
        && wanted != given
    {
        return Err(Reason::WrongScheme);
    }
    if let (Some(wanted), Some(given)) = (port, origin.port)
        && wanted != given
    {
        return Err(Reason::WrongPort);
    }
    Ok(())
}

fn why_not(entry: &str, host: &str) -> Reason {
    if entry.contains(['^', '$', '\\', '(', '|', '+']) || entry.contains(".*") {
        return Reason::RegexSyntax;
    }
    let bare = entry.strip_prefix("*.").or_else(|| entry.strip_prefix('.')).unwrap_or(entry);
    if bare != entry && bare == host {
        return Reason::ApexVsSubdomain;
    }
    if host.strip_suffix(entry).is_some_and(|head| head.ends_with('.')) {
        return Reason::ParentDomain;
    }
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    if entry.contains('.') != host.contains('.') && first(entry) == first(host) {
        return Reason::ShortVsFull;
    }
    Reason::OtherHost
}

/// `*` is any run of characters, `?` any one.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0usize, 0usize);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p = p.saturating_add(1);
            }
            Some(c) if *c == '?' || text.get(t) == Some(c) => {
                p = p.saturating_add(1);
                t = t.saturating_add(1);
            }
            _ => {
                let Some((at, from)) = star else { return false };
                p = at.saturating_add(1);
                t = from.saturating_add(1);
                star = Some((at, t));
            }
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// `None` when the text is no address block.
fn cidr_contains(block: &str, host: &str) -> Option<bool> {
    let (network, bits) = block.split_once('/')?;
    let network: std::net::IpAddr = network.trim_matches(['[', ']']).parse().ok()?;
    let bits: u32 = bits.parse().ok()?;
    let Ok(host) = host.parse::<std::net::IpAddr>() else { return Some(false) };
    match (network, host) {
        (std::net::IpAddr::V4(n), std::net::IpAddr::V4(h)) if bits <= 32 => {
            let mask = u32::MAX.checked_shl(32u32.saturating_sub(bits)).unwrap_or(0);
            Some(u32::from(n) & mask == u32::from(h) & mask)
        }
        (std::net::IpAddr::V6(n), std::net::IpAddr::V6(h)) if bits <= 128 => {
            let mask = u128::MAX.checked_shl(128u32.saturating_sub(bits)).unwrap_or(0);
            Some(u128::from(n) & mask == u128::from(h) & mask)
        }
        (std::net::IpAddr::V4(_), _) if bits > 32 => None,
        (std::net::IpAddr::V6(_), _) if bits > 128 => None,
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of failure-modes.md, section 5, for `https://web.contoso.com/app`.
    #[test]
    fn the_matcher_follows_the_browser() {
        let origin = Origin::parse("https://web.contoso.com/app").unwrap();
        let verdict =
            |value: &str| evaluate(value, &origin).into_iter().map(|e| (e.verdict, e.too_wide)).collect::<Vec<_>>();
        for yes in [
            "web.contoso.com",
            "WEB.contoso.com",
            "*.contoso.com",
            ".contoso.com",
            "https://web.contoso.com",
            "web.contoso.com:443",
            "w?b.contoso.com",
        ] {
            assert_eq!(verdict(yes), [(Ok(()), false)], "{yes}");
        }
        for wide in ["*", "*contoso.com", "*.com"] {
            assert_eq!(verdict(wide), [(Ok(()), true)], "{wide}");
        }
        for (no, reason) in [
            ("contoso.com", Reason::ParentDomain),
            ("web", Reason::ShortVsFull),
            ("http://web.contoso.com", Reason::WrongScheme),
            ("https://web.contoso.com/", Reason::UrlPath),
            ("web.contoso.com/app", Reason::UrlPath),
            ("web.contoso.com:8443", Reason::WrongPort),
            ("web.contoso.com:x", Reason::BadPort),
            ("a.contoso.com web.contoso.com", Reason::SpaceSeparated),
            ("\"web.contoso.com\"", Reason::Quoted),
            ("*.web.contoso.com", Reason::ApexVsSubdomain),
            ("^web\\.contoso\\.com$", Reason::RegexSyntax),
            (".*contoso.com.*", Reason::RegexSyntax),
            ("other.contoso.com", Reason::OtherHost),
            ("10.0.0.0/8", Reason::OtherHost),
            ("<local>", Reason::OtherHost),
        ] {
            assert_eq!(verdict(no), [(Err(reason), false)], "{no}");
        }
        assert!(matches("a.contoso.com; web.contoso.com", &origin));
    }

    #[test]
    fn addresses_and_unknown_schemes() {
        let ip = Origin::parse("http://10.1.2.3:8080/").unwrap();
        assert!(matches("10.0.0.0/8", &ip));
        assert!(!matches("10.2.0.0/16", &ip));
        let bare = Origin::parse("web").unwrap();
        assert!(matches("<local>", &bare) && matches("http://web:8080", &bare));
        assert_eq!(
            Origin::parse("https://u:p@[::1]:8443/x").unwrap(),
            Origin { scheme: Some("https".into()), host: "::1".into(), port: Some(8443) }
        );
    }
}
