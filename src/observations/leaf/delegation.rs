//! Which account has the right, and which account acts.

use super::{LeafTest, YES_NO};
use crate::facts::{Account, AccountList, Failure, FailureContext};
use crate::observations::fold::directory::model;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs};
use crate::observations::view::{Of, View};
use crate::observations::{names, owners};
use crate::report::Because;
use crate::vocabulary::names::{AccountName, Spn, name_of_dn};

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-rbcd-set",
        ask: "Does the account that owns the back end's SPN name anyone who may delegate to it (PrincipalsAllowedToDelegateToAccount)?",
        how: "Get-ADUser <owner of the back end's SPN> -Properties PrincipalsAllowedToDelegateToAccount (Get-ADComputer, Get-ADServiceAccount)",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: rbcd_set,
    },
    LeafTest {
        id: "test-rbcd-on-other-object",
        ask: "Does another object than the owner of the back end's SPN name the front end (the server's computer account, for example)?",
        how: "setspn -F -Q <the back end's SPN> shows the owner; look at PrincipalsAllowedToDelegateToAccount of the other accounts of that server.",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: rbcd_elsewhere,
    },
    LeafTest {
        id: "test-rbcd-through-group",
        ask: "Does the back end's account name a group that the front end's account belongs to?",
        how: "Get-ADPrincipalGroupMembership <front end's account>, against PrincipalsAllowedToDelegateToAccount",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: through_group,
    },
    LeafTest {
        id: "test-configured-account-acts",
        ask: "Is the account that has the list (msDS-AllowedToDelegateTo) the one that runs the web application?",
        how: "Application pool, Advanced Settings, Identity. ApplicationPoolIdentity, NetworkService and LocalSystem act as the computer account. Or event 4769 on a domain controller: the account name of the failed request.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: acts,
    },
    LeafTest {
        id: "test-right-on-other-account",
        ask: "Is a delegation setting for this back end found on another account: an older service account, or the web server's computer account?",
        how: "Get-ADObject -LDAPFilter '(msDS-AllowedToDelegateTo=<the back end's SPN>)' lists every account that may delegate to it. For resource-based delegation: PrincipalsAllowedToDelegateToAccount of the other accounts of the back end's server.",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: on_other_account,
    },
    LeafTest {
        id: "test-extended-error",
        ask: "Which extended error does the web server's event 3 show beside 0xd?",
        how: "System log of the web server, source Security-Kerberos, event 3: Extended Error",
        needs: Needs::ServerAdmin,
        options: &[
            Choice { id: "not-supported", says: "0xc00000bb" },
            Choice { id: "no-match", says: "0xc0000272" },
            Choice { id: "not-found", says: "0xc0000225" },
            Choice { id: "restricted", says: "0xc000006e" },
            Choice { id: "none", says: "Nothing, or another one" },
        ],
        derive: extended,
    },
];

fn rbcd_set(view: &View<'_>) -> Observed {
    let Some((fact, list)) = view.back_end_account().and_then(|(f, a)| a.rbcd_principals.as_ref().map(|l| (f, l)))
    else {
        return Observed::Unknown;
    };
    let (option, says) = match list.value.is_empty() {
        false => ("yes", "the back end's account names somebody (resource-based)"),
        true => ("no", "the back end's account names nobody (resource-based)"),
    };
    Observed::is(option, fact.because_at(&list.place, says))
}

/// The name of an entry: a distinguished name, or an account name.
fn entry_name(entry: &str) -> Option<AccountName> {
    name_of_dn(entry).or_else(|| AccountName::parse(entry))
}

fn same_or_machine(one: &AccountName, other: &AccountName) -> bool {
    // A computer's name in a distinguished name lacks the dollar sign of its account.
    one.bare().trim_end_matches('$').eq_ignore_ascii_case(other.bare().trim_end_matches('$'))
}

fn rbcd_elsewhere(view: &View<'_>) -> Observed {
    let (Some(front_end), Some((_, owner))) = (view.names.fe_account.clone(), view.back_end_account()) else {
        return Observed::Unknown;
    };
    // The same server's other account; what other servers name is another story.
    let server = view.names.be_spn.clone();
    let same_server = |a: &Account| {
        let Some(spn) = &server else { return false };
        let named = a
            .name
            .as_ref()
            .zip(spn.host())
            .is_some_and(|(n, h)| n.value.bare().trim_end_matches('$').eq_ignore_ascii_case(h.short()));
        let said = a.said_role.as_ref().is_some_and(|r| names::says_back_end(&r.value));
        named || said || a.spns.iter().flat_map(|l| &l.value).any(|s| s.same_machine(spn))
    };
    let others = view.accounts().filter(|(_, a)| !owners::is_same_object(a, owner) && same_server(a));
    others
        .filter_map(|(f, a)| a.rbcd_principals.as_ref().map(|l| (f, l)))
        .find(|(_, l)| l.value.iter().filter_map(|e| entry_name(e)).any(|n| same_or_machine(&n, &front_end)))
        .map_or(Observed::Unknown, |(f, l)| {
            let says = "another object names the front end, not the owner of the back end's SPN";
            Observed::is("yes", f.because_at(&l.place, says))
        })
}

