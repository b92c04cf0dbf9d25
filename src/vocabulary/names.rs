//! Names of the field as types: parsed once at the edge, so that what reaches a script, a policy file or a link is
//! known to be a name of its kind and nothing else.
//!
//! The grammars are narrower than the protocols allow: a name with quotes, blanks in odd places, `$(`, back-ticks or
//! control characters is refused here and stays out of every script.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_type!(
    /// A host name or IP literal, as DNS and URLs write it: letters, digits, `-`, `_`, `.`; or `[v6]`/v6.
    HostName
);
text_type!(
    /// A Kerberos realm or DNS domain name.
    Realm
);
text_type!(
    /// An account: `svc-web`, `WEB01$`, `CONTOSO\svc-web` or `alice@contoso.com`.
    AccountName
);

/// Letter case aside. Nearly every name is ASCII, and then nothing has to be written down to compare it.
fn same_text(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        one.to_lowercase() == other.to_lowercase()
    }
}

fn is_dns_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

impl HostName {
    /// Parses a host name (1 to 253 characters) or an IPv4/IPv6 literal.
    pub fn parse(text: &str) -> Option<HostName> {
        let text = text.trim();
        let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
        if bare.is_empty() || bare.len() > 253 {
            return None;
        }
        let v6 = bare.contains(':') && bare.parse::<std::net::Ipv6Addr>().is_ok();
        let named = bare.chars().all(is_dns_char)
            && bare.chars().any(char::is_alphanumeric)
            && !bare.starts_with(['.', '-'])
            && !bare.contains("..");
        (v6 || named).then(|| HostName(bare.to_owned()))
    }

    /// The first label: `web` of `web.contoso.com`.
    pub fn short(&self) -> &str {
        if self.is_ip() { &self.0 } else { self.0.split('.').next().unwrap_or(&self.0) }
    }

    /// True for an IPv4 or IPv6 literal.
    pub fn is_ip(&self) -> bool {
        let looks_like_one = self.0.starts_with(|c: char| c.is_ascii_digit()) || self.0.contains(':');
        looks_like_one && self.0.parse::<std::net::IpAddr>().is_ok()
    }

    /// True when the name has a dot and is not an IP literal.
    pub fn is_full(&self) -> bool {
        self.0.trim_end_matches('.').contains('.') && !self.is_ip()
    }

    /// True when the name stands in this domain or in one below it, as DNS sees it.
    pub fn is_in(&self, domain: &Realm) -> bool {
        let host = self.0.trim_end_matches('.').to_lowercase();
        host.strip_suffix(&domain.as_str().to_lowercase()).is_some_and(|rest| rest.ends_with('.'))
    }

    /// The domain that the name stands in: `contoso.com` of `web.contoso.com`.
    pub fn domain(&self) -> Option<Realm> {
        let (_, domain) = self.0.trim_end_matches('.').split_once('.').filter(|_| self.is_full())?;
        Realm::parse(domain)
    }

    /// Same host, letter case and a trailing dot aside. A short name is another spelling, not the same name.
    pub fn same(&self, other: &HostName) -> bool {
        same_text(self.0.trim_end_matches('.'), other.0.trim_end_matches('.'))
    }

    /// Same host as far as people mean it: equal, or one is the short name of the other.
    pub fn same_machine(&self, other: &HostName) -> bool {
        // Most pairs differ at once.
        let begins =
            |h: &HostName| h.0.as_bytes().first().copied().filter(u8::is_ascii).map(|b| b.to_ascii_lowercase());
        if matches!((begins(self), begins(other)), (Some(a), Some(b)) if a != b) {
            return false;
        }
        self.same(other)
            || (same_text(self.short(), other.short())
                && self.is_full() != other.is_full()
                && !self.is_ip()
                && !other.is_ip())
    }
}

impl Realm {
    /// Parses a realm or domain name: DNS characters, 1 to 253.
    pub fn parse(text: &str) -> Option<Realm> {
        let text = text.trim().trim_end_matches('.');
        (!text.is_empty()
            && text.len() <= 253
            && text.chars().all(is_dns_char)
            && text.chars().any(char::is_alphanumeric)
            && !text.starts_with(['.', '-']))
        .then(|| Realm(text.to_owned()))
    }

    /// Same realm, letter case aside (Active Directory compares that way; DNS names are written in lower case).
    pub fn same(&self, other: &Realm) -> bool {
        same_text(&self.0, &other.0)
    }
}

