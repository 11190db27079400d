//! As much of CBOR (RFC 8949) as authenticators write: definite lengths, integers, bytes, texts, arrays, maps, three simple values.
//!
//! What must stay true: hostile input costs no more than its length; nothing nests deeper than [`MAX_DEPTH`].

/// Authenticators nest a key in a map in a map.
const MAX_DEPTH: usize = 8;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cbor<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Cbor<'a>>),
    Map(Vec<(Cbor<'a>, Cbor<'a>)>),
    /// `false`, `true`, `null`.
    Simple(u8),
}

impl<'a> Cbor<'a> {
    /// The value at the start of the bytes, and what follows it.
    pub(super) fn read(bytes: &'a [u8]) -> Option<(Cbor<'a>, &'a [u8])> {
        read(bytes, 0)
    }

    /// The member of a map.
    pub(super) fn get(&self, key: &Cbor<'_>) -> Option<&Cbor<'a>> {
        let Cbor::Map(members) = self else { return None };
        members.iter().find(|(found, _)| found == key).map(|(_, value)| value)
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        if let Cbor::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        if let Cbor::Integer(number) = self { Some(*number) } else { None }
    }
}

fn read(bytes: &[u8], depth: usize) -> Option<(Cbor<'_>, &[u8])> {
    if depth > MAX_DEPTH {
        return None;
    }
    let (first, rest) = bytes.split_first()?;
    let (number, rest) = argument(first & 0x1f, rest)?;
    match first >> 5 {
        0 => Some((Cbor::Integer(i64::try_from(number).ok()?), rest)),
        1 => Some((Cbor::Integer(-1 - i64::try_from(number).ok()?), rest)),
        2 => {
            let (body, rest) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            Some((Cbor::Bytes(body), rest))
        }
        3 => {
            let (body, rest) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            Some((Cbor::Text(std::str::from_utf8(body).ok()?), rest))
        }
        4 => {
            let mut rest = rest;
            let mut items = Vec::new();
            for _ in 0..number {
                let (item, after) = read(rest, depth + 1)?;
                items.push(item);
                rest = after;
            }
            Some((Cbor::Array(items), rest))
        }
        5 => {
            let mut rest = rest;
            let mut members = Vec::new();
            for _ in 0..number {
                let (key, after) = read(rest, depth + 1)?;
                let (value, after) = read(after, depth + 1)?;
                members.push((key, value));
                rest = after;
            }
            Some((Cbor::Map(members), rest))
        }
        7 if (20..=22).contains(&number) && first & 0x1f < 24 => Some((Cbor::Simple(u8::try_from(number).ok()?), rest)),
        _ => None,
    }
}

/// The number behind the kind of a value.
fn argument(short: u8, rest: &[u8]) -> Option<(u64, &[u8])> {
    let length = match short {
        0..=23 => return Some((u64::from(short), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let (digits, rest) = rest.split_at_checked(length)?;
    Some((digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let check = |bytes: &[u8], expect: Option<Cbor<'_>>| {
            assert_eq!(Cbor::read(bytes).map(|(value, _)| value), expect, "{bytes:02x?}");
        };
        // RFC 8949, appendix A.
        check(&[0x17], Some(Cbor::Integer(23)));
        check(&[0x18, 0x64], Some(Cbor::Integer(100)));
        check(&[0x39, 0x03, 0xe7], Some(Cbor::Integer(-1000)));
        check(&[0x44, 1, 2, 3, 4], Some(Cbor::Bytes(&[1, 2, 3, 4])));
        check(&[0x64, b'I', b'E', b'T', b'F'], Some(Cbor::Text("IETF")));
        check(&[0x82, 1, 0x81, 2], Some(Cbor::Array(vec![Cbor::Integer(1), Cbor::Array(vec![Cbor::Integer(2)])])));
        check(&[0xa1, 0x61, b'a', 0xf5], Some(Cbor::Map(vec![(Cbor::Text("a"), Cbor::Simple(21))])));
        // Cut short, indefinite, too deep, numbers beyond sense.
        check(&[], None);
        check(&[0x44, 1, 2], None);
        check(&[0x5f, 0x41, 1, 0xff], None);
        check(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], None);
        check(&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], None);
        check(&[0x81; 100], None);
        check(&[0xf9, 0x3c, 0x00], None);
    }
}
