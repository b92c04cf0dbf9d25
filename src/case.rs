//! The Case: everything handed in, with stable ids, and what the person answered or corrected.

use crate::artefacts::answers;
use crate::facts::{Fact, Place, Role, Statement};
use crate::ingest::{Artefact, Ingested, Kind, YOU_SAID};
use crate::report::{ArtefactEntry, Because, Input, ProblemEntry};
use std::collections::{BTreeMap, BTreeSet};

/// The id under which the wizard's answers stand as an artefact.
pub const ANSWERS_ARTEFACT: &str = "answers";

/// All evidence of one case.
#[derive(Clone, Debug, Default)]
pub struct Case {
    inputs: Vec<Input>,
    artefacts: Vec<Held>,
    answers: BTreeMap<String, String>,
    skipped: BTreeSet<String>,
    answered: Option<Held>,
    next_input: u32,
    next_artefact: u32,
    now: Option<i64>,
}

/// An artefact with the ids that it has in this case.
#[derive(Clone, Debug)]
pub struct Held {
    /// `a1`, …
    pub id: String,
    /// `i1`, …
    pub input: String,
    /// What was read.
    pub artefact: Artefact,
    /// What was read, in a few words: made once, not with every report.
    summary: String,
}

/// A fact with the artefact that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Located<'c> {
    /// The artefact.
    pub held: &'c Held,
    /// The fact.
    pub fact: &'c Fact,
}

impl<'c> Located<'c> {
    /// A proof line made of the fact's whole place.
    pub fn because(&self, says: impl Into<String>) -> Because {
        self.held.because(&self.fact.place, says)
    }
    /// A proof line made of one part's place.
    pub fn because_at(&self, place: &Place, says: impl Into<String>) -> Because {
        self.held.because(place, says)
    }
    /// Where the artefact was taken.
    pub fn role(&self) -> Role {
        self.held.artefact.role
    }
    /// The artefact's kind.
    pub fn kind(&self) -> Kind {
        self.held.artefact.kind
    }
    /// The statement.
    pub fn says(&self) -> &'c Statement {
        &self.fact.says
    }
}

impl Held {
    fn new(id: String, input: String, artefact: Artefact) -> Held {
        let mut held = Held { id, input, artefact, summary: String::new() };
        held.sum_up();
        held
    }

    fn sum_up(&mut self) {
        self.summary = crate::artefacts::summary(&self.artefact);
    }

    /// A proof line at a place of this artefact.
    pub fn because(&self, place: &Place, says: impl Into<String>) -> Because {
        Because {
            artefact: self.id.clone(),
            input: self.input.clone(),
            first_line: place.first_line,
            last_line: place.last_line,
            first_byte: place.first_byte,
            end_byte: place.end_byte,
            says: says.into(),
            lit: place.lit.clone(),
        }
    }
}

impl Case {
    /// An empty case.
    pub fn new() -> Case {
        Case::default()
    }

    /// Sets the time of the analysis (seconds since 1970, UTC). Without it, expiry is judged against the evidence's own times.
    pub fn set_now(&mut self, seconds: Option<i64>) {
        self.now = seconds;
    }

    /// The time of the analysis, where it was handed in.
    pub fn now(&self) -> Option<i64> {
        self.now
    }

    /// Adds what one input gave and returns the input's id.
    pub fn add(&mut self, ingested: Ingested) -> String {
        self.next_input = self.next_input.saturating_add(1);
        let input = format!("i{}", self.next_input);
        self.inputs.push(Input { id: input.clone(), name: ingested.name, bytes: ingested.bytes });
        for artefact in ingested.artefacts {
            self.next_artefact = self.next_artefact.saturating_add(1);
            self.artefacts.push(Held::new(format!("a{}", self.next_artefact), input.clone(), artefact));
        }
        input
    }

