//! Bytes of any encoding as a stream of UTF-8, chunk by chunk. The byte order mark and zero bytes are left out.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

use encoding_rs::{CoderResult, Encoding};

use crate::error::FormatError;

const CHUNK_BYTES: usize = 64 << 10;

/// A reader of UTF-8 over a reader of something else. Broken sequences become U+FFFD, so that damage stays visible.
pub(crate) struct Decoder<R> {
    source: R,
    decoder: encoding_rs::Decoder,
    decoded: Vec<u8>,
    start: usize,
    is_at_end: bool,
}

impl<R: BufRead> Decoder<R> {
    pub(crate) fn new(source: R, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            decoded: Vec::new(),
            start: 0,
            is_at_end: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.start >= self.decoded.len() && !self.is_at_end {
            self.decoded.resize(CHUNK_BYTES, 0);
            let input = self.source.fill_buf()?;
            let last = input.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.decoded, last);
            self.source.consume(read);
            self.decoded.truncate(written);
            self.decoded.retain(|byte| *byte != 0);
            self.start = 0;
            self.is_at_end = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Decoder<R> {
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

impl<R: BufRead> BufRead for Decoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.refill()?;
        Ok(self.decoded.get(self.start..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.start = self.start.saturating_add(count);
    }
}

/// The beginning of a file, decoded.
pub(crate) fn read_sample(path: &Path, encoding: &'static Encoding, max_bytes: usize) -> Result<Vec<u8>, FormatError> {
    let mut sample = Vec::new();
    Decoder::new(io::BufReader::new(File::open(path)?), encoding).take(max_bytes as u64).read_to_end(&mut sample)?;
    Ok(sample)
}
