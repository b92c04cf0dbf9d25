//! What mail, chat, wikis and consoles do to a line, undone one line at a time.

/// Cleans one line: mail quotes and Markdown's back-ticks off, odd blanks, dashes, quotes and arrows plain, entities resolved.
///
/// Indentation stays: it carries meaning in some artefacts.
pub fn clean(line: &str) -> String {
    let mut text: String = line.chars().filter_map(plain).collect();
    if text.contains('&') {
        text = entities(&text);
    }
    if text.contains('→') || text.contains('⇒') {
        text = text.replace(['→', '⇒'], "->");
    }
    if text.contains('<') {
        text = without_tags(&text);
    }
    unticked(unquote(&text)).to_owned()
}

/// Tags that web pages and mail programs put around text; other tags are the evidence's own (XML).
const TAGS: [&str; 24] = [
    "br",
    "p",
    "div",
    "span",
    "td",
    "th",
    "tr",
    "table",
    "tbody",
    "thead",
    "code",
    "pre",
    "b",
    "strong",
    "i",
    "em",
    "font",
    "li",
    "ul",
    "ol",
    "html",
    "body",
    "blockquote",
    "tt",
];

fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_lowercase();
        match tag.split_once('>') {
            Some((inside, behind)) if TAGS.contains(&name.as_str()) && !inside.contains('<') => {
                // Cells stand apart; a break in the middle of a line is a blank.
                out.push_str(if matches!(name.as_str(), "td" | "th") && !inside.starts_with('/') { "  " } else { "" });
                out.push_str(if matches!(name.as_str(), "br" | "p" | "div" | "tr") { " " } else { "" });
                rest = behind;
            }
            _ => {
                out.push('<');
                rest = tag;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Takes off the back-ticks around a whole line; those of a fence stay.
fn unticked(text: &str) -> &str {
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix('`').and_then(|t| t.strip_suffix('`'));
    match inner {
        Some(inner) if !trimmed.starts_with("``") && !inner.contains('`') => inner,
        _ => text,
    }
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{feff}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{ad}' => {
            return None;
        }
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{2002}' | '\u{2003}' | '\u{2009}' | '\u{3000}' => ' ',
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2014}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' => '"',
        other => other,
    })
}

fn entities(text: &str) -> String {
    let mut out = if text.contains("&#") { numeric(text) } else { text.to_owned() };
    for (entity, plain) in [
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&rarr;", "->"),
        ("&ndash;", "-"),
        ("&mdash;", "-"),
        ("&amp;", "&"),
    ] {
        if out.contains(entity) {
            out = out.replace(entity, plain);
        }
    }
    out
}

/// `&#62;` and `&#x3E;`: the character, made plain as if it had stood there.
fn numeric(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let found = part.split_once(';').and_then(|(digits, rest)| {
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => digits.parse().ok(),
            };
            // A line end or another control character would be a line of its own: a blank is the safe reading.
            let c = char::from_u32(number?).map(|c| if c.is_control() { ' ' } else { c })?;
            Some((c, rest))
        });
        match found {
            Some((c, rest)) => {
                out.extend(plain(c));
                out.push_str(rest);
            }
            None => {
                out.push_str("&#");
                out.push_str(part);
            }
        }
    }
    out
}

/// Takes off `> ` and `>> `, as mail clients and chats quote. A prompt (`C:\>`) and `#0>` are left alone.
fn unquote(mut text: &str) -> &str {
    while let Some(rest) = text.trim_start().strip_prefix('>') {
        // `>attr: v` is adfind's own way to list attributes, and `--> flags` never starts with a bare `>`.
        match rest.strip_prefix(' ') {
            Some(rest) => text = rest,
            None if rest.is_empty() || rest.starts_with(['>', '\t']) => text = rest,
            None => return text,
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_and_word_processors_are_undone() {
        assert_eq!(clean("> > #0>\tClient: a @ B"), "#0>\tClient: a @ B");
        assert_eq!(clean("Ticket Flags 0x1 → forwardable\u{a0}renewable"), "Ticket Flags 0x1 -> forwardable renewable");
        assert_eq!(
            clean("klist failed with 0xc000018b/\u{2013}1073741429"),
            "klist failed with 0xc000018b/-1073741429"
        );
        assert_eq!(clean("0x40a50000 -&gt; x &amp;lt;"), "0x40a50000 -> x &lt;");
        assert_eq!(clean("0x1 -&#62; a&#xA0;b &#8594; &#39; &#x; &#10;"), "0x1 -> a b -> ' &#x;  ");
        assert_eq!(clean("`\tServer: a/b @ C`"), "\tServer: a/b @ C");
        assert_eq!(clean("```text"), "```text");
        assert_eq!(clean("<pre class=\"x\">#0> Client: a<br/>"), "#0> Client: a ");
        assert_eq!(clean("<add value=\"x\" /> a < b"), "<add value=\"x\" /> a < b");
        assert_eq!(clean("C:\\> klist"), "C:\\> klist");
        assert_eq!(clean(">sAMAccountName: svc"), ">sAMAccountName: svc");
        assert_eq!(clean("    indented"), "    indented");
        assert_eq!(clean("\u{feff}\u{201c}a\u{201d}"), "\"a\"");
    }
}
