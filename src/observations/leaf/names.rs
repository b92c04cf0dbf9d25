//! Names at the KDC: is the SPN known, is the host a name at all?

use super::{LeafTest, YES_NO};
use crate::facts::{Failure, FailureContext};
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;
use crate::report::Because;
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::codes::{krb, status};
use crate::vocabulary::names::{HostName, Realm, Spn};

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-kdc-knows-spn",
        ask: "Does the domain controller issue a ticket for the web server's name?",
        how: "klist get HTTP/<host in the address bar>",
        needs: Needs::User,
        options: YES_NO,
        derive: known,
    },
    LeafTest {
        id: "test-site-in-asked-forest",
        ask: "Is the web server in the forest whose domain controller was asked for its name?",
        how: "Compare the end of the host's name with the user's domain (the realm in klist), or with the line \"Checking domain\" of setspn. setspn -F -Q asks the whole forest; a name of another forest is found only over a trust that routes it.",
        needs: Needs::User,
        options: YES_NO,
        derive: in_asked_forest,
    },
    LeafTest {
        id: "test-url-is-name",
        ask: "Is the host in the address bar a name (not an IP address)?",
        how: "Look at the address bar.",
        needs: Needs::User,
        options: YES_NO,
        derive: is_name,
    },
    LeafTest {
        id: "test-negotiate-offered",
        ask: "Does the server's 401 offer Negotiate?",
        how: "Developer tools, Network, the first 401, response headers: WWW-Authenticate",
        needs: Needs::User,
        options: YES_NO,
        derive: offered,
    },
    LeafTest {
        id: "test-spn-is-url-host",
        ask: "Is the SPN that the browser asks for made of the host in the address bar?",
        how: "klist after loading the page: HTTP/<host in the address bar>, or another name?",
        needs: Needs::User,
        options: YES_NO,
        derive: same_host,
    },
    LeafTest {
        id: "test-default-port",
        ask: "Does the site use the default port (80 or 443, no number behind the host in the address bar)?",
        how: "Look at the address bar.",
        needs: Needs::User,
        options: YES_NO,
        derive: default_port,
    },
    LeafTest {
        id: "test-host-is-alias",
        ask: "Is the host in the address bar an alias (CNAME) of another name?",
        how: "nslookup <host in the address bar>: is another name shown, with the asked one under Aliases?",
        needs: Needs::User,
        options: YES_NO,
        derive: alias,
    },
];

/// The KDC's own word that nobody owns the site's SPN.
pub fn kdc_does_not_know(view: &View<'_>) -> Option<Because> {
    let by_request = view.ticket_requests().find_map(|(fact, r)| {
        let mine = r.spn.as_ref().is_none_or(|s| view.scene.site.is_spn(s));
        let unknown = matches!(r.status, Some(status::NO_TRUST_SAM_ACCOUNT | status::SEC_E_TARGET_UNKNOWN));
        (mine && !r.issued && unknown).then(|| fact.because("the domain controller has no such principal"))
    });
    let by_library =
        view.handshakes().filter_map(|(fact, h)| h.failure.as_ref().map(|f| (fact, h, f))).find_map(|(fact, h, f)| {
            let sspi = f.value.status == i64::from(status::SEC_E_TARGET_UNKNOWN.cast_signed());
            let gssapi = f.value.message.to_lowercase().contains("not found in kerberos database");
            let name = h.spn.as_ref().map(|s| s.value.to_string()).unwrap_or_default();
            (sspi || gssapi).then(|| fact.because_at(&f.place, format!("the KDC does not know {name}")))
        });
    let by_kdc = view.failures().find_map(|(fact, f)| {
        let mine = f.spn.as_ref().is_some_and(|s| view.scene.site.is_spn(s));
        (f.context == FailureContext::KdcReply && f.krb == Some(krb::S_PRINCIPAL_UNKNOWN) && mine)
            .then(|| fact.because(format!("the KDC does not know the name: {}", f.text)))
    });
    by_request.or(by_library).or(by_kdc)
}

