//! First hop: names, keys, protocol (family B of the catalogue).

mod clock_skew;
mod fe_spn_missing;
mod ntlm_fallback;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] = &[&ntlm_fallback::MODE, &fe_spn_missing::MODE, &clock_skew::MODE];
