//! Export: what a filter finds, as a workbook, as text or as address book cards.
//!
//! What must stay true: rows and fields are those of the reader's scope and nothing more; no row that matches is left out; memory does not grow with the rows; what is written
//! here and imported again changes nothing (cards excepted: they hold less than a record).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use file_formats::{Card, RowWriter, write_card};
use filter_language::CheckedExpr;
use record_engine::access::{Action, Feature, Scope};
use record_engine::catalog::{Field, ObjectType};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::files::StoredFile;
use record_engine::filter_form::Filter;
use record_engine::jobs::{self, JobHandler, JobRun, NewJob};
use record_engine::notifications::{self, EXPORT_FINISHED};
use record_engine::query::present::{References, Titles};
use record_engine::query::{ListQuery, Shown, Sort, check_names, list, list_whole};
use record_engine::{Engine, Record, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::columns::{ExportColumn, export_columns};
use super::error::{ExchangeError, of_file};
use super::failed_rows::TableFormat;
use super::file_job::{FileJob, Finished, Made, enqueue_export, make_file};
use super::pivot_file::{self, PivotRequest};
use super::record_cells::{RecordCells, card_of, card_photo, pictures_of};
use super::targets::text_in;

/// Kind of the job.
pub const EXPORT_JOB: &str = FileJob::List.kind();

/// Rows of a page.
const PAGE: usize = record_engine::query::page::MAX_LIMIT;

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Excel workbook; beyond 1,048,575 rows it goes on in further sheets.
    Xlsx,
    /// Comma-separated text in UTF-8.
    Csv,
    /// Address book cards.
    Vcard,
}

impl ExportFormat {
    /// The one of a table; `None` for cards.
    fn table(self) -> Option<TableFormat> {
        match self {
            ExportFormat::Xlsx => Some(TableFormat::Xlsx),
            ExportFormat::Csv => Some(TableFormat::Csv),
            ExportFormat::Vcard => None,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Csv => "csv",
            ExportFormat::Vcard => "vcf",
        }
    }
}

/// What to export.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// Name of the object type.
    #[serde(rename = "type")]
    pub object_type: String,
    /// The file's format.
    pub format: ExportFormat,
    /// Filter in text or JSON form; all records without it.
    #[serde(default)]
    pub filter: Option<Filter>,
    /// Part of a name, phone, e-mail.
    #[serde(default)]
    pub search: Option<String>,
    /// As in lists; by id without it.
    #[serde(default)]
    pub sort: Option<String>,
    /// Names of the fields to write; all visible ones without it.
    #[serde(default)]
    pub fields: Option<Vec<String>>,
    /// Not the records themselves, but what they come to in a table of groups; then neither `sort` nor `fields`, and no cards.
    #[serde(default)]
    pub pivot: Option<PivotRequest>,
}

