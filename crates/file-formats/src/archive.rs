//! Archives (ZIP) that are written as a stream: tables as CSV, stored files, texts. Memory does not grow with what goes in.
//!
//! Reading archives is the business of `package`, under its limits.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write, copy};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::date::{parse_clock, parse_date};
use crate::error::FormatError;
use crate::write::OutCell;
use crate::write::csv::{BYTE_ORDER_MARK, CsvLine};

/// Bytes of rows that are collected before they are packed.
const BUFFER: usize = 64 << 10;
/// From this size on a member needs the wide form of its sizes; a little below what the narrow one holds.
const WIDE_FROM: u64 = u32::MAX as u64 - (1 << 20);

/// An archive that is being written; one member after the other.
pub struct ArchiveWriter {
    zip: ZipWriter<BufWriter<File>>,
    options: SimpleFileOptions,
    line: CsvLine,
    /// Rows of the open table that are not packed yet.
    waiting: Vec<u8>,
}

impl ArchiveWriter {
    /// Creates the file, readable for its owner only. `at`, `YYYY-MM-DDTHH:MM:SS`, is what its members bear as their time.
    ///
    /// # Errors
    /// [`FormatError::Io`].
    pub fn create(path: &Path, at: &str) -> Result<Self, FormatError> {
        let zip = ZipWriter::new(BufWriter::with_capacity(BUFFER, create_private(path)?));
        let time = at.split_once('T').and_then(|(date, clock)| time_of(date, clock)).unwrap_or_default();
        let options = SimpleFileOptions::default().last_modified_time(time).unix_permissions(0o600);
        Ok(Self { zip, options, line: CsvLine::new(',')?, waiting: Vec::with_capacity(BUFFER) })
    }

    /// Begins a table of comma-separated text in UTF-8 with a byte order mark; its rows follow by [`ArchiveWriter::write_row`].
    ///
    /// # Errors
    /// [`FormatError::Io`].
    pub fn begin_table(&mut self, name: &str, headers: &[String]) -> Result<(), FormatError> {
        // Nobody knows yet how long it gets.
        self.begin(name, CompressionMethod::Deflated, true)?;
        self.waiting.extend_from_slice(BYTE_ORDER_MARK);
        self.waiting.extend_from_slice(self.line.of_headers(headers));
        Ok(())
    }

    /// Adds a row to the table that was begun last. No cell can become a formula.
    ///
    /// # Errors
    /// [`FormatError::Io`].
    pub fn write_row(&mut self, cells: &[OutCell]) -> Result<(), FormatError> {
        self.waiting.extend_from_slice(self.line.of(cells));
        if self.waiting.len() >= BUFFER { self.pack() } else { Ok(()) }
    }

    /// Adds a text.
    ///
    /// # Errors
    /// [`FormatError::Io`].
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<(), FormatError> {
        self.begin(name, CompressionMethod::Deflated, false)?;
        self.zip.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Adds the bytes of a file. `is_packed` says that they are dense already, as those of pictures are.
    ///
    /// # Errors
    /// [`FormatError::Io`].
    pub fn add_file(&mut self, name: &str, mut from: File, is_packed: bool) -> Result<(), FormatError> {
        let is_wide = from.metadata()?.len() >= WIDE_FROM;
        self.begin(name, if is_packed { CompressionMethod::Stored } else { CompressionMethod::Deflated }, is_wide)?;
        copy(&mut from, &mut self.zip)?;
        Ok(())
    }

    /// Completes the archive. Without this call it is not readable.
    ///
    /// # Errors
    /// [`FormatError::Io`].
    pub fn finish(mut self) -> Result<(), FormatError> {
        self.pack()?;
        self.zip.finish().map_err(std::io::Error::from)?.flush()?;
        Ok(())
    }

    fn begin(&mut self, name: &str, method: CompressionMethod, is_wide: bool) -> Result<(), FormatError> {
        self.pack()?;
        let options = self.options.compression_method(method).large_file(is_wide);
        self.zip.start_file(name, options).map_err(std::io::Error::from)?;
        Ok(())
    }

    fn pack(&mut self) -> Result<(), FormatError> {
        if !self.waiting.is_empty() {
            self.zip.write_all(&self.waiting)?;
            self.waiting.clear();
        }
        Ok(())
    }
}

fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn time_of(date: &str, clock: &str) -> Option<DateTime> {
    let (year, month, day) = parse_date(date)?;
    let (hour, minute, second) = parse_clock(clock)?;
    DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
}
