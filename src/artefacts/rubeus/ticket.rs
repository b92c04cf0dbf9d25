//! Tickets: `triage`'s table and the labelled blocks of `klist`, `describe`, describeTicket and Metasploit.

use super::listing;
use super::stamps::stamp;
use crate::artefacts::Reading;
use crate::artefacts::fields::{self, Field};
use crate::facts::{At, Place, Statement, Ticket};
use crate::ingest::lines::Line;
use crate::vocabulary::names::{Principal, Spn};
use crate::vocabulary::ticket_flags::TicketFlags;

const LABELS: [&str; 34] = [
    "Server Name",
    "Client Name",
    "ServiceName",
    "ServiceRealm",
    "UserName",
    "UserRealm",
    "Service Name",
    "Service Realm",
    "User Name",
    "User Realm",
    "Start/End/MaxRenew",
    "StartTime",
    "EndTime",
    "RenewTill",
    "Start Time",
    "End Time",
    "Renew Till",
    "Flags",
    "Ticket Flags",
    "KeyType",
    "Key Type",
    "EncryptionType",
    "Ticket etype",
    "Base64(key)",
    "ASREP (key)",
    "Base64EncodedTicket",
    "Ticket Session Key",
    "Server",
    "Client",
    "Current LUID",
    "LogonId",
    "SessionKeyType",
    "Authentication package",
    "UserAccountControl",
];

/// Labels that only these tools print.
const TELLING: [&str; 9] = [
    "Start/End/MaxRenew",
    "ServiceRealm",
    "Base64(key)",
    "Base64EncodedTicket",
    "ASREP (key)",
    "Service Realm",
    "Ticket Session Key",
    "User Realm",
    "UserRealm",
];

