//! Reads Rubeus (`klist`, `triage`, `describe`, `s4u`, `asktgs`) and the tools that print tickets alike: impacket's
//! describeTicket, Metasploit. Keys and tickets in base64 are left alone.

mod stamps;
mod ticket;

use super::kind::Kind;
use super::{Anchor, KindReader, Reading, words};
use crate::facts::{At, Failure, FailureContext, Statement, TicketListing};
use crate::ingest::lines::Line;
use crate::vocabulary::codes;
use crate::vocabulary::names::{AccountName, Realm, Spn};

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::Rubeus, anchor, json: None, read };

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let trimmed = line.trim();
    let open = current == Some(Kind::Rubeus);
    if words::has(trimmed, "rubeus") && (trimmed.contains('>') || words::has(trimmed, "rubeus.exe ")) {
        return Anchor::belongs("the command Rubeus");
    }
    if trimmed.starts_with("[*] Action:") || trimmed.starts_with("[*] Current LUID") {
        return Anchor::belongs("what Rubeus says that it does");
    }
    if krb_error(trimmed).is_some() || s4u(trimmed) {
        return Anchor::belongs("an answer of the KDC as Rubeus and impacket print it");
    }
    if ticket::anchor(line, open) {
        return Anchor::belongs("a ticket as Rubeus or describeTicket print it");
    }
    let marked = ["[*] ", "[X] ", "[+] ", "[-] ", "[!] "].iter().any(|m| trimmed.starts_with(m));
    (open && marked).then(|| Anchor::belongs("a line of the tool's output")).flatten()
}

fn s4u(line: &str) -> bool {
    let marked = line.starts_with("[*]") || line.starts_with("[X]") || line.starts_with("[+]");
    marked && (words::has(line, "S4U2") || words::has(line, "Impersonating user"))
}

/// `KRB-ERROR (13) : KDC_ERR_BADOPTION`; impacket's `Kerberos SessionError: KDC_ERR_BADOPTION(KDC cannot accommodate …)`.
fn krb_error(line: &str) -> Option<(String, u32)> {
    if let Some(rest) = words::after(line, "KRB-ERROR (") {
        let word = rest.split(')').next()?.trim();
        return word.parse().ok().filter(|n| (1..128).contains(n)).map(|n| (format!("({word})"), n));
    }
    let rest = words::after(line, "SessionError: ")?;
    let word = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next()?;
    codes::krb_by_name(word).filter(|n| *n != 0).map(|n| (word.to_owned(), n))
}

/// What the tool is about to ask for.
#[derive(Default)]
struct Asking {
    spn: Option<Spn>,
    realm: Option<Realm>,
    requester: Option<AccountName>,
    proxy: bool,
    for_user: bool,
    ticket: bool,
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    ticket::read(lines, &mut reading);
    let mut asking = Asking::default();
    for line in lines {
        let text = line.trimmed();
        asking.see(text);
        let Some((word, krb)) = krb_error(text) else { continue };
        let context = if asking.proxy { FailureContext::S4u2Proxy } else { FailureContext::KdcReply };
        let failure = Failure {
            krb: Some(krb),
            spn: asking.spn.clone().filter(|_| asking.proxy || asking.ticket),
            realm: asking.realm.clone(),
            requester: asking.requester.clone(),
            on_behalf: asking.proxy || asking.for_user,
            ..Failure::new(context, text)
        };
        reading.fact(line.lit([word]), Statement::Failure(failure));
    }
    if reading.facts.is_empty()
        && let Some(line) = lines.first()
    {
        reading.problem(line.number, "No ticket and no error could be read here. Copy the whole output.");
    }
    reading
}

impl Asking {
    /// Takes up what a line says of the next request.
    fn see(&mut self, text: &str) {
        if words::has(text, "S4U2proxy") {
            self.proxy = true;
            self.for_user = false;
        } else if words::has(text, "S4U2self") {
            self.proxy = false;
            self.for_user = true;
        } else if words::has(text, "request for service") || words::has(text, "TGS-REQ") {
            self.ticket = true;
        }
        let quoted = ["target SPN", "for service", "service:", "/msdsspn:", "/service:", "-spn "];
        if let Some(spn) = quoted.iter().find_map(|q| words::first_spn(words::after(text, q)?)) {
            self.spn = Some(spn);
        }
        if let Some(user) =
            words::between(text, "TGS-REQ as '", "'").or_else(|| words::between(text, "S4U2self request for: '", "'"))
        {
            let (name, realm) = user.rsplit_once('@').unwrap_or((user, ""));
            self.requester = AccountName::parse(name.trim());
            self.realm = Realm::parse(realm);
        }
    }
}

/// The head that the tool's own lines give.
fn listing(lines: &[Line], shown: u32) -> At<TicketListing> {
    let luid = lines.iter().find(|l| words::has(&l.text, "LUID") && l.text.contains("0x"));
    let logon_id = luid.and_then(|l| {
        let rest = l.text.get(l.text.find("0x")?..)?;
        Some(format!("0:{}", rest.split(|c: char| !c.is_ascii_alphanumeric()).next()?))
    });
    let place = luid.or(lines.first()).map(Line::place).unwrap_or_default();
    At::new(TicketListing { tool: "rubeus".to_owned(), logon_id, shown, ..TicketListing::default() }, place)
}

#[cfg(test)]
mod tests;
