//! `err`: what the web server got when it asked for the back end.

use crate::facts::Failure;
use crate::observations::observed::Observed;
use crate::observations::view::{Of, View};
use crate::vocabulary::codes::{krb, lookup, status};

/// The clearest error counts: a status that is decisive wherever it stands, then the last Kerberos error for the back end.
pub fn fold(view: &View<'_>) -> Observed {
    let failures: Vec<Of<'_, Failure>> = view.second_hop_failures().collect();
    let cross_realm = |f: &Failure| {
        matches!(f.status, Some(status::CROSSREALM_DELEGATION_FAILURE | status::SEC_E_CROSSREALM_DELEGATION_FAILURE))
    };
    if let Some((fact, _)) = failures.iter().find(|(_, f)| cross_realm(f)) {
        let says = "0xc000040b (-1073740789) STATUS_CROSSREALM_DELEGATION_FAILURE: constrained delegation to a target outside the server's realm";
        return Observed::is("40b", fact.because(says));
    }
    failures
        .iter()
        .rev()
        .find_map(|(fact, f)| option(f).map(|o| Observed::is(o, fact.because(says(f)))))
        .unwrap_or_default()
}

fn option(f: &Failure) -> Option<&'static str> {
    Some(match f.krb? {
        krb::S_PRINCIPAL_UNKNOWN | krb::PRINCIPAL_NOT_UNIQUE => "7",
        krb::POLICY => "12",
        krb::BADOPTION => "13",
        krb::ETYPE_NOSUPP => "14",
        krb::MODIFIED => "41",
        _ => return None,
    })
}

fn says(f: &Failure) -> String {
    let code = f.krb.and_then(|n| lookup("KRB_ERROR", n));
    let symbol = code.map_or("an error", |c| c.symbol);
    let hex = f.krb.map(|n| format!("{n:#x} ")).unwrap_or_default();
    match &f.spn {
        Some(spn) => format!("the web server gets {hex}{symbol} for {spn}"),
        None => format!("the web server gets {hex}{symbol}"),
    }
}