    /// Puts what an input gave in the place of what it gave before, under the same ids; adds it where it is not there.
    pub fn renew(&mut self, input: Option<&str>, ingested: Ingested) -> String {
        let Some(known) = self.inputs.iter_mut().find(|i| Some(i.id.as_str()) == input) else {
            return self.add(ingested);
        };
        (known.name, known.bytes) = (ingested.name, ingested.bytes);
        let id = known.id.clone();
        let mut before = std::mem::take(&mut self.artefacts);
        let at = before.iter().position(|held| held.input == id).unwrap_or(before.len());
        let mut old = before.extract_if(.., |held| held.input == id).collect::<Vec<_>>().into_iter();
        let mut new = Vec::new();
        for mut artefact in ingested.artefacts {
            let id_before = old.next().map(|held| {
                if held.artefact.why_role == YOU_SAID {
                    (artefact.role, artefact.why_role) = (held.artefact.role, held.artefact.why_role);
                }
                held.id
            });
            let artefact_id = id_before.unwrap_or_else(|| {
                self.next_artefact = self.next_artefact.saturating_add(1);
                format!("a{}", self.next_artefact)
            });
            new.push(Held::new(artefact_id, id.clone(), artefact));
        }
        before.splice(at..at, new);
        self.artefacts = before;
        id
    }

    /// Takes an input out again, with all that it gave.
    pub fn remove_input(&mut self, id: &str) {
        self.artefacts.retain(|held| held.input != id);
        self.inputs.retain(|input| input.id != id);
    }

