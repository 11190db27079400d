//! Filters of LDAP as text (RFC 4515) and as they are sent (RFC 4511, 4.5.1.7).
//!
//! What must stay true: `{login}` is a place in a value of a filter that has been taken apart already, so that nothing that somebody types at the login
//! can become a part of the filter: neither `*` nor `)` nor anything else.

use super::ber::{element, flag, group, octets};

/// The place of the login.
const LOGIN: &[u8] = b"{login}";
/// Longest text of a filter, in bytes.
const MAX_LENGTH: usize = 1_000;
/// How deep filters stand in each other.
const MAX_DEPTH: usize = 10;

/// A filter that has been taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// All, or any, of them.
    Group(u8, Vec<Filter>),
    Not(Box<Filter>),
    /// The pieces of the value between its stars; one piece is the whole value.
    Is(Vec<u8>, Vec<Vec<u8>>),
    /// Another comparison of a value with the attribute, by the tag that says which.
    Compares(u8, Vec<u8>, Vec<u8>),
    /// A rule of the directory: rule, attribute, value, whether the name counts too.
    Rule(Vec<u8>, Vec<u8>, Vec<u8>, bool),
}

/// What becomes of the pieces of a value.
type Put<'p> = dyn Fn(&[Vec<u8>]) -> Vec<Vec<u8>> + 'p;

const ALL: u8 = 0xa0;
const ANY: u8 = 0xa1;
const NOT: u8 = 0xa2;
const EQUALITY: u8 = 0xa3;
const SUBSTRINGS: u8 = 0xa4;
const AT_LEAST: u8 = 0xa5;
const AT_MOST: u8 = 0xa6;
const PRESENT: u8 = 0x87;
const ALIKE: u8 = 0xa8;
const EXTENSIBLE: u8 = 0xa9;

impl Filter {
    /// Takes a text apart; `None` for what is no filter.
    pub(super) fn read(text: &str) -> Option<Filter> {
        let text = text.trim();
        let mut rest = text.as_bytes();
        if rest.len() > MAX_LENGTH {
            return None;
        }
        let filter = read_filter(&mut rest, 0)?;
        rest.is_empty().then_some(filter)
    }

    /// Entries whose attribute has this value.
    pub(super) fn equal(attribute: &str, value: &[u8]) -> Filter {
        Filter::Is(attribute.as_bytes().to_vec(), vec![value.to_vec()])
    }

    /// Entries that have the attribute.
    fn present(attribute: &[u8]) -> Filter {
        Filter::Is(attribute.to_vec(), vec![Vec::new(), Vec::new()])
    }

    pub(super) fn all(filters: Vec<Filter>) -> Filter {
        Filter::Group(ALL, filters)
    }

    /// Whether it has a place for the login.
    pub(super) fn asks_for_login(&self) -> bool {
        let has = |value: &[u8]| split(value).len() > 1;
        match self {
            Filter::Group(_, filters) => filters.iter().any(Filter::asks_for_login),
            Filter::Not(filter) => filter.asks_for_login(),
            Filter::Is(_, pieces) => pieces.iter().any(|piece| has(piece)),
            Filter::Compares(_, _, value) | Filter::Rule(_, _, value, _) => has(value),
        }
    }

    /// The same for this login.
    pub(super) fn of_login(&self, login: &str) -> Filter {
        self.with(&|pieces| pieces.iter().map(|piece| split(piece).join(login.as_bytes())).collect())
    }

    /// The same for whoever has a login at all.
    pub(super) fn of_anyone(&self) -> Filter {
        self.with(&|pieces| pieces.iter().flat_map(|piece| split(piece)).map(<[u8]>::to_vec).collect())
    }

    fn with(&self, put: &Put<'_>) -> Filter {
        match self {
            Filter::Group(tag, filters) => Filter::Group(*tag, filters.iter().map(|filter| filter.with(put)).collect()),
            Filter::Not(filter) => Filter::Not(Box::new(filter.with(put))),
            Filter::Is(attribute, pieces) => Filter::Is(attribute.clone(), put(pieces)),
            // What has no stars is compared with one value; of several pieces the attribute alone remains.
            Filter::Compares(tag, attribute, value) => match <[Vec<u8>; 1]>::try_from(put(std::slice::from_ref(value)))
            {
                Ok([value]) => Filter::Compares(*tag, attribute.clone(), value),
                Err(_) => Filter::present(attribute),
            },
            Filter::Rule(rule, attribute, value, is_named) => {
                match <[Vec<u8>; 1]>::try_from(put(std::slice::from_ref(value))) {
                    Ok([value]) => Filter::Rule(rule.clone(), attribute.clone(), value, *is_named),
                    Err(_) => Filter::present(attribute),
                }
            }
        }
    }

