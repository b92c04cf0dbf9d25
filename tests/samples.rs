//! Every public sample reads as its index says: the right kind, and the facts that must be read from it.
//!
//! The samples stand beside the repository (`../shared/corpus/samples`); without them there is nothing to test, and the
//! test says so.

// Tests may fail loudly: that is their job.
#![allow(clippy::unwrap_used, clippy::panic)]

use doublehop::ingest::{Ingested, Intake};
use std::path::{Path, PathBuf};

/// What must be read: a file, and pieces of its facts' JSON (blanks left out). `!` before a piece: it must not occur.
const MUST: &[(&str, &[&str])] = &[
    (
        "ad-object/get-adcomputer-rbcd.txt",
        &["\"value\":\"DC$\"", "\"value\":[\"CN=TEST,CN=Computers,DC=support,DC=htb\"]"],
    ),
    ("ad-object/get-adobject-enctypes.txt", &["\"encryption_types\":{\"value\":28,"]),
    (
        "browser/reconstructed-edge-policy-export.txt",
        &[
            "\"name\":\"AuthNegotiateDelegateAllowlist\",\"value\":\"*.contoso.com\",\"level\":\"mandatory\",\"scope\":\"machine\"",
            "\"name\":\"AuthServerAllowlist\",\"value\":\"*.contoso.com\"",
        ],
    ),
    (
        "browser/reconstructed-reg-query-edge.txt",
        &[
            "\"name\":\"AuthServerAllowlist\",\"value\":\"*.contoso.com\"",
            "\"name\":\"AuthNegotiateDelegateAllowlist\",\"value\":\"*.contoso.com\"",
            "\"name\":\"DisableAuthNegotiateCnameLookup\",\"value\":\"0",
            "\"product\":\"edge\"",
        ],
    ),
    (
        "browser/reg-chrome-old-names.txt",
        &[
            "\"name\":\"AuthNegotiateDelegateWhitelist\",\"value\":\"*.companydomain.org,*.companydomain.coop\"",
            "\"name\":\"AuthServerWhitelist\"",
            "\"name\":\"AuthSchemes\",\"value\":\"basic,digest,ntlm,negotiate\"",
            "\"product\":\"chrome\"",
        ],
    ),
    (
        "event/4769-etype-not-supported-2025-layout.txt",
        &["\"krb\":14,", "\"spn\":\"HOST/vm01.contoso.com\"", "adele@CONTOSO.COM", "\"event\":4769"],
    ),
    ("event/4769-xml-success.txt", &["!\"type\":\"failure\""]),
    (
        "event/event3-s-principal-unknown-two-blocks.txt",
        &["\"krb\":7,", "\"krb\":41,", "\"spn\":\"LDAP/localhost\"", "\"event\":3"],
    ),
    ("event/event4-ap-err-modified-2003.txt", &["\"krb\":41,", "\"spn\":\"host/myserver.domain.com\"", "\"event\":4"]),
    ("event/kdc-11-duplicate-name.txt", &["\"spn\":\"host/2008spn-02.adatum.com\"", "\"event\":11"]),
    ("event/kdc-16-wrapped-doc-example.txt", &["\"spn\":\"MSSQLSvc/sql01.corp.local\"", "\"event\":16"]),
    (
        "event/reconstructed-event3-badoption-klin.txt",
        &["\"krb\":13,", "\"extended\":3221225659", "\"spn\":\"MSSQLSvc/sql01.contoso.com:1433\"", "\"event\":3"],
    ),
    (
        "finddelegation/goad-three-kinds.txt",
        &[
            "\"value\":\"jon.snow\"",
            "\"value\":[\"CIFS/winterfell\",\"CIFS/winterfell.north.sevenkingdoms.local\"]",
            "\"value\":\"CASTELBLACK$\"",
            "\"value\":\"WINTERFELL$\"",
            "\"trusted_for_delegation\":{\"value\":true",
            "\"trusted_to_auth\":{\"value\":true",
        ],
    ),
    ("http/curl-ntlm-type1-winrm.txt", &["\"mechanism\":\"ntlm\"", "\"host\":\"collector.local\"", "!\"kerberos\""]),
    (
        "http/spnego-kerberos-redirect-flow.txt",
        &[
            "\"mechanism\":\"kerberos\"",
            "\"host\":\"internal-api.corp.example.com\"",
            "\"host\":\"auth-oidc.corp.example.com\"",
            "\"value\":302",
        ],
    ),
    (
        "iis/webconfig-windowsauth-apppool-credentials.txt",
        &[
            "\"windows\":{\"value\":true",
            "\"kernel_mode\":{\"value\":false",
            "\"app_pool_credentials\":{\"value\":true",
            "\"value\":[\"Negotiate\",\"NTLM\"]",
            "\"token_checking\":{\"value\":\"None\"",
        ],
    ),
    (
        "klist-heimdal/verbose-macos.txt",
        &["\"tool\":\"heimdal\"", "\"shown\":1", "aes128", "\"flags\":{\"value\":1088421888"],
    ),
    ("klist-java/jdk-default.txt", &["\"tool\":\"java\"", "\"claimed\":1"]),
    ("klist-mit/forwarded-flags-f.txt", &["\"tool\":\"mit\"", "\"shown\":2", "\"flags\":{\"value\":1610612736"]),
    (
        "klist-mit/referral-two-realms.txt",
        &["\"tool\":\"mit\"", "\"shown\":4", "\"server\":\"krbtgt/EXAMPLE.COM\",\"realm\":\"ATHENA.MIT.EDU\""],
    ),
    (
        "klist/client-three-tickets-delegation-tgt.txt",
        &[
            "\"logon_id\":\"0:0x9fcf6\"",
            "\"claimed\":5,\"shown\":3",
            "\"cache_flags\":{\"value\":2,",
            "\"cache_flags\":{\"value\":1,",
            "\"flags\":{\"value\":1084555264",
        ],
    ),
    ("klist/cloud-debug-no-onprem-tgt.txt", &["!\"type\":\"ticket\""]),
    (
        "klist/get-failed-etype-0xc00002fd.txt",
        &["\"issued\":false", "\"substatus\":2148074306", "\"status\":3221226237"],
    ),
    (
        "klist/li-system-session-elided.txt",
        &[
            "\"logon_id\":\"0:0xa54c6\"",
            "\"targeted\":\"0:0x3e7\"",
            "\"claimed\":6,\"shown\":1",
            "client03$",
            "\"cache_flags\":{\"value\":2,",
        ],
    ),
    ("klist/query-bind-one-dc.txt", &["!\"type\":\"ticket\""]),
    ("klist/reconstructed-get-unknown-spn.txt", &["\"substatus\":1787", "\"status\":3221225867"]),
    ("klist/reconstructed-powershell-transcript.txt", &["\"shown\":3"]),
    (
        "klist/server-side-delegated-tgt-ok.txt",
        &["\"shown\":1", "\"flags\":{\"value\":1621164032", "\"cache_flags\":{\"value\":1,", "\"kdc_called\":\"\""],
    ),
    (
        "klist/sessions-sql-server.txt",
        &[
            "\"account\":\"TEST\\\\test\",\"package\":\"NTLM\",\"logon_type\":\"Network\"",
            "\"account\":null",
            "\"logon_id\":\"0:0x3e7\"",
            "\"logon_id\":\"0:0x3e4\"",
        ],
    ),
    ("klist/showtickets-failed-1312.txt", &["\"no_session\":true"]),
    (
        "klist/stolen-forwarded-tgt-of-dc.txt",
        &["LON-DC-1$", "\"server\":\"krbtgt/", "\"flags\":{\"value\":1621164032", "\"cache_flags\":{\"value\":1,"],
    ),
    (
        "klist/tgt-elevated-other-luid.txt",
        &["\"targeted\":\"0:0x154333\"", "jotter", "LUMON.COM", "\"flags\":{\"value\":1088487424"],
    ),
    (
        "klist/winrm-network-logon-asc-only.txt",
        &[
            "\"logon_id\":\"0:0x11e387\"",
            "\"claimed\":1,\"shown\":1",
            "backupadm",
            "\"server\":\"HTTP/ACADEMY-AEN-DEV01.INLANEFREIGHT.LOCAL\"",
            "\"flags\":{\"value\":1084293120",
            "\"cache_flags\":{\"value\":8,",
            "\"renew\":null",
            "\"kdc_called\":\"\"",
        ],
    ),
    (
        "klist/workstation-tgt-tabs.txt",
        &["\"logon_id\":\"0:0x48d1f\"", "\"flags\":{\"value\":1088487424", "\"cache_flags\":{\"value\":1,"],
    ),
    ("lsasslog/article-s4uproxy-line.txt", &["\"context\":\"s4u2-proxy\"", "\"status\":3221226507"]),
    (
        "netlogon/maxconcurrentapi-timeout.txt",
        &["\"mechanism\":\"ntlm\"", "\"who\":\"User1\"", "\"status\":3221225566"],
    ),
    (
        "rubeus/klist-current-user.txt",
        &[
            "\"tool\":\"rubeus\",\"logon_id\":\"0:0x4420e\"",
            "\"shown\":1",
            "\"etype\":\"aes256_cts_hmac_sha1\"",
            "\"flags\":{\"value\":1621164032",
        ],
    ),
    (
        "rubeus/s4u-badoption.txt",
        &["\"context\":\"s4u2-proxy\",\"krb\":13", "\"spn\":\"cifs/FS01\"", "\"on_behalf\":true"],
    ),
    (
        "rubeus/triage-current-user.txt",
        &[
            "\"logon_id\":\"0:0x4420e\"",
            "\"shown\":3",
            "\"server\":\"krbtgt/TESTLAB.LOCAL\"",
            "\"server\":\"cifs/primary.testlab.local\"",
            "harmj0y",
            "2/12/2019 4:04:14 PM",
        ],
    ),
    ("setspn/q-existing-many.txt", &["CN=File Services,", "cifs/fs-01.northwind.example", "\"none\":false"]),
    (
        "setspn/reconstructed-x-one-group.txt",
        &["\"spns\":[\"HTTP/app.contoso.com\"]", "svc-app", "WEB01", "\"duplicate\":true"],
    ),
    ("setspn/smtp-no-duplicates.txt", &["\"duplicate\":false", "\"owners\":[]"]),
    ("setspn/x-forest-none.txt", &["\"scope\":\"forest\"", "\"duplicate\":false", "\"owners\":[]"]),
    ("sql/anonymous-logon-ip-address.txt", &["\"anonymous\":true", "\"back_end\":true"]),
    (
        "trusts/get-adtrust-intraforest.txt",
        &[
            "\"from\":\"INLANEFREIGHT.LOCAL\",\"to\":\"LOGISTICS.INLANEFREIGHT.LOCAL\"",
            "\"direction\":{\"value\":\"both\"",
            "\"attributes\":{\"value\":32,",
            "\"tgt_delegation_shown\":{\"value\":false",
            "\"within_forest\":{\"value\":true",
        ],
    ),
    (
        "trusts/nltest-domain-trusts-forest-and-child.txt",
        &[
            "\"from\":\"poke.mon\",\"to\":\"contoso.local\",\"direction\":{\"value\":\"outbound\"",
            "\"attributes\":{\"value\":8,",
            "\"from\":\"poke.mon\",\"to\":\"it.poke.mon\",\"direction\":{\"value\":\"both\"",
            "\"attributes\":{\"value\":32,",
            "!\"to\":\"poke.mon\"",
        ],
    ),
];

