//! The fix that the list's modes share.

use crate::modes::prelude::*;

/// Add what is asked for, in exactly that form.
pub const ADD_TO_LIST: FixTemplate = FixTemplate {
    who: Who::AdAdmin,
    does: "Add {be_spn} to the list of {fe_bare}, in exactly the form that is asked for.",
    script: "{set_fe} '{fe_bare}' -Add @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}",
    language: Language::PowerShell,
    undo: "{set_fe} '{fe_bare}' -Remove @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}",
    verify: "{get_fe} '{fe_bare}' -Properties msDS-AllowedToDelegateTo; then on the front end: klist -li 0x3e7 purge, load the page, klist -li 0x<the user's session>",
    expect: "The list holds {be_spn}, and the user's session on the front end holds a ticket for it. A refusal is remembered for 15 minutes.",
    risk: "List only what is needed: every listed service can be called in the name of any visitor, and in effect every service of the account behind it. CIFS, HOST or LDAP of a \
           domain controller is as good as the domain.",
};
