//! The notations of single values: phone numbers, addresses with a scheme, dates, pictures.

use crate::date::parse_date;

/// A phone number without `tel:`; the parameter `ext` becomes words that people and phone parsers understand.
pub(super) fn phone_of(text: &str) -> String {
    let number = strip_scheme(text, "tel:");
    if number.len() == text.len() {
        return number;
    }
    let mut parts = number.split(';');
    let mut phone = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some(extension) = part.strip_prefix("ext=") {
            phone.push_str(" ext. ");
            phone.push_str(extension);
        }
    }
    phone
}

pub(super) fn strip_scheme(text: &str, scheme: &str) -> String {
    match text.split_at_checked(scheme.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(scheme) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// Undoes `%HH` where the result is text.
pub(super) fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let pair = behind
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(pair.unwrap_or(first));
        rest = if pair.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// `YYYY-MM-DD` or `--MM-DD` from the basic and extended forms, with or without a time; other texts stay as they are.
pub(super) fn normalise_date(text: &str) -> String {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let (year, rest) = match day.strip_prefix("--") {
        Some(rest) => ("", rest.to_owned()),
        None => match day.split_at_checked(4) {
            Some((year, rest)) => (year, rest.strip_prefix('-').unwrap_or(rest).to_owned()),
            None => return text.to_owned(),
        },
    };
    let digits = rest.replace('-', "");
    let Some((month, day)) = digits.split_at_checked(2) else {
        return text.to_owned();
    };
    // A leap year stands in for an unknown one, so that 29 February is a day.
    let probe = if year.is_empty() { "2000" } else { year };
    match parse_date(&format!("{probe}-{month}-{day}")) {
        Some(_) if year.is_empty() => format!("--{month}-{day}"),
        Some(_) => format!("{year}-{month}-{day}"),
        None => text.to_owned(),
    }
}

/// The media type by the first bytes: what cards say about it is often wrong.
pub(super) fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'B', b'M', ..] => "image/bmp",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_take_one_form() {
        let check = |text: &str, expect: &str| assert_eq!(normalise_date(text), expect);
        check("19800322", "1980-03-22");
        check("1980-03-22T00:00:00Z", "1980-03-22");
        check("20090808T1430-0500", "2009-08-08");
        check("--0203", "--02-03");
        check("--02-29", "--02-29");
        check("circa 1800", "circa 1800");
        check("1980-03", "1980-03");
        check("19801322", "19801322");
        check("весной", "весной");
    }
}
