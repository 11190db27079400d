//! Files made to hurt: each is refused or read, soon and within bounds, and nothing panics.

use std::time::{Duration, Instant};

use file_formats::{FormatError, ReadOptions, inspect, open};
use proptest::prelude::*;
use tempfile::NamedTempFile;

use crate::archive::{archive, document, workbook};
use crate::{file_with, read_all};

/// Generous for a debug build on a busy machine; a bomb that works takes minutes.
const PATIENCE: Duration = Duration::from_secs(20);

fn refusal(file: &NamedTempFile) -> FormatError {
    let start = Instant::now();
    let result = read_all(file, &ReadOptions::default());
    assert!(start.elapsed() < PATIENCE, "took {:?}", start.elapsed());
    result.expect_err("refused")
}

#[test]
fn foreign_files_are_named() {
    let check = |content: &[u8], expect: &str| {
        let file = file_with(content);
        let error = inspect(file.path(), &ReadOptions::default()).expect_err(expect);
        assert_eq!(error.params()[0].1, expect, "{error}");
    };
    check(b"%PDF-1.7\n...", "pdf");
    check(b"\x89PNG\r\n\x1A\n\0\0\0", "image");
    check(b"{\\rtf1", "rtf");
    check(b"\xEF\xBB\xBF<!DOCTYPE html><html>", "html");
    check(b"  <html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", "html");
    check(
        b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
        "excel_2003_xml",
    );
    check(b"[{\"name\": 1}]", "json");
    check(b"BEGIN:VCALENDAR\r\n", "icalendar");
    check(&[0x7F, b'E', b'L', b'F', 1, 2, 3, 4, 5, 6, 7, 8], "binary");
    check(&archive(&[("word/document.xml", b"<w/>")]), "docx");
    check(&archive(&[("a.txt", b"x")]), "zip");
    check(&archive(&[("xl/workbook.bin", b"x")]), "xlsb");
    for empty in [&b""[..], b"\n\n\r\n", b"\xEF\xBB\xBF", b"\xFF\xFE"] {
        let file = file_with(empty);
        assert!(matches!(inspect(file.path(), &ReadOptions::default()), Err(FormatError::Empty)), "{empty:?}");
    }
}

#[test]
fn a_cell_of_a_quarter_gigabyte_is_refused_unread() {
    let mut sheet = String::from("<sheetData><row><c t=\"inlineStr\"><is><t>");
    sheet.push_str(&"x".repeat(30 << 20));
    sheet.push_str("</t></is></c></row></sheetData>");
    let file = workbook(&sheet, "", "");
    assert!(file.path().metadata().unwrap().len() < 300_000);
    assert!(matches!(refusal(&file), FormatError::TooLarge { what: "element", .. }));
}

#[test]
fn tight_packing_is_refused() {
    let rows = "<row><c><v>1</v></c></row>".repeat(1_500_000);
    let file = workbook(&format!("<sheetData>{rows}</sheetData>"), "", "");
    assert!(matches!(refusal(&file), FormatError::TooLarge { what: "unpacked", .. }));
    // The same with a directory that announces a harmless size.
    let mut bytes = std::fs::read(file.path()).unwrap();
    let name = b"xl/worksheets/sheet1.xml";
    let entry = bytes.windows(name.len()).rposition(|window| window == name).unwrap() - 46;
    bytes[entry + 24..entry + 28].copy_from_slice(&100_000_u32.to_le_bytes());
    assert!(matches!(refusal(&file_with(&bytes)), FormatError::Damaged { .. }));
}

#[test]
fn one_text_in_every_cell_is_refused_as_a_whole() {
    let text = format!("<si><t>{}</t></si>", "x".repeat(200_000));
    let row = format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(40));
    let sheet = format!("<sheetData>{}</sheetData>", row.repeat(20_000));
    let file = workbook(&sheet, &text, "");
    let options = ReadOptions {
        limits: file_formats::Limits { max_unpacked_bytes: 256 << 20, ..file_formats::Limits::default() },
        ..ReadOptions::default()
    };
    assert!(matches!(read_all_counted(&file, &options), Err(FormatError::TooLarge { what: "text", .. })));
    let wide = format!("<sheetData><row>{}</row></sheetData>", "<c t=\"s\"><v>0</v></c>".repeat(900));
    assert!(matches!(refusal(&workbook(&wide, &text, "")), FormatError::LineTooLong { row: 1, .. }));
}

fn read_all_counted(file: &NamedTempFile, options: &ReadOptions) -> Result<u64, FormatError> {
    let mut reader = open(file.path(), options)?;
    let mut rows = 0;
    while reader.next_row()?.is_some() {
        rows += 1;
    }
    Ok(rows)
}

