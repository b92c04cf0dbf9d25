//! The net-export reader: streaming scan → events → handshakes.
//!
//! The crate `doublehop-scan` cuts the bytes into the members of the capture without building a tree (a crate of its own,
//! because it alone is compiled for speed), [`passing`] takes them as they pass, [`event`] types the few events that matter ([`shape`] where the numbers have no
//! names), [`handshakes`] joins them by source id, [`capture`] is the front door.

pub mod capture;
mod conversation;
mod ending;
pub mod event;
pub mod handshakes;
mod headers;
mod kept;
pub mod params;
mod passing;
pub(crate) mod places;
mod recent;
mod shape;
pub mod sniff;
#[cfg(test)]
mod tests;
