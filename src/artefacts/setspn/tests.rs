use super::*;
use crate::ingest::lines::test_lines;
use proptest::prelude::*;

fn says(text: &str) -> Vec<String> {
    let reading = read(&test_lines(text));
    let facts = reading.facts.iter().map(|f| match &f.says {
        Statement::SpnSearch(s) => {
            let owners: Vec<String> = s
                .owners
                .iter()
                .map(|o| {
                    let spns: Vec<String> = o.spns.iter().map(ToString::to_string).collect();
                    format!("{} [{}]", o.dn.value, spns.join(" "))
                })
                .collect();
            format!(
                "{}-{} {} {} {}{}{}",
                f.place.first_line,
                f.place.last_line,
                s.spn.as_ref().map_or("-".to_owned(), ToString::to_string),
                s.scope.as_deref().unwrap_or("-"),
                owners.join("; "),
                if s.none { "none" } else { "" },
                if s.duplicate { " duplicate" } else { "" }
            )
        }
        other => format!("{other:?}"),
    });
    facts.chain(reading.problems.iter().map(|p| format!("problem {}", p.line))).collect()
}

const MANY: &str = "C:\\> setspn -T * -Q MSSQLSvc/sql01.contoso.com:1433\nChecking forest DC=contoso,DC=com\n\
    CN=svc-sql,OU=Service Accounts,DC=emea,DC=contoso,DC=com\n\tMSSQLSvc/sql01.contoso.com:1433\n\tMSSQLSvc/sql01.contoso.com\n\n\
    Existing SPN found!\n\nC:\\> setspn -L CONTOSO\\svc-web\n\
    Registered ServicePrincipalNames for CN=svc-web,OU=Service,DC=contoso,DC=com:\n\tHTTP/web   <- added\n\
    C:\\> setspn -Q HTTP/portal.contoso.com\nChecking domain DC=contoso,DC=com\n\nNo such SPN found.\n";

const MANY_SAYS: [&str; 3] = [
    "1-7 MSSQLSvc/sql01.contoso.com:1433 forest CN=svc-sql,OU=Service Accounts,DC=emea,DC=contoso,DC=com [MSSQLSvc/sql01.contoso.com:1433 MSSQLSvc/sql01.contoso.com]",
    "9-11 - - CN=svc-web,OU=Service,DC=contoso,DC=com [HTTP/web]",
    "12-15 HTTP/portal.contoso.com domain none",
];

#[test]
fn one_fact_per_command() {
    assert_eq!(says(MANY), MANY_SAYS);
    let quoted: String = MANY.lines().map(|l| format!("> {l}\n")).collect();
    assert_eq!(says(&quoted), MANY_SAYS);
    let lines = test_lines(MANY);
    let kinds: Vec<Kind> = crate::ingest::split::split(&lines).iter().map(|s| s.kind).collect();
    assert_eq!(kinds, [Kind::Setspn]);
}

