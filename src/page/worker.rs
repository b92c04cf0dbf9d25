//! The worker's side: takes one input at a time as a Blob, reads it as a stream, answers with what it held.
//!
//! It keeps nothing. A panic or an exhausted memory ends this worker, and the page starts another: see [`super::reader`].

use doublehop::facts::Role;
use doublehop::ingest::{Ingested, Intake};
use gloo::events::EventListener;
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent, ReadableStreamDefaultReader};

/// An input of exactly this name makes the worker panic. It exists for one test: that a panic while reading ends the
/// worker and not the page, that the input is named and that the next one works. It does nothing else.
pub const PANIC_TEST: &str = "doublehop-panic-test";

/// How many bytes are read between two messages of progress.
const PROGRESS_STEP: u64 = 8 * 1024 * 1024;

/// What the worker says to the page.
pub enum Said {
    /// It listens.
    Ready,
    /// So many bytes are read.
    Progress(u64),
    /// The input is read.
    Done(Box<Ingested>),
    /// The browser could not read the input.
    Failed(String),
    /// The worker panicked and is no longer of use.
    Panicked,
}

impl Said {
    /// The message: a word, and what belongs to it.
    fn to_js(&self) -> JsValue {
        let (word, value) = match self {
            Said::Ready => ("ready", JsValue::NULL),
            #[allow(clippy::cast_precision_loss)] // exact up to 9 petabytes
            Said::Progress(read) => ("progress", JsValue::from_f64(*read as f64)),
            Said::Done(ingested) => match postcard::to_allocvec(ingested) {
                Ok(bytes) => ("done", Uint8Array::from(bytes.as_slice()).into()),
                Err(error) => ("failed", JsValue::from_str(&error.to_string())),
            },
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
            "progress" => Said::Progress(value.as_f64()? as u64),
            "done" => match postcard::from_bytes(&value.dyn_ref::<Uint8Array>()?.to_vec()) {
                Ok(ingested) => Said::Done(Box::new(ingested)),
                Err(error) => Said::Failed(error.to_string()),
            },
            "failed" => Said::Failed(value.as_string()?),
            "panicked" => Said::Panicked,
            _ => return None,
        })
    }
}

/// The message that hands over an input.
pub fn task(name: &str, role: Option<Role>, blob: &Blob) -> JsValue {
    let role = role.map_or(JsValue::NULL, |r| JsValue::from_str(r.word()));
    Array::of3(&JsValue::from_str(name), &role, blob).into()
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
    let listener = EventListener::new(&scope, "message", move |event| {
        let Some(message) = event.dyn_ref::<MessageEvent>() else { return };
        let Ok(task) = message.data().dyn_into::<Array>() else { return };
        let (Some(name), Ok(blob)) = (task.get(0).as_string(), task.get(2).dyn_into::<Blob>()) else { return };
        let role = task.get(1).as_string().and_then(|word| Role::parse(&word));
        let scope = listening.clone();
        spawn_local(async move {
            let said = match read(&scope, &name, role, &blob).await {
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

async fn read(
    scope: &DedicatedWorkerGlobalScope,
    name: &str,
    role: Option<Role>,
    blob: &Blob,
) -> Result<Ingested, JsValue> {
    if name == PANIC_TEST {
        #[allow(clippy::panic)] // see PANIC_TEST
        {
            panic!("asked for by the input's name");
        }
    }
    let mut intake = Intake::new(name).with_role(role);
    let reader: ReadableStreamDefaultReader = blob.stream().get_reader().dyn_into()?;
    let (mut seen, mut told) = (0u64, 0u64);
    let mut chunk = Vec::new();
    // The next piece is asked for before this one is scanned: reading is the slow part.
    let mut coming = reader.read();
    loop {
        let piece = JsFuture::from(coming).await?;
        if Reflect::get(&piece, &JsValue::from_str("done"))?.is_truthy() {
            break;
        }
        let bytes: Uint8Array = Reflect::get(&piece, &JsValue::from_str("value"))?.dyn_into()?;
        coming = reader.read();
        chunk.resize(usize::try_from(bytes.length()).unwrap_or_default(), 0);
        bytes.copy_to(&mut chunk);
        intake.push(&chunk);
        seen = seen.saturating_add(u64::from(bytes.length()));
        if seen.saturating_sub(told) >= PROGRESS_STEP {
            told = seen;
            tell(scope, &Said::Progress(seen));
        }
    }
    Ok(intake.finish())
}
