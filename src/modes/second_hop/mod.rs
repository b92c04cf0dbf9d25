//! Second hop (family D of the catalogue).

mod app_not_impersonating;
mod auth_policy_silo_denied;
mod be_addressed_by_ip_or_alias;
mod be_authorization_denied;
mod be_cname_canonicalised;
mod be_etype_mismatch;
mod be_farm_identity_mismatch;
mod be_offers_ntlm_only;
mod be_spn_duplicate;
mod be_spn_missing;
mod be_spn_wrong_account;
mod fe_service_no_tgt;
mod kcd_cifs_machine_account;
mod kcd_cross_domain_classic;
mod kcd_evidence_ticket_not_forwardable;
mod kcd_protocol_transition_needed;
mod kcd_rbcd_conflict;
mod kcd_spn_form_mismatch;
mod kcd_spn_not_in_list;
mod kcd_wrong_identity;
pub mod list_fix;
mod posix_fe_no_delegated_cache;
mod rbcd_cross_forest_topology;
mod rbcd_downlevel_dc;
mod rbcd_principal_missing;
mod rbcd_restricted_user;
pub mod resource_fix;
mod s4u2proxy_negative_cache;
mod s4u_identification_only;
mod s4u_ticket_signature_rejected;
mod same_host_service_chain;
mod selective_auth_denied;
mod ssrs_ntlm_default;
mod third_hop_not_authorised;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] = &[
    &kcd_cross_domain_classic::MODE,
    &kcd_spn_not_in_list::MODE,
    &kcd_spn_form_mismatch::MODE,
    &s4u2proxy_negative_cache::MODE,
    &fe_service_no_tgt::MODE,
    &be_spn_missing::MODE,
    &be_spn_duplicate::MODE,
    &be_spn_wrong_account::MODE,
    &be_etype_mismatch::MODE,
    &be_addressed_by_ip_or_alias::MODE,
    &app_not_impersonating::MODE,
    &be_authorization_denied::MODE,
    &third_hop_not_authorised::MODE,
    &selective_auth_denied::MODE,
    &s4u_ticket_signature_rejected::MODE,
    &auth_policy_silo_denied::MODE,
    &be_offers_ntlm_only::MODE,
    &be_cname_canonicalised::MODE,
    &same_host_service_chain::MODE,
    &s4u_identification_only::MODE,
    &ssrs_ntlm_default::MODE,
    &be_farm_identity_mismatch::MODE,
    &posix_fe_no_delegated_cache::MODE,
    &kcd_wrong_identity::MODE,
    &kcd_protocol_transition_needed::MODE,
    &kcd_evidence_ticket_not_forwardable::MODE,
    &kcd_cifs_machine_account::MODE,
    &rbcd_principal_missing::MODE,
    &rbcd_restricted_user::MODE,
    &rbcd_cross_forest_topology::MODE,
    &rbcd_downlevel_dc::MODE,
    &kcd_rbcd_conflict::MODE,
];
