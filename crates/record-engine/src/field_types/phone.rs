//! The one normaliser of phone numbers: page, API, import, search and telephony all call it, so a number has one form.
//!
//! A number of a known country becomes E.164 (`+380674401285`, with `;ext=102` behind it where there is an extension, as in RFC 3966).
//! What is no full number (an internal line, a number of another country typed without its code) keeps its digits: a contact loses
//! nothing because a number is unusual.

use phonenumber::country::Id as Country;
use phonenumber::{Mode, ParseError};

/// A normalised number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// E.164 with an optional extension, or bare digits.
    pub value: String,
    /// As people of its country read it.
    pub display: String,
}

/// Country calling code, national digits, trunk prefix, groups of the national number, country: the numbers that make up nearly all
/// of a base here are read without the general library, which costs fifty times as much.
const COMMON: [(&str, usize, &str, [usize; 4], &str); 5] = [
    ("380", 9, "0", [2, 3, 2, 2], "UA"),
    ("375", 9, "80", [2, 3, 2, 2], "BY"),
    ("48", 9, "", [2, 3, 2, 2], "PL"),
    ("7", 10, "8", [3, 3, 2, 2], "RU"),
    ("7", 10, "8", [3, 3, 2, 2], "KZ"),
];

/// Shortest thing that counts as a number: an internal line.
const MIN_DIGITS: usize = 3;
/// Longest: E.164 allows 15, old exports carry a few more.
const MAX_DIGITS: usize = 20;

/// Normalises a number as typed; `country` (ISO 3166-1 alpha-2) is where numbers without a country code belong.
/// `None` when it is no number at all.
pub fn normalise(text: &str, country: &str) -> Option<Phone> {
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let (number, extension) = split_extension(text);
    if number.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits: String =
        number.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect();
    if digits.len() < MIN_DIGITS || digits.len() > MAX_DIGITS {
        return None;
    }
    let is_international = number.trim_start().starts_with('+') || (digits.starts_with("00") && digits.len() > 10);
    let full = if digits.starts_with("00") && is_international {
        digits.trim_start_matches('0').to_owned()
    } else {
        digits.clone()
    };
    let made = common(&full, country, is_international).or_else(|| general(number, country));
    let mut phone = made.unwrap_or_else(|| {
        let value = if is_international { format!("+{full}") } else { digits };
        Phone { display: value.clone(), value }
    });
    if let Some(extension) = extension {
        phone.value = format!("{};ext={extension}", phone.value);
        phone.display = format!("{} #{extension}", phone.display);
    }
    Some(phone)
}

/// Splits `;ext=102`, `ext. 102`, `доб. 102`, `вн. 102`, `x102`, `#102` off.
fn split_extension(text: &str) -> (&str, Option<String>) {
    const MARKS: [&str; 9] = [";ext=", "ext.", "ext", "доб.", "доб", "вн.", "дод.", "x", "#"];
    let lower = text.to_lowercase();
    // Lower-casing keeps byte positions for these alphabets; a text where it does not is left whole.
    if lower.len() != text.len() {
        return (text, None);
    }
    for mark in MARKS {
        if let Some(at) = lower.find(mark) {
            let (number, rest) = (text.get(..at), text.get(at + mark.len()..));
            let digits: String = rest.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            if (1..=8).contains(&digits.len()) {
                return (number.unwrap_or(text).trim_end_matches([' ', ',', '(', ';']), Some(digits));
            }
        }
    }
    (text, None)
}

fn common(digits: &str, country: &str, is_international: bool) -> Option<Phone> {
    for (code, length, trunk, groups, owner) in COMMON {
        let national = match digits.strip_prefix(code) {
            Some(rest) if rest.len() == length && (is_international || owner == country) => Some(rest),
            _ if !is_international && owner == country => {
                let without_trunk = if trunk.is_empty() { Some(digits) } else { digits.strip_prefix(trunk) };
                without_trunk
                    .filter(|rest| rest.len() == length)
                    .or(Some(digits).filter(|rest| rest.len() == length && !rest.starts_with('0')))
            }
            // Eleven digits that begin with 7 or twelve with 380 are full numbers everywhere here.
            Some(rest) if rest.len() == length && digits.len() >= 11 => Some(rest),
            _ => None,
        };
        if let Some(national) = national.filter(|national| !national.starts_with('0')) {
            return Some(Phone { value: format!("+{code}{national}"), display: grouped(code, national, groups) });
        }
    }
    None
}

fn grouped(code: &str, national: &str, groups: [usize; 4]) -> String {
    let mut display = format!("+{code}");
    let mut rest = national;
    for size in groups {
        let (group, tail) = rest.split_at_checked(size).unwrap_or((rest, ""));
        display.push(' ');
        display.push_str(group);
        rest = tail;
    }
    display
}

fn general(number: &str, country: &str) -> Option<Phone> {
    let parsed: Result<phonenumber::PhoneNumber, ParseError> =
        phonenumber::parse(country.parse::<Country>().ok(), number);
    let parsed = parsed.ok().filter(phonenumber::is_valid)?;
    Some(Phone {
        value: parsed.format().mode(Mode::E164).to_string(),
        display: parsed.format().mode(Mode::International).to_string().replace('-', " "),
    })
}

/// The digits by which a number is found: the search takes what people type apart in the same way.
pub fn search_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn numbers_get_one_form() {
        let check = |country: &str, input: &str, value: &str, display: &str| {
            let phone = normalise(input, country);
            assert_eq!(
                phone.as_ref().map(|p| (p.value.as_str(), p.display.as_str())),
                Some((value, display)),
                "{input}"
            );
        };
        check("UA", "067 440 12 85", "+380674401285", "+380 67 440 12 85");
        check("UA", "(067) 440-12-85", "+380674401285", "+380 67 440 12 85");
        check("UA", "+38 (067) 440-12-85", "+380674401285", "+380 67 440 12 85");
        check("UA", "380674401285", "+380674401285", "+380 67 440 12 85");
        check("UA", "00380674401285", "+380674401285", "+380 67 440 12 85");
        check("UA", "674401285", "+380674401285", "+380 67 440 12 85");
        check("RU", "8 (495) 120-66-31", "+74951206631", "+7 495 120 66 31");
        check("RU", "+7 495 1206631", "+74951206631", "+7 495 120 66 31");
        check("UA", "74951206631", "+74951206631", "+7 495 120 66 31");
        check("BY", "8 017 390 55 08", "+375173905508", "+375 17 390 55 08");
        check("RU", "+7 812 309-47-11", "+78123094711", "+7 812 309 47 11");
        check("KZ", "8 812 309-47-11", "+78123094711", "+7 812 309 47 11");
        check("BY", "+375 17 390-55-08", "+375173905508", "+375 17 390 55 08");
        check("PL", "22 518 90 04", "+48225189004", "+48 22 518 90 04");
        check("UA", "+1-418-656-9254;ext=102", "+14186569254;ext=102", "+1 418 656 9254 #102");
        check("UA", "044 233 90 61 доб. 12", "+380442339061;ext=12", "+380 44 233 90 61 #12");
        check("US", "(905) 555-1234", "+19055551234", "+1 905 555 1234");
        check("UA", "905-555-1234", "9055551234", "9055551234");
        check("UA", "102", "102", "102");
    }

    #[test]
    fn what_is_no_number() {
        for input in ["", "-", "abc", "call me", "1", "12", "123456789012345678901"] {
            assert_eq!(normalise(input, "UA"), None, "{input}");
        }
    }
}
