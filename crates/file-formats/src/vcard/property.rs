//! One line of a card taken apart: group, name, parameters and the value in its several notations.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::{Encoding, UTF_8};

use crate::delimited::encoding::guess_bytes;

/// How bytes become text where the property does not name a character set.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TextEncoding {
    /// Everything is in this encoding.
    Forced(&'static Encoding),
    /// UTF-8 where that is valid, otherwise the encoding that was found for the file.
    Guessed(&'static Encoding),
}

/// One property of a card.
#[derive(Clone, Debug)]
pub(crate) struct Property {
    /// The prefix that ties a property to its label (`item1`), in lower case; empty if there is none.
    pub(super) group: String,
    /// In capitals.
    pub(crate) name: String,
    /// Names in capitals; bare words of version 2.1 stand under `TYPE` or `ENCODING`.
    params: Vec<(String, String)>,
    raw: Vec<u8>,
    encoding: TextEncoding,
}

impl Property {
    /// Takes a logical line apart; `None` if it is no property.
    pub(crate) fn parse(line: &[u8], encoding: TextEncoding) -> Option<Self> {
        let colon = head_end(line)?;
        let head = String::from_utf8_lossy(line.get(..colon)?).into_owned();
        let mut parts = split_outside_quotes(&head, ';').into_iter();
        let full_name = parts.next()?.trim().to_owned();
        let (group, name) = match full_name.rsplit_once('.') {
            Some((group, name)) => (group.to_lowercase(), name),
            None => (String::new(), full_name.as_str()),
        };
        Some(Self {
            group,
            name: name.to_uppercase(),
            params: parts.flat_map(parse_parameter).collect(),
            raw: line.get(colon + 1..)?.to_vec(),
            encoding,
        })
    }

    /// All values of a parameter, given its name in capitals.
    pub(super) fn params(&self, name: &str) -> impl Iterator<Item = &str> {
        self.params.iter().filter(move |(param, _)| param == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.params(name).next()
    }

    /// The types of the property in capitals.
    pub(super) fn types(&self) -> Vec<String> {
        self.params("TYPE").map(str::to_uppercase).collect()
    }

    pub(super) fn has_type(&self, wanted: &str) -> bool {
        self.params("TYPE").any(|found| found.eq_ignore_ascii_case(wanted))
    }

    /// Whether it is the preferred one of its kind.
    pub(super) fn is_preferred(&self) -> bool {
        self.has_type("PREF") || self.param("PREF").is_some_and(|rank| rank.trim() == "1")
    }

    /// The value as one text.
    pub(crate) fn text(&self) -> String {
        unescape(&self.decode(&self.raw))
    }

    /// The values between unescaped semicolons. Inside each, unescaped commas separate a list in 3.0 and 4.0; all parts of
    /// the list are kept, joined by a comma and a blank.
    pub(super) fn components(&self) -> Vec<String> {
        self.split_raw(b';')
            .iter()
            .map(|component| {
                let text = self.decode(component);
                let list = split_unescaped(&text, ',');
                let parts: Vec<String> =
                    list.iter().map(|part| unescape(part).trim().to_owned()).filter(|part| !part.is_empty()).collect();
                parts.join(", ")
            })
            .collect()
    }

    /// The values between unescaped commas, blank ones left out.
    pub(crate) fn list(&self) -> Vec<String> {
        split_unescaped(&self.decode(&self.raw), ',')
            .iter()
            .map(|part| unescape(part).trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// The bytes of a value in Base64, in a property of that encoding or in a `data:` address; `None` for other values.
    pub(super) fn binary(&self) -> Option<Vec<u8>> {
        let encoded = if self.is_base64() {
            self.raw.as_slice()
        } else {
            let address = self.data_address()?;
            let comma = address.iter().position(|byte| *byte == b',')?;
            let (head, body) = address.split_at_checked(comma + 1)?;
            let head: Vec<u8> = head.iter().filter(|byte| **byte != b'\\').map(u8::to_ascii_lowercase).collect();
            head.ends_with(b";base64,").then_some(body)?
        };
        let clean: Vec<u8> = encoded.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let config = GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true);
        GeneralPurpose::new(&base64::alphabet::STANDARD, config).decode(clean).ok()
    }

    /// What stands behind `data:`. Cards of version 3 escape its comma and semicolon like those of a text.
    fn data_address(&self) -> Option<&[u8]> {
        let (scheme, rest) = self.raw.split_at_checked(5)?;
        scheme.eq_ignore_ascii_case(b"data:").then_some(rest)
    }

    /// Whether the value is a `data:` address, readable or not.
    pub(super) fn is_data_address(&self) -> bool {
        self.data_address().is_some()
    }

    /// Whether the value claims to be Base64.
    pub(super) fn is_base64(&self) -> bool {
        self.params("ENCODING")
            .any(|encoding| encoding.eq_ignore_ascii_case("B") || encoding.eq_ignore_ascii_case("BASE64"))
    }

    fn is_quoted_printable(&self) -> bool {
        self.params("ENCODING").any(|encoding| encoding.eq_ignore_ascii_case("QUOTED-PRINTABLE"))
    }

    /// Splits before anything is decoded: an encoded separator is text.
    fn split_raw(&self, separator: u8) -> Vec<&[u8]> {
        let mut parts = Vec::new();
        let (mut start, mut is_escaped) = (0, false);
        for (at, byte) in self.raw.iter().enumerate() {
            if *byte == separator && !is_escaped {
                parts.push(self.raw.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            is_escaped = *byte == b'\\' && !is_escaped;
        }
        parts.push(self.raw.get(start..).unwrap_or_default());
        parts
    }

    fn decode(&self, bytes: &[u8]) -> String {
        let plain = if self.is_quoted_printable() { decode_quoted_printable(bytes) } else { bytes.to_vec() };
        let named = self.param("CHARSET").and_then(|label| Encoding::for_label_no_replacement(label.trim().as_bytes()));
        let encoding = match (named, self.encoding) {
            (Some(named), _) => named,
            (None, TextEncoding::Forced(forced)) => forced,
            (None, TextEncoding::Guessed(_)) if std::str::from_utf8(&plain).is_ok() => UTF_8,
            // The file as a whole looked like UTF-8 and this value is not: it was written in another encoding.
            (None, TextEncoding::Guessed(found)) if found == UTF_8 => guess_bytes(&plain),
            (None, TextEncoding::Guessed(found)) => found,
        };
        let text = encoding.decode_without_bom_handling(&plain).0;
        text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
    }
}

/// The colon between head and value: the first outside quotes, or the first at all if a quote is never closed.
fn head_end(line: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    let outside = line.iter().position(|byte| {
        is_quoted ^= *byte == b'"';
        *byte == b':' && !is_quoted
    });
    outside.or_else(|| line.iter().position(|byte| *byte == b':'))
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    text.split(|character| {
        is_quoted ^= character == '"';
        character == separator && !is_quoted
    })
    .collect()
}

/// One parameter as pairs of name and value: `TYPE=a,b` is two types, and a bare word is a type or an encoding.
fn parse_parameter(text: &str) -> Vec<(String, String)> {
    let (name, values) = match text.split_once('=') {
        Some((name, values)) => (name.trim().to_uppercase(), values),
        None => {
            let word = text.trim();
            let is_encoding = ["QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT"]
                .iter()
                .any(|encoding| word.eq_ignore_ascii_case(encoding));
            let name = if is_encoding { "ENCODING" } else { "TYPE" };
            (name.to_owned(), word)
        }
    };
    // Version 4.0 quotes the whole list of types, so their commas separate inside quotes too.
    let parts: Vec<&str> = if name == "TYPE" { values.split(',').collect() } else { split_outside_quotes(values, ',') };
    parts
        .into_iter()
        .map(|value| decode_carets(value.trim().trim_matches('"')))
        .filter(|value| !value.is_empty())
        .map(|value| (name.clone(), value))
        .collect()
}

/// RFC 6868: what a parameter value cannot hold otherwise.
fn decode_carets(value: &str) -> String {
    if !value.contains('^') {
        return value.to_owned();
    }
    let mut decoded = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        let replaced = match (character, characters.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('^')) => Some('^'),
            ('^', Some('\'')) => Some('"'),
            _ => None,
        };
        if replaced.is_some() {
            characters.next();
        }
        decoded.push(replaced.unwrap_or(character));
    }
    decoded
}

fn split_unescaped(text: &str, separator: char) -> Vec<&str> {
    let mut is_escaped = false;
    text.split(|character| {
        let is_separator = character == separator && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        is_separator
    })
    .collect()
}

/// Undoes backslashes: line breaks and any punctuation (programs also escape colons and quotes); before anything else a
/// backslash is itself.
fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let replaced = match (character, characters.peek()) {
            ('\\', Some('n' | 'N')) => Some('\n'),
            ('\\', Some(next @ ('\\' | ';' | ',' | ':' | '"'))) => Some(*next),
            _ => None,
        };
        if replaced.is_some() {
            characters.next();
        }
        plain.push(replaced.unwrap_or(character));
    }
    plain
}

/// Undoes `=HH`; a sign that is followed by anything else stays.
fn decode_quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, behind)) = rest.split_first() {
        let pair = (first == b'=')
            .then(|| behind.first_chunk::<2>())
            .flatten()
            .and_then(|pair| Some((hex(pair[0])?, hex(pair[1])?)));
        match pair {
            Some((high, low)) => {
                plain.push(high << 4 | low);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                plain.push(first);
                rest = behind;
            }
        }
    }
    plain
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn property(line: &[u8]) -> Property {
        Property::parse(line, TextEncoding::Guessed(UTF_8)).unwrap()
    }

    #[test]
    fn heads_come_apart() {
        let phone = property(b"item1.TEL;WORK;VOICE;TYPE=\"cell,text\";PREF=1:+1");
        assert_eq!((phone.group.as_str(), phone.name.as_str()), ("item1", "TEL"));
        assert_eq!(phone.types(), ["WORK", "VOICE", "CELL", "TEXT"]);
        assert!(phone.is_preferred());
        let quoted = property(b"ADR;LABEL=\"a:b;c^nd\":;;x");
        assert_eq!(quoted.param("LABEL"), Some("a:b;c\nd"));
        assert_eq!(quoted.components(), ["", "", "x"]);
    }

    #[test]
    fn values_are_decoded() {
        let check = |line: &[u8], expect: &str| assert_eq!(property(line).text(), expect);
        check(b"NOTE:a\\nb\\, c\\; \\:\\\"d\\\\n C:\\x", "a\nb, c; :\"d\\n C:\\x");
        check("FN:Іван".as_bytes(), "Іван");
        check(b"FN:\xC8\xE2\xE0\xED\xEE\xE2 \xCF\xE5\xF2\xF0", "Иванов Петр");
        check(b"FN;CHARSET=windows-1251;QUOTED-PRINTABLE:=CF=F0=E8=E2=E5=F2=0D=0A=21", "Привет\n!");
        check(b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=AF=ZZ=", "Я=ZZ=");
    }

    #[test]
    fn an_encoded_separator_is_text() {
        let name = property(b"N;ENCODING=QUOTED-PRINTABLE:a=3Bb;c\\;d;e,f\\,g");
        assert_eq!(name.components(), ["a;b", "c;d", "e, f,g"]);
    }
}
