//! The browser and the client (family A of the catalogue).

mod allow_list_fix;
mod edge_delegate_allowlist_mismatch;
mod edge_delegate_allowlist_missing;
mod edge_not_restarted;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] =
    &[&edge_delegate_allowlist_missing::MODE, &edge_delegate_allowlist_mismatch::MODE, &edge_not_restarted::MODE];
