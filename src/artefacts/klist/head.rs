//! The head of a klist output: session, count, `klist get`'s result, and what is no listing of tickets at all.

use super::command;
use super::words::{self, Word};
use crate::artefacts::Anchor;
use crate::artefacts::kind::Kind;
use crate::facts::{At, Place, TicketRequest};
use crate::ingest::lines::Line;
use crate::vocabulary::codes;
use crate::vocabulary::names::Spn;

/// How languages write "tickets" on the line with their number.
const TICKETS: [&str; 16] = [
    "ticket",
    "vales",
    "билет",
    "票证",
    "票證",
    "チケット",
    "티켓",
    "bilet",
    "bilhete",
    "tíquete",
    "bigliett",
    "biljett",
    "lístk",
    "billett",
    "квитк",
    "jegy",
];

/// Anchors of the head's lines.
pub(super) fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let trimmed = line.trim();
    let open = current == Some(Kind::Klist);
    let last = trimmed.split_whitespace().next_back().unwrap_or_default();
    if words::logon_id(last).is_some()
        && !trimmed.starts_with(['[', '|', '#'])
        && !trimmed.contains(['\\', '>'])
        && trimmed.split_whitespace().count() <= 12
    {
        return Anchor::head(2, "the line with the logon id of klist");
    }
    if trimmed.contains("KDC binding cache has been") {
        return Anchor::head(3, "the words of klist query_bind");
    }
    if trimmed.contains("has been retrieved successfully") && trimmed.contains('/') {
        return Anchor::head(3, "klist get: a ticket was retrieved");
    }
    if words::count(last).is_some() && trimmed.trim_end_matches(last).trim_end().ends_with([':', '：']) {
        let lower = trimmed.to_lowercase();
        if open || TICKETS.iter().any(|t| lower.contains(t)) {
            return Anchor::head(4, "the line with the number of cached tickets");
        }
    }
    let failed =
        trimmed.contains("LsaCallAuthenticationPackage") || (trimmed.contains("klist") && status(trimmed).is_some());
    let purged = trimmed.starts_with("Deleting all tickets:") || trimmed.starts_with("Ticket(s) purged");
    let other = trimmed.contains("Cloud Kerberos Debug") || trimmed.contains("KDC binding cache");
    (failed || purged || other).then(|| Anchor::belongs("the words of Windows' klist")).flatten()
}

/// `0xc000018b/-1073741429`: the status word of a line.
fn status(text: &str) -> Option<(&str, u32)> {
    text.split_whitespace().find_map(|word| {
        let (hex, signed) = word.split_once('/')?;
        let number = codes::parse_hex(hex)?;
        signed.starts_with('-').then_some((hex, number))
    })
}

/// A failed call.
pub(super) struct Failed {
    substatus: Option<u32>,
    status: Option<u32>,
    place: Place,
    get: bool,
}

/// What the head says.
#[derive(Default)]
pub(super) struct Head {
    pub logon_id: Option<String>,
    pub targeted: Option<String>,
    pub claimed: Option<At<u32>>,
    pub failed: Option<Failed>,
    pub no_session: bool,
    /// From the logon id to the count.
    pub place: Option<Place>,
    /// Not a listing of tickets: what it is instead.
    pub other: Option<&'static str>,
    get: Option<At<Option<Spn>>>,
    success: bool,
}

impl Head {
    /// The request for one ticket, where there was one.
    pub fn request(&self, tickets: bool) -> Option<At<TicketRequest>> {
        let spn = self.get.as_ref().and_then(|g| g.value.clone());
        if let Some(failed) = self.failed.as_ref().filter(|f| f.get || self.get.is_some()) {
            let place = self.get.as_ref().map_or_else(|| failed.place.clone(), |g| g.place.to(&failed.place));
            let (substatus, status) = (failed.substatus, failed.status);
            return Some(At::new(
                TicketRequest { spn, issued: false, substatus, status, ..TicketRequest::default() },
                place,
            ));
        }
        let get = self.get.as_ref().filter(|_| self.success || tickets)?;
        Some(At::new(TicketRequest { spn, issued: true, ..TicketRequest::default() }, get.place.clone()))
    }
}

