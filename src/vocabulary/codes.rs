//! Error codes, as a table of the field (`error-codes.tsv`): Kerberos errors, NTSTATUS, SSPI, Win32, MIT, IIS, SQL.
//!
//! A number alone says nothing: 0x18 is one thing from a KDC and another from Win32. Every look-up names its space;
//! [`lookup_all`](super::lookup::lookup_all) is for a person who has only the number.

/// Kerberos error numbers (RFC 4120 7.5.9) that the modes speak of.
pub mod krb {
    /// KDC_ERR_S_PRINCIPAL_UNKNOWN
    pub const S_PRINCIPAL_UNKNOWN: u32 = 7;
    /// KDC_ERR_PRINCIPAL_NOT_UNIQUE
    pub const PRINCIPAL_NOT_UNIQUE: u32 = 8;
    /// KDC_ERR_POLICY
    pub const POLICY: u32 = 12;
    /// KDC_ERR_BADOPTION
    pub const BADOPTION: u32 = 13;
    /// KDC_ERR_ETYPE_NOSUPP
    pub const ETYPE_NOSUPP: u32 = 14;
    /// KRB_AP_ERR_SKEW
    pub const SKEW: u32 = 37;
    /// KRB_AP_ERR_MODIFIED
    pub const MODIFIED: u32 = 41;
    /// KDC_ERR_PREAUTH_REQUIRED
    pub const PREAUTH_REQUIRED: u32 = 25;
    /// KRB_ERR_RESPONSE_TOO_BIG
    pub const RESPONSE_TOO_BIG: u32 = 52;

    /// True for an answer after which the client asks again in another way, and gets what it wants.
    pub fn is_expected(code: u32) -> bool {
        matches!(code, PREAUTH_REQUIRED | RESPONSE_TOO_BIG)
    }
}

/// Windows status words that the modes speak of.
pub mod status {
    /// STATUS_CROSSREALM_DELEGATION_FAILURE
    pub const CROSSREALM_DELEGATION_FAILURE: u32 = 0xC000_040B;
    /// SEC_E_CROSSREALM_DELEGATION_FAILURE, its twin in SSPI
    pub const SEC_E_CROSSREALM_DELEGATION_FAILURE: u32 = 0x8009_0357;
    /// STATUS_NO_TRUST_SAM_ACCOUNT: `klist get` for an SPN that nobody owns
    pub const NO_TRUST_SAM_ACCOUNT: u32 = 0xC000_018B;
    /// SEC_E_TARGET_UNKNOWN
    pub const SEC_E_TARGET_UNKNOWN: u32 = 0x8009_0303;
    /// SEC_E_TIME_SKEW
    pub const SEC_E_TIME_SKEW: u32 = 0x8009_0324;
    /// SEC_E_NO_AUTHENTICATING_AUTHORITY: no domain controller for the realm could be reached
    pub const SEC_E_NO_AUTHENTICATING_AUTHORITY: u32 = 0x8009_0311;
    /// STATUS_NO_LOGON_SERVERS
    pub const NO_LOGON_SERVERS: u32 = 0xC000_005E;
    /// SEC_E_KDC_UNKNOWN_ETYPE
    pub const SEC_E_KDC_UNKNOWN_ETYPE: u32 = 0x8009_0342;
    /// SEC_E_WRONG_PRINCIPAL
    pub const SEC_E_WRONG_PRINCIPAL: u32 = 0x8009_0322;
    /// STATUS_BAD_BINDINGS
    pub const BAD_BINDINGS: u32 = 0xC000_035B;
    /// SEC_E_BAD_BINDINGS, its twin in SSPI
    pub const SEC_E_BAD_BINDINGS: u32 = 0x8009_0346;
    /// STATUS_LOGON_TYPE_NOT_GRANTED
    pub const LOGON_TYPE_NOT_GRANTED: u32 = 0xC000_015B;
    /// STATUS_TIME_DIFFERENCE_AT_DC
    pub const TIME_DIFFERENCE_AT_DC: u32 = 0xC000_0133;
}