impl AccountName {
    /// Parses a SAM account (with or without `DOMAIN\`), a computer account `NAME$` or a UPN.
    ///
    /// Blanks inside are allowed (`NT AUTHORITY\ANONYMOUS LOGON`); quotes, `$(`, `;`, `|`, `&` and the like are not.
    pub fn parse(text: &str) -> Option<AccountName> {
        let text = text.trim();
        let ok =
            |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '\\' | '@' | ' ' | '$' | '/' | '~' | '#');
        let dollar_last = text.find('$').is_none_or(|at| at == text.len().saturating_sub(1));
        (!text.is_empty()
            && text.len() <= 256
            && text.chars().all(ok)
            && text.chars().any(char::is_alphanumeric)
            && !text.starts_with(['-', '#', '\\'])
            && !text.ends_with('\\')
            && dollar_last
            && text.matches('\\').count() <= 1)
            .then(|| AccountName(text.to_owned()))
    }

    /// The account without its domain: `svc-web` of `CONTOSO\svc-web` and of `svc-web@contoso.com`.
    pub fn bare(&self) -> &str {
        let text = self.0.rsplit('\\').next().unwrap_or(&self.0);
        text.split('@').next().unwrap_or(text)
    }

    /// The NetBIOS or DNS domain, where it was written.
    pub fn domain(&self) -> Option<&str> {
        self.0.split_once('\\').map(|(d, _)| d).or_else(|| self.0.split_once('@').map(|(_, d)| d))
    }

    /// True for a computer account (or gMSA): its name ends with `$`.
    pub fn is_computer(&self) -> bool {
        self.bare().ends_with('$')
    }

    /// Same account: names without their domains, letter case aside.
    pub fn same(&self, other: &AccountName) -> bool {
        same_text(self.bare(), other.bare())
    }
}

/// A service principal name: `HTTP/web.contoso.com`, `MSSQLSvc/sql01.contoso.com:1433`, `krbtgt/CONTOSO.COM`.
///
/// `HTTP@web` (GSSAPI's host-based form) parses as well and is written with a slash.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Spn {
    class: String,
    /// As it was written.
    host: String,
    /// As it is compared.
    name: HostName,
    port: Option<String>,
    service_name: Option<String>,
}

impl Spn {
    /// Parses `class/host[:port-or-instance][/name]`, dropping a trailing `@REALM`.
    pub fn parse(text: &str) -> Option<Spn> {
        let text = text.trim();
        let (class, rest) = match text.split_once('/') {
            Some(parts) => parts,
            None => text.split_once('@').filter(|(_, host)| !host.contains('@'))?,
        };
        let rest = rest.split('@').next().unwrap_or(rest).trim();
        let mut parts = rest.splitn(2, '/');
        let host_port = parts.next().unwrap_or_default();
        let service_name = parts.next().map(str::to_owned);
        let (host, port) = match host_port.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') => (host, Some(port.to_owned())),
            _ => (host_port, None),
        };
        let word = |t: &str| !t.is_empty() && t.chars().all(|c| is_dns_char(c) || c == '$');
        let class_ok =
            !class.is_empty() && class.len() <= 64 && class.chars().all(|c| c.is_alphanumeric() || "-_.{}".contains(c));
        let name_ok = service_name.as_deref().is_none_or(|t| t.split('/').all(word));
        let name = HostName::parse(host)?;
        (class_ok && port.as_deref().is_none_or(word) && name_ok && text.len() <= 512).then(|| Spn {
            class: class.to_owned(),
            host: host.to_owned(),
            name,
            port,
            service_name,
        })
    }

    /// The service class: `HTTP`.
    pub fn class(&self) -> &str {
        &self.class
    }

    /// The host, without port.
    pub fn host(&self) -> Option<HostName> {
        Some(self.name.clone())
    }

    /// True when this is its host as far as people mean it ([`HostName::same_machine`]).
    pub fn is_at(&self, host: &HostName) -> bool {
        self.name.same_machine(host)
    }

    /// The port or instance name after the colon.
    pub fn port(&self) -> Option<&str> {
        self.port.as_deref()
    }

    /// True for `HTTP/…`, in any letter case.
    pub fn is_http(&self) -> bool {
        self.class.eq_ignore_ascii_case("http")
    }

    /// True for a ticket-granting ticket's name, of the own realm or of another (a referral).
    pub fn is_krbtgt(&self) -> bool {
        self.class.eq_ignore_ascii_case("krbtgt")
    }

    /// Active Directory's comparison: everything counts but letter case.
    pub fn same(&self, other: &Spn) -> bool {
        let part = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => same_text(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        same_text(&self.class, &other.class)
            && same_text(&self.host, &other.host)
            && part(&self.port, &other.port)
            && part(&self.service_name, &other.service_name)
    }

    /// Same machine (short and full names alike), whatever class, port and name.
    pub fn same_machine(&self, other: &Spn) -> bool {
        self.name.same_machine(&other.name)
    }

    /// Same class, letter case aside.
    pub fn same_class(&self, other: &Spn) -> bool {
        self.class.eq_ignore_ascii_case(&other.class)
    }
}

impl fmt::Display for Spn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.class, self.host)?;
        if let Some(port) = &self.port {
            write!(f, ":{port}")?;
        }
        if let Some(name) = &self.service_name {
            write!(f, "/{name}")?;
        }
        Ok(())
    }
}

