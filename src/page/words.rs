//! How the page says the schema's words to a person, and the short titles of the questions.
//!
//! The engine words what it asks ([`doublehop::report::Next`]); this table only names what evidence has answered.

use doublehop::ingest::Kind;
use doublehop::report::{State, Status};

/// A finding's status.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Confirmed => "Confirmed",
        Status::Likely => "Likely",
        Status::Possible => "Possible",
        Status::RuledOut => "Ruled out",
    }
}

/// How the analysis ended, for the chip above the verdict.
pub fn state(state: State) -> &'static str {
    match state {
        State::Diagnosed => "Diagnosed",
        State::Healthy => "Healthy as far as this shows",
        State::NeedsEvidence => "Needs more evidence",
        State::Contradictory => "Contradictory evidence",
        State::Unexplained => "Unexplained",
    }
}

/// The verdict's sentence where the engine gives none.
pub fn fallback_summary(state: State) -> &'static str {
    match state {
        State::Diagnosed => "The broken hop is named below.",
        State::Healthy => "Nothing is wrong as far as this evidence goes.",
        State::NeedsEvidence => "Nothing here decides it yet. One more piece would.",
        State::Contradictory => "Two pieces of evidence cannot both be true at one time.",
        State::Unexplained => "Something failed, and it is none of the causes known here.",
    }
}

/// Which hop a mode breaks.
pub fn hop(hop: &str) -> &str {
    match hop {
        "browser" => "browser",
        "client-to-front-end" => "browser → front end",
        "front-end" => "front end",
        "front-end-to-back-end" => "front end → back end",
        "back-end" => "back end",
        "kdc" => "KDC",
        other => other,
    }
}

/// Where an artefact was taken.
pub const ROLES: [(&str, &str); 5] = [
    ("client", "user's PC"),
    ("front-end", "front end"),
    ("back-end", "back end"),
    ("dc", "domain controller"),
    ("unknown", "where? not known"),
];

/// Who does a fix.
pub fn who(who: &str) -> &str {
    match who {
        "ad-admin" => "Directory administrator",
        "server-admin" => "Server administrator",
        "client-admin" => "Client or policy administrator",
        "developer" => "Developer of the application",
        other => other,
    }
}

/// Whose rights a request needs.
pub fn needs(needs: &str) -> &str {
    match needs {
        "user" => "Needs: any user, no administrator",
        "server-admin" => "Needs: server administrator",
        "ad-admin" => "Needs: directory administrator",
        other => other,
    }
}

/// A script's language.
pub fn language(language: &str) -> &str {
    match language {
        "powershell" => "PowerShell",
        "cmd" => "Command prompt",
        "reg" => ".reg file",
        "json" => "JSON",
        "xml" => "XML",
        "text" => "Steps",
        other => other,
    }
}

/// How sure the catalogue is of a mode.
pub fn basis(basis: &str) -> &str {
    match basis {
        "documented" => "documented behaviour",
        "inferred" => "inferred from documented behaviour",
        "field" => "known from the field",
        other => other,
    }
}

/// How a person calls an artefact's kind.
pub fn kind(word: &str) -> &str {
    Kind::ALL.iter().find(|k| k.word() == word).map_or(word, |k| k.title())
}

/// A question's short title and its options.
pub struct Question {
    /// The public id.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// Option ids and words.
    pub options: &'static [(&'static str, &'static str)],
}

