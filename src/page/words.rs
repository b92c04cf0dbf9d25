//! How the page says the schema's words to a person, and the short titles of the questions.
//!
//! The engine words what it asks ([`doublehop::report::Next`]); the titles here only name what evidence has answered.

use doublehop::case::ANSWERS_ARTEFACT;
use doublehop::ingest::Kind;
use doublehop::observations::leaf;
use doublehop::observations::question::Question;
use doublehop::report::{Because, Conversation, State, Status};

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

/// Who does a fix, in two words.
pub fn who_short(who: &str) -> &str {
    match who {
        "ad-admin" => "directory admin",
        "server-admin" => "server admin",
        "client-admin" => "policy admin",
        other => other,
    }
}

/// Does a script still hold a placeholder, `<account that runs the service>`?
pub fn has_gaps(script: &str) -> bool {
    script.split('<').skip(1).any(|after| {
        let name = after.split_once('>').map(|(name, _)| name).unwrap_or_default();
        name.starts_with(char::is_alphabetic) && !name.contains(['=', '"', '\n'])
    })
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

/// How sure it is what an artefact is.
pub fn confidence(word: &str) -> &'static str {
    match word {
        "certain" => "Recognised",
        "likely" => "Probably this",
        _ => "Not recognised",
    }
}

/// How a person calls an artefact's kind.
pub fn kind(word: &str) -> &str {
    Kind::ALL.iter().find(|k| k.word() == word).map_or(word, |k| k.title())
}

/// The short titles of the fourteen questions, for the list of what is answered; the engine words them when it asks.
const TITLES: [(&str, &str); 14] = [
    ("scope", "Who or what fails?"),
    ("hop1", "What did the first hop do?"),
    ("tkt", "The client's ticket for the front end"),
    ("asked", "Did the browser ask to delegate?"),
    ("pol", "The browser's delegation list"),
    ("model", "Delegation set in the directory"),
    ("usr", "The user's account"),
    ("fspn", "The front end's SPN"),
    ("fe", "What the front end holds for the user"),
    ("err", "The front end's error for the back end"),
    ("bspn", "The back end's SPN"),
    ("bes", "Whom the back end sees"),
    ("dom", "The domains"),
    ("chg", "Changed within the last hours?"),
];

/// The short title of a question; a leaf test's own words.
pub fn title(id: &str) -> Option<&'static str> {
    let short = TITLES.iter().find(|(question, _)| *question == id).map(|(_, title)| *title);
    short.or_else(|| leaf::by_id(id).map(|test| test.ask))
}

/// The options of a question or leaf test that have words: id and words.
pub fn options(id: &str) -> Vec<(&'static str, &'static str)> {
    let of_question = Question::by_id(id).map(|q| q.asking().options);
    let of_test = || leaf::by_id(id).map(|test| test.options);
    let choices = of_question.or_else(of_test).unwrap_or_default();
    choices.iter().filter(|c| !c.says.is_empty()).map(|c| (c.id, c.says)).collect()
}

/// What a proof line shows; where it shows only that the person said so, what they said.
pub fn says(because: &Because) -> String {
    match because.lit.as_slice() {
        [] => because.says.clone(),
        _ if because.says != "you said" || because.artefact == ANSWERS_ARTEFACT => because.says.clone(),
        said => format!("you said: {}", said.join(", ")),
    }
}

