//! Every part of every case: evidence that is left out may leave a question open, but never turn the answer into another one.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::{CaseFile, corpus, files};
use doublehop::report::State;
use doublehop::report::Status::{self, Confirmed, Likely};
use std::path::Path;

/// What a mode may be taken for while the evidence that tells its cause is not there: the finding above it, and how sure at most.
const UMBRELLAS: [(&str, &str, Status); 9] = [
    // NTLM is seen; why is not.
    ("edge-default-creds-not-allowed", "ntlm-fallback", Confirmed),
    // No list works for this site; that somebody wrote one is said elsewhere.
    ("edge-delegate-allowlist-mismatch", "edge-delegate-allowlist-missing", Confirmed),
    ("edge-policy-not-applied", "edge-delegate-allowlist-missing", Confirmed),
    // The browser keeps the credentials back; that the window is a private one only the person knows.
    ("edge-inprivate-no-ambient", "edge-default-creds-not-allowed", Likely),
    // "Kerberos only" refuses these users either way; that the back end's account names the front end as well only its dump shows.
    ("kcd-rbcd-conflict", "kcd-protocol-transition-needed", Likely),
    ("kcd-rbcd-conflict", "kcd-spn-not-in-list", Confirmed),
    // The user's ticket is not forwardable; that the user is protected only the directory shows.
    ("rbcd-restricted-user", "kcd-evidence-ticket-not-forwardable", Confirmed),
    ("user-protected-users", "kcd-evidence-ticket-not-forwardable", Confirmed),
    ("user-not-delegated", "kcd-evidence-ticket-not-forwardable", Confirmed),
];

