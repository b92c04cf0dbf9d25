//! `scope` and `chg`: what only people know.

use crate::facts::Statement;
use crate::observations::observed::Observed;
use crate::observations::view::View;

/// Yes, no, or nothing that we can be sure of.
pub fn yes_no(text: &str) -> Option<bool> {
    let first = text.trim().to_lowercase();
    let word = first.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    match word {
        "yes" | "y" | "true" | "ja" | "oui" | "si" | "works" | "ok" => Some(true),
        "no" | "n" | "false" | "nein" | "non" | "fails" | "never" => Some(false),
        _ => None,
    }
}

/// Who calls the back end: the option's name, or what people call the two in their own words. Where both are named nothing is told,
/// unless one of them only delivers what is static.
pub fn script_calls(text: &str) -> Option<bool> {
    let text = text.to_lowercase();
    let named = |text: &str| {
        let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
        (has(&["browser", "script in the page", "javascript", "fetch("]), has(&["server", "app pool"]))
    };
    // "The browser; the web server only delivers static files": the first clause answers.
    let first = text.split([';', ',', '(']).map(named).find(|(script, server)| script != server);
    let only_one = ["static", "statisch", "statique", "estátic", "not the web server"];
    let both = named(&text) == (true, true) && !only_one.iter().any(|w| text.contains(w));
    first.filter(|_| !both).map(|(script, _)| script)
}

/// `scope`, from the answers that people give in their own words.
pub fn scope(view: &View<'_>) -> Observed {
    let in_ie = view.said("works_in_ie_mode").or_else(|| view.said("works_in_ie"));
    if let Some((text, because)) = in_ie {
        match yes_no(text) {
            Some(true) => return Observed::is("cr", because),
            Some(false) => return Observed::is("all", because),
            None => {}
        }
    }
    if let Some((text, because)) = view.said("window")
        && ["private", "incognito", "guest"].iter().any(|w| text.to_lowercase().contains(w))
    {
        return Observed::is("pw", because);
    }
    if let Some((text, because)) = view.said("other_users")
        && yes_no(text) == Some(true)
    {
        return Observed::is("us", because);
    }
    place(view)
}

/// In free words: it depends on the node, or on being at the server itself. Both need the other half said too: that it
/// works elsewhere.
fn place(view: &View<'_>) -> Observed {
    for fact in view.scene.facts {
        let Statement::Answer(answer) = fact.says() else { continue };
        let text = format!("{} {}", answer.key.replace('_', " "), answer.value).to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
        let signs_in = |c: &str| {
            c.contains("signs in") && !["not", "no", "nobody", "never"].iter().any(|w| c.split(' ').any(|x| x == *w))
        };
        let works = has(&["works", " fine", " ok", "signed in"]) || text.split([',', ';', '.', ':']).any(signs_in);
        let fails = has(&["fail", "401", "prompt", "not on", "does not"]);
        // The word, not Node.js.
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '.');
        let names_node = words.any(|w| matches!(w.trim_end_matches('.'), "node" | "nodes"));
        // One entry in the hosts file for each of two machines.
        let parts = (names_node || text.matches("hosts file").count() > 1)
            && !has(&["every node", "all nodes", "each node", "both nodes", "any node"]);
        if parts && (works && fails || has(&["some nodes", "one node", "only on node", "depends on the node"])) {
            return Observed::is("nd", fact.because("you said"));
        }
        let at_server =
            has(&["server itself", "at the server", "locally on the server", "on the console of the web server"]);
        let elsewhere = has(&["remote", "from another", "from other", "from my pc", "from a client", "from clients"]);
        if at_server && elsewhere && works {
            return Observed::is("sv", fact.because("you said"));
        }
        if only_private(&text) {
            return Observed::is("pw", fact.because("you said"));
        }
        if only_other_systems(&text) {
            return Observed::is("px", fact.because("you said"));
        }
    }
    Observed::Unknown
}

