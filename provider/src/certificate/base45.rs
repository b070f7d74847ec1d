//! Base45 (RFC 9285): bytes in the letters of a QR code's alphanumeric mode.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

fn letter(value: u32) -> char {
    ALPHABET.get(value as usize).map_or('?', |letter| char::from(*letter))
}

/// Two bytes become three letters, a last single byte two.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for chunk in bytes.chunks(2) {
        let number = chunk.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        text.push(letter(number % 45));
        text.push(letter(number / 45 % 45));
        if chunk.len() == 2 {
            text.push(letter(number / 2025));
        }
    }
    text
}

/// `None` for other letters, an impossible length, or a number that two bytes (or one)
/// cannot hold.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for chunk in text.as_bytes().chunks(3) {
        let mut number = 0;
        for letter in chunk.iter().rev() {
            let value = ALPHABET.iter().position(|known| known == letter)?;
            number = number * 45 + u32::try_from(value).ok()?;
        }
        match chunk.len() {
            3 => bytes.extend(u16::try_from(number).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(number).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_rfc_9285() {
        for (bytes, text) in [
            ("", ""),
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn every_number_is_read_as_written() {
        for number in 0..=u16::MAX {
            let bytes = number.to_be_bytes();
            assert_eq!(decode(&encode(&bytes)).as_deref(), Some(&bytes[..]));
            assert_eq!(decode(&encode(&bytes[1..])).as_deref(), Some(&bytes[1..]));
        }
    }

    #[test]
    fn what_is_not_base45_is_refused() {
        // GGW is 65536, 5U is 255 and 6U is 256.
        for bad in ["G", "GGW", ":::", "bb8", "6U", "BB8A", "BB\u{e9}"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
        assert_eq!(decode("FGW").as_deref(), Some(&[255, 255][..]));
    }
}
