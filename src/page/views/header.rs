//! The name, the promise and its proof, the version, the report and the theme.

use super::UiProps;
use super::copy::CopyButton;
use crate::page::theme::Theme;
use yew::prelude::*;

#[function_component(Header)]
pub fn header(props: &UiProps) -> Html {
    let theme = use_state(Theme::stored);
    let onclick = {
        let theme = theme.clone();
        Callback::from(move |_: MouseEvent| {
            let next = theme.next();
            next.apply();
            theme.set(next);
        })
    };
    let page = &props.ui.page;
    let text = {
        let page = page.clone();
        Callback::from(move |()| serde_json::to_string_pretty(&*page.report).unwrap_or_default())
    };
    html! {
        <header class="top">
            <b class="brand">{ "Double" }<span>{ "hop" }</span></b>
            <details class="promise">
                <summary><span>{ "Nothing you paste leaves this page." }</span>{ " " }<u>{ "See the proof" }</u></summary>
                <div class="pop">
                    <p>{ "Everything runs in this tab. The page carries a policy that the browser enforces: " }
                        <code>{ "default-src 'none'" }</code>
                        { ". No script, style, picture, font, frame, form or connection may be loaded from or sent to anywhere; the only scripts that run are the ones inside this file, known by their hashes." }</p>
                    <p>{ "What no policy covers: a page can always navigate away, and WebRTC. This page's code contains neither. You can check both: open the developer tools' network panel and work, or pull the cable." }</p>
                    <p>{ "Links to sources open only when you click them. Nothing is stored but the choice of light or dark. Tokens, cookies and session keys are masked wherever evidence is shown." }</p>
                </div>
            </details>
            <super::codes::Codes />
            <span class="grow"></span>
            <a class="quiet to-tools" href="#tools">{ "Tools" }</a>
            <span class="quiet version">{ concat!(env!("CARGO_PKG_VERSION"), " · knowledge of 2026-11") }</span>
            if page.has_result() {
                <CopyButton label="Copy as JSON" shown_in="result" {text} />
            }
            <button type="button" class="theme" {onclick} aria-label={format!("Theme: {}", theme.word())} title={format!("Theme: {}", theme.word())}>
                { match *theme { Theme::Auto => "◐", Theme::Light => "☀", Theme::Dark => "☾" } }
            </button>
        </header>
    }
}
