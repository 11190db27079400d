//! What happened to a record, and which operations there were.

mod concealed;
mod whole;

use database::{Backend, Query, Row, Tx, Value};
use serde_json::{Value as Json, json};

use crate::access::{Action, Feature, Scope};
use crate::catalog::{Catalog, ObjectType, USER_TYPE};
use crate::context::{RequestContext, instant_text};
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::plain_mentions;
use crate::query::load::get;
use crate::query::present::{References, Titles};
use crate::write::erase::FINAL_KINDS;
use crate::write::{MERGED_FIELD_ID, OperationKind};

pub(crate) use whole::each_row;
pub use whole::{StoredChange, each_catalog_change, each_change, each_operation};

/// Most entries of a page.
pub const MAX_LIMIT: usize = 100;

/// Which part of a record's history.
#[derive(Clone, Debug, Default)]
pub struct HistoryQuery {
    /// Only changes of this field.
    pub field: Option<String>,
    /// Only changes by this user.
    pub user: Option<i64>,
    /// From this instant on, milliseconds UTC.
    pub from_ms: Option<i64>,
    /// Before this instant, milliseconds UTC.
    pub to_ms: Option<i64>,
    /// Where the last page ended: an operation id.
    pub before: Option<i64>,
    /// Page size.
    pub limit: usize,
}

/// A stored operation.
#[derive(Clone, Debug)]
pub struct StoredOperation {
    /// Its id.
    pub id: i64,
    /// Stored key of its kind.
    pub kind: String,
    /// The type it changed.
    pub object_type_id: Option<i64>,
    /// Who.
    pub user_id: Option<i64>,
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// From where.
    pub source: String,
    /// Why.
    pub reason: Option<String>,
    /// What it was about.
    pub title: Option<String>,
    /// How many records.
    pub record_count: i64,
    /// The operation that it took back.
    pub undoes: Option<i64>,
    /// The operation that took it back, or is at it; `None` while that work has stopped half-way.
    pub undone_by: Option<i64>,
    /// The job that was taking it back when it failed or was stopped.
    pub stopped_undo_job: Option<i64>,
}

/// Field id, old and new value of a change.
type FieldChange = (i64, Json, Json);

const COLUMNS: &str = "o.id, o.kind, o.object_type_id, o.user_id, o.at, o.source, o.reason, o.title, o.record_count, o.undoes_operation_id, o.undone_by_operation_id, \
    (SELECT MAX(j.id) FROM jobs j WHERE j.operation_id = o.undone_by_operation_id AND j.kind = 'undo' AND j.state IN ('failed', 'cancelled'))";
/// How many [`COLUMNS`] there are.
const COLUMN_COUNT: usize = 12;

impl StoredOperation {
    fn read(row: &Row) -> Result<StoredOperation> {
        let stopped_undo_job = row.optional_integer(11)?;
        Ok(StoredOperation {
            id: row.integer(0)?,
            kind: row.text(1)?,
            object_type_id: row.optional_integer(2)?,
            user_id: row.optional_integer(3)?,
            at_ms: row.integer(4)?,
            source: row.text(5)?,
            reason: row.optional_text(6)?,
            title: row.optional_text(7)?,
            record_count: row.integer(8)?,
            undoes: row.optional_integer(9)?,
            undone_by: row.optional_integer(10)?.filter(|_| stopped_undo_job.is_none()),
            stopped_undo_job,
        })
    }

    /// Leaves nothing of what it was about.
    fn conceal(&mut self) {
        self.title = None;
        self.reason = None;
    }

    /// Whether the actor may know of it: his own, or any for administrators. A key for some types knows of those alone.
    pub fn belongs_to(&self, context: &RequestContext, catalog: &Catalog) -> bool {
        context.may(Feature::Operations)
            || (self.user_id == context.actor.user_id() && self.is_opened_to(context, catalog))
    }

    fn is_opened_to(&self, context: &RequestContext, catalog: &Catalog) -> bool {
        let object_type = self.object_type_id.and_then(|id| catalog.object_type_by_id(id));
        !context.access.is_for_some_types() || object_type.is_some_and(|object_type| context.access.opens(object_type))
    }

