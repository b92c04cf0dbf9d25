//! The right to delegate, as seen on the first hop (family C of the catalogue).

pub mod constrained_fix;
mod fe_not_trusted_for_delegation;
mod user_not_delegated;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] = &[&fe_not_trusted_for_delegation::MODE, &user_not_delegated::MODE];
