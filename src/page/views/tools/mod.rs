//! Tables to look things up in, with the case's own names marked. Closed until somebody wants them.

mod allow_list;
mod kinds;
mod models;
mod topology;
mod trusts;

use super::UiProps;
use yew::prelude::*;

/// The tools, in the order of their buttons: the contract's word and the title.
const TOOLS: [(&str, &str); 5] = [
    ("allow-list", "Test an allow-list"),
    ("topology", "Who may be where"),
    ("trusts", "Trusts"),
    ("models", "Ways to delegate"),
    ("kinds", "How to get evidence"),
];

#[function_component(Tools)]
pub fn tools(props: &UiProps) -> Html {
    let chosen = use_state(|| None::<&'static str>);
    let choose = |id: &'static str| {
        let chosen = chosen.clone();
        Callback::from(move |_: MouseEvent| chosen.set((*chosen != Some(id)).then_some(id)))
    };
    html! {
        <section class="card tools" id="tools" tabindex="-1" data-role="tools" aria-label="Tools">
            <h2>{ "Tools" }</h2>
            <div class="tabs">
                for (id, title) in TOOLS {
                    <button type="button" data-tool-open={id} aria-expanded={(*chosen == Some(id)).to_string()} aria-pressed={(*chosen == Some(id)).to_string()} onclick={choose(id)}>{ title }</button>
                }
            </div>
            if let Some(id) = *chosen {
                <div data-tool={id}>
                    { match id {
                        "allow-list" => html! { <allow_list::AllowList ..allow_list::Start::of(&props.ui.page) /> },
                        "topology" => html! { <topology::TopologyTable ..props.clone() /> },
                        "trusts" => html! { <trusts::Trusts ..props.clone() /> },
                        "models" => html! { <models::Models ..props.clone() /> },
                        _ => html! { <kinds::Kinds /> },
                    } }
                </div>
            }
        </section>
    }
}
