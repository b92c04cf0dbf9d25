//! `bes`: whom the back end sees.

use crate::case::Located;
use crate::facts::{Arrival, Mechanism, Statement};
use crate::observations::observed::Observed;
use crate::observations::second_hop::{is_own_logon, same_account};
use crate::observations::view::{Of, View};
use crate::report::Because;
use crate::vocabulary::names::{AccountName, HostName, Spn};

/// Folds the back end's own words; a first 401 before a success is the ordinary challenge and no statement.
pub fn fold(view: &View<'_>) -> Observed {
    own_page(view).or(|| arrived(view)).or(|| symptom(view))
}

fn own_page(view: &View<'_>) -> Observed {
    view.identities()
        .filter(|(_, i)| i.of_back_end)
        .find_map(|(fact, i)| {
            let user = i.user.as_ref()?;
            Some(who(
                view,
                &user.value,
                fact.because_at(&user.place, format!("the back end's own page names {}", user.value)),
            ))
        })
        .unwrap_or_default()
}

/// A name at the back end: the user's, a service's, or not to be told.
fn who(view: &View<'_>, name: &AccountName, because: Because) -> Observed {
    if is_services(view, name) || name.is_computer() && may_be_front_ends(view, name) {
        return Observed::is("svc", because);
    }
    if view.names.user.as_ref().is_some_and(|u| u.same(name)) {
        return Observed::is("user", because);
    }
    // Another name than the user's, or no user is known: it may be a service's or a second person's.
    let by_its_name = name.bare().to_lowercase().starts_with("svc");
    if by_its_name { Observed::is("svc", because) } else { Observed::Unknown }
}

/// A computer is the web server, unless a service account is known to run the site and nothing ties the computer to it:
/// monitoring and backup servers sign in everywhere.
fn may_be_front_ends(view: &View<'_>, computer: &AccountName) -> bool {
    let host = HostName::parse(computer.bare().trim_end_matches('$'));
    let acts = view.names.fe_account.as_ref().is_none_or(|a| a.is_computer() && !a.same(computer));
    acts || host.is_some_and(|h| view.is_front_end_machine(&h))
}

/// What runs the web application: by the directory, by IIS, by the application's own page.
fn is_services(view: &View<'_>, name: &AccountName) -> bool {
    let owner = view.names.fe_account.as_ref().is_some_and(|a| same_account(a, name));
    let page = view.identities().any(|(_, i)| {
        let runs_as = i.current.as_ref().filter(|c| i.user.as_ref().is_some_and(|u| !u.value.same(&c.value)));
        !i.of_back_end && runs_as.is_some_and(|c| c.value.same(name))
    });
    let pool = view.scene.facts.iter().any(|f| match f.says() {
        Statement::IisAuthentication(iis) => iis.pool_user.as_ref().is_some_and(|u| u.value.same(name)),
        _ => false,
    });
    let own_session = view.front_end_tickets().any(|(fact, t)| {
        is_own_logon(view.scene.facts, &fact, t) && AccountName::parse(&t.client.name).is_some_and(|c| c.same(name))
    });
    owner || page || pool || own_session
}

fn arrived(view: &View<'_>) -> Observed {
    let target = view.names.be_spn.as_ref().and_then(Spn::host);
    let other =
        |a: &Arrival| a.host.as_ref().is_some_and(|h| view.scene.site.host.is_some() && !view.is_front_end_machine(h));
    // A controller's netlogon.log tells of every server: of NTLM logons only those at the back end itself count.
    let elsewhere = |a: &Arrival| {
        a.mechanism == Some(Mechanism::Ntlm)
            && !a.host.as_ref().zip(target.as_ref()).is_some_and(|(h, target)| h.same_machine(target))
    };
    let back_end = |a: &Arrival| a.back_end || other(a) && !elsewhere(a);
    // A log of requests by nobody but the account that runs the web application is that of a server which it calls.
    let calls = |fact: &Located<'_>, a: &Arrival| {
        let mut named = view.arrivals().filter(|(f, _)| f.held.id == fact.held.id).filter_map(|(_, a)| a.who.as_ref());
        a.host.is_none() && a.who.is_some() && named.all(|who| is_services(view, who))
    };
    let all: Vec<Of<'_, Arrival>> = view.arrivals().filter(|(f, a)| back_end(a) || calls(f, a)).collect();
    let welcome = all.iter().rev().find(|(_, a)| a.who.is_some() && !a.anonymous && a.status.is_none_or(|s| s != 401));
    if let Some((fact, a)) = welcome
        && let Some(name) = &a.who
    {
        if let Some(through) = &a.through {
            let says = format!("the back end sees {name}, brought by {through} (Transited Services)");
            return Observed::is("user", fact.because(says));
        }
        return who(view, name, fact.because(format!("the back end sees {name}")));
    }
    match all.iter().rev().find(|(_, a)| a.anonymous || a.status == Some(401)) {
        Some((fact, a)) if a.anonymous => {
            Observed::is("anon", fact.because("the back end sees ANONYMOUS LOGON: nobody's identity arrived"))
        }
        Some((fact, _)) => Observed::is("anon", fact.because("the back end answers 401 and never sees a user")),
        None => Observed::Unknown,
    }
}

/// What the person quotes.
fn symptom(view: &View<'_>) -> Observed {
    let Some((text, because)) = view.said("symptom") else { return Observed::Unknown };
    let text = text.to_lowercase();
    if ["anonymous logon", "is anonymous", "as anonymous", "anonym"].iter().any(|w| text.contains(w)) {
        return Observed::is("anon", because);
    }
    Observed::Unknown
}
