//! Bits of `userAccountControl` ([MS-ADTS](https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/dd302fd1-0aa7-406b-ad91-2a6b35738557) 2.2.16).

/// TRUSTED_FOR_DELEGATION: unconstrained delegation.
pub const TRUSTED_FOR_DELEGATION: u32 = 0x0008_0000;
/// NOT_DELEGATED: "Account is sensitive and cannot be delegated".
pub const NOT_DELEGATED: u32 = 0x0010_0000;
/// TRUSTED_TO_AUTH_FOR_DELEGATION: protocol transition ("use any authentication protocol").
pub const TRUSTED_TO_AUTH_FOR_DELEGATION: u32 = 0x0100_0000;
/// NORMAL_ACCOUNT: a user account.
pub const NORMAL_ACCOUNT: u32 = 0x200;
/// WORKSTATION_TRUST_ACCOUNT: a computer (or gMSA).
pub const WORKSTATION_TRUST_ACCOUNT: u32 = 0x1000;
/// SERVER_TRUST_ACCOUNT: a domain controller.
pub const SERVER_TRUST_ACCOUNT: u32 = 0x2000;

/// Bits that no version defines.
const UNDEFINED: u32 = 0xf000_c404;
/// The types of accounts: NORMAL, INTERDOMAIN_TRUST, WORKSTATION_TRUST, SERVER_TRUST. An account has exactly one.
const TYPES: u32 = 0x0200 | 0x0800 | WORKSTATION_TRUST_ACCOUNT | SERVER_TRUST_ACCOUNT;

/// True for a number that an account can have. A number that lost its last digits hardly ever is one.
pub const fn is_plausible(bits: u32) -> bool {
    bits & UNDEFINED == 0 && (bits & TYPES).count_ones() == 1
}
