use super::*;
use crate::facts::Statement;
use crate::ingest::lines::test_lines;

/// Whether AuthServerAllowlist would be shown, how many policies there are, and each policy fact as one line.
fn told(text: &str) -> (bool, u32, Vec<String>) {
    let reading = read(&test_lines(text));
    let (mut complete, mut count, mut rows) = (false, 0, Vec::new());
    for fact in reading.facts {
        match fact.says {
            Statement::PolicyListing(l) => (complete, count) = (l.would_show("AuthServerAllowlist"), l.policies),
            Statement::Policy(p) => {
                let or = |t: Option<String>| t.unwrap_or_else(|| "-".to_owned());
                rows.push(format!(
                    "{}@{} {} {} {} {} {}",
                    p.name,
                    fact.place.first_line,
                    or(p.value),
                    or(p.level),
                    or(p.scope),
                    or(p.status),
                    or(p.product)
                ));
            }
            _ => {}
        }
    }
    (complete, count, rows)
}

const PAGE: &str = "Microsoft Edge Policies\nPolicy name | Policy value | Source | Applies to | Level | Status\n\
    AuthNegotiateDelegateAllowlist | intranet.contoso.com,*.apps.contoso.com | Platform | Current user | Mandatory | OK\n\
    HomepageLocation | https://start.contoso.com | Platform | Device | Mandatory | OK\n";

const EXPORT: &str = r#"{"chromeMetadata":{"OS":"Windows","application":"Microsoft Edge","version":"140.0"},
"policyValues":{"chrome":{"name":"Microsoft Edge Policies","policies":{
 "AuthNegotiateDelegateAllowlist":{"level":"mandatory","scope":"machine","source":"platform","value":"*.contoso.com"},
 "AuthSchemes":{"level":"recommended","scope":"user","source":"cloud","value":"negotiate","error":"not recommended"},
 "HomepageLocation":{"level":"mandatory","scope":"machine","source":"platform","value":"x"}}}}}"#;

#[test]
fn a_whole_page() {
    assert_eq!(
        told(PAGE),
        (true, 2, vec![
            "AuthNegotiateDelegateAllowlist@3 intranet.contoso.com,*.apps.contoso.com Mandatory Current user OK edge".to_owned()
        ])
    );
    assert_eq!(words::kinds(PAGE), [Kind::EdgePolicy]);
    let tabs = PAGE.replace(" | ", "\t");
    assert_eq!(told(&tabs), told(PAGE));
    let blanks = PAGE.replace(" | ", "    ");
    assert_eq!(told(&blanks), told(PAGE));
    assert_eq!(words::kinds(&tabs.replace("Microsoft Edge", "Chrome")), [Kind::ChromePolicy]);
}

#[test]
fn one_cell_a_line_with_buttons() {
    let text = "Microsoft Edge Policies\nPolicy name\nPolicy value\nSource\nApplies to\nLevel\nStatus\n\
        AuthNegotiateDelegateAllowlist\n*.contoso.com\nPlatform\nDevice\nMandatory\nOK\nShow more\n\
        SmartScreenEnabled\ntrue\nPlatform\nDevice\nMandatory\nOK\nAuthSchemes\nNot set.\n";
    assert_eq!(
        told(text),
        (
            true,
            3,
            vec![
                "AuthNegotiateDelegateAllowlist@8 *.contoso.com Mandatory Device OK edge".to_owned(),
                "AuthSchemes@21 - - - - edge".to_owned()
            ]
        )
    );
    assert_eq!(words::kinds(text), [Kind::EdgePolicy]);
}

#[test]
fn german_and_wrapped() {
    let text = "Microsoft Edge-Richtlinien\nRichtlinienname\tRichtlinienwert\tQuelle\tGilt für\tEbene\tStatus\n\
        AuthNegotiateDelegateAllowlist\ta.contoso.com,\nb.contoso.com\tPlattform\tGerät\tObligatorisch\tOK\n";
    assert_eq!(
        told(text),
        (
            false,
            1,
            vec!["AuthNegotiateDelegateAllowlist@3 a.contoso.com,b.contoso.com Obligatorisch Gerät OK edge".to_owned()]
        )
    );
    assert_eq!(words::kinds(text), [Kind::EdgePolicy]);
}