#[test]
fn outputs_collapsed_to_one_line() {
    let one =
        "Checking domain DC=a,DC=b CN=File Services,OU=Service Accounts,DC=a,DC=b cifs/fs HTTP/fs Existing SPN found!";
    assert_eq!(says(one), ["1-1 - domain CN=File Services,OU=Service Accounts,DC=a,DC=b [cifs/fs HTTP/fs]"]);
    let collapsed: String = MANY
        .split("C:\\>")
        .map(|c| c.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\nC:\\> ");
    let what = |s: &str| s.split_once(' ').map(|(_, s)| s.to_owned());
    assert_eq!(
        says(&collapsed).iter().map(|s| what(s)).collect::<Vec<_>>(),
        MANY_SAYS.iter().map(|s| what(s)).collect::<Vec<_>>()
    );
    let lines = test_lines(one);
    assert_eq!(crate::ingest::split::split(&lines)[0].kind, Kind::Setspn);
}

#[test]
fn without_commands_results_separate_searches() {
    let text = "Checking domain DC=contoso,DC=com\nCN=a,DC=contoso,DC=com\n\tHTTP/a\nExisting SPN found!\n\
        Checking domain DC=contoso,DC=com\n\nNo such SPN found.\n";
    assert_eq!(says(text), ["1-4 - domain CN=a,DC=contoso,DC=com [HTTP/a]", "5-7 - domain none"]);
}

#[test]
fn duplicates_in_a_search_and_in_a_list_of_groups() {
    let x = "C:\\>setspn -X\nChecking domain DC=contoso,DC=com\nProcessing entry 0\n\
        HTTP/app.contoso.com is registered on these accounts:\n\tCN=svc-app,OU=S,DC=contoso,DC=com\n\tCN=WEB01,OU=S,DC=contoso,DC=com\n\n\
        HTTP/b is registered on these accounts:\n\tCN=b,DC=contoso,DC=com\n\tCN=c,DC=contoso,DC=com\n\nfound 2 groups of duplicate SPNs.\n";
    assert_eq!(
        says(x),
        [
            "1-6 - domain CN=svc-app,OU=S,DC=contoso,DC=com [HTTP/app.contoso.com]; CN=WEB01,OU=S,DC=contoso,DC=com [HTTP/app.contoso.com] duplicate",
            "8-12 - domain CN=b,DC=contoso,DC=com [HTTP/b]; CN=c,DC=contoso,DC=com [HTTP/b] duplicate",
        ]
    );
    let q = "C:\\> setspn -F -Q HTTP/a\nChecking forest DC=c,DC=com\nCN=a,DC=c,DC=com\n\tHTTP/a\nCN=b,DC=c,DC=com\n\tHTTP/A\n\tHTTP/z\n\nExisting SPN found!\n";
    assert_eq!(says(q), ["1-9 HTTP/a forest CN=a,DC=c,DC=com [HTTP/a]; CN=b,DC=c,DC=com [HTTP/A HTTP/z] duplicate"]);
    assert_eq!(
        says("     SetSPN -x  \n     Processing entry 0  \n     found 0 group of duplicate SPNs.\n"),
        ["1-3 - - "]
    );
}

#[test]
fn french_by_shape() {
    let fr = "C:\\> setspn -Q HTTP/web\nVérification du domaine DC=contoso,DC=com\n\nSPN introuvable.\n\
        C:\\> setspn -L svc-web\nNoms ServicePrincipalName inscrits pour CN=svc-web,DC=contoso,DC=com :\n\tHTTP/web\n\
        C:\\> setspn -X\nVérification du domaine DC=contoso,DC=com\nTraitement de l'entrée 0\n0 groupe de SPN en double détectés.\n";
    assert_eq!(
        says(fr),
        ["1-4 HTTP/web domain none", "5-7 - - CN=svc-web,DC=contoso,DC=com [HTTP/web]", "8-11 - domain "]
    );
}

#[test]
fn cut_and_failed_searches_claim_nothing() {
    assert_eq!(says("C:\\> setspn -Q HTTP/web\nChecking domain DC=contoso,DC=com\n"), Vec::<String>::new());
    let failed = "C:\\> setspn -Q HTTP/web\nFindDomainForAccount: Call to DsGetDcNameWithAccountW failed with return value 0x0000054B\n";
    assert_eq!(says(failed), ["problem 2"]);
    assert_eq!(says("\tHTTP/web\n"), ["problem 1"]);
    let deleted = "C:\\> setspn -D HTTP/web svc\nUnregistering ServicePrincipalNames for CN=svc,DC=c,DC=com\n\tHTTP/web\nUpdated object\n";
    assert_eq!(says(deleted), Vec::<String>::new());
}

#[test]
fn prose_and_other_kinds_are_not_claimed() {
    for line in [
        "We checked the domain and it is fine",
        "DistinguishedName : CN=svc,DC=contoso,DC=com",
        "servicePrincipalName: HTTP/web",
        "see http/foo for these accounts: x",
        "dn: CN=a,DC=b",
    ] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

proptest! {
    #[test]
    fn cuts_and_shuffles_never_panic(cut in 0usize..900, order in prop::collection::vec(0usize..20, 0..40)) {
        read(&test_lines(&MANY.chars().take(cut).collect::<String>()));
        let lines: Vec<&str> = MANY.lines().collect();
        let shuffled: Vec<&str> = order.iter().filter_map(|i| lines.get(*i).copied()).collect();
        prop_assert!(read(&test_lines(&shuffled.join("\n"))).facts.len() <= order.len());
    }
}
