//! Texts and values put into cells of many records at once, as a spreadsheet pastes them: each text is read as an import reads a cell, and all
//! of them are one operation with one undo.
//!
//! What must stay true: a cell that cannot be read, or that a rule refuses, is left as it was and named with its cause; all others are written.
//! An empty text empties its cell. A channel that a text names again keeps its label and comment. A row without a record becomes one: a text in the
//! column of its name is taken apart as an import takes a full name apart.

use std::collections::{BTreeMap, BTreeSet};

use database::Tx;
use file_formats::Cell;
use filter_language::sort_key;
use record_engine::catalog::{Field, ObjectType};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::{ChannelFormat, ChannelsSettings, FieldKind};
use record_engine::query::load_records;
use record_engine::write::{Change, Operation, OperationKind, Outcome, apply};
use record_engine::{Record, RequestContext, Values};
use serde_json::{Map, Value as Json, json};

use super::cells::{field_input, split_channels, split_titles};
use super::importable::{RawRow, importable};
use super::links::{Titles, find_titles};

/// Most records of one call: they are written in one transaction, which others wait for.
pub const MAX_ROWS: usize = 2_000;

/// The cells of one record.
#[derive(Clone, Debug, Default)]
pub struct CellRow {
    /// The record; a number below zero stands for a new one, by which the answer names it.
    pub id: i64,
    /// The version that the caller saw; `None` overwrites whatever stands there.
    pub version: Option<i64>,
    /// By field, values as the API takes them.
    pub values: Values,
    /// By field, what people write.
    pub texts: BTreeMap<String, String>,
}

/// Why a cell, or a whole row, was left as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct CellProblem {
    /// The record.
    pub id: i64,
    /// The field; `None` when it is about the whole record.
    pub field: Option<String>,
    /// Stable code.
    pub code: String,
    /// Values for its text.
    pub params: Map<String, Json>,
}

/// What became of the cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CellsWritten {
    /// The operation; `None` when nothing changed.
    pub operation_id: Option<i64>,
    /// The records that changed or were made.
    pub changed: Vec<i64>,
    /// The number of each new row, and the record that it became.
    pub created: Vec<(i64, i64)>,
    /// How many records had these values already.
    pub unchanged: usize,
    /// First what could not be read, then what was refused.
    pub problems: Vec<CellProblem>,
}

/// A row on its way: the values that are still to be written.
struct Pending {
    id: i64,
    version: Option<i64>,
    values: Values,
}

/// Writes cells in the caller's transaction, as one operation. Cells of one record that come in several rows are put together.
///
/// # Errors
/// Those of the database; what is wrong with cells stands in the result.
pub fn write_cells(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    rows: &[CellRow],
) -> Result<CellsWritten> {
    let mut written = CellsWritten::default();
    let mut pending = read_rows(tx, snapshot, context, object_type, &whole_records(rows), &mut written.problems)?;
    let makes_only = rows.iter().all(|row| row.id < 0);
    let kind = if makes_only { OperationKind::Create } else { OperationKind::Bulk };
    let mut operation = Operation::new(kind, Some(object_type.id));
    let changed: BTreeSet<i64> = rows.iter().map(|row| row.id).filter(|id| *id >= 0).collect();
    // From the second record on it is a mass change, by whatever way it comes.
    let writer = if changed.len() > 1 { snapshot.bulk_writer() } else { snapshot.writer() };
    loop {
        pending.retain(|row| !row.values.is_empty());
        if pending.is_empty() {
            break;
        }
        let changes = pending
            .iter()
            .map(|row| match row.id {
                ..0 => Change::Create { values: row.values.clone() },
                id => Change::Update { id, base_version: row.version, values: row.values.clone() },
            })
            .collect();
        let results = apply(tx, writer, context, &mut operation, object_type, changes)?;
        let mut again = Vec::new();
        for (mut row, result) in pending.into_iter().zip(results) {
            match result {
                Ok(Outcome::Unchanged(_)) => written.unchanged += 1,
                Ok(Outcome::Created(id)) => {
                    written.created.push((row.id, id));
                    written.changed.push(id);
                }
                Ok(outcome) => written.changed.push(outcome.id()),
                Err(error) => {
                    let refused = refusals(&row, error)?;
                    let sent = row.values.len();
                    row.values.retain(|name, _| !refused.iter().any(|problem| problem.field.as_deref() == Some(name)));
                    // Each time a cell is taken away, so this ends; what is about the whole record stands in the way of all its cells.
                    if row.values.len() < sent {
                        again.push(row);
                    }
                    written.problems.extend(refused);
                }
            }
        }
        pending = again;
    }
    written.operation_id = operation.stored_id();
    Ok(written)
}

/// One row for each record, in the order in which they first come.
fn whole_records(rows: &[CellRow]) -> Vec<CellRow> {
    let mut places: BTreeMap<i64, usize> = BTreeMap::new();
    let mut whole: Vec<CellRow> = Vec::with_capacity(rows.len());
    for row in rows {
        match places.get(&row.id).and_then(|place| whole.get_mut(*place)) {
            Some(known) => {
                known.values.extend(row.values.clone());
                known.texts.extend(row.texts.clone());
            }
            None => {
                places.insert(row.id, whole.len());
                whole.push(row.clone());
            }
        }
    }
    whole
}

