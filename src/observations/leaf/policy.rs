//! Browser policies around the one that decides about delegation.

use super::{LeafTest, YES_NO};
use crate::observations::fold::{name_right, origin, somebody_set, unset, value_of, yes_no};
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs};
use crate::observations::view::View;
use crate::vocabulary::allow_list;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-policy-name-right",
        ask: "Is the policy's name spelt AuthNegotiateDelegateAllowlist, exactly?",
        how: "edge://policy, or the registry: not …Whitelist, no other spelling.",
        needs: Needs::User,
        options: YES_NO,
        derive: name_right,
    },
    LeafTest {
        id: "test-policy-deployed",
        ask: "Did an administrator set AuthNegotiateDelegateAllowlist for this PC or user (group policy, registry)?",
        how: "Ask whoever runs the group policies; gpresult /h result.html on the PC.",
        needs: Needs::User,
        options: YES_NO,
        derive: deployed,
    },
    LeafTest {
        id: "test-server-allowlist",
        ask: "Does AuthServerAllowlist name the site?",
        how: "edge://policy (chrome://policy): AuthServerAllowlist",
        needs: Needs::User,
        options: &[
            Choice { id: "unset", says: "The policy is not set" },
            Choice { id: "match", says: "It is set, and the host matches" },
            Choice { id: "no-match", says: "It is set, and the host matches no entry" },
        ],
        derive: server_list,
    },
    LeafTest {
        id: "test-negotiate-scheme",
        ask: "Does the policy AuthSchemes allow negotiate (in lower case), or is it not set?",
        how: "edge://policy (chrome://policy): AuthSchemes",
        needs: Needs::User,
        options: YES_NO,
        derive: scheme,
    },
    LeafTest {
        id: "test-kdc-policy-decides",
        ask: "Is AuthNegotiateDelegateByKdcPolicy on, or enforce_ok_as_delegate in krb5.conf?",
        how: "chrome://policy (edge://policy); grep enforce_ok_as_delegate /etc/krb5.conf",
        needs: Needs::User,
        options: YES_NO,
        derive: kdc_decides,
    },
    LeafTest {
        id: "test-private-sign-in",
        ask: "Does AmbientAuthenticationInPrivateModesEnabled let private windows sign in silently (1 or 3)?",
        how: "edge://policy (chrome://policy)",
        needs: Needs::User,
        options: YES_NO,
        derive: private_sign_in,
    },
];

fn deployed(view: &View<'_>) -> Observed {
    for key in ["policy_deployed", "policy_set"] {
        let Some((text, because)) = view.said(key) else { continue };
        let lower = text.to_lowercase();
        let tells = ["ago", "gpo", "group policy", "registry", "minute", "hour", "yesterday", "today", "week"];
        match yes_no(text) {
            Some(false) => return Observed::is("no", because),
            Some(true) => return Observed::is("yes", because),
            None if tells.iter().any(|w| lower.contains(w)) => return Observed::is("yes", because),
            None => {}
        }
    }
    somebody_set(view).map_or(Observed::Unknown, |because| Observed::is("yes", because))
}

fn server_list(view: &View<'_>) -> Observed {
    let name = "AuthServerAllowlist";
    let Some((fact, policy)) = value_of(view, name) else {
        return unset(view, name).map_or(Observed::Unknown, |because| Observed::is("unset", because));
    };
    let Some(origin) = origin(view) else { return Observed::Unknown };
    let value = policy.value.as_deref().unwrap_or_default();
    if allow_list::matches(value, &origin) {
        return Observed::is("match", fact.because(format!("AuthServerAllowlist matches {}", origin.host)));
    }
    Observed::is("no-match", fact.because(format!("no entry of AuthServerAllowlist matches {}", origin.host)))
}

/// The schemes are compared in lower case only; one origin may be exempt from the whole policy.
fn scheme(view: &View<'_>) -> Observed {
    let Some((fact, policy)) = value_of(view, "AuthSchemes") else {
        return unset(view, "AuthSchemes").map_or(Observed::Unknown, |because| Observed::is("yes", because));
    };
    let value = policy.value.as_deref().unwrap_or_default();
    if value.split(',').any(|s| s.trim() == "negotiate") {
        return Observed::is("yes", fact.because("AuthSchemes has negotiate"));
    }
    let exempt = value_of(view, "AllHttpAuthSchemesAllowedForOrigins").filter(|(_, p)| {
        let host = view.scene.site.host.as_ref().map(|h| h.as_str().to_lowercase());
        let text = p.value.as_deref().unwrap_or_default().to_lowercase();
        text.trim() == "*" || host.is_some_and(|h| text.contains(&h))
    });
    match exempt {
        Some((fact, _)) => Observed::is("yes", fact.because("this origin may use every scheme")),
        None => Observed::is("no", fact.because(format!("AuthSchemes is {value}: no negotiate in lower case"))),
    }
}

fn kdc_decides(view: &View<'_>) -> Observed {
    if let Observed::Is("yes", because) = super::client::word(view, &["enforce_ok_as_delegate"]) {
        return Observed::Is("yes", because);
    }
    let name = "AuthNegotiateDelegateByKdcPolicy";
    match value_of(view, name) {
        Some((fact, p)) if is_on(p.value.as_deref()) => Observed::is(
            "yes",
            fact.because("AuthNegotiateDelegateByKdcPolicy is on: the ticket must carry ok-as-delegate"),
        ),
        Some((fact, _)) => Observed::is("no", fact.because(format!("{name} is off"))),
        None => unset(view, name).map_or(Observed::Unknown, |because| Observed::is("no", because)),
    }
}

fn is_on(value: Option<&str>) -> bool {
    matches!(value.map(|v| v.trim().to_lowercase()).as_deref(), Some("true" | "1" | "0x1"))
}

fn private_sign_in(view: &View<'_>) -> Observed {
    let name = "AmbientAuthenticationInPrivateModesEnabled";
    match value_of(view, name) {
        Some((fact, p)) => {
            let value = p.value.as_deref().unwrap_or_default().trim().trim_start_matches("0x").to_owned();
            let on = matches!(value.as_str(), "1" | "3");
            Observed::is(if on { "yes" } else { "no" }, fact.because(format!("{name} is {value}")))
        }
        None => unset(view, name).map_or(Observed::Unknown, |because| Observed::is("no", because)),
    }
}
