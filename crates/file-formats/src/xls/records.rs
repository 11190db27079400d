//! The records that the workbook stream consists of: a type, a length of at most 64 kB, a body.

use std::io::{BufReader, Read, Seek, SeekFrom};

use super::compound::SectorStream;
use crate::error::FormatError;
use crate::package::le_u16;

/// The types of records that are read; all others are passed over.
pub(super) mod kind {
    pub(crate) const FORMULA: u16 = 0x0006;
    pub(crate) const EOF: u16 = 0x000A;
    pub(crate) const DATE_MODE: u16 = 0x0022;
    pub(crate) const FILE_PASS: u16 = 0x002F;
    pub(crate) const CONTINUE: u16 = 0x003C;
    pub(crate) const CODE_PAGE: u16 = 0x0042;
    pub(crate) const BOUND_SHEET: u16 = 0x0085;
    pub(crate) const MUL_RK: u16 = 0x00BD;
    pub(crate) const RICH_STRING: u16 = 0x00D6;
    pub(crate) const XF: u16 = 0x00E0;
    pub(crate) const SST: u16 = 0x00FC;
    pub(crate) const LABEL_SST: u16 = 0x00FD;
    pub(crate) const DIMENSIONS: u16 = 0x0200;
    pub(crate) const NUMBER: u16 = 0x0203;
    pub(crate) const LABEL: u16 = 0x0204;
    pub(crate) const BOOL_ERR: u16 = 0x0205;
    pub(crate) const STRING: u16 = 0x0207;
    pub(crate) const RK: u16 = 0x027E;
    pub(crate) const FORMAT: u16 = 0x041E;
    pub(crate) const BOF: u16 = 0x0809;
}

/// A stream of records.
pub(super) struct Records {
    stream: BufReader<SectorStream>,
    /// The header of the record that comes next, if it was looked at already.
    peeked: Option<(u16, u16)>,
    body: Vec<u8>,
}

impl Records {
    pub(super) fn new(stream: SectorStream) -> Self {
        Self { stream: BufReader::with_capacity(64 << 10, stream), peeked: None, body: Vec::new() }
    }

    /// Goes to the record at an offset of the stream.
    pub(super) fn seek(&mut self, offset: u64) -> Result<(), FormatError> {
        self.peeked = None;
        self.stream.seek(SeekFrom::Start(offset))?;
        Ok(())
    }

    /// The type of the next record, `None` at the end of the stream.
    pub(super) fn peek(&mut self) -> Result<Option<u16>, FormatError> {
        if self.peeked.is_none() {
            let mut header = Vec::with_capacity(4);
            (&mut self.stream).take(4).read_to_end(&mut header)?;
            if header.len() == 4 {
                self.peeked = Some((le_u16(&header, 0), le_u16(&header, 2)));
            }
        }
        Ok(self.peeked.map(|(kind, _)| kind))
    }

    /// Reads the next record; its body is then in [`Records::body`]. `None` at the end of the stream.
    pub(super) fn next(&mut self) -> Result<Option<u16>, FormatError> {
        self.peek()?;
        let Some((kind, length)) = self.peeked.take() else {
            return Ok(None);
        };
        self.body.clear();
        (&mut self.stream).take(u64::from(length)).read_to_end(&mut self.body)?;
        if self.body.len() < usize::from(length) {
            return Err(FormatError::damaged("the workbook ends in a record"));
        }
        Ok(Some(kind))
    }

    /// The body of the record that was read last.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }
}
