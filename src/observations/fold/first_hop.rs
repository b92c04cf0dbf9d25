//! `hop1`: what the first hop did.

use crate::artefacts::kind::Kind;
use crate::case::Located;
use crate::facts::{Arrival, Failure, FailureContext, Handshake, Library, Mechanism, Role};
use crate::observations::leaf::kdc_does_not_know;
use crate::observations::observed::Observed;
use crate::observations::view::{Of, View};
use crate::report::Because;
use crate::vocabulary::codes::status;
use crate::vocabulary::names::{AccountName, HostName, Spn};

/// Folds the browser's conversations, then tokens, then the server's own words.
pub fn fold(view: &View<'_>) -> Observed {
    captured(view)
        .or(|| in_headers(view))
        .or(|| accepted(view))
        .or(|| whoami(view))
        .or(|| refused(view))
        .or(|| prompted(view))
}

/// The last conversation that got anywhere counts: a page that was loaded again tells how things are now.
fn captured(view: &View<'_>) -> Observed {
    // A page's manifest is fetched without credentials: such a conversation counts only where no other one does.
    let signing = view.handshakes().filter(|(_, h)| h.credentials_omitted.is_none()).filter_map(judge).last();
    signing
        .or_else(|| view.handshakes().filter_map(judge).last())
        .map_or(Observed::Unknown, |(option, because)| Observed::Is(option, because))
}

fn judge((fact, h): Of<'_, Handshake>) -> Option<(&'static str, Vec<Because>)> {
    let mechanism = h.mechanism.as_ref();
    let status = h.final_status.as_ref();
    let because = |place: &crate::facts::Place, says: &str| fact.because_at(place, says);
    let shown = |m: &crate::facts::At<Mechanism>, says: &str| because(&m.place, says);
    let kerberos = mechanism.filter(|m| m.value == Mechanism::Kerberos);
    if let Some(m) = mechanism.filter(|m| m.value == Mechanism::Ntlm) {
        return Some(("N", vec![shown(m, "the mechanism is NTLM")]));
    }
    if let (Some(rejected), true) = (&h.rejected, h.token_sent.is_some() || kerberos.is_some()) {
        let mut proof = vec![because(&rejected.place, "the server refuses the token and challenges again")];
        proof.extend(kerberos.map(|m| shown(m, "a Kerberos token was sent")));
        return Some(("R", proof));
    }
    if let Some(too_long) = status.filter(|s| matches!(s.value, 400 | 431) && h.token_sent.is_some()) {
        return Some(("B", vec![because(&too_long.place, "the server answers that the request header is too long")]));
    }
    if let Some(m) = kerberos {
        return Some(("K", vec![shown(m, "the mechanism is Kerberos, and the server accepts")]));
    }
    if let Some(failed) = h.failure.as_ref() {
        let says = if failed.value.message.is_empty() {
            format!("the security library fails with {}", crate::observations::status_words(failed.value.status))
        } else {
            format!("the security library fails: {}", failed.value.message)
        };
        return Some(("P", vec![because(&failed.place, &says)]));
    }
    if let Some(refused) = &h.scheme_refused {
        return Some(("P", vec![because(&refused.place, "the browser does not use Negotiate here")]));
    }
    if let Some(place) = &h.credentials_omitted {
        return Some((
            "P",
            vec![because(place, "the browser may not sign in for this request: it carries no credentials")],
        ));
    }
    if let Some(default) = h.default_credentials.as_ref().filter(|d| !d.value && h.token_sent.is_none()) {
        return Some(("P", vec![because(&default.place, "the browser may not sign in here with the logged-on user")]));
    }
    None
}

/// What a header may have at most by default: 16 KB. The base64 token, its scheme and the other headers share it.
pub const HEADER_FULL: u64 = 15_000;

fn in_headers(view: &View<'_>) -> Observed {
    let mut seen = Observed::Unknown;
    let mut sent: Option<(Mechanism, Because)> = None;
    let mut challenged = false;
    // Of a token that was stripped only the length is known: this one fills a header.
    let mut long = false;
    for (fact, exchange) in view.exchanges() {
        if let Some(token) = &exchange.token {
            long |= token.value.bytes >= HEADER_FULL;
            match token.value.mechanism {
                Some(Mechanism::Ntlm) => {
                    seen = Observed::is("N", fact.because_at(&token.place, "the token that the browser sends is NTLM"));
                    sent = Some((Mechanism::Ntlm, fact.because_at(&token.place, "an NTLM token")));
                }
                Some(m) => sent = Some((m, fact.because_at(&token.place, "the browser sends a Kerberos token"))),
                None => {}
            }
        }
        if let Some(answer) = &exchange.answer_token {
            if answer.value.mechanism == Some(Mechanism::Ntlm) {
                seen = Observed::is("N", fact.because_at(&answer.place, "the server answers with an NTLM challenge"));
            } else if answer.value.rejects {
                seen = Observed::is("R", fact.because_at(&answer.place, "the server's answer refuses the ticket"));
            }
        }
        let Some(status) = &exchange.status else { continue };
        challenged |= status.value == 401;
        match (status.value, &sent) {
            // A page that only sends elsewhere may never have looked at the token.
            (300..=399, Some((Mechanism::Kerberos, _))) if !challenged && exchange.answer_token.is_none() => {}
            (200..=399, Some((Mechanism::Kerberos, proof))) => {
                seen = Observed::Is("K", vec![proof.clone(), fact.because_at(&status.place, "the server accepts it")]);
            }
            (401, Some((Mechanism::Kerberos, proof))) if seen.is_unknown() => {
                seen = Observed::Is(
                    "R",
                    vec![proof.clone(), fact.because_at(&status.place, "the server answers 401 all the same")],
                );
            }
            (400 | 431, sent) if sent.is_some() || long => {
                seen = Observed::is(
                    "B",
                    fact.because_at(&status.place, "the server answers that the request header is too long"),
                );
            }
            (200, None) if !challenged && seen.is_unknown() => {
                seen = Observed::is("A", fact.because_at(&status.place, "the page is served without any challenge"));
            }
            _ => {}
        }
    }
    seen
}

