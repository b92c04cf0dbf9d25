//! Bytes as text with 91 characters, which the one file carries its program in: 13 bits in two characters, a twelfth less than
//! base64 needs. `static/boot.js` reads it back.
//!
//! The characters are those from `#` to `~` without `<`: none of them can end or change a `<script>`.

/// Two characters carry this many bits: 91 × 91 = 8281 values, 2¹³ = 8192.
const BITS: u32 = 13;

/// The text of these bytes. How many bytes they were has to be told beside it: the last pair is padded.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 5 / 4 + 2);
    let (mut held, mut count) = (0u32, 0u32);
    for byte in bytes {
        held |= u32::from(*byte) << count;
        count += 8;
        if count >= BITS {
            pair(&mut out, held & ((1 << BITS) - 1));
            held >>= BITS;
            count -= BITS;
        }
    }
    if count > 0 {
        pair(&mut out, held);
    }
    out
}

fn pair(out: &mut String, value: u32) {
    for digit in [value % 91, value / 91] {
        let code = digit + 35;
        // `<` is left out: what lies at or above it moves up by one.
        let code = if code >= 60 { code + 1 } else { code };
        out.push(char::from_u32(code).unwrap_or('#'));
    }
}

/// What `static/boot.js` does, for the tests.
#[cfg(test)]
pub fn decode(text: &str, length: usize) -> Vec<u8> {
    let digit = |c: u8| u32::from(c) - 35 - u32::from(c > 60);
    let (mut held, mut count) = (0u32, 0u32);
    let mut out = Vec::new();
    for two in text.as_bytes().chunks(2) {
        held |= (digit(two[0]) + 91 * digit(two[1])) << count;
        count += BITS;
        while count >= 8 && out.len() < length {
            out.push((held & 0xff) as u8);
            held >>= 8;
            count -= 8;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_nothing_ends_a_script() {
        for length in 0..300 {
            let bytes: Vec<u8> = (0..length).map(|i: usize| (i * 157 + length * 31) as u8).collect();
            let text = encode(&bytes);
            assert_eq!(decode(&text, length), bytes);
            assert!(text.bytes().all(|b| (35..=126).contains(&b) && b != b'<'), "{text}");
            assert!(text.len() <= length * 16 / 13 + 3);
        }
        assert_eq!(decode(&encode(&[0xff; 13]), 13), [0xff; 13]);
    }
}
