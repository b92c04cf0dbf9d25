//! The back end's service: who owns its SPN, and who runs it.

use super::observed::Observed;
use super::second_hop::same_account;
use super::view::View;
use crate::facts::FailureContext;
use crate::report::Because;
use crate::vocabulary::codes::krb;
use crate::vocabulary::names::{AccountName, Spn};

/// Under which keys people write which account runs the back end's service.
const RUNS_AS: [&str; 6] = [
    "back_end_account",
    "back_end_service_account",
    "service_account",
    "sql_service_account",
    "runs_as",
    "logon_account",
];

/// Service classes that a computer's HOST/ SPN stands for (the default sPNMappings, the ones met here): a search for the
/// class itself finds nothing, and the domain controller issues the ticket all the same.
const MAPPED_TO_HOST: [&str; 7] = ["http", "www", "cifs", "wsman", "rpcss", "time", "dns"];

/// True when a search that finds nothing does not prove that the domain controller knows nothing.
pub fn host_may_stand_for(spn: &Spn) -> bool {
    MAPPED_TO_HOST.iter().any(|c| spn.class().eq_ignore_ascii_case(c))
}

/// The search's result against who runs the service; *none* counts only where the search shows for which name.
pub fn checked(view: &View<'_>, spn: &Spn, found: Observed) -> Observed {
    match found {
        Observed::Is("none", _) if !view.spn_searches().any(|(_, s)| s.none && named(s.spn.as_ref(), spn)) => {
            Observed::Unknown
        }
        // One owner where somebody looked, but the domain controller itself finds several.
        Observed::Is("ok", _) | Observed::Unknown if twice(view, spn).is_some() => {
            twice(view, spn).map_or(Observed::Unknown, |because| Observed::is("dup", because))
        }
        Observed::Is("ok", because) => match owner_runs(view) {
            Some((false, proof)) => Observed::Is("own", because.into_iter().chain(proof).collect()),
            _ => Observed::Is("ok", because),
        },
        other => other,
    }
}

fn twice(view: &View<'_>, spn: &Spn) -> Option<Because> {
    view.second_hop_failures()
        .find(|(_, f)| f.krb == Some(krb::PRINCIPAL_NOT_UNIQUE) && named(f.spn.as_ref(), spn))
        .map(|(fact, f)| fact.because(format!("the name stands on several accounts: {}", f.text)))
}

fn named(searched: Option<&Spn>, spn: &Spn) -> bool {
    searched.is_some_and(|s| s.same(spn))
}

/// Does the owner of the back end's SPN run the service? `None` where one of the two is not known.
pub fn owner_runs(view: &View<'_>) -> Option<(bool, Vec<Because>)> {
    let owner = view.names.be_account.as_ref()?;
    let (runner, because) = runner(view)?;
    Some((same_account(owner, &runner), vec![because]))
}

/// The account that runs the back end's service: the one that answered that it cannot read the ticket, or what people say.
fn runner(view: &View<'_>) -> Option<(AccountName, Because)> {
    let said = RUNS_AS.iter().find_map(|key| view.said(key));
    if let Some((text, because)) = said
        && let Some(name) = AccountName::parse(text.split(['(', ',']).next().unwrap_or(text))
    {
        return Some((name, because));
    }
    view.second_hop_failures().find_map(|(fact, f)| {
        let responder = f.responder.clone()?;
        // The older wording names the machine whatever runs the service.
        let told = f.context == FailureContext::ApReply && f.krb == Some(krb::MODIFIED);
        (told && !f.text.to_lowercase().contains("the server host/")).then(|| {
            let says = format!("{responder} answered, and could not read the ticket");
            (responder, fact.because(says))
        })
    })
}
