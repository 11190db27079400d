//! Reading PostgreSQL's `numeric`, the type of `sum(bigint)`.
//!
//! The product stores no such columns. A whole number within 64 bits becomes an
//! integer, as in SQLite; anything else becomes a double.

use crate::Value;

/// Decimal digits come in groups of four.
const GROUP: i128 = 10_000;

const NEGATIVE: u16 = 0x4000;
const NOT_A_NUMBER: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const MINUS_INFINITY: u16 = 0xF000;

/// Decodes the binary form: number of groups, weight of the first, sign, scale, groups. `None` when it is malformed.
pub(super) fn decode(raw: &[u8]) -> Option<Value> {
    let mut words = raw.chunks_exact(2).filter_map(|word| word.try_into().ok()).map(u16::from_be_bytes);
    let count = usize::from(words.next()?);
    let weight = i32::from(words.next()?.cast_signed());
    let sign = words.next()?;
    let _scale = words.next()?;
    let groups: Vec<u16> = words.collect();
    if groups.len() != count {
        return None;
    }
    match sign {
        NOT_A_NUMBER => return Some(Value::Real(f64::NAN)),
        INFINITY => return Some(Value::Real(f64::INFINITY)),
        MINUS_INFINITY => return Some(Value::Real(f64::NEG_INFINITY)),
        _ => {}
    }
    let is_negative = sign == NEGATIVE;
    Some(match whole(&groups, weight, is_negative) {
        Some(integer) => Value::Integer(integer),
        None => Value::Real(approximate(&groups, weight, is_negative)),
    })
}

fn whole(groups: &[u16], weight: i32, is_negative: bool) -> Option<i64> {
    // Trailing zero groups are not sent, so a group beyond the weight is a fraction.
    let integer_groups = usize::try_from(weight + 1).unwrap_or(0);
    if groups.len() > integer_groups || integer_groups > 5 {
        return None;
    }
    let mut value = 0_i128;
    for index in 0..integer_groups {
        value = value * GROUP + groups.get(index).map_or(0, |group| i128::from(*group));
    }
    i64::try_from(if is_negative { -value } else { value }).ok()
}

/// Goes through the decimal text, because only the parser rounds correctly.
fn approximate(groups: &[u16], weight: i32, is_negative: bool) -> f64 {
    let mut text = String::from(if is_negative { "-0" } else { "0" });
    for group in groups {
        text.push_str(&format!("{group:04}"));
    }
    let exponent = (i64::from(weight) + 1 - groups.len() as i64) * 4;
    text.push_str(&format!("e{exponent}"));
    text.parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn check(words: &[u16], expected: Value) {
        let raw: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(decode(&raw).unwrap(), expected);
    }

    #[test]
    fn whole_numbers_and_fractions() {
        check(&[0, 0, 0, 0], Value::Integer(0));
        check(&[1, 0, 0, 0, 42], Value::Integer(42));
        check(&[1, 1, 0, 0, 5], Value::Integer(50_000));
        check(&[2, 1, NEGATIVE, 0, 1, 2345], Value::Integer(-12_345));
        check(&[2, 0, 0, 2, 12, 5000], Value::Real(12.5));
        check(&[1, 0xFFFF, 0, 4, 2500], Value::Real(0.25));
        check(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5807], Value::Integer(i64::MAX));
        check(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5808], Value::Real(9.223_372_036_854_776e18));
    }

    #[test]
    fn malformed_input_is_refused() {
        assert_eq!(decode(&[0, 1]), None);
        assert_eq!(decode(&[0, 2, 0, 0, 0, 0, 0, 0, 0, 1]), None);
    }
}