/// No only where it is sure that no group is meant.
fn through_group(view: &View<'_>) -> Observed {
    let owner = view.back_end_account().and_then(|(f, a)| a.rbcd_principals.as_ref().map(|l| (f, a, l)));
    let Some((fact, owner, list)) = owner else { return Observed::Unknown };
    let member_of = view.front_end_account().and_then(|(f, a)| a.member_of.as_ref().map(|m| (f, m)));
    if let Some((own, groups)) = member_of {
        let common = groups.value.iter().find(|g| list.value.iter().any(|e| e.eq_ignore_ascii_case(g)));
        if let Some(group) = common {
            return Observed::is(
                "yes",
                own.because_at(&groups.place.clone().lit([group.clone()]), "a member of the group that is named"),
            );
        }
    }
    let account = |entry: &String| {
        let computers = ["cn=computers,", "ou=computers,", "ou=servers,", "ou=domain controllers,"];
        let lower = entry.to_lowercase();
        entry_name(entry).is_some_and(|n| {
            n.is_computer()
                || computers.iter().any(|c| lower.contains(c))
                || view.accounts().any(|(_, a)| a.name.as_ref().is_some_and(|name| same_or_machine(&name.value, &n)))
        })
    };
    if !owner.is_cut(AccountList::Principals) && list.value.iter().all(account) {
        return Observed::is("no", fact.because_at(&list.place, "only accounts are named, no group"));
    }
    Observed::Unknown
}

/// Who acts at the front end.
enum Acting {
    Named(AccountName),
    /// The computer account, whatever its name.
    Machine,
}

/// The application pool first, then who asked the KDC, then the page's own process.
fn acting(view: &View<'_>) -> Option<(Acting, Because)> {
    pool(view).or_else(|| asks(view)).or_else(|| process(view))
}

fn pool(view: &View<'_>) -> Option<(Acting, Because)> {
    view.iis().find_map(|(f, iis)| {
        let kind = iis.pool_identity_type.as_ref();
        if let Some(user) =
            iis.pool_user.as_ref().filter(|_| kind.is_none_or(|k| k.value.eq_ignore_ascii_case("SpecificUser")))
        {
            return Some((
                Acting::Named(user.value.clone()),
                f.because_at(&user.place, format!("the application pool runs as {}", user.value)),
            ));
        }
        let kind = kind?;
        let machine =
            ["applicationpoolidentity", "networkservice", "localsystem"].contains(&kind.value.to_lowercase().as_str());
        machine.then(|| {
            (
                Acting::Machine,
                f.because_at(
                    &kind.place,
                    format!("the application pool runs as {}: it acts as the computer account", kind.value),
                ),
            )
        })
    })
}

fn is_user(view: &View<'_>, name: &AccountName) -> bool {
    view.names.user.as_ref().is_some_and(|u| u.same(name))
}

fn asks(view: &View<'_>) -> Option<(Acting, Because)> {
    // MIT's library asks in the name of an SPN: its owner acts.
    let owner = |name: &AccountName| {
        let spn = Spn::parse(name.as_str()).filter(|_| name.as_str().contains('/'));
        match spn {
            Some(spn) => {
                view.accounts().find(|(_, a)| a.owns(&spn)).and_then(|(_, a)| a.name.as_ref()).map(|n| n.value.clone())
            }
            None => Some(name.clone()),
        }
    };
    view.second_hop_failures().find_map(|(f, x)| {
        let name = x.requester.as_ref().filter(|n| !is_user(view, n))?;
        let because = f.because(format!("{name} asks for the back end"));
        Some((Acting::Named(owner(name)?), because))
    })
}

fn process(view: &View<'_>) -> Option<(Acting, Because)> {
    view.identities().filter(|(_, i)| !i.of_back_end).find_map(|(f, i)| {
        let current = i.current.as_ref().filter(|c| !is_user(view, &c.value))?;
        let virtual_account = current.value.as_str().to_uppercase().starts_with("IIS APPPOOL\\");
        let acting = if virtual_account { Acting::Machine } else { Acting::Named(current.value.clone()) };
        Some((acting, f.because_at(&current.place, format!("the process runs as {}", current.value))))
    })
}

