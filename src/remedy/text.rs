//! Names in braces → the person's own names.
//!
//! Only values that parsed as names of their kind exist in [`Names`]; their grammars (see
//! [`crate::vocabulary::names`]) have no quotes, no `$(`, no line ends, so nothing that was pasted can end a string
//! in a script. What is not known stays a placeholder: in a sentence words ("the web server"), in a script `<…>`.

use crate::observations::names::Names;
use crate::vocabulary::names::{AccountName, Spn};

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In a sentence.
    Prose,
    /// In a script, a file or a command.
    Script,
}

/// `(name in braces, words when unknown, placeholder when unknown)`
const UNKNOWN: &[(&str, &str, &str)] = &[
    ("site", "the web server", "<web-server.contoso.com>"),
    ("site_short", "the web server's short name", "<web-server>"),
    ("spn", "the web server's SPN", "HTTP/<web-server.contoso.com>"),
    ("spn_short", "the short form of the web server's SPN", "HTTP/<web-server>"),
    ("asked_spn", "the SPN that the browser asks for", "HTTP/<the name that the browser asks for>"),
    ("fe", "the account that runs the web application", "<front-end account>"),
    ("fe_bare", "the account that runs the web application", "<front-end account>"),
    ("fe_domain", "the front end's domain", "<front-end domain>"),
    ("be", "the back end", "<back-end.contoso.com>"),
    ("be_spn", "the back end's SPN", "<class/back-end.contoso.com>"),
    ("third_spn", "the service behind it", "<class/next-service.contoso.com>"),
    ("be_bare", "the account that owns the back end's SPN", "<back-end account>"),
    ("be_domain", "the back end's domain", "<back-end domain>"),
    ("user", "the user", "<user>"),
    ("user_bare", "the user", "<user>"),
    ("user_domain", "the user's domain", "<user domain>"),
    ("browser", "the browser", "the browser"),
];

/// Fills texts with the names of one site.
pub struct Filler<'n> {
    names: &'n Names,
}

