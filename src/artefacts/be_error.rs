//! Reads what a back end, or a program that calls one, says: SQL Server's logon errors and HTTP errors of .NET clients.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, linked_server, words};
use crate::facts::{Arrival, Failure, FailureContext, Statement};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::codes;
use crate::vocabulary::names::{AccountName, HostName};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::BeError, anchor, json: None, read };

/// SQL Server's error 18456 in its languages, up to the user's name; lower case.
const LOGIN_FAILED: [&str; 11] = [
    "login failed for user",
    "login failed for login",
    "fehler bei der anmeldung für den benutzer",
    "fehler bei der anmeldung des benutzers",
    "échec de l'ouverture de session de l'utilisateur",
    "error de inicio de sesión del usuario",
    "accesso non riuscito per l'utente",
    "falha de logon do usuário",
    "ошибка входа пользователя",
    "用户",
    "ユーザー",
];
/// Further errors of SQL Server and its clients that mean Windows authentication failed.
const SSPI: [&str; 8] = [
    "cannot generate sspi context",
    "sspi-kontext kann nicht generiert werden",
    "impossible de générer le contexte sspi",
    "no se puede generar contexto sspi",
    "sspi handshake failed",
    "login is from an untrusted domain",
    // ERROR_BAD_IMPERSONATION_LEVEL, of any call that a program makes under an Identification token.
    "required impersonation level was not provided",
    "0x80070542",
];
/// What .NET and WCF clients print when the back end answers 401 or 403.
const HTTP: [&str; 8] = [
    "the remote server returned an error: (401)",
    "the remote server returned an error: (403)",
    "der remoteserver hat einen fehler zurückgegeben: (401)",
    "der remoteserver hat einen fehler zurückgegeben: (403)",
    "le serveur distant a retourné une erreur : (401)",
    "response status code does not indicate success: 401",
    "response status code does not indicate success: 403",
    "the http request is unauthorized with client authentication scheme",
];

#[derive(Clone, Copy, PartialEq)]
enum Says {
    LoginFailed,
    Sspi,
    Http,
}

fn says(text: &str) -> Option<Says> {
    let lower = text.to_lowercase();
    let any = |list: &[&str]| list.iter().any(|p| lower.contains(p));
    if any(&LOGIN_FAILED) && user(text).is_some() && (lower.is_ascii() || has_logon_word(&lower)) {
        Some(Says::LoginFailed)
    } else if any(&SSPI) {
        Some(Says::Sspi)
    } else if any(&HTTP) {
        Some(Says::Http)
    } else if lower.contains("18456") && user(text).is_some() {
        Some(Says::LoginFailed)
    } else {
        None
    }
}

/// `用户 'x'` alone is any sentence; with "login failed" in that language it is this one.
fn has_logon_word(lower: &str) -> bool {
    !(lower.contains("用户") || lower.contains("ユーザー")) || lower.contains("登录失败") || lower.contains("ログイン")
}

/// The user's name between quotes: `'CONTOSO\alice'`, `''`, `"x"`.
fn user(text: &str) -> Option<&str> {
    let from = LOGIN_FAILED
        .iter()
        .find_map(|p| {
            let lower = text.to_lowercase();
            // Offsets of the lower-case text hold only where lower-casing kept every length.
            (lower.len() == text.len()).then(|| lower.find(p)).flatten()
        })
        .unwrap_or(0);
    let rest = text.get(from..)?;
    // The apostrophe of `l'utilisateur` opens nothing: a quote opens behind a blank or bracket.
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        if matches!(c, '\'' | '"' | '«') && !before.is_alphanumeric() {
            let inside = rest.get(at.saturating_add(c.len_utf8())..)?;
            return inside.get(..inside.find(if c == '«' { '»' } else { c })?).map(str::trim);
        }
        before = c;
    }
    // As people tell it: the name without quotes.
    (!rest.is_empty() && is_anonymous(rest)).then_some("ANONYMOUS LOGON")
}

