//! `scope` and `chg`: what only people know.

use crate::observations::observed::Observed;
use crate::observations::view::View;

/// Yes, no, or nothing that we can be sure of.
pub fn yes_no(text: &str) -> Option<bool> {
    let first = text.trim().to_lowercase();
    let word = first.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    match word {
        "yes" | "y" | "true" | "ja" | "oui" | "si" | "works" | "ok" => Some(true),
        "no" | "n" | "false" | "nein" | "non" | "fails" | "never" => Some(false),
        _ => None,
    }
}

/// `scope`, from the answers that people give in their own words.
pub fn scope(view: &View<'_>) -> Observed {
    let in_ie = view.said("works_in_ie_mode").or_else(|| view.said("works_in_ie"));
    if let Some((text, because)) = in_ie {
        match yes_no(text) {
            Some(true) => return Observed::is("cr", because),
            Some(false) => return Observed::is("all", because),
            None => {}
        }
    }
    if let Some((text, because)) = view.said("window")
        && ["private", "incognito", "guest"].iter().any(|w| text.to_lowercase().contains(w))
    {
        return Observed::is("pw", because);
    }
    if let Some((text, because)) = view.said("other_users")
        && yes_no(text) == Some(true)
    {
        return Observed::is("us", because);
    }
    Observed::Unknown
}

/// `chg`.
pub fn changed(view: &View<'_>) -> Observed {
    for key in ["changed", "policy_deployed"] {
        let Some((text, because)) = view.said(key) else { continue };
        let recent = ["minute", "hour", "today", "just now", "now"].iter().any(|w| text.to_lowercase().contains(w));
        match yes_no(text) {
            _ if recent => return Observed::is("yes", because),
            Some(true) if key == "changed" => return Observed::is("yes", because),
            Some(false) => return Observed::is("no", because),
            _ => {}
        }
    }
    Observed::Unknown
}
