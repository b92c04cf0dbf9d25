//! The next step: what is expected to tell the open modes apart best.
//!
//! Questions, leaf tests and requests for evidence, by expected information ([`super::field`]). What the person set aside is not
//! offered again. What nobody knows in words is asked for as evidence first, and as a question once that was refused.

use super::field::Field;
use super::judge::Judged;
use super::requests::{REQUESTS, Request};
use crate::facts::{Account, AccountList, Handshake, Library};
use crate::observations::Observations;
use crate::observations::decryption;
use crate::observations::leaf::{self, LeafTest};
use crate::observations::observed::Observed;
use crate::observations::question::{Asking, Choice, Needs, QUESTIONS, Question};
use crate::observations::second_hop::is_own_logon;
use crate::report::{self, Next};
use crate::vocabulary::names::Spn;
use std::collections::BTreeSet;

/// How many steps are offered.
const OFFERED: usize = 12;
/// What can be had without an administrator wins when two are close.
const ADMIN_DISCOUNT: f64 = 0.8;
/// Whoever refused a request has less at hand: each refusal makes the others worth less.
const REFUSED_DISCOUNT: f64 = 0.7;
/// Whoever refused a request hardly knows what it would have told.
const UNLIKELY_DISCOUNT: f64 = 0.6;
/// How to find out what only refused evidence shows: not by that evidence again.
const REFUSED_HOW: &str = "You said that you can't get what shows this. Answer only if you know it all the same.";
/// Steps that separate less are not worth anybody's time.
const LEAST_BITS: f64 = 0.005;

/// What the steps are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Situation {
    /// No evidence was handed in: the opening questions come first.
    WordsAlone,
    /// The first hop works, the page fails all the same.
    SecondHop,
    /// Anything else.
    Open,
}

/// What tells about the second hop.
const SECOND_HOP: [&str; 3] = ["ask-event-system", "ask-klist-frontend", "bes"];
/// What tells why a browser withholds the credentials: whether it is meant to, and whether it may.
const WITHHELD: [&str; 2] = ["ask-ad-attributes", "ask-edge-policy"];
/// What tells whose policy a domain controller's KDC_ERR_POLICY is about: who is in which domain, and the trust between.
const WHOSE_POLICY: [&str; 1] = ["ask-topology"];
/// What comes before the fourteen when there is nothing else: who calls, and who tested.
const OPENING: [&str; 2] = ["caller", "tester"];

/// The question that comes after them.
const FIRST: Question = Question::Scope;

/// A step before it is worded.
struct Step {
    what: What,
    bits: f64,
    /// It would settle evidence against evidence.
    settles: bool,
}

