//! `model`, `dom` and `usr`: what the directory says of the front end's, the back end's and the user's accounts.

use crate::facts::{Account, AccountList, At, Device, Role};
use crate::observations::leaf;
use crate::observations::names::says_back_end;
use crate::observations::observed::Observed;
use crate::observations::owners;
use crate::observations::second_hop::same_account;
use crate::observations::view::{Of, View};
use crate::report::Because;
use crate::vocabulary::names::{AccountName, Realm, name_of_dn};

/// `model`: which kind of delegation is configured on the right accounts.
pub fn model(view: &View<'_>) -> Observed {
    let from_directory = match disagreeing(view) {
        Some(conflict) => return conflict,
        None => configured(view),
    };
    let from_ticket = ticket_says(view);
    let denial = denies_trust(view);
    match (&from_directory, &from_ticket) {
        (Observed::Is(option, proof), Observed::Is(_, ticket)) if *option != "U" && denial.is_some() => Observed::Conflict {
            one: ("U", ticket.clone()),
            other: (option, denial.into_iter().chain(proof.clone()).collect()),
            says: "The ticket carries ok_as_delegate, but the directory says that the account is not trusted for delegation. \
                   One of them is older: compare the ticket's start time with the change, purge the tickets, and look again."
                .to_owned(),
        },
        (Observed::Unknown, _) => from_ticket,
        _ => from_directory,
    }
}

/// Two dumps of the front end's account that tell different delegation settings, with no time that tells which is newer.
fn disagreeing(view: &View<'_>) -> Option<Observed> {
    let (fact, account) = view.front_end_account()?;
    let (other_fact, other) = view.accounts().find(|(f, a)| {
        f.held.id != fact.held.id && owners::is_same_object(a, account) && owners::newer(a, account).is_none()
    })?;
    let list = |a: &'_ Account| {
        let whole = a.allowed_to_delegate_to.as_ref().filter(|_| !a.is_cut(AccountList::DelegateTo))?;
        let mut all: Vec<String> = whole.value.iter().map(|e| e.to_lowercase()).collect();
        all.sort_unstable();
        Some((whole.place.clone(), format!("the list of services is: {}", all.join(", "))))
    };
    let trusted = |a: &'_ Account| {
        let flag = a.trusted_for_delegation.as_ref()?;
        Some((flag.place.clone(), format!("trusted for delegation to any service: {}", flag.value)))
    };
    let differ = [trusted(account).zip(trusted(other)), list(account).zip(list(other))];
    let (one, two) = differ.into_iter().flatten().find(|((_, a), (_, b))| a != b)?;
    Some(Observed::Conflict {
        one: ("", vec![fact.because_at(&one.0, one.1)]),
        other: ("", vec![other_fact.because_at(&two.0, two.1)]),
        says: "Two dumps of the front end's account contradict each other, and nothing in them tells which is newer. Remove the older, or take a new one with whenChanged."
            .to_owned(),
    })
}

/// ok_as_delegate is the KDC's own statement that the account is trusted for unconstrained delegation.
fn ticket_says(view: &View<'_>) -> Observed {
    match view.site_ticket() {
        Some((fact, t)) if t.flags.as_ref().is_some_and(|f| f.value.ok_as_delegate()) => Observed::is(
            "U",
            fact.because_at(
                &t.flags_place(),
                "ok_as_delegate: the KDC says that the account is trusted for unconstrained delegation",
            ),
        ),
        _ => Observed::Unknown,
    }
}

fn denies_trust(view: &View<'_>) -> Option<Because> {
    let (fact, account) = view.front_end_account()?;
    let flag = account.trusted_for_delegation.as_ref().filter(|f| !f.value)?;
    Some(fact.because_at(&flag.place, "the account is not trusted for delegation"))
}