/// Yes where the names alone show it; other names may still be of one forest.
fn in_asked_forest(view: &View<'_>) -> Observed {
    let Some(host) = view.scene.site.host.as_ref().filter(|h| !h.is_ip()) else { return Observed::Unknown };
    let mine = |spn: &Option<Spn>| spn.as_ref().is_none_or(|s| view.scene.site.is_spn(s));
    let search = view.spn_searches().filter(|(_, s)| s.none && mine(&s.spn)).find_map(|(fact, s)| {
        let domain = s.domain.as_ref()?;
        let forest = s.scope.as_deref() == Some("forest");
        (host.is_in(domain) && (forest || host.domain().is_some_and(|d| d.same(domain))))
            .then(|| fact.because(format!("{domain} was searched, where {host} stands")))
    });
    if let Some(because) = search {
        return Observed::is("yes", because);
    }
    let Some(because) = kdc_does_not_know(view).or_else(|| {
        let mut searches = view.spn_searches().filter(|(_, s)| s.none && mine(&s.spn));
        searches.next().filter(|_| !host.is_full()).map(|(fact, _)| fact.because("this name was searched"))
    }) else {
        return Observed::Unknown;
    };
    let domain = host.domain();
    // A tree of domains is one forest: contoso.com, emea.contoso.com.
    let one_tree = |realm: &Realm| {
        host.is_in(realm)
            || domain.as_ref().is_some_and(|d| {
                let (realm, domain) = (realm.as_str().to_lowercase(), d.as_str().to_lowercase());
                domain.contains('.') && realm.ends_with(&format!(".{domain}"))
            })
    };
    // A short name is looked for in the client's own forest.
    let known = [&view.names.user_realm, &view.names.fe_domain];
    let same = !host.is_full() || known.into_iter().flatten().any(one_tree);
    if same { Observed::is("yes", because) } else { Observed::Unknown }
}

fn known(view: &View<'_>) -> Observed {
    let twice = || {
        let mine = |f: &Failure| f.spn.as_ref().is_some_and(|s| s.is_http() && view.scene.site.is_spn(s));
        let found = view.failures().find(|(_, f)| f.krb == Some(krb::PRINCIPAL_NOT_UNIQUE) && mine(f));
        found.map(|(fact, f)| fact.because(format!("the domain controller issues none: {}", f.text)))
    };
    if let Some(because) = kdc_does_not_know(view).or_else(twice) {
        return Observed::is("no", because);
    }
    if let Some((fact, t)) = view.site_ticket() {
        return Observed::is("yes", fact.because_at(&t.server_place, "there is a ticket for it"));
    }
    let sent = view.exchanges().filter_map(|(fact, e)| e.token.as_ref().map(|t| (fact, t)));
    sent.filter(|(_, t)| t.value.service.as_deref().and_then(Spn::parse).is_some_and(|s| view.scene.site.is_spn(&s)))
        .last()
        .map_or(Observed::Unknown, |(fact, t)| {
            Observed::is("yes", fact.because_at(&t.place, "the browser's token carries a ticket for it"))
        })
}

fn is_name(view: &View<'_>) -> Observed {
    let Some((fact, h)) = view.handshakes().find(|(_, h)| h.host.is_some()) else { return host_in_words(view) };
    let (Some(host), place) = (&h.host, h.url.as_ref().map(|u| &u.place)) else { return Observed::Unknown };
    let because = fact.because_at(place.unwrap_or(&fact.fact.place), format!("the URL's host is {host}"));
    Observed::is(if host.is_ip() { "no" } else { "yes" }, because)
}

/// Headers, or what the person wrote.
fn host_in_words(view: &View<'_>) -> Observed {
    let sent = view
        .exchanges()
        .find_map(|(fact, e)| e.host.as_ref().map(|h| (h.clone(), fact.because(format!("the host is {h}")))));
    let said = || {
        let (text, because) = ["url", "site", "page"].iter().find_map(|key| view.said(key))?;
        let host = Origin::parse(text.trim()).and_then(|o| HostName::parse(&o.host))?;
        Some((host, because))
    };
    let Some((host, because)) = sent.or_else(said) else { return Observed::Unknown };
    Observed::is(if host.is_ip() { "no" } else { "yes" }, because)
}

