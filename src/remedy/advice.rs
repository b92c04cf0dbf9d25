//! Advice that can hurt, as data: what to recognise in a fix, and what its risk must warn of.
//!
//! A test holds every fix of every mode against it, so that no fix widens trust, replaces a list or stops a service
//! without saying so before the command.

use super::FixTemplate;

/// One piece of advice that can hurt.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// How a person calls it.
    pub title: &'static str,
    /// In lower case: every word of any of these rows stands in one line of the script.
    pub recognised: &'static [&'static [&'static str]],
    /// The warning in full.
    pub warning: &'static str,
    /// In lower case: the risk has at least one of each row's words.
    pub risk_says: &'static [&'static [&'static str]],
}

/// The table.
pub const ADVICE: &[Advice] = &[
    Advice {
        title: "AuthServerAllowlist on Windows",
        recognised: &[&["set-itemproperty", "authserverallowlist"], &["reg add", "authserverallowlist"]],
        warning: "Once it is set, only the list decides: silent sign-in by zone ends everywhere else. Set it only when it is needed, and merge it with the value that is there.",
        risk_says: &[&["only the list decides", "it alone decides"]],
    },
    Advice {
        title: "AuthNegotiateDelegateAllowlist",
        recognised: &[
            &["set-itemproperty", "authnegotiatedelegateallowlist"],
            &["reg add", "authnegotiatedelegateallowlist"],
            &["\"authnegotiatedelegateallowlist\":"],
        ],
        warning: "Merge, never replace; never *. Check Credential Guard first, which blocks this delegation anyway. A forwarded ticket-granting ticket enlarges the token (HTTP 400).",
        risk_says: &[&["ticket-granting ticket", "tgt"]],
    },
    Advice {
        title: "-PrincipalsAllowedToDelegateToAccount",
        recognised: &[&["-principalsallowedtodelegatetoaccount"]],
        warning: "It replaces the list: read it, then set the old entries together with the new one.",
        risk_says: &[&["replaces"]],
    },
    Advice {
        title: "Unconstrained delegation for an account",
        recognised: &[&["-trustedfordelegation $true"]],
        warning: "Whoever holds the front end holds the ticket-granting tickets of all its visitors.",
        risk_says: &[&["ticket-granting ticket", "tgt", "every visitor", "impersonate"]],
    },
    Advice {
        title: "From unconstrained to constrained on an account",
        recognised: &[&["-trustedfordelegation $false"]],
        warning: "Its other back ends stop: take stock first (4769 events of the account as client of other SPNs).",
        risk_says: &[&["back end"], &["stop", "break", "lose", "no longer"]],
    },
    Advice {
        title: "Any authentication protocol (protocol transition)",
        recognised: &[&["-trustedtoauthfordelegation $true"]],
        warning: "The service may impersonate anyone towards the target: last resort, with a narrow account.",
        risk_says: &[&["impersonate", "any user", "anyone", "act as"]],
    },
    Advice {
        title: "A user may be delegated again",
        recognised: &[&["-accountnotdelegated $false"]],
        warning: "The account was marked as sensitive on purpose: services may act for it from now on.",
        risk_says: &[&["administrat", "privileged", "sensitive", "act as", "act for"]],
    },
    Advice {
        title: "Reset of a service account's password",
        recognised: &[
            &["set-adaccountpassword"],
            &["net user", "/domain"],
            &["netdom resetpwd"],
            &["ktpass", "+rndpass"],
        ],
        warning: "Every host and keytab that uses the account stops until it is updated.",
        risk_says: &[&["stop", "fail", "invalid", "until"]],
    },
    Advice {
        title: "An HTTP SPN for a service account",
        recognised: &[&["setspn -s {spn}"], &["setspn -s http/"], &["setspn -s {asked_spn}"]],
        warning: "WinRM on that server uses HTTP/ on the computer account: under the server's own name it breaks.",
        risk_says: &[&["winrm", "remote management", "remoting"]],
    },
    Advice {
        title: "repadmin /syncall with /AdeP",
        recognised: &[&["repadmin", "/syncall"]],
        warning: "It pushes across all sites.",
        risk_says: &[&["across all sites"]],
    },
    Advice {
        title: "TGT delegation across a forest trust",
        recognised: &[&["/enabletgtdelegation:yes"]],
        warning: "Every unconstrained server there gets the users' ticket-granting tickets, administrators' too.",
        risk_says: &[&["ticket-granting ticket", "tgt"], &["unconstrained"]],
    },
    Advice {
        title: "Restart of HTTP.sys or IIS",
        recognised: &[&["iisreset"], &["net stop http"], &["restart-service", "http"], &["restart-service", "w3svc"]],
        warning: "It drops every site of the server.",
        risk_says: &[&["every site", "all sites", "every application"]],
    },
];

impl Advice {
    /// Does this fix give this advice? Comment lines of a script give none.
    pub fn given_by(&self, fix: &FixTemplate) -> bool {
        let script = fix.script.to_lowercase();
        let mut lines = script.lines().map(str::trim).filter(|l| !l.starts_with('#'));
        lines.any(|line| self.recognised.iter().any(|words| words.iter().all(|w| line.contains(w))))
    }

    /// Does this risk carry the warning?
    pub fn warned_in(&self, risk: &str) -> bool {
        let risk = risk.to_lowercase();
        self.risk_says.iter().all(|words| words.iter().any(|w| risk.contains(w)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modes;

    #[test]
    fn every_fix_that_can_hurt_warns_first() {
        let mut missing = Vec::new();
        for mode in modes::all() {
            for fix in mode.fixes {
                for advice in ADVICE.iter().filter(|a| a.given_by(fix) && !a.warned_in(fix.risk)) {
                    missing.push(format!("{}: {} → {:?}", mode.id, advice.title, fix.risk));
                }
            }
        }
        assert!(missing.is_empty(), "fixes without their warning:\n{}", missing.join("\n"));
    }

    /// A row that no fix gives is either a typing error or an advice that the modes have dropped.
    #[test]
    fn the_rows_recognise_real_fixes() {
        for title in [
            "-PrincipalsAllowedToDelegateToAccount",
            "TGT delegation across a forest trust",
            "AuthServerAllowlist on Windows",
        ] {
            let advice = ADVICE.iter().find(|a| a.title == title).unwrap();
            assert!(modes::all().flat_map(|m| m.fixes).any(|f| advice.given_by(f)), "{title}");
        }
    }

    #[test]
    fn each_warning_passes_its_own_test() {
        for advice in ADVICE {
            assert!(!advice.warned_in("Nothing."), "{}", advice.title);
            assert!(advice.warned_in(advice.warning), "{}", advice.title);
        }
    }
}
