//! One `#n>` block of a listing → a ticket, by the shape of its words.

use super::words::{self, Word};
use crate::artefacts::kind::Kind;
use crate::artefacts::{Anchor, Reading};
use crate::facts::{At, Place, Ticket};
use crate::vocabulary::civil::{Stamp, windows_klist};
use crate::vocabulary::codes::parse_hex;
use crate::vocabulary::names::{Principal, Spn};
use crate::vocabulary::ticket_flags::{CacheFlags, TicketFlags};

/// Flags that modes speak of: lit when set, else the hex word is.
const DECISIVE: [(u32, &str); 3] = [
    (TicketFlags::FORWARDABLE, "forwardable"),
    (TicketFlags::FORWARDED, "forwarded"),
    (TicketFlags::OK_AS_DELEGATE, "ok_as_delegate"),
];

/// Anchors of a block's lines.
pub(super) fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let trimmed = line.trim();
    let open = current == Some(Kind::Klist);
    let at = trimmed.split_whitespace().position(|w| words::marker_end(w).is_some());
    if let Some(at) = at
        && (trimmed.contains([':', '：']) || trimmed.contains(" @ "))
    {
        let first = trimmed.split_whitespace().nth(at).and_then(words::marker);
        return match first {
            Some(0) => Anchor::head(5, "ticket blocks (#0>)"),
            _ => Anchor::belongs("ticket blocks (#n>)"),
        };
    }
    if is_flags(trimmed) {
        return Anchor::belongs("ticket flags as Windows' klist prints them");
    }
    if is_name(trimmed) {
        return Anchor::belongs("a name as Windows' klist prints it");
    }
    let label = trimmed.split([':', '：']).next().unwrap_or_default();
    let indented = line.starts_with([' ', '\t']) && trimmed.contains([':', '：']) && !trimmed.contains("->");
    let plain =
        ["Cache Flags:", "Kdc Called:", "Renew Time:", "Start Time:", "End Time:", "Session Key Type:", "KerbTicket "];
    let known = plain.iter().any(|p| trimmed.starts_with(p));
    let shaped = indented && label.len() <= 90 && label.split_whitespace().count() <= 5 && !label.starts_with('[');
    let ours = known
        || open && shaped && !crate::artefacts::known_elsewhere(line, &[Kind::Klist, Kind::KlistTgt, Kind::Answers]);
    (open && ours).then(|| Anchor::belongs("a line of a ticket block")).flatten()
}

/// `… 0x40a50000 -> forwardable …`, without a colon before the word.
fn is_flags(line: &str) -> bool {
    let Some((before, after)) = line.split_once("->") else { return false };
    let hex = before.split_whitespace().next_back().and_then(parse_hex);
    hex.is_some_and(|n| n > 0xffff)
        && before.contains("0x")
        && !before.contains("  :")
        && TicketFlags::from_words(after.split_whitespace()).is_some()
}

/// `Server: HTTP/web @ REALM`; not the padded labels of other tools.
fn is_name(line: &str) -> bool {
    let Some((label, rest)) = line.split_once([':', '：']) else { return false };
    let Some((name, realm)) = rest.split_once(" @ ") else { return false };
    label.split_whitespace().count() <= 2
        && !label.ends_with("  ")
        && !label.contains(['@', '[', '|', '*', '='])
        && !name.trim().contains(' ')
        && !realm.trim().is_empty()
        && realm.split_whitespace().count() == 1
}

/// The words of each block.
pub(super) fn blocks<'w, 't>(words: &'w [Word<'t>]) -> Vec<&'w [Word<'t>]> {
    let mut starts: Vec<usize> =
        words.iter().enumerate().filter(|(_, w)| words::marker(w.text).is_some()).map(|(i, _)| i).collect();
    // A paste cut at its top begins inside a block.
    let first = starts.first().copied().unwrap_or(words.len());
    let before = words.get(..first).unwrap_or_default();
    let headless = before.iter().position(|w| w.text == "@" || parse_hex(w.text).is_some_and(|n| n > 0xffff));
    if let Some(at) = headless
        && before.iter().any(|w| w.text == "->")
    {
        starts.insert(0, at.saturating_sub(4));
    }
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(words.len()));
    starts.iter().zip(ends).filter_map(|(start, end)| words.get(*start..end)).collect()
}

/// Walks over a block's words.
struct Block<'w, 't> {
    words: &'w [Word<'t>],
    last: usize,
}

