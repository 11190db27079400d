//! Which encoding a text file is in.
//!
//! UTF-8 is recognised by being valid, over the whole file: a single letter at its end must not turn into two. Everything
//! else is guessed from letter frequencies, knowing that the readers of these files write Cyrillic and Polish.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use crate::error::FormatError;
use crate::kind::detect_utf16;

const CHUNK_BYTES: usize = 64 << 10;
/// Bytes of chunks with foreign letters that are enough for a guess.
const GUESS_BYTES: usize = 1 << 20;
/// How many valid sequences outweigh one that is broken: a damaged character does not make a file another encoding.
const VALID_PER_BROKEN: u64 = 200;

/// The encoding that was asked for, or else the one that the content suggests.
///
/// # Errors
/// [`FormatError::UnknownEncoding`] for a label that the WHATWG list does not know.
pub(crate) fn choose(path: &Path, label: Option<&str>) -> Result<&'static Encoding, FormatError> {
    match label {
        Some(label) => Encoding::for_label_no_replacement(label.as_bytes())
            .ok_or_else(|| FormatError::UnknownEncoding { name: label.to_owned() }),
        None => detect(path),
    }
}

fn detect(path: &Path) -> Result<&'static Encoding, FormatError> {
    let mut file = File::open(path)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut validity = Utf8Validity::default();
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut guessed_bytes = 0;
    let mut is_first = true;
    loop {
        let count = read_full(&mut file, &mut chunk)?;
        let bytes = chunk.get(..count).unwrap_or_default();
        if is_first {
            if let Some((encoding, _)) = Encoding::for_bom(bytes) {
                return Ok(encoding);
            }
            match detect_utf16(bytes) {
                Some(true) => return Ok(UTF_16LE),
                Some(false) => return Ok(UTF_16BE),
                None => {}
            }
            is_first = false;
        }
        if count == 0 {
            break;
        }
        validity.feed(bytes);
        if guessed_bytes < GUESS_BYTES && !bytes.is_ascii() {
            guessed_bytes += count;
            detector.feed(bytes, false);
        }
    }
    validity.finish();
    if validity.broken == 0 || validity.valid / VALID_PER_BROKEN >= validity.broken {
        return Ok(UTF_8);
    }
    detector.feed(&[], true);
    Ok(guess(&detector))
}

/// The encoding of a few bytes that are known not to be UTF-8.
pub(crate) fn guess_bytes(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    guess(&detector)
}

fn guess(detector: &EncodingDetector) -> &'static Encoding {
    const EXPECTED: &[&str] = &[
        "windows-1251",
        "windows-1250",
        "windows-1252",
        "KOI8-U",
        "IBM866",
        "ISO-8859-5",
        "ISO-8859-2",
        "windows-1257",
        "windows-1254",
    ];
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if EXPECTED.contains(&encoding.name()) {
        return encoding;
    }
    // A few letters look like anything. Greek, Thai or Chinese in so short a text is a worse guess than Cyrillic.
    let local = detector.guess(Some(b"ru"), Utf8Detection::Deny);
    if EXPECTED.contains(&local.name()) { local } else { WINDOWS_1251 }
}

fn read_full(file: &mut File, buffer: &mut [u8]) -> Result<usize, FormatError> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..)
        && !rest.is_empty()
    {
        let count = file.read(rest)?;
        if count == 0 {
            break;
        }
        filled += count;
    }
    Ok(filled)
}

/// Counts valid and broken multi-byte sequences across chunks.
#[derive(Debug, Default)]
struct Utf8Validity {
    valid: u64,
    broken: u64,
    /// The beginning of a sequence that the last chunk cut.
    carry: Vec<u8>,
}

impl Utf8Validity {
    fn feed(&mut self, bytes: &[u8]) {
        if self.carry.is_empty() && bytes.is_ascii() {
            return;
        }
        let mut joined = std::mem::take(&mut self.carry);
        joined.extend_from_slice(bytes);
        let mut rest = joined.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    self.count_valid(valid);
                    return;
                }
                Err(error) => {
                    let (valid, broken) = rest.split_at(error.valid_up_to());
                    self.count_valid(std::str::from_utf8(valid).unwrap_or_default());
                    match error.error_len() {
                        Some(length) => {
                            self.broken += 1;
                            rest = broken.get(length..).unwrap_or_default();
                        }
                        None => {
                            self.carry = broken.to_vec();
                            return;
                        }
                    }
                }
            }
        }
    }

    fn finish(&mut self) {
        if !self.carry.is_empty() {
            self.broken += 1;
        }
    }

    fn count_valid(&mut self, text: &str) {
        self.valid += text.bytes().filter(|byte| *byte >= 0xC0).count() as u64;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::io::Write;

    use super::*;

    #[test]
    fn encodings_of_the_region_are_recognised() {
        let text = "Фамилия;Имя;Телефон\nІваненко;Олена;+380441234567\nПетров;Сергей;+77011234567\n";
        let check = |bytes: &[u8], expect: &str| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(bytes).unwrap();
            assert_eq!(detect(file.path()).unwrap().name(), expect);
        };
        check(text.as_bytes(), "UTF-8");
        check(b"name;phone\n", "UTF-8");
        let encode =
            |label: &str, text: &str| Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned();
        check(&encode("windows-1251", text), "windows-1251");
        check(&encode("koi8-u", text), "KOI8-U");
        check(&encode("windows-1251", "Имя\nЯна"), "windows-1251");
        let russian = "Фамилия;Имя;Город\nИванов;Сергей;Москва\nКузнецова;Анна;Казань\n";
        check(&encode("ibm866", russian), "IBM866");
        let polish = "Nazwisko;Imię;Miasto\nŻółkiewski;Łukasz;Łódź\nWiśniewska;Małgorzata;Kraków\n";
        check(&encode("windows-1250", polish), "windows-1250");
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, "UTF-16LE");
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&wide, "UTF-16BE");
    }

    #[test]
    fn one_damaged_character_does_not_change_the_encoding() {
        let mut validity = Utf8Validity::default();
        for byte in "Олена".repeat(500).bytes().chain([0xD0, b'x']) {
            validity.feed(&[byte]);
        }
        validity.finish();
        assert_eq!((validity.valid, validity.broken), (2_500, 1));
    }
}
