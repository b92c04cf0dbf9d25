//! The column of reasoning, read from top to bottom: verdict, picture, proof, fix, what else.

use super::UiProps;
use super::asked::Asked;
use super::findings::{Contradictions, OtherFindings};
use super::fix::Fixes;
use super::more::More;
use super::next::NextCard;
use super::notices::Notices;
use super::picture::Picture;
use super::proof::ProofCard;
use super::verdict::VerdictCard;
use yew::prelude::*;

#[function_component(ResultView)]
pub fn result_view(props: &UiProps) -> Html {
    let ui = &props.ui;
    let top = ui.page.top().cloned();
    let body = html! {
        <>
            <VerdictCard ..UiProps::new(ui) />
            <Notices ..UiProps::new(ui) />
            <Contradictions ..UiProps::new(ui) />
            <NextCard ..UiProps::new(ui) />
            <Picture ..UiProps::new(ui) />
            <Asked ..UiProps::new(ui) />
            <ProofCard ..UiProps::new(ui) />
        </>
    };
    html! {
        <>
            if let Some(top) = &top {
                <article data-finding={top.id.clone()} data-status={top.status.word()} data-about={top.about.clone()}>
                    { body }
                    if top.status.asserted() && !top.fix.is_empty() {
                        <div class="card" data-role="fix">
                            <h2>{ "Fix" }</h2>
                            // A new finding begins with its first tab.
                            <Fixes key={format!("{}-{:?}", top.id, top.about)} fixes={top.fix.clone()} id={format!("fix-{}", top.id)} />
                        </div>
                    }
                    <div class="card">
                        <More id={top.id.clone()} sources={top.sources.clone()} basis={top.basis.clone()} />
                    </div>
                </article>
            } else {
                <article>{ body }</article>
            }
            <OtherFindings ..UiProps::new(ui) />
        </>
    }
}
