//! Labelled answers: nslookup's two blocks (the server, then the answer), Resolve-DnsName's lists, `ipconfig /displaydns`.

use super::{Answers, address, host};
use crate::facts::Place;
use crate::ingest::lines::Line;
use crate::vocabulary::names::HostName;

/// What nslookup calls the server that it asked, lower case.
const SERVER: [&str; 9] = ["server", "serveur", "servidor", "сервер", "サーバー", "服务器", "伺服器", "serwer", "서버"];
/// What it calls the name.
const NAME: [&str; 11] = ["name", "nom", "nombre", "nome", "имя", "名前", "名称", "名稱", "naam", "nazwa", "이름"];
const ADDRESS: [&str; 10] = [
    "address",
    "addresses",
    "adresse",
    "adressen",
    "adresses",
    "dirección",
    "direcciones",
    "indirizzo",
    "адрес",
    "アドレス",
];

/// What a label names.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Label {
    Server,
    Name,
    Address,
    Alias,
}

fn label(word: &str) -> Option<Label> {
    let lower = word.to_lowercase();
    let is = |list: &[&str]| list.contains(&lower.as_str());
    if is(&SERVER) {
        Some(Label::Server)
    } else if is(&NAME) {
        Some(Label::Name)
    } else if is(&ADDRESS) || matches!(lower.as_str(), "ip4address" | "ip6address" | "ipaddress") {
        Some(Label::Address)
    } else if lower.starts_with("alias") || matches!(lower.as_str(), "namehost" | "псевдоним" | "エイリアス")
    {
        Some(Label::Alias)
    } else {
        None
    }
}

/// `Record Name . . . . . : web.contoso.com` in any language.
fn dotted(line: &str) -> Option<(&str, &str)> {
    let at = line.find(" . .").or_else(|| line.find("..."))?;
    let (name, rest) = line.split_at_checked(at)?;
    Some((name.trim(), rest.split_once(':')?.1.trim()))
}

fn record_label(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["record", "cname", "eintrag", "enregistrement", "registro", "レコード", "запис"].iter().any(|w| lower.contains(w))
}

pub(super) fn anchor(line: &str, open: bool) -> bool {
    if let Some((name, _)) = dotted(line) {
        return record_label(name) || open;
    }
    let trimmed = line.trim();
    let Some((word, value)) = trimmed.split_once([':', '：']) else { return open && address(trimmed).is_some() };
    let value = value.trim();
    match label(word.trim()) {
        // `Server:  dc01.contoso.com` alone on its line; klist's has a realm, HTTP's a product.
        Some(Label::Server) => host(value).is_some_and(|h| h.is_full() || h.as_str() == "UnKnown") && single(value),
        Some(Label::Address) => address(value.split('#').next().unwrap_or(value)).is_some(),
        Some(Label::Alias) => host(value).is_some() && single(value),
        // An ordinary word: only inside.
        Some(Label::Name) => open && (host(value).is_some() || value.is_empty()),
        None => open && ["QueryType", "TTL", "Section", "Type", "DataLength", "CharacterSet"].contains(&word.trim()),
    }
}

fn single(value: &str) -> bool {
    value.split_whitespace().count() == 1
}

pub(super) fn read(lines: &[Line], answers: &mut Answers) {
    displaydns(lines, answers);
    let mut about: Option<HostName> = None;
    let mut open: Option<Label> = None;
    let mut server = false;
    for line in lines.iter().filter(|l| dotted(&l.text).is_none()) {
        if line.trimmed().is_empty() || line.trimmed().starts_with('*') {
            open = None;
            continue;
        }
        // The answer's own lines are read elsewhere.
        if super::command(&line.text).is_some() || super::answers::anchor(&line.text) {
            continue;
        }
        let mut words = line.text.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let spaced = words.peek().is_some_and(|next| *next == ":" || *next == "：");
            let bare = word.trim_end_matches([':', '：']);
            let found = if spaced || bare.len() < word.len() { label(bare) } else { None };
            if let Some(found) = found {
                if spaced {
                    words.next();
                }
                open = Some(found);
                match found {
                    Label::Server => {
                        server = true;
                        about = None;
                    }
                    Label::Name => server = false,
                    _ => {}
                }
                continue;
            }
            if spaced || word.ends_with(':') && word.len() > 1 {
                open = None;
                continue;
            }
            match open {
                Some(Label::Name) => about = host(word).or(about),
                // The address of the server that was asked is no answer.
                Some(Label::Address) if !server => {
                    let found = address(word.split('#').next().unwrap_or(word));
                    if let (Some(name), Some(address)) = (&about, found) {
                        answers.address(name, &address, line.place());
                    }
                }
                Some(Label::Alias) => alias(about.as_ref(), word, line, answers),
                _ => {}
            }
        }
    }
}

/// nslookup lists aliases below the canonical name; Resolve-DnsName's `NameHost` is the canonical name of `Name`.
fn alias(about: Option<&HostName>, word: &str, line: &Line, answers: &mut Answers) {
    let (Some(name), Some(other)) = (about, host(word)) else { return };
    if line.text.to_lowercase().contains("namehost") {
        answers.alias(name, &other, line.place());
        return;
    }
    // The block began with the canonical name: turn it round.
    let block = answers.all.iter().position(|(_, a)| a.asked.as_ref().is_some_and(|n| n.same(name)));
    let addresses = block.map(|at| answers.all.remove(at)).map(|(place, a)| (place, a.addresses));
    let place = addresses.as_ref().map_or_else(|| line.place(), |(place, _)| place.to(&line.place()));
    answers.alias(&other, name, place);
    for address in addresses.map(|(_, all)| all).unwrap_or_default() {
        answers.address(&other, &address, line.place());
    }
}

/// Blocks of `label . . . : value`: the name first, then numbers, then the canonical name or an address.
fn displaydns(lines: &[Line], answers: &mut Answers) {
    let mut name: Option<(HostName, Place)> = None;
    let mut kind = 0u32;
    for line in lines {
        let Some((label, value)) = dotted(&line.text) else { continue };
        if !record_label(label) && name.is_none() {
            continue;
        }
        let number = value.parse::<u32>().ok();
        match (&name, number, host(value), address(value)) {
            // The first number of a block is its type.
            (_, Some(number), _, _) => kind = if kind == 0 { number } else { kind },
            (Some((about, place)), None, Some(to), None) if kind == 5 && (to.is_full() || label.contains("CNAME")) => {
                answers.alias(about, &to, place.to(&line.place()));
                (name, kind) = (None, 0);
            }
            (Some((about, place)), None, _, Some(found)) => {
                answers.address(about, &found, place.to(&line.place()));
                (name, kind) = (None, 0);
            }
            (_, None, Some(found), None) if record_label(label) => (name, kind) = (Some((found, line.place())), 0),
            _ => {}
        }
    }
}
