//! `pol`: does AuthNegotiateDelegateAllowlist name this site?

use crate::artefacts::kind::Kind;
use crate::case::Located;
use crate::facts::{Policy, PolicyListing};
use crate::observations::observed::Observed;
use crate::observations::view::{Of, View};
use crate::report::Because;
use crate::vocabulary::allow_list::{self, Origin};
pub use crate::vocabulary::policy_names::DELEGATE;
use crate::vocabulary::policy_names::{is_delegate, is_nearly_delegate};

/// Folds the policy list: absent from a whole list, unusable, or matched against the URL.
///
/// What the policy page shows is what the browser sees; the registry counts where no page was given.
pub fn fold(view: &View<'_>) -> Observed {
    if let Some(conflict) = disagreeing(view) {
        return conflict;
    }
    let page = page(view, DELEGATE);
    let seen: Vec<Of<'_, Policy>> = named(view).filter(|(f, _)| page.is_none() || f.kind() != Kind::Reg).collect();
    let good: Vec<Of<'_, Policy>> =
        seen.iter().copied().filter(|found| fault(*found, view).is_none() && has_value(found.1)).collect();
    if let Some(found) = winner(&good) {
        return matched(found, view);
    }
    let misplaced = |found: &Of<'_, Policy>| fault(*found, view).filter(|_| has_value(found.1));
    if let Some(because) = seen.iter().rev().find_map(misplaced) {
        return Observed::is("bad", because);
    }
    if let Some((fact, _)) = seen.last() {
        return Observed::is("abs", fact.because(format!("{DELEGATE} is not set")));
    }
    if let Some(because) = other_name(view) {
        return Observed::is("bad", because);
    }
    if let Some(because) = named(view).filter_map(|found| misplaced(&found)).last() {
        return Observed::is("bad", because);
    }
    match page.or_else(|| whole(view, DELEGATE).last()) {
        Some((fact, _)) => {
            Observed::is("abs", fact.because(format!("no {DELEGATE} in the list of policies that begins here")))
        }
        None => Observed::Unknown,
    }
}

/// Two lists of one product, one of which lets the browser delegate to this site and the other not.
fn disagreeing(view: &View<'_>) -> Option<Observed> {
    let pages = whole(view, DELEGATE).map(|(f, _)| f);
    let mut pages: Vec<Located<'_>> =
        pages.chain(named(view).map(|(f, _)| f)).filter(|f| f.kind() != Kind::Reg).collect();
    pages.sort_by_key(|f| f.held.id.as_str());
    pages.dedup_by_key(|f| f.held.id.as_str());
    let product =
        |page: &Located<'_>| view.policy_listings().find(|(f, _)| f.held.id == page.held.id).map(|(_, l)| &l.product);
    let shows = |page: &Located<'_>| {
        let here = |found: &Of<'_, Policy>| found.0.held.id == page.held.id && has_value(found.1);
        let good: Vec<Of<'_, Policy>> =
            named(view).filter(here).filter(|found| fault(*found, view).is_none()).collect();
        let absent = || Observed::is("abs", page.because(format!("no {DELEGATE} in this list that counts")));
        winner(&good).map_or_else(absent, |found| matched(found, view))
    };
    let shown: Vec<(Located<'_>, Observed)> = pages.into_iter().map(|page| (page, shows(&page))).collect();
    shown.iter().find_map(|(page, one)| {
        let Observed::Is("ok", ok) = one else { return None };
        shown.iter().find_map(|(other, two)| match two {
            Observed::Is(option, bad) if *option != "ok" && product(page) == product(other) => {
                Some(Observed::Conflict {
                    one: ("ok", ok.clone()),
                    other: (option, bad.clone()),
                    says: format!(
                        "Two lists of policies contradict each other: in one {DELEGATE} names the site, in the other it does not. \
                         Which is newer, and are both from the user's PC? Remove the other."
                    ),
                })
            }
            _ => None,
        })
    })
}

/// Is the policy's name spelt right, wherever it stands?
pub fn name_right(view: &View<'_>) -> Observed {
    if let Some((fact, policy)) = named(view).filter(|(_, p)| has_value(p)).last() {
        return Observed::is("yes", fact.because(format!("{} is the policy's name", policy.name)));
    }
    other_name(view).map_or(Observed::Unknown, |because| Observed::is("no", because))
}

/// A value under the right name anywhere: somebody set it.
pub fn somebody_set(view: &View<'_>) -> Option<Because> {
    named(view)
        .filter(|(_, p)| has_value(p))
        .last()
        .map(|(fact, p)| fact.because(format!("{} is set here: {}", p.name, p.value.as_deref().unwrap_or_default())))
}

/// The last value of a policy that the browser concerned reads, from the page where there is one.
pub fn value_of<'c>(view: &View<'c>, name: &str) -> Option<Of<'c, Policy>> {
    let page = page(view, name).is_some();
    let of_name =
        view.policies().filter(|(f, p)| p.name.eq_ignore_ascii_case(name) && (!page || f.kind() != Kind::Reg));
    of_name.filter(|found| has_value(found.1) && fault(*found, view).is_none()).last()
}

