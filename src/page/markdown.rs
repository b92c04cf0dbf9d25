//! The little Markdown of the help pages: paragraphs, `- ` lists, `code`, **strong** and *stressed* words. Whatever else a
//! text holds is shown as it stands.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list, each point a line of its own.
    List(Vec<Vec<Span>>),
}

/// A run of words of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Plain(String),
    /// Something to type or to look for.
    Code(String),
    /// Strong words.
    Strong(String),
    /// Stressed words.
    Stressed(String),
}

/// The parts of a text. A line goes on with what stands above it unless it begins a point or follows a blank line.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut pieces: Vec<(bool, String)> = Vec::new();
    let mut fresh = true;
    for line in text.lines() {
        let point = line.trim_start().strip_prefix("- ");
        match (point, line.trim(), pieces.last_mut()) {
            (Some(point), _, _) => pieces.push((true, point.trim().to_owned())),
            (None, "", _) => {}
            (None, words, Some((_, open))) if !fresh => {
                open.push(' ');
                open.push_str(words);
            }
            (None, words, _) => pieces.push((false, words.to_owned())),
        }
        fresh = line.trim().is_empty();
    }
    let mut blocks = Vec::new();
    for (point, words) in pieces {
        match (point, blocks.last_mut()) {
            (true, Some(Block::List(points))) => points.push(spans(&words)),
            (true, _) => blocks.push(Block::List(vec![spans(&words)])),
            (false, _) => blocks.push(Block::Paragraph(spans(&words))),
        }
    }
    blocks
}

type Make = fn(String) -> Span;

/// What stands between these is of this kind, the longer mark first.
const MARKS: [(&str, Make); 3] = [("`", Span::Code), ("**", Span::Strong), ("*", Span::Stressed)];

/// The runs of a line. A mark that nothing closes is a sign like any other.
fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((span, after)) = marked(rest) {
            if !plain.is_empty() {
                spans.push(Span::Plain(std::mem::take(&mut plain)));
            }
            spans.push(span);
            rest = after;
        } else {
            plain.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    if !plain.is_empty() {
        spans.push(Span::Plain(plain));
    }
    spans
}

fn marked(text: &str) -> Option<(Span, &str)> {
    MARKS.iter().find_map(|(mark, make)| {
        let (inside, after) = text.strip_prefix(mark)?.split_once(mark)?;
        let words = !inside.is_empty() && inside.trim() == inside;
        words.then(|| (make(inside.to_owned()), after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Span {
        Span::Plain(text.into())
    }

    #[test]
    fn paragraphs_and_lists_with_lines_that_go_on() {
        let text = "One\nline.\n\nAnother.\n- first\n  goes on\n- second\n\nEnd.";
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph(vec![plain("One line.")]),
                Block::Paragraph(vec![plain("Another.")]),
                Block::List(vec![vec![plain("first goes on")], vec![plain("second")]]),
                Block::Paragraph(vec![plain("End.")]),
            ]
        );
        assert_eq!(blocks(" \n"), []);
    }

    #[test]
    fn words_of_each_kind_and_marks_that_mean_nothing() {
        assert_eq!(
            spans("a `<b> **x**` **c** *d* 2 * 3 * 4 `e"),
            [
                plain("a "),
                Span::Code("<b> **x**".into()),
                plain(" "),
                Span::Strong("c".into()),
                plain(" "),
                Span::Stressed("d".into()),
                plain(" 2 * 3 * 4 `e"),
            ]
        );
        assert_eq!(spans("Never widen to `*`."), [plain("Never widen to "), Span::Code("*".into()), plain(".")]);
    }

    /// Every help page goes through here: nothing of their marks may be left over.
    #[test]
    fn the_help_pages_use_nothing_else() {
        for help in doublehop::modes::help::HELP {
            for text in [help.what, help.why, help.shows, help.rules_out, help.fix, help.verify, help.versions] {
                for block in blocks(text) {
                    let runs = match block {
                        Block::Paragraph(runs) => runs,
                        Block::List(points) => points.concat(),
                    };
                    for run in runs {
                        let Span::Plain(words) = run else { continue };
                        let left = ["`", "**", "](", "- [", "# ", "| "].iter().find(|mark| words.contains(**mark));
                        assert_eq!(left, None, "{}: {words}", help.id);
                    }
                }
            }
        }
    }
}
