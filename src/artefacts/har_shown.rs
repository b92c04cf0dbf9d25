//! A HAR file's lines as they may be shown: the values of cookies, of unknown headers, of forms and bodies are hidden, which
//! the line alone would not tell (`"name": "session"`, on the next line `"value": "…"`).

use crate::ingest::lines::Line;

/// Headers whose values may be shown (what is secret in them is hidden by its own shape).
const SAFE: [&str; 16] = [
    "host",
    ":authority",
    ":method",
    ":scheme",
    ":status",
    "www-authenticate",
    "proxy-authenticate",
    "authorization",
    "server",
    "date",
    "connection",
    "persistent-auth",
    "via",
    "content-type",
    "content-length",
    "user-agent",
];
/// Keys whose values are never shown.
const BODIES: [&str; 2] = ["text", "content"];

/// Hides values over the lines of one file.
#[derive(Debug, Default)]
pub struct Hider {
    /// The header or cookie whose value comes next.
    name: Option<String>,
    /// The key whose value comes next.
    key: Option<String>,
}

impl Hider {
    /// The line without values that nobody need see. Only the first `limit` characters are looked at and given.
    pub fn hide(&mut self, line: &Line, limit: usize) -> String {
        let mut out = String::new();
        let mut chars = line.text.chars();
        while out.len() < limit {
            let Some(c) = chars.next() else { break };
            if c != '"' {
                // A number, a bracket or a comma ends what the key announced.
                if matches!(c, ',' | '{' | '[' | '}' | ']') {
                    self.key = None;
                }
                out.push(c);
                continue;
            }
            let text = string(&mut chars);
            let is_key = self.key.is_none() && chars.as_str().trim_start().starts_with(':');
            if is_key {
                self.key = Some(text.clone());
                out.push_str(&format!("\"{text}\""));
                continue;
            }
            out.push_str(&format!("\"{}\"", self.value(&text)));
        }
        out
    }

    fn value(&mut self, text: &str) -> String {
        match self.key.take().as_deref() {
            Some("name") => {
                self.name = Some(text.to_ascii_lowercase());
                text.to_owned()
            }
            Some("value") => {
                let safe = self.name.take().is_some_and(|n| SAFE.contains(&n.as_str()));
                if safe { text.to_owned() } else { hidden(text) }
            }
            Some(key) if BODIES.contains(&key) => hidden(text),
            // A URL's query may hold anything.
            Some("url" | "redirectURL") => text.split(['?', '#']).next().unwrap_or_default().to_owned(),
            _ => text.to_owned(),
        }
    }
}

fn hidden(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("[value, {} characters, hidden]", text.chars().count()) }
}

/// The rest of a string, as written, up to its closing quote.
fn string(chars: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => {
                text.push(c);
                text.extend(chars.next());
            }
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    #[test]
    fn cookies_forms_and_bodies_are_hidden_headers_of_authentication_are_not() {
        let text = "{\"log\": {\"creator\": {}, \"entries\": [{\"request\": {\"url\": \"https://a.b/c?t=hunter2\", \"headers\": [\n{\"name\": \"Cookie\", \"value\": \"s=hunter2\"},\n\
                    {\n\"name\": \"X-Own\",\n\"value\": \"hunter2\"\n},\n{\"name\": \"Host\", \"value\": \"a.b\"}], \"postData\": {\"text\": \"p=hunter2\\\"hunter2\"}, \"cookies\": [{\"name\": \"s\",\n\"value\": \"hunter2\"}]},\n\
                    \"response\": {\"status\": 401, \"headers\": [{\"name\": \"WWW-Authenticate\", \"value\": \"Negotiate\"}], \"content\": {\"text\": \"hunter2\"}}}]}}\n";
        let mut hider = Hider::default();
        let shown: String = test_lines(text).iter().map(|l| hider.hide(l, 10_000) + "\n").collect();
        assert!(!shown.contains("hunter2"), "{shown}");
        for kept in ["\"https://a.b/c\"", "\"value\": \"a.b\"", "\"value\": \"Negotiate\"", "\"status\": 401"] {
            assert!(shown.contains(kept), "{kept} in {shown}");
        }
        let mut intake = crate::ingest::Intake::new("x.har");
        intake.push(text.as_bytes());
        assert!(!serde_json::to_string(&intake.finish()).unwrap().contains("hunter2"));
    }
}
