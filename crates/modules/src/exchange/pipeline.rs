//! Reading ahead: a thread parses the file and checks values while the caller writes; a bounded channel of batches lies between.
//!
//! What must stay true: the batches depend on the file and the first row alone, so an interrupted import continues with the same ones;
//! memory holds a few batches, however long the rows are.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel, sync_channel};
use std::time::Duration;

use file_formats::{Cell, FormatError, ReadOptions, SourceRow};
use record_engine::error::{EngineError, Result};

use record_engine::write::Prepared;

use super::assemble::{Assembler, Candidate};
use super::error::of_file;

/// Rows of one transaction.
pub(crate) const BATCH_ROWS: usize = 500;
/// Text of one transaction, in bytes: rows may be long.
const BATCH_BYTES: usize = 4 << 20;
/// Batches that wait for the writer.
const AHEAD: usize = 2;
/// How long the caller hears nothing while the reader is far from the next batch.
const TICK: Duration = Duration::from_secs(15);
/// Rows between two signs of life while a file is only counted.
const COUNT_STEP: u64 = 50_000;

/// Rows that are written together.
pub(crate) struct Batch {
    pub candidates: Vec<Candidate>,
    /// Each of them as a new record, when the job asked for that.
    pub prepared: Option<Prepared>,
    /// Number of the last row.
    pub last_row: u64,
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
    of_cells
        + row.card.as_ref().map_or(0, |card| card.note.len() + card.photo.as_ref().map_or(0, |photo| photo.bytes.len()))
}

/// Makes candidates ready for their transaction, on the reader's thread.
pub(crate) type Prepare<'a> = &'a (dyn Fn(&mut [Candidate]) -> Option<Prepared> + Sync);

/// Hands the rows behind `after_row` to `work` in batches, made ready by `prepare`. `is_alive` is called when the next batch takes long, so a lease can be kept.
///
/// # Errors
/// Those of the file, after the batches before the error; those of `work`.
pub(crate) fn for_each_batch(
    path: &Path,
    options: &ReadOptions,
    assembler: &Assembler<'_>,
    after_row: u64,
    prepare: Prepare<'_>,
    is_alive: impl Fn() -> Result<()>,
    mut work: impl FnMut(&mut Batch) -> Result<()>,
) -> Result<()> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<std::result::Result<Batch, FormatError>>(AHEAD);
        // What was written goes back to be freed: that is a tenth of the writer's work, and the reader has time.
        let (done, written) = channel::<Batch>();
        let reader = std::thread::Builder::new().name("import-reader".into()).spawn_scoped(scope, move || {
            let result = read(path, options, assembler, after_row, &mut |mut batch| {
                batch.prepared = prepare(&mut batch.candidates);
                written.try_iter().for_each(drop);
                sender.send(Ok(batch)).is_ok()
            });
            if let Err(error) = result {
                // When nobody listens any more, nobody needs to hear of it either.
                let _ = sender.send(Err(error));
            }
        })?;
        let mut result = Ok(());
        while result.is_ok() {
            result = match receiver.recv_timeout(TICK) {
                Ok(Ok(mut batch)) => work(&mut batch).inspect(|()| {
                    // The reader may have read its last row and gone.
                    let _ = done.send(batch);
                }),
                Ok(Err(error)) => Err(of_file(&error)),
                Err(RecvTimeoutError::Timeout) => is_alive(),
                Err(RecvTimeoutError::Disconnected) => break,
            };
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
    let empty = || Batch { candidates: Vec::with_capacity(BATCH_ROWS), prepared: None, last_row: 0 };
    let mut batch = empty();
    let mut bytes = 0;
    while let Some(row) = reader.next_row()? {
        bytes += text_bytes(&row);
        batch.last_row = row.number;
        batch.candidates.push(assembler.candidate(&row));
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
/// Those of the file, and of `is_alive`, which is called now and then.
pub(crate) fn count_rows(path: &Path, options: &ReadOptions, is_alive: impl Fn() -> Result<()>) -> Result<i64> {
    let mut reader = file_formats::open(path, options).map_err(|error| of_file(&error))?;
    let mut rows: u64 = 0;
    while reader.next_row().map_err(|error| of_file(&error))?.is_some() {
        rows += 1;
        if rows.is_multiple_of(COUNT_STEP) {
            is_alive()?;
        }
    }
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}
