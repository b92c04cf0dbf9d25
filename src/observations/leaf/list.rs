//! The front end's list of services against the SPN that it asks for.

use super::{LeafTest, YES_NO};
use crate::facts::{AccountList, Failure};
use crate::observations::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs};
use crate::observations::second_hop::same_account;
use crate::observations::view::{Of, View};
use crate::vocabulary::names::Spn;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-list-has-back-end-spn",
        ask: "Is the SPN that the web server asks for on its account's list (msDS-AllowedToDelegateTo), in exactly that form?",
        how: "Get-ADUser <account> -Properties msDS-AllowedToDelegateTo | Select-Object -ExpandProperty msDS-AllowedToDelegateTo, against Target Name in event 3 of the web server. Letter case does not matter; short or full name, port and instance do.",
        needs: Needs::AdAdmin,
        options: &[
            Choice { id: "exact", says: "Yes, in exactly that form" },
            Choice { id: "other-form", says: "The same service, but short or full name, port or instance differ" },
            Choice { id: "absent", says: "No" },
        ],
        derive: listed,
    },
    LeafTest {
        id: "test-rbcd-names-front-end",
        ask: "Does the back end's account name the front end's account (PrincipalsAllowedToDelegateToAccount)?",
        how: "Get-ADUser <owner of the back end's SPN> -Properties PrincipalsAllowedToDelegateToAccount",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: rbcd,
    },
];

fn listed(view: &View<'_>) -> Observed {
    let Some((fact, account)) = view.front_end_account() else { return Observed::Unknown };
    let (Some(list), Some(wanted)) = (&account.allowed_to_delegate_to, asked_for(view)) else {
        return Observed::Unknown;
    };
    if list.value.is_empty() {
        return Observed::Unknown;
    }
    let entries: Vec<Spn> = list.value.iter().filter_map(|e| Spn::parse(e)).collect();
    if let Some(entry) = entries.iter().find(|e| e.same(&wanted)) {
        return Observed::is(
            "exact",
            fact.because_at(&list.place.clone().lit([entry.to_string()]), format!("the list has {wanted}")),
        );
    }
    // Where only others were refused it, what this list lacks says nothing.
    let mut askers = view.second_hop_failures().filter(|(_, f)| f.spn.as_ref().is_some_and(|s| s.same(&wanted)));
    let by_others = askers.next().is_some_and(|first| {
        let other = |(_, f): Of<'_, Failure>| {
            let names = f.requester.as_ref().zip(account.name.as_ref());
            // A service's principal (MIT, Samba) is no account's name.
            names.is_some_and(|(r, n)| !r.as_str().contains('/') && !same_account(r, &n.value))
        };
        other(first) && askers.all(other)
    });
    if by_others || account.is_cut(AccountList::DelegateTo) {
        return Observed::Unknown;
    }
    // Same machine and class, or a class that stands for it (HOST covers HTTP and others only for the machine's own names,
    // and only as the KCD guide says: another form, to be looked at).
    let other = entries
        .iter()
        .find(|e| e.same_machine(&wanted) && (e.same_class(&wanted) || e.class().eq_ignore_ascii_case("host")));
    if let Some(entry) = other {
        let says = format!("the list has {entry}, but the web server asks for {wanted}");
        return Observed::is("other-form", fact.because_at(&list.place.clone().lit([entry.to_string()]), says));
    }
    let shown: Vec<&str> = list.value.iter().map(String::as_str).take(4).collect();
    Observed::is("absent", fact.because_at(&list.place, format!("the list has {}, not {wanted}", shown.join(", "))))
}

/// What the front end asks for; its own list's first entry is no evidence of that.
pub fn asked_for(view: &View<'_>) -> Option<Spn> {
    let spn = view.names.be_spn.clone()?;
    let only_listed = view.accounts().any(|(_, a)| {
        a.allowed_to_delegate_to.as_ref().is_some_and(|l| l.value.iter().any(|e| Spn::parse(e).as_ref() == Some(&spn)))
    });
    let seen = view.second_hop_failures().any(|(_, f)| f.spn.as_ref().is_some_and(|s| s.same(&spn)))
        || view.front_end_tickets().any(|(_, t)| t.server.as_ref().is_some_and(|s| s.same(&spn)))
        || view.ticket_requests().any(|(_, r)| r.spn.as_ref().is_some_and(|s| s.same(&spn)))
        || view.spn_searches().any(|(_, s)| s.spn.as_ref().is_some_and(|x| x.same(&spn)));
    (seen || !only_listed).then_some(spn)
}

fn rbcd(view: &View<'_>) -> Observed {
    match fold::rbcd(view) {
        Some((named, because)) => Observed::is(if named { "yes" } else { "no" }, because),
        None => Observed::Unknown,
    }
}
