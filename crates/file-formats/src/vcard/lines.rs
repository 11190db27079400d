//! Cuts a file into cards and a card into its logical lines, as raw bytes.
//!
//! Folding is undone here, in the three forms that are met: a leading blank (3.0, 4.0 and the Base64 of 2.1), the soft line
//! break of quoted-printable (2.1), and no mark at all where a program folded wrongly.

use std::io::BufRead;

use crate::error::FormatError;

/// A stream of cards.
pub(super) struct CardLines<R> {
    source: R,
    max_card_bytes: usize,
    bytes_taken: u64,
    /// The last line ended with a carriage return; more of them and a line feed belong to the same line end. One well-known
    /// export ends its lines with two returns and a line feed.
    is_after_return: bool,
    /// A card began before the last one had ended.
    has_begun: bool,
    failure: Option<FormatError>,
}

impl<R: BufRead> CardLines<R> {
    pub(super) fn new(source: R, max_card_bytes: usize) -> Self {
        Self { source, max_card_bytes, bytes_taken: 0, is_after_return: false, has_begun: false, failure: None }
    }

    pub(super) fn bytes_taken(&self) -> u64 {
        self.bytes_taken
    }

    /// Makes the next call of [`CardLines::next_card`] fail with an error that was met while looking ahead.
    pub(super) fn fail_later(&mut self, error: FormatError) {
        self.failure = Some(error);
    }

