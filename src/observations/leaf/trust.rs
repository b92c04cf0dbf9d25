//! Trusts between the user's, the front end's and the back end's domains, and the domain controllers on the way.
//!
//! For handing over ticket-granting tickets the trust object in the *user's* forest counts: it is there that the referral is made.

use super::{LeafTest, YES_NO};
use crate::facts::{At, Trust};
use crate::observations::fold::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Needs, Question};
use crate::observations::view::{Of, View};
use crate::vocabulary::names::Realm;

/// TRUST_ATTRIBUTE_QUARANTINED_DOMAIN
const QUARANTINED: u32 = 0x4;
/// TRUST_ATTRIBUTE_CROSS_ORGANIZATION: selective authentication
const SELECTIVE: u32 = 0x10;
/// TRUST_ATTRIBUTE_WITHIN_FOREST
const WITHIN_FOREST: u32 = 0x20;
/// TRUST_ATTRIBUTE_CROSS_ORGANIZATION_NO_TGT_DELEGATION
const NO_TGT_DELEGATION: u32 = 0x200;
/// TRUST_ATTRIBUTE_CROSS_ORGANIZATION_ENABLE_TGT_DELEGATION
const TGT_DELEGATION: u32 = 0x800;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-trust-allows-tgt-delegation",
        ask: "Does the trust, as the user's forest sees it, allow handing over ticket-granting tickets (trustAttributes with 0x800, without 0x200)?",
        how: "In the user's forest: Get-ADTrust -Identity <the web server's forest> -Properties trustAttributes | Format-List",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: allows,
    },
    LeafTest {
        id: "test-trust-quarantined",
        ask: "Is the trust quarantined, as the user's forest sees it (SID filtering, trustAttributes 0x4)?",
        how: "In the user's forest: Get-ADTrust -Identity <the web server's forest> -Properties trustAttributes,SIDFilteringQuarantined | Format-List",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: quarantined,
    },
    LeafTest {
        id: "test-user-in-other-forest",
        ask: "Is the user's account in another forest than the account that runs the web application?",
        how: "whoami /fqdn for the user, the distinguished name of the account; Get-ADForest on both sides",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: other_forest,
    },
    LeafTest {
        id: "test-trust-selective",
        ask: "Does the trust, as the back end's forest sees it, use selective authentication (trustAttributes 0x10)?",
        how: "In the back end's forest: Get-ADTrust -Identity <the web server's forest> -Properties trustAttributes,SelectiveAuthentication | Format-List",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: selective,
    },
    LeafTest {
        id: "test-downlevel-dc",
        ask: "Does any domain on the way (user, web server, back end) have a domain controller older than Windows Server 2012?",
        how: "Get-ADDomainController -Filter * -Server <domain> | select Name,OperatingSystem, for each domain",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: downlevel,
    },
];

/// The domain itself or one below it: trusts are made between the roots of forests.
fn under(domain: &Realm, root: &Realm) -> bool {
    let (domain, root) = (domain.as_str().to_lowercase(), root.as_str().to_lowercase());
    domain == root || domain.ends_with(&format!(".{root}"))
}

fn front_end_realm(view: &View<'_>) -> Option<Realm> {
    view.names.fe_domain.clone().or_else(|| view.site_ticket().and_then(|(_, t)| Realm::parse(&t.realm)))
}

/// The trust object of the user's forest for the front end's. What it does not say of itself may be it.
fn users_side<'v>(view: &'v View<'_>) -> Option<Of<'v, Trust>> {
    let (user, front_end) = (view.names.user_realm.clone(), front_end_realm(view));
    let fits = |told: &Option<Realm>, wanted: &Option<Realm>| match (told, wanted) {
        (Some(told), Some(wanted)) => under(wanted, told),
        _ => true,
    };
    view.trusts().find(|(_, t)| fits(&t.from, &user) && fits(&t.to, &front_end))
}

fn bits(trust: &Trust) -> Option<&At<u32>> {
    trust.attributes.as_ref()
}

fn allows(view: &View<'_>) -> Observed {
    let Some((fact, trust)) = users_side(view) else { return Observed::Unknown };
    if let Some(bits) = bits(trust) {
        let inside = bits.value & WITHIN_FOREST != 0;
        let yes = inside || bits.value & TGT_DELEGATION != 0 && bits.value & NO_TGT_DELEGATION == 0;
        let says = match (inside, yes) {
            (true, _) => "the trust is within one forest (0x20)",
            (false, true) => "the trust allows TGT delegation (0x800)",
            (false, false) => "the trust does not allow TGT delegation (0x200 set, or 0x800 missing)",
        };
        return Observed::is(if yes { "yes" } else { "no" }, fact.because_at(&bits.place, says));
    }
    // The displayed word had the opposite sense before KB4519979 (2019); without the bits it is what there is.
    match (&trust.tgt_delegation_shown, &trust.within_forest) {
        (_, Some(inside)) if inside.value => {
            Observed::is("yes", fact.because_at(&inside.place, "the trust is within one forest"))
        }
        (Some(shown), _) => {
            let says = if shown.value { "TGTDelegation is True" } else { "TGTDelegation is False" };
            Observed::is(if shown.value { "yes" } else { "no" }, fact.because_at(&shown.place, says))
        }
        _ => Observed::Unknown,
    }
}

