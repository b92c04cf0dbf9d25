//! One site beside the whole evidence, with what is asked of it again and again: each worked out once.

use super::second_hop;
use super::sites::Site;
use crate::case::Located;
use crate::facts::{Account, Failure, Statement};
use crate::vocabulary::names::Spn;
use std::cell::OnceCell;

/// A fact's statement with its place.
pub type Of<'c, T> = (Located<'c>, &'c T);

/// A refusal of a service that the front end calls, and the SPN of that service, where the evidence names it.
type Middle<'c> = (&'c Failure, Option<Spn>);

/// One site, and every fact of the case.
pub struct Scene<'c> {
    /// The site.
    pub site: Site,
    /// Every fact of the case.
    pub facts: &'c [Located<'c>],
    /// All sites of the case, this one among them.
    sites: &'c [Site],
    accounts: Vec<Of<'c, Account>>,
    /// What the front end reaches ([`second_hop::reached`]).
    reached: OnceCell<Vec<Spn>>,
    middles: OnceCell<Vec<Middle<'c>>>,
}

impl<'c> Scene<'c> {
    /// A site's scene.
    pub fn new(site: &Site, sites: &'c [Site], facts: &'c [Located<'c>]) -> Scene<'c> {
        let accounts = accounts(facts).collect();
        Scene { site: site.clone(), sites, facts, accounts, reached: OnceCell::new(), middles: OnceCell::new() }
    }

    /// True for a name of another site of the case.
    pub fn is_other_sites(&self, spn: &Spn) -> bool {
        spn.is_http() && self.sites.iter().any(|s| *s != self.site && s.is_spn(spn))
    }

    /// The accounts in the dumps.
    pub fn accounts(&self) -> &[Of<'c, Account>] {
        &self.accounts
    }

    /// The account that has a list of services that it may delegate to, where no other has one.
    pub fn only_list(&self) -> Option<Of<'c, Account>> {
        let mut with =
            self.accounts.iter().filter(|(_, a)| a.allowed_to_delegate_to.iter().any(|l| !l.value.is_empty()));
        with.next().filter(|_| with.next().is_none()).copied()
    }

    /// What the front end may reach by its list, or has a ticket for in a user's name.
    pub fn reached(&self) -> &[Spn] {
        self.reached.get_or_init(|| second_hop::reached(self))
    }

    /// True when not the front end asks, but a service that the front end itself calls: the second of three hops works, and
    /// the third is refused.
    pub fn is_middles(&self, failure: &Failure) -> bool {
        self.middle(failure).is_some()
    }

    /// The SPN under which the front end calls the service that asks further, where the evidence names it.
    pub fn middle_spn(&self, failure: &Failure) -> Option<&Spn> {
        self.middle(failure).and_then(|(_, spn)| spn.as_ref())
    }

    /// Few failures are a third hop's, so looking through them is quick. A fact is told from its equals by its place.
    fn middle(&self, failure: &Failure) -> Option<&Middle<'c>> {
        let told = |fact: &Located<'c>| match fact.says() {
            Statement::Failure(f) => second_hop::middle(self, fact, f).map(|spn| (f, spn)),
            _ => None,
        };
        let middles = self.middles.get_or_init(|| self.facts.iter().filter_map(told).collect());
        middles.iter().find(|(f, _)| std::ptr::eq(*f, failure))
    }
}

/// The accounts in the dumps.
pub fn accounts<'c>(facts: &'c [Located<'c>]) -> impl Iterator<Item = Of<'c, Account>> {
    facts.iter().filter_map(|f| match f.says() {
        Statement::Account(a) => Some((*f, a.as_ref())),
        _ => None,
    })
}
