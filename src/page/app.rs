//! The page's root: the state, the reader, what is said on `body`, and the frame that the views stand in.

use super::reader::Reader;
use super::scroll;
use super::state::{Action, Page, Phase};
use super::theme::Theme;
use super::views::{self, Ui, UiProps};
use doublehop::modes::fit;
use gloo::timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};
use yew::prelude::*;

/// How many milliseconds after the first picture the worker is started.
const WARM_AFTER: u32 = 30;
/// And after how many the page gets ready to judge.
const READY_AFTER: u32 = 300;

impl Reducible for Page {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(self.after(action))
    }
}

/// Renders the page into `#app`.
pub fn start() {
    // The default hook would log the panic's message, which may quote what the person pasted: only the place is told.
    yew::set_custom_panic_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, ToString::to_string);
        web_sys::console::error_1(&format!("doublehop: panic at {place}").into());
    }));
    Theme::stored().apply();
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("app"));
    match root {
        Some(root) => {
            yew::Renderer::<App>::with_root(root).render();
        }
        None => web_sys::console::error_1(&"doublehop: the page has no #app".into()),
    }
}

#[function_component(App)]
fn app() -> Html {
    let page = use_reducer(Page::default);
    let reader = {
        let tell = page.dispatcher();
        use_memo((), move |()| Reader::new(tell))
    };
    let ui = Ui { page: page.clone(), reader: (*reader).clone() };
    // The first input finds its worker ready; the page itself comes first.
    let warm = reader.clone();
    use_effect_with((), move |()| {
        let timers = [
            Timeout::new(WARM_AFTER, move || warm.warm()),
            // What every judging looks at is put together before the first one.
            Timeout::new(READY_AFTER, || _ = fit::all()),
        ];
        move || drop(timers)
    });
    let phase = page.phase();
    use_effect_with((phase, page.revision), |(phase, revision)| tell_body(*phase, *revision));
    use_effect_with(page.revision, |_| keep_focus());
    let verdict = use_mut_ref(|| None);
    let now = page.report.verdict.top.clone();
    use_effect_with(page.answered, move |answered| {
        let new = verdict.replace(now.clone()) != now;
        if *answered > 0 {
            // A verdict that the answer brought, else what is asked next.
            scroll::to_lost(if new && now.is_some() { "[data-verdict]" } else { "[data-role=next]" });
        }
    });
    let dropping = views::drop::use_drop(&ui);
    let side = page.has_result();
    html! {
        <>
            <a class="skip" href="#result">{ "Skip to the result" }</a>
            <views::header::Header ..UiProps::new(&ui) />
            <main class={classes!("frame", side.then_some("has-result"))}>
                <section class="side" aria-label="Evidence">
                    <views::paste::PasteBox ..UiProps::new(&ui) />
                    <views::artefacts::Artefacts ..UiProps::new(&ui) />
                    <views::welcome::Examples ..UiProps::new(&ui) />
                    if side {
                        <views::next::NextBeside ..UiProps::new(&ui) />
                        <views::evidence::Evidence ..UiProps::new(&ui) />
                    }
                </section>
                <section class="result" id="result" tabindex="-1" aria-label="Result">
                    <views::working::WorkingCard ..UiProps::new(&ui) />
                    if side {
                        <views::result::ResultView ..UiProps::new(&ui) />
                    } else {
                        <views::notices::Notices ..UiProps::new(&ui) />
                        <views::welcome::Welcome ..UiProps::new(&ui) />
                    }
                </section>
                if !side { <views::collect::Collect /> }
                <views::tools::Tools ..UiProps::new(&ui) />
            </main>
            <views::toast::Toast ..UiProps::new(&ui) />
            if dropping {
                <div class="drop-here" aria-hidden="true"><p>{ "Drop to read. Nothing is uploaded." }</p></div>
            }
        </>
    }
}

/// `body[data-state][data-revision]`: part of the page's contract.
fn tell_body(phase: Phase, revision: u32) {
    if let Some(body) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.body()) {
        // Attributes of fixed names cannot be refused.
        let _ = body.set_attribute("data-state", phase.word());
        let _ = body.set_attribute("data-revision", &revision.to_string());
    }
}

/// A button that was pressed may be gone with its result. Then the focus goes to the next question, or to the result,
/// so that the keyboard goes on from there and not from the top.
fn keep_focus() {
    let Some(document) = web_sys::window().and_then(|w| w.document()) else { return };
    let lost = document.active_element().is_none_or(|e| e.tag_name() == "BODY");
    let target = document.query_selector("#result [data-role=next], #result").ok().flatten();
    if let (true, Some(target)) = (lost, target.and_then(|t| t.dyn_into::<HtmlElement>().ok())) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // A frame that may not take the focus just does not get it.
        let _ = target.focus_with_options(&options);
    }
}
