//! Text tables as programs and people write them.

use encoding_rs::{Encoding, WINDOWS_1251};
use file_formats::{FileKind, FormatError, Limits, ReadOptions, inspect};

use crate::{file_with, read_all, texts};

const TABLE: &str = "Фамилия;Имя;Телефон;Заметка\nИваненко;Олена;+380441234567;\"Ул. Мира, 1;\nкв. 2\"\nПетров;Сергей;007;ООО \"Ромашка\"\n";

fn encoded(label: &str) -> Vec<u8> {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap();
    encoding.encode(TABLE).0.into_owned()
}

#[test]
fn encoding_and_delimiter_are_found() {
    let utf16 = |mark: bool| -> Vec<u8> {
        let mark = mark.then_some(0xFEFF);
        mark.into_iter().chain(TABLE.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let with_mark = ["\u{FEFF}", TABLE].concat().into_bytes();
    for (bytes, encoding) in [
        (TABLE.as_bytes().to_vec(), "UTF-8"),
        (with_mark, "UTF-8"),
        (encoded("windows-1251"), "windows-1251"),
        (encoded("koi8-u"), "KOI8-U"),
        (utf16(true), "UTF-16LE"),
        (utf16(false), "UTF-16LE"),
    ] {
        let file = file_with(&bytes);
        let found = inspect(file.path(), &ReadOptions::default()).unwrap();
        assert_eq!(found.kind, FileKind::Csv);
        assert_eq!(found.encoding.as_deref(), Some(encoding));
        assert_eq!((found.delimiter, found.quote), (Some(';'), Some('"')));
        assert_eq!(found.headers, ["Фамилия", "Имя", "Телефон", "Заметка"]);
        assert_eq!((found.header_row, found.row_estimate), (1, Some(2)));
        let (_, rows) = read_all(&file, &ReadOptions::default()).unwrap();
        assert_eq!(
            texts(&rows),
            [
                (2, ["Иваненко", "Олена", "+380441234567", "Ул. Мира, 1;\nкв. 2"].map(str::to_owned).to_vec()),
                (3, ["Петров", "Сергей", "007", "ООО \"Ромашка\""].map(str::to_owned).to_vec()),
            ],
            "{encoding}"
        );
    }
}

#[test]
fn what_the_user_says_wins() {
    let file = file_with(&WINDOWS_1251.encode("a,b;c\nд,е;ж\n").0);
    let options = ReadOptions {
        encoding: Some("windows-1251".into()),
        delimiter: Some(','),
        has_header: Some(false),
        ..ReadOptions::default()
    };
    let (headers, rows) = read_all(&file, &options).unwrap();
    assert_eq!(headers, ["", ""]);
    assert_eq!(rows[1].cells[1].to_text(), "е;ж");
    for options in [
        ReadOptions { encoding: Some("кодировка".into()), ..ReadOptions::default() },
        ReadOptions { delimiter: Some('—'), ..ReadOptions::default() },
        ReadOptions { delimiter: Some(';'), quote: Some(';'), ..ReadOptions::default() },
    ] {
        assert!(inspect(file.path(), &options).is_err());
    }
    let unquoted = ReadOptions { quote: Some('\0'), ..ReadOptions::default() };
    let file = file_with(b"name\tsize\nscreen\t\"24\nlamp\t7\n");
    assert_eq!(read_all(&file, &unquoted).unwrap().1.len(), 2);
}

#[test]
fn odd_tables_are_read() {
    let check = |content: &str, expect: &[(u64, &[&str])]| {
        let (_, rows) = read_all(&file_with(content.as_bytes()), &ReadOptions::default()).unwrap();
        let expect: Vec<(u64, Vec<String>)> = expect
            .iter()
            .map(|(number, cells)| (*number, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect();
        assert_eq!(texts(&rows), expect, "{content:?}");
    };
    check("sep=|\nname|phone\nA|1\n", &[(2, &["A", "1"])]);
    check("name;phone\r\n\r\n\r\nA;1\r\nB;2", &[(4, &["A", "1"]), (5, &["B", "2"])]);
    check("name,phone\nA\nB,2,3,,\n", &[(2, &["A"]), (3, &["B", "2", "3"])]);
    check("name,phone\rA,1\rB,2\r", &[(2, &["A", "1"]), (3, &["B", "2"])]);
    check("name,phone\nA\0,1\n", &[(2, &["A", "1"])]);
    check("name,name,\nA,1,x\n", &[(2, &["A", "1", "x"])]);
}

#[test]
fn an_open_quote_or_an_endless_line_is_named() {
    let open_quote = file_with(b"name,phone\nA,1\n\"B,2\nC,3\n");
    assert!(matches!(read_all(&open_quote, &ReadOptions::default()), Err(FormatError::UnclosedQuote { row: 3 })));
    let long = file_with(format!("name,note\nA,1\nB,{}\n", "x".repeat(300_000)).as_bytes());
    assert!(matches!(read_all(&long, &ReadOptions::default()), Err(FormatError::CellTooLong { row: 3, .. })));
    let tight = ReadOptions { limits: Limits { max_line_bytes: 1_000, ..Limits::default() }, ..ReadOptions::default() };
    assert!(matches!(read_all(&long, &tight), Err(FormatError::LineTooLong { row: 3, limit: 1_000 })));
}

#[test]
fn reading_goes_on_at_any_row() {
    let table: String = (1..2_000).map(|row| format!("Имя {row},{row}\n")).collect();
    let file = file_with(format!("Имя,Номер\n{table}").as_bytes());
    let mut reader = file_formats::open(file.path(), &ReadOptions::default()).unwrap();
    reader.skip_to(1_500).unwrap();
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!((row.number, row.cells[1].to_text()), (1_500, "1499".to_owned()));
    reader.skip_to(1_501).unwrap();
    assert_eq!(reader.next_row().unwrap().unwrap().number, 1_501);
    let estimate = inspect(file.path(), &ReadOptions::default()).unwrap().row_estimate.unwrap();
    assert!((1_700..2_300).contains(&estimate), "{estimate}");
}
