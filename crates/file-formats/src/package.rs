//! The parts of a packed file (XLSX, ODS), each as a stream that cannot cost more than its limits.
//!
//! The directory of the archive is read here rather than by a general library because a hostile one may announce four
//! billion entries: nothing is reserved from an announced number, and the directory itself is bounded. A part is inflated
//! while it is read, never as a whole; its size and checksum are verified when its end is reached.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use crate::error::{FormatError, LimitHit};
use crate::options::Limits;

/// Bytes of a directory that is still read; a workbook of thousands of sheets stays below.
const MAX_DIRECTORY_BYTES: u64 = 4 << 20;
/// Entries that a workbook may have.
const MAX_ENTRIES: u64 = 20_000;
/// The end record and the longest comment behind it.
const MAX_TAIL_BYTES: u64 = 22 + 65_535;
/// Unpacked bytes up to which a part may be packed as tightly as it likes.
const FREE_UNPACKED_BYTES: u64 = 32 << 20;
/// Above that, how many bytes one packed byte may become. Real sheets stay far below 50, a bomb reaches 1,000.
const MAX_RATIO: u64 = 100;

const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const END64_LOCATOR_SIGNATURE: &[u8] = b"PK\x06\x07";
const END64_SIGNATURE: &[u8] = b"PK\x06\x06";
const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";
const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";

#[derive(Clone, Debug)]
struct Entry {
    header_offset: u64,
    packed_bytes: u64,
    unpacked_bytes: u64,
    checksum: u32,
    method: u16,
    is_encrypted: bool,
}

/// A packed file whose directory has been read.
#[derive(Debug)]
pub(crate) struct Package {
    path: PathBuf,
    /// By lower-case name with forward slashes: producers disagree about both.
    entries: HashMap<String, Entry>,
    max_unpacked_bytes: u64,
}

impl Package {
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, FormatError> {
        let mut file = File::open(path)?;
        let (offset, count, length) = find_directory(&mut file)?;
        if count > MAX_ENTRIES || length > MAX_DIRECTORY_BYTES {
            return Err(FormatError::TooLarge { what: "entries", limit: MAX_ENTRIES });
        }
        let mut directory = Vec::new();
        file.seek(SeekFrom::Start(offset))?;
        (&mut file).take(length).read_to_end(&mut directory)?;
        Ok(Self {
            path: path.to_owned(),
            entries: parse_directory(&directory, count)?,
            max_unpacked_bytes: limits.max_unpacked_bytes,
        })
    }

    /// Whether there is a part of this name, letter case aside.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(&normalise_name(name))
    }

    /// Whether any part lies under this folder.
    pub(crate) fn has_folder(&self, folder: &str) -> bool {
        self.entries.keys().any(|name| name.starts_with(folder))
    }

    /// The content of a part, `None` if there is none of this name. `max_piece_bytes` bounds what
    /// [`PartReader::start_piece`] measures.
    pub(crate) fn part(&self, name: &str, max_piece_bytes: usize) -> Result<Option<PartReader>, FormatError> {
        let Some(entry) = self.entries.get(&normalise_name(name)) else {
            return Ok(None);
        };
        if entry.is_encrypted {
            return Err(FormatError::PasswordProtected);
        }
        let limit = entry.packed_bytes.saturating_mul(MAX_RATIO).max(FREE_UNPACKED_BYTES).min(self.max_unpacked_bytes);
        if entry.unpacked_bytes > limit {
            return Err(FormatError::TooLarge { what: "unpacked", limit });
        }
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(entry.header_offset))?;
        let mut header = [0; 30];
        file.read_exact(&mut header)?;
        if !header.starts_with(LOCAL_SIGNATURE) {
            return Err(FormatError::damaged("an entry has no local header"));
        }
        let skipped = u64::from(le_u16(&header, 26)) + u64::from(le_u16(&header, 28));
        file.seek_relative(i64::try_from(skipped).unwrap_or_default())?;
        let packed = BufReader::new(file).take(entry.packed_bytes);
        let content: Box<dyn Read + Send> = match entry.method {
            0 => Box::new(packed),
            8 => Box::new(DeflateDecoder::new(packed)),
            other => {
                return Err(FormatError::UnsupportedVersion { found: format!("zip method {other}") });
            }
        };
        Ok(Some(PartReader {
            content: BufReader::with_capacity(
                64 << 10,
                Verified {
                    content,
                    read: 0,
                    expected_bytes: entry.unpacked_bytes,
                    expected_checksum: entry.checksum,
                    checksum: Crc::new(),
                },
            ),
            piece_bytes: 0,
            max_piece_bytes,
        }))
    }
}

/// Unpacked bytes, held to the size that the directory announced (and that was accepted) and checked at the end.
struct Verified {
    content: Box<dyn Read + Send>,
    read: u64,
    expected_bytes: u64,
    expected_checksum: u32,
    checksum: Crc,
}

fn wrong_content() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a part has the wrong length or checksum")
}

impl Read for Verified {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.content.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            let is_intact = self.read == self.expected_bytes && self.checksum.sum() == self.expected_checksum;
            return if is_intact { Ok(0) } else { Err(wrong_content()) };
        }
        self.read += count as u64;
        if self.read > self.expected_bytes {
            return Err(wrong_content());
        }
        self.checksum.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// A part as a buffered stream that refuses to hand out more than `max_piece_bytes` between two calls of
/// [`PartReader::start_piece`]; the XML reader calls it for every event, so that no event can grow without bound.
pub(crate) struct PartReader {
    content: BufReader<Verified>,
    piece_bytes: usize,
    max_piece_bytes: usize,
}

