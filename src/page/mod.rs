//! The page: one Yew app, one reducer ([`state`]), one worker ([`worker`]) that reads what is pasted or dropped.
//!
//! The worker is stateless: bytes in, facts out. The page owns the Case and judges it there, which takes milliseconds.
//! What is plain data ([`state`], [`commands`], [`hops`], [`markdown`], [`marks`], [`words`]) also compiles natively and is tested there.

pub mod commands;
pub mod hops;
pub mod markdown;
pub mod marks;
pub mod state;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod clipboard;
#[cfg(target_arch = "wasm32")]
mod reader;
#[cfg(target_arch = "wasm32")]
mod save;
#[cfg(target_arch = "wasm32")]
mod scroll;
#[cfg(target_arch = "wasm32")]
mod stream;
#[cfg(target_arch = "wasm32")]
mod theme;
#[cfg(target_arch = "wasm32")]
mod together;
#[cfg(target_arch = "wasm32")]
mod views;
#[cfg(target_arch = "wasm32")]
mod warm;
#[cfg(target_arch = "wasm32")]
mod worker;

/// Runs as the worker where this is a worker, and as the page elsewhere.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    use wasm_bindgen::JsCast;
    match js_sys::global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>() {
        Ok(scope) => worker::start(scope),
        Err(_) => app::start(),
    }
}
