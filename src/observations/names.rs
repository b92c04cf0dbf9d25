//! Who is who: the accounts, SPNs, hosts and realms of one site, each only when the evidence names it.

use super::scene::{Of, Scene};
use super::sites::{Site, is_listed};
use super::{asked_for, second_hop, subject};
use crate::artefacts::kind::Kind;
use crate::case::Located;
use crate::facts::{Account, AuthTarget, Failure, FailureContext, Role, Statement};
use crate::report::Topology;
use crate::vocabulary::names::{AccountName, HostName, Realm, Spn, name_of_dn};
use crate::vocabulary::ticket_flags::TicketFlags;

/// The names of one site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// The host in the address bar.
    pub site: Option<HostName>,
    /// The URL, without query.
    pub url: Option<String>,
    /// The SPN that the browser asks for.
    pub asked_spn: Option<Spn>,
    /// The browser, with its version.
    pub browser: Option<String>,
    /// The user.
    pub user: Option<AccountName>,
    /// The user's realm.
    pub user_realm: Option<Realm>,
    /// True when another user's tickets were pasted, to compare or because somebody only looked.
    pub compared: bool,
    /// The account that decrypts the ticket at the front end: the owner of its SPN.
    pub fe_account: Option<AccountName>,
    /// True when the web server is known to be no Windows machine.
    pub fe_posix: bool,
    /// Its directory class (`user`, `computer`, a gMSA's).
    pub fe_class: Option<String>,
    /// Its domain.
    pub fe_domain: Option<Realm>,
    /// The SPN of the back end, as the front end asks for it.
    pub be_spn: Option<Spn>,
    /// The service behind the back end, when the back end itself asks further (a third hop).
    pub third_spn: Option<Spn>,
    /// The owner of that SPN.
    pub be_account: Option<AccountName>,
    /// Its directory class.
    pub be_class: Option<String>,
    /// Its domain.
    pub be_domain: Option<Realm>,
}

/// True for a comment such as `# front end (application pool identity …)`.
pub fn says_front_end(text: &str) -> bool {
    let t = text.to_lowercase();
    ["front end", "frontend", "front-end", "web server", "webserver", "app pool", "application pool", "middle tier"]
        .iter()
        .any(|w| t.contains(w))
}

/// True for a comment such as `# back end`.
pub fn says_back_end(text: &str) -> bool {
    let t = text.to_lowercase();
    ["back end", "backend", "back-end", "sql server", "api server", "database"].iter().any(|w| t.contains(w))
}

impl Names {
    /// Gathers the names of a site.
    pub fn of(scene: &Scene<'_>) -> Names {
        let facts = scene.facts;
        let mut names = Names { site: scene.site.host.clone(), ..Names::default() };
        for fact in facts {
            names.learn(&scene.site, fact, facts);
        }
        if let Some(subject) = subject::of(scene) {
            names.user = AccountName::parse(&subject.name);
            names.user_realm = Realm::parse(&subject.realm);
            names.compared = true;
        } else if names.user.as_ref().is_some_and(|user| subject::only_looks(scene, user)) {
            (names.user, names.user_realm) = (None, None);
            names.compared = true;
        }
        let middle = facts.iter().find_map(|fact| match fact.says() {
            Statement::Failure(f) => scene.middle_spn(f).cloned(),
            _ => None,
        });
        names.be_spn = middle.or_else(|| asked_for::be_spn(scene, names.user.as_ref()));
        names.third_spn = facts.iter().rev().find_map(|fact| match fact.says() {
            Statement::Failure(f) if scene.is_middles(f) => f.spn.clone(),
            _ => None,
        });
        names.accounts(scene);
        let posix = |fact: &Located<'_>| matches!(fact.kind(), Kind::Krb5Klist | Kind::Krb5Trace | Kind::ApacheLog);
        let windows = |fact: &Located<'_>| fact.role() != Role::Dc && fact.kind() == Kind::Event;
        names.fe_posix =
            facts.iter().any(|fact| fact.role() == Role::FrontEnd && posix(fact)) && !facts.iter().any(windows);
        names
    }