/// The fourteen questions of the answer table.
#[rustfmt::skip]
pub const QUESTIONS: [Question; 14] = [
    Question { id: "scope", title: "Who or what fails?", options: &[
        ("all", "everyone, IE mode too"), ("cr", "Edge or Chrome only; IE mode works"), ("ie", "IE or IE mode only"), ("ff", "Firefox only"),
        ("px", "Linux or macOS only"), ("pw", "private windows only"), ("pc", "some PCs only"), ("us", "some users only"),
        ("nd", "some servers or paths only"), ("sv", "only on the server itself"), ("tm", "depends on time"), ("be", "one back end only")] },
    Question { id: "hop1", title: "What did the first hop do?", options: &[
        ("K", "Kerberos, accepted"), ("R", "Kerberos sent, the server refused"), ("N", "NTLM"), ("P", "asked for a password, or sent nothing"),
        ("A", "no sign-in was asked for"), ("B", "HTTP 400")] },
    Question { id: "tkt", title: "The client's ticket for the front end", options: &[
        ("FO", "forwardable and ok_as_delegate"), ("F", "forwardable only"), ("x", "not forwardable"), ("0", "no such ticket")] },
    Question { id: "asked", title: "Did the browser ask to delegate?", options: &[("y", "yes"), ("n", "no"), ("-", "not visible")] },
    Question { id: "pol", title: "The browser's delegation list", options: &[
        ("abs", "no list"), ("bad", "wrong name or key"), ("nom", "a list, but this host is not on it"), ("ok", "a list that names this host")] },
    Question { id: "model", title: "Delegation set in the directory", options: &[
        ("U", "unconstrained"), ("C", "constrained, Kerberos only"), ("T", "constrained, any protocol"), ("R", "resource-based"),
        ("CR", "constrained and resource-based"), ("0", "nothing on the right account")] },
    Question { id: "usr", title: "The user's account", options: &[
        ("n", "ordinary"), ("nd", "may not be delegated"), ("pu", "in Protected Users")] },
    Question { id: "fspn", title: "The front end's SPN", options: &[
        ("ok", "one owner, the right account"), ("none", "not registered"), ("dup", "two owners"), ("own", "another owner"), ("form", "another form (alias, port)")] },
    Question { id: "fe", title: "What the front end holds for the user", options: &[
        ("fwd", "a forwarded TGT"), ("exp", "an expired forwarded TGT"), ("asc", "only the inbound ticket"), ("be", "a back-end ticket for the user"),
        ("s4u", "an S4U2Self ticket"), ("no", "nothing, or not reached")] },
    Question { id: "err", title: "The front end's error for the back end", options: &[
        ("none", "no error, nothing asked"), ("13", "KDC_ERR_BADOPTION (0xd)"), ("12", "KDC_ERR_POLICY (0xc)"), ("7", "S_PRINCIPAL_UNKNOWN (0x7, 0x8)"),
        ("41", "AP_ERR_MODIFIED (0x29)"), ("14", "ETYPE_NOSUPP (0xe)"), ("40b", "0xc000040b"), ("loc", "fails before a KDC is asked"), ("-", "second hop not reached")] },
    Question { id: "bspn", title: "The back end's SPN", options: &[
        ("ok", "one owner, the right account"), ("none", "not registered"), ("dup", "two owners"), ("own", "another owner")] },
    Question { id: "bes", title: "Whom the back end sees", options: &[
        ("user", "the user"), ("svc", "the service account"), ("anon", "ANONYMOUS, 401, nobody"), ("-", "not reached")] },
    Question { id: "dom", title: "The domains", options: &[
        ("same", "front end and back end in one domain"), ("xdom", "front end and back end in different domains"),
        ("xuser", "user in another forest"), ("dmz", "front end in another forest")] },
    Question { id: "chg", title: "Changed within the last hours?", options: &[("no", "no"), ("yes", "yes")] },
];

/// The title of one of the fourteen; `None` for what only the engine can word.
pub fn question(id: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|q| q.id == id)
}

/// A number of bytes for a person.
#[allow(clippy::cast_precision_loss)] // rounded to one digit anyway
pub fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{:.0} kB", n as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.0} MB", n as f64 / 1e6),
        _ => format!("{:.1} GB", n as f64 / 1e9),
    }
}

