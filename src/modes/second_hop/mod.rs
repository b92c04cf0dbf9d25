//! Second hop (family D of the catalogue).

mod kcd_cifs_machine_account;
mod kcd_cross_domain_classic;
mod kcd_evidence_ticket_not_forwardable;
mod kcd_protocol_transition_needed;
mod kcd_rbcd_conflict;
mod kcd_spn_form_mismatch;
mod kcd_spn_not_in_list;
mod kcd_wrong_identity;
pub mod list_fix;
mod rbcd_cross_forest_topology;
mod rbcd_downlevel_dc;
mod rbcd_principal_missing;
mod rbcd_restricted_user;
pub mod resource_fix;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] = &[
    &kcd_cross_domain_classic::MODE,
    &kcd_spn_not_in_list::MODE,
    &kcd_spn_form_mismatch::MODE,
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
