//! Narrow questions about the application on the web server, and about chains of more than two services.

use super::{LeafTest, YES_NO};
use crate::artefacts::kind::Kind;
use crate::facts::{AccountList, FailureContext, Library, Statement};
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;
use crate::vocabulary::names::{AccountName, Spn};

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-page-runs-as-user",
        ask: "Does the application's code run as the user when it calls the back end?",
        how: "On a page of this application: WindowsIdentity.GetCurrent().Name (whoami.aspx shows it), the user's name or the application pool's?",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: runs_as_user,
    },
    LeafTest {
        id: "test-service-holds-back-end-ticket",
        ask: "Is there a ticket for the back end in the service's own session, with the service as its client?",
        how: "On the web server, elevated: klist -li 0x3e7 (0x3e4, or the session of the application pool)",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: service_ticket,
    },
    LeafTest {
        id: "test-third-hop-refused",
        ask: "Does the back end itself call a further service as the user, and is it refused there?",
        how: "On the back end, as on the web server: event 3 in the System log (LogLevel 1), 0xd for the further service's SPN",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: third_hop,
    },
    LeafTest {
        id: "test-middle-may-delegate",
        ask: "May the account of the middle service delegate to the service behind it?",
        how: "Get-ADUser <account of the middle service> -Properties TrustedForDelegation,msDS-AllowedToDelegateTo; or PrincipalsAllowedToDelegateToAccount on the last service's account",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: middle_may,
    },
    LeafTest {
        id: "test-chain-on-one-host",
        ask: "Do two services of the chain run on the same server, the first calling the second by that server's own name?",
        how: "Compare the host in the application's configuration with the web server's own name.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: |_| Observed::Unknown,
    },
    LeafTest {
        id: "test-works-apart",
        ask: "Does it work when the two services run on two servers, or with \"any authentication protocol\"?",
        how: "Try it in a test environment, or recall whether it worked before the services were put together.",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: |_| Observed::Unknown,
    },
    LeafTest {
        id: "test-token-is-identification",
        ask: "Is the user's token on the web server an Identification token (error 1346, \"a required impersonation level was not provided\")?",
        how: "WindowsIdentity.ImpersonationLevel on a page of the application, or the application's own error",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: identification,
    },
    LeafTest {
        id: "test-report-server-negotiates",
        ask: "Does rsreportserver.config have RSWindowsNegotiate (or RSWindowsKerberos) among its AuthenticationTypes?",
        how: "rsreportserver.config in the ReportServer folder, element AuthenticationTypes",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: report_server,
    },
    LeafTest {
        id: "test-front-end-keeps-credentials",
        ask: "Is the web server on Linux told to keep the user's credentials for the application?",
        how: "Apache: GssapiDelegCcacheDir (and, for constrained delegation, GssapiUseS4U2Proxy) for this location; in the application: KRB5CCNAME",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: keeps_credentials,
    },
];

/// What the web server's configuration says, and what its log says of the application's own attempt. That it finds no
/// credentials is the server's doing only where the browser sent some, or where nothing tells the server to keep them.
fn keeps_credentials(view: &View<'_>) -> Observed {
    let told = view.scene.facts.iter().filter_map(|fact| match fact.says() {
        Statement::Answer(a) => Some((fact, a.value.to_lowercase())),
        _ => None,
    });
    let mut lacks = None;
    for (fact, text) in told {
        if text.contains("gssapidelegccachedir") {
            return Observed::is("yes", fact.because("the web server keeps the credentials for the application"));
        }
        if text.contains("authtype gssapi") {
            lacks = Some(fact.because("nothing here tells the web server to keep the credentials"));
        }
    }
    let none = view.listings().find(|(fact, l)| fact.kind() == Kind::ApacheLog && l.no_session);
    let sent = view.handshakes().filter(|(_, h)| h.library == Library::Gssapi).find_map(|(fact, h)| {
        let granted = h.granted.as_ref().filter(|g| g.value)?;
        Some(fact.because_at(&granted.place, "the browser sends the user's credentials along"))
    });
    let Some((fact, _)) = none.filter(|_| sent.is_some() || lacks.is_some()) else { return Observed::Unknown };
    let because = fact.because("the application on the web server finds no credentials");
    Observed::Is("no", std::iter::once(because).chain(sent).chain(lacks).collect())
}

fn runs_as_user(view: &View<'_>) -> Observed {
    view.identities()
        .filter(|(_, i)| !i.of_back_end)
        .find_map(|(fact, i)| {
            let (user, current) = (i.user.as_ref()?, i.current.as_ref()?);
            let same = user.value.same(&current.value);
            let says =
                if same { "the page's code runs as the user" } else { "the page knows the user, but its code runs as" };
            let says = if same { says.to_owned() } else { format!("{says} {}", current.value) };
            Some(Observed::is(if same { "yes" } else { "no" }, fact.because_at(&current.place, says)))
        })
        .unwrap_or_default()
}

