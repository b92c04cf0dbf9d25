//! The ways to delegate compared, with this case's accounts named.

use crate::page::views::UiProps;
use doublehop::facts::Statement;
use doublehop::tables::models::{MODELS, ROWS, of_account};
use yew::prelude::*;

#[function_component(Models)]
pub fn models(props: &UiProps) -> Html {
    let facts = doublehop::case::facts(props.ui.page.case.held());
    let mine: Vec<(String, Vec<usize>)> = facts
        .filter_map(|f| match f.says() {
            Statement::Account(a) => Some((a.name.as_ref()?.value.as_str().to_owned(), of_account(a))),
            _ => None,
        })
        .collect();
    let using = |column: usize| mine.iter().filter(move |(_, columns)| columns.contains(&column)).map(|(name, _)| name);
    html! {
        <>
            <div class="scroll" tabindex="0" role="region" aria-label="Ways to delegate">
                <table>
                    <thead><tr><td></td>for (i, m) in MODELS.into_iter().enumerate() { <th scope="col">{ m }for name in using(i) { <div><span class="chip" data-role="tool-account">{ name.clone() }</span></div> }</th> }</tr></thead>
                    <tbody>
                        for row in ROWS {
                            <tr><th scope="row">{ row.what }</th>for cell in row.is { <td>{ cell }</td> }</tr>
                        }
                    </tbody>
                </table>
            </div>
        </>
    }
}
