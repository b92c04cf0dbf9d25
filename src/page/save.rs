//! Saving a text as a file. A sandboxed frame may refuse, without a word: whoever offers to save also offers to copy.

use gloo::timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Hands a file to the browser. False when it was refused in a way that can be told.
pub fn save(name: &str, text: &str) -> bool {
    try_save(name, text).is_ok()
}

fn try_save(name: &str, text: &str) -> Result<(), JsValue> {
    let missing = || JsValue::from_str("no document");
    let options = BlobPropertyBag::new();
    options.set_type("text/plain;charset=utf-8");
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options)?;
    let document = web_sys::window().and_then(|w| w.document()).ok_or_else(missing)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // Some browsers take the file a moment later; a minute on, they have it or never will.
    Timeout::new(60_000, move || {
        // An address that is gone already needs nothing more.
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}
