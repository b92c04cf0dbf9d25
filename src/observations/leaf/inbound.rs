//! How the user came in, and whether the server may go on without Kerberos.

use super::{LeafTest, YES_NO};
use crate::case::Located;
use crate::facts::{Mechanism, Role, Statement};
use crate::observations::fold::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Needs, Question};
use crate::observations::view::View;
use crate::report::Because;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-any-protocol",
        ask: "Is the front end's account set to \"Use any authentication protocol\" (TrustedToAuthForDelegation)?",
        how: "Get-ADUser <account> -Properties TrustedToAuthForDelegation",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: any_protocol,
    },
    LeafTest {
        id: "test-signs-in-by-kerberos",
        ask: "Does the user come to the web server by Kerberos (not by NTLM, a form, a certificate, SAML)?",
        how: "Security log of the web server, event 4624 of the user: Authentication Package. Without any such event the application signs the user in by itself.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: by_kerberos,
    },
    LeafTest {
        id: "test-transition-intended",
        ask: "Are users meant to come without Kerberos (form, certificate, SAML, NTLM), so that the server makes the ticket itself?",
        how: "Ask whoever set it up: protocol transition, \"Use any authentication protocol\".",
        needs: Needs::User,
        options: YES_NO,
        derive: transition,
    },
];

fn any_protocol(view: &View<'_>) -> Observed {
    let flag = view.front_end_account().and_then(|(f, a)| a.trusted_to_auth.as_ref().map(|t| (f, t)));
    match flag {
        Some((f, t)) if t.value => {
            Observed::is("yes", f.because_at(&t.place, "any authentication protocol is allowed"))
        }
        Some((f, t)) => Observed::is("no", f.because_at(&t.place, "Kerberos only: no protocol transition")),
        None => Observed::Unknown,
    }
}

/// How the person says that users sign in: by something else than Kerberos?
fn told_sign_in<'v>(view: &'v View<'_>) -> Option<(&'v str, Because)> {
    let keyed = view.said_as(&[
        "sign_in",
        "signs_in",
        "sign-in",
        "login",
        "logon",
        "authentication",
        "users_sign_in",
        "inbound",
    ]);
    keyed.or_else(|| view.scene.facts.iter().find_map(in_passing))
}

/// "Users sign in at the SAML identity provider", wherever it is said.
fn in_passing<'v>(fact: &Located<'v>) -> Option<(&'v str, Because)> {
    let Statement::Answer(answer) = fact.says() else { return None };
    let tells = |sentence: &&str| {
        let text = sentence.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
        has(&["sign in", "signs in", "log in", "log on", "logs in", "logs on", "authenticate"])
            && has(&FORMS)
            && !has(&[" not ", "n't", "never", "fail", "cannot"])
    };
    answer.value.split(['.', ';', ',']).find(tells).map(|sentence| (sentence, fact.because("you said")))
}

const FORMS: [&str; 11] =
    ["form", "saml", "certificate", "oidc", "openid", "oauth", "adfs", "claims", "cookie", "basic auth", "token"];

fn by_kerberos(view: &View<'_>) -> Observed {
    if let Observed::Is("s4u", because) = fold(Question::Fe, view) {
        return Observed::Is("no", because);
    }
    let user = view.names.user.as_ref();
    let arrived = view.arrivals().filter(|(f, a)| {
        let here = f.role() == Role::FrontEnd || a.host.as_ref().is_some_and(|h| view.is_front_end_machine(h));
        let person = a.who.as_ref().is_some_and(|w| !w.is_computer() && user.is_none_or(|u| u.same(w)));
        !a.back_end && here && person
    });
    let told = arrived.filter_map(|(f, a)| match a.mechanism? {
        Mechanism::Ntlm => Some(("no", f.because("the user was logged on by NTLM at the web server"))),
        Mechanism::Kerberos => Some(("yes", f.because("the user was logged on by Kerberos at the web server"))),
        Mechanism::Undecided => None,
    });
    if let Some((option, because)) = told.last() {
        return Observed::is(option, because);
    }
    match fold(Question::Hop1, view) {
        Observed::Is("K", because) => return Observed::Is("yes", because),
        Observed::Is("N", because) => return Observed::Is("no", because),
        _ => {}
    }
    let Some((text, because)) = told_sign_in(view) else { return Observed::Unknown };
    let text = text.to_lowercase();
    if text.contains("ntlm") || FORMS.iter().any(|w| text.contains(w)) {
        return Observed::is("no", because);
    }
    if text.contains("kerberos") { Observed::is("yes", because) } else { Observed::Unknown }
}

fn transition(view: &View<'_>) -> Observed {
    if let Observed::Is("yes", because) = any_protocol(view) {
        return Observed::Is("yes", because);
    }
    if let Some((text, because)) = view.said("intended_model") {
        let text = text.to_lowercase();
        if ["transition", "any protocol", "any authentication", "s4u2self"].iter().any(|w| text.contains(w)) {
            return Observed::is("yes", because);
        }
        if text.contains("kerberos only") {
            return Observed::is("no", because);
        }
    }
    match told_sign_in(view) {
        Some((text, because)) if FORMS.iter().any(|w| text.to_lowercase().contains(w)) => Observed::is("yes", because),
        _ => Observed::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::observed_test;

    #[test]
    fn how_users_sign_in_in_free_words() {
        let by = |text: &str| observed_test("test-signs-in-by-kerberos", &[text]);
        assert_eq!(by("front_end: IIS 10. Users sign in at the SAML IdP, the site has anonymous on\n"), Some("no"));
        assert_eq!(by("symptom: users do not sign in by SAML any more\n"), None);
        assert_eq!(by("symptom: the log on page opens. The API uses a token\n"), None);
    }
}
