//! The trusts of this case, bit by bit.

use crate::page::state::Page;
use crate::page::views::UiProps;
use doublehop::facts::{Statement, Trust};
use doublehop::tables::trusts::{BITS, CAVEATS, bits, direction, tgt_delegation};
use yew::prelude::*;

/// All trusts that the evidence names.
pub fn trusts_of(page: &Page) -> Vec<&Trust> {
    doublehop::case::facts(page.case.held())
        .filter_map(|f| match f.says() {
            Statement::Trust(t) => Some(t),
            _ => None,
        })
        .collect()
}

#[function_component(Trusts)]
pub fn trusts(props: &UiProps) -> Html {
    let all = trusts_of(&props.ui.page);
    html! {
        <>
            if all.is_empty() { <p class="quiet">{ "No trust is pasted yet: nltest /domain_trusts /v, or Get-ADTrust -Filter *." }</p> }
            <ul class="tool-rows">
                for trust in all { { one(trust) } }
            </ul>
            <ul class="quiet">for c in CAVEATS { <li>{ c }</li> }</ul>
            <div class="scroll" tabindex="0" role="region" aria-label="Attribute bits of a trust">
                <table>
                    <thead><tr><th scope="col">{ "Bit" }</th><th scope="col">{ "Name" }</th><th scope="col">{ "Meaning" }</th></tr></thead>
                    <tbody>for (bit, name, means) in BITS { <tr><td><code>{ format!("{bit:#x}") }</code></td><td>{ *name }</td><td>{ *means }</td></tr> }</tbody>
                </table>
            </div>
        </>
    }
}

fn one(trust: &Trust) -> Html {
    let attributes = trust.attributes.as_ref().map(|a| a.value);
    html! {
        <li data-role="tool-trust">
            <b>{ direction(trust) }</b>
            if let Some(attributes) = attributes {
                <div>{ format!("Attributes {attributes:#x}") }for (_, name, means) in bits(attributes) { { format!(" · {name}: {means}") } }</div>
                <div><span class="chip">{ if tgt_delegation(attributes).0 { "TGT delegation on" } else { "TGT delegation off" } }</span>{ " " }{ tgt_delegation(attributes).1 }</div>
            } else {
                <div>{ "The attribute bits are not told; without them TGT delegation cannot be decided." }</div>
            }
            if let Some(shown) = &trust.tgt_delegation_shown {
                <div class="quiet">{ format!("A tool shows TGTDelegation {}: the bits count, not the display.", shown.value) }</div>
            }
        </li>
    }
}
