//! Runs the engine in the worker before the first input: a browser compiles a function when it is first called, and
//! compiles it again, for speed, when it was called often. What is compiled in the worker is compiled for the page as well,
//! since both run one module. An input that comes meanwhile is read first.

use super::views::welcome::EXAMPLES;
use doublehop::case::Case;
use doublehop::diagnosis;
use doublehop::ingest::{Ingested, Intake};
use gloo::timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;

/// A capture of one conversation.
const CAPTURE: &str = include_str!("../../static/examples/capture.json");
/// A line of other traffic, of a type that no build has.
const TRAFFIC: &str = "{\"params\":{\"byte_count\":1448},\"phase\":0,\"source\":{\"id\":7001,\"start_time\":\"90212\",\"type\":9},\"time\":\"90213\",\"type\":4999},\n";
/// How many of them stand between two conversations.
const LINES: usize = 1000;
/// How many conversations are read: a few megabytes, some ten milliseconds.
const ROUNDS: u32 = 40;

/// What is still to be done, a step at a time.
struct Warming {
    busy: Rc<Cell<bool>>,
    capture: Intake,
    events: String,
    traffic: String,
    rounds: u32,
}

/// Begins, and ends as soon as `busy` is set.
pub fn start(busy: Rc<Cell<bool>>) {
    let Some((head, rest)) = CAPTURE.split_once("\"events\": [\n") else { return };
    let events = rest.split("],\n").next().unwrap_or_default();
    let mut capture = Intake::new("capture.json");
    capture.push(format!("{head}\"events\": [\n").as_bytes());
    Warming { busy, capture, events: format!("{events},\n"), traffic: TRAFFIC.repeat(LINES), rounds: ROUNDS }.go_on();
}

impl Warming {
    /// The next step is a task of its own, so that an input is heard between two of them.
    fn go_on(self) {
        Timeout::new(0, move || self.step()).forget();
    }

    fn step(mut self) {
        if self.busy.get() {
            return;
        }
        if let Some(left) = self.rounds.checked_sub(1) {
            self.rounds = left;
            self.capture.push(self.traffic.as_bytes());
            self.capture.push(self.events.as_bytes());
            return self.go_on();
        }
        judge(self.capture.finish());
        for (name, _, _, text) in EXAMPLES {
            let mut intake = Intake::new(name);
            intake.push(text.as_bytes());
            judge(intake.finish());
        }
    }
}

/// Goes the whole way that an input goes, and forgets what came of it.
fn judge(ingested: Ingested) {
    let message = super::worker::Said::Done(Box::new(ingested)).to_js();
    if let Some(super::worker::Said::Done(ingested)) = super::worker::Said::of_js(&message) {
        let mut case = Case::new();
        case.add(*ingested);
        diagnosis::report(&case);
    }
}