/// A whole list of the browser concerned in which this policy is not set.
pub fn unset(view: &View<'_>, name: &str) -> Option<Because> {
    let (fact, _) = page(view, name).filter(|_| value_of(view, name).is_none())?;
    Some(fact.because(format!("the list of policies has no {name}")))
}

/// The list that the browser concerned shows, where it would show this policy.
fn page<'c>(view: &View<'c>, name: &str) -> Option<Of<'c, PolicyListing>> {
    whole(view, name).filter(|(fact, _)| fact.kind() != Kind::Reg).last()
}

/// Lists of that browser that would show this policy, from its page or from both hives of the registry.
fn whole<'v, 'c>(view: &'v View<'c>, name: &'v str) -> impl Iterator<Item = Of<'c, PolicyListing>> + use<'v, 'c> {
    view.policy_listings().filter(|(_, l)| l.would_show(name) && !is_foreign(view, l.product.as_deref()))
}

fn named<'v, 'c>(view: &'v View<'c>) -> impl Iterator<Item = Of<'c, Policy>> + 'v {
    view.policies().filter(|(_, p)| is_delegate(&p.name))
}

fn other_name(view: &View<'_>) -> Option<Because> {
    let (fact, policy) = view.policies().filter(|(_, p)| is_nearly_delegate(&p.name)).last()?;
    let says = if policy.name.to_lowercase().ends_with("whitelist") {
        format!("{} is the old name, which current browsers ignore", policy.name)
    } else {
        format!("{} is no policy's name; it is spelt {DELEGATE}", policy.name)
    };
    Some(fact.because(says))
}

fn has_value(policy: &Policy) -> bool {
    policy.value.as_deref().is_some_and(|v| !v.trim().is_empty())
}

/// Computer and user configuration both count; in one and the same dump the computer's wins.
fn winner<'c>(good: &[Of<'c, Policy>]) -> Option<Of<'c, Policy>> {
    let (fact, policy) = *good.last()?;
    let machine = |p: &Policy| matches!(p.scope.as_deref(), Some("machine" | "Device" | "device" | "Machine"));
    let beside = good.iter().rev().find(|(f, p)| f.held.id == fact.held.id && machine(p));
    Some(beside.copied().unwrap_or((fact, policy)))
}

/// Why the browser does not use a value that is there.
fn fault((fact, policy): Of<'_, Policy>, view: &View<'_>) -> Option<Because> {
    if let Some(status) = policy.status.as_deref().filter(|s| !is_ok(s)) {
        return Some(fact.because(format!("the status is {status}, not OK")));
    }
    if policy.level.as_deref().is_some_and(|l| l.eq_ignore_ascii_case("recommended")) {
        return Some(fact.because("the level is Recommended, which this policy does not support"));
    }
    let product = policy.product.as_deref().filter(|p| is_foreign(view, Some(p)))?;
    Some(fact.because(format!("this is a policy of {}, and the browser is another", product_name(product))))
}

fn product_name(product: &str) -> &str {
    match product {
        "edge" => "Edge",
        "chrome" => "Chrome",
        "chromium" => "Chromium",
        "edge-webview2" => "WebView2",
        other => other,
    }
}

/// Another product's policies, as far as both are known.
fn is_foreign(view: &View<'_>, product: Option<&str>) -> bool {
    let browser = view.names.browser.as_deref().unwrap_or_default().to_lowercase();
    let (edge, chrome) = (browser.contains("edge"), browser.contains("chrom"));
    match product {
        Some("edge-webview2") => true,
        Some("edge") => chrome && !edge,
        Some("chrome" | "chromium") => edge && !chrome,
        _ => false,
    }
}

fn matched((fact, policy): Of<'_, Policy>, view: &View<'_>) -> Observed {
    let value = policy.value.as_deref().unwrap_or_default().trim();
    let Some(origin) = origin(view) else { return Observed::Unknown };
    let entries = allow_list::evaluate(value, &origin);
    if let Some(entry) = entries.iter().find(|e| e.verdict.is_ok()) {
        let place = fact.fact.place.clone().lit([entry.text.clone()]);
        return Observed::is(
            "ok",
            fact.because_at(&place, format!("the entry {} matches {}", entry.text, origin.host)),
        );
    }
    let reasons: Vec<String> =
        entries.iter().filter_map(|e| e.verdict.err().map(|reason| format!("{}: {}", e.text, reason.says()))).collect();
    Observed::is("nom", fact.because(format!("no entry matches {}: {}", origin.host, reasons.join("; "))))
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
pub fn origin(view: &View<'_>) -> Option<Origin> {
    view.names
        .url
        .as_deref()
        .and_then(Origin::parse)
        .or_else(|| view.scene.site.host.as_ref().and_then(|h| Origin::parse(h.as_str())))
}