/// Which kinds a folder's files may be (the corpus's README).
fn kinds(folder: &str) -> &'static [&'static str] {
    match folder {
        "klist" => &["klist", "klist-tgt", "klist-sessions"],
        "klist-mit" | "klist-heimdal" | "klist-java" => &["krb5-klist"],
        "browser" => &["edge-policy", "chrome-policy", "reg"],
        "ad-object" | "finddelegation" => &["ad-attributes"],
        "lsasslog" => &["lsass-log"],
        "trusts" => &["trust"],
        "iis" => &["iis-config", "iis-log"],
        "sql" => &["be-error"],
        "event" => &["event"],
        "rubeus" => &["rubeus"],
        "netlogon" => &["netlogon"],
        "http" => &["http"],
        "setspn" => &["setspn"],
        _ => &[],
    }
}

fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/samples");
    if folder.join("INDEX.tsv").is_file() {
        return Some(folder);
    }
    println!("skipped: no samples at {}", folder.display());
    None
}

fn ingest(path: &Path) -> Ingested {
    let mut intake = Intake::new("sample");
    intake.push(&std::fs::read(path).unwrap());
    intake.finish()
}

#[test]
fn every_sample_reads_as_its_index_says() {
    let Some(folder) = samples() else { return };
    let index = std::fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut wrong: Vec<String> = Vec::new();
    for row in index.lines().skip(1) {
        let mut cells = row.split('\t');
        let (file, kind) = (cells.next().unwrap(), cells.next().unwrap());
        let got = ingest(&folder.join(file));
        let words: Vec<&str> = got.artefacts.iter().map(|a| a.kind.word()).collect();
        let right = !words.is_empty() && words.iter().all(|w| kinds(kind).contains(w));
        if !right {
            wrong.push(format!("{file}: kinds {words:?}, not {:?}", kinds(kind)));
        }
        let facts: Vec<_> = got.artefacts.iter().flat_map(|a| &a.facts).collect();
        let json = serde_json::to_string(&facts).unwrap();
        let Some((_, must)) = MUST.iter().find(|(name, _)| *name == file) else {
            wrong.push(format!("{file}: no expectation; add what its index says to MUST"));
            continue;
        };
        for piece in *must {
            let (piece, expected) = piece.strip_prefix('!').map_or((*piece, true), |p| (p, false));
            if json.contains(piece) != expected {
                let says = if expected { "is missing" } else { "must not be there" };
                wrong.push(format!("{file}: {piece} {says} in {json}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