pub(super) fn anchor(line: &str, open: bool) -> bool {
    let trimmed = line.trim();
    if row(trimmed).is_some() || trimmed.starts_with("| LUID") || index(trimmed).is_some() {
        return true;
    }
    let bare = trimmed.strip_prefix("[*]").or_else(|| trimmed.strip_prefix("[+]")).unwrap_or(trimmed);
    let starts = |labels: &[&'static str]| fields::label_at_start(bare, labels).is_some();
    starts(&TELLING)
        || starts(&["ServiceName", "Service Name"]) && trimmed.contains('/')
        || starts(&["Server Name", "Client Name", "Flags"])
            && (trimmed.contains(" : ") || hex(trimmed).is_some())
            && (trimmed.contains('@') || hex(trimmed).is_some() && flags(trimmed).is_some())
        || open && (starts(&LABELS) || trimmed.starts_with("----"))
}

/// `[0] - 0x12 - aes256_cts_hmac_sha1`.
fn index(line: &str) -> Option<&str> {
    let (number, rest) = line.strip_prefix('[')?.split_once(']')?;
    number.parse::<u32>().ok()?;
    let mut parts = rest.split(" - ").map(str::trim).filter(|p| !p.is_empty());
    let code = parts.next()?.trim_start_matches('-').trim();
    (code.starts_with("0x")).then(|| parts.next().unwrap_or(code))
}

/// A row of triage: LUID, user, service, end.
fn row(line: &str) -> Option<[&str; 4]> {
    let inner = line.strip_prefix('|')?;
    let cells: Vec<&str> = inner.trim_end_matches('|').split('|').map(str::trim).collect();
    match cells.as_slice() {
        [luid, user, service, end] if luid.starts_with("0x") && service.contains('/') => {
            Some([luid, user, service, end])
        }
        _ => None,
    }
}

/// The hex word: `(60a10000)` at the end, `(0x40a50000)`, or `0x40a50000 (FORWARDABLE…)`.
fn hex(text: &str) -> Option<(&str, u32)> {
    text.split([' ', '(', ')', ',', '\t']).find_map(|w| {
        let digits = w.strip_prefix("0x").unwrap_or(w);
        let shape = digits.len() == 8 && digits.chars().all(|c| c.is_ascii_hexdigit());
        shape.then(|| u32::from_str_radix(digits, 16).ok().map(|n| (w, n))).flatten()
    })
}

fn flags(text: &str) -> Option<TicketFlags> {
    // The hex word counts, the words beside it are a claim.
    hex(text)
        .map(|(_, n)| TicketFlags(n))
        .or_else(|| TicketFlags::from_words(text.split([',', ' ', '(', ')', '|']).map(str::trim)))
}

pub(super) fn read(lines: &[Line], reading: &mut Reading) {
    let mut tickets: Vec<(Place, Ticket)> = Vec::new();
    for line in lines {
        if let Some([_, user, service, end]) = row(line.trimmed())
            && let Some(spn) = Spn::parse(service)
        {
            let client = Principal::parse(user);
            let realm = client.realm.clone();
            let place = line.lit([spn.to_string()]);
            let ticket = Ticket { end: stamp(end), realm, ..ticket(client, Some(spn), place.clone()) };
            tickets.push((place, ticket));
        }
    }
    let mut etype: Option<String> = None;
    for block in blocks(lines) {
        etype = block.first().and_then(|l| index(l.trimmed())).map(str::to_owned).or(etype.take());
        tickets.extend(labelled(block, etype.take()));
    }
    if tickets.is_empty() {
        return;
    }
    let head = listing(lines, u32::try_from(tickets.len()).unwrap_or(u32::MAX));
    reading.fact(head.place, Statement::TicketListing(head.value));
    for (place, ticket) in tickets {
        reading.fact(place, Statement::Ticket(Box::new(ticket)));
    }
}

fn ticket(client: Principal, server: Option<Spn>, server_place: Place) -> Ticket {
    Ticket {
        client,
        server,
        realm: String::new(),
        server_place,
        flags: None,
        cache_flags: None,
        etype: None,
        start: None,
        end: None,
        renew: None,
        kdc_called: None,
        held_by_service: false,
    }
}

/// Blocks begin at `[n] - 0x…`, at a credential, or where a name is told a second time.
fn blocks(lines: &[Line]) -> Vec<&[Line]> {
    const NAMES: [&str; 4] = ["Server Name", "ServiceName", "Service Name", "Server"];
    let mut cuts = vec![0usize];
    let mut named = false;
    for (at, line) in lines.iter().enumerate() {
        let text = line.trimmed();
        let name = fields::label_at_start(text, &NAMES).is_some();
        if index(text).is_some()
            || text.starts_with("Credential[")
            || (name && named && !text.starts_with("Server Name"))
        {
            cuts.push(at);
            named = false;
        }
        named |= name;
    }
    let ends = cuts.iter().skip(1).copied().chain(std::iter::once(lines.len()));
    cuts.iter().zip(ends).filter_map(|(start, end)| lines.get(*start..end)).collect()
}

fn labelled(lines: &[Line], mut etype: Option<String>) -> Option<(Place, Ticket)> {
    let all = fields::fields(lines, &LABELS);
    let find =
        |labels: &[&str]| -> Option<&Field> { all.iter().find(|f| labels.contains(&f.label) && !f.value.is_empty()) };
    let server = find(&["Server Name", "ServiceName", "Service Name", "Server"])?;
    let name = Principal::parse(&server.value);
    let spn = Spn::parse(&name.name)?;
    let client = find(&["Client Name", "UserName", "User Name", "Client"]);
    let mut client = Principal::parse(client.map_or("", |f| f.value.trim_end_matches(" (NT_PRINCIPAL)")));
    if let (true, Some(realm)) = (client.realm.is_empty(), find(&["UserRealm", "User Realm"])) {
        client.realm.clone_from(&realm.value);
    }
    let realm = find(&["ServiceRealm", "Service Realm"]).map(|f| f.value.clone()).unwrap_or(name.realm);
    let flags_field = all.iter().find(|f| matches!(f.label, "Flags" | "Ticket Flags") && flags(&f.value).is_some());
    let flags = flags_field.and_then(|f| {
        let found = flags(&f.value)?;
        let lit = hex(&f.value).map(|(w, _)| w.to_owned());
        Some(At::new(found, f.place.clone().lit(lit)))
    });
    let times: Vec<&str> = find(&["Start/End/MaxRenew"]).map(|f| f.value.split(" ; ").collect()).unwrap_or_default();
    let time = |at: usize, labels: &[&str]| {
        times.get(at).copied().or_else(|| find(labels).map(|f| f.value.as_str())).and_then(stamp)
    };
    if let Some(found) = find(&["KeyType", "Key Type", "EncryptionType", "Ticket etype"]) {
        etype = Some(found.value.clone());
    }
    let server_place = server.place.clone().lit([spn.to_string()]);
    let whole = all.iter().fold(server.place.clone(), |place, f| place.to(&f.place));
    let ticket = Ticket {
        realm,
        flags,
        etype,
        start: time(0, &["StartTime", "Start Time"]),
        end: time(1, &["EndTime", "End Time"]),
        renew: time(2, &["RenewTill", "Renew Till"]),
        ..ticket(client, Some(spn), server_place)
    };
    Some((whole, ticket))
}
