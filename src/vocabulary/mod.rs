//! The field's tables and names. Data and parsing of single words only; nothing here knows an artefact or a failure mode.

pub mod allow_list;
pub mod civil;
pub mod codes;
pub mod lookup;
pub mod mit_messages;
pub mod names;
pub mod policy_names;
pub mod ticket_flags;
pub mod uac;
pub mod windows_names;
