//! The whole window is a drop target: files, or text dragged from another window.

use super::Ui;
use super::paste::{read_files, read_text};
use gloo::events::{EventListener, EventListenerOptions};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Event};
use yew::prelude::*;

/// Listens to the window; true while something is dragged over it.
#[hook]
pub fn use_drop(ui: &Ui) -> bool {
    let dragging = use_state(|| false);
    let latest = use_mut_ref(|| ui.clone());
    *latest.borrow_mut() = ui.clone();
    let over = dragging.clone();
    use_effect_with((), move |()| {
        // Children send enter and leave as well: only when all are left is the drag over.
        let depth = Rc::new(Cell::new(0i32));
        let listen = |name: &'static str, how: Box<dyn Fn(&DragEvent)>| {
            web_sys::window().map(|window| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&window, name, options, move |event: &Event| {
                    if let Some(drag) = event.dyn_ref::<DragEvent>() {
                        // Without this the browser leaves the page to open the file.
                        drag.prevent_default();
                        how(drag);
                    }
                })
            })
        };
        let (enter, leave, end) = (over.clone(), over.clone(), over);
        let (deeper, shallower, reset) = (depth.clone(), depth.clone(), depth);
        let listeners = [
            listen("dragover", Box::new(|_| {})),
            listen(
                "dragenter",
                Box::new(move |_| {
                    deeper.set(deeper.get().saturating_add(1));
                    enter.set(true);
                }),
            ),
            listen(
                "dragleave",
                Box::new(move |_| {
                    shallower.set(shallower.get().saturating_sub(1));
                    if shallower.get() <= 0 {
                        leave.set(false);
                    }
                }),
            ),
            listen(
                "drop",
                Box::new(move |drag| {
                    reset.set(0);
                    end.set(false);
                    let ui = latest.borrow().clone();
                    let Some(data) = drag.data_transfer() else { return };
                    if !read_files(&ui, data.files().as_ref()) {
                        let text = data.get_data("text/plain").unwrap_or_default();
                        if !text.is_empty() {
                            read_text(&ui, &text, false);
                        }
                    }
                }),
            ),
        ];
        move || drop(listeners)
    });
    *dragging
}
