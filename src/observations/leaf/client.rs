//! Which engine shows the page, and what it is told to do there: IE mode, zones, Firefox's own list.

use super::{LeafTest, YES_NO};
use crate::facts::Statement;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs};
use crate::observations::view::View;
use crate::report::Because;
use crate::vocabulary::names::HostName;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-engine",
        ask: "Which engine shows the failing page?",
        how: "An IE logo left in the address bar of Edge means IE mode.",
        needs: Needs::User,
        options: &[
            Choice { id: "chromium", says: "Edge or Chrome itself" },
            Choice { id: "ie", says: "Internet Explorer, or IE mode of Edge" },
            Choice { id: "firefox", says: "Firefox" },
        ],
        derive: engine,
    },
    LeafTest {
        id: "test-zone",
        ask: "In which zone is the site?",
        how: "In IE mode: right-click the page, Properties, Zone. Or Internet Options, Security, Local intranet, Sites.",
        needs: Needs::User,
        options: &[
            Choice { id: "intranet", says: "Local intranet" },
            Choice { id: "trusted", says: "Trusted sites" },
            Choice { id: "internet", says: "Internet, or Restricted sites" },
        ],
        derive: zone,
    },
    LeafTest {
        id: "test-capture-shows-site",
        ask: "Does the capture (edge://net-export) show an authentication of this host?",
        how: "Capture from a fresh start of the browser; look for AUTH_CONTROLLER with the host's URL.",
        needs: Needs::User,
        options: YES_NO,
        derive: captured,
    },
    LeafTest {
        id: "test-ie-mode-configured",
        ask: "Is the site sent to IE mode (Enterprise Mode Site List, or all intranet sites)?",
        how: "edge://compat/enterprise lists the sites; edge://policy: InternetExplorerIntegrationSiteList, SendIntranetToInternetExplorer.",
        needs: Needs::User,
        options: YES_NO,
        derive: |view| word(view, &["ie_mode_site_list", "in_site_list"]),
    },
    LeafTest {
        id: "test-firefox-uris",
        ask: "Does network.negotiate-auth.delegation-uris contain the site?",
        how: "about:config in Firefox: network.negotiate-auth.delegation-uris; about:policies: Authentication, Delegated.",
        needs: Needs::User,
        options: YES_NO,
        derive: firefox_uris,
    },
    LeafTest {
        id: "test-client-posix",
        ask: "Does the failing browser run on Linux, macOS or ChromeOS?",
        how: "edge://version or chrome://version: OS.",
        needs: Needs::User,
        options: YES_NO,
        derive: posix,
    },
];

/// What wrote the capture, or what the person calls it.
pub(super) fn engine(view: &View<'_>) -> Observed {
    if let Some((fact, _)) = view.handshakes().next() {
        return Observed::is("chromium", fact.because("a Chromium browser wrote this capture"));
    }
    if let Observed::Is("yes", because) = word(view, &["ie_mode", "opens_in_ie_mode"]) {
        return Observed::Is("ie", because);
    }
    let Some((text, because)) = view.said("test-engine").or_else(|| view.said("browser")) else {
        return Observed::Unknown;
    };
    let text = text.to_lowercase();
    let option = if text.contains("ie mode") || text.contains("internet explorer") || text.starts_with("ie") {
        "ie"
    } else if text.contains("firefox") {
        "firefox"
    } else if ["edge", "chrome", "chromium", "brave"].iter().any(|w| text.contains(w)) {
        "chromium"
    } else {
        return Observed::Unknown;
    };
    Observed::is(option, because)
}

fn zone(view: &View<'_>) -> Observed {
    let Some((text, because)) = view.said("zone").or_else(|| view.said("ie_zone")) else { return Observed::Unknown };
    let text = text.to_lowercase();
    let option = if text.contains("intranet") {
        "intranet"
    } else if text.contains("trusted") {
        "trusted"
    } else if text.contains("internet") || text.contains("restricted") {
        "internet"
    } else {
        return Observed::Unknown;
    };
    Observed::is(option, because)
}

fn captured(view: &View<'_>) -> Observed {
    if let Some((fact, _)) = view.handshakes().next() {
        return Observed::is("yes", fact.because("the capture shows how the browser authenticates to this host"));
    }
    match view.capture_notes().filter(|(_, n)| !n.truncated).last() {
        Some((fact, _)) => Observed::is("no", fact.because("the capture shows no authentication of this host")),
        None => Observed::Unknown,
    }
}

/// What the person says under one of these keys.
pub(super) fn word(view: &View<'_>, keys: &[&str]) -> Observed {
    let said = keys.iter().find_map(|key| view.said(key));
    let Some((text, because)) = said else { return Observed::Unknown };
    match crate::observations::fold::yes_no(text) {
        Some(yes) => Observed::is(if yes { "yes" } else { "no" }, because),
        None => Observed::Unknown,
    }
}

