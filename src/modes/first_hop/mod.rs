//! First hop: names, keys, protocol (family B of the catalogue).

mod auth_persist_cached_identity;
mod clock_skew;
mod epa_channel_binding_mismatch;
mod fe_etype_mismatch;
mod fe_kernel_mode_identity_mismatch;
mod fe_network_logon_right_denied;
mod fe_spn_duplicate;
mod fe_spn_missing;
mod fe_spn_wrong_account;
mod identity;
mod iis_anonymous_wins;
mod iis_negotiate_provider_missing;
mod key_or_host_mismatch;
mod load_balancer_identity_mismatch;
mod loopback_check;
mod no_dc_line_of_sight;
mod ntlm_fallback;
mod proxy_breaks_connection_auth;
mod spn_not_routed_across_forest;
mod token_too_large_http_400;
mod token_too_large_maxtokensize;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] = &[
    &ntlm_fallback::MODE,
    &fe_spn_missing::MODE,
    &fe_spn_duplicate::MODE,
    &fe_spn_wrong_account::MODE,
    &fe_kernel_mode_identity_mismatch::MODE,
    &iis_negotiate_provider_missing::MODE,
    &iis_anonymous_wins::MODE,
    &load_balancer_identity_mismatch::MODE,
    &proxy_breaks_connection_auth::MODE,
    &auth_persist_cached_identity::MODE,
    &loopback_check::MODE,
    &epa_channel_binding_mismatch::MODE,
    &token_too_large_http_400::MODE,
    &token_too_large_maxtokensize::MODE,
    &clock_skew::MODE,
    &no_dc_line_of_sight::MODE,
    &fe_etype_mismatch::MODE,
    &fe_network_logon_right_denied::MODE,
    &key_or_host_mismatch::MODE,
    &spn_not_routed_across_forest::MODE,
];
