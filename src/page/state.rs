//! The page's one state and its one reducer. Nothing here touches the DOM: a state and an action give the next state.

mod action;

pub use action::{Action, BoxOrder, Lit, Mishap, Phase, Waiting};

use doublehop::case::{Case, Held};
use doublehop::diagnosis;
use doublehop::ingest::{Artefact, Ingested, Kind};
use doublehop::report::{Finding, Next, Report, Status};
use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Clone, Debug)]
struct Undo {
    says: String,
    case: Rc<Case>,
    mishaps: Vec<Mishap>,
    in_box: Option<Rc<str>>,
}

/// Was anything of it read? A capture that was never stopped is recognised and yet holds nothing.
pub fn gave_something(artefact: &Artefact) -> bool {
    artefact.kind != Kind::Unknown && (!artefact.facts.is_empty() || artefact.problems.is_empty())
}

/// Everything that the page shows.
#[derive(Clone, Debug)]
pub struct Page {
    /// All evidence and answers.
    pub case: Rc<Case>,
    /// What they say.
    pub report: Rc<Report>,
    /// Grows with every result.
    pub revision: u32,
    /// What is being read.
    pub waiting: Vec<Waiting>,
    /// The input that is still being read, and what stands in the case of it so far.
    preliminary: Option<(u32, String)>,
    /// What could not be.
    pub mishaps: Vec<Mishap>,
    /// The site that the person chose to look at.
    pub site: Option<String>,
    /// The lit lines.
    pub lit: Option<Lit>,
    /// The artefact in the evidence view.
    pub shown: Option<String>,
    /// Every step offered so far: how an answered or skipped one is worded and overridden.
    pub asked: BTreeMap<String, Next>,
    /// The paste box's last order.
    pub box_order: Option<(u32, BoxOrder)>,
    /// The input that could not be read and whose text still stands in the box.
    in_box: Option<String>,
    undo: Option<Rc<Undo>>,
    stamp: u32,
    /// The last answer, by the number of its step: what follows from it is brought into view.
    pub answered: u32,
}

/// Two states are the same when nothing happened between them.
impl PartialEq for Page {
    fn eq(&self, other: &Page) -> bool {
        self.stamp == other.stamp
    }
}

impl Default for Page {
    fn default() -> Page {
        let (case, report) = (Rc::new(Case::new()), Rc::new(diagnosis::opening()));
        let mut page = Page {
            case,
            report,
            revision: 0,
            waiting: Vec::new(),
            preliminary: None,
            mishaps: Vec::new(),
            site: None,
            lit: None,
            shown: None,
            asked: BTreeMap::new(),
            box_order: None,
            in_box: None,
            undo: None,
            stamp: 0,
            answered: 0,
        };
        page.remember_questions();
        page
    }
}

impl Page {
    /// The state after an action.
    pub fn after(&self, action: Action) -> Page {
        let mut next = self.clone();
        next.stamp = next.stamp.wrapping_add(1);
        next.take(action);
        next
    }