fn default_port(view: &View<'_>) -> Observed {
    let captured = view.handshakes().filter_map(|(fact, h)| h.url.as_ref().map(|u| (fact, u))).last();
    let (text, because) = match captured {
        Some((fact, url)) => (url.value.clone(), fact.because_at(&url.place, format!("the URL is {}", url.value))),
        None => match view.said("url") {
            Some((text, because)) => (text.trim().to_owned(), because),
            None => return Observed::Unknown,
        },
    };
    match Origin::parse(&text).and_then(|o| o.port) {
        Some(80 | 443) => Observed::is("yes", because),
        Some(_) => Observed::is("no", because),
        None => Observed::Unknown,
    }
}

fn alias(view: &View<'_>) -> Observed {
    let mine = |a: &crate::facts::DnsAnswer| {
        a.asked.as_ref().is_some_and(|h| view.scene.site.host.as_ref().is_some_and(|s| s.same(h)))
    };
    let Some((fact, answer)) = view.dns_answers().find(|(_, a)| mine(a) && !a.missing) else {
        return Observed::Unknown;
    };
    match (&answer.canonical, &answer.asked) {
        (Some(name), Some(asked)) if !name.same_machine(asked) => {
            Observed::is("yes", fact.because(format!("{asked} is an alias of {name}")))
        }
        _ => Observed::is("no", fact.because("the name is no alias")),
    }
}

fn offered(view: &View<'_>) -> Observed {
    let captured = view.handshakes().filter_map(|(fact, h)| h.offered.as_ref().map(|o| (fact, o)));
    // A 401 with a token in it is the middle of a conversation: it lists one scheme only.
    let pasted = view
        .exchanges()
        .filter(|(_, e)| e.answer_token.is_none())
        .filter_map(|(fact, e)| e.offered.as_ref().map(|o| (fact, o)));
    let Some((fact, schemes)) = captured.chain(pasted).next() else { return Observed::Unknown };
    let has = schemes.value.iter().any(|s| s.to_lowercase().starts_with("negotiate"));
    let because = fact.because_at(&schemes.place, format!("the server offers {}", schemes.value.join(", ")));
    Observed::is(if has { "yes" } else { "no" }, because)
}

fn same_host(view: &View<'_>) -> Observed {
    view.handshakes()
        .find_map(|(fact, h)| {
            let (host, spn) = (h.host.as_ref()?, h.spn.as_ref()?);
            let same = spn.value.host()?.same_machine(host);
            let because = fact
                .because_at(&spn.place, format!("the browser asks for {} while the URL's host is {host}", spn.value));
            Some(Observed::is(if same { "yes" } else { "no" }, because))
        })
        .or_else(|| {
            view.exchanges().find_map(|(fact, e)| {
                let (host, token) = (e.host.as_ref()?, e.token.as_ref()?);
                let spn = Spn::parse(token.value.service.as_deref()?)?;
                let same = spn.host()?.same(host);
                let says = format!("the ticket in the token is for {spn} while the request goes to {host}");
                Some(Observed::is(if same { "yes" } else { "no" }, fact.because_at(&token.place, says)))
            })
        })
        .unwrap_or_default()
        .or(|| ticket_of_alias(view))
}

/// Without a capture: the site is an alias, and the user has a ticket for the name behind it, not for the alias.
fn ticket_of_alias(view: &View<'_>) -> Observed {
    let canonical = view.dns_answers().find_map(|(fact, a)| {
        let (asked, name) = (a.asked.as_ref()?, a.canonical.as_ref()?);
        let mine = view.scene.site.host.as_ref().is_some_and(|s| s.same(asked)) && !name.same_machine(asked);
        mine.then_some((fact, name))
    });
    let Some((dns, name)) = canonical else { return Observed::Unknown };
    let has = |host: &HostName| {
        view.client_tickets().find(|(_, t)| {
            t.server.as_ref().is_some_and(|s| s.is_http() && s.host().is_some_and(|h| h.same_machine(host)))
        })
    };
    match (view.scene.site.host.as_ref().and_then(has), has(name)) {
        (None, Some((fact, t))) => Observed::Is(
            "no",
            vec![
                dns.because(format!("the host is an alias of {name}")),
                fact.because_at(&t.server_place, "the ticket is for that name, not for the alias"),
            ],
        ),
        _ => Observed::Unknown,
    }
}
