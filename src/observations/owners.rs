//! Whose account it is: the front end's and the back end's, in dumps, searches and refusals.

use super::names::{says_back_end, says_front_end};
use super::scene::{Of, Scene};
use super::second_hop;
use super::sites::is_listed;
use crate::case::Located;
use crate::facts::{Account, Failure, FailureContext, Role, Statement};
use crate::vocabulary::names::{AccountName, HostName, Realm, Spn, name_of_dn};

/// An account as far as an SPN's owner is known.
pub struct Owner {
    /// Its name.
    pub name: Option<AccountName>,
    /// Its directory class.
    pub class: Option<String>,
    /// Its domain.
    pub domain: Option<Realm>,
}

impl Owner {
    fn of_account(account: &Account) -> Owner {
        let name = account
            .name
            .as_ref()
            .map(|n| n.value.clone())
            .or_else(|| account.dn.as_ref().and_then(|dn| name_of_dn(&dn.value)));
        Owner { name, class: account.object_class.clone(), domain: account.domain() }
    }

    fn of_dn(dn: &str) -> Owner {
        let name = name_of_dn(dn).or_else(|| AccountName::parse(dn));
        Owner { name, class: None, domain: crate::vocabulary::names::domain_of_dn(dn) }
    }
}

/// The account that the front end's delegation settings are read from: the one that owns the site's SPN, or that the
/// person calls the front end, or the only one that has any delegation setting.
pub fn front_end_account<'c>(scene: &Scene<'c>, user: Option<&AccountName>) -> Option<Of<'c, Account>> {
    let (site, all) = (&scene.site, scene.accounts());
    let owns = |a: &Account| a.spns.iter().flat_map(|l| &l.value).any(|s| site.is_spn(s) && s.is_http());
    // Another account may delegate to it: that one's back end is a web application, too.
    let listed = |a: &Account| a.spns.iter().flat_map(|l| &l.value).any(|s| s.is_http() && is_listed(scene.facts, s));
    let said = |a: &Account| a.said_role.as_ref().is_some_and(|r| says_front_end(&r.value)) && !listed(a);
    let set = |a: &Account| {
        a.trusted_for_delegation.as_ref().is_some_and(|t| t.value)
            || a.allowed_to_delegate_to.as_ref().is_some_and(|l| !l.value.is_empty())
    };
    if let Some(found) = all.iter().find(|(_, a)| owns(a)).or_else(|| all.iter().find(|(_, a)| said(a))) {
        let later = all.iter().find(|(_, a)| is_same_object(a, found.1) && newer(a, found.1) == Some(true));
        return Some(*later.unwrap_or(found));
    }
    let pool = scene.facts.iter().find_map(|f| match f.says() {
        Statement::IisAuthentication(iis) => iis.pool_user.as_ref().map(|u| &u.value),
        _ => None,
    });
    if let Some(found) = pool.and_then(|p| all.iter().find(|(_, a)| a.name.as_ref().is_some_and(|n| n.value.same(p)))) {
        return Some(*found);
    }
    let refused = asked_behind(scene, user);
    let requester = refused.and_then(|f| f.requester.as_ref());
    if let Some(found) =
        requester.and_then(|r| all.iter().find(|(_, a)| a.name.as_ref().is_some_and(|n| n.value.same(r))))
    {
        return Some(*found);
    }
    // Transited Services at the back end: through whom the user came.
    let through = scene.facts.iter().find_map(|f| match f.says() {
        Statement::Arrival(a) => a.through.as_ref().filter(|t| second_hop::may_be(site, t)),
        _ => None,
    });
    let brought = |a: &Account| a.name.as_ref().zip(through).is_some_and(|(n, t)| n.value.same(t));
    if let Some(found) = all.iter().find(|(_, a)| brought(a)) {
        return Some(*found);
    }
    let visitor = |a: &Account| a.name.as_ref().zip(user).is_some_and(|(n, u)| n.value.same(u));
    // Where another account asked, for something that the list does not speak of, the list is another story.
    let speaks = |a: &Account| {
        let spn = refused.filter(|f| second_hop::is_about_delegation(f)).and_then(|f| f.spn.as_ref());
        let list = a.allowed_to_delegate_to.iter().flat_map(|l| &l.value);
        let asked = || requester.zip(a.name.as_ref()).is_none_or(|(r, n)| second_hop::same_account(r, &n.value));
        spn.is_none_or(|spn| asked() || list.filter_map(|e| Spn::parse(e)).any(|e| e.same_machine(spn)))
    };
    let mut with_settings = all.iter().filter(|(_, a)| set(a) && !visitor(a) && speaks(a));
    match (with_settings.next(), with_settings.next()) {
        (Some(only), None) => Some(*only),
        _ => None,
    }
}

