//! Texts by number, for formats whose cells refer to a table of texts.
//!
//! What exceeds a few dozen megabytes is kept in unnamed temporary files and read back through a window, because sheets ask
//! mostly in the order in which the texts were stored.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};

use crate::error::FormatError;

/// Bytes of texts and their ends that stay in memory.
const MAX_BYTES_IN_MEMORY: usize = 32 << 20;

/// A growing list of texts.
pub(crate) struct TextTable {
    memory: String,
    memory_ends: Vec<usize>,
    spill: Option<Spill>,
    total_bytes: u64,
    max_bytes: u64,
    max_bytes_in_memory: usize,
}

impl TextTable {
    pub(crate) fn new(max_bytes: u64) -> Self {
        Self {
            memory: String::new(),
            memory_ends: Vec::new(),
            spill: None,
            total_bytes: 0,
            max_bytes,
            max_bytes_in_memory: MAX_BYTES_IN_MEMORY,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.memory_ends.len() + self.spill.as_ref().map_or(0, |spill| spill.count)
    }

    /// The text of this number, `None` if there are fewer.
    pub(crate) fn get(&mut self, number: usize) -> Result<Option<String>, FormatError> {
        if number >= self.len() {
            return Ok(None);
        }
        if let Some(end) = self.memory_ends.get(number) {
            let start =
                number.checked_sub(1).and_then(|previous| self.memory_ends.get(previous)).copied().unwrap_or_default();
            return Ok(self.memory.get(start..*end).map(str::to_owned));
        }
        let spilled = (number - self.memory_ends.len()) as u64;
        match &mut self.spill {
            Some(spill) => spill.get(spilled).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn push(&mut self, text: &str) -> Result<(), FormatError> {
        self.total_bytes += (text.len() + size_of::<usize>()) as u64;
        if self.total_bytes > self.max_bytes {
            return Err(FormatError::TooLarge { what: "shared_strings", limit: self.max_bytes });
        }
        let in_memory = self.memory.len() + text.len() + (self.memory_ends.len() + 1) * size_of::<usize>();
        match &mut self.spill {
            Some(spill) => spill.push(text),
            None if in_memory > self.max_bytes_in_memory => {
                let mut spill = Spill::new()?;
                spill.push(text)?;
                self.spill = Some(spill);
                Ok(())
            }
            None => {
                self.memory.push_str(text);
                self.memory_ends.push(self.memory.len());
                Ok(())
            }
        }
    }
}

/// Texts in one temporary file and their end offsets, eight bytes each, in another.
struct Spill {
    count: usize,
    text_bytes: u64,
    texts: BufWriter<File>,
    ends: BufWriter<File>,
    texts_window: Window,
    ends_window: Window,
}

impl Spill {
    fn new() -> Result<Self, FormatError> {
        let (texts, ends) = (tempfile::NamedTempFile::new()?, tempfile::NamedTempFile::new()?);
        // A second handle gives the reader a position of its own; the names vanish as soon as both are open.
        let (texts_again, ends_again) = (texts.reopen()?, ends.reopen()?);
        Ok(Self {
            count: 0,
            text_bytes: 0,
            texts: BufWriter::new(texts.into_file()),
            ends: BufWriter::new(ends.into_file()),
            texts_window: Window::new(texts_again),
            ends_window: Window::new(ends_again),
        })
    }

    fn push(&mut self, text: &str) -> Result<(), FormatError> {
        self.texts.write_all(text.as_bytes())?;
        self.text_bytes += text.len() as u64;
        self.ends.write_all(&self.text_bytes.to_le_bytes())?;
        self.count += 1;
        Ok(())
    }

    fn get(&mut self, number: u64) -> Result<String, FormatError> {
        self.texts.flush()?;
        self.ends.flush()?;
        let start = match number.checked_sub(1) {
            Some(previous) => self.end_of(previous)?,
            None => 0,
        };
        let length = usize::try_from(self.end_of(number)? - start).unwrap_or(usize::MAX);
        let mut text = vec![0; length];
        self.texts_window.read_at(start, &mut text)?;
        String::from_utf8(text).map_err(|error| FormatError::damaged(error.to_string()))
    }

    fn end_of(&mut self, number: u64) -> Result<u64, FormatError> {
        let mut end = [0; 8];
        self.ends_window.read_at(number * 8, &mut end)?;
        Ok(u64::from_le_bytes(end))
    }
}

/// Reads at offsets; neighbouring reads are served from the buffer.
struct Window {
    file: BufReader<File>,
    position: u64,
}

impl Window {
    fn new(file: File) -> Self {
        Self { file: BufReader::with_capacity(32 << 10, file), position: 0 }
    }

    fn read_at(&mut self, offset: u64, target: &mut [u8]) -> Result<(), FormatError> {
        let distance = offset.wrapping_sub(self.position).cast_signed();
        self.file.seek_relative(distance)?;
        self.file.read_exact(target)?;
        self.position = offset + target.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn texts_survive_the_way_through_the_temporary_file() {
        let mut table = TextTable::new(1 << 20);
        table.max_bytes_in_memory = 64;
        for number in 0..5_000 {
            table.push(&format!("текст {number}")).unwrap();
        }
        assert!(table.spill.is_some());
        for number in (0..5_000).chain([4_999, 0, 17, 2_500, 2_499]) {
            assert_eq!(table.get(number).unwrap(), Some(format!("текст {number}")));
        }
        assert_eq!(table.get(5_000).unwrap(), None);
    }

    #[test]
    fn the_table_is_bounded() {
        let mut table = TextTable::new(100);
        assert!(table.push(&"x".repeat(80)).is_ok());
        assert!(matches!(table.push("too much"), Err(FormatError::TooLarge { .. })));
    }
}