    fn take(&mut self, action: Action) {
        match action {
            Action::Queued(waiting) => self.waiting.push(waiting),
            Action::Progress { job, read, found } => {
                if let Some(waiting) = self.waiting.iter_mut().find(|w| w.job == job) {
                    waiting.read = read;
                    waiting.found = found;
                }
            }
            Action::SoFar { job, ingested } => self.so_far(job, *ingested),
            Action::Read { job, from_box, ingested } => self.read(job, from_box, *ingested),
            Action::Broke { job, mishap } => {
                self.drop_preliminary();
                self.waiting.retain(|w| w.job != job);
                self.mishaps.retain(|m| m.name != mishap.name);
                self.mishaps.push(mishap);
                self.revision = self.revision.saturating_add(1);
            }
            Action::Cancelled => {
                self.waiting.clear();
                self.drop_preliminary();
            }
            Action::Dismiss(index) => {
                if index < self.mishaps.len() {
                    self.mishaps.remove(index);
                }
            }
            Action::Remove(id) => {
                self.keep(format!("Removed {}.", self.title(&id)), None);
                self.change(|case| {
                    case.remove(&id);
                });
            }
            Action::Role(id, role) => {
                self.keep(format!("Changed where {} was taken.", self.title(&id)), None);
                self.change(|case| {
                    case.set_role(&id, role);
                });
            }
            Action::Kind(id, kind) => {
                self.keep(format!("Read again as {}.", kind.title()), None);
                self.change(|case| {
                    case.set_kind(&id, kind);
                });
                // The box needs no longer hold what is evidence now.
                let named = self.case.held().iter().find(|h| h.id == id && gave_something(&h.artefact));
                if named.is_some_and(|h| Some(&h.input) == self.in_box.as_ref()) {
                    self.in_box = None;
                    self.order(BoxOrder::Understood);
                }
            }
            Action::Answer(key, value) => {
                self.keep(if value.is_some() { "Answered." } else { "Answer taken back." }.to_owned(), None);
                self.answered = self.stamp;
                self.change(|case| case.answer(&key, value.as_deref()));
            }
            Action::Skip(key) => {
                self.keep("Skipped.".to_owned(), None);
                self.answered = self.stamp;
                self.change(|case| case.skip(&key));
            }
            Action::Clear(text) => {
                self.keep("Cleared.".to_owned(), Some(text));
                self.waiting.clear();
                self.mishaps.clear();
                self.preliminary = None;
                self.order(BoxOrder::Empty);
                self.change(|case| *case = Case::new());
            }
            Action::Undo => self.undo(),
            Action::ForgetUndo => self.undo = None,
            Action::Site(site) => self.site = Some(site),
            Action::Light(because) => {
                self.lit = Some(Lit {
                    artefact: because.artefact.clone(),
                    first: because.first_line,
                    last: because.last_line,
                    words: because.lit,
                    click: self.stamp,
                });
                self.shown = Some(because.artefact);
            }
            Action::Show(id) => {
                self.lit = self.lit.take().filter(|lit| lit.artefact == id);
                self.shown = Some(id);
            }
        }
    }

    /// Findings of what is still being read: the same as of a file that is cut off here. They are no result of their own, so
    /// the revision stays.
    fn so_far(&mut self, job: u32, ingested: Ingested) {
        if !self.waiting.iter().any(|w| w.job == job) || !ingested.artefacts.iter().any(gave_something) {
            return;
        }
        let (revision, before) = (self.revision, self.preliminary.take().filter(|(of, _)| *of == job));
        let mut input = String::new();
        self.change(|case| input = case.renew(before.as_ref().map(|(_, input)| input.as_str()), ingested));
        self.revision = revision;
        self.preliminary = Some((job, input));
    }

    /// True when what is shown may change because an input is still being read.
    pub fn is_preliminary(&self) -> bool {
        self.preliminary.is_some()
    }

    /// An input that was not read to its end leaves nothing.
    fn drop_preliminary(&mut self) {
        if let Some((_, input)) = self.preliminary.take() {
            self.change(|case| case.remove_input(&input));
        }
    }

    fn read(&mut self, job: u32, from_box: bool, ingested: Ingested) {
        let before = self.preliminary.take_if(|(of, _)| *of == job).map(|(_, input)| input);
        self.waiting.retain(|w| w.job != job);
        // A new result ends the undo of an older change: taking that back now would lose this one.
        self.undo = None;
        let understood = ingested.artefacts.iter().any(gave_something);
        let name = ingested.name.clone();
        self.mishaps.retain(|m| m.name != name);
        let replaced = if from_box { self.in_box.take() } else { None };
        let mut input = String::new();
        self.change(|case| {
            // The box still held a text that could not be read; what is in it now stands in its place.
            let old: Vec<String> = replaced
                .iter()
                .flat_map(|input| case.held().iter().filter(move |h| &h.input == input))
                .map(|h| h.id.clone())
                .collect();
            for id in old {
                case.remove(&id);
            }
            input = case.renew(before.as_deref(), ingested);
        });
        if from_box {
            if understood {
                self.order(BoxOrder::Understood);
            } else {
                self.in_box = Some(input);
            }
        }
    }

