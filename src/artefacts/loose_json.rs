//! A JSON scanner that also lives with cut text and knows where each value stands: what a strict parser can't give.

/// A scalar with the keys that lead to it. Array elements have their index as key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// Keys from the outside in.
    pub path: Vec<String>,
    /// The value: a string's content, or the word as written (`true`, `12`, `null`).
    pub value: String,
    /// Offset of the value in the text.
    pub at: usize,
}

impl Scalar {
    /// The key at a depth.
    pub fn key(&self, depth: usize) -> &str {
        self.path.get(depth).map_or("", String::as_str)
    }
    /// True when the path is exactly this.
    pub fn is(&self, path: &[&str]) -> bool {
        self.path.iter().map(String::as_str).eq(path.iter().copied())
    }
}

/// All scalars of a text, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The scalars.
    pub scalars: Vec<Scalar>,
    /// True when every bracket was closed: the text is whole.
    pub whole: bool,
    /// Keys of what is still open where the text ends.
    pub open: Vec<String>,
    /// True when the text ends within the last scalar, or may do so.
    pub cut: bool,
}

impl Scan {
    /// True when the last scalar stands under this key.
    pub fn ends_with(&self, key: &str) -> bool {
        self.scalars.last().is_some_and(|s| s.path.iter().any(|k| k == key))
    }
    /// The value at exactly this path.
    pub fn get(&self, path: &[&str]) -> Option<&str> {
        self.scalars.iter().find(|s| s.is(path)).map(|s| s.value.as_str())
    }
}

enum Open {
    Object,
    Array(usize),
}

/// Scans a text. Anything that is no JSON is skipped.
pub fn scan(text: &str) -> Scan {
    let mut out = Scan::default();
    let mut stack: Vec<Open> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut key: Option<String> = None;
    let mut opened = false;
    let mut chars = text.char_indices().peekable();
    let mut pending: Option<(String, usize)> = None;
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                let mut word = String::new();
                out.cut = true;
                while let Some((_, c)) = chars.next() {
                    match c {
                        '"' => {
                            out.cut = false;
                            break;
                        }
                        '\\' => match chars.next().map(|(_, c)| c) {
                            // PowerShell writes apostrophes and angle brackets so.
                            Some('u') => word.push(numbered(chars.by_ref().take(4).map(|(_, c)| c))),
                            other => word.push(unescape(other)),
                        },
                        // A string wrapped by a mail client goes on in the next line.
                        '\n' => {}
                        c => word.push(c),
                    }
                }
                flush(&mut pending, &mut key, &stack, &path, &mut out);
                pending = Some((word, at));
            }
            ':' => key = pending.take().map(|(word, _)| word),
            '{' | '[' => {
                opened = true;
                path.push(key.take().unwrap_or_else(|| index(&stack)));
                stack.push(if c == '{' { Open::Object } else { Open::Array(0) });
                pending = None;
            }
            '}' | ']' => {
                flush(&mut pending, &mut key, &stack, &path, &mut out);
                stack.pop();
                path.pop();
                key = None;
            }
            ',' => {
                flush(&mut pending, &mut key, &stack, &path, &mut out);
                key = None;
                if let Some(Open::Array(n)) = stack.last_mut() {
                    *n = n.saturating_add(1);
                }
            }
            c if c.is_alphanumeric() || matches!(c, '-' | '.') => {
                let mut word = c.to_string();
                while let Some((_, c)) =
                    chars.next_if(|(_, c)| c.is_alphanumeric() || matches!(c, '-' | '.' | '+' | '_'))
                {
                    word.push(c);
                }
                flush(&mut pending, &mut key, &stack, &path, &mut out);
                out.cut = chars.peek().is_none();
                pending = Some((word, at));
            }
            _ => {}
        }
    }
    flush(&mut pending, &mut key, &stack, &path, &mut out);
    out.whole = opened && stack.is_empty();
    out.open = path.into_iter().filter(|key| !key.is_empty()).collect();
    out
}

fn index(stack: &[Open]) -> String {
    match stack.last() {
        Some(Open::Array(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// The character of four hexadecimal digits; a blank for what is none, and for half of a pair.
fn numbered(digits: impl Iterator<Item = char>) -> char {
    let found = u32::from_str_radix(&digits.collect::<String>(), 16).ok().and_then(char::from_u32);
    found.filter(|c| !c.is_control()).unwrap_or(' ')
}

fn unescape(c: Option<char>) -> char {
    match c {
        Some('n' | 't' | 'r') | None => ' ',
        Some(c) => c,
    }
}

/// Emits a waiting scalar. The outermost bracket has no key and is left out of paths.
fn flush(
    pending: &mut Option<(String, usize)>,
    key: &mut Option<String>,
    stack: &[Open],
    path: &[String],
    out: &mut Scan,
) {
    let Some((value, at)) = pending.take() else { return };
    let last = match (key.take(), stack.last()) {
        (Some(key), _) => key,
        (None, Some(Open::Array(n))) => n.to_string(),
        (None, _) => return,
    };
    let mut full: Vec<String> = path.iter().filter(|p| !p.is_empty()).cloned().collect();
    full.push(last);
    out.scalars.push(Scalar { path: full, value, at });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_values_and_wholeness() {
        let s = scan("{\"a\": {\"b\": [true, \"x y\"], \"c\": -12},\n \"d\": \"q\"}");
        let got: Vec<(String, &str)> = s.scalars.iter().map(|s| (s.path.join("."), s.value.as_str())).collect();
        let want = [("a.b.0", "true"), ("a.b.1", "x y"), ("a.c", "-12"), ("d", "q")];
        assert_eq!(got, want.map(|(p, v)| (p.to_owned(), v)));
        assert!(s.whole);
        let cut = scan("{\"a\": {\"b\": 1, \"c\": \"half");
        assert_eq!((cut.get(&["a", "b"]), cut.get(&["a", "c"]), cut.whole), (Some("1"), Some("half"), false));
        assert_eq!(scan("{\"a\": \"d\\u0027erreur\"}").get(&["a"]), Some("d'erreur"));
        assert_eq!(scan("\"flags\": {\"delegated\": false}").get(&["flags", "delegated"]), Some("false"));
    }
}