/// MIT com_err base of Kerberos errors: a code is this plus the Kerberos number.
pub const MIT_BASE: i64 = -1_765_328_384;

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// `KRB_ERROR`, `NTSTATUS`, `SEC_E`, `WIN32`, `HRESULT`, `MIT_COM_ERR`, `IIS_SUBSTATUS`, `MSSQL`, `NET_ERROR`, `GSS_MAJOR`.
    pub space: &'static str,
    /// The number as the table writes it, `0x…`.
    pub hex: &'static str,
    /// The signed decimal form.
    pub decimal: &'static str,
    /// The symbol.
    pub symbol: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// What it says about delegation.
    pub delegation: &'static str,
}

const TABLE: &str = include_str!("error-codes.tsv");

/// All rows.
pub fn rows() -> impl Iterator<Item = Code> {
    TABLE.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        Some(Code {
            space: cells.next()?,
            hex: cells.next()?,
            decimal: cells.next()?,
            symbol: cells.next()?,
            meaning: cells.next()?,
            delegation: cells.next().unwrap_or_default(),
        })
    })
}

/// The row of a number in one space.
pub fn lookup(space: &str, number: u32) -> Option<Code> {
    rows().find(|row| row.space == space && parse_hex(row.hex) == Some(number))
}

/// The number of a Kerberos error by any of its names (`KDC_ERR_BADOPTION`, `KRB5KDC_ERR_BADOPTION`, `KRB_AP_ERR_SKEW`).
pub fn krb_by_name(name: &str) -> Option<u32> {
    let name = name.trim().to_uppercase();
    let name = name.strip_prefix("KRB5").unwrap_or(&name);
    // Windows writes NOTSUPP where the RFC writes NOSUPP.
    let name = name.replace("ETYPE_NOTSUPP", "ETYPE_NOSUPP");
    rows()
        .find(|row| row.space == "KRB_ERROR" && row.symbol.eq_ignore_ascii_case(&name))
        .and_then(|row| parse_hex(row.hex))
}

/// The Kerberos number inside an MIT com_err code (`-1765328371` is 13).
pub fn krb_of_mit(code: i64) -> Option<u32> {
    let number = code.checked_sub(MIT_BASE)?;
    (0..128).contains(&number).then(|| u32::try_from(number).ok()).flatten()
}

/// Parses `0x…` (or bare hex digits after `0x`).
pub fn parse_hex(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    u32::from_str_radix(digits, 16).ok()
}

/// Reads one status word in any spelling: `0xc000040b`, `c000040b`, `-1073740789`, `3221226507`.
pub fn parse_status(text: &str) -> Option<u32> {
    let text = text.trim().trim_end_matches([',', '.', ';', ':', ')']);
    if let Some(number) = parse_hex(text) {
        return Some(number);
    }
    if let Ok(signed) = text.parse::<i64>() {
        return if signed < 0 {
            i32::try_from(signed).ok().map(i32::cast_unsigned)
        } else {
            u32::try_from(signed).ok()
        };
    }
    (text.len() == 8 && text.chars().all(|c| c.is_ascii_hexdigit()))
        .then(|| u32::from_str_radix(text, 16).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_number() {
        for spelling in ["0xc000040b", "0xC000040B", "c000040b", "-1073740789", "3221226507"] {
            assert_eq!(parse_status(spelling), Some(status::CROSSREALM_DELEGATION_FAILURE), "{spelling}");
        }
        assert_eq!(lookup("NTSTATUS", 0xC000_040B).unwrap().symbol, "STATUS_CROSSREALM_DELEGATION_FAILURE");
        assert_eq!(krb_of_mit(-1_765_328_371), Some(krb::BADOPTION));
        assert_eq!(krb_by_name("KDC_ERR_BADOPTION"), Some(13));
        assert_eq!(krb_by_name("KRB5KDC_ERR_BADOPTION"), Some(13));
        assert_eq!(krb_by_name("KRB_AP_ERR_SKEW"), Some(37));
        assert_eq!(krb_by_name("KRB5KRB_AP_ERR_SKEW"), Some(37));
        assert_eq!(krb_by_name("KDC_ERR_ETYPE_NOTSUPP"), Some(14));
        assert_eq!(krb_by_name("hello"), None);
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(rows().count(), TABLE.lines().count() - 1);
    }
}
