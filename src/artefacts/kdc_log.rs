//! Reads the log of a KDC that is not Windows': Samba and Heimdal (`TGS-REQ ERR_… ipv4:… CLIENT SERVER …`), MIT
//! (`krb5kdc[…]: TGS_REQ (…) IP: ISSUE: authtime …, CLIENT for SERVER`).
//!
//! A KDC's log is full of requests of everybody. What tells about a double hop is read: what a service asked for on behalf of
//! a user (S4U2Proxy), granted or not, which names a user did not get a ticket for, and clocks that differ. Requests for
//! pre-authentication and answers that are too large for UDP stand in every healthy log.

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, words};
use crate::facts::{Failure, FailureContext, Place, Statement, TicketRequest};
use crate::ingest::lines::{Line, place_of};
use crate::vocabulary::codes::krb;
use crate::vocabulary::mit_messages;
use crate::vocabulary::names::{AccountName, Realm};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::KdcLog, anchor, json: None, read };

/// A line of MIT's log may be wrapped by mail to this many.
const WRAPPED: usize = 9;
/// How errors are called, without their prefixes (`ERR_`, `KRB5KDC_ERR_`, `KRB5KRB_AP_ERR_`).
const ERRORS: [(&str, u32); 7] = [
    ("S_PRINCIPAL_UNKNOWN", krb::S_PRINCIPAL_UNKNOWN),
    ("PRINCIPAL_NOT_UNIQUE", krb::PRINCIPAL_NOT_UNIQUE),
    ("ETYPE_NOSUPP", krb::ETYPE_NOSUPP),
    ("POLICY", krb::POLICY),
    ("BADOPTION", krb::BADOPTION),
    ("MODIFIED", krb::MODIFIED),
    ("SKEW", krb::SKEW),
];
/// MIT's words for a refused S4U2Proxy, which only such a request meets.
const REFUSED_PROXY: [&str; 4] = [
    "NOT_ALLOWED_TO_DELEGATE",
    "EVIDENCE_TKT_NOT_FORWARDABLE",
    "EVIDENCE_TICKET_MISMATCH",
    "UNSUPPORTED_S4U2PROXY_REQUEST",
];

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let trimmed = line.trim_start();
    if let Some((_, text)) = mit(trimmed) {
        let known = ["TGS_REQ", "AS_REQ", "... ", "closing down fd", "commencing operation", "listening on"];
        return known.iter().any(|k| text.starts_with(k)).then(|| Anchor::belongs("lines of krb5kdc.log")).flatten();
    }
    if trimmed.starts_with("Kerberos: ") || heimdal(trimmed).is_some() {
        return Anchor::belongs("lines of a Samba or Heimdal KDC's log");
    }
    let ours = current == Some(Kind::KdcLog) || words::has(line, "krb5") || words::has(line, "kdc");
    (ours && is_head(trimmed)).then(|| Anchor::belongs("the head of a record in Samba's log")).flatten()
}

/// `[2026/11/23 02:47:55.503167,  3] ../../source4/auth/kerberos/krb5_init_context.c:90(smb_krb5_debug_wrapper)`
fn is_head(line: &str) -> bool {
    let Some((stamp, rest)) = line.strip_prefix('[').and_then(|t| t.split_once(']')) else { return false };
    let digits = |t: &str| t.chars().filter(char::is_ascii_digit).count();
    stamp.contains('/') && stamp.contains(':') && stamp.contains(',') && digits(stamp) > 14 && rest.contains(".c:")
}

/// `2026-11-23T02:47:55 TGS-REQ …` of a Heimdal KDC by itself.
fn heimdal(line: &str) -> Option<&str> {
    let (stamp, text) = line.split_once(' ')?;
    let (date, time) = stamp.split_once('T')?;
    let shape = date.len() == 10 && time.len() >= 8 && date.matches('-').count() == 2 && time.matches(':').count() == 2;
    let text = text.trim_start();
    let known =
        ["TGS-REQ ", "AS-REQ ", "constrained delegation ", "Server not found in database", "Too large time skew"];
    (shape && known.iter().any(|k| text.starts_with(k))).then_some(text)
}

/// Process and text of `Nov 18 18:06:51 host krb5kdc[8465](info): TGS_REQ …`.
fn mit(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once("krb5kdc[")?;
    let (pid, rest) = rest.split_once(']')?;
    let (level, text) = rest.split_once(": ").or_else(|| rest.split_once(':'))?;
    (pid.chars().all(|c| c.is_ascii_digit()) && level.len() < 12).then_some((pid, text.trim()))
}

/// A request as the log ends it.
struct Request {
    client: String,
    server: String,
    /// `None` when the ticket was issued.
    error: Option<u32>,
    /// What the log says of the failure.
    says: String,
    /// The user for whom a service asked.
    for_user: Option<String>,
    /// True for S4U2Proxy, also where the user is not named.
    on_behalf: bool,
    place: Place,
}

