//! Who may be where: which way to delegate works for which placement of user, front end and back end.

use crate::facts::Trust;
use crate::report::Topology;
use crate::vocabulary::names::Realm;

/// Does it work?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Works {
    /// Yes.
    Yes,
    /// Only under the condition that the row tells.
    If,
    /// No.
    No,
}

/// One cell: whether it works, and why or when.
pub type Cell = (Works, &'static str);

/// One placement.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Stable word.
    pub id: &'static str,
    /// The placement.
    pub placement: &'static str,
    /// Unconstrained, constrained, resource-based.
    pub cells: [Cell; 3],
}

/// The columns.
pub const COLUMNS: [&str; 3] = ["Unconstrained", "Constrained", "Resource-based"];

/// Where the table comes from.
pub const SOURCES: [&str; 2] = [
    "https://learn.microsoft.com/en-us/troubleshoot/windows-server/windows-security/kerberos-authentication-troubleshooting-guidance",
    "https://learn.microsoft.com/en-us/windows-server/security/kerberos/kerberos-constrained-delegation-overview",
];

const YES: Cell = (Works::Yes, "");
const ONE_DOMAIN: Cell = (Works::No, "the list counts only where front-end and back-end account are in one domain");
const TGT: Cell = (Works::If, "only with TGT delegation enabled in the user's forest for that trust");
const ACROSS: Cell = (Works::If, "the front-end account must be able to authenticate across the trust");

/// The table.
pub const ROWS: &[Row] = &[
    Row { id: "one-domain", placement: "user, front end and back end in one domain", cells: [YES, YES, YES] },
    Row {
        id: "user-apart-in-forest",
        placement: "user in another domain of the forest, front end and back end together",
        cells: [YES, YES, YES],
    },
    Row {
        id: "services-apart-in-forest",
        placement: "front end and back end in different domains of one forest",
        cells: [YES, ONE_DOMAIN, (Works::Yes, "with domain controllers of 2012 or later in both domains")],
    },
    Row {
        id: "user-in-other-forest",
        placement: "user in forest A; front end and back end together in forest B",
        cells: [TGT, YES, YES],
    },
    Row {
        id: "back-end-in-other-forest",
        placement: "user and front end in forest A; back end in forest B",
        cells: [ACROSS, ONE_DOMAIN, ACROSS],
    },
    Row {
        id: "front-end-in-other-forest",
        placement: "front end alone in forest B; user and back end in forest A",
        cells: [TGT, ONE_DOMAIN, (Works::No, "refused by design with KDC_ERR_POLICY (a vendor's account)")],
    },
    Row {
        id: "three-forests",
        placement: "user, front end and back end in three forests",
        cells: [
            (Works::If, "as the rows above, pair by pair"),
            ONE_DOMAIN,
            (Works::No, "not expected to work (reports from the field)"),
        ],
    },
];

/// Where two domains stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart {
    Domain,
    Within,
    Forest,
}

/// The row that applies to these parties, as far as their domains and the trusts between them tell.
pub fn row_for(parties: &Topology, trusts: &[&Trust]) -> Option<&'static Row> {
    let of = |party: &str| parties.realm_of.get(party).map(String::as_str);
    let (user, fe, be) = (of("user")?, of("front-end")?, of("back-end")?);
    let id = match (apart(user, fe, trusts)?, apart(fe, be, trusts)?, apart(user, be, trusts)?) {
        (Apart::Domain, Apart::Domain, _) => "one-domain",
        (Apart::Within, Apart::Domain, _) => "user-apart-in-forest",
        (Apart::Domain | Apart::Within, Apart::Within, _) => "services-apart-in-forest",
        (Apart::Forest, Apart::Domain, _) => "user-in-other-forest",
        (Apart::Domain | Apart::Within, Apart::Forest, _) => "back-end-in-other-forest",
        (Apart::Forest, Apart::Forest, Apart::Domain | Apart::Within) => "front-end-in-other-forest",
        (Apart::Forest, Apart::Forest, Apart::Forest) => "three-forests",
        // The user's forest is another, and front end and back end are domains of one: no row tells.
        (Apart::Forest, Apart::Within, _) => return None,
    };
    ROWS.iter().find(|r| r.id == id)
}

/// One domain's name below the other's means one forest: a tree's names go on from its root's.
fn apart(a: &str, b: &str, trusts: &[&Trust]) -> Option<Apart> {
    let (one, other) = (a.to_lowercase(), b.to_lowercase());
    let below = |child: &str, parent: &str| child.strip_suffix(parent).is_some_and(|head| head.ends_with('.'));
    if one == other {
        return Some(Apart::Domain);
    }
    if below(&one, &other) || below(&other, &one) {
        return Some(Apart::Within);
    }
    let between = |t: &&&Trust| {
        let is = |r: &Option<Realm>, name: &str| r.as_ref().is_some_and(|r| r.as_str().eq_ignore_ascii_case(name));
        (is(&t.from, &one) && is(&t.to, &other)) || (is(&t.from, &other) && is(&t.to, &one))
    };
    let trust = trusts.iter().find(between)?;
    match (&trust.within_forest, &trust.forest_transitive) {
        (Some(within), _) if within.value => Some(Apart::Within),
        (_, Some(forest)) if forest.value => Some(Apart::Forest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{At, Place};

    fn row(user: &str, fe: &str, be: &str, trusts: &[&Trust]) -> Option<&'static str> {
        let parties = [("user", user), ("front-end", fe), ("back-end", be)];
        let realm_of = parties.map(|(party, realm)| (party.to_owned(), realm.to_owned())).into();
        let names = Topology { realm_of, ..Topology::default() };
        row_for(&names, trusts).map(|r| r.id)
    }

    #[test]
    fn the_domains_name_their_row() {
        assert_eq!(row("CONTOSO.COM", "contoso.com", "contoso.com", &[]), Some("one-domain"));
        assert_eq!(row("emea.contoso.com", "contoso.com", "contoso.com", &[]), Some("user-apart-in-forest"));
        assert_eq!(row("contoso.com", "contoso.com", "emea.contoso.com", &[]), Some("services-apart-in-forest"));
        assert_eq!(row("contoso.com", "contoso.com", "fabrikam.com", &[]), None, "nothing tells how they are related");
    }

    #[test]
    fn a_trust_tells_how_two_domains_are_related() {
        let forest = Trust {
            from: Realm::parse("contoso.com"),
            to: Realm::parse("fabrikam.com"),
            forest_transitive: Some(At::new(true, Place::default())),
            ..Trust::default()
        };
        let all: &[&Trust] = &[&forest];
        assert_eq!(row("contoso.com", "contoso.com", "fabrikam.com", all), Some("back-end-in-other-forest"));
        assert_eq!(row("fabrikam.com", "contoso.com", "contoso.com", all), Some("user-in-other-forest"));
        assert_eq!(row("contoso.com", "fabrikam.com", "contoso.com", all), Some("front-end-in-other-forest"));
    }
}
