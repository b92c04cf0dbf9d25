//! Every part of every case: evidence that is left out may leave a question open, but never turn the answer into another one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod common;

use common::{CaseFile, corpus, files};
use doublehop::report::State;
use std::path::Path;

/// What a mode may be taken for while the evidence that tells its cause is not there: the finding above it.
const UMBRELLAS: [(&str, &str); 7] = [
    // NTLM is seen; why is not.
    ("edge-default-creds-not-allowed", "ntlm-fallback"),
    ("edge-negotiate-scheme-disabled", "ntlm-fallback"),
    ("spn-cname-canonicalised", "ntlm-fallback"),
    ("spn-port-mismatch", "ntlm-fallback"),
    // No list works for this site; that somebody wrote one is said elsewhere.
    ("edge-delegate-allowlist-mismatch", "edge-delegate-allowlist-missing"),
    ("edge-policy-not-applied", "edge-delegate-allowlist-missing"),
    // The browser keeps the credentials back; that the window is a private one only the person knows.
    ("edge-inprivate-no-ambient", "edge-default-creds-not-allowed"),
];

/// Parts that truly show something else than the whole: case, mode, and why nobody could know better.
const EXCEPTIONS: [(&str, &str, &str); 13] = [
    (
        "cd-r4-event3-from-the-users-pc",
        "be-spn-missing",
        "that the session is the user's own, on the PC, only the user's tickets tell (likely only)",
    ),
    (
        "cd-r3-unconstrained-but-second-hop-spn-missing",
        "healthy-unconstrained",
        "the ticket-granting ticket did arrive; only the event shows that the second hop fails",
    ),
    (
        "cd-r3-whoami-delegation-but-page-fails",
        "healthy-unconstrained",
        "the ticket-granting ticket did arrive; only the person says that the page fails",
    ),
    ("cd-d-middle-may-not-go-on", "healthy-kcd", "the second hop does work; only the third fails"),
    ("cd-n-two-sites-one-broken", "healthy-kcd", "one of the two sites does work; only the event shows the other"),
    (
        "cd-c-tgt-not-forwardable-clean-user",
        "user-not-delegated",
        "without the directory the user's mark is the usual reason (likely only)",
    ),
    (
        "cd-c-stale-ticket-after-change",
        "fe-not-trusted-for-delegation",
        "the ticket is from before the change; that the account is trusted now only the directory says",
    ),
    ("be-authorization-denied", "healthy-kcd", "the delegation does work; only the back end's answer shows a failure"),
    ("third-hop-not-authorised", "healthy-kcd", "the second hop does work; only the third fails"),
    (
        "fault-behind-a-working-first-hop",
        "healthy-unconstrained",
        "the ticket-granting ticket did arrive; only the person says that the page fails",
    ),
    (
        "be-offers-ntlm-only",
        "iis-negotiate-provider-missing",
        "headers alone do not tell which of the two servers it is",
    ),
    (
        "spn-not-routed-across-forest",
        "fe-spn-missing",
        "the PC's domain knows no such name; the other forest was not asked",
    ),
    (
        "tgt-not-forwardable",
        "user-not-delegated",
        "without the directory the user's mark is the usual reason (likely only)",
    ),
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

fn allowed(case: &CaseFile, id: &str) -> bool {
    let above = UMBRELLAS.iter().any(|(mode, umbrella)| *umbrella == id && case.expected.iter().any(|e| e == mode));
    let excepted = EXCEPTIONS.iter().any(|(name, mode, why)| *name == case.name && *mode == id && !why.is_empty());
    above || excepted || case.expected.iter().any(|e| e == id)
}

fn complaints(case: &CaseFile) -> Vec<String> {
    let mut wrong = Vec::new();
    for bits in 1..1_usize << case.artefacts.len() {
        let part = part(case, bits);
        let report = part.diagnose();
        let mut said: Vec<String> =
            report.findings.iter().filter(|f| f.status.asserted()).map(|f| f.id.clone()).collect();
        if report.verdict.state == State::Healthy {
            said.extend(report.verdict.top.clone());
        }
        said.retain(|id| !allowed(case, id));
        if !said.is_empty() {
            let kinds: Vec<&str> = part.artefacts.iter().map(|(kind, _)| kind.as_str()).collect();
            wrong.push(format!("{}: {kinds:?} alone is said to be {said:?}", case.name));
        }
    }
    wrong
}

fn walk(folder: &Path) -> usize {
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
    assert!(walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")) >= 80);
}

#[test]
fn parts_of_the_public_cases() {
    match corpus() {
        Some(corpus) => println!("{} public cases", walk(&corpus.join("cases"))),
        None => println!("no corpus beside the repository: skipped"),
    }
}
