//! Reading ahead: a thread parses the file and checks values while the caller writes; a bounded channel of batches lies between.
//!
//! What must stay true: the batches depend on the file and the first row alone, so an interrupted import continues with the same ones;
//! memory holds a few batches, however long the rows are.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::sync_channel;

use file_formats::{Cell, FormatError, ReadOptions, SourceRow};
use record_engine::error::{EngineError, Result};

use super::assemble::{Assembler, Candidate};
use super::error::of_file;

/// Rows of one transaction.
pub(crate) const BATCH_ROWS: usize = 500;
/// Text of one transaction, in bytes: rows may be long.
const BATCH_BYTES: usize = 4 << 20;
/// Batches that wait for the writer.
const AHEAD: usize = 2;

/// Rows that are written together.
pub(crate) struct Batch {
    pub candidates: Vec<Candidate>,
    /// Number of the last row.
    pub last_row: u64,
    /// What cards hold and the type cannot take, by name.
    pub ignored: BTreeMap<String, u64>,
}

fn text_bytes(row: &SourceRow) -> usize {
    let of_cells: usize = row
        .cells
        .iter()
        .map(|cell| match cell {
            Cell::Text(text) => text.len(),
            _ => 0,
        })
        .sum();
    of_cells + row.card.as_ref().map_or(0, |card| card.note.len())
}

/// Hands the rows behind `after_row` to `work` in batches.
///
/// # Errors
/// Those of the file, after the batches before the error; those of `work`.
pub(crate) fn for_each_batch(
    path: &Path,
    options: &ReadOptions,
    assembler: &Assembler<'_>,
    after_row: u64,
    mut work: impl FnMut(Batch) -> Result<()>,
) -> Result<()> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<std::result::Result<Batch, FormatError>>(AHEAD);
        let reader = std::thread::Builder::new().name("import-reader".into()).spawn_scoped(scope, move || {
            let result = read(path, options, assembler, after_row, &mut |batch| sender.send(Ok(batch)).is_ok());
            if let Err(error) = result {
                // When nobody listens any more, nobody needs to hear of it either.
                let _ = sender.send(Err(error));
            }
        })?;
        let mut result = Ok(());
        for batch in &receiver {
            result = match batch {
                Ok(batch) => work(batch),
                Err(error) => Err(of_file(&error)),
            };
            if result.is_err() {
                break;
            }
        }
        drop(receiver);
        match reader.join() {
            Ok(()) => result,
            Err(_) => Err(EngineError::Stored("the reader of an import panicked".into())),
        }
    })
}

fn read(
    path: &Path,
    options: &ReadOptions,
    assembler: &Assembler<'_>,
    after_row: u64,
    send: &mut dyn FnMut(Batch) -> bool,
) -> std::result::Result<(), FormatError> {
    let mut reader = file_formats::open(path, options)?;
    if after_row > 0 {
        reader.skip_to(after_row + 1)?;
    }
    let empty = || Batch { candidates: Vec::with_capacity(BATCH_ROWS), last_row: 0, ignored: BTreeMap::new() };
    let mut batch = empty();
    let mut bytes = 0;
    while let Some(row) = reader.next_row()? {
        bytes += text_bytes(&row);
        batch.last_row = row.number;
        let candidate = assembler.candidate(&row, &mut batch.ignored);
        batch.candidates.push(candidate);
        if batch.candidates.len() >= BATCH_ROWS || bytes >= BATCH_BYTES {
            bytes = 0;
            if !send(std::mem::replace(&mut batch, empty())) {
                return Ok(());
            }
        }
    }
    if !batch.candidates.is_empty() {
        send(batch);
    }
    Ok(())
}

/// Reads a whole file without keeping anything; answers how many rows there are.
///
/// # Errors
/// Those of the file.
pub(crate) fn count_rows(path: &Path, options: &ReadOptions) -> std::result::Result<u64, FormatError> {
    let mut reader = file_formats::open(path, options)?;
    let mut rows = 0;
    while reader.next_row()?.is_some() {
        rows += 1;
    }
    Ok(rows)
}
