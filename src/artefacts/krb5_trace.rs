//! Reads `KRB5_TRACE` of MIT Kerberos, and what `kinit` and `kvno` print when they fail.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, words};
use crate::facts::{Failure, FailureContext, Place, Role, Statement, TicketRequest};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::names::{AccountName, Realm, Spn};
use crate::vocabulary::{codes, mit_messages};
use std::collections::BTreeMap;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Krb5Trace, anchor, json: None, read };

/// Answers of a KDC that every healthy exchange holds: pre-authentication required, answer too big for UDP.
const NORMAL: [u32; 2] = [25, 52];

fn anchor(line: &str, _current: Option<Kind>) -> Option<Anchor> {
    if record(line).is_some() {
        Anchor::belongs("lines of KRB5_TRACE ([process] time: text)")
    } else if tool_error(line).is_some() {
        Anchor::belongs("an error of kinit or kvno")
    } else {
        None
    }
}

/// Process and text of `[383] 1795402075.988162: text`.
fn record(line: &str) -> Option<(&str, &str)> {
    let (pid, rest) = line.trim_start().strip_prefix('[')?.split_once("] ")?;
    let (stamp, text) = rest.split_once(": ")?;
    let number = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
    let (seconds, micros) = stamp.split_once('.')?;
    (number(pid) && number(seconds) && number(micros)).then_some((pid, text.trim()))
}

/// `kinit: Clock skew too great while getting initial credentials` as error number and text.
fn tool_error(line: &str) -> Option<(u32, &str)> {
    let line = line.trim();
    let text = ["kinit: ", "kvno: ", "kinit(MIT): "].iter().find_map(|p| line.strip_prefix(p))?;
    mit_messages::of_client(text).map(|krb| (krb, text))
}

/// What a process was about when a line came.
#[derive(Default)]
struct Doing {
    /// The principal of the cache, or whose first ticket is fetched.
    client: Option<String>,
    /// The service that is asked for.
    target: Option<Spn>,
    /// The realm of the KDC asked.
    realm: Option<Realm>,
    /// A user's ticket to this service was taken from the cache: the evidence ticket of S4U2Proxy.
    evidence_for: Option<String>,
    /// The service that asks with a ticket-granting ticket of its own.
    service: Option<String>,
}

impl Doing {
    /// The service's principal, when it asks for a user: it uses its own ticket-granting ticket in a user's cache,
    /// or shows that user's ticket to itself.
    fn on_behalf(&self) -> Option<&str> {
        let service = self.service.as_deref()?;
        let users_cache = self.client.as_deref().is_some_and(|c| !c.contains('/'));
        let evidence = self.evidence_for.as_deref() == Some(service);
        (users_cache || evidence).then_some(service)
    }
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut doing: BTreeMap<String, Doing> = BTreeMap::new();
    let mut roles = Roles::default();
    for (text, part) in words::records(lines, |l| record(l).is_some() || tool_error(l).is_some()) {
        let place = place_of(part);
        if let Some((krb, text)) = tool_error(&text) {
            let spn = words::after(text, "credentials for ").and_then(words::first_spn);
            add(
                &mut reading,
                Failure { krb: Some(krb), spn, ..Failure::new(FailureContext::KdcReply, text) },
                place,
                text,
            );
            continue;
        }
        let Some((pid, text)) = record(&text) else { continue };
        let state = doing.entry(pid.to_owned()).or_default();
        roles.look(text);
        follow(state, text);
        if let Some((code, message)) = failure(text) {
            let Some(krb) = codes::krb_of_mit(code).filter(|n| *n != 0 && !NORMAL.contains(n)) else { continue };
            let service = if text.starts_with("Got cred") { state.on_behalf() } else { None };
            roles.s4u |= service.is_some();
            let requester = service.or(state.client.as_deref()).and_then(AccountName::parse);
            let failure = Failure {
                krb: Some(krb),
                spn: state.target.clone(),
                realm: state.realm.clone(),
                requester,
                on_behalf: service.is_some(),
                ..Failure::new(FailureContext::KdcReply, message)
            };
            add(&mut reading, failure, place, &format!("{code}/{message}"));
        } else if let Some(spn) = issued(text) {
            let request = TicketRequest { spn: Some(spn.clone()), issued: true, ..TicketRequest::default() };
            let known =
                reading.facts.iter().any(|f| matches!(&f.says, Statement::TicketRequest(old) if *old == request));
            if !known {
                reading.fact(place.lit([spn.to_string()]), Statement::TicketRequest(request));
            }
        }
    }
    reading.role = roles.told();
    reading
}

/// A failing result: its code and message.
fn failure(text: &str) -> Option<(i64, &str)> {
    let rest = ["TGS request result: ", "Got cred; ", "Received error from KDC: "]
        .iter()
        .find_map(|p| text.strip_prefix(p))?;
    let (code, message) = rest.split_once('/').unwrap_or((rest, ""));
    code.trim().parse().ok().filter(|c| *c != 0).map(|c| (c, message.trim()))
}

