//! What may stand in a header or in the dialogue with a server: the one place that refuses what would begin a header of its own.

/// Longest address (RFC 5321), in characters.
const MAX_ADDRESS: usize = 254;
/// Longest name or subject, in characters.
const MAX_LINE: usize = 400;

/// Whether a text is one line without control characters: fit for a name or a subject.
pub fn is_line(text: &str) -> bool {
    // U+2028 and U+2029 are line breaks for some programs; control characters include CR, LF, NUL and U+0085.
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) && text.chars().count() <= MAX_LINE
}

/// Whether a letter can be addressed to a text.
pub fn is_address(text: &str) -> bool {
    parse(text).is_some()
}

/// The domain of an address; `None` for what is none.
pub fn domain_of(text: &str) -> Option<&str> {
    parse(text)?;
    text.rsplit_once('@').map(|(_, domain)| domain)
}

pub(crate) fn parse(text: &str) -> Option<lettre::Address> {
    let is_plain = is_line(text)
        && text.len() <= MAX_ADDRESS
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | ';' | '\\' | '(' | ')'));
    if is_plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_a_line_of_its_own() {
        let check = |text: &str, expect: bool| assert_eq!(is_line(text), expect, "{text:?}");
        check("Олена Ковальчук", true);
        check("a \u{a0} b", true);
        for bad in
            ["a\rb", "a\nb", "a\r\nBcc: x@example.org", "a\0b", "a\u{2028}b", "a\u{2029}b", "a\u{85}b", "a\u{b}b"]
        {
            check(bad, false);
        }
        check(&"я".repeat(400), true);
        check(&"я".repeat(401), false);
    }

    #[test]
    fn addresses() {
        let check = |text: &str, expect: bool| assert_eq!(is_address(text), expect, "{text:?}");
        check("olena@karpaty-bud.ua", true);
        check("o.k+crm@xn--e1afmkfd.xn--p1ai", true);
        for bad in [
            "",
            "olena",
            "@example.org",
            "olena@",
            "a@b@c",
            "a b@example.org",
            "<a@example.org>",
            "\"a\"@example.org",
            "a@example.org,b@example.org",
            "a@example.org>\r\nRCPT TO:<b@example.org",
            "a@example.org\n",
            "a\0@example.org",
            "a@exam\u{2028}ple.org",
        ] {
            check(bad, false);
        }
        assert_eq!(domain_of("olena@example.org"), Some("example.org"));
    }
}
