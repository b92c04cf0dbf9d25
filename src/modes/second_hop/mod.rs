//! Second hop (family D of the catalogue).

mod kcd_cross_domain_classic;
mod kcd_spn_form_mismatch;
mod kcd_spn_not_in_list;
mod list_fix;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] =
    &[&kcd_cross_domain_classic::MODE, &kcd_spn_not_in_list::MODE, &kcd_spn_form_mismatch::MODE];
