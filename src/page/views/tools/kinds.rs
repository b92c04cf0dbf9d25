//! How to get each kind of evidence, what it tells and what it does not.

use doublehop::artefacts::kind_help::HELP;
use yew::prelude::*;

#[function_component(Kinds)]
pub fn kinds() -> Html {
    html! {
        for help in HELP {
            <details class="question" data-kind={help.kind.word()}>
                <summary>{ help.kind.title() }{ " " }<span class="chip">{ help.needs.says() }</span></summary>
                <p>{ help.get }</p>
                <p><b>{ "Tells: " }</b>{ help.tells }</p>
                <p><b>{ "Does not tell: " }</b>{ help.does_not }</p>
            </details>
        }
    }
}
