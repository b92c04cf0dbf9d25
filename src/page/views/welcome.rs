//! Before anything is pasted: what this is, two examples, the first questions.

use super::next::step;
use super::paste::read_named;
use super::picture::Picture;
use super::{Ui, UiProps};
use crate::page::state::Phase;
use doublehop::report::Next;
use yew::prelude::*;

/// The worked examples, one for each article: name, title, what it shows, text.
pub const EXAMPLES: [(&str, &str, &str, &str); 2] = [
    (
        "example: Edge and unconstrained delegation",
        "Works in IE, fails in Edge",
        "A client's klist, its net-export and its policies.",
        include_str!("../../../static/examples/edge-unconstrained.txt"),
    ),
    (
        "example: constrained delegation across two domains",
        "Constrained delegation fails",
        "One line of lsass.log and the two accounts.",
        include_str!("../../../static/examples/constrained-two-domains.txt"),
    ),
];

/// How many questions open the wizard.
const OPENING: usize = 3;

#[function_component(Welcome)]
pub fn welcome(props: &UiProps) -> Html {
    let ui = &props.ui;
    if ui.page.phase() == Phase::Working {
        return html! {};
    }
    let opening: Vec<Next> =
        ui.page.report.next.iter().filter(|n| !n.options.is_empty()).take(OPENING).cloned().collect();
    let empty = ui.page.phase() == Phase::Empty;
    html! {
        <>
            if empty {
                <div class="card hello">
                    <h1>{ "Why does the second hop fail?" }</h1>
                    <p>{ "Paste what you have from the user's PC or the web server. You get the broken hop, your own line that proves it, what it is not, and the fix with your names in it." }</p>
                    <Picture ..UiProps::new(ui) />
                </div>
            }
            if !opening.is_empty() {
                <div class="card opening">
                    <h2>{ "Nothing to paste? Three questions to start" }</h2>
                    for (index, next) in opening.iter().enumerate() {
                        <details class="more question" open={index == 0}><summary>{ &next.ask }</summary>{ step(ui, next) }</details>
                    }
                </div>
            }
        </>
    }
}

/// Below the box, as long as nothing was handed in.
#[function_component(Examples)]
pub fn examples(props: &UiProps) -> Html {
    if props.ui.page.phase() != Phase::Empty {
        return html! {};
    }
    html! {
        <div class="examples">
            <h2>{ "Or see how it works" }</h2>
            { for EXAMPLES.iter().map(|e| example(&props.ui, e)) }
            <super::codes::OpenCodes />
        </div>
    }
}

fn example(
    ui: &Ui,
    (name, title, shows, text): &'static (&'static str, &'static str, &'static str, &'static str),
) -> Html {
    let onclick = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| read_named(&ui, name, text, false))
    };
    html! {
        <button type="button" class="example" data-example={*title} {onclick}><b>{ *title }</b><span class="quiet">{ *shows }</span></button>
    }
}