fn configured(view: &View<'_>) -> Observed {
    let rbcd = rbcd(view);
    let Some((fact, account)) = view.front_end_account() else {
        return match rbcd {
            Some((true, because)) => Observed::is("R", because),
            _ => Observed::Unknown,
        };
    };
    if let Some(trusted) = account.trusted_for_delegation.as_ref().filter(|t| t.value) {
        return Observed::is(
            "U",
            fact.because_at(&trusted.place, "the account is trusted for delegation to any service"),
        );
    }
    if let Some(list) = account.allowed_to_delegate_to.as_ref().filter(|l| !l.value.is_empty()) {
        let mut proof =
            vec![fact.because_at(&list.place, "the account has a list of services that it may delegate to")];
        if let Some((true, because)) = rbcd {
            proof.push(because);
            return Observed::Is("CR", proof);
        }
        if let Some(transition) = account.trusted_to_auth.as_ref().filter(|t| t.value) {
            proof.push(fact.because_at(&transition.place, "with any authentication protocol"));
            return Observed::Is("T", proof);
        }
        // Somebody is named on the back end's account, and nobody can tell whom: the front end may have both rights.
        if rbcd.is_none() && names_somebody(view) {
            return Observed::Unknown;
        }
        return Observed::Is("C", proof);
    }
    match rbcd {
        Some((true, because)) => Observed::is("R", because),
        // A back end that is known only from another account's list: that account may be the one that acts.
        Some((false, _)) if leaf::asked_for(view).is_none() && said_of_no_back_end(view) => Observed::Unknown,
        Some((false, because)) => nothing(view, (fact, account), Some(because)),
        None => Observed::Unknown,
    }
}

fn said_of_no_back_end(view: &View<'_>) -> bool {
    !view.back_end_account().is_some_and(|(_, a)| a.said_role.as_ref().is_some_and(|r| says_back_end(&r.value)))
}

/// Nothing on the front end's account and nothing on the back end's: only when both were looked at.
fn nothing(view: &View<'_>, (fact, account): Of<'_, Account>, back_end: Option<Because>) -> Observed {
    let (Some(trusted), Some(list)) = (&account.trusted_for_delegation, &account.allowed_to_delegate_to) else {
        return Observed::Unknown;
    };
    // The list may be on another account instead, in what was cut off there.
    if view.accounts().any(|(_, a)| a.is_cut(AccountList::DelegateTo)) {
        return Observed::Unknown;
    }
    let mut proof = vec![
        fact.because_at(&trusted.place, "the account is not trusted for delegation"),
        fact.because_at(&list.place, "and its list of services is empty"),
    ];
    proof.extend(back_end);
    Observed::Is("0", proof)
}

fn names_somebody(view: &View<'_>) -> bool {
    view.back_end_account().and_then(|(_, a)| a.rbcd_principals.as_ref()).is_some_and(|l| !l.value.is_empty())
}

/// Does the back end's account name the front end's? `None` when that was not looked at.
pub fn rbcd(view: &View<'_>) -> Option<(bool, Because)> {
    let (fact, account) = view.back_end_account()?;
    let list = account.rbcd_principals.as_ref()?;
    let named = |entry: &String| {
        let name = name_of_dn(entry).or_else(|| AccountName::parse(entry));
        let front_end = view.names.fe_account.as_ref();
        name.zip(front_end).is_some_and(|(n, fe)| same_account(&n, fe))
    };
    let member_of = view.front_end_account().and_then(|(_, a)| a.member_of.as_ref());
    let by_group = |entry: &String| member_of.is_some_and(|m| m.value.iter().any(|g| g.eq_ignore_ascii_case(entry)));
    let found = list.value.iter().any(|e| named(e) || by_group(e));
    // A SID without a name, a list that was cut, or a front end that nobody named: it may be there.
    let unsure = list.value.iter().any(|e| e.starts_with("S-1-"))
        || account.is_cut(AccountList::Principals)
        || view.names.fe_account.is_none();
    if !found && unsure && !list.value.is_empty() {
        return None;
    }
    let says = match (found, list.value.is_empty()) {
        (true, _) => "the back end's account names the front end (resource-based)",
        (false, true) => "the back end's account names nobody (resource-based)",
        (false, false) => "the back end's account names others, not the front end (resource-based)",
    };
    Some((found, fact.because_at(&list.place, says)))
}

/// `dom`: front end and back end in one domain or not. It is the accounts that count, not the hosts.
pub fn domains(view: &View<'_>) -> Observed {
    let fe = view.front_end_account().and_then(|(f, a)| a.dn.as_ref().map(|dn| (f, dn)));
    let be = view.back_end_account().and_then(|(f, a)| a.dn.as_ref().map(|dn| (f, dn)));
    let names = &view.names;
    if let (Some(front), Some(back)) = (&names.fe_domain, &names.be_domain) {
        let same = front.same(back);
        let mut proof: Vec<Because> = Vec::new();
        proof.extend(fe.map(|(f, dn)| f.because_at(&dn.place, format!("the front end's account is in {front}"))));
        match be {
            Some((f, dn)) => proof.push(f.because_at(&dn.place, format!("the back end's account is in {back}"))),
            None => proof.extend(owner_line(view, &format!("the back end's account is in {back}"))),
        }
        if !proof.is_empty() {
            if let (false, Some(border)) = (same, alone_outside(view, front, back)) {
                proof.push(border);
                return Observed::Is("dmz", proof);
            }
            // Two domains are seen; that one is a forest of its own, apart from the users', only the person may know.
            if let (false, Some(("dmz", said))) = (same, view.said("dom")) {
                proof.push(said);
                return Observed::Is("dmz", proof);
            }
            return Observed::Is(if same { "same" } else { "xdom" }, proof);
        }
    }
    // The status itself says so: a target outside of the server's realm.
    match super::error::fold(view) {
        Observed::Is("40b", proof) => Observed::Is("xdom", proof),
        _ => Observed::Unknown,
    }
}

