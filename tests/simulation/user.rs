//! A simulated person at the wizard: one failure mode is the truth, and every answer is a true one.
//!
//! - A question of the fourteen is answered with one of the options of the mode's row (any, where its cell is empty), at random,
//!   and the same all through. The table assumes one fault: answers that would confirm another cause by themselves, or that
//!   the mode's own conditions exclude together, are drawn again where the row leaves a choice.
//! - A leaf test is answered with an option under which the mode's own conditions still hold: the deciding one where a
//!   decisive condition names the test, else at random. Where no condition of the mode speaks of the test, the person sees
//!   no other fault's sign: an option that no mode requires and none is decided by (or at least decides none), at random.
//!   Where no option fits, the person does not know.
//! - Every third question, test or request is skipped. A request that is not refused is delivered as the true answers
//!   of what it says it would answer (`Request::answers`, `hints`, `tests`), never as an artefact; in words alone every
//!   request is refused.
//! - The web server calls the back end, the page fails; whoever has a restricted account tests with an administrator's.
//!
//! The person takes the first step that is offered, until the wizard confirms a cause (an umbrella such as `ntlm-fallback` says
//! that there is one behind it), has nothing more to ask, or patience ends.

use doublehop::case::Case;
use doublehop::diagnosis;
use doublehop::diagnosis::requests::REQUESTS;
use doublehop::modes::condition::{Condition, Expr};
use doublehop::modes::{self, Mode};
use doublehop::observations::leaf::{self, LeafTest};
use doublehop::observations::question::Question;
use doublehop::report::{Report, Status};
use std::collections::BTreeMap;

/// After so many steps, skipped ones among them, everybody gives up.
pub const PATIENCE: usize = 20;
/// So often a person's answers are drawn, until they speak of one fault.
const DRAWS: usize = 100;
/// The mode must stand among so many.
pub const FIRST: usize = 3;

/// SplitMix64: a seed gives the same run everywhere.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { from.get(self.below(from.len())).copied() }
    }
}

/// How a walk ended.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The mode stood among the first three at the end.
    pub found: bool,
    /// After how many steps (skipped ones among them) it stood there for good.
    pub after: usize,
    /// After how many questions: the same without the requests for evidence, delivered or refused.
    pub questions: usize,
    /// The wizard confirmed a cause, and the mode is not among those that it names.
    pub wrong: bool,
    /// The cause on top, when the wizard names one.
    pub named: String,
    /// Every step, for reading: the id, and the answer (`-` when skipped).
    pub steps: Vec<(String, String)>,
    /// The three on top at the end.
    pub top: Vec<String>,
}

/// What the simulated person can do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// Two of three requests are delivered.
    Evidence,
    /// Every request is refused.
    WordsAlone,
}

/// One walk through the wizard.
pub fn walk(mode: &'static Mode, means: Means, random: &mut Random) -> Walk {
    let mut person = Person::of(mode, random);
    let mut case = Case::new();
    let mut report = diagnosis::report(&case);
    let mut steps = Vec::new();
    let mut questions = 0;
    let mut since = place(&report, mode).then_some((0, 0));
    while let Some(step) = report.next.first().filter(|_| steps.len() < PATIENCE && !confirmed(&report)) {
        let (id, kind) = (step.id.clone(), step.kind.clone());
        let skipped = random.below(3) == 0 || kind == "request" && means == Means::WordsAlone;
        let answer = if skipped {
            case.skip(&id);
            "-".to_owned()
        } else if kind == "request" {
            deliver(&id, &mut person, &mut case, random)
        } else {
            person.answer(&id, &mut case, random)
        };
        questions += usize::from(kind != "request");
        steps.push((id, answer));
        report = diagnosis::report(&case);
        since = if place(&report, mode) { since.or(Some((steps.len(), questions))) } else { None };
    }
    let asserted = |id: &str| report.findings.iter().any(|f| f.id == id && f.status.asserted());
    Walk {
        found: since.is_some(),
        after: since.map_or(usize::MAX, |(steps, _)| steps),
        questions: since.map_or(usize::MAX, |(_, questions)| questions),
        wrong: confirmed(&report) && !asserted(mode.id),
        named: report.verdict.top.clone().unwrap_or_default(),
        top: report.findings.iter().take(FIRST).map(|f| f.id.clone()).collect(),
        steps,
    }
}

/// A cause is confirmed, not only a consequence of one.
fn confirmed(report: &Report) -> bool {
    let cause = |id: &str| modes::by_id(id).is_some_and(|m| !modes::is_umbrella(m));
    report.findings.iter().any(|f| f.status == Status::Confirmed && cause(&f.id))
}

fn place(report: &Report, mode: &Mode) -> bool {
    report.findings.iter().take(FIRST).any(|f| f.id == mode.id && f.status != Status::RuledOut)
}

/// Nothing is handed over that the case already knows.
fn deliver(id: &str, person: &mut Person, case: &mut Case, random: &mut Random) -> String {
    let request = REQUESTS.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("no request {id}"));
    let questions = request.answers.iter().chain(request.hints).map(|q| q.id());
    let told: Vec<String> = questions
        .chain(request.tests.iter().copied())
        .map(|id| format!("{id}={}", person.answer(id, case, random)))
        .collect();
    // What was asked for is there now: it is not asked for again.
    case.skip(id);
    told.join(" ")
}

struct Person {
    mode: &'static Mode,
    truth: BTreeMap<&'static str, &'static str>,
}

