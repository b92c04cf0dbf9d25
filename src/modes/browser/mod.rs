//! The browser and the client (family A of the catalogue).

mod allow_list_fix;
mod browser_request_omits_credentials;
mod chromium_posix_kdc_policy_blocks;
mod chromium_posix_no_credentials;
mod chromium_posix_server_allowlist_missing;
mod chromium_posix_tgt_not_forwardable;
mod edge_default_creds_not_allowed;
mod edge_delegate_allowlist_mismatch;
mod edge_delegate_allowlist_missing;
mod edge_inprivate_no_ambient;
mod edge_negotiate_scheme_disabled;
mod edge_not_restarted;
mod edge_policy_not_applied;
mod edge_policy_wrong_name;
mod firefox_delegation_uris_missing;
mod ie_mode_masks_edge;
mod ie_zone_no_delegate;
mod ip_address_in_url;
mod posix_epa_no_cbt;
mod sign_in_fix;
mod spn_cname_canonicalised;
mod spn_port_mismatch;
#[cfg(test)]
mod testing;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] = &[
    &edge_delegate_allowlist_missing::MODE,
    &edge_delegate_allowlist_mismatch::MODE,
    &edge_policy_not_applied::MODE,
    &edge_policy_wrong_name::MODE,
    &edge_not_restarted::MODE,
    &edge_default_creds_not_allowed::MODE,
    &edge_inprivate_no_ambient::MODE,
    &edge_negotiate_scheme_disabled::MODE,
    &spn_cname_canonicalised::MODE,
    &spn_port_mismatch::MODE,
    &ip_address_in_url::MODE,
    &ie_zone_no_delegate::MODE,
    &ie_mode_masks_edge::MODE,
    &firefox_delegation_uris_missing::MODE,
    &chromium_posix_server_allowlist_missing::MODE,
    &chromium_posix_no_credentials::MODE,
    &chromium_posix_tgt_not_forwardable::MODE,
    &chromium_posix_kdc_policy_blocks::MODE,
    &posix_epa_no_cbt::MODE,
    &browser_request_omits_credentials::MODE,
];
