//! Narrow questions about the web server's request for the back end: what a domain controller says to it, and why none
//! is asked.

use super::{LeafTest, YES_NO};
use crate::artefacts::event_security::POLICY_REFUSAL;
use crate::facts::{FailureContext, Role, Statement};
use crate::observations::fold::yes_no;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs};
use crate::observations::second_hop::{same_account, surely_behind};
use crate::observations::view::View;
use crate::vocabulary::codes::krb;

/// The logon sessions of LocalSystem and NetworkService: the computer account's.
const MACHINE_SESSIONS: [&str; 2] = ["0x3e7", "0x3e4"];
/// The session of LocalService: the web application's own only where the pool runs as that.
const LOCAL_SERVICE: &str = "0x3e5";

/// Minutes as people write them.
const NUMBERS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
/// STATUS_AUTHENTICATION_FIREWALL_FAILED
const FIREWALL_FAILED: u32 = 0xC000_0413;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-changed-within-15-minutes",
        ask: "Was the delegation put right less than 15 minutes ago?",
        how: "Ask whoever changed it for the time, and compare it with the time of the failing request.",
        needs: Needs::User,
        options: YES_NO,
        derive: changed_just_now,
    },
    LeafTest {
        id: "test-kdc-asked-on-retry",
        ask: "When the page is loaded again: does a domain controller write a new event 4769 for the back end?",
        how: "On the domain controllers, Security log, event 4769, Service Name = the account behind the back end's SPN; compare the times.",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: asked_on_retry,
    },
    LeafTest {
        id: "test-domain-sign-in-errors",
        ask: "Does the web server log that it cannot sign in to its domain (Netlogon 5719 or 3210, LSA 40960)?",
        how: "System log of the web server, sources NETLOGON and LSA (LsaSrv)",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: sign_in_errors,
    },
    LeafTest {
        id: "test-service-has-tgt",
        ask: "Does the session that runs the web application hold a ticket-granting ticket of its own?",
        how: "On the web server, elevated, right after loading the page: klist sessions, then klist -li 0x<session of the application pool> (LocalSystem 0x3e7, NetworkService 0x3e4): krbtgt, PRIMARY",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: service_tgt,
    },
    LeafTest {
        id: "test-service-identity",
        ask: "As whom does the web application run?",
        how: "IIS Manager, Application Pools, Advanced Settings, Identity; for a service: services.msc, Log On As",
        needs: Needs::ServerAdmin,
        options: &[
            Choice { id: "domain", says: "A domain account or a managed service account" },
            Choice {
                id: "machine",
                says: "ApplicationPoolIdentity, NetworkService or LocalSystem (the computer account)",
            },
            Choice { id: "local", says: "LocalService, or a local user of this server" },
        ],
        derive: service_identity,
    },
    LeafTest {
        id: "test-back-end-spn-at-kdc",
        ask: "What does a domain controller say to the back end's SPN?",
        how: "On the web server: klist get <the back end's SPN>; when it fails, event 3 in the System log (0x7 or 0x8)",
        needs: Needs::ServerAdmin,
        options: &[
            Choice { id: "known", says: "It knows it: a ticket, or another error than these" },
            Choice { id: "unknown", says: "0x7, 0xc000018b: it does not know it" },
            Choice { id: "twice", says: "0x8: it stands on several accounts" },
        ],
        derive: at_kdc,
    },
    LeafTest {
        id: "test-who-says-modified",
        ask: "Who answers KRB_AP_ERR_MODIFIED (0x29): a domain controller, or the back end?",
        how: "Event 4 of the web server means the back end. Event 4769 with failure 0x29 on a domain controller, for a request on behalf of a user, means the domain controller.",
        needs: Needs::AdAdmin,
        options: &[
            Choice { id: "kdc", says: "A domain controller, to the request on behalf of the user" },
            Choice { id: "server", says: "The back end, to the ticket" },
        ],
        derive: who_says_modified,
    },
    LeafTest {
        id: "test-dcs-alike",
        ask: "Are all domain controllers Windows ones with current updates (none older than July 2021, no other vendor's KDC or re-issuing appliance on the way)?",
        how: "Get-ADDomainController -Filter * | select Name,OperatingSystem,OperatingSystemVersion; and what stands between browser and web server",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: |_| Observed::Unknown,
    },
    LeafTest {
        id: "test-allowed-to-authenticate",
        ask: "Do the user and the web server's account have the right Allowed to authenticate on the object that they are refused at?",
        how: "Users and Computers, View, Advanced Features; the computer or service account in question, tab Security",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: |_| Observed::Unknown,
    },
    LeafTest {
        id: "test-authentication-firewall",
        ask: "Does anything report 0xc0000413 (STATUS_AUTHENTICATION_FIREWALL_FAILED, \"the machine you are logging on to is protected by an authentication firewall\")?",
        how: "The application's error, event 4625 on the server concerned, klist get",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: firewall,
    },
    LeafTest {
        id: "test-authentication-policy-refusal",
        ask: "Does a domain controller log that an authentication policy or silo refused the ticket?",
        how: "On the domain controllers: Applications and Services Logs, Microsoft, Windows, Authentication, AuthenticationPolicyFailures-DomainController (normally off), event 105 or 106; or 4821 in the Security log",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: policy_refusal,
    },
];

