//! Export → import changes nothing.

use std::path::Path;

use file_formats::{
    Card, CardAddress, CardChannel, CardKind, CardPhoto, CardVersion, Cell, ChannelKind, OutCell, ReadOptions,
    WriteKind, create, open, write_card, write_card_as,
};
use proptest::prelude::*;
use tempfile::NamedTempFile;

use crate::{file_with, read_all, text};

const KINDS: [WriteKind; 3] =
    [WriteKind::Xlsx, WriteKind::Csv { delimiter: ';', bom: true }, WriteKind::Csv { delimiter: ',', bom: false }];

fn options() -> ReadOptions {
    ReadOptions { has_header: Some(true), ..ReadOptions::default() }
}

fn write(kind: WriteKind, headers: &[&str], rows: &[Vec<OutCell>]) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    let headers: Vec<String> = headers.iter().map(|name| (*name).to_owned()).collect();
    let mut writer = create(file.path(), kind, "Клиенты: [все]", &headers).unwrap();
    for row in rows {
        writer.write_row(row).unwrap();
    }
    writer.finish().unwrap();
    file
}

const TEXTS: &[&str] = &[
    "Иванов Иван Иванович",
    "Ґалаґан Їжак",
    "007",
    "12345678901234567890",
    "+380 (44) 123-45-67",
    "=HYPERLINK(\"http://x\",\"y\")",
    "@SUM(1)",
    "-",
    "'=1",
    "it's",
    "две\nстроки",
    "две\r\nстроки",
    "кавычки \"внутри\" и ; , \t |",
    " пробелы по краям ",
    "1e5",
    "2024-01-02",
    "true",
    "_x0041_",
    "😀",
    "a;=1+1",
];

#[test]
fn texts_come_back_as_they_were() {
    for kind in KINDS {
        let rows: Vec<Vec<OutCell>> = TEXTS
            .iter()
            .map(|text| vec![OutCell::Text("x".into()), OutCell::Text((*text).into()), OutCell::Empty])
            .collect();
        let file = write(kind, &["Имя", "=Заметка", ""], &rows);
        let (headers, read) = read_all(&file, &options()).unwrap();
        assert_eq!(headers[..2], ["Имя", "=Заметка"]);
        let read: Vec<Cell> = read.into_iter().map(|mut row| row.cells.remove(1)).collect();
        let expect: Vec<Cell> = TEXTS.iter().map(|value| text(value)).collect();
        assert_eq!(read, expect, "{kind:?}");
    }
}

#[test]
fn values_keep_their_meaning() {
    let row = vec![
        OutCell::Text("x".into()),
        OutCell::Integer(380_501_234_567),
        OutCell::Integer(i64::MAX),
        OutCell::Number(0.1 + 0.2),
        OutCell::Number(f64::NAN),
        OutCell::Date("2024-02-29".into()),
        OutCell::Date("1812-09-07".into()),
        OutCell::DateTime("2024-02-29T23:59:59".into()),
        OutCell::Boolean(true),
    ];
    let headers = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    for kind in KINDS {
        let file = write(kind, &headers, std::slice::from_ref(&row));
        let (_, rows) = read_all(&file, &options()).unwrap();
        let texts: Vec<String> = rows[0].cells.iter().map(Cell::to_text).collect();
        assert_eq!(
            texts,
            [
                "x",
                "380501234567",
                "9223372036854775807",
                "0.3",
                "",
                "2024-02-29",
                "1812-09-07",
                "2024-02-29T23:59:59",
                "true",
            ],
            "{kind:?}"
        );
    }
    let file = write(WriteKind::Xlsx, &headers, &[row]);
    let cells = read_all(&file, &options()).unwrap().1.remove(0).cells;
    assert_eq!(cells[5], Cell::Date("2024-02-29".into()));
    assert_eq!(cells[7], Cell::DateTime("2024-02-29T23:59:59".into()));
    assert_eq!(cells[8], Cell::Boolean(true));
}

#[test]
fn a_text_that_a_sheet_cannot_hold_is_refused_not_cut() {
    let path = NamedTempFile::new().unwrap();
    let mut writer = create(path.path(), WriteKind::Xlsx, "", &["a".to_owned()]).unwrap();
    let long = OutCell::Text("я".repeat(32_768));
    assert_eq!(writer.write_row(&[long]).unwrap_err().code(), "file_cell_too_long");
}

fn read_card(bytes: &[u8]) -> Card {
    let file = file_with(bytes);
    let mut reader = open(file.path(), &ReadOptions::default()).unwrap();
    Card { ignored: Vec::new(), ..reader.next_row().unwrap().unwrap().card.unwrap() }
}

fn written(card: &Card) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_card(&mut bytes, card).unwrap();
    assert_eq!(bytes, written_as(card, CardVersion::V3));
    bytes
}

