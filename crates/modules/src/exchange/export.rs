//! Export: what a filter finds, as a workbook, as text or as address book cards.
//!
//! What must stay true: rows and fields are those of the reader's scope and nothing more; no row that matches is left out; memory does not grow with the rows; what is written
//! here and imported again changes nothing (cards excepted: they hold less than a record).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use file_formats::{OutCell, RowWriter, write_card};
use filter_language::CheckedExpr;
use record_engine::access::{Action, Scope};
use record_engine::catalog::{Field, ObjectType};
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::field_types::FieldKind;
use record_engine::filter_form::Filter;
use record_engine::jobs::{self, JobHandler, JobRun, NewJob};
use record_engine::query::present::{References, Titles};
use record_engine::query::{ListQuery, Sort, check_names, list, list_whole};
use record_engine::{Engine, Record, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::columns::{ExportColumn, PART_LENGTH, Shown, export_columns};
use super::error::{ExchangeError, of_file};
use super::failed_rows::TableFormat;
use super::importable::{Importable, importable};
use super::lines::{write_addresses, write_channels};
use super::targets::text_in;

/// Kind of the job.
pub const EXPORT_JOB: &str = "export";

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
}

#[derive(Serialize, Deserialize)]
struct Payload {
    request: ExportRequest,
    language: String,
}

/// What is kept of a finished export: where its bytes lie.
#[derive(Serialize, Deserialize)]
struct Finished {
    hash: String,
    file_name: String,
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
    Ok(engine.write(|tx| jobs::enqueue(tx, context, &new))?)
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
    if !object_type.access().grants(context.actor).export {
        return Err(ExchangeError::ExportForbidden);
    }
    // What a list refuses is refused now and not by a job later.
    if let Some(names) = &request.fields {
        check_names(&object_type, &Scope::of(context, &object_type, Action::See)?, names)?;
    }
    let query = list_query(&object_type, context, &request)?;
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
    let is_own = job.user_id == context.actor.user_id();
    if job.kind != EXPORT_JOB || job.state != "done" || !is_own {
        return Err(EngineError::NotFound.into());
    }
    let payload: Payload =
        serde_json::from_value(job.payload.clone()).map_err(|error| EngineError::Stored(error.to_string()))?;
    let object_type = engine.snapshot().object_type(&payload.request.object_type)?;
    // Rights are those of now: whoever lost them does not keep the files.
    if !object_type.access().grants(context.actor).export {
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
        is_trash: false,
        within: None,
    })
}

/// The job of an export. One that died begins anew: its file appears only when it is complete.
pub(crate) struct ExportJob;

impl JobHandler for ExportJob {
    fn kind(&self) -> &'static str {
        EXPORT_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let payload: Payload =
            serde_json::from_value(run.payload().clone()).map_err(|error| EngineError::Stored(error.to_string()))?;
        let engine = run.engine();
        let snapshot = engine.snapshot();
        let context = RequestContext { language: payload.language, ..run.context() };
        let object_type = snapshot.object_type(&payload.request.object_type)?;
        if !object_type.access().grants(context.actor).export {
            return Err(EngineError::Forbidden);
        }
        // A run that lost its lease must not touch the file of the one that took over.
        let path = engine.files().fresh_path("export");
        let exporter = Exporter {
            run,
            snapshot: &snapshot,
            object_type: &object_type,
            context: &context,
            request: &payload.request,
        };
        let rows = exporter.write(&path).inspect_err(|_| {
            // Nobody can use half a file.
            let _ = std::fs::remove_file(&path);
        })?;
        let (hash, size) = engine.files().keep(&path)?;
        let file_name = file_name(&object_type, &context, payload.request.format);
        let finished = Finished { hash, file_name: file_name.clone() };
        engine.write(|tx| run.checkpoint(tx, &finished, rows))?;
        Ok(json!({ "file_name": file_name, "rows": rows, "size": size }))
    }
}

