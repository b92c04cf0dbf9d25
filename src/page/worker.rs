//! The worker's side: takes one input at a time as a Blob, reads it as a stream, answers with what it held.
//!
//! It keeps nothing. A panic or an exhausted memory ends this worker, and the page starts another: see [`super::reader`].

use super::reader::Job;
use super::{stream, warm};
use doublehop::facts::Role;
use doublehop::ingest::packed::Bomb;
use doublehop::ingest::{Ingested, Intake};
use gloo::events::EventListener;
use js_sys::{Array, Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

/// An input of exactly this name makes the worker panic. It exists for one test: that a panic while reading ends the
/// worker and not the page, that the input is named and that the next one works. It does nothing else.
pub const PANIC_TEST: &str = "doublehop-panic-test";

/// How many milliseconds pass between two messages of progress: each makes the page draw, which takes time from reading.
const PROGRESS_EVERY: f64 = 200.0;

/// How many milliseconds pass between two messages of what was found so far: putting it together and judging it takes time too,
/// and what is read in less than this needs none.
const SO_FAR_EVERY: f64 = 2000.0;

/// What the worker says to the page.
pub enum Said {
    /// It listens.
    Ready,
    /// So many bytes are read, and this was found so far.
    Progress {
        /// Bytes of the input.
        read: u64,
        /// In words; empty when there is nothing to say.
        found: String,
    },
    /// What was found so far, where that takes long.
    SoFar(Box<Ingested>),
    /// The input is read.
    Done(Box<Ingested>),
    /// The browser could not read the input.
    Failed(String),
    /// The worker panicked and is no longer of use.
    Panicked,
}

impl Said {
    /// The message: a word, and what belongs to it.
    pub fn to_js(&self) -> JsValue {
        let (word, value) = match self {
            Said::Ready => ("ready", JsValue::NULL),
            #[allow(clippy::cast_precision_loss)] // exact up to 9 petabytes
            Said::Progress { read, found } => {
                ("progress", Array::of2(&JsValue::from_f64(*read as f64), &JsValue::from_str(found)).into())
            }
            Said::SoFar(ingested) => packed("so far", ingested),
            Said::Done(ingested) => packed("done", ingested),
            Said::Failed(says) => ("failed", JsValue::from_str(says)),
            Said::Panicked => ("panicked", JsValue::NULL),
        };
        Array::of2(&JsValue::from_str(word), &value).into()
    }

    /// Reads the message; `None` for what is none of ours.
    pub fn of_js(message: &JsValue) -> Option<Said> {
        let message: &Array = message.dyn_ref()?;
        let value = message.get(1);
        Some(match message.get(0).as_string()?.as_str() {
            "ready" => Said::Ready,
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count of bytes
            "progress" => {
                let both: &Array = value.dyn_ref()?;
                Said::Progress { read: both.get(0).as_f64()? as u64, found: both.get(1).as_string()? }
            }
            word @ ("done" | "so far") => match postcard::from_bytes(&value.dyn_ref::<Uint8Array>()?.to_vec()) {
                Ok(ingested) if word == "done" => Said::Done(Box::new(ingested)),
                Ok(ingested) => Said::SoFar(Box::new(ingested)),
                Err(error) => Said::Failed(error.to_string()),
            },
            "failed" => Said::Failed(value.as_string()?),
            "panicked" => Said::Panicked,
            _ => return None,
        })
    }
}

/// Facts on their way, in the compact form that names no field.
fn packed(word: &'static str, ingested: &Ingested) -> (&'static str, JsValue) {
    match postcard::to_allocvec(ingested) {
        Ok(bytes) => (word, Uint8Array::from(bytes.as_slice()).into()),
        Err(error) => ("failed", JsValue::from_str(&error.to_string())),
    }
}

/// The message that hands over an input.
pub fn task(job: &Job) -> JsValue {
    let role = job.role.map_or(JsValue::NULL, |r| JsValue::from_str(r.word()));
    let parts: Array = job.parts.iter().map(|(name, blob)| Array::of2(&JsValue::from_str(name), blob)).collect();
    let says = job.says.as_deref().map_or(JsValue::NULL, JsValue::from_str);
    Array::of4(&JsValue::from_str(&job.name), &role, &parts, &says).into()
}

/// What the worker is handed.
struct Task {
    name: String,
    role: Option<Role>,
    parts: Vec<(String, Blob)>,
    says: Option<String>,
}

impl Task {
    /// Reads the message; `None` for what is none of ours.
    fn of_js(message: &JsValue) -> Option<Task> {
        let message: &Array = message.dyn_ref()?;
        let part = |both: JsValue| -> Option<(String, Blob)> {
            let both: &Array = both.dyn_ref()?;
            Some((both.get(0).as_string()?, both.get(1).dyn_into().ok()?))
        };
        Some(Task {
            name: message.get(0).as_string()?,
            role: message.get(1).as_string().and_then(|word| Role::parse(&word)),
            parts: message.get(2).dyn_ref::<Array>()?.iter().map(part).collect::<Option<_>>()?,
            says: message.get(3).as_string(),
        })
    }
}

/// Listens for inputs.
pub fn start(scope: DedicatedWorkerGlobalScope) {
    let teller = scope.clone();
    // The default hook would log the panic's message, which may quote what the person pasted: only the place is told.
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or_else(String::new, ToString::to_string);
        web_sys::console::error_1(&JsValue::from_str(&format!("doublehop worker: panic at {place}")));
        tell(&teller, &Said::Panicked);
    }));
    scope.set_onmessage(None);
    let listening = scope.clone();
    let busy = Rc::new(Cell::new(false));
    let warming = Rc::clone(&busy);
    let listener = EventListener::new(&scope, "message", move |event| {
        let Some(message) = event.dyn_ref::<MessageEvent>() else { return };
        let Some(task) = Task::of_js(&message.data()) else { return };
        busy.set(true);
        let scope = listening.clone();
        spawn_local(async move {
            let said = match read(&scope, &task).await {
                Ok(ingested) => Said::Done(Box::new(ingested)),
                Err(error) => Said::Failed(reason(&error)),
            };
            tell(&scope, &said);
        });
    });
    // Memory that runs out is no panic: it traps, inside a promise, which is no error event by itself.
    let teller = scope.clone();
    let trapped = EventListener::new(&scope, "unhandledrejection", move |_| tell(&teller, &Said::Panicked));
    // The worker lives as long as its listeners.
    listener.forget();
    trapped.forget();
    tell(&scope, &Said::Ready);
    warm::start(warming);
}

