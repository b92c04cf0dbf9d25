//! `pol`: does AuthNegotiateDelegateAllowlist name this site?

use crate::facts::Policy;
use crate::observations::observed::Observed;
use crate::observations::view::{Of, View};
use crate::vocabulary::allow_list::{self, Origin};

/// The policy that decides about delegation.
pub const DELEGATE: &str = "AuthNegotiateDelegateAllowlist";
/// Its former name in Chrome, which current browsers ignore.
pub const DELEGATE_OLD: &str = "AuthNegotiateDelegateWhitelist";

/// Folds the policy list: absent from a whole list, unusable, or matched against the URL.
pub fn fold(view: &View<'_>) -> Observed {
    if let Some((fact, policy)) = view.policies().filter(|(_, p)| p.name.eq_ignore_ascii_case(DELEGATE)).last() {
        return set((fact, policy), view);
    }
    if let Some((fact, policy)) = view.policies().find(|(_, p)| p.name.eq_ignore_ascii_case(DELEGATE_OLD)) {
        return Observed::is(
            "bad",
            fact.because(format!("{} is the old name, which current browsers ignore", policy.name)),
        );
    }
    match view.policy_listings().find(|(_, l)| l.complete) {
        Some((fact, _)) => {
            Observed::is("abs", fact.because(format!("no {DELEGATE} in the list of policies that begins here")))
        }
        None => Observed::Unknown,
    }
}

fn set((fact, policy): Of<'_, Policy>, view: &View<'_>) -> Observed {
    let value = policy.value.as_deref().unwrap_or_default().trim();
    if value.is_empty() {
        return Observed::is("abs", fact.because(format!("{DELEGATE} is not set")));
    }
    if let Some(status) = policy.status.as_deref().filter(|s| !is_ok(s)) {
        return Observed::is("bad", fact.because(format!("the status is {status}, not OK")));
    }
    if policy.level.as_deref().is_some_and(|l| l.eq_ignore_ascii_case("recommended")) {
        return Observed::is("bad", fact.because("the level is Recommended, which this policy does not support"));
    }
    let Some(origin) = origin(view) else { return Observed::Unknown };
    let entries = allow_list::evaluate(value, &origin);
    let because = match entries.iter().find(|e| e.verdict.is_ok()) {
        Some(entry) => {
            return Observed::is(
                "ok",
                fact.because_at(
                    &fact.fact.place.clone().lit([entry.text.clone()]),
                    format!("the entry {} matches {}", entry.text, origin.host),
                ),
            );
        }
        None => {
            let reasons: Vec<String> = entries
                .iter()
                .filter_map(|e| e.verdict.err().map(|reason| format!("{}: {}", e.text, reason.says())))
                .collect();
            fact.because(format!("no entry matches {}: {}", origin.host, reasons.join("; ")))
        }
    };
    Observed::is("nom", because)
}

/// edge://policy writes the status in the browser's language; only words that are known to be bad count.
fn is_ok(status: &str) -> bool {
    let bad = [
        "error",
        "unknown",
        "deprecated",
        "ignored",
        "conflict",
        "invalid",
        "not applied",
        "unsupported",
        "fehler",
        "erreur",
        "unbekannt",
        "inconnu",
    ];
    let status = status.to_lowercase();
    !bad.iter().any(|b| status.contains(b))
}

/// The origin in the address bar: from a capture, else the site's name alone.
fn origin(view: &View<'_>) -> Option<Origin> {
    view.names
        .url
        .as_deref()
        .and_then(Origin::parse)
        .or_else(|| view.site.host.as_ref().and_then(|h| Origin::parse(h.as_str())))
}
