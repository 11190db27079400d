//! From a cell of a file to texts: several values in one cell are taken apart, numbers and days read as people mean them.

use file_formats::Cell;
use record_engine::field_types::{ChannelFormat, FieldKind};
use serde_json::Value as Json;

/// Between the values that Google Contacts puts into one cell.
const GOOGLE_SEPARATOR: &str = " ::: ";
/// Fewest digits of a number that stands alone in a list of numbers; fewer belong to the number before it.
const MIN_SEPARATE_DIGITS: usize = 5;
/// Numbers that a spreadsheet may mean as days: from 1900 to 2173.
const SERIAL_DAYS: std::ops::RangeInclusive<f64> = 1.0..=100_000.0;

/// Takes a cell with channels apart.
pub(crate) fn split_channels(text: &str, format: ChannelFormat) -> Vec<String> {
    let pieces = text.split(GOOGLE_SEPARATOR).flat_map(|piece| piece.split(['\n', '\r', ';']));
    let mut values: Vec<String> = Vec::new();
    for piece in pieces {
        match format {
            ChannelFormat::Phone => split_phones(piece, &mut values),
            ChannelFormat::Email => values.extend(piece.split([',', ' ', '\t']).map(email_of)),
            ChannelFormat::Url => values.extend(piece.split([',', ' ', '\t']).map(String::from)),
            ChannelFormat::Handle | ChannelFormat::PhoneOrHandle => values.push(piece.to_owned()),
        }
    }
    values.into_iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
}

/// `"Ira" <ira@example.com>` without the name around it. What is between blanks and no address is left to the check of the field.
fn email_of(piece: &str) -> String {
    piece.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
}

/// `067 111 22 33, 050 222 33 44 / 044 233 90 61, доб. 12` holds three numbers.
fn split_phones(piece: &str, values: &mut Vec<String>) {
    let mut rest = piece;
    let mut is_first = true;
    while !rest.is_empty() {
        let end = rest.find([',', '/', '|']).unwrap_or(rest.len());
        let (part, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let digits = part.chars().filter(char::is_ascii_digit).count();
        match values.last_mut().filter(|_| !is_first && digits < MIN_SEPARATE_DIGITS) {
            Some(last) => {
                last.push(' ');
                last.push_str(part.trim());
            }
            None => values.push(part.trim().to_owned()),
        }
        is_first = false;
        rest = tail.get(1..).unwrap_or_default();
    }
}

/// Takes a cell with names apart that refer to other records.
pub(crate) fn split_titles(text: &str, is_several: bool) -> Vec<String> {
    let separators: &[char] = if is_several { &['\n', '\r', ';', ','] } else { &[] };
    text.split(separators).map(str::trim).filter(|title| !title.is_empty()).map(String::from).collect()
}

/// The input of a plain field, as the API would take it; empty cells give `null`.
pub(crate) fn field_input(kind: &FieldKind, cell: &Cell) -> Json {
    let text = || Json::String(cell.to_text().trim().to_owned());
    match (kind, cell) {
        (_, Cell::Empty) => Json::Null,
        (FieldKind::Checkbox, Cell::Boolean(flag)) => Json::Bool(*flag),
        (FieldKind::Number(_) | FieldKind::Money(_) | FieldKind::Checkbox, Cell::Number(number)) => {
            serde_json::Number::from_f64(*number).map_or_else(text, Json::Number)
        }
        (FieldKind::Date, Cell::Number(number)) if SERIAL_DAYS.contains(number) => {
            day_of_serial(*number).map_or_else(text, Json::String)
        }
        (FieldKind::ChoiceSet(settings), _) => {
            let whole = cell.to_text();
            let mut entries = Vec::new();
            for line in whole.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()) {
                // The name of an option may hold a comma or a semicolon itself.
                if settings.find(line).is_some() {
                    entries.push(Json::String(line.into()));
                } else {
                    let parts = line.split([';', ',']).map(str::trim).filter(|part| !part.is_empty());
                    entries.extend(parts.map(|part| Json::String(part.into())));
                }
            }
            Json::Array(entries)
        }
        _ => text(),
    }
}

/// The day that a spreadsheet means by a number: days since 1899-12-30.
fn day_of_serial(number: f64) -> Option<String> {
    let start = jiff::civil::date(1899, 12, 30);
    #[expect(clippy::cast_possible_truncation, reason = "within the range of days that was checked")]
    let days = number.trunc() as i32;
    start.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(|day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_several_channels() {
        let check = |format: ChannelFormat, text: &str, expect: &[&str]| {
            assert_eq!(split_channels(text, format), expect, "{text}");
        };
        check(ChannelFormat::Phone, "067 111 22 33, 050 222 33 44", &["067 111 22 33", "050 222 33 44"]);
        check(ChannelFormat::Phone, "044 233 90 61, доб. 12; 102", &["044 233 90 61 доб. 12", "102"]);
        check(ChannelFormat::Phone, "+38067 111 22 33 / 050-222-33-44", &["+38067 111 22 33", "050-222-33-44"]);
        check(ChannelFormat::Phone, "905-555-1234 ::: 905-666-1234", &["905-555-1234", "905-666-1234"]);
        check(ChannelFormat::Phone, "067 111 22 33\n\n050 222 33 44\n", &["067 111 22 33", "050 222 33 44"]);
        check(ChannelFormat::Email, "a@b.c, d@e.f;g@h.i", &["a@b.c", "d@e.f", "g@h.i"]);
        check(ChannelFormat::Handle, "live:ira, kyiv", &["live:ira, kyiv"]);
        check(ChannelFormat::Phone, " ", &[]);
    }

    #[test]
    fn days_as_numbers() {
        let check = |number: f64, expect: &str| {
            assert_eq!(field_input(&FieldKind::Date, &Cell::Number(number)), Json::String(expect.into()));
        };
        check(29302.0, "1980-03-22");
        check(45000.75, "2023-03-15");
    }
}
