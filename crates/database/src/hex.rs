//! Bytes as hexadecimal text, and back: one spelling, lower case, for hashes, places in lists, keys and ids alike.

/// Two digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes of such a text; `None` for every other one. Capital letters are taken, too.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|four| u8::try_from(four).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, four| byte << 4 | four)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_digits_and_bytes_again() {
        assert_eq!(hex(&[0, 15, 160, 255]), "000fa0ff");
        assert_eq!(unhex("000fA0ff"), Some(vec![0, 15, 160, 255]));
        assert_eq!((unhex("0"), unhex("0g"), unhex("+1"), unhex("")), (None, None, None, Some(Vec::new())));
    }
}
