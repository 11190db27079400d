//! The little of BER (ITU-T X.690) that LDAP needs: definite lengths, tags of one byte.
//!
//! What must stay true: whatever the other side sends, nothing is read beyond the part that it stands in, nothing nests by itself, and a length that
//! is too large is refused before memory is taken for it.

use std::io::Read;

/// Largest message that is read, in bytes: one person with the few attributes that were asked for is far smaller.
pub(super) const MAX_MESSAGE: usize = 256 * 1024;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// What was sent is no BER, or too much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// A tag, the length of the content, the content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut made = vec![tag];
    let length = content.len();
    if let Ok(short) =
        u8::try_from(length).map_err(drop).and_then(|short| if short < 0x80 { Ok(short) } else { Err(()) })
    {
        made.push(short);
    } else {
        let bytes = length.to_be_bytes();
        let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        let bytes = bytes.get(from..).unwrap_or_default();
        made.push(0x80 | u8::try_from(bytes.len()).unwrap_or_default());
        made.extend_from_slice(bytes);
    }
    made.extend_from_slice(content);
    made
}

/// Several elements one after another, in one.
pub(super) fn group(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    element(tag, &parts.concat())
}

/// A whole number that is not negative.
pub(super) fn number(tag: u8, value: u32) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    let mut content = bytes.get(from..).unwrap_or_default().to_vec();
    // A leading bit would make it negative.
    if content.first().is_some_and(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    element(tag, &content)
}

pub(super) fn octets(text: &[u8]) -> Vec<u8> {
    element(OCTETS, text)
}

pub(super) fn flag(value: bool) -> Vec<u8> {
    element(BOOLEAN, &[if value { 0xff } else { 0 }])
}

/// Walks through the elements of a part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'p> {
    rest: &'p [u8],
}

impl<'p> Parts<'p> {
    pub(super) fn of(content: &'p [u8]) -> Parts<'p> {
        Parts { rest: content }
    }

    pub(super) fn is_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element, whatever it is.
    pub(super) fn next(&mut self) -> Result<(u8, &'p [u8]), Malformed> {
        let (tag, rest) = self.rest.split_first().ok_or(Malformed)?;
        let (length, rest) = length_of(rest)?;
        let content = rest.get(..length).ok_or(Malformed)?;
        self.rest = rest.get(length..).ok_or(Malformed)?;
        Ok((*tag, content))
    }

    /// The next element, which must have this tag.
    pub(super) fn take(&mut self, tag: u8) -> Result<&'p [u8], Malformed> {
        let (found, content) = self.next()?;
        if found == tag { Ok(content) } else { Err(Malformed) }
    }

    /// The next element, a small number that is not negative.
    pub(super) fn take_number(&mut self, tag: u8) -> Result<u32, Malformed> {
        let content = self.take(tag)?;
        let is_small = !content.is_empty() && content.len() <= 5 && content.first().is_some_and(|first| *first < 0x80);
        if !is_small {
            return Err(Malformed);
        }
        let value = content.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        u32::try_from(value).map_err(|_| Malformed)
    }
}

/// The length at the beginning, and what follows it.
fn length_of(bytes: &[u8]) -> Result<(usize, &[u8]), Malformed> {
    let (first, rest) = bytes.split_first().ok_or(Malformed)?;
    if *first < 0x80 {
        return Ok((usize::from(*first), rest));
    }
    let count = usize::from(first & 0x7f);
    // None says that the end is marked, which LDAP forbids.
    if count == 0 || count > 4 {
        return Err(Malformed);
    }
    let (length, rest) = (rest.get(..count).ok_or(Malformed)?, rest.get(count..).ok_or(Malformed)?);
    let length = length.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    if length > MAX_MESSAGE { Err(Malformed) } else { Ok((length, rest)) }
}

/// Reads one message, a sequence, and answers its content.
pub(super) fn read_message(from: &mut impl Read) -> std::io::Result<Result<Vec<u8>, Malformed>> {
    let mut head = [0_u8; 6];
    let (start, rest) = head.split_at_mut(2);
    from.read_exact(start)?;
    let [tag, first] = *start else { return Ok(Err(Malformed)) };
    let more = if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
    let Some(rest) = rest.get_mut(..more) else { return Ok(Err(Malformed)) };
    from.read_exact(rest)?;
    let length = match length_of(head.get(1..2 + more).unwrap_or_default()) {
        Ok((length, _)) if tag == SEQUENCE => length,
        _ => return Ok(Err(Malformed)),
    };
    let mut content = vec![0; length];
    from.read_exact(&mut content)?;
    Ok(Ok(content))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536, MAX_MESSAGE] {
            let content = vec![7; length];
            let made = element(OCTETS, &content);
            assert_eq!(Parts::of(&made).take(OCTETS), Ok(content.as_slice()));
        }
        for value in [0, 1, 127, 128, 255, 256, 65_535, u32::MAX] {
            assert_eq!(Parts::of(&number(INTEGER, value)).take_number(INTEGER), Ok(value));
        }
        let message = group(SEQUENCE, &[number(INTEGER, 1), octets(b"x")]);
        let read = read_message(&mut message.as_slice()).unwrap().unwrap();
        let mut parts = Parts::of(&read);
        assert_eq!((parts.take_number(INTEGER), parts.take(OCTETS)), (Ok(1), Ok(b"x".as_slice())));
        assert!(parts.is_over());
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for bytes in [
            [0x30, 0x84, 0x7f, 0xff, 0xff, 0xff].as_slice(),
            &[0x30, 0x80, 0x04, 0x00],
            &[0x30, 0x85, 0, 0, 0, 0, 1],
            &[0x30, 0xff, 0, 0, 0, 0],
            &[0x04, 0x01, 0x00],
        ] {
            assert_eq!(read_message(&mut [bytes, &[0; 16]].concat().as_slice()).unwrap(), Err(Malformed), "{bytes:?}");
        }
        // It ends before it is whole.
        assert!(read_message(&mut [0x30, 0x03, 0x02].as_slice()).is_err());
        assert_eq!(Parts::of(&[0x04, 0x05, 1]).next(), Err(Malformed));
        assert_eq!(Parts::of(&[0x02, 0x01, 0xff]).take_number(INTEGER), Err(Malformed));
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_walked_through_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut parts = Parts::of(&bytes);
            while !parts.is_over() && parts.next().is_ok() {}
            let _ = read_message(&mut bytes.as_slice());
        }
    }
}
