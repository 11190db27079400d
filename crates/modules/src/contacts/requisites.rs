//! Legal requisites by country: the numbers that its law gives to companies and entrepreneurs, with their check digits.
//!
//! What must stay true: a number is stored as its bare digits (an account as its bare characters), so that it is found and compared in one
//! spelling; a wrong check digit is refused at its field, and nothing is asked of countries that this file does not know. The registered
//! address is an address of that kind, not a field of its own.
//!
//! Sources: orders of the tax services of Ukraine (EDRPOU, RNOKPP), Russia (INN, OGRN), Kazakhstan (BIN, IIN), Belarus (UNP), Poland (NIP,
//! REGON); ISO 13616 for IBAN; the Bank of Russia for accounts.

use record_engine::catalog::FieldDefinition;
use record_engine::error::FieldError;
use record_engine::field_types::{ChoiceSettings, FieldKind, TextSettings};
use record_engine::record::Values;
use serde_json::{Value as Json, json};

/// The block of the card.
const BLOCK: &str = "requisites";

/// What a number must be.
type Check = fn(&str) -> bool;

/// A number: field, texts, country, how many characters it may have (shortest first; none where the check knows), longest length, check.
struct Number {
    field: &'static str,
    labels: [&'static str; 3],
    shown_if: &'static str,
    lengths: &'static [usize],
    max_length: usize,
    check: Check,
}

const NUMBERS: [Number; 11] = [
    Number {
        field: "ua_edrpou",
        labels: ["EDRPOU code", "Код ЕГРПОУ", "Код ЄДРПОУ"],
        shown_if: "requisites_country = UA",
        lengths: &[8, 10],
        max_length: 10,
        check: |number| is_edrpou(number) || is_rnokpp(number),
    },
    Number {
        field: "ua_vat_number",
        labels: ["VAT number", "ИНН плательщика НДС", "ІПН платника ПДВ"],
        shown_if: "requisites_country = UA",
        lengths: &[10, 12],
        max_length: 12,
        check: |number| has_digits(number, &[10, 12]),
    },
    Number {
        field: "ru_inn",
        labels: ["INN", "ИНН", "ІПН (РФ)"],
        shown_if: "requisites_country = RU",
        lengths: &[10, 12],
        max_length: 12,
        check: is_inn,
    },
    Number {
        field: "ru_kpp",
        labels: ["KPP", "КПП", "КПП"],
        shown_if: "requisites_country = RU",
        lengths: &[9],
        max_length: 9,
        check: is_kpp,
    },
    Number {
        field: "ru_ogrn",
        labels: ["OGRN", "ОГРН", "ОДРН"],
        shown_if: "requisites_country = RU",
        lengths: &[13, 15],
        max_length: 15,
        check: is_ogrn,
    },
    Number {
        field: "kz_bin",
        labels: ["BIN / IIN", "БИН / ИИН", "БІН / ІІН"],
        shown_if: "requisites_country = KZ",
        lengths: &[12],
        max_length: 12,
        check: is_bin,
    },
    Number {
        field: "by_unp",
        labels: ["UNP", "УНП", "УНП"],
        shown_if: "requisites_country = BY",
        lengths: &[9],
        max_length: 9,
        check: is_unp,
    },
    Number {
        field: "pl_nip",
        labels: ["NIP", "NIP", "NIP"],
        shown_if: "requisites_country = PL",
        lengths: &[10],
        max_length: 10,
        check: is_nip,
    },
    Number {
        field: "pl_regon",
        labels: ["REGON", "REGON", "REGON"],
        shown_if: "requisites_country = PL",
        lengths: &[9, 14],
        max_length: 14,
        check: is_regon,
    },
    Number {
        field: "pl_krs",
        labels: ["KRS", "KRS", "KRS"],
        shown_if: "requisites_country = PL",
        lengths: &[10],
        max_length: 10,
        check: |number| has_digits(number, &[10]),
    },
    Number {
        field: "iban",
        labels: ["Account (IBAN)", "Счёт (IBAN)", "Рахунок (IBAN)"],
        shown_if: "requisites_country in (UA, KZ, BY, PL)",
        lengths: &[],
        max_length: 34,
        check: is_iban,
    },
];

/// The fields, in the order of the card.
pub(super) fn fields() -> Vec<FieldDefinition> {
    let text = |max_length| FieldKind::Text(TextSettings { max_length });
    let plain = |name, labels, length| FieldDefinition::new(name, labels, text(length)).group(BLOCK);
    let any = "requisites_country is not empty";
    let russian = "requisites_country = RU";
    let mut fields = vec![
        FieldDefinition::new(
            "requisites_country",
            ["Country of the requisites", "Страна реквизитов", "Країна реквізитів"],
            FieldKind::Choice(countries()),
        )
        .group(BLOCK),
        plain("legal_name", ["Legal name", "Юридическое название", "Юридична назва"], 500).shown_if(any),
    ];
    fields.extend(
        NUMBERS.iter().map(|number| {
            plain(number.field, number.labels, number.max_length * 2).shown_if(number.shown_if).searched()
        }),
    );
    fields.extend([
        plain("ru_account", ["Account", "Расчётный счёт", "Розрахунковий рахунок"], 40).shown_if(russian),
        plain("ru_bik", ["Bank code (BIK)", "БИК", "БІК"], 20).shown_if(russian),
        plain("bank_name", ["Bank", "Банк", "Банк"], 300).shown_if(any),
        plain("director", ["Director", "Руководитель", "Керівник"], 300).shown_if(any),
    ]);
    fields
}

fn countries() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("UA", ["Ukraine", "Украина", "Україна"], None),
        ("RU", ["Russia", "Россия", "Росія"], None),
        ("KZ", ["Kazakhstan", "Казахстан", "Казахстан"], None),
        ("BY", ["Belarus", "Беларусь", "Білорусь"], None),
        ("PL", ["Poland", "Польша", "Польща"], None),
    ])
}