/// "Only in InPrivate".
fn only_private(text: &str) -> bool {
    let Some((_, place)) = text.split_once("only in ") else { return false };
    let place =
        ["an ", "a ", "the ", "edge ", "chrome "].iter().fold(place, |p, word| p.strip_prefix(word).unwrap_or(p));
    ["inprivate", "private window", "incognito", "guest window"].iter().any(|w| place.starts_with(w))
}

/// "All Macs get 401, Windows PCs work": each half says its own.
fn only_other_systems(text: &str) -> bool {
    let clauses = || text.split([',', ';', '.']).flat_map(|c| c.split(" but ")).flat_map(|c| c.split(" while "));
    let word = |clause: &str, words: &[&str]| clause.split(|c: char| !c.is_alphanumeric()).any(|w| words.contains(&w));
    let works = |c: &str| word(c, &["work", "works", "fine", "ok", "succeed"]) && !word(c, &["not", "no", "never"]);
    let fails = |c: &str| word(c, &["fail", "fails", "401", "prompt", "prompted", "refused"]);
    let others = ["mac", "macs", "macos", "macbook", "macbooks", "linux", "ubuntu"];
    clauses().any(|c| word(c, &["windows"]) && !word(c, &others) && works(c) && !fails(c))
        && clauses().any(|c| word(c, &others) && !word(c, &["windows"]) && fails(c) && !works(c))
}

/// `chg`.
pub fn changed(view: &View<'_>) -> Observed {
    for key in ["changed", "policy_deployed"] {
        let Some((text, because)) = view.said(key) else { continue };
        let recent = ["minute", "hour", "today", "just now", "now"].iter().any(|w| text.to_lowercase().contains(w));
        match yes_no(text) {
            _ if recent => return Observed::is("yes", because),
            Some(true) if key == "changed" => return Observed::is("yes", because),
            Some(false) => return Observed::is("no", because),
            _ => {}
        }
    }
    Observed::Unknown
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::diagnose;

    fn scope(text: &str) -> Option<String> {
        diagnose(&[text]).observations.into_iter().find(|o| o.question == "scope").map(|o| o.option)
    }

    #[test]
    fn who_calls_in_free_words() {
        use super::script_calls;
        assert_eq!(script_calls("the browser (fetch); the web server only delivers static files"), Some(true));
        assert_eq!(script_calls("das JavaScript im Browser, der Webserver liefert nur statische Dateien"), Some(true));
        assert_eq!(script_calls("the page's code on the web server"), Some(false));
        assert_eq!(script_calls("the browser on the workstation, or the web server, we do not know"), None);
    }

    #[test]
    fn nodes_and_the_server_itself_in_free_words() {
        assert_eq!(scope("symptom: works on node A, fails on node B\n").as_deref(), Some("nd"));
        let two = "symptom 1: node 1 signs in, node 2 gives three password boxes and 401\nsymptom 2: slow\n";
        assert_eq!(scope(two).as_deref(), Some("nd"));
        assert_eq!(scope("symptom: on node 2 nobody ever signs in, 401\n"), None);
        assert_eq!(scope("symptom: 401 on every node, works on no node\n"), None);
        assert_eq!(scope("symptom: prompt on the web server itself, works from my PC\n").as_deref(), Some("sv"));
        assert_eq!(scope("symptom: the Node.js page works in IE mode, 401 in Chrome\n"), None);
        assert_eq!(scope("symptom: fails on the web server itself\n"), None);
        assert_eq!(scope("symptom: the API answers 401\n"), None);
        assert_eq!(scope("problem: only in InPrivate windows Edge asks for a password\n").as_deref(), Some("pw"));
        assert_eq!(scope("problem: only in Edge, InPrivate was not tried\n"), None);
        assert_eq!(scope("symptom: all Macs get 401, Windows PCs work\n").as_deref(), Some("px"));
        assert_eq!(scope("symptom: Windows PCs get 401, Macs work\n"), None);
    }
}
