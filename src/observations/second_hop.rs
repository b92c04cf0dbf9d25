//! Whose second hop is it? A refusal on the way to the back end is the front end's own, or that of a service that it calls.

use super::names::says_front_end;
use super::scene::{self, Of, Scene};
use super::sites::Site;
use super::view::View;
use crate::artefacts::kind::Kind;
use crate::case::Located;
use crate::facts::{Account, Arrival, Failure, FailureContext, Role, Statement, Ticket};
use crate::vocabulary::civil::Stamp;
use crate::vocabulary::codes::krb;
use crate::vocabulary::names::{AccountName, HostName, Spn, name_of_dn};
use crate::vocabulary::ticket_flags::{CacheFlags, TicketFlags};
use crate::vocabulary::windows_names::{is_machines_own, is_windows_own};

/// True for what the front end met when it asked for the back end: a KDC's refusal, or the back end's own.
pub fn is_front_ends(view: &View<'_>, fact: &Located<'_>, failure: &Failure) -> bool {
    let scene = &view.scene;
    if scene.is_middles(failure)
        || is_anothers(&scene.site, scene.facts, failure)
        || fact.role() == Role::Dc && asked_by_another(scene, failure)
        || is_another_story(&scene.site, fact, failure)
        || is_of_windows(scene.facts, failure)
        || is_users_own(scene.facts, view.names.user.as_ref(), failure)
        || is_beside(view, failure)
    {
        return false;
    }
    let about_site = failure.spn.as_ref().is_some_and(|s| view.scene.site.is_spn(s) || s.is_krbtgt());
    match failure.context {
        FailureContext::S4u2Proxy => true,
        FailureContext::KdcReply => {
            let told = failure.spn.is_some() || failure.on_behalf || for_back_end(view, failure);
            fact.role() != Role::Client && !about_site && told && !perhaps_first_hop(view, fact, failure)
        }
        // A server's answer: only where the name tells that this is not the first hop.
        FailureContext::ApReply => {
            let named = failure.spn.as_ref().is_some_and(|s| surely_behind(view, fact, s));
            // Where each of two sites may be meant, the refusal of one's own name is that one's first hop.
            let others = failure.spn.as_ref().is_some_and(|s| view.scene.is_other_sites(s));
            failure.krb == Some(krb::MODIFIED) && fact.role() != Role::Client && !about_site && named && !others
        }
        _ => false,
    }
}

/// Of what was told twice the later counts, and a paste may have the newest on top. Where one has no time, the order stays.
pub fn oldest_first<'c>(mut failures: Vec<Of<'c, Failure>>) -> Vec<Of<'c, Failure>> {
    let clock = |f: &Failure| f.time.as_ref().and_then(|t| t.seconds.map(|s| (t.utc, s)));
    let mut clocks = failures.iter().map(|(_, f)| clock(f).map(|(utc, _)| utc));
    let first = clocks.next().flatten();
    if first.is_some() && clocks.all(|c| c == first) {
        failures.sort_by_key(|(_, f)| clock(f));
    }
    failures
}

/// True for an error about the back end's key from before the password of its account was set: that key is gone.
pub fn is_of_an_old_key(view: &View<'_>, failure: &Failure) -> bool {
    let of_key = matches!(failure.krb, Some(krb::ETYPE_NOSUPP | krb::MODIFIED));
    let set = view.back_end_account().and_then(|(_, account)| account.password_set.as_ref());
    of_key && set.is_some_and(|set| is_before(failure, &set.value))
}

