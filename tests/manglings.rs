//! What mail clients, wikis, consoles and people do to evidence must not change what is read from it.
//!
//! Short artefacts, each with the decisive pieces of its facts; every one goes through every mangling.

use doublehop::ingest::{Ingested, Intake};

/// One artefact.
struct Sample {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    /// Pieces of the facts' JSON, places left out, that must be read whatever was done to the text.
    must: &'static [&'static str],
    /// Must be read even from the first part of the text (up to `cut_at`).
    cut: Option<(&'static str, &'static [&'static str])>,
}

const SAMPLES: &[Sample] = &[
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

/// One way to mangle a text, and the names of samples that it may not be asked of, because it takes away what decides.
struct Mangling {
    name: &'static str,
    apply: fn(&str) -> Vec<u8>,
    not: &'static [&'static str],
}

fn each(text: &str, line: impl Fn(&str) -> String) -> Vec<u8> {
    text.lines().map(|l| line(l) + "\n").collect::<String>().into_bytes()
}

/// Wraps at blanks, as mail clients do.
fn wrap(text: &str, width: usize, indent: &str) -> Vec<u8> {
    let mut out = String::new();
    for line in text.lines() {
        let mut column = 0usize;
        let body = line.trim_start();
        let lead: String = line.chars().take(line.chars().count() - body.chars().count()).collect();
        out.push_str(&lead);
        column += lead.len();
        for (i, word) in body.split(' ').enumerate() {
            let length = word.chars().count();
            if i > 0 && column + 1 + length > width {
                out.push('\n');
                out.push_str(indent);
                column = indent.len();
            } else if i > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        out.push('\n');
    }
    out.into_bytes()
}

const MANGLINGS: &[Mangling] = &[
    Mangling { name: "as it is", apply: |t| t.as_bytes().to_vec(), not: &[] },
    Mangling { name: "quoted once", apply: |t| each(t, |l| format!("> {l}")), not: &[] },
    Mangling { name: "quoted twice", apply: |t| each(t, |l| format!("> > {l}")), not: &[] },
    Mangling { name: "quoted tightly", apply: |t| each(t, |l| format!(">> {l}")), not: &[] },
    Mangling { name: "indented by four", apply: |t| each(t, |l| format!("    {l}")), not: &[] },
    Mangling { name: "indented by a tab", apply: |t| each(t, |l| format!("\t{l}")), not: &[] },
    Mangling { name: "blanks at line ends", apply: |t| each(t, |l| format!("{l}   ")), not: &[] },
    Mangling { name: "double spaced", apply: |t| each(t, |l| format!("{l}\n")), not: &[] },
    Mangling { name: "CRLF", apply: |t| t.replace('\n', "\r\n").into_bytes(), not: &[] },
    Mangling { name: "wrapped at 76", apply: |t| wrap(t, 76, ""), not: &[] },
    Mangling { name: "wrapped at 76, hanging", apply: |t| wrap(t, 76, "    "), not: &[] },
    Mangling { name: "wrapped at 100", apply: |t| wrap(t, 100, ""), not: &[] },
    Mangling {
        name: "HTML entities",
        apply: |t| {
            t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").into_bytes()
        },
        not: &[],
    },
    Mangling {
        name: "numeric entities",
        apply: |t| {
            t.replace('<', "&#60;").replace('>', "&#x3E;").replace('\'', "&#39;").replace('"', "&#34;").into_bytes()
        },
        not: &[],
    },
    Mangling { name: "NBSP", apply: |t| t.replace(' ', "\u{a0}").into_bytes(), not: &[] },
    Mangling { name: "NBSP in pairs", apply: |t| t.replace("  ", " \u{a0}").into_bytes(), not: &[] },
    Mangling {
        name: "columns collapsed",
        apply: |t| each(t, |l| l.split_whitespace().collect::<Vec<_>>().join(" ")),
        not: &[],
    },
    Mangling { name: "tabs to blanks", apply: |t| t.replace('\t', "        ").into_bytes(), not: &[] },
    Mangling { name: "columns to tabs", apply: |t| t.replace("  ", "\t").into_bytes(), not: &[] },
    Mangling {
        name: "word processor",
        apply: |t| {
            t.replace("->", "→")
                .replace('"', "\u{201d}")
                .replace('\'', "\u{2019}")
                .replace(" -", " \u{2013}")
                .into_bytes()
        },
        not: &[],
    },
    Mangling { name: "UTF-8 with BOM", apply: |t| [&[0xef, 0xbb, 0xbf], t.as_bytes()].concat(), not: &[] },
    Mangling {
        name: "UTF-16 little endian with BOM",
        apply: |t| [0xff, 0xfe].into_iter().chain(t.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        not: &[],
    },
    Mangling {
        name: "UTF-16 big endian without BOM",
        apply: |t| t.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        not: &[],
    },
    Mangling {
        name: "an 8-bit page around it",
        apply: |t| [b"Gr\xfc\xdfe aus K\xf6ln,\n\n", t.as_bytes()].concat(),
        not: &[],
    },
    Mangling { name: "fenced", apply: |t| format!("Look:\n```text\n{t}```\nThanks\n").into_bytes(), not: &[] },
    Mangling {
        name: "in a mail",
        apply: |t| format!("Hi all,\nthis is what I see:\n\n{t}\nCheers\nBob\n").into_bytes(),
        not: &[],
    },
    Mangling {
        name: "in a transcript",
        apply: |t| {
            format!(
                "**********************\nWindows PowerShell transcript start\nStart time: 20261118100000\nUsername: CONTOSO\\bob\n**********************\nTranscript started\n{t}"
            )
            .into_bytes()
        },
        not: &[],
    },
    Mangling { name: "zero-width spaces", apply: |t| t.replace(':', ":\u{200b}").into_bytes(), not: &[] },
    Mangling {
        name: "each line in back-ticks",
        apply: |t| each(t, |l| if l.trim().is_empty() { String::new() } else { format!("`{l}`") }),
        not: &[],
    },
    Mangling { name: "HTML line breaks", apply: |t| each(t, |l| format!("{l}<br>")), not: &[] },
    Mangling { name: "no last line end", apply: |t| t.trim_end().as_bytes().to_vec(), not: &[] },
    Mangling { name: "in pre", apply: |t| format!("<pre>\n{t}</pre>\n").into_bytes(), not: &[] },
];

fn ingest(bytes: &[u8]) -> Ingested {
    let mut intake = Intake::new("paste 1");
    intake.push(bytes);
    intake.finish()
}

/// The facts' JSON without their places.
fn facts(got: &Ingested) -> String {
    let facts: Vec<_> = got.artefacts.iter().flat_map(|a| &a.facts).collect();
    serde_json::to_string(&facts).unwrap()
}

fn missing(got: &Ingested, must: &[&str]) -> Vec<String> {
    let json = facts(got);
    must.iter().filter(|m| !json.contains(**m)).map(|m| (*m).to_owned()).collect()
}

#[test]
fn manglings_change_nothing() {
    let mut wrong = Vec::new();
    for mangling in MANGLINGS {
        for sample in SAMPLES.iter().filter(|s| !mangling.not.contains(&s.name)) {
            let got = ingest(&(mangling.apply)(sample.text));
            let kinds: Vec<&str> = got.artefacts.iter().map(|a| a.kind.word()).collect();
            let missing = missing(&got, sample.must);
            if !missing.is_empty() || !kinds.contains(&sample.kind) {
                wrong.push(format!("{} / {}: {kinds:?} lacks {missing:?}", sample.name, mangling.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_cut_paste_tells_what_it_shows() {
    let mut wrong = Vec::new();
    for sample in SAMPLES {
        let Some((at, must)) = sample.cut else { continue };
        let end = sample.text.find(at).unwrap_or_else(|| panic!("{}: {at}", sample.name));
        // A cut at a word: what the word completes is still there when the word is part of what must be read.
        let end = if at == "ok_as_delegate" { end + at.len() } else { end };
        let got = ingest(sample.text[..end].as_bytes());
        let missing = missing(&got, must);
        if !missing.is_empty() {
            wrong.push(format!("{}: {missing:?} in {}", sample.name, facts(&got)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_artefacts_in_one_paste_are_both_read() {
    let mut wrong = Vec::new();
    for (gap, glue) in [("a blank line", "\n"), ("nothing", "")] {
        for first in SAMPLES {
            for second in SAMPLES.iter().filter(|s| s.name != first.name) {
                let got = ingest(format!("{}{glue}{}", first.text, second.text).as_bytes());
                let lacking: Vec<String> = [first.must, second.must].iter().flat_map(|m| missing(&got, m)).collect();
                if !lacking.is_empty() {
                    wrong.push(format!("{} + {} with {gap}: {lacking:?}", first.name, second.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Artefacts as Windows prints them in other languages: the words differ, the shapes do not.
#[test]
fn other_languages_read_by_shape() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "klist",
            &[
                ("Current LogonId is 0:", "Aktuelle Anmelde-ID ist 0:"),
                ("Cached Tickets:", "Zwischengespeicherte Tickets:"),
                ("KerbTicket Encryption Type:", "KerbTicket (Verschlüsselungstyp):"),
                ("Ticket Flags", "Ticketkennzeichen"),
                ("Start Time:", "Startzeit:"),
                ("End Time:", "Endzeit:"),
                ("Renew Time:", "Erneuerungszeit:"),
                ("Session Key Type:", "Sitzungsschlüsseltyp:"),
                ("Cache Flags:", "Cachekennzeichen:"),
                ("Kdc Called:", "Kdc aufgerufen:"),
                ("(local)", "(lokal)"),
            ],
        ),
        (
            "klist",
            &[
                ("Current LogonId is 0:", "LogonId est 0:"),
                ("Cached Tickets:", "Tickets mis en cache :"),
                ("Client:", "Client :"),
                ("Server:", "Serveur :"),
                ("KerbTicket Encryption Type:", "Type de chiffrement KerbTicket :"),
                ("Ticket Flags", "Indicateurs de tickets"),
                ("Start Time:", "Heure de démarrage :"),
                ("End Time:", "Heure de fin :"),
                ("Renew Time:", "Heure de renouvellement :"),
                ("Session Key Type:", "Type de clé de session :"),
                ("Cache Flags:", "Indicateurs de cache :"),
                ("Kdc Called:", "KDC appelé :"),
                ("(local)", "(Local)"),
            ],
        ),
        (
            "klist",
            &[
                ("Current LogonId is 0:", "現在のログオン ID: 0:"),
                ("Cached Tickets:", "キャッシュされたチケット:"),
                ("Client:", "クライアント:"),
                ("Server:", "サーバー:"),
                ("KerbTicket Encryption Type:", "Kerberos チケットの暗号化の種類:"),
                ("Ticket Flags", "チケットのフラグ"),
                ("Start Time:", "開始時刻:"),
                ("End Time:", "終了時刻:"),
                ("Renew Time:", "更新期限:"),
                ("Session Key Type:", "セッション キーの種類:"),
                ("Cache Flags:", "キャッシュ フラグ:"),
                ("Kdc Called:", "呼び出された KDC:"),
                ("(local)", "(ローカル)"),
            ],
        ),
        (
            "nltest",
            &[
                ("List of domain trusts:", "Liste der Domänenvertrauensstellungen:"),
                ("Direct Outbound", "Direkt ausgehend"),
                ("Direct Inbound", "Direkt eingehend"),
                ("Primary Domain", "Primäre Domäne"),
                ("The command completed successfully", "Der Befehl wurde ausgeführt."),
            ],
        ),
        ("nslookup", &[("Server:", "Serveur :"), ("Name:", "Nom :"), ("Address:", "Address:")]),
        ("nslookup", &[("Server:", "Servidor:"), ("Name:", "Nombre:")]),
        ("nslookup", &[("Server:", "サーバー:"), ("Name:", "名前:")]),
        (
            "w32tm",
            &[
                ("Tracking dc01.contoso.com [10.0.0.1:123].", "dc01.contoso.com [10.0.0.1:123] wird verfolgt."),
                ("Collecting 2 samples.", "2 Beispiele werden gesammelt."),
                ("The current time is 11/18/2026 10:00:00 AM.", "Es ist 18.11.2026 10:00:00."),
            ],
        ),
        (
            "whoami /groups",
            &[
                ("GROUP INFORMATION", "GRUPPENINFORMATIONEN"),
                ("Group Name ", "Gruppenname"),
                ("CONTOSO\\Protected Users", "CONTOSO\\Geschützte Benutzer"),
                ("Mandatory group, Enabled group", "Verbindliche Gruppe, Aktivierte Gruppe"),
            ],
        ),
        (
            "SQL",
            &[(
                "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'.",
                "Fehler bei der Anmeldung für den Benutzer 'NT-AUTORITÄT\\ANONYMOUS-ANMELDUNG'.",
            )],
        ),
    ];
    let mut wrong = Vec::new();
    for (name, words) in cases {
        let sample = SAMPLES.iter().find(|s| s.name == *name).unwrap();
        let text = words.iter().fold(sample.text.to_owned(), |text, (from, to)| text.replace(from, to));
        let got = ingest(text.as_bytes());
        let kinds: Vec<&str> = got.artefacts.iter().map(|a| a.kind.word()).collect();
        let missing = missing(&got, sample.must);
        if !missing.is_empty() || !kinds.contains(&sample.kind) {
            wrong.push(format!("{name}: {kinds:?} lacks {missing:?}\n{text}\n{}", facts(&got)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