enum What {
    Question(&'static Asking),
    Request(&'static Request),
    Test(usize, &'static LeafTest),
}

impl Step {
    fn id(&self) -> &'static str {
        match &self.what {
            What::Question(asking) => asking.id,
            What::Request(request) => request.id,
            What::Test(_, test) => test.id,
        }
    }

    fn needs(&self) -> Needs {
        match &self.what {
            What::Question(asking) => asking.needs,
            What::Request(request) => request.needs,
            What::Test(_, test) => test.needs,
        }
    }

    fn is_request(&self) -> bool {
        matches!(self.what, What::Request(_))
    }
}

/// The next steps, best first.
pub fn steps(
    observations: &Observations<'_>,
    judged: &[Judged],
    skipped: &BTreeSet<&str>,
    situation: Situation,
) -> Vec<Next> {
    let field = Field::of(judged);
    let refused = REQUESTS.iter().filter(|r| skipped.contains(r.id)).count();
    let worth = |step: &Step| {
        let admin = if step.needs() == Needs::User { 1.0 } else { ADMIN_DISCOUNT };
        let refused = if step.is_request() { REFUSED_DISCOUNT.powi(i32::try_from(refused).unwrap_or(0)) } else { 1.0 };
        let unlikely = if matches!(step.what, What::Question(a) if !a.in_words) { UNLIKELY_DISCOUNT } else { 1.0 };
        step.bits * admin * refused * unlikely
    };
    let mut steps: Vec<Step> = questions(observations, &field, skipped)
        .chain(requests(observations, &field, skipped))
        .chain(tests(observations, &field, skipped))
        .filter(|s| s.bits > LEAST_BITS || s.is_request() || s.settles)
        .collect();
    steps.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    // The first hop is known to work: the back end's side first, whatever the table says.
    if situation == Situation::SecondHop {
        steps.sort_by_key(|s| !SECOND_HOP.contains(&s.id()));
    }
    if observations.question(Question::Err).option() == Some("12") && is_open(observations, Question::Dom) {
        steps.sort_by_key(|s| !WHOSE_POLICY.contains(&s.id()));
    }
    if is_withheld(observations) {
        steps.sort_by_key(|s| !WITHHELD.contains(&s.id()));
    }
    steps.sort_by_key(|s| !s.settles);
    let steps = with_repeats_last(steps, observations);
    let opening = OPENING.iter().filter(|id| situation == Situation::WordsAlone && !skipped.contains(**id));
    let opening = opening.filter_map(|id| leaf::by_id(id)).filter(|t| observations.test(t.id).is_unknown());
    // The best ones, but never without the requests: they settle what words cannot.
    let kept = steps.iter().enumerate().filter(|(rank, step)| *rank < OFFERED || step.is_request());
    opening.map(opening_question).chain(kept.map(|(_, step)| worded(step, observations, &field))).collect()
}

/// A request for what an earlier one tells as well stands behind those that tell something else.
fn with_repeats_last(steps: Vec<Step>, observations: &Observations<'_>) -> Vec<Step> {
    let mut told: Vec<Question> = Vec::new();
    let (mut fresh, mut repeats) = (Vec::new(), Vec::new());
    for step in steps {
        let answers = match &step.what {
            What::Request(request) => request.answers,
            _ => &[],
        };
        let open: Vec<Question> = answers.iter().copied().filter(|q| is_open(observations, *q)).collect();
        let repeats_others = !step.settles && !open.is_empty() && open.iter().all(|q| told.contains(q));
        told.extend(open);
        if repeats_others { repeats.push(step) } else { fresh.push(step) }
    }
    fresh.extend(repeats);
    fresh
}

/// A forwardable ticket, and a real result (GSSAPI) that says not delegated, where nobody knows whether it should be.
fn is_withheld(observations: &Observations<'_>) -> bool {
    let forwardable = observations.question(Question::Tkt).option().is_some_and(|tkt| tkt.starts_with('F'));
    let result = |h: &Handshake| h.library == Library::Gssapi && h.granted.as_ref().is_some_and(|g| !g.value);
    forwardable
        && observations.question(Question::Model).is_unknown()
        && observations.view().handshakes().last().is_some_and(|(_, h)| result(h))
}

/// The first steps of somebody who has said nothing yet: always the same ones, so they needn't be found out before the page can
/// be used. A test compares them with what [`steps`] says.
pub fn first_steps() -> Vec<Next> {
    let asked = QUESTIONS.iter().filter(|a| a.question == FIRST).map(|a| Next {
        kind: "question".into(),
        id: a.id.into(),
        ask: a.ask.into(),
        options: choices(a.options),
        how: a.how.into(),
        needs: a.needs.word().into(),
        separates: Vec::new(),
        bits: 0.0,
    });
    OPENING.iter().filter_map(|id| leaf::by_id(id)).map(opening_question).chain(asked).collect()
}

/// Nothing is known, or evidence stands against evidence.
fn is_open(observations: &Observations<'_>, question: Question) -> bool {
    observations.question(question).option().is_none()
}

fn conflicts(observations: &Observations<'_>, question: Question) -> bool {
    matches!(observations.question(question), Observed::Conflict { .. })
}

fn questions<'a>(
    observations: &'a Observations<'_>,
    field: &'a Field,
    skipped: &'a BTreeSet<&str>,
) -> impl Iterator<Item = Step> + 'a {
    let refused = |q| REQUESTS.iter().filter(|r| r.answers.contains(&q)).all(|r| skipped.contains(r.id));
    QUESTIONS
        .iter()
        .filter(move |a| is_open(observations, a.question) && !skipped.contains(a.id))
        .filter(move |a| a.in_words || refused(a.question))
        .map(move |asking| Step {
            bits: field.bits_of_questions(&[asking.question]),
            settles: conflicts(observations, asking.question),
            what: What::Question(asking),
        })
}

fn requests<'a>(
    observations: &'a Observations<'_>,
    field: &'a Field,
    skipped: &'a BTreeSet<&str>,
) -> impl Iterator<Item = Step> + 'a {
    let offered =
        move |r: &&Request| r.answers.iter().any(|q| is_open(observations, *q)) || falls_short(r, observations);
    REQUESTS.iter().filter(move |r| !skipped.contains(r.id)).filter(offered).map(move |request| Step {
        bits: field.bits_of_questions(&told(request, observations)),
        settles: falls_short(request, observations) || request.answers.iter().any(|q| conflicts(observations, *q)),
        what: What::Request(request),
    })
}

/// It was handed in, and does not tell what it was asked for: nothing else does, so it is asked for again.
fn falls_short(request: &Request, observations: &Observations<'_>) -> bool {
    match request.id {
        "ask-ad-attributes" => lists_are_cut(observations) || only_a_web_account(observations),
        "ask-klist-frontend" => only_own_session(observations),
        "ask-setspn" => only_searched_elsewhere(observations),
        "ask-net-export" => only_without_challenge(observations),
        _ => false,
    }
}

