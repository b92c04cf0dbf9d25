//! What to collect, where, and with which command; first what any user can do. Then the scripts that do it at once.

use super::copy::{Code, CopyButton};
use crate::page::save;
use yew::prelude::*;

/// Id, title, who can, command or clicks.
#[rustfmt::skip]
const PIECES: [(&str, &str, &str, &str); 5] = [
    ("klist", "Tickets of the user", "On the user's PC, not elevated, right after loading the page. No administrator.", "klist"),
    ("net-export", "What the browser asked for", "On the user's PC. Close every browser window, open this, Start logging (leave the default), load the page once, Stop, drop the file here. No administrator.", "edge://net-export"),
    ("policy", "Which policies the browser has", "On the user's PC. Export to JSON, or select all and copy. No administrator.", "edge://policy"),
    ("klist-fe", "What arrived at the web server", "On the web server, elevated: find the user's Network session, then list its tickets.", "klist sessions\nklist -li 0x<LogonId>"),
    ("ad", "What the directory allows", "Anybody who may read the directory. For the account of the application pool and for the account of the back end.", "$FormatEnumerationLimit = -1\nGet-ADUser svc-web -Properties msDS-AllowedToDelegateTo,PrincipalsAllowedToDelegateToAccount,TrustedForDelegation,TrustedToAuthForDelegation,AccountNotDelegated,ServicePrincipalNames,userAccountControl"),
];

/// A collector script.
struct Script {
    id: &'static str,
    title: &'static str,
    who: &'static str,
    file: &'static str,
    text: &'static str,
}

const SCRIPTS: [Script; 4] = [
    Script {
        id: "client",
        title: "On the user's PC",
        who: "As the user, not elevated. No administrator.",
        file: "doublehop-client.ps1",
        text: include_str!("../../../static/collect/client.ps1"),
    },
    Script {
        id: "front-end",
        title: "On the web server",
        who: "Elevated; without, it says what it could not read.",
        file: "doublehop-front-end.ps1",
        text: include_str!("../../../static/collect/front-end.ps1"),
    },
    Script {
        id: "directory",
        title: "For the directory",
        who: "Anybody who may read it; on a domain controller it also reads the KDC's refusals.",
        file: "doublehop-directory.ps1",
        text: include_str!("../../../static/collect/directory.ps1"),
    },
    Script {
        id: "linux",
        title: "On Linux",
        who: "Client or web server. No administrator.",
        file: "doublehop-linux.sh",
        text: include_str!("../../../static/collect/linux.sh"),
    },
];

/// One script: save, copy, or read it first.
#[derive(PartialEq, Properties)]
struct OfferProps {
    index: usize,
}

#[function_component(Offer)]
fn offer(props: &OfferProps) -> Html {
    let saved = use_state(|| None::<bool>);
    let Some(script) = SCRIPTS.get(props.index) else { return html! {} };
    let onclick = {
        let saved = saved.clone();
        Callback::from(move |_: MouseEvent| saved.set(Some(save::save(script.file, script.text))))
    };
    let said = match *saved {
        None => "",
        Some(true) => "Handed to the browser. If no file came, copy the script instead.",
        Some(false) => "This browser refuses to save here. Copy the script instead.",
    };
    let shown = format!("script-{}", script.id);
    html! {
        <li data-collector={script.id}>
            <b>{ script.title }</b><div class="quiet">{ script.who }</div>
            <div class="acts">
                <button type="button" data-role="save" {onclick}>{ "Save " }{ script.file }</button>
                <CopyButton text={Callback::from(move |()| script.text.to_owned())} shown_in={shown.clone()} label="Copy it" what={script.file} />
            </div>
            <p class="quiet" role="status">{ said }</p>
            <details class="more"><summary>{ format!("Read its {} lines first", script.text.lines().count()) }</summary>
                <pre id={shown} tabindex="0" aria-label={script.file}><code>{ script.text }</code></pre>
            </details>
        </li>
    }
}

#[function_component(Collect)]
pub fn collect() -> Html {
    html! {
        <div class="card collect">
            <h2>{ "What to collect" }</h2>
            <ol>
                for (id, title, who, command) in PIECES {
                    <li><b>{ title }</b><div class="quiet">{ who }</div><Code id={format!("collect-{id}")} text={command} /></li>
                }
            </ol>
            <details class="more scripts"><summary>{ "Or collect all of it at once, with a script that only reads" }</summary>
                <p class="quiet">{ "Each writes one text file with a section for each command. It changes nothing, sends nothing, and says what it could not read. Read the file, then drop it here." }</p>
                <ol>
                    for index in 0..SCRIPTS.len() { <Offer {index} /> }
                </ol>
            </details>
        </div>
    }
}
