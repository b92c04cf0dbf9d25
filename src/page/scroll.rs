//! Brings an element into view: smoothly, unless the person asked for less motion.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Scrolls until the element stands there.
pub fn to(element: &Element, place: ScrollLogicalPosition) {
    let calm = web_sys::window()
        .and_then(|w| w.match_media("(prefers-reduced-motion: reduce)").ok().flatten())
        .is_some_and(|m| m.matches());
    let options = ScrollIntoViewOptions::new();
    options.set_behavior(if calm { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    options.set_block(place);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Scrolls to the first element that is drawn, unless its upper end is in sight.
pub fn to_lost(selector: &str) {
    let Some(window) = web_sys::window() else { return };
    let found = window.document().and_then(|d| d.query_selector(selector).ok().flatten());
    let height = window.inner_height().ok().and_then(|h| h.as_f64()).unwrap_or_default();
    if let Some((element, top)) = found.and_then(|e| top_of(&e).map(|top| (e, top)))
        && (top < 0.0 || top > height * 0.7)
    {
        to(&element, ScrollLogicalPosition::Start);
    }
}

/// Where its upper end stands in the window.
fn top_of(element: &Element) -> Option<f64> {
    let measure: Function = get(element, "getBoundingClientRect")?.dyn_into().ok()?;
    get(&measure.call0(element).ok()?, "top")?.as_f64()
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name)).ok()
}