impl ExportRequest {
    /// Refuses what means nothing beside a pivot table.
    fn check_pivot(&self) -> Result<()> {
        let odd = [
            ("format", self.format == ExportFormat::Vcard),
            ("fields", self.fields.is_some()),
            ("sort", self.sort.is_some()),
        ];
        match odd.iter().find(|(_, is_odd)| self.pivot.is_some() && *is_odd) {
            Some((name, _)) => Err(EngineError::field(FieldError::new(name, "not_with_pivot"))),
            None => Ok(()),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub request: ExportRequest,
    language: String,
}

/// Starts an export; answers the job.
///
/// # Errors
/// As [`prepare_export`].
pub fn start_export(
    engine: &Engine,
    context: &RequestContext,
    request: ExportRequest,
) -> std::result::Result<i64, ExchangeError> {
    let new = prepare_export(engine, context, request)?;
    Ok(engine.write(|tx| enqueue_export(tx, context, &new))?)
}

/// The job of an export, to be started by the caller.
///
/// # Errors
/// `ExportForbidden` for roles that may not export, `NotFound` for an unknown type, `Filter` and `Invalid` for what lists would refuse too.
pub fn prepare_export(
    engine: &Engine,
    context: &RequestContext,
    request: ExportRequest,
) -> std::result::Result<NewJob, ExchangeError> {
    let snapshot = engine.snapshot();
    let object_type = snapshot.object_type(&request.object_type)?;
    if !context.permissions(&object_type).may(Action::Export) {
        return Err(ExchangeError::ExportForbidden);
    }
    // What a list refuses is refused now and not by a job later.
    request.check_pivot()?;
    if let Some(names) = &request.fields {
        check_names(&object_type, &Scope::of(context, &object_type, Action::See)?, names)?;
    }
    let query = list_query(&object_type, context, &request)?;
    if let Some(pivot) = &request.pivot {
        pivot.check(context, &object_type, shown(&query))?;
    }
    let first = ListQuery { limit: 1, ..query };
    engine.database().read(|tx| list(tx, context, &object_type, &first))?;
    let payload = Payload { request, language: context.language.clone() };
    let payload = serde_json::to_value(&payload).map_err(|error| EngineError::Stored(error.to_string()))?;
    Ok(NewJob { kind: EXPORT_JOB, payload, total: None })
}

/// The file of a finished export and the name for it.
///
/// # Errors
/// `NotFound` unless it is a finished export of the actor himself; `ExportForbidden` when he may no longer export.
pub fn export_file(
    engine: &Engine,
    context: &RequestContext,
    job_id: i64,
) -> std::result::Result<(PathBuf, String), ExchangeError> {
    let job = engine.database().read(|tx| jobs::find(tx, job_id))?.ok_or(EngineError::NotFound)?;
    if job.state != "done" || !job.is_own(context) {
        return Err(EngineError::NotFound.into());
    }
    // Rights are those of now: whoever lost them does not keep the files.
    let is_allowed = match FileJob::of_kind(&job.kind).ok_or(EngineError::NotFound)? {
        FileJob::List => {
            let payload: Payload =
                serde_json::from_value(job.payload.clone()).map_err(|error| EngineError::Stored(error.to_string()))?;
            let object_type = engine.snapshot().object_type(&payload.request.object_type)?;
            context.permissions(&object_type).may(Action::Export)
        }
        FileJob::Everything => context.may(Feature::AllData),
        FileJob::Person => context.may(Feature::PersonalData),
    };
    if !is_allowed {
        return Err(ExchangeError::ExportForbidden);
    }
    let finished: Option<Finished> = job.position.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let finished = finished.ok_or(EngineError::NotFound)?;
    Ok((engine.files().path(&finished.hash), finished.file_name))
}

fn list_query(object_type: &ObjectType, context: &RequestContext, request: &ExportRequest) -> Result<ListQuery> {
    let sort = request.sort.as_deref().map(Sort::parse).filter(|sort| !sort.is_empty());
    let filter = request.filter.as_ref().map(|filter| filter.compile(object_type, context)).transpose()?;
    Ok(ListQuery {
        filter: filter.unwrap_or_else(CheckedExpr::all),
        sort: sort.unwrap_or_else(|| vec![Sort { field: "id".into(), is_descending: false }]),
        fields: None,
        limit: PAGE,
        cursor: None,
        search: request.search.clone(),
        action: Action::Export,
        ..ListQuery::default()
    })
}

/// What a pivot table is made of.
fn shown(query: &ListQuery) -> Shown<'_> {
    Shown { filter: &query.filter, search: query.search.as_deref(), is_trash: false }
}

/// The job of an export. One that died begins anew: its file appears only when it is complete.
pub(crate) struct ExportJob;

impl JobHandler for ExportJob {
    fn kind(&self) -> &'static str {
        EXPORT_JOB
    }

    fn tells_of_its_end(&self) -> Option<&'static notifications::Kind> {
        Some(&EXPORT_FINISHED)
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let payload: Payload =
            serde_json::from_value(run.payload().clone()).map_err(|error| EngineError::Stored(error.to_string()))?;
        let engine = run.engine();
        let snapshot = engine.snapshot();
        let context = RequestContext { language: payload.language, ..run.context() };
        let object_type = snapshot.object_type(&payload.request.object_type)?;
        if !context.permissions(&object_type).may(Action::Export) {
            return Err(EngineError::Forbidden);
        }
        let exporter = Exporter {
            run,
            snapshot: &snapshot,
            object_type: &object_type,
            context: &context,
            request: &payload.request,
        };
        let file_name = file_name(&object_type, &context, &payload.request);
        make_file(run, FileJob::List, |path| Ok(Made { rows: exporter.write(path)?, file_name: file_name.clone() }))
    }
}