impl From<Spn> for String {
    fn from(spn: Spn) -> String {
        spn.to_string()
    }
}

impl TryFrom<String> for Spn {
    type Error = String;
    fn try_from(text: String) -> Result<Spn, String> {
        Spn::parse(&text).ok_or_else(|| format!("not a service principal name: {text}"))
    }
}

/// A client principal of a ticket: `alice @ CONTOSO.COM`. Either part may be empty in real listings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The name; a service used as client reads `HTTP/web.contoso.com`.
    pub name: String,
    /// The realm; empty when the listing left it out.
    pub realm: String,
}

impl Principal {
    /// Splits at the last `@`, as klist (` @ `) and MIT (`@`) write it.
    pub fn parse(text: &str) -> Principal {
        let text = text.trim();
        let (name, realm) = text.rsplit_once('@').unwrap_or((text, ""));
        Principal { name: name.trim().to_owned(), realm: realm.trim().to_owned() }
    }

    /// True when this names a person's or service's account by its bare name.
    pub fn is_account(&self, account: &AccountName) -> bool {
        AccountName::parse(&self.name).is_some_and(|n| n.same(account))
    }
}

/// The DNS domain of a distinguished name: `contoso.com` of `CN=svc,OU=Service,DC=contoso,DC=com`.
pub fn domain_of_dn(dn: &str) -> Option<Realm> {
    let labels: Vec<&str> = dn
        .split(',')
        .filter_map(|part| {
            let (key, value) = part.trim().split_once('=')?;
            key.trim().eq_ignore_ascii_case("dc").then(|| value.trim())
        })
        .collect();
    if labels.is_empty() { None } else { Realm::parse(&labels.join(".")) }
}

/// The leading common name of a distinguished name: `svc-web` of `CN=svc-web,OU=…`.
pub fn name_of_dn(dn: &str) -> Option<AccountName> {
    let (key, rest) = dn.trim().split_once('=')?;
    key.trim().eq_ignore_ascii_case("cn").then_some(())?;
    AccountName::parse(rest.split(',').next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spns_in_every_written_form() {
        let spn = Spn::parse("MSSQLSvc/sql01.contoso.com:1433@CONTOSO.COM").unwrap();
        assert_eq!(
            (spn.class(), spn.port(), spn.to_string().as_str()),
            ("MSSQLSvc", Some("1433"), "MSSQLSvc/sql01.contoso.com:1433")
        );
        assert!(Spn::parse("http/WEB.contoso.com").unwrap().same(&Spn::parse("HTTP/web.contoso.com").unwrap()));
        assert_eq!(Spn::parse("HTTP@web.contoso.com").unwrap().to_string(), "HTTP/web.contoso.com");
        assert!(!Spn::parse("HTTP/web").unwrap().same(&Spn::parse("HTTP/web.contoso.com").unwrap()));
        assert!(Spn::parse("HTTP/web").unwrap().same_machine(&Spn::parse("HTTP/web.contoso.com").unwrap()));
        assert_eq!(Spn::parse("HTTP/api-server.oddessy.local@").unwrap().to_string(), "HTTP/api-server.oddessy.local");
    }

    #[test]
    fn nothing_that_could_leave_a_script_parses_as_a_name() {
        for hostile in [
            "HTTP/a';calc;'",
            "HTTP/$(calc)",
            "HTTP/a b",
            "HTTP/a`n",
            "HTTP/\"x",
            "HTTP/a\nb",
            "HTTP/",
            "/a",
            "HTTP/<b>",
        ] {
            assert_eq!(Spn::parse(hostile), None, "{hostile}");
        }
        for hostile in ["a'b", "a\"b", "$(x)", "a;b", "a|b", "-Force", "a`b", "a\nb", "", "x$y", "a{b}"] {
            assert_eq!(AccountName::parse(hostile), None, "{hostile}");
        }
        for hostile in ["a b", "a/b", "a'b", "javascript:x", "", "..", "-a"] {
            assert_eq!(HostName::parse(hostile), None, "{hostile}");
        }
    }

    #[test]
    fn domains_of_distinguished_names() {
        let dn = "CN=svc-sql,OU=Service,DC=emea,DC=contoso,DC=com";
        assert_eq!(domain_of_dn(dn).unwrap().as_str(), "emea.contoso.com");
        assert_eq!(name_of_dn(dn).unwrap().as_str(), "svc-sql");
        assert_eq!(domain_of_dn("svc"), None);
    }

    #[test]
    fn accounts_compare_without_domain_and_case() {
        let a = AccountName::parse("CONTOSO\\Svc-Web").unwrap();
        assert!(a.same(&AccountName::parse("svc-web@contoso.com").unwrap()));
        assert_eq!(a.domain(), Some("CONTOSO"));
        assert!(AccountName::parse("WEB01$").unwrap().is_computer());
    }
}
