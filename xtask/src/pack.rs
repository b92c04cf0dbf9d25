//! Packs the page into one file that works from `file://` under a strict policy.
//!
//! There, neither module scripts nor `fetch` work. So the glue is a plain inline script, the program lies gzipped and as
//! dense text in a script that no browser runs, and the policy in the page's head names each inline part by its hash.

use crate::dense;
use crate::run::Outcome;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};

/// What the one file is made of.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'p> {
    /// `index.html`, with `<!-- pack:NAME -->` where a part belongs.
    pub template: &'p str,
    /// The style sheet.
    pub style: &'p str,
    /// The page's icon, SVG.
    pub icon: Option<&'p str>,
    /// What wasm-bindgen wrote for `no-modules`.
    pub glue: &'p str,
    /// The script that starts the program.
    pub boot: &'p str,
    /// The program.
    pub wasm: &'p [u8],
    /// Makes the glue smaller once what would load from a server is cut out.
    pub minify: fn(&str) -> Outcome<String>,
}

/// Makes the one file.
pub fn pack(parts: &Parts<'_>) -> Outcome<String> {
    let style = inline("style", &bare_style(parts.style))?;
    let glue = inline("script", &(parts.minify)(&without_loading(parts.glue)?)?)?;
    let boot = inline("script", &bare_script(parts.boot))?;
    let policy = policy(&[&glue, &boot], &style);
    let icon = parts.icon.map_or_else(String::new, |svg| {
        let data = BASE64.encode(svg);
        format!("<link rel=\"icon\" type=\"image/svg+xml\" href=\"data:image/svg+xml;base64,{data}\">")
    });
    // Without any icon named, a browser asks the server for one.
    let icon = if icon.is_empty() { "<link rel=\"icon\" href=\"data:,\">".to_owned() } else { icon };
    let packed = gzip(parts.wasm)?;
    let (program, length) = (dense::encode(&packed), packed.len());
    let mut page = parts.template.replace("\r\n", "\n");
    for (place, content) in [
        ("policy", format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")),
        ("icon", icon),
        ("style", format!("<style>{style}</style>")),
        (
            "program",
            format!(
                "<script type=\"text/plain\" id=\"program\" data-length=\"{length}\">{program}</script>\n    \
                 <script id=\"glue\">{glue}</script>\n    <script>{boot}</script>"
            ),
        ),
    ] {
        page = fill(&page, place, &content)?;
    }
    // What the template holds for Trunk alone: its link, and the comment above it.
    let kept = page.lines().filter(|line| !is_for_the_build(line.trim()));
    Ok(kept.collect::<Vec<_>>().join("\n") + "\n")
}

/// What the page may do. A browser refuses all that isn't named here.
fn policy(scripts: &[&str], style: &str) -> String {
    let scripts: Vec<String> = scripts.iter().map(|script| source(script)).collect();
    format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src {}; worker-src blob:; img-src data:; \
         base-uri 'none'; form-action 'none'",
        scripts.join(" "),
        source(style)
    )
}

fn source(content: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(Sha256::digest(content)))
}

/// An element's content as the browser will see it, and hash it.
fn inline(element: &str, content: &str) -> Outcome<String> {
    let content = content.replace("\r\n", "\n");
    let lower = content.to_ascii_lowercase();
    for bad in [format!("</{element}"), "<!--".to_owned(), "<script".to_owned(), "\0".to_owned()] {
        if lower.contains(&bad) {
            return Err(format!("{bad:?} stands in what goes into a <{element}>: it would end or change it there"));
        }
    }
    Ok(content)
}

/// A style sheet without comments, and without the blanks that only people need.
fn bare_style(style: &str) -> String {
    let mut rest = style;
    let mut bare = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, behind)| behind);
    }
    bare.push_str(rest);
    let lines: String = bare.lines().map(str::trim).filter(|l| !l.is_empty()).map(|l| format!("{l} ")).collect();
    lines
        .replace(" {", "{")
        .replace("{ ", "{")
        .replace("; ", ";")
        .replace(" }", "}")
        .replace(";}", "}")
        .replace("} ", "}")
}