impl<'t> Block<'_, 't> {
    fn text(&self, at: usize) -> &'t str {
        self.words.get(at).map_or("", |w| w.text)
    }
    fn seen(&mut self, at: usize) {
        self.last = self.last.max(at);
    }
    fn place(&self, from: usize, to: usize) -> Place {
        match (self.words.get(from), self.words.get(to)) {
            (Some(a), Some(b)) if a.line.number == b.line.number => a.line.place(),
            (Some(a), Some(b)) => a.line.place().to(&b.line.place()),
            _ => Place::default(),
        }
    }
    fn same_line(&self, a: usize, b: usize) -> bool {
        matches!((self.words.get(a), self.words.get(b)), (Some(a), Some(b)) if a.line.number == b.line.number)
    }
    fn alone(&self, at: usize) -> bool {
        !self.same_line(at, at.saturating_add(1)) && (at == 0 || !self.same_line(at.saturating_sub(1), at))
    }
    fn ends_label(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(Word::ends_label)
    }

    /// The name and realm around an `@`.
    fn principal(&mut self, at: usize, from: usize) -> Principal {
        let before: Vec<usize> = (from..at).rev().take(4).take_while(|i| !self.ends_label(*i)).collect();
        let parts: Vec<&str> =
            before.iter().rev().map(|i| self.text(*i)).filter(|t| words::marker(t).is_none()).collect();
        let name = parts.join(" ");
        // `Server:HTTP/x` without a blank behind the colon.
        let name = match name.split_once(':') {
            Some((label, rest)) if !label.contains('/') && !rest.is_empty() => rest.to_owned(),
            _ => name,
        };
        let next = at.saturating_add(1);
        let starts_label = matches!(self.text(next), "KerbTicket" | "Kerberos" | "Type" | "Tipo" | "Тип")
            || self.ends_label(next)
            || matches!(self.text(next.saturating_add(1)), ":" | "：")
            || words::marker(self.text(next)).is_some();
        let is_realm = !starts_label && (self.same_line(at, next) || self.alone(next));
        let realm = if is_realm { self.text(next).to_owned() } else { String::new() };
        self.seen(if is_realm { next } else { at });
        Principal { name, realm }
    }

    fn stamp(&self, at: usize) -> Option<Stamp> {
        let (date, time) = (self.text(at), self.text(at.saturating_add(1)));
        let digits = |sep: char| {
            let parts: Vec<&str> = date.split(sep).collect();
            parts.len() == 3 && parts.iter().all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit()))
        };
        let clock = time.matches(':').count() == 2 && time.starts_with(|c: char| c.is_ascii_digit());
        if !clock || !['/', '.', '-'].into_iter().any(digits) {
            return None;
        }
        let text = format!("{date} {time}");
        Some(Stamp { seconds: windows_klist(&text), text, utc: false })
    }

    /// The name of an encryption type that begins here, and how many words it has.
    fn etype(&self, at: usize) -> Option<(String, usize)> {
        let (word, next) = (self.text(at), self.text(at.saturating_add(1)));
        let two = (word == "RSADSI" && next.starts_with("RC4"))
            || (word == "Kerberos" && next.starts_with("DES"))
            || (word == "Unknown" && next.starts_with("(-"))
            || (word == "NULL" && next == "CS");
        let upper = ["AES-", "AES1", "AES2", "RC4-", "DES-"].iter().any(|p| word.starts_with(p));
        if two { Some((format!("{word} {next}"), 2)) } else { upper.then(|| (word.to_owned(), 1)) }
    }
}