/// The web server's own log.
fn accepted(view: &View<'_>) -> Observed {
    if let Some((fact, failure)) = view.failures().filter(|(_, f)| f.context == FailureContext::Accept).last() {
        return Observed::is("R", fact.because(format!("the web server refuses the token: {}", failure.text)));
    }
    // netlogon.log and the logon events of the web server name the mechanism.
    let unknown = kdc_does_not_know(view).is_some();
    let ntlm = view.arrivals().find(|(fact, a)| {
        let person = a.who.as_ref().is_some_and(|w| !w.is_computer()) && !a.anonymous;
        person
            && a.mechanism == Some(Mechanism::Ntlm)
            && !a.back_end
            && a.host.as_ref().is_some_and(|h| {
                view.scene.site.is(h) || unknown && fact.kind() == Kind::Event && is_only_stop(view, a, h)
            })
    });
    if let Some((fact, _)) = ntlm {
        return Observed::is("N", fact.because("the user arrived at the web server by NTLM"));
    }
    let mut arrived =
        view.arrivals().filter(|(_, a)| !a.back_end && a.host.as_ref().is_none_or(|h| view.scene.site.is(h)));
    arrived
        .find_map(|(fact, a)| {
            let who = a.who.as_ref()?;
            let here = a.host.as_ref().is_some_and(|h| view.scene.site.is(h)) && a.status.is_some_and(|s| s < 400);
            // mod_auth_gssapi writes a Kerberos user as name@REALM.
            (here && who.as_str().contains('@'))
                .then(|| Observed::is("K", fact.because("the web server let the user in by Kerberos")))
        })
        .unwrap_or_default()
        .or(|| named(view))
}

/// The user arrived at this server and at no other, and it is not the back end: NTLM carries nobody further than to the first.
fn is_only_stop(view: &View<'_>, arrival: &Arrival, host: &HostName) -> bool {
    let users = arrival.who.as_ref().zip(view.names.user.as_ref()).is_some_and(|(who, user)| who.same(user));
    let elsewhere = view.arrivals().any(|(_, a)| a.host.as_ref().is_some_and(|h| !h.same_machine(host)));
    let back_end = view.names.be_spn.as_ref().and_then(Spn::host).is_some_and(|be| be.same_machine(host));
    users && !elsewhere && !back_end
}

/// The web server's log names the user whose token the browser's library made, by the principal's name.
fn named(view: &View<'_>) -> Observed {
    let made = view.handshakes().filter(|(_, h)| h.library == Library::Gssapi && h.granted.is_some());
    let sent: Vec<AccountName> = made.filter_map(|(_, h)| AccountName::parse(h.source_name.as_deref()?)).collect();
    let mut arrived = view.arrivals().filter(|(fact, _)| fact.kind() == Kind::ApacheLog);
    let same = arrived.find(|(_, a)| {
        a.who.as_ref().is_some_and(|who| who.as_str().contains('@') && sent.iter().any(|s| s.as_str() == who.as_str()))
    });
    same.map_or(Observed::Unknown, |(fact, _)| {
        Observed::is("K", fact.because("the web server names the user whose ticket the browser sent"))
    })
}

/// The PC's log, or the web server's: the site's server refused a ticket, or a logon by one.
fn refused(view: &View<'_>) -> Observed {
    let by_server = |f: &Failure| {
        f.context == FailureContext::ApReply
            && f.krb.is_some()
            && f.spn.as_ref().is_some_and(|s| view.scene.site.is_spn(s))
    };
    let logon = |fact: &Located<'_>, f: &Failure| {
        let here = fact.role() == Role::FrontEnd || f.host.as_ref().is_some_and(|h| view.scene.site.is(h));
        here && f.event == Some(4625) && matches!(f.status, Some(status::BAD_BINDINGS | status::LOGON_TYPE_NOT_GRANTED))
    };
    view.failures()
        .filter(|(fact, f)| fact.role() != Role::BackEnd && by_server(f) || logon(fact, f))
        .last()
        .map_or(Observed::Unknown, |(fact, f)| {
            Observed::is("R", fact.because(format!("the web server refuses the ticket: {}", f.text)))
        })
}

fn whoami(view: &View<'_>) -> Observed {
    for (fact, page) in view.identities().filter(|(_, i)| !i.of_back_end) {
        let Some(method) = &page.method else { continue };
        let text = method.value.to_uppercase();
        // "Session Based" proves nothing (failure-modes.md, 2.7).
        if text.contains("KERBEROS") {
            return Observed::is(
                "K",
                fact.because_at(&method.place, "the page says that this request came with Kerberos"),
            );
        }
        if text.contains("NTLM") {
            return Observed::is("N", fact.because_at(&method.place, "the page says that this request came with NTLM"));
        }
        if text.starts_with("ANONYM") {
            return Observed::is("A", fact.because_at(&method.place, "the page says that nobody signed in"));
        }
    }
    Observed::Unknown
}

/// What the person saw: a window that asks for a name and a password.
fn prompted(view: &View<'_>) -> Observed {
    let Some((text, because)) = view.said("prompt") else { return Observed::Unknown };
    if super::yes_no(text) == Some(true) { Observed::is("P", because) } else { Observed::Unknown }
}
