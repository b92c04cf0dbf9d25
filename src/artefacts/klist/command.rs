//! The command `klist` as a console echoes it: which of its listings follows, and for which service.

use crate::artefacts::console;
use crate::artefacts::kind::Kind;
use crate::vocabulary::names::Spn;

/// A klist command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Which listing it prints.
    pub kind: Kind,
    /// The service of `klist get`.
    pub spn: Option<Spn>,
    /// `klist get …`.
    pub get: bool,
    /// `klist purge`.
    pub purge: bool,
}

const WINDOWS: [&str; 9] =
    ["tickets", "get", "purge", "query_bind", "add_bind", "purge_bind", "kcd_cache", "cloud_debug", "purge_kcd"];
/// Switches that only the Unix and Java tools have.
const UNIX: &str = "acCdefnsAklKtTVv5i";

fn known(word: &str) -> bool {
    WINDOWS.contains(&word)
        || matches!(word, "tgt" | "sessions")
        || word.starts_with('-')
        || word.contains('/')
        || crate::vocabulary::codes::parse_hex(word).is_some()
}

/// The klist command of a line, if it is one.
pub fn klist(line: &str) -> Option<Command> {
    let words = console::command_of(line, "klist", known)?;
    let has = |name: &str| words.iter().any(|w| w.eq_ignore_ascii_case(name));
    let windows = words.first().is_some_and(|w| WINDOWS.contains(&w.to_ascii_lowercase().as_str()))
        || has("-li")
        || has("-lh")
        || line.contains(":\\")
        || line.trim_start().starts_with("PS");
    let unix_switch = |w: &str| {
        w.starts_with("--")
            || (w.strip_prefix('-').is_some_and(|s| !s.is_empty() && s.chars().all(|c| UNIX.contains(c))) && w != "-li")
    };
    // A collapsed paste has its output on the line of the command: only the first word that is no switch counts.
    let number = |w: &str| w.starts_with("0x") || w.chars().all(|c| c.is_ascii_digit());
    let verb =
        words.iter().find(|w| !w.starts_with('-') && !number(w)).map(|w| w.to_ascii_lowercase()).unwrap_or_default();
    let kind = if verb == "sessions" {
        Kind::KlistSessions
    } else if verb == "tgt" {
        Kind::KlistTgt
    } else if words.iter().any(|w| unix_switch(w))
        || (!windows && line.trim_start() != line.trim_start_matches(is_unix))
    {
        Kind::Krb5Klist
    } else if windows || line.trim().to_ascii_lowercase().starts_with("klist") || line.contains('>') {
        Kind::Klist
    } else {
        Kind::Krb5Klist
    };
    let get = verb == "get";
    let spn = words.iter().skip_while(|w| !w.eq_ignore_ascii_case("get")).nth(1).and_then(|w| Spn::parse(w));
    Some(Command { kind, spn, get, purge: verb == "purge" })
}

fn is_unix(c: char) -> bool {
    matches!(c, '$' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_tell_the_listing() {
        let kind = |line: &str| klist(line).map(|c| c.kind);
        assert_eq!(kind("C:\\> klist"), Some(Kind::Klist));
        assert_eq!(kind("klist"), Some(Kind::Klist));
        assert_eq!(kind("PS C:\\> klist -li 0x3e7"), Some(Kind::Klist));
        assert_eq!(kind("C:\\>klist tgt -li 0x154333"), Some(Kind::KlistTgt));
        assert_eq!(kind("PS C:\\> klist sessions"), Some(Kind::KlistSessions));
        assert_eq!(kind("$ klist"), Some(Kind::Krb5Klist));
        assert_eq!(kind("shell% klist -f"), Some(Kind::Krb5Klist));
        assert_eq!(kind("klist -feaC"), Some(Kind::Krb5Klist));
        assert_eq!(kind("alice@pc:~$ klist"), Some(Kind::Krb5Klist));
        assert_eq!(kind("klist shows the tickets"), None);
        assert_eq!(kind("C:\\> setspn -L x"), None);
        assert_eq!(kind("PS C:\\> klist cloud_debug Cloud Referral TGT present in cache: 0"), Some(Kind::Klist));
        let get = klist("C:\\> klist get http/web.contoso.com").unwrap();
        assert_eq!((get.get, get.spn.unwrap().to_string()), (true, "http/web.contoso.com".to_owned()));
    }
}
