//! A trusted-domain object's properties: Get-ADTrust, PowerView, LDIF.

use crate::artefacts::fields::{self, Field};
use crate::artefacts::{Reading, words};
use crate::facts::{At, Place, Statement, Trust};
use crate::ingest::lines::Line;
use crate::vocabulary::codes;
use crate::vocabulary::names::{Realm, domain_of_dn};

/// Labels that only trusts have.
const TELLING: [&str; 16] = [
    "DisallowTransivity",
    "ForestTransitive",
    "IntraForest",
    "IsTreeParent",
    "IsTreeRoot",
    "SelectiveAuthentication",
    "SIDFilteringForestAware",
    "SIDFilteringQuarantined",
    "TGTDelegation",
    "TrustAttributes",
    "TrustDirection",
    "TrustPartner",
    "TrustedPolicy",
    "TrustingPolicy",
    "UsesRC4Encryption",
    "UsesAESKeys",
];
/// Labels that other dumps have as well.
const SHARED: [&str; 22] = [
    "Direction",
    "DistinguishedName",
    "dn",
    "Name",
    "cn",
    "Source",
    "Target",
    "SourceName",
    "TargetName",
    "TrustType",
    "UplevelOnly",
    "ObjectClass",
    "ObjectGUID",
    "flatName",
    "securityIdentifier",
    "WhenCreated",
    "WhenChanged",
    "TopLevelNames",
    "ExcludedTopLevelNames",
    "TrustedDomainInformation",
    "instanceType",
    "objectCategory",
];
/// In the order of the bits; some tools write other words for the same bit.
const NAMES: [(&str, u32); 24] = [
    ("nontransitive", 0x1),
    ("uplevelonly", 0x2),
    ("quarantineddomain", 0x4),
    ("quarantined", 0x4),
    ("filtersids", 0x4),
    ("foresttransitive", 0x8),
    ("foresttrans", 0x8),
    ("crossorganization", 0x10),
    ("crossorg", 0x10),
    ("withinforest", 0x20),
    ("treatasexternal", 0x40),
    ("treatexternal", 0x40),
    ("usesrc4encryption", 0x80),
    ("trustusesrc4encryption", 0x80),
    ("usesaeskeys", 0x100),
    ("trustusesaeskeys", 0x100),
    ("crossorganizationnotgtdelegation", 0x200),
    ("notgtdelegation", 0x200),
    ("pimtrust", 0x400),
    ("crossorganizationenabletgtdelegation", 0x800),
    ("enabletgtdelegation", 0x800),
    ("disableauthtargetvalidation", 0x1000),
    ("forest", 0x8),
    ("parentchild", 0x20),
];

/// The bit of one attribute word, or of a number.
pub(super) fn attribute_bit(word: &str) -> Option<u32> {
    let word = word.trim();
    if let Some(number) = codes::parse_hex(word).or_else(|| word.parse().ok()) {
        return Some(number);
    }
    let bare: String = word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let bare = bare.strip_prefix("trustattribute").unwrap_or(&bare);
    NAMES.iter().find(|(name, _)| *name == bare).map(|(_, bit)| *bit)
}

/// Fills in what the attribute word says.
pub(super) fn describe(trust: &mut Trust, bits: u32, place: &Place) {
    let flag = |bit: u32| Some(At::new(bits & bit != 0, place.clone()));
    trust.attributes = Some(At::new(bits, place.clone()));
    trust.selective_authentication = trust.selective_authentication.take().or(flag(0x10));
    trust.quarantined = trust.quarantined.take().or(flag(0x4));
    trust.within_forest = trust.within_forest.take().or(flag(0x20));
    trust.forest_transitive = trust.forest_transitive.take().or(flag(0x8));
}

fn all() -> Vec<&'static str> {
    TELLING.iter().chain(&SHARED).copied().collect()
}

pub(super) fn anchor(line: &str, open: bool) -> bool {
    let direction = words::has(line, "Direction") && fields::label_at_start(line, &["Direction"]).is_some();
    fields::label_at_start(line, &TELLING).is_some()
        || direction && direction_of(line.rsplit(':').next().unwrap_or_default()).is_some()
        || head(line).is_some()
        || words::has(line, "trustedDomain") && words::has(line, "objectClass")
        || open && shared(line)
        || open && line.trim().chars().all(|c| matches!(c, '-' | ' ')) && line.contains("---")
}

/// A label that other dumps have too; the name of another object ends the section.
fn shared(line: &str) -> bool {
    let label = fields::label_at_start(line, &SHARED);
    label.is_some_and(|l| !matches!(l, "DistinguishedName" | "dn"))
}

/// The columns of a table: two of our words at least, one of them telling.
fn head(line: &str) -> Option<Vec<&str>> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let known = |list: &[&str], word: &&str| list.iter().any(|l| l.eq_ignore_ascii_case(word));
    let telling = columns.iter().filter(|c| known(&TELLING, c) || known(&["Direction"], c)).count();
    let every = columns.iter().all(|c| known(&TELLING, c) || known(&SHARED, c));
    (every && telling >= 1 && columns.len() >= 2).then_some(columns)
}

