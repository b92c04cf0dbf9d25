//! The attributes and properties that are read, and those that only show that a line is one of a directory dump.

use crate::facts::AccountList;

/// What an attribute is, whatever tool names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    Dn,
    SamName,
    Name,
    ObjectClass,
    Uac,
    TrustedForDelegation,
    TrustedToAuth,
    NotDelegated,
    AllowedToDelegateTo,
    RbcdPrincipals,
    RbcdDescriptor,
    Spns,
    MemberOf,
    EncryptionTypes,
    EncryptionNames,
    Sid,
    WhenChanged,
    PasswordSet,
    System,
}

const READ: [(&str, Attribute); 27] = [
    ("dn", Attribute::Dn),
    ("distinguishedname", Attribute::Dn),
    ("samaccountname", Attribute::SamName),
    ("name", Attribute::Name),
    ("cn", Attribute::Name),
    ("objectclass", Attribute::ObjectClass),
    ("useraccountcontrol", Attribute::Uac),
    ("trustedfordelegation", Attribute::TrustedForDelegation),
    ("trustedtoauthfordelegation", Attribute::TrustedToAuth),
    ("trustedtoauthenticatefordelegation", Attribute::TrustedToAuth),
    ("accountnotdelegated", Attribute::NotDelegated),
    ("msds-allowedtodelegateto", Attribute::AllowedToDelegateTo),
    ("principalsallowedtodelegatetoaccount", Attribute::RbcdPrincipals),
    ("msds-allowedtoactonbehalfofotheridentity", Attribute::RbcdDescriptor),
    ("serviceprincipalname", Attribute::Spns),
    ("serviceprincipalnames", Attribute::Spns),
    ("memberof", Attribute::MemberOf),
    ("msds-supportedencryptiontypes", Attribute::EncryptionTypes),
    ("kerberosencryptiontype", Attribute::EncryptionNames),
    ("sid", Attribute::Sid),
    ("objectsid", Attribute::Sid),
    ("principalsallowedtodelegate", Attribute::RbcdPrincipals),
    ("whenchanged", Attribute::WhenChanged),
    ("operatingsystem", Attribute::System),
    ("hostname", Attribute::Name),
    ("passwordlastset", Attribute::PasswordSet),
    ("pwdlastset", Attribute::PasswordSet),
];

/// Lines that belong to a dump, and say nothing that is read.
const KNOWN: [&str; 37] = [
    "admincount",
    "accountexpires",
    "badpasswordtime",
    "badpwdcount",
    "changetype",
    "codepage",
    "countrycode",
    "description",
    "displayname",
    "dnshostname",
    "dscorepropagationdata",
    "enabled",
    "givenname",
    "instancetype",
    "iscriticalsystemobject",
    "lastlogoff",
    "lastlogon",
    "lastlogontimestamp",
    "logoncount",
    "objectcategory",
    "objectguid",
    "operatingsystemversion",
    "isglobalcatalog",
    "isreadonly",
    "operationmasterroles",
    "computerobjectdn",
    "site",
    "primarygroupid",
    "samaccounttype",
    "sn",
    "surname",
    "userprincipalname",
    "usnchanged",
    "usncreated",
    "whencreated",
    "useprincipal",
    "passwordneverexpires",
];

/// Names that are ordinary words too: alone they show nothing.
const WEAK: [&str; 11] =
    ["dn", "name", "cn", "sid", "sn", "enabled", "description", "displayname", "surname", "hostname", "site"];
/// What only a domain controller's description has (Get-ADDomainController).
pub(super) const OF_CONTROLLER: [&str; 5] =
    ["isglobalcatalog", "operationmasterroles", "computerobjectdn", "site", "hostname"];

/// What this label is. Options (`;range=0-1499`, `;binary`) are left out.
pub(super) fn attribute(label: &str) -> Option<Attribute> {
    let label = label.split(';').next().unwrap_or(label).to_ascii_lowercase();
    READ.iter().find(|(name, _)| *name == label).map(|(_, a)| *a)
}

/// True for any label of a dump.
pub(super) fn known(label: &str) -> bool {
    attribute(label).is_some()
        || KNOWN.contains(&label.split(';').next().unwrap_or(label).to_ascii_lowercase().as_str())
}

/// True for a label that no other text has.
pub(super) fn telling(label: &str) -> bool {
    known(label) && !WEAK.contains(&label.to_ascii_lowercase().as_str())
}

/// The list that an attribute is, where it is one.
pub(super) fn account_list(attribute: Attribute) -> Option<AccountList> {
    match attribute {
        Attribute::AllowedToDelegateTo => Some(AccountList::DelegateTo),
        Attribute::RbcdPrincipals | Attribute::RbcdDescriptor => Some(AccountList::Principals),
        Attribute::Spns => Some(AccountList::Spns),
        Attribute::MemberOf => Some(AccountList::Groups),
        _ => None,
    }
}

/// What people call the parties.
const ROLES: [&str; 14] = [
    "front end",
    "front-end",
    "frontend",
    "back end",
    "back-end",
    "backend",
    "middle tier",
    "middle-tier",
    "web server",
    "webserver",
    "app pool",
    "application pool",
    "user",
    "client",
];
/// The same for services.
const SERVICES: [&str; 5] = ["service account", "sql server", "api server", "file server", "domain controller"];

/// True when a comment or heading says what an object is in the story: `# front end`, `Back end account:`.
pub(super) fn names_role(text: &str) -> bool {
    let lower = text.to_lowercase();
    ROLES.iter().chain(&SERVICES).any(|w| lower.contains(w))
}

/// True for a role's name and nothing else.
pub(super) fn is_role(text: &str) -> bool {
    ROLES.iter().chain(&SERVICES).any(|w| text.eq_ignore_ascii_case(w))
}

/// True for a comment that names a role in the story: `# front end, pool identity CONTOSO\svc`, `# 3/6/2025, back end`.
pub(super) fn says_role(text: &str) -> bool {
    names_role(text) && !is_ldapsearchs(&text.to_lowercase())
}

/// ldapsearch's own comments: `# web server 1, Servers, contoso.com`, `# filter: (sAMAccountName=user1)`.
fn is_ldapsearchs(comment: &str) -> bool {
    let path = comment.rsplit_once(", ").is_some_and(|(_, last)| last.contains('.') && !last.contains(' '));
    path || comment.contains("dc=") || ["filter:", "requesting:", "base <"].iter().any(|w| comment.starts_with(w))
}
