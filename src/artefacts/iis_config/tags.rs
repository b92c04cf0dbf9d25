//! Elements of XML that need not be well formed. Only the attributes that are asked for leave this file as values.

use crate::facts::Place;
use crate::ingest::lines::Line;

/// One start or end tag.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    /// The element's name, lower case.
    pub name: String,
    /// As written.
    pub written: String,
    /// An end tag.
    pub closes: bool,
    /// `<x/>`.
    pub empty: bool,
    /// Names in lower case, values, lines. Passwords are left out.
    attributes: Vec<(String, String, Place)>,
    place: Place,
}

impl Tag {
    /// An attribute's value by its name in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _, _)| n == name).map(|(_, v, _)| v.as_str())
    }
    /// The whole tag.
    pub fn place(&self) -> Place {
        self.place.clone()
    }
    /// The attribute's line, with name and value lit.
    pub fn lit(&self, name: &str) -> Place {
        let found = self.attributes.iter().find(|(n, _, _)| n == name);
        found.map_or_else(|| self.place(), |(_, value, place)| place.clone().lit([value.clone()]))
    }
}

/// The name of the element at `<`; lower case.
pub(super) fn name_at(text: &str, at: usize) -> Option<String> {
    let rest = text.get(at.saturating_add(1)..)?;
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')).collect();
    name.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| name.to_ascii_lowercase())
}

/// Walks over the characters of the lines, with the line of each.
struct Walk<'l> {
    chars: Vec<(char, &'l Line)>,
    at: usize,
}

impl<'l> Walk<'l> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).map(|(c, _)| *c)
    }
    fn line(&self) -> Option<&'l Line> {
        self.chars.get(self.at).or(self.chars.last()).map(|(_, l)| *l)
    }
    fn step(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(c)
    }
    fn word(&mut self, part: impl Fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek().filter(|c| part(*c)) {
            word.push(c);
            self.at = self.at.saturating_add(1);
        }
        word
    }
    fn blanks(&mut self) {
        self.word(char::is_whitespace);
    }
    fn starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.chars.get(self.at.saturating_add(i)).is_some_and(|(x, _)| *x == c))
    }
    /// Jumps behind the text; false (and no jump) when it never comes.
    fn skip_past(&mut self, text: &str) -> bool {
        let from = self.at;
        while self.at < self.chars.len() {
            if self.starts(text) {
                self.at = self.at.saturating_add(text.len());
                return true;
            }
            self.at = self.at.saturating_add(1);
        }
        self.at = from;
        false
    }
}

/// Every tag of the lines. What stands in comments is left out, and a tag within which the text ends.
pub(super) fn tags(lines: &[Line]) -> Vec<Tag> {
    let chars = lines.iter().flat_map(|l| l.text.chars().chain(std::iter::once('\n')).map(move |c| (c, l))).collect();
    let mut walk = Walk { chars, at: 0 };
    let mut tags = Vec::new();
    while let Some(c) = walk.peek() {
        if c != '<' {
            walk.step();
            continue;
        }
        if walk.starts("<!--") {
            // A comment that never ends is a cut paste: read on.
            if !walk.skip_past("-->") {
                walk.step();
            }
            continue;
        }
        let start = walk.line();
        walk.step();
        tags.extend(start.and_then(|line| tag(&mut walk, line)));
    }
    tags
}

fn tag(walk: &mut Walk<'_>, start: &Line) -> Option<Tag> {
    let closes = walk.peek() == Some('/');
    if closes {
        walk.step();
    }
    let written = walk.word(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if !written.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut tag = Tag {
        name: written.to_ascii_lowercase(),
        written,
        closes,
        empty: false,
        attributes: Vec::new(),
        place: start.place(),
    };
    loop {
        walk.blanks();
        match walk.peek() {
            // The text ends within the tag: what it would set is not known.
            None => return None,
            Some('<') => break,
            Some('>') => {
                walk.step();
                break;
            }
            Some('/') => {
                tag.empty = true;
                walk.step();
            }
            Some(_) => attribute(walk, &mut tag),
        }
    }
    Some(tag)
}

fn attribute(walk: &mut Walk<'_>, tag: &mut Tag) {
    let Some(line) = walk.line() else { return };
    let name = walk.word(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':')).to_ascii_lowercase();
    if name.is_empty() {
        walk.step();
        return;
    }
    walk.blanks();
    if walk.peek() != Some('=') {
        return;
    }
    walk.step();
    walk.blanks();
    let value = match walk.peek() {
        Some(quote @ ('"' | '\'')) => {
            walk.step();
            // A value whose end was cut off ends with its line's tag at the latest.
            let value = walk.word(|c| c != quote && c != '<' && c != '>');
            if walk.peek() == Some(quote) {
                walk.step();
            }
            value
        }
        _ => walk.word(|c| !c.is_whitespace() && !matches!(c, '>' | '/' | '<')),
    };
    tag.place = tag.place.to(&line.place());
    if !["password", "pwd", "secret"].iter().any(|s| name.contains(s)) {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        tag.attributes.push((name, value, line.place()));
    }
}
