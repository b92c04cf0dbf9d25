//! Tokens made anew with picky-krb's encoder, for tests here and elsewhere. Nothing in them was ever issued.

use base64::Engine;
use picky_asn1::bit_string::BitString;
use picky_asn1::date::GeneralizedTime;
use picky_asn1::restricted_string::IA5String;
use picky_asn1::wrapper::{
    Asn1SequenceOf, BitStringAsn1, ExplicitContextTag0, ExplicitContextTag1, ExplicitContextTag2, ExplicitContextTag3,
    ExplicitContextTag4, ExplicitContextTag5, ExplicitContextTag6, ExplicitContextTag9, ExplicitContextTag10,
    GeneralStringAsn1, GeneralizedTimeAsn1, IntegerAsn1, ObjectIdentifierAsn1, OctetStringAsn1, Optional,
};
use picky_asn1_der::application_tag::ApplicationTag;
use picky_krb::data_types::{EncryptedData, PrincipalName, Ticket, TicketInner};
use picky_krb::gss_api::{ApplicationTag0, GssApiNegInit, NegTokenInit};
use picky_krb::messages::{ApRep, ApRepInner, ApReq, ApReqInner, KrbCred, KrbCredInner, KrbError, KrbErrorInner};

pub const SPNEGO: &str = "1.3.6.1.5.5.2";
pub const MS_KRB5: &str = "1.2.840.48018.1.2.2";
pub const KRB5: &str = "1.2.840.113554.1.2.2";
pub const NEGOEX_OID: &str = "1.3.6.1.4.1.311.2.2.30";
pub const NTLMSSP: &str = "1.3.6.1.4.1.311.2.2.10";
/// What Windows offers, in its order.
pub const WINDOWS: [&str; 4] = [MS_KRB5, KRB5, NEGOEX_OID, NTLMSSP];

pub fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn string(text: &str) -> GeneralStringAsn1 {
    GeneralStringAsn1::from(IA5String::from_string(text.into()).unwrap())
}

fn oid(dotted: &str) -> ObjectIdentifierAsn1 {
    ObjectIdentifierAsn1(dotted.to_owned().try_into().unwrap())
}

fn int(n: i64) -> IntegerAsn1 {
    IntegerAsn1::from_bytes_be_signed(n.to_be_bytes().to_vec())
}

fn principal(name: &str) -> PrincipalName {
    PrincipalName {
        name_type: ExplicitContextTag0::from(int(2)),
        name_string: ExplicitContextTag1::from(Asn1SequenceOf::from(name.split('/').map(string).collect::<Vec<_>>())),
    }
}

fn sealed(etype: u8, kvno: Option<u32>, bytes: usize) -> EncryptedData {
    EncryptedData {
        etype: ExplicitContextTag0::from(int(etype.into())),
        kvno: Optional::from(kvno.map(|v| ExplicitContextTag1::from(int(v.into())))),
        cipher: ExplicitContextTag2::from(OctetStringAsn1::from(vec![0x5a; bytes])),
    }
}

fn ticket(realm: &str, service: &str, kvno: u32, bytes: usize) -> Ticket {
    Ticket::from(TicketInner {
        tkt_vno: ExplicitContextTag0::from(int(5)),
        realm: ExplicitContextTag1::from(string(realm)),
        sname: ExplicitContextTag2::from(principal(service)),
        enc_part: ExplicitContextTag3::from(sealed(18, Some(kvno), bytes)),
    })
}

/// An AP-REQ that asks for mutual authentication.
pub fn ap_req(realm: &str, service: &str, ticket_bytes: usize, authenticator_bytes: usize) -> Vec<u8> {
    let request: ApReq = ApplicationTag::from(ApReqInner {
        pvno: ExplicitContextTag0::from(int(5)),
        msg_type: ExplicitContextTag1::from(int(14)),
        ap_options: ExplicitContextTag2::from(BitStringAsn1::from(BitString::with_bytes(vec![0x20, 0, 0, 0]))),
        ticket: ExplicitContextTag3::from(ticket(realm, service, 7, ticket_bytes)),
        authenticator: ExplicitContextTag4::from(sealed(18, None, authenticator_bytes)),
    });
    picky_asn1_der::to_vec(&request).unwrap()
}

pub fn ap_rep() -> Vec<u8> {
    let reply: ApRep = ApplicationTag::from(ApRepInner {
        pvno: ExplicitContextTag0::from(int(5)),
        msg_type: ExplicitContextTag1::from(int(15)),
        enc_part: ExplicitContextTag2::from(sealed(18, None, 80)),
    });
    picky_asn1_der::to_vec(&reply).unwrap()
}

