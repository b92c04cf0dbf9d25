//! Known answers, from tokens made with picky-krb's encoder, and properties: any cut and any flipped bit is read.

use super::super::samples::*;
use super::super::told;
use super::*;
use crate::facts::{KrbClock, Mechanism, NtlmSeen, Sealed, SpnegoState, TokenMessage};
use crate::vocabulary::civil;
use proptest::prelude::*;

const NTLM_1: &str = "TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAPRlAAAADw==";

fn seen(bytes: &[u8]) -> TokenSeen {
    sniff(&base64(bytes)).unwrap()
}

#[test]
fn a_windows_client_presents_its_ticket() {
    let token = windows_kerberos("HTTP/web.contoso.com", 434);
    let want = TokenSeen {
        mechanism: Some(Mechanism::Kerberos),
        bytes: u64::try_from(token.len()).unwrap(),
        message: Some(TokenMessage::ApReq),
        mechanisms: ["MS-KRB5", "KRB5", "NegoEx", "NTLM"].map(str::to_owned).to_vec(),
        realm: Some("CONTOSO.COM".into()),
        service: Some("HTTP/web.contoso.com".into()),
        ticket: Some(Sealed { etype: 18, kvno: Some(7), bytes: Some(1184) }),
        authenticator: Some(Sealed { etype: 18, kvno: None, bytes: Some(434) }),
        mutual: Some(true),
        user_to_user: Some(false),
        ..TokenSeen::default()
    };
    assert_eq!(seen(&token), want);
    insta::assert_snapshot!(told::told(&want), @"SPNEGO offers MS-KRB5, KRB5, NegoEx, NTLM; a Kerberos ticket for HTTP/web.contoso.com in CONTOSO.COM, ticket AES-256-CTS-HMAC-SHA1-96 (18), key version 7, 1184 bytes, authenticator AES-256-CTS-HMAC-SHA1-96 (18), 434 bytes, the ticket's flags and times, the user's name and whether delegation was asked for are encrypted");
    // Without SPNEGO, and without any frame, the ticket reads the same.
    let request = ap_req("CONTOSO.COM", "HTTP/web.contoso.com", 1184, 434);
    for raw in [framed(MS_KRB5, [1, 0], &request), request] {
        let got = seen(&raw);
        assert_eq!((&got.ticket, &got.service, got.mechanism), (&want.ticket, &want.service, want.mechanism));
        assert!(got.mechanisms.is_empty());
    }
}

#[test]
fn a_cut_token_tells_what_came_before_the_cut() {
    let token = windows_kerberos("HTTP/web.contoso.com", 1673);
    let whole = seen(&token);
    // Inside the ticket's cipher: everything but the authenticator.
    let cut = seen(&token[..700]);
    assert!(cut.cut && !whole.cut);
    assert_eq!((&cut.ticket, &cut.realm, &cut.authenticator), (&whole.ticket, &whole.realm, &None));
    // Inside the authenticator's cipher: its length stands before it.
    assert_eq!(seen(&token[..token.len() - 900]).authenticator, whole.authenticator);
    // Behind the mechanisms, as logs shorten it.
    let text = base64(&token);
    let short = sniff(&format!("{}…", text.get(..100).unwrap())).unwrap();
    assert_eq!((short.mechanism, short.mechanisms.len(), short.cut), (Some(Mechanism::Kerberos), 4, true));
}

#[test]
fn what_the_server_answers() {
    let server = (2026, 11, 23, 3, 9, 7);
    let error = krb_error(37, server, Some((2026, 11, 23, 3, 0, 7)), "HTTP/web.contoso.com");
    let at = civil::seconds(2026, 11, 23, 3, 9, 7).unwrap();
    for token in [
        response(Some(2), Some(KRB5), Some(&framed(KRB5, [3, 0], &error))),
        response(Some(1), None, Some(&error)),
        framed(KRB5, [3, 0], &error),
    ] {
        let got = seen(&token);
        assert_eq!((got.krb_error, got.rejects, got.message), (Some(37), true, Some(TokenMessage::KrbError)));
        assert_eq!(got.clock, Some(KrbClock { server: at, client: Some(at - 540) }));
        assert_eq!(got.service.as_deref(), Some("HTTP/web.contoso.com"));
    }
    let done = seen(&response(Some(0), Some(KRB5), Some(&framed(KRB5, [2, 0], &ap_rep()))));
    assert_eq!((done.state, done.message), (Some(SpnegoState::AcceptCompleted), Some(TokenMessage::ApRep)));
    assert!(!done.rejects && done.mechanism == Some(Mechanism::Kerberos));
    let reject = sniff("oQcwBaADCgEC").unwrap();
    assert_eq!((reject.rejects, reject.mechanism, reject.state), (true, None, Some(SpnegoState::Reject)));
    let more = sniff("oRQwEqADCgEAoQsGCSqGSIb3EgECAg==").unwrap();
    assert_eq!((more.rejects, more.mechanisms.as_slice()), (false, &["KRB5".to_owned()][..]));
    assert_eq!(seen(&response(Some(3), Some(NTLMSSP), None)).state, Some(SpnegoState::RequestMic));
}

