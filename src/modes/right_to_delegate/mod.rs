//! The right to delegate, as seen on the first hop (family C of the catalogue).

pub mod constrained_fix;
mod credential_guard_blocks_unconstrained;
mod cross_forest_tgt_delegation_blocked;
mod delegated_tgt_expired;
mod fe_no_delegation_configured;
mod fe_not_trusted_for_delegation;
mod remote_credential_guard_session;
mod stale_ticket_or_replication;
mod tgt_not_forwardable;
mod trust_quarantine_strips_delegation;
mod user_not_delegated;
mod user_protected_users;

use super::Mode;

/// The family's modes.
pub const MODES: &[&Mode] = &[
    &fe_no_delegation_configured::MODE,
    &fe_not_trusted_for_delegation::MODE,
    &user_not_delegated::MODE,
    &user_protected_users::MODE,
    &tgt_not_forwardable::MODE,
    &credential_guard_blocks_unconstrained::MODE,
    &remote_credential_guard_session::MODE,
    &cross_forest_tgt_delegation_blocked::MODE,
    &trust_quarantine_strips_delegation::MODE,
    &delegated_tgt_expired::MODE,
    &stale_ticket_or_replication::MODE,
];
