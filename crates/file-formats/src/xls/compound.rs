//! The container of old Office files: a small file system of sectors and chains ([MS-CFB]).
//!
//! Chains are followed no further than the file has sectors, so that a loop ends, and a stream is read from the disk sector
//! by sector.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::error::FormatError;
use crate::options::Limits;
use crate::package::{le_u16, le_u32, le_u64};

/// Old workbooks have at most 65,536 rows a sheet; larger files are not tables.
const MAX_FILE_BYTES: u64 = 100 << 20;
const HEADER_BYTES: usize = 512;
const DIRECTORY_ENTRY_BYTES: usize = 128;
const MINI_SECTOR_SHIFT: u32 = 6;
/// Sector numbers from here on are marks: free, end of chain, part of the allocation table.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
/// Entries that the root folder may have.
const MAX_ENTRIES: usize = 4_096;

#[derive(Debug)]
struct Entry {
    name: String,
    first_sector: u32,
    bytes: u64,
}

/// An opened container.
#[derive(Debug)]
pub(crate) struct CompoundFile {
    path: PathBuf,
    sector_shift: u32,
    mini_cutoff: u64,
    /// For every sector the next one of its chain.
    next_sectors: Vec<u32>,
    first_mini_table_sector: u32,
    mini_stream_sector: u32,
    /// The streams of the root folder.
    entries: Vec<Entry>,
}

impl CompoundFile {
    pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Self, FormatError> {
        let mut file = File::open(path)?;
        let file_bytes = file.metadata()?.len();
        let limit = MAX_FILE_BYTES.min(limits.max_file_bytes);
        if file_bytes > limit {
            return Err(FormatError::TooLarge { what: "file", limit });
        }
        let mut header = [0; HEADER_BYTES];
        file.read_exact(&mut header)?;
        let sector_shift = u32::from(le_u16(&header, 0x1E));
        if !matches!(sector_shift, 9 | 12) {
            return Err(FormatError::damaged("impossible sector size"));
        }
        let mut compound = Self {
            path: path.to_owned(),
            sector_shift,
            mini_cutoff: u64::from(le_u32(&header, 0x38)),
            next_sectors: Vec::new(),
            first_mini_table_sector: le_u32(&header, 0x3C),
            mini_stream_sector: FIRST_MARK,
            entries: Vec::new(),
        };
        compound.next_sectors = compound.read_allocation_table(&mut file, &header, file_bytes)?;
        compound.read_directory(&mut file, le_u32(&header, 0x30))?;
        Ok(compound)
    }

    /// Whether the root folder has a stream of this name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// Opens a stream of the root folder.
    pub(crate) fn stream(&self, name: &str) -> Result<Option<SectorStream>, FormatError> {
        let Some(entry) = self.entry(name) else {
            return Ok(None);
        };
        let mut file = File::open(&self.path)?;
        let (extents, shift) = if entry.bytes < self.mini_cutoff {
            (self.mini_extents(&mut file, entry)?, MINI_SECTOR_SHIFT)
        } else {
            let chain = self.chain(entry.first_sector)?;
            let offsets = chain.iter().map(|sector| self.offset_of(*sector)).collect();
            (offsets, self.sector_shift)
        };
        let capacity = (extents.len() as u64) << shift;
        Ok(Some(SectorStream { file, sectors: extents, shift, bytes: entry.bytes.min(capacity), position: 0 }))
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn offset_of(&self, sector: u32) -> u64 {
        (u64::from(sector) + 1) << self.sector_shift
    }

    fn read_sector(&self, file: &mut File, sector: u32) -> Result<Vec<u8>, FormatError> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(self.offset_of(sector)))?;
        file.take(1 << self.sector_shift).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The table itself is scattered: the header lists its first 109 sectors, a chain of list sectors the others.
    fn read_allocation_table(&self, file: &mut File, header: &[u8], file_bytes: u64) -> Result<Vec<u32>, FormatError> {
        let sectors = usize::try_from(file_bytes >> self.sector_shift).unwrap_or(usize::MAX);
        let mut listed = numbers(header.get(0x4C..).unwrap_or_default());
        let mut list_sector = le_u32(header, 0x44);
        let mut lists = 0;
        while list_sector < FIRST_MARK && lists <= sectors {
            let mut list = numbers(&self.read_sector(file, list_sector)?);
            list_sector = list.pop().unwrap_or(FIRST_MARK);
            listed.extend(list);
            lists += 1;
        }
        listed.retain(|sector| *sector < FIRST_MARK);
        let mut next_sectors = Vec::new();
        for sector in listed {
            if next_sectors.len() >= sectors {
                break;
            }
            next_sectors.extend(numbers(&self.read_sector(file, sector)?));
        }
        next_sectors.truncate(sectors);
        Ok(next_sectors)
    }

