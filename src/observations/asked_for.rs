//! Which service the front end asks for: its back end.

use super::names::says_back_end;
use super::scene::Scene;
use super::second_hop;
use crate::case::Located;
use crate::facts::{Role, Statement};
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::codes::krb;
use crate::vocabulary::names::{AccountName, HostName, Spn};
use crate::vocabulary::ticket_flags::CacheFlags;

/// The SPN that the front end asks for: what a failed or successful second hop names, before what was only looked up.
pub fn be_spn(scene: &Scene<'_>, user: Option<&AccountName>) -> Option<Spn> {
    let (site, facts) = (&scene.site, scene.facts);
    let foreign = |spn: &Spn| !spn.is_krbtgt() && !site.is_spn(spn);
    let of_middle = |fact: &Located<'_>| match fact.says() {
        Statement::Failure(f) => {
            scene.is_middles(f)
                || second_hop::is_anothers(site, facts, f)
                || second_hop::is_another_story(site, fact, f)
                || second_hop::is_of_windows(facts, f)
                || second_hop::is_users_own(facts, user, f)
        }
        Statement::TicketRequest(r) => r.requester.as_ref().is_some_and(|name| !second_hop::may_be(site, name)),
        Statement::Ticket(t) => second_hop::is_own_logon(facts, fact, t),
        _ => false,
    };
    let ours: Vec<&Located<'_>> = facts.iter().filter(|fact| !of_middle(fact)).collect();
    let ours = || ours.iter().copied();
    let first = |tier: fn(&Located<'_>) -> Option<Spn>| ours().filter_map(tier).find(|spn| foreign(spn));
    if let Some(spn) = first(said_be).or_else(|| first(refused)) {
        return Some(spn);
    }
    // What failed without a word about delegation: the only one, or the one that something else names as well.
    let failed: Vec<Spn> = ours().filter_map(failed).filter(|spn| foreign(spn)).collect();
    let several = failed.iter().any(|spn| failed.first().is_some_and(|one| !one.same_machine(spn)))
        || only_unknown_names(ours().copied())
            && (is_off_the_lists(facts, &failed) || is_elsewhere_in_words(scene, &failed));
    if let Some(spn) = failed.first().filter(|_| !several) {
        return Some(spn.clone());
    }
    let tiers: [fn(&Located<'_>) -> Option<Spn>; 3] = [obtained, looked_up, listed];
    // The only account that may delegate is the one in front, whatever it is called: a SQL Server asks other servers as well.
    let own = scene.only_list().filter(|(_, a)| a.said_role.as_ref().is_some_and(|r| says_back_end(&r.value)));
    let delegates = |spn: &Spn| own.is_some_and(|(_, a)| a.owns(spn));
    let named = |spn: &Spn| foreign(spn) && !delegates(spn) && (!several || failed.iter().any(|f| f.same_machine(spn)));
    tiers.iter().find_map(|tier| ours().filter_map(tier).find(|spn| named(spn)))
}

/// Nothing failed but names that no domain controller knows.
fn only_unknown_names<'c>(mut facts: impl Iterator<Item = Located<'c>>) -> bool {
    facts.all(|fact| match fact.says() {
        Statement::Failure(f) => failed(&fact).is_none() || f.krb == Some(krb::S_PRINCIPAL_UNKNOWN),
        _ => true,
    })
}

/// There are lists of services that may be delegated to, and none of them has a machine that failed: it may be another
/// program's business.
fn is_off_the_lists(facts: &[Located<'_>], failed: &[Spn]) -> bool {
    let lists = facts.iter().filter_map(|fact| match fact.says() {
        Statement::Account(a) => a.allowed_to_delegate_to.as_ref().map(|l| &l.value),
        _ => None,
    });
    let mut entries = lists.flatten().filter_map(|entry| Spn::parse(entry)).peekable();
    !failed.is_empty() && entries.peek().is_some() && entries.all(|e| !failed.iter().any(|f| f.same_machine(&e)))
}

/// The person quotes the address of another server that the page calls (`401 from http://api01.contoso.com/v1`).
fn is_elsewhere_in_words(scene: &Scene<'_>, failed: &[Spn]) -> bool {
    let words = scene.facts.iter().filter_map(|fact| match fact.says() {
        Statement::Answer(a) => Some(a.value.split(|c: char| c.is_whitespace() || "\"'()<>,;".contains(c))),
        _ => None,
    });
    let addresses = words.flatten().filter(|w| w.contains("://")).filter_map(Origin::parse);
    let mut hosts = addresses.filter_map(|o| HostName::parse(&o.host)).filter(|h| !scene.site.is(h)).peekable();
    scene.site.host.is_some() && hosts.peek().is_some() && hosts.all(|h| !failed.iter().any(|f| f.is_at(&h)))
}

/// The delegation itself was refused for it.
fn refused(fact: &Located<'_>) -> Option<Spn> {
    match fact.says() {
        Statement::Failure(f) if second_hop::is_about_delegation(f) => failed(fact),
        _ => None,
    }
}

fn said_be(fact: &Located<'_>) -> Option<Spn> {
    match fact.says() {
        Statement::Answer(a) if matches!(a.key.as_str(), "back_end" | "back_end_spn" | "spn") => Spn::parse(&a.value),
        _ => None,
    }
}

fn failed(fact: &Located<'_>) -> Option<Spn> {
    match fact.says() {
        Statement::Failure(f) if fact.role() != Role::Client && !f.krb.is_some_and(krb::is_expected) => f.spn.clone(),
        _ => None,
    }
}

fn obtained(fact: &Located<'_>) -> Option<Spn> {
    match fact.says() {
        Statement::Ticket(t)
            if fact.role() == Role::FrontEnd && !t.cache().has(CacheFlags::ASC) && !t.held_by_service =>
        {
            t.server.clone()
        }
        Statement::TicketRequest(r) if fact.role() == Role::FrontEnd || r.for_user.is_some() => r.spn.clone(),
        _ => None,
    }
}

fn looked_up(fact: &Located<'_>) -> Option<Spn> {
    match fact.says() {
        Statement::SpnSearch(s) => {
            s.spn.clone().or_else(|| s.owners.iter().flat_map(|o| &o.spns).find(|s| !s.is_http()).cloned())
        }
        Statement::Account(a) if a.said_role.as_ref().is_some_and(|r| says_back_end(&r.value)) => {
            a.spns.as_ref().and_then(|l| l.value.first().cloned())
        }
        _ => None,
    }
}

/// The first entry of the front end's own list: what it is meant to reach.
fn listed(fact: &Located<'_>) -> Option<Spn> {
    match fact.says() {
        Statement::Account(a) => {
            a.allowed_to_delegate_to.as_ref().and_then(|l| l.value.first()).and_then(|s| Spn::parse(s))
        }
        _ => None,
    }
}
