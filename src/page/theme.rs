//! Light, dark, or as the system has it. Kept in storage where the browser allows it.

/// The three themes, in the order in which the button goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

const KEY: &str = "doublehop-theme";

impl Theme {
    /// The word of `data-theme`.
    pub fn word(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The next one.
    pub fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }

    /// The one that was chosen before; [`Theme::Auto`] where storage is empty or refused.
    pub fn stored() -> Theme {
        let word = storage().and_then(|s| s.get_item(KEY).ok().flatten());
        match word.as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::Auto,
        }
    }

    /// Shows it, and keeps it where storage is allowed.
    pub fn apply(self) {
        let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
        if let Some(root) = root {
            // An attribute of a fixed name and value cannot be refused.
            let _ = root.set_attribute("data-theme", self.word());
        }
        if let Some(storage) = storage() {
            // A full or refused storage only means that the choice is not remembered.
            let _ = storage.set_item(KEY, self.word());
        }
    }
}

/// Reading `localStorage` throws in a sandboxed frame.
fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
