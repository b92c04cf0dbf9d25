//! How to get each kind of evidence, what it tells and what it does not.

use doublehop::artefacts::kind_help::{HELP, KindHelp};
use doublehop::ingest::Kind::{
    self, AdAttributes, ApacheLog, BeError, Event, IisConfig, IisLog, KdcLog, KlistSessions, LsassLog, Netlogon,
    Replication, Setspn, Trust,
};
use yew::prelude::*;

/// Where they are taken; what stands in none of these is taken on the user's PC.
const PLACES: [(&str, &[Kind]); 3] = [
    ("On the web server", &[KlistSessions, LsassLog, Event, IisConfig, IisLog, ApacheLog, Netlogon]),
    ("From the directory, or on a domain controller", &[AdAttributes, Setspn, Trust, KdcLog, Replication]),
    ("On the back end", &[BeError]),
];

#[function_component(Kinds)]
pub fn kinds() -> Html {
    let on_the_pc = |h: &&KindHelp| PLACES.iter().all(|(_, kinds)| !kinds.contains(&h.kind));
    html! {
        <div class="places">
            <div><h3>{ "On the user's PC" }</h3>{ for HELP.iter().filter(on_the_pc).map(one) }</div>
            for (place, kinds) in PLACES {
                <div><h3>{ place }</h3>{ for HELP.iter().filter(|h| kinds.contains(&h.kind)).map(one) }</div>
            }
        </div>
    }
}

fn one(help: &KindHelp) -> Html {
    html! {
            <details class="question" data-kind={help.kind.word()}>
                <summary>{ help.kind.title() }{ " " }<span class="chip">{ help.needs.says() }</span></summary>
                <p>{ help.get }</p>
                <p><b>{ "Tells: " }</b>{ help.tells }</p>
                <p><b>{ "Does not tell: " }</b>{ help.does_not }</p>
            </details>
    }
}