pub fn krb_cred(realm: &str, service: &str) -> Vec<u8> {
    let cred: KrbCred = ApplicationTag::from(KrbCredInner {
        pvno: ExplicitContextTag0::from(int(5)),
        msg_type: ExplicitContextTag1::from(int(22)),
        tickets: ExplicitContextTag2::from(Asn1SequenceOf::from(vec![ticket(realm, service, 2, 900)])),
        enc_part: ExplicitContextTag3::from(sealed(18, None, 200)),
    });
    picky_asn1_der::to_vec(&cred).unwrap()
}

fn time((year, month, day, hour, minute, second): (u16, u8, u8, u8, u8, u8)) -> GeneralizedTimeAsn1 {
    GeneralizedTimeAsn1::from(GeneralizedTime::new(year, month, day, hour, minute, second).unwrap())
}

/// A KRB-ERROR with the server's time and, where given, the client's.
pub fn krb_error(
    code: u32,
    server: (u16, u8, u8, u8, u8, u8),
    client: Option<(u16, u8, u8, u8, u8, u8)>,
    service: &str,
) -> Vec<u8> {
    let error: KrbError = ApplicationTag::from(KrbErrorInner {
        pvno: ExplicitContextTag0::from(int(5)),
        msg_type: ExplicitContextTag1::from(int(30)),
        ctime: Optional::from(client.map(|t| ExplicitContextTag2::from(time(t)))),
        cusec: Optional::from(None),
        stime: ExplicitContextTag4::from(time(server)),
        susec: ExplicitContextTag5::from(int(123_456)),
        error_code: ExplicitContextTag6::from(code),
        crealm: Optional::from(None),
        cname: Optional::from(None),
        realm: ExplicitContextTag9::from(string("CONTOSO.COM")),
        sname: ExplicitContextTag10::from(principal(service)),
        e_text: Optional::from(None),
        e_data: Optional::from(None),
    });
    picky_asn1_der::to_vec(&error).unwrap()
}

/// A mechanism's message in the GSS frame, `60 len OID id message`.
pub fn framed(mechanism: &str, id: [u8; 2], message: &[u8]) -> Vec<u8> {
    let mut body = picky_asn1_der::to_vec(&oid(mechanism)).unwrap();
    body.extend(id);
    body.extend(message);
    wrapped(0x60, &body)
}

/// SPNEGO's offer around a mechanism's token.
pub fn spnego(mechanisms: &[&str], token: Option<Vec<u8>>) -> Vec<u8> {
    let list: Vec<_> = mechanisms.iter().map(|m| oid(m)).collect();
    picky_asn1_der::to_vec(&ApplicationTag0(GssApiNegInit {
        oid: oid(SPNEGO),
        neg_token_init: ExplicitContextTag0::from(NegTokenInit {
            mech_types: Optional::from(Some(ExplicitContextTag0::from(Asn1SequenceOf::from(list)))),
            req_flags: Optional::from(None),
            mech_token: Optional::from(token.map(|t| ExplicitContextTag2::from(OctetStringAsn1::from(t)))),
            mech_list_mic: Optional::from(None),
        }),
    }))
    .unwrap()
}

/// SPNEGO's answer: state, chosen mechanism, token.
pub fn response(state: Option<u8>, mechanism: Option<&str>, token: Option<&[u8]>) -> Vec<u8> {
    let mut fields = Vec::new();
    if let Some(state) = state {
        fields.extend(wrapped(0xa0, &[0x0a, 1, state]));
    }
    if let Some(mechanism) = mechanism {
        fields.extend(wrapped(0xa1, &picky_asn1_der::to_vec(&oid(mechanism)).unwrap()));
    }
    if let Some(token) = token {
        fields.extend(wrapped(0xa2, &wrapped(0x04, token)));
    }
    wrapped(0xa1, &wrapped(0x30, &fields))
}

fn wrapped(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match body.len() {
        short @ 0..=0x7f => out.push(u8::try_from(short).unwrap()),
        long => {
            out.push(0x82);
            out.extend(u16::try_from(long).unwrap().to_be_bytes());
        }
    }
    out.extend(body);
    out
}

/// What a Windows client sends: SPNEGO around an AP-REQ for a service.
pub fn windows_kerberos(service: &str, authenticator_bytes: usize) -> Vec<u8> {
    let request = ap_req("CONTOSO.COM", service, 1184, authenticator_bytes);
    spnego(&WINDOWS, Some(framed(KRB5, [1, 0], &request)))
}
