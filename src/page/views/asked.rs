//! Asked against granted: what the browser asked for at each site, and what it got, as the capture has it.

use super::UiProps;
use crate::page::state::Action;
use crate::page::words;
use doublehop::report::{Because, Site};
use yew::prelude::*;

/// How many rows are shown before the rest folds.
const ROWS: usize = 3;
/// The columns, also for a narrow screen, where each cell is a line.
const COLUMNS: [&str; 7] = ["Site", "Asked", "Granted", "Mechanism", "Source", "Target", "Status"];

/// One site's handshakes that say the same.
struct Row<'r> {
    about: Option<&'r str>,
    cells: [String; 6],
    because: Option<&'r Because>,
    times: usize,
}

#[function_component(Asked)]
pub fn asked(props: &UiProps) -> Html {
    let all = use_state(|| false);
    let ui = &props.ui;
    // The site that is looked at stands first.
    let here = |s: &&Site| s.about.as_deref() == ui.page.about();
    let sites = &ui.page.report.sites;
    let rows = rows(sites.iter().filter(here).chain(sites.iter().filter(|s| !here(s))));
    if rows.is_empty() {
        return html! {};
    }
    let more = rows.len().saturating_sub(ROWS);
    let shown = if *all { rows.len() } else { ROWS };
    let onclick = Callback::from(move |_: MouseEvent| all.set(true));
    html! {
        <div class="card asked" data-role="asked">
            <h2>{ "Asked against granted" }</h2>
            <table>
                <thead><tr>for column in COLUMNS { <th scope="col">{ column }</th> }</tr></thead>
                <tbody>
                    for row in rows.into_iter().take(shown) {
                        <tr data-about={row.about.map(str::to_owned)}>
                            <th scope="row" data-label={COLUMNS[0]}>
                                if let Some(because) = row.because.cloned() {
                                    <button type="button" class="link" title="Show it in the evidence" onclick={ui.on(move || Action::Light(Box::new(because.clone())))}>{ row.about.unwrap_or("not named").to_owned() }</button>
                                }
                                if row.times > 1 { <span class="quiet small">{ format!(" {} times", row.times) }</span> }
                            </th>
                            for (cell, column) in row.cells.into_iter().zip(COLUMNS.into_iter().skip(1)) { <td data-label={column}>{ cell }</td> }
                        </tr>
                    }
                </tbody>
            </table>
            if shown == ROWS && more > 0 { <button type="button" class="plain" {onclick}>{ format!("{more} more") }</button> }
        </div>
    }
}

fn rows<'r>(sites: impl Iterator<Item = &'r Site>) -> Vec<Row<'r>> {
    let mut rows: Vec<Row<'r>> = Vec::new();
    for (about, conversation) in sites.flat_map(|s| s.conversations.iter().map(|c| (s.about.as_deref(), c))) {
        let cells = words::handshake(conversation);
        match rows.iter_mut().find(|row| row.about == about && row.cells == cells) {
            Some(row) => row.times = row.times.saturating_add(1),
            None => rows.push(Row { about, cells, because: conversation.because.first(), times: 1 }),
        }
    }
    rows
}
