//! Does the page work? The person's word, and what artefacts show.

use super::{LeafTest, YES_NO};
use crate::observations::fold::yes_no;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs};
use crate::observations::view::View;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-page-fails",
        ask: "Does the page fail right now?",
        how: "Load it once more and look.",
        needs: Needs::User,
        options: YES_NO,
        derive: fails,
    },
    LeafTest {
        id: "caller",
        ask: "Who calls the back end: a script in the browser, or the web server?",
        how: "Developer tools, Network: does the browser itself send requests to the back end's address?",
        needs: Needs::User,
        options: &[
            Choice { id: "server", says: "The web server (the page's own code behind it)" },
            Choice { id: "browser", says: "A script in the browser" },
        ],
        derive: |view| said(view, "caller", &["server", "browser"]),
    },
    LeafTest {
        id: "tester",
        ask: "Which account did you test with: an ordinary one, or an administrator's?",
        how: "whoami",
        needs: Needs::User,
        options: &[
            Choice { id: "ordinary", says: "An ordinary user" },
            Choice { id: "admin", says: "An administrator's account (these are often marked as sensitive)" },
        ],
        derive: |view| {
            said(view, "tester", &["ordinary", "admin"]).or(|| said(view, "tested_with", &["ordinary", "admin"]))
        },
    },
];

fn said(view: &View<'_>, key: &str, options: &[&'static str]) -> Observed {
    let Some((text, because)) = view.said(key) else { return Observed::Unknown };
    let text = text.to_lowercase();
    options.iter().find(|o| text.contains(**o)).map_or(Observed::Unknown, |o| Observed::is(o, because))
}

/// The words with which people say that something is broken.
const BROKEN: [&str; 26] = [
    "fail",
    "error",
    "anonymous",
    "401",
    "403",
    "500",
    "denied",
    "not work",
    "n't work",
    "broken",
    "no data",
    "empty",
    "prompt",
    "refused",
    "cannot",
    "can't",
    "login failed",
    "unauthori",
    "geht nicht",
    "fehler",
    "erreur",
    "ne marche",
    "no funciona",
    "blank",
    "timeout",
    "not authori",
];

fn fails(view: &View<'_>) -> Observed {
    for key in ["test-page-fails", "fails", "page_fails", "works"] {
        let Some((text, because)) = view.said(key) else { continue };
        let yes = yes_no(text).map(|yes| yes != (key == "works"));
        match yes {
            Some(true) => return Observed::is("yes", because),
            Some(false) => return Observed::is("no", because),
            None => {}
        }
    }
    let Some((text, because)) = view.said("symptom") else { return Observed::Unknown };
    let text = text.to_lowercase();
    if BROKEN.iter().any(|w| text.contains(w)) { Observed::is("yes", because) } else { Observed::Unknown }
}
