//! One cache's listing, word by word: MIT's rows and details, Heimdal's table and `-v` blocks, Java's entries.

use super::stamps::{self, Raw};
use crate::facts::{At, Place, Ticket, TicketListing};
use crate::ingest::lines::Line;
use crate::vocabulary::names::{Principal, Spn};
use crate::vocabulary::ticket_flags::TicketFlags;

/// A listing's head, tickets and places.
pub(super) struct Read {
    pub listing: TicketListing,
    pub place: Place,
    pub tickets: Vec<(Place, Ticket)>,
}

/// A ticket in the making.
struct Draft<'l> {
    server: String,
    /// The line that names the service.
    line: &'l Line,
    first: &'l Line,
    last: &'l Line,
    client: Option<String>,
    for_client: bool,
    real_server: Option<String>,
    flags: Option<At<TicketFlags>>,
    etype: Option<String>,
    start: Option<Raw>,
    end: Option<Raw>,
    renew: Option<Raw>,
}

struct Walk<'l> {
    words: Vec<(&'l str, &'l Line)>,
    listing: TicketListing,
    place: Option<Place>,
    drafts: Vec<Draft<'l>>,
    /// Behind a `config:` line no ticket is open.
    open: bool,
}

/// A principal of the form `name@REALM`; MIT leaves the realm of a referral away.
pub(super) fn principal(word: &str) -> Option<&str> {
    let word = word.trim_end_matches(',');
    let at = word.rfind('@')?;
    let ok = |c: char| !matches!(c, '(' | ')' | '<' | '>' | '=' | '"' | ';');
    (at > 0 && word.chars().all(ok) && !word.contains("://") && !word.ends_with(':')).then_some(word)
}

/// Reads one listing.
pub(super) fn read(lines: &[Line]) -> Option<Read> {
    let words: Vec<(&str, &Line)> = lines.iter().flat_map(|l| l.text.split_whitespace().map(move |w| (w, l))).collect();
    let mut walk = Walk { words, listing: TicketListing::default(), place: None, drafts: Vec::new(), open: false };
    let mut at = 0usize;
    while at < walk.words.len() {
        at = at.saturating_add(walk.step(at).max(1));
    }
    let none = lines.iter().find(|l| super::no_cache(&l.text));
    if let Some(line) = none {
        walk.listing.no_session = true;
        walk.cover(line);
    }
    walk.finish()
}

