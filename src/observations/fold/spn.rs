//! `fspn` and `bspn`: who owns the SPNs.

use crate::observations::back_end;
use crate::observations::decryption::{self, Found};
use crate::observations::observed::Observed;
use crate::observations::view::View;
use crate::report::Because;
use crate::vocabulary::codes::krb;
use crate::vocabulary::names::Spn;

/// The front end's SPN.
pub fn front_end(view: &View<'_>) -> Observed {
    let wanted = |spn: &Spn| spn.is_http() && view.scene.site.is_spn(spn);
    if let Observed::Is(option, because) = other_form(view) {
        return Observed::Is(option, because);
    }
    let asked = decryption::site_spn(view);
    let found = searched(view, &wanted, asked.as_ref());
    if let (Observed::Is("none", none), Some((fact, ticket))) = (&found, view.site_tickets().last()) {
        return Observed::Conflict {
            one: ("none", none.clone()),
            other: ("ok", vec![fact.because_at(&ticket.server_place, "the user holds a ticket for this name")]),
            says: "A search finds no account with the web server's SPN, yet a domain controller issued a ticket for it. Either HOST/ on the computer's account stands for \
                   the name (setspn -F -Q HOST/… finds it, and all is well), or the search did not cover the whole forest (-F), or the name was taken away since."
                .to_owned(),
        };
    }
    // What is registered is another form of the name, and the one that is asked for the KDC does not know.
    let exact =
        |asked: &Spn| decryption::owners(view, &wanted).iter().any(|(_, o)| o.spns.iter().any(|s| s.same(asked)));
    if let (Observed::Is("ok", _), Some(because)) = (&found, super::super::leaf::kdc_does_not_know(view))
        && !asked.as_ref().is_none_or(exact)
    {
        return Observed::is("none", because);
    }
    // One owner, but another account decrypts.
    if let (Observed::Is("ok", _) | Observed::Unknown, Some((false, because))) =
        (&found, decryption::owner_decrypts(view))
    {
        return Observed::Is("own", because);
    }
    found.or(|| twice(view)).or(|| refused(view)).or(|| in_use(view))
}

/// The back end's SPN.
pub fn back_end(view: &View<'_>) -> Observed {
    let Some(be) = &view.names.be_spn else { return Observed::Unknown };
    let found = searched(view, &|spn: &Spn| spn.same(be), Some(be)).or(|| owned(view, be));
    back_end::checked(view, be, found)
}

/// The browser asked for a name that no shown account has, while another form of it (alias, port) is registered.
/// Where Kerberos was accepted, the name did have an owner.
fn other_form(view: &View<'_>) -> Observed {
    let Some((fact, asked)) = view.handshakes().filter_map(|(fact, h)| h.spn.as_ref().map(|s| (fact, s))).last() else {
        return Observed::Unknown;
    };
    if super::first_hop::fold(view).option() == Some("K") {
        return Observed::Unknown;
    }
    let spns = || view.spn_searches().flat_map(|(f, s)| s.owners.iter().map(move |o| (f, o)));
    // HOST/ on a computer's account stands for HTTP/ as well.
    let covers =
        |s: &Spn| s.same(&asked.value) || s.class().eq_ignore_ascii_case("host") && s.same_machine(&asked.value);
    if spns().any(|(_, o)| o.spns.iter().any(covers)) {
        return Observed::Unknown;
    }
    let form = |s: &&Spn| {
        let other_host = !s.same_machine(&asked.value);
        s.is_http() && view.scene.site.is_spn(s) && (other_host || s.port() != asked.value.port())
    };
    let found = spns().find_map(|(f, o)| o.spns.iter().find(form).map(|s| (f, o, s)));
    let Some((owner_fact, owner, spn)) = found else { return Observed::Unknown };
    Observed::Is(
        "form",
        vec![
            fact.because_at(&asked.place, format!("the browser asks for {}", asked.value)),
            owner_fact.because_at(
                &owner.dn.place.clone().lit([spn.to_string()]),
                format!("{} has {spn}, another form of the name", owner.dn.value),
            ),
        ],
    )
}

fn searched(view: &View<'_>, wanted: &dyn Fn(&Spn) -> bool, asked: Option<&Spn>) -> Observed {
    let owners = decryption::owners(view, wanted);
    let proof =
        |((fact, _), owner): &Found<'_>| fact.because_at(&owner.dn.place, format!("owned by {}", owner.dn.value));
    let shared = decryption::sharing(&owners, wanted);
    if !shared.is_empty() {
        return Observed::Is("dup", shared.iter().map(proof).collect());
    }
    if !owners.is_empty() {
        return decryption::only(&owners, asked).map_or(Observed::Unknown, |one| Observed::is("ok", proof(&one)));
    }
    // "No such SPN" counts for the name that was searched; without the command it is taken for the site's.
    // HOST/ of the computer that a search shows stands for its web name.
    let stood_for = |spn: &Spn| {
        let host = |s: &Spn| {
            s.class().eq_ignore_ascii_case("host") && s.host().zip(spn.host()).is_some_and(|(a, b)| a.same(&b))
        };
        back_end::host_may_stand_for(spn)
            && view.spn_searches().any(|(_, s)| s.owners.iter().any(|o| o.spns.iter().any(host)))
    };
    let none = view
        .spn_searches()
        .find(|(_, s)| s.none && s.spn.as_ref().is_none_or(wanted) && !s.spn.as_ref().or(asked).is_some_and(stood_for));
    none.map_or(Observed::Unknown, |(fact, _)| Observed::is("none", fact.because("the directory knows no such SPN")))
}

/// A KDC or the client says that the name stands on several accounts.
fn twice(view: &View<'_>) -> Observed {
    view.failures()
        .find(|(_, f)| {
            f.krb == Some(krb::PRINCIPAL_NOT_UNIQUE)
                && f.spn.as_ref().is_some_and(|s| s.is_http() && view.scene.site.is_spn(s))
        })
        .map_or(Observed::Unknown, |(fact, f)| {
            Observed::is("dup", fact.because(format!("the name stands on several accounts: {}", f.text)))
        })
}

/// The KDC itself does not know the name.
fn refused(view: &View<'_>) -> Observed {
    super::super::leaf::kdc_does_not_know(view).map_or(Observed::Unknown, |because| Observed::Is("none", vec![because]))
}

/// Kerberos was accepted: the ticket was encrypted for the account that decrypts it.
fn in_use(view: &View<'_>) -> Observed {
    match super::first_hop::fold(view) {
        Observed::Is("K", because) => Observed::Is("ok", because),
        _ => Observed::Unknown,
    }
}

/// Exactly one account of the dumps owns it.
fn owned(view: &View<'_>, spn: &Spn) -> Observed {
    let owners: Vec<Because> = view
        .accounts()
        .filter(|(_, a)| a.owns(spn))
        .filter_map(|(f, a)| {
            a.spns
                .as_ref()
                .map(|l| f.because_at(&l.place.clone().lit([spn.to_string()]), "this account owns the back end's SPN"))
        })
        .collect();
    match owners.len() {
        0 => Observed::Unknown,
        1 => Observed::Is("ok", owners),
        _ => Observed::Is("dup", owners),
    }
}
