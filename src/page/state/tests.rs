//! The reducer's tests: a state and an action in, the next state out.

use super::*;
use doublehop::facts::Role;
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

#[test]
fn what_was_not_recognised_can_be_named_and_leaves_the_box() {
    let mut intake = Intake::new("paste 1");
    intake.push(b"what we set up\nour_note: it is slow\n");
    let waiting = Waiting { job: 1, name: "paste 1".into(), read: 0, total: 9, found: String::new() };
    let page = Page::default().after(Action::Queued(waiting));
    let page = page.after(Action::Read { job: 1, from_box: true, ingested: Box::new(intake.finish()) });
    assert_eq!(page.phase(), Phase::Failed);
    // Nothing in it is of that kind: it still could not be read.
    let wrong = page.after(Action::Kind("a1".into(), Kind::LsassLog));
    assert_eq!((wrong.phase(), wrong.box_order.clone()), (Phase::Failed, None));
    let named = wrong.after(Action::Kind("a1".into(), Kind::Answers));
    assert_eq!((named.phase(), named.case.held()[0].artefact.kind), (Phase::Done, Kind::Answers));
    assert_eq!(named.box_order, Some((1, BoxOrder::Understood)));
    assert_eq!(named.after(Action::Undo).report, wrong.report);
}

#[test]
fn what_was_skipped_is_not_offered_again_and_can_be_asked_again() {
    let page = Page::default();
    let first = page.report.next[0].id.clone();
    let skipped = page.after(Action::Skip(first.clone()));
    assert!(skipped.has_result());
    assert!(!skipped.report.next.iter().any(|n| n.id == first));
    let again = skipped.after(Action::Answer(first.clone(), None));
    assert!(again.report.next.iter().any(|n| n.id == first));
    let back = skipped.after(Action::Undo);
    assert_eq!((back.report.next[0].id.as_str(), back.phase()), (first.as_str(), Phase::Empty));
}

#[test]
fn what_was_found_so_far_is_replaced_by_the_result_and_goes_with_a_cancelled_reading() {
    let page = read(&Page::default(), "paste 1", Kind::Klist, false);
    let waiting = Waiting { job: 2, name: "big.json".into(), read: 0, total: 9, found: String::new() };
    let reading = page.after(Action::Queued(waiting));
    let so_far =
        |page: &Page| page.after(Action::SoFar { job: 2, ingested: ingested("big.json", GOOD, Kind::AdAttributes) });
    let found = so_far(&so_far(&reading));
    assert!(found.is_preliminary() && found.phase() == Phase::Working);
    assert_eq!((names(&found), found.revision), (vec!["paste 1", "big.json"], page.revision));
    let done =
        found.after(Action::Read { job: 2, from_box: false, ingested: ingested("big.json", GOOD, Kind::AdAttributes) });
    assert_eq!((names(&done), done.is_preliminary(), done.phase()), (vec!["paste 1", "big.json"], false, Phase::Done));
    assert_eq!(
        done.case.held().last().unwrap().id,
        found.case.held().last().unwrap().id,
        "the lines that are lit stay lit"
    );
    for end in
        [Action::Cancelled, Action::Broke { job: 2, mishap: Mishap { name: "big.json".into(), says: "x".into() } }]
    {
        let ended = found.after(end);
        assert_eq!((names(&ended), ended.is_preliminary()), (vec!["paste 1"], false));
        // A message that was still on its way changes nothing.
        assert_eq!(names(&so_far(&ended)), vec!["paste 1"]);
    }
}