/// ANONYMOUS LOGON, `(null)` and an empty name, also as localised systems print them.
pub fn is_anonymous(user: &str) -> bool {
    let lower = user.to_lowercase();
    lower.is_empty()
        || lower.contains("(null)")
        || [
            "anonymous logon",
            "anonymous-anmeldung",
            "anonymous login",
            "anonyme",
            "anonieme",
            "anónimo",
            "anônimo",
            "anonimo",
            "анонимный",
        ]
        .iter()
        .any(|w| lower.contains(w))
}

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    match says(line) {
        Some(Says::LoginFailed) => Anchor::belongs("SQL Server's logon error"),
        Some(Says::Sspi) => Anchor::belongs("an error of Windows authentication"),
        Some(Says::Http) => Anchor::belongs("a program's HTTP error from the back end"),
        None if error_18456(line) => Anchor::belongs("SQL Server's logon error"),
        None if linked_server::shows(line) => Anchor::belongs("a linked server of SQL Server"),
        None if current == Some(Kind::BeError) && words::has(line, "Cannot connect to ") => {
            Anchor::belongs("its heading")
        }
        None => None,
    }
}

/// ERRORLOG's first line of the pair: `Error: 18456, Severity: 14, State: 11.`
fn error_18456(line: &str) -> bool {
    words::has(line, "18456") && (words::has(line, "Severity") || words::has(line, "State"))
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut state: Option<u32> = None;
    let mut host: Option<HostName> = None;
    if let Some((line, says)) = linked_server::source(lines) {
        reading.fact(line.place(), says);
    }
    for (index, line) in lines.iter().enumerate() {
        let text = line.trimmed();
        if let Some(found) = words::after(text, "State:").and_then(leading_number) {
            state = Some(found);
        }
        if let Some(found) = server_name(text) {
            host = Some(found);
        }
        let (text, part) = unwrapped(lines, index);
        let Some(says) = says(&text) else { continue };
        // The joined line speaks for the one behind it only when this one does not speak for itself.
        if index > 0
            && says_at(lines, index)
            && lines.get(index.saturating_add(1)).is_some_and(|next| self::says(&next.text).is_some())
        {
            continue;
        }
        let place = place_of(part);
        match says {
            Says::LoginFailed => login_failed(&mut reading, &text, place, state.take(), host.clone()),
            Says::Sspi => {
                let status = if words::has(&text, "target principal name is incorrect") {
                    Some(0x8009_0322)
                } else {
                    status_in(&text)
                };
                let failure = Failure { status, ..Failure::new(FailureContext::BackEnd, &text) };
                reading.fact(place, Statement::Failure(failure));
            }
            Says::Http => {
                let code = [401u16, 403].into_iter().find(|c| text.contains(&c.to_string())).unwrap_or(401);
                let named = text.split(['\'', '"', ' ', '(']).find(|w| w.contains("://")).and_then(Origin::parse);
                let host = named.and_then(|o| HostName::parse(&o.host)).or_else(|| host.clone());
                let arrival = Arrival { host, status: Some(code), back_end: true, ..Arrival::default() };
                reading.fact(place.lit([code.to_string()]), Statement::Arrival(arrival));
            }
        }
    }
    reading
}

/// The line, joined with the one behind it when only both together say something (a wrapped message).
fn unwrapped(lines: &[Line], index: usize) -> (String, &[Line]) {
    let one = lines.get(index..index.saturating_add(1)).unwrap_or_default();
    let text = one.first().map_or("", |l| l.trimmed());
    if text.is_empty() || says(text).is_some() {
        return (text.to_owned(), one);
    }
    match lines.get(index.saturating_add(1)) {
        Some(next) if !next.trimmed().is_empty() && says(&next.text).is_none() => {
            let two = lines.get(index..index.saturating_add(2)).unwrap_or_default();
            (format!("{text} {}", next.trimmed()), two)
        }
        _ => (text.to_owned(), one),
    }
}

fn says_at(lines: &[Line], index: usize) -> bool {
    lines.get(index).is_some_and(|l| says(&l.text).is_none())
}

fn login_failed(
    reading: &mut Reading,
    text: &str,
    place: crate::facts::Place,
    state: Option<u32>,
    host: Option<HostName>,
) {
    let user = user(text).unwrap_or_default();
    let anonymous = is_anonymous(user);
    let who = if anonymous { None } else { AccountName::parse(user) };
    let state = words::after(text, "State:").and_then(leading_number).or(state);
    // State 8 is a wrong password, 5 an unknown login: without a domain SQL's own accounts, nobody delegated.
    let sql_login = matches!(state, Some(5 | 8)) && !user.contains('\\');
    let place = if user.is_empty() { place } else { place.lit([user]) };
    if !sql_login {
        let arrival = Arrival { host, who: who.clone(), anonymous, back_end: true, ..Arrival::default() };
        reading.fact(place.clone(), Statement::Arrival(arrival));
    }
    if !anonymous {
        reading
            .fact(place, Statement::Failure(Failure { requester: who, ..Failure::new(FailureContext::BackEnd, text) }));
    }
}

