//! Hexadecimal and base64url, the two ways in which bytes are written here.

const HEX: &[u8; 16] = b"0123456789abcdef";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What stands for no letter of base64url: above every sixtet.
const NONE: u8 = 0x80;
/// The sixtet of each letter of base64url.
#[expect(clippy::indexing_slicing, reason = "evaluated while it is compiled, where an error would show")]
const SIXTET: [u8; 256] = {
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < BASE64.len() {
        table[BASE64[value] as usize] = value as u8;
        value += 1;
    }
    table
};

fn digit(alphabet: &[u8], index: u32) -> char {
    alphabet.get(index as usize).map_or('?', |b| char::from(*b))
}

/// Lowercase hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(HEX, u32::from(byte >> 4)));
        text.push(digit(HEX, u32::from(byte & 15)));
    }
    text
}

/// Fills `into` from lowercase hexadecimal; false when length or a digit is wrong.
#[must_use]
pub fn unhex(text: &str, into: &mut [u8]) -> bool {
    // Digits of a hash are anyone's guess, so nothing is decided by them before the end.
    fn value(digit: u8) -> u8 {
        let (number, letter) = (digit.wrapping_sub(b'0'), digit.wrapping_sub(b'a'));
        if number < 10 {
            number
        } else if letter < 6 {
            letter + 10
        } else {
            u8::MAX
        }
    }
    if text.len() != into.len() * 2 {
        return false;
    }
    let mut all = 0;
    for (byte, [high, low]) in into.iter_mut().zip(text.as_bytes().as_chunks().0) {
        let (high, low) = (value(*high), value(*low));
        *byte = high << 4 | low;
        all |= high | low;
    }
    all < 16
}

/// Base64url without padding (RFC 4648 section 5), as JOSE writes bytes.
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for position in 0..=chunk.len() {
            text.push(digit(BASE64, word >> (18 - 6 * position) & 63));
        }
    }
    text
}

/// Reads base64url without padding; `None` for any other character, padding, an
/// impossible length, or bits left over that are not zero (so that every byte
/// string has exactly one spelling).
#[must_use]
pub fn unbase64url(text: &str) -> Option<Vec<u8>> {
    let value = |letter: u8| SIXTET.get(usize::from(letter)).map_or(NONE, |value| *value);
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (fours, rest) = text.as_bytes().as_chunks::<4>();
    for &[a, b, c, d] in fours {
        let (a, b, c, d) = (value(a), value(b), value(c), value(d));
        if (a | b | c | d) & NONE != 0 {
            return None;
        }
        bytes.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    for chunk in rest.chunks(4) {
        let mut word = 0u32;
        for letter in chunk {
            let value = value(*letter);
            if value == NONE {
                return None;
            }
            word = word << 6 | u32::from(value);
        }
        let whole = chunk.len() * 6 / 8;
        let spare = chunk.len() * 6 % 8;
        if whole == 0 || word & ((1 << spare) - 1) != 0 {
            return None;
        }
        word >>= spare;
        for position in (0..whole).rev() {
            bytes.push((word >> (8 * position)) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_agrees_with_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64url(bytes.as_bytes()), text);
            assert_eq!(unbase64url(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn every_byte_at_every_place_is_read_as_it_was_written() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for start in 0..4 {
            for end in bytes.len() - 4..=bytes.len() {
                let part = &bytes[start..end];
                assert_eq!(unbase64url(&base64url(part)).as_deref(), Some(part));
            }
        }
        for letter in (0..=127).filter(|letter| !BASE64.contains(letter)) {
            for place in 0..4 {
                let mut text = *b"Zm9v";
                text[place] = letter;
                let text = str::from_utf8(&text).expect("ASCII");
                assert_eq!(unbase64url(text), None, "{text}");
            }
        }
        assert_eq!(unbase64url("Zmé"), None);
    }

    #[test]
    fn base64url_has_one_spelling() {
        for bad in ["Zg==", "Zh", "Z", "Zm9v\n", "Zm+v", "Zm9", "Zm9vY"] {
            assert_eq!(unbase64url(bad), None, "{bad}");
        }
    }

    #[test]
    fn hexadecimal_is_lowercase_and_exact() {
        let mut bytes = [0; 2];
        assert!(unhex("00ff", &mut bytes));
        assert_eq!((hex(&bytes), bytes), ("00ff".to_owned(), [0, 255]));
        for bad in ["00FF", "00f", "00ff0", "0x0f"] {
            assert!(!unhex(bad, &mut bytes), "{bad}");
        }
    }

    #[test]
    fn hexadecimal_has_sixteen_digits_at_either_place() {
        for byte in 0..=127 {
            let value = HEX.iter().position(|digit| *digit == byte);
            for (pair, shift) in [([byte, b'0'], 4), ([b'0', byte], 0)] {
                let mut read = [0];
                let right = unhex(str::from_utf8(&pair).expect("ASCII"), &mut read);
                assert_eq!(
                    right.then_some(usize::from(read[0])),
                    value.map(|value| value << shift),
                    "{pair:?}"
                );
            }
        }
    }
}
