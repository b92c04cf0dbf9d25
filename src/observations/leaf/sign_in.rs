//! Does the browser sign in at all: default credentials, private windows, the scheme's handler, requests without credentials.

use super::{LeafTest, YES_NO};
use crate::facts::{At, Handshake};
use crate::observations::fold::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs, Question};
use crate::observations::view::{Of, View};

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-default-credentials",
        ask: "May the browser use the logged-on user's credentials for this site?",
        how: "edge://net-export: AUTH_HANDLER_CREATE_RESULT of negotiate, allows_default_credentials",
        needs: Needs::User,
        options: YES_NO,
        derive: default_credentials,
    },
    LeafTest {
        id: "test-private-window",
        ask: "Is it a private window (InPrivate, Incognito) or a guest's?",
        how: "Look at the window's upper corner.",
        needs: Needs::User,
        options: YES_NO,
        derive: private_window,
    },
    LeafTest {
        id: "test-normal-window-works",
        ask: "Does the same address open without a password in a normal window?",
        how: "Same PC, same user, same browser, a window that is not private.",
        needs: Needs::User,
        options: YES_NO,
        derive: |view| super::client::word(view, &["normal_window", "works_in_normal_window", "regular_window"]),
    },
    LeafTest {
        id: "test-negotiate-handler",
        ask: "What does the browser make of the server's offer of Negotiate?",
        how: "edge://net-export: AUTH_HANDLER_CREATE_RESULT with scheme negotiate, inside AUTH_HANDLE_CHALLENGE",
        needs: Needs::User,
        options: &[
            Choice { id: "created", says: "It takes it up (no net_error)" },
            Choice { id: "scheme-disabled", says: "net_error -339: the scheme is not allowed or not available" },
            Choice { id: "init-failed", says: "net_error -320: it may not be used for this host" },
        ],
        derive: handler,
    },
    LeafTest {
        id: "test-request-omits-credentials",
        ask: "Is the failing request made by a script without credentials?",
        how: "Developer tools, Network: the 401 is a fetch or xhr (or its OPTIONS), no second request with Authorization follows, and the same URL opened directly in a tab works.",
        needs: Needs::User,
        options: YES_NO,
        derive: omitted,
    },
    LeafTest {
        id: "test-windows-client-works",
        ask: "Does the same page work from Edge or Chrome on Windows, on the same network?",
        how: "Same address, same user, a Windows PC of the domain.",
        needs: Needs::User,
        options: YES_NO,
        derive: windows_works,
    },
];

/// The last conversation that says it.
fn last<'c, T>(view: &View<'c>, of: fn(&'c Handshake) -> Option<&'c At<T>>) -> Option<(Of<'c, Handshake>, &'c At<T>)> {
    view.handshakes().filter_map(|found| of(found.1).map(|at| (found, at))).last()
}

fn default_credentials(view: &View<'_>) -> Observed {
    let Some(((fact, _), allowed)) = last(view, |h| h.default_credentials.as_ref()) else { return Observed::Unknown };
    let (option, says) = if allowed.value {
        ("yes", "the browser may sign in here with the logged-on user")
    } else {
        ("no", "the browser may not sign in here with the logged-on user")
    };
    Observed::is(option, fact.because_at(&allowed.place, says))
}

fn private_window(view: &View<'_>) -> Observed {
    if let Observed::Is("pw", because) = scope(view) {
        return Observed::Is("yes", because);
    }
    let Some((text, because)) = view.said("window") else { return Observed::Unknown };
    let text = text.to_lowercase();
    if ["private", "incognito", "guest"].iter().any(|w| text.contains(w)) {
        return Observed::is("yes", because);
    }
    if ["normal", "regular", "ordinary"].iter().any(|w| text.contains(w)) {
        return Observed::is("no", because);
    }
    Observed::Unknown
}

fn handler(view: &View<'_>) -> Observed {
    if let Some(((fact, _), refused)) = last(view, |h| h.scheme_refused.as_ref()) {
        let option = match refused.value {
            -339 => "scheme-disabled",
            -320 => "init-failed",
            _ => return Observed::Unknown,
        };
        let says = format!("the browser makes no handler for Negotiate: {}", refused.value);
        return Observed::is(option, fact.because_at(&refused.place, says));
    }
    match view.handshakes().filter_map(|(fact, h)| h.spn.as_ref().map(|s| (fact, s))).last() {
        Some((fact, spn)) => {
            Observed::is("created", fact.because_at(&spn.place, "the browser calls the security library"))
        }
        None => Observed::Unknown,
    }
}

/// A page's manifest is fetched without credentials too: beside a conversation that signs in it proves nothing.
fn omitted(view: &View<'_>) -> Observed {
    if let Some((fact, sent)) =
        view.handshakes().filter_map(|(fact, h)| h.token_sent.as_ref().map(|t| (fact, t))).last()
    {
        return Observed::is("no", fact.because_at(&sent.place, "the request carries an Authorization header"));
    }
    match view.handshakes().filter_map(|(fact, h)| h.credentials_omitted.as_ref().map(|p| (fact, p))).last() {
        Some((fact, place)) => Observed::is(
            "yes",
            fact.because_at(place, "the browser leaves the challenge alone: this request may carry no credentials"),
        ),
        None => Observed::Unknown,
    }
}

fn windows_works(view: &View<'_>) -> Observed {
    match scope(view) {
        Observed::Is("px", because) => Observed::Is("yes", because),
        Observed::Is("all", because) => Observed::Is("no", because),
        _ => super::client::word(view, &["works_on_windows", "works_in_windows"]),
    }
}

/// What the person says of who fails, in either way.
pub(super) fn scope(view: &View<'_>) -> Observed {
    let said = view.said(Question::Scope.id());
    let said = said.and_then(|(text, because)| Question::Scope.option(text.trim()).map(|o| Observed::is(o, because)));
    said.unwrap_or_else(|| fold(Question::Scope, view))
}