    /// As it is sent.
    pub(super) fn encode(&self) -> Vec<u8> {
        match self {
            Filter::Group(tag, filters) => group(*tag, &filters.iter().map(Filter::encode).collect::<Vec<_>>()),
            Filter::Not(filter) => element(NOT, &filter.encode()),
            Filter::Is(attribute, pieces) => encode_value(attribute, pieces),
            Filter::Compares(tag, attribute, value) => group(*tag, &[octets(attribute), octets(value)]),
            Filter::Rule(rule, attribute, value, is_named) => {
                let mut parts = Vec::new();
                if !rule.is_empty() {
                    parts.push(element(0x81, rule));
                }
                if !attribute.is_empty() {
                    parts.push(element(0x82, attribute));
                }
                parts.push(element(0x83, value));
                if *is_named {
                    parts.push(element(0x84, flag(true).get(2..).unwrap_or_default()));
                }
                group(EXTENSIBLE, &parts)
            }
        }
    }
}

fn encode_value(attribute: &[u8], pieces: &[Vec<u8>]) -> Vec<u8> {
    if let [whole] = pieces {
        return group(EQUALITY, &[octets(attribute), octets(whole)]);
    }
    if pieces.iter().all(Vec::is_empty) {
        return element(PRESENT, attribute);
    }
    let last = pieces.len() - 1;
    let tag = |at: usize| {
        if at == 0 {
            0x80
        } else if at == last {
            0x82
        } else {
            0x81
        }
    };
    let parts: Vec<Vec<u8>> = pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(at, piece)| element(tag(at), piece))
        .collect();
    group(SUBSTRINGS, &[octets(attribute), group(super::ber::SEQUENCE, &parts)])
}

/// What stands around the places of the login.
fn split(value: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.windows(LOGIN.len()).position(|window| window == LOGIN) {
        parts.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + LOGIN.len()..).unwrap_or_default();
    }
    parts.push(rest);
    parts
}

fn skip(rest: &mut &[u8], byte: u8) -> Option<()> {
    let (first, after) = rest.split_first()?;
    (*first == byte).then(|| *rest = after)
}

fn read_filter(rest: &mut &[u8], depth: usize) -> Option<Filter> {
    if depth > MAX_DEPTH {
        return None;
    }
    skip(rest, b'(')?;
    let filter = match rest.first()? {
        sign @ (b'&' | b'|') => {
            let tag = if *sign == b'&' { ALL } else { ANY };
            *rest = rest.get(1..)?;
            let mut filters = Vec::new();
            while rest.first() == Some(&b'(') {
                filters.push(read_filter(rest, depth + 1)?);
            }
            if filters.is_empty() {
                return None;
            }
            Filter::Group(tag, filters)
        }
        b'!' => {
            *rest = rest.get(1..)?;
            Filter::Not(Box::new(read_filter(rest, depth + 1)?))
        }
        _ => {
            let end = rest.iter().position(|byte| *byte == b')')?;
            let item = read_item(rest.get(..end)?)?;
            *rest = rest.get(end..)?;
            item
        }
    };
    skip(rest, b')')?;
    Some(filter)
}

fn read_item(item: &[u8]) -> Option<Filter> {
    let at = item.iter().position(|byte| *byte == b'=')?;
    let (left, right) = (item.get(..at)?, item.get(at + 1..)?);
    let mut pieces = Vec::new();
    for piece in right.split(|byte| *byte == b'*') {
        pieces.push(unescape(piece)?);
    }
    let name = |bytes: &[u8]| is_attribute(bytes).then(|| bytes.to_vec());
    let (sign, before) = left.split_last()?;
    let tag = match sign {
        b'>' => AT_LEAST,
        b'<' => AT_MOST,
        b'~' => ALIKE,
        b':' => return read_rule(before, &pieces),
        _ => return Some(Filter::Is(name(left)?, pieces)),
    };
    let [value] = pieces.as_slice() else { return None };
    Some(Filter::Compares(tag, name(before)?, value.clone()))
}

/// `attribute:dn:rule`, of which each may be missing, but not attribute and rule together.
fn read_rule(left: &[u8], pieces: &[Vec<u8>]) -> Option<Filter> {
    let [value] = pieces else { return None };
    let mut parts = left.split(|byte| *byte == b':');
    let attribute = parts.next()?.to_vec();
    let mut rest: Vec<&[u8]> = parts.collect();
    let is_named = rest.first().is_some_and(|part| part.eq_ignore_ascii_case(b"dn"));
    if is_named {
        rest.remove(0);
    }
    let rule = match rest.as_slice() {
        [] => Vec::new(),
        [rule] if is_attribute(rule) => rule.to_vec(),
        _ => return None,
    };
    // Without an attribute there is nothing left to ask when the login is not known.
    let is_sound =
        if attribute.is_empty() { !rule.is_empty() && split(value).len() == 1 } else { is_attribute(&attribute) };
    is_sound.then(|| Filter::Rule(rule, attribute, value.clone(), is_named))
}

