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