/// Brings the numbers of a contact into their stored spelling and answers those that cannot be. What has not changed is not judged again.
pub(super) fn apply(before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let text = |values: &Values, field: &str| values.get(field).and_then(Json::as_str).map(String::from);
    let is_new = |after: &Values, field: &str| before.is_none_or(|before| before.get(field) != after.get(field));
    for number in &NUMBERS {
        let Some(typed) = text(after, number.field).filter(|_| is_new(after, number.field)) else { continue };
        let bare = bare(&typed);
        if (number.check)(&bare) {
            after.insert(number.field.into(), json!(bare));
        } else {
            errors.push(refusal(number.field, &bare, number.lengths, typed));
        }
    }
    let (account, bik) =
        (text(after, "ru_account").map(|text| bare(&text)), text(after, "ru_bik").map(|text| bare(&text)));
    if let Some(bik) = bik.as_ref().filter(|_| is_new(after, "ru_bik") || is_new(after, "ru_account")) {
        match has_digits(bik, &[9]) {
            true => drop(after.insert("ru_bik".into(), json!(bik))),
            false => errors.push(refusal("ru_bik", bik, &[9], bik.clone())),
        }
    }
    if let Some(account) = account.filter(|_| is_new(after, "ru_account") || is_new(after, "ru_bik")) {
        let fits =
            has_digits(&account, &[20]) && bik.is_none_or(|bik| !has_digits(&bik, &[9]) || is_account(&account, &bik));
        match fits {
            true => drop(after.insert("ru_account".into(), json!(account))),
            false => errors.push(refusal("ru_account", &account, &[20], account.clone())),
        }
    }
    errors
}

/// What is wrong with a number: how long it is, where that alone shows, else its digits.
fn refusal(field: &str, bare: &str, lengths: &[usize], typed: String) -> FieldError {
    if lengths.is_empty() || lengths.contains(&bare.chars().count()) {
        return FieldError::new(field, "wrong_number").with("value", typed);
    }
    let allowed: Vec<String> = lengths.iter().map(usize::to_string).collect();
    FieldError::new(field, "wrong_length")
        .with("value", typed)
        .with("lengths", allowed.join(" / "))
        .with("length", bare.chars().count())
}

