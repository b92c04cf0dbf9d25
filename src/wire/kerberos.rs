//! Kerberos messages as far as they stand in clear (RFC 4120, 5.5, 5.8, 5.9): the AP-REQ's ticket names its service, realm
//! and key; a KRB-ERROR says everything. Flags, times, names of people and the delegated ticket are encrypted.

use super::der::{self, Element};
use crate::facts::{KrbClock, Mechanism, Sealed, TokenMessage, TokenSeen};
use crate::vocabulary::civil;
use picky_asn1::wrapper::IntegerAsn1;
use picky_krb::data_types::{KerberosStringAsn1, KerberosTime, PrincipalName};

// `[APPLICATION n]`, constructed.
const TICKET: u8 = 0x61;
const AP_REQ: u8 = 0x6e;
const AP_REP: u8 = 0x6f;
const KRB_CRED: u8 = 0x76;
const KRB_ERROR: u8 = 0x7e;
const SEQUENCE: u8 = 0x30;
/// Longer names are no names.
const LONGEST: usize = 255;

/// A message behind the mechanism's OID: two bytes of token id (RFC 4121, 4.1), then the message.
pub fn framed(bytes: &[u8], seen: &mut TokenSeen) {
    bare(bytes.get(2..).unwrap_or_default(), seen);
    if seen.message.is_none() && bytes.starts_with(&[4]) {
        seen.message = Some(TokenMessage::UserToUser);
    }
}

/// A message without any frame.
pub fn bare(bytes: &[u8], seen: &mut TokenSeen) {
    let Some((frame, _)) = der::first(bytes) else { return };
    let message = match frame.tag {
        AP_REQ => TokenMessage::ApReq,
        AP_REP => TokenMessage::ApRep,
        KRB_ERROR => TokenMessage::KrbError,
        KRB_CRED => TokenMessage::KrbCred,
        _ => return,
    };
    let Some(body) = frame.inner().filter(|e| e.tag == SEQUENCE) else { return };
    seen.cut |= frame.cut();
    seen.message = Some(message);
    seen.mechanism = Some(Mechanism::Kerberos);
    match message {
        TokenMessage::ApReq => ap_req(&body, seen),
        TokenMessage::KrbError => krb_error(&body, seen),
        TokenMessage::KrbCred => krb_cred(&body, seen),
        _ => {}
    }
}

/// AP-REQ: `ap-options[2]`, `ticket[3]`, `authenticator[4]`.
fn ap_req(body: &Element<'_>, seen: &mut TokenSeen) {
    // BIT STRING: the number of unused bits, then the bits; 1 is use-session-key, 2 is mutual-required.
    if let Some(first) = body.field(2).and_then(|e| e.body.get(1).copied()) {
        seen.user_to_user = Some(first & 0x40 != 0);
        seen.mutual = Some(first & 0x20 != 0);
    }
    if let Some(field) = body.field(3) {
        ticket(&field, seen);
    }
    seen.authenticator = body.field(4).and_then(|e| sealed(&e));
}

/// Ticket: `realm[1]`, `sname[2]`, `enc-part[3]`.
fn ticket(element: &Element<'_>, seen: &mut TokenSeen) {
    let Some(body) = Some(element).filter(|e| e.tag == TICKET).and_then(|e| e.inner()) else { return };
    seen.realm = body.field(1).and_then(|e| string(&e));
    seen.service = body.field(2).and_then(|e| principal(&e));
    seen.ticket = body.field(3).and_then(|e| sealed(&e));
}

/// KRB-CRED: `tickets[2]`. It is what delegation hands over; in clear it is a stolen or exported ticket, never HTTP.
fn krb_cred(body: &Element<'_>, seen: &mut TokenSeen) {
    if let Some(first) = body.field(2).and_then(|list| list.inner()) {
        ticket(&first, seen);
    }
}

/// KRB-ERROR: `ctime[2]`, `stime[4]`, `error-code[6]`, `realm[9]`, `sname[10]`.
fn krb_error(body: &Element<'_>, seen: &mut TokenSeen) {
    seen.rejects = true;
    seen.krb_error = body.field(6).and_then(|e| number(&e)).and_then(|n| u32::try_from(n).ok());
    seen.realm = body.field(9).and_then(|e| string(&e));
    seen.service = body.field(10).and_then(|e| principal(&e));
    let client = body.field(2).and_then(|e| time(&e));
    seen.clock = body.field(4).and_then(|e| time(&e)).map(|server| KrbClock { server, client });
}

/// EncryptedData: `etype[0]`, `kvno[1]`, `cipher[2]`. The cipher's length stands in its header, so that a cut one has it too.
fn sealed(element: &Element<'_>) -> Option<Sealed> {
    let etype = element.field(0).and_then(|e| number(&e)).and_then(|n| i32::try_from(n).ok())?;
    let kvno = element.field(1).and_then(|e| number(&e)).and_then(|n| u32::try_from(n).ok());
    let bytes = element.field(2).and_then(|e| u64::try_from(e.claimed).ok());
    Some(Sealed { etype, kvno, bytes })
}

fn number(element: &Element<'_>) -> Option<i64> {
    let integer: IntegerAsn1 = element.value()?;
    let bytes = integer.as_signed_bytes_be();
    // Key versions of a read-only domain controller use all 32 bits, unsigned: five bytes.
    if bytes.is_empty() || bytes.len() > 5 {
        return None;
    }
    let start = if integer.is_negative() { -1i64 } else { 0 };
    Some(bytes.iter().fold(start, |n, b| n.wrapping_shl(8) | i64::from(*b)))
}

/// A realm or a name's part. Windows writes UTF-8 where the RFC allows ASCII only.
fn string(element: &Element<'_>) -> Option<String> {
    if element.cut() {
        return None;
    }
    let text = match element.value::<KerberosStringAsn1>() {
        Some(text) => text.to_string(),
        None => String::from_utf8(element.body.to_vec()).ok()?,
    };
    let name = !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
    name.then_some(text)
}

fn principal(element: &Element<'_>) -> Option<String> {
    if element.cut() {
        return None;
    }
    let parts: Vec<String> = match element.value::<PrincipalName>() {
        Some(name) => name.name_string.0.0.iter().map(|part| part.0.to_string()).collect(),
        None => element.field(1)?.children().map(|e| string(&e)).collect::<Option<_>>()?,
    };
    let name = parts.join("/");
    let good = !name.is_empty() && name.len() <= LONGEST && !name.chars().any(char::is_control);
    good.then_some(name)
}

fn time(element: &Element<'_>) -> Option<i64> {
    // YYYYMMDDHHMMSSZ, nothing else (RFC 4120, 5.2.3).
    let time: KerberosTime = Some(element).filter(|e| e.body.len() == 15)?.value()?;
    civil::seconds(i32::from(time.year()), time.month(), time.day(), time.hour(), time.minute(), time.second())
}

/// An encryption type's name as Windows' klist writes it (artefacts.md, 1.5).
pub fn etype_name(etype: i32) -> Option<&'static str> {
    Some(match etype {
        1 => "DES-CBC-CRC",
        3 => "DES-CBC-MD5",
        17 => "AES-128-CTS-HMAC-SHA1-96",
        18 => "AES-256-CTS-HMAC-SHA1-96",
        19 => "AES-128-CTS-HMAC-SHA256-128",
        20 => "AES-256-CTS-HMAC-SHA384-192",
        23 => "RC4-HMAC",
        24 => "RC4-HMAC-EXP",
        _ => return None,
    })
}
