//! The collector scripts: they parse in their shells, change nothing, and what they write is read by its sections.
// A test fails by panicking; these lints of the engine are for code that meets input.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use doublehop::facts::{Role, Statement};
use doublehop::ingest::{Artefact, Ingested, Intake, Kind};

const POWERSHELL: [(&str, &str); 3] = [
    ("client", include_str!("../static/collect/client.ps1")),
    ("front-end", include_str!("../static/collect/front-end.ps1")),
    ("dc", include_str!("../static/collect/directory.ps1")),
];
const BASH: &str = include_str!("../static/collect/linux.sh");

fn tree(script: &str) -> tree_sitter::Tree {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    parser.parse(script, None).unwrap()
}

/// The text of the nodes that `wanted` picks by their parent's kind and their own.
fn picked<'s>(script: &'s str, tree: &tree_sitter::Tree, wanted: impl Fn(&str, &str) -> bool) -> Vec<&'s str> {
    let mut found = Vec::new();
    let mut open = vec![tree.root_node()];
    while let Some(node) = open.pop() {
        let parent = node.parent().map_or("", |p| p.kind());
        if wanted(parent, node.kind()) {
            found.push(std::str::from_utf8(&script.as_bytes()[node.byte_range()]).unwrap());
        }
        open.extend((0..node.child_count()).filter_map(|i| node.child(i)));
    }
    found
}

/// The nodes of some kinds.
fn nodes<'s>(script: &'s str, tree: &tree_sitter::Tree, kinds: &[&str]) -> Vec<&'s str> {
    picked(script, tree, |_, kind| kinds.contains(&kind))
}

/// The names of the methods that are called.
fn methods<'s>(script: &'s str, tree: &tree_sitter::Tree) -> Vec<&'s str> {
    picked(script, tree, |parent, kind| parent == "invokation_expression" && kind == "member_name")
}

#[test]
fn the_parser_sees_errors() {
    assert!(tree("foreach ($a in $b { $a }").root_node().has_error());
    assert!(!tree("foreach ($a in $b) { $a }").root_node().has_error());
}

#[test]
fn powershell_parses_and_is_as_old_as_windows_has_it() {
    for (role, script) in POWERSHELL {
        let tree = tree(script);
        let broken = nodes(script, &tree, &["ERROR"]);
        assert!(!tree.root_node().has_error(), "{role}: {broken:?}");
        assert!(script.is_ascii(), "{role}: Windows PowerShell reads a file without BOM in the machine's code page");
        // PowerShell 7 alone has these.
        for new in ["&&", "||", "??", "?.", " ? ", "-Parallel"] {
            assert!(!script.contains(new), "{role}: {new}");
        }
        assert!(script.lines().count() <= 125, "{role}: too long for a cautious administrator to review");
        assert!(script.contains(&format!("'# Doublehop collector: {role}'")));
    }
}

#[test]
fn they_only_read() {
    // Everything that is called, by name: reading, and writing the one file.
    const ALLOWED: [&str; 23] = [
        "Section",
        "Run",
        "Account",
        "Get-Command",
        "Get-CimInstance",
        "Get-WinEvent",
        "Get-Content",
        "Get-ADTrust",
        "Get-Date",
        "Get-Item",
        "Test-Path",
        "Join-Path",
        "New-Object",
        "Format-List",
        "Out-String",
        "Out-File",
        "Write-Host",
        "ForEach-Object",
        "Where-Object",
        "Select-Object",
        "cmd.exe",
        "$Do",
        "$appcmd",
    ];
    const METHODS: [&str; 11] = [
        "Add",
        "AddRange",
        "FindOne",
        "TrimEnd",
        "Trim",
        "Split",
        "ToUniversalTime",
        "ToString",
        "ToLower",
        "Escape",
        "ToBase64String",
    ];
    const PROGRAMS: [&str; 12] = [
        "klist -li",
        "klist sessions",
        "klist",
        "reg query",
        "nslookup",
        "setspn -F -Q",
        "setspn -L",
        "setspn -X",
        "whoami",
        "dsregcmd /status",
        "w32tm /",
        "nltest /domain_trusts",
    ];
    for (role, script) in POWERSHELL {
        let tree = tree(script);
        let called = nodes(script, &tree, &["command_name", "command_name_expr"]);
        assert!(["Section", "Run", "Out-File", "$Do"].iter().all(|name| called.contains(name)), "{role}: {called:?}");
        for name in called {
            assert!(ALLOWED.contains(&name), "{role}: {name}");
        }
        // Methods that are called on objects: they read, build the text, or shape a name.
        let methods = methods(script, &tree);
        assert!(methods.contains(&"TrimEnd"), "{role}: {methods:?}");
        for method in methods {
            assert!(METHODS.contains(&method), "{role}: {method}");
        }
        assert_eq!(script.matches("Out-File").count(), 1);
        for line in script.lines().filter_map(|l| l.trim().strip_prefix("Run '")) {
            let command = line.split_once("' ").unwrap().1.trim_start_matches(['\'', '"']);
            assert!(PROGRAMS.iter().any(|p| command.starts_with(p)), "{role}: {command}");
        }
        for word in
            ["Set-", "Remove-", "Add-", "Invoke-", "Start-Process", "reg add", "klist purge", "klist get", "klist tgt"]
        {
            assert!(!script.contains(word), "{role}: {word}");
        }
    }
}

