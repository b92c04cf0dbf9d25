//! What is being read, how far it is, and the way out.

use super::UiProps;
use crate::page::words;
use yew::prelude::*;

#[function_component(WorkingCard)]
pub fn working(props: &UiProps) -> Html {
    let ui = &props.ui;
    let Some(now) = ui.page.waiting.first() else { return html! {} };
    let more = ui.page.waiting.len().saturating_sub(1);
    let cancel = {
        let reader = ui.reader.clone();
        Callback::from(move |_: MouseEvent| reader.cancel())
    };
    // The first heading of the page, where nothing else is there yet.
    let says = format!("Reading {}", now.name);
    let heading = if ui.page.has_result() {
        html! { <b class="now">{ says }</b> }
    } else {
        html! { <h1 class="now">{ says }</h1> }
    };
    html! {
        <div class="card working" role="status">
            <div class="row">
                { heading }
                <span class="quiet">
                    { format!("{} of {}", words::bytes(now.read), words::bytes(now.total)) }
                    if !now.found.is_empty() { { format!(", {}", now.found) } }
                    if more > 0 { { format!(", {more} more to read") } }
                </span>
                <button type="button" data-role="cancel" onclick={cancel}>{ "Cancel" }</button>
            </div>
            if ui.page.is_preliminary() {
                <p class="quiet" data-role="preliminary">{ "What is said below rests on what was read so far. It is preliminary and may change until the file is read." }</p>
            }
            <progress value={now.read.to_string()} max={now.total.max(1).to_string()} aria-label={format!("Reading {}", now.name)}></progress>
        </div>
    }
}
