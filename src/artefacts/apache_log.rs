//! Reads Apache's error log (mod_auth_gssapi, mod_auth_kerb) and access log. Thousands of lines are normal: each thing
//! is told once, at its first place.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, words};
use crate::facts::{Answer, Arrival, Failure, FailureContext, Place, Statement, TicketListing};
use crate::ingest::lines::{Line, place_of};
use crate::ingest::mask::mask;
use crate::vocabulary::mit_messages;
use crate::vocabulary::names::{AccountName, HostName};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::ApacheLog, anchor, json: None, read };

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn anchor(line: &str, _current: Option<Kind>) -> Option<Anchor> {
    if is_error_line(line) {
        Anchor::belongs("Apache's error log ([day month … year] [module:level])")
    } else if access(line).is_some() || (bracket(line).is_some() && line.contains("] \"")) {
        Anchor::belongs("Apache's access log")
    } else if of_java(line).is_some() {
        Anchor::belongs("Java's words about a ticket that it cannot read")
    } else if directive(line).is_some() {
        Anchor::belongs("a directive of mod_auth_gssapi")
    } else {
        None
    }
}

/// Tomcat's log, and any other of a web server on Java: `GSSException: … (Mechanism level: Checksum failed)`. A ticket that
/// cannot be read is the server's business only; everything else a client meets as well.
fn of_java(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("GSSException:")?;
    let (major, level) = rest.split_once("(Mechanism level: ")?;
    (!words::has(major, "no valid credentials") && mit_messages::is_wrong_key(level))
        .then(|| level.trim_end().strip_suffix(')').unwrap_or(level))
}

/// A line of Apache's configuration that speaks of GSSAPI: `AuthType GSSAPI`, `GssapiCredStore keytab:…`.
fn directive(line: &str) -> Option<&str> {
    let (name, value) = line.trim().split_once(char::is_whitespace)?;
    let ours = name.get(..6).is_some_and(|n| n.eq_ignore_ascii_case("Gssapi")) && !name.contains([':', '=']);
    (ours || name.eq_ignore_ascii_case("AuthType") && words::has(value, "gssapi")).then(|| line.trim())
}

/// The directives of a configuration, as one statement: what is not among them is not set here.
fn configuration(reading: &mut Reading, lines: &[Line]) {
    let mut found = lines.iter().filter_map(|l| directive(&l.text).map(|d| (l, d)));
    let Some((first, one)) = found.next() else { return };
    let value = found.fold(one.to_owned(), |all, (_, d)| format!("{all}; {d}"));
    reading.fact(first.place(), Statement::Answer(Answer { key: "apache_config".to_owned(), value: mask(&value) }));
}

/// `[Mon Nov 23 03:09:07.867381 2026] [auth_gssapi:error] …`
fn is_error_line(line: &str) -> bool {
    let Some((stamp, rest)) = line.trim_start().strip_prefix('[').and_then(|t| t.split_once(']')) else { return false };
    let words = stamp.split_whitespace().count();
    words == 5 && DAYS.iter().any(|d| stamp.starts_with(d)) && stamp.contains(':') && rest.trim_start().starts_with('[')
}

/// The text before and behind an access log's `[23/Nov/2026:02:47:55 +0000]`.
fn bracket(line: &str) -> Option<(&str, &str)> {
    let (head, rest) = line.split_once('[')?;
    let (stamp, tail) = rest.split_once(']')?;
    let shape = stamp.split('/').count() == 3
        && stamp.split(':').count() >= 4
        && stamp.starts_with(|c: char| c.is_ascii_digit());
    (shape && head.split_whitespace().count() >= 3).then_some((head, tail))
}