/// True for a refusal that is history. An account was changed since, and the front end got the user's ticket for that very
/// service after that, or somebody arrived there through it; or, where the refusal has neither time nor name (a line of lsass.log), it holds such a ticket and
/// the back end has seen the user.
pub fn is_overtaken(view: &View<'_>, failure: &Failure) -> bool {
    let Some(be) = &view.names.be_spn else { return false };
    let user = |name: &AccountName| view.names.user.as_ref().is_some_and(|u| u.same(name));
    let of_user = |t: &Ticket| AccountName::parse(&t.client.name).is_some_and(|n| user(&n));
    let mut held = view
        .front_end_tickets()
        .map(|(_, t)| t)
        .filter(|t| of_user(t) && t.server.as_ref().is_some_and(|s| s.same(be)));
    if failure.time.is_none() && failure.spn.is_none() {
        let seen = || view.arrivals().any(|(_, a)| a.back_end && a.who.as_ref().is_some_and(user));
        return held.next().is_some() && seen();
    }
    let about_it = failure.spn.as_ref().is_some_and(|s| s.same(be));
    let mut changes = [view.front_end_account(), view.back_end_account()].into_iter().flatten();
    let changed = changes.any(|(_, a)| a.when_changed.as_ref().is_some_and(|c| is_before(failure, &c.value)));
    let later = |at: &Option<Stamp>| at.as_ref().is_some_and(|at| is_before(failure, at));
    let brought = |a: &Arrival| {
        a.through.as_ref().is_some_and(|t| view.names.fe_account.as_ref().is_none_or(|fe| fe.same(t))) && later(&a.time)
    };
    about_it && changed && (held.any(|t| later(&t.start)) || view.arrivals().any(|(_, a)| brought(a)))
}

/// True where the times tell so, on whatever clocks they were written.
fn is_before(failure: &Failure, other: &Stamp) -> bool {
    /// The farthest that a clock on the wall is from UTC.
    const ZONES: i64 = 14 * 3600;
    let same = failure.time.as_ref().filter(|t| t.utc == other.utc).and_then(|t| t.seconds);
    let same = same.or(failure.utc.filter(|_| other.utc));
    let with_margin = || failure.time.as_ref().and_then(|t| t.seconds).map(|s| s.saturating_add(ZONES));
    same.or_else(with_margin).zip(other.seconds).is_some_and(|(failed, other)| failed < other)
}

/// A name that no domain controller knows, of another machine than the one that the delegation was refused for; or one of
/// several such names, none of which is told to be the back end's.
fn is_beside(view: &View<'_>, failure: &Failure) -> bool {
    let Some(spn) = failure.spn.as_ref().filter(|_| failure.krb == Some(krb::S_PRINCIPAL_UNKNOWN)) else {
        return false;
    };
    let of = |be: &Spn, f: &Failure| is_about_delegation(f) && f.spn.as_ref().is_some_and(|s| s.same(be));
    let beside = |be: &Spn| !spn.same_machine(be) && view.failures().any(|(_, f)| of(be, f));
    !is_about_delegation(failure) && view.names.be_spn.as_ref().is_none_or(beside)
}

