//! The net-export reader: streaming scan → events → handshakes.
//!
//! [`scan`] cuts the bytes into the members of the capture without building a tree, [`event`] types the few events
//! that matter, [`handshakes`] joins them by source id, [`capture`] is the front door.

pub mod capture;
pub mod event;
pub mod handshakes;
mod headers;
mod places;
pub mod scan;
pub mod tail;
#[cfg(test)]
mod tests;
