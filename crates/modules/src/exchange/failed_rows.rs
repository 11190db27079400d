//! The rows that were not taken, as a file: their original columns behind the row number and the cause, to be corrected and loaded again.
//!
//! What must stay true: the rows come from the uploaded file itself, cell by cell, so nothing of them is lost; both added columns are
//! recognised and left out when the file is loaded again.

use std::path::Path;

use file_formats::{Card, Cell, OutCell, RowWriter, SourceRow, WriteKind};
use record_engine::{Engine, RequestContext};

use super::causes::cause;
use super::columns::failed_row_headers;
use super::error::ExchangeError;
use super::findings::{self, ProblemKind, Stage, StoredProblem};
use super::store::{self, Import};
use super::targets::text_in;

/// Problems that are read at once.
const PAGE: usize = 1_000;
/// Columns of cards, which have no headers of their own.
const CARD_HEADERS: [&str; 6] = ["Name", "Company", "Position", "Phone", "E-mail", "Notes"];

/// The format of a table for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableFormat {
    /// Excel workbook.
    Xlsx,
    /// Comma-separated text in UTF-8.
    Csv,
}

impl TableFormat {
    pub(crate) fn write_kind(self) -> WriteKind {
        match self {
            TableFormat::Xlsx => WriteKind::Xlsx,
            TableFormat::Csv => WriteKind::Csv { delimiter: ',', bom: true },
        }
    }

    /// What a file name ends with.
    pub fn extension(self) -> &'static str {
        match self {
            TableFormat::Xlsx => "xlsx",
            TableFormat::Csv => "csv",
        }
    }
}

/// The stored problems in the order of the rows, page by page.
struct Problems<'a> {
    engine: &'a Engine,
    import_id: i64,
    page: std::vec::IntoIter<StoredProblem>,
    after: (i64, i64),
    is_over: bool,
    ahead: Option<StoredProblem>,
}

impl Problems<'_> {
    fn next(&mut self) -> Result<Option<StoredProblem>, ExchangeError> {
        if let Some(problem) = self.ahead.take() {
            return Ok(Some(problem));
        }
        loop {
            if let Some(problem) = self.page.next() {
                self.after = (problem.row, problem.place);
                return Ok(Some(problem));
            }
            if self.is_over {
                return Ok(None);
            }
            let page = self.engine.database().read(|tx| {
                findings::read(tx, self.import_id, Stage::Import, &["error", "skipped", "decision"], self.after, PAGE)
            })?;
            self.is_over = page.len() < PAGE;
            self.page = page.into_iter();
        }
    }

    /// All problems of the next row.
    fn next_row(&mut self) -> Result<Option<(u64, Vec<StoredProblem>)>, ExchangeError> {
        let Some(first) = self.next()? else { return Ok(None) };
        let row = first.row;
        let mut problems = vec![first];
        while let Some(problem) = self.next()? {
            if problem.row != row {
                self.ahead = Some(problem);
                break;
            }
            problems.push(problem);
        }
        Ok(Some((u64::try_from(row).unwrap_or_default(), problems)))
    }
}

/// Writes the failed and skipped rows of an import to `path`.
///
/// # Errors
/// `NotFound`, or those of the files.
pub fn write_failed_rows(
    engine: &Engine,
    context: &RequestContext,
    id: i64,
    format: TableFormat,
    path: &Path,
) -> Result<(), ExchangeError> {
    let snapshot = engine.snapshot();
    let import = engine.database().read(|tx| store::find_open(tx, context, &snapshot.catalog, id))?;
    let language = context.language.as_str();
    let source = engine.files().path(&import.file_hash);
    let mut reader = file_formats::open(&source, &import.settings.options.read_options())?;
    let width = import.settings.mapping.len().max(reader.headers().len());
    let is_cards = import.settings.mapping.is_empty();
    let mut headers: Vec<String> =
        failed_row_headers().iter().map(|labels| text_in(labels, language).to_owned()).collect();
    if is_cards {
        headers.extend(CARD_HEADERS.map(String::from));
    } else {
        headers.extend((0..width).map(|at| reader.headers().get(at).cloned().unwrap_or_default()));
    }
    let mut writer = file_formats::create(path, format.write_kind(), &import.file_name, &headers)?;
    let mut problems =
        Problems { engine, import_id: id, page: Vec::new().into_iter(), after: (0, 0), is_over: false, ahead: None };
    let mut wanted = problems.next_row()?;
    while let Some((number, causes)) = &wanted {
        let Some(row) = reader.next_row()? else { break };
        if row.number < *number {
            continue;
        }
        if row.number == *number {
            write_row(writer.as_mut(), &import, language, &row, causes, headers.len())?;
        }
        wanted = problems.next_row()?;
    }
    writer.finish()?;
    Ok(())
}

fn write_row(
    writer: &mut dyn RowWriter,
    import: &Import,
    language: &str,
    row: &SourceRow,
    problems: &[StoredProblem],
    width: usize,
) -> Result<(), ExchangeError> {
    let causes: Vec<String> = problems
        .iter()
        .map(|problem| {
            let code = if problem.kind == ProblemKind::Decision.key() { "undecided" } else { &problem.code };
            let text = cause(code, &problem.params, language);
            let header = problem
                .column
                .and_then(|column| usize::try_from(column).ok())
                .and_then(|column| import.inspection.headers.get(column))
                .filter(|header| !header.trim().is_empty());
            let value = problem.value.as_deref().unwrap_or_default();
            match (header, value) {
                (Some(header), "") => format!("{}: {text}", header.trim()),
                (Some(header), value) => format!("{}: «{value}» {text}", header.trim()),
                (None, "") => text,
                (None, value) => format!("«{value}» {text}"),
            }
        })
        .collect();
    let mut cells =
        vec![OutCell::Integer(i64::try_from(row.number).unwrap_or(i64::MAX)), OutCell::Text(causes.join("\n"))];
    match &row.card {
        Some(card) => cells.extend(card_cells(card)),
        None => cells.extend(row.cells.iter().map(out_cell)),
    }
    cells.resize(width, OutCell::Empty);
    writer.write_row(&cells)?;
    Ok(())
}

fn out_cell(cell: &Cell) -> OutCell {
    match cell {
        Cell::Empty => OutCell::Empty,
        Cell::Text(text) | Cell::Error(text) => OutCell::Text(text.clone()),
        Cell::Number(number) => OutCell::Number(*number),
        Cell::Boolean(flag) => OutCell::Boolean(*flag),
        Cell::Date(day) => OutCell::Date(day.clone()),
        Cell::DateTime(at) => OutCell::DateTime(at.clone()),
    }
}

fn card_cells(card: &Card) -> Vec<OutCell> {
    let of_kind = |kind: file_formats::ChannelKind| {
        let values = card.channels.iter().filter(|channel| channel.kind == kind).map(|channel| channel.value.as_str());
        values.collect::<Vec<_>>().join("\n")
    };
    let name = if card.full_name.is_empty() {
        format!("{} {} {}", card.last_name, card.first_name, card.additional_names).trim().to_owned()
    } else {
        card.full_name.clone()
    };
    [
        name,
        card.organisation.clone(),
        card.position.clone(),
        of_kind(file_formats::ChannelKind::Phone),
        of_kind(file_formats::ChannelKind::Email),
        card.note.clone(),
    ]
    .into_iter()
    .map(OutCell::Text)
    .collect()
}