    fn learn(&mut self, site: &Site, fact: &Located<'_>, facts: &[Located<'_>]) {
        match fact.says() {
            Statement::Browser(b) if self.browser.is_none() && !b.product.is_empty() => {
                let major = b.version.split('.').next().unwrap_or_default();
                self.browser = Some(short_product(&format!("{} {major}", b.product)));
            }
            Statement::Answer(a) if a.key == "browser" && self.browser.is_none() => {
                // `Microsoft Edge 138 (Windows 11)`: the system behind it is no part of the name.
                let said = a.value.split('(').next().unwrap_or_default();
                let said: String = said.chars().filter(|c| c.is_alphanumeric() || " .".contains(*c)).take(40).collect();
                self.browser = Some(short_product(&said)).filter(|b| !b.is_empty());
            }
            Statement::Handshake(h)
                if h.target == AuthTarget::Server && h.host.as_ref().is_some_and(|host| site.is(host)) =>
            {
                self.url = self.url.take().or(h.url.as_ref().map(|u| u.value.clone()));
                self.asked_spn = h.spn.as_ref().map(|s| s.value.clone()).or(self.asked_spn.take());
                self.principal(h.source_name.as_deref());
            }
            Statement::Ticket(t)
                if !t.held_by_service && subject::is_person(t) && !second_hop::is_own_logon(facts, fact, t) =>
            {
                self.principal(Some(&format!("{}@{}", t.client.name, t.client.realm)));
            }
            Statement::Identity(i) => {
                if let (None, Some(user)) = (&self.user, &i.user) {
                    self.user = Some(user.value.clone());
                }
            }
            Statement::Arrival(a)
                if self.user.is_none() && !a.anonymous && (a.status == Some(200) || a.through.is_some()) =>
            {
                self.user = a.who.clone().filter(|w| !w.is_computer());
            }
            _ => {}
        }
    }

    fn principal(&mut self, text: Option<&str>) {
        let Some((name, realm)) = text.and_then(|t| t.rsplit_once('@')) else { return };
        if self.user.is_none() {
            self.user = AccountName::parse(name);
            self.user_realm = Realm::parse(realm);
        }
    }

    fn accounts(&mut self, scene: &Scene<'_>) {
        if let Some(owner) = front_end_owner(scene, self.user.as_ref()) {
            self.fe_account = owner.name;
            self.fe_class = owner.class;
            self.fe_domain = owner.domain;
        }
        if let Some(owner) = back_end_owner(scene, self.be_spn.as_ref()) {
            self.be_account = owner.name;
            self.be_class = owner.class;
            self.be_domain = owner.domain;
        }
    }

    /// The names as the Report's topology.
    pub fn topology(&self, facts: &[Located<'_>]) -> Topology {
        let text = |name: &Option<AccountName>| name.as_ref().map(|n| n.as_str().to_owned());
        let mut realms: Vec<String> = Vec::new();
        let mut add = |realm: &str| {
            if let Some(realm) = Realm::parse(realm)
                && !realms.iter().any(|r| r.eq_ignore_ascii_case(realm.as_str()))
            {
                realms.push(realm.as_str().to_uppercase());
            }
        };
        for fact in facts {
            if let Statement::Ticket(t) = fact.says() {
                add(&t.client.realm);
                add(&t.realm);
            }
        }
        // A ticket names the realm that its service is in, also where no directory object does.
        let issued = |is: &dyn Fn(&Spn) -> bool| {
            facts.iter().find_map(|fact| match fact.says() {
                Statement::Ticket(t) if t.server.as_ref().is_some_and(is) => Realm::parse(&t.realm),
                _ => None,
            })
        };
        let front_end = || issued(&|spn| spn.is_http() && spn.host().is_some_and(|h| self.site.as_ref() == Some(&h)));
        let back_end = || issued(&|spn| self.be_spn.as_ref().is_some_and(|be| be.same(spn)));
        let parties = [
            ("user", self.user_realm.clone()),
            ("front-end", self.fe_domain.clone().or_else(front_end)),
            ("back-end", self.be_domain.clone().or_else(back_end)),
        ];
        let mut realm_of = std::collections::BTreeMap::new();
        for (party, realm) in parties {
            if let Some(realm) = realm {
                add(realm.as_str());
                realm_of.insert(party.to_owned(), realm.as_str().to_uppercase());
            }
        }
        Topology {
            user: text(&self.user),
            client: self.browser.clone(),
            front_end: self.site.as_ref().map(|h| h.as_str().to_owned()),
            back_end: self.be_spn.as_ref().and_then(Spn::host).map(|h| h.as_str().to_owned()),
            realms,
            front_end_account: text(&self.fe_account),
            back_end_account: text(&self.be_account),
            back_end_spn: self.be_spn.as_ref().map(Spn::to_string),
            realm_of,
        }
    }
}

/// A browser as people call it.
fn short_product(name: &str) -> String {
    name.replace("Microsoft Edge", "Edge").replace("Google Chrome", "Chrome").trim().to_owned()
}

/// An account as far as an SPN's owner is known.
struct Owner {
    name: Option<AccountName>,
    class: Option<String>,
    domain: Option<Realm>,
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

fn front_end_owner(scene: &Scene<'_>, user: Option<&AccountName>) -> Option<Owner> {
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

fn back_end_owner(scene: &Scene<'_>, be_spn: Option<&Spn>) -> Option<Owner> {
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

/// True for the user's own ticket-granting ticket.
pub fn is_users_tgt(flags: Option<TicketFlags>) -> bool {
    flags.is_some_and(|f| f.has(TicketFlags::INITIAL) || f.forwarded())
}