    /// Removes one artefact, and its input when nothing of it is left. True when it was there.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.artefacts.len();
        self.artefacts.retain(|held| held.id != id);
        let left: Vec<&str> = self.artefacts.iter().map(|h| h.input.as_str()).collect();
        self.inputs.retain(|input| left.contains(&input.id.as_str()));
        before != self.artefacts.len()
    }

    /// Corrects where an artefact was taken. True when it was there.
    pub fn set_role(&mut self, id: &str, role: Role) -> bool {
        let Some(held) = self.artefacts.iter_mut().find(|h| h.id == id) else { return false };
        held.artefact.role = role;
        held.artefact.why_role = YOU_SAID.to_owned();
        held.sum_up();
        true
    }

    /// Says what a text is that was not recognised, and reads it again. True when there was such a text.
    pub fn set_kind(&mut self, id: &str, kind: Kind) -> bool {
        let Some(held) = self.artefacts.iter_mut().find(|h| h.id == id) else { return false };
        let read = held.artefact.read_as(kind);
        held.sum_up();
        read
    }

    /// Records an answer of the wizard (`None` takes it back). The key is a question's or test's id.
    pub fn answer(&mut self, key: &str, value: Option<&str>) {
        match value {
            Some(value) => self.answers.insert(key.to_owned(), value.to_owned()),
            None => self.answers.remove(key),
        };
        self.skipped.remove(key);
        self.write_answers();
    }

    /// Sets a question, test or request aside that the person cannot answer or get: it is not offered again. An answer, or
    /// evidence, brings it back.
    pub fn skip(&mut self, id: &str) {
        self.answers.remove(id);
        self.skipped.insert(id.to_owned());
        self.write_answers();
    }

    /// What the person set aside, in the wizard or in answers that were handed in.
    pub fn skipped(&self) -> BTreeSet<&str> {
        let told = self.artefacts.iter().flat_map(|held| &held.artefact.facts).filter_map(|fact| match &fact.says {
            Statement::Answer(answer) if answers::sets_aside(&answer.value) => Some(answer.key.as_str()),
            _ => None,
        });
        let mut all: BTreeSet<&str> = told.filter(|key| !self.answers.contains_key(*key)).collect();
        all.extend(self.skipped.iter().map(String::as_str));
        all
    }

    fn write_answers(&mut self) {
        let text = self.answers_text();
        let id = || ANSWERS_ARTEFACT.to_owned();
        self.answered = (!text.is_empty()).then(|| Held::new(id(), id(), answers::artefact(&text)));
    }

    /// The wizard's answers, by key.
    pub fn answers(&self) -> &BTreeMap<String, String> {
        &self.answers
    }

    /// The wizard's answers as an `answers` artefact is written: `key: value` lines, what was set aside among them.
    pub fn answers_text(&self) -> String {
        let answers = self.answers.iter().map(|(k, v)| format!("{k}: {v}\n"));
        let skipped = self.skipped.iter().map(|k| format!("{k}: {}\n", answers::SKIPPED));
        answers.chain(skipped).collect()
    }

    /// True when nothing was handed in and nothing answered.
    pub fn is_empty(&self) -> bool {
        self.artefacts.is_empty() && self.answers.is_empty()
    }

    /// Every artefact, the wizard's answers last.
    pub fn artefacts(&self) -> impl Iterator<Item = &Held> {
        self.artefacts.iter().chain(&self.answered)
    }

    /// The artefacts that were handed in.
    pub fn held(&self) -> &[Held] {
        &self.artefacts
    }

    /// The wizard's answers as an artefact of their own.
    pub fn wizard(&self) -> Option<&Held> {
        self.answered.as_ref()
    }

    /// The inputs for the report, the wizard's answers among them.
    pub fn report_inputs(&self) -> Vec<Input> {
        let mut all = self.inputs.clone();
        if self.answered.is_some() {
            let bytes = u64::try_from(self.answers_text().len()).unwrap_or(u64::MAX);
            all.push(Input { id: ANSWERS_ARTEFACT.to_owned(), name: "your answers".to_owned(), bytes });
        }
        all
    }

    /// The artefacts for the report.
    pub fn report_artefacts(&self) -> Vec<ArtefactEntry> {
        self.artefacts()
            .map(|held| ArtefactEntry {
                id: held.id.clone(),
                input: held.input.clone(),
                first_line: held.artefact.first_line,
                last_line: held.artefact.last_line,
                kind: held.artefact.kind.word().to_owned(),
                role: held.artefact.role.word().to_owned(),
                why: held.artefact.why_all(),
                confidence: held.artefact.confidence.word().to_owned(),
                facts: held.artefact.facts.len(),
                problems: held
                    .artefact
                    .problems
                    .iter()
                    .map(|p| ProblemEntry { line: p.line, says: p.says.clone() })
                    .collect(),
                summary: held.summary.clone(),
            })
            .collect()
    }

    /// Every fact for the report, each with its artefact's id.
    pub fn report_facts(&self) -> Vec<serde_json::Value> {
        let mut all = Vec::new();
        for held in self.artefacts() {
            for fact in &held.artefact.facts {
                let mut json = fact.to_json();
                if let Some(fields) = json.as_object_mut() {
                    fields.insert("artefact".into(), held.id.clone().into());
                }
                all.push(json);
            }
        }
        all
    }
}

