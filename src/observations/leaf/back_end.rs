//! Narrow questions about the back end: who runs it, how it is addressed, and what it says to whom.

use super::{LeafTest, YES_NO};
use crate::artefacts::kind::Kind;
use crate::facts::{Failure, FailureContext, Mechanism, Role, Statement};
use crate::observations::back_end::owner_runs;
use crate::observations::fold::fold;
use crate::observations::observed::Observed;
use crate::observations::question::{Choice, Needs, Question};
use crate::observations::second_hop::same_account;
use crate::observations::view::View;
use crate::report::Because;
use crate::vocabulary::allow_list::Origin;
use crate::vocabulary::names::{AccountName, HostName, Spn};

/// AES in `msDS-SupportedEncryptionTypes`.
const AES: u32 = 0x18;
/// SEC_E_WRONG_PRINCIPAL
const WRONG_PRINCIPAL: u32 = 0x8009_0322;
/// RC4 and DES there.
const WEAK: u32 = 0x7;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-back-end-owner-runs-service",
        ask: "Does the account that owns the back end's SPN also run the back end's service?",
        how: "setspn -F -Q <the back end's SPN>, against the account in services.msc (Log On As) or of the application pool on the back end",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: |view| {
            owner_runs(view)
                .map_or(Observed::Unknown, |(yes, because)| Observed::Is(if yes { "yes" } else { "no" }, because))
        },
    },
    LeafTest {
        id: "test-back-end-encryption",
        ask: "Which encryption types does the account behind the back end's SPN allow (msDS-SupportedEncryptionTypes)?",
        how: "Get-ADUser <account> -Properties msDS-SupportedEncryptionTypes,PasswordLastSet (Get-ADComputer, Get-ADServiceAccount)",
        needs: Needs::AdAdmin,
        options: &[
            Choice { id: "aes", says: "AES is among them (0x8, 0x10, 0x18 …)" },
            Choice { id: "weak", says: "Only RC4 or DES (0x4 …)" },
            Choice { id: "unset", says: "Nothing is set" },
        ],
        derive: encryption,
    },
    LeafTest {
        id: "test-back-end-address",
        ask: "By what does the application address the back end?",
        how: "Read the connection string or URL in the application's configuration; nslookup that name; %windir%\\System32\\drivers\\etc\\hosts and the SQL client aliases (cliconfg) on the web server.",
        needs: Needs::ServerAdmin,
        options: &[
            Choice { id: "name", says: "By its own name" },
            Choice { id: "ip", says: "By an IP address" },
            Choice { id: "alias", says: "By another name: alias (CNAME), hosts file, SQL alias" },
        ],
        derive: address,
    },
    LeafTest {
        id: "test-asked-for-address-host",
        ask: "Is the SPN that the web server asks for made of the host in the connection string or URL?",
        how: "Target Name in event 3 of the web server (or its klist), against the application's configuration",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: asked_for_host,
    },
    LeafTest {
        id: "test-back-end-denies-user",
        ask: "Does the back end know the user by name and refuse him or her all the same?",
        how: "The back end's own error or log: HTTP 403, Login failed for user <the user>, access denied with the user's name",
        needs: Needs::User,
        options: YES_NO,
        derive: denies,
    },
    LeafTest {
        id: "test-back-end-saw-ntlm",
        ask: "Did whoever arrived at the back end come by NTLM?",
        how: "On the back end: Security log, event 4624 of that moment, Authentication Package; SQL Server: select auth_scheme from sys.dm_exec_connections where session_id = @@spid",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: saw_ntlm,
    },
    LeafTest {
        id: "test-arrived-by-delegation",
        ask: "Does the back end's logon event name the web server's account under Transited Services?",
        how: "On the back end: Security log, event 4624 of that moment, Transited Services",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: by_delegation,
    },
    LeafTest {
        id: "test-sspi-context-error",
        ask: "Does the page or the SQL client say \"Cannot generate SSPI context\" or \"The target principal name is incorrect\"?",
        how: "Read the error of the page, or the application's log.",
        needs: Needs::User,
        options: YES_NO,
        derive: sspi_context,
    },
    LeafTest {
        id: "test-back-end-offers-negotiate",
        ask: "Does the back end's 401 offer Negotiate?",
        how: "On the web server: curl -i <URL of the back end>, WWW-Authenticate",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: offers,
    },
    LeafTest {
        id: "test-back-end-nodes-one-account",
        ask: "Do all nodes of the back end (cluster, farm, availability group) run the service as the same account?",
        how: "services.msc or the application pool on every node",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: |_| Observed::Unknown,
    },
];