impl<'n> Filler<'n> {
    /// A filler.
    pub fn new(names: &'n Names) -> Filler<'n> {
        Filler { names }
    }

    /// Replaces every `{name}`; an unknown one by its words or placeholder. A brace that encloses no name of ours stays (PowerShell has its own).
    pub fn fill(&self, template: &str, form: Form) -> String {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            match after.split_once('}').and_then(|(name, tail)| self.value(name, form).map(|v| (v, tail))) {
                Some((value, tail)) => {
                    out.push_str(&if form == Form::Prose && begins(&out) { capitalised(&value) } else { value });
                    rest = tail;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        if form == Form::Prose { capitalised(&out) } else { out }
    }

    fn value(&self, name: &str, form: Form) -> Option<String> {
        let known = self.known(name);
        let (_, words, placeholder) = match UNKNOWN.iter().find(|(n, _, _)| *n == name) {
            Some(entry) => *entry,
            None => return known,
        };
        Some(known.unwrap_or_else(|| match form {
            Form::Prose => words.to_owned(),
            Form::Script => placeholder.replace("contoso.com", &self.domain()),
        }))
    }

    /// The domain of examples: the person's own where one is known.
    fn domain(&self) -> String {
        let n = self.names;
        let of_site = || n.site.as_ref().and_then(|h| h.as_str().split_once('.')).map(|(_, domain)| domain.to_owned());
        let of_realm = || n.fe_domain.as_ref().or(n.user_realm.as_ref()).map(|r| r.as_str().to_lowercase());
        of_site().or_else(of_realm).unwrap_or_else(|| "contoso.com".to_owned())
    }

    fn known(&self, name: &str) -> Option<String> {
        let n = self.names;
        let text = |a: &Option<AccountName>| a.as_ref().map(|a| a.as_str().to_owned());
        let bare = |a: &Option<AccountName>| a.as_ref().map(|a| a.bare().to_owned());
        match name {
            "site" => n.site.as_ref().map(|h| h.as_str().to_owned()),
            "site_short" => n.site.as_ref().map(|h| h.short().to_owned()),
            "spn" => n.site.as_ref().map(|h| format!("HTTP/{h}")),
            "spn_short" => n.site.as_ref().map(|h| format!("HTTP/{}", h.short())),
            "asked_spn" => n.asked_spn.as_ref().map(Spn::to_string),
            "fe" => text(&n.fe_account),
            "fe_bare" => bare(&n.fe_account),
            "fe_domain" => n.fe_domain.as_ref().map(|d| d.as_str().to_owned()),
            "be" => n.be_spn.as_ref().and_then(Spn::host).map(|h| h.as_str().to_owned()),
            "be_spn" => n.be_spn.as_ref().map(Spn::to_string),
            "third_spn" => n.third_spn.as_ref().map(Spn::to_string),
            "be_bare" => bare(&n.be_account),
            "be_domain" => n.be_domain.as_ref().map(|d| d.as_str().to_owned()),
            "user" => text(&n.user),
            "user_bare" => bare(&n.user),
            "user_domain" => n.user_realm.as_ref().map(|d| d.as_str().to_lowercase()),
            "browser" => n.browser.clone(),
            "get_fe" => Some(format!("Get-{}", noun(&n.fe_account, &n.fe_class))),
            "set_fe" => Some(format!("Set-{}", noun(&n.fe_account, &n.fe_class))),
            "get_be" => Some(format!("Get-{}", noun(&n.be_account, &n.be_class))),
            "set_be" => Some(format!("Set-{}", noun(&n.be_account, &n.be_class))),
            "policy_key" => Some(
                if self.is_chrome() { r"SOFTWARE\Policies\Google\Chrome" } else { r"SOFTWARE\Policies\Microsoft\Edge" }
                    .to_owned(),
            ),
            "policy_page" => Some(if self.is_chrome() { "chrome://policy" } else { "edge://policy" }.to_owned()),
            "net_export" => Some(if self.is_chrome() { "chrome://net-export" } else { "edge://net-export" }.to_owned()),
            "restart_page" => Some(if self.is_chrome() { "chrome://restart" } else { "edge://restart" }.to_owned()),
            _ => None,
        }
    }

    fn is_chrome(&self) -> bool {
        self.names
            .browser
            .as_ref()
            .is_some_and(|b| b.to_lowercase().contains("chrom") && !b.to_lowercase().contains("edge"))
    }
}

/// The cmdlet's noun for an account of this class.
fn noun(account: &Option<AccountName>, class: &Option<String>) -> &'static str {
    let class = class.as_deref().unwrap_or_default().to_lowercase();
    if class.contains("managedserviceaccount") {
        "ADServiceAccount"
    } else if class.contains("computer") || (class.is_empty() && account.as_ref().is_some_and(AccountName::is_computer))
    {
        "ADComputer"
    } else {
        "ADUser"
    }
}

/// Does a new sentence begin behind this text?
fn begins(text: &str) -> bool {
    text.ends_with(char::is_whitespace) && text.trim_end().ends_with(['.', '!', '?'])
}

/// A sentence that begins with words for an unknown name begins with a capital.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some('t') if text.starts_with("the ") => format!("T{}", chars.as_str()),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::names::HostName;

    #[test]
    fn known_names_are_filled_unknown_ones_stay_placeholders() {
        let names = Names {
            site: HostName::parse("web.contoso.com"),
            fe_account: AccountName::parse("CONTOSO\\WEB01$"),
            browser: Some("Chrome 148".into()),
            ..Names::default()
        };
        let filler = Filler::new(&names);
        assert_eq!(
            filler.fill("{set_fe} '{fe_bare}' @{x='{be_spn}'} {policy_page}", Form::Script),
            "Set-ADComputer 'WEB01$' @{x='<class/back-end.contoso.com>'} chrome://policy"
        );
        assert_eq!(
            filler.fill("{be} sees nobody from {site}.", Form::Prose),
            "The back end sees nobody from web.contoso.com."
        );
        assert_eq!(
            filler.fill("So. {be} fails, {be_bare} too.", Form::Prose),
            "So. The back end fails, the account that owns the back end's SPN too."
        );
        // An example stands in the person's own domain.
        let elsewhere = Names { site: HostName::parse("web.werk.example"), ..Names::default() };
        assert_eq!(
            Filler::new(&elsewhere).fill("klist get {be_spn}", Form::Script),
            "klist get <class/back-end.werk.example>"
        );
        assert_eq!(filler.fill("if ($x) { $y }", Form::Script), "if ($x) { $y }");
    }
}
