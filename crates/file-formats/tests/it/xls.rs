//! Excel 97–2003 workbooks, and one table in three formats as an office program saves it.

use std::path::PathBuf;

use file_formats::{Cell, FileKind, FormatError, ReadOptions, inspect, open};
use tempfile::NamedTempFile;

use crate::{file_with, read_all, text};

const SECTOR: usize = 512;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;

/// A container with one stream in the root folder: allocation table, directory, stream.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4_096).next_multiple_of(SECTOR), 0);
    let sectors = u32::try_from(stream.len() / SECTOR).unwrap();
    let mut header = vec![0; SECTOR];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    header[0x1E] = 9;
    header[0x20] = 6;
    header[0x2C] = 1;
    header[0x30..0x34].copy_from_slice(&1_u32.to_le_bytes());
    header[0x38..0x3C].copy_from_slice(&4_096_u32.to_le_bytes());
    header[0x3C..0x40].copy_from_slice(&END_OF_CHAIN.to_le_bytes());
    header[0x44..0x48].copy_from_slice(&END_OF_CHAIN.to_le_bytes());
    header[0x4C..].fill(0xFF);
    header[0x4C..0x50].copy_from_slice(&0_u32.to_le_bytes());

    let mut table = vec![0xFFFF_FFFD, END_OF_CHAIN];
    table.extend((0..sectors - 1).map(|sector| sector + 3));
    table.push(END_OF_CHAIN);
    assert!(table.len() <= SECTOR / 4, "one sector of table is enough");
    table.resize(SECTOR / 4, FREE);

    let entry = |name: &str, kind: u8, child: u32, start: u32, bytes: usize| {
        let mut slot = vec![0; 128];
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        slot[..units.len()].copy_from_slice(&units);
        slot[0x40] = u8::try_from(units.len() + 2).unwrap();
        slot[0x42] = kind;
        slot[0x44..0x4C].fill(0xFF);
        slot[0x4C..0x50].copy_from_slice(&child.to_le_bytes());
        slot[0x74..0x78].copy_from_slice(&start.to_le_bytes());
        slot[0x78..0x7C].copy_from_slice(&u32::try_from(bytes).unwrap().to_le_bytes());
        slot
    };
    let mut directory = entry("Root Entry", 5, 1, END_OF_CHAIN, 0);
    directory.extend(entry(name, 2, FREE, 2, stream.len()));
    directory.resize(SECTOR, 0);

    let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, table, directory, stream].concat()
}

fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
}

fn cell(kind: u16, row: u16, column: u16, format: u16, value: &[u8]) -> Vec<u8> {
    let place: Vec<u8> = [row, column, format].iter().flat_map(|number| number.to_le_bytes()).collect();
    record(kind, &[&place[..], value].concat())
}

/// A workbook of one sheet, given further global records and the records of the sheet.
fn workbook(version: u16, sheet_name: &[u8], globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &[version.to_le_bytes(), kind.to_le_bytes(), [0; 2], [0; 2]].concat());
    let end = record(0x000A, &[]);
    let globals: Vec<u8> = globals.concat();
    let bound_sheet_bytes = 4 + 6 + sheet_name.len();
    let offset = begin(5).len() + globals.len() + bound_sheet_bytes + end.len();
    let offset = u32::try_from(offset).unwrap().to_le_bytes();
    let bound_sheet = record(0x0085, &[&offset[..], &[0, 0], sheet_name].concat());
    [begin(5), globals, bound_sheet, end.clone(), begin(0x10), cells.concat(), end.clone(), begin(0x10), end].concat()
}

fn biff8(globals: &[Vec<u8>], cells: &[Vec<u8>]) -> NamedTempFile {
    file_with(&compound("Workbook", &workbook(0x0600, b"\x01\x00A", globals, cells)))
}

fn no_header() -> ReadOptions {
    ReadOptions { has_header: Some(false), ..ReadOptions::default() }
}

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/samples/tables").join(name)
}

