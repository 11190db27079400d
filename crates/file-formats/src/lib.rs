//! Reads and writes the files by which contacts come in and go out: XLSX, XLS, ODS, CSV and vCard; and calendars.
//!
//! What stays true:
//!
//! - Memory does not grow with the file. Everything is a stream of rows; the one table that must be kept (shared strings)
//!   moves to a temporary file when it becomes large.
//! - Files are hostile until read. Every part is bounded while it is unpacked, every announced size is distrusted, no
//!   external entity is followed, and a refusal comes before the resources are spent. Nothing here panics on any input.
//! - Nothing is lost or invented silently: values come as they are stored, and what cannot be read is an error with a row.
//! - What is written here and read here again is unchanged.
//!
//! It deliberately does not know databases, fields, mappings or languages: errors carry codes and values, no sentences.
//!
//! | Module | Holds |
//! |---|---|
//! | `reader`, `table`, `row`, `cell` | opening, header detection, rows and their limits |
//! | `kind` | telling formats apart by content |
//! | `package`, `xml` | bounded access to zipped XML |
//! | `xlsx`, `ods`, `xls`, `delimited`, `vcard` | one format each |
//! | `icalendar` | calendars, out as a whole, in and out entry by entry |
//! | `write`, `formula_guard` | exports that no spreadsheet runs as formulas |

mod archive;
mod cell;
mod date;
mod delimited;
mod error;
mod formula_guard;
mod icalendar;
mod kind;
mod number_format;
mod ods;
mod options;
mod package;
mod reader;
mod row;
mod table;
mod text_table;
mod vcard;
mod write;
mod xls;
mod xlsx;
mod xml;

pub use archive::ArchiveWriter;
pub use cell::Cell;
pub use error::FormatError;
pub use icalendar::{
    Alarm, CalendarEntry, CalendarError, Component, MAX_CALENDAR_BYTES, Span, When, read_calendar, write_calendar,
    write_calendar_object,
};
pub use kind::FileKind;
pub use options::{Limits, ReadOptions};
pub use reader::{Inspection, RowReader, SAMPLE_ROWS, inspect, open};
pub use row::SourceRow;
pub use vcard::{
    Card, CardAddress, CardChannel, CardKind, CardPhoto, CardVersion, ChannelKind, read_card, write_card, write_card_as,
};
pub use write::{OutCell, RowWriter, WriteKind, create};
