//! What is to be typed, told apart from the words around it: only the one is copied.

/// Commands that are written small and stand at the start of a line.
pub const COMMANDS: [&str; 19] = [
    "klist", "setspn", "reg", "whoami", "nltest", "ksetup", "gpresult", "gpupdate", "kinit", "kvno", "kdestroy",
    "w32tm", "netdom", "repadmin", "curl", "curl.exe", "ipconfig", "nslookup", "query",
];

/// What stands between a command and what is done before or after it.
const BREAKS: [&str; 8] = [" & ", "; ", ", ", " and ", ": ", " (", " on the ", " for the "];
/// Words that go on behind a command and are none of it.
const PROSE: [&str; 15] = [
    "then",
    "load",
    "open",
    "reload",
    "after",
    "elevated",
    "right",
    "in",
    "on",
    "for",
    "from",
    "the",
    "as",
    "LocalSystem",
    "System",
];

/// A line's commands and its words apart, in their order; true for a command.
pub fn steps(line: &str) -> Vec<(bool, String)> {
    let mut steps: Vec<(bool, String)> = Vec::new();
    let mut rest = line.trim();
    loop {
        let after = rest.strip_prefix("then ").filter(|r| is_command(first_step(r).0));
        rest = after.unwrap_or(rest);
        let (step, more) = first_step(rest);
        match (is_command(step), steps.last_mut()) {
            // Commands stand below each other; an address is opened by itself.
            (true, Some((true, block))) if !step.contains("://") => {
                block.push('\n');
                block.push_str(step);
            }
            (command, _) => steps.push((command, step.to_owned())),
        }
        // A remark in brackets ends what is to be typed.
        if more.is_empty() || more.starts_with('(') {
            steps.extend((!more.is_empty()).then(|| (false, more.to_owned())));
            return steps;
        }
        rest = more;
    }
}

/// Up to where a command ends or one begins; what is quoted or in brackets stays whole.
fn first_step(line: &str) -> (&str, &str) {
    let (mut depth, mut quoted) = (0i32, None);
    for (at, c) in line.char_indices() {
        let left = line.get(..at).unwrap_or_default();
        let right = line.get(at..).unwrap_or_default();
        let found = BREAKS.iter().find(|b| depth == 0 && quoted.is_none() && right.starts_with(**b));
        if let Some(sign) = found {
            let next = right.strip_prefix(sign).unwrap_or_default();
            let next = next.strip_prefix("then ").filter(|n| begins_with_command(n)).unwrap_or(next);
            let word = next.split([' ', ',', ':']).next().unwrap_or_default();
            if !left.is_empty() && (begins_with_command(next) || (is_command(left) && PROSE.contains(&word))) {
                return match *sign {
                    ": " => (line.get(..=at).unwrap_or(line), next),
                    " (" | " on the " | " for the " => (left, right.trim_start()),
                    _ => (left, next),
                };
            }
        }
        match c {
            '"' if quoted == Some('"') => quoted = None,
            '\'' if quoted == Some('\'') => quoted = None,
            '"' if quoted.is_none() => quoted = Some('"'),
            '\'' if quoted.is_none() && left.ends_with([' ', '=', '(', '{', ',']) => quoted = Some('\''),
            '(' | '{' | '<' if quoted.is_none() => depth = depth.saturating_add(1),
            ')' | '}' | '>' if quoted.is_none() => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (line, "")
}

fn begins_with_command(text: &str) -> bool {
    let first = text.split([' ', ',', ';']).next().unwrap_or_default();
    COMMANDS.contains(&first) || is_cmdlet(first)
}

/// `Get-ADUser`
fn is_cmdlet(first: &str) -> bool {
    first.split_once('-').is_some_and(|(verb, noun)| {
        verb.starts_with(|c: char| c.is_ascii_uppercase()) && noun.starts_with(|c: char| c.is_ascii_uppercase())
    })
}

/// Is this line something to type, or words? What an instruction holds of both is shown apart: only the one is copied.
pub fn is_command(line: &str) -> bool {
    let line = line.trim();
    let first = line.split_whitespace().next().unwrap_or_default();
    is_cmdlet(first)
        || (COMMANDS.contains(&first) && !line.ends_with('.'))
        || first.contains("appcmd")
        || line.starts_with(['$', '#', '@', '{', '}', '[', '<', '(', '"'])
        || (first.contains("://") && !line.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_words_are_told_apart() {
        for command in
            ["klist -li 0x3e7 purge", "Get-ADUser svc-web", "$fe = 1", "edge://policy", "reg query HKLM\\SOFTWARE"]
        {
            assert!(is_command(command), "{command}");
        }
        for words in [
            "On the front end: klist purge",
            "klist on the PC shows it.",
            "edge://policy, Export to JSON. Or:",
            "Re-open Edge.",
        ] {
            assert!(!is_command(words), "{words}");
        }
    }

    #[test]
    fn only_commands_are_copied() {
        let parts = |line: &str| -> Vec<String> {
            steps(line)
                .into_iter()
                .map(|(command, text)| format!("{}{text}", if command { "> " } else { "" }))
                .collect()
        };
        assert_eq!(parts("klist purge & klist get HTTP/web"), ["> klist purge\nklist get HTTP/web"]);
        assert_eq!(
            parts(
                "Get-ADUser 'svc' -Properties a,b; then on the front end: klist -li 0x3e7 purge, load the page, klist -li 0x<the user's session>"
            ),
            [
                "> Get-ADUser 'svc' -Properties a,b",
                "then on the front end:",
                "> klist -li 0x3e7 purge",
                "load the page",
                "> klist -li 0x<the user's session>"
            ]
        );
        assert_eq!(
            parts("On the web server: klist get MSSQLSvc/db; then load the page"),
            ["On the web server:", "> klist get MSSQLSvc/db", "then load the page"]
        );
        assert_eq!(parts("klist, after loading the page"), ["> klist", "after loading the page"]);
        assert_eq!(
            parts("klist -li 0x<the pool's session> (LocalSystem 0x3e7, NetworkService 0x3e4), elevated"),
            ["> klist -li 0x<the pool's session>", "(LocalSystem 0x3e7, NetworkService 0x3e4), elevated"]
        );
        // What is one command or no command at all stays whole.
        for whole in [
            "Set-ADUser svc -Replace @{'msDS-AllowedToDelegateTo'='a', 'b'; c=1}",
            "(Get-CimInstance -Namespace root\\x Win32_DeviceGuard).SecurityServicesRunning",
            "reg add \"HKLM\\A (b), load\" /v x",
        ] {
            assert_eq!(parts(whole), [format!("> {whole}")]);
        }
        assert_eq!(parts("Load the page, then look at the log").len(), 1);
    }
}