#[test]
fn xml_tricks_are_refused() {
    let laughs = "<!DOCTYPE lolz [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><sheetData/>";
    assert!(matches!(refusal(&workbook(laughs, "", "")), FormatError::Damaged { .. }));
    let entity = "<sheetData><row><c t=\"str\"><v>&secret;</v></c></row></sheetData>";
    assert!(matches!(refusal(&workbook(entity, "", "")), FormatError::Damaged { .. }));
    let deep = "<a>".repeat(100_000);
    assert!(matches!(refusal(&workbook(&deep, "", "")), FormatError::Damaged { .. }));
    let attributes: String = (0..800_000).map(|n| format!(" a{n}=\"\"")).collect();
    let many = format!("<sheetData><row><c{attributes}/></row></sheetData>");
    assert!(matches!(refusal(&workbook(&many, "", "")), FormatError::TooLarge { what: "element", .. }));
    let missing = "<sheetData><row><c t=\"s\"><v>7</v></c></row></sheetData>";
    assert!(matches!(refusal(&workbook(missing, "", "")), FormatError::Damaged { .. }));
    let references = format!("<sheetData><row><c t=\"str\"><v>{}</v></c></row></sheetData>", "&amp;".repeat(1_100_000));
    assert!(matches!(refusal(&workbook(&references, "", "")), FormatError::CellTooLong { row: 1, .. }));
    assert!(matches!(refusal(&document("<table:table><table:table-row>")), FormatError::Damaged { .. }));
}

#[test]
fn directories_are_distrusted() {
    let good = archive(&[("xl/workbook.xml", b"<workbook/>")]);
    let end = good.len() - 22;
    // An entry count that the directory does not have, and a directory beyond the file.
    for (at, value) in [(10, [0xFF, 0xFE]), (12, [0xFF, 0xFF]), (16, [0xFF, 0xFF])] {
        let mut bad = good.clone();
        bad[end + at..end + at + 2].copy_from_slice(&value);
        assert!(inspect(file_with(&bad).path(), &ReadOptions::default()).is_err());
    }
    let names: Vec<String> = (0..25_000).map(|n| format!("xl/{n}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(refusal(&file_with(&archive(&parts))), FormatError::TooLarge { what: "entries", .. }));
}

#[test]
fn a_wrong_checksum_is_damage() {
    let sheet = "<sheetData><row><c t=\"str\"><v>Имя</v></c></row></sheetData>";
    let good = std::fs::read(workbook(sheet, "", "").path()).unwrap();
    let name = b"xl/worksheets/sheet1.xml";
    let entry = good.windows(name.len()).rposition(|window| window == name).unwrap() - 46;
    let mut bad = good.clone();
    bad[entry + 16] ^= 0xFF;
    assert!(matches!(refusal(&file_with(&bad)), FormatError::Damaged { .. }));
    for cut in [good.len() - 1, good.len() / 2, 100, 30] {
        assert!(matches!(refusal(&file_with(&good[..cut])), FormatError::Damaged { .. }), "{cut}");
    }
}

#[test]
fn files_above_the_limit_are_refused_by_their_size() {
    let options = ReadOptions {
        limits: file_formats::Limits { max_file_bytes: 10, ..file_formats::Limits::default() },
        ..ReadOptions::default()
    };
    let file = file_with(b"name,phone\nA,1\n");
    assert!(matches!(inspect(file.path(), &options), Err(FormatError::TooLarge { what: "file", limit: 10 })));
}

/// Reads everything that any reader makes of these bytes; errors are fine, panics and endless rows are not.
fn survives(bytes: &[u8]) {
    let file = file_with(bytes);
    let options = ReadOptions {
        limits: file_formats::Limits { max_unpacked_bytes: 1 << 20, ..file_formats::Limits::default() },
        ..ReadOptions::default()
    };
    let _ = inspect(file.path(), &options);
    let _ = read_all_counted(&file, &options);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn any_text_table(text in "[a-zА-я\"';,\t|\r\n=\u{0}\u{FEFF}]{0,200}") {
        survives(text.as_bytes());
    }

    #[test]
    fn any_card(body in "((N|FN|TEL|ADR|BDAY|PHOTO|NOTE|item1\\.X-ABLabel|X-ANDROID-CUSTOM)[;:=A-Zа-я,\\\\\"\\^% -]{0,30}(\r\n|\n ?|=\n)){0,8}") {
        survives(format!("BEGIN:VCARD\n{body}\nEND:VCARD\n").as_bytes());
    }

    #[test]
    fn any_sheet(body in "(<(row|c|v|is|t|f)( r=\"[A-Z0-9]{0,9}\"| t=\"[a-z]{1,4}\"| s=\"[0-9]{1,3}\")?/?>|</(row|c|v|is|t)>|[0-9.e-]{1,5}|&amp;|&#x0;){0,30}") {
        let file = workbook(&format!("<sheetData>{body}</sheetData>"), "<si><t>a</t></si>", "");
        let _ = read_all_counted(&file, &ReadOptions::default());
    }

    #[test]
    fn any_document(body in "(<table:(table-row|table-cell)( table:number-(rows|columns)-repeated=\"[0-9]{0,20}\")?/?>|</table:(table-row|table-cell)>|<text:(p|s)/?>|</text:p>|x){0,30}") {
        let file = document(&format!("<table:table>{body}</table:table>"));
        let _ = read_all_counted(&file, &ReadOptions::default());
    }

    #[test]
    fn any_damage_to_a_workbook(position in any::<prop::sample::Index>(), value: u8) {
        let file = workbook("<sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData>", "<si><t>a</t></si>", "");
        let mut bytes = std::fs::read(file.path()).unwrap();
        let at = position.index(bytes.len());
        bytes[at] = value;
        survives(&bytes);
    }
}