/// The service whose ticket was got and used.
fn issued(text: &str) -> Option<Spn> {
    let used = text.strip_prefix("Creating authenticator for ").and_then(arrow).map(|(_, server)| server);
    let server = used.or_else(|| text.strip_prefix("Received creds for desired service "))?;
    words::spn_of_word(server.split([',', ' ']).next()?).filter(|s| !s.is_krbtgt())
}

/// Client and server of `C -> S …`; the client may be empty.
fn arrow(text: &str) -> Option<(&str, &str)> {
    let (client, rest) = text.split_once("->")?;
    Some((client.trim(), rest.trim_start().split([' ', ',']).next()?))
}

fn is_service(principal: &str) -> bool {
    principal.contains('/') && !principal.starts_with("krbtgt/")
}

/// Follows what the process does from line to line.
fn follow(state: &mut Doing, text: &str) {
    if let Some(client) = text.strip_prefix("Getting initial credentials for ") {
        let (_, realm) = client.rsplit_once('@').unwrap_or((client, ""));
        *state = Doing { client: Some(client.to_owned()), realm: Realm::parse(realm), ..Doing::default() };
        state.target = Spn::parse(&format!("krbtgt/{realm}"));
    } else if text.starts_with("ccselect") {
        if let Some(client) = words::between(text, "client principal ", " for server") {
            *state = Doing { client: Some(client.to_owned()), ..Doing::default() };
        }
        if let Some(spn) = words::after(text, "for server principal ").and_then(words::first_spn) {
            state.target = Some(spn);
        }
    } else if let Some((client, server)) = text.strip_prefix("Getting credentials ").and_then(arrow) {
        let to_tgt = server.starts_with("krbtgt/");
        state.service = (is_service(client) && to_tgt).then(|| client.to_owned());
        if !to_tgt {
            state.client = Some(client.to_owned());
            state.target = words::spn_of_word(server);
        }
    } else if let Some((client, server)) = text.strip_prefix("Retrieving ").and_then(arrow) {
        if server.starts_with("krbtgt/") || server.contains("X-CACHECONF") {
            return;
        }
        if client.is_empty() {
            state.target = words::spn_of_word(server.trim_end_matches('@')).or(state.target.take());
        } else if !client.contains('/') && is_service(server) && text.contains("result: 0/") {
            state.evidence_for = Some(server.to_owned());
        }
    } else if let Some(rest) = text.strip_prefix("Requesting tickets for ") {
        state.target = words::first_spn(rest).or(state.target.take());
    } else if let Some(rest) = words::after(text, "after requesting ") {
        state.target = words::first_spn(rest).or(state.target.take());
        let tgt = words::after(text, "via TGT ").and_then(words::first_spn);
        state.realm = tgt.and_then(|t| t.host()).and_then(|h| Realm::parse(h.as_str())).or(state.realm.take());
    } else if let Some(realm) = words::after(text, "Sending request (").and_then(|t| t.split_once(" to ")) {
        state.realm = realm.1.split_whitespace().next().and_then(Realm::parse).or(state.realm.take());
    }
}

/// Repeated errors are one fact, at their first place.
fn add(reading: &mut Reading, failure: Failure, place: Place, lit: &str) {
    let known = reading.facts.iter().any(|f| matches!(&f.says, Statement::Failure(old) if *old == failure));
    if !known {
        reading.fact(place.lit([lit]), Statement::Failure(failure));
    }
}

/// Where the trace was taken, as far as its lines tell.
#[derive(Default)]
struct Roles {
    s4u: bool,
    service: bool,
    delegated_cache: bool,
    user: bool,
}

impl Roles {
    fn look(&mut self, text: &str) {
        let client =
            text.strip_prefix("Getting initial credentials for ").or_else(|| text.strip_prefix("Getting credentials "));
        if let Some(client) = client.and_then(|t| t.split_whitespace().next()) {
            self.service |= is_service(client);
            self.user |= !client.contains('/') && client.contains('@');
        }
        self.delegated_cache |= text.contains("/deleg");
    }