/// Two dumps of one directory object.
pub fn is_same_object(one: &Account, other: &Account) -> bool {
    let dn = |a: &Account| a.dn.as_ref().map(|dn| dn.value.to_lowercase());
    match (dn(one), dn(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.name.as_ref().zip(other.name.as_ref()).is_some_and(|(a, b)| a.value.same(&b.value)),
    }
}

/// Was the object changed between two dumps: is the one newer? `None` when nothing tells.
pub fn newer(one: &Account, other: &Account) -> Option<bool> {
    let changed = |a: &Account| a.when_changed.as_ref().and_then(|at| at.value.seconds);
    changed(one).zip(changed(other)).filter(|(a, b)| a != b).map(|(a, b)| a > b)
}

/// The account that the back end's settings are read from.
pub fn back_end_account<'c>(scene: &Scene<'c>, be_spn: Option<&Spn>) -> Option<Of<'c, Account>> {
    let all = scene.accounts();
    let owns = |a: &Account| be_spn.is_some_and(|spn| a.owns(spn));
    let same_machine = |a: &Account| {
        be_spn.is_some_and(|spn| a.spns.iter().flat_map(|l| &l.value).any(|s| s.same_class(spn) && s.same_machine(spn)))
    };
    let said = |a: &Account| a.said_role.as_ref().is_some_and(|r| says_back_end(&r.value));
    // A dump that does not show SPNs names its account; a search tells what that account owns.
    let found = be_spn.and_then(|spn| owner_in_searches(scene.facts, |s| s.same(spn))).and_then(|owner| owner.name);
    let searched = |a: &Account| {
        let name = a.name.as_ref().zip(found.as_ref());
        a.spns.is_none() && name.is_some_and(|(n, found)| second_hop::same_account(&n.value, found))
    };
    // The computer on which somebody arrived by delegation, where nothing else tells what the back end is.
    let arrived = |a: &Account| {
        let machine = a.name.as_ref().and_then(|n| n.value.bare().strip_suffix('$'));
        let here = |host: &HostName| machine.is_some_and(|m| m.eq_ignore_ascii_case(host.short()));
        scene.facts.iter().any(|fact| match fact.says() {
            Statement::Arrival(x) => x.through.is_some() && x.host.as_ref().is_some_and(here),
            _ => false,
        })
    };
    all.iter()
        .find(|(_, a)| owns(a))
        .or_else(|| all.iter().find(|(_, a)| searched(a)))
        .or_else(|| all.iter().find(|(_, a)| same_machine(a)))
        .or_else(|| all.iter().find(|(_, a)| said(a)))
        .or_else(|| all.iter().find(|(_, a)| be_spn.is_none() && arrived(a)))
        .copied()
}

/// Who runs the front end: the account in the dumps, whom the searches show, or who asked behind it.
pub fn front_end_owner(scene: &Scene<'_>, user: Option<&AccountName>) -> Option<Owner> {
    if let Some((_, account)) = front_end_account(scene, user) {
        return Some(Owner::of_account(account));
    }
    owner_in_searches(scene.facts, |spn| scene.site.is_spn(spn)).or_else(|| acting(scene, user))
}

/// Whoever asked for the back end and was refused runs the front end, whether or not a dump shows the account.
fn acting(scene: &Scene<'_>, user: Option<&AccountName>) -> Option<Owner> {
    let name = asked_behind(scene, user).filter(|f| f.spn.is_some())?.requester.clone()?;
    // Only a DNS name is a domain that can be compared with another.
    let domain = name.domain().filter(|d| d.contains('.')).and_then(Realm::parse);
    Some(Owner { name: Some(name), class: None, domain })
}

/// The refusal of what was asked for behind the site, by another than the visitor; best one that is about delegation.
fn asked_behind<'c>(scene: &Scene<'c>, user: Option<&AccountName>) -> Option<&'c Failure> {
    let (site, facts) = (&scene.site, scene.facts);
    let wanted = |r: &AccountName, f: &Failure| {
        f.requester.as_ref().is_some_and(|x| x.same(r)) && f.spn.as_ref().is_some_and(|s| site.is_spn(s))
    };
    // Who asked for the site itself visits it.
    let visits = |r: &AccountName| {
        user.is_some_and(|u| r.same(u))
            || facts.iter().any(|fact| match fact.says() {
                Statement::Failure(f) => !f.on_behalf && wanted(r, f),
                _ => false,
            })
    };
    let refused = facts.iter().filter_map(|fact| match fact.says() {
        Statement::Failure(f)
            if f.context == FailureContext::KdcReply
                && f.krb.is_some()
                // A domain controller's event of a request for oneself: anybody's.
                && (f.event != Some(4769) || second_hop::is_about_delegation(f))
                && fact.role() != Role::Client
                && !f.spn.as_ref().is_some_and(|s| s.is_krbtgt() || site.is_spn(s))
                && !scene.is_middles(f)
                && !second_hop::is_anothers(site, facts, f)
                && !second_hop::is_another_story(site, fact, f)
                && !second_hop::is_of_windows(facts, f)
                && f.requester.as_ref().is_some_and(|r| !visits(r)) =>
        {
            Some(f)
        }
        _ => None,
    });
    refused.min_by_key(|f| !second_hop::is_about_delegation(f))
}

/// Who owns the back end's SPN, by dumps or searches.
pub fn back_end_owner(scene: &Scene<'_>, be_spn: Option<&Spn>) -> Option<Owner> {
    if let Some((_, account)) = back_end_account(scene, be_spn) {
        return Some(Owner::of_account(account));
    }
    let be_spn = be_spn?;
    owner_in_searches(scene.facts, |spn| spn.same(be_spn))
}

/// The only owner that the searches show for a matching SPN.
fn owner_in_searches(facts: &[Located<'_>], wanted: impl Fn(&Spn) -> bool) -> Option<Owner> {
    let mut owners: Vec<&str> = facts
        .iter()
        .filter_map(|f| match f.says() {
            Statement::SpnSearch(s) => Some(s),
            _ => None,
        })
        .flat_map(|s| &s.owners)
        .filter(|o| o.spns.iter().any(&wanted))
        .map(|o| o.dn.value.as_str())
        .collect();
    owners.dedup();
    match owners.as_slice() {
        [only] => Some(Owner::of_dn(only)),
        _ => None,
    }
}