/// One request of an access log, with or without the virtual host in front.
fn access(line: &str) -> Option<Arrival> {
    let (head, tail) = bracket(line)?;
    let words: Vec<&str> = head.split_whitespace().collect();
    // Address, identity, user; a user's name may hold blanks. The virtual host is what stands before an address.
    let is_address = |w: &str| w.parse::<std::net::IpAddr>().is_ok();
    let at = words
        .iter()
        .position(|w| is_address(w))
        .unwrap_or(usize::from(words.len() >= 4 && words.first()?.contains(':')));
    let host = if at == 1 {
        words.first().and_then(|w| HostName::parse(w.rsplit_once(':').map_or(*w, |(h, _)| h)))
    } else {
        None
    };
    let user = words.get(at.saturating_add(2)..)?.join(" ");
    let request = tail.trim_start().strip_prefix('"')?;
    // A quote inside the request is written with a backslash.
    let end =
        request.match_indices('"').map(|(i, _)| i).find(|i| !request.get(..*i).is_some_and(|t| t.ends_with('\\')))?;
    let status: u16 = request.get(end.saturating_add(1)..)?.split_whitespace().next()?.parse().ok()?;
    let user = user.trim_matches('"');
    Some(Arrival {
        host,
        who: if user == "-" { None } else { AccountName::parse(user) },
        anonymous: user.is_empty(),
        status: (100..600).contains(&status).then_some(status),
        ..Arrival::default()
    })
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let begins = |text: &str| is_error_line(text) || bracket(text).is_some();
    for (text, part) in words::records(lines, begins) {
        if is_error_line(&text) {
            error_line(&mut reading, &text, place_of(part));
        } else if let Some(arrival) = access(&text) {
            let lit: Vec<String> =
                arrival.who.iter().map(ToString::to_string).chain(arrival.status.map(|s| s.to_string())).collect();
            add_arrival(&mut reading, arrival, place_of(part).lit(lit));
        }
    }
    if let Some((line, text)) = lines.iter().find_map(|l| of_java(&l.text).map(|text| (l, text))) {
        let krb = mit_messages::of_server(text);
        let failure = Failure { krb, ..Failure::new(FailureContext::Accept, text) };
        reading.fact(line.lit([text]), Statement::Failure(failure));
    }
    configuration(&mut reading, lines);
    reading
}

fn error_line(reading: &mut Reading, text: &str, place: Place) {
    if ["no kerberos credentials available", "no credentials cache", "krb5ccname=(unset)"]
        .iter()
        .any(|w| words::has(text, w))
    {
        no_credentials(reading, &place);
    }
    if let Some(rest) = words::after(text, "requester: ").or_else(|| words::after(text, "REMOTE_USER=")) {
        if let Some(who) = rest.split([' ', ',']).next().and_then(AccountName::parse) {
            let place = place.lit([who.to_string()]);
            add_arrival(reading, Arrival { who: Some(who), ..Arrival::default() }, place);
        }
        return;
    }
    let module =
        ["[auth_gssapi:", "[auth_kerb:", "[authnz_"].iter().any(|m| text.contains(m)) || words::has(text, "gss_");
    if !module || words::has(text, ":debug]") || words::has(text, ":info]") {
        return;
    }
    let message = message(text);
    let krb = mit_messages::of_server(message);
    let worth =
        krb.is_some() || words::has(text, "error]") && (words::has(message, "gss") || words::has(message, "krb"));
    if !worth {
        return;
    }
    let lit: Vec<String> =
        message.rsplit_once('(').and_then(|(_, t)| t.split_once(')')).map(|(t, _)| t.to_owned()).into_iter().collect();
    // The reason stands at the end, in brackets of its own.
    let reason = words::after(message, "may provide more information (").map(|t| t.trim_end_matches([']', ')', ' ']));
    let text = reason.unwrap_or(message);
    let failure = Failure { krb, spn: words::first_spn(message), ..Failure::new(FailureContext::Accept, text) };
    let known = reading.facts.iter().any(|f| matches!(&f.says, Statement::Failure(old) if *old == failure));
    if !known {
        reading.fact(place.lit(lit), Statement::Failure(failure));
    }
}

/// What runs in the web server looked for a ticket cache, and there is none.
fn no_credentials(reading: &mut Reading, place: &Place) {
    if !reading.facts.iter().any(|f| matches!(f.says, Statement::TicketListing(_))) {
        let listing = TicketListing { tool: "mit".to_owned(), no_session: true, ..TicketListing::default() };
        reading.fact(place.clone(), Statement::TicketListing(listing));
    }
}

/// The message behind `[client address:port] `, else behind the last leading bracket.
fn message(text: &str) -> &str {
    let rest = words::after(text, "[client ").and_then(|t| t.split_once("] ")).map_or(text, |(_, m)| m);
    rest.split(", referer: ").next().unwrap_or(rest)
}

