//! Who may be where, the row of this case marked.

use super::trusts::trusts_of;
use crate::page::views::UiProps;
use doublehop::tables::topology::{COLUMNS, ROWS, SOURCES, Works, row_for};
use yew::prelude::*;

#[function_component(TopologyTable)]
pub fn topology_table(props: &UiProps) -> Html {
    let page = &props.ui.page;
    let parties = &page.report.topology;
    let mine = row_for(parties, &trusts_of(page)).map(|r| r.id);
    let known: Vec<String> =
        parties.realm_of.iter().map(|(party, realm)| format!("{}: {realm}", party.replace('-', " "))).collect();
    html! {
        <>
            <p class="quiet">
                { if known.is_empty() { "No domain is known yet.".to_owned() } else { format!("Known here: {}.", known.join(", ")) } }
                if mine.is_none() { { " Which row is yours shows when the domains of user, front end and back end are known, and how they are related." } }
            </p>
            <div class="scroll" tabindex="0" role="region" aria-label="Who may be where">
                <table>
                    <thead><tr><th scope="col">{ "Placement of the accounts" }</th>for c in COLUMNS { <th scope="col">{ c }</th> }</tr></thead>
                    <tbody>
                        for row in ROWS {
                            <tr data-row={row.id} class={classes!((mine == Some(row.id)).then_some("mine"))}>
                                <th scope="row">if mine == Some(row.id) { <span class="chip">{ "yours" }</span>{ " " } }{ row.placement }</th>
                                for (works, why) in row.cells {
                                    <td><span class={classes!("chip", colour(works).1)}>{ colour(works).0 }</span>{ " " }{ why }</td>
                                }
                            </tr>
                        }
                    </tbody>
                </table>
            </div>
            <p class="sources">for s in SOURCES { <a href={s} rel="noreferrer" target="_blank">{ s }</a>{ " " } }</p>
        </>
    }
}

fn colour(works: Works) -> (&'static str, &'static str) {
    match works {
        Works::Yes => ("yes", "ok"),
        Works::If => ("if", "warn"),
        Works::No => ("no", "bad"),
    }
}
