//! Where the column names of a table stand, if it has any.
//!
//! Reports often begin with a title, a date and a blank row; lists often have no header at all. The guess is shown to the
//! user, who can correct it with [`crate::ReadOptions::has_header`].

use crate::cell::Cell;
use crate::row::SourceRow;

/// Rows that are looked at.
pub(super) const PEEKED_ROWS: usize = 30;
/// Column names are short; remarks are not.
const MAX_NAME_CHARS: usize = 60;

/// Beginnings of column names in the three languages, lower case, for tables in which nothing but text tells a header
/// from a row.
const KNOWN_NAMES: &[&str] = &[
    "address",
    "adres",
    "city",
    "company",
    "contact",
    "e-mail",
    "email",
    "first",
    "full",
    "id",
    "last",
    "mail",
    "mobile",
    "name",
    "nazwa",
    "notes",
    "organi",
    "phone",
    "surname",
    "tel",
    "telefon",
    "title",
    "website",
    "адрес",
    "відділ",
    "город",
    "группа",
    "група",
    "дата",
    "должность",
    "имя",
    "ім'я",
    "ім’я",
    "імʼя",
    "клиент",
    "клієнт",
    "компан",
    "контакт",
    "місто",
    "название",
    "назва",
    "наименование",
    "найменування",
    "номер",
    "организация",
    "організація",
    "отчество",
    "отдел",
    "піб",
    "по батькові",
    "по-батькові",
    "посада",
    "почта",
    "пошта",
    "примечание",
    "примітк",
    "прізвище",
    "сайт",
    "телефон",
    "фамилия",
    "фио",
    "ф.и.о",
    "эл",
    "ел",
];

/// The index of the header among the first rows; `None` if the table has none.
pub(super) fn locate_header(rows: &[SourceRow], has_header: Option<bool>) -> Option<usize> {
    if has_header == Some(false) {
        return None;
    }
    let candidate = first_wide_row(rows);
    let header = rows.get(candidate)?;
    let following = rows.get(candidate + 1..).unwrap_or_default();
    (has_header == Some(true) || looks_like_header(header, following)).then_some(candidate)
}

/// The first row that fills at least half as many cells as the widest: rows of a title have one or two.
fn first_wide_row(rows: &[SourceRow]) -> usize {
    let widest = rows.iter().map(filled_cells).max().unwrap_or_default();
    rows.iter().position(|row| filled_cells(row) * 2 >= widest).unwrap_or_default()
}

fn filled_cells(row: &SourceRow) -> usize {
    row.cells.iter().filter(|cell| !cell.is_empty()).count()
}

fn looks_like_header(header: &SourceRow, following: &[SourceRow]) -> bool {
    let names: Vec<&str> = header
        .cells
        .iter()
        .filter_map(|cell| match cell {
            Cell::Text(text) => Some(text.trim()),
            _ => None,
        })
        .collect();
    let is_all_short_text = names.len() == filled_cells(header)
        && names.iter().all(|name| name.chars().count() <= MAX_NAME_CHARS && !looks_like_value(name));
    if !is_all_short_text {
        return false;
    }
    let has_known_name = names.iter().any(|name| is_known_name(name));
    let has_contrast = (0..header.cells.len()).any(|column| is_value_column(column, following));
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    has_known_name || has_contrast || (names.len() >= 3 && distinct.len() == names.len())
}

fn is_known_name(name: &str) -> bool {
    let name = name.to_lowercase();
    KNOWN_NAMES.iter().any(|known| {
        name.strip_prefix(known).is_some_and(|rest| {
            // A short word must end there: "id" is a name of a column, "Idaho" is not.
            known.chars().count() > 3 || !rest.starts_with(char::is_alphabetic)
        })
    })
}

/// Whether the filled cells below are values of the kind that no column name is.
fn is_value_column(column: usize, rows: &[SourceRow]) -> bool {
    let mut cells = rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_empty()).peekable();
    cells.peek().is_some()
        && cells.all(|cell| match cell {
            Cell::Text(text) => looks_like_value(text.trim()),
            _ => true,
        })
}

/// A number, a date, a phone number or an e-mail address.
fn looks_like_value(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_address = text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    is_address || (digits > 0 && letters == 0) || (digits >= 6 && digits > letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&[&str]]) -> Vec<SourceRow> {
        let to_row = |(index, line): (usize, &&[&str])| SourceRow {
            number: index as u64 + 1,
            cells: line.iter().map(|text| Cell::from_text((*text).to_owned())).collect(),
            card: None,
        };
        lines.iter().enumerate().map(to_row).collect()
    }

    #[test]
    fn headers_are_found_or_missed_for_a_reason() {
        let check = |lines: &[&[&str]], expect: Option<usize>| {
            assert_eq!(locate_header(&rows(lines), None), expect, "{lines:?}");
        };
        check(&[&["ФИО", "Телефон"], &["Иванов", "+380441234567"]], Some(0));
        check(&[&["A", "B"], &["Иванов", "+380441234567"]], Some(0));
        check(&[&["Иванов Иван", "+380441234567"], &["Петров", "+380441234568"]], None);
        check(&[&["Иванов Иван"], &["Петров Пётр"]], None);
        check(&[&["Имя"], &["Петров Пётр"]], Some(0));
        check(&[&["id", "x"], &["a", "b"]], Some(0));
        check(
            &[
                &["Отчёт по клиентам"],
                &["01.02.2024"],
                &["Фамилия", "Имя", "Город", "Телефон"],
                &["Иванов", "Иван", "Киев", "1234567"],
            ],
            Some(2),
        );
        check(&[&["name@example.org", "Иван"], &["b@example.org", "Пётр"]], None);
    }

    #[test]
    fn the_user_has_the_last_word() {
        let table = rows(&[&["Иванов", "1234567"], &["Петров", "7654321"]]);
        assert_eq!(locate_header(&table, Some(true)), Some(0));
        assert_eq!(locate_header(&rows(&[&["Имя", "Тел"]]), Some(false)), None);
    }
}