fn service_ticket(view: &View<'_>) -> Observed {
    let Some(spn) = view.names.be_spn.clone() else { return Observed::Unknown };
    let fe = view.names.fe_account.clone();
    let services = |client: &str| {
        let name = AccountName::parse(client);
        client.ends_with('$') || fe.as_ref().zip(name.as_ref()).is_some_and(|(fe, n)| fe.same(n))
    };
    view.front_end_tickets()
        .find(|(_, t)| {
            !t.held_by_service && services(&t.client.name) && t.server.as_ref().is_some_and(|s| s.same(&spn))
        })
        .map_or(Observed::Unknown, |(fact, t)| {
            let says = format!("{} itself has a ticket for the back end", t.client.name);
            Observed::is("yes", fact.because_at(&t.server_place, says))
        })
}

fn third_hop(view: &View<'_>) -> Observed {
    use crate::vocabulary::codes::{krb, status};
    let refused = view.third_hop_failures().find(|(_, f)| {
        matches!(f.krb, Some(krb::BADOPTION | krb::POLICY))
            || matches!(
                f.status,
                Some(status::CROSSREALM_DELEGATION_FAILURE | status::SEC_E_CROSSREALM_DELEGATION_FAILURE)
            )
    });
    refused.map_or(Observed::Unknown, |(fact, f)| {
        Observed::is("yes", fact.because(format!("the service behind the web server is refused itself: {}", f.text)))
    })
}

/// The middle service's account: the owner of the SPN that the web server calls.
fn middle_may(view: &View<'_>) -> Observed {
    if third_hop(view).is_unknown() {
        return Observed::Unknown;
    }
    let Some((fact, middle)) = view.back_end_account() else { return Observed::Unknown };
    let rbcd = view.names.third_spn.as_ref().and_then(|spn| {
        let (fact, last) = view.accounts().find(|(_, a)| a.owns(spn))?;
        let list = last.rbcd_principals.as_ref()?;
        let named = |entry: &String| {
            let name = crate::vocabulary::names::name_of_dn(entry).or_else(|| AccountName::parse(entry));
            name.zip(view.names.be_account.clone()).is_some_and(|(n, be)| n.same(&be))
        };
        let found = list.value.iter().any(named);
        let because = fact.because_at(&list.place, "whom the last service's account names");
        Some((found, !found && last.is_cut(AccountList::Principals), because))
    });
    if let Some((true, _, because)) = &rbcd {
        return Observed::is("yes", because.clone());
    }
    let (Some(trusted), Some(list)) = (&middle.trusted_for_delegation, &middle.allowed_to_delegate_to) else {
        return Observed::Unknown;
    };
    let wanted = view.names.third_spn.as_ref();
    let listed = list.value.iter().filter_map(|e| Spn::parse(e)).any(|e| wanted.is_some_and(|w| e.same(w)));
    if trusted.value {
        return Observed::is(
            "yes",
            fact.because_at(&trusted.place, "the middle service's account may delegate to any service"),
        );
    }
    if listed {
        return Observed::is(
            "yes",
            fact.because_at(&list.place, "the middle service's list has the service behind it"),
        );
    }
    if middle.is_cut(AccountList::DelegateTo) || matches!(rbcd, Some((_, true, _))) {
        return Observed::Unknown;
    }
    let mut because = vec![
        fact.because_at(&trusted.place, "the middle service's account is not trusted for delegation"),
        fact.because_at(&list.place, "and its list does not have the service behind it"),
    ];
    because.extend(rbcd.map(|(_, _, b)| b));
    Observed::Is("no", because)
}

fn identification(view: &View<'_>) -> Observed {
    let by_page = view.identities().filter(|(_, i)| !i.of_back_end).find_map(|(fact, i)| {
        let level = i.level.as_ref()?;
        let word = level.value.to_lowercase();
        Some((
            word.starts_with("identif"),
            fact.because_at(&level.place, format!("the impersonation level is {}", level.value)),
        ))
    });
    if let Some((yes, because)) = by_page {
        return Observed::is(if yes { "yes" } else { "no" }, because);
    }
    let shows = |text: &str| {
        let text = text.to_lowercase();
        text.contains("required impersonation level") || text.contains("0x80070542")
    };
    let by_error = view.failures().find(|(_, f)| f.context == FailureContext::BackEnd && shows(&f.text));
    let by_error = by_error.map(|(fact, f)| fact.because(format!("the application's error: {}", f.text)));
    let numbers = |text: &str| text.contains("1346") || text.contains("0x542");
    let said = || {
        let symptom = view.said("symptom").filter(|(text, _)| shows(text) || numbers(&text.to_lowercase()));
        symptom.map(|(_, because)| because)
    };
    by_error.or_else(said).map_or(Observed::Unknown, |because| Observed::is("yes", because))
}

fn report_server(view: &View<'_>) -> Observed {
    let found = view.scene.facts.iter().find_map(|f| match f.says() {
        Statement::IisAuthentication(iis) => iis.report_server_types.as_ref().map(|t| (f, t)),
        _ => None,
    });
    let Some((fact, types)) = found else { return Observed::Unknown };
    let kerberos = |t: &String| matches!(t.to_lowercase().as_str(), "rswindowsnegotiate" | "rswindowskerberos");
    let because = fact.because_at(&types.place, format!("the report server's types are {}", types.value.join(", ")));
    if types.value.iter().any(kerberos) {
        return Observed::is("yes", because);
    }
    if types.value.iter().any(|t| t.eq_ignore_ascii_case("rswindowsntlm")) {
        return Observed::is("no", because);
    }
    Observed::Unknown
}