/// The front end alone in another forest than user and back end: only where a trust shows the border.
fn alone_outside(view: &View<'_>, front: &Realm, back: &Realm) -> Option<Because> {
    let user = view.names.user_realm.as_ref().filter(|u| u.same(back))?;
    leaf::outside(view, user, front).filter(|(outside, _)| *outside).map(|(_, because)| because)
}

fn owner_line(view: &View<'_>, says: &str) -> Option<Because> {
    let spn = view.names.be_spn.as_ref()?;
    view.spn_searches().find_map(|(f, s)| {
        let owner = s.owners.iter().find(|o| o.spns.iter().any(|x| x.same(spn)))?;
        Some(f.because_at(&owner.dn.place, says))
    })
}

/// `usr`: may the user's tickets be forwarded at all?
pub fn user(view: &View<'_>) -> Observed {
    let ours = |d: &Device| d.user.as_ref().is_none_or(|u| view.names.user.as_ref().is_none_or(|n| n.same(&u.value)));
    let on_pc = view.devices().filter(|(f, d)| matches!(f.role(), Role::Client | Role::Unknown) && ours(d));
    let member = on_pc.filter_map(|(f, d)| d.protected_user.as_ref().map(|p| (f, p))).last();
    if let Some((fact, account)) = view.user_account()
        && let Some(flag) = account.not_delegated.as_ref().filter(|f| f.value)
    {
        return Observed::is(
            "nd",
            fact.because_at(&flag.place, "the user is marked as sensitive: cannot be delegated"),
        );
    }
    if let Some((fact, protected)) = member.filter(|(_, p)| p.value) {
        return Observed::is("pu", fact.because_at(&protected.place, "the user's session is in Protected Users"));
    }
    if let Some((fact, account)) = view.user_account() {
        let protected = |l: &At<Vec<String>>| l.value.iter().any(|g| g.to_lowercase().contains("protected users"));
        if let Some(groups) = account.member_of.as_ref().filter(|l| protected(l)) {
            return Observed::is(
                "pu",
                fact.because_at(
                    &groups.place.clone().lit(["Protected Users"]),
                    "the user is a member of Protected Users",
                ),
            );
        }
        let all_groups = account.member_of.is_some() && !account.is_cut(AccountList::Groups);
        // Groups within groups are not shown: a short ticket that is not forwardable is what Protected Users get.
        let nested = view.tgt().is_some_and(|(_, t)| t.forwardable() == Some(false))
            && leaf::lifetime(view).option() == Some("short")
            && member.is_none();
        if let (Some(flag), true, false) = (&account.not_delegated, all_groups || member.is_some(), nested) {
            return Observed::is(
                "n",
                fact.because_at(&flag.place, "the user is not marked as sensitive and not in Protected Users"),
            );
        }
    }
    match view.tgt() {
        Some((fact, tgt)) if tgt.forwardable() == Some(true) => Observed::is(
            "n",
            fact.because_at(&tgt.flags_place(), "the user's own ticket-granting ticket is forwardable"),
        ),
        _ => Observed::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use crate::case::Case;
    use crate::ingest::Intake;

    fn user(text: &str) -> Option<String> {
        let mut case = Case::new();
        let mut intake = Intake::new("paste 1");
        intake.push(text.as_bytes());
        case.add(intake.finish());
        let report = crate::diagnosis::report(&case);
        report.observations.iter().find(|o| o.question == "usr").map(|o| o.option.clone())
    }

    #[test]
    fn a_session_in_protected_users_is_a_user_who_cannot_be_delegated() {
        let groups =
            "CONTOSO\\Protected Users   Group   S-1-5-21-1111111111-222222222-333333333-525   Mandatory group\n";
        assert_eq!(user(groups).as_deref(), Some("pu"));
        assert_eq!(user(&groups.replace("-525", "-526")), None);
    }
}