#[test]
fn loose_rows_are_not_a_whole_list() {
    for (text, value) in [
        ("AuthNegotiateDelegateAllowlist\t*.contoso.com\tPlatform\tDevice\tMandatory\tOK\n", "*.contoso.com"),
        ("AuthNegotiateDelegateAllowlist *.contoso.com Platform Device Mandatory OK\n", "*.contoso.com"),
        ("AuthNegotiateDelegateAllowlist = https://intranet/\n", "https://intranet/"),
    ] {
        let (complete, count, rows) = told(text);
        assert_eq!((complete, count), (false, 1), "{text}");
        assert!(rows[0].contains(value), "{rows:?}");
        assert_eq!(words::kinds(text), [Kind::EdgePolicy], "{text}");
    }
    for prose in [
        "AuthNegotiateDelegateAllowlist is not set anywhere, I checked.",
        "Our Microsoft Edge policies come from Intune.",
        "Name : svc-web",
    ] {
        assert_eq!(edge_anchor(prose, None), None, "{prose}");
    }
    assert_eq!(edge_anchor("TrustedForDelegation                 : False", Some(Kind::EdgePolicy)), None);
    assert_eq!(edge_anchor("    AuthServerAllowlist    REG_SZ    *.contoso.com", None), None);
}

#[test]
fn exports_whole_and_cut() {
    assert_eq!(
        told(EXPORT),
        (
            true,
            3,
            vec![
                "AuthNegotiateDelegateAllowlist@3 *.contoso.com mandatory machine - edge".to_owned(),
                "AuthSchemes@4 negotiate recommended user not recommended edge".to_owned()
            ]
        )
    );
    assert_eq!(words::kinds(EXPORT), [Kind::EdgePolicy]);
    let cut = EXPORT.split_once("\"AuthSchemes\"").unwrap().0;
    let (complete, count, rows) = told(cut);
    assert_eq!((complete, count, rows.len()), (false, 1, 1));
    assert_eq!(read(&test_lines(cut)).problems.len(), 1);
}

#[test]
fn a_managed_policy_file() {
    let text = "{\n \"AuthServerAllowlist\": \"*.oddessy.local,*.partner.example\",\n \"AuthNegotiateDelegateAllowlist\": \"web.oddessy.local\",\n \"StartupBoostEnabled\": true\n}\n";
    assert_eq!(
        told(text),
        (
            true,
            3,
            vec![
                "AuthServerAllowlist@2 *.oddessy.local,*.partner.example - - - -".to_owned(),
                "AuthNegotiateDelegateAllowlist@3 web.oddessy.local - - - -".to_owned(),
                "StartupBoostEnabled@4 true - - - -".to_owned()
            ]
        )
    );
    assert_eq!(words::kinds(text), [Kind::ChromePolicy]);
}

#[test]
fn any_cut_and_any_order_is_read() {
    for text in [PAGE, EXPORT] {
        words::never_panics(&EDGE_READER, text);
        words::never_panics(&CHROME_READER, text);
    }
}

#[test]
fn what_a_list_tells_of_a_policy_that_is_absent() {
    let head = "Microsoft Edge Policies\nPolicy name | Policy value | Source | Applies to | Level | Status\n";
    let row = |name: &str, rest: &str| format!("{name} | 1 | Platform | Device | {rest}\n");
    let shows = |rows: &str| told(&format!("{head}{rows}")).0;
    // In the order of the alphabet, so a later name, or anything that stands behind all set ones, ends the search.
    assert!(shows(&row("HomepageLocation", "Mandatory | OK")));
    assert!(shows(&row("AuthNegotiateDelegateWhitelist", "Mandatory | Unknown policy")));
    assert!(shows("No policies set.\n"));
    assert!(shows(
        "Microsoft Edge Update Policies\nPolicy name | Policy value | Source | Applies to | Level | Status\n"
    ));
    // The list may go on, or was sorted by another column.
    assert!(!shows(""));
    assert!(!shows(&row("AllowDinosaurEasterEgg", "Mandatory | OK")));
    assert!(!shows(&(row("HomepageLocation", "Mandatory | OK") + &row("AllowDinosaurEasterEgg", "Recommended | OK"))));
    assert_eq!(read(&test_lines(head)).problems.len(), 1);
}

#[test]
fn a_row_that_is_cut_has_no_value() {
    for end in ["\tcontoso.c", "\tcontoso.com\tPlatform\tDevice", ""] {
        let text = format!(
            "Microsoft Edge Policies\nPolicy name\tPolicy value\tSource\tApplies to\tLevel\tStatus\nAuthNegotiateDelegateAllowlist{end}"
        );
        let (shows, count, rows) = told(&text);
        assert_eq!((shows, count, rows), (false, 0, Vec::new()), "{end:?}");
    }
    for cut in [
        "{\"AuthServerAllowlist\": \"*.a.b\", \"AuthNegotiateDelegateAllowlist\": \"web.",
        "{\"AuthServerAllowlist\": \"*.a.b\",\n \"AuthNegotiateDelegateAllowlist\": [\"x\", \"y",
    ] {
        assert_eq!(told(cut).2, ["AuthServerAllowlist@1 *.a.b - - - -"], "{cut}");
    }
    let (export, _) = EXPORT.split_once(",\"value\":\"negotiate").unwrap();
    assert_eq!(told(export).2.len(), 1);
}
