//! The Security log: who arrived (4624), who did not (4625), what a KDC refused (4768, 4769, 4771).

use super::event_fields::Event;
use super::{Reading, be_error, event_languages, words};
use crate::facts::{Arrival, Failure, FailureContext, Mechanism, Statement, TicketRequest};
use crate::vocabulary::codes;
use crate::vocabulary::names::{AccountName, HostName, Realm};

/// An authentication policy or silo refused a service ticket.
pub const POLICY_REFUSAL: u32 = 106;
/// `cname-in-addl-tkt`: the request is S4U2Proxy (MS-SFU 2.2.3).
const CNAME_IN_ADDL_TKT: u32 = 0x0002_0000;

fn id(event: &Event<'_>) -> Option<u32> {
    let text = event.text();
    // An authentication policy's refusal: 106 in its own log (105 in some builds), 4821 in the Security log.
    if words::has(text, "a kerberos service ticket was denied because") {
        return Some(POLICY_REFUSAL);
    }
    let told = event.id().filter(|id| [4624, 4625, 4768, 4769, 4771].contains(id));
    told.or_else(|| {
        [
            ("a kerberos service ticket was requested", 4769),
            ("a kerberos authentication ticket (tgt) was requested", 4768),
            ("kerberos pre-authentication failed", 4771),
            ("an account was successfully logged on", 4624),
            ("an account failed to log on", 4625),
        ]
        .iter()
        .find(|(words, _)| words::has(text, words))
        .map(|(_, id)| *id)
        .or_else(|| event_languages::id_of_text(text).filter(|id| *id != 3))
    })
}

/// True for an event that only a domain controller writes.
pub fn of_dc(event: &Event<'_>) -> bool {
    matches!(id(event), Some(4768 | 4769 | 4771 | POLICY_REFUSAL))
}

/// Reads an event of the Security log; false when it is none.
pub fn read(event: &Event<'_>, reading: &mut Reading) -> bool {
    match id(event) {
        Some(4624) => arrival(event, reading),
        Some(4625) => refused_logon(event, reading),
        Some(found @ (4768 | 4769 | 4771 | POLICY_REFUSAL)) => kdc(event, found, reading),
        _ => return false,
    }
    true
}

fn kdc(event: &Event<'_>, id: u32, reading: &mut Reading) {
    // 4768 and a policy's refusal call it a result, 4769 a failure.
    let code = ["Failure Code:", "Result Code:"].iter().find_map(|label| event.either(label, "Status"));
    let code = code.and_then(codes::parse_status);
    let service = event.either("Service Name:", "ServiceName");
    let spn = service.and_then(words::spn_of_word);
    let Some(code) = code else {
        return;
    };
    if code == 0 {
        // The service is named by its account here; only a full SPN says for what.
        if let Some(spn) = spn {
            let lit = spn.to_string();
            let request = TicketRequest { spn: Some(spn), issued: true, ..TicketRequest::default() };
            reading.fact(event.place().lit([lit]), Statement::TicketRequest(request));
        } else if id == 4769 {
            let name = |label, data| event.either(label, data).unwrap_or("-").to_owned();
            let (who, service) = (name("Account Name:", "TargetUserName"), name("Service Name:", "ServiceName"));
            let says = format!(
                "A domain controller issued a ticket for the account {service} to {who}. That went well; it names the account, not the SPN, and tells nothing of what fails."
            );
            reading.problem(event.place().first_line, says);
        }
        return;
    }
    let options = event.either("Ticket Options:", "TicketOptions").and_then(codes::parse_hex).unwrap_or(0);
    let transited = event.either("Transited Services:", "TransmittedServices").is_some();
    let failure = Failure {
        krb: Some(code).filter(|n| *n < 128),
        status: Some(code).filter(|n| *n >= 0x8000_0000),
        spn,
        realm: event.either("Account Domain:", "TargetDomainName").and_then(Realm::parse),
        requester: event.either("Account Name:", "TargetUserName").and_then(named),
        on_behalf: transited || options & CNAME_IN_ADDL_TKT != 0,
        event: Some(id),
        service: service.filter(|s| !s.contains('/')).and_then(AccountName::parse),
        ..Failure::new(FailureContext::KdcReply, &summary(event, id, code))
    };
    reading.fact(event.place().lit([format!("0x{code:X}")]), Statement::Failure(failure));
}

/// An account as a domain controller writes it: `svc-web@CONTOSO.COM`, `WEB01$@CONTOSO.COM`. Of several only the first.
pub fn named(text: &str) -> Option<AccountName> {
    let first = text.split([',', ' ', ';']).next().unwrap_or(text);
    match first.split_once("$@") {
        Some((computer, _)) => AccountName::parse(&format!("{computer}$")),
        None => AccountName::parse(first),
    }
}