    /// Whether the actor may take it back now, or finish what was begun.
    pub fn can_be_undone_by(&self, context: &RequestContext, catalog: &Catalog) -> bool {
        let is_final = FINAL_KINDS.iter().any(|kind| kind.key() == self.kind);
        self.undone_by.is_none() && !is_final && self.belongs_to(context, catalog)
    }

    /// The title as far as the reader may know of it: that of a record is for those who see every record of its type, and for who wrote it.
    pub fn title_for(&self, context: &RequestContext, catalog: &Catalog) -> Option<&str> {
        self.title.as_deref().filter(|_| self.is_title_open_to(context, catalog))
    }

    /// How many records it changed, as far as the reader may know of them: a mass change of a hundred of which he sees one tells him of that one.
    pub fn count_for(&self, context: &RequestContext, catalog: &Catalog) -> Option<i64> {
        Some(self.record_count).filter(|_| self.belongs_to(context, catalog) || self.is_title_open_to(context, catalog))
    }

    fn is_title_open_to(&self, context: &RequestContext, catalog: &Catalog) -> bool {
        let object_type = self.object_type_id.and_then(|id| catalog.object_type_by_id(id));
        let sees_all = object_type.is_some_and(|object_type| context.permissions(object_type).may_all(Action::See));
        let is_own = self.user_id.is_some() && self.user_id == context.actor.user_id();
        sees_all || (is_own && self.is_opened_to(context, catalog))
    }

    fn present(&self, context: &RequestContext, catalog: &Catalog, titles: &Titles) -> Json {
        json!({
            "id": self.id,
            "kind": self.kind,
            "at": instant_text(self.at_ms),
            "user": self.user_id.map_or(Json::Null, |id| titles.reference(USER_TYPE, id)),
            "source": self.source,
            "reason": self.reason,
            "title": self.title_for(context, catalog).map(plain_mentions),
            "record_count": self.count_for(context, catalog),
            "object_type": self.object_type_id.and_then(|id| catalog.object_type_by_id(id)).map(|object_type| object_type.name.clone()),
            "undoes": self.undoes,
            "is_undone": self.undone_by.is_some(),
            "can_undo": self.can_be_undone_by(context, catalog),
        })
    }
}

/// One operation.
///
/// # Errors
/// Those of the database.
pub fn find_operation(tx: &mut dyn Query, id: i64) -> Result<Option<StoredOperation>> {
    let row = tx.query_optional(&format!("SELECT {COLUMNS} FROM operations o WHERE o.id = ?"), &[id.into()])?;
    row.as_ref().map(StoredOperation::read).transpose()
}

/// [`find_operation`] for a change that must not cross its undo; on PostgreSQL locked, so that two who take it back at once come one after the other.
///
/// # Errors
/// Those of the database.
pub fn lock_operation(tx: &mut Tx, id: i64) -> Result<Option<StoredOperation>> {
    if tx.backend() == Backend::Postgres {
        tx.query("SELECT id FROM operations WHERE id = ? FOR UPDATE", &[id.into()])?;
    }
    find_operation(tx, id)
}

/// Operations, newest first: all for administrators, their own for others. Answers them and the next cursor.
///
/// # Errors
/// Those of the database.
pub fn list_operations(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    before: Option<i64>,
    limit: usize,
) -> Result<(Vec<Json>, Option<i64>)> {
    let limit = limit.clamp(1, MAX_LIMIT);
    let mut sql = format!("SELECT {COLUMNS} FROM operations o WHERE 1 = 1");
    let mut params: Vec<Value> = Vec::new();
    if !context.may(Feature::Operations) {
        sql.push_str(" AND o.user_id = ?");
        params.push(context.actor.user_id().into());
    }
    if context.access.is_for_some_types() {
        let opened: Vec<i64> =
            catalog.object_types.iter().filter(|one| context.access.opens(one)).map(|one| one.id).collect();
        sql.push_str(&format!(" AND o.object_type_id IN {}", database::in_list(opened.len())));
        params.extend(opened.into_iter().map(Value::Integer));
    }
    if let Some(before) = before {
        sql.push_str(" AND o.id < ?");
        params.push(before.into());
    }
    sql.push_str(&format!(" ORDER BY o.id DESC LIMIT {}", limit + 1));
    let mut operations: Vec<StoredOperation> =
        tx.query(&sql, &params)?.iter().map(StoredOperation::read).collect::<Result<_>>()?;
    let has_more = operations.len() > limit;
    operations.truncate(limit);
    concealed::conceal(tx, context, catalog, &mut operations)?;
    let users = References::to(USER_TYPE, operations.iter().filter_map(|operation| operation.user_id));
    let titles = Titles::load(tx, context, catalog, &users)?;
    let next = operations.last().filter(|_| has_more).map(|last| last.id);
    Ok((operations.iter().map(|operation| operation.present(context, catalog, &titles)).collect(), next))
}

