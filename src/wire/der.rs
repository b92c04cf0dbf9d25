//! ASN.1 DER that may break off anywhere: elements with the length that they claim and the bytes that are there.
//!
//! Only framing is done here. Values are decoded by [`Element::value`], from elements that are whole.

use serde::Deserialize;

/// A constructed element's context tag, `[0]` to `[30]`.
const CONTEXT: u8 = 0xa0;

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'b> {
    /// The identifier octet.
    pub tag: u8,
    /// The length of the body as the header claims it.
    pub claimed: usize,
    /// The part of the body that is there.
    pub body: &'b [u8],
    /// Header and body.
    whole: &'b [u8],
}

/// The element at the start of `bytes`, and what follows it. `None` when even its header is not there, or is none.
pub fn first(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&length, rest) = rest.split_first()?;
    let (claimed, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        // Two to four length octets; DER has no indefinite length, and nothing here is longer.
        0x81..=0x84 => {
            let (octets, rest) = rest.split_at_checked(usize::from(length & 0x0f))?;
            (octets.iter().try_fold(0usize, |n, b| n.checked_mul(256)?.checked_add(usize::from(*b)))?, rest)
        }
        _ => return None,
    };
    let (body, behind) = rest.split_at_checked(claimed).unwrap_or((rest, &[]));
    let end = bytes.len().checked_sub(behind.len())?;
    Some((Element { tag, claimed, body, whole: bytes.get(..end)? }, behind))
}

/// The element at the start of `bytes`, when it has this tag.
pub fn tagged(bytes: &[u8], tag: u8) -> Option<Element<'_>> {
    first(bytes).map(|(element, _)| element).filter(|e| e.tag == tag)
}

impl<'b> Element<'b> {
    /// True when the bytes end before the element does.
    pub fn cut(&self) -> bool {
        self.body.len() < self.claimed
    }

    /// The elements inside, as far as they are there.
    pub fn children(&self) -> impl Iterator<Item = Element<'b>> + use<'b> {
        let mut rest = self.body;
        std::iter::from_fn(move || {
            let (element, behind) = first(rest)?;
            rest = behind;
            Some(element)
        })
    }

    /// The only element inside.
    pub fn inner(&self) -> Option<Element<'b>> {
        self.children().next()
    }

    /// What a field `[number]` of this sequence holds.
    pub fn field(&self, number: u8) -> Option<Element<'b>> {
        let tag = CONTEXT | number;
        self.children().find(|e| e.tag == tag)?.inner()
    }

    /// The decoded value of an element that is whole.
    pub fn value<T: Deserialize<'b>>(&self) -> Option<T> {
        if self.cut() {
            return None;
        }
        picky_asn1_der::from_bytes(self.whole).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_cuts() {
        let (whole, behind) = first(&[0x04, 0x02, 1, 2, 9]).unwrap();
        assert_eq!((whole.tag, whole.body, whole.cut(), behind), (4, &[1, 2][..], false, &[9][..]));
        let (cut, _) = first(&[0x04, 0x82, 0x01, 0x00, 7]).unwrap();
        assert_eq!((cut.claimed, cut.body, cut.cut()), (256, &[7][..], true));
        for none in [&[][..], &[0x30], &[0x30, 0x82, 1], &[0x30, 0x80], &[0x30, 0x85, 0, 0, 0, 0, 1]] {
            assert_eq!(first(none), None);
        }
    }

    #[test]
    fn fields_of_a_sequence() {
        // SEQUENCE { [0] INTEGER 5, [2] OCTET STRING 0102 }
        let bytes = [0x30, 0x0b, 0xa0, 0x03, 0x02, 0x01, 5, 0xa2, 0x04, 0x04, 0x02, 1, 2];
        let sequence = tagged(&bytes, 0x30).unwrap();
        assert_eq!(sequence.field(2).unwrap().body, [1, 2]);
        assert_eq!(sequence.field(1), None);
        assert_eq!(sequence.field(0).unwrap().value::<u8>(), Some(5));
        // Cut inside the last field: the ones before are still there.
        let cut = tagged(&bytes[..11], 0x30).unwrap();
        assert_eq!((cut.field(0).unwrap().value::<u8>(), cut.field(2).unwrap().claimed), (Some(5), 2));
        assert_eq!(cut.field(2).unwrap().value::<picky_asn1::wrapper::OctetStringAsn1>(), None);
    }
}
