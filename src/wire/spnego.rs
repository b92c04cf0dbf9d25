//! SPNEGO (RFC 4178, [MS-SPNG]) and the GSS-API frame around tokens (RFC 2743, 3.1).

use super::{der, kerberos, ntlm, token};
use crate::facts::{Mechanism, SpnegoState, TokenMessage, TokenSeen};
use der::Element;
use picky_asn1::wrapper::ObjectIdentifierAsn1;

/// InitialContextToken, `[APPLICATION 0]`.
pub const GSS: u8 = 0x60;
/// NegTokenResp, `[1]`.
pub const RESPONSE: u8 = 0xa1;
/// NegTokenInit, `[0]`, as it stands inside the frame.
const INIT: u8 = 0xa0;
const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;

/// The mechanisms by their usual names ([MS-SPNG] 1.9, [MS-NEGOEX] 1.9, RFC 4178, A).
const NAMES: [(&str, &str); 8] = [
    ("1.2.840.48018.1.2.2", "MS-KRB5"),
    ("1.2.840.113554.1.2.2", "KRB5"),
    ("1.2.840.113554.1.2.2.3", "KRB5-U2U"),
    ("1.3.6.1.4.1.311.2.2.10", "NTLM"),
    ("1.3.6.1.4.1.311.2.2.30", "NegoEx"),
    ("1.3.6.1.5.5.2", "SPNEGO"),
    ("1.3.6.1.5.2.5", "IAKERB"),
    ("1.3.6.1.5.2.7", "PKU2U"),
];

fn name(oid: &Element<'_>) -> Option<String> {
    let oid: ObjectIdentifierAsn1 = oid.value()?;
    let dotted: String = oid.0.into();
    Some(NAMES.iter().find(|(numbers, _)| *numbers == dotted).map_or(dotted, |(_, name)| (*name).to_owned()))
}

/// What a mechanism's name says of the mechanism.
fn mechanism_of(name: &str) -> Option<Mechanism> {
    match name {
        "MS-KRB5" | "KRB5" | "KRB5-U2U" | "IAKERB" => Some(Mechanism::Kerberos),
        "NTLM" => Some(Mechanism::Ntlm),
        _ => None,
    }
}

/// An InitialContextToken: a mechanism's OID and its message. SPNEGO's message is a NegTokenInit.
pub fn gss(bytes: &[u8], seen: &mut TokenSeen) {
    let Some(frame) = der::tagged(bytes, GSS) else { return };
    seen.cut |= frame.cut();
    let Some((oid, message)) = der::first(frame.body).filter(|(oid, _)| oid.tag == OID) else { return };
    match name(&oid).as_deref() {
        Some("SPNEGO") => init(message, seen),
        Some(name) => {
            seen.mechanism = mechanism_of(name);
            kerberos::framed(message, seen);
        }
        None => {}
    }
}

/// NegTokenInit: `mechTypes[0]`, `reqFlags[1]`, `mechToken[2]`.
fn init(bytes: &[u8], seen: &mut TokenSeen) {
    seen.message.get_or_insert(TokenMessage::SpnegoInit);
    let Some(body) = der::tagged(bytes, INIT).and_then(|e| e.inner()).filter(|e| e.tag == SEQUENCE) else { return };
    if let Some(list) = body.field(0) {
        seen.mechanisms = list.children().filter_map(|oid| name(&oid)).collect();
    }
    // The token, when there is one, is of the first mechanism.
    seen.mechanism = seen.mechanisms.first().and_then(|name| mechanism_of(name)).or(seen.mechanism);
    if let Some(mech_token) = body.field(2) {
        inside(mech_token.body, seen);
    }
}

/// NegTokenResp: `negState[0]`, `supportedMech[1]`, `responseToken[2]`.
pub fn response(bytes: &[u8], seen: &mut TokenSeen) {
    let Some(frame) = der::tagged(bytes, RESPONSE) else { return };
    seen.cut |= frame.cut();
    let Some(body) = frame.inner().filter(|e| e.tag == SEQUENCE) else { return };
    seen.message = Some(TokenMessage::SpnegoResponse);
    seen.state = match body.field(0).and_then(|e| e.body.first().copied()) {
        Some(0) => Some(SpnegoState::AcceptCompleted),
        Some(1) => Some(SpnegoState::AcceptIncomplete),
        Some(2) => Some(SpnegoState::Reject),
        Some(3) => Some(SpnegoState::RequestMic),
        _ => None,
    };
    seen.rejects |= seen.state == Some(SpnegoState::Reject);
    if let Some(chosen) = body.field(1).and_then(|oid| name(&oid)) {
        seen.mechanism = mechanism_of(&chosen);
        seen.mechanisms = vec![chosen];
    }
    if let Some(token) = body.field(2) {
        inside(token.body, seen);
    }
}

/// A mechanism's own token inside SPNEGO. It tells more than its wrapper.
fn inside(bytes: &[u8], seen: &mut TokenSeen) {
    if bytes.starts_with(ntlm::SIGNATURE) {
        ntlm::read(bytes, seen);
    } else if bytes.starts_with(token::NEGOEX) {
        seen.message = Some(TokenMessage::NegoEx);
        seen.mechanism = Some(Mechanism::Undecided);
    } else if bytes.first() == Some(&GSS) {
        gss(bytes, seen);
    } else {
        kerberos::bare(bytes, seen);
    }
}