/// Reads the head of one listing.
pub(super) fn read(lines: &[Line], words: &[Word<'_>]) -> Head {
    let mut head = Head { other: other(lines, words), ..Head::default() };
    let first = words.iter().position(|w| words::marker(w.text).is_some()).unwrap_or(words.len());
    let mut place: Option<Place> = None;
    let mut cover = |line: &Line| place = Some(place.as_ref().map_or_else(|| line.place(), |p| p.to(&line.place())));
    let mut ids = Vec::new();
    for word in words.iter().take(first) {
        if let Some(id) = words::logon_id(word.text) {
            cover(word.line);
            ids.push(id.to_owned());
        }
        if let Some(n) = words::count(word.text) {
            cover(word.line);
            head.claimed = Some(At::new(n, word.line.lit([word.text])));
        }
    }
    head.place = place;
    let mut ids = ids.into_iter();
    (head.logon_id, head.targeted) = (ids.next(), ids.next());
    head.failed = failed(lines);
    if head.failed.is_some() {
        head.claimed = None;
    }
    head.no_session =
        head.failed.as_ref().is_some_and(|f| f.status == Some(0xC000_005F) || (!f.get && f.substatus == Some(1312)));
    let head_lines = words.get(first).map_or(u32::MAX, |w| w.line.number);
    read_get(lines, head_lines, &mut head);
    head
}

/// The command, or the sentence that names the service between the session and the count.
fn read_get(lines: &[Line], before: u32, head: &mut Head) {
    for line in lines.iter().take_while(|l| l.number <= before) {
        if let Some(command) = command::klist(&line.text) {
            if command.get {
                let lit: Vec<String> = command.spn.iter().map(ToString::to_string).collect();
                head.get = Some(At::new(command.spn, line.lit(lit)));
            }
            continue;
        }
        let head_of_line = line.text.split('#').next().unwrap_or_default();
        let words: Vec<&str> = head_of_line.split_whitespace().collect();
        let named =
            words.iter().find(|w| w.contains('/') && !w.contains('\\') && !w.contains("://") && !w.starts_with("0x"));
        let named =
            named.map(|w| w.trim_matches(['"', '\'', '.', '«', '»'])).filter(|w| w.starts_with(char::is_alphabetic));
        let Some(spn) = named.and_then(Spn::parse) else { continue };
        let success = head.logon_id.is_some()
            && words.len() >= 3
            && head.failed.is_none()
            && !words.iter().any(|w| w.starts_with("0x"))
            && !head_of_line.contains(" @ ");
        if success {
            head.success = true;
            let place = line.lit([spn.to_string()]);
            let place = head.get.as_ref().map_or(place.clone(), |g| g.place.to(&place));
            head.get = Some(At::new(Some(spn), place));
        }
    }
}

/// ERROR_NO_TRUST_SAM_ACCOUNT, klist's substatus for a name that the domain controller does not know.
const NO_TRUST_SAM_ACCOUNT: u32 = 0x6fb;

/// `Error calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x6fb` and `klist failed with 0xc000018b/-…`.
/// The substatus is hexadecimal or, for some calls, decimal.
fn failed(lines: &[Line]) -> Option<Failed> {
    let call = lines.iter().find(|l| l.text.contains("LsaCallAuthenticationPackage"));
    let end = lines.iter().find_map(|l| status(&l.text).map(|(hex, n)| (l, hex, n)));
    let substatus = call.and_then(|l| {
        let (_, tail) = l.text.split_once("LsaCallAuthenticationPackage")?;
        let word = tail.split_whitespace().find(|w| w.chars().next().is_some_and(|c| c.is_ascii_digit()))?;
        let word = word.trim_end_matches([':', '.', ',']);
        let number = codes::parse_hex(word).or_else(|| word.parse().ok())?;
        Some((l, word, number))
    });
    let places =
        [substatus.map(|(l, word, _)| l.lit([word])), end.map(|(l, hex, _)| l.lit([hex])), call.map(Line::place)];
    let place = places.into_iter().flatten().reduce(|a, b| a.to(&b))?;
    let (substatus, status) = (substatus.map(|s| s.2), end.map(|e| e.2));
    // In other languages the words in brackets are translated; that a name is not known is only said of a name.
    let of_a_name = substatus == Some(NO_TRUST_SAM_ACCOUNT) || status == Some(codes::status::NO_TRUST_SAM_ACCOUNT);
    let get = of_a_name || call.is_some_and(|l| l.text.contains("GetTicket"));
    Some(Failed { substatus, status, place, get })
}

/// klist commands that print no tickets.
fn other(lines: &[Line], words: &[Word<'_>]) -> Option<&'static str> {
    let any = |text: &str| lines.iter().any(|l| l.text.contains(text));
    let tickets = words.iter().any(|w| w.text == "@");
    if any("Cloud Kerberos Debug") || any("AS_REP callback") {
        return Some("klist cloud_debug lists no tickets. Run klist for the tickets of the session.");
    }
    if any("KDC binding cache") || (any("DC Flags:") && any("RealmName")) {
        return Some(
            "klist query_bind lists domain controllers, not tickets. Run klist for the tickets of the session.",
        );
    }
    let purge = any("Ticket(s) purged") || lines.iter().any(|l| command::klist(&l.text).is_some_and(|c| c.purge));
    (purge && !tickets)
        .then_some("klist purge empties the cache. Open the page again and run klist then: a listing before the next visit shows nothing.")
}
