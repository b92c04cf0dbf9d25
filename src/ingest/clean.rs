//! What mail, chat, wikis and consoles do to a line, undone one line at a time.

/// Cleans one line: mail quotes and Markdown's back-ticks off, odd blanks, dashes, quotes and arrows plain, entities resolved.
///
/// Indentation stays: it carries meaning in some artefacts.
pub fn clean(line: &str) -> String {
    let mut text: String = line.chars().filter_map(plain).collect();
    if text.contains('→') || text.contains('⇒') {
        text = text.replace(['→', '⇒'], "->");
    }
    if text.contains('&') {
        text = entities(&text);
    }
    unquote(&text).to_owned()
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
    let mut out = text.to_owned();
    for (entity, plain) in [
        ("&gt;", ">"),
        ("&lt;", "<"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        if out.contains(entity) {
            out = out.replace(entity, plain);
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
        assert_eq!(clean("C:\\> klist"), "C:\\> klist");
        assert_eq!(clean(">sAMAccountName: svc"), ">sAMAccountName: svc");
        assert_eq!(clean("    indented"), "    indented");
        assert_eq!(clean("\u{feff}\u{201c}a\u{201d}"), "\"a\"");
    }
}
