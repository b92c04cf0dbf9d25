//! Which entry of an allow-list matches a URL, as one types.

use crate::page::state::Page;
use doublehop::facts::Statement;
use doublehop::tables::allow_list::{Effect, test};
use doublehop::vocabulary::policy_names::DELEGATE;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the fields hold before anything is typed.
#[derive(PartialEq, Properties)]
pub struct Start {
    url: String,
    value: String,
}

impl Start {
    /// The case's own address and list, as far as they are known.
    pub fn of(page: &Page) -> Start {
        let list = |p: &Statement| match p {
            Statement::Policy(p) if p.name == DELEGATE => p.value.clone(),
            _ => None,
        };
        let known = doublehop::case::facts(page.case.held()).find_map(|f| list(f.says()));
        Start {
            url: format!("https://{}/", page.about().unwrap_or("web.contoso.com")),
            value: known.unwrap_or_else(|| "*.contoso.com,https://web.contoso.com/".to_owned()),
        }
    }
}

#[function_component(AllowList)]
pub fn allow_list(start: &Start) -> Html {
    let url = use_state(|| start.url.clone());
    let value = use_state(|| start.value.clone());
    let typed = |into: &UseStateHandle<String>| {
        let into = into.clone();
        Callback::from(move |e: InputEvent| into.set(e.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let rows = test(&url, &value);
    html! {
        <>
            <p class="quiet">{ "AuthNegotiateDelegateAllowlist and AuthServerAllowlist are compared with the host in the address bar, never with the SPN." }</p>
            <label class="field">{ "URL in the address bar" }<input type="text" data-role="tool-url" spellcheck="false" value={(*url).clone()} oninput={typed(&url)} /></label>
            <label class="field">{ "The policy's value" }<input type="text" data-role="tool-value" spellcheck="false" value={(*value).clone()} oninput={typed(&value)} /></label>
            <div aria-live="polite">
                if let Some(rows) = rows {
                    if !rows.iter().any(|r| r.effect == Effect::Matches) {
                        <p><span class="chip bad">{ "no match" }</span>{ " This list does not cover the URL." }</p>
                    }
                    <ul class="tool-rows">
                        for row in rows {
                            <li data-effect={word(row.effect).0}>
                                <code>{ row.entry }</code>{ " " }<span class={classes!("chip", word(row.effect).2)}>{ word(row.effect).1 }</span>{ " " }{ row.why }
                                if !row.danger.is_empty() { <div><span class="chip warn">{ "dangerous" }</span>{ " " }{ row.danger }</div> }
                            </li>
                        }
                    </ul>
                } else {
                    <p>{ "This is no URL." }</p>
                }
            </div>
        </>
    }
}

/// The contract's word, the person's, and the colour.
fn word(effect: Effect) -> (&'static str, &'static str, Option<&'static str>) {
    match effect {
        Effect::Matches => ("matches", "matches", Some("ok")),
        Effect::NotThis => ("other", "not this URL", None),
        Effect::Never => ("never", "can never match", Some("bad")),
    }
}
