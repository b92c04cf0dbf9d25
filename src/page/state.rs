//! The page's one state and its one reducer. Nothing here touches the DOM: a state and an action give the next state.

use doublehop::case::{Case, Held};
use doublehop::diagnosis;
use doublehop::facts::Role;
use doublehop::ingest::{Ingested, Kind};
use doublehop::report::{Because, Finding, Next, Report, Status};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What a body's `data-state` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was handed in.
    Empty,
    /// Something is being read.
    Working,
    /// There is a result.
    Done,
    /// Something was handed in and nothing of it could be read.
    Failed,
}

impl Phase {
    /// The contract's word.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Empty => "empty",
            Phase::Working => "working",
            Phase::Done => "done",
            Phase::Failed => "failed",
        }
    }
}

/// An input that is being read or waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub job: u32,
    /// Its name.
    pub name: String,
    /// Bytes read.
    pub read: u64,
    /// Its size.
    pub total: u64,
    /// How fast it is read and what was found so far, in words.
    pub found: String,
}

/// An input that ended its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mishap {
    /// The input's name.
    pub name: String,
    /// What is wrong and what to do.
    pub says: String,
}

/// The lines that are lit in the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lit {
    /// The artefact.
    pub artefact: String,
    /// First line.
    pub first: u32,
    /// Last line.
    pub last: u32,
    /// The words on them.
    pub words: Vec<String>,
    /// Grows with each click, so that a second click on the same line scrolls again.
    pub click: u32,
}

/// What the paste box is told to do. The number grows with each order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoxOrder {
    /// What was analysed has been understood: empty the box, unless it has changed since.
    Understood,
    /// Empty the box.
    Empty,
    /// Put this text back.
    Restore(Rc<str>),
}

#[derive(Clone, Debug)]
struct Undo {
    says: String,
    case: Rc<Case>,
    mishaps: Vec<Mishap>,
    skipped: BTreeSet<String>,
    in_box: Option<Rc<str>>,
}

/// What can happen.
pub enum Action {
    /// An input waits to be read.
    Queued(Waiting),
    /// So many bytes of it are read.
    Progress { job: u32, read: u64, found: String },
    /// It is read. `from_box`: its text still stands in the paste box.
    Read { job: u32, from_box: bool, ingested: Box<Ingested> },
    /// It could not be read, or it ended the worker.
    Broke { job: u32, mishap: Mishap },
    /// The person ended the reading of everything that waits.
    Cancelled,
    /// The person has seen a mishap.
    Dismiss(usize),
    /// Take one artefact out.
    Remove(String),
    /// It was taken somewhere else.
    Role(String, Role),
    /// An answer to a question or test; `None` takes it back.
    Answer(String, Option<String>),
    /// "I don't know".
    Skip(String),
    /// Start again. The text is what the box holds.
    Clear(Rc<str>),
    /// Take the last change back.
    Undo,
    /// The last change stays.
    ForgetUndo,
    /// Look at another site.
    Site(String),
    /// Light a proof's lines in the evidence.
    Light(Box<Because>),
    /// Show an artefact in the evidence.
    Show(String),
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
    /// What could not be.
    pub mishaps: Vec<Mishap>,
    /// The site that the person chose to look at.
    pub site: Option<String>,
    /// The lit lines.
    pub lit: Option<Lit>,
    /// The artefact in the evidence view.
    pub shown: Option<String>,
    /// Questions that the person cannot answer.
    pub skipped: BTreeSet<String>,
    /// Every question asked so far: how an answered one is worded and overridden.
    pub asked: BTreeMap<String, Next>,
    /// The paste box's last order.
    pub box_order: Option<(u32, BoxOrder)>,
    /// The input that could not be read and whose text still stands in the box.
    in_box: Option<String>,
    undo: Option<Rc<Undo>>,
    stamp: u32,
}

/// Two states are the same when nothing happened between them.
impl PartialEq for Page {
    fn eq(&self, other: &Page) -> bool {
        self.stamp == other.stamp
    }
}

