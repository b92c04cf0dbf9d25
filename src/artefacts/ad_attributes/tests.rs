use super::*;
use crate::artefacts::words;
use crate::facts::Account;
use crate::ingest::lines::test_lines;
use proptest::prelude::*;

fn accounts(text: &str) -> Vec<Account> {
    read(&test_lines(text))
        .facts
        .into_iter()
        .filter_map(|f| match f.says {
            Statement::Account(account) => Some(*account),
            _ => None,
        })
        .collect()
}

fn list<T: ToString>(list: &Option<At<Vec<T>>>) -> String {
    list.as_ref().map_or("-".to_owned(), |l| {
        format!("[{}]", l.value.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    })
}

/// One line per account.
fn says(text: &str) -> Vec<String> {
    let flag = |b: &Option<At<bool>>| b.as_ref().map_or('-', |b| if b.value { 'T' } else { 'F' });
    let mut out: Vec<String> = accounts(text)
        .iter()
        .map(|a| {
            format!(
                "{}|{}|{}|{}|{}{}{}|a2d2 {}|rbcd {}|spn {}|of {}|{}{}{}",
                a.said_role.as_ref().map_or("-", |s| s.value.as_str()),
                a.name.as_ref().map_or("-", |n| n.value.as_str()),
                a.dn.as_ref().map_or("-", |d| d.value.as_str()),
                a.uac.as_ref().map_or(0, |u| u.value),
                flag(&a.trusted_for_delegation),
                flag(&a.trusted_to_auth),
                flag(&a.not_delegated),
                list(&a.allowed_to_delegate_to),
                list(&a.rbcd_principals),
                list(&a.spns),
                list(&a.member_of),
                a.encryption_types.as_ref().map_or("-".to_owned(), |e| e.value.to_string()),
                if a.absent_means_empty { " set-only" } else { "" },
                if a.cut_lists.is_empty() { String::new() } else { format!(" cut {:?}", a.cut_lists) },
            )
        })
        .collect();
    out.extend(read(&test_lines(text)).problems.iter().map(|p| format!("problem {}", p.line)));
    out
}

const TWO: &str = "# front end (application pool identity CONTOSO\\svc-web)
AccountNotDelegated                  : False
DistinguishedName                    : CN=svc-web,OU=Service,DC=contoso,DC=com
msDS-AllowedToDelegateTo             : {MSSQLSvc/sql01.emea.contoso.com:1433}
Name                                 : svc-web
ObjectClass                          : user
PasswordLastSet                      : 3/2/2026 10:11:05 AM
PrincipalsAllowedToDelegateToAccount : {}
ServicePrincipalNames                : {HTTP/intranet.contoso.com, HTTP/intranet}
TrustedForDelegation                 : False
TrustedToAuthForDelegation           : False
userAccountControl                   : 66048

# back end
AccountNotDelegated                  : True
DistinguishedName                    : CN=svc-sql,OU=Service,DC=emea,DC=contoso,DC=com
msDS-AllowedToDelegateTo             : {}
Name                                 : svc-sql
PrincipalsAllowedToDelegateToAccount : {CN=a,CN=Computers,DC=contoso,DC=com, CN=b,OU=S,DC=contoso,DC=com}
ServicePrincipalNames                : {MSSQLSvc/sql01.emea.contoso.com:1433}
";

const TWO_SAYS: [&str; 2] = [
    "front end (application pool identity CONTOSO\\svc-web)|svc-web|CN=svc-web,OU=Service,DC=contoso,DC=com|66048|FFF|a2d2 [MSSQLSvc/sql01.emea.contoso.com:1433]|rbcd []|spn [HTTP/intranet.contoso.com HTTP/intranet]|of -|-",
    "back end|svc-sql|CN=svc-sql,OU=Service,DC=emea,DC=contoso,DC=com|0|--T|a2d2 []|rbcd [CN=a,CN=Computers,DC=contoso,DC=com CN=b,OU=S,DC=contoso,DC=com]|spn [MSSQLSvc/sql01.emea.contoso.com:1433]|of -|-",
];

#[test]
fn two_lists_with_their_roles() {
    assert_eq!(says(TWO), TWO_SAYS);
    let quoted: String = TWO.lines().map(|l| format!("> {l}\n")).collect();
    assert_eq!(says(&quoted), TWO_SAYS);
    assert_eq!(says(&TWO.replace('\n', "\n\n")), TWO_SAYS);
    let without_comments: String = TWO.lines().filter(|l| !l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    assert_eq!(says(&without_comments).len(), 2);
    let lines = test_lines(TWO);
    let sections = crate::ingest::split::split(&lines);
    assert_eq!(sections.iter().map(|s| (s.kind, s.lines.len())).collect::<Vec<_>>(), [(Kind::AdAttributes, 20)]);
    let first = &accounts(TWO)[0];
    assert_eq!(first.trusted_for_delegation.as_ref().unwrap().place.first_line, 10);
    assert_eq!(first.allowed_to_delegate_to.as_ref().unwrap().place.lit, ["MSSQLSvc/sql01.emea.contoso.com:1433"]);
    assert_eq!(accounts(TWO)[1].not_delegated.as_ref().unwrap().place.lit, ["True"]);
}

#[test]
fn console_width_and_mail_wrap_lists() {
    let console = "DistinguishedName                    : CN=svc-web,OU=Service Accounts,OU=Some
                                       Where,DC=contoso,DC=com
msDS-AllowedToDelegateTo             : {HTTP/api01.contoso.com, HTTP/api01,
                                       MSSQLSvc/sql01.contoso.com:1433, http/x...}
Name                                 : svc-web
";
    let expected = [
        "-|svc-web|CN=svc-web,OU=Service Accounts,OU=Some Where,DC=contoso,DC=com|0|---|a2d2 [HTTP/api01.contoso.com HTTP/api01 MSSQLSvc/sql01.contoso.com:1433 http/x]|rbcd -|spn -|of -|- cut [DelegateTo]",
        "problem 3",
    ];
    assert_eq!(says(console), expected);
    let mail: String = console.lines().map(|l| format!("{}\n", l.trim())).collect();
    assert_eq!(says(&mail), expected);
    let long = format!(
        "Name                     : a\nmsDS-AllowedToDelegateTo : {{HTTP/{}\n                           .contoso.com}}\n",
        "a".repeat(30)
    );
    assert_eq!(
        accounts(&long)[0].allowed_to_delegate_to.as_ref().unwrap().value,
        [format!("HTTP/{}.contoso.com", "a".repeat(30))]
    );
}

#[test]
fn ldif_folded_and_in_base64() {
    let ldif = "dn:: Q049RGllbnN0IEdyw7bDn2UsT1U9U2VydmljZSxEQz1jb250b3NvLERDPWNvbQ==
objectClass: top
objectClass: user
sAMAccountName: svc-web
userAccountControl: 16843264
servicePrincipalName: HTTP/web
servicePrincipalName: HTTP/web.con
 toso.com
memberOf: CN=Protected Users,CN=Users,DC=contoso,DC=com
msDS-SupportedEncryptionTypes: 24

dn: CN=api,OU=Service,DC=contoso,DC=com
sAMAccountName: svc-api
userAccountControl: 512
msDS-AllowedToActOnBehalfOfOtherIdentity:: AQAEgBQAAAAAAAAAAAAAACQAAAABAgAAAAAABSAAAAAgAgA
 AAgAsAAEAAAAAACQA/wEPAAEFAAAAAAAFFQAAAAEAAAACAAAAAwAAAFAEAAA=

dn: CN=fe,DC=contoso,DC=com
sAMAccountName: FE$
objectSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAAUAQAAA==
";
    let expected = [
        "-|svc-web|CN=Dienst Größe,OU=Service,DC=contoso,DC=com|16843264|FTF|a2d2 -|rbcd -|spn [HTTP/web HTTP/web.contoso.com]|of [CN=Protected Users,CN=Users,DC=contoso,DC=com]|24 set-only",
        "-|svc-api|CN=api,OU=Service,DC=contoso,DC=com|512|FFF|a2d2 -|rbcd [FE$]|spn -|of -|- set-only",
        "-|FE$|CN=fe,DC=contoso,DC=com|0|---|a2d2 -|rbcd -|spn -|of -|-",
    ];
    assert_eq!(says(ldif), expected);
    let indented: String = ldif.lines().map(|l| format!("    {l}\n")).collect();
    assert_eq!(says(&indented), expected);
    assert_eq!(accounts(ldif)[0].object_class.as_deref(), Some("user"));
    // Attributes asked for by name: what is absent was not asked for.
    let asked = format!("# requesting: sAMAccountName userAccountControl\n{ldif}");
    assert!(accounts(&asked).iter().all(|a| !a.absent_means_empty));
}

#[test]
fn an_object_collapsed_to_one_line_and_a_value_on_the_next() {
    let one = "PS C:\\> Get-ADComputer DC -Properties * DistinguishedName : CN=DC,OU=Domain Controllers,DC=a,DC=b Enabled : True Name : DC \
        PrincipalsAllowedToDelegateToAccount : {CN=T,CN=Computers,DC=a,DC=b} SamAccountName : DC$ UserPrincipalName :";
    let expected =
        "-|DC$|CN=DC,OU=Domain Controllers,DC=a,DC=b|0|---|a2d2 -|rbcd [CN=T,CN=Computers,DC=a,DC=b]|spn -|of -|-";
    assert_eq!(says(one), [expected]);
    let moved = "DistinguishedName : CN=DC,OU=Domain Controllers,DC=a,DC=b\nPrincipalsAllowedToDelegateToAccount :\n{CN=T,CN=Computers,DC=a,DC=b}\nSamAccountName : DC$\n";
    assert_eq!(says(moved), [expected]);
    let ldif = "dn: CN=a,DC=a,DC=b sAMAccountName: a userAccountControl: 512 servicePrincipalName: HTTP/a servicePrincipalName: HTTP/b dn: CN=c,DC=a,DC=b sAMAccountName: c";
    assert_eq!(accounts(ldif).len(), 2);
}

#[test]
fn adfind_dsquery_and_format_table() {
    let adfind = "dn:CN=svc-web,OU=S,DC=contoso,DC=com\n>sAMAccountName: svc-web\n>userAccountControl: 524800\n>servicePrincipalName: HTTP/web\n>servicePrincipalName: HTTP/web.contoso.com\n";
    assert_eq!(
        says(adfind),
        [
            "-|svc-web|CN=svc-web,OU=S,DC=contoso,DC=com|524800|TFF|a2d2 -|rbcd -|spn [HTTP/web HTTP/web.contoso.com]|of -|- set-only"
        ]
    );
    let dsquery = "  sAMAccountName    userAccountControl    servicePrincipalName\n  svc-web           524800                HTTP/web;HTTP/web.contoso.com\n  svc-api           512                   \n";
    assert_eq!(
        says(dsquery),
        [
            "-|svc-web|-|524800|TFF|a2d2 -|rbcd -|spn [HTTP/web HTTP/web.contoso.com]|of -|-",
            "-|svc-api|-|512|FFF|a2d2 -|rbcd -|spn []|of -|-",
        ]
    );
    let table = "Name    TrustedForDelegation TrustedToAuthForDelegation\n----    -------------------- --------------------------\nsvc-web                 True                      False\n";
    assert_eq!(says(table), ["-|svc-web|-|0|TF-|a2d2 -|rbcd -|spn -|of -|-"]);
}

#[test]
fn find_delegation_tells_three_kinds() {
    let text = "AccountName   AccountType  DelegationType                       DelegationRightsTo                         SPN Exists
jon.snow      Person       Constrained w/ Protocol Transition   CIFS/winterfell                            No
jon.snow      Person       Constrained w/ Protocol Transition   CIFS/winterfell.north.local                No
CASTELBLACK$  Computer     Constrained w/o Protocol Transition  HTTP/winterfell                            No
WINTERFELL$   Computer     Unconstrained                        N/A                                        Yes
FE$           Computer     Resource-Based Constrained           API$                                       No
";
    assert_eq!(
        says(text),
        [
            "-|jon.snow|-|0|FT-|a2d2 [CIFS/winterfell CIFS/winterfell.north.local]|rbcd -|spn -|of -|-",
            "-|CASTELBLACK$|-|0|FF-|a2d2 [HTTP/winterfell]|rbcd -|spn -|of -|-",
            "-|WINTERFELL$|-|0|T--|a2d2 -|rbcd -|spn -|of -|-",
            "-|API$|-|0|---|a2d2 -|rbcd [FE$]|spn -|of -|-",
        ]
    );
}

#[test]
fn descriptors_that_do_not_tell_are_a_problem_not_an_empty_list() {
    let text = "DistinguishedName                        : CN=api,DC=contoso,DC=com\nmsDS-AllowedToActOnBehalfOfOtherIdentity : System.DirectoryServices.ActiveDirectorySecurity\n";
    assert_eq!(says(text), ["-|api|CN=api,DC=contoso,DC=com|0|---|a2d2 -|rbcd -|spn -|of -|-", "problem 2"]);
    let sddl = "DistinguishedName                        : CN=api,DC=contoso,DC=com\nmsDS-AllowedToActOnBehalfOfOtherIdentity : O:BAD:(A;;0xf01ff;;;S-1-5-21-1-2-3-1104)\n";
    assert_eq!(list(&accounts(sddl)[0].rbcd_principals), "[S-1-5-21-1-2-3-1104]");
    let trust = "DistinguishedName : CN=x,CN=System,DC=a,DC=b\nObjectClass : trustedDomain\nTrustAttributes : 32\n";
    assert_eq!(says(trust), ["problem 1"]);
}

#[test]
fn commands_separate_objects_without_names() {
    let text = "PS C:\\> Get-ADUser svc-web -Properties TrustedForDelegation | fl TrustedForDelegation\n\nTrustedForDelegation : True\n\n\
        PS C:\\> Get-ADUser alice -Properties * | fl AccountNotDelegated, MemberOf\n\nAccountNotDelegated : False\nMemberOf            : {}\n";
    assert_eq!(says(text), ["-|-|-|0|T--|a2d2 -|rbcd -|spn -|of -|-", "-|-|-|0|--F|a2d2 -|rbcd -|spn -|of []|-"]);
}

#[test]
fn prose_and_other_kinds_are_not_claimed() {
    for line in [
        "Name: bob",
        "browser: Edge 138",
        "Server: HTTP/web",
        "the dn: of the account, we think",
        "CN=svc,DC=contoso,DC=com",
        "Description : x",
        "Name   Enabled",
    ] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

proptest! {
    #[test]
    fn cuts_and_shuffles_never_panic(cut in 0usize..1600, order in prop::collection::vec(0usize..30, 0..40)) {
        read(&test_lines(&TWO.chars().take(cut).collect::<String>()));
        let lines: Vec<&str> = TWO.lines().collect();
        let shuffled: Vec<&str> = order.iter().filter_map(|i| lines.get(*i).copied()).collect();
        prop_assert!(read(&test_lines(&shuffled.join("\n"))).facts.len() <= order.len());
    }

    #[test]
    fn any_descriptor_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        values::descriptor_sids(&bytes);
        values::sid(&bytes);
    }
}

#[test]
fn when_changed_only_where_day_and_month_are_sure() {
    let seconds = |text: &str| {
        let dump = format!("Name : svc-web\nuserAccountControl : 66048\nwhenChanged : {text}\n");
        accounts(&dump)[0].when_changed.as_ref().and_then(|w| w.value.seconds.map(|s| (s, w.value.utc)))
    };
    let nine = 1_794_994_860;
    for local in ["11/18/2026 9:41:00 AM", "18.11.2026 09:41:00", "18/11/2026 09:41:00", "2026-11-18 09:41:00"] {
        assert_eq!(seconds(local), Some((nine, false)), "{local}");
    }
    assert_eq!(seconds("20261118094100.0Z"), Some((nine, true)));
    assert_eq!(seconds("11/18/2026 9:41:00 PM"), Some((nine + 12 * 3600, false)));
    assert_eq!(seconds("03/04/2026 09:41:00"), None);
}

#[test]
fn when_the_password_was_set() {
    let set = |line: &str| {
        let dump = format!("Name : svc-web\nuserAccountControl : 66048\n{line}\n");
        accounts(&dump)[0].password_set.as_ref().and_then(|w| w.value.seconds.map(|s| (s, w.value.utc)))
    };
    let nine = 1_794_994_860;
    assert_eq!(set("PasswordLastSet : 11/18/2026 9:41:00 AM"), Some((nine, false)));
    assert_eq!(set("pwdLastSet : 134394684600000000"), Some((nine, true)));
    assert_eq!(set("pwdLastSet : 0"), None);
    assert_eq!(set("PasswordLastSet : 03/04/2026 09:41:00"), None);
}

#[test]
fn a_dump_that_ends_within_a_domain_has_no_domain_there() {
    let dump = |end: &str| {
        let text = format!(
            "DistinguishedName : CN=a,DC=contoso,DC=com\nName : a\n\nName : b\nuserAccountControl : 512\nDistinguishedName : CN=b,DC=contoso{end}"
        );
        accounts(&text).into_iter().map(|a| a.dn.map(|d| d.value)).collect::<Vec<_>>()
    };
    assert_eq!(dump(",DC=com")[1].as_deref(), Some("CN=b,DC=contoso,DC=com"));
    assert_eq!(dump(",DC=fr")[1].as_deref(), Some("CN=b,DC=contoso,DC=fr"));
    for end in ["", ",D", ",DC=", ",DC=c"] {
        assert_eq!(dump(end)[1], None, "{end}");
    }
}

#[test]
fn a_number_that_lost_digits_is_no_account_control() {
    for (value, whole) in [
        ("66048", true),
        ("6604", false),
        ("660", false),
        ("16781312", true),
        ("1678131", false),
        ("532480", true),
        ("53248", false),
        ("512", true),
        ("51", false),
    ] {
        let text = format!("Name : a\nDistinguishedName : CN=a,DC=contoso,DC=com\nuserAccountControl : {value}");
        assert_eq!(accounts(&text)[0].uac.is_some(), whole, "{value}");
    }
}

#[test]
fn a_label_on_which_the_dump_ends_has_no_value() {
    let list = |end: &str| {
        let text = format!("Name : a\nDistinguishedName : CN=a,DC=contoso,DC=com\nmsDS-AllowedToDelegateTo :{end}");
        accounts(&text)[0].allowed_to_delegate_to.is_some()
    };
    assert_eq!([list(" {}"), list(" \nName : b\n"), list(""), list(" ")], [true, true, false, false]);
}

#[test]
fn a_table_with_one_object_a_column() {
    let table = "From the ticket:\n\n| Attribute | front end | back end |\n| --- | --- | --- |\n| Name | svc-web | svc-api |\n\
        | DistinguishedName | CN=svc-web,DC=contoso,DC=com | CN=svc-api,DC=sub,DC=contoso,DC=com |\n\
        | msDS-AllowedToDelegateTo | {HTTP/api, HTTP/api.sub.contoso.com} | {} |\n";
    assert_eq!(words::kinds(table), [Kind::AdAttributes]);
    let want = [
        "front end|svc-web|CN=svc-web,DC=contoso,DC=com|0|---|a2d2 [HTTP/api HTTP/api.sub.contoso.com]|",
        "back end|svc-api|CN=svc-api,DC=sub,DC=contoso,DC=com|0|---|a2d2 []|",
    ];
    let same = |text: &str, want: [&str; 2]| {
        let got = says(text);
        assert!(got.len() == 2 && got.iter().zip(want).all(|(g, w)| g.starts_with(w)), "{got:?}");
    };
    same(table, want);
    // Copied from a spreadsheet, without a head.
    let cells = table.lines().skip(4).map(|l| l.trim_matches(['|', ' ']).replace(" | ", "\t")).collect::<Vec<_>>();
    same(
        &cells.join("\n"),
        want.map(|w| w.split_once('|').unwrap().1).map(|w| Box::leak(format!("-|{w}").into_boxed_str()) as &str),
    );
}

#[test]
fn a_comment_that_names_a_role_and_more() {
    let role = |comment: &str| {
        accounts(&format!("# {comment}\nName : svc-web\nDistinguishedName : CN=svc-web,DC=contoso,DC=com\n"))[0]
            .said_role
            .is_some()
    };
    assert!(role("front end, pool identity CONTOSO\\svc-web"));
    assert!(!role("web server 1, Servers, contoso.com"));
}
