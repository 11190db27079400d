//! The records with which a job did not do what it should, as a table for people: a mass change, a merge of all, a search for places.
//!
//! What must stay true: a title stands there only of what the reader may see; memory does not grow with the job; where a job named only the first
//! of many, the last row says so.

use std::path::Path;

use file_formats::{OutCell, RowWriter};
use record_engine::access::{Action, Scope};
use record_engine::catalog::{Labels, ObjectType, labels};
use record_engine::error::EngineError;
use record_engine::jobs::{Failure, Job, MAX_LISTED, find, read_failures};
use record_engine::query::present::{References, Titles};
use record_engine::{Engine, RequestContext};

use super::causes::{cause, left_out};
use super::error::ExchangeError;
use super::failed_rows::TableFormat;
use super::targets::text_in;

/// Failures that are read at once.
const PAGE: usize = 500;

/// What stands in the first row.
fn headers() -> [Labels; 6] {
    [
        labels(["ID", "ID", "ID"]),
        labels(["Card", "Карточка", "Картка"]),
        labels(["Together with (ID)", "Вместе с (ID)", "Разом із (ID)"]),
        labels(["Field", "Поле", "Поле"]),
        labels(["Cause", "Причина", "Причина"]),
        labels(["Code", "Код", "Код"]),
    ]
}

/// Writes what a job could not do to `path`, a row for each record.
///
/// # Errors
/// `NotFound` for a job that the reader may not know of or that has nothing to list, or those of the file.
pub fn write_left_records(
    engine: &Engine,
    context: &RequestContext,
    job_id: i64,
    format: TableFormat,
    path: &Path,
) -> Result<(), ExchangeError> {
    let snapshot = engine.snapshot();
    let job = engine.database().read(|tx| find(tx, job_id))?;
    let job = job
        .filter(|job| job.opens_values_to(context) && job.listed_count(context.now_ms) > 0)
        .ok_or(EngineError::NotFound)?;
    let object_type = snapshot.object_type(type_of(&job))?;
    let language = context.language.as_str();
    let headers = headers().map(|labels| text_in(&labels, language).to_owned());
    let mut writer = file_formats::create(path, format.write_kind(), &job.kind, &headers)?;
    let mut table = Table { writer: writer.as_mut(), context, object_type: &object_type };
    let mut read = 0;
    loop {
        let (page, titles) = engine.database().read(|tx| {
            let page = read_failures(tx, job_id, read, PAGE)?;
            let mut wanted = References::default();
            for id in page.iter().flat_map(records_of) {
                wanted.add(&object_type.name, id);
            }
            let titles = Titles::load(tx, context, &snapshot.catalog, &wanted)?;
            Ok::<_, EngineError>((page, titles))
        })?;
        read += page.len();
        for failure in &page {
            table.write(failure, &titles)?;
        }
        if page.len() < PAGE {
            break;
        }
    }
    if job.failed_count > MAX_LISTED {
        let text = left_out(MAX_LISTED, job.failed_count, language);
        let none = || OutCell::Text(String::new());
        table.writer.write_row(&[none(), none(), none(), none(), OutCell::Text(text), none()])?;
    }
    writer.finish()?;
    Ok(())
}

/// Payloads name the type by the one word or the other.
fn type_of(job: &Job) -> &str {
    let name = job.payload.get("object_type").or_else(|| job.payload.get("type"));
    name.and_then(serde_json::Value::as_str).unwrap_or_default()
}

fn records_of(failure: &Failure) -> Vec<i64> {
    if failure.ids.is_empty() { vec![failure.id] } else { failure.ids.clone() }
}

struct Table<'a> {
    writer: &'a mut dyn RowWriter,
    context: &'a RequestContext,
    object_type: &'a ObjectType,
}

impl Table<'_> {
    fn write(&mut self, failure: &Failure, titles: &Titles) -> Result<(), ExchangeError> {
        let language = self.context.language.as_str();
        let ids = records_of(failure);
        for id in &ids {
            let others: Vec<String> = ids.iter().filter(|other| *other != id).map(i64::to_string).collect();
            let title = titles.title(&self.object_type.name, *id).unwrap_or_default();
            self.writer.write_row(&[
                OutCell::Integer(*id),
                OutCell::Text(title.to_owned()),
                OutCell::Text(others.join(", ")),
                OutCell::Text(self.field(failure, language)?),
                OutCell::Text(cause(&failure.code, &failure.params, language)),
                OutCell::Text(failure.code.clone()),
            ])?;
        }
        Ok(())
    }

    /// The label of the field that was refused, if the reader may know of it.
    fn field(&self, failure: &Failure, language: &str) -> Result<String, ExchangeError> {
        let scope = Scope::of(self.context, self.object_type, Action::See)?;
        let field = failure.field.as_deref().and_then(|name| self.object_type.field(name));
        let label = field.filter(|field| scope.shows(field)).map(|field| text_in(&field.labels, language));
        Ok(label.unwrap_or_default().to_owned())
    }
}