fn encryption(view: &View<'_>) -> Observed {
    let Some((fact, account)) = view.back_end_account() else { return Observed::Unknown };
    match &account.encryption_types {
        Some(types) => {
            let option = match types.value {
                t if t & AES != 0 => "aes",
                t if t & WEAK != 0 => "weak",
                _ => "unset",
            };
            let says = format!("msDS-SupportedEncryptionTypes of the back end's account is {:#x}", types.value);
            Observed::is(option, fact.because_at(&types.place, says))
        }
        None if account.absent_means_empty => {
            Observed::is("unset", fact.because("msDS-SupportedEncryptionTypes is not set"))
        }
        None => Observed::Unknown,
    }
}

/// The host in the connection string or URL, as the person gives it.
fn addressed(view: &View<'_>) -> Option<(HostName, Because)> {
    let keys = ["connection_string", "back_end_url", "backend_url", "back_end_address"];
    let (text, because) = keys.iter().find_map(|key| view.said(key))?;
    let source = ["data source", "server", "address", "addr"].iter().find_map(|key| {
        text.split(';').filter_map(|part| part.split_once('=')).find(|(k, _)| k.trim().eq_ignore_ascii_case(key))
    });
    let place = source.map_or(text, |(_, value)| value).trim();
    let bare = place.trim_start_matches("tcp:").split([',', '\\']).next().unwrap_or(place);
    let host = match bare.contains("://") {
        true => Origin::parse(bare).and_then(|o| HostName::parse(&o.host)),
        false => HostName::parse(bare.split(':').next().unwrap_or(bare)),
    };
    host.map(|h| (h, because))
}

/// `back_end: 10.0.0.5`, `connection_string: uses the alias SALES`.
fn in_words(view: &View<'_>) -> Observed {
    let keys = ["connection_string", "back_end_url", "backend_url", "back_end_address", "back_end", "backend"];
    let Some((text, because)) = keys.iter().find_map(|key| view.said(key)) else { return Observed::Unknown };
    let lower = text.to_lowercase();
    let ip = |w: &str| HostName::parse(w.trim_matches(['(', ')', ';', '.'])).is_some_and(|h| h.is_ip());
    if lower.split(|c: char| c.is_whitespace() || c == '/' || c == '=').any(ip) {
        return Observed::is("ip", because);
    }
    let alias = lower.split(|c: char| !c.is_alphanumeric()).any(|w| matches!(w, "alias" | "cname" | "cliconfg"));
    if alias || lower.contains("hosts file") { Observed::is("alias", because) } else { Observed::Unknown }
}

fn address(view: &View<'_>) -> Observed {
    let told = addressed(view);
    if let Some((_, because)) = told.as_ref().filter(|(h, _)| h.is_ip()) {
        return Observed::is("ip", because.clone());
    }
    // The address in a program's error.
    let by_error = view.arrivals().find_map(|(fact, a)| {
        let host = a.host.as_ref().filter(|h| a.back_end && h.is_ip())?;
        Some(fact.because(format!("the application calls the back end at {host}")))
    });
    if let Some(because) = by_error {
        return Observed::is("ip", because);
    }
    let host = told.as_ref().map(|(h, _)| h.clone());
    let Some(host) = host.or_else(|| view.names.be_spn.as_ref().and_then(Spn::host)) else { return in_words(view) };
    if host.is_ip() {
        let seen =
            view.second_hop_failures().find(|(_, f)| f.spn.as_ref().and_then(Spn::host).is_some_and(|h| h.same(&host)));
        return seen.map_or(Observed::Unknown, |(fact, _)| {
            Observed::is("ip", fact.because(format!("the SPN asked for is made of an IP address: {host}")))
        });
    }
    let alias = view.scene.facts.iter().find_map(|f| match f.says() {
        Statement::DnsAnswer(d) if d.asked.as_ref().is_some_and(|a| a.same_machine(&host)) => {
            let canonical = d.canonical.as_ref()?;
            Some((f.because(format!("{host} is {canonical} in DNS")), !canonical.same_machine(&host)))
        }
        _ => None,
    });
    match alias {
        Some((because, true)) => Observed::is("alias", because),
        Some((because, false)) => Observed::is("name", because),
        None => in_words(view),
    }
}