/// A script without the lines that are comments, and without indents. Only for ours, whose texts have one line each.
fn bare_script(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn fill(page: &str, place: &str, content: &str) -> Outcome<String> {
    let marker = format!("<!-- pack:{place} -->");
    match page.split_once(&marker) {
        Some((before, after)) if !after.contains(&marker) => Ok(format!("{before}{content}{after}")),
        Some(_) => Err(format!("index.html holds {marker} twice: keep one")),
        None => Err(format!("index.html lacks {marker}: the packer puts a part of the page there")),
    }
}

fn is_for_the_build(line: &str) -> bool {
    line.starts_with("<link data-trunk") || line.starts_with("<!-- The packer")
}

/// Cuts out how the glue would load the program from a server. The page never does that, so nothing here can.
/// The part at its top would also throw in a frame whose document has no address (`srcdoc`).
fn without_loading(glue: &str) -> Outcome<String> {
    let glue = glue.replace("\r\n", "\n");
    let glue = cut(&glue, "    let script_src;\n", "    function __wbg_get_imports")?;
    let glue = cut(&glue, "    async function __wbg_load(", "    function initSync(")?;
    let glue =
        cut(&glue, "    let __wbg_init_promise;\n", "    return Object.assign(__wbg_init, { initSync }, exports);")?;
    Ok(glue.replace("return Object.assign(__wbg_init, {", "return Object.assign({"))
}

fn cut(text: &str, from: &str, to: &str) -> Outcome<String> {
    let parts = text.split_once(from).and_then(|(before, rest)| Some((before, rest.split_once(to)?.1)));
    let (before, after) = parts.ok_or_else(|| {
        format!(
            "the glue has no {:?} before {to:?}: wasm-bindgen writes it anew, so adapt xtask/src/pack.rs",
            from.trim()
        )
    })?;
    Ok(format!("{before}{to}{after}"))
}

/// As small as gzip gets: Zopfli takes seconds where the usual encoder takes a moment, and saves some 4 %.
fn gzip(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let iterations = std::num::NonZeroU64::new(5).ok_or("no iterations")?;
    let options = zopfli::Options { iteration_count: iterations, ..zopfli::Options::default() };
    let mut packed = Vec::new();
    zopfli::compress(options, zopfli::Format::Gzip, bytes, &mut packed)
        .map_err(|error| format!("gzip failed: {error}"))?;
    Ok(packed)
}

/// A checksum file's line, as `sha256sum --check` reads it.
pub fn checksum(name: &str, content: &[u8]) -> String {
    let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digest}  {name}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_and_scripts_lose_what_only_people_need() {
        let style = "/* A: b */\n.a > .b,\n.c :hover { color: red; --x: a b; }\n@media (x: y) {\n  .d { e: f; }\n}\n";
        assert_eq!(bare_style(style), ".a > .b, .c :hover{color: red;--x: a b}@media (x: y){.d{e: f}}");
        assert_eq!(
            bare_script("// Starts.\n(function () {\n  // a\n  b(\"// c\");\n})();\n"),
            "(function () {\nb(\"// c\");\n})();"
        );
    }

    const GLUE: &str = "let wasm_bindgen = (function(exports) {\n    let script_src;\n    x = document.currentScript;\n    \
        function __wbg_get_imports() {}\n    async function __wbg_load(module) { fetch(1) }\n\n    function initSync(module) {}\n\n    \
        let __wbg_init_promise;\n    fetch(2);\n    return Object.assign(__wbg_init, { initSync }, exports);\n})({});";
    const TEMPLATE: &str = include_str!("../../index.html");

    fn parts() -> Parts<'static> {
        Parts {
            template: TEMPLATE,
            style: "p{margin:0}",
            icon: None,
            glue: GLUE,
            boot: "start();\r\nmore();",
            wasm: b"\0asm",
            minify: |glue| Ok(glue.to_owned()),
        }
    }

    fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
        text.split_once(from).unwrap().1.split_once(to).unwrap().0
    }

    #[test]
    fn the_policy_names_exactly_what_the_page_holds() {
        let page = pack(&parts()).unwrap();
        let policy = between(&page, "Content-Security-Policy\" content=\"", "\">");
        let glue = between(&page, "<script id=\"glue\">", "</script>");
        let style = between(&page, "<style>", "</style>");
        assert_eq!(
            policy,
            format!(
                "default-src 'none'; script-src {} {} 'wasm-unsafe-eval'; style-src {}; worker-src blob:; img-src data:; \
                 base-uri 'none'; form-action 'none'",
                source(glue),
                source("start();\nmore();"),
                source(style)
            )
        );
        assert_eq!(source(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
        assert!(page.find("Content-Security-Policy").unwrap() < 200, "the policy comes before what it rules");
        assert!(!page.contains("pack:") && !page.contains("trunk") && !page.contains("packer"));
    }

    #[test]
    fn the_glue_can_no_longer_fetch() {
        let glue = without_loading(GLUE).unwrap();
        assert!(!glue.contains("fetch") && !glue.contains("script_src"), "{glue}");
        assert!(glue.contains("return Object.assign({ initSync }, exports);"), "{glue}");
        assert!(without_loading("let wasm_bindgen = 1").unwrap_err().contains("adapt"));
    }

    #[test]
    fn the_program_comes_back_whole() {
        let page = pack(&parts()).unwrap();
        let length = between(&page, "data-length=\"", "\"").parse().unwrap();
        let packed = dense::decode(between(&page, &format!("data-length=\"{length}\">"), "<"), length);
        let mut program = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut program).unwrap();
        assert_eq!(program, b"\0asm");
    }

    #[test]
    fn what_would_end_an_element_is_refused() {
        for boot in ["'</SCRIPT>'", "a<!--b"] {
            assert!(pack(&Parts { boot, ..parts() }).unwrap_err().contains("<script>"), "{boot}");
        }
        assert!(pack(&Parts { style: "</style x", ..parts() }).is_err());
        assert!(pack(&Parts { template: "<html>", ..parts() }).unwrap_err().contains("pack:policy"));
    }

    #[test]
    fn a_checksum_line_is_what_sha256sum_reads() {
        assert_eq!(
            checksum("a.html", b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.html\n"
        );
    }
}