/// Reads one block. `None` when it names neither a client nor a service.
pub(super) fn read(block: &[Word<'_>], reading: &mut Reading) -> Option<(Place, Ticket)> {
    let mut b = Block { words: block, last: 0 };
    let flags_at = (0..block.len()).find(|i| parse_hex(b.text(*i)).is_some_and(|n| n > 0xffff));
    let names_end = flags_at.unwrap_or(block.len());
    let ats: Vec<usize> = (0..names_end).filter(|i| b.text(*i) == "@").take(2).collect();
    let first_line = block.first()?.line;
    let (mut client, mut server, mut server_at) = (None, None, 0);
    match ats.as_slice() {
        [a, s] => {
            client = Some(b.principal(*a, 0));
            server = Some(b.principal(*s, a.saturating_add(1)));
            server_at = *s;
        }
        // Cut: a name with a slash is the service's.
        [only] => {
            let name = b.principal(*only, 0);
            server_at = *only;
            if name.name.contains('/') { server = Some(name) } else { client = Some(name) }
        }
        _ => {}
    }
    if client.is_none() && server.is_none() {
        return None;
    }
    // A hex word on which the listing ends may have lost digits: 0x40a500 would deny what 0x40a50000 grants.
    let flags_at = flags_at.filter(|at| at.saturating_add(1) < block.len());
    let flags = flags_at.map(|at| flags(&mut b, at, reading));
    if flags.is_none() {
        reading.problem(first_line.number, "This ticket is cut: its flags are missing. Copy the whole listing.");
    }
    let after = flags_at.map_or(server_at, |i| i.saturating_add(1));
    let etype = (server_at..names_end).find_map(|i| b.etype(i));
    // Without the flags between them, the first type is the ticket's and the second the session key's.
    let mut ends = (after..block.len()).filter_map(|i| b.etype(i).map(|(_, n)| i.saturating_add(n)));
    let session_key = ends.nth(usize::from(flags.is_none()));
    let stamps_end = session_key.unwrap_or(block.len());
    let mut stamps = Vec::new();
    for i in after..stamps_end {
        if let Some(stamp) = b.stamp(i) {
            b.seen(i.saturating_add(1));
            stamps.push(stamp);
        }
    }
    let mut stamps = stamps.into_iter();
    let cache = session_key.and_then(|at| {
        b.seen(at.saturating_sub(1));
        cache_flags(&mut b, at)
    });
    let kdc_called = cache.as_ref().and_then(|(_, end)| kdc(&mut b, *end));
    let server_name = server.as_ref().map(|s| s.name.clone()).unwrap_or_default();
    let server_place = block.get(server_at).map_or_else(|| first_line.place(), |w| w.line.place());
    let last = block.get(b.last).map_or(first_line, |w| w.line);
    let ticket = Ticket {
        client: client.unwrap_or_else(|| Principal { name: String::new(), realm: String::new() }),
        server: Spn::parse(&server_name),
        realm: server.map(|s| s.realm).unwrap_or_default(),
        server_place: if server_name.is_empty() { server_place } else { server_place.lit([server_name]) },
        flags,
        cache_flags: cache.map(|(flags, _)| flags),
        etype: etype.map(|(name, _)| name),
        start: stamps.next(),
        end: stamps.next(),
        renew: stamps.next(),
        kdc_called,
        held_by_service: false,
    };
    Some((first_line.place().to(&last.place()), ticket))
}

/// The hex word and the words behind its arrow. Only the hex word counts.
fn flags(b: &mut Block<'_, '_>, at: usize, reading: &mut Reading) -> At<TicketFlags> {
    let value = TicketFlags(parse_hex(b.text(at)).unwrap_or_default());
    let mut end = at;
    let mut named: Vec<&str> = Vec::new();
    if b.text(at.saturating_add(1)) == "->" {
        end = at.saturating_add(1);
        let is_flag =
            |w: &str| TicketFlags::from_words([w]).is_some() || w.starts_with("reserved") || parse_hex(w).is_some();
        while is_flag(b.text(end.saturating_add(1))) {
            end = end.saturating_add(1);
            named.push(b.text(end));
        }
    }
    b.seen(end);
    let place = b.place(at, end);
    for (bit, name) in DECISIVE {
        if named.contains(&name) && !value.has(bit) {
            reading.problem(
                place.first_line,
                format!("The words say {name}, the hex word {} does not. The hex word is what counts.", b.text(at)),
            );
        }
    }
    let mut lit: Vec<&str> =
        DECISIVE.iter().filter(|(bit, n)| value.has(*bit) && named.contains(n)).map(|(_, n)| *n).collect();
    if lit.len() < DECISIVE.len() {
        lit.push(b.text(at));
    }
    At::new(value, place.lit(lit))
}

/// `0x8 -> ASC` or `0`, and the index behind it.
fn cache_flags(b: &mut Block<'_, '_>, from: usize) -> Option<(At<CacheFlags>, usize)> {
    let number = |w: &str| if w == "0" { Some(0) } else { parse_hex(w).filter(|n| *n <= 0xffff) };
    let at = (from..b.words.len().min(from.saturating_add(8))).find(|i| number(b.text(*i)).is_some())?;
    let value = CacheFlags(number(b.text(at))?);
    let mut end = at;
    let mut lit = vec![b.text(at)];
    if b.text(at.saturating_add(1)) == "->" {
        end = at.saturating_add(1);
        let name = |w: &str| {
            !w.is_empty()
                && w.len() > 1
                && w.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | 'x'))
        };
        while name(b.text(end.saturating_add(1))) && words::marker(b.text(end.saturating_add(1))).is_none() {
            end = end.saturating_add(1);
            // In a collapsed listing the label `KDC …` follows.
            if b.text(end) == "KDC" {
                end = end.saturating_sub(1);
                break;
            }
            lit.push(b.text(end));
        }
    }
    b.seen(end);
    let lit = if lit.len() > 1 { lit.split_off(1) } else { lit };
    Some((At::new(value, b.place(at, end).lit(lit)), end.saturating_add(1)))
}

/// The KDC behind the last label; empty when nothing stands there.
fn kdc(b: &mut Block<'_, '_>, from: usize) -> Option<String> {
    let label = (from..b.words.len().min(from.saturating_add(7))).find(|i| b.ends_label(*i))?;
    b.seen(label);
    let at = label.saturating_add(1);
    let word = b.text(at);
    let near = b.same_line(label, at)
        || (b.alone(at) && (word.contains('.') || word == "TicketSuppliedAtLogon") && !word.starts_with('.'));
    let prompt = word == "PS" || word.contains([':', '>']) && word.contains('\\') || word.starts_with("..");
    if !near || prompt || word.is_empty() || words::marker(word).is_some() || b.ends_label(at) {
        return Some(String::new());
    }
    b.seen(at);
    Some(word.to_owned())
}