/// What was asked for stands in the web server's log or in its tickets; the address in the configuration.
fn asked_for_host(view: &View<'_>) -> Observed {
    let Some((host, said)) = addressed(view).filter(|(h, _)| !h.is_ip()) else { return Observed::Unknown };
    let failed = view.second_hop_failures().find_map(|(fact, f)| {
        let spn = f.spn.as_ref()?;
        Some((spn.host()?, fact.because(format!("the web server asks for {spn}"))))
    });
    let Some((asked, because)) = failed else { return Observed::Unknown };
    Observed::Is(if asked.same_machine(&host) { "yes" } else { "no" }, vec![because, said])
}

/// The back end's own words about the user that is known from elsewhere; a name alone may be a service's.
fn denies(view: &View<'_>) -> Observed {
    let user = view.names.user.as_ref();
    let by_name = view.failures().find_map(|(fact, f)| {
        let of_back_end = fact.kind() == Kind::BeError || fact.role() == Role::BackEnd;
        let name = f.requester.as_ref()?;
        let is_user = user.is_some_and(|u| u.same(name));
        (f.context == FailureContext::BackEnd && of_back_end && is_user)
            .then(|| fact.because(format!("the back end refuses {name} by name: {}", f.text)))
    });
    let forbidden = || {
        view.arrivals().find_map(|(fact, a)| {
            let foreign = view.scene.site.host.is_some() && a.host.as_ref().is_some_and(|h| !view.scene.site.is(h));
            // A 403 without a name may come before any sign-in; a ticket of the user for it shows that it does not.
            let named = match &a.who {
                Some(who) => user.is_some_and(|u| u.same(who)),
                None => fold(Question::Fe, view).option() == Some("be"),
            };
            ((a.back_end || foreign) && a.status == Some(403) && named)
                .then(|| fact.because("the back end answers 403: it knows who asks, and refuses"))
        })
    };
    by_name.or_else(forbidden).map_or(Observed::Unknown, |because| Observed::is("yes", because))
}

fn saw_ntlm(view: &View<'_>) -> Observed {
    let at_back_end =
        |host: Option<&HostName>| view.scene.site.host.is_some() && host.is_some_and(|h| !view.scene.site.is(h));
    view.arrivals()
        .filter(|(fact, a)| a.back_end || fact.role() == Role::BackEnd || at_back_end(a.host.as_ref()))
        .filter_map(|(fact, a)| a.mechanism.map(|m| (fact, m)))
        .last()
        .map_or(Observed::Unknown, |(fact, mechanism)| match mechanism {
            Mechanism::Ntlm => Observed::is("yes", fact.because("the back end was reached by NTLM")),
            Mechanism::Kerberos => Observed::is("no", fact.because("the back end was reached by Kerberos")),
            Mechanism::Undecided => Observed::Unknown,
        })
}

/// Another service than the front end may have brought the user: then this is another hop.
fn by_delegation(view: &View<'_>) -> Observed {
    let ours = |name: &AccountName| {
        let owner = view.names.fe_account.as_ref().is_none_or(|fe| same_account(fe, name));
        owner || Spn::parse(name.as_str()).is_some_and(|s| view.scene.site.is_spn(&s))
    };
    let brought = view.arrivals().filter_map(|(fact, a)| Some((fact, a.through.as_ref().filter(|n| ours(n))?)));
    brought.last().map_or(Observed::Unknown, |(fact, name)| {
        Observed::is(
            "yes",
            fact.because(format!("the user arrived at the back end through {name} (Transited Services)")),
        )
    })
}

fn sspi_context(view: &View<'_>) -> Observed {
    let said = |f: &Failure| {
        let text = f.text.to_lowercase();
        f.status == Some(WRONG_PRINCIPAL)
            || text.contains("sspi context")
            || text.contains("sspi-kontext")
            || text.contains("contexto sspi")
            || text.contains("contexte sspi")
    };
    view.failures()
        .find(|(fact, f)| f.context == FailureContext::BackEnd && fact.kind() == Kind::BeError && said(f))
        .map_or(Observed::Unknown, |(fact, f)| {
            Observed::is("yes", fact.because(format!("the client says: {}", f.text)))
        })
}

/// The first challenge counts; an answer that continues a conversation offers nothing new.
fn offers(view: &View<'_>) -> Observed {
    let challenge = view.back_end_exchanges().find_map(|(fact, e)| {
        let offered = e.offered.as_ref()?;
        (e.status.as_ref().is_none_or(|s| s.value == 401)).then_some((fact, offered))
    });
    let Some((fact, schemes)) = challenge else { return Observed::Unknown };
    let has = schemes.value.iter().any(|s| s.to_lowercase().starts_with("negotiate"));
    let because = fact.because_at(&schemes.place, format!("the back end offers {}", schemes.value.join(", ")));
    Observed::is(if has { "yes" } else { "no" }, because)
}
