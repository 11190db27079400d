//! Plain texts: those from outside on their way into a log, where one line stays one line, and numbers with their words.

/// The text with its control characters, line separators and signs that turn the direction of writing written as `\u{…}`, cut after `max` characters.
pub fn escaped(text: &str, max: usize) -> String {
    let mut plain = String::with_capacity(text.len().min(max));
    let mut left = max;
    for c in text.chars() {
        let piece = if is_unseen(c) { c.escape_unicode().to_string() } else { c.to_string() };
        let length = piece.chars().count();
        if length > left {
            break;
        }
        left -= length;
        plain.push_str(&piece);
    }
    plain
}

/// Whether a character does something instead of standing there.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A word with its number, in a language with the plurals of Russian and Ukrainian, or of English.
pub fn counted(language: &str, count: i64, forms: [&str; 3]) -> String {
    let [one, few, many] = forms;
    let (tens, units) = (count % 100, count % 10);
    let is_slavic = matches!(language, "ru" | "uk");
    let form = match language {
        "ru" | "uk" if (11..=14).contains(&tens) => many,
        "ru" | "uk" if units == 1 => one,
        "ru" | "uk" if (2..=4).contains(&units) => few,
        "ru" | "uk" => many,
        _ if count == 1 => one,
        _ => many,
    };
    format!("{} {form}", in_thousands(count, if is_slavic { '\u{a0}' } else { ',' }))
}

/// A number with a sign between its thousands; of four digits too, as sentences have it.
fn in_thousands(count: i64, sign: char) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !text.ends_with('-') {
            text.push(sign);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unseen_becomes_seen() {
        let check = |text: &str, expect: &str| assert_eq!(escaped(text, 20), expect, "{text:?}");
        check("Олена Ковальчук", "Олена Ковальчук");
        check("a\nb", "a\\u{a}b");
        check("\u{2028}", "\\u{2028}");
        check("пдф\u{202e}exe", "пдф\\u{202e}exe");
        check("\u{85}\u{7f}", "\\u{85}\\u{7f}");
        check("0123456789012345678901", "01234567890123456789");
        // What does not fit whole is left out.
        check("0123456789012345678\n", "0123456789012345678");
    }

    #[test]
    fn plurals() {
        let days = ["день", "дня", "дней"];
        let check = |count: i64, expect: &str| assert_eq!(counted("ru", count, days), expect);
        check(1, "1 день");
        check(2, "2 дня");
        check(5, "5 дней");
        check(11, "11 дней");
        check(14, "14 дней");
        check(21, "21 день");
        check(112, "112 дней");
        check(5_000, "5\u{a0}000 дней");
        check(1_234_561, "1\u{a0}234\u{a0}561 день");
        assert_eq!(counted("en", 1, ["day", "days", "days"]), "1 day");
        assert_eq!(counted("en", 21, ["day", "days", "days"]), "21 days");
        assert_eq!(counted("en", 5_000, ["day", "days", "days"]), "5,000 days");
    }
}
