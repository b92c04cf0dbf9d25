//! The views: small function components. Each gets the state to read and the reader to hand inputs to; changes go
//! through the reducer alone.

pub mod artefacts;
pub mod asked;
pub mod codes;
pub mod collect;
pub mod copy;
pub mod drop;
pub mod evidence;
pub mod findings;
pub mod fix;
pub mod header;
pub mod more;
pub mod next;
pub mod notices;
pub mod paste;
pub mod picture;
pub mod proof;
pub mod questions;
pub mod result;
pub mod toast;
pub mod tools;
pub mod verdict;
pub mod welcome;
pub mod working;

use super::reader::Reader;
use super::state::{Action, Page};
use yew::prelude::*;

/// What every view gets.
#[derive(Clone, PartialEq)]
pub struct Ui {
    /// The state.
    pub page: UseReducerHandle<Page>,
    /// Reads inputs.
    pub reader: Reader,
}

impl Ui {
    /// A callback that dispatches an action, whatever the event.
    pub fn on<E: 'static>(&self, action: impl Fn() -> Action + 'static) -> Callback<E> {
        let tell = self.page.dispatcher();
        Callback::from(move |_: E| tell.dispatch(action()))
    }
}

/// The properties of a view that needs nothing else.
#[derive(Clone, PartialEq, Properties)]
pub struct UiProps {
    /// State and reader.
    pub ui: Ui,
}

impl UiProps {
    /// For `<View ..UiProps::new(&ui) />`.
    pub fn new(ui: &Ui) -> UiProps {
        UiProps { ui: ui.clone() }
    }
}