impl Default for Page {
    fn default() -> Page {
        let case = Rc::new(Case::new());
        let report = Rc::new(diagnosis::report(&case));
        let mut page = Page {
            case,
            report,
            revision: 0,
            waiting: Vec::new(),
            mishaps: Vec::new(),
            site: None,
            lit: None,
            shown: None,
            skipped: BTreeSet::new(),
            asked: BTreeMap::new(),
            box_order: None,
            in_box: None,
            undo: None,
            stamp: 0,
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
            Action::Read { job, from_box, ingested } => self.read(job, from_box, *ingested),
            Action::Broke { job, mishap } => {
                self.waiting.retain(|w| w.job != job);
                self.mishaps.retain(|m| m.name != mishap.name);
                self.mishaps.push(mishap);
                self.revision = self.revision.saturating_add(1);
            }
            Action::Cancelled => self.waiting.clear(),
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
            Action::Answer(key, value) => {
                self.keep(if value.is_some() { "Answered." } else { "Answer taken back." }.to_owned(), None);
                self.skipped.remove(&key);
                self.change(|case| case.answer(&key, value.as_deref()));
            }
            Action::Skip(key) => {
                self.keep("Skipped.".to_owned(), None);
                self.skipped.insert(key);
                self.revision = self.revision.saturating_add(1);
            }
            Action::Clear(text) => {
                self.keep("Cleared.".to_owned(), Some(text));
                self.waiting.clear();
                self.mishaps.clear();
                self.skipped.clear();
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

    fn read(&mut self, job: u32, from_box: bool, ingested: Ingested) {
        self.waiting.retain(|w| w.job != job);
        // A new result ends the undo of an older change: taking that back now would lose this one.
        self.undo = None;
        let recognised = ingested.artefacts.iter().any(|a| a.kind != Kind::Unknown);
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
            input = case.add(ingested);
        });
        if from_box {
            if recognised {
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
        for next in self.report.next.iter().filter(|n| !n.options.is_empty()) {
            self.asked.insert(next.id.clone(), next.clone());
        }
    }

    fn order(&mut self, order: BoxOrder) {
        let number = self.box_order.as_ref().map_or(1, |(n, _)| n.saturating_add(1));
        self.box_order = Some((number, order));
    }

    fn keep(&mut self, says: String, in_box: Option<Rc<str>>) {
        self.undo = Some(Rc::new(Undo {
            says,
            case: Rc::clone(&self.case),
            mishaps: self.mishaps.clone(),
            skipped: self.skipped.clone(),
            in_box,
        }));
    }

    fn undo(&mut self) {
        let Some(undo) = self.undo.take() else { return };
        self.case = Rc::clone(&undo.case);
        self.mishaps = undo.mishaps.clone();
        self.skipped = undo.skipped.clone();
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
        let recognised = self.case.held().iter().any(|h| h.artefact.kind != Kind::Unknown);
        if recognised || !self.case.answers().is_empty() || !self.skipped.is_empty() {
            Phase::Done
        } else if self.case.held().is_empty() && self.mishaps.is_empty() {
            Phase::Empty
        } else {
            Phase::Failed
        }
    }

    /// True when there is a result to show, also while more is being read.
    pub fn has_result(&self) -> bool {
        self.case.held().iter().any(|h| h.artefact.kind != Kind::Unknown)
            || !self.case.answers().is_empty()
            || !self.skipped.is_empty()
    }

    /// An artefact by id; the wizard's answers are one, too.
    pub fn held(&self, id: &str) -> Option<Cow<'_, Held>> {
        let handed_in = self.case.held().iter().find(|h| h.id == id).map(Cow::Borrowed);
        handed_in.or_else(|| self.case.wizard().filter(|h| h.id == id).map(Cow::Owned))
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

    /// What to ask or fetch, without what the person could not answer.
    pub fn next(&self) -> Vec<&Next> {
        self.report.next.iter().filter(|n| !self.skipped.contains(&n.id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doublehop::ingest::Intake;

    const GOOD: &str = "AccountNotDelegated : False\nDistinguishedName : CN=svc-web,OU=Service,DC=contoso,DC=com\n\
                        ServicePrincipalNames : {HTTP/web.contoso.com}\n";

    fn ingested(name: &str, text: &str, kind: Kind) -> Box<Ingested> {
        let mut intake = Intake::new(name);
        intake.push(text.as_bytes());
        let mut ingested = intake.finish();
        for artefact in &mut ingested.artefacts {
            artefact.kind = kind;
        }
        Box::new(ingested)
    }

    fn read(page: &Page, name: &str, kind: Kind, from_box: bool) -> Page {
        let waiting = Waiting { job: 1, name: name.into(), read: 0, total: 9, found: String::new() };
        let page = page.after(Action::Queued(waiting));
        assert_eq!(page.phase(), Phase::Working);
        page.after(Action::Read { job: 1, from_box, ingested: ingested(name, GOOD, kind) })
    }

    fn names(page: &Page) -> Vec<&str> {
        page.report.inputs.iter().map(|i| i.name.as_str()).collect()
    }

    #[test]
    fn what_cannot_be_read_fails_and_is_replaced_by_what_the_box_holds_next() {
        let page = read(&Page::default(), "paste 1", Kind::Unknown, true);
        assert_eq!((page.phase(), page.box_order.clone()), (Phase::Failed, None));
        let page = read(&page, "paste 2", Kind::AdAttributes, true);
        assert_eq!((page.phase(), names(&page)), (Phase::Done, vec!["paste 2"]));
        assert_eq!(page.box_order, Some((1, BoxOrder::Understood)));
        // A file is no text of the box: it stays beside what was there.
        let page = read(&page, "a.bin", Kind::Unknown, false);
        assert_eq!((page.phase(), names(&page)), (Phase::Done, vec!["paste 2", "a.bin"]));
    }

    #[test]
    fn every_change_grows_the_revision_and_can_be_taken_back() {
        let page = read(&Page::default(), "paste 1", Kind::Klist, true);
        let id = page.case.held()[0].id.clone();
        let changes = [
            Action::Remove(id.clone()),
            Action::Role(id, Role::BackEnd),
            Action::Answer("scope".into(), Some("cr".into())),
            Action::Skip("scope".into()),
            Action::Clear("half a line".into()),
        ];
        for change in changes {
            let changed = page.after(change);
            assert!(changed.revision > page.revision);
            let back = changed.after(Action::Undo);
            assert!(back.revision > changed.revision);
            assert_eq!(back.report, page.report);
            assert_eq!((back.phase(), back.undo_says()), (Phase::Done, None));
        }
        let cleared = page.after(Action::Clear("half a line".into()));
        assert_eq!(cleared.phase(), Phase::Empty);
        let back = cleared.after(Action::Undo);
        assert_eq!(back.box_order, Some((3, BoxOrder::Restore("half a line".into()))));
    }

    #[test]
    fn a_crash_names_its_input_and_leaves_the_rest() {
        let page = read(&Page::default(), "paste 1", Kind::Klist, true);
        let mishap = Mishap { name: "big.json".into(), says: "…".into() };
        let page = page.after(Action::Broke { job: 7, mishap });
        assert_eq!((page.phase(), names(&page), page.mishaps.len()), (Phase::Done, vec!["paste 1"], 1));
        // Once it can be read, nothing is said of it any more.
        let page = read(&page, "big.json", Kind::NetExport, false);
        assert!(page.mishaps.is_empty());
        assert_eq!(Page::default().after(Action::Cancelled).phase(), Phase::Empty);
    }

    #[test]
    fn an_answer_alone_is_a_result() {
        let page = Page::default().after(Action::Answer("scope".into(), Some("cr".into())));
        assert_eq!((page.phase(), page.has_result()), (Phase::Done, true));
        assert_eq!(page.after(Action::Answer("scope".into(), None)).phase(), Phase::Empty);
    }

    #[test]
    fn light_falls_on_the_artefact_until_it_is_gone() {
        let page = read(&Page::default(), "paste 1", Kind::Klist, true);
        let held = page.case.held()[0].clone();
        let because = held.because(&doublehop::facts::Place { first_line: 2, last_line: 3, ..Default::default() }, "");
        let page = page.after(Action::Light(Box::new(because)));
        assert_eq!(page.lit.as_ref().map(|l| (l.first, l.last)), Some((2, 3)));
        assert_eq!(page.shown.as_ref(), Some(&held.id));
        assert_eq!(page.after(Action::Remove(held.id)).lit, None);
    }
}
