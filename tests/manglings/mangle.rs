//! What mail clients, wikis, consoles and people do to text.

/// One way to mangle a text, and the names of samples that it may not be asked of, because it takes away what decides.
pub struct Mangling {
    pub name: &'static str,
    pub apply: fn(&str) -> Vec<u8>,
    pub not: &'static [&'static str],
}

fn each(text: &str, line: impl Fn(&str) -> String) -> Vec<u8> {
    text.lines().map(|l| line(l) + "\n").collect::<String>().into_bytes()
}

/// Wraps at blanks, as mail clients do.
fn wrap(text: &str, width: usize, indent: &str) -> Vec<u8> {
    let mut out = String::new();
    for line in text.lines() {
        let mut column = 0usize;
        let body = line.trim_start();
        let lead: String = line.chars().take(line.chars().count() - body.chars().count()).collect();
        out.push_str(&lead);
        column += lead.len();
        for (i, word) in body.split(' ').enumerate() {
            let length = word.chars().count();
            if i > 0 && column + 1 + length > width {
                out.push('\n');
                out.push_str(indent);
                column = indent.len();
            } else if i > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        out.push('\n');
    }
    out.into_bytes()
}

/// What is done to every sample.
pub const MANGLINGS: &[Mangling] = &[
    Mangling { name: "as it is", apply: |t| t.as_bytes().to_vec(), not: &[] },
    Mangling { name: "quoted once", apply: |t| each(t, |l| format!("> {l}")), not: &[] },
    Mangling { name: "quoted twice", apply: |t| each(t, |l| format!("> > {l}")), not: &[] },
    Mangling { name: "quoted tightly", apply: |t| each(t, |l| format!(">> {l}")), not: &[] },
    Mangling { name: "indented by four", apply: |t| each(t, |l| format!("    {l}")), not: &[] },
    Mangling { name: "indented by a tab", apply: |t| each(t, |l| format!("\t{l}")), not: &[] },
    Mangling { name: "blanks at line ends", apply: |t| each(t, |l| format!("{l}   ")), not: &[] },
    Mangling { name: "double spaced", apply: |t| each(t, |l| format!("{l}\n")), not: &[] },
    Mangling { name: "CRLF", apply: |t| t.replace('\n', "\r\n").into_bytes(), not: &[] },
    Mangling { name: "wrapped at 76", apply: |t| wrap(t, 76, ""), not: &[] },
    Mangling { name: "wrapped at 76, hanging", apply: |t| wrap(t, 76, "    "), not: &[] },
    Mangling { name: "wrapped at 100", apply: |t| wrap(t, 100, ""), not: &[] },
    Mangling {
        name: "HTML entities",
        apply: |t| {
            t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").into_bytes()
        },
        not: &[],
    },
    Mangling {
        name: "numeric entities",
        apply: |t| {
            t.replace('<', "&#60;").replace('>', "&#x3E;").replace('\'', "&#39;").replace('"', "&#34;").into_bytes()
        },
        not: &[],
    },
    Mangling { name: "NBSP", apply: |t| t.replace(' ', "\u{a0}").into_bytes(), not: &[] },
    Mangling { name: "NBSP in pairs", apply: |t| t.replace("  ", " \u{a0}").into_bytes(), not: &[] },
    Mangling {
        name: "columns collapsed",
        apply: |t| each(t, |l| l.split_whitespace().collect::<Vec<_>>().join(" ")),
        not: &[],
    },
    Mangling { name: "tabs to blanks", apply: |t| t.replace('\t', "        ").into_bytes(), not: &[] },
    Mangling { name: "columns to tabs", apply: |t| t.replace("  ", "\t").into_bytes(), not: &[] },
    Mangling {
        name: "word processor",
        apply: |t| {
            t.replace("->", "→")
                .replace('"', "\u{201d}")
                .replace('\'', "\u{2019}")
                .replace(" -", " \u{2013}")
                .into_bytes()
        },
        not: &[],
    },
    Mangling { name: "UTF-8 with BOM", apply: |t| [&[0xef, 0xbb, 0xbf], t.as_bytes()].concat(), not: &[] },
    Mangling {
        name: "UTF-16 little endian with BOM",
        apply: |t| [0xff, 0xfe].into_iter().chain(t.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        not: &[],
    },
    Mangling {
        name: "UTF-16 big endian without BOM",
        apply: |t| t.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        not: &[],
    },
    Mangling {
        name: "an 8-bit page around it",
        apply: |t| [b"Gr\xfc\xdfe aus K\xf6ln,\n\n", t.as_bytes()].concat(),
        not: &[],
    },
    Mangling { name: "fenced", apply: |t| format!("Look:\n```text\n{t}```\nThanks\n").into_bytes(), not: &[] },
    Mangling {
        name: "in a mail",
        apply: |t| format!("Hi all,\nthis is what I see:\n\n{t}\nCheers\nBob\n").into_bytes(),
        not: &[],
    },
    Mangling {
        name: "in a transcript",
        apply: |t| {
            format!(
                "**********************\nWindows PowerShell transcript start\nStart time: 20261118100000\nUsername: CONTOSO\\bob\n**********************\nTranscript started\n{t}"
            )
            .into_bytes()
        },
        not: &[],
    },
    Mangling { name: "zero-width spaces", apply: |t| t.replace(':', ":\u{200b}").into_bytes(), not: &[] },
    Mangling {
        name: "each line in back-ticks",
        apply: |t| each(t, |l| if l.trim().is_empty() { String::new() } else { format!("`{l}`") }),
        not: &[],
    },
    Mangling { name: "HTML line breaks", apply: |t| each(t, |l| format!("{l}<br>")), not: &[] },
    Mangling { name: "no last line end", apply: |t| t.trim_end().as_bytes().to_vec(), not: &[] },
    Mangling { name: "in pre", apply: |t| format!("<pre>\n{t}</pre>\n").into_bytes(), not: &[] },
];
