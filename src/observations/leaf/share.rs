//! File shares as back ends: SMB asks with the computer account, whatever the application pool's identity is.

use super::delegation::{front_end_computer, runs_as_machine};
use super::{LeafTest, YES_NO};
use crate::facts::AccountList;
use crate::observations::observed::Observed;
use crate::observations::question::Needs;
use crate::observations::view::View;
use crate::vocabulary::names::Spn;

pub(super) const TESTS: &[LeafTest] = &[
    LeafTest {
        id: "test-back-end-is-share",
        ask: "Is the back end a file share (a path such as \\\\server\\share)?",
        how: "What does the application open?",
        needs: Needs::User,
        options: YES_NO,
        derive: share,
    },
    LeafTest {
        id: "test-pool-is-machine",
        ask: "Does the application pool run as the computer account (ApplicationPoolIdentity, NetworkService, LocalSystem)?",
        how: "IIS Manager, Application Pools, Advanced Settings, Identity",
        needs: Needs::ServerAdmin,
        options: YES_NO,
        derive: machine,
    },
    LeafTest {
        id: "test-machine-account-lists-share",
        ask: "Is cifs/<file server> on the list of the web server's computer account?",
        how: "Get-ADComputer <web server> -Properties msDS-AllowedToDelegateTo | Select-Object -ExpandProperty msDS-AllowedToDelegateTo",
        needs: Needs::AdAdmin,
        options: YES_NO,
        derive: listed,
    },
];

fn is_cifs(spn: &Spn) -> bool {
    spn.class().eq_ignore_ascii_case("cifs")
}

fn share(view: &View<'_>) -> Observed {
    if let Some((text, because)) = view.said_as(&["back_end", "backend"])
        && text.trim().trim_matches(['"', '\'', '`']).starts_with("\\\\")
    {
        return Observed::is("yes", because);
    }
    let Some(spn) = view.names.be_spn.clone() else { return Observed::Unknown };
    let failed = view.second_hop_failures().find(|(_, f)| f.spn.as_ref().is_some_and(|s| s.same(&spn)));
    let held = || view.front_end_tickets().find(|(_, t)| t.server.as_ref().is_some_and(|s| s.same(&spn)));
    let listed = || {
        view.accounts().find_map(|(f, a)| {
            let list = a.allowed_to_delegate_to.as_ref()?;
            let has = list.value.iter().filter_map(|e| Spn::parse(e)).any(|e| e.same(&spn));
            has.then(|| f.because_at(&list.place.clone().lit([spn.to_string()]), format!("the back end is {spn}")))
        })
    };
    let says = format!("the back end is {spn}");
    let because = failed
        .map(|(f, _)| f.because(says.clone()))
        .or_else(|| held().map(|(f, t)| f.because_at(&t.server_place, says.clone())))
        .or_else(listed);
    because.map_or(Observed::Unknown, |b| Observed::is(if is_cifs(&spn) { "yes" } else { "no" }, b))
}

fn machine(view: &View<'_>) -> Observed {
    match pool(view) {
        Some((true, because)) => Observed::is("yes", because),
        Some((false, because)) => Observed::is("no", because),
        None => Observed::Unknown,
    }
}

/// For a share the KDC's log shows the computer account in either case; only the pool itself tells, or who owns the site's SPN.
fn pool(view: &View<'_>) -> Option<(bool, crate::report::Because)> {
    if view.iis().next().is_some() || view.identities().next().is_some() {
        return runs_as_machine(view);
    }
    let (fact, account) = view.front_end_account()?;
    let spns = account.spns.as_ref().filter(|l| l.value.iter().any(|s| s.is_http() && view.scene.site.is_spn(s)))?;
    let name = account.name.as_ref()?;
    // A computer account holds HTTP SPNs for pools that run as it; a service account never stands in for it.
    (!name.value.is_computer()
        && !account.object_class.as_deref().is_some_and(|c| c.to_lowercase().contains("computer")))
    .then(|| (false, fact.because_at(&spns.place, format!("{} owns the web server's SPN", name.value))))
}

fn listed(view: &View<'_>) -> Observed {
    let (Some(spn), Some((fact, computer))) = (view.names.be_spn.clone().filter(is_cifs), front_end_computer(view))
    else {
        return Observed::Unknown;
    };
    let Some(list) = &computer.allowed_to_delegate_to else { return Observed::Unknown };
    let has = list.value.iter().filter_map(|e| Spn::parse(e)).any(|e| is_cifs(&e) && e.same_machine(&spn));
    if !has && computer.is_cut(AccountList::DelegateTo) {
        return Observed::Unknown;
    }
    let says = if has {
        "the computer account lists the share's server"
    } else {
        "the computer account does not list the share's server"
    };
    Observed::is(if has { "yes" } else { "no" }, fact.because_at(&list.place, says))
}