/// The name of an attribute, with options, or the number of one.
pub(super) fn is_attribute(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphanumeric)
        && name.len() <= 100
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-.;".contains(byte))
}

fn unescape(text: &[u8]) -> Option<Vec<u8>> {
    let mut value = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                value.push(u8::try_from(high * 16 + low).ok()?);
            }
            0 | b'(' => return None,
            _ => value.push(*byte),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    /// The whole value of an equality.
    fn value_of(filter: &Filter) -> Option<&[u8]> {
        match filter {
            Filter::Is(_, pieces) => <&[Vec<u8>; 1]>::try_from(pieces.as_slice()).ok().map(|[whole]| whole.as_slice()),
            _ => None,
        }
    }

    #[test]
    fn texts_are_taken_apart() {
        let check = |text: &str, expect: bool| assert_eq!(Filter::read(text).is_some(), expect, "{text}");
        check("(uid={login})", true);
        check(" (&(objectClass=person)(|(uid={login})(mail={login}))(!(shadowExpire=0))) ", true);
        check("(!(userAccountControl:1.2.840.113556.1.4.803:=2))", true);
        check("(memberOf:1.2.840.113556.1.4.1941:=cn=crm,dc=example,dc=org)", true);
        check("(cn:dn:2.4.6.8.10:=Dino)", true);
        check("(cn=*a*b*)", true);
        check(r"(cn=\28x\29)", true);
        check("(age>=3)", true);
        for wrong in
            ["", "uid=x", "(uid=x", "(uid=x))", "(&)", "(uid=(x))", "(=x)", r"(cn=\2)", "(a b=c)", "(:=x)", "(x)"]
        {
            check(wrong, false);
        }
        check(&format!("{}(a=b){}", "(!".repeat(10), ")".repeat(10)), true);
        check(&format!("{}(a=b){}", "(!".repeat(11), ")".repeat(11)), false);
        check(&format!("(a={})", "x".repeat(1_000)), false);
    }

    #[test]
    fn they_are_sent_as_the_standard_has_it() {
        let check = |text: &str, expect: &[u8]| assert_eq!(Filter::read(text).unwrap().encode(), expect, "{text}");
        check("(a=b)", b"\xa3\x06\x04\x01a\x04\x01b");
        check("(a=*)", b"\x87\x01a");
        check("(a=b*c*d)", b"\xa4\x0e\x04\x01a\x30\x09\x80\x01b\x81\x01c\x82\x01d");
        check("(a=*c*)", b"\xa4\x08\x04\x01a\x30\x03\x81\x01c");
        check("(!(a>=b))", b"\xa2\x08\xa5\x06\x04\x01a\x04\x01b");
        check("(a:1.2:=2)", b"\xa9\x0b\x81\x031.2\x82\x01a\x83\x012");
    }

    #[test]
    fn a_login_never_becomes_a_part_of_the_filter() {
        let filter = Filter::read("(uid={login})").unwrap();
        assert!(filter.asks_for_login() && !Filter::read("(uid=login)").unwrap().asks_for_login());
        for login in ["*", "*)(uid=*", "x)(|(a=*))", r"\2a", "{login}", "a\0b", "олена"] {
            assert_eq!(value_of(&filter.of_login(login)), Some(login.as_bytes()), "{login}");
        }
        let within = Filter::read("(mail={login}@example.org)").unwrap();
        assert_eq!(value_of(&within.of_login("*")), Some(b"*@example.org".as_slice()));
        assert_eq!(filter.of_anyone(), Filter::read("(uid=*)").unwrap());
        assert_eq!(within.of_anyone(), Filter::read("(mail=*@example.org)").unwrap());
        for text in ["(uid>={login})", "(uid~=x{login})", "(uid:2.5.13.5:={login})", "(uid:dn:2.5.13.5:=a{login}b)"] {
            assert_eq!(Filter::read(text).unwrap().of_anyone(), Filter::read("(uid=*)").unwrap(), "{text}");
        }
        let unchanged = Filter::read("(&(age>=3)(uid:2.5.13.5:=x))").unwrap();
        assert_eq!(unchanged.of_anyone(), unchanged);
        assert_eq!(
            Filter::read("(:2.5.13.5:={login})"),
            None,
            "a rule without an attribute asks for nobody in particular"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_or_refused(text in "[()&|!=*:{}\\\\a-z0-9]{0,60}", login in ".{0,20}") {
            if let Some(filter) = Filter::read(&text) {
                filter.of_login(&login).encode();
                filter.of_anyone().encode();
            }
        }
    }
}
