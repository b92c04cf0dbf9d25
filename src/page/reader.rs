//! The page's side of reading: a queue of inputs, one worker, and what happens when it ends before its time.
//!
//! Cancel, a crash and an exhausted memory are one thing: the worker is ended, and a new one is started for the next
//! input. The text stays where it was.

use super::state::{Action, Mishap, Page, Waiting};
use super::words;
use super::worker::{self, Said};
use doublehop::facts::Role;
use gloo::events::EventListener;
use js_sys::{Array, Object, Reflect};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker};
use yew::UseReducerDispatcher;

/// The script that starts the engine inside the worker, behind the glue.
const WORKER_BOOT: &str = include_str!("../../static/worker.js");

/// One input to read.
pub struct Job {
    /// Its name: `paste 1`, a file's name.
    pub name: String,
    /// Where it was taken, when the person said so before.
    pub role: Option<Role>,
    /// Its bytes: one part, or the files of one log, each with its name.
    pub parts: Vec<(String, Blob)>,
    /// What has to be said of how it was handed in.
    pub says: Option<Cow<'static, str>>,
    /// Its text still stands in the paste box.
    pub from_box: bool,
}

impl Job {
    /// An input of one part.
    pub fn of(name: String, blob: Blob, from_box: bool) -> Job {
        Job { parts: vec![(name.clone(), blob)], name, role: None, says: None, from_box }
    }
}

/// Reads inputs, one after the other.
#[derive(Clone)]
pub struct Reader(Rc<RefCell<Inner>>);

impl PartialEq for Reader {
    fn eq(&self, other: &Reader) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    tell: UseReducerDispatcher<Page>,
    live: Option<Live>,
    current: Option<(u32, Job)>,
    /// The worker has the current input.
    handed: bool,
    /// Since when, in milliseconds of the browser's clock.
    since: f64,
    queue: VecDeque<(u32, Job)>,
    jobs: u32,
    pastes: u32,
}

struct Live {
    worker: Worker,
    script: String,
    ready: bool,
    _listeners: [EventListener; 3],
}

impl Drop for Live {
    fn drop(&mut self) {
        self.worker.terminate();
        // Refusing to give an address back costs nothing but its few bytes.
        let _ = Url::revoke_object_url(&self.script);
    }
}

impl Reader {
    /// A reader that tells the page's state what happens. The worker is started with the first input.
    pub fn new(tell: UseReducerDispatcher<Page>) -> Reader {
        Reader(Rc::new(RefCell::new(Inner {
            tell,
            live: None,
            current: None,
            handed: false,
            since: 0.0,
            queue: VecDeque::new(),
            jobs: 0,
            pastes: 0,
        })))
    }

    /// Starts the worker before the first input. Where the browser refuses it, the first input says so.
    pub fn warm(&self) {
        if self.0.borrow().live.is_some() {
            return;
        }
        if let Ok(live) = self.start() {
            self.0.borrow_mut().live = Some(live);
        }
    }

    /// The name of the next paste.
    pub fn paste_name(&self) -> String {
        let mut inner = self.0.borrow_mut();
        inner.pastes = inner.pastes.saturating_add(1);
        format!("paste {}", inner.pastes)
    }

    /// Reads an input, after those that wait.
    pub fn read(&self, job: Job) {
        let (tell, waiting) = {
            let mut inner = self.0.borrow_mut();
            inner.jobs = inner.jobs.saturating_add(1);
            let number = inner.jobs;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a size in bytes
            let total = job.parts.iter().map(|(_, blob)| blob.size()).sum::<f64>() as u64;
            let waiting = Waiting { job: number, name: job.name.clone(), read: 0, total, found: String::new() };
            inner.queue.push_back((number, job));
            (inner.tell.clone(), waiting)
        };
        tell.dispatch(Action::Queued(waiting));
        self.go_on();
    }

    /// Ends the reading of everything that waits.
    pub fn cancel(&self) {
        let tell = {
            let mut inner = self.0.borrow_mut();
            inner.live = None;
            inner.current = None;
            inner.queue.clear();
            inner.tell.clone()
        };
        tell.dispatch(Action::Cancelled);
    }

    /// Hands the next input to the worker, where it is free.
    fn go_on(&self) {
        let refused = {
            let mut inner = self.0.borrow_mut();
            if inner.current.is_none() {
                inner.current = inner.queue.pop_front();
                inner.handed = false;
            }
            if inner.current.is_none() {
                return;
            }
            if inner.live.is_none() {
                match self.start() {
                    Ok(live) => {
                        inner.live = Some(live);
                        None
                    }
                    Err(error) => Some(error),
                }
            } else {
                inner.hand_over();
                None
            }
        };
        if let Some(error) = refused {
            web_sys::console::error_1(&error);
            self.broke("this browser did not start the worker that reads evidence. Reload the page; in a sandboxed frame, allow scripts and workers.");
        }
    }

