//! Imports as clients read them; the shapes stand in `docs/api.md`.

use database::Query;
use file_formats::{FileKind, SourceRow, inspect};
use record_engine::catalog::ObjectType;
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::field_types::FieldKind;
use record_engine::files::FileStore;
use record_engine::history::find_operation;
use record_engine::jobs;
use record_engine::{Engine, RequestContext};
use serde_json::{Map, Value as Json, json};

use super::assemble::{Assembler, Candidate, LinkTitle};
use super::error::ExchangeError;
use super::import_job::{IMPORT_JOB, interim_report};
use super::importable::{Importable, importable};
use super::jobs::normalise_context;
use super::store::{self, Import};
use super::targets;
use super::undo_import::InForce;

/// Rows that a preview shows.
const PREVIEW_ROWS: usize = 20;
/// Values of a column that are shown beside its header.
const SAMPLES: usize = 5;
/// Longest sample, in characters.
const SAMPLE_LENGTH: usize = 100;

type Result<T> = std::result::Result<T, ExchangeError>;

/// An import as clients read it; the shape stands in `docs/api.md`.
///
/// # Errors
/// `NotFound` when there is none or it is somebody else's.
pub fn import_json(engine: &Engine, context: &RequestContext, id: i64) -> Result<Json> {
    let snapshot = engine.snapshot();
    engine.database().read(|tx| import_json_in(tx, engine.files(), &snapshot, context, id))
}

/// [`import_json`] within the caller's transaction.
pub(crate) fn import_json_in(
    tx: &mut dyn Query,
    files: &FileStore,
    snapshot: &Snapshot,
    context: &RequestContext,
    id: i64,
) -> Result<Json> {
    let mut import = store::find_open(tx, context, &snapshot.catalog, id)?;
    if import.inspection.kind == FileKind::Vcard && matches!(import.state.as_str(), "mapping" | "checked") {
        // Sample cards are not stored; reading fifty of them again costs little.
        import.inspection = inspect(&files.path(&import.file_hash), &import.settings.options.read_options())?;
    }
    present(tx, context, snapshot, &import)
}

/// A page of the imports of the actor, or of all for administrators, newest first and without previews; where the next page begins, if there
/// is one.
///
/// # Errors
/// Those of the database.
pub fn list_imports(
    engine: &Engine,
    context: &RequestContext,
    cursor: Option<i64>,
    limit: usize,
) -> Result<(Vec<Json>, Option<i64>)> {
    let snapshot = engine.snapshot();
    engine.database().read(|tx| {
        let mut imports = store::list(tx, context, &snapshot.catalog, cursor, limit + 1)?;
        let has_more = imports.len() > limit;
        imports.truncate(limit);
        let next = imports.last().filter(|_| has_more).map(|import| import.id);
        let shown: Result<Vec<Json>> =
            imports.iter().map(|import| present_head(tx, context, &snapshot, import).map(Json::Object)).collect();
        Ok((shown?, next))
    })
}

fn present_head(
    tx: &mut dyn Query,
    context: &RequestContext,
    snapshot: &Snapshot,
    import: &Import,
) -> Result<Map<String, Json>> {
    let job = match import.job_id {
        Some(id) => jobs::find(tx, id)?,
        None => None,
    };
    let operation = match import.operation_id {
        Some(id) => find_operation(tx, id)?,
        None => None,
    };
    let mut state = import.state.as_str();
    let mut report = import.report.clone();
    // A job that failed or was stopped cannot tell it here by itself.
    if let Some(job) = &job {
        match (state, job.state.as_str()) {
            ("checking", "failed" | "cancelled") => state = "mapping",
            ("running", "failed") => state = "failed",
            ("running", "cancelled") => state = "cancelled",
            _ => {}
        }
        if report.is_none() && job.kind == IMPORT_JOB {
            report = interim_report(job);
        }
    }
    let can_undo = operation.as_ref().is_some_and(|operation| operation.can_be_undone_by(context, &snapshot.catalog));
    if operation.is_some_and(|operation| operation.undone_by.is_some()) {
        state = "undone";
    }
    let job = match job {
        Some(job) => job.present(tx, context, &snapshot.catalog)?,
        None => Json::Null,
    };
    let settings = &import.settings;
    let head = json!({
        "id": import.id,
        "type": import.object_type,
        "file_name": import.file_name,
        "file_size": import.file_size,
        "kind": import.inspection.kind,
        "recognised": settings.recognised,
        "state": state,
        "row_estimate": import.inspection.row_estimate,
        "check": import.check_report,
        "job": job,
        "operation_id": import.operation_id,
        "can_undo": can_undo,
        "report": report,
        "created_at": instant_text(import.created_at),
    });
    match head {
        Json::Object(head) => Ok(head),
        _ => Ok(Map::new()),
    }
}