impl Person {
    fn of(mode: &'static Mode, random: &mut Random) -> Person {
        let mut person = Person { mode, truth: BTreeMap::new() };
        for _ in 0..DRAWS {
            person.truth = BTreeMap::from([("caller", "server"), ("test-page-fails", "yes")]);
            for question in Question::all() {
                let answer = random.pick(&mode.row.fitting(question)).unwrap();
                person.truth.insert(question.id(), answer);
            }
            let restricted = ["nd", "pu"].contains(&person.truth["usr"]);
            person.truth.insert("tester", if restricted { "admin" } else { "ordinary" });
            if person.allows("", "") && !person.has_another_fault() {
                break;
            }
        }
        person
    }

    /// The answers alone confirm another cause.
    fn has_another_fault(&self) -> bool {
        let known = |key: &str| self.truth.get(key).copied();
        let confirmed = |other: &Mode| {
            let all =
                |which: &dyn Fn(&Condition) -> Option<bool>| other.conditions.iter().all(|c| which(c) != Some(false));
            let fits = all(&|c| match c {
                Condition::Required(e) | Condition::Presupposed(e) => Some(holds(e, &known) == Some(true)),
                Condition::Excluding(e) => Some(holds(e, &known) != Some(true)),
                Condition::Decisive(_) | Condition::Supporting(_) | Condition::Waiting(_) => None,
            });
            let decided = |c: &Condition| matches!(c, Condition::Decisive(e) if holds(e, &known) == Some(true));
            fits && other.conditions.iter().any(decided)
        };
        modes::all().any(|other| other.id != self.mode.id && !modes::is_umbrella(other) && confirmed(other))
    }

    /// Tells what is true, or sets the question aside.
    fn answer(&mut self, id: &str, case: &mut Case, random: &mut Random) -> String {
        let answer = self.truth(id, random);
        match answer {
            Some(_) => case.answer(id, answer),
            None => case.skip(id),
        }
        answer.unwrap_or("-").to_owned()
    }

    fn truth(&mut self, id: &str, random: &mut Random) -> Option<&'static str> {
        if let Some(known) = self.truth.get(id) {
            return Some(known);
        }
        let test = leaf::by_id(id).unwrap_or_else(|| panic!("no test {id}"));
        let answer = self.option(test, random)?;
        self.truth.insert(test.id, answer);
        Some(answer)
    }

    fn option(&self, test: &'static LeafTest, random: &mut Random) -> Option<&'static str> {
        let all: Vec<&'static str> = test.options.iter().map(|o| o.id).collect();
        let keep = |from: &[&'static str], which: &dyn Fn(&str) -> bool| {
            let kept: Vec<&'static str> = from.iter().copied().filter(|o| which(o)).collect();
            if kept.is_empty() { from.to_vec() } else { kept }
        };
        let fitting: Vec<&'static str> = all.iter().copied().filter(|o| self.allows(test.id, o)).collect();
        let decides = |c: &Condition, o: &str| matches!(c, Condition::Decisive(e) if names(e, test.id, o));
        let requires = |c: &Condition, o: &str| matches!(c, Condition::Required(e) if names(e, test.id, o));
        let speaks = |c: &Condition| c.is_own() && all.iter().any(|o| names(c.expr(), test.id, o));
        if self.mode.conditions.iter().any(speaks) {
            return random.pick(&keep(&fitting, &|o| self.mode.conditions.iter().any(|c| decides(c, o))));
        }
        let nobodys = |sign: &dyn Fn(&Condition, &str) -> bool| {
            keep(&fitting, &|o| !modes::all().flat_map(|m| m.conditions).any(|c| sign(c, o)))
        };
        let usual = nobodys(&|c, o| decides(c, o) || requires(c, o));
        random.pick(&if usual.len() < fitting.len() { usual } else { nobodys(&decides) })
    }

    /// True when none of the mode's own conditions stands against this answer, beside what was answered so far.
    fn allows(&self, id: &str, option: &str) -> bool {
        let known = |key: &str| if key == id { Some(option) } else { self.truth.get(key).copied() };
        self.mode.conditions.iter().all(|condition| match condition {
            Condition::Required(e) | Condition::Presupposed(e) => holds(e, &known) != Some(false),
            Condition::Excluding(e) => holds(e, &known) != Some(true),
            Condition::Decisive(_) | Condition::Supporting(_) | Condition::Waiting(_) => true,
        })
    }
}

fn holds<'a>(expr: &Expr, known: &dyn Fn(&str) -> Option<&'a str>) -> Option<bool> {
    let of = |id: &str, options: &[&str]| known(id).map(|o| options.contains(&o));
    let join = |list: &[Expr], deciding: bool| {
        let answers: Vec<_> = list.iter().map(|e| holds(e, known)).collect();
        if answers.contains(&Some(deciding)) {
            return Some(deciding);
        }
        if answers.contains(&None) { None } else { Some(!deciding) }
    };
    match expr {
        Expr::Is(question, options) => of(question.id(), options),
        Expr::Test(id, options) => of(id, options),
        Expr::Not(e) => holds(e, known).map(|h| !h),
        Expr::All(list) => join(list, false),
        Expr::Any(list) => join(list, true),
    }
}

fn names(expr: &Expr, id: &str, option: &str) -> bool {
    match expr {
        Expr::Test(name, options) => *name == id && options.contains(&option),
        Expr::All(list) | Expr::Any(list) => list.iter().any(|e| names(e, id, option)),
        Expr::Not(_) | Expr::Is(..) => false,
    }
}