#[test]
fn one_table_reads_alike_from_three_formats() {
    for (name, kind) in
        [("clients.xls", FileKind::Xls), ("clients.ods", FileKind::Ods), ("clients.xlsx", FileKind::Xlsx)]
    {
        let found = inspect(&sample(name), &ReadOptions::default()).unwrap();
        assert_eq!((found.kind, found.header_row), (kind, 1));
        assert_eq!(found.sheets, ["Клиенты", "Second"]);
        assert_eq!(found.headers[..4], ["ФИО", "Телефон", "Дата", "Время"]);
        assert_eq!(found.row_estimate, Some(6), "{name}");
        assert_eq!(
            found.sample[2][..5],
            [
                text("Нұрланов 😀"),
                Cell::Number(77_011_234_567.0),
                Cell::Date("2024-02-29".into()),
                Cell::DateTime("2024-02-29T12:30:03".into()),
                Cell::Number(3_703.5),
            ],
            "{name}"
        );
        assert_eq!(found.sample[2][8], Cell::Error("#DIV/0!".into()));
        assert_eq!(found.sample[1][1], text("007"));
        let mut reader = open(&sample(name), &ReadOptions::default()).unwrap();
        reader.skip_to(5).unwrap();
        let row = reader.next_row().unwrap().unwrap();
        assert_eq!((row.number, &row.cells[0]), (6, &text("после пустой")));
        assert_eq!(reader.next_row().unwrap().unwrap().cells, [text("объединено")]);
        assert!(reader.next_row().unwrap().is_none() && reader.next_row().unwrap().is_none());

        let second = ReadOptions { sheet: Some("Second".into()), ..no_header() };
        let mut reader = open(&sample(name), &second).unwrap();
        reader.skip_to(2).unwrap();
        assert_eq!(reader.next_row().unwrap().unwrap().cells, [Cell::Text("x".repeat(20_000))]);
    }
}

#[test]
fn every_kind_of_record_is_read() {
    let wide: Vec<u8> = "Київ".encode_utf16().flat_map(u16::to_le_bytes).collect();
    // "abcdef" and "Київ", both cut by a record: the first goes on in wide characters, the second between two of them.
    let mut texts = [2_u32.to_le_bytes(), 2_u32.to_le_bytes()].concat();
    texts.extend([&[6, 0, 0][..], b"abc"].concat());
    let mut more = vec![1];
    more.extend("def".encode_utf16().flat_map(u16::to_le_bytes));
    more.extend([4, 0, 1]);
    more.extend(&wide[..4]);
    let last = [&[1][..], &wide[4..]].concat();
    let date_format = [&164_u16.to_le_bytes()[..], &[10, 0, 0], b"dd.mm.yyyy"].concat();
    let style = |format: u16| record(0x00E0, &[[0; 2], format.to_le_bytes()].concat());
    let globals = [
        record(0x041E, &date_format),
        style(0),
        style(164),
        record(0x00FC, &texts),
        record(0x003C, &more),
        record(0x003C, &last),
    ];
    let text_result = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
    let cells = [
        cell(0x00FD, 0, 0, 0, &0_u32.to_le_bytes()),
        cell(0x00FD, 0, 1, 0, &1_u32.to_le_bytes()),
        cell(0x0203, 0, 2, 1, &45_351_f64.to_le_bytes()),
        cell(0x027E, 0, 3, 0, &((7_u32 << 2) | 2).to_le_bytes()),
        // Two numbers in one record, columns 4 and 5.
        record(0x00BD, &[&[0, 0, 4, 0][..], &[0, 0, 6, 0, 0, 0], &[0, 0, 10, 0, 0, 0], &[5, 0]].concat()),
        cell(0x0205, 0, 6, 0, &[1, 0]),
        cell(0x0205, 0, 7, 0, &[0x2A, 1]),
        cell(0x0006, 0, 8, 0, &[&text_result[..], &[0; 8]].concat()),
        record(0x0207, &[&[2, 0, 0][..], b"ok"].concat()),
        cell(0x0204, 0, 9, 0, &[&[2, 0, 0][..], b"hi"].concat()),
    ];
    let (_, rows) = read_all(&biff8(&globals, &cells), &no_header()).unwrap();
    assert_eq!(
        rows[0].cells,
        [
            text("abcdef"),
            text("Київ"),
            Cell::Date("2024-02-29".into()),
            Cell::Number(7.0),
            Cell::Number(1.0),
            Cell::Number(2.0),
            Cell::Boolean(true),
            Cell::Error("#N/A".into()),
            text("ok"),
            text("hi"),
        ]
    );
    assert_eq!(rows.len(), 1);
}