/// `Контакты 2026-11-22.xlsx`.
fn file_name(object_type: &ObjectType, context: &RequestContext, format: ExportFormat) -> String {
    let labels = record_engine::catalog::labels(object_type.definition.labels_plural);
    let day = record_engine::context::date_of(context.now_ms);
    format!("{} {day}.{}", text_in(&labels, &context.language), format.extension())
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
    Cards { writer: BufWriter<File>, importable: &'static dyn Importable },
}

impl Exporter<'_> {
    fn write(&self, path: &Path) -> Result<i64> {
        let mut output = self.open(path)?;
        let mut query = list_query(self.object_type, self.context, self.request)?;
        let mut rows: i64 = 0;
        loop {
            self.run.check_cancelled()?;
            let engine = self.run.engine();
            let (page, titles) = engine.database().read(|tx| {
                let page = list_whole(tx, self.context, self.object_type, &query)?;
                let mut wanted = References::default();
                page.records.iter().for_each(|record| wanted.add_record(self.object_type, record));
                let titles = Titles::load(tx, self.context, &self.snapshot.catalog, &wanted)?;
                Ok::<_, EngineError>((page, titles))
            })?;
            for record in &page.records {
                self.write_record(&mut output, record, &titles)?;
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
        let format = match self.request.format {
            ExportFormat::Xlsx => TableFormat::Xlsx,
            ExportFormat::Csv => TableFormat::Csv,
            ExportFormat::Vcard => {
                let writer = BufWriter::new(File::create(path)?);
                return Ok(Output::Cards { writer, importable: importable(&self.object_type.name) });
            }
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

    fn write_record(&self, output: &mut Output, record: &Record, titles: &Titles) -> Result<()> {
        match output {
            Output::Table { writer, columns } => {
                let cells: Vec<OutCell> =
                    columns.iter().map(|column| self.cell(&column.shown, record, titles)).collect();
                writer.write_row(&cells).map_err(|error| of_file(&error))
            }
            Output::Cards { writer, importable } => {
                let by_field = self.titles_of(record, titles);
                let card = importable
                    .write_card(&record.values, &by_field)
                    .ok_or(EngineError::State("cards_not_supported"))?;
                Ok(write_card(writer, &card)?)
            }
        }
    }

    /// The titles of the references of a record, by field.
    fn titles_of(&self, record: &Record, titles: &Titles) -> BTreeMap<String, Vec<String>> {
        let mut by_field = BTreeMap::new();
        for field in self.object_type.value_fields() {
            let Some(settings) = field.kind.reference_target() else { continue };
            let found: Vec<String> = ids(record.value(&field.name))
                .filter_map(|id| titles.title(&settings.target, id).map(String::from))
                .collect();
            by_field.insert(field.name.clone(), found);
        }
        by_field
    }

    fn cell(&self, shown: &Shown, record: &Record, titles: &Titles) -> OutCell {
        let language = self.context.language.as_str();
        let text = |text: String| if text.is_empty() { OutCell::Empty } else { OutCell::Text(text) };
        let field_of = |name: &str| self.object_type.field(name);
        match shown {
            Shown::Id => OutCell::Integer(record.id),
            Shown::Ids { field } => {
                let ids: Vec<String> = self.reference_ids(field, record).into_iter().map(|id| id.to_string()).collect();
                match ids.as_slice() {
                    [only] => only.parse().map_or(OutCell::Empty, OutCell::Integer),
                    several => text(several.join("\n")),
                }
            }
            Shown::Titles { field } => {
                let Some(settings) = field_of(field).and_then(|field| field.kind.reference_target()) else {
                    return OutCell::Empty;
                };
                let titles: Vec<String> = self
                    .reference_ids(field, record)
                    .into_iter()
                    .filter_map(|id| titles.title(&settings.target, id).map(String::from))
                    .collect();
                text(titles.join("\n"))
            }
            Shown::Channels { field, kind } => match field_of(field).map(|field| &field.kind) {
                Some(FieldKind::Channels(settings)) => {
                    text(write_channels(record.value(field), kind, &settings.channel_labels, language))
                }
                _ => OutCell::Empty,
            },
            Shown::Addresses { field } => match field_of(field).map(|field| &field.kind) {
                Some(FieldKind::Addresses(settings)) => {
                    text(write_addresses(record.value(field), &settings.address_labels, language))
                }
                _ => OutCell::Empty,
            },
            Shown::Value { field, part } => match field_of(field) {
                Some(field) if field.is_system => system_cell(&field.name, record),
                Some(field) => value_cell(field, record.value(&field.name), *part, language),
                None => OutCell::Empty,
            },
        }
    }

    fn reference_ids(&self, field: &str, record: &Record) -> Vec<i64> {
        match field {
            "created_by" => record.created_by.into_iter().collect(),
            "updated_by" => record.updated_by.into_iter().collect(),
            field => ids(record.value(field)).collect(),
        }
    }
}

fn ids(value: &Json) -> impl Iterator<Item = i64> + '_ {
    let several = value.as_array().into_iter().flatten().filter_map(Json::as_i64);
    value.as_i64().into_iter().chain(several)
}

fn system_cell(name: &str, record: &Record) -> OutCell {
    match name {
        "created_at" => instant_cell(&instant_text(record.created_at)),
        "updated_at" => instant_cell(&instant_text(record.updated_at)),
        _ => OutCell::Empty,
    }
}

/// A moment as a cell of a spreadsheet where that loses nothing.
fn instant_cell(text: &str) -> OutCell {
    match text.strip_suffix(".000Z") {
        Some(seconds) => OutCell::DateTime(seconds.to_owned()),
        None if text.is_empty() => OutCell::Empty,
        None => OutCell::Text(text.to_owned()),
    }
}

fn value_cell(field: &Field, value: &Json, part: usize, language: &str) -> OutCell {
    if value.is_null() {
        return OutCell::Empty;
    }
    let own = |text: &str| if text.is_empty() { OutCell::Empty } else { OutCell::Text(text.to_owned()) };
    match &field.kind {
        FieldKind::LongText(_) => own(part_of(value.as_str().unwrap_or_default(), part)),
        FieldKind::Choice(_) => own(&option_text(field, value.as_str().unwrap_or_default(), language)),
        FieldKind::ChoiceSet(_) => {
            let keys = value.as_array().into_iter().flatten().filter_map(Json::as_str);
            own(&keys.map(|key| option_text(field, key, language)).collect::<Vec<_>>().join("\n"))
        }
        FieldKind::Number(_) => match (value.as_i64(), value.as_f64()) {
            (Some(whole), _) => OutCell::Integer(whole),
            (None, Some(number)) => OutCell::Number(number),
            (None, None) => OutCell::Empty,
        },
        FieldKind::Money(_) => {
            let amount = value.get("amount").and_then(Json::as_i64).unwrap_or_default();
            let currency = value.get("currency").and_then(Json::as_str).unwrap_or_default();
            let sign = if amount < 0 { "-" } else { "" };
            own(&format!("{sign}{}.{:02} {currency}", amount.unsigned_abs() / 100, amount.unsigned_abs() % 100))
        }
        FieldKind::Checkbox => OutCell::Boolean(value == &Json::Bool(true)),
        FieldKind::Date => OutCell::Date(value.as_str().unwrap_or_default().to_owned()),
        FieldKind::DateTime => instant_cell(value.as_str().unwrap_or_default()),
        _ => own(value.as_str().unwrap_or_default()),
    }
}

/// The label of an option, unless another option has the same: then its key.
fn option_text(field: &Field, key: &str, language: &str) -> String {
    let options = field.kind.options().unwrap_or_default();
    let Some(option) = options.iter().find(|option| option.key == key) else { return key.to_owned() };
    let label = text_in(&option.labels, language);
    let is_exact = match &field.kind {
        FieldKind::Choice(settings) | FieldKind::ChoiceSet(settings) => {
            settings.find(label).is_some_and(|found| found.key == key)
        }
        _ => false,
    };
    if is_exact && !label.contains('\n') { label.to_owned() } else { key.to_owned() }
}

/// A part of a text that is too long for one cell, cut where no blank stands, since blanks at the ends of cells are lost.
fn part_of(text: &str, part: usize) -> &str {
    let mut rest = text;
    for _ in 0..part {
        rest = rest.get(cut_of(rest)..).unwrap_or_default();
    }
    rest.get(..cut_of(rest)).unwrap_or_default()
}

fn cut_of(text: &str) -> usize {
    let Some((limit, _)) = text.char_indices().nth(PART_LENGTH) else { return text.len() };
    let is_inner = |at: usize| {
        let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
        !before.ends_with(char::is_whitespace) && !behind.starts_with(char::is_whitespace)
    };
    let mut places = text.char_indices().map(|(at, _)| at).filter(|at| *at <= limit && *at > limit / 2);
    places.rfind(|at| is_inner(*at)).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_letters() {
        let text = format!("{} {}", "слово ".repeat(7_000).trim_end(), "в".repeat(40_000));
        let parts: Vec<&str> = (0..4).map(|part| part_of(&text, part)).collect();
        assert_eq!(parts.concat(), text);
        for part in parts {
            assert!(part.chars().count() <= PART_LENGTH);
            assert_eq!(part.trim(), part);
        }
    }
}