/// Parts that truly show something else than the whole: case, mode, how sure at most, and why nobody could know better.
const EXCEPTIONS: [(&str, &str, Status, &str); 37] = [
    (
        "ux-evening-shift-only",
        "healthy-unconstrained",
        Confirmed,
        "that a ticket has expired shows only beside a later time",
    ),
    (
        "ux-healthy-but-noisy",
        "be-spn-missing",
        Likely,
        "that the name is nobody's business only the list and the words tell",
    ),
    (
        "ux-node-b-prompts",
        "fe-kernel-mode-identity-mismatch",
        Likely,
        "that the other node is set otherwise only the configuration and the words tell",
    ),
    (
        "ux-old-040b-now-login",
        "kcd-cross-domain-classic",
        Confirmed,
        "the line has no time; that delegation works since only the ticket beside the back end's log tells",
    ),
    (
        "ux-old-040b-now-login",
        "healthy-rbcd",
        Confirmed,
        "the delegation does work; only the back end's answer shows a failure",
    ),
    (
        "ux-oidc-s4u-identification",
        "kcd-protocol-transition-needed",
        Likely,
        "that transition is allowed stands behind the cut",
    ),
    ("ux-ssas-third-hop", "healthy-kcd", Confirmed, "the second hop works; what fails is the third"),
    (
        "ux-ssrs-rswindowsntlm",
        "iis-negotiate-provider-missing",
        Confirmed,
        "that a report server answers shows in its configuration only",
    ),
    (
        "ux-admin-only-looks",
        "user-not-delegated",
        Likely,
        "true of the administrator; that it is others who fail only the words tell",
    ),
    (
        "ux-linux-sans-o",
        "healthy-unconstrained",
        Confirmed,
        "the ticket-granting ticket did arrive; only the person says that the page fails",
    ),
    (
        "ux-pasted-instructions",
        "kcd-cross-domain-classic",
        Confirmed,
        "that the line is quoted shows where the quotation ends",
    ),
    (
        "qa-a-fetch-omit",
        "healthy-single-hop",
        Confirmed,
        "one hop it is; that the request leaves the credentials out only the capture tells",
    ),
    (
        "hard-old-etype-before-the-new-password",
        "be-etype-mismatch",
        Confirmed,
        "the error is real; that the password was set since only the directory says",
    ),
    (
        "hard-old-tgt-before-the-mark-went",
        "user-not-delegated",
        Likely,
        "without the directory the user's mark is the usual reason",
    ),
    (
        "hard-old-tgt-before-the-mark-went",
        "tgt-not-forwardable",
        Confirmed,
        "that the mark went after the ticket was issued only the ticket's start and the date of the change tell",
    ),
    (
        "hard-two-duplicate-and-unlisted",
        "fe-spn-duplicate",
        Likely,
        "the name is on two accounts; whose name it is only the request beside the account that asks tells",
    ),
    ("not-be-offers-ntlm-only", "ntlm-fallback", Confirmed, "headers alone do not tell which of the two servers it is"),
    (
        "not-be-offers-ntlm-only",
        "fe-spn-missing",
        Likely,
        "the name is missing; that it is the back end's only the person's words tell",
    ),
    (
        "not-browser-request-omits-credentials",
        "browser-request-omits-credentials",
        Confirmed,
        "the telemetry's request does omit them; which of the two sites is meant only the address tells",
    ),
    ("not-same-host-service-chain", "healthy-kcd", Confirmed, "the second hop does work; only the third fails"),
    (
        "cd-r3-protected-by-uac-but-forwardable-old-tgt",
        "user-not-delegated",
        Likely,
        "the directory does mark the user; that an older ticket contradicts it only the whole ticket shows",
    ),
    (
        "cd-r2-expired-delegated-tgt-on-the-server",
        "healthy-unconstrained",
        Confirmed,
        "that a ticket has expired shows only beside a later time",
    ),
    (
        "cd-r4-event3-from-the-users-pc",
        "be-spn-missing",
        Likely,
        "that the session is the user's own, on the PC, only the user's tickets tell",
    ),
    (
        "cd-r3-unconstrained-but-second-hop-spn-missing",
        "healthy-unconstrained",
        Confirmed,
        "the ticket-granting ticket did arrive; only the event shows that the second hop fails",
    ),
    (
        "cd-r3-whoami-delegation-but-page-fails",
        "healthy-unconstrained",
        Confirmed,
        "the ticket-granting ticket did arrive; only the person says that the page fails",
    ),
    ("cd-d-middle-may-not-go-on", "healthy-kcd", Confirmed, "the second hop does work; only the third fails"),
    (
        "cd-n-two-sites-one-broken",
        "healthy-kcd",
        Confirmed,
        "one of the two sites does work; only the event shows the other",
    ),
    (
        "cd-c-tgt-not-forwardable-clean-user",
        "user-not-delegated",
        Likely,
        "without the directory the user's mark is the usual reason",
    ),
    (
        "cd-c-stale-ticket-after-change",
        "fe-not-trusted-for-delegation",
        Confirmed,
        "the ticket is from before the change; that the account is trusted now only the directory says",
    ),
    (
        "be-authorization-denied",
        "healthy-kcd",
        Confirmed,
        "the delegation does work; only the back end's answer shows a failure",
    ),
    ("third-hop-not-authorised", "healthy-kcd", Confirmed, "the second hop does work; only the third fails"),
    (
        "fault-behind-a-working-first-hop",
        "healthy-unconstrained",
        Confirmed,
        "the ticket-granting ticket did arrive; only the person says that the page fails",
    ),
    (
        "be-offers-ntlm-only",
        "iis-negotiate-provider-missing",
        Confirmed,
        "headers alone do not tell which of the two servers it is",
    ),
    (
        "spn-not-routed-across-forest",
        "fe-spn-missing",
        Likely,
        "the PC's domain knows no such name; the other forest was not asked",
    ),
    (
        "ux-expired-every-evening",
        "healthy-unconstrained",
        Confirmed,
        "that a ticket has expired shows only beside a later time",
    ),
    (
        "ux-suffix-disabled-here",
        "fe-spn-missing",
        Likely,
        "the PC's domain knows no such name; the other forest was not asked",
    ),
    ("tgt-not-forwardable", "user-not-delegated", Likely, "without the directory the user's mark is the usual reason"),
];

/// The case without the artefacts whose bits are not set.
fn part(case: &CaseFile, bits: usize) -> CaseFile {
    let kept = case.artefacts.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1);
    CaseFile {
        name: case.name.clone(),
        expected: case.expected.clone(),
        must_not: case.must_not.clone(),
        artefacts: kept.map(|(_, artefact)| artefact.clone()).collect(),
    }
}

