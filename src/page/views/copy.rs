//! A copy button that says whether it worked, and the block of code that goes with it.

use crate::page::clipboard;
use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

#[derive(Clone, Copy, PartialEq)]
enum Copied {
    Not,
    Yes,
    ByHand,
}

/// See [`CopyButton`].
#[derive(PartialEq, Properties)]
pub struct CopyProps {
    /// Gives what is copied, when it is asked for.
    pub text: Callback<(), String>,
    /// The id of the element that shows it: its text is selected when the browser refuses to copy.
    pub shown_in: AttrValue,
    /// The button's words.
    #[prop_or(AttrValue::Static("Copy"))]
    pub label: AttrValue,
    /// What is copied, for those who do not see where the button stands.
    #[prop_or_default]
    pub what: AttrValue,
}

/// Copies a text.
#[function_component(CopyButton)]
pub fn copy_button(props: &CopyProps) -> Html {
    let copied = use_state(|| Copied::Not);
    let onclick = {
        let (copied, text, id) = (copied.clone(), props.text.clone(), props.shown_in.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, text, id) = (copied.clone(), text.clone(), id.clone());
            spawn_local(async move {
                if clipboard::copy(&text.emit(())).await {
                    copied.set(Copied::Yes);
                } else {
                    clipboard::select(&id);
                    copied.set(Copied::ByHand);
                }
                Timeout::new(4000, move || copied.set(Copied::Not)).forget();
            });
        })
    };
    let words = match *copied {
        Copied::Not => props.label.clone(),
        Copied::Yes => AttrValue::Static("Copied ✓"),
        Copied::ByHand => AttrValue::Static("Selected: press Ctrl+C"),
    };
    html! {
        <button type="button" class="copy" {onclick}><span aria-live="polite">{ words }</span>
            if !props.what.is_empty() { <span class="offscreen">{ format!(" {}", props.what) }</span> }
        </button>
    }
}

/// See [`Code`].
#[derive(PartialEq, Properties)]
pub struct CodeProps {
    /// Unique on the page.
    pub id: AttrValue,
    /// The code.
    pub text: AttrValue,
    /// What it is, for those who do not see it.
    #[prop_or(AttrValue::Static("command"))]
    pub label: AttrValue,
}

/// A block of code with its copy button.
#[function_component(Code)]
pub fn code(props: &CodeProps) -> Html {
    let text = props.text.clone();
    let text = Callback::from(move |()| text.to_string());
    html! {
        <div class="code">
            <pre id={props.id.clone()}><code>{ props.text.clone() }</code></pre>
            <CopyButton {text} shown_in={props.id.clone()} what={props.label.clone()} />
        </div>
    }
}