/// A handshake in words: asked, granted, mechanism, source, target, status. Windows logs what was asked, and nothing final of
/// what was granted; GSSAPI the other way round.
pub fn handshake(row: &Conversation) -> [String; 6] {
    let windows = row.library == "sspi";
    let not_logged = if row.library.is_empty() { "–" } else { "not logged" };
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| not_logged.to_owned());
    let asked = match row.asked.as_str() {
        "delegate" => "delegation",
        "none" => "no delegation",
        _ if row.library.is_empty() => "–",
        _ => "whether delegation, is not logged",
    };
    let granted = match row.granted.as_str() {
        "yes" => "delegated",
        "no" => "not delegated",
        _ if windows => "nothing final logged",
        _ => not_logged,
    };
    let mechanism = match row.mechanism.as_str() {
        "kerberos" => "Kerberos",
        "ntlm" => "NTLM",
        "undecided" => "Negotiate, undecided",
        _ => "none",
    };
    [
        row.spn.as_ref().map_or_else(|| asked.to_owned(), |spn| format!("{spn}: {asked}")),
        granted.to_owned(),
        mechanism.to_owned(),
        name(&row.source),
        name(&row.target),
        row.status.clone().unwrap_or_else(|| "–".to_owned()),
    ]
}

/// A count with its noun: `1 line`, `3 lines`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `line 3`, `lines 3–7`.
pub fn lines(first: u32, last: u32) -> String {
    if first == last { format!("line {first}") } else { format!("lines {first}–{last}") }
}

/// A number of bytes for a person.
pub fn bytes(n: u64) -> String {
    let rounded = |unit: u64| n.saturating_add(unit.div_euclid(2)).checked_div(unit).unwrap_or(0);
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{} kB", rounded(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", rounded(1_000_000)),
        _ => {
            let tenths = rounded(100_000_000);
            format!("{}.{} GB", tenths / 10, tenths % 10)
        }
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
    let name = first.chars().any(|c| !c.is_alphabetic() && c != ',') || super::commands::COMMANDS.contains(&first);
    let mut chars = says.chars();
    match chars.next() {
        Some(letter) if !name => letter.to_uppercase().chain(chars).collect(),
        _ => says.to_owned(),
    }
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
    fn a_handshake_tells_what_its_library_logs() {
        let mut row = Conversation {
            spn: Some("HTTP/web".into()),
            asked: "delegate".into(),
            granted: "unknown".into(),
            mechanism: "kerberos".into(),
            source: None,
            target: None,
            status: Some("HTTP 200".into()),
            library: "sspi".into(),
            because: Vec::new(),
        };
        let windows =
            ["HTTP/web: delegation", "nothing final logged", "Kerberos", "not logged", "not logged", "HTTP 200"];
        assert_eq!(handshake(&row), windows);
        (row.library, row.asked, row.granted, row.source) =
            ("gssapi".into(), "unknown".into(), "no".into(), Some("a@B".into()));
        let posix = [
            "HTTP/web: whether delegation, is not logged",
            "not delegated",
            "Kerberos",
            "a@B",
            "not logged",
            "HTTP 200",
        ];
        assert_eq!(handshake(&row), posix);
    }

    #[test]
    fn placeholders_are_found() {
        assert!(has_gaps("setspn -S HTTP/web <account that runs the service>"));
        assert!(has_gaps("@('<class/back-end.contoso.com>')"));
        assert!(!has_gaps("if (1 -lt 2) { a } # <add name=\"x\"/>"));
    }

    #[test]
    fn names_keep_their_small_letter() {
        assert_eq!(sentence("the list has none"), "The list has none");
        assert_eq!(sentence("ok_as_delegate: the KDC says so"), "ok_as_delegate: the KDC says so");
        assert_eq!(sentence("svc-web may"), "svc-web may");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn every_question_has_a_title_and_options_that_differ() {
        for asking in &doublehop::observations::question::QUESTIONS {
            assert!(title(asking.id).is_some(), "{}", asking.id);
            let mut ids: Vec<_> = options(asking.id).iter().map(|o| o.0).collect();
            ids.sort_unstable();
            let all = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), all, "{}", asking.id);
        }
        assert_eq!(options("tester").len(), 2);
        assert_eq!(title("nothing"), None);
    }

    #[test]
    fn counts_and_lines_agree_with_their_number() {
        assert_eq!([count(1, "line", "lines"), count(2, "line", "lines")], ["1 line", "2 lines"]);
        assert_eq!([lines(4, 4), lines(4, 6)], ["line 4", "lines 4–6"]);
    }
}