/// Something said of a case without a question mark.
type Said = (Status, String);

fn allowed(case: &CaseFile, (status, id): &Said) -> bool {
    // `Confirmed` comes first in the order of statuses.
    let above = UMBRELLAS
        .iter()
        .any(|(mode, umbrella, most)| *umbrella == id && most <= status && case.expected.iter().any(|e| e == mode));
    let excepted = EXCEPTIONS
        .iter()
        .any(|(name, mode, most, why)| *name == case.name && *mode == id && most <= status && !why.is_empty());
    above || excepted || case.expected.iter().any(|e| e == id)
}

/// What is said of a case without a question mark.
fn asserted(case: &CaseFile) -> Vec<Said> {
    let report = case.diagnose();
    let findings = report.findings.iter().filter(|f| f.status.asserted());
    let mut said: Vec<Said> = findings.map(|f| (f.status, f.id.clone())).collect();
    if report.verdict.state == State::Healthy {
        said.extend(report.verdict.top.clone().map(|id| (Confirmed, id)));
    }
    said
}

fn complaints(case: &CaseFile) -> Vec<String> {
    let mut wrong = Vec::new();
    for bits in 1..1_usize << case.artefacts.len() {
        let part = part(case, bits);
        let mut said = asserted(&part);
        said.retain(|said| !allowed(case, said));
        if !said.is_empty() {
            let kinds: Vec<&str> = part.artefacts.iter().map(|(kind, _)| kind.as_str()).collect();
            wrong.push(format!("{}: {kinds:?} alone is said to be {said:?}", case.name));
        }
    }
    wrong
}

/// How PowerShell cuts a list on its way to the screen.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// `{...}`: all of it is hidden.
    All,
    /// `{a...}`: more entries than $FormatEnumerationLimit.
    AfterFirst,
    /// `{a, ldap/dc0...`: wider than the window.
    Width,
}

/// The text with every PowerShell list in it (`Name : {a, b}`) cut, or `None` where it has none.
fn cut_lists(text: &str, how: Cut) -> Option<String> {
    let lines: Vec<String> = text.lines().map(|line| cut_list(line, how).unwrap_or_else(|| line.to_owned())).collect();
    let cut = lines.join("\n") + "\n";
    (cut.trim_end() != text.trim_end()).then_some(cut)
}

fn cut_list(line: &str, how: Cut) -> Option<String> {
    let (name, value) = line.split_once(" : ")?;
    let list = value.trim().strip_prefix('{')?.strip_suffix('}').filter(|list| !list.is_empty())?;
    let first = list.split(", ").next()?;
    Some(match how {
        Cut::All => format!("{name} : {{...}}"),
        Cut::AfterFirst => format!("{name} : {{{first}...}}"),
        Cut::Width => format!("{name} : {{{}...", list.get(..list.len() / 2).unwrap_or(first)),
    })
}

/// What rests on something that is missing from a list with entries, so it can't be known of one that is hidden.
const FROM_ABSENCE: [&str; 4] =
    ["kcd-spn-not-in-list", "kcd-spn-form-mismatch", "kcd-cifs-machine-account", "kcd-wrong-identity"];

fn complaints_of_cuts(case: &CaseFile) -> Vec<String> {
    let mut wrong = Vec::new();
    for how in [Cut::All, Cut::AfterFirst, Cut::Width] {
        let mut cut = part(case, usize::MAX);
        let mut changed = false;
        for (_, text) in &mut cut.artefacts {
            if let Some(shorter) = cut_lists(text, how) {
                *text = shorter;
                changed = true;
            }
        }
        if !changed {
            continue;
        }
        let report = cut.diagnose();
        for finding in report.findings.iter().filter(|f| f.status.asserted()) {
            let blind =
                matches!(how, Cut::All) && finding.status == Confirmed && FROM_ABSENCE.contains(&finding.id.as_str());
            if blind || !allowed(case, &(finding.status, finding.id.clone())) {
                wrong
                    .push(format!("{}: with lists cut ({how:?}) it is {:?} {}", case.name, finding.status, finding.id));
            }
        }
    }
    wrong
}

/// At how many places each artefact is cut off.
const PLACES: usize = 5;