fn summary(event: &Event<'_>, id: u32, code: u32) -> String {
    let symbol = codes::lookup("KRB_ERROR", code).map_or("", |c| c.symbol);
    let service = event.either("Service Name:", "ServiceName").unwrap_or("-");
    format!("event {id}: 0x{code:X} {symbol}, service {service}")
}

/// The account of the new logon: the last of the account names (the first is the process that logged it on).
fn account<'e>(event: &'e Event<'_>) -> Option<(&'e str, Option<&'e str>)> {
    if let Some(name) = event.data("TargetUserName") {
        return Some((name, event.data("TargetDomainName")));
    }
    // Behind the heading of the account in question, or the last one.
    let text = event.text();
    let behind =
        words::find(text, "New Logon:").or_else(|| words::find(text, "Account For Which Logon Failed:")).unwrap_or(0);
    let pick = |label: &'static str| event.fields_named(label).find(|(_, at)| *at >= behind).map(|(v, _)| v);
    Some((pick("Account Name:")?, pick("Account Domain:")))
}

fn arrival(event: &Event<'_>, reading: &mut Reading) {
    let Some((name, domain)) = account(event) else { return };
    // A service or a task that starts is nobody who arrives.
    let started = |t: &str| t.split(|c: char| !c.is_ascii_digit()).any(|n| matches!(n, "4" | "5"));
    if event.either("Logon Type:", "LogonType").is_some_and(started) {
        return;
    }
    let anonymous = be_error::is_anonymous(name);
    let package = event.either("Authentication Package:", "AuthenticationPackageName").unwrap_or_default();
    let process = event.either("Logon Process:", "LogonProcessName").unwrap_or_default();
    let ntlm = event.either("Package Name (NTLM only):", "LmPackageName").is_some_and(|p| words::has(p, "NTLM"));
    let mechanism = if ntlm || words::has(package, "NTLM") || words::has(process, "NtLmSsp") {
        Some(Mechanism::Ntlm)
    } else if words::has(package, "Kerberos") || words::has(process, "Kerberos") {
        Some(Mechanism::Kerberos)
    } else if words::has(package, "Negotiate") {
        Some(Mechanism::Undecided)
    } else {
        None
    };
    let level = event
        .data("ImpersonationLevel")
        .or_else(|| event.field("Impersonation Level:").map(|(v, _)| v))
        .or_else(|| level_code(event.text()));
    let level = level.map(|l| level_word(l).to_owned());
    let who = if anonymous { None } else { full(name, domain) };
    let through = event.either("Transited Services:", "TransmittedServices").and_then(named);
    let arrival = Arrival {
        // Whoever comes through another service has the second hop behind them.
        back_end: through.is_some(),
        through,
        host: event.computer().and_then(HostName::parse),
        who,
        anonymous,
        mechanism,
        level: level.clone(),
        ..Arrival::default()
    };
    reading.fact(event.place().lit([name.to_owned()]).lit(level), Statement::Arrival(arrival));
}

/// The code of a level that nobody resolved.
fn level_code(text: &str) -> Option<&str> {
    ["%%1831", "%%1832", "%%1833", "%%1840"].into_iter().find(|code| text.contains(code))
}

fn level_word(level: &str) -> &str {
    match level {
        "%%1831" => "Anonymous",
        "%%1832" => "Identification",
        "%%1833" => "Impersonation",
        "%%1840" => "Delegation",
        word => event_languages::level(word).unwrap_or(word),
    }
}

fn full(name: &str, domain: Option<&str>) -> Option<AccountName> {
    match domain {
        Some(domain) if !name.contains(['@', '\\']) => AccountName::parse(&format!("{domain}\\{name}")),
        _ => AccountName::parse(name),
    }
}

fn refused_logon(event: &Event<'_>, reading: &mut Reading) {
    let number = |label: &str, name: &str| event.either(label, name).and_then(codes::parse_status).filter(|n| *n != 0);
    // The sub status is the nearer reason.
    let status = number("Sub Status:", "SubStatus").or_else(|| number("Status:", "Status"));
    let requester =
        account(event).filter(|(name, _)| !be_error::is_anonymous(name)).and_then(|(name, domain)| full(name, domain));
    if status.is_none() && requester.is_none() {
        return;
    }
    let symbol = status.and_then(|s| codes::lookup("NTSTATUS", s)).map_or("", |c| c.symbol);
    let text = format!("event 4625: {} {symbol}", status.map_or_else(String::new, |s| format!("0x{s:08X}")));
    let failure = Failure {
        status,
        requester,
        event: Some(4625),
        host: event.computer().and_then(HostName::parse),
        ..Failure::new(FailureContext::BackEnd, text.trim())
    };
    reading.fact(event.place(), Statement::Failure(failure));
}