pub(super) fn read(lines: &[Line], reading: &mut Reading) {
    if let Some(at) = lines.iter().position(|l| head(&l.text).is_some()) {
        table(lines.get(at..).unwrap_or_default(), reading);
        return;
    }
    let mut objects: Vec<Vec<Field>> = Vec::new();
    for field in fields::fields(lines, &all()) {
        let repeated = |open: &Vec<Field>| open.iter().any(|f| f.label == field.label && field.label != "ObjectClass");
        if objects.last().is_none_or(repeated) || matches!(field.label, "dn") {
            objects.push(Vec::new());
        }
        if let Some(open) = objects.last_mut() {
            open.push(field);
        }
    }
    for object in objects {
        build(&object, reading);
    }
}

fn table(lines: &[Line], reading: &mut Reading) {
    let Some(columns) = lines.first().and_then(|l| head(&l.text)) else { return };
    let labels = all();
    for line in lines.iter().skip(1) {
        let cells: Vec<&str> = line.text.split_whitespace().collect();
        let rule = line.trimmed().starts_with("--");
        if rule || cells.len() != columns.len() {
            continue;
        }
        let label = |c: &&str| labels.iter().find(|l| l.eq_ignore_ascii_case(c)).copied();
        let fields = columns.iter().zip(&cells).filter_map(|(column, cell)| {
            Some(Field { label: label(column)?, value: (*cell).to_owned(), place: line.place() })
        });
        build(&fields.collect::<Vec<_>>(), reading);
    }
}

/// `inbound`, `outbound`, `both` from a word or from trustDirection's number.
fn direction_of(value: &str) -> Option<&'static str> {
    match value.trim().trim_end_matches(',').to_lowercase().as_str() {
        "1" | "inbound" => Some("inbound"),
        "2" | "outbound" => Some("outbound"),
        "3" | "bidirectional" | "both" => Some("both"),
        _ => None,
    }
}

fn flag(field: &Field) -> Option<At<bool>> {
    let word = field.value.split_whitespace().next()?.to_lowercase();
    let value = match word.as_str() {
        "true" => true,
        "false" => false,
        _ => return None,
    };
    Some(At::new(value, field.lit()))
}

fn build(object: &[Field], reading: &mut Reading) {
    let mut trust = Trust::default();
    let mut bits: Option<At<u32>> = None;
    let mut name: Option<Realm> = None;
    for field in object {
        let value = field.value.as_str();
        let first = value.split_whitespace().next().unwrap_or_default();
        match field.label {
            "DistinguishedName" | "dn" => {
                trust.from = trust.from.take().or_else(|| domain_of_dn(value));
                name = name.or_else(|| value.split(['=', ',']).nth(1).and_then(Realm::parse));
            }
            "Source" | "SourceName" => trust.from = domain_of_dn(value).or_else(|| Realm::parse(first)).or(trust.from),
            "Target" | "TargetName" | "TrustPartner" => trust.to = Realm::parse(first).or(trust.to),
            "Name" | "cn" => name = Realm::parse(first).or(name),
            "Direction" | "TrustDirection" => {
                trust.direction = direction_of(first).map(|d| At::new(d.to_owned(), field.lit()));
            }
            "TrustAttributes" => {
                let words: Vec<u32> = value.split([',', ' ', '|']).filter_map(attribute_bit).collect();
                let all = words.iter().fold(0, |all, bit| all | bit);
                bits = (!words.is_empty()).then(|| At::new(all, field.lit()));
            }
            "TGTDelegation" => trust.tgt_delegation_shown = flag(field),
            "SelectiveAuthentication" => trust.selective_authentication = flag(field),
            "SIDFilteringQuarantined" => trust.quarantined = flag(field),
            "IntraForest" => trust.within_forest = flag(field),
            "ForestTransitive" => trust.forest_transitive = flag(field),
            // .NET's TrustType: Forest, ParentChild.
            "TrustType" if matches!(value, "Forest" | "ParentChild") && bits.is_none() => {
                let place = Some(At::new(true, field.lit()));
                if value == "Forest" {
                    trust.forest_transitive = trust.forest_transitive.take().or(place);
                } else {
                    trust.within_forest = trust.within_forest.take().or(place);
                }
            }
            _ => {}
        }
    }
    if let Some(bits) = bits {
        describe(&mut trust, bits.value, &bits.place);
    }
    trust.to = trust.to.or(name);
    let says = trust.direction.is_some()
        || trust.attributes.is_some()
        || trust.tgt_delegation_shown.is_some()
        || trust.selective_authentication.is_some()
        || trust.forest_transitive.is_some();
    if let (Some(first), true) = (object.first(), says) {
        let place = object.iter().fold(first.place.clone(), |all, f| all.to(&f.place));
        reading.fact(place, Statement::Trust(trust));
    }
}