#[test]
fn ntlm_bare_and_wrapped_says_its_windows_and_no_name() {
    let bare = sniff(NTLM_1).unwrap();
    let want = NtlmSeen { build: Some("10.0.26100".into()), domain: Some(false), user: None, host: Some(false) };
    assert_eq!((bare.mechanism, bare.message), (Some(Mechanism::Ntlm), Some(TokenMessage::NtlmNegotiate)));
    assert_eq!(bare.ntlm.as_deref(), Some(&want));
    assert!(told::told(&bare).contains("Windows 11 24H2 or Server 2025"));
    let raw = base64::engine::general_purpose::STANDARD.decode(NTLM_1).unwrap();
    // SPNEGO that leads with Kerberos may still carry NTLM.
    for token in [
        spnego(&[NTLMSSP], Some(raw.clone())),
        spnego(&WINDOWS, Some(raw)),
        response(Some(1), None, Some(&challenge())),
    ] {
        assert_eq!(seen(&token).mechanism, Some(Mechanism::Ntlm));
    }
    let third = seen(&authenticate("CONTOSO", "alice", "PC42"));
    let names = NtlmSeen { build: Some("6.1.7601".into()), domain: Some(true), user: Some(true), host: Some(true) };
    assert_eq!((third.message, third.ntlm.clone()), (Some(TokenMessage::NtlmAuthenticate), Some(Box::new(names))));
    let said = format!("{third:?} {}", told::told(&third));
    assert!(!said.contains("alice") && !said.contains("PC42"), "{said}");
}

fn challenge() -> Vec<u8> {
    let mut bytes = b"NTLMSSP\0\x02\0\0\0".to_vec();
    bytes.extend([8, 0, 8, 0, 56, 0, 0, 0, 5, 2, 0, 2]);
    bytes.resize(48, 0x11);
    bytes.extend([10, 0, 0x7c, 0x4f, 0, 0, 0, 15]);
    bytes
}

fn authenticate(domain: &str, user: &str, host: &str) -> Vec<u8> {
    let mut bytes = b"NTLMSSP\0\x03\0\0\0".to_vec();
    for length in [24, 24, domain.len() * 2, user.len() * 2, host.len() * 2, 16] {
        let length = u16::try_from(length).unwrap().to_le_bytes();
        bytes.extend(length);
        bytes.extend(length);
        bytes.extend(88u32.to_le_bytes());
    }
    bytes.extend(0xe288_8215u32.to_le_bytes());
    bytes.extend([6, 1, 0xb1, 0x1d, 0, 0, 0, 15]);
    bytes.resize(88, 0);
    bytes.extend(format!("{domain}{user}{host}").encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

#[test]
fn other_mechanisms() {
    let nego = seen(&spnego(&[NEGOEX_OID, NTLMSSP], Some(b"NEGOEXTS\0\0\0\0".to_vec())));
    assert_eq!((nego.message, nego.mechanism), (Some(TokenMessage::NegoEx), Some(Mechanism::Undecided)));
    let cred = seen(&krb_cred("CONTOSO.COM", "krbtgt/CONTOSO.COM"));
    assert_eq!((cred.message, cred.service.as_deref()), (Some(TokenMessage::KrbCred), Some("krbtgt/CONTOSO.COM")));
    assert!(told::told(&cred).contains("exported ticket"));
    let offer = seen(&spnego(&WINDOWS, None));
    assert_eq!((offer.message, offer.mechanism), (Some(TokenMessage::SpnegoInit), Some(Mechanism::Kerberos)));
    assert_eq!(seen(&framed(KRB5, [4, 0], &[0x30, 0])).message, Some(TokenMessage::UserToUser));
    let odd = seen(&ap_req("REALM", "svc", 10, 10));
    assert_eq!(odd.service.as_deref(), Some("svc"));
    for none in ["not base64!", "", "YII", "{\"a\":1}"] {
        assert_eq!(sniff(none), None, "{none}");
    }
    assert_eq!(sniff("aGVsbG8gd29ybGQ=").unwrap(), TokenSeen { bytes: 11, ..TokenSeen::default() });
}

fn any_token() -> impl Strategy<Value = Vec<u8>> {
    let time = (2026, 11, 23, 3, 9, 7);
    prop_oneof![
        (1usize..1500, 1usize..2000).prop_map(|(ticket, sent)| spnego(
            &WINDOWS,
            Some(framed(KRB5, [1, 0], &ap_req("CONTOSO.COM", "HTTP/web.contoso.com", ticket, sent)))
        )),
        (0u32..90).prop_map(move |code| response(
            Some(2),
            Some(KRB5),
            Some(&framed(KRB5, [3, 0], &krb_error(code, time, Some(time), "HTTP/web")))
        )),
        Just(authenticate("CONTOSO", "alice", "PC")),
        Just(krb_cred("R", "krbtgt/R")),
        Just(response(Some(0), Some(KRB5), Some(&ap_rep()))),
    ]
}

proptest! {
    #[test]
    fn any_cut_is_read_and_never_says_more_than_the_whole(token in any_token(), at in any::<prop::sample::Index>()) {
        let whole = seen(&token);
        let got = of_bytes(&token[..at.index(token.len())]);
        prop_assert!(got.service.is_none() || got.service == whole.service);
        prop_assert!(got.ticket.as_ref().is_none_or(|t| t.bytes.is_none() || got.ticket == whole.ticket));
        prop_assert!(got.krb_error.is_none() || got.krb_error == whole.krb_error);
        prop_assert!(got.clock.as_ref().is_none_or(|c| c.client.is_none() || got.clock == whole.clock));
    }

    #[test]
    fn flipped_bits_never_panic(token in any_token(), flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..20)) {
        let mut token = token;
        for (at, bit) in flips {
            let length = token.len();
            token[at.index(length)] ^= 1 << bit;
        }
        let said = told::told(&of_bytes(&token));
        prop_assert!(!said.is_empty() && !said.chars().any(char::is_control));
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), first in prop::sample::select(vec![0x60u8, 0xa1, 0x6e, 0x7e, 0x76])) {
        of_bytes(&bytes);
        let mut framed = vec![first, 0x82, 0x01, 0x00];
        framed.extend(&bytes);
        of_bytes(&framed);
        sniff(&base64(&bytes));
    }
}
