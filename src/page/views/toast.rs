//! The last change, and the way back.

use super::UiProps;
use crate::page::state::Action;
use yew::prelude::*;

#[function_component(Toast)]
pub fn toast(props: &UiProps) -> Html {
    let ui = &props.ui;
    let says = ui.page.undo_says().map(ToOwned::to_owned);
    html! {
        <div class="toasts" role="status" aria-live="polite">
            if let Some(says) = says {
                <div class="toast"><span>{ says }</span><button type="button" data-role="undo" onclick={ui.on(|| Action::Undo)}>{ "Undo" }</button>
                    <button type="button" class="plain" aria-label="Dismiss" onclick={ui.on(|| Action::ForgetUndo)}>{ "✕" }</button></div>
            }
        </div>
    }
}