/// Accounts whose list names the back end that is asked for; in a dump of many accounts the other lists are other stories.
fn with_list<'v>(view: &'v View<'_>) -> Vec<Of<'v, Account>> {
    let said = view
        .back_end_account()
        .is_some_and(|(_, a)| a.said_role.as_ref().is_some_and(|r| names::says_back_end(&r.value)));
    // Of one list in all of the dumps nobody doubts what it is for.
    let lists = view.accounts().filter(|(_, a)| a.allowed_to_delegate_to.as_ref().is_some_and(|l| !l.value.is_empty()));
    let known = said || lists.count() == 1;
    let asked = super::list::asked_for(view).or_else(|| view.names.be_spn.clone().filter(|_| known));
    let Some(back_end) = asked else { return Vec::new() };
    // The account that the person calls the back end's: what is asked for may have been cut.
    let owned: Vec<&Spn> = view
        .back_end_account()
        .filter(|_| said)
        .and_then(|(_, a)| a.spns.as_ref())
        .map_or_else(Vec::new, |l| l.value.iter().collect());
    let back_ends = |e: &Spn| e.same_machine(&back_end) || owned.iter().any(|s| e.same_machine(s));
    let has = |l: &Vec<String>| l.iter().filter_map(|e| Spn::parse(e)).any(|e| back_ends(&e));
    view.accounts()
        .filter(|(_, a)| a.allowed_to_delegate_to.as_ref().is_some_and(|l| has(&l.value)))
        .filter(|(_, a)| !a.owns(&back_end))
        .collect()
}

fn acts(view: &View<'_>) -> Observed {
    let configured = with_list(view);
    let list = |(f, a): &Of<'_, Account>, says: String| {
        let place = a.allowed_to_delegate_to.as_ref().map_or_else(|| f.fact.place.clone(), |l| l.place.clone());
        f.because_at(&place, says)
    };
    let name = |a: &Account| a.name.as_ref().map_or_else(|| "an account".to_owned(), |n| n.value.to_string());
    let Some(first) = configured.first() else { return Observed::Unknown };
    let computer = |a: &Account| {
        let class = a.object_class.as_deref().unwrap_or_default().to_lowercase();
        class.contains("computer") || class.is_empty() && a.name.as_ref().is_some_and(|n| n.value.is_computer())
    };
    // For a share the computer account asks and decrypts for many; only the pool tells who acts.
    let share = view.names.be_spn.as_ref().is_some_and(|s| s.class().eq_ignore_ascii_case("cifs"));
    let who = if share { pool(view).or_else(|| process(view)) } else { acting(view) };
    if share && who.is_none() {
        return Observed::Unknown;
    }
    if let Some((who, proof)) = who {
        let acts = configured.iter().find(|(_, a)| match &who {
            Acting::Machine => computer(a),
            Acting::Named(n) => a.name.as_ref().is_some_and(|own| same_or_machine(&own.value, n)),
        });
        if let Some(of) = acts {
            return Observed::Is("yes", vec![proof, list(of, format!("{} has the list", name(of.1)))]);
        }
        // The one that acts may have it too, in the part of its list that was cut off.
        let may_have = |a: &Account| {
            a.is_cut(AccountList::DelegateTo)
                && match &who {
                    Acting::Machine => computer(a),
                    Acting::Named(n) => a.name.as_ref().is_some_and(|own| same_or_machine(&own.value, n)),
                }
        };
        if view.accounts().any(|(_, a)| may_have(a)) {
            return Observed::Unknown;
        }
        // A dump may show an account by a name that is not its logon name: another one only where that is sure.
        let computers = configured.iter().filter(|(_, a)| computer(a)).count();
        let other = match &who {
            Acting::Machine => computers == 0,
            Acting::Named(n) if n.is_computer() != (computers > 0) => computers == 0 || computers == configured.len(),
            Acting::Named(n) => view.accounts().any(|(_, a)| a.name.as_ref().is_some_and(|own| own.value.same(n))),
        };
        return match other {
            true => Observed::Is("no", vec![proof, list(first, format!("the list is on {}", name(first.1)))]),
            false => Observed::Unknown,
        };
    }
    // Who decrypts: the owner of the site's SPN.
    let Some((fact, owner)) = view.front_end_account() else { return Observed::Unknown };
    let owned = owner.spns.as_ref().filter(|l| l.value.iter().any(|s| s.is_http() && view.scene.site.is_spn(s)));
    let (Some(spns), Some(own_list)) = (owned, &owner.allowed_to_delegate_to) else { return Observed::Unknown };
    let proof = fact.because_at(&spns.place, format!("{} owns the web server's SPN", name(owner)));
    if !own_list.value.is_empty() {
        return Observed::Is("yes", vec![proof, fact.because_at(&own_list.place, "and has the list")]);
    }
    Observed::Is("no", vec![proof, list(first, format!("the list is on {}", name(first.1)))])
}

