//! The audit log as administrators read it: with the names of people and records that the reader may see, on the screen and as a file.
//!
//! What must stay true: who may read it is asked in one place ([`check_access`]); the file can hold no formula; taking it away is told of too.
//!
//! It requires `exchange`, for what can go wrong with a file.

use std::path::Path;

use file_formats::{OutCell, WriteKind};
use record_engine::access::Feature;
use record_engine::audit::{self, AuditFilter, AuditPage, AuditRow, Cursor, Event, Kind, MAX_LIMIT};
use record_engine::catalog::USER_TYPE;
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::query::present::{References, Titles};
use record_engine::query::{ListQuery, list};
use record_engine::{Engine, RequestContext};
use serde_json::{Value as Json, json};

use crate::exchange::ExchangeError;

/// Users whose names a text may hold.
const NAMED_USERS: usize = 50;
/// The columns of the file.
const COLUMNS: [&str; 13] = [
    "id",
    "at",
    "user_id",
    "user",
    "event",
    "outcome",
    "object_type",
    "record_id",
    "address",
    "proof",
    "source",
    "details",
    "hash",
];

/// Refuses whoever may not read the log.
///
/// # Errors
/// `Forbidden`.
pub fn check_access(context: &RequestContext) -> Result<()> {
    if context.may(Feature::Audit) { Ok(()) } else { Err(EngineError::Forbidden) }
}

/// A page of the log: `items`, and `next_cursor` for the next one.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn read_page(
    engine: &Engine,
    context: &RequestContext,
    filter: &AuditFilter,
    behind: Option<Cursor>,
    limit: usize,
) -> Result<Json> {
    check_access(context)?;
    let snapshot = engine.snapshot();
    let filter = with_named_users(engine, &snapshot, context, filter)?;
    engine.database().read(|tx| {
        let page = audit::list(tx, &filter, behind, limit)?;
        let titles = titles_of(tx, &snapshot, context, &page)?;
        let items: Vec<Json> = page.rows.iter().map(|row| present(row, &titles)).collect();
        let looked_back_to = page.next.map(|cursor| instant_text(cursor.at));
        Ok(json!({ "items": items, "next_cursor": page.next.map(cursor_text), "looked_back_to": looked_back_to }))
    })
}

/// Writes all that a filter finds as comma-separated text; answers how many events.
///
/// # Errors
/// `Forbidden`; those of the database and of the file.
pub fn write_file(
    engine: &Engine,
    context: &RequestContext,
    filter: &AuditFilter,
    path: &Path,
) -> std::result::Result<u64, ExchangeError> {
    check_access(context)?;
    let snapshot = engine.snapshot();
    let filter = with_named_users(engine, &snapshot, context, filter)?;
    let headers = COLUMNS.map(String::from);
    let kind = WriteKind::Csv { delimiter: ',', bom: true };
    let mut writer = file_formats::create(path, kind, "audit", &headers).map_err(ExchangeError::File)?;
    let (mut behind, mut written) = (None, 0);
    loop {
        let (page, titles) = engine.database().read(|tx| {
            let page = audit::list(tx, &filter, behind, MAX_LIMIT)?;
            let titles = titles_of(tx, &snapshot, context, &page)?;
            Ok::<_, EngineError>((page, titles))
        })?;
        for row in &page.rows {
            writer.write_row(&cells(row, &titles)).map_err(ExchangeError::File)?;
            written += 1;
        }
        match page.next {
            Some(next) => behind = Some(next),
            None => break,
        }
    }
    writer.finish().map_err(ExchangeError::File)?;
    let event = Event::new(Kind::Exported).with("what", "audit").with("stage", "downloaded").with("count", written);
    engine.write(|tx| {
        audit::record(tx, context, event.clone());
        Ok::<(), EngineError>(())
    })?;
    Ok(written)
}

/// A cursor as clients carry it.
fn cursor_text(cursor: Cursor) -> String {
    format!("{}-{}", cursor.at, cursor.id)
}

/// The cursor of a text; `None` when it is not one.
pub fn cursor_of(text: &str) -> Option<Cursor> {
    let (at, id) = text.split_once('-')?;
    Some(Cursor { at: at.parse().ok()?, id: id.parse().ok()? })
}

/// A text may be a part of somebody's name; the log itself holds ids.
fn with_named_users(
    engine: &Engine,
    snapshot: &Snapshot,
    context: &RequestContext,
    filter: &AuditFilter,
) -> Result<AuditFilter> {
    let Some(text) = filter.text.as_ref().filter(|text| !text.trim().is_empty()) else { return Ok(filter.clone()) };
    let users = snapshot.object_type(USER_TYPE)?;
    let query = ListQuery { search: Some(text.clone()), limit: NAMED_USERS, ..ListQuery::default() };
    let found = engine.database().read(|tx| list(tx, context, &users, &query))?;
    let text_user_ids = found.records.iter().map(|record| record.id).collect();
    Ok(AuditFilter { text_user_ids, ..filter.clone() })
}

fn titles_of(
    tx: &mut database::ReadTx,
    snapshot: &Snapshot,
    context: &RequestContext,
    page: &AuditPage,
) -> Result<Titles> {
    let mut wanted = References::default();
    for row in &page.rows {
        wanted.add_user(row.user_id);
        if let (Some(object_type), Some(id)) = (&row.object_type, row.record_id) {
            wanted.add(object_type, id);
        }
    }
    Titles::load(tx, context, &snapshot.catalog, &wanted)
}

fn present(row: &AuditRow, titles: &Titles) -> Json {
    let record = row.object_type.as_ref().map(|object_type| match row.record_id {
        Some(id) => titles.reference(object_type, id),
        None => json!({ "id": null, "title": null, "type": object_type }),
    });
    json!({
        "id": row.id,
        "at": instant_text(row.at),
        "user": row.user_id.map(|id| titles.reference(USER_TYPE, id)),
        "proof": row.proof.as_ref().map(|kind| json!({ "kind": kind, "id": row.proof_id })),
        "source": row.source,
        "address": row.address,
        "kind": row.kind,
        "outcome": row.outcome,
        "record": record,
        "details": row.details,
        "hash": row.hash,
    })
}

fn cells(row: &AuditRow, titles: &Titles) -> Vec<OutCell> {
    let text = |text: &str| OutCell::Text(text.to_owned());
    let optional = |found: Option<&str>| found.map_or(OutCell::Empty, text);
    let number = |number: Option<i64>| number.map_or(OutCell::Empty, OutCell::Integer);
    let proof = row.proof.as_ref().map(|kind| format!("{kind} {}", row.proof_id.unwrap_or_default()));
    vec![
        OutCell::Integer(row.id),
        text(&instant_text(row.at)),
        number(row.user_id),
        optional(row.user_id.and_then(|id| titles.title(USER_TYPE, id))),
        text(&row.kind),
        text(&row.outcome),
        optional(row.object_type.as_deref()),
        number(row.record_id),
        optional(row.address.as_deref()),
        optional(proof.as_deref()),
        text(&row.source),
        text(&row.details.to_string()),
        text(&row.hash),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_went() {
        let cursor = Cursor { at: 1_700_000_000_000, id: 12 };
        assert_eq!(cursor_of(&cursor_text(cursor)), Some(cursor));
        assert_eq!(cursor_of("12"), None);
        assert_eq!(cursor_of("a-b"), None);
    }
}