#[derive(Default)]
struct Log {
    /// Samba: clients and servers whose last request was S4U2Proxy (`[canonicalize, cname-in-addl-tkt]`).
    proxy: Vec<[String; 2]>,
    /// Samba: for a user, towards a server, which service acts.
    acting: Vec<[String; 3]>,
    /// MIT: the last request of a process; the next line may say that it was on behalf of a user.
    open: Vec<(String, Request)>,
    reading: Reading,
}

fn read(lines: &[Line]) -> Reading {
    let mut log = Log::default();
    let begins = |l: &str| {
        let t = l.trim_start();
        t.starts_with("Kerberos: ") || is_head(t) || heimdal(t).is_some() || mit(t).is_some()
    };
    for (text, part) in words::records_up_to(lines, begins, WRAPPED) {
        let place = place_of(part);
        if let Some((pid, text)) = mit(&text) {
            log.mit_line(pid, text, place);
        } else if let Some(text) = text.strip_prefix("Kerberos: ").or_else(|| heimdal(&text)) {
            log.samba_line(text, place);
        }
    }
    for (_, request) in std::mem::take(&mut log.open) {
        log.end(request);
    }
    let mut reading = log.reading;
    if reading.facts.is_empty() {
        let first = lines.first().map_or(1, |l| l.number);
        reading.problem(first, "No refused request and no request on behalf of a user stands in this part of the log. Copy the lines of the moment when the page was loaded.");
    }
    reading
}

impl Log {
    fn samba_line(&mut self, text: &str, place: Place) {
        if let Some(rest) = text.strip_prefix("TGS-REQ ") {
            let words: Vec<&str> = rest.split_whitespace().collect();
            match words.as_slice() {
                [client, "from", _, "for", server, flags @ ..] => {
                    self.proxy.retain(|[c, s]| c != client || s != server);
                    if flags.iter().any(|f| f.contains("cname-in-addl-tkt")) {
                        self.proxy.push([(*client).to_owned(), (*server).to_owned()]);
                    }
                }
                [status, _, client, server, ..] => self.samba_end(status, client, server, rest, place),
                _ => {}
            }
        } else if let Some(rest) = text.strip_prefix("constrained delegation for ") {
            // for USER from SERVICE (SERVICE) to SERVER: allowed, so far.
            if let (Some((user, rest)), Some((_, server))) = (rest.split_once(" from "), rest.rsplit_once(" to ")) {
                let service = rest.split_whitespace().next().unwrap_or_default();
                let server = server.trim();
                self.acting.retain(|[u, s, _]| u != user || s != server);
                self.acting.push([user.to_owned(), server.to_owned(), service.to_owned()]);
            }
        } else if let Some(rest) = text.strip_prefix("constrained delegation from ") {
            // from SERVICE (SERVICE) as USER to SERVER not allowed
            let service = rest.split_whitespace().next().unwrap_or_default();
            let user = words::between(rest, " as ", " to ").unwrap_or_default();
            let server = words::after(rest, " to ").and_then(|t| t.split_whitespace().next()).unwrap_or_default();
            self.end(Request {
                client: service.to_owned(),
                server: server.to_owned(),
                error: Some(krb::BADOPTION),
                says: "constrained delegation not allowed".to_owned(),
                for_user: Some(user.to_owned()),
                on_behalf: true,
                place,
            });
        } else if words::has(text, "too large time skew") {
            let client = text.rsplit_once("-- ").map_or("", |(_, c)| c).trim();
            self.skew(client, text, place);
        }
    }

    /// `TGS-REQ STATUS ADDRESS CLIENT SERVER key=value … reason=TEXT`
    fn samba_end(&mut self, status: &str, client: &str, server: &str, text: &str, place: Place) {
        let user = words::after(text, "impersonatee=").and_then(|t| t.split_whitespace().next());
        let asked = self.proxy.iter().any(|[c, s]| c == client && s == server);
        let proxy = asked || words::has(text, "cname-in-addl-tkt");
        let error = ERRORS.iter().find(|(name, _)| status.ends_with(name)).map(|(_, code)| *code);
        if status != "SUCCESS" && error.is_none() {
            return;
        }
        // A ticket that was issued for a user names the user as its client.
        let acting =
            self.acting.iter().find(|[u, s, _]| u == client && s == server).map(|[_, _, service]| service.clone());
        let service = acting.filter(|_| error.is_none() && user.is_some()).unwrap_or_else(|| client.to_owned());
        let reason = words::after(text, "reason=").unwrap_or_default();
        self.end(Request {
            client: service,
            server: server.to_owned(),
            error,
            says: format!("{status} {}", reason.to_lowercase()),
            for_user: user.filter(|_| proxy || error.is_some()).map(str::to_owned),
            on_behalf: proxy || error.is_some() && user.is_some(),
            place,
        });
    }

