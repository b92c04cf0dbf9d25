//! The fixes, the better one first: who does it, what can go wrong, then the script with copy, undo and verify.

use super::copy::Code;
use crate::page::{commands, words};
use doublehop::report::Fix;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// See [`Fixes`].
#[derive(PartialEq, Properties)]
pub struct FixesProps {
    /// The fixes.
    pub fixes: Vec<Fix>,
    /// Unique on the page.
    pub id: String,
}

/// A tab for each fix.
#[function_component(Fixes)]
pub fn fixes(props: &FixesProps) -> Html {
    // The better one first; but one with every name known before one that is to be filled in.
    let chosen = use_state(|| {
        let ready = |f: &Fix| !words::has_gaps(&f.script);
        match props.fixes.first() {
            Some(first) if !ready(first) => props.fixes.iter().position(ready).unwrap_or(0),
            _ => 0,
        }
    });
    let Some(fix) = props.fixes.get(*chosen).or_else(|| props.fixes.first()) else { return html! {} };
    let count = props.fixes.len();
    let at = (*chosen).min(count.saturating_sub(1));
    // Arrow keys go through the tabs, as the pattern for tabs has it.
    let onkeydown = {
        let (chosen, id) = (chosen.clone(), props.id.clone());
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowRight" => at.saturating_add(1),
                "ArrowLeft" => at.saturating_sub(1),
                "Home" => 0,
                "End" => count.saturating_sub(1),
                _ => return,
            };
            event.prevent_default();
            let to = to.min(count.saturating_sub(1));
            chosen.set(to);
            let tab = web_sys::window().and_then(|w| w.document()?.get_element_by_id(&format!("{id}-tab-{to}")));
            if let Some(tab) = tab.and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
                // A frame that may not take the focus just does not get it.
                let _ = tab.focus();
            }
        })
    };
    html! {
        <div class="fixes">
            if count > 1 {
                <div class="tabs" role="tablist" aria-label="Fixes, the better one first" {onkeydown}>
                    for (index, fix) in props.fixes.iter().enumerate() {
                        <button type="button" role="tab" id={format!("{}-tab-{index}", props.id)} aria-controls={props.id.clone()}
                            aria-selected={(index == at).to_string()} tabindex={if index == at { "0" } else { "-1" }}
                            onclick={let chosen = chosen.clone(); Callback::from(move |_: MouseEvent| chosen.set(index))}>
                            { tab_title(index, fix) }
                            <span class="quiet small needs">{ words::who_short(&fix.who) }if words::has_gaps(&fix.script) { { ", names to fill in" } }</span>
                        </button>
                    }
                </div>
            }
            <div id={props.id.clone()} class="fix" role={(count > 1).then_some("tabpanel")} aria-labelledby={(count > 1).then(|| format!("{}-tab-{at}", props.id))}>
                { panel(fix, &format!("{}-{at}", props.id)) }
            </div>
        </div>
    }
}

/// What a fix does. That it is the better one stands on its tab.
fn does(fix: &Fix) -> &str {
    fix.does.strip_prefix("Better: ").unwrap_or(&fix.does)
}

fn tab_title(index: usize, fix: &Fix) -> String {
    let clause = words::clause(does(fix), 44);
    if index == 0 { format!("Better: {}", lower_first(&clause)) } else { clause }
}

/// The first letter small, unless the word is a name (`SPN`, `Set-ADUser`).
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(std::iter::once(second)).chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

fn panel(fix: &Fix, id: &str) -> Html {
    html! {
        <>
            <p><span class="chip">{ words::who(&fix.who) }</span>{ " " }{ words::sentence(does(fix)) }</p>
            if !fix.risk.is_empty() {
                <p class="risk"><span class="chip warn">{ "Before you do" }</span>{ " " }{ &fix.risk }</p>
            }
            if !fix.script.is_empty() {
                <p class="quiet small lang">{ words::language(&fix.language) }</p>
                <Code id={format!("{id}-script")} text={fix.script.clone()} label="the fix" />
            }
            if !fix.verify.is_empty() || !fix.expect.is_empty() {
                <details class="more" open=true><summary>{ "How to verify" }</summary>
                    { instructions(&fix.verify, &format!("{id}-verify")) }
                    if !fix.expect.is_empty() { <p class="quiet">{ format!("When it worked: {}", fix.expect) }</p> }
                </details>
            }
            if !fix.undo.is_empty() {
                <details class="more"><summary>{ "Undo" }</summary>{ instructions(&fix.undo, &format!("{id}-undo")) }</details>
            }
        </>
    }
}

/// Instructions: what is to be typed gets a copy button, what is to be read does not.
pub fn instructions(text: &str, id: &str) -> Html {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        // A command's further lines may begin with anything that is indented.
        let further = line.starts_with(char::is_whitespace) && parts.last().is_some_and(|p| p.0);
        let steps = if further { vec![(true, line.to_owned())] } else { commands::steps(line) };
        for (command, step) in steps {
            match parts.last_mut() {
                Some((true, block)) if command && !step.contains("://") => {
                    block.push('\n');
                    block.push_str(&step);
                }
                _ => parts.push((command, step)),
            }
        }
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(index, (command, part))| {
            if command {
                html! { <Code id={format!("{id}-{index}")} text={part} /> }
            } else {
                html! { <p>{ words::sentence(&part) }</p> }
            }
        })
        .collect()
}
