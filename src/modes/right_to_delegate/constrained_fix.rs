//! The safer models, offered wherever unconstrained delegation is met.

use crate::modes::prelude::*;

/// From unconstrained to constrained delegation.
pub const CONSTRAINED_INSTEAD: FixTemplate = FixTemplate {
    who: Who::AdAdmin,
    does: "Better: constrained delegation. {fe} may then delegate to the listed service only, and no browser policy is needed.",
    script: "{set_fe} '{fe_bare}' -Add @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}\n\
             Set-ADAccountControl '{fe_bare}' -TrustedForDelegation $false",
    language: Language::PowerShell,
    undo: "Set-ADAccountControl '{fe_bare}' -TrustedForDelegation $true\n{set_fe} '{fe_bare}' -Remove @{'msDS-AllowedToDelegateTo'=@('{be_spn}')}",
    verify: "{get_fe} '{fe_bare}' -Properties msDS-AllowedToDelegateTo,TrustedForDelegation",
    expect: "The list holds {be_spn}, TrustedForDelegation is False. After klist purge on the PC the ticket for {site} has no ok_as_delegate any more: that is right for constrained delegation.",
    risk: "If {fe} is trusted for any service today, its calls to other back ends stop: take stock first (events 4769 of the account as client of other SPNs). \
           Both accounts must be in one domain; across domains use resource-based delegation on the back end's account.",
};