impl PartReader {
    pub(crate) fn start_piece(&mut self) {
        self.piece_bytes = 0;
    }

    /// Reads to the end without looking at the content, so that the checksum is verified.
    pub(crate) fn drain(&mut self) -> io::Result<()> {
        loop {
            let count = self.content.fill_buf()?.len();
            if count == 0 {
                return Ok(());
            }
            self.content.consume(count);
        }
    }
}

impl Read for PartReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        if let (Some(target), Some(source)) = (buffer.get_mut(..count), available.get(..count)) {
            target.copy_from_slice(source);
        }
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for PartReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece_bytes > self.max_piece_bytes {
            return Err(LimitHit { what: "element", limit: self.max_piece_bytes as u64 }.into_io());
        }
        self.content.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.piece_bytes += count;
        self.content.consume(count);
    }
}

/// Offset, number of entries and length of the directory.
fn find_directory(file: &mut File) -> Result<(u64, u64, u64), FormatError> {
    let file_bytes = file.seek(SeekFrom::End(0))?;
    let tail_start = file_bytes.saturating_sub(MAX_TAIL_BYTES);
    file.seek(SeekFrom::Start(tail_start))?;
    let mut tail = Vec::new();
    file.take(MAX_TAIL_BYTES).read_to_end(&mut tail)?;
    let end = tail
        .windows(END_SIGNATURE.len())
        .rposition(|window| window == END_SIGNATURE)
        .ok_or_else(|| FormatError::damaged("the archive has no directory"))?;
    let record = tail.get(end..end + 22).ok_or_else(|| FormatError::damaged("the archive is cut off"))?;
    let (mut count, mut length, mut offset) =
        (u64::from(le_u16(record, 10)), u64::from(le_u32(record, 12)), u64::from(le_u32(record, 16)));
    if offset == u64::from(u32::MAX) || count == u64::from(u16::MAX) {
        let locator = end
            .checked_sub(20)
            .and_then(|start| tail.get(start..end))
            .filter(|locator| locator.starts_with(END64_LOCATOR_SIGNATURE));
        if let Some(locator) = locator {
            file.seek(SeekFrom::Start(le_u64(locator, 8)))?;
            let mut record = [0; 56];
            file.read_exact(&mut record)?;
            if !record.starts_with(END64_SIGNATURE) {
                return Err(FormatError::damaged("the archive has no 64-bit directory"));
            }
            (count, length, offset) = (le_u64(&record, 32), le_u64(&record, 40), le_u64(&record, 48));
        }
    }
    if offset.checked_add(length).is_none_or(|stop| stop > file_bytes) {
        return Err(FormatError::damaged("the directory lies outside the file"));
    }
    Ok((offset, count, length))
}

fn parse_directory(directory: &[u8], count: u64) -> Result<HashMap<String, Entry>, FormatError> {
    let truncated = || FormatError::damaged("the directory is truncated");
    let mut entries = HashMap::new();
    let mut rest = directory;
    for _ in 0..count {
        let header = rest.get(..46).ok_or_else(truncated)?;
        if !header.starts_with(ENTRY_SIGNATURE) {
            return Err(FormatError::damaged("the directory has a broken entry"));
        }
        let name_bytes = usize::from(le_u16(header, 28));
        let extra_bytes = usize::from(le_u16(header, 30));
        let comment_bytes = usize::from(le_u16(header, 32));
        let body = rest.get(46..).ok_or_else(truncated)?;
        let name = body.get(..name_bytes).ok_or_else(truncated)?;
        let extra = body.get(name_bytes..name_bytes + extra_bytes).ok_or_else(truncated)?;
        let mut entry = Entry {
            header_offset: u64::from(le_u32(header, 42)),
            packed_bytes: u64::from(le_u32(header, 20)),
            unpacked_bytes: u64::from(le_u32(header, 24)),
            checksum: le_u32(header, 16),
            method: le_u16(header, 10),
            is_encrypted: le_u16(header, 8) & 1 != 0,
        };
        apply_zip64(&mut entry, extra);
        entries.insert(normalise_name(&String::from_utf8_lossy(name)), entry);
        rest = body.get(name_bytes + extra_bytes + comment_bytes..).ok_or_else(truncated)?;
    }
    Ok(entries)
}

/// Replaces the fields that were too large for 32 bits by those of the extra field for that purpose.
fn apply_zip64(entry: &mut Entry, mut extra: &[u8]) {
    while extra.len() >= 4 {
        let length = usize::from(le_u16(extra, 2));
        let body = extra.get(4..4 + length).unwrap_or_default();
        if le_u16(extra, 0) == 1 {
            let mut values = body.chunks_exact(8).map(|chunk| le_u64(chunk, 0));
            let saturated = u64::from(u32::MAX);
            for field in [&mut entry.unpacked_bytes, &mut entry.packed_bytes, &mut entry.header_offset] {
                if *field == saturated
                    && let Some(value) = values.next()
                {
                    *field = value;
                }
            }
            return;
        }
        extra = extra.get(4 + length..).unwrap_or_default();
    }
}

fn normalise_name(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/").to_lowercase()
}

/// Little-endian numbers at an offset; bytes beyond the end count as zero.
pub(crate) fn le_u16(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |chunk| u16::from_le_bytes(*chunk))
}

pub(crate) fn le_u32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |chunk| u32::from_le_bytes(*chunk))
}

pub(crate) fn le_u64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |chunk| u64::from_le_bytes(*chunk))
}
