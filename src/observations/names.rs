//! Who is who: the accounts, SPNs, hosts and realms of one site, each only when the evidence names it.

use super::scene::Scene;
use super::sites::Site;
use super::{asked_for, owners, second_hop, subject};
use crate::artefacts::kind::Kind;
use crate::case::Located;
use crate::facts::{AuthTarget, Role, Statement};
use crate::report::Topology;
use crate::vocabulary::names::{AccountName, HostName, Realm, Spn};
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
            Statement::Answer(a) if matches!(a.key.as_str(), "users" | "user_domain" | "users_domain") => {
                let domain =
                    a.value.split([' ', ',', ';', '(']).next().filter(|w| w.contains('.')).and_then(Realm::parse);
                self.user_realm = self.user_realm.take().or(domain);
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
        if let Some(owner) = owners::front_end_owner(scene, self.user.as_ref()) {
            self.fe_account = owner.name;
            self.fe_class = owner.class;
            self.fe_domain = owner.domain;
        }
        if let Some(owner) = owners::back_end_owner(scene, self.be_spn.as_ref()) {
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

/// True for the user's own ticket-granting ticket.
pub fn is_users_tgt(flags: Option<TicketFlags>) -> bool {
    flags.is_some_and(|f| f.has(TicketFlags::INITIAL) || f.forwarded())
}
