//! Short artefacts, and the decisive pieces of their facts.

/// One artefact.
pub struct Sample {
    pub name: &'static str,
    pub kind: &'static str,
    pub text: &'static str,
    /// Pieces of the facts' JSON, places left out, that must be read whatever was done to the text.
    pub must: &'static [&'static str],
    /// Must be read even from the first part of the text (up to `cut_at`).
    pub cut: Option<(&'static str, &'static [&'static str])>,
}

/// Every kind with a text of its own.
pub const SAMPLES: &[Sample] = &[
    Sample {
        name: "klist",
        kind: "klist",
        text: "Current LogonId is 0:0x5b1f2\n\nCached Tickets: (2)\n\n#0>\tClient: alice @ CONTOSO.COM\n\tServer: krbtgt/CONTOSO.COM @ CONTOSO.COM\n\
               \tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\tTicket Flags 0x40e10000 -> forwardable renewable initial pre_authent name_canonicalize \n\
               \tStart Time: 11/18/2026 8:12:04 (local)\n\tEnd Time:   11/18/2026 18:12:04 (local)\n\tRenew Time: 11/25/2026 8:12:04 (local)\n\
               \tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\tCache Flags: 0x1 -> PRIMARY \n\tKdc Called: DC01.contoso.com\n\n\
               #1>\tClient: alice @ CONTOSO.COM\n\tServer: HTTP/web.contoso.com @ CONTOSO.COM\n\tKerbTicket Encryption Type: AES-256-CTS-HMAC-SHA1-96\n\
               \tTicket Flags 0x40a50000 -> forwardable renewable pre_authent ok_as_delegate name_canonicalize \n\
               \tStart Time: 11/18/2026 8:14:37 (local)\n\tEnd Time:   11/18/2026 18:12:04 (local)\n\tRenew Time: 11/25/2026 8:12:04 (local)\n\
               \tSession Key Type: AES-256-CTS-HMAC-SHA1-96\n\tCache Flags: 0 \n\tKdc Called: DC01.contoso.com\n",
        must: &[
            "\"server\":\"krbtgt/CONTOSO.COM\"",
            "\"server\":\"HTTP/web.contoso.com\"",
            "\"flags\":{\"value\":1088487424",
            "\"flags\":{\"value\":1084555264",
            "\"claimed\":2,\"shown\":2",
        ],
        cut: Some(("ok_as_delegate", &["\"flags\":{\"value\":1084555264", "\"server\":\"HTTP/web.contoso.com\""])),
    },
    Sample {
        name: "klist get",
        kind: "klist",
        text: "C:\\Windows\\System32> klist get HTTP/web.contoso.com\n\nCurrent LogonId is 0:0x5b1f2\n\
               Error calling API LsaCallAuthenticationPackage (GetTicket substatus): 0x6fb\n\nklist failed with 0xc000018b/-1073741429: The SAM database does not have an account for it.\n",
        must: &["\"issued\":false,\"substatus\":1787,\"status\":3221225867", "\"spn\":\"HTTP/web.contoso.com\""],
        cut: None,
    },
    Sample {
        name: "klist sessions",
        kind: "klist-sessions",
        text: "Current LogonId is 0:0x468c4f9\n[0] Session 0 0:0x46931ff CONTOSO\\alice Kerberos:Network\n[1] Session 2 0:0x4690000 CONTOSO\\bob NTLM:Network\n",
        must: &[
            "\"account\":\"CONTOSO\\\\alice\",\"package\":\"Kerberos\",\"logon_type\":\"Network\"",
            "\"account\":\"CONTOSO\\\\bob\",\"package\":\"NTLM\"",
        ],
        cut: Some(("[1] Session", &["\"package\":\"Kerberos\""])),
    },
    Sample {
        name: "MIT klist",
        kind: "krb5-klist",
        text: "Ticket cache: FILE:/tmp/krb5cc_1000\nDefault principal: alice@CONTOSO.COM\n\nValid starting       Expires              Service principal\n\
               11/18/2026 08:12:04  11/18/2026 18:12:04  krbtgt/CONTOSO.COM@CONTOSO.COM\n\trenew until 11/25/2026 08:12:04, Flags: FPRIA\n\
               11/18/2026 08:14:37  11/18/2026 18:12:04  HTTP/web.contoso.com@CONTOSO.COM\n\trenew until 11/25/2026 08:12:04, Flags: FPRAO\n",
        must: &[
            "\"tool\":\"mit\"",
            "\"server\":\"HTTP/web.contoso.com\",\"realm\":\"CONTOSO.COM\"",
            "\"flags\":{\"value\":1352925184",
            "\"flags\":{\"value\":1356857344",
        ],
        cut: Some(("HTTP/web", &["\"server\":\"krbtgt/CONTOSO.COM\"", "\"flags\":{\"value\":1356857344"])),
    },
    Sample {
        name: "Rubeus klist",
        kind: "rubeus",
        text: "[*] Action: List Kerberos Tickets (Current User)\n\n[*] Current LUID    : 0x4420e\n\n    [0] - 0x12 - aes256_cts_hmac_sha1\n\
               \x20   Start/End/MaxRenew: 11/18/2026 11:04:14 AM ; 11/18/2026 4:04:14 PM ; 11/25/2026 11:04:14 AM\n    Server Name       : krbtgt/CONTOSO.COM @ CONTOSO.COM\n\
               \x20   Client Name       : alice @ CONTOSO.COM\n    Flags             : name_canonicalize, pre_authent, renewable, forwarded, forwardable (60a10000)\n",
        must: &[
            "\"tool\":\"rubeus\",\"logon_id\":\"0:0x4420e\"",
            "\"server\":\"krbtgt/CONTOSO.COM\"",
            "\"flags\":{\"value\":1621164032",
            "\"name\":\"alice\",\"realm\":\"CONTOSO.COM\"",
        ],
        cut: Some(("    Flags ", &["\"server\":\"krbtgt/CONTOSO.COM\""])),
    },
    Sample {
        name: "Rubeus s4u",
        kind: "rubeus",
        text: "[*] Impersonating user 'alice' to target SPN 'cifs/fs01.contoso.com'\n[*] Building S4U2proxy request for service: 'cifs/fs01.contoso.com'\n\
               [*] Sending S4U2proxy request to domain controller 10.0.0.1:88\n\n[X] KRB-ERROR (13) : KDC_ERR_BADOPTION\n",
        must: &["\"context\":\"s4u2-proxy\",\"krb\":13", "\"spn\":\"cifs/fs01.contoso.com\""],
        cut: None,
    },
    Sample {
        name: "nltest",
        kind: "trust",
        text: "C:\\> nltest /domain_trusts\nList of domain trusts:\n    0: PARTNER partner.com (NT 5) (Direct Outbound) (Direct Inbound) ( Attr: foresttrans )\n\
               \x20   1: CONTOSO contoso.com (NT 5) (Forest Tree Root) (Primary Domain) (Native)\nThe command completed successfully\n",
        must: &[
            "\"from\":\"contoso.com\",\"to\":\"partner.com\",\"direction\":{\"value\":\"both\"",
            "\"attributes\":{\"value\":8",
        ],
        cut: Some(("    1: CONTOSO", &["\"to\":\"partner.com\",\"direction\":{\"value\":\"both\""])),
    },
    Sample {
        name: "Get-ADTrust",
        kind: "trust",
        text: "Direction               : BiDirectional\nDisallowTransivity      : False\nDistinguishedName       : CN=partner.com,CN=System,DC=contoso,DC=com\n\
               ForestTransitive        : True\nIntraForest             : False\nName                    : partner.com\nSelectiveAuthentication : False\nSIDFilteringQuarantined : False\n\
               Source                  : DC=contoso,DC=com\nTarget                  : partner.com\nTGTDelegation           : False\nTrustAttributes         : 520\nTrustType               : Uplevel\n",
        must: &[
            "\"from\":\"contoso.com\",\"to\":\"partner.com\",\"direction\":{\"value\":\"both\"",
            "\"attributes\":{\"value\":520",
            "\"tgt_delegation_shown\":{\"value\":false",
            "\"forest_transitive\":{\"value\":true",
        ],
        cut: Some(("TGTDelegation", &["\"to\":\"partner.com\"", "\"forest_transitive\":{\"value\":true"])),
    },
    Sample {
        name: "web.config",
        kind: "iis-config",
        text: "<location path=\"Default Web Site/portal\">\n  <system.webServer>\n    <security>\n      <authentication>\n        <windowsAuthentication enabled=\"true\" useKernelMode=\"true\" useAppPoolCredentials=\"false\">\n\
               \x20         <providers>\n            <clear />\n            <add value=\"Negotiate\" />\n            <add value=\"NTLM\" />\n          </providers>\n\
               \x20         <extendedProtection tokenChecking=\"Require\" />\n        </windowsAuthentication>\n      </authentication>\n    </security>\n  </system.webServer>\n</location>\n",
        must: &[
            "\"path\":\"Default Web Site/portal\",\"windows\":{\"value\":true",
            "\"kernel_mode\":{\"value\":true",
            "\"app_pool_credentials\":{\"value\":false",
            "\"value\":[\"Negotiate\",\"NTLM\"]",
            "\"token_checking\":{\"value\":\"Require\"",
        ],
        cut: Some(("<clear", &["\"kernel_mode\":{\"value\":true", "\"app_pool_credentials\":{\"value\":false"])),
    },
    Sample {
        name: "IIS log",
        kind: "iis-log",
        text: "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\n\
               2026-11-18 10:00:01 10.0.0.10 GET /portal - 80 - 10.0.0.51 Mozilla/5.0+(Windows) 401 1 2148074248 3\n\
               2026-11-18 10:00:02 10.0.0.10 GET /portal - 80 CONTOSO\\alice 10.0.0.50 Mozilla/5.0+(Windows) 200 0 0 31\n",
        must: &[
            "\"context\":\"accept\",\"krb\":null,\"status\":2148074248",
            "\"who\":\"CONTOSO\\\\alice\",\"anonymous\":false,\"status\":200",
        ],
        cut: Some(("2026-11-18 10:00:02", &["\"status\":2148074248"])),
    },
    Sample {
        name: "nslookup",
        kind: "dns",
        text: "C:\\> nslookup intranet.contoso.com\nServer:  dc01.contoso.com\nAddress:  10.0.0.1\n\nName:    web01.contoso.com\nAddress:  10.0.0.5\nAliases:  intranet.contoso.com\n",
        must: &["\"asked\":\"intranet.contoso.com\",\"canonical\":\"web01.contoso.com\",\"addresses\":[\"10.0.0.5\"]"],
        cut: Some(("Aliases", &["\"asked\":\"web01.contoso.com\"", "\"addresses\":[\"10.0.0.5\"]"])),
    },
    Sample {
        name: "netlogon.log",
        kind: "netlogon",
        text: "11/18 10:00:00 [LOGON] [1234] CONTOSO: SamLogon: Transitive Network logon of CONTOSO\\alice from PC01 (via WEB01) Entered\n\
               11/18 10:00:02 [LOGON] SamLogon: Network logon of CONTOSO\\bob from PC02 Returns 0xC000006D\n",
        must: &["\"host\":\"WEB01\",\"who\":\"CONTOSO\\\\alice\"", "\"mechanism\":\"ntlm\"", "\"status\":3221225581"],
        cut: Some(("11/18 10:00:02", &["\"mechanism\":\"ntlm\""])),
    },
    Sample {
        name: "dsregcmd",
        kind: "device",
        text: "             AzureAdJoined : YES\n          EnterpriseJoined : NO\n              DomainJoined : NO\n                 OnPremTgt : NO\n                  CloudTgt : YES\n",
        must: &[
            "\"domain_joined\":{\"value\":false",
            "\"entra_joined\":{\"value\":true",
            "\"on_prem_tgt\":{\"value\":false",
        ],
        cut: Some(("OnPremTgt", &["\"entra_joined\":{\"value\":true"])),
    },
    Sample {
        name: "whoami /groups",
        kind: "device",
        text: "C:\\> whoami /groups\n\nGROUP INFORMATION\n-----------------\n\nGroup Name                  Type             SID                                          Attributes\n\
               Everyone                    Well-known group S-1-1-0                                      Mandatory group, Enabled group\n\
               CONTOSO\\Protected Users     Group            S-1-5-21-1111111111-222222222-333333333-525  Mandatory group, Enabled group\n",
        must: &["\"protected_user\":{\"value\":true"],
        cut: None,
    },
    Sample {
        name: "w32tm",
        kind: "clock",
        text: "C:\\> w32tm /stripchart /computer:dc01.contoso.com /samples:2 /dataonly\nTracking dc01.contoso.com [10.0.0.1:123].\nCollecting 2 samples.\n\
               The current time is 11/18/2026 10:00:00 AM.\n10:00:00, +427.1234567s\n10:00:02, +427.1134567s\n",
        must: &["\"against\":\"dc01.contoso.com\",\"offset_millis\":427123"],
        cut: Some(("10:00:02", &["\"offset_millis\":427123"])),
    },
    Sample {
        name: "repadmin",
        kind: "replication",
        text: "Loc.USN                           Originating DSA  Org.USN  Org.Time/Date        Ver Attribute\n\
               \x20 23456    Default-First-Site-Name\\DC02     23450 2026-11-18 10:05:07    4 msDS-AllowedToDelegateTo\n",
        must: &["\"attribute\":\"msDS-AllowedToDelegateTo\",\"version\":4", "2026-11-18 10:05:07"],
        cut: None,
    },
    Sample {
        name: "setspn -Q",
        kind: "setspn",
        text: "C:\\> setspn -Q HTTP/web.contoso.com\nChecking domain DC=contoso,DC=com\nCN=svc-web,OU=Service Accounts,DC=contoso,DC=com\n\tHTTP/web.contoso.com\n\tHTTP/web\n\nExisting SPN found!\n",
        must: &["CN=svc-web,OU=Service Accounts,DC=contoso,DC=com", "\"spns\":[\"HTTP/web.contoso.com\",\"HTTP/web\"]"],
        cut: Some(("Existing", &["CN=svc-web,OU=Service Accounts,DC=contoso,DC=com"])),
    },
    Sample {
        name: "Get-ADUser",
        kind: "ad-attributes",
        text: "DistinguishedName        : CN=svc-web,OU=Service,DC=contoso,DC=com\nSamAccountName           : svc-web\nTrustedForDelegation     : False\n\
               TrustedToAuthForDelegation : True\nmsDS-AllowedToDelegateTo : {MSSQLSvc/sql01.contoso.com:1433, MSSQLSvc/sql01:1433}\n",
        must: &[
            "\"value\":\"svc-web\"",
            "\"trusted_for_delegation\":{\"value\":false",
            "\"value\":[\"MSSQLSvc/sql01.contoso.com:1433\",\"MSSQLSvc/sql01:1433\"]",
        ],
        cut: Some(("msDS-Allowed", &["\"trusted_for_delegation\":{\"value\":false"])),
    },
    Sample {
        name: "lsass.log",
        kind: "lsass-log",
        text: "408.2656> Kerb-Warn: SpInitLsaModeContext failed to get outbound ticket, KerbGetServiceTicketByS4UProxy failed 0xc000040b\n",
        must: &["\"context\":\"s4u2-proxy\"", "\"status\":3221226507"],
        cut: None,
    },
    Sample {
        name: "event 3",
        kind: "event",
        text: "A Kerberos error message was received:\n on logon session \n Client Time: \n Server Time: 10:0:0.0000 11/18/2026 Z\n Error Code: 0xd KDC_ERR_BADOPTION\n\
               \x20Extended Error: 0xc00000bb KLIN(0)\n Client Realm: \n Client Name: \n Server Realm: CONTOSO.COM\n Server Name: MSSQLSvc/sql01.contoso.com:1433\n",
        must: &["\"krb\":13", "\"extended\":3221225659", "MSSQLSvc/sql01.contoso.com:1433"],
        cut: Some((" Client Realm", &["\"krb\":13"])),
    },
    Sample {
        name: "SQL",
        kind: "be-error",
        text: "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'.\n",
        must: &["\"anonymous\":true", "\"back_end\":true"],
        cut: None,
    },
    Sample {
        name: "headers",
        kind: "http",
        text: "GET /portal HTTP/1.1\nHost: web.contoso.com\nAuthorization: Negotiate TlRMTVNTUAABAAAAt4II4gAAAAAAAAAAAAAAAAAAAAAKALpHAAAADw==\n\nHTTP/1.1 401 Unauthorized\nWWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\n",
        must: &["\"mechanism\":\"ntlm\"", "\"host\":\"web.contoso.com\"", "\"value\":[\"Negotiate\",\"NTLM\"]"],
        cut: Some(("HTTP/1.1 401", &["\"mechanism\":\"ntlm\""])),
    },
    Sample {
        name: "reg query",
        kind: "reg",
        text: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge\n    AuthServerAllowlist    REG_SZ    *.contoso.com\n    AuthNegotiateDelegateAllowlist    REG_SZ    *.contoso.com\n",
        must: &["\"name\":\"AuthNegotiateDelegateAllowlist\",\"value\":\"*.contoso.com\"", "\"product\":\"edge\""],
        cut: None,
    },
];
