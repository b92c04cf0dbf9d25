//! What a token says, in words: what could be read, and what nobody can read without the keys.

use super::{kerberos, ntlm};
use crate::facts::{NtlmSeen, Sealed, TokenMessage, TokenSeen};
use crate::vocabulary::codes;

/// What an AP-REQ hides, so that nobody looks for it here.
pub const HIDDEN: &str =
    "the ticket's flags and times, the user's name and whether delegation was asked for are encrypted";

/// The token in one line.
pub fn told(seen: &TokenSeen) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(state) = seen.state {
        parts.push(format!("SPNEGO answers {}", state.word()));
    }
    match seen.mechanisms.as_slice() {
        [] => {}
        [one] if seen.state.is_some() => parts.push(format!("by {one}")),
        list => parts.push(format!("SPNEGO offers {}", list.join(", "))),
    }
    parts.extend(message(seen));
    if seen.cut {
        parts.push(format!("breaks off after {} bytes", seen.bytes));
    }
    if parts.is_empty() { format!("a token of {} bytes", seen.bytes) } else { parts.join("; ") }
}

fn message(seen: &TokenSeen) -> Option<String> {
    Some(match seen.message? {
        TokenMessage::ApReq => ap_req(seen),
        TokenMessage::ApRep => "a Kerberos AP-REP: the server could read the ticket".to_owned(),
        TokenMessage::KrbError => krb_error(seen),
        TokenMessage::KrbCred => {
            "a KRB-CRED: an exported ticket, as good as a password until it ends; it belongs in no mail".to_owned()
        }
        TokenMessage::UserToUser => "a Kerberos user-to-user request".to_owned(),
        TokenMessage::NtlmNegotiate => ntlm_message("NTLM message 1 (negotiate)", seen.ntlm.as_deref()),
        TokenMessage::NtlmChallenge => ntlm_message("NTLM message 2 (challenge)", seen.ntlm.as_deref()),
        TokenMessage::NtlmAuthenticate => ntlm_message("NTLM message 3 (authenticate)", seen.ntlm.as_deref()),
        TokenMessage::NegoEx => "extended negotiation (NegoEx)".to_owned(),
        TokenMessage::SpnegoInit | TokenMessage::SpnegoResponse => return None,
    })
}

fn ap_req(seen: &TokenSeen) -> String {
    let service = seen.service.as_deref().unwrap_or("a service that can't be read");
    let realm = seen.realm.as_ref().map(|r| format!(" in {r}")).unwrap_or_default();
    let mut parts = vec![format!("a Kerberos ticket for {service}{realm}")];
    parts.extend(seen.ticket.as_ref().map(|t| sealed("ticket", t)));
    parts.extend(seen.authenticator.as_ref().map(|a| sealed("authenticator", a)));
    if seen.user_to_user == Some(true) {
        parts.push("user to user".to_owned());
    }
    parts.push(HIDDEN.to_owned());
    parts.join(", ")
}

fn sealed(what: &str, part: &Sealed) -> String {
    let etype = kerberos::etype_name(part.etype)
        .map_or_else(|| format!("encryption type {}", part.etype), |name| format!("{name} ({})", part.etype));
    let kvno = part.kvno.map(|v| format!(", key version {v}")).unwrap_or_default();
    let bytes = part.bytes.map(|b| format!(", {b} bytes")).unwrap_or_default();
    format!("{what} {etype}{kvno}{bytes}")
}

fn krb_error(seen: &TokenSeen) -> String {
    let code = seen.krb_error.map_or_else(
        || "an error that can't be read".to_owned(),
        |number| {
            let symbol = codes::lookup("KRB_ERROR", number).map(|row| format!(" {}", row.symbol));
            format!("error {number}{}", symbol.unwrap_or_default())
        },
    );
    let service = seen.service.as_ref().map(|s| format!(" from {s}")).unwrap_or_default();
    format!("Kerberos {code}{service}")
}

fn ntlm_message(what: &str, ntlm: Option<&NtlmSeen>) -> String {
    let Some(ntlm) = ntlm else { return what.to_owned() };
    let build = ntlm.build.as_ref().map(|build| match ntlm::windows_of(build) {
        Some(windows) => format!("sent by version {build}, {windows}"),
        None => format!("sent by version {build}"),
    });
    let names: Vec<&str> = [("domain", ntlm.domain), ("user", ntlm.user), ("computer", ntlm.host)]
        .into_iter()
        .filter_map(|(name, there)| (there == Some(true)).then_some(name))
        .collect();
    let names = (!names.is_empty()).then(|| format!("names of {} in it, not shown", names.join(", ")));
    std::iter::once(what.to_owned()).chain(build).chain(names).collect::<Vec<_>>().join(", ")
}
