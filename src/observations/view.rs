//! One site's view of the evidence: the facts that speak of it, by kind. The folds and leaf tests read only this.

use super::names::{self, Names};
use super::owners;
use super::scene::Scene;
use super::second_hop;
use super::sites::Site;
use super::subject;
use crate::artefacts::answers::sets_aside;
use crate::case::Located;
use crate::facts::{
    Account, Answer, Arrival, AuthTarget, Browser, CaptureNote, ClockReading, Device, DnsAnswer, Exchange, Failure,
    Handshake, Identity, IisAuthentication, Policy, PolicyListing, Role, SpnSearch, Statement, Ticket, TicketListing,
    TicketRequest, Trust,
};
use crate::report::Because;
use crate::vocabulary::names::{AccountName, HostName, Spn};
use crate::vocabulary::ticket_flags::CacheFlags;
use std::cell::OnceCell;
use std::collections::BTreeMap;

pub use super::scene::Of;

/// The facts as one site sees them.
pub struct View<'c> {
    /// The site, and every fact of the case.
    pub scene: Scene<'c>,
    /// Who is who.
    pub names: Names,
    /// The wizard's answers, by id.
    pub answers: &'c BTreeMap<String, String>,
    /// The time of the analysis, where it was handed in.
    pub now: Option<i64>,
    /// What people said, in order: looked up for nearly every question and test.
    told: Vec<Of<'c, Answer>>,
    /// What many ask for, told once: whose hop each failure is of, whose tickets and accounts are meant.
    second_hop: OnceCell<Vec<Of<'c, Failure>>>,
    third_hop: OnceCell<Vec<Of<'c, Failure>>>,
    front_end_tickets: OnceCell<Vec<Of<'c, Ticket>>>,
    site_ticket: OnceCell<Option<Of<'c, Ticket>>>,
    front_end_account: OnceCell<Option<Of<'c, Account>>>,
    back_end_account: OnceCell<Option<Of<'c, Account>>>,
    user_account: OnceCell<Option<Of<'c, Account>>>,
}

