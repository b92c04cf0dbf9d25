//! The four ways to delegate, compared.

use crate::facts::Account;

/// The columns.
pub const MODELS: [&str; 4] =
    ["Unconstrained", "Constrained, Kerberos only", "Constrained, any protocol", "Resource-based"];

/// One line of the comparison: the property, and what it is in each model.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The property.
    pub what: &'static str,
    /// In the order of [`MODELS`].
    pub is: [&'static str; 4],
}

const fn row(what: &'static str, is: [&'static str; 4]) -> Row {
    Row { what, is }
}

const SAME: &str = "the same";

/// The comparison.
pub const ROWS: &[Row] = &[
    row("Set on", ["front-end account", "front-end account", "front-end account", "back-end account"]),
    row(
        "Switch in the directory",
        [
            "userAccountControl 0x80000",
            "msDS-AllowedToDelegateTo not empty, userAccountControl 0x1000000 clear",
            "the list and userAccountControl 0x1000000",
            "msDS-AllowedToActOnBehalfOfOtherIdentity names the front-end account",
        ],
    ),
    row(
        "Delegation tab",
        [
            "Trust … to any service (Kerberos only)",
            "Trust … to specified services, Use Kerberos only",
            "Trust … to specified services, Use any authentication protocol",
            "none: PowerShell, PrincipalsAllowedToDelegateToAccount",
        ],
    ),
    row(
        "Who may set it",
        ["holder of SeEnableDelegationPrivilege", SAME, SAME, "anyone with write access to the back-end object"],
    ),
    row("Needs the browser's delegate flag", ["yes", "no", "no", "no"]),
    row(
        "Client's ticket for the site",
        ["0x40a50000 (ok_as_delegate)", "0x40a10000", "0x40a10000, or none", "0x40a10000, or none"],
    ),
    row(
        "Front end's session of the user",
        [
            "krbtgt 0x60a10000",
            "service ticket, then back-end ticket",
            "service or S4U ticket, then back-end ticket",
            "service or S4U ticket, then back-end ticket",
        ],
    ),
    row(
        "Front-end and back-end accounts",
        ["any trusted domains", "one domain", "one domain", "any domains of a forest; other forests with limits"],
    ),
    row(
        "User",
        [
            "any domain of the forest; another forest only with TGT delegation enabled on the trust",
            "any trusted domain",
            "any trusted domain",
            "any domain of the forest; across forests with limits",
        ],
    ),
    row("Sensitive user, Protected Users", ["blocked", "blocked", "blocked", "blocked"]),
    row("Credential Guard on the client", ["blocked", "works", "works", "works"]),
    row(
        "Reach",
        [
            "any number of hops, to anywhere",
            "one hop, to the accounts that own the listed SPNs",
            "one hop, to the accounts that own the listed SPNs",
            "one hop, to that back-end account",
        ],
    ),
    row(
        "Main risk",
        [
            "whoever holds the front end holds the ticket-granting ticket of every visitor",
            "whoever holds the front end acts as its visitors towards the listed services",
            "whoever holds the front end acts as any user towards the listed services",
            "acts as any user towards that back end; write access to the attribute takes the back end over",
        ],
    ),
];

/// The columns that an account's own attributes put to work: indices into [`MODELS`]. For the last the account is a back end.
pub fn of_account(account: &Account) -> Vec<usize> {
    let on = |flag: &Option<crate::facts::At<bool>>| flag.as_ref().is_some_and(|f| f.value);
    let listed = |list: &Option<crate::facts::At<Vec<String>>>| list.as_ref().is_some_and(|l| !l.value.is_empty());
    let constrained = listed(&account.allowed_to_delegate_to);
    let any_protocol = on(&account.trusted_to_auth);
    let works = [
        on(&account.trusted_for_delegation),
        constrained && !any_protocol,
        constrained && any_protocol,
        listed(&account.rbcd_principals),
    ];
    (0..).zip(works).filter_map(|(i, works)| works.then_some(i)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{At, Place};

    #[test]
    fn attributes_choose_the_columns() {
        let at = |list: &[&str]| Some(At::new(list.iter().map(|s| (*s).to_owned()).collect(), Place::default()));
        let mut account = Account { allowed_to_delegate_to: at(&["MSSQLSvc/sql01:1433"]), ..Account::default() };
        assert_eq!(of_account(&account), [1]);
        account.trusted_to_auth = Some(At::new(true, Place::default()));
        account.rbcd_principals = at(&["svc-web"]);
        assert_eq!(of_account(&account), [2, 3]);
        assert!(of_account(&Account { allowed_to_delegate_to: at(&[]), ..Account::default() }).is_empty());
    }
}