    fn start(&self) -> Result<Live, JsValue> {
        let boot = Reflect::get(&js_sys::global(), &JsValue::from_str("doublehop"))?;
        let glue = Reflect::get(&boot, &JsValue::from_str("glue"))?;
        let module = Reflect::get(&boot, &JsValue::from_str("module"))?;
        let parts = Array::of3(&glue, &JsValue::from_str("\n"), &JsValue::from_str(WORKER_BOOT));
        let kind = BlobPropertyBag::new();
        kind.set_type("text/javascript");
        let script = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
        let url = Url::create_object_url_with_blob(&script)?;
        let worker = Worker::new(&url)?;
        let first = Object::new();
        Reflect::set(&first, &JsValue::from_str("module"), &module)?;
        worker.post_message(&first)?;
        let listen = |name: &'static str, how: fn(&Reader, &web_sys::Event)| {
            let reader = self.clone();
            EventListener::new(&worker, name, move |event| how(&reader, event))
        };
        let listeners = [
            listen("message", Reader::heard),
            listen("error", |reader, _| reader.broke(CRASHED)),
            listen("messageerror", |reader, _| reader.broke(CRASHED)),
        ];
        Ok(Live { worker, script: url, ready: false, _listeners: listeners })
    }

    fn heard(&self, event: &web_sys::Event) {
        let Some(said) = event.dyn_ref::<MessageEvent>().and_then(|m| Said::of_js(&m.data())) else { return };
        match said {
            Said::Ready => {
                if let Some(live) = self.0.borrow_mut().live.as_mut() {
                    live.ready = true;
                }
                self.go_on();
            }
            Said::Progress { read, found } => {
                let (tell, job, since) = {
                    let inner = self.0.borrow();
                    (inner.tell.clone(), inner.current.as_ref().map(|(n, _)| *n), inner.since)
                };
                let rate = words::rate(read, js_sys::Date::now() - since);
                let found: Vec<String> = [rate, found].into_iter().filter(|part| !part.is_empty()).collect();
                if let Some(job) = job {
                    tell.dispatch(Action::Progress { job, read, found: found.join(", ") });
                }
            }
            Said::SoFar(ingested) => {
                let (tell, job) = {
                    let inner = self.0.borrow();
                    (inner.tell.clone(), inner.current.as_ref().map(|(n, _)| *n))
                };
                if let Some(job) = job {
                    tell.dispatch(Action::SoFar { job, ingested });
                }
            }
            Said::Done(ingested) => {
                let (tell, current) = self.finished();
                if let Some((job, done)) = current {
                    tell.dispatch(Action::Read { job, from_box: done.from_box, ingested });
                }
                self.go_on();
            }
            Said::Failed(says) => {
                let (tell, current) = self.finished();
                if let Some((job, failed)) = current {
                    // What an archive lacks is told in our own words, and they say what to do.
                    let says = if says.starts_with("This zip") {
                        says
                    } else {
                        format!(
                            "the browser could not read it ({says}). If it is a file, check that it still exists and is not open elsewhere, then drop it again."
                        )
                    };
                    tell.dispatch(Action::Broke { job, mishap: Mishap { name: failed.name, says } });
                }
                self.go_on();
            }
            Said::Panicked => self.broke(CRASHED),
        }
    }

    fn finished(&self) -> (UseReducerDispatcher<Page>, Option<(u32, Job)>) {
        let mut inner = self.0.borrow_mut();
        let current = inner.current.take();
        (inner.tell.clone(), current)
    }

    /// Ends the worker, names the input that it had, and goes on with the next one.
    fn broke(&self, says: &str) {
        let (tell, current) = {
            let mut inner = self.0.borrow_mut();
            // A worker tells of one end in two ways (a message, an error event): the second finds it gone.
            inner.live = None;
            (inner.tell.clone(), inner.current.take())
        };
        if let Some((job, lost)) = current {
            tell.dispatch(Action::Broke { job, mishap: Mishap { name: lost.name, says: says.to_owned() } });
        }
        self.go_on();
    }
}

/// What is said when the worker ended on an input.
const CRASHED: &str = "reading it ended the reader, out of memory or by a fault of ours. Nothing else is lost and the next input works. Paste only the part that matters (the listing, the failing request), and try again.";

impl Inner {
    /// Posts the current input, once, as soon as the worker listens.
    fn hand_over(&mut self) {
        let (Some(live), Some((_, job)), false) = (self.live.as_ref(), &self.current, self.handed) else { return };
        if !live.ready {
            return;
        }
        match live.worker.post_message(&worker::task(job)) {
            Ok(()) => {
                self.handed = true;
                self.since = js_sys::Date::now();
            }
            Err(error) => web_sys::console::error_1(&error),
        }
    }
}
