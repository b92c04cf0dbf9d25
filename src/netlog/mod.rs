//! The net-export reader: streaming scan → events → handshakes.
//!
//! The crate `doublehop-scan` cuts the bytes into the members of the capture without building a tree (a crate of its own,
//! because it alone is compiled for speed), [`event`] types the few events that matter, [`handshakes`] joins them by source id, [`capture`] is the front door.

pub mod capture;
pub mod event;
pub mod handshakes;
mod headers;
mod places;
#[cfg(test)]
mod tests;
