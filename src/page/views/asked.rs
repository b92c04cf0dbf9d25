//! Asked against granted: what the browser asked for at each site, and what it got, as the capture has it.

use super::UiProps;
use crate::page::state::Action;
use crate::page::words;
use doublehop::report::Conversation;
use yew::prelude::*;

/// How many rows are shown before the rest folds.
const ROWS: usize = 3;
/// The columns, also for a narrow screen, where each cell is a line.
const COLUMNS: [&str; 7] = ["Site", "Asked", "Granted", "Mechanism", "Source", "Target", "Status"];

/// One site's handshakes that say the same.
struct Row {
    about: Option<String>,
    cells: [String; 6],
    first: Conversation,
    times: usize,
}

#[function_component(Asked)]
pub fn asked(props: &UiProps) -> Html {
    let all = use_state(|| false);
    let ui = &props.ui;
    let mut rows = rows(ui.page.report.sites.iter().flat_map(|s| s.conversations.iter().map(|c| (s.about.clone(), c))));
    if rows.is_empty() {
        return html! {};
    }
    rows.sort_by_key(|row| row.about.as_deref() != ui.page.about());
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
                        <tr data-about={row.about.clone()}>
                            <th scope="row" data-label={COLUMNS[0]}>
                                if let Some(because) = row.first.because.first().cloned() {
                                    <button type="button" class="link" title="Show it in the evidence" onclick={ui.on(move || Action::Light(Box::new(because.clone())))}>{ row.about.unwrap_or_else(|| "not named".to_owned()) }</button>
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

fn rows<'r>(all: impl Iterator<Item = (Option<String>, &'r Conversation)>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (about, conversation) in all {
        let cells = words::handshake(conversation);
        match rows.iter_mut().find(|row| row.about == about && row.cells == cells) {
            Some(row) => row.times = row.times.saturating_add(1),
            None => rows.push(Row { about, cells, first: conversation.clone(), times: 1 }),
        }
    }
    rows
}
