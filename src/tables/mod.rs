//! Tables to look things up in, marked with what the case knows: who may be where, the four ways to delegate, trusts,
//! allow-lists. They explain; the diagnosis does not read them.

pub mod allow_list;
pub mod models;
pub mod topology;
pub mod trusts;
