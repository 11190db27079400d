//! Exact decimals: texts of digits, and whole numbers that count their last place. Money and rates never pass through a binary fraction.
//!
//! What must stay true: there is one rounding in the program, half away from zero, and it stands here. Decision 0038.

/// Reads a plain decimal (`-12.345`) as a whole number of its places: with two places it is -1235.
///
/// `None` for anything else than digits with at most one point, and for what does not fit.
pub fn scaled(text: &str, places: u32) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = !(whole.is_empty() && fraction.is_empty());
    if !is_number || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept = fraction.bytes().chain(std::iter::repeat(b'0')).take(usize::try_from(places).ok()?);
    let mut number: i128 = 0;
    for digit in whole.bytes().chain(kept) {
        number = number.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    // Of what is cut off the first digit alone decides.
    let next = fraction.as_bytes().get(usize::try_from(places).ok()?).copied();
    if next.is_some_and(|digit| digit >= b'5') {
        number = number.checked_add(1)?;
    }
    Some(sign * number)
}

/// Whether a plain decimal has no more than so many places that are not zero.
pub fn fits(text: &str, places: usize) -> bool {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    fraction.bytes().skip(places).all(|digit| digit == b'0')
}

/// A whole number of places as text, with all of them: `-1235` and two places give `-12.35`.
pub fn text(number: i128, places: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Divides, half away from zero; `None` by zero.
pub fn divided(number: i128, by: i128) -> Option<i128> {
    let (quotient, rest) = (number.checked_div(by)?, number.checked_rem(by)?);
    let is_away = rest.unsigned_abs() >= by.unsigned_abs() - rest.unsigned_abs();
    let step = if (number < 0) == (by < 0) { 1 } else { -1 };
    Some(if rest != 0 && is_away { quotient + step } else { quotient })
}

/// Ten to the power of so many places; `None` beyond what fits.
pub fn power(places: u32) -> Option<i128> {
    10_i128.checked_pow(places)
}

#[cfg(test)]
mod tests {
    use super::{divided, fits, scaled, text};

    #[test]
    fn decimals_are_read_exactly() {
        let check = |input: &str, places: u32, expect: Option<i128>| {
            assert_eq!(scaled(input, places), expect, "{input} with {places} places");
        };
        check("12.34", 2, Some(1_234));
        check("12", 2, Some(1_200));
        check(".5", 0, Some(1));
        check("0.005", 2, Some(1));
        check("-0.005", 2, Some(-1));
        check("1.0049999", 2, Some(100));
        check("2.675", 2, Some(268));
        check("90071992547409.91", 2, Some(9_007_199_254_740_991));
        check("1.2345", 3, Some(1_235));
        check("100.4", 0, Some(100));
        check("", 2, None);
        check(".", 2, None);
        check("1.2.3", 2, None);
        check("1e3", 2, None);
        check(&"9".repeat(50), 2, None);
    }

    #[test]
    fn decimals_are_written_with_all_places() {
        assert_eq!(text(-1_235, 2), "-12.35");
        assert_eq!(text(5, 2), "0.05");
        assert_eq!(text(5, 0), "5");
        assert_eq!(text(1_500, 3), "1.500");
        assert!(fits("12.340", 2) && !fits("12.345", 2) && fits("12", 0));
    }

    #[test]
    fn half_goes_away_from_zero() {
        let check = |number, by, expect| assert_eq!(divided(number, by), expect, "{number} / {by}");
        check(5, 2, Some(3));
        check(-5, 2, Some(-3));
        check(5, -2, Some(-3));
        check(4, 3, Some(1));
        check(-4, 3, Some(-1));
        check(6, 3, Some(2));
        check(1, 0, None);
        check(i128::MAX, 2, Some(i128::MAX / 2 + 1));
    }
}
