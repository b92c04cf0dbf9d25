//! Which of an artefact's lines a proof shows, and which words on them are lit.

use doublehop::ingest::ShownLine;
use doublehop::report::Because;

/// How many lines one proof shows; the rest stand in the evidence.
pub const PROOF_LINES: usize = 6;
/// How many characters of a line a proof shows: one event of a capture may be very long.
const PROOF_CHARS: usize = 420;

/// The lines that a proof shows, and how many more its place covers.
pub fn proof_lines<'l>(shown: &'l [ShownLine], because: &Because) -> (Vec<&'l ShownLine>, usize) {
    let within: Vec<&ShownLine> =
        shown.iter().filter(|l| (because.first_line..=because.last_line).contains(&l.number)).collect();
    let all = within.len();
    if all <= PROOF_LINES {
        return (within, 0);
    }
    let lit: Vec<&ShownLine> = within.iter().copied().filter(|l| !ranges(&l.text, &because.lit).is_empty()).collect();
    let chosen = if lit.is_empty() { within } else { lit };
    let kept: Vec<&ShownLine> = chosen.into_iter().take(PROOF_LINES).collect();
    let more = all.saturating_sub(kept.len());
    (kept, more)
}

/// How many blanks all of these lines begin with: a proof leaves them out.
pub fn indent(lines: &[&ShownLine]) -> usize {
    let blanks = |text: &str| text.chars().take_while(|c| c.is_whitespace()).count();
    lines.iter().filter(|l| !l.text.trim().is_empty()).map(|l| blanks(&l.text)).min().unwrap_or(0)
}

/// A line as a proof shows it: without the indent that all lines have, and cut around its first lit word when it is long.
pub fn excerpt(text: &str, indent: usize, lit: &[String]) -> String {
    let text: &str = text.char_indices().nth(indent).and_then(|(at, _)| text.get(at..)).unwrap_or_default();
    let count = text.chars().count();
    if count <= PROOF_CHARS {
        return text.trim_end().to_owned();
    }
    let lit_at = ranges(text, lit).first().map_or(0, |(from, _)| text.get(..*from).map_or(0, |t| t.chars().count()));
    let from = lit_at.saturating_sub(PROOF_CHARS / 3).min(count.saturating_sub(PROOF_CHARS));
    let mut cut: String = text.chars().skip(from).take(PROOF_CHARS).collect();
    if from > 0 {
        cut.insert(0, '…');
    }
    if from.saturating_add(PROOF_CHARS) < count {
        cut.push('…');
    }
    cut
}

/// The text in pieces, each with whether it is lit.
pub fn pieces(text: &str, lit: &[String]) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    let mut at = 0usize;
    for (from, to) in ranges(text, lit) {
        push(&mut out, false, text.get(at..from));
        push(&mut out, true, text.get(from..to));
        at = to;
    }
    push(&mut out, false, text.get(at..));
    out
}

fn push(out: &mut Vec<(bool, String)>, lit: bool, piece: Option<&str>) {
    if let Some(piece) = piece.filter(|p| !p.is_empty()) {
        out.push((lit, piece.to_owned()));
    }
}

/// Where the lit words stand, in order, without overlaps. Case does not matter: tools differ in it.
fn ranges(text: &str, lit: &[String]) -> Vec<(usize, usize)> {
    // ASCII lower case keeps every byte's place.
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for word in lit.iter().map(|w| w.trim().to_ascii_lowercase()).filter(|w| !w.is_empty()) {
        found.extend(lower.match_indices(&word).map(|(from, hit)| (from, from.saturating_add(hit.len()))));
    }
    found.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (from, to) in found {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|w| (*w).to_owned()).collect()
    }

    fn drawn(text: &str, lit: &[&str]) -> String {
        pieces(text, &words(lit)).iter().map(|(on, t)| if *on { format!("[{t}]") } else { t.clone() }).collect()
    }

    #[test]
    fn lit_words_are_marked_whatever_their_case() {
        assert_eq!(drawn("a Forwardable b", &["forwardable"]), "a [Forwardable] b");
        assert_eq!(drawn("ok ok_as_delegate", &["ok_as", "as_delegate"]), "ok [ok_as_delegate]");
        assert_eq!(drawn("Grüße ß x", &["ß"]), "Grü[ß]e [ß] x");
        assert_eq!(drawn("nothing here", &["else", " "]), "nothing here");
    }

    #[test]
    fn a_long_line_is_cut_around_its_lit_word() {
        let text = format!("{}\"delegated\":false{}", "é".repeat(1500), "y".repeat(400));
        let cut = excerpt(&text, 0, &words(&["\"delegated\":false"]));
        assert!(cut.contains("\"delegated\":false"), "{cut}");
        assert!(cut.starts_with('…') && cut.ends_with('…'));
        assert!(cut.chars().count() < 430);
    }

    #[test]
    fn a_long_proof_keeps_its_lit_lines() {
        let shown: Vec<ShownLine> = (1..=40).map(|n| ShownLine::of(n, &format!("line {n}"))).collect();
        let because = Because {
            artefact: "a1".into(),
            input: "i1".into(),
            first_line: 3,
            last_line: 30,
            first_byte: 0,
            end_byte: 0,
            says: String::new(),
            lit: words(&["line 17", "line 29"]),
        };
        let (lines, more) = proof_lines(&shown, &because);
        assert_eq!(lines.iter().map(|l| l.number).collect::<Vec<_>>(), [17, 29]);
        assert_eq!(more, 26);
    }

    #[test]
    fn the_common_indent_is_left_out() {
        let shown = [ShownLine::of(1, "\t\tServer: x"), ShownLine::of(2, ""), ShownLine::of(3, "\t  Flags")];
        let lines: Vec<&ShownLine> = shown.iter().collect();
        let cut: Vec<String> = lines.iter().map(|l| excerpt(&l.text, indent(&lines), &[])).collect();
        assert_eq!(cut, ["Server: x", "", " Flags"]);
    }
}
