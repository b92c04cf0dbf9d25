//! Ticket flags ([RFC 4120](https://www.rfc-editor.org/rfc/rfc4120) 2.8 and 5.3) and klist's cache flags.

use serde::{Deserialize, Serialize};

/// The flags of a ticket as the 32-bit word that Windows' klist prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketFlags(pub u32);

/// `(bit, klist's word, MIT's letter)`, highest bit first: the order in which Windows prints them.
pub const FLAGS: [(u32, &str, Option<char>); 15] = [
    (0x4000_0000, "forwardable", Some('F')),
    (0x2000_0000, "forwarded", Some('f')),
    (0x1000_0000, "proxiable", Some('P')),
    (0x0800_0000, "proxy", Some('p')),
    (0x0400_0000, "may_postdate", Some('D')),
    (0x0200_0000, "postdated", Some('d')),
    (0x0100_0000, "invalid", Some('i')),
    (0x0080_0000, "renewable", Some('R')),
    (0x0040_0000, "initial", Some('I')),
    (0x0020_0000, "pre_authent", Some('A')),
    (0x0010_0000, "hw_authent", Some('H')),
    (0x0008_0000, "transited_policy_checked", Some('T')),
    (0x0004_0000, "ok_as_delegate", Some('O')),
    (0x0002_0000, "anonymous", Some('a')),
    (0x0001_0000, "name_canonicalize", None),
];

impl TicketFlags {
    /// KDC may issue tickets with other addresses on the strength of this one.
    pub const FORWARDABLE: u32 = 0x4000_0000;
    /// Came from a forwarded ticket-granting ticket.
    pub const FORWARDED: u32 = 0x2000_0000;
    /// Came straight from the authentication service exchange.
    pub const INITIAL: u32 = 0x0040_0000;
    /// The KDC says that the service's account is trusted for unconstrained delegation.
    pub const OK_AS_DELEGATE: u32 = 0x0004_0000;

    /// True when every bit of `mask` is set.
    pub fn has(self, mask: u32) -> bool {
        self.0 & mask == mask
    }
    /// `forwardable` is set.
    pub fn forwardable(self) -> bool {
        self.has(Self::FORWARDABLE)
    }
    /// `forwarded` is set.
    pub fn forwarded(self) -> bool {
        self.has(Self::FORWARDED)
    }
    /// `ok_as_delegate` is set.
    pub fn ok_as_delegate(self) -> bool {
        self.has(Self::OK_AS_DELEGATE)
    }

    /// Reads flag words, as klist (`ok_as_delegate`), Heimdal (`ok-as-delegate`) and Java (`OK-AS-DELEGATE`) write them.
    ///
    /// Returns `None` when no word is a flag.
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<TicketFlags> {
        let mut seen = None;
        for word in words {
            let word = word.trim().to_lowercase().replace('-', "_");
            let bit = match word.as_str() {
                "enc_pa_rep" => Some(0x0001_0000),
                other => FLAGS.iter().find(|(_, name, _)| *name == other).map(|(bit, _, _)| *bit),
            };
            if let Some(bit) = bit {
                seen = Some(seen.unwrap_or(0) | bit);
            }
        }
        seen.map(TicketFlags)
    }

    /// Reads MIT's letters (`FRIAO`). `None` when any letter is unknown.
    pub fn from_letters(letters: &str) -> Option<TicketFlags> {
        let mut bits = 0;
        for letter in letters.trim().chars() {
            bits |= FLAGS.iter().find(|(_, _, l)| *l == Some(letter)).map(|(bit, _, _)| *bit)?;
        }
        Some(TicketFlags(bits))
    }

    /// The words of the set bits, highest first.
    pub fn words(self) -> Vec<&'static str> {
        FLAGS.iter().filter(|(bit, _, _)| self.0 & bit != 0).map(|(_, word, _)| *word).collect()
    }
}

/// klist's `Cache Flags`: where the entry of the ticket cache came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CacheFlags(pub u32);

impl CacheFlags {
    /// `PRIMARY`: the session's logon ticket.
    pub const PRIMARY: u32 = 0x1;
    /// `DELEGATION`: a forwarded copy, fetched to be handed to a server.
    pub const DELEGATION: u32 = 0x2;
    /// `S4U`: obtained by service-for-user on this host.
    pub const S4U: u32 = 0x4;
    /// `ASC`: received by AcceptSecurityContext; a client presented it to this host.
    pub const ASC: u32 = 0x8;
    /// `DISABLE-TGT-DELEGATION`: came over a trust on which TGT delegation is off.
    pub const DISABLE_TGT_DELEGATION: u32 = 0x200;

    /// True when every bit of `mask` is set.
    pub fn has(self, mask: u32) -> bool {
        self.0 & mask == mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_letters_and_bits_agree() {
        let word = TicketFlags(0x40a5_0000);
        assert_eq!(word.words(), ["forwardable", "renewable", "pre_authent", "ok_as_delegate", "name_canonicalize"]);
        assert_eq!(TicketFlags::from_words(word.words()), Some(word));
        assert_eq!(TicketFlags::from_words(["ok-as-delegate", "forwardable", "enc-pa-rep"]).unwrap().0, 0x4005_0000);
        assert_eq!(TicketFlags::from_letters("FRATO").unwrap().0, 0x40ac_0000);
        assert_eq!(TicketFlags::from_letters("F?"), None);
        assert_eq!(TicketFlags::from_words(["hello"]), None);
    }
}