/// `Контакты 2026-11-22.xlsx`.
fn file_name(object_type: &ObjectType, context: &RequestContext, request: &ExportRequest) -> String {
    let labels = record_engine::catalog::labels(object_type.definition.labels_plural);
    let plural = text_in(&labels, &context.language);
    let title = match request.pivot {
        Some(_) => pivot_file::title(plural, &context.language),
        None => plural.to_owned(),
    };
    let day = record_engine::context::date_of(context.now_ms);
    format!("{title} {day}.{}", request.format.extension())
}

struct Exporter<'a> {
    run: &'a JobRun<'a>,
    snapshot: &'a Snapshot,
    object_type: &'a ObjectType,
    context: &'a RequestContext,
    request: &'a ExportRequest,
}

enum Output {
    Table { writer: Box<dyn RowWriter>, columns: Vec<ExportColumn> },
    Cards { writer: BufWriter<File> },
}

impl Exporter<'_> {
    fn write(&self, path: &Path) -> Result<i64> {
        if let (Some(pivot), Some(format)) = (&self.request.pivot, self.request.format.table()) {
            let query = list_query(self.object_type, self.context, self.request)?;
            let (engine, at) = (self.run.engine(), (path, format));
            return pivot_file::write(engine, self.snapshot, self.context, self.object_type, pivot, shown(&query), at);
        }
        let mut output = self.open(path)?;
        let mut query = list_query(self.object_type, self.context, self.request)?;
        let mut rows: i64 = 0;
        loop {
            self.run.check_cancelled()?;
            let engine = self.run.engine();
            let (page, titles, pictures) = engine.database().read(|tx| {
                query.ground(tx, self.object_type)?;
                let page = list_whole(tx, self.context, self.object_type, &query)?;
                let mut wanted = References::default();
                page.records.iter().for_each(|record| wanted.add_record(self.object_type, record));
                let titles = Titles::load(tx, self.context, &self.snapshot.catalog, &wanted)?;
                let has_pictures = matches!(output, Output::Cards { .. });
                let pictures = match has_pictures {
                    true => pictures_of(tx, self.object_type, &page.records)?,
                    false => BTreeMap::new(),
                };
                Ok::<_, EngineError>((page, titles, pictures))
            })?;
            for record in &page.records {
                self.write_record(&mut output, record, &titles, pictures.get(&record.id))?;
            }
            rows += i64::try_from(page.records.len()).unwrap_or(0);
            self.run.show(rows, None, None)?;
            match page.next_cursor {
                Some(cursor) => query.cursor = Some(cursor),
                None => break,
            }
        }
        match output {
            Output::Table { writer, .. } => writer.finish().map_err(|error| of_file(&error))?,
            Output::Cards { mut writer, .. } => writer.flush()?,
        }
        Ok(rows)
    }

    fn open(&self, path: &Path) -> Result<Output> {
        let scope = Scope::of(self.context, self.object_type, Action::See)?;
        let Some(format) = self.request.format.table() else {
            let writer = BufWriter::new(File::create(path)?);
            return Ok(Output::Cards { writer });
        };
        let is_wanted = |field: &Field| {
            let is_named = self.request.fields.as_ref().is_none_or(|names| names.contains(&field.name));
            is_named && !field.is_retired && scope.shows(field)
        };
        let columns = export_columns(self.object_type, &self.context.language, &is_wanted);
        let headers: Vec<String> = columns.iter().map(|column| column.header.clone()).collect();
        let labels = record_engine::catalog::labels(self.object_type.definition.labels_plural);
        let sheet = text_in(&labels, &self.context.language);
        let writer =
            file_formats::create(path, format.write_kind(), sheet, &headers).map_err(|error| of_file(&error))?;
        Ok(Output::Table { writer, columns })
    }

    fn write_record(
        &self,
        output: &mut Output,
        record: &Record,
        titles: &Titles,
        picture: Option<&StoredFile>,
    ) -> Result<()> {
        match output {
            Output::Table { writer, columns } => {
                let cells = RecordCells { object_type: self.object_type, language: &self.context.language };
                writer.write_row(&cells.row(columns, record, titles)).map_err(|error| of_file(&error))
            }
            Output::Cards { writer } => {
                let card =
                    card_of(self.object_type, record, titles).ok_or(EngineError::State("cards_not_supported"))?;
                let photo = picture.and_then(|file| card_photo(self.run.engine().files(), file));
                let card = Card { photo, ..card };
                Ok(write_card(writer, &card)?)
            }
        }
    }
}
