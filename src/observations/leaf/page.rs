//! Does the page work? The person's word, and what artefacts show.

use super::{LeafTest, YES_NO};
use crate::facts::Statement;
use crate::observations::fold::{script_calls, yes_no};
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
        derive: caller,
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

fn caller(view: &View<'_>) -> Observed {
    let Some((text, because)) = view.said_as(&["caller", "called_by"]) else { return Observed::Unknown };
    match script_calls(text) {
        Some(script) => Observed::is(if script { "browser" } else { "server" }, because),
        None => Observed::Unknown,
    }
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
    let broken = view.scene.facts.iter().find(|fact| match fact.says() {
        Statement::Answer(a) if a.key == "symptom" => is_broken(&a.value.to_lowercase()),
        _ => false,
    });
    broken.map_or(Observed::Unknown, |fact| Observed::is("yes", fact.because("you said")))
}

/// "none, but security asks whether the double hop is broken" reports no failure, though it does not say either that it works.
fn is_broken(symptom: &str) -> bool {
    let first = symptom.split([',', ';', '.', ':', '(']).next().unwrap_or_default().trim();
    let none = ["none", "nothing", "keine", "keins", "aucun", "ninguno", "nessuno", "geen"].contains(&first);
    // "It failed this morning; since noon the report opens."
    let clauses = || symptom.split(['.', ';', ','].as_slice()).map(|c| format!(" {} ", c.trim()));
    let mended = clauses().any(|c| {
        let works = ["works", "opens", "is fine", "geht wieder", "funktioniert wieder"].iter().any(|w| c.contains(w));
        works && [" since ", " seit "].iter().any(|w| c.contains(w)) && !BROKEN.iter().any(|w| c.contains(w))
    });
    !none && !mended && BROKEN.iter().any(|w| symptom.contains(w))
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::observed_test;

    #[test]
    fn no_symptom_is_no_failure_and_several_are_all_read() {
        let fails = |text: &str| observed_test("test-page-fails", &[text]);
        assert_eq!(fails("symptom: none, security asks whether delegation is broken\n"), None);
        assert_eq!(fails("symptom: nothing works, 401\n"), Some("yes"));
        assert_eq!(fails("symptom: failed this morning. Since noon the report opens.\n"), None);
        assert_eq!(fails("symptom: works for me, fails for her since noon\n"), Some("yes"));
        assert_eq!(fails("symptom 1: 401 on node 2\nsymptom 2: slow\n"), Some("yes"));
    }

    #[test]
    fn who_calls_in_own_words() {
        let caller =
            |text: &str| observed_test("caller", &[&format!("browser: Edge 146\nwho_calls_the_back_end: {text}\n")]);
        assert_eq!(caller("a script in the page, fetch() to the API"), Some("browser"));
        assert_eq!(caller("the web server, as the user"), Some("server"));
        assert_eq!(caller("not the server, the browser?"), None);
    }
}