/// The history of a record, newest first, with old and new values; ends with its creation. Answers the entries and the next cursor.
///
/// # Errors
/// `NotFound` when the reader may not see the record.
pub fn record_history(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    id: i64,
    query: &HistoryQuery,
) -> Result<(Vec<Json>, Option<i64>)> {
    let record = get(tx, context, object_type, id)?.ok_or(EngineError::NotFound)?;
    let scope = Scope::of(context, object_type, Action::See)?;
    let field = match &query.field {
        Some(name) => {
            let found = object_type.field(name).filter(|field| scope.shows(field));
            Some(found.ok_or_else(|| {
                EngineError::field(FieldError::new("field", "unknown_field").with("value", name.as_str()))
            })?)
        }
        None => None,
    };
    let limit = query.limit.clamp(1, MAX_LIMIT);
    let (conditions, filter_params) = operation_conditions(query);
    let mut params: Vec<Value> = vec![object_type.id.into(), id.into()];
    let mut sql = "SELECT DISTINCT c.operation_id FROM changes c JOIN operations o ON o.id = c.operation_id WHERE c.object_type_id = ? AND c.record_id = ?".to_owned();
    if let Some(field) = field {
        sql.push_str(" AND c.field_id = ?");
        params.push(field.id.into());
    }
    sql.push_str(&conditions);
    params.extend(filter_params.iter().cloned());
    sql.push_str(&format!(" ORDER BY c.operation_id DESC LIMIT {}", limit + 1));
    let mut ids: Vec<i64> = tx.query(&sql, &params)?.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
    let has_more = ids.len() > limit;
    ids.truncate(limit);
    let mut entries = entries(tx, context, catalog, object_type, id, &ids, &scope, field.map(|field| field.id))?;
    if !has_more && field.is_none() {
        entries.extend(creation(tx, context, catalog, record.created_operation, query)?);
    }
    Ok((entries, ids.last().copied().filter(|_| has_more)))
}

/// The names of the fields of a record that an operation changed, as far as the reader sees them.
///
/// # Errors
/// Those of the database.
pub fn changed_fields(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    operation_id: i64,
    record_id: i64,
) -> Result<Vec<String>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let sql = "SELECT field_id FROM changes WHERE object_type_id = ? AND record_id = ? AND operation_id = ? ORDER BY field_id";
    let rows = tx.query(sql, &[object_type.id.into(), record_id.into(), operation_id.into()])?;
    let ids = rows.iter().map(|row| Ok(row.integer(0)?)).collect::<Result<Vec<i64>>>()?;
    let fields = ids.into_iter().filter_map(|id| object_type.field_by_id(id)).filter(|field| scope.shows(field));
    Ok(fields.map(|field| field.name.clone()).collect())
}

fn operation_conditions(query: &HistoryQuery) -> (String, Vec<Value>) {
    let mut sql = String::new();
    let mut params = Vec::new();
    for (condition, value) in [
        ("o.user_id = ?", query.user),
        ("o.at >= ?", query.from_ms),
        ("o.at < ?", query.to_ms),
        ("o.id < ?", query.before),
    ] {
        if let Some(value) = value {
            sql.push_str(" AND ");
            sql.push_str(condition);
            params.push(Value::Integer(value));
        }
    }
    (sql, params)
}