/// No where both accounts that count were looked at, and none of those that were shown beside them has it.
fn on_other_account(view: &View<'_>) -> Observed {
    match (acts(view), rbcd_elsewhere(view), model(view)) {
        (Observed::Is("no", because), _, _) | (_, Observed::Is("yes", because), _) => Observed::Is("yes", because),
        (_, _, Observed::Is("0", because)) => Observed::Is("no", because),
        _ => Observed::Unknown,
    }
}

fn extended(view: &View<'_>) -> Observed {
    let code = |f: &Failure| f.extended.or(f.status.filter(|_| f.context == FailureContext::S4u2Proxy));
    let told = view.second_hop_failures().filter_map(|(fact, f)| {
        let option = match code(f)? {
            0xc000_00bb => "not-supported",
            0xc000_0272 => "no-match",
            0xc000_0225 => "not-found",
            0xc000_006e => "restricted",
            _ => "none",
        };
        Some((option, fact.because(format!("the web server is told {:#010x}", code(f)?))))
    });
    told.last().map_or(Observed::Unknown, |(option, because)| Observed::is(option, because))
}

/// The computer account of the front end, among the dumps: called so, or named as the site, or the one that asked.
pub(super) fn front_end_computer<'v>(view: &'v View<'_>) -> Option<Of<'v, Account>> {
    let class = |a: &Account| a.object_class.as_deref().unwrap_or_default().to_lowercase();
    let computer = |a: &Account| {
        class(a).contains("computer") || class(a).is_empty() && a.name.as_ref().is_some_and(|n| n.value.is_computer())
    };
    let ours = |a: &Account| {
        let said = a.said_role.as_ref().is_some_and(|r| names::says_front_end(&r.value));
        let named = a.name.as_ref().is_some_and(|n| {
            let site = view.scene.site.host.as_ref().and_then(|h| AccountName::parse(h.short()));
            let asked = view.second_hop_failures().filter_map(|(_, f)| f.requester.clone());
            asked.filter(AccountName::is_computer).chain(site).any(|other| same_or_machine(&n.value, &other))
        });
        said || named
    };
    view.accounts().find(|(_, a)| computer(a) && ours(a))
}

/// True when the pool, or whoever asks, is the computer account; `None` when that is not told.
pub(super) fn runs_as_machine(view: &View<'_>) -> Option<(bool, Because)> {
    acting(view).map(|(who, because)| match who {
        Acting::Machine => (true, because),
        Acting::Named(name) => (name.is_computer(), because),
    })
}

#[cfg(test)]
mod tests {

    use crate::diagnosis::testing::{accounts, event_3, status_with};
    use crate::facts::{At, Device, IisAuthentication, Place, Role, Statement};
    use crate::report::Status::*;
    use crate::vocabulary::names::AccountName;

    fn pool(kind: &str, user: &str) -> Vec<Statement> {
        let at = |text: &str| At::new(text.to_owned(), Place::default());
        vec![Statement::IisAuthentication(Box::new(IisAuthentication {
            pool_identity_type: Some(at(kind)),
            pool_user: AccountName::parse(user).map(|u| At::new(u, Place::default())),
            ..IisAuthentication::default()
        }))]
    }

    #[test]
    fn the_pools_identity_acts() {
        let id = "kcd-wrong-identity";
        let api = "HTTP/api01.contoso.com";
        let event = event_3(api).replace("CONTOSO.COM\\svc-web", "");
        let list = accounts(&[api], "contoso.com", api, "");
        let judged = |facts| status_with(id, &[&list, &event], Role::FrontEnd, facts);
        assert_eq!(judged(pool("SpecificUser", "CONTOSO\\svc-web")), RuledOut);
        assert_eq!(judged(pool("ApplicationPoolIdentity", "")), Confirmed);
        // Another name than in the dump may be another name of the same account.
        assert_eq!(judged(pool("SpecificUser", "CONTOSO\\websvc")), Possible);
        assert_eq!(judged(pool("SpecificUser", "CONTOSO\\gmsa-web$")), Confirmed);
    }

    #[test]
    fn the_session_itself_knows_its_groups() {
        let session = |protected: bool| {
            let device = Device { protected_user: Some(At::new(protected, Place::default())), ..Device::default() };
            vec![Statement::Device(device)]
        };
        let judged = |facts| status_with("user-protected-users", &["browser: Edge"], Role::Client, facts);
        assert_eq!(judged(session(true)), Likely);
        assert_eq!(judged(session(false)), Possible);
    }
}