/// Reads the texts; what cannot be read is named and left out.
fn read_rows(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    rows: &[CellRow],
    problems: &mut Vec<CellProblem>,
) -> Result<Vec<Pending>> {
    let titles = titles_of(tx, snapshot, context, object_type, rows)?;
    let current = channels_before(tx, object_type, rows)?;
    let permissions = context.permissions(object_type);
    let mut pending = Vec::with_capacity(rows.len());
    for row in rows {
        let mut values = row.values.clone();
        let title = object_type.definition.title_field;
        if let Some(text) = row.texts.get(title).filter(|_| row.id < 0) {
            let parts = named(object_type, text.trim(), &values);
            values.extend(parts.into_iter().filter(|(name, _)| !row.texts.contains_key(name)));
        }
        for (name, text) in row.texts.iter().filter(|(name, _)| row.id >= 0 || *name != title) {
            let Some(field) = object_type.field(name).filter(|field| !permissions.hides(&field.name)) else {
                problems.push(problem_of(row.id, &FieldError::new(name, "unknown_field")));
                continue;
            };
            match read_text(snapshot, field, text.trim(), &titles, current.get(&row.id)) {
                Ok(value) => {
                    values.insert(name.clone(), value);
                }
                Err(errors) => problems.extend(errors.iter().map(|error| problem_of(row.id, error))),
            }
        }
        pending.push(Pending { id: row.id, version: row.version, values });
    }
    Ok(pending)
}

/// What the name of a new record says of its fields; a type whose name is a field like others has it there.
fn named(object_type: &ObjectType, text: &str, values: &Values) -> Values {
    let title = object_type.definition.title_field;
    if text.is_empty() {
        return Values::new();
    }
    if object_type.field(title).is_some_and(|field| !field.is_read_only) {
        return Values::from([(title.to_owned(), json!(text))]);
    }
    let extras = BTreeMap::from([("full_name".to_owned(), text.to_owned())]);
    let mut raw = RawRow { extras, values: values.clone(), ..RawRow::default() };
    importable(&object_type.name).prepare(object_type, &mut raw);
    raw.defaults.into_iter().chain(raw.values).collect()
}

/// What the titles in the cells of references mean.
fn titles_of(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    object_type: &ObjectType,
    rows: &[CellRow],
) -> Result<Titles> {
    let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in rows.iter().flat_map(|row| &row.texts) {
        let Some(field) = object_type.field(name).filter(|field| field.kind.reference_target().is_some()) else {
            continue;
        };
        wanted.entry(name).or_default().extend(titles_in(field, text).iter().map(|title| sort_key(title)));
    }
    let mut titles = Titles::default();
    for (name, keys) in wanted {
        find_titles(tx, context, &snapshot.catalog, object_type, name, keys, &mut titles)?;
    }
    Ok(titles)
}

fn titles_in(field: &Field, text: &str) -> Vec<String> {
    split_titles(text.trim(), matches!(field.kind, FieldKind::ReferenceSet(_)))
}

/// The records whose channels are written as texts, as they are: what has a label keeps it.
fn channels_before(tx: &mut Tx, object_type: &ObjectType, rows: &[CellRow]) -> Result<BTreeMap<i64, Record>> {
    let is_channels =
        |name: &String| object_type.field(name).is_some_and(|field| matches!(field.kind, FieldKind::Channels(_)));
    let ids: Vec<i64> = rows.iter().filter(|row| row.texts.keys().any(is_channels)).map(|row| row.id).collect();
    if ids.is_empty() { Ok(BTreeMap::new()) } else { load_records(tx, object_type, &ids, false) }
}

/// The input that a text means.
fn read_text(
    snapshot: &Snapshot,
    field: &Field,
    text: &str,
    titles: &Titles,
    before: Option<&Record>,
) -> std::result::Result<Json, Vec<FieldError>> {
    if text.is_empty() {
        return Ok(Json::Null);
    }
    let input = match &field.kind {
        FieldKind::Reference(_) | FieldKind::ReferenceSet(_) => return ids_of(field, text, titles),
        FieldKind::Channels(settings) => {
            let known = before.and_then(|record| record.value(&field.name).as_array()).map(Vec::as_slice);
            channel_entries(settings, text, known.unwrap_or_default())
        }
        FieldKind::Addresses(_) | FieldKind::File(_) | FieldKind::Filter(_) => {
            return Err(vec![FieldError::new(&field.name, "not_as_text")]);
        }
        kind => field_input(kind, &Cell::Text(text.into())),
    };
    let value = field.behaviour().normalise(field, &input, snapshot.normalise())?;
    Ok(match before {
        Some(before) if matches!(field.kind, FieldKind::Channels(_)) => {
            with_known_entries(value, before.value(&field.name))
        }
        _ => value,
    })
}

