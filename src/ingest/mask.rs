//! Secrets out of every line that may be shown, stored or reported: tokens, cookies, keys, passwords.
//!
//! The rule is by shape, so that it also holds for lines that no reader understood.

/// Words behind which the rest of a header is a secret.
const SECRET_HEADERS: [&str; 4] = ["cookie:", "set-cookie:", "x-ms-refreshtokencredential:", "x-api-key:"];
/// Authentication schemes whose credentials follow after a blank.
const SCHEMES: [&str; 6] = ["negotiate ", "kerberos ", "ntlm ", "basic ", "bearer ", "digest "];

/// The line with its secrets replaced by what they were and how long.
pub fn mask(line: &str) -> String {
    let mut out = mask_headers(line);
    out = mask_schemes(&out);
    out = mask_passwords(&out);
    mask_runs(&out)
}

/// A line that is nothing but a piece of a token: where HTTP is read, mail clients break tokens into such lines. The last
/// piece may be short, so it counts when the line before was one (`inside`).
pub fn token_piece(line: &str, inside: bool) -> Option<String> {
    let text = line.trim().trim_end_matches('…');
    let encoded = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='));
    let length = text.chars().count();
    (encoded && (inside || length >= 16)).then(|| hidden("token", length))
}

fn hidden(what: &str, length: usize) -> String {
    format!("[{what}, {length} characters, hidden]")
}

/// `Cookie: a=b` and the same inside JSON strings (`"Cookie: a=b"`).
fn mask_headers(line: &str) -> String {
    let mut out = line.to_owned();
    for name in SECRET_HEADERS {
        let mut from = 0usize;
        while let Some(at) = find_ignore_case(&out, name, from) {
            let value_at = at.saturating_add(name.len());
            let end = value_end(&out, value_at);
            let length = out.get(value_at..end).map_or(0, |v| v.trim().chars().count());
            if length > 0 {
                let note = format!(" {}", hidden("cookie", length));
                out.replace_range(value_at..end, &note);
                from = value_at.saturating_add(note.len());
            } else {
                from = value_at;
            }
        }
    }
    out
}

/// `Negotiate YII…`: the token, wherever the scheme's word stands before something long enough to be one.
fn mask_schemes(line: &str) -> String {
    let mut out = line.to_owned();
    for scheme in SCHEMES {
        let mut from = 0usize;
        while let Some(at) = find_ignore_case(&out, scheme, from) {
            let value_at = at.saturating_add(scheme.len());
            let token: String =
                out.get(value_at..).unwrap_or_default().chars().take_while(|c| is_token_char(*c)).collect();
            from = value_at;
            if token.chars().count() >= 8 && looks_encoded(&token) {
                let note = hidden("token", token.chars().count());
                out.replace_range(value_at..value_at.saturating_add(token.len()), &note);
                from = value_at.saturating_add(note.len());
            }
        }
    }
    out
}

/// Words behind whose `=` or `:` a secret stands: `password="…"`, `Pwd=…;`, `/password:…`, `"apiKey": "…"`.
const SECRETS: [&str; 12] = [
    "password",
    "passwort",
    "passwd",
    "pwd",
    "/pass",
    "kennwort",
    "clientsecret",
    "client_secret",
    "apikey",
    "base64(key)",
    "sessionkey",
    "session key",
];

/// The value of a password in an attribute, a connection string, a list or a command.
fn mask_passwords(line: &str) -> String {
    let mut out = line.to_owned();
    for word in SECRETS {
        let mut from = 0usize;
        while let Some(at) = find_ignore_case(&out, word, from) {
            let end = at.saturating_add(word.len());
            from = end;
            let Some((value_at, length)) = secret_behind(&out, end) else { continue };
            let note =
                hidden("secret", out.get(value_at..value_at.saturating_add(length)).map_or(0, |v| v.chars().count()));
            out.replace_range(value_at..value_at.saturating_add(length), &note);
            from = value_at.saturating_add(note.len());
        }
    }
    out
}

/// One of our own notes.
fn noted(value: &str) -> bool {
    value.starts_with('[') && value.find("hidden]").is_some_and(|at| at < 60)
}

/// Where the secret behind a word starts and how long it is; `None` when no `=` or `:` follows, or nothing behind it.
fn secret_behind(text: &str, end: usize) -> Option<(usize, usize)> {
    let rest = text.get(end..)?;
    let body = rest.trim_start_matches(['"', '\'', ' ', '\t']);
    let body = body.strip_prefix(['=', ':'])?;
    let value = body.trim_start();
    // `password = "x y"`: up to the quote; else up to a blank or semicolon.
    let (value, stop): (&str, fn(char) -> bool) = match value.chars().next()? {
        '"' => (value.get(1..)?, |c| c == '"'),
        '\'' => (value.get(1..)?, |c| c == '\''),
        _ => (value, |c| c.is_whitespace() || matches!(c, ';' | ',' | '"' | '<')),
    };
    let length = value.find(stop).unwrap_or(value.len());
    let secret = value.get(..length)?;
    // Words that say that there is none, and notes of our own.
    let told = ["true", "false", "yes", "no", "never", "[", "none", "null", "*"];
    if secret.is_empty() || told.iter().any(|w| secret.eq_ignore_ascii_case(w)) || noted(value) {
        return None;
    }
    Some((text.len().checked_sub(value.len())?, length))
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_' | '.' | '~')
}

