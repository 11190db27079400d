//! Which number formats show a serial number as a date; the codes are the same in all generations of Excel.

use crate::date::DateStyle;

/// The formats that are never written out, by the numbers of ECMA-376 part 1, 18.8.30.
pub(crate) fn style_of_builtin(id: u32) -> DateStyle {
    match id {
        14..=17 | 27..=31 | 36 | 50..=58 => DateStyle::Date,
        22 => DateStyle::DateTime,
        18..=21 | 32..=35 | 45..=47 => DateStyle::Time,
        _ => DateStyle::None,
    }
}

/// What a format code shows. Only the section for positive numbers counts; quoted and escaped characters, and colours and
/// conditions in brackets, are not part of the pattern, but `[h]`, `[m]` and `[s]` are.
pub(crate) fn style_of_code(code: &str) -> DateStyle {
    let (mut has_date, mut has_clock, mut has_month_or_minute) = (false, false, false);
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character.to_ascii_lowercase() {
            ';' => break,
            '"' => {
                characters.by_ref().find(|&closing| closing == '"');
            }
            '\\' | '_' | '*' => {
                characters.next();
            }
            '[' => {
                let inner: String = characters.by_ref().take_while(|&c| c != ']').collect();
                let inner = inner.to_ascii_lowercase();
                has_clock |= !inner.is_empty() && ['h', 'm', 's'].iter().any(|unit| inner.chars().all(|c| c == *unit));
            }
            'y' | 'd' => has_date = true,
            'h' | 's' => has_clock = true,
            'm' => has_month_or_minute = true,
            // "General" and digits, with or without an exponent, end the question.
            '0' | '#' | '?' | 'e' | '@' if !has_clock => return DateStyle::None,
            'g' if !has_date && !has_clock => return DateStyle::None,
            _ => {}
        }
    }
    match (has_date, has_clock) {
        (true, true) => DateStyle::DateTime,
        (true, false) => DateStyle::Date,
        (false, true) => DateStyle::Time,
        (false, false) if has_month_or_minute => DateStyle::Date,
        (false, false) => DateStyle::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_codes_are_told_apart() {
        let check = |code: &str, expect| assert_eq!(style_of_code(code), expect, "{code}");
        check("General", DateStyle::None);
        check("0.00", DateStyle::None);
        check("#,##0.00 [$€-407];[Red]-#,##0.00", DateStyle::None);
        check("0.00E+00", DateStyle::None);
        check("@", DateStyle::None);
        check("#,##0\" дн. day\"", DateStyle::None);
        check("dd.mm.yyyy", DateStyle::Date);
        check("yyyy\\-mm\\-dd", DateStyle::Date);
        check("[$-419]d mmm yyyy;@", DateStyle::Date);
        check("mmm", DateStyle::Date);
        check("dd/mm/yyyy hh:mm", DateStyle::DateTime);
        check("yyyy-mm-dd\"T\"hh:mm:ss.000", DateStyle::DateTime);
        check("h:mm AM/PM", DateStyle::Time);
        check("[h]:mm:ss", DateStyle::Time);
        check("mm:ss.0", DateStyle::Time);
        check("[Red]0", DateStyle::None);
    }
}
