//! Workbooks as Excel, other writers and users leave them.

use file_formats::{Cell, FileKind, FormatError, ReadOptions, inspect};
use rust_xlsxwriter::{Formula, Workbook};

use crate::archive::{workbook, workbook_with};
use crate::{read_all, text, texts};

fn cells_of(sheet: &str, strings: &str, styles: &str) -> Vec<Cell> {
    let file = workbook(&format!("<sheetData><row>{sheet}</row></sheetData>"), strings, styles);
    let options = ReadOptions { has_header: Some(false), ..ReadOptions::default() };
    read_all(&file, &options).unwrap().1.remove(0).cells
}

#[test]
fn every_kind_of_value_is_read() {
    let cells = cells_of(
        r#"<c t="s"><v>1</v></c><c t="inlineStr"><is><r><t>Ива</t></r><r><t>нов &amp; Ко</t></r></is></c>
           <c t="str"><f>A1</f><v>готово</v></c><c><v>380501234567</v></c><c s="1"><v>45351</v></c>
           <c s="2"><v>45351.5</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2024-02-29</v></c>
           <c r="L1"><v>2.5</v></c><c s="1"/>"#,
        "<si><t>zero</t></si><si><t xml:space=\"preserve\"> два\nряда </t><rPh><t>x</t></rPh></si>",
        r#"<numFmts><numFmt numFmtId="164" formatCode="dd.mm.yyyy hh:mm"/></numFmts>
           <cellStyleXfs><xf numFmtId="22"/></cellStyleXfs>
           <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>"#,
    );
    let expect = [
        text(" два\nряда "),
        text("Иванов & Ко"),
        text("готово"),
        Cell::Number(380_501_234_567.0),
        Cell::Date("2024-02-29".into()),
        Cell::DateTime("2024-02-29T12:00:00".into()),
        Cell::Boolean(true),
        Cell::Error("#N/A".into()),
        Cell::Date("2024-02-29".into()),
        Cell::Empty,
        Cell::Empty,
        Cell::Number(2.5),
    ];
    assert_eq!(cells, expect);
}

#[test]
fn dates_count_from_1904_where_the_workbook_says_so() {
    let file = workbook_with(
        r#"<sheetData><row><c s="0"><v>35064</v></c></row></sheetData>"#,
        "",
        r#"<cellXfs><xf numFmtId="14"/></cellXfs>"#,
        r#"<workbookPr date1904="1"/>"#,
    );
    let (_, rows) = read_all(&file, &ReadOptions::default()).unwrap();
    assert_eq!(rows[0].cells, [Cell::Date("2000-01-01".into())]);
}

#[test]
fn rows_keep_their_numbers_below_a_title() {
    let file = workbook(
        r#"<dimension ref="A1:D9"/><sheetData>
           <row r="1"><c r="A1" t="str"><v>Отчёт</v></c></row>
           <row r="3"><c t="str"><v>Имя</v></c><c t="str"><v>Телефон</v></c><c t="str"><v>Имя</v></c><c t="str"><v>Город</v></c></row>
           <row r="5"><c t="str"><v>Олена</v></c><c t="str"><v>+380441234567</v></c></row>
           <row r="6"><c s="1"/></row>
           <row r="9"><c r="C9" t="str"><v>x</v></c></row></sheetData>"#,
        "",
        "",
    );
    let found = inspect(file.path(), &ReadOptions::default()).unwrap();
    assert_eq!((found.kind, found.header_row, found.row_estimate), (FileKind::Xlsx, 3, Some(6)));
    assert_eq!(found.headers, ["Имя", "Телефон", "Имя", "Город"]);
    assert_eq!(found.sheets, ["Лист1"]);
    let (_, rows) = read_all(&file, &ReadOptions::default()).unwrap();
    let expect = [
        (5, vec!["Олена".to_owned(), "+380441234567".to_owned()]),
        (9, vec![String::new(), String::new(), "x".to_owned()]),
    ];
    assert_eq!(texts(&rows), expect);
}

#[test]
fn a_workbook_of_another_writer_is_read() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Скрытый").unwrap().set_hidden(true);
    let sheet = book.add_worksheet().set_name("Клиенты").unwrap().set_active(true);
    sheet.write_row(0, 0, ["ФИО", "Сумма", "Объединено"]).unwrap();
    sheet.write_string(1, 0, "Иванов\r\nИван_x0041_").unwrap();
    sheet.write_formula(1, 1, Formula::new("=1+1").set_result("2")).unwrap();
    let plain = rust_xlsxwriter::Format::new();
    sheet.merge_range(1, 2, 2, 3, "вместе", &plain).unwrap();
    sheet.write_string(2, 0, "007").unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    book.save(file.path()).unwrap();

    let found = inspect(file.path(), &ReadOptions::default()).unwrap();
    assert_eq!(found.sheet.as_deref(), Some("Клиенты"));
    assert_eq!(found.sheets, ["Скрытый", "Клиенты"]);
    assert_eq!(
        found.sample,
        [vec![text("Иванов\r\nИван_x0041_"), Cell::Number(2.0), text("вместе")], vec![text("007")]]
    );
    let other = ReadOptions { sheet: Some("Нет такого".into()), ..ReadOptions::default() };
    assert!(matches!(inspect(file.path(), &other), Err(FormatError::SheetNotFound { .. })));
}

#[test]
fn reading_goes_on_at_any_row() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Имя", "Номер"]).unwrap();
    for row in 1..=500_u32 {
        sheet.write_string(row, 0, format!("Имя {row}")).unwrap();
        sheet.write_number(row, 1, row).unwrap();
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    book.save(file.path()).unwrap();
    for start in [0, 2, 3, 31, 32, 33, 400, 501, 502, 9_999] {
        let mut reader = file_formats::open(file.path(), &ReadOptions::default()).unwrap();
        reader.skip_to(start).unwrap();
        let next = reader.next_row().unwrap().map(|row| row.number);
        let expect = (start <= 501).then_some(start.max(2));
        assert_eq!(next, expect, "from {start}");
    }
}

#[test]
fn a_thousand_columns_are_read_and_one_more_is_refused() {
    let sheet_of = |columns: usize| {
        let cells: String = (0..columns).map(|n| format!("<c><v>{n}</v></c>")).collect();
        workbook(&format!("<sheetData><row>{cells}</row></sheetData>"), "", "")
    };
    let (_, rows) = read_all(&sheet_of(1_000), &ReadOptions::default()).unwrap();
    assert_eq!(rows[0].cells.len(), 1_000);
    assert!(matches!(
        read_all(&sheet_of(1_001), &ReadOptions::default()),
        Err(FormatError::TooManyColumns { found: 1_001, limit: 1_000 })
    ));
    let formatted: String = (0..16_384).map(|_| "<c s=\"1\"/>").collect();
    let sheet = format!("<sheetData><row><c><v>1</v></c>{formatted}</row></sheetData>");
    let (_, rows) = read_all(&workbook(&sheet, "", ""), &ReadOptions::default()).unwrap();
    assert_eq!(rows[0].cells.len(), 1);
}