    /// The sectors of a chain.
    fn chain(&self, first: u32) -> Result<Vec<u32>, FormatError> {
        let mut chain = Vec::new();
        let mut sector = first;
        while sector < FIRST_MARK {
            if chain.len() >= self.next_sectors.len() {
                return Err(FormatError::damaged("a chain of sectors has no end"));
            }
            chain.push(sector);
            sector = usize::try_from(sector)
                .ok()
                .and_then(|index| self.next_sectors.get(index).copied())
                .ok_or_else(|| FormatError::damaged("a chain of sectors leaves the file"))?;
        }
        Ok(chain)
    }

    /// Small streams share sectors of 64 bytes inside one hidden stream.
    fn mini_extents(&self, file: &mut File, entry: &Entry) -> Result<Vec<u64>, FormatError> {
        let mut next_mini = Vec::new();
        for sector in self.chain(self.first_mini_table_sector)? {
            next_mini.extend(numbers(&self.read_sector(file, sector)?));
        }
        let hosts = self.chain(self.mini_stream_sector)?;
        let mut offsets = Vec::new();
        let mut mini = entry.first_sector;
        while mini < FIRST_MARK {
            if offsets.len() >= next_mini.len() {
                return Err(FormatError::damaged("a chain of small sectors has no end"));
            }
            let position = u64::from(mini) << MINI_SECTOR_SHIFT;
            let host = usize::try_from(position >> self.sector_shift)
                .ok()
                .and_then(|index| hosts.get(index))
                .ok_or_else(|| FormatError::damaged("a small sector lies outside"))?;
            let inside = position & ((1 << self.sector_shift) - 1);
            offsets.push(self.offset_of(*host) + inside);
            mini = usize::try_from(mini).ok().and_then(|index| next_mini.get(index).copied()).unwrap_or(FIRST_MARK);
        }
        Ok(offsets)
    }

    /// Only the root folder counts: an embedded object may hold a workbook of its own.
    fn read_directory(&mut self, file: &mut File, first: u32) -> Result<(), FormatError> {
        let mut bytes = Vec::new();
        for sector in self.chain(first)? {
            bytes.extend(self.read_sector(file, sector)?);
        }
        let slots: Vec<&[u8]> = bytes.chunks_exact(DIRECTORY_ENTRY_BYTES).collect();
        let root = slots.first().ok_or_else(|| FormatError::damaged("the directory is empty"))?;
        self.mini_stream_sector = le_u32(root, 0x74);
        let mut pending = vec![le_u32(root, 0x4C)];
        let mut visited = 0;
        while let Some(index) = pending.pop() {
            let Some(slot) = usize::try_from(index).ok().and_then(|index| slots.get(index)) else {
                continue;
            };
            visited += 1;
            if visited > MAX_ENTRIES.min(slots.len()) {
                return Err(FormatError::damaged("the directory is a loop"));
            }
            pending.extend([le_u32(slot, 0x44), le_u32(slot, 0x48)]);
            let is_stream = slot.get(0x42) == Some(&2);
            if is_stream {
                let name_bytes = usize::from(le_u16(slot, 0x40)).clamp(2, 64) - 2;
                let units: Vec<u16> = (0..name_bytes / 2).map(|at| le_u16(slot, at * 2)).collect();
                self.entries.push(Entry {
                    name: String::from_utf16_lossy(&units),
                    first_sector: le_u32(slot, 0x74),
                    // The upper half is undefined in files with small sectors.
                    bytes: le_u64(slot, 0x78) & u64::from(u32::MAX),
                });
            }
        }
        Ok(())
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|chunk| le_u32(chunk, 0)).collect()
}

/// The bytes of one stream, wherever its sectors lie.
#[derive(Debug)]
pub(crate) struct SectorStream {
    file: File,
    /// Offsets in the file.
    sectors: Vec<u64>,
    shift: u32,
    bytes: u64,
    position: u64,
}

impl Read for SectorStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let index = usize::try_from(self.position >> self.shift).unwrap_or(usize::MAX);
        let left = self.bytes.saturating_sub(self.position);
        let Some(start) = self.sectors.get(index).filter(|_| left > 0) else {
            return Ok(0);
        };
        let inside = self.position & ((1 << self.shift) - 1);
        // Sectors that follow one another on the disk are read in one go.
        let wanted = (buffer.len() as u64).min(left);
        let mut run = (1_u64 << self.shift) - inside;
        for pair in self.sectors.get(index..).unwrap_or_default().windows(2) {
            match pair {
                [one, next] if run < wanted && *next == one + (1 << self.shift) => run += 1 << self.shift,
                _ => break,
            }
        }
        let count = usize::try_from(wanted.min(run)).unwrap_or(buffer.len());
        self.file.seek(SeekFrom::Start(start + inside))?;
        let read = self.file.read(buffer.get_mut(..count).unwrap_or_default())?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for SectorStream {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(offset) => self.bytes.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