/// How fast so many bytes were read in so many milliseconds; nothing before a tenth of a second has passed.
pub fn rate(read: u64, millis: f64) -> String {
    if millis < 100.0 {
        return String::new();
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count of bytes, for show
    let a_second = (read as f64 * 1e3 / millis) as u64;
    format!("{} a second", bytes(a_second))
}

/// The first clause of a sentence, for a tab or a chip.
pub fn clause(sentence: &str, limit: usize) -> String {
    let end = sentence.find([':', ';', '(']).or_else(|| sentence.find(". ")).unwrap_or(sentence.len());
    let first = sentence.get(..end).unwrap_or(sentence).trim().trim_end_matches('.');
    if first.chars().count() <= limit {
        return first.to_owned();
    }
    let mut cut = String::new();
    for word in first.split_whitespace() {
        // A blank before the word and the sign behind it count as well.
        if cut.chars().count().saturating_add(word.chars().count()).saturating_add(2) > limit {
            break;
        }
        if !cut.is_empty() {
            cut.push(' ');
        }
        cut.push_str(word);
    }
    cut.push('…');
    cut
}

/// With a capital at its start, unless it starts with a name that is written small (`ok_as_delegate`, `svc-web`, `klist`).
pub fn sentence(says: &str) -> String {
    let first = says.split_whitespace().next().unwrap_or_default();
    let name = first.chars().any(|c| !c.is_alphabetic() && c != ',') || COMMANDS.contains(&first);
    let mut chars = says.chars();
    match chars.next() {
        Some(letter) if !name => letter.to_uppercase().chain(chars).collect(),
        _ => says.to_owned(),
    }
}

/// Commands that are written small and stand at the start of a line.
const COMMANDS: [&str; 14] = [
    "klist", "setspn", "reg", "whoami", "nltest", "ksetup", "gpresult", "gpupdate", "kinit", "kvno", "kdestroy",
    "w32tm", "netdom", "repadmin",
];

/// Is this line something to type, or words? What an instruction holds of both is shown apart: only the one is copied.
pub fn is_command(line: &str) -> bool {
    let line = line.trim();
    let first = line.split_whitespace().next().unwrap_or_default();
    let cmdlet = first.split_once('-').is_some_and(|(verb, noun)| {
        verb.starts_with(|c: char| c.is_ascii_uppercase()) && noun.starts_with(|c: char| c.is_ascii_uppercase())
    });
    cmdlet
        || (COMMANDS.contains(&first) && !line.ends_with('.'))
        || first.contains("appcmd")
        || line.starts_with(['$', '#', '@', '{', '}', '[', '<', '(', '"'])
        || (first.contains("://") && !line.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_clauses_are_short() {
        assert_eq!(rate(30_000_000, 500.0), "60 MB a second");
        assert_eq!(rate(30_000_000, 20.0), "");
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(4_120), "4 kB");
        assert_eq!(bytes(1_900_000_000), "1.9 GB");
        assert_eq!(clause("Allow-list by GPO: then restart Edge.", 40), "Allow-list by GPO");
        assert_eq!(clause("Put the front end on the back end's list of principals.", 24), "Put the front end on…");
    }

    #[test]
    fn commands_and_words_are_told_apart() {
        for command in
            ["klist -li 0x3e7 purge", "Get-ADUser svc-web", "$fe = 1", "edge://policy", "reg query HKLM\\SOFTWARE"]
        {
            assert!(is_command(command), "{command}");
        }
        for words in [
            "On the front end: klist purge",
            "klist on the PC shows it.",
            "edge://policy, Export to JSON. Or:",
            "Re-open Edge.",
        ] {
            assert!(!is_command(words), "{words}");
        }
    }

    #[test]
    fn names_keep_their_small_letter() {
        assert_eq!(sentence("the list has none"), "The list has none");
        assert_eq!(sentence("ok_as_delegate: the KDC says so"), "ok_as_delegate: the KDC says so");
        assert_eq!(sentence("svc-web may"), "svc-web may");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn options_are_unique() {
        for q in &QUESTIONS {
            let mut ids: Vec<_> = q.options.iter().map(|o| o.0).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), q.options.len(), "{}", q.id);
        }
        assert!(question("tkt").is_some_and(|q| q.options.len() == 4));
    }
}
