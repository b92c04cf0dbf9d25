//! The user's PC and session: Credential Guard, remote sessions, what its library forwards.

use super::{LeafTest, YES_NO};
use crate::facts::{Role, Statement};
use crate::observations::fold::yes_no;
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-credential-guard",
        ask: "Does Credential Guard run on the user's PC?",
        how: "(Get-CimInstance -Namespace root\\Microsoft\\Windows\\DeviceGuard Win32_DeviceGuard).SecurityServicesRunning: 1 in the list means yes. Or msinfo32, line \"Virtualization-based security Services Running\".",
        needs: Needs::User,
        options: YES_NO,
        derive: credential_guard,
    },
    LeafTest {
        id: "test-delegation-blocked-event",
        ask: "Does the PC log that unconstrained delegation was blocked (event 201 of Security-Kerberos/Operational)?",
        how: "wevtutil sl Microsoft-Windows-Kerberos/Operational /e:true (the log is normally off), load the page, look for event 201 of Security-Kerberos.",
        needs: Needs::User,
        options: YES_NO,
        derive: blocked,
    },
    LeafTest {
        id: "test-forwarded-tgt-on-client",
        ask: "Does the PC's ticket cache hold a forwarded krbtgt ticket (0x60a10000, Cache Flags 0x2 DELEGATION)?",
        how: "klist on the user's PC, right after loading the page",
        needs: Needs::User,
        options: YES_NO,
        derive: forwarded,
    },
    LeafTest {
        id: "test-remote-guard-session",
        ask: "Does the browser run in a Remote Desktop session that was opened with /remoteGuard or /restrictedAdmin?",
        how: "How was the session opened? Also the policy \"Restrict delegation of credentials to remote servers\" on the PC from which it was opened.",
        needs: Needs::User,
        options: YES_NO,
        derive: remote_guard,
    },
    LeafTest {
        id: "test-works-at-console",
        ask: "Does the same page work at the console of the same PC, outside of Remote Desktop?",
        how: "Sign in at the machine itself and load the page.",
        needs: Needs::User,
        options: YES_NO,
        derive: |view| said(view, &["works_at_console", "works_at_the_console", "console"]),
    },
];

/// Yes or no under a key.
pub(super) fn said(view: &View<'_>, keys: &[&str]) -> Observed {
    match view.said_as(keys).and_then(|(text, because)| yes_no(text).map(|yes| (yes, because))) {
        Some((true, because)) => Observed::is("yes", because),
        Some((false, because)) => Observed::is("no", because),
        None => Observed::Unknown,
    }
}

fn credential_guard(view: &View<'_>) -> Observed {
    let on_pc = view.devices().filter(|(f, _)| matches!(f.role(), Role::Client | Role::Unknown));
    if let Some((fact, guard)) = on_pc.filter_map(|(f, d)| d.credential_guard.as_ref().map(|g| (f, g))).last() {
        let (option, says) = if guard.value {
            ("yes", "Credential Guard runs on the user's PC")
        } else {
            ("no", "Credential Guard does not run on the user's PC")
        };
        return Observed::is(option, fact.because_at(&guard.place, says));
    }
    told_services(view).or(|| said(view, &["credential_guard", "credentialguard"]))
}

/// The person quotes `SecurityServicesRunning`.
fn told_services(view: &View<'_>) -> Observed {
    let quoted = view.scene.facts.iter().rev().find_map(|f| match f.says() {
        Statement::Answer(a) => {
            let text = format!("{} {}", a.key, a.value).to_lowercase();
            let (_, behind) = text.split_once("securityservicesrunning")?;
            let numbers: Vec<&str> = behind.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
            (!numbers.is_empty()).then(|| (numbers.contains(&"1"), f.because("you said")))
        }
        _ => None,
    });
    match quoted {
        Some((true, because)) => Observed::is("yes", because),
        Some((false, because)) => Observed::is("no", because),
        None => Observed::Unknown,
    }
}

/// The client's event 201. A domain controller's events of that number speak of encryption types.
fn blocked(view: &View<'_>) -> Observed {
    let mine = |spn: &Option<crate::vocabulary::names::Spn>| {
        spn.as_ref().is_none_or(|s| view.scene.site.host.is_none() || view.scene.site.is_spn(s))
    };
    let other = |text: &str| {
        let text = text.to_lowercase();
        ["rc4", "encryption", "msds-"].iter().any(|w| text.contains(w))
    };
    view.failures()
        .find(|(f, x)| {
            x.event == Some(201) && x.krb.is_none() && f.role() != Role::Dc && mine(&x.spn) && !other(&x.text)
        })
        .map_or(Observed::Unknown, |(fact, _)| {
            Observed::is("yes", fact.because("event 201: the PC refused to hand over a ticket-granting ticket"))
        })
}

fn forwarded(view: &View<'_>) -> Observed {
    view.client_tickets()
        .filter(|(f, _)| f.role() == Role::Client)
        .find_map(|(fact, t)| {
            let flags = t.flags.as_ref().filter(|f| t.is_tgt() && f.value.forwarded())?;
            let says = "the PC fetched a forwarded ticket-granting ticket, so it may hand one over";
            Some(Observed::is("yes", fact.because_at(&flags.place, says)))
        })
        .unwrap_or_default()
}

fn remote_guard(view: &View<'_>) -> Observed {
    let hit = view.scene.facts.iter().rev().find_map(|f| match f.says() {
        Statement::Answer(a) if !a.key.starts_with("test-") => {
            let text = a.value.to_lowercase();
            let named = ["/remoteguard", "remote credential guard", "/restrictedadmin", "restricted admin"];
            (named.iter().any(|w| text.contains(w)) && !text.contains("not ") && !text.starts_with("no"))
                .then(|| f.because("you said"))
        }
        _ => None,
    });
    hit.map_or(Observed::Unknown, |because| Observed::is("yes", because))
}
