//! Which front-end hosts the evidence speaks of.
//!
//! The strongest kind of evidence that names any host decides alone: what the browser spoke to, then what the user has
//! tickets for, then what somebody looked up. Otherwise every entry of a ticket cache would be a site.

use super::fold::script_calls;
use super::second_hop;
use crate::case::Located;
use crate::facts::{AuthTarget, FailureContext, Role, Statement};
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::names::{AccountName, HostName, Spn};
use crate::vocabulary::ticket_flags::CacheFlags;

/// One front-end host, under all its names.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// The host in the address bar; `None` when the evidence names no host at all.
    pub host: Option<HostName>,
    /// Other names of the same site: short or full form, the host of the SPN that the browser asked for.
    pub aliases: Vec<HostName>,
}

impl Site {
    /// True when this host is the site.
    pub fn is(&self, host: &HostName) -> bool {
        self.host.iter().chain(&self.aliases).any(|h| h.same_machine(host))
    }

    /// True when this SPN is for the site's web service.
    pub fn is_spn(&self, spn: &Spn) -> bool {
        (spn.is_http() || spn.class().eq_ignore_ascii_case("host"))
            && self.host.iter().chain(&self.aliases).any(|h| spn.is_at(h))
    }
}

/// The sites, in the order in which the evidence names them. Never empty: without any host there is one nameless site.
pub fn sites(facts: &[Located<'_>]) -> Vec<Site> {
    let tiers: [fn(&Located<'_>) -> Vec<HostName>; 7] =
        [said, spoken_to, received, in_headers, tickets, looked_up, refused];
    for (number, tier) in tiers.into_iter().enumerate() {
        let mut sites: Vec<Site> = Vec::new();
        for fact in facts {
            let mut names = tier(fact).into_iter();
            let Some(host) = names.next().filter(|host| !said_behind(facts, host)) else { continue };
            // What the person names, browsers speak to or users have tickets for is a site, whoever else calls it.
            if number > TICKETS && asked_by_another(facts, &host) {
                continue;
            }
            // Two accounts are said to run web applications: one of them is what the other may delegate to.
            if number == LOOKED_UP && http_spns(fact).any(|spn| is_listed(facts, spn)) {
                continue;
            }
            match sites.iter_mut().find(|s| s.is(&host)) {
                Some(site) => {
                    // The full name is the better name.
                    if host.is_full() && site.host.as_ref().is_some_and(|h| !h.is_full()) {
                        site.aliases.extend(site.host.replace(host));
                    }
                    site.aliases.extend(names);
                }
                None => sites.push(Site { host: Some(host), aliases: names.collect() }),
            }
        }
        if !sites.is_empty() {
            if number == 0 && facts.iter().any(calls_by_script) {
                sites.extend(called_directly(facts, &sites));
            }
            sites.extend(refused_elsewhere(facts, &sites));
            return sites;
        }
    }
    let acting = refused_elsewhere(facts, &[]);
    if !acting.is_empty() {
        return acting;
    }
    vec![Site { host: None, aliases: Vec::new() }]
}

/// The person says that the page's own script calls the back end.
fn calls_by_script(fact: &Located<'_>) -> bool {
    matches!(fact.says(), Statement::Answer(a) if a.key == "caller" && script_calls(&a.value) == Some(true))
}

/// What a script calls the browser signs in to by itself: a site of its own beside the page that was named.
fn called_directly(facts: &[Located<'_>], known: &[Site]) -> Vec<Site> {
    let mut found: Vec<Site> = Vec::new();
    for host in facts.iter().flat_map(spoken_to) {
        if !known.iter().chain(&found).any(|s| s.is(&host)) {
            found.push(Site { host: Some(host), aliases: Vec::new() });
        }
    }
    found
}

/// Web services whose own account asked for a back end and was refused, and that nobody calls as a back end.
fn refused_elsewhere(facts: &[Located<'_>], known: &[Site]) -> Vec<Site> {
    let mut found: Vec<Site> = Vec::new();
    for fact in facts {
        let Statement::Failure(failure) = fact.says() else { continue };
        let refusal = failure.context == FailureContext::KdcReply && fact.role() != Role::Client;
        let Some(account) = second_hop::acting_account(facts, failure).filter(|_| refusal) else { continue };
        let spns: Vec<&Spn> = account.spns.iter().flat_map(|l| &l.value).filter(|s| s.is_http()).collect();
        let asked = failure.spn.as_ref();
        let called = spns.iter().any(|s| is_called(facts, s) || asked.is_some_and(|a| a.same(s)));
        let of = |full: bool| spns.iter().filter_map(|s| s.host()).filter(move |h| h.is_full() == full);
        let hosts: Vec<HostName> = of(true).chain(of(false)).collect();
        let taken = hosts.iter().any(|h| known.iter().chain(&found).any(|s| s.is(h)));
        let runs_known = known.iter().any(|site| !second_hop::is_anothers(site, facts, failure));
        if called || taken || runs_known {
            continue;
        }
        let mut hosts = hosts.into_iter();
        if let Some(host) = hosts.next() {
            found.push(Site { host: Some(host), aliases: hosts.collect() });
        }
    }
    found
}

/// Another service may reach it, or holds a user's ticket for it: it is a back end itself.
fn is_called(facts: &[Located<'_>], spn: &Spn) -> bool {
    is_listed(facts, spn)
        || facts.iter().any(|fact| match fact.says() {
            Statement::Ticket(t) if fact.role() == Role::FrontEnd && !t.cache().has(CacheFlags::ASC) => {
                t.server.as_ref().is_some_and(|s| s.same(spn))
            }
            _ => false,
        })
}

/// An account may delegate to it.
pub fn is_listed(facts: &[Located<'_>], spn: &Spn) -> bool {
    let lists = facts.iter().filter_map(|fact| match fact.says() {
        Statement::Account(a) => a.allowed_to_delegate_to.as_ref(),
        _ => None,
    });
    lists.flat_map(|l| &l.value).filter_map(|e| Spn::parse(e)).any(|e| e.same(spn))
}

/// The places of [`tickets`] and [`looked_up`] among the tiers.
const TICKETS: usize = 4;
const LOOKED_UP: usize = 5;

/// The web names that a dump shows.
fn http_spns<'c>(fact: &Located<'c>) -> impl Iterator<Item = &'c Spn> {
    let account = match fact.says() {
        Statement::Account(a) => Some(a),
        _ => None,
    };
    account.into_iter().flat_map(|a| &a.spns).flat_map(|l| &l.value).filter(|s| s.is_http())
}

/// A web service of another name asked a domain controller for it: it is that one's back end.
fn asked_by_another(facts: &[Located<'_>], host: &HostName) -> bool {
    facts.iter().any(|fact| {
        let Statement::Failure(failure) = fact.says() else { return false };
        let wanted = web_host(failure.spn.as_ref()).iter().any(|h| h.same_machine(host));
        let asks = failure.context == FailureContext::KdcReply && wanted && fact.role() != Role::Client;
        let Some(account) = second_hop::acting_account(facts, failure).filter(|_| asks) else { return false };
        let mut own = account.spns.iter().flat_map(|l| &l.value).flat_map(|spn| web_host(Some(spn))).peekable();
        own.peek().is_some() && own.all(|h| !h.same_machine(host))
    })
}

/// The dump of an account that is called the back end's has a web SPN for this host.
fn said_behind(facts: &[Located<'_>], host: &HostName) -> bool {
    facts.iter().any(|fact| {
        let Statement::Account(account) = fact.says() else { return false };
        let called = account.said_role.as_ref().is_some_and(|r| super::names::says_back_end(&r.value));
        let spns = account.spns.iter().flat_map(|list| &list.value);
        called && spns.flat_map(|spn| web_host(Some(spn))).any(|h| h.same_machine(host))
    })
}

/// The person names it.
fn said(fact: &Located<'_>) -> Vec<HostName> {
    match fact.says() {
        Statement::Answer(a) if matches!(a.key.as_str(), "site" | "url" | "page" | "front_end") => {
            Origin::parse(a.value.trim()).and_then(|o| HostName::parse(&o.host)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A browser authenticated there.
fn spoken_to(fact: &Located<'_>) -> Vec<HostName> {
    match fact.says() {
        Statement::Handshake(h) if h.target == AuthTarget::Server => {
            let spn_host = h.spn.as_ref().and_then(|s| s.value.host());
            h.host.clone().into_iter().chain(spn_host).collect()
        }
        _ => Vec::new(),
    }
}

/// Headers were pasted. A log of the web server's own calls has the back end's among them, so this says less than a capture.
fn in_headers(fact: &Located<'_>) -> Vec<HostName> {
    match fact.says() {
        Statement::Exchange(e) if e.status.is_some() || e.token.is_some() => e.host.clone().into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A ticket that a client presented to the web server, or a page of the web server's own.
fn received(fact: &Located<'_>) -> Vec<HostName> {
    match fact.says() {
        Statement::Ticket(t) if t.cache().has(CacheFlags::ASC) => web_host(t.server.as_ref()),
        // A service as the client of a ticket: the holder of this cache.
        Statement::Ticket(t) if fact.role() == Role::FrontEnd && t.client.name.contains('/') => {
            web_host(Spn::parse(&t.client.name).as_ref())
        }
        Statement::TicketListing(l) => web_host(l.proxy_impersonator.as_ref()),
        Statement::Identity(i) if !i.of_back_end => i.host.clone().into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The user has, or wanted, a ticket for it.
fn tickets(fact: &Located<'_>) -> Vec<HostName> {
    match fact.says() {
        Statement::Ticket(t) if fact.role() != Role::FrontEnd => web_host(t.server.as_ref()),
        Statement::TicketRequest(r) if fact.role() != Role::FrontEnd && r.for_user.is_none() => {
            web_host(r.spn.as_ref())
        }
        _ => Vec::new(),
    }
}

/// Somebody looked its SPN up, or a dump shows the front end's account.
fn looked_up(fact: &Located<'_>) -> Vec<HostName> {
    match fact.says() {
        // A name found on several accounts, where nothing was searched for.
        Statement::SpnSearch(s) if s.spn.is_none() && s.duplicate => {
            web_host(s.owners.iter().flat_map(|o| &o.spns).find(|spn| spn.is_http()))
        }
        Statement::SpnSearch(s) => web_host(s.spn.as_ref()),
        Statement::Account(a) if a.said_role.as_ref().is_some_and(|r| super::names::says_front_end(&r.value)) => {
            let hosts = a.spns.iter().flat_map(|l| l.value.iter()).flat_map(|s| web_host(Some(s)));
            let mut hosts: Vec<HostName> = hosts.collect();
            hosts.sort_by_key(|h| !h.is_full());
            hosts
        }
        _ => Vec::new(),
    }
}

/// Its server could not read a ticket: the web server's own log, or the log of the user's PC.
fn refused(fact: &Located<'_>) -> Vec<HostName> {
    match fact.says() {
        Statement::Failure(f)
            if f.context == FailureContext::Accept
                || f.context == FailureContext::ApReply && fact.role() == Role::Client
                // Called on the web server itself, by a name that is not the machine's.
                || f.event == Some(6037) =>
        {
            web_host(f.spn.as_ref())
        }
        // A service that asks on behalf of a user, in a KDC's log.
        Statement::Failure(f) if f.on_behalf => web_host(f.requester.as_ref().and_then(principal).as_ref()),
        Statement::TicketRequest(r) => web_host(r.requester.as_ref().and_then(principal).as_ref()),
        _ => Vec::new(),
    }
}

fn principal(name: &AccountName) -> Option<Spn> {
    Spn::parse(name.as_str()).filter(|_| name.as_str().contains('/'))
}

fn web_host(spn: Option<&Spn>) -> Vec<HostName> {
    spn.filter(|s| s.is_http()).and_then(Spn::host).into_iter().collect()
}
