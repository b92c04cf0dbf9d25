//! # The nodes behind the load balancer decrypt with different accounts
//!
//! ## What it is
//! Users come to a common name, and each node runs the application under an account of its own, or the common name's SPN is
//! on one node's computer account.
//!
//! ## Why the hop breaks
//! The ticket is encrypted for one account. Only the node that runs as that account can read it; the others refuse it.
//!
//! ## What shows it
//! - It works on one node and fails on another; event 4 comes and goes.
//! - `setspn -Q HTTP/<common name>` shows a node's computer account.
//!
//! ## What rules it out
//! - Every node runs the pool as the same domain account with useAppPoolCredentials on, and that account owns the SPN.
//! - It fails on every node: then look at the identity itself.
//!
//! ## Fix
//! One gMSA for the pool on all nodes, the common SPN on it, useAppPoolCredentials on, delegation granted to it.
//!
//! ## Verify
//! Each node on its own, with an entry in the hosts file of one PC.
//!
//! ## Versions
//! No version dependence known.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/understanding-identities>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "load-balancer-identity-mismatch",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "The nodes behind {site} do not share one account: only some can read the ticket for {spn}.",
    says: "A ticket for the common name is encrypted for one account. Nodes that run as another account refuse it, so the page works or fails depending on the node.",
    does_not_prove: "That the nodes agree in everything else: compare their authentication settings too.",
    row: Row {
        prior: 2,
        hop1: "R K N",
        scope: "nd",
        tkt: "F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "own",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Scope, &["nd"])),
        Condition::Decisive(all(&[
            is(Scope, &["nd"]),
            any(&[test("test-spn-on-one-node", &["yes"]), test("test-nodes-same-identity", &["no"])]),
        ])),
        Condition::Excluding(all(&[test("test-nodes-same-identity", &["yes"]), test("test-spn-on-one-node", &["no"])])),
        Condition::Excluding(test("test-channel-binding-error", &["yes"])),
        Condition::Excluding(test("test-clock-error", &["yes"])),
        Condition::Excluding(is(Fspn, &["none", "dup"])),
        Condition::Excluding(is(Hop1, &["P", "A", "B"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Run the application pool as one gMSA on every node, put {spn} on it, and let IIS decrypt with it.",
        script: "setspn -Q {spn}\nsetspn -D {spn} <present owner>\nsetspn -S {spn} <gMSA>$\n%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/windowsAuthentication -useAppPoolCredentials:true /commit:apphost",
        language: Language::Cmd,
        undo: "setspn -D {spn} <gMSA>$\nsetspn -S {spn} <present owner>",
        verify: "setspn -Q {spn}",
        expect: "The gMSA is the only owner; with an entry in the hosts file the page opens on each node.",
        risk: "Who breaks into one node has the identity of all: restrict who may retrieve the gMSA's password. Delegation must be granted to the gMSA, not to the nodes. Never register the server's own name on a service account: WinRM uses HTTP/ there and breaks.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{event_4, setspn_of, status};
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        let on_node = setspn_of(&[(
            "CN=NODE1,OU=Servers,DC=contoso,DC=com",
            &["HOST/NODE1", "HOST/NODE1.contoso.com", "HTTP/intranet.contoso.com"],
        )]);
        assert_eq!(status(id, &[&event_4("node2$"), &on_node, "scope: nd\n"]), Confirmed);
        assert_eq!(status(id, &["hop1: R\nscope: nd\ntest-nodes-same-identity: no\n"]), Confirmed);
        assert_eq!(status(id, &[&event_4("node2$"), "scope: nd\n"]), Possible);
        assert_eq!(status(id, &[&event_4("node2$"), &on_node]), Possible);
        assert_eq!(status(id, &[&event_4("node2$"), &on_node, "scope: all\n"]), RuledOut);
        assert_eq!(status(id, &["hop1: R\nscope: nd\ntest-channel-binding-error: yes\n"]), RuledOut);
    }
}
