//! What a file is, told from its content. The name and its ending are never looked at: half of all "Excel" files that users
//! receive are something else inside.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::FormatError;
use crate::options::Limits;
use crate::package::Package;
use crate::xls::compound::CompoundFile;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Office Open XML workbook.
    Xlsx,
    /// Excel 97–2003 workbook (and Excel 5/95).
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// Text with a character between the fields.
    Csv,
    /// Cards of an address book.
    Vcard,
}

/// Bytes from the start that the decision is based on.
const HEAD_BYTES: u64 = 8 << 10;
const OLE_SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Beginnings of files that are often taken for tables.
const FOREIGN_SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xFF\xD8\xFF", "image"),
    (b"GIF8", "image"),
    (b"Rar!", "rar"),
    (b"7z\xBC\xAF\x27\x1C", "7z"),
    (b"\x1F\x8B", "gzip"),
    (b"SQLite format 3", "sqlite"),
];

/// The kind of a file.
///
/// # Errors
/// [`FormatError::WrongKind`] and [`FormatError::UnsupportedVersion`] for what is recognised as something else,
/// [`FormatError::PasswordProtected`] for an encrypted workbook, and [`FormatError::TooLarge`].
pub(crate) fn detect(path: &Path, limits: &Limits) -> Result<FileKind, FormatError> {
    let mut file = File::open(path)?;
    let file_bytes = file.metadata()?.len();
    if file_bytes > limits.max_file_bytes {
        return Err(FormatError::TooLarge { what: "file", limit: limits.max_file_bytes });
    }
    let mut head = Vec::new();
    (&mut file).take(HEAD_BYTES).read_to_end(&mut head)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return detect_package(path, limits);
    }
    if head.starts_with(OLE_SIGNATURE) {
        return detect_compound(path, limits);
    }
    // The beginning-of-file record of Excel 2, 3 and 4, which wrote no container around it.
    if let [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..] = head.as_slice() {
        return Err(FormatError::UnsupportedVersion { found: "xls before Excel 5".to_owned() });
    }
    if let Some((_, found)) = FOREIGN_SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)) {
        return Err(FormatError::WrongKind { found });
    }
    detect_text(&head)
}

fn detect_package(path: &Path, limits: &Limits) -> Result<FileKind, FormatError> {
    let package = Package::open(path, limits)?;
    if package.contains("xl/workbook.bin") {
        return Err(FormatError::UnsupportedVersion { found: "xlsb".to_owned() });
    }
    if package.has_folder("xl/") {
        return Ok(FileKind::Xlsx);
    }
    if let Some(part) = package.part("mimetype", 256)? {
        let mut mimetype = String::new();
        let is_text = part.take(200).read_to_string(&mut mimetype).is_ok();
        if is_text && mimetype.contains("opendocument.spreadsheet") {
            return Ok(FileKind::Ods);
        }
        if is_text && mimetype.contains("opendocument") {
            return Err(FormatError::WrongKind { found: "odt" });
        }
    }
    let found = if package.has_folder("word/") {
        "docx"
    } else if package.has_folder("ppt/") {
        "pptx"
    } else {
        "zip"
    };
    Err(FormatError::WrongKind { found })
}

fn detect_compound(path: &Path, limits: &Limits) -> Result<FileKind, FormatError> {
    let compound = CompoundFile::open(path, limits)?;
    if compound.contains("EncryptedPackage") {
        Err(FormatError::PasswordProtected)
    } else if compound.contains("Workbook") || compound.contains("Book") {
        Ok(FileKind::Xls)
    } else if compound.contains("WordDocument") {
        Err(FormatError::WrongKind { found: "doc" })
    } else {
        Err(FormatError::WrongKind { found: "binary" })
    }
}

fn detect_text(head: &[u8]) -> Result<FileKind, FormatError> {
    let is_wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || detect_utf16(head).is_some();
    if !is_wide && !is_plain_text(head) {
        return Err(FormatError::WrongKind { found: "binary" });
    }
    // Good enough for the keywords below in every encoding: all of them are ASCII.
    let text: String = head
        .iter()
        .filter(|byte| byte.is_ascii() && **byte != 0)
        .map(|&byte| char::from(byte).to_ascii_lowercase())
        .collect();
    let text = text.trim_start();
    if text.starts_with("begin:vcard") {
        return Ok(FileKind::Vcard);
    }
    let found = if text.starts_with("<?xml") && text.contains("schemas-microsoft-com:office") {
        "excel_2003_xml"
    } else if text.starts_with("<?xml") && text.contains("office:document") {
        "fods"
    } else if text.starts_with("<!doctype html") || text.starts_with("<html") || text.starts_with("<table") {
        "html"
    } else if text.starts_with("<?xml") {
        "xml"
    } else if text.starts_with("{\"") || text.starts_with("[{") {
        "json"
    } else if text.starts_with("begin:vcalendar") {
        "icalendar"
    } else {
        return Ok(FileKind::Csv);
    };
    Err(FormatError::WrongKind { found })
}

/// For UTF-16 without a mark: whether the low byte comes first. Line ends and delimiters have a zero byte in any language,
/// and read the right way round nearly all units are letters of Europe; a few stray zero bytes in a text are not enough.
pub(crate) fn detect_utf16(head: &[u8]) -> Option<bool> {
    let zeroes = |parity: usize| {
        let bytes = head.iter().skip(parity).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let is_little_endian = match (zeroes(0), zeroes(1)) {
        (0, odd) if odd * 40 >= head.len() => true,
        (even, 0) if even * 40 >= head.len() => false,
        _ => return None,
    };
    let units: Vec<u16> = head
        .chunks_exact(2)
        .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
        .map(|pair| if is_little_endian { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
        .collect();
    let expected = units.iter().filter(|unit| matches!(unit, 0x0009..=0x052F | 0x2000..=0x22FF)).count();
    (!units.is_empty() && expected * 10 >= units.len() * 9).then_some(is_little_endian)
}

/// Whether there are hardly any control characters. A few are tolerated: some programs pad fields with zero bytes.
fn is_plain_text(head: &[u8]) -> bool {
    let controls =
        head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1A)).count();
    controls <= (head.len() / 20).max(2)
}