/// A word of English is no token: it has no digit, no capital inside, no padding.
fn looks_encoded(token: &str) -> bool {
    let inner_capital = token.chars().skip(1).any(|c| c.is_ascii_uppercase());
    token.contains('=')
        || (inner_capital && (token.chars().any(|c| c.is_ascii_digit()) || token.len() >= 16))
        || token.len() >= 40
}

/// Long runs of base64 (64 and more) and hex (32 and more): tickets, keys, hashes.
fn mask_runs(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut run = String::new();
    for c in line.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') {
            run.push(c);
            continue;
        }
        out.push_str(&masked_run(&run));
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn masked_run(run: &str) -> String {
    let length = run.chars().count();
    let digits = run.strip_prefix("0x").unwrap_or(run);
    let hex = digits.len() >= 32 && digits.chars().all(|c| c.is_ascii_hexdigit());
    let slashes = run.matches('/').count();
    // A path is no token: it has a slash every few characters.
    let base64 = length >= 64 && slashes.saturating_mul(12) < length;
    if hex || base64 { hidden(if hex { "hex" } else { "base64" }, length) } else { run.to_owned() }
}

fn find_ignore_case(text: &str, needle: &str, from: usize) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    lower.get(from..)?.find(needle).and_then(|at| at.checked_add(from))
}

/// The end of a header's value: the line's, or the closing quote of a JSON string.
fn value_end(text: &str, from: usize) -> usize {
    text.get(from..)
        .and_then(|rest| rest.find(['"', '\r', '\n']))
        .and_then(|at| at.checked_add(from))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_go_wherever_they_stand() {
        for line in [
            "<processModel userName=\"a\\b\" password=\"hunter2\" />",
            "<identity PASSWORD='hunter2 hunter2'/>",
            "Server=sql;User Id=sa;Password=hunter2;Encrypt=true",
            "pwd = hunter2",
            "password:\"hunter2\"",
            "Rubeus.exe asktgt /user:a /password:hunter2 /ptt",
            "{\"password\": \"hunter2\", \"x\": 1}",
            "Passwort : hunter2",
            "  Base64(key)              :  hunter2==",
        ] {
            let masked = mask(line);
            assert!(masked.contains("hidden]") && !masked.contains("hunter2"), "{masked}");
            assert_eq!(mask(&masked), masked);
        }
        assert!(mask("<a userName=\"CONTOSO\\svc\" password=\"x\" b=\"c\"/>").ends_with(" b=\"c\"/>"));
        for plain in [
            "PasswordNeverExpires : True",
            "PasswordLastSet : 11/1/2026 10:00:00 AM",
            "Session Key Type: AES-256-CTS-HMAC-SHA1-96",
            "wrong password: no",
        ] {
            assert_eq!(mask(plain), plain);
        }
    }

    #[test]
    fn pieces_of_a_token_go() {
        assert_eq!(
            token_piece("  TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAA", false).unwrap(),
            "[token, 39 characters, hidden]"
        );
        assert_eq!(token_piece("AAAADw==", true).unwrap(), "[token, 8 characters, hidden]");
        assert_eq!(token_piece("AAAADw==", false), None);
        assert_eq!(token_piece("Accept: */*", true), None);
        assert_eq!(token_piece("", true), None);
    }

    #[test]
    fn secrets_go_words_stay() {
        let token = "YIIHiwYGKwYBBQUCoIIHfzCCB3ugMDAuBgkqhkiC9xIBAgIGCSqGSIb3EgECAgYKKwYBBAGCNwICHg==";
        for line in [
            format!("Authorization: Negotiate {token}"),
            format!("\"Authorization: Negotiate {token}\",\"Accept: */*\""),
            "Authorization: NTLM TlRMTVNTUAABAAAAl4II4g==".to_owned(),
            "Cookie: session=hunter2; a=b".to_owned(),
            "{\"headers\":[\"Set-Cookie: s=hunter2\",\"Host: web\"]}".to_owned(),
            "Authorization: Bearer eyJhbGciOi.J9eyJz.dWIi".to_owned(),
            "KeyLength 32 - 5b2c8f0b6d2c5e3b9c4a2d1e0f998877665544332211aabbccddeeff00112233".to_owned(),
        ] {
            let masked = mask(&line);
            assert!(masked.contains("hidden]"), "{masked}");
            for secret in ["YIIH", "TlRM", "hunter2", "eyJh", "5b2c8f"] {
                assert!(!masked.contains(secret), "{masked}");
            }
        }
        assert!(mask("{\"headers\":[\"Set-Cookie: s=hunter2\",\"Host: web\"]}").contains("Host: web"));
        for plain in [
            "WWW-Authenticate: Negotiate",
            "Authentication Method: Negotiate (KERBEROS)",
            "msDS-AllowedToDelegateTo : {HTTP/api01.contoso.com, HTTP/api01}",
            "KerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96",
            "CN=svc,OU=Some Very Long Organisational Unit Name,DC=contoso,DC=com",
            "the page says Negotiate whenever",
            "https://web.contoso.com/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/1/2/3/4/5",
        ] {
            assert_eq!(mask(plain), plain);
        }
    }
}
