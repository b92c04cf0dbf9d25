//! The paste box: always there, focused first. Pasting reads at once; typing is read by the button or Ctrl+Enter.

use super::{Ui, UiProps};
use crate::page::reader::Job;
use crate::page::state::{Action, BoxOrder, Phase};
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, ClipboardEvent, FileList, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Hands files to the reader. False when there are none.
pub fn read_files(ui: &Ui, files: Option<&FileList>) -> bool {
    let Some(files) = files.filter(|f| f.length() > 0) else { return false };
    let files: Vec<(String, Blob)> =
        (0..files.length()).filter_map(|n| files.get(n)).map(|file| (file.name(), file.into())).collect();
    ui.reader.read_all(files);
    true
}

/// Hands a text to the reader as `paste N`.
pub fn read_text(ui: &Ui, text: &str, from_box: bool) {
    read_named(ui, &ui.reader.paste_name(), text, from_box);
}

/// Hands a text to the reader under a name.
pub fn read_named(ui: &Ui, name: &str, text: &str, from_box: bool) {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    match Blob::new_with_str_sequence(&parts) {
        Ok(blob) => ui.reader.read(Job::of(name.to_owned(), blob, from_box)),
        Err(error) => web_sys::console::error_1(&error),
    }
}

#[function_component(PasteBox)]
pub fn paste_box(props: &UiProps) -> Html {
    let ui = &props.ui;
    let area = use_node_ref();
    let picker = use_node_ref();
    // What was last handed to the reader: only that may be emptied when it was understood.
    let analysed = use_mut_ref(String::new);
    // A paste event was seen, and what it inserts is read in a moment.
    let pasting = use_mut_ref(|| false);
    let value = {
        let area = area.clone();
        move || area.cast::<HtmlTextAreaElement>().map(|a| a.value()).unwrap_or_default()
    };
    let analyse = {
        let (ui, value, analysed) = (ui.clone(), value.clone(), analysed.clone());
        Rc::new(move || {
            let text = value();
            *analysed.borrow_mut() = text.clone();
            read_text(&ui, &text, true);
        })
    };

    {
        let area = area.clone();
        use_effect_with((), move |()| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                // A frame that may not take the focus just does not get it.
                let _ = area.focus();
            }
        });
    }
    {
        let (area, analysed) = (area.clone(), analysed);
        use_effect_with(ui.page.box_order.clone(), move |order| {
            let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
            match order {
                Some((_, BoxOrder::Understood)) if area.value() == *analysed.borrow() => area.set_value(""),
                Some((_, BoxOrder::Empty)) => area.set_value(""),
                Some((_, BoxOrder::Restore(text))) => area.set_value(text),
                _ => {}
            }
        });
    }

    let onpaste = {
        let (ui, area, analyse, pasting) = (ui.clone(), area.clone(), analyse.clone(), pasting.clone());
        Callback::from(move |event: Event| {
            let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data) else { return };
            let pasted = data.get_data("text/plain").unwrap_or_default();
            if pasted.is_empty() {
                if read_files(&ui, data.files().as_ref()) {
                    event.prevent_default();
                }
                return;
            }
            // The browser inserts the text after this event: what is read is what then stands in the box.
            let (area, analyse, pasting) = (area.clone(), analyse.clone(), pasting.clone());
            *pasting.borrow_mut() = true;
            let before = area.cast::<HtmlTextAreaElement>().map(|a| a.value()).unwrap_or_default();
            Timeout::new(0, move || {
                if let Some(area) = area.cast::<HtmlTextAreaElement>().filter(|a| a.value() == before) {
                    // A paste event made by a script inserts nothing by itself.
                    area.set_value(&format!("{before}{pasted}"));
                }
                *pasting.borrow_mut() = false;
                analyse();
            })
            .forget();
        })
    };
    // A browser that hides the clipboard from pages fires no paste event, or an empty one: then this one tells.
    let oninput = {
        let analyse = analyse.clone();
        Callback::from(move |event: InputEvent| {
            if event.input_type() == "insertFromPaste" && !*pasting.borrow() {
                analyse();
            }
        })
    };
    let onkeydown = {
        let analyse = analyse.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                analyse();
            }
        })
    };
    let onanalyse = Callback::from(move |_: MouseEvent| analyse());
    let onopen = {
        let picker = picker.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = picker.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onfiles = {
        let ui = ui.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                read_files(&ui, input.files().as_ref());
                // So that the same file can be chosen again.
                input.set_value("");
            }
        })
    };
    let onclear = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| {
            ui.reader.cancel();
            ui.page.dispatch(Action::Clear(value().into()));
        })
    };
    let compact = ui.page.phase() != Phase::Empty;
    html! {
        <div class={classes!("paste", compact.then_some("compact"))}>
            <h2><label for="paste">{ "Evidence" }</label></h2>
            <textarea id="paste" data-role="paste" ref={area} {onpaste} {oninput} {onkeydown} rows="4" spellcheck="false" autocomplete="off"
                aria-describedby="paste-help"
                placeholder="Paste anything here, or drop files anywhere: klist, net-export, event log, lsass.log, setspn, account dump, edge://policy …" />
            <div class="acts">
                <button type="button" class="primary" data-role="analyse" onclick={onanalyse}>{ "Analyse" }</button>
                <button type="button" onclick={onopen}>{ "Open files" }</button>
                <button type="button" class="plain" data-role="clear" onclick={onclear}>{ "Clear" }</button>
                <input ref={picker} type="file" data-role="open" class="offscreen" multiple=true tabindex="-1" aria-label="Open files" onchange={onfiles} />
            </div>
            <p id="paste-help" class="quiet">{ "A paste is read at once. Ctrl+Enter reads what you typed. Tokens and cookies are masked wherever they are shown." }</p>
        </div>
    }
}
