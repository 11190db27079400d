//! OpenDocument spreadsheets.

use file_formats::{Cell, FileKind, FormatError, ReadOptions, inspect};

use crate::archive::{archive, document};
use crate::{file_with, read_all, text, texts};

fn cell(attributes: &str, content: &str) -> String {
    format!("<table:table-cell {attributes}>{content}</table:table-cell>")
}

fn words(names: &[&str]) -> String {
    let cells: String =
        names.iter().map(|name| cell("office:value-type=\"string\"", &format!("<text:p>{name}</text:p>"))).collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

#[test]
fn every_kind_of_value_is_read() {
    let cells = [
        cell(
            "office:value-type=\"string\"",
            "<text:p>  a <text:span>b</text:span>\n c<text:s text:c=\"2\"/>&amp;<text:tab/></text:p><text:p>d</text:p>",
        ),
        cell("office:value-type=\"float\" office:value=\"380501234567\"", "<text:p>3,8E+11</text:p>"),
        cell("office:value-type=\"date\" office:date-value=\"2024-02-29\"", "<text:p>29.02.24</text:p>"),
        cell("office:value-type=\"date\" office:date-value=\"2024-02-29T12:30:00.5\"", "<text:p>x</text:p>"),
        cell("office:value-type=\"boolean\" office:boolean-value=\"true\"", "<text:p>ИСТИНА</text:p>"),
        cell("office:value-type=\"time\" office:time-value=\"PT08H05M00S\"", "<text:p>8:05</text:p>"),
        cell("office:value-type=\"string\" calcext:value-type=\"error\"", "<text:p>#DIV/0!</text:p>"),
        cell("", "<office:annotation><text:p>comment</text:p></office:annotation>"),
        "<table:covered-table-cell table:number-columns-repeated=\"2\"/>".to_owned(),
        cell("office:value-type=\"string\" table:number-columns-repeated=\"2\"", "<text:p>z</text:p>"),
        cell("table:number-columns-repeated=\"16370\"", ""),
    ];
    let row = format!("<table:table-row>{}</table:table-row>", cells.concat());
    let file = document(&format!("<table:table table:name=\"A\">{row}</table:table>"));
    let (_, rows) = read_all(&file, &ReadOptions::default()).unwrap();
    assert_eq!(
        rows[0].cells,
        [
            text("a b c  &\t\nd"),
            Cell::Number(380_501_234_567.0),
            Cell::Date("2024-02-29".into()),
            Cell::DateTime("2024-02-29T12:30:00".into()),
            Cell::Boolean(true),
            text("08:05:00"),
            Cell::Error("#DIV/0!".into()),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            text("z"),
            text("z"),
        ]
    );
}

#[test]
fn sheets_are_listed_and_chosen() {
    let file = document(&format!(
        "<table:table table:name=\"Первый\">{}{}</table:table><table:table table:name=\"Второй\">{}{}</table:table>",
        words(&["Имя", "Город"]),
        words(&["Олена", "Київ"]),
        words(&["Компания", "Сайт"]),
        words(&["Ромашка", "example.org"]),
    ));
    let found = inspect(file.path(), &ReadOptions::default()).unwrap();
    assert_eq!((found.kind, found.sheet.as_deref()), (FileKind::Ods, Some("Первый")));
    assert_eq!(found.sheets, ["Первый", "Второй"]);
    assert_eq!(found.headers, ["Имя", "Город"]);
    let second = ReadOptions { sheet: Some("Второй".into()), ..ReadOptions::default() };
    let (headers, rows) = read_all(&file, &second).unwrap();
    assert_eq!(headers, ["Компания", "Сайт"]);
    assert_eq!(texts(&rows), [(2, vec!["Ромашка".to_owned(), "example.org".to_owned()])]);
}

#[test]
fn repeated_rows_are_counted_and_filled_ones_delivered() {
    let blank = |count: &str| {
        format!("<table:table-row table:number-rows-repeated=\"{count}\"><table:table-cell/></table:table-row>")
    };
    let twice = words(&["x", "y"]).replace("<table:table-row>", "<table:table-row table:number-rows-repeated=\"3\">");
    let file = document(&format!(
        "<table:table table:name=\"A\"><table:table-header-rows>{}</table:table-header-rows>{}{twice}{}{}</table:table>",
        words(&["Имя", "Город"]),
        blank("2"),
        words(&["z", "w"]),
        blank("1048000"),
    ));
    let (_, rows) = read_all(&file, &ReadOptions::default()).unwrap();
    let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [4, 5, 6, 7]);
}

#[test]
fn repetitions_cost_nothing_or_are_refused() {
    let table = |rows: &str| document(&format!("<table:table table:name=\"A\">{rows}</table:table>"));
    let filled = words(&["x", "y"]);
    let many_rows = filled.replace("<table:table-row>", "<table:table-row table:number-rows-repeated=\"99999999999\">");
    assert!(matches!(
        read_all(&table(&many_rows), &ReadOptions::default()),
        Err(FormatError::TooLarge { what: "rows", .. })
    ));
    let many_columns = filled.replacen(
        "office:value-type",
        "table:number-columns-repeated=\"18446744073709551615\" office:value-type",
        1,
    );
    assert!(matches!(
        read_all(&table(&many_columns), &ReadOptions::default()),
        Err(FormatError::TooManyColumns { .. })
    ));
    let many_spaces = filled.replace("<text:p>x", "<text:p><text:s text:c=\"4000000000\"/>x");
    assert!(matches!(
        read_all(&table(&many_spaces), &ReadOptions::default()),
        Err(FormatError::CellTooLong { row: 1, .. })
    ));
}

#[test]
fn an_encrypted_document_is_named() {
    let file = file_with(&archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"\x12\x34\x56"),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
        ),
    ]));
    assert!(matches!(inspect(file.path(), &ReadOptions::default()), Err(FormatError::PasswordProtected)));
}