    /// Changes the case and judges it again.
    fn change(&mut self, how: impl FnOnce(&mut Case)) {
        let mut case = (*self.case).clone();
        how(&mut case);
        self.case = Rc::new(case);
        self.judge();
    }

    fn judge(&mut self) {
        self.report = Rc::new(diagnosis::report(&self.case));
        self.revision = self.revision.saturating_add(1);
        self.remember_questions();
        let held = |id: &String| self.case.held().iter().any(|h| &h.id == id);
        self.lit = self.lit.take().filter(|lit| held(&lit.artefact));
        self.shown = self.shown.take().filter(held);
        let known = |site: &String| self.report.sites.iter().any(|s| s.about.as_ref() == Some(site));
        self.site = self.site.take().filter(known);
    }

    fn remember_questions(&mut self) {
        for next in &self.report.next {
            self.asked.insert(next.id.clone(), next.clone());
        }
    }

    fn order(&mut self, order: BoxOrder) {
        let number = self.box_order.as_ref().map_or(1, |(n, _)| n.saturating_add(1));
        self.box_order = Some((number, order));
    }

    fn keep(&mut self, says: String, in_box: Option<Rc<str>>) {
        self.undo = Some(Rc::new(Undo { says, case: Rc::clone(&self.case), mishaps: self.mishaps.clone(), in_box }));
    }

    fn undo(&mut self) {
        let Some(undo) = self.undo.take() else { return };
        self.case = Rc::clone(&undo.case);
        self.mishaps = undo.mishaps.clone();
        if let Some(text) = undo.in_box.clone().filter(|t| !t.is_empty()) {
            self.order(BoxOrder::Restore(text));
        }
        self.judge();
    }

    /// What the last change was, while it can be taken back.
    pub fn undo_says(&self) -> Option<&str> {
        self.undo.as_ref().map(|u| u.says.as_str())
    }

    /// What the body's `data-state` is.
    pub fn phase(&self) -> Phase {
        if !self.waiting.is_empty() {
            return Phase::Working;
        }
        if self.has_result() {
            Phase::Done
        } else if self.case.held().is_empty() && self.mishaps.is_empty() {
            Phase::Empty
        } else {
            Phase::Failed
        }
    }

    /// True when there is a result to show, also while more is being read.
    pub fn has_result(&self) -> bool {
        self.case.held().iter().any(|h| gave_something(&h.artefact))
            || !self.case.answers().is_empty()
            || !self.case.skipped().is_empty()
    }

    /// An artefact by id; the wizard's answers are one, too.
    pub fn held(&self, id: &str) -> Option<&Held> {
        self.case.artefacts().find(|h| h.id == id)
    }

    /// True when the person may say what an artefact is.
    pub fn can_be_named(&self, id: &str) -> bool {
        self.case.held().iter().any(|h| h.id == id && !h.artefact.kept.is_empty())
    }

    fn title(&self, id: &str) -> &'static str {
        self.case.held().iter().find(|h| h.id == id).map_or("it", |h| h.artefact.kind.title())
    }

    /// The name of an input.
    pub fn input_name(&self, id: &str) -> String {
        self.report.inputs.iter().find(|i| i.id == id).map_or_else(String::new, |i| i.name.clone())
    }

    /// The site that is looked at.
    pub fn about(&self) -> Option<&str> {
        self.site.as_deref().or(self.report.verdict.about.as_deref())
    }

    /// True when a finding speaks of the site that is looked at.
    pub fn speaks_of_site(&self, finding: &Finding) -> bool {
        match (self.about(), finding.about.as_deref()) {
            (Some(site), Some(about)) => site == about,
            _ => true,
        }
    }

    /// The finding on top of the site that is looked at.
    pub fn top(&self) -> Option<&Finding> {
        let top = match self.site.as_deref() {
            Some(site) => self.report.sites.iter().find(|s| s.about.as_deref() == Some(site))?.top.as_deref(),
            None => self.report.verdict.top.as_deref(),
        }?;
        let mut same = self.report.findings.iter().filter(|f| f.id == top && f.status != Status::RuledOut);
        same.clone().find(|f| self.speaks_of_site(f)).or_else(|| same.next())
    }
}

#[cfg(test)]
mod tests;
