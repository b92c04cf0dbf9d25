//! Who owns the web server's SPN, and who decrypts the tickets there: when the two differ, the server refuses every ticket.

use super::view::{Of, View};
use crate::case::Located;
use crate::facts::{Account, At, FailureContext, IisAuthentication, SpnOwner, SpnSearch};
use crate::report::Because;
use crate::vocabulary::codes::krb;
use crate::vocabulary::names::{AccountName, Spn, name_of_dn};
use crate::vocabulary::uac;

/// An account as far as it is known: its name, and whether it is a computer's.
#[derive(Clone, Debug)]
pub struct Party {
    /// Its account name; `None` when only its nature is known.
    pub name: Option<AccountName>,
    /// A computer account (`Some(true)`), a user or managed service account (`Some(false)`).
    pub computer: Option<bool>,
    /// Proof.
    pub because: Vec<Because>,
}

/// One owner of an SPN in a search.
pub type Found<'c> = (Of<'c, SpnSearch>, &'c SpnOwner);

/// Every object that the searches show with one of the site's HTTP SPNs, each once.
pub fn owners<'c>(view: &View<'c>, wanted: &dyn Fn(&Spn) -> bool) -> Vec<Found<'c>> {
    let mut owners: Vec<Found<'c>> = Vec::new();
    for found in view.spn_searches() {
        for owner in found.1.owners.iter().filter(|o| o.spns.iter().any(wanted)) {
            if !owners.iter().any(|(_, known)| known.dn.value.eq_ignore_ascii_case(&owner.dn.value)) {
                owners.push((found, owner));
            }
        }
    }
    owners
}

/// Owners that hold one and the same SPN. Short and full name on two accounts are no duplicates.
pub fn sharing<'c>(owners: &[Found<'c>], wanted: &dyn Fn(&Spn) -> bool) -> Vec<Found<'c>> {
    let shares = |owner: &SpnOwner| {
        owner.spns.iter().filter(|s| wanted(s)).any(|spn| {
            let others = owners.iter().filter(|(_, o)| !o.dn.value.eq_ignore_ascii_case(&owner.dn.value));
            others.flat_map(|(_, o)| &o.spns).any(|s| s.same(spn))
        })
    };
    owners.iter().filter(|(_, o)| shares(o)).copied().collect()
}

/// The only owner of the name that the browser asks for.
pub fn only<'c>(owners: &[Found<'c>], asked: Option<&Spn>) -> Option<Found<'c>> {
    if let [one] = owners {
        return Some(*one);
    }
    let asked = asked?;
    let mut exact = owners.iter().filter(|(_, o)| o.spns.iter().any(|s| s.same(asked)));
    match (exact.next(), exact.next()) {
        (Some(one), None) => Some(*one),
        _ => None,
    }
}

/// The SPN that a browser makes of the site's name.
pub fn site_spn(view: &View<'_>) -> Option<Spn> {
    view.scene.site.host.as_ref().and_then(|h| Spn::parse(&format!("HTTP/{h}")))
}

/// Without -F one domain was searched: of a host in another one that tells nothing.
pub fn covers(search: &SpnSearch, asked: Option<&Spn>) -> bool {
    let stands_in = search.spn.as_ref().or(asked).and_then(Spn::host).and_then(|h| h.domain());
    let elsewhere = stands_in.zip(search.domain.as_ref()).is_some_and(|(host, searched)| !host.same(searched));
    search.scope.as_deref() == Some("forest") || !elsewhere
}

/// The account that owns the site's SPN.
pub fn owner(view: &View<'_>) -> Option<Party> {
    let wanted = |spn: &Spn| spn.is_http() && view.scene.site.is_spn(spn);
    let found = owners(view, &wanted);
    if !sharing(&found, &wanted).is_empty() {
        return None;
    }
    if let Some(((fact, _), owner)) = only(&found, site_spn(view).as_ref()) {
        let dn = &owner.dn.value;
        let name = name_of_dn(dn).or_else(|| AccountName::parse(dn));
        let because = vec![fact.because_at(&owner.dn.place, format!("the SPN is owned by {dn}"))];
        let known = name.as_ref().and_then(|n| nature_in_dumps(view, n));
        return Some(Party { computer: known.or_else(|| nature_of_owner(owner)), name, because });
    }
    let (fact, account) = view.accounts().find(|(_, a)| a.spns.iter().flat_map(|l| &l.value).any(&wanted))?;
    let name = account.name.as_ref().map(|n| n.value.clone());
    let place = account.spns.as_ref().map_or_else(|| fact.fact.place.clone(), |l| l.place.clone());
    let shown = name.as_ref().map_or_else(|| "this account".to_owned(), ToString::to_string);
    let computer = nature_of_account(account);
    Some(Party { name, computer, because: vec![fact.because_at(&place, format!("the SPN is owned by {shown}"))] })
}

/// True when this account is the one that owns the site's SPN, or the computer that bears the site's name.
pub fn is_site_account(view: &View<'_>, account: &AccountName) -> bool {
    let own_name = || view.scene.site.host.as_ref().is_some_and(|h| h.short().eq_ignore_ascii_case(&plain(account)));
    match owner(view).and_then(|o| o.name) {
        Some(owner) => plain(&owner) == plain(account),
        None => account.is_computer() && own_name(),
    }
}

