//! What to collect, where, and with which command; first what any user can do.

use super::copy::Code;
use yew::prelude::*;

/// Id, title, who can, command or clicks.
#[rustfmt::skip]
const PIECES: [(&str, &str, &str, &str); 5] = [
    ("klist", "Tickets of the user", "On the user's PC, not elevated, right after loading the page. No administrator.", "klist"),
    ("net-export", "What the browser asked for", "On the user's PC. Close every browser window, open this, Start logging (leave the default), load the page once, Stop, drop the file here. No administrator.", "edge://net-export"),
    ("policy", "Which policies the browser has", "On the user's PC. Export to JSON, or select all and copy. No administrator.", "edge://policy"),
    ("klist-fe", "What arrived at the web server", "On the web server, elevated: find the user's Network session, then list its tickets.", "klist sessions\nklist -li 0x<LogonId>"),
    ("ad", "What the directory allows", "Anybody who may read the directory. For the account of the application pool and for the account of the back end.", "Get-ADUser svc-web -Properties msDS-AllowedToDelegateTo,PrincipalsAllowedToDelegateToAccount,TrustedForDelegation,TrustedToAuthForDelegation,AccountNotDelegated,ServicePrincipalNames,userAccountControl"),
];

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
        </div>
    }
}
