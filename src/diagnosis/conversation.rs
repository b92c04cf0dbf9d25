//! Asked against granted: one row per handshake, for Windows and POSIX according to what each really logs.

use crate::case::Located;
use crate::facts::{Handshake, Library, Mechanism};
use crate::report::Conversation;

/// The row of a handshake.
pub fn row(fact: &Located<'_>, h: &Handshake) -> Conversation {
    let asked = match h.asked.as_ref().map(|a| a.value) {
        Some(true) => "delegate",
        Some(false) => "none",
        None => "unknown",
    };
    // On Windows false is provisional while the context is open, which after one HTTP leg it is (netlog.md, 2.4).
    let granted = match (h.library, h.granted.as_ref().map(|g| g.value), h.mechanism.as_ref().map(|m| m.value)) {
        (_, _, Some(Mechanism::Ntlm)) => "no",
        (_, Some(true), _) => "yes",
        (Library::Gssapi, Some(false), _) => "no",
        _ => "unknown",
    };
    let mechanism = match h.mechanism.as_ref().map(|m| m.value) {
        Some(Mechanism::Kerberos) => "kerberos",
        Some(Mechanism::Ntlm) => "ntlm",
        Some(Mechanism::Undecided) => "undecided",
        None => "none",
    };
    let failed = h.failure.as_ref().map(|f| {
        if f.value.message.is_empty() {
            crate::observations::status_words(f.value.status)
        } else {
            f.value.message.clone()
        }
    });
    let status = match (h.final_status.as_ref().map(|s| s.value), failed) {
        (Some(status), Some(failed)) => Some(format!("HTTP {status}; {failed}")),
        (Some(status), None) => Some(format!("HTTP {status}")),
        (None, failed) => failed,
    };
    let places = [
        h.spn.as_ref().map(|s| &s.place),
        h.asked.as_ref().map(|a| &a.place),
        h.granted.as_ref().map(|g| &g.place),
        h.final_status.as_ref().map(|s| &s.place),
    ];
    let says = ["the name asked for", "what was asked", "what was granted", "how the server answered"];
    let because =
        places.into_iter().zip(says).filter_map(|(place, says)| place.map(|p| fact.because_at(p, says))).collect();
    Conversation {
        spn: h.spn.as_ref().map(|s| s.value.to_string()),
        asked: asked.to_owned(),
        granted: granted.to_owned(),
        mechanism: mechanism.to_owned(),
        source: h.source_name.clone(),
        target: h.target_name.clone(),
        status,
        library: match h.library {
            Library::Sspi => "sspi",
            Library::Gssapi => "gssapi",
            Library::Unknown => "",
        }
        .to_owned(),
        because,
    }
}
