//! # IIS decrypts with the computer account, but the SPN is on the pool's account
//!
//! ## What it is
//! Windows authentication in IIS runs in kernel mode by default and then uses the computer account's key. The SPN stands on
//! the application pool's own account.
//!
//! ## Why the hop breaks
//! The ticket is encrypted for the pool's account. The computer account cannot read it and answers KRB_AP_ERR_MODIFIED (41).
//!
//! ## What shows it
//! - `useKernelMode="true"`, `useAppPoolCredentials="false"` (both are the defaults) and a pool with a user account of its own.
//! - `setspn -Q` shows that account as the owner.
//! - Event 4 on the PC names the computer account as the server that answered.
//!
//! ## What rules it out
//! - useAppPoolCredentials is on, kernel mode is off, or the SPN is on the computer account.
//!
//! ## Fix
//! Switch useAppPoolCredentials on. Or move the SPN to the computer account and grant delegation there: the account that
//! decrypts is the one whose delegation settings count.
//!
//! ## Verify
//! No further event 4; whoami.aspx in a new browser process says KERBEROS.
//!
//! ## Versions
//! IIS 7 and later.
//!
//! ## Sources
//! - <https://learn.microsoft.com/en-us/troubleshoot/developer/webapps/iis/www-authentication-authorization/troubleshoot-kerberos-failures-ie>
//! - <https://learn.microsoft.com/en-us/iis/configuration/system.webserver/security/authentication/windowsauthentication/>

use super::identity::MACHINE_FOR_SERVICE;
use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "fe-kernel-mode-identity-mismatch",
    hop: Hop::ClientToFrontEnd,
    basis: Basis::Documented,
    stage: Stage::Key,
    title: "IIS on {site} decrypts tickets with the computer account, but {spn} is on a service account.",
    says: "With kernel-mode authentication and without useAppPoolCredentials the computer account decrypts. The ticket for {spn} is encrypted for the service account, so it is refused. \
           This is not a delegation problem yet.",
    does_not_prove: "That the application pool runs as the owner of the SPN: compare the two before switching useAppPoolCredentials on.",
    row: Row {
        prior: 4,
        hop1: "R",
        scope: "all",
        tkt: "F FO",
        fe: "no",
        err: "-",
        bes: "-",
        fspn: "own ok",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(is(Hop1, &["R"])),
        Condition::Required(test("test-kernel-mode-decrypts", &["yes"])),
        Condition::Decisive(all(&[
            test("test-kernel-mode-decrypts", &["yes"]),
            test("test-spn-owner-kind", &["service"]),
        ])),
        Condition::Supporting(test("test-decrypting-account", &["computer"])),
        Condition::Supporting(MACHINE_FOR_SERVICE),
        Condition::Excluding(test("test-spn-owner-kind", &["computer"])),
        Condition::Excluding(test("test-decrypting-account", &["service"])),
        Condition::Excluding(test("test-spn-owner-decrypts", &["yes"])),
        Condition::Excluding(is(Fspn, &["none", "dup", "form"])),
        Condition::Excluding(is(Scope, &["nd"])),
        Condition::Excluding(test("test-clock-error", &["yes"])),
        Condition::Excluding(test("test-ticket-modified", &["no"])),
    ],
    fixes: &[
        FixTemplate {
            who: Who::ServerAdmin,
            does: "Let IIS decrypt with the application pool's account, which owns {spn}.",
            script: "%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/windowsAuthentication -useAppPoolCredentials:true /commit:apphost",
            language: Language::Cmd,
            undo: "%windir%\\system32\\inetsrv\\appcmd set config \"<site name in IIS>\" -section:system.webServer/security/authentication/windowsAuthentication -useAppPoolCredentials:false /commit:apphost",
            verify: "klist purge & klist get {spn}",
            expect: "The page opens without event 4, and whoami.aspx in a new browser process says KERBEROS.",
            risk: "The delegation settings that count are then those of the pool's account. Other names of this server that stand on the computer account (its own host name) stop \
                   working by Kerberos for this site. Do not switch kernel mode off instead: that costs speed and is not needed.",
        },
        FixTemplate {
            who: Who::AdAdmin,
            does: "Or move {spn} to the computer account of the only web server, and grant delegation there.",
            script: "setspn -D {spn} \"{fe}\"\nsetspn -S {spn} <computer account of the web server>",
            language: Language::Cmd,
            undo: "setspn -D {spn} <computer account of the web server>\nsetspn -S {spn} \"{fe}\"",
            verify: "setspn -Q {spn}",
            expect: "The owner is the web server's computer account.",
            risk: "Not for a farm: every node has another computer account. Delegation granted to the service account has no effect any more. Never register the server's own name on a service account: WinRM uses HTTP/ there and breaks.",
        },
    ],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::{event_4, setspn_of, status};
    use crate::report::Status::*;

    fn owner() -> String {
        setspn_of(&[("CN=svc-web,OU=Service,DC=contoso,DC=com", &["HTTP/intranet.contoso.com", "HTTP/intranet"])])
    }

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &[&event_4("web01$"), &owner(), "test-kernel-mode-decrypts: yes\n"]), Confirmed);
        assert_eq!(status(id, &[&event_4("web01$"), &owner()]), Likely);
        assert_eq!(status(id, &[&event_4("web01$")]), Possible);
        assert_eq!(status(id, &[&event_4("web01$"), &owner(), "test-kernel-mode-decrypts: no\n"]), RuledOut);
        assert_eq!(status(id, &[&event_4("svc-web2"), &owner()]), RuledOut);
    }

    #[test]
    fn neighbours() {
        // On some nodes only: the load balancer's fault.
        assert_eq!(status(super::MODE.id, &[&event_4("web01$"), &owner(), "scope: nd\n"]), RuledOut);
        assert_eq!(
            status("fe-spn-wrong-account", &[&event_4("web01$"), &owner(), "test-kernel-mode-decrypts: yes\n"]),
            RuledOut
        );
        assert_eq!(status("key-or-host-mismatch", &[&event_4("web01$"), &owner()]), RuledOut);
    }
}
