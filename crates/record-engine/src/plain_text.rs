//! Texts from outside on their way into a log: one line stays one line.

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
}
