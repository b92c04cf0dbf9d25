//! Resource-based delegation on the back end's account, without losing who is named there today.

use crate::modes::prelude::*;

/// Let the back end's account name the front end's.
pub const NAME_FRONT_END: FixTemplate = FixTemplate {
    who: Who::AdAdmin,
    does: "Resource-based delegation: let {be_bare}, the account that owns the back end's SPN, name {fe_bare}.",
    script: "$fe  = {get_fe} '{fe_bare}' -Server '{fe_domain}'\n\
             $be  = {get_be} '{be_bare}' -Server '{be_domain}' -Properties PrincipalsAllowedToDelegateToAccount\n\
             $be.PrincipalsAllowedToDelegateToAccount   # note them: the next line replaces the list\n\
             {set_be} $be -Server '{be_domain}' -PrincipalsAllowedToDelegateToAccount (@($be.PrincipalsAllowedToDelegateToAccount) + $fe | Where-Object { $_ })",
    language: Language::PowerShell,
    undo: "{set_be} '{be_bare}' -Server '{be_domain}' -PrincipalsAllowedToDelegateToAccount <the list noted before>   # $null when it was empty",
    verify: "On the front end: klist -li 0x3e7 purge, load the page, then klist sessions and klist -li 0x<the user's session>",
    expect: "The user's session holds a ticket for {be_spn}. A refusal is remembered for 15 minutes.",
    risk: "-PrincipalsAllowedToDelegateToAccount replaces the whole list: set the old entries together with the new one. Whoever is on it can act towards this back end \
           as any user that is not protected, with or without Kerberos from the client; write access to the attribute is as good as owning the back end.",
};

/// The same in place of the list, for users who come without Kerberos: a list "Kerberos only" beside it makes the tickets that the
/// front end gets for them non-forwardable, and both kinds are then refused (`kcd-rbcd-conflict`).
pub const INSTEAD_OF_LIST: FixTemplate = FixTemplate {
    does: "Or resource-based delegation in place of the list, since a list with \"Kerberos only\" beside it would refuse these users still: \
           let {be_bare}, the account that owns the back end's SPN, name {fe_bare}, do the same for every other back end on the list, then take the list off {fe_bare}.",
    script: "$fe  = {get_fe} '{fe_bare}' -Server '{fe_domain}' -Properties msDS-AllowedToDelegateTo\n\
             $fe | Select-Object -ExpandProperty msDS-AllowedToDelegateTo   # note them: each of their back ends must name the front end first\n\
             $be  = {get_be} '{be_bare}' -Server '{be_domain}' -Properties PrincipalsAllowedToDelegateToAccount\n\
             $be.PrincipalsAllowedToDelegateToAccount   # note them: the next line replaces the list\n\
             {set_be} $be -Server '{be_domain}' -PrincipalsAllowedToDelegateToAccount (@($be.PrincipalsAllowedToDelegateToAccount) + $fe | Where-Object { $_ })\n\
             {set_fe} $fe -Server '{fe_domain}' -Clear 'msDS-AllowedToDelegateTo'",
    undo: "{set_fe} '{fe_bare}' -Replace @{'msDS-AllowedToDelegateTo'=@(<the entries noted before>)}\n\
           {set_be} '{be_bare}' -Server '{be_domain}' -PrincipalsAllowedToDelegateToAccount <the list noted before>   # $null when it was empty",
    ..NAME_FRONT_END
};