#[expect(clippy::too_many_arguments, reason = "one caller; a struct would only rename the arguments")]
fn entries(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    id: i64,
    operation_ids: &[i64],
    scope: &Scope,
    field_id: Option<i64>,
) -> Result<Vec<Json>> {
    let Some((oldest, newest)) = operation_ids.last().zip(operation_ids.first()) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT {COLUMNS}, c.field_id, c.old_value, c.new_value FROM changes c JOIN operations o ON o.id = c.operation_id \
         WHERE c.object_type_id = ? AND c.record_id = ? AND c.operation_id >= ? AND c.operation_id <= ? ORDER BY c.operation_id DESC, c.field_id"
    );
    let rows = tx.query(&sql, &[object_type.id.into(), id.into(), (*oldest).into(), (*newest).into()])?;
    let mut grouped: Vec<(StoredOperation, Vec<FieldChange>)> = Vec::new();
    let mut wanted = References::default();
    for row in &rows {
        let operation = StoredOperation::read(row)?;
        if !operation_ids.contains(&operation.id) {
            continue;
        }
        let changed = row.integer(COLUMN_COUNT)?;
        let read = |at: usize| -> Result<Json> {
            Ok(row.optional_text(at)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null))
        };
        let change = (changed, read(COLUMN_COUNT + 1)?, read(COLUMN_COUNT + 2)?);
        if field_id.is_some_and(|wanted| wanted != changed) {
            continue;
        }
        wanted.add_user(operation.user_id);
        if let Some(field) = object_type.field_by_id(changed) {
            wanted.add_value(field, &change.1);
            wanted.add_value(field, &change.2);
        }
        if let (MERGED_FIELD_ID, Some(into)) = (changed, change.2.as_i64()) {
            wanted.add(&object_type.name, into);
        }
        match grouped.last_mut().filter(|(last, _)| last.id == operation.id) {
            Some((_, changes)) => changes.push(change),
            None => grouped.push((operation, vec![change])),
        }
    }
    let titles = Titles::load(tx, context, catalog, &wanted)?;
    let mut entries = Vec::with_capacity(grouped.len());
    for (operation, changes) in grouped {
        let mut shown = Vec::with_capacity(changes.len());
        let mut merged_into = Json::Null;
        for (changed, old, new) in changes {
            if changed == MERGED_FIELD_ID {
                merged_into = new.as_i64().map_or(Json::Null, |into| titles.reference(&object_type.name, into));
            }
            // What was erased left empty rows; the operation is all that is known.
            if old.is_null() && new.is_null() {
                continue;
            }
            // "Is in the trash" has no field; the kind of the operation says it.
            let Some(field) = object_type.field_by_id(changed).filter(|field| scope.shows(field)) else { continue };
            shown.push(json!({
                "field": field.name,
                "old": titles.value(field, &old),
                "new": titles.value(field, &new),
            }));
        }
        let operation = operation.present(context, catalog, &titles);
        entries.push(json!({ "operation": operation, "changes": shown, "merged_into": merged_into }));
    }
    Ok(entries)
}

fn creation(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    operation_id: i64,
    query: &HistoryQuery,
) -> Result<Option<Json>> {
    let (conditions, mut params) = operation_conditions(query);
    params.insert(0, operation_id.into());
    let row = tx.query_optional(&format!("SELECT {COLUMNS} FROM operations o WHERE o.id = ?{conditions}"), &params)?;
    let Some(operation) = row.as_ref().map(StoredOperation::read).transpose()? else { return Ok(None) };
    let users = References::to(USER_TYPE, operation.user_id);
    let titles = Titles::load(tx, context, catalog, &users)?;
    let mut shown = operation.present(context, catalog, &titles);
    if let Some(object) = shown.as_object_mut().filter(|_| operation.kind != OperationKind::Import.key()) {
        object.insert("kind".into(), json!(OperationKind::Create.key()));
    }
    Ok(Some(json!({ "operation": shown, "changes": [], "merged_into": null })))
}
