//! The help page of a failure mode, on demand: what it is, why it breaks, what shows it, and where the knowledge is from.

use crate::page::markdown::{Block, Span, blocks};
use crate::page::words;
use doublehop::modes::help;
use web_sys::Element;
use yew::prelude::*;

/// See [`More`].
#[derive(PartialEq, Properties)]
pub struct MoreProps {
    /// The mode's id.
    pub id: String,
    /// Addresses.
    pub sources: Vec<String>,
    /// How sure the catalogue is of the mode.
    pub basis: String,
}

/// Closed until it is asked for, and drawn only then: a page may hold dozens.
#[function_component(More)]
pub fn more(props: &MoreProps) -> Html {
    let open = use_state(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            open.set(event.target_dyn_into::<Element>().is_some_and(|d| d.has_attribute("open")));
        })
    };
    html! {
        <details class="more about" data-help={props.id.clone()} {ontoggle}><summary>{ "More about this" }</summary>
            if *open { { page(props) } }
        </details>
    }
}

fn page(props: &MoreProps) -> Html {
    let parts = help::of(&props.id).map_or_else(Vec::new, |h| {
        vec![
            ("What it is", h.what),
            ("Why the hop breaks", h.why),
            ("What shows it", h.shows),
            ("What rules it out", h.rules_out),
            ("Fix", h.fix),
            ("Verify", h.verify),
            ("Versions", h.versions),
        ]
    });
    html! {
        <div class="help">
            for (title, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
                <h3>{ title }</h3>
                { for blocks(text).iter().map(block) }
            }
            if !props.sources.is_empty() {
                <h3>{ format!("Sources ({})", words::basis(&props.basis)) }</h3>
                <p class="quiet small">{ "A click on a source leaves this page: your browser opens that site in a tab of its own, and is not told where you came from." }</p>
                <ul class="sources">{ for props.sources.iter().map(|s| source(s)) }</ul>
            }
        </div>
    }
}

/// A link is the person's own act; the page follows none by itself.
fn source(address: &str) -> Html {
    html! {
        <li>
            if address.starts_with("https://") {
                <a href={address.to_owned()} target="_blank" rel="noreferrer noopener">{ address }</a>
            } else { { address } }
        </li>
    }
}

fn block(block: &Block) -> Html {
    match block {
        Block::Paragraph(runs) => html! { <p>{ for runs.iter().map(run) }</p> },
        Block::List(points) => {
            html! { <ul>for runs in points { <li>{ for runs.iter().map(run) }</li> }</ul> }
        }
    }
}

fn run(span: &Span) -> Html {
    match span {
        Span::Plain(words) => html! { { words } },
        Span::Code(words) => html! { <code>{ words }</code> },
        Span::Strong(words) => html! { <b>{ words }</b> },
        Span::Stressed(words) => html! { <em>{ words }</em> },
    }
}