#[test]
fn cells_in_any_order_become_rows() {
    let number = |row: u16, column: u16| cell(0x0203, row, column, 0, &f64::from(row * 10 + column).to_le_bytes());
    let file = biff8(&[], &[number(2, 0), number(0, 1), number(2, 1), number(0, 0)]);
    let (_, rows) = read_all(&file, &no_header()).unwrap();
    let numbers: Vec<(u64, &[Cell])> = rows.iter().map(|row| (row.number, row.cells.as_slice())).collect();
    let first = [Cell::Number(0.0), Cell::Number(1.0)];
    let second = [Cell::Number(20.0), Cell::Number(21.0)];
    assert_eq!(numbers, [(1, &first[..]), (3, &second[..])]);
}

#[test]
fn two_distant_cells_cost_two_cells() {
    let number = |row: u16, column: u16| cell(0x0203, row, column, 0, &1_f64.to_le_bytes());
    let (_, rows) = read_all(&biff8(&[], &[number(0, 0), number(65_535, 255)]), &no_header()).unwrap();
    assert_eq!((rows.len(), rows[1].number, rows[1].cells.len()), (2, 65_536, 256));
}

#[test]
fn texts_of_excel_95_are_in_its_code_page() {
    let (word, _, _) = encoding_rs::WINDOWS_1251.encode("Иванов");
    let (name, _, _) = encoding_rs::WINDOWS_1251.encode("Лист");
    let label = [&u16::try_from(word.len()).unwrap().to_le_bytes()[..], &word].concat();
    let stream = workbook(
        0x0500,
        &[&[4][..], &name].concat(),
        &[record(0x0042, &1251_u16.to_le_bytes())],
        &[cell(0x0204, 0, 0, 0, &label)],
    );
    let file = file_with(&compound("Book", &stream));
    let found = inspect(file.path(), &no_header()).unwrap();
    assert_eq!((found.sheets, found.sample), (vec!["Лист".to_owned()], vec![vec![text("Иванов")]]));
}

#[test]
fn passwords_foreign_contents_and_damage_are_named() {
    let encrypted = biff8(&[record(0x002F, &[0; 6])], &[]);
    assert!(matches!(inspect(encrypted.path(), &no_header()), Err(FormatError::PasswordProtected)));
    let package = file_with(&compound("EncryptedPackage", b"x"));
    assert!(matches!(inspect(package.path(), &no_header()), Err(FormatError::PasswordProtected)));
    let word = file_with(&compound("WordDocument", b"x"));
    assert!(matches!(inspect(word.path(), &no_header()), Err(FormatError::WrongKind { found: "doc" })));
    let old = file_with(b"\x09\x04\x06\x00\x00\x00\x10\x00");
    assert!(matches!(inspect(old.path(), &no_header()), Err(FormatError::UnsupportedVersion { .. })));
    let older = file_with(&compound("Workbook", &workbook(0x0400, b"\x01\x00A", &[], &[])));
    assert!(matches!(inspect(older.path(), &no_header()), Err(FormatError::UnsupportedVersion { .. })));

    let good = compound("Workbook", &workbook(0x0600, b"\x01\x00A", &[], &[cell(0x0203, 0, 0, 0, &[0; 8])]));
    // The stream's chain of sectors made to bite its tail.
    let mut looped = good.clone();
    looped[SECTOR + 4 * 5..SECTOR + 4 * 6].copy_from_slice(&2_u32.to_le_bytes());
    assert!(matches!(inspect(file_with(&looped).path(), &no_header()), Err(FormatError::Damaged { .. })));
    for at in (0..good.len()).step_by(3) {
        let mut bad = good.clone();
        bad[at] ^= 0xFF;
        let file = file_with(&bad);
        let _ = inspect(file.path(), &no_header());
        let _ = read_all(&file, &no_header());
    }
}
