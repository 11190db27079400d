//! Import and export of any object type: files in, files out; and the whole base in one archive (`export_all`).
//!
//! An import is a stored file with settings. It is recognised (`recognise`), shown, checked (a rehearsal of the import over all rows) and
//! imported as a job of batches, all of them one operation with one undo. Each row goes: cells → texts by target (`assemble`) → checked
//! values → which record it means (`matching`, decision D1) → what changes (`merge`, `links`) → the write path of the engine.
//!
//! What must stay true:
//! - what a check says and what the import does come from the same code, [`batch`](self);
//! - an update never erases: empty cells leave values, channels and addresses are added;
//! - rows read = created + updated + unchanged + skipped + failed;
//! - memory does not grow with the file;
//! - what an export writes, an import reads back without a change.
//!
//! It requires `contacts`, for what tells a company from a person, and `pivots`, for a list as a table of groups.
//!
//! What a type adds of its own (full names, companies by name, cards) is declared in `importable`; `contact` is the only place here that
//! knows contacts. It deliberately knows no HTTP and writes records only through the engine.

mod answers;
mod assemble;
mod batch;
mod card_changes;
mod causes;
mod cells;
mod check_job;
mod columns;
mod contact;
mod error;
mod export;
mod export_all;
mod failed_rows;
mod file_job;
mod findings;
mod import_job;
mod importable;
mod jobs;
mod left_records;
mod lines;
mod links;
mod matching;
mod merge;
mod old_exports;
mod pictures;
mod pipeline;
mod pivot_file;
mod present;
mod queue_job;
mod recognise;
mod record_cells;
mod requests;
mod seen;
mod settings;
mod sheet;
mod store;
mod targets;
mod undo_import;

use std::sync::Arc;

use record_engine::jobs::JobHandler;

pub use answers::{Decisions, RowDecision, decide, problems};
pub(crate) use card_changes::{CardChange, CardReading, CardTarget, write_card_change};
pub use check_job::CHECK_JOB;
pub use error::ExchangeError;
pub use export::{EXPORT_JOB, ExportFormat, ExportRequest, export_file, prepare_export, start_export};
pub(crate) use export_all::name_in_archive;
pub use export_all::{EXPORT_ALL_JOB, prepare_export_all};
pub use failed_rows::{TableFormat, write_failed_rows};
pub(crate) use file_job::{FileJob, Made, PersonPayload, make_file, recall_files};
pub use file_job::{enqueue_export, tell_of_download};
pub use import_job::IMPORT_JOB;
pub use left_records::write_left_records;
pub use old_exports::remove_old_exports;
pub use pivot_file::{PivotFigure, PivotRequest};
pub use present::{import_json, list_imports};
pub use queue_job::{QUEUE_JOB, start_queue_in};
pub(crate) use record_cells::{card_of, card_photo, pictures_of};
pub use requests::{
    ColumnMapping, ImportChange, NewImport, PreparedChange, change_import, change_import_in, create_import,
    prepare_change, start_check, start_check_in, start_import, start_import_in,
};
pub use settings::{Decision, FileOptions, MatchKey, Mode, OnPartialMatch};
pub use sheet::{CellProblem, CellRow, CellsWritten, MAX_ROWS, write_cells};
pub use store::MIGRATIONS;
pub(crate) use store::{ImportFile, import_files};
pub use undo_import::{ImportUndone, undo_import_in};

/// The handlers of the jobs of import and export.
pub fn handlers() -> Vec<Arc<dyn JobHandler>> {
    vec![
        Arc::new(check_job::CheckJob),
        Arc::new(import_job::ImportJob),
        Arc::new(queue_job::QueueJob),
        Arc::new(export::ExportJob),
        Arc::new(export_all::ExportAllJob),
    ]
}
