//! Archives that we write: other programs unpack them, and their tables are those of every other export.

use std::fs::File;
use std::io::{Cursor, Read};

use file_formats::{ArchiveWriter, OutCell};
use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipArchive};

use crate::file_with;

#[test]
fn tables_files_and_texts_lie_side_by_side() {
    let file = NamedTempFile::new().unwrap();
    let mut archive = ArchiveWriter::create(file.path(), "2026-11-22T08:00:00").unwrap();
    archive.begin_table("names.csv", &["ID".to_owned(), "Имя".to_owned()]).unwrap();
    // More than is collected before it is packed.
    for number in 0..10_000 {
        archive.write_row(&[OutCell::Integer(number), OutCell::Text("=1+1".into())]).unwrap();
    }
    archive.begin_table("empty.csv", &["ID".to_owned()]).unwrap();
    let stored = file_with(&[7; 100_000]);
    archive.add_file("files/a.jpg", File::open(stored.path()).unwrap(), true).unwrap();
    archive.add_file("files/б.txt", File::open(stored.path()).unwrap(), false).unwrap();
    archive.add_text("README.txt", "что есть что").unwrap();
    archive.finish().unwrap();

    let bytes = std::fs::read(file.path()).unwrap();
    let mut read = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut content = |name: &str| {
        let mut member = read.by_name(name).unwrap();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        (bytes, member.compression(), member.last_modified().unwrap().to_string())
    };
    let (table, method, time) = content("names.csv");
    let table = String::from_utf8(table).unwrap();
    assert!(table.starts_with("\u{FEFF}ID,Имя\r\n0,\"'=1+1\"\r\n"), "{:.60}", table);
    assert_eq!((table.lines().count(), method), (10_001, CompressionMethod::Deflated));
    assert!(time.starts_with("2026-11-22 08:00:00"), "{time}");
    assert_eq!(content("empty.csv").0, "\u{FEFF}ID\r\n".as_bytes());
    let (picture, method, _) = content("files/a.jpg");
    assert_eq!((picture, method), (vec![7; 100_000], CompressionMethod::Stored));
    assert_eq!(content("files/б.txt").1, CompressionMethod::Deflated);
    assert_eq!(content("README.txt").0, "что есть что".as_bytes());
}