fn flag(fact: &crate::case::Located<'_>, named: Option<&At<bool>>, bits: Option<&At<u32>>, bit: u32) -> Observed {
    let found = named.map(|n| (n.value, &n.place)).or_else(|| bits.map(|b| (b.value & bit != 0, &b.place)));
    match found {
        Some((true, place)) => {
            Observed::is("yes", fact.because_at(place, format!("the trust has this attribute ({bit:#x})")))
        }
        Some((false, place)) => {
            Observed::is("no", fact.because_at(place, format!("the trust does not have this attribute ({bit:#x})")))
        }
        None => Observed::Unknown,
    }
}

fn quarantined(view: &View<'_>) -> Observed {
    let Some((fact, trust)) = users_side(view) else { return Observed::Unknown };
    flag(&fact, trust.quarantined.as_ref(), bits(trust), QUARANTINED)
}

/// Only where the back end's domain is told, or there is one trust only: its other side has a bit of its own.
fn selective(view: &View<'_>) -> Observed {
    let back_end = view.names.be_domain.clone();
    let theirs = |t: &Trust| match (&t.from, &back_end) {
        (Some(from), Some(be)) => under(be, from),
        _ => true,
    };
    let Some((fact, trust)) = view.trusts().find(|(_, t)| theirs(t)) else { return Observed::Unknown };
    flag(&fact, trust.selective_authentication.as_ref(), bits(trust), SELECTIVE)
}

/// The trust's entry that is closest to the site's name.
pub(super) fn routed(view: &View<'_>) -> Option<Observed> {
    let host = Realm::parse(view.scene.site.host.as_ref()?.as_str())?;
    let entries = view.trusts().flat_map(|(fact, t)| t.suffixes.iter().map(move |entry| (fact, entry)));
    let covers = |name: &str| Realm::parse(name).is_some_and(|suffix| under(&host, &suffix));
    let (fact, (name, routed)) =
        entries.filter(|(_, (name, _))| covers(name)).max_by_key(|(_, (name, _))| name.len())?;
    let (option, says) = if routed.value { ("yes", "routes") } else { ("no", "does not route") };
    Some(Observed::is(option, fact.because_at(&routed.place, format!("the trust {says} names under {name}"))))
}

/// One realm is one forest; two realms are two forests only where a trust says so.
fn other_forest(view: &View<'_>) -> Observed {
    if let Observed::Is("xuser", because) = fold(Question::Dom, view) {
        return Observed::Is("yes", because);
    }
    if let Some(("xuser", because)) = view.said("dom") {
        return Observed::is("yes", because);
    }
    let (Some(user), Some(front_end)) = (view.names.user_realm.clone(), front_end_realm(view)) else {
        // What the trust of the user's forest lists is the other forest's.
        return match (users_side(view).filter(|(_, t)| !t.suffixes.is_empty()), routed(view)) {
            (Some(_), Some(Observed::Is(_, because))) => Observed::Is("yes", because),
            _ => view
                .said("dom")
                .filter(|(said, _)| *said == "same")
                .map_or(Observed::Unknown, |(_, because)| Observed::is("no", because)),
        };
    };
    if user.same(&front_end) {
        return match view.site_ticket() {
            Some((fact, t)) => {
                Observed::is("no", fact.because_at(&t.server_place, format!("user and web server are in {user}")))
            }
            None => Observed::Unknown,
        };
    }
    outside(view, &user, &front_end)
        .map_or(Observed::Unknown, |(yes, because)| Observed::is(if yes { "yes" } else { "no" }, because))
}

/// Is there a forest's border between two domains? `None` without a trust that tells.
pub fn outside(view: &View<'_>, one: &Realm, other: &Realm) -> Option<(bool, crate::report::Because)> {
    view.trusts().find_map(|(fact, t)| {
        let (from, to) = (t.from.as_ref(), t.to.as_ref()?);
        let joins = |a: &Realm, b: &Realm| under(b, to) && !under(a, to) && from.is_none_or(|f| under(a, f));
        if !joins(one, other) && !joins(other, one) {
            return None;
        }
        let (inside, place) = t
            .within_forest
            .as_ref()
            .map(|w| (w.value, &w.place))
            .or_else(|| bits(t).map(|b| (b.value & WITHIN_FOREST != 0, &b.place)))?;
        let says =
            if inside { "the trust between the two is within one forest" } else { "a trust between two forests" };
        Some((!inside, fact.because_at(place, says)))
    })
}