/// Every fact of some artefacts, in order.
pub fn facts<'c>(held: impl IntoIterator<Item = &'c Held>) -> impl Iterator<Item = Located<'c>> {
    held.into_iter().flat_map(|held| held.artefact.facts.iter().map(move |fact| Located { held, fact }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Intake;

    fn case(text: &str) -> Case {
        let mut intake = Intake::new("paste 1");
        intake.push(text.as_bytes());
        let mut case = Case::new();
        case.add(intake.finish());
        case
    }

    #[test]
    fn a_text_that_was_not_recognised_is_read_as_what_the_person_says() {
        let token = "A".repeat(300);
        let mut case = case(&format!("what we set up:\nfe-account -- svc-web\nsome notes {token}\n"));
        let unread = &case.held()[0].artefact;
        assert_eq!((unread.kind, unread.kept.len()), (Kind::Unknown, 3));
        assert!(!unread.kept.iter().any(|l| l.text.contains(&token)), "a token is kept");

        assert!(case.set_kind("a1", Kind::Klist));
        let read = case.held()[0].artefact.clone();
        assert_eq!((read.kind, read.why.as_str(), read.facts.len()), (Kind::Klist, "you said so", 0));
        assert!(!read.problems.is_empty(), "that nothing was found has to be said");
        // It can be said again, and the places are still those of the input.
        assert!(case.set_kind("a1", Kind::LsassLog));
        assert_eq!(case.held()[0].artefact.kind, Kind::LsassLog);
        assert!(!case.set_kind("a2", Kind::Klist));
    }

    #[test]
    fn what_was_set_aside_is_kept_and_comes_back_with_an_answer() {
        let mut told = Case::new();
        told.answer("scope", Some("cr"));
        told.skip("hop1");
        told.skip("ask-klist-client");
        assert_eq!(told.answers_text(), "scope: cr\nask-klist-client: skipped\nhop1: skipped\n");
        // A saved case opened again.
        let mut again = case(&told.answers_text());
        assert_eq!(again.held()[0].artefact.kind, Kind::Answers);
        assert_eq!(again.skipped(), told.skipped());
        again.answer("hop1", Some("K"));
        assert_eq!(again.skipped(), BTreeSet::from(["ask-klist-client"]));
        told.skip("scope");
        told.answer("hop1", None);
        assert_eq!(told.skipped(), BTreeSet::from(["ask-klist-client", "scope"]));
        assert!(told.answers().is_empty());
    }

    #[test]
    fn what_is_read_again_keeps_its_ids_and_its_place() {
        let taken = |text: &str| {
            let mut intake = Intake::new("x");
            intake.push(text.as_bytes());
            intake.finish()
        };
        let mut case = case("Current LogonId is 0:0x5b1f2\n\nCached Tickets: (0)\n");
        let input = case.renew(None, taken("No such SPN found.\n"));
        case.add(taken("408.2656> Kerb-Warn: x failed 0xc000040b\n"));
        case.set_role("a2", Role::Dc);
        assert_eq!(
            case.renew(
                Some(&input),
                taken("C:\\> setspn -Q HTTP/web\n\nNo such SPN found.\n\n408.2656> Kerb-Warn: x failed 0xc000040b\n")
            ),
            input
        );
        let held: Vec<(&str, &str, Role)> =
            case.held().iter().map(|h| (h.id.as_str(), h.input.as_str(), h.artefact.role)).collect();
        assert_eq!(
            held.iter().map(|h| (h.0, h.1)).collect::<Vec<_>>(),
            [("a1", "i1"), ("a2", "i2"), ("a4", "i2"), ("a3", "i3")]
        );
        assert_eq!(held[1].2, Role::Dc, "what the person said stays");
        case.remove_input("i2");
        assert_eq!((case.held().len(), case.report_inputs().len()), (2, 2));
    }

    #[test]
    fn what_was_taken_for_something_else_is_read_as_the_person_says() {
        let listing = "#0>\tClient: a @ B.C\n\tServer: HTTP/web.b.c @ B.C\n\tTicket Flags 0x40a10000 -> forwardable renewable pre_authent name_canonicalize\n";
        let mut case = case(listing);
        let facts = case.held()[0].artefact.facts.len();
        assert!(facts > 0 && case.set_kind("a1", Kind::Setspn));
        let told = |case: &Case| {
            let artefact = &case.held()[0].artefact;
            (artefact.kind, artefact.role, artefact.why.clone(), artefact.facts.len())
        };
        assert_eq!(told(&case), (Kind::Setspn, Role::Dc, YOU_SAID.to_owned(), 0));
        // And back again; where the person says that it was taken stays.
        assert!(case.set_role("a1", Role::FrontEnd) && case.set_kind("a1", Kind::Klist));
        assert_eq!(told(&case), (Kind::Klist, Role::FrontEnd, YOU_SAID.to_owned(), facts));
        // What is streamed is not kept, nor text in which tokens go on over several lines.
        let mut http = super::tests::case("GET / HTTP/1.1\nHost: web.b.c\n");
        assert!(!http.set_kind("a1", Kind::Setspn));
    }
}