    fn mit_line(&mut self, pid: &str, text: &str, place: Place) {
        if let Some(user) = words::after(text, "CONSTRAINED-DELEGATION s4u-client=") {
            if let Some(mut request) = self.take(pid) {
                request.for_user = user.split_whitespace().next().map(str::to_owned);
                request.on_behalf = true;
                request.place = request.place.to(&place);
                self.end(request);
            }
            return;
        }
        if let Some(request) = self.take(pid) {
            // S4U2Self: the service's ticket to itself in the user's name, no hop.
            if !text.starts_with("... PROTOCOL-TRANSITION") {
                self.end(request);
            }
        }
        if words::has(text, "clock skew too great") {
            let client = text.split(" for ").next().and_then(|t| t.split_whitespace().next_back()).unwrap_or_default();
            return self.skew(client, text, place);
        }
        if let Some(request) = text.strip_prefix("TGS_REQ ").and_then(|t| mit_request(t, place)) {
            self.open.push((pid.to_owned(), request));
        }
    }

    fn take(&mut self, pid: &str) -> Option<Request> {
        let at = self.open.iter().position(|(open, _)| open == pid)?;
        Some(self.open.remove(at).1)
    }

    fn skew(&mut self, client: &str, text: &str, place: Place) {
        let (name, realm) = client.rsplit_once('@').unwrap_or((client, ""));
        let failure = Failure {
            krb: Some(krb::SKEW),
            realm: Realm::parse(realm),
            requester: AccountName::parse(name),
            ..Failure::new(FailureContext::KdcReply, text)
        };
        self.add(Statement::Failure(failure), place, "skew");
    }

    /// Says what a request that has ended tells.
    fn end(&mut self, request: Request) {
        let Some(spn) = words::spn_of_word(&request.server).filter(|s| !s.is_krbtgt()) else { return };
        let lit = spn.to_string();
        let requester = AccountName::parse(&request.client);
        let service = request.client.contains('/') || request.client.contains('$');
        match request.error {
            None if request.on_behalf => {
                let issued = TicketRequest {
                    spn: Some(spn),
                    issued: true,
                    for_user: request.for_user.as_deref().and_then(AccountName::parse),
                    requester,
                    ..TicketRequest::default()
                };
                self.add(Statement::TicketRequest(issued), request.place, &lit);
            }
            // What a service asks for itself is another story.
            Some(code) if request.on_behalf || !service => {
                let text = format!("the KDC's log: {} for {spn}", request.says.trim());
                let failure = Failure {
                    krb: Some(code),
                    realm: request.server.rsplit_once('@').and_then(|(_, realm)| Realm::parse(realm)),
                    requester,
                    spn: Some(spn),
                    on_behalf: request.on_behalf,
                    ..Failure::new(FailureContext::KdcReply, &text)
                };
                self.add(Statement::Failure(failure), request.place, &lit);
            }
            _ => {}
        }
    }

    /// The same again is no second fact; nor is the same refusal in other words.
    fn add(&mut self, says: Statement, place: Place, lit: &str) {
        let same = |old: &Statement| match (old, &says) {
            (Statement::Failure(a), Statement::Failure(b)) => {
                a.krb == b.krb && a.spn == b.spn && a.requester == b.requester && a.on_behalf == b.on_behalf
            }
            (old, new) => old == new,
        };
        if !self.reading.facts.iter().any(|f| same(&f.says)) {
            self.reading.fact(place.lit([lit]), says);
        }
    }
}

/// `(8 etypes {…}) IP: STATUS: authtime N, etypes {…}, CLIENT for SERVER, MESSAGE`
fn mit_request(text: &str, place: Place) -> Option<Request> {
    let (before, rest) = text.split_once(": authtime ")?;
    let status = before.rsplit(": ").next()?.trim();
    let (_, rest) = rest.split_once(", ")?;
    let rest = match rest.strip_prefix("etypes {") {
        Some(etypes) => etypes.split_once("}, ")?.1,
        None => rest,
    };
    let (client, rest) = rest.split_once(" for ")?;
    let (server, message) = rest.split_once(", ").unwrap_or((rest, ""));
    let refused_proxy = REFUSED_PROXY.contains(&status);
    let code = mit_messages::of_client(message).or(refused_proxy.then_some(krb::BADOPTION));
    let error = if status == "ISSUE" { None } else { Some(code?) };
    Some(Request {
        client: client.trim().to_owned(),
        server: server.split_whitespace().next()?.to_owned(),
        error,
        says: format!("{status} {message}"),
        for_user: None,
        on_behalf: refused_proxy,
        place,
    })
}

#[cfg(test)]
#[path = "kdc_log_tests.rs"]
mod tests;