/// What people write of their domain controllers.
/// Releases whose domain controllers do not know resource-based delegation.
const OLD_SYSTEMS: [&str; 3] = ["2000", "2003", "2008"];

fn downlevel(view: &View<'_>) -> Observed {
    let keys = ["dc", "dcs", "dc_os", "dc_version", "dc_versions", "domain_controllers", "domain controllers"];
    let old = |text: &str| OLD_SYSTEMS.iter().any(|year| text.contains(year));
    let shown = view.accounts().find_map(|(f, a)| a.dc_system.as_ref().filter(|s| old(&s.value)).map(|s| (f, s)));
    if let Some((fact, system)) = shown {
        let says = format!("a domain controller runs {}", system.value);
        return Observed::is("yes", fact.because_at(&system.place, says));
    }
    let Some((text, because)) = view.said_as(&keys) else { return Observed::Unknown };
    let has = |years: &[&str]| years.iter().any(|y| text.contains(y));
    if has(&OLD_SYSTEMS) {
        return Observed::is("yes", because);
    }
    if has(&["2012", "2016", "2019", "2022", "2025"]) { Observed::is("no", because) } else { Observed::Unknown }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::diagnosis::testing::{KLIST_CROSS_FOREST, accounts, event_3, status_with};
    use crate::facts::{Place, Role, Statement};
    use crate::report::Status::{self, *};

    fn trust(from: &str, to: &str, attributes: u32) -> Statement {
        let at = At::new(attributes, Place::default());
        Statement::Trust(Trust {
            from: Realm::parse(from),
            to: Realm::parse(to),
            attributes: Some(at),
            ..Trust::default()
        })
    }

    const BLOCKED: &str = "cross-forest-tgt-delegation-blocked";
    const QUARANTINE: &str = "trust-quarantine-strips-delegation";
    const FRONT_END: &str = "# front end\nDistinguishedName : CN=WEB01,OU=Servers,DC=partner,DC=example\nName : WEB01\nObjectClass : computer\nServicePrincipalNames : {HTTP/intranet.partner.example}\nuserAccountControl : 528384\n";

    fn judged(id: &str, from: &str, to: &str, attributes: u32) -> Status {
        status_with(id, &[KLIST_CROSS_FOREST, FRONT_END], Role::Dc, vec![trust(from, to, attributes)])
    }

    #[test]
    fn the_trust_of_the_users_forest_decides() {
        let (users, servers) = ("contoso.com", "partner.example");
        assert_eq!(judged(BLOCKED, users, servers, 0x8), Confirmed);
        assert_eq!(judged(BLOCKED, users, servers, 0x208), Confirmed);
        assert_eq!(judged(BLOCKED, users, servers, 0x808), RuledOut);
        assert_eq!(judged(BLOCKED, users, servers, 0x20), RuledOut);
        // The other side's object says nothing about it: the ticket's own mark does, but not why.
        assert_eq!(judged(BLOCKED, servers, users, 0x808), Likely);
        assert_eq!(judged(QUARANTINE, servers, users, 0x4), Possible);
        assert_eq!(judged(QUARANTINE, users, servers, 0x804), Confirmed);
        assert_eq!(judged(BLOCKED, users, servers, 0x804), RuledOut);
        assert_eq!(judged(QUARANTINE, users, servers, 0x8), RuledOut);
    }

    #[test]
    fn a_front_end_alone_in_its_forest() {
        let id = "rbcd-cross-forest-topology";
        let sql = "MSSQLSvc/sql01.corp.example:1433";
        let dump = accounts(&[], "corp.example", sql, "CN=svc-web,OU=Service,DC=contoso,DC=com");
        let policy = event_3(sql).replace("0xd KDC_ERR_BADOPTION", "0xc KDC_ERR_POLICY");
        let user = KLIST_CROSS_FOREST
            .replace("PARTNER.EXAMPLE", "CONTOSO.ORG")
            .replace("CONTOSO.COM", "CORP.EXAMPLE")
            .replace("CONTOSO.ORG", "CONTOSO.COM")
            .replace("intranet.partner.example", "intranet.contoso.com");
        let with = |trusts| status_with(id, &[&user, &dump, &policy], Role::Dc, trusts);
        assert_eq!(with(vec![trust("corp.example", "contoso.com", 0x8)]), Likely);
        assert_eq!(with(vec![trust("corp.example", "contoso.com", 0x18)]), RuledOut);
        assert_eq!(with(vec![trust("corp.example", "contoso.com", 0x20)]), RuledOut);
    }
}