fn written_as(card: &Card, version: CardVersion) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_card_as(&mut bytes, card, version).unwrap();
    for line in bytes.split(|byte| *byte == b'\n') {
        assert!(line.len() <= 76, "{}", String::from_utf8_lossy(line));
    }
    bytes
}

#[test]
fn sample_cards_come_back_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/vcard");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "vcf") {
            let card = read_card(&std::fs::read(&path).unwrap());
            assert_eq!(read_card(&written(&card)), card, "{}", path.display());
            assert_eq!(read_card(&written_as(&card, CardVersion::V4)), card, "{}", path.display());
            seen += 1;
        }
    }
    assert_eq!(seen, 6);
}

fn words() -> impl Strategy<Value = String> {
    "[a-zА-яїґ0-9;:,\\\\\"'=+@. _-]{0,40}".prop_map(|text| text.trim().to_owned())
}

fn some_words() -> impl Strategy<Value = String> {
    words().prop_map(|text| format!("x{text}"))
}

prop_compose! {
    fn any_channel()(
        kind in prop::sample::select(vec![
            ChannelKind::Phone, ChannelKind::Email, ChannelKind::Website, ChannelKind::Skype, ChannelKind::Telegram,
            ChannelKind::Viber, ChannelKind::Vk, ChannelKind::Icq, ChannelKind::Other("facebook".into()),
        ]),
        label in prop::sample::select(vec!["", "home", "work", "mobile", "work_fax", "other", "Дача, летом"]),
        value in some_words(),
        is_primary: bool,
    ) -> CardChannel {
        CardChannel { kind, label: label.to_owned(), value, is_primary }
    }
}

prop_compose! {
    fn any_card()(
        names in prop::array::uniform5(words()),
        full_name in some_words(),
        texts in prop::array::uniform6(words()),
        note in "[a-zА-я;:,\\\\\"\n ]{0,200}",
        categories in prop::collection::vec(some_words(), 0..3),
        channels in prop::collection::vec(any_channel(), 0..5),
        street in words(),
        city in some_words(),
        photo in prop::option::of(prop::collection::vec(any::<u8>(), 1..300)),
        extra in some_words(),
        is_company: bool,
    ) -> Card {
        let [last_name, first_name, additional_names, prefix, suffix] = names;
        let [nickname, organisation, department, position, role, uid] = texts;
        Card {
            kind: if is_company { CardKind::Company } else { CardKind::Person },
            last_name: format!("z{last_name}"),
            first_name, additional_names, prefix, suffix, full_name, nickname, organisation, department, position, role,
            birthday: "--02-29".into(),
            anniversary: "2001-02-03".into(),
            gender: "F".into(),
            categories,
            note,
            channels,
            addresses: vec![CardAddress { label: "home".into(), street, city, ..CardAddress::default() }],
            photo: photo.map(|mut bytes| {
                bytes.splice(0..0, *b"GIF89a");
                CardPhoto { media_type: "image/gif".into(), bytes }
            }),
            language: "uk".into(),
            timezone: "Europe/Kyiv".into(),
            geo: "50.45,30.52".into(),
            uid,
            extras: vec![
                ("manager".into(), extra.clone()),
                ("related:Кум".into(), extra.clone()),
                ("X-CUSTOM".into(), extra.clone()),
                ("X-CUSTOM:Карта".into(), extra),
            ],
            ignored: Vec::new(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_card_comes_back_as_it_was(card in any_card()) {
        let mut read = read_card(&written(&card));
        let mut card = card;
        // The order of properties of different kinds is not kept, and need not be.
        read.extras.sort();
        card.extras.sort();
        prop_assert_eq!(read, card);
    }

    #[test]
    fn any_table_comes_back_as_it_was(
        rows in prop::collection::vec(prop::collection::vec("[a-zА-яё0-9=+@'\";,\t\r\n |_-]{0,12}", 3), 1..6),
        kind in prop::sample::select(KINDS.to_vec()),
    ) {
        let out: Vec<Vec<OutCell>> = rows
            .iter()
            .map(|row| row.iter().cloned().map(OutCell::Text).collect())
            .collect();
        // Three columns with names, and the delimiter that a user would not have to name.
        let file = write(kind, &["Имя", "Город", "Телефон"], &out);
        let mut options = options();
        if let WriteKind::Csv { delimiter, .. } = kind {
            options.delimiter = Some(delimiter);
        }
        let (_, read) = read_all(&file, &options).unwrap();
        let read: Vec<Vec<String>> = read
            .iter()
            .map(|row| (0..3).map(|column| row.cells.get(column).map(Cell::to_text).unwrap_or_default()).collect())
            .collect();
        let expect: Vec<&Vec<String>> = rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        prop_assert_eq!(read.iter().collect::<Vec<_>>(), expect);
    }
}