fn nature_of_class(class: Option<&str>) -> Option<bool> {
    let class = class?.to_lowercase();
    if class.contains("managedserviceaccount") {
        return Some(false);
    }
    match class.as_str() {
        "" => None,
        class => Some(class.contains("computer")),
    }
}

fn nature_in_dumps(view: &View<'_>, name: &AccountName) -> Option<bool> {
    let named = |a: &AccountName| plain(a) == plain(name);
    let (_, account) = view.accounts().find(|(_, a)| a.name.as_ref().is_some_and(|n| named(&n.value)))?;
    nature_of_account(account)
}

/// By the class, else by userAccountControl: a managed account has the bit of computers, so that one tells nothing.
fn nature_of_account(account: &Account) -> Option<bool> {
    nature_of_class(account.object_class.as_deref())
        .or_else(|| account.uac.as_ref().filter(|uac| uac.value & uac::NORMAL_ACCOUNT != 0).map(|_| false))
}

/// Computers have HOST/ SPNs of their own; `setspn` shows all of an account's SPNs.
fn nature_of_owner(owner: &SpnOwner) -> Option<bool> {
    let dn = owner.dn.value.to_lowercase();
    if dn.contains("cn=managed service accounts") {
        return Some(false);
    }
    let host = owner.spns.iter().any(|s| s.class().eq_ignore_ascii_case("host"));
    let container = dn.contains("cn=computers") || dn.contains("ou=domain controllers");
    Some(host || container || owner.dn.value.ends_with('$'))
}

/// The name without domain and dollar sign, as a distinguished name writes it.
fn plain(name: &AccountName) -> String {
    name.bare().trim_end_matches('$').to_lowercase()
}

/// The account that decrypts: the one that answered KRB_AP_ERR_MODIFIED, or the one that IIS is configured to use.
pub fn decryptor(view: &View<'_>) -> Option<Party> {
    answered(view).or_else(|| configured(view))
}

fn answered(view: &View<'_>) -> Option<Party> {
    let mine = |s: &Spn| view.scene.site.is_spn(s);
    view.failures()
        .filter(|(_, f)| f.context == FailureContext::ApReply && f.krb == Some(krb::MODIFIED))
        .filter(|(_, f)| f.spn.as_ref().is_some_and(mine))
        .find_map(|(fact, f)| {
            let name = f.responder.clone()?;
            let managed = plain(&name).contains("msa");
            let known = nature_in_dumps(view, &name);
            let computer = known.or_else(|| (!managed).then(|| name.is_computer()));
            let because = vec![fact.because(format!("{name} answered, and could not read the ticket"))];
            Some(Party { name: Some(name), computer, because })
        })
}

/// What IIS is configured to do, where all that was pasted agrees.
pub fn iis<'c, T: PartialEq>(
    view: &View<'c>,
    pick: impl Fn(&'c IisAuthentication) -> Option<&'c At<T>>,
) -> Option<(Located<'c>, &'c At<T>)> {
    let mut all = view.iis().filter_map(|(fact, i)| pick(i).map(|value| (fact, value)));
    let first = all.next()?;
    all.all(|(_, value)| value.value == first.1.value).then_some(first)
}

/// How the pool is configured: the application pool's account decrypts (`Some(false)`), or the computer's.
fn configured(view: &View<'_>) -> Option<Party> {
    let pool = pool(view)?;
    let kernel = iis(view, |i| i.kernel_mode.as_ref());
    let credentials = iis(view, |i| i.app_pool_credentials.as_ref());
    // The defaults count only where the section itself was pasted.
    let section = kernel.is_some() || credentials.is_some() || iis(view, |i| i.windows.as_ref()).is_some();
    if !section {
        return None;
    }
    let mut because = Vec::new();
    let kernel_mode = kernel.is_none_or(|(_, k)| k.value);
    let pool_decrypts = !kernel_mode || credentials.is_some_and(|(_, c)| c.value);
    because.extend(kernel.map(|(f, k)| f.because_at(&k.place, format!("useKernelMode is {}", k.value))));
    because.extend(credentials.map(|(f, c)| f.because_at(&c.place, format!("useAppPoolCredentials is {}", c.value))));
    because.extend(pool.because);
    if pool_decrypts && pool.computer == Some(false) {
        return Some(Party { name: pool.name, computer: Some(false), because });
    }
    Some(Party { name: None, computer: Some(true), because })
}

/// The application pool's identity.
pub fn pool(view: &View<'_>) -> Option<Party> {
    if let Some((fact, user)) = iis(view, |i| i.pool_user.as_ref()) {
        let because = vec![fact.because_at(&user.place, format!("the application pool runs as {}", user.value))];
        return Some(Party { name: Some(user.value.clone()), computer: Some(false), because });
    }
    let (fact, kind) = iis(view, |i| i.pool_identity_type.as_ref())?;
    let specific = kind.value.eq_ignore_ascii_case("SpecificUser");
    let because = vec![fact.because_at(&kind.place, format!("the application pool's identity is {}", kind.value))];
    Some(Party { name: None, computer: Some(!specific), because })
}

