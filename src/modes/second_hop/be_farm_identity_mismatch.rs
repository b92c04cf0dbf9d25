//! # The back end's nodes run as different accounts
//!
//! ## What it is
//! The back end is a cluster, a farm or an availability group, and its nodes run the service as different accounts. It works on the node
//! whose account owns the SPN and fails on the others, for example after a failover.
//!
//! ## Why the hop breaks
//! All nodes answer under one name, and a name has one owner. The domain controller encrypts for that owner; a node that runs as another
//! account cannot read the ticket.
//!
//! ## What shows it
//! - It fails on some nodes, or since a failover. Event 4 on the front end (0x29) names another account each time.
//! - services.msc or the application pools show different accounts.
//!
//! ## What rules it out
//! - All nodes run as one account, and it owns the SPN.
//!
//! ## Fix
//! Run the service as one domain account (a gMSA) on every node, and put the SPN on it.
//!
//! ## Verify
//! It works on every node: fail over on purpose once.
//!
//! ## Versions
//! No dependence on a version is known. Virtual accounts and computer accounts differ on every node by nature.
//!
//! ## Sources
//! - <https://techcommunity.microsoft.com/t5/ask-the-directory-services-team/kerberos-and-load-balancing/ba-p/399539>
//! - <https://learn.microsoft.com/en-us/sql/database-engine/configure-windows/register-a-service-principal-name-for-kerberos-connections>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "be-farm-identity-mismatch",
    hop: Hop::BackEnd,
    basis: Basis::Documented,
    stage: Stage::BackEnd,
    title: "The nodes of {be} run as different accounts, and only one of them can read tickets for {be_spn}.",
    says: "All nodes of the back end are called by one name, and the ticket is encrypted for the one account that owns it. A node that runs the service as another account refuses it (KRB_AP_ERR_MODIFIED).",
    does_not_prove: "Which node answered this time: the account in event 4 tells.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "tm be nd all",
        tkt: "F FO",
        model: "C T R U",
        fe: "be fwd",
        err: "41",
        bes: "anon",
        fspn: "ok",
        bspn: "own ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-back-end-nodes-one-account", &["no"])),
        Condition::Decisive(all(&[test("test-back-end-nodes-one-account", &["no"]), is(Err, &["41"])])),
        Condition::Supporting(test("test-back-end-nodes-one-account", &["no"])),
        Condition::Supporting(is(Scope, &["nd", "tm"])),
        Condition::Excluding(test("test-who-says-modified", &["kdc"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "40b"])),
        Condition::Excluding(is(Bspn, &["none", "dup"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::AdAdmin,
        does: "Run the service as one managed service account on every node, and move {be_spn} to it.",
        script: "New-ADServiceAccount -Name <gMSA> -DNSHostName <name of the farm> -PrincipalsAllowedToRetrieveManagedPassword <group of the nodes>\nsetspn -F -Q {be_spn}\nsetspn -D {be_spn} {be_bare}\nsetspn -S {be_spn} <DOMAIN\\gMSA$>",
        language: Language::PowerShell,
        undo: "setspn -D {be_spn} <DOMAIN\\gMSA$>\nsetspn -S {be_spn} {be_bare}",
        verify: "Fail over once and load the page on every node",
        expect: "No event 4 on the web server, whichever node answers.",
        risk: "Each node's service restarts with the new account and needs its rights (files, database). A resource-based right stands on the account: set it on the new one too.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &["test-back-end-nodes-one-account: no\nerr: 41\n"]), Confirmed);
        assert_eq!(status(id, &["test-back-end-nodes-one-account: no\n"]), Possible);
        assert_eq!(status(id, &["test-back-end-nodes-one-account: no\nscope: tm\n"]), Likely);
        assert_eq!(status(id, &["err: 41\nscope: nd\n"]), Possible);
        assert_eq!(status(id, &["test-back-end-nodes-one-account: yes\nerr: 41\n"]), RuledOut);
        assert_eq!(status(id, &["test-back-end-nodes-one-account: no\nerr: 7\n"]), RuledOut);
    }
}