impl<'l> Walk<'l> {
    fn text(&self, at: usize) -> &'l str {
        self.words.get(at).map_or("", |(w, _)| w)
    }
    fn before(&self, at: usize) -> &'l str {
        at.checked_sub(1).map_or("", |i| self.text(i))
    }
    fn cover(&mut self, line: &Line) {
        self.place = Some(self.place.as_ref().map_or_else(|| line.place(), |p| p.to(&line.place())));
    }
    fn current(&mut self, line: &'l Line) -> Option<&mut Draft<'l>> {
        let draft = self.drafts.last_mut().filter(|_| self.open)?;
        draft.last = line;
        Some(draft)
    }
    fn stamp(&self, at: usize) -> Option<(Raw, usize)> {
        let words: Vec<&str> = self.words.iter().skip(at).take(5).map(|(w, _)| *w).collect();
        stamps::read(&words)
    }

    fn begin(&mut self, server: &str, line: &'l Line, first: &'l Line) {
        self.open = true;
        self.drafts.push(Draft {
            server: server.to_owned(),
            line,
            first,
            last: line,
            client: None,
            for_client: false,
            real_server: None,
            flags: None,
            etype: None,
            start: None,
            end: None,
            renew: None,
        });
    }

    /// Reads what begins at this word and says how many words it took.
    fn step(&mut self, at: usize) -> usize {
        let Some(&(word, line)) = self.words.get(at) else { return 1 };
        if word.starts_with("config:") {
            return self.config(at);
        }
        if let Some((stamp, used)) = self.stamp(at) {
            return self.time(at, stamp, used);
        }
        let next = self.text(at.saturating_add(1));
        let label = word.to_lowercase();
        if super::is_cache_name(word) || (label == "cache:" && matches!(self.before(at), "Ticket" | "Credentials")) {
            self.cover(line);
            if self.before(at) == "Credentials" {
                self.listing.tool = "heimdal".to_owned();
            } else if self.listing.tool.is_empty() {
                self.listing.tool = "mit".to_owned();
            }
            return if label == "cache:" { 2 } else { 1 };
        }
        if label.starts_with("entr") && self.drafts.is_empty() && self.listing.tool == "heimdal" {
            self.listing.tool = "java".to_owned();
            self.listing.claimed = self.before(at).parse().ok();
        }
        if label.ends_with(':')
            && let Some(name) = principal(next)
        {
            return self.named(at, &label, name);
        }
        if label.contains("client")
            && let Some(name) = principal(next)
        {
            if let Some(draft) = self.current(line) {
                draft.client = Some(name.to_owned());
                draft.for_client = true;
            }
            return 2;
        }
        if label.ends_with(':') {
            return self.value(at, &label);
        }
        1
    }

    /// A label with a principal behind it.
    fn named(&mut self, at: usize, label: &str, name: &str) -> usize {
        let value = at.saturating_add(1);
        let Some(&(_, line)) = self.words.get(value) else { return 1 };
        let first = self.words.get(at).map_or(line, |(_, l)| l);
        let before = self.before(at);
        if label.ends_with("server:") && (before == "Ticket" || label.starts_with("ticket")) {
            if let Some(draft) = self.current(line) {
                draft.real_server = Some(name.to_owned());
            }
        } else if label == "server:" || (label == "principal:" && before == "Service") {
            self.begin(name, line, first);
        } else if label == "client:" {
            if let Some(draft) = self.current(line) {
                draft.client = Some(name.to_owned());
            }
        } else if self.drafts.is_empty() && self.listing.principal.is_none() {
            if before == "Default" && self.listing.tool.is_empty() {
                self.listing.tool = "mit".to_owned();
            }
            self.listing.principal = Some(Principal::parse(name));
            self.cover(first);
            self.cover(line);
        }
        2
    }

    /// `config: proxy_impersonator = HTTP/fe@REALM`, and the entries that are no tickets.
    fn config(&mut self, at: usize) -> usize {
        self.open = false;
        let value = self.text(at.saturating_add(3));
        if self.text(at.saturating_add(1)) == "proxy_impersonator" && self.text(at.saturating_add(2)) == "=" {
            self.listing.proxy_impersonator = Spn::parse(value);
            if let Some(&(_, line)) = self.words.get(at) {
                let place = line.lit([value]);
                self.place = Some(self.place.as_ref().map_or(place.clone(), |p| p.to(&place)));
            }
            return 4;
        }
        1
    }

    /// A time: the row of a ticket when two of them and a name follow, else the one that its label says.
    fn time(&mut self, at: usize, stamp: Raw, used: usize) -> usize {
        let Some(&(_, line)) = self.words.get(at) else { return used };
        let second_at = at.saturating_add(used);
        let second = self.stamp(second_at);
        let expired = self.text(second_at).starts_with(">>>");
        if second.is_some() || expired {
            let behind = second_at.saturating_add(second.as_ref().map_or(1, |(_, n)| *n));
            // Heimdal's `-f` has a column of letters before the name.
            let letters = TicketFlags::from_letters(self.text(behind)).filter(|_| !self.text(behind).is_empty());
            let name_at = if letters.is_some() { behind.saturating_add(1) } else { behind };
            let name = principal(self.text(name_at)).or(Some(self.text(name_at)).filter(|w| Spn::parse(w).is_some()));
            if let Some(name) = name
                && let Some(&(_, name_line)) = self.words.get(name_at)
            {
                self.begin(name, name_line, line);
                let letters_word = self.text(behind);
                if let Some(draft) = self.current(name_line) {
                    draft.start = Some(stamp);
                    draft.end = second.map(|(raw, _)| raw);
                    draft.flags = letters.map(|f| At::new(f, name_line.lit([letters_word])));
                }
                return name_at.saturating_sub(at).saturating_add(1);
            }
        }
        let label = format!("{} {}", at.checked_sub(2).map_or("", |i| self.text(i)), self.before(at)).to_lowercase();
        if let Some(draft) = self.current(line) {
            let slot = if label.ends_with("auth time:") {
                // Heimdal leaves the start time away when it is the same.
                draft.start = draft.start.take().or(Some(stamp));
                return used;
            } else if label.ends_with("start time:") || label.ends_with("starting:") {
                &mut draft.start
            } else if label.ends_with("end time:") || label.ends_with("expires:") {
                &mut draft.end
            } else {
                &mut draft.renew
            };
            *slot = Some(stamp);
        }
        used
    }

    /// A label with another value: flags or encryption types.
    fn value(&mut self, at: usize, label: &str) -> usize {
        let from = at.saturating_add(1);
        let Some(&(next, line)) = self.words.get(from) else { return 1 };
        if label == "tkt):" {
            let here = self.words.iter().skip(from).take_while(|(_, l)| l.number == line.number);
            let rest = here.map(|(w, _)| *w).collect::<Vec<_>>().join(" ");
            let etype =
                rest.split_once(", ").map(|(_, second)| second.split(", ").next().unwrap_or(second).trim().to_owned());
            // Names of one word (`aes256-cts-…`) end there; Java's have several, up to the next label.
            let etype = etype.map(|e| match e.split_once(' ') {
                Some((first, _)) if first.contains('-') => first.to_owned(),
                _ => e,
            });
            if let Some(draft) = self.current(line) {
                draft.etype = etype.or(draft.etype.take());
            }
            return 1;
        }
        if label == "etype:" {
            if let Some(draft) = self.current(line) {
                draft.etype = Some(next.trim_end_matches(',').to_owned());
            }
            return 2;
        }
        let word = next.trim_end_matches([',', ';']);
        let letters = (word.len() <= 15 && !word.is_empty()).then(|| TicketFlags::from_letters(word)).flatten();
        if let Some(flags) = letters {
            let place = line.lit([word]);
            if let Some(draft) = self.current(line).filter(|d| d.flags.is_none()) {
                draft.flags = Some(At::new(flags, place));
            }
            return 2;
        }
        if label.ends_with("flags:") {
            return self.flag_words(from, line);
        }
        1
    }

    /// `enc-pa-rep, pre-authent, forwardable`, `FORWARDABLE;INITIAL`.
    fn flag_words(&mut self, from: usize, line: &'l Line) -> usize {
        let mut names: Vec<String> = Vec::new();
        let mut last = line;
        let mut used = 1usize;
        for (word, here) in self.words.iter().skip(from) {
            let parts: Vec<&str> = word.split([',', ';']).filter(|p| !p.is_empty()).collect();
            if parts.is_empty() || parts.iter().any(|p| TicketFlags::from_words([*p]).is_none()) {
                break;
            }
            names.extend(parts.iter().map(|p| (*p).to_owned()));
            last = here;
            used = used.saturating_add(1);
        }
        let Some(flags) = TicketFlags::from_words(names.iter().map(String::as_str)) else { return 1 };
        let place = if last.number == line.number { line.place() } else { line.place().to(&last.place()) };
        let decisive = |n: &&String| {
            let n = n.to_lowercase().replace('_', "-");
            matches!(n.as_str(), "forwardable" | "forwarded" | "ok-as-delegate")
        };
        let lit: Vec<String> = names.iter().filter(decisive).cloned().collect();
        if let Some(draft) = self.current(last) {
            draft.flags = Some(At::new(flags, place.lit(lit)));
        }
        used
    }

    fn finish(mut self) -> Option<Read> {
        self.listing.shown = u32::try_from(self.drafts.len()).unwrap_or(u32::MAX);
        if self.listing.tool.is_empty() {
            self.listing.tool = "mit".to_owned();
        }
        let times = self.drafts.iter().flat_map(|d| [&d.start, &d.end, &d.renew]).flatten();
        let order = stamps::order(times);
        let principal = self.listing.principal.clone();
        let mut tickets: Vec<(Place, Ticket)> =
            self.drafts.iter().map(|d| ticket(d, principal.as_ref(), order)).collect();
        if let Some((_, last)) = tickets.last_mut() {
            last.forget_half_a_realm();
        }
        let place = self.place.or_else(|| tickets.first().map(|(p, _)| p.clone()))?;
        let something = !tickets.is_empty() || self.listing.no_session || self.listing.principal.is_some();
        something.then_some(Read { listing: self.listing, place, tickets })
    }
}

fn ticket(draft: &Draft<'_>, owner: Option<&Principal>, order: Option<stamps::Order>) -> (Place, Ticket) {
    let nobody = || Principal { name: String::new(), realm: String::new() };
    let client = draft.client.as_deref().map(Principal::parse).or_else(|| owner.cloned()).unwrap_or_else(nobody);
    let others = owner.is_some_and(|o| *o != client);
    let named = draft.real_server.as_deref().unwrap_or(&draft.server);
    let server = Principal::parse(named);
    let stamp = |raw: &Option<Raw>| raw.as_ref().map(|r| r.stamp(order));
    let ticket = Ticket {
        held_by_service: draft.for_client || others,
        client,
        server: Spn::parse(named),
        realm: server.realm,
        server_place: draft.line.lit([draft.server.as_str()]),
        flags: draft.flags.clone(),
        cache_flags: None,
        etype: draft.etype.clone(),
        start: stamp(&draft.start),
        end: stamp(&draft.end),
        renew: stamp(&draft.renew),
        kdc_called: None,
    };
    (draft.first.place().to(&draft.last.place()), ticket)
}