    fn told(&self) -> Option<(Role, String)> {
        if self.s4u {
            Some((Role::FrontEnd, "a service asks here on behalf of a user".to_owned()))
        } else if self.service {
            Some((Role::FrontEnd, "a service asks here with credentials of its own".to_owned()))
        } else if self.delegated_cache {
            Some((Role::FrontEnd, "the cache stands among delegated credentials".to_owned()))
        } else if self.user {
            Some((Role::Client, "a user asks here with credentials of their own".to_owned()))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    fn told(text: &str) -> (Vec<String>, Option<Role>) {
        let reading = read(&test_lines(text));
        let facts = reading.facts.into_iter().map(|f| match f.says {
            Statement::Failure(e) => format!(
                "{}: {} {} by {} behalf={} at {}",
                f.place.first_line,
                e.krb.unwrap(),
                e.spn.map_or("-".to_owned(), |s| s.to_string()),
                e.requester.map_or("-".to_owned(), |r| r.to_string()),
                e.on_behalf,
                e.realm.map_or("-".to_owned(), |r| r.to_string())
            ),
            Statement::TicketRequest(t) => format!("{}: issued {}", f.place.first_line, t.spn.unwrap()),
            other => format!("{other:?}"),
        });
        (facts.collect(), reading.role.map(|r| r.0))
    }

    const S4U: &str = "[3885] 1795402122.326945: ccselect module realm chose cache FILE:/var/cache/alice@R.X with client principal alice@R.X for server principal HTTP/api.r.x@R.X\n\
[3885] 1795402122.326946: Retrieving alice@R.X -> HTTP/web.r.x@R.X from FILE:/var/cache/alice@R.X with result: 0/Success\n\
[3885] 1795402122.326947: Retrieving  -> HTTP/api.r.x@ from FILE:/var/cache/alice@R.X with result: -1765328243/Matching credential not found (filename: x)\n\
[3885] 1795402122.326948: Getting credentials HTTP/web.r.x@R.X -> krbtgt/R.X@R.X using ccache FILE:/var/cache/alice@R.X\n\
[3885] 1795402122.326951: Get cred via TGT krbtgt/R.X@R.X after requesting HTTP/api.r.x@R.X (canonicalize on)\n\
[3885] 1795402122.326965: Got cred; -1765328371/KDC can't fulfill requested option\n";

    #[test]
    fn a_refused_s4u2proxy() {
        let want = (vec!["6: 13 HTTP/api.r.x by HTTP/web.r.x@R.X behalf=true at R.X".to_owned()], Some(Role::FrontEnd));
        assert_eq!(told(S4U), want);
        assert_eq!(told(&format!("{S4U}{S4U}")), want);
        assert_eq!(words::kinds(S4U), [Kind::Krb5Trace]);
        let wrapped = S4U.replace("after requesting", "after\nrequesting").replace("KDC can't", "KDC\ncan't");
        assert_eq!(told(&wrapped).0, ["7: 13 HTTP/api.r.x by HTTP/web.r.x@R.X behalf=true at R.X"]);
        // Cut: without the lines that show for whom, it is a failure all the same, but nobody's behalf is claimed.
        let cut = S4U.lines().skip(3).collect::<Vec<_>>().join("\n");
        assert_eq!(told(&cut).0, ["3: 13 HTTP/api.r.x by - behalf=false at R.X"]);
    }

    #[test]
    fn a_client_without_and_with_luck() {
        let text = "[7] 1.1: Getting credentials alice@R.X -> HTTP/portal.r.x@R.X using ccache FILE:/tmp/krb5cc_1000\n\
[7] 1.2: Retrieving alice@R.X -> krbtgt/R.X@R.X from FILE:/tmp/krb5cc_1000 with result: 0/Success\n\
[7] 1.3: Requesting tickets for HTTP/portal.r.x@R.X, referrals on\n\
[7] 1.4: TGS request result: -1765328377/Server not found in Kerberos database\n\
[8] 1.5: Creating authenticator for alice@R.X -> HTTP/web.r.x@, seqnum 1, subkey aes256-cts/77C5, session key aes256-cts/55F9\n";
        assert_eq!(
            told(text),
            (
                vec![
                    "4: 7 HTTP/portal.r.x by alice@R.X behalf=false at -".to_owned(),
                    "5: issued HTTP/web.r.x".to_owned()
                ],
                Some(Role::Client)
            )
        );
    }

    #[test]
    fn first_tickets_and_tools() {
        let text = "[5] 1.1: Getting initial credentials for alice@R.X\n[5] 1.2: Received error from KDC: -1765328359/Additional pre-authentication required\n\
[5] 1.3: Received error from KDC: -1765328347/Clock skew too great\n";
        assert_eq!(told(text).0, ["3: 37 krbtgt/R.X by alice@R.X behalf=false at R.X"]);
        assert_eq!(
            told("kinit: Clock skew too great while getting initial credentials\n").0,
            ["1: 37 - by - behalf=false at -"]
        );
        assert_eq!(
            told("kvno: Server not found in Kerberos database while getting credentials for HTTP/x.r.x@R.X\n").0,
            ["1: 7 HTTP/x.r.x by - behalf=false at -"]
        );
        assert_eq!(words::kinds("kinit: Clock skew too great while getting initial credentials\n"), [Kind::Krb5Trace]);
        assert_eq!(anchor("kinit: alice is fine", None), None);
        assert_eq!(anchor("[2] Session 1 0:0x1 A\\b Kerberos:Network", None), None);
    }

    #[test]
    fn any_cut_and_any_order_is_read() {
        words::never_panics(&READER, S4U);
    }
}
