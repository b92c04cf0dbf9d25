//! The verdict: one sentence, and the one below it.

use super::site::Assessed;
use crate::artefacts::kind::Kind;
use crate::case::Case;
use crate::observations::question::Question::{Asked, Hop1, Tkt};
use crate::report::{State, Verdict};

/// The verdict of the site that is meant.
pub fn of(case: &Case, site: &Assessed<'_>) -> Verdict {
    let (summary, detail) = words(case, site);
    Verdict { state: site.state, top: site.top().map(str::to_owned), about: site.about(), summary, detail }
}

fn words(case: &Case, site: &Assessed<'_>) -> (String, String) {
    match site.state {
        State::Diagnosed => match site.judged.first() {
            Some(top) => (site.fill(top.mode.title), site.fill(top.mode.says)),
            None => Default::default(),
        },
        State::Healthy => match &site.health.found {
            Some(found) => (site.fill(found.result.title), site.fill(found.result.says)),
            None => Default::default(),
        },
        State::Contradictory => {
            let says = site.contradictions.first().map(|c| c.says.clone()).unwrap_or_default();
            ("The evidence contradicts itself.".to_owned(), says)
        }
        State::Unexplained => (
            "Something fails here, and it is none of the causes that Doublehop knows.".to_owned(),
            "Every known cause is ruled out by what was pasted; each says below by which line. Check those lines, correct what is wrong, or take the report to whoever runs the directory."
                .to_owned(),
        ),
        State::NeedsEvidence => needs_evidence(case, site),
    }
}

fn needs_evidence(case: &Case, site: &Assessed<'_>) -> (String, String) {
    if case.is_empty() {
        return ("Paste what you have, or answer a few questions.".to_owned(), String::new());
    }
    if case.held().iter().all(|h| h.artefact.facts.is_empty()) && case.answers().is_empty() {
        let says =
            case.held().iter().flat_map(|h| &h.artefact.problems).map(|p| p.says.clone()).next().unwrap_or_default();
        let read = case.held().iter().any(|h| h.artefact.kind != Kind::Unknown);
        let summary = if read { "This tells nothing of what fails." } else { "Nothing could be read from this yet." };
        return (summary.to_owned(), says);
    }
    if let Some((result, _)) = site.behind() {
        let first = match result.id {
            "healthy-unconstrained" => {
                "The first hop delegates: the user's ticket-granting ticket reaches {site}. The fault is behind it."
            }
            _ => "The web server gets a ticket for {be} in the user's name. The fault is behind it.",
        };
        let detail = "What is missing is the back end's side: whom it sees, and what it answers.";
        return (site.fill(first), detail.to_owned());
    }
    ("This is not enough to tell yet.".to_owned(), known_so_far(site))
}

/// What is known, and why it does not decide.
fn known_so_far(site: &Assessed<'_>) -> String {
    let option = |q| site.observations.question(q).option();
    let design = site.observations.test("test-unconstrained-design").option();
    if option(Asked) == Some("n") && design.is_none() {
        return "The browser does not ask to delegate. That is a fault only for unconstrained delegation: with constrained or resource-based delegation it is the normal \
                picture. The flags of the user's ticket, or the account's delegation settings, tell which of the two this is."
            .to_owned();
    }
    if option(Tkt) == Some("F") && design.is_none() {
        return "The ticket is forwardable, without ok_as_delegate. That is a fault only for unconstrained delegation: with constrained or resource-based delegation it is the normal picture."
            .to_owned();
    }
    if option(Hop1) == Some("K") {
        return "Kerberos works on the first hop. What happens behind it is not known yet.".to_owned();
    }
    "What was read so far does not decide between the open causes. The next step below would settle most.".to_owned()
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::diagnose;

    #[test]
    fn what_was_read_in_vain_is_told_from_what_was_not_read() {
        let granted = "Log Name:      Security\nSource:        Microsoft-Windows-Security-Auditing\nEvent ID:      4769\nKeywords:      Audit Success\nComputer:      DC01.contoso.com\nDescription:\n\
                       A Kerberos service ticket was requested.\n\nAccount Information:\n\tAccount Name:\t\talice@CONTOSO.COM\n\nService Information:\n\tService Name:\t\tsvc-web\n\n\
                       Additional Information:\n\tTicket Options:\t\t0x40810000\n\tFailure Code:\t\t0x0\n\tTransited Services:\t-\n";
        assert_eq!(diagnose(&[granted]).verdict.summary, "This tells nothing of what fails.");
        assert_eq!(diagnose(&["some words about the weather"]).verdict.summary, "Nothing could be read from this yet.");
    }
}
