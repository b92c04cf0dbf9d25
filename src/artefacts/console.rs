//! What a console shows around an output: the prompt and the command, which readers use to know what was asked.

/// The command of a line that begins with a prompt: `C:\>`, `PS C:\x>`, `[HOST]: PS C:\x>`, `*Evil-WinRM* PS C:\x>`,
/// `alice@web01:~$`, `[root@web01 ~]#`, `shell%`, `$`.
pub fn after_prompt(line: &str) -> Option<&str> {
    let line = line.trim();
    for (at, c) in line.char_indices() {
        if !matches!(c, '>' | '$' | '#' | '%') {
            continue;
        }
        let (prompt, rest) = line.split_at_checked(at)?;
        let rest = rest.strip_prefix(c)?;
        if is_prompt(prompt, c, rest) {
            return Some(rest.trim());
        }
    }
    None
}

fn is_prompt(prompt: &str, end: char, rest: &str) -> bool {
    let spaced = rest.is_empty() || rest.starts_with(' ');
    match end {
        // `C:\>klist` may have no blank behind it.
        '>' => (prompt.contains(":\\") && prompt.len() < 260) || prompt == "PS" || prompt == "beacon",
        '$' | '#' | '%' => {
            spaced
                && (prompt.contains(['@', '~'])
                    || (end != '#' && prompt.len() <= 12 && prompt.chars().all(|c| c.is_ascii_alphabetic())))
        }
        _ => false,
    }
}

/// The words of the command when this line is one of `tool`: behind a prompt, or bare when every word looks like an
/// argument (`known`), so that a sentence that begins with the tool's name is none.
pub fn command_of<'l>(line: &'l str, tool: &str, known: fn(&str) -> bool) -> Option<Vec<&'l str>> {
    let (text, prompted) = match after_prompt(line) {
        Some(text) => (text, true),
        None => (line.trim(), false),
    };
    let text = text.strip_prefix("run ").unwrap_or(text);
    let text = text.strip_prefix("sudo ").unwrap_or(text);
    let mut words = text.split_whitespace();
    let name = words.next()?.rsplit(['\\', '/']).next()?.to_ascii_lowercase();
    if name.strip_suffix(".exe").unwrap_or(&name) != tool {
        return None;
    }
    let words: Vec<&str> = words.collect();
    (prompted || words.iter().all(|w| known(w))).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_of_every_shell() {
        for line in [
            "C:\\>klist -li 0x3e7",
            "C:\\Windows\\System32> klist -li 0x3e7",
            "PS C:\\Users\\a b> klist -li 0x3e7",
            "[WEB01.contoso.com]: PS C:\\Users\\a\\Documents> klist.exe -li 0x3e7",
            "*Evil-WinRM* PS C:\\x> klist -li 0x3e7",
            "PS> klist -li 0x3e7",
            "beacon> run klist -li 0x3e7",
            "alice@web01:~$ klist -li 0x3e7",
            "[root@web01 ~]# klist -li 0x3e7",
            "shell% klist -li 0x3e7",
            "$ klist -li 0x3e7",
            "klist -li 0x3e7",
        ] {
            let known = |w: &str| w.starts_with('-') || w.starts_with("0x");
            assert_eq!(command_of(line, "klist", known), Some(vec!["-li", "0x3e7"]), "{line}");
        }
    }

    #[test]
    fn sentences_and_tickets_are_no_commands() {
        for line in ["klist shows nothing", "#0> Client: a @ B", "see klist", "# klist of the front end", "50% klist"] {
            assert_eq!(command_of(line, "klist", |w| w.starts_with('-')), None, "{line}");
        }
    }
}