/// `changed: 5 minutes ago`. Hours and days are longer than any cache.
fn changed_just_now(view: &View<'_>) -> Observed {
    let told = |text: &str| {
        let text = text.to_lowercase();
        text.contains("minutes ago")
            && ["correct", "chang", "fix", "added", "put right"].iter().any(|w| text.contains(w))
    };
    let in_symptom = || view.said("symptom").filter(|(text, _)| told(text));
    let Some((text, because)) = view.said_as(&["changed", "fixed"]).or_else(in_symptom) else {
        return Observed::Unknown;
    };
    let text = text.to_lowercase();
    let mut number: Option<u32> = None;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let in_words = NUMBERS.iter().zip(1_u32..).find(|(w, _)| **w == word).map(|(_, n)| n);
        if let Some(found) = word.parse().ok().or(in_words) {
            number = Some(found);
            continue;
        }
        let unit = |words: &[&str]| words.iter().any(|w| word.starts_with(w));
        if unit(&["hour", "day", "week", "month", "stunde", "tag"]) || word == "yesterday" {
            return Observed::is("no", because);
        }
        if unit(&["min"]) {
            return match number {
                Some(minutes) => Observed::is(if minutes < 15 { "yes" } else { "no" }, because),
                None => Observed::Unknown,
            };
        }
    }
    Observed::Unknown
}

/// What people write of the domain controllers' logs.
fn asked_on_retry(view: &View<'_>) -> Observed {
    let keys = ["kdc_traffic", "kdc_request", "kdc_requests", "new_4769", "4769", "dc_log"];
    if let Some((text, because)) = keys.iter().find_map(|k| view.said(k)) {
        let text = text.trim().to_lowercase();
        let none = text.starts_with("none") || ["nothing for", "no new", "no 4769"].iter().any(|w| text.contains(w));
        return match yes_no(&text).or(none.then_some(false)) {
            Some(true) => Observed::is("yes", because),
            Some(false) => Observed::is("no", because),
            None => Observed::Unknown,
        };
    }
    let silent = ["no new 4769", "no 4769", "without any kdc", "no kdc request", "no kdc traffic"];
    match view.said("symptom") {
        Some((text, because)) if silent.iter().any(|s| text.to_lowercase().contains(s)) => Observed::is("no", because),
        _ => Observed::Unknown,
    }
}

fn sign_in_errors(view: &View<'_>) -> Observed {
    view.failures()
        .find(|(fact, f)| fact.role() != Role::Client && matches!(f.event, Some(5719 | 3210 | 40960)))
        .map_or(Observed::Unknown, |(fact, f)| {
            Observed::is("yes", fact.because(format!("this server cannot sign in to its domain: {}", f.text)))
        })
}

fn service_tgt(view: &View<'_>) -> Observed {
    let fe = view.names.fe_account.as_ref();
    let of_service = |client: &str| {
        let name = crate::vocabulary::names::AccountName::parse(client);
        client.ends_with('$') || fe.zip(name.as_ref()).is_some_and(|(fe, n)| same_account(fe, n))
    };
    let own = view.front_end_tickets().find(|(_, t)| t.is_tgt() && of_service(&t.client.name));
    if let Some((fact, t)) = own {
        return Observed::is(
            "yes",
            fact.because_at(&t.server_place, format!("{} has a ticket-granting ticket of its own", t.client.name)),
        );
    }
    let local = service_identity(view).option() == Some("local");
    let machine = |id: &Option<String>| {
        id.as_deref()
            .map(|id| id.trim_start_matches("0:").to_lowercase())
            .is_some_and(|id| MACHINE_SESSIONS.contains(&id.as_str()) || local && id == LOCAL_SERVICE)
    };
    let empty = view.listings().find(|(fact, l)| {
        fact.role() != Role::Client
            && (machine(&l.targeted) || l.targeted.is_none() && machine(&l.logon_id))
            && l.shown == 0
            && (l.no_session || l.claimed == Some(0))
    });
    match empty {
        Some((fact, _)) => {
            Observed::is("no", fact.because("the session that runs the web application holds no ticket at all"))
        }
        None => Observed::Unknown,
    }
}