macro_rules! select {
    ($(#[$doc:meta])* $name:ident, $pattern:ident, $type:ty) => {
        $(#[$doc])*
        pub fn $name(&self) -> impl Iterator<Item = Of<'c, $type>> + '_ {
            self.scene.facts.iter().filter_map(|f| match f.says() {
                Statement::$pattern(x) => {
                    let x: &'c $type = x;
                    Some((*f, x))
                }
                _ => None,
            })
        }
    };
}

impl<'c> View<'c> {
    /// The view of one site.
    pub fn new(
        site: &Site,
        sites: &'c [Site],
        facts: &'c [Located<'c>],
        answers: &'c BTreeMap<String, String>,
        now: Option<i64>,
    ) -> View<'c> {
        let scene = Scene::new(site, sites, facts);
        let names = Names::of(&scene);
        let told = facts.iter().filter_map(|f| match f.says() {
            Statement::Answer(a) if !sets_aside(&a.value) => Some((*f, a)),
            _ => None,
        });
        let told = told.collect();
        View {
            scene,
            names,
            answers,
            now,
            told,
            second_hop: OnceCell::new(),
            third_hop: OnceCell::new(),
            front_end_tickets: OnceCell::new(),
            site_ticket: OnceCell::new(),
            front_end_account: OnceCell::new(),
            back_end_account: OnceCell::new(),
            user_account: OnceCell::new(),
        }
    }

    select!(/// Every ticket, of everybody.
        every_ticket, Ticket, Ticket);
    select!(/// Every head of a ticket listing.
        listings, TicketListing, TicketListing);
    select!(/// Every request for one ticket.
        ticket_requests, TicketRequest, TicketRequest);
    select!(/// Every policy.
        policies, Policy, Policy);
    select!(/// Every head of a policy list.
        policy_listings, PolicyListing, PolicyListing);
    select!(/// Every whoami page.
        identities, Identity, Identity);
    select!(/// Every SPN search.
        spn_searches, SpnSearch, SpnSearch);
    select!(/// Every failure.
        failures, Failure, Failure);
    select!(/// Every DNS answer.
        dns_answers, DnsAnswer, DnsAnswer);
    select!(/// What a capture says of itself.
        capture_notes, CaptureNote, CaptureNote);
    select!(/// Which browsers wrote captures and policy lists.
        browsers, Browser, Browser);
    select!(/// Everybody who arrived somewhere.
        arrivals, Arrival, Arrival);
    select!(/// Every trust.
        trusts, Trust, Trust);
    select!(/// Every device's state.
        devices, Device, Device);
    select!(/// What IIS is configured to do.
        iis, IisAuthentication, IisAuthentication);
    select!(/// Every reading of a clock.
        clock_readings, ClockReading, ClockReading);

    /// Every ticket but those of a user who was pasted to be compared with.
    pub fn all_tickets(&self) -> impl Iterator<Item = Of<'c, Ticket>> + '_ {
        self.every_ticket().filter(|(_, t)| !self.names.compared || !self.is_anothers(t))
    }

    fn is_anothers(&self, ticket: &Ticket) -> bool {
        let client = AccountName::parse(&ticket.client.name);
        let ours = [&self.names.user, &self.names.fe_account, &self.names.be_account];
        subject::is_person(ticket) && client.is_some_and(|c| !ours.into_iter().flatten().any(|name| name.same(&c)))
    }

    /// Every directory object.
    pub fn accounts(&self) -> impl Iterator<Item = Of<'c, Account>> + '_ {
        self.scene.accounts().iter().copied()
    }

    /// The browser's conversations with this site. Without any host (viewer text without URL) all belong.
    pub fn handshakes(&self) -> impl Iterator<Item = Of<'c, Handshake>> + '_ {
        self.scene.facts.iter().filter_map(|f| match f.says() {
            Statement::Handshake(h) if h.target == AuthTarget::Server && self.is_mine(h) => Some((*f, h.as_ref())),
            _ => None,
        })
    }

    fn is_mine(&self, h: &Handshake) -> bool {
        let spn_host = h.spn.as_ref().and_then(|s| s.value.host());
        match h.host.as_ref().or(spn_host.as_ref()) {
            Some(host) => self.scene.site.is(host),
            None => true,
        }
    }

    /// HTTP messages of this site, or of no host.
    pub fn exchanges(&self) -> impl Iterator<Item = Of<'c, Exchange>> + '_ {
        self.scene.facts.iter().filter_map(|f| match f.says() {
            Statement::Exchange(e) if e.host.as_ref().is_none_or(|h| self.scene.site.is(h)) => Some((*f, e)),
            _ => None,
        })
    }

    /// Tickets of the user on the user's PC (or of an unknown machine).
    pub fn client_tickets(&self) -> impl Iterator<Item = Of<'c, Ticket>> + '_ {
        self.all_tickets().filter(|(f, t)| matches!(f.role(), Role::Client | Role::Unknown) && !t.held_by_service)
    }

    /// Tickets in a session of the web server.
    pub fn front_end_tickets(&self) -> impl Iterator<Item = Of<'c, Ticket>> + '_ {
        let of_front_end = |(f, _): &Of<'c, Ticket>| f.role() == Role::FrontEnd && !self.is_anothers_session(f);
        self.front_end_tickets.get_or_init(|| self.all_tickets().filter(of_front_end).collect()).iter().copied()
    }

    /// True for a session that a user opened at another web service: the ticket presented there is for a service whose
    /// account is known and does not own the site's name.
    fn is_anothers_session(&self, fact: &Located<'_>) -> bool {
        let here = |t: &Ticket| t.server.as_ref().is_some_and(|s| self.scene.site.is_spn(s));
        let presented = || {
            self.all_tickets().filter(|(f, t)| {
                f.held.id == fact.held.id
                    && t.cache().has(CacheFlags::ASC)
                    && t.server.as_ref().is_some_and(Spn::is_http)
            })
        };
        let owned_by_another = |spn: &Spn| {
            self.accounts()
                .any(|(_, a)| a.owns(spn) && !a.spns.iter().flat_map(|l| &l.value).any(|s| self.scene.site.is_spn(s)))
        };
        self.scene.site.host.is_some()
            && !presented().any(|(_, t)| here(t))
            && presented().any(|(_, t)| t.server.as_ref().is_some_and(owned_by_another))
    }

    /// Every ticket of the user for this site, on the PC.
    pub fn site_tickets(&self) -> impl Iterator<Item = Of<'c, Ticket>> + '_ {
        self.client_tickets()
            .filter(|(_, t)| t.server.as_ref().is_some_and(|s| s.is_http() && self.scene.site.is_spn(s)))
    }

    /// The user's ticket for this site, on the PC. The last one listed counts, unless one of another listing is newer.
    pub fn site_ticket(&self) -> Option<Of<'c, Ticket>> {
        *self.site_ticket.get_or_init(|| self.newest_site_ticket())
    }

    fn newest_site_ticket(&self) -> Option<Of<'c, Ticket>> {
        let last = self.site_tickets().last()?;
        let newer = |(f, t): &Of<'c, Ticket>| {
            f.held.id != last.0.held.id && View::started(t).zip(View::started(last.1)).is_some_and(|(a, b)| a > b)
        };
        Some(self.site_tickets().filter(newer).max_by_key(|(_, t)| View::started(t)).unwrap_or(last))
    }

    /// When a ticket was issued, on its own machine's clock.
    pub fn started(ticket: &Ticket) -> Option<i64> {
        ticket.start.as_ref().and_then(|s| s.seconds)
    }

    /// The user's ticket-granting ticket of the own realm, on the PC.
    pub fn tgt(&self) -> Option<Of<'c, Ticket>> {
        let own = |t: &Ticket| {
            let target = t.server.as_ref().and_then(Spn::host);
            t.is_tgt() && target.is_none_or(|h| h.as_str().eq_ignore_ascii_case(&t.realm) || t.realm.is_empty())
        };
        // The forwarded copy (DELEGATION) was made for a server: the logon ticket tells about the user.
        self.client_tickets()
            .filter(|(_, t)| own(t))
            .min_by_key(|(_, t)| t.flags.as_ref().is_some_and(|f| f.value.forwarded()))
    }

    /// The account that runs the front end, in the dumps.
    pub fn front_end_account(&self) -> Option<Of<'c, Account>> {
        *self.front_end_account.get_or_init(|| owners::front_end_account(&self.scene, self.names.user.as_ref()))
    }

    /// The account that owns the back end's SPN, in the dumps.
    pub fn back_end_account(&self) -> Option<Of<'c, Account>> {
        *self.back_end_account.get_or_init(|| owners::back_end_account(&self.scene, self.names.be_spn.as_ref()))
    }

    /// The user, in the dumps.
    pub fn user_account(&self) -> Option<Of<'c, Account>> {
        let user = self.names.user.as_ref();
        let is_it = |a: &Account| {
            let said = a
                .said_role
                .as_ref()
                .is_some_and(|r| r.value.to_lowercase().contains("user") && !names::says_front_end(&r.value));
            let named = user.is_some_and(|u| a.name.as_ref().is_some_and(|n| n.value.same(u)));
            named || said
        };
        *self.user_account.get_or_init(|| self.accounts().find(|(_, a)| is_it(a)))
    }

    /// Failures of the second hop: what the front end met when it asked for the back end.
    pub fn second_hop_failures(&self) -> impl Iterator<Item = Of<'c, Failure>> + '_ {
        let told = || {
            let ours = self.failures().filter(|(f, x)| second_hop::is_front_ends(self, f, x));
            let over = |x: &Failure| second_hop::is_of_an_old_key(self, x) || second_hop::is_overtaken(self, x);
            second_hop::oldest_first(ours.filter(|(_, x)| !over(x)).collect())
        };
        self.second_hop.get_or_init(told).iter().copied()
    }

    /// Event 18: the web server gives up a ticket-granting ticket that ran out.
    pub fn given_up(&self) -> impl Iterator<Item = Of<'c, Failure>> + '_ {
        let is_it = |f: &Located<'_>, x: &Failure| {
            x.event == Some(18) && x.krb.is_none() && !matches!(f.role(), Role::Client | Role::Dc)
        };
        self.failures().filter(move |(f, x)| is_it(f, x))
    }

    /// True for a machine of the front end: the site's name, or where the front end's own failures were written down.
    pub fn is_front_end_machine(&self, host: &HostName) -> bool {
        self.scene.site.is(host)
            || self.second_hop_failures().any(|(_, f)| f.host.as_ref().is_some_and(|h| h.same_machine(host)))
    }

    /// Failures of a third hop: a service that the front end calls is refused when it asks further.
    pub fn third_hop_failures(&self) -> impl Iterator<Item = Of<'c, Failure>> + '_ {
        let told = || self.failures().filter(|(_, f)| self.scene.is_middles(f)).collect();
        self.third_hop.get_or_init(told).iter().copied()
    }

    /// HTTP messages of other hosts than this site: of its back end, when the web server's own calls were written down.
    pub fn back_end_exchanges(&self) -> impl Iterator<Item = Of<'c, Exchange>> + '_ {
        self.scene.facts.iter().filter_map(|f| match f.says() {
            Statement::Exchange(e) if self.is_back_ends(f, e) => Some((*f, e)),
            _ => None,
        })
    }

    fn is_back_ends(&self, fact: &Located<'_>, exchange: &Exchange) -> bool {
        let foreign = self.scene.site.host.is_some() && exchange.host.as_ref().is_some_and(|h| !self.scene.site.is(h));
        let named = self.names.be_spn.as_ref().and_then(Spn::host);
        let is_it = named.zip(exchange.host.as_ref()).is_none_or(|(be, h)| be.same_machine(h));
        foreign && is_it || fact.role() == Role::BackEnd
    }

    /// An answer that the person gave under a key, in the wizard or in pasted answers; the wizard's wins.
    pub fn said(&self, key: &str) -> Option<(&'c str, Because)> {
        let told = || self.told.iter().rev().filter(|(_, a)| a.key == key);
        let wizard = told().find(|(f, _)| self.is_wizard(f));
        wizard.or_else(|| told().next()).map(|(f, a)| (a.value.as_str(), f.because("you said")))
    }

    /// What the person says under the first of these keys that was used.
    pub fn said_as(&self, keys: &[&str]) -> Option<(&'c str, Because)> {
        keys.iter().find_map(|key| self.said(key))
    }

    /// True when this fact is the wizard's: an override, not just one more statement.
    pub fn is_wizard(&self, fact: &Located<'_>) -> bool {
        fact.held.id == crate::case::ANSWERS_ARTEFACT
    }

    /// The wizard's answer to a question or test.
    pub fn override_of(&self, id: &str) -> Option<(&'c str, Because)> {
        self.answers.get(id)?;
        self.said(id)
    }
}
