//! Names of browser policies, and the words that the policy page prints around them.

use crate::vocabulary::policy_names::is_nearly_delegate;

/// Policies of HTTP authentication, with their names before 2020 (Chromium renamed `…Whitelist` to `…Allowlist`).
const AUTH: [&str; 16] = [
    "AuthNegotiateDelegateAllowlist",
    "AuthNegotiateDelegateWhitelist",
    "AuthServerAllowlist",
    "AuthServerWhitelist",
    "AuthSchemes",
    "AuthNegotiateDelegateByKdcPolicy",
    "AuthAndroidNegotiateAccountType",
    "DisableAuthNegotiateCnameLookup",
    "EnableAuthNegotiatePort",
    "AmbientAuthenticationInPrivateModesEnabled",
    "AllHttpAuthSchemesAllowedForOrigins",
    "NtlmV2Enabled",
    "WindowsHelloForHTTPAuthEnabled",
    "BasicAuthOverHttpEnabled",
    "AllowCrossOriginAuthPrompt",
    "GSSAPILibraryName",
];
/// Policies that tell how the browser lives or which engine opens a page: they bear on the double hop as well.
const AROUND: [&str; 5] = [
    "StartupBoostEnabled",
    "BackgroundModeEnabled",
    "InternetExplorerIntegrationLevel",
    "InternetExplorerIntegrationSiteList",
    "InPrivateModeAvailability",
];

/// True for a policy that gets a fact; others are only counted.
pub fn matters(name: &str) -> bool {
    is_auth(name) || AROUND.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// True for a policy of HTTP authentication, in any letter case (that a name is misspelt is for others to say).
pub fn is_auth(name: &str) -> bool {
    is_nearly_delegate(name) || AUTH.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// `AuthServerAllowlist`, `HomepageLocation`: two capitals and more, letters and digits only.
pub fn looks_like_name(word: &str) -> bool {
    is_auth(word)
        || (word.len() >= 8
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
            && word.chars().filter(char::is_ascii_uppercase).count() >= 2
            && word.chars().any(|c| c.is_ascii_lowercase()))
}

/// "policies" in the languages of the browsers.
pub const POLICIES: [&str; 15] = [
    "polic",
    "richtlinie",
    "stratég",
    "règles",
    "directiva",
    "política",
    "criteri",
    "beleid",
    "zasad",
    "политик",
    "ポリシー",
    "策略",
    "政策",
    "原則",
    "정책",
];
/// Words of the table's header row, in several languages; two of them on a line of four cells and more make a header.
pub const HEADER: [&str; 44] = [
    "policy name",
    "policy value",
    "value",
    "source",
    "applies to",
    "level",
    "status",
    "scope",
    "richtlinienname",
    "name der richtlinie",
    "richtlinienwert",
    "wert",
    "quelle",
    "gilt für",
    "ebene",
    "nom de la stratégie",
    "nom de la règle",
    "valeur",
    "valeur de la stratégie",
    "s'applique à",
    "niveau",
    "état",
    "statut",
    "nombre de directiva",
    "nombre de la directiva",
    "valor",
    "origen",
    "se aplica a",
    "nivel",
    "estado",
    "nome criterio",
    "valore",
    "origine",
    "si applica a",
    "livello",
    "stato",
    "beleidsnaam",
    "bron",
    "van toepassing op",
    "источник",
    "уровень",
    "статус",
    "ステータス",
    "状态",
];
/// Cells that are buttons of the page.
pub const BUTTONS: [&str; 9] = [
    "show more",
    "show less",
    "show value",
    "mehr anzeigen",
    "wert anzeigen",
    "weniger anzeigen",
    "afficher plus",
    "mostrar más",
    "visualizza altro",
];
/// What the page prints below a heading without policies.
pub const NO_POLICIES: [&str; 12] = [
    "no policies set",
    "keine richtlinien festgelegt",
    "keine richtlinien konfiguriert",
    "aucune règle définie",
    "aucune stratégie définie",
    "no se han establecido políticas",
    "no se han definido directivas",
    "no hay directivas establecidas",
    "nessun criterio impostato",
    "nenhuma política definida",
    "geen beleid ingesteld",
    "ポリシーは設定されていません",
];
/// How the status of a policy begins whose name the browser does not know; these stand behind all others.
pub const UNKNOWN_POLICY: [&str; 6] =
    ["unknown", "unbekannt", "règle inconnue", "stratégie inconnue", "desconocid", "sconosciut"];
/// What the page prints for a policy without a value.
pub const NOT_SET: [&str; 9] = [
    "not set",
    "not set.",
    "nicht festgelegt",
    "nicht festgelegt.",
    "non définie",
    "non définie.",
    "no establecido",
    "sin establecer",
    "not configured",
];
