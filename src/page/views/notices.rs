//! What could not be read: each input by its name, what is wrong with it, and what to do.

use super::{Ui, UiProps};
use crate::page::state::{Action, Phase, gave_something};
use crate::page::words::sentence;
use yew::prelude::*;

/// How many are shown before the rest folds: an archive may hold many files that are no evidence.
const SHOWN: usize = 4;

#[function_component(Notices)]
pub fn notices(props: &UiProps) -> Html {
    let ui = &props.ui;
    // A remark between two listings is named in the list of evidence; here stands what gave nothing at all.
    let nothing_else =
        |input: &str| ui.page.case.held().iter().filter(|h| h.input == input).all(|h| !gave_something(&h.artefact));
    let unread: Vec<(String, String, String)> = ui
        .page
        .case
        .held()
        .iter()
        .filter(|h| nothing_else(&h.input))
        .map(|h| {
            let lines = match (h.artefact.first_line, h.artefact.last_line) {
                (1, _) => String::new(),
                (first, last) => format!(", lines {first} to {last}"),
            };
            let says: Vec<&str> = h.artefact.problems.iter().map(|p| p.says.as_str()).collect();
            (h.id.clone(), format!("{}{lines}", ui.page.input_name(&h.input)), says.join(" "))
        })
        .collect();
    // The box keeps a text that could not be read; a file stays where it is.
    let pasted = ui.page.case.held().iter().any(|h| ui.page.input_name(&h.input).starts_with("paste "))
        || ui.page.mishaps.iter().any(|m| m.name.starts_with("paste "));
    let kept = if pasted { "What you pasted is still where it was. " } else { "" };
    html! {
        <div role="alert" class="notices">
            if ui.page.phase() == Phase::Failed {
                <div class="card verdict warn"><h1>{ "This could not be read." }</h1><p>{ kept }{ "Below stands what is wrong with it, and what to do." }</p></div>
            }
            for (index, mishap) in ui.page.mishaps.iter().enumerate() {
                <div class="card notice" data-mishap={mishap.name.clone()}>
                    <div><span class="chip warn">{ "Not read" }</span>{ " " }<b>{ &mishap.name }</b><p>{ sentence(&mishap.says) }</p></div>
                    <button type="button" class="plain" aria-label={format!("Dismiss: {}", mishap.name)} onclick={ui.on(move || Action::Dismiss(index))}>{ "✕" }</button>
                </div>
            }
            { for unread.iter().take(SHOWN).map(|u| one(ui, u)) }
            if unread.len() > SHOWN {
                <details class="more"><summary>{ format!("{} more could not be read", unread.len().saturating_sub(SHOWN)) }</summary>
                    <div class="notices">{ for unread.iter().skip(SHOWN).map(|u| one(ui, u)) }</div>
                </details>
            }
        </div>
    }
}

/// An input of which nothing was read: the artefact's id, where it stands, and why.
fn one(ui: &Ui, (id, name, says): &(String, String, String)) -> Html {
    let id = id.clone();
    html! {
        <div class="card notice">
            <div><span class="chip warn">{ "Not read" }</span>{ " " }<b>{ name }</b><p>{ sentence(says) }</p></div>
            <button type="button" class="plain" aria-label={format!("Remove {name}")} onclick={ui.on(move || Action::Remove(id.clone()))}>{ "✕" }</button>
        </div>
    }
}
