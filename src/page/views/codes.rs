//! "Look up an error code": every reading of a number or name, from any tool, the likely one first.

use doublehop::vocabulary::lookup::{Reading, lookup_all};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// The id of the box. There is one on the page.
const BOX: &str = "codes";
const INPUT: &str = "codes-input";

/// The box in the header, folded until it is asked for.
#[function_component(Codes)]
pub fn codes() -> Html {
    let text = use_state(String::new);
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                text.set(input.value());
            }
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    });
    let found = use_memo((*text).clone(), |text| lookup_all(text));
    html! {
        <details class="promise codes" id={BOX} data-role="codes" {onkeydown}>
            <summary><u>{ "Look up an error code" }</u></summary>
            <div class="pop">
                <label for={INPUT}>{ "A number or a name, from any tool. A whole line may be pasted." }</label>
                <input id={INPUT} type="search" autocomplete="off" spellcheck="false" placeholder="0xc000018b · 13 · KDC_ERR_BADOPTION · 401.1" value={(*text).clone()} {oninput} />
                <p class="quiet" role="status">{ count(&text, found.len()) }</p>
                if !found.is_empty() {
                    <ol>{ for found.iter().map(reading) }</ol>
                }
            </div>
        </details>
    }
}

fn count(text: &str, found: usize) -> String {
    match found {
        0 if text.trim().is_empty() => String::new(),
        0 => "No code that sign-in or delegation meets. Try the number alone, in hex with 0x.".to_owned(),
        1 => "One reading.".to_owned(),
        n => format!("{n} readings, the likely one first. Where the code stood decides."),
    }
}

fn reading(one: &Reading) -> Html {
    let numbers = [one.hex.as_str(), one.decimal.as_str()].into_iter().filter(|n| !n.is_empty() && *n != one.symbol);
    let numbers = numbers.collect::<Vec<_>>().join(" · ");
    html! {
        <li data-code={one.symbol.clone()}>
            <b>{ &one.symbol }</b>{ " " }<code>{ numbers }</code>
            <div class="quiet">{ one.whose }if !one.note.is_empty() { { format!("; {}", one.note) } }</div>
            <div>{ one.meaning }</div>
            if !one.delegation.is_empty() {
                <div class="quiet">{ "Delegation: " }{ one.delegation }</div>
            }
        </li>
    }
}

/// The way to the box from the empty page.
#[function_component(OpenCodes)]
pub fn open_codes() -> Html {
    let onclick = Callback::from(|_: MouseEvent| open());
    html! {
        <button type="button" class="example" data-role="open-codes" {onclick}><b>{ "Only an error code?" }</b><span class="quiet">{ "What it means, and what it means for delegation." }</span></button>
    }
}

fn element(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        // A frame that may not take the focus just does not get it.
        let _ = element.focus();
    }
}

fn open() {
    if let Some(details) = element(BOX) {
        // Attributes of fixed names cannot be refused.
        let _ = details.set_attribute("open", "");
    }
    focus(element(INPUT));
}

fn close() {
    let Some(details) = element(BOX) else { return };
    let _ = details.remove_attribute("open");
    focus(details.query_selector("summary").ok().flatten());
}