/// Without the signs that people put between digits.
fn bare(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.' | '/' | '№'))
        .collect::<String>()
        .to_uppercase()
}

fn digits(number: &str) -> Option<Vec<u32>> {
    number.chars().map(|c| c.to_digit(10)).collect()
}

fn has_digits(number: &str, lengths: &[usize]) -> bool {
    lengths.contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The sum of digits times weights.
fn weighed(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Whether the digit behind the weighed ones is the sum modulo 11 modulo 10.
fn is_controlled(digits: &[u32], weights: &[u32]) -> bool {
    digits.get(weights.len()) == Some(&(weighed(digits, weights) % 11 % 10))
}

fn is_edrpou(number: &str) -> bool {
    let Some(digits) = digits(number).filter(|digits| digits.len() == 8) else { return false };
    let value: u32 = number.parse().unwrap_or_default();
    let first: [u32; 7] =
        if (30_000_000..=60_000_000).contains(&value) { [7, 1, 2, 3, 4, 5, 6] } else { [1, 2, 3, 4, 5, 6, 7] };
    let control = match weighed(&digits, &first) % 11 {
        10 => weighed(&digits, &first.map(|weight| weight + 2)) % 11 % 10,
        control => control,
    };
    digits.get(7) == Some(&control)
}

/// The number of a person who is an entrepreneur.
fn is_rnokpp(number: &str) -> bool {
    let Some(digits) = digits(number).filter(|digits| digits.len() == 10) else { return false };
    // The weight of the first digit is -1, which is 10 modulo 11.
    is_controlled(&digits, &[10, 5, 7, 9, 4, 6, 10, 5, 7])
}

fn is_inn(number: &str) -> bool {
    let Some(digits) = digits(number) else { return false };
    match digits.len() {
        10 => is_controlled(&digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8]),
        12 => {
            is_controlled(&digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
                && is_controlled(&digits, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
        }
        _ => false,
    }
}

fn is_kpp(number: &str) -> bool {
    number.len() == 9
        && number
            .bytes()
            .enumerate()
            .all(|(at, byte)| byte.is_ascii_digit() || ((at == 4 || at == 5) && byte.is_ascii_uppercase()))
}

fn is_ogrn(number: &str) -> bool {
    let divisor = match number.len() {
        13 => 11,
        15 => 13,
        _ => return false,
    };
    let Some((body, control)) = number.split_at_checked(number.len() - 1) else { return false };
    match (body.parse::<u64>(), control.parse::<u64>()) {
        (Ok(body), Ok(control)) => body % divisor % 10 == control,
        _ => false,
    }
}

fn is_bin(number: &str) -> bool {
    let Some(digits) = digits(number).filter(|digits| digits.len() == 12) else { return false };
    let control = match weighed(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11 {
        10 => weighed(&digits, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11,
        control => control,
    };
    control < 10 && digits.get(11) == Some(&control)
}

fn is_unp(number: &str) -> bool {
    // Persons have letters in the first two places, which count as numbers of their own: those are taken by their form.
    let Some(digits) = digits(number) else {
        let mut letters = number.chars();
        return number.chars().count() == 9
            && letters.by_ref().take(2).all(char::is_alphabetic)
            && letters.all(|c| c.is_ascii_digit());
    };
    let control = weighed(&digits, &[29, 23, 19, 17, 13, 7, 5, 3]) % 11;
    digits.len() == 9 && control < 10 && digits.get(8) == Some(&control)
}

fn is_nip(number: &str) -> bool {
    let Some(digits) = digits(number).filter(|digits| digits.len() == 10) else { return false };
    let control = weighed(&digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
    control < 10 && digits.get(9) == Some(&control)
}

fn is_regon(number: &str) -> bool {
    let Some(digits) = digits(number) else { return false };
    match digits.len() {
        9 => is_controlled(&digits, &[8, 9, 2, 3, 4, 5, 6, 7]),
        14 => is_controlled(&digits, &[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]),
        _ => false,
    }
}

/// ISO 13616: the letters count as numbers, the first four characters stand at the end, the whole is 1 modulo 97.
fn is_iban(number: &str) -> bool {
    let length = match number.get(..2) {
        Some("UA") => 29,
        Some("KZ") => 20,
        Some("BY" | "PL") => 28,
        _ => return false,
    };
    if number.len() != length || !number.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return false;
    }
    let (head, tail) = number.split_at(4);
    let rest = tail
        .chars()
        .chain(head.chars())
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, digit| if digit < 10 { (rest * 10 + digit) % 97 } else { (rest * 100 + digit) % 97 });
    rest == 1
}

/// The key of an account with the code of its bank.
fn is_account(account: &str, bik: &str) -> bool {
    let all: Vec<u32> = bik.chars().skip(6).chain(account.chars()).filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = all.iter().zip([7, 1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight % 10).sum();
    all.len() == 23 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_their_check_digits() {
        let check = |is_good: Check, good: &[&str], bad: &[&str]| {
            for number in good {
                assert!(is_good(number), "{number}");
            }
            for number in bad {
                assert!(!is_good(number), "{number}");
            }
        };
        check(is_edrpou, &["14360570", "00032129", "32855961"], &["14360571", "1436057", "143605700", "1436057x", ""]);
        check(is_rnokpp, &["1759013776"], &["1759013777", "175901377"]);
        check(is_inn, &["7707083893", "500100732259"], &["7707083894", "500100732250", "770708389"]);
        check(is_kpp, &["773601001", "7736AB001"], &["77360100", "77A601001"]);
        check(is_ogrn, &["1027700132195", "304500116000157"], &["1027700132196", "304500116000158", "102770013219"]);
        check(is_bin, &["960440000220"], &["960440000221", "96044000022"]);
        check(is_unp, &["100582333"], &["100582334", "10058233"]);
        check(is_nip, &["5260001246"], &["5260001247", "526000124"]);
        check(is_regon, &["123456785", "12345678512347"], &["123456786", "12345678512348", "1234"]);
        check(
            is_iban,
            &["UA213223130000026007233566001", "PL61109010140000071219812874", "KZ86125KZT5004100100"],
            &["UA213223130000026007233566002", "PL6110901014000007121981287", "DE89370400440532013000", ""],
        );
        assert!(is_account("40702819900000000001", "044525225"));
        assert!(!is_account("40702819900000000002", "044525225") && !is_account("4070281990000000000", "044525225"));
    }

    #[test]
    fn what_is_typed_is_stored_bare_and_judged_once() {
        let values = |fields: &[(&str, &str)]| -> Values {
            fields.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect()
        };
        let mut after = values(&[("ru_inn", "7707 083-893"), ("iban", "pl61 1090 1014 0000 0712 1981 2874")]);
        assert!(apply(None, &mut after).is_empty());
        assert_eq!(after, values(&[("ru_inn", "7707083893"), ("iban", "PL61109010140000071219812874")]));

        let mut after = values(&[("pl_nip", "526-000-12-47")]);
        let errors = apply(None, &mut after);
        assert_eq!(
            errors.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect::<Vec<_>>(),
            [("/pl_nip", "wrong_number")]
        );
        let wrong_length = |field: &str, typed: &str| {
            let errors = apply(None, &mut values(&[(field, typed)]));
            errors.iter().map(|error| (error.code.clone(), error.params.get("lengths").cloned())).collect::<Vec<_>>()
        };
        assert_eq!(wrong_length("ua_edrpou", "12 345"), [("wrong_length".to_owned(), Some(json!("8 / 10")))]);
        assert_eq!(wrong_length("ru_bik", "0445"), [("wrong_length".to_owned(), Some(json!("9")))]);
        assert_eq!(wrong_length("iban", "UA21"), [("wrong_number".to_owned(), None)]);
        // What stands there from before is no obstacle to another change.
        let before = after.clone();
        assert!(apply(Some(&before), &mut after).is_empty());
    }
}