/// The account in the dumps that asked and was refused.
pub fn acting_account<'c>(facts: &'c [Located<'c>], failure: &Failure) -> Option<&'c Account> {
    let requester = failure.requester.as_ref()?;
    let is_it = |a: &Account| a.name.as_ref().is_some_and(|n| same_account(&n.value, requester));
    scene::accounts(facts).map(|(_, a)| a).find(|a| is_it(a))
}

/// True when another web service than the site asked: the account that asked owns the web names of other hosts only. A
/// computer's own names say nothing: it may run the site under an account of the site's.
pub fn is_anothers(site: &Site, facts: &[Located<'_>], failure: &Failure) -> bool {
    let Some(account) = acting_account(facts, failure).filter(|_| site.host.is_some()) else { return false };
    let mut web = account.spns.iter().flat_map(|l| &l.value).filter(|s| s.is_http()).peekable();
    let computer = account.object_class.as_deref().is_some_and(|c| c.eq_ignore_ascii_case("computer"));
    web.peek().is_some() && !computer && web.all(|s| !site.is_spn(s))
}

/// A domain controller's log holds everybody's requests: true when the site's SPN belongs to a service account, and another service
/// account asked.
fn asked_by_another(scene: &Scene<'_>, failure: &Failure) -> bool {
    let site = &scene.site;
    let Some(requester) = failure.requester.as_ref().filter(|r| !r.is_computer() && !r.as_str().contains('/')) else {
        return false;
    };
    let owns = |a: &&Account| a.spns.iter().flat_map(|l| &l.value).any(|s| s.is_http() && site.is_spn(s));
    let owners: Vec<&Account> = scene.accounts().iter().map(|(_, a)| *a).filter(owns).collect();
    let another =
        |a: &Account| a.name.as_ref().is_some_and(|n| !n.value.is_computer() && !same_account(&n.value, requester));
    site.host.is_some() && !owners.is_empty() && owners.into_iter().all(another)
}

/// True unless a service is named by a principal (`HTTP/web.contoso.com@CONTOSO.COM`) that is not the site's.
pub fn may_be(site: &Site, name: &AccountName) -> bool {
    let principal = Spn::parse(name.as_str()).filter(|s| name.as_str().contains('/') && s.is_http());
    site.host.is_none() || principal.is_none_or(|spn| site.is_spn(&spn))
}

/// True for a refusal that is about delegation itself, whatever else failed around it.
pub fn is_about_delegation(failure: &Failure) -> bool {
    failure.on_behalf
        || failure.context == FailureContext::S4u2Proxy
        || matches!(failure.krb, Some(krb::POLICY | krb::BADOPTION))
}

/// True for a name of Windows' own business that no domain controller gives out: computers and the services on them ask for
/// such names at every start, and they fail on healthy machines. A refusal on behalf of a user is another matter.
pub fn is_of_windows(facts: &[Located<'_>], failure: &Failure) -> bool {
    if is_of_own_machine(failure) {
        return true;
    }
    let of_a_name = [krb::S_PRINCIPAL_UNKNOWN, krb::PRINCIPAL_NOT_UNIQUE, krb::ETYPE_NOSUPP];
    let Some(spn) = failure.spn.as_ref().filter(|_| failure.krb.is_some_and(|code| of_a_name.contains(&code))) else {
        return false;
    };
    let meant = || {
        facts.iter().any(|fact| match fact.says() {
            Statement::Account(a) => {
                let list = a.allowed_to_delegate_to.iter().flat_map(|l| &l.value);
                list.filter_map(|e| Spn::parse(e)).any(|e| e.same(spn))
            }
            Statement::SpnSearch(s) => s.spn.as_ref().is_some_and(|s| s.same(spn)),
            Statement::Answer(a) => a.value.to_lowercase().contains(&spn.to_string().to_lowercase()),
            _ => false,
        })
    };
    !failure.on_behalf && is_windows_own(spn) && !meant()
}

/// True for a computer's request for its own name (S4U2Self of its services, user-to-user): no application's back end is called `host/`
/// the machine that it runs on.
fn is_of_own_machine(failure: &Failure) -> bool {
    let Some(spn) = failure.spn.as_ref().filter(|s| is_machines_own(s) && !failure.on_behalf) else { return false };
    let computer = failure.requester.as_ref().filter(|r| r.is_computer());
    let named = computer.and_then(|r| HostName::parse(r.bare().trim_end_matches('$')));
    failure.host.iter().chain(&named).any(|h| spn.is_at(h))
}

/// True for what the user asked for from the own PC (4769 without the bit of S4U2Proxy, event 3 of the own session): it is no
/// second hop unless a ticket-granting ticket went along, with which the web server asks as the user.
pub fn is_users_own(facts: &[Located<'_>], user: Option<&AccountName>, failure: &Failure) -> bool {
    // Domain controllers are always trusted: of the PC's tickets only those for web services tell.
    let delegated = || {
        facts.iter().any(|fact| match fact.says() {
            Statement::Ticket(t) => t.flags.as_ref().is_some_and(|f| {
                f.value.ok_as_delegate() && t.server.as_ref().is_some_and(Spn::is_http)
                    || f.value.forwarded() && fact.role() == Role::FrontEnd
            }),
            _ => false,
        })
    };
    // Event 3 of the user's own session: a name that is not known. What is refused on behalf of others a service asked for.
    let unknown_name = matches!(failure.krb, Some(krb::S_PRINCIPAL_UNKNOWN | krb::PRINCIPAL_NOT_UNIQUE));
    (failure.event == Some(4769) || failure.event == Some(3) && unknown_name)
        && !failure.on_behalf
        && failure.requester.as_ref().zip(user).is_some_and(|(r, u)| r.same(u))
        && !delegated()
}

/// True for the stories of others in a KDC's log: what a person asked for, and what another service did on somebody's
/// behalf. That log tells them apart.
pub fn is_another_story(site: &Site, fact: &Located<'_>, failure: &Failure) -> bool {
    let by_site = failure.on_behalf && failure.requester.as_ref().is_none_or(|name| may_be(site, name));
    fact.kind() == Kind::KdcLog && !by_site
}

/// True when this SPN cannot be the web server's own.
pub fn surely_behind(view: &View<'_>, fact: &Located<'_>, spn: &Spn) -> bool {
    let host_known = view.scene.site.host.is_some() || fact.role() == Role::FrontEnd;
    !view.scene.site.is_spn(spn) && !spn.is_krbtgt() && (host_known || !spn.is_http())
}

/// A web service's name that a domain controller does not give out, where nothing tells which web server is the front end:
/// the user's PC meets the same refusals on the way to the page.
fn perhaps_first_hop(view: &View<'_>, fact: &Located<'_>, failure: &Failure) -> bool {
    let either = [krb::S_PRINCIPAL_UNKNOWN, krb::PRINCIPAL_NOT_UNIQUE, krb::ETYPE_NOSUPP];
    let of_a_name = failure.krb.is_some_and(|code| either.contains(&code)) && !failure.on_behalf;
    // A domain controller's event of somebody's request, where nothing tells that it was the web server's.
    let anybodys = failure.event == Some(4769)
        && view.scene.site.host.is_none()
        && !failure.requester.as_ref().zip(view.names.fe_account.as_ref()).is_some_and(|(r, fe)| r.same(fe));
    of_a_name && failure.spn.as_ref().is_some_and(|spn| anybodys || spn.is_http() && !surely_behind(view, fact, spn))
}

/// A domain controller's event names accounts only.
fn for_back_end(view: &View<'_>, failure: &Failure) -> bool {
    let Some(service) = &failure.service else { return false };
    let names = &view.names;
    let is = |known: &Option<AccountName>, name: &AccountName| known.as_ref().is_some_and(|k| k.same(name));
    let by_front_end = failure.requester.as_ref().is_some_and(|r| is(&names.fe_account, r));
    let krbtgt = service.bare().eq_ignore_ascii_case("krbtgt");
    !krbtgt && !is(&names.fe_account, service) && (is(&names.be_account, service) || by_front_end)
}

/// `Some` when not the front end asks, but a service that the front end itself calls: by where it was taken, or because the
/// account that asks owns what the front end may reach or reached; with the SPN of that service, where the evidence names it.
pub fn middle(scene: &Scene<'_>, fact: &Located<'_>, failure: &Failure) -> Option<Option<Spn>> {
    let asks_further = matches!(failure.context, FailureContext::KdcReply | FailureContext::S4u2Proxy)
        && !failure.spn.as_ref().is_some_and(Spn::is_krbtgt)
        && fact.role() != Role::Client
        && !failure.requester.as_ref().is_some_and(|r| is_front_end(scene, r));
    let spn = asks_further.then(|| middle_spn(scene, failure))?;
    (fact.role() == Role::BackEnd || spn.is_some()).then_some(spn)
}

fn middle_spn(scene: &Scene<'_>, failure: &Failure) -> Option<Spn> {
    let site = &scene.site;
    let asked_itself = |spn: &Spn| failure.spn.as_ref().is_some_and(|s| s.same(spn));
    let reached = || scene.reached().iter().filter(|s| !asked_itself(s));
    let by_host = failure.host.as_ref().filter(|h| site.host.is_some() && !site.is(h));
    let at_host = by_host.and_then(|h| reached().find(|s| s.is_at(h)));
    let named = || {
        let principal = failure.requester.as_ref().and_then(|r| Spn::parse(r.as_str()));
        principal.and_then(|p| reached().find(|s| s.same(&p)))
    };
    let owned = || failure.requester.as_ref().and_then(|r| reached().find(|s| owns(scene.facts, r, s)));
    at_host.or_else(named).or_else(owned).cloned()
}

/// A ticket of an account that signed in at this server itself (a service, or an administrator who looked): its session
/// holds an initial ticket-granting ticket, which no session of a visitor does.
pub fn is_own_logon(facts: &[Located<'_>], fact: &Located<'_>, ticket: &Ticket) -> bool {
    fact.role() == Role::FrontEnd
        && fact.kind() == Kind::Klist
        && facts.iter().filter(|f| f.held.id == fact.held.id).any(|f| match f.says() {
            Statement::Ticket(t) => {
                let flags = t.flags.as_ref().map(|f| f.value);
                let initial = flags.is_some_and(|f| f.has(TicketFlags::INITIAL) && !f.forwarded());
                t.is_tgt() && initial && t.client == ticket.client
            }
            _ => false,
        })
}

/// What the front end may reach by its list, or has a ticket for in a user's name.
pub fn reached(scene: &Scene<'_>) -> Vec<Spn> {
    let (site, facts) = (&scene.site, scene.facts);
    // Where nothing tells which site it is: the only account that has a list is the first in the chain.
    let first = scene.only_list().filter(|_| site.host.is_none());
    let is_first = |a: &Account| first.is_some_and(|(_, f)| std::ptr::eq(f, a));
    let mut spns = Vec::new();
    for fact in facts {
        match fact.says() {
            Statement::Account(a) if speaks_of_front_end(site, a) || is_first(a) => {
                let list = a.allowed_to_delegate_to.iter().flat_map(|l| &l.value);
                spns.extend(list.filter_map(|e| Spn::parse(e)).filter(|s| !a.owns(s)));
            }
            Statement::Ticket(t)
                if fact.role() == Role::FrontEnd
                    && !t.cache().has(CacheFlags::ASC)
                    && !is_own_logon(facts, fact, t) =>
            {
                spns.extend(t.server.clone().filter(|s| !s.is_krbtgt() && !site.is_spn(s)));
            }
            _ => {}
        }
    }
    spns
}

fn speaks_of_front_end(site: &Site, account: &Account) -> bool {
    // "Middle tier" is the web server in a chain of two hops, and the service behind it in a chain of three.
    let said = |text: &str| says_front_end(text) && !text.to_lowercase().contains("middle");
    account.said_role.as_ref().is_some_and(|r| said(&r.value))
        || account.spns.iter().flat_map(|l| &l.value).any(|s| s.is_http() && site.is_spn(s))
}

fn is_front_end(scene: &Scene<'_>, name: &AccountName) -> bool {
    let is_it = |a: &Account| a.name.as_ref().is_some_and(|n| n.value.same(name));
    scene.accounts().iter().any(|(_, a)| is_it(a) && speaks_of_front_end(&scene.site, a))
}

/// The account in the dumps or searches that owns an SPN, as far as its name is this one.
fn owns(facts: &[Located<'_>], name: &AccountName, spn: &Spn) -> bool {
    facts.iter().any(|fact| match fact.says() {
        Statement::Account(a) => a.owns(spn) && a.name.as_ref().is_some_and(|n| same_account(&n.value, name)),
        Statement::SpnSearch(s) => s.owners.iter().any(|o| {
            let owner = name_of_dn(&o.dn.value).or_else(|| AccountName::parse(&o.dn.value));
            o.spns.iter().any(|x| x.same(spn)) && owner.is_some_and(|n| same_account(&n, name))
        }),
        _ => false,
    })
}

/// A computer's name in a distinguished name lacks the dollar sign of its account.
pub fn same_account(one: &AccountName, other: &AccountName) -> bool {
    one.bare().trim_end_matches('$').eq_ignore_ascii_case(other.bare().trim_end_matches('$'))
}