#[test]
fn bash_parses() {
    let checked = std::process::Command::new("bash").args(["-n", "-c", BASH]).output();
    if let Ok(output) = checked {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for word in ["rm ", "sudo ", "kinit", "kdestroy", "kvno", "curl", "wget"] {
        assert!(!BASH.lines().filter(|l| !l.starts_with('#')).any(|l| l.contains(word)), "{word}");
    }
}

fn read(bytes: &[u8]) -> Ingested {
    let mut intake = Intake::new("doublehop.txt");
    intake.push(bytes);
    intake.finish()
}

fn of(read: &Ingested, kind: Kind) -> Vec<&Artefact> {
    read.artefacts.iter().filter(|a| a.kind == kind).collect()
}

/// What the front end's collector writes, with CRLF as on Windows.
fn front_end() -> String {
    "# Doublehop collector: front-end\n# WEB01, 2026-11-23 03:09:07Z\n\n\
     ## artefact: klist-sessions\nPS> klist sessions\n\nCurrent LogonId is 0:0x5b1f2\n[0] Session 0 0:0x46931ff CONTOSO\\alice Kerberos:Network\n\n\
     ## artefact: klist\nPS> klist -li 0x46931ff\n\nCurrent LogonId is 0:0x5b1f2\nTargeted LogonId is 0:0x46931ff\n\nCached Tickets: (0)\n\n\
     ## artefact: iis-config\nNot read: IIS is not on this computer.\n\n\
     ## artefact: ad-attributes\nPS> directory search for svc-web\n# front end\ndn: CN=svc-web,OU=Service,DC=contoso,DC=com\nsAMAccountName: svc-web\n\
     objectClass: top\nobjectClass: user\nobjectSid: S-1-5-21-1-2-3-1104\nuserAccountControl: 66048\nservicePrincipalName: HTTP/web.contoso.com\n\
     msDS-AllowedToDelegateTo: HTTP/api.contoso.com\n\n\
     ## artefact: setspn\nPS> setspn -F -Q HTTP/web.contoso.com\nChecking forest DC=contoso,DC=com\nCN=svc-web,OU=Service,DC=contoso,DC=com\n\tHTTP/web.contoso.com\n\nExisting SPN found!\n\n\
     ## artefact: event\nPS> Get-WinEvent System, Security-Kerberos, last 5\nNot read: No events were found that match the specified selection criteria.\n"
        .replace('\n', "\r\n")
}

fn checked(read: &Ingested) {
    let kinds: Vec<(Kind, Role)> = read.artefacts.iter().map(|a| (a.kind, a.role)).collect();
    let want = [
        (Kind::KlistSessions, Role::FrontEnd),
        (Kind::Klist, Role::FrontEnd),
        (Kind::IisConfig, Role::FrontEnd),
        (Kind::AdAttributes, Role::Dc),
        (Kind::Setspn, Role::Dc),
        (Kind::Event, Role::FrontEnd),
    ];
    assert_eq!(kinds, want);
    let account = of(read, Kind::AdAttributes)[0].facts.iter().find_map(|f| match &f.says {
        Statement::Account(a) => Some(a.clone()),
        _ => None,
    });
    let account = account.unwrap();
    assert!(account.said_role.is_some_and(|r| r.value.contains("front end")));
    assert_eq!(account.allowed_to_delegate_to.unwrap().value, ["HTTP/api.contoso.com"]);
    let search = of(read, Kind::Setspn)[0].facts.iter().find_map(|f| match &f.says {
        Statement::SpnSearch(s) => Some(s.clone()),
        _ => None,
    });
    assert_eq!(search.unwrap().spn.unwrap().to_string(), "HTTP/web.contoso.com");
    // What could not be collected is a sentence, and no fact.
    for (kind, says) in [(Kind::IisConfig, "IIS is not on this computer"), (Kind::Event, "No events were found")] {
        let artefact = of(read, kind)[0];
        assert!(artefact.facts.is_empty());
        assert!(artefact.problems.len() == 1 && artefact.problems[0].says.contains(says), "{:?}", artefact.problems);
    }
}

#[test]
fn a_file_is_read_by_its_sections() {
    let file = front_end();
    checked(&read(file.as_bytes()));
    // Windows PowerShell's Out-File writes UTF-8 with BOM; a redirection writes UTF-16.
    checked(&read(&[b"\xef\xbb\xbf", file.as_bytes()].concat()));
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(file.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    checked(&read(&utf16));
}

#[test]
fn two_files_in_one_paste_keep_their_roles() {
    let client = "# Doublehop collector: client\n\n## artefact: klist\nPS> klist\nCurrent LogonId is 0:0x1\n\nCached Tickets: (0)\n";
    let both = read(format!("{client}\n{}", front_end()).as_bytes());
    let roles: Vec<Role> = of(&both, Kind::Klist).iter().map(|a| a.role).collect();
    assert_eq!(roles, [Role::Client, Role::FrontEnd]);
}