fn service_identity(view: &View<'_>) -> Observed {
    let configured = view.scene.facts.iter().find_map(|f| match f.says() {
        Statement::IisAuthentication(iis) => iis.pool_identity_type.as_ref().map(|t| (f, t, iis.pool_user.as_ref())),
        _ => None,
    });
    let Some((fact, kind, user)) = configured else { return Observed::Unknown };
    let because = fact.because_at(&kind.place, format!("the application pool's identity is {}", kind.value));
    match kind.value.to_lowercase().as_str() {
        "localservice" | "1" => Observed::is("local", because),
        "applicationpoolidentity" | "networkservice" | "localsystem" | "0" | "2" | "4" => {
            Observed::is("machine", because)
        }
        _ => match user.and_then(|u| u.value.domain()) {
            Some(".") | None => Observed::Unknown,
            Some(_) => Observed::is("domain", because),
        },
    }
}

fn at_kdc(view: &View<'_>) -> Observed {
    let refused =
        view.second_hop_failures().filter(|(_, f)| f.context == FailureContext::KdcReply).find_map(|(fact, f)| {
            let named = f.spn.as_ref().is_some_and(|s| surely_behind(view, &fact, s));
            let option = match f.krb? {
                krb::S_PRINCIPAL_UNKNOWN if named => "unknown",
                krb::PRINCIPAL_NOT_UNIQUE if named => "twice",
                krb::BADOPTION | krb::ETYPE_NOSUPP | krb::MODIFIED => "known",
                _ => return None,
            };
            Some(Observed::is(option, fact.because(format!("the domain controller's answer: {}", f.text))))
        });
    if let Some(observed) = refused {
        return observed;
    }
    let Some(spn) = view.names.be_spn.clone() else { return Observed::Unknown };
    let asked = view.ticket_requests().find(|(_, r)| r.spn.as_ref().is_some_and(|s| s.same(&spn)));
    if let Some((fact, r)) = asked {
        let unknown = matches!(
            r.status,
            Some(
                crate::vocabulary::codes::status::NO_TRUST_SAM_ACCOUNT
                    | crate::vocabulary::codes::status::SEC_E_TARGET_UNKNOWN
            )
        );
        match (r.issued, unknown) {
            (true, _) => return Observed::is("known", fact.because(format!("there is a ticket for {spn}"))),
            (false, true) => return Observed::is("unknown", fact.because(format!("no ticket for {spn} can be had"))),
            _ => {}
        }
    }
    let held = view.front_end_tickets().find(|(_, t)| t.server.as_ref().is_some_and(|s| s.same(&spn)));
    let answered = view
        .second_hop_failures()
        .find(|(_, f)| f.context == FailureContext::ApReply && f.spn.as_ref().is_some_and(|s| s.same(&spn)));
    match (held, answered) {
        (Some((fact, t)), _) => {
            Observed::is("known", fact.because_at(&t.server_place, format!("there is a ticket for {spn}")))
        }
        (_, Some((fact, _))) => Observed::is("known", fact.because("the back end got a ticket, so there is one")),
        _ => Observed::Unknown,
    }
}

fn who_says_modified(view: &View<'_>) -> Observed {
    view.second_hop_failures()
        .filter(|(_, f)| f.krb == Some(krb::MODIFIED))
        .find_map(|(fact, f)| match f.context {
            FailureContext::ApReply => {
                Some(Observed::is("server", fact.because(format!("the back end refuses the ticket: {}", f.text))))
            }
            FailureContext::KdcReply | FailureContext::S4u2Proxy if f.on_behalf => Some(Observed::is(
                "kdc",
                fact.because(format!("the domain controller refuses the request on behalf of the user: {}", f.text)),
            )),
            _ => None,
        })
        .unwrap_or_default()
}

fn firewall(view: &View<'_>) -> Observed {
    let by_request = view.ticket_requests().find(|(_, r)| r.status == Some(FIREWALL_FAILED)).map(|(fact, _)| fact);
    let by_failure = view
        .failures()
        .find(|(_, f)| f.status == Some(FIREWALL_FAILED) || f.extended == Some(FIREWALL_FAILED))
        .map(|(fact, _)| fact);
    by_failure.or(by_request).map_or(Observed::Unknown, |fact| {
        Observed::is(
            "yes",
            fact.because("0xc0000413: an authentication firewall (selective authentication, or a policy)"),
        )
    })
}

fn policy_refusal(view: &View<'_>) -> Observed {
    view.failures().find(|(_, f)| f.event == Some(POLICY_REFUSAL) && f.krb == Some(krb::POLICY)).map_or(
        Observed::Unknown,
        |(fact, f)| {
            Observed::is("yes", fact.because(format!("an authentication policy refused a service ticket: {}", f.text)))
        },
    )
}