/// The paste ends early: one copied artefact of the case at a time, between two lines and between two words. (Within a word too many
/// a name can't be told from a shorter one; where it can, the readers' own tests have it.)
fn complaints_of_ends(case: &CaseFile) -> Vec<String> {
    let mut wrong = Vec::new();
    // Answers are typed, not copied.
    for number in (0..case.artefacts.len()).filter(|n| case.artefacts[*n].0 != "answers") {
        let text = &case.artefacts[number].1;
        for place in 1..=PLACES {
            let mut end = text.len() * place / (PLACES + 1);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
            let blank = text[..end].char_indices().rev().find(|(_, c)| c.is_whitespace());
            let word = blank.map_or(0, |(at, c)| at + c.len_utf8());
            for end in [word, line] {
                let mut cut = part(case, usize::MAX);
                cut.artefacts[number].1 = text[..end].to_owned();
                let said = asserted(&cut).into_iter().filter(|said| !allowed(case, said)).collect::<Vec<_>>();
                if !said.is_empty() {
                    let kind = &case.artefacts[number].0;
                    wrong.push(format!("{}: {kind} cut after {:?}: {said:?}", case.name, text[..end].lines().last()));
                }
            }
        }
    }
    wrong
}

/// The same evidence in another order.
fn complaints_of_order(case: &CaseFile) -> Vec<String> {
    let whole = sorted(asserted(case));
    let mut turned = part(case, usize::MAX);
    turned.artefacts.reverse();
    let other = sorted(asserted(&turned));
    if other == whole { Vec::new() } else { vec![format!("{}: {whole:?}, and backwards {other:?}", case.name)] }
}

/// All of it in one paste, as in a mail: nothing says any more which listing is whose, so less may be known, and nothing else.
fn complaints_of_one_paste(case: &CaseFile) -> Vec<String> {
    let text: Vec<&str> = case.artefacts.iter().map(|(_, text)| text.trim_end()).collect();
    let one = CaseFile { artefacts: vec![("mail".to_owned(), text.join("\n\n"))], ..part(case, 0) };
    let said: Vec<Said> = asserted(&one).into_iter().filter(|said| !allowed(case, said)).collect();
    if said.is_empty() { Vec::new() } else { vec![format!("{}: in one paste {said:?}", case.name)] }
}

fn sorted(said: Vec<Said>) -> Vec<String> {
    let mut ids: Vec<String> = said.into_iter().map(|(_, id)| id).collect();
    ids.sort();
    ids
}

fn walk(folder: &Path, complaints: fn(&CaseFile) -> Vec<String>) -> usize {
    let cases: Vec<CaseFile> = files(folder, ".md").iter().map(|path| CaseFile::read(path)).collect();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = cases
            .chunks(cases.len().div_ceil(4).max(1))
            .map(|chunk| scope.spawn(move || chunk.iter().flat_map(complaints).collect::<Vec<_>>()))
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    cases.len()
}

#[test]
fn parts_of_our_own_cases() {
    assert!(walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), complaints) >= 80);
}

#[test]
fn the_order_of_the_evidence_does_not_matter() {
    assert!(walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), complaints_of_order) >= 80);
    if let Some(corpus) = corpus() {
        walk(&corpus.join("cases"), complaints_of_order);
    }
}

#[test]
fn all_in_one_paste() {
    assert!(walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), complaints_of_one_paste) >= 80);
    if let Some(corpus) = corpus() {
        walk(&corpus.join("cases"), complaints_of_one_paste);
    }
}

#[test]
fn pastes_that_end_early() {
    assert!(walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), complaints_of_ends) >= 80);
    if let Some(corpus) = corpus() {
        walk(&corpus.join("cases"), complaints_of_ends);
    }
}

#[test]
fn lists_that_powershell_cut() {
    assert!(walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), complaints_of_cuts) >= 80);
    if let Some(corpus) = corpus() {
        walk(&corpus.join("cases"), complaints_of_cuts);
    }
}

#[test]
fn parts_of_the_public_cases() {
    match corpus() {
        Some(corpus) => println!("{} public cases", walk(&corpus.join("cases"), complaints)),
        None => println!("no corpus beside the repository: skipped"),
    }
}