/// The setting's value, where a sentence quotes it: "about_config: network.negotiate-auth.delegation-uris is empty".
fn quoted_setting<'c>(view: &View<'c>) -> Option<(&'c str, Because)> {
    view.scene.facts.iter().find_map(|fact| {
        let Statement::Answer(answer) = fact.says() else { return None };
        let (_, rest) = answer.value.split_once("delegation-uris")?;
        let rest = rest.trim_start_matches(['"', '\'', ' ', '=', ':']);
        let rest = rest.strip_prefix("is ").unwrap_or(rest);
        let value = rest.split([',', ';']).next().unwrap_or(rest);
        // A list has commas too: only a word for "nothing" ends the value here.
        let nothing = ["empty", "not set", "missing"].iter().any(|w| value.trim().starts_with(w));
        nothing.then(|| (value, fact.because("you said")))
    })
}

/// Firefox compares a whole host, or the end of one: `contoso.com` covers `web.contoso.com`; a scheme may stand before it.
fn firefox_uris(view: &View<'_>) -> Observed {
    let keys = ["network.negotiate-auth.delegation-uris", "delegation-uris", "delegation_uris"];
    let said = keys.iter().find_map(|key| view.said(key)).or_else(|| quoted_setting(view));
    let Some((text, because)) = said else { return Observed::Unknown };
    let text = text.trim().trim_matches(['"', '\'', '(', ')']).trim().to_lowercase();
    if ["empty", "not set", "none", "default", "missing", "-"].iter().any(|w| text.starts_with(w)) {
        return Observed::is("no", because);
    }
    let Some(host) = view.scene.site.host.as_ref().map(|h| h.as_str().to_lowercase()) else { return Observed::Unknown };
    let covers = |entry: &str| {
        let (scheme, rest) = entry.split_once("://").map_or((None, entry), |(s, r)| (Some(s), r));
        let name = rest.split(['/', ':']).next().unwrap_or_default().trim_start_matches('.');
        if name.is_empty() {
            return scheme.is_some();
        }
        HostName::parse(name).is_some() && (host == name || host.ends_with(&format!(".{name}")))
    };
    let found = text.split([',', ' ']).map(str::trim).filter(|e| !e.is_empty()).any(covers);
    Observed::is(if found { "yes" } else { "no" }, because)
}

/// The library that was called, the system that the browser names, the kind of ticket cache on the PC.
pub(super) fn posix(view: &View<'_>) -> Observed {
    use crate::facts::Library;
    let called = view.handshakes().filter(|(_, h)| h.library != Library::Unknown).last();
    if let Some((fact, h)) = called {
        return match h.library {
            Library::Gssapi => Observed::is("yes", fact.because("the browser calls GSSAPI: Linux, macOS or ChromeOS")),
            _ => Observed::is("no", fact.because("the browser calls Windows' own security library")),
        };
    }
    if let Some((fact, browser)) = view.browsers().find(|(_, b)| system(&b.os).is_some()) {
        let yes = system(&browser.os) == Some(true);
        return Observed::is(
            if yes { "yes" } else { "no" },
            fact.because(format!("the browser runs on {}", browser.os)),
        );
    }
    for key in ["os", "client_os", "platform", "browser", "client"] {
        let Some((text, because)) = view.said(key) else { continue };
        if let Some(yes) = system(text) {
            return Observed::is(if yes { "yes" } else { "no" }, because);
        }
    }
    if let Observed::Is("px", because) = super::sign_in::scope(view) {
        return Observed::Is("yes", because);
    }
    let cache = view.listings().find(|(fact, _)| fact.role() == crate::facts::Role::Client);
    match cache {
        Some((fact, l)) if matches!(l.tool.as_str(), "mit" | "heimdal") => {
            Observed::is("yes", fact.because("the PC's ticket cache is that of MIT Kerberos or Heimdal"))
        }
        Some((fact, l)) if l.tool == "windows" => {
            Observed::is("no", fact.because("the PC's ticket cache is that of Windows"))
        }
        _ => Observed::Unknown,
    }
}

/// True for Linux and its like, false for Windows.
fn system(text: &str) -> Option<bool> {
    let text = text.to_lowercase();
    let posix = ["linux", "mac os", "macos", "darwin", "chromeos", "ubuntu", "debian", "fedora", "rhel"];
    if text.contains("windows") {
        Some(false)
    } else if posix.iter().any(|w| text.contains(w)) {
        Some(true)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::system;

    #[test]
    fn the_system_that_a_text_names() {
        assert_eq!(system("Linux: 6.1.0-40-amd64 (x86_64)"), Some(true));
        assert_eq!(system("Mac OS X: 15.1"), Some(true));
        assert_eq!(system("Windows NT: 10.0.26100"), Some(false));
        // Not CrOS.
        assert_eq!(system("Microsoft Edge 141"), None);
    }
}
