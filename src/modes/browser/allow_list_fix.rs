//! The fixes that AuthNegotiateDelegateAllowlist's modes share: the article's procedure, and the registry behind it.

use crate::modes::prelude::*;

const RISK: &str = "Every listed server that is trusted for delegation receives the user's ticket-granting ticket and can act as that user anywhere. \
                    Merge with the value that is there, list single hosts, never * or a whole domain. On Windows 11 Enterprise check Credential Guard first: \
                    where it runs, it blocks this kind of delegation anyway. A forwarded ticket also enlarges the request header (HTTP 400).";

/// The article's five steps.
pub const BY_GROUP_POLICY: FixTemplate = FixTemplate {
    who: Who::ClientAdmin,
    does: "Allow-list by group policy: name {site} in AuthNegotiateDelegateAllowlist.",
    script: "1. Administrative templates: if the domain has no central store yet, copy the PolicyDefinitions folder of the Windows templates\n   \
             to \\\\<domain>\\SYSVOL\\<domain>\\Policies\\PolicyDefinitions.\n\
             2. Edge templates: Microsoft Edge for business, GET POLICY FILES, unpack MicrosoftEdgePolicyTemplates.cab, copy windows\\admx\\*.admx\n   \
             and the language folders you need to the same PolicyDefinitions folder.\n\
             3. gpmc.msc, Group Policy Objects, New.\n\
             4. Edit it: Computer Configuration > Policies > Administrative Templates > Microsoft Edge > HTTP authentication >\n   \
             Specifies a list of servers that Microsoft Edge can delegate user credentials to: Enabled, value (append to what is there):\n\n   \
             {site},{site_short}\n\n   \
             Link the object to the OU of the users' computers; then on a PC: gpupdate /force, and edge://restart.\n\
             5. Check that the flags changed: edge://net-export, load the page, AUTH_LIBRARY_INIT_SEC_CTX must begin with\n   \
             {\"delegated\":true,\"mutual\":true,\"value\":\"0x00000003\"}.",
    language: Language::Text,
    undo: "Remove {site} and {site_short} from the list again, gpupdate /force, edge://restart.",
    verify: "{policy_page}: AuthNegotiateDelegateAllowlist; then whoami.aspx on {site}",
    expect: "The value is listed with level Mandatory and status OK. If it does not appear, the policy was not deployed, or to the wrong computers. whoami.aspx shows ImpersonationLevel Delegation (\"Delegate\" in the article) instead of Impersonation.",
    risk: RISK,
};

/// The value that the policy writes.
pub const BY_REGISTRY: FixTemplate = FixTemplate {
    who: Who::ClientAdmin,
    does: "Allow-list on one PC, to try it: the registry value that the policy writes.",
    script: "$key = 'HKLM:\\{policy_key}'\n\
             $old = (Get-ItemProperty -Path $key -Name AuthNegotiateDelegateAllowlist -ErrorAction SilentlyContinue).AuthNegotiateDelegateAllowlist\n\
             $new = (@($old -split '[,;]') + '{site}' + '{site_short}' | ForEach-Object { \"$_\".Trim() } | Where-Object { $_ } | Select-Object -Unique) -join ','\n\
             New-Item -Path $key -Force -ErrorAction SilentlyContinue | Out-Null\n\
             Set-ItemProperty -Path $key -Name AuthNegotiateDelegateAllowlist -Type String -Value $new\n\
             \"before: $old\"\n\
             \"after:  $new\"",
    language: Language::PowerShell,
    undo: "Set-ItemProperty -Path 'HKLM:\\{policy_key}' -Name AuthNegotiateDelegateAllowlist -Value '<the value printed as before>'  # was it empty: Remove-ItemProperty",
    verify: "{restart_page}, then {policy_page}",
    expect: "AuthNegotiateDelegateAllowlist is listed with status OK, and a new capture begins with delegated true.",
    risk: RISK,
};
