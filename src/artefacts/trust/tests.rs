use super::*;
use crate::artefacts::words;
use crate::facts::{Statement, Trust};
use crate::ingest::lines::test_lines;

const NLTEST: &str = "C:\\> nltest /domain_trusts\nList of domain trusts:\n\
    \x20   0: PARTNER partner.com (NT 5) (Direct Outbound) (Direct Inbound) ( Attr: foresttrans )\n\
    \x20   1: EMEA emea.contoso.com (NT 5) (Forest: 2) (Direct Outbound) (Direct Inbound) ( Attr: withinforest )\n\
    \x20      Dom Guid: 2f3e8a5c-0000-0000-0000-000000000000\n\
    \x20   2: CONTOSO contoso.com (NT 5) (Forest Tree Root) (Primary Domain) (Native)\nThe command completed successfully\n";
const LIST: &str = "Direction               : BiDirectional\nDisallowTransivity      : False\n\
    DistinguishedName       : CN=partner.com,CN=System,DC=contoso,DC=com\nForestTransitive        : True\nIntraForest             : False\n\
    Name                    : partner.com\nSelectiveAuthentication : False\nSIDFilteringQuarantined : False\nSource                  : DC=contoso,DC=com\n\
    Target                  : partner.com\nTGTDelegation           : False\nTrustAttributes         : 520\nTrustType               : Uplevel\n";
const LDIF: &str = "# partner.com, System, contoso.com\ndn: CN=partner.com,CN=System,DC=contoso,DC=com\nobjectClass: trustedDomain\n\
    trustDirection: 2\ntrustPartner: partner.com\ntrustAttributes: 24\nflatName: PARTNER\n";

fn short(t: &Trust) -> String {
    let flag = |f: &Option<crate::facts::At<bool>>| f.as_ref().map_or('-', |f| if f.value { '1' } else { '0' });
    format!(
        "{}>{} {} {} tgt{} sel{} quar{} in{} for{}",
        t.from.as_ref().map_or("?".to_owned(), ToString::to_string),
        t.to.as_ref().map_or("?".to_owned(), ToString::to_string),
        t.direction.as_ref().map_or("?", |d| d.value.as_str()),
        t.attributes.as_ref().map_or("?".to_owned(), |a| format!("{:#x}", a.value)),
        flag(&t.tgt_delegation_shown),
        flag(&t.selective_authentication),
        flag(&t.quarantined),
        flag(&t.within_forest),
        flag(&t.forest_transitive),
    )
}

fn told(text: &str) -> Vec<String> {
    let facts = read(&test_lines(text)).facts.into_iter();
    facts.filter_map(|f| if let Statement::Trust(t) = f.says { Some(short(&t)) } else { None }).collect()
}

#[test]
fn nltest_in_two_languages_and_wrapped() {
    let want = [
        "contoso.com>partner.com both 0x8 tgt- sel0 quar0 in0 for1",
        "contoso.com>emea.contoso.com both 0x20 tgt- sel0 quar0 in1 for0",
    ];
    assert_eq!(told(NLTEST), want);
    assert_eq!(words::kinds(NLTEST), [Kind::Trust]);
    let german = NLTEST
        .replace("Direct Outbound", "Direkt ausgehend")
        .replace("Direct Inbound", "Direkt eingehend")
        .replace("Primary Domain", "Primäre Domäne")
        .replace("List of domain trusts", "Liste der Domänenvertrauensstellungen");
    assert_eq!(told(&german), want);
    assert_eq!(told(&NLTEST.replace(" (Direct Inbound)", "\n(Direct Inbound)")), want);
    let failed = read(&test_lines("DsEnumerateDomainTrusts failed: Status = 1355 0x54b ERROR_NO_SUCH_DOMAIN\n"));
    assert_eq!((failed.facts.len(), failed.problems.len()), (0, 1));
}

#[test]
fn get_adtrust_as_list_table_and_one_line() {
    let want = ["contoso.com>partner.com both 0x208 tgt0 sel0 quar0 in0 for1"];
    assert_eq!(told(LIST), want);
    assert_eq!(told(&LIST.lines().collect::<Vec<_>>().join(" ")), want);
    assert_eq!(words::kinds(LIST), [Kind::Trust]);
    assert_eq!(told(&format!("{LIST}\n{}", LIST.replace("partner.com", "other.net"))).len(), 2);
    let table = "Name        Direction     TGTDelegation SelectiveAuthentication\n----        ---------     ------------- -----------------------\n\
                 partner.com BiDirectional         False                    True\nemea.contoso.com Outbound False False\n";
    assert_eq!(
        told(table),
        ["?>partner.com both ? tgt0 sel1 quar- in- for-", "?>emea.contoso.com outbound ? tgt0 sel0 quar- in- for-"]
    );
    assert_eq!(words::kinds(table), [Kind::Trust]);
}

#[test]
fn ldif_powerview_and_netdom() {
    assert_eq!(told(LDIF), ["contoso.com>partner.com outbound 0x18 tgt- sel1 quar0 in0 for1"]);
    assert_eq!(words::kinds(LDIF), [Kind::Trust]);
    let view = "SourceName      : contoso.com\nTargetName      : partner.com\nTrustType       : WINDOWS_ACTIVE_DIRECTORY\n\
                TrustAttributes : FOREST_TRANSITIVE, CROSS_ORGANIZATION_NO_TGT_DELEGATION\nTrustDirection  : Bidirectional\n";
    assert_eq!(told(view), ["contoso.com>partner.com both 0x208 tgt- sel0 quar0 in0 for1"]);
    let netdom =
        "C:\\> netdom trust contoso.com /domain:partner.com /EnableTGTDelegation\nTGT Delegation is not enabled.\n";
    assert_eq!(told(netdom), ["contoso.com>partner.com ? ? tgt0 sel- quar- in- for-"]);
}

#[test]
fn accounts_beside_trusts_stay_accounts() {
    let account = "dn: CN=svc,DC=contoso,DC=com\nsAMAccountName: svc\nuserAccountControl: 512\n";
    assert_eq!(words::kinds(&format!("{LDIF}\n{account}")), [Kind::Trust, Kind::AdAttributes]);
    assert_eq!(words::kinds(&format!("{account}\n{LDIF}")), [Kind::AdAttributes, Kind::Trust]);
    assert_eq!(words::kinds(account), [Kind::AdAttributes]);
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(&READER, &format!("{NLTEST}{LIST}{LDIF}"));
}