    /// The logical lines of the next card without `BEGIN` and `END`; `None` at the end of the file.
    pub(super) fn next_card(&mut self) -> Result<Option<Vec<Vec<u8>>>, FormatError> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        let mut physical = Vec::new();
        while !self.has_begun {
            if !self.read_physical_line(&mut physical)? {
                return Ok(None);
            }
            self.has_begun = is_keyword(&physical, "BEGIN:VCARD");
        }
        self.has_begun = false;
        let mut lines: Vec<Vec<u8>> = Vec::new();
        let mut card_bytes = 0_usize;
        let mut nested = 0_usize;
        loop {
            if !self.read_physical_line(&mut physical)? {
                return Err(FormatError::damaged("the last card has no end"));
            }
            card_bytes = card_bytes.saturating_add(physical.len() + 1);
            if card_bytes > self.max_card_bytes {
                return Err(self.too_large());
            }
            if is_keyword(&physical, "END:VCARD") {
                if nested == 0 {
                    return Ok(Some(lines));
                }
                nested -= 1;
            } else if is_keyword(&physical, "BEGIN:VCARD") {
                let is_agent = lines.last().is_some_and(|line| is_keyword(line, "AGENT:"));
                if nested == 0 && !is_agent {
                    self.has_begun = true;
                    return Ok(Some(lines));
                }
                nested += 1;
            } else if nested == 0 {
                append(&mut lines, &physical);
            } else if nested == 1
                && let Some(name) = strip_keyword(&physical, "FN:")
            {
                // Version 2.1 puts the whole card of an assistant inside; the name is what a contact can hold of it.
                if let Some(agent) = lines.last_mut() {
                    agent.extend_from_slice(name);
                }
            }
        }
    }

    fn too_large(&self) -> FormatError {
        FormatError::TooLarge { what: "card", limit: self.max_card_bytes as u64 }
    }

    /// Reads up to the next line end, which is not kept; `false` at the end of the file.
    fn read_physical_line(&mut self, line: &mut Vec<u8>) -> Result<bool, FormatError> {
        line.clear();
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                return Ok(!line.is_empty());
            }
            let skipped = if self.is_after_return {
                let returns = chunk.iter().take_while(|byte| **byte == b'\r').count();
                let is_feed = chunk.get(returns) == Some(&b'\n');
                self.is_after_return = returns == chunk.len();
                returns + usize::from(is_feed)
            } else {
                0
            };
            let rest = chunk.get(skipped..).unwrap_or_default();
            let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            line.extend_from_slice(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
            let used = skipped + end.map_or(rest.len(), |end| end + 1);
            if let Some(end) = end {
                self.is_after_return = rest.get(end) == Some(&b'\r');
            }
            self.source.consume(used);
            self.bytes_taken += used as u64;
            if line.len() > self.max_card_bytes {
                return Err(self.too_large());
            }
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

/// Adds a physical line to the lines of a card: as the continuation of the last one or as a new one.
fn append(lines: &mut Vec<Vec<u8>>, physical: &[u8]) {
    let Some(last) = lines.last_mut() else {
        if !physical.trim_ascii().is_empty() {
            lines.push(physical.to_vec());
        }
        return;
    };
    if last.ends_with(b"=") && has_encoding(last, b"QUOTED-PRINTABLE") {
        last.pop();
        last.extend_from_slice(physical);
        return;
    }
    match physical {
        [] => {}
        [b' ' | b'\t', rest @ ..] => last.extend_from_slice(rest),
        _ if starts_property(physical) => lines.push(physical.to_vec()),
        // A line that is neither folded nor a property: a break that should have been escaped, or Base64 without blanks.
        _ if has_encoding(last, b"BASE64") || has_encoding(last, b"ENCODING=B") => {
            last.extend_from_slice(physical);
        }
        _ => {
            last.push(b'\n');
            last.extend_from_slice(physical);
        }
    }
}

/// Whether the line begins with a property name and the character that ends one.
fn starts_property(line: &[u8]) -> bool {
    let name =
        line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')).count();
    name > 0 && matches!(line.get(name), Some(b':' | b';'))
}

/// Whether the part before the value names the encoding.
fn has_encoding(line: &[u8], encoding: &[u8]) -> bool {
    let head_end = line.iter().position(|byte| *byte == b':').unwrap_or_default();
    line.get(..head_end).unwrap_or_default().windows(encoding.len()).any(|window| window.eq_ignore_ascii_case(encoding))
}

fn is_keyword(line: &[u8], keyword: &str) -> bool {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii().eq_ignore_ascii_case(keyword.as_bytes())
}

fn strip_keyword<'line>(line: &'line [u8], keyword: &str) -> Option<&'line [u8]> {
    let (head, rest) = line.split_at_checked(keyword.len())?;
    head.eq_ignore_ascii_case(keyword.as_bytes()).then_some(rest)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn cards(text: &str) -> Result<Vec<Vec<String>>, FormatError> {
        let source = std::io::BufReader::with_capacity(3, text.as_bytes());
        let mut lines = CardLines::new(source, 1_000);
        let mut cards = Vec::new();
        while let Some(card) = lines.next_card()? {
            let to_text = |line: &Vec<u8>| String::from_utf8_lossy(line).into_owned();
            cards.push(card.iter().map(to_text).collect());
        }
        Ok(cards)
    }

    #[test]
    fn cards_split_into_unfolded_lines() {
        let check = |text: &str, expect: &[&[&str]]| {
            assert_eq!(cards(text).unwrap(), expect, "{text:?}");
        };
        check("BEGIN:VCARD\r\nFN:A\r\n B\r\nEND:VCARD\r\n", &[&["FN:AB"]]);
        check("BEGIN:VCARD\r\r\nFN:A\r\r\n B\r\r\nEND:VCARD", &[&["FN:AB"]]);
        check("begin:vcard\rFN:A\rend:vcard\rBEGIN:VCARD\rFN:B\rEND:VCARD", &[&["FN:A"], &["FN:B"]]);
        check("BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD", &[&["FN:A"], &["FN:B"]]);
        check(
            "BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\nb=3D\nEND:VCARD",
            &[&["NOTE;ENCODING=QUOTED-PRINTABLE:ab=3D"]],
        );
        check("BEGIN:VCARD\nNOTE:a\nb c\nEND:VCARD", &[&["NOTE:a\nb c"]]);
        check("BEGIN:VCARD\nPHOTO;BASE64:AA\nBB\n\nTEL:1\nEND:VCARD", &[&["PHOTO;BASE64:AABB", "TEL:1"]]);
        check("BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:Eve\nTEL:1\nEND:VCARD\nFN:A\nEND:VCARD", &[&["AGENT:Eve", "FN:A"]]);
    }

    #[test]
    fn cards_without_an_end_or_of_endless_length_are_refused() {
        assert!(matches!(cards("BEGIN:VCARD\nFN:A\n"), Err(FormatError::Damaged { .. })));
        let long = format!("BEGIN:VCARD\nNOTE:{}\nEND:VCARD", "x".repeat(2_000));
        assert!(matches!(cards(&long), Err(FormatError::TooLarge { what: "card", .. })));
    }
}
