//! What a trust's attribute word says, and whether ticket-granting tickets may cross it.

use crate::facts::Trust;

/// Bit, name, meaning ([MS-ADTS] 6.1.6.7.9).
pub const BITS: &[(u32, &str, &str)] = &[
    (0x1, "NON_TRANSITIVE", "only the two domains trust each other"),
    (0x2, "UPLEVEL_ONLY", "only Windows 2000 and later use it"),
    (0x4, "QUARANTINED_DOMAIN", "SID filtering; no ticket-granting ticket crosses"),
    (0x8, "FOREST_TRANSITIVE", "a trust between two forests"),
    (0x10, "CROSS_ORGANIZATION", "selective authentication: who may authenticate is granted server by server"),
    (0x20, "WITHIN_FOREST", "both domains are of one forest"),
    (0x40, "TREAT_AS_EXTERNAL", "SID filtering as for an external trust"),
    (0x80, "USES_RC4_ENCRYPTION", "RC4 keys"),
    (0x100, "USES_AES_KEYS", "AES keys"),
    (0x200, "CROSS_ORGANIZATION_NO_TGT_DELEGATION", "no ticket-granting ticket crosses"),
    (0x400, "PIM_TRUST", "privileged access management"),
    (0x800, "CROSS_ORGANIZATION_ENABLE_TGT_DELEGATION", "ticket-granting tickets may cross"),
    (0x1000, "DISABLE_AUTH_TARGET_VALIDATION", "the target of an authentication is not validated"),
];

/// Which object counts, and what not to trust: shown with every decision.
pub const CAVEATS: [&str; 3] = [
    "The object in the directory of the trusted side, the user's forest, counts.",
    "Before KB4519979, tools showed TGTDelegation inverted: go by the attribute bits. Get-ADTrust shows bit 0x800 alone, so False within a forest is normal.",
    "Constrained and resource-based delegation do not use this switch.",
];

/// Do ticket-granting tickets cross? And which bit decides, in the order in which a domain controller looks.
pub fn tgt_delegation(attributes: u32) -> (bool, &'static str) {
    let set = |bit: u32| attributes & bit != 0;
    if set(0x200) {
        (false, "0x200 is set: off")
    } else if set(0x4) {
        (false, "0x4, SID filtering, is set: off")
    } else if set(0x800) {
        (true, "0x800 is set: on")
    } else if set(0x20) {
        (true, "0x20, within the forest, is set: on")
    } else {
        (false, "none of 0x200, 0x4, 0x800 and 0x20 is set: off since the updates of July 2019")
    }
}

/// The set bits with their names and meanings.
pub fn bits(attributes: u32) -> impl Iterator<Item = &'static (u32, &'static str, &'static str)> {
    BITS.iter().filter(move |(bit, _, _)| attributes & bit != 0)
}

/// The direction in words.
pub fn direction(trust: &Trust) -> String {
    let here = trust.from.as_ref().map_or("this domain", |r| r.as_str());
    let there = trust.to.as_ref().map_or("the other domain", |r| r.as_str());
    match trust.direction.as_ref().map(|d| d.value.as_str()) {
        Some("both") => format!("{here} and {there} trust each other"),
        Some("outbound") => format!("{here} trusts {there}: users of {there} may come to {here}"),
        Some("inbound") => format!("{there} trusts {here}: users of {here} may go to {there}"),
        _ => format!("{here} and {there}; the direction is not told"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_decide_in_order() {
        let on = |bits| tgt_delegation(bits).0;
        assert!(!on(0xA00), "0x200 goes before 0x800");
        assert!(!on(0x804), "so does SID filtering");
        assert!(on(0x808) && on(0x20));
        assert!(!on(0x8) && !on(0));
    }

    #[test]
    fn bits_have_names() {
        assert_eq!(bits(0x18).map(|b| b.1).collect::<Vec<_>>(), ["FOREST_TRANSITIVE", "CROSS_ORGANIZATION"]);
    }
}
