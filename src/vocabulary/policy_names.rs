//! The name of the policy that decides about delegation, and what it is mistaken for.

/// The policy that decides about delegation.
pub const DELEGATE: &str = "AuthNegotiateDelegateAllowlist";
/// Its former name in Chrome, which current browsers ignore.
pub const DELEGATE_OLD: &str = "AuthNegotiateDelegateWhitelist";

/// True for the policy's name. Letter case does not matter in the registry.
pub fn is_delegate(name: &str) -> bool {
    name.eq_ignore_ascii_case(DELEGATE)
}

/// True for a name that is meant to be the policy's and is not: the old one, or one that is misspelt.
pub fn is_nearly_delegate(name: &str) -> bool {
    let name = name.to_lowercase();
    let meant = name.contains("negot") && name.contains("deleg") && name.contains("list");
    meant && !is_delegate(&name) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_and_its_misspellings() {
        assert!(is_delegate("authnegotiatedelegateallowlist"));
        for near in [DELEGATE_OLD, "AuthNegotiateDelegateAllowedList", "AuthNegotiateDelegationAllowlist"] {
            assert!(is_nearly_delegate(near), "{near}");
        }
        for other in [DELEGATE, "AuthServerAllowlist", "AuthNegotiateDelegateByKdcPolicy"] {
            assert!(!is_nearly_delegate(other), "{other}");
        }
    }
}
