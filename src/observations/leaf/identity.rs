//! Whose key: which account decrypts on the web server, and whether it owns the SPN.

use super::{LeafTest, YES_NO};
use crate::observations::decryption::{self, Party};
use crate::observations::fold::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs, Question};
use crate::observations::view::View;

const KINDS: &[Choice] = &[
    Choice { id: "computer", says: "A computer account" },
    Choice { id: "service", says: "A service account (user or gMSA)" },
];

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-spn-owner-decrypts",
        ask: "Is the account that owns the web server's SPN the one that decrypts the tickets there?",
        how: "setspn -Q HTTP/<host>, against the application pool's identity. With kernel mode on and useAppPoolCredentials off (the defaults) the computer account decrypts.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: owner_decrypts,
    },
    LeafTest {
        id: "test-decrypting-account",
        ask: "Which kind of account decrypts the tickets on the web server?",
        how: "System log of the PC, source Security-Kerberos, event 4: the server behind \"error from the server\" is the account that answered.",
        needs: Needs::ServerAdmin,
        options: KINDS,
        derive: decrypting,
    },
    LeafTest {
        id: "test-spn-owner-kind",
        ask: "On which kind of account is the web server's SPN?",
        how: "setspn -Q HTTP/<host in the address bar>",
        needs: Needs::User,
        options: KINDS,
        derive: owner_kind,
    },
    LeafTest {
        id: "test-kernel-mode-decrypts",
        ask: "Does IIS use kernel-mode authentication without useAppPoolCredentials, while the application pool runs as a domain account of its own?",
        how: "appcmd list config \"<site>\" -section:system.webServer/security/authentication/windowsAuthentication (useKernelMode, useAppPoolCredentials), and the pool's identity in IIS Manager.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: kernel_mode,
    },
    LeafTest {
        id: "test-spn-on-one-node",
        ask: "Is the web server's SPN on the computer account of one single node, while the browser uses a common name for all nodes?",
        how: "setspn -Q HTTP/<common name>: a node's computer account, or one service account for all?",
        needs: Needs::User,
        options: YES_NO,
        derive: on_one_node,
    },
];

fn owner_decrypts(view: &View<'_>) -> Observed {
    if let Observed::Is("K", because) = fold(Question::Hop1, view) {
        return Observed::Is("yes", because);
    }
    match decryption::owner_decrypts(view) {
        Some((true, because)) => Observed::Is("yes", because),
        Some((false, because)) => Observed::Is("no", because),
        None => Observed::Unknown,
    }
}

fn kind(party: Option<Party>) -> Observed {
    let Some(party) = party else { return Observed::Unknown };
    match party.computer {
        Some(true) => Observed::Is("computer", party.because),
        Some(false) => Observed::Is("service", party.because),
        None => Observed::Unknown,
    }
}

fn decrypting(view: &View<'_>) -> Observed {
    kind(decryption::decryptor(view))
}

fn owner_kind(view: &View<'_>) -> Observed {
    kind(decryption::owner(view))
}

/// From the configuration only: an event tells who answered, not why.
fn kernel_mode(view: &View<'_>) -> Observed {
    let kernel = decryption::iis(view, |i| i.kernel_mode.as_ref());
    let credentials = decryption::iis(view, |i| i.app_pool_credentials.as_ref());
    if let Some((fact, off)) = kernel.filter(|(_, k)| !k.value) {
        return Observed::is("no", fact.because_at(&off.place, "kernel-mode authentication is off"));
    }
    if let Some((fact, on)) = credentials.filter(|(_, c)| c.value) {
        return Observed::is(
            "no",
            fact.because_at(&on.place, "useAppPoolCredentials is on: the pool's account decrypts"),
        );
    }
    let Some(pool) = decryption::pool(view) else { return Observed::Unknown };
    let mut because = pool.because;
    if pool.computer == Some(true) {
        return Observed::Is("no", because);
    }
    let section = decryption::iis(view, |i| i.windows.as_ref());
    if kernel.is_none() && credentials.is_none() && section.is_none() {
        return Observed::Unknown;
    }
    because.extend(kernel.map(|(f, k)| f.because_at(&k.place, "kernel-mode authentication is on")));
    because.extend(credentials.map(|(f, c)| f.because_at(&c.place, "useAppPoolCredentials is off")));
    if let (None, None, Some((fact, on))) = (kernel, credentials, section) {
        because
            .push(fact.because_at(&on.place, "kernel mode is on and useAppPoolCredentials off where nothing is said"));
    }
    Observed::Is("yes", because)
}

/// A computer account that is not called like the host in the address bar.
fn on_one_node(view: &View<'_>) -> Observed {
    let (Some(owner), Some(host)) = (decryption::owner(view), &view.scene.site.host) else { return Observed::Unknown };
    match (owner.computer, &owner.name) {
        (Some(false), _) => Observed::Is("no", owner.because),
        (Some(true), Some(name)) => {
            let own = name.bare().trim_end_matches('$').eq_ignore_ascii_case(host.short());
            Observed::Is(if own { "no" } else { "yes" }, owner.because)
        }
        _ => Observed::Unknown,
    }
}
