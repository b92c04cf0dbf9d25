//! Copying text. The clipboard may be refused (a sandboxed frame, an old browser): each way has a next one, and the last
//! is to select the text so that the person copies it by hand.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// Copies a text. False when the browser refused every way.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    // Outside a secure context the property is missing, whatever its type says.
    let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into()).ok();
    if clipboard.is_some_and(|c| c.is_object()) {
        let promise = window.navigator().clipboard().write_text(text);
        if JsFuture::from(promise).await.is_ok() {
            return true;
        }
    }
    copy_by_command(text).unwrap_or(false)
}

fn copy_by_command(text: &str) -> Option<bool> {
    let document = web_sys::window()?.document()?;
    let area: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_class_name("offscreen");
    area.set_attribute("aria-hidden", "true").ok()?;
    let body = document.body()?;
    let before = document.active_element();
    body.append_child(&area).ok()?;
    area.select();
    let done = document.dyn_ref::<HtmlDocument>()?.exec_command("copy").unwrap_or(false);
    area.remove();
    if let Some(before) = before.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Focus may have gone with its element; nothing depends on it.
        let _ = before.focus();
    }
    Some(done)
}

/// Selects an element's text, to be copied by hand.
pub fn select(id: &str) {
    let Some(window) = web_sys::window() else { return };
    let element = window.document().and_then(|d| d.get_element_by_id(id));
    // What is folded away can't be copied by hand.
    if let Some(folded) = element.as_ref().and_then(|e| e.closest("details").ok().flatten()) {
        // Attributes of fixed names cannot be refused.
        let _ = folded.set_attribute("open", "");
    }
    if let (Some(element), Ok(Some(selection))) = (element, window.get_selection()) {
        // A refused selection leaves the text where it is: the person can still mark it.
        let _ = selection.select_all_children(&element);
    }
}
