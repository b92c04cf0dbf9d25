//! The artefact requests (failure-modes.md, section 7): what to ask for, how to get it, what it answers.

use crate::observations::question::{Needs, Question};

/// A request for an artefact.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// `ask-…`
    pub id: &'static str,
    /// The words.
    pub ask: &'static str,
    /// The command or the clicks.
    pub how: &'static str,
    /// Who can get it.
    pub needs: Needs,
    /// The questions that it is made for: while one of them is open it is offered.
    pub answers: &'static [Question],
    /// The questions on which it throws some light besides.
    pub hints: &'static [Question],
    /// The leaf tests that it answers with them.
    pub tests: &'static [&'static str],
}

impl Request {
    /// True when it would answer this question.
    pub fn tells(&self, question: Question) -> bool {
        self.answers.contains(&question) || self.hints.contains(&question)
    }
}

use Question::{Asked, Bspn, Dom, Err, Fe, Fspn, Hop1, Model, Pol, Tkt, Usr};

/// Every request.
pub const REQUESTS: [Request; 9] = [
    Request {
        id: "ask-klist-client",
        ask: "The user's tickets, from the user's own PC",
        how: "In a prompt that is not elevated, as the user, right after loading the page:\nklist",
        needs: Needs::User,
        answers: &[Tkt],
        hints: &[Usr],
        tests: &[
            "test-client-tgt-forwardable",
            "test-inbound-ticket-forwardable",
            "test-tgt-lifetime",
            "test-forwarded-tgt-on-client",
            "test-ticket-crossed-trust",
        ],
    },
    Request {
        id: "ask-net-export",
        ask: "A capture of the browser",
        how: "Close every window of the browser. Open edge://net-export (chrome://net-export), Start Logging with the default option, load the page once in another tab, Stop Logging. \
              The default leaves tokens and cookies out, and says enough.",
        needs: Needs::User,
        answers: &[Hop1, Asked],
        hints: &[],
        tests: &[
            "test-chromium",
            "test-default-credentials",
            "test-negotiate-handler",
            "test-negotiate-offered",
            "test-offers-only-ntlm",
            "test-challenged",
            "test-spn-is-url-host",
            "test-url-is-name",
            "test-default-port",
            "test-capture-shows-site",
            "test-kerberos-library-called",
        ],
    },
    Request {
        id: "ask-edge-policy",
        ask: "The browser's policies",
        how: "edge://policy (chrome://policy), Export to JSON. Or:\nreg query HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge\nreg query HKCU\\SOFTWARE\\Policies\\Microsoft\\Edge",
        needs: Needs::User,
        answers: &[Pol],
        hints: &[],
        tests: &[
            "test-policy-name-right",
            "test-server-allowlist",
            "test-negotiate-scheme",
            "test-kdc-policy-decides",
            "test-private-sign-in",
        ],
    },
    Request {
        id: "ask-setspn",
        ask: "Who owns the SPNs",
        how: "setspn -F -Q HTTP/<host in the address bar>\nsetspn -F -Q <the back end's SPN>\nsetspn -X",
        needs: Needs::User,
        answers: &[Fspn, Bspn],
        hints: &[],
        tests: &["test-spn-owner-kind", "test-spn-on-one-node"],
    },
    Request {
        id: "ask-whoami",
        ask: "A whoami page of the web server (and of the back end)",
        how: "whoami.aspx from the ASP.NET samples, in a browser that was just started: copy the whole page as text.",
        needs: Needs::User,
        answers: &[Hop1],
        hints: &[],
        tests: &["test-session-based", "test-page-runs-as-user"],
    },
    Request {
        id: "ask-ad-attributes",
        ask: "The directory's settings of the three accounts",
        how: "For the account that runs the web application, the owner of the back end's SPN, and the user (Get-ADUser, Get-ADComputer or Get-ADServiceAccount):\n\
              $FormatEnumerationLimit = -1\n\
              Get-ADUser <name> -Properties msDS-AllowedToDelegateTo,PrincipalsAllowedToDelegateToAccount,TrustedForDelegation,TrustedToAuthForDelegation,\
              AccountNotDelegated,ServicePrincipalNames,msDS-SupportedEncryptionTypes,PasswordLastSet,MemberOf,userAccountControl | Format-List",
        needs: Needs::AdAdmin,
        answers: &[Model],
        hints: &[Usr, Dom],
        tests: &[
            "test-unconstrained-design",
            "test-front-end-trusted",
            "test-user-marked-sensitive",
            "test-any-protocol",
            "test-list-has-back-end-spn",
            "test-rbcd-set",
            "test-rbcd-names-front-end",
            "test-right-on-other-account",
            "test-back-end-encryption",
        ],
    },
    Request {
        id: "ask-klist-frontend",
        ask: "The user's logon session on the web server",
        how: "On the web server, elevated, right after loading the page:\nklist sessions\nklist -li 0x<LogonId of the user's Kerberos:Network session>\nklist -li 0x3e7",
        needs: Needs::ServerAdmin,
        answers: &[Fe],
        hints: &[],
        tests: &[
            "test-tgt-forwarded",
            "test-service-has-tgt",
            "test-service-holds-back-end-ticket",
            "test-inbound-ticket-forwardable",
        ],
    },
    Request {
        id: "ask-event-system",
        ask: "The web server's Kerberos errors",
        how: "On the web server, elevated:\nreg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Kerberos\\Parameters /v LogLevel /t REG_DWORD /d 1 /f\n\
              Load the page, then Event Viewer, System, source Security-Kerberos, event 3: copy details as text. Set the value back to 0.",
        needs: Needs::ServerAdmin,
        answers: &[Err],
        hints: &[],
        tests: &[
            "test-extended-error",
            "test-delegated-tgt-expired-event",
            "test-domain-sign-in-errors",
            "test-back-end-spn-at-kdc",
        ],
    },
    Request {
        id: "ask-topology",
        ask: "The domains of user, web application and back end, and the trust between them",
        how: "whoami /fqdn for the user; the distinguished names of the two accounts; nltest /domain_trusts /v",
        needs: Needs::User,
        answers: &[Dom],
        hints: &[],
        tests: &[
            "test-user-in-other-forest",
            "test-trust-selective",
            "test-trust-quarantined",
            "test-trust-allows-tgt-delegation",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::REQUESTS;
    use crate::observations::leaf;

    #[test]
    fn its_tests_exist() {
        for request in REQUESTS {
            for id in request.tests {
                assert!(leaf::by_id(id).is_some(), "{}: {id}", request.id);
            }
        }
    }
}