fn leading_number(text: &str) -> Option<u32> {
    let digits: String = text.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// `Cannot connect to sql01.contoso.com.`, `Server Name: sql01`.
fn server_name(text: &str) -> Option<HostName> {
    let rest = words::after(text, "Cannot connect to ").or_else(|| words::after(text, "Server Name:"))?;
    let name = rest.split_whitespace().next()?.trim_end_matches('.');
    HostName::parse(name.split(['\\', ',', ':']).next()?)
}

fn status_in(text: &str) -> Option<u32> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
        .find_map(|w| codes::parse_status(w).filter(|n| *n >= 0x8000_0000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    fn told(text: &str) -> Vec<String> {
        let facts = read(&test_lines(text)).facts.into_iter();
        facts
            .map(|f| match f.says {
                Statement::Arrival(a) => format!(
                    "{} {} anonymous={} {:?} back_end={}",
                    a.host.map_or("-".to_owned(), |h| h.to_string()),
                    a.who.map_or("-".to_owned(), |w| w.to_string()),
                    a.anonymous,
                    a.status,
                    a.back_end
                ),
                Statement::Failure(f) => {
                    format!("failure {} {:?}", f.requester.map_or("-".to_owned(), |w| w.to_string()), f.status)
                }
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn anonymous_in_every_spelling() {
        for text in [
            "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'. (Microsoft SQL Server, Error: 18456)",
            "2026-11-18 10:00:00.12 Logon       Error: 18456, Severity: 14, State: 11.\nLogin failed for user '(null)'. Reason: x [CLIENT: 10.0.0.1]",
            "Login failed for user ''.",
            "Fehler bei der Anmeldung für den Benutzer 'NT-AUTORITÄT\\ANONYMOUS-ANMELDUNG'. (Microsoft SQL Server, Fehler: 18456)",
            "Échec de l\u{2019}ouverture de session de l\u{2019}utilisateur 'AUTORITE NT\\ANONYMOUS LOGON'.",
            "Ошибка входа пользователя \"NT AUTHORITY\\ANONYMOUS LOGON\".",
            "Accesso non riuscito per l'utente 'NT AUTHORITY\\ACCESSO ANONIMO'.",
            "用户 'NT AUTHORITY\\ANONYMOUS LOGON' 登录失败。",
            "System.Data.SqlClient.SqlException: Login failed for\nuser 'NT AUTHORITY\\ANONYMOUS LOGON'.",
        ] {
            assert_eq!(told(text), ["- - anonymous=true None back_end=true"], "{text}");
            if !text.contains("for\nuser") {
                assert_eq!(words::kinds(text), [Kind::BeError], "{text}");
            }
        }
    }

    #[test]
    fn a_named_user_arrived_and_was_refused() {
        assert_eq!(
            told("Cannot connect to sql01.contoso.com.\nLogin failed for user 'CONTOSO\\WEB01$'."),
            ["sql01.contoso.com CONTOSO\\WEB01$ anonymous=false None back_end=true", "failure CONTOSO\\WEB01$ None"]
        );
        assert_eq!(told("Error: 18456, Severity: 14, State: 8.\nLogin failed for user 'sa'."), ["failure sa None"]);
        assert_eq!(
            told("Error: 18456, Severity: 14, State: 5.\nLogin failed for user 'NORTH\\t.brandt'.")[0],
            "- NORTH\\t.brandt anonymous=false None back_end=true"
        );
    }

    #[test]
    fn sspi_and_http() {
        assert_eq!(
            told("The target principal name is incorrect.  Cannot generate SSPI context."),
            ["failure - Some(2148074274)"]
        );
        assert_eq!(told("SSPI handshake failed with error code 0x8009030c, state 14"), ["failure - Some(2148074252)"]);
        assert_eq!(
            told("GET http://api01.contoso.com/x: The remote server returned an error: (401) Unauthorized."),
            ["api01.contoso.com - anonymous=false Some(401) back_end=true"]
        );
        for prose in [
            "the login failed for some users",
            "401 Unauthorized",
            "symptom: SQL reports ANONYMOUS LOGON",
            "Account Name: ANONYMOUS LOGON",
        ] {
            assert_eq!(anchor(prose, None), None, "{prose}");
        }
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(
            &READER,
            "Cannot connect to a.b\nError: 18456, State: 11\nLogin failed for user 'A\\b'.\nÉchec de l'ouverture de session de l'utilisateur 'x'\n(401) https://a.b/c\n",
        );
    }
}