fn tell(scope: &DedicatedWorkerGlobalScope, said: &Said) {
    if scope.post_message(&said.to_js()).is_err() {
        web_sys::console::error_1(&JsValue::from_str("doublehop worker: the page cannot be reached"));
    }
}

/// A browser's own words for why a file cannot be read (moved, locked, too large); never its content.
fn reason(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(
        || {
            Reflect::get(error, &JsValue::from_str("message"))
                .ok()
                .and_then(|m| m.as_string())
                .unwrap_or_else(|| "the browser gave no reason".to_owned())
        },
        |e| String::from(e.message()),
    )
}

async fn read(scope: &DedicatedWorkerGlobalScope, task: &Task) -> Result<Ingested, JsValue> {
    if task.name == PANIC_TEST {
        #[allow(clippy::panic)] // see PANIC_TEST
        {
            panic!("asked for by the input's name");
        }
    }
    let mut intake = Intake::new(&task.name).with_role(task.role);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a size in bytes
    let size = task.parts.iter().map(|(_, blob)| blob.size()).sum::<f64>() as u64;
    let mut streams = Vec::new();
    for (name, blob) in &task.parts {
        for opened in stream::open(blob).await? {
            streams.push((opened.name.clone().unwrap_or_else(|| name.clone()), opened));
        }
    }
    let packed = streams.iter().find_map(|(_, opened)| opened.packed.clone());
    let expected = streams.iter().map(|(_, opened)| opened.expected).collect::<Option<Vec<u64>>>();
    let expected = expected.map(|all| all.into_iter().fold(0, u64::saturating_add));
    let bomb = packed.is_some().then(|| Bomb::new(size));
    let (mut seen, mut told) = (0u64, js_sys::Date::now());
    let (mut relevant, mut found) = (0, told);
    let mut chunk = Vec::new();
    let mut stopped = task.says.clone();
    let several = streams.len() > 1;
    'streams: for (name, mut opened) in streams {
        if several {
            intake.next_piece(&name);
        }
        loop {
            match opened.pieces.next(&mut chunk).await {
                Ok(true) => {}
                Ok(false) => break,
                // What came out of a damaged archive before the damage counts.
                Err(_) if bomb.is_some() && seen > 0 => {
                    stopped = Some(format!(
                        "Unpacking failed after {seen} bytes: the compressed file is cut off or damaged. What came out before was read."
                    ));
                    break 'streams;
                }
                Err(error) => return Err(error),
            }
            intake.push(&chunk);
            seen = seen.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if let Some(says) = bomb.and_then(|bomb| bomb.says(seen)) {
                stopped = Some(says);
                opened.pieces.cancel();
                break 'streams;
            }
            let now = js_sys::Date::now();
            if now - told >= PROGRESS_EVERY {
                told = now;
                let read = progressed(seen, size, expected, bomb.is_some());
                tell(scope, &Said::Progress { read, found: intake.found().unwrap_or_default() });
            }
            if now - found >= SO_FAR_EVERY && intake.relevant() > relevant {
                (relevant, found) = (intake.relevant(), now);
                intake.so_far().into_iter().for_each(|ingested| tell(scope, &Said::SoFar(Box::new(ingested))));
            }
        }
    }
    Ok(intake.finish_unpacked(packed.as_deref(), stopped))
}

/// How far the input is read, in bytes as it lies on the disk.
fn progressed(seen: u64, size: u64, expected: Option<u64>, packed: bool) -> u64 {
    match expected {
        None if !packed => seen,
        None => 0,
        Some(expected) => {
            let part = u128::from(seen).saturating_mul(u128::from(size)).checked_div(u128::from(expected));
            part.and_then(|p| u64::try_from(p).ok()).unwrap_or(0).min(size)
        }
    }
}