fn lists_are_cut(observations: &Observations<'_>) -> bool {
    let lists = [AccountList::DelegateTo, AccountList::Principals];
    observations.view().accounts().any(|(_, a)| lists.iter().any(|l| a.is_cut(*l)))
}

/// A page that came without any challenge: of a connection that had signed in before, or of a capture that was begun too late, nothing
/// else is seen. One of a fresh browser tells.
fn only_without_challenge(observations: &Observations<'_>) -> bool {
    observations.question(Question::Hop1).option() == Some("A")
        && observations.view().handshakes().next().is_none()
        && observations.test("test-anonymous-enabled").is_unknown()
}

/// "No such SPN" in one domain, of a name in another: the forest was not asked.
fn only_searched_elsewhere(observations: &Observations<'_>) -> bool {
    let view = observations.view();
    let site = decryption::site_spn(view);
    let mut none = view.spn_searches().filter(|(_, s)| s.none).peekable();
    none.peek().is_some() && none.all(|(_, s)| !decryption::covers(s, site.as_ref()))
}

/// A web server's account alone, and the right is not on it: it may be on the back end's.
fn only_a_web_account(observations: &Observations<'_>) -> bool {
    let view = observations.view();
    let web = |a: &Account| a.spns.iter().flat_map(|l| &l.value).any(Spn::is_http);
    observations.question(Question::Model).is_unknown()
        && view.back_end_account().is_none()
        && view.accounts().any(|(_, a)| web(a))
}

/// klist without -li on the server: its tickets are those of somebody who signed in there, none of a visitor's.
fn only_own_session(observations: &Observations<'_>) -> bool {
    let view = observations.view();
    let mut people = view.front_end_tickets().filter(|(_, t)| !t.client.name.ends_with('$')).peekable();
    observations.question(Question::Fe).is_unknown()
        && people.peek().is_some()
        && people.all(|(fact, t)| is_own_logon(view.scene.facts, &fact, t))
}

/// The open questions that a request would answer.
fn told(request: &Request, observations: &Observations<'_>) -> Vec<Question> {
    Question::all().filter(|q| request.tells(*q) && is_open(observations, *q)).collect()
}

/// A leaf test is offered only when an open mode's condition needs it.
fn tests<'a>(
    observations: &'a Observations<'_>,
    field: &'a Field,
    skipped: &'a BTreeSet<&str>,
) -> impl Iterator<Item = Step> + 'a {
    leaf::all()
        .enumerate()
        .filter(|(_, t)| t.id.starts_with("test-") && !skipped.contains(t.id))
        .filter(|(index, t)| observations.test(t.id).is_unknown() && field.needs(*index))
        .map(|(index, test)| Step { bits: field.bits_of_test(index), settles: false, what: What::Test(index, test) })
}

/// A question that is offered only because the evidence for it was refused.
fn only_refused_shows(asking: &Asking) -> bool {
    !asking.in_words && REQUESTS.iter().any(|r| r.answers.contains(&asking.question))
}

fn worded(step: &Step, observations: &Observations<'_>, field: &Field) -> Next {
    let bits = rounded(step.bits);
    match &step.what {
        What::Question(asking) => Next {
            kind: "question".into(),
            id: asking.id.into(),
            ask: asking.ask.into(),
            options: choices(asking.options),
            how: if only_refused_shows(asking) { REFUSED_HOW } else { asking.how }.into(),
            needs: asking.needs.word().into(),
            separates: field.separated_by_questions(&[asking.question]),
            bits,
        },
        What::Request(request) => Next {
            kind: "request".into(),
            id: request.id.into(),
            ask: request.ask.into(),
            options: Vec::new(),
            how: request.how.into(),
            needs: request.needs.word().into(),
            separates: field.separated_by_questions(&told(request, observations)),
            bits,
        },
        What::Test(index, test) => {
            Next { kind: "test".into(), separates: field.separated_by_test(*index), bits, ..opening_question(test) }
        }
    }
}

fn rounded(bits: f64) -> f64 {
    (bits * 100.0).round() / 100.0
}

fn choices(options: &[Choice]) -> Vec<report::Choice> {
    options.iter().map(|o| report::Choice { id: o.id.into(), says: o.says.into() }).collect()
}

fn opening_question(test: &LeafTest) -> Next {
    Next {
        kind: "question".into(),
        id: test.id.into(),
        ask: test.ask.into(),
        options: choices(test.options),
        how: test.how.into(),
        needs: test.needs.word().into(),
        separates: Vec::new(),
        bits: 0.0,
    }
}