fn present(tx: &mut dyn Query, context: &RequestContext, snapshot: &Snapshot, import: &Import) -> Result<Json> {
    let object_type = snapshot.object_type(&import.object_type)?;
    let importable = importable(&object_type.name);
    let mut shown = present_head(tx, context, snapshot, import)?;
    let in_force = InForce::read(tx, context, &snapshot.catalog, import)?;
    shown.insert("can_undo".into(), json!(!in_force.own.is_empty()));
    shown.insert("queue_records".into(), json!(in_force.queue_records));
    shown.insert("queue_records_of_others".into(), json!(in_force.foreign_records));
    let settings = &import.settings;
    let inspection = &import.inspection;
    let is_table = inspection.kind != FileKind::Vcard;
    let is_open = shown.get("state").and_then(Json::as_str).is_some_and(|state| matches!(state, "mapping" | "checked"));
    let mut all_targets = if is_table { targets::describe(context, &object_type, importable) } else { Vec::new() };
    for key in settings.mapping.iter().filter_map(|guess| guess.target.as_deref()) {
        if targets::is_hidden(context, &object_type, key) {
            continue;
        }
        if !all_targets.iter().any(|target| target.get("key").and_then(Json::as_str) == Some(key)) {
            all_targets.push(targets::describe_numbered(key, &object_type));
        }
    }
    let rest = json!({
        "options": {
            "sheet": inspection.sheet, "encoding": inspection.encoding, "delimiter": inspection.delimiter,
            "quote": inspection.quote, "has_header": inspection.has_header,
        },
        "sheets": inspection.sheets,
        "columns": if is_table { columns(context, &object_type, import) } else { Vec::new() },
        "targets": all_targets,
        "mode": settings.mode,
        "match_keys": settings.match_keys,
        "defaults": settings.defaults,
        "on_partial_match": settings.on_partial_match,
        "keep_unreadable": settings.keep_unreadable,
        "admits_erased": settings.admits_erased,
        "remember": settings.remember,
        "preview": if is_open { preview(snapshot, &object_type, importable, import) } else { Vec::new() },
    });
    if let Json::Object(rest) = rest {
        shown.extend(rest);
    }
    Ok(Json::Object(shown))
}

fn columns(context: &RequestContext, object_type: &ObjectType, import: &Import) -> Vec<Json> {
    let inspection = &import.inspection;
    import
        .settings
        .mapping
        .iter()
        .enumerate()
        .map(|(index, guess)| {
            let filled = inspection.sample.iter().filter_map(|row| row.get(index)).filter(|cell| !cell.is_empty());
            let samples: Vec<String> =
                filled.take(SAMPLES).map(|cell| cell.to_text().chars().take(SAMPLE_LENGTH).collect()).collect();
            json!({
                "index": index,
                "header": inspection.headers.get(index).map_or("", String::as_str),
                "samples": samples,
                "target": guess.target.as_deref().filter(|key| !targets::is_hidden(context, object_type, key)),
                "is_sure": guess.is_sure,
            })
        })
        .collect()
}

fn preview(snapshot: &Snapshot, object_type: &ObjectType, importable: &dyn Importable, import: &Import) -> Vec<Json> {
    let normalise = normalise_context(snapshot, import);
    let inspection = &import.inspection;
    let assembler = Assembler::new(object_type, importable, &normalise, &inspection.headers, &import.settings);
    let number = |at: usize| inspection.header_row + 1 + at as u64;
    let rows: Vec<SourceRow> = if inspection.kind == FileKind::Vcard {
        let cards = inspection.sample_cards.iter().take(PREVIEW_ROWS).enumerate();
        cards.map(|(at, card)| SourceRow { number: number(at), cells: Vec::new(), card: Some(card.clone()) }).collect()
    } else {
        let rows = inspection.sample.iter().take(PREVIEW_ROWS).enumerate();
        rows.map(|(at, cells)| SourceRow { number: number(at), cells: cells.clone(), card: None }).collect()
    };
    rows.iter()
        .map(|row| {
            let candidate = assembler.candidate(row);
            json!({
                "row": candidate.number,
                "values": preview_values(object_type, &candidate),
                "problems": candidate.problems.iter().map(|problem| json!({
                    "column": problem.column, "field": problem.field, "code": problem.code, "params": problem.params, "value": problem.value,
                })).collect::<Vec<Json>>(),
            })
        })
        .collect()
}

/// The values of a row with titles where the file gives titles, as a card of a new record would show them.
fn preview_values(object_type: &ObjectType, candidate: &Candidate) -> Json {
    let mut values: Map<String, Json> = candidate.values.clone().into_iter().collect();
    for (name, value) in &candidate.defaults {
        values.entry(name.clone()).or_insert_with(|| value.clone());
    }
    for (name, titles) in &candidate.titles {
        let Some(field) = object_type.field(name) else { continue };
        let Some(settings) = field.kind.reference_target() else { continue };
        let entry = |title: &LinkTitle| json!({ "id": null, "title": title.text, "type": settings.target });
        let is_set = matches!(field.kind, FieldKind::ReferenceSet(_));
        let value = if is_set { titles.iter().map(entry).collect() } else { titles.first().map_or(Json::Null, entry) };
        values.insert(name.clone(), value);
    }
    if let Some(id) = candidate.id {
        values.insert("id".into(), json!(id));
    }
    Json::Object(values)
}