fn ids_of(field: &Field, text: &str, titles: &Titles) -> std::result::Result<Json, Vec<FieldError>> {
    let mut ids = Vec::new();
    for title in titles_in(field, text) {
        match titles.get(&(field.name.clone(), sort_key(&title))).map(Vec::as_slice) {
            Some([id]) => ids.push(*id),
            // Which of them is meant only the person knows.
            Some([_, ..]) => return Err(vec![FieldError::new(&field.name, "ambiguous_title").with("value", title)]),
            _ => return Err(vec![FieldError::new(&field.name, "unknown_title").with("value", title)]),
        }
    }
    Ok(match (&field.kind, ids.first()) {
        (FieldKind::ReferenceSet(_), _) => json!(ids),
        (_, Some(id)) => json!(id),
        (_, None) => Json::Null,
    })
}

/// The channels of a cell. What stands on the card already, in the form in which it is shown or stored, is that very entry, with its kind,
/// label and comment, each only once. Of what is new, that with an `@` inside is mail, what looks like an address of a page is one, all
/// else is a phone.
fn channel_entries(settings: &ChannelsSettings, text: &str, known: &[Json]) -> Json {
    let of_format = |formats: &[ChannelFormat]| settings.kinds.iter().find(|kind| formats.contains(&kind.format));
    let mut unused: Vec<&Json> = known.iter().collect();
    let mut take_known = |piece: &str| {
        let is_it = |entry: &&Json| {
            ["display", "value"].iter().any(|part| entry.get(part).and_then(Json::as_str) == Some(piece))
        };
        unused.iter().position(is_it).map(|at| unused.remove(at).clone())
    };
    let mut entries = Vec::new();
    for piece in text.split(['\n', '\r', ';']).map(str::trim).filter(|piece| !piece.is_empty()) {
        if let Some(entry) = take_known(piece) {
            entries.push(entry);
            continue;
        }
        let kind = if piece.starts_with('@') {
            of_format(&[ChannelFormat::Handle, ChannelFormat::PhoneOrHandle])
        } else if piece.contains('@') {
            of_format(&[ChannelFormat::Email])
        } else if piece.contains("://") || piece.starts_with("www.") {
            of_format(&[ChannelFormat::Url])
        } else {
            of_format(&[ChannelFormat::Phone])
        };
        let Some(kind) = kind.or_else(|| settings.kinds.first()) else { continue };
        for value in split_channels(piece, kind.format) {
            entries.push(take_known(&value).unwrap_or_else(|| json!({ "kind": kind.key, "value": value })));
        }
    }
    Json::Array(entries)
}

/// A new entry that turns out to be on the card, written in another way, keeps its label and comment.
fn with_known_entries(value: Json, before: &Json) -> Json {
    let Json::Array(entries) = value else { return value };
    let known = before.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_same = |a: &Json, b: &Json| ["kind", "value"].iter().all(|part| a.get(part) == b.get(part));
    let kept = |entry: Json| known.iter().find(|other| is_same(other, &entry)).cloned().unwrap_or(entry);
    Json::Array(entries.into_iter().map(kept).collect())
}

/// What the write path has against a row, cell by cell where it says so.
fn refusals(row: &Pending, error: EngineError) -> Result<Vec<CellProblem>> {
    Ok(match error {
        EngineError::Invalid(errors) => {
            let all = errors.iter().map(|error| problem_of(row.id, error));
            let (of_cells, others): (Vec<_>, Vec<_>) =
                all.partition(|problem| problem.field.as_ref().is_some_and(|name| row.values.contains_key(name)));
            if row.id < 0 && of_cells.is_empty() {
                // What a new record must have is missing: said at its own cell, where the sheet shows it.
                return Ok(others);
            }
            // What is wrong with other fields mostly follows from these cells: without them it is asked again.
            if of_cells.is_empty() { others.into_iter().map(of_whole_row).collect() } else { of_cells }
        }
        EngineError::Conflict { fields, .. } if !fields.is_empty() => fields
            .iter()
            .map(|conflict| problem_of(row.id, &FieldError::new(&conflict.field, "changed_meanwhile")))
            .collect(),
        // A version that never was has no fields to tell of.
        EngineError::Conflict { .. } | EngineError::NotFound | EngineError::Forbidden | EngineError::State(_) => {
            let (code, params) = error.code_and_params();
            let params = params.as_object().cloned().unwrap_or_default();
            vec![CellProblem { id: row.id, field: None, code, params }]
        }
        other => return Err(other),
    })
}

/// No cell of the row can be left out to mend it; the text of the problem names the field.
fn of_whole_row(mut problem: CellProblem) -> CellProblem {
    if let Some(field) = problem.field.take() {
        problem.params.insert("field".into(), json!(field));
    }
    problem
}

fn field_in(pointer: &str) -> Option<&str> {
    pointer.trim_start_matches('/').split('/').next().filter(|name| !name.is_empty())
}

fn problem_of(id: i64, error: &FieldError) -> CellProblem {
    CellProblem {
        id,
        field: field_in(&error.pointer).map(String::from),
        code: error.code.clone(),
        params: error.params.clone(),
    }
}
