//! The fixes that modes of silent sign-in share.

use crate::modes::prelude::*;

/// The way Windows itself decides: the zone.
pub const LOCAL_INTRANET: FixTemplate = FixTemplate {
    who: Who::ClientAdmin,
    does: "Put {site} into the zone Local intranet by group policy.",
    script: "gpmc.msc, a policy object for the users or their computers:\n\
             Administrative Templates > Windows Components > Internet Explorer > Internet Control Panel > Security Page >\n\
             Site to Zone Assignment List: Enabled, add   {site}   with the value   1\n\
             Then on a PC: gpupdate /force, and start the browser again.",
    language: Language::Text,
    undo: "Remove {site} from the Site to Zone Assignment List again, gpupdate /force.",
    verify: "{net_export}: capture the page once more",
    expect: "AUTH_HANDLER_CREATE_RESULT of negotiate has allows_default_credentials true, and nobody is asked for a password.",
    risk: "Use 1 (Local intranet) for this host only. Users cannot add sites of their own to the zones while this policy is set: merge with the list that is there.",
};

/// The policy that replaces the zones.
pub const SERVER_ALLOWLIST: FixTemplate = FixTemplate {
    who: Who::ClientAdmin,
    does: "Name {site} in AuthServerAllowlist, where that policy is in use already.",
    script: "$key = 'HKLM:\\{policy_key}'\n\
             $old = (Get-ItemProperty -Path $key -Name AuthServerAllowlist -ErrorAction SilentlyContinue).AuthServerAllowlist\n\
             $new = (@($old -split '[,;]') + '{site}' | ForEach-Object { \"$_\".Trim() } | Where-Object { $_ } | Select-Object -Unique) -join ','\n\
             New-Item -Path $key -Force -ErrorAction SilentlyContinue | Out-Null\n\
             Set-ItemProperty -Path $key -Name AuthServerAllowlist -Type String -Value $new\n\
             \"before: $old\"\n\
             \"after:  $new\"",
    language: Language::PowerShell,
    undo: "Set-ItemProperty -Path 'HKLM:\\{policy_key}' -Name AuthServerAllowlist -Value '<the value printed as before>'  # was it empty: Remove-ItemProperty",
    verify: "{restart_page}, then {policy_page}",
    expect: "AuthServerAllowlist is listed with {site} and status OK; the page opens without a password.",
    risk: "Once AuthServerAllowlist is set, only the list decides: silent sign-in by zone ends for every other site. Use it only where it is set already, or list them all. \
           It grants no delegation.",
};

/// The managed policy of a browser on Linux or macOS.
pub const POSIX_POLICY: FixTemplate = FixTemplate {
    who: Who::ClientAdmin,
    does: "Set AuthServerAllowlist (and for delegation AuthNegotiateDelegateAllowlist) as managed policy.",
    script: "{\n  \"AuthServerAllowlist\": \"{site}\",\n  \"AuthNegotiateDelegateAllowlist\": \"{site}\"\n}",
    language: Language::Json,
    undo: "Remove the two names from the policy file again.",
    verify: "{policy_page}, then {net_export}: capture the page once more",
    expect: "AUTH_LIBRARY_IMPORT_NAME and AUTH_LIBRARY_INIT_SEC_CTX appear for {site}.",
    risk: "Linux: a file in /etc/opt/chrome/policies/managed, /etc/chromium/policies/managed or /etc/opt/edge/policies/managed; macOS: a configuration profile. Append to values that are there. \
           Leave AuthNegotiateDelegateAllowlist out unless unconstrained delegation is wanted: every host in it gets the user's ticket-granting ticket, whatever the KDC thinks of it. Never list *.",
};