fn add_arrival(reading: &mut Reading, arrival: Arrival, place: Place) {
    let known = reading.facts.iter().any(|f| matches!(&f.says, Statement::Arrival(old) if *old == arrival));
    if !known {
        reading.fact(place, Statement::Arrival(arrival));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    const ACCESS: &str = "web.contoso.com:80 10.20.0.10 - - [23/Nov/2026:02:47:55 +0000] \"GET /unc/whoami HTTP/1.1\" 401 421\n\
        web.contoso.com:80 10.20.0.10 - - [23/Nov/2026:02:47:56 +0000] \"GET /unc/whoami HTTP/1.1\" 401 421\n\
        api.contoso.com:80 10.20.0.10 - alice@CONTOSO.COM [23/Nov/2026:02:47:55 +0000] \"GET /a\\\"b HTTP/1.1\" 200 178\n\
        10.20.0.10 - alice [23/Nov/2026:02:47:55 +0000] \"GET / HTTP/1.1\" 200 -\n";
    const ERROR: &str = "[Mon Nov 23 03:09:07.850446 2026] [auth_gssapi:debug] [pid 1:tid 1] mod_auth_gssapi.c(1348): [client 10.20.0.10:1] requester: alice@CONTOSO.COM\n\
        [Mon Nov 23 03:09:07.850502 2026] [auth_gssapi:info] [pid 1:tid 1] [client 10.20.0.10:1] NO AUTH DATA Client did not send any authentication headers\n\
        [Mon Nov 23 03:09:07.867381 2026] [auth_gssapi:error] [pid 1:tid 1] [client 10.20.0.10:1] GSS ERROR In Negotiate Auth: gss_accept_sec_context() failed: [Unspecified GSS failure.  Minor code may provide more information (Clock skew too great)]\n\
        [Mon Nov 23 03:09:09.867381 2026] [auth_gssapi:error] [pid 1:tid 1] [client 10.20.0.10:9] GSS ERROR In Negotiate Auth: gss_accept_sec_context() failed: [Unspecified GSS failure.  Minor code may provide more information (Clock skew too great)], referer: http://x/\n";

    fn told(text: &str) -> Vec<String> {
        let facts = read(&test_lines(text)).facts.into_iter();
        facts
            .map(|f| match f.says {
                Statement::Arrival(a) => {
                    format!(
                        "{} {} {} {:?}",
                        f.place.first_line,
                        a.host.map_or("-".to_owned(), |h| h.to_string()),
                        a.who.map_or("-".to_owned(), |w| w.to_string()),
                        a.status
                    )
                }
                Statement::Failure(e) => {
                    format!("{} {:?} {:?} {:?}", f.place.first_line, e.context, e.krb, f.place.lit)
                }
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn requests_once_each() {
        assert_eq!(
            told(ACCESS),
            ["1 web.contoso.com - Some(401)", "3 api.contoso.com alice@CONTOSO.COM Some(200)", "4 - alice Some(200)"]
        );
        assert_eq!(words::kinds(ACCESS), [Kind::ApacheLog]);
    }

    #[test]
    fn errors_once_each_and_requesters() {
        assert_eq!(told(ERROR), ["1 - alice@CONTOSO.COM None", "3 Accept Some(37) [\"Clock skew too great\"]"]);
        assert_eq!(words::kinds(ERROR), [Kind::ApacheLog]);
        let keytab = ERROR.replace(
            "Clock skew too great",
            "Request ticket server HTTP/web@CONTOSO.COM kvno 4 not found in keytab; keytab is likely out of date",
        );
        assert!(told(&keytab)[1].starts_with("3 Accept Some(41)"));
        // Wrapped by a mail client.
        let wrapped = ERROR.replace("failed: [", "failed:\n[").replace("(Clock", "\n(Clock");
        assert!(told(&wrapped).iter().any(|t| t.contains("Accept Some(37)")), "{:?}", told(&wrapped));
    }

    #[test]
    fn a_web_server_on_java_that_cannot_read_a_ticket() {
        let log = |words: &str| format!("Caused by: org.ietf.jgss.GSSException: {words})");
        let failed = "Failure unspecified at GSS-API level (Mechanism level: ";
        for level in ["Checksum failed", "Specified version of key is not available (44)"] {
            let line = log(&format!("{failed}{level}"));
            assert_eq!(told(&line), [format!("1 Accept Some(41) [{level:?}]")]);
            assert_eq!(words::kinds(&line), [Kind::ApacheLog]);
        }
        for other in ["No valid credentials provided (Mechanism level: Failed to find any Kerberos tgt", "No valid"] {
            assert_eq!(anchor(&log(other), None), None, "{other}");
        }
    }

    #[test]
    fn other_brackets_are_no_logs() {
        for line in [
            "[383] 1795402075.988162: Getting credentials",
            "[2] Session 1 0:0x1 A\\b Kerberos:Network",
            "[0]04D0.0A60::11/18/26 x",
            "see [1/2] there",
        ] {
            assert_eq!(anchor(line, None), None, "{line}");
        }
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, &format!("{ACCESS}{ERROR}"));
    }
}