/// Is the owner the one that decrypts? With proof; `None` when that cannot be told.
pub fn owner_decrypts(view: &View<'_>) -> Option<(bool, Vec<Because>)> {
    let (owner, decryptor) = (owner(view)?, decryptor(view)?);
    let verdict = match (&owner.name, &decryptor.name) {
        (Some(a), Some(b)) if plain(a) == plain(b) => true,
        _ if owner.computer.zip(decryptor.computer).is_some_and(|(a, b)| a != b) => false,
        // A common name with blanks may belong to an account of any name.
        (Some(a), Some(_)) if !a.as_str().contains(' ') => false,
        // Both are the computer's: the same one where the SPN's owner bears the site's name.
        (Some(a), None) if owner.computer == Some(true) && decryptor.computer == Some(true) => {
            let host = view.scene.site.host.as_ref()?;
            if !host.short().eq_ignore_ascii_case(&plain(a)) {
                return None;
            }
            true
        }
        _ => return None,
    };
    Some((verdict, owner.because.into_iter().chain(decryptor.because).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;
    use crate::diagnosis::testing::setspn_of;
    use crate::facts::{Fact, Place, Role, Statement};
    use crate::ingest::{Artefact, Ingested, Intake, Kind};
    use crate::report::{Report, Status};

    fn at<T>(value: T) -> Option<At<T>> {
        Some(At::new(value, Place { first_line: 1, last_line: 1, ..Place::default() }))
    }

    /// `setspn` beside a configuration of IIS as its reader states it.
    fn judged(owner: &str, iis: IisAuthentication) -> Report {
        let mut case = Case::new();
        let mut intake = Intake::new("setspn");
        let dn = format!("CN={owner},OU=Service,DC=contoso,DC=com");
        intake.push(setspn_of(&[(&dn, &["HTTP/intranet.contoso.com"])]).as_bytes());
        case.add(intake.finish());
        let mut artefact = Artefact {
            kind: Kind::Unknown,
            role: Role::FrontEnd,
            why: String::new(),
            why_role: String::new(),
            first_line: 1,
            last_line: 1,
            facts: Vec::new(),
            problems: Vec::new(),
            shown: Vec::new(),
            kept: Vec::new(),
            confidence: crate::ingest::Confidence::Certain,
        };
        artefact.facts.push(Fact { place: Place::default(), says: Statement::IisAuthentication(Box::new(iis)) });
        case.add(Ingested { name: "iis".into(), bytes: 1, artefacts: vec![artefact] });
        crate::diagnosis::report(&case)
    }

    fn status(report: &Report, id: &str) -> Status {
        report.findings.iter().find(|f| f.id == id).unwrap().status
    }

    fn pool(kernel: bool, credentials: bool, user: &str) -> IisAuthentication {
        IisAuthentication {
            windows: at(true),
            kernel_mode: at(kernel),
            app_pool_credentials: at(credentials),
            pool_user: AccountName::parse(user).and_then(at),
            ..IisAuthentication::default()
        }
    }

    const KERNEL: &str = "fe-kernel-mode-identity-mismatch";
    const WRONG: &str = "fe-spn-wrong-account";

    #[test]
    fn the_configuration_tells_who_decrypts() {
        let kernel = judged("svc-web", pool(true, false, "CONTOSO\\svc-web"));
        assert_eq!((status(&kernel, KERNEL), status(&kernel, WRONG)), (Status::Likely, Status::RuledOut));
        let right = judged("svc-web", pool(true, true, "CONTOSO\\svc-web"));
        assert_eq!((status(&right, KERNEL), status(&right, WRONG)), (Status::RuledOut, Status::RuledOut));
        let other = judged("svc-old", pool(true, true, "CONTOSO\\svc-web"));
        assert_eq!((status(&other, KERNEL), status(&other, WRONG)), (Status::RuledOut, Status::Likely));
        let user_mode = judged("svc-web", pool(false, false, "CONTOSO\\svc-web"));
        assert_eq!((status(&user_mode, KERNEL), status(&user_mode, WRONG)), (Status::RuledOut, Status::RuledOut));
    }

    #[test]
    fn providers_and_anonymous() {
        let providers = IisAuthentication { providers: at(vec!["NTLM".to_owned()]), ..IisAuthentication::default() };
        let id = "iis-negotiate-provider-missing";
        assert_eq!(status(&judged("svc-web", providers), id), Status::Confirmed);
        let both = vec!["Negotiate".to_owned(), "NTLM".to_owned()];
        let providers = IisAuthentication { providers: at(both), ..IisAuthentication::default() };
        assert_eq!(status(&judged("svc-web", providers), id), Status::RuledOut);
        let anonymous = IisAuthentication { anonymous: at(false), ..IisAuthentication::default() };
        assert_eq!(status(&judged("svc-web", anonymous), "iis-anonymous-wins"), Status::RuledOut);
    }
}
