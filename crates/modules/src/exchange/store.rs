//! The tables of import: what was uploaded and how it is to be read, and which mappings were remembered.
//! What is wrong with the rows stands in [`super::findings`].

use std::sync::Arc;

use database::{Backend, Migration, MigrationSql, Query, Row, Tx, Value, in_list};
use file_formats::{Inspection, ReadOptions};
use record_engine::RequestContext;
use record_engine::access::{Action, Feature};
use record_engine::catalog::{Catalog, ObjectType};
use record_engine::error::{EngineError, Result};
use record_engine::history::lock_operation;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::findings::{Stage, clear};
use super::import_job::ImportReport;
use super::settings::Settings;

/// The tables of import and export.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 3,
    name: "exchange",
    sql: MigrationSql::Both(
        "
CREATE TABLE imports (
    id {id},
    object_type {text} NOT NULL,
    user_id {int},
    file_hash {text} NOT NULL,
    file_name {text} NOT NULL,
    file_size {int} NOT NULL,
    state {text} NOT NULL,
    settings {text} NOT NULL,
    inspection {text} NOT NULL,
    check_report {text},
    report {text},
    job_id {int},
    operation_id {int},
    created_at {int} NOT NULL
);
CREATE INDEX imports_user ON imports (user_id, id);

CREATE TABLE import_problems (
    import_id {int} NOT NULL,
    stage {text} NOT NULL,
    row_number {int} NOT NULL,
    place {int} NOT NULL,
    kind {text} NOT NULL,
    column_index {int},
    field {text},
    code {text} NOT NULL,
    params {text},
    value {text},
    match_id {int},
    match_on {text},
    decision {text},
    PRIMARY KEY (import_id, stage, row_number, place)
);

CREATE TABLE import_mappings (
    user_id {int} NOT NULL,
    object_type {text} NOT NULL,
    signature {text} NOT NULL,
    mapping {text} NOT NULL,
    PRIMARY KEY (user_id, object_type, signature)
);
",
    ),
}];

/// A stored import.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub id: i64,
    pub object_type: String,
    pub user_id: Option<i64>,
    pub file_hash: String,
    pub file_name: String,
    pub file_size: i64,
    pub state: String,
    pub settings: Settings,
    pub inspection: Inspection,
    pub check_report: Option<Json>,
    pub report: Option<Json>,
    pub job_id: Option<i64>,
    pub operation_id: Option<i64>,
    /// Milliseconds UTC.
    pub created_at: i64,
}

const COLUMNS: &str = "id, object_type, user_id, file_hash, file_name, file_size, state, settings, inspection, check_report, report, job_id, operation_id, created_at";

impl Import {
    fn read(row: &Row) -> Result<Import> {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Import {
            id: row.integer(0)?,
            object_type: row.text(1)?,
            user_id: row.optional_integer(2)?,
            file_hash: row.text(3)?,
            file_name: row.text(4)?,
            file_size: row.integer(5)?,
            state: row.text(6)?,
            settings: stored(row.text_str(7)?)?,
            inspection: stored(row.text_str(8)?)?,
            check_report: json(row.optional_text(9)?),
            report: json(row.optional_text(10)?),
            job_id: row.optional_integer(11)?,
            operation_id: row.optional_integer(12)?,
            created_at: row.integer(13)?,
        })
    }
}

fn stored<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| EngineError::Stored(error.to_string()))
}

pub(crate) fn to_text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| EngineError::Stored(error.to_string()))
}

pub(crate) fn insert(tx: &mut Tx, import: &Import) -> Result<i64> {
    let ids = tx.allocate_ids("imports", 1)?;
    let id = ids.first().copied().ok_or_else(|| EngineError::Stored("the sequence of imports gave no id".into()))?;
    tx.insert_many(
        "imports",
        &[
            "id",
            "object_type",
            "user_id",
            "file_hash",
            "file_name",
            "file_size",
            "state",
            "settings",
            "inspection",
            "created_at",
        ],
        &[vec![
            id.into(),
            import.object_type.as_str().into(),
            import.user_id.into(),
            import.file_hash.as_str().into(),
            import.file_name.as_str().into(),
            import.file_size.into(),
            import.state.as_str().into(),
            to_text(&import.settings)?.into(),
            to_text(&import.inspection)?.into(),
            import.created_at.into(),
        ]],
    )?;
    Ok(id)
}

/// An import by id, whoever it belongs to.
pub(crate) fn find(tx: &mut dyn Query, id: i64) -> Result<Import> {
    let row = tx.query_optional(&format!("SELECT {COLUMNS} FROM imports WHERE id = ?"), &[id.into()])?;
    row.as_ref().map(Import::read).transpose()?.ok_or(EngineError::NotFound)
}

/// An import by id, if the actor may see it: his own, or any for administrators. A key for some types knows of the imports of those alone.
pub(crate) fn find_own(tx: &mut dyn Query, context: &RequestContext, catalog: &Catalog, id: i64) -> Result<Import> {
    let import = find(tx, id)?;
    if is_own(context, catalog, &import) || sees_all(context) { Ok(import) } else { Err(EngineError::NotFound) }
}

/// An import by id, if the actor may work through what it left undecided: his own, any for administrators, and once it has ended also those of
/// others for who loads files and knows all of their records anyway.
pub(crate) fn find_open(tx: &mut dyn Query, context: &RequestContext, catalog: &Catalog, id: i64) -> Result<Import> {
    let import = find(tx, id)?;
    let is_shared = import.state == "done" && shared_types(context, catalog).contains(&import.object_type);
    let is_open = is_own(context, catalog, &import) || is_shared || sees_all(context);
    if is_open { Ok(import) } else { Err(EngineError::NotFound) }
}

fn is_own(context: &RequestContext, catalog: &Catalog, import: &Import) -> bool {
    // What nobody brought is the program's own.
    let is_his = import.user_id == context.actor.user_id() && (import.user_id.is_some() || sees_all(context));
    let object_type = catalog.object_type(&import.object_type);
    is_his && object_type.is_none_or(|object_type| context.access.opens(object_type))
}

/// Whether the files of others are open to the actor: they hold whatever somebody wrote into them, so the right to operations alone opens none.
fn sees_all(context: &RequestContext) -> bool {
    context.may(Feature::Operations) && context.access.is_everything()
}

/// Refuses to load or to prepare anything for who may not import now, whatever he might when he brought the file.
pub(crate) fn ensure_may_import(context: &RequestContext) -> Result<()> {
    if context.may(Feature::Import) { Ok(()) } else { Err(EngineError::Forbidden) }
}

/// [`find_open`] for a change.
pub(crate) fn lock_open(tx: &mut Tx, context: &RequestContext, catalog: &Catalog, id: i64) -> Result<Import> {
    lock_row(tx, id)?;
    find_open(tx, context, catalog, id)
}

/// [`find`] for a change.
pub(crate) fn lock(tx: &mut Tx, id: i64) -> Result<Import> {
    lock_row(tx, id)?;
    find(tx, id)
}

/// Whoever else wants to change the import waits until this transaction ends.
fn lock_row(tx: &mut Tx, id: i64) -> Result<()> {
    if tx.backend() == Backend::Postgres {
        tx.query_optional("SELECT id FROM imports WHERE id = ? FOR UPDATE", &[id.into()])?;
    }
    Ok(())
}

/// The types all of whose records the actor sees and makes, with all of their fields: the cells of a file are shown as they are, whichever field they
/// were for.
fn shared_types(context: &RequestContext, catalog: &Catalog) -> Vec<String> {
    let is_shared = |object_type: &&Arc<ObjectType>| {
        let permissions = context.permissions(object_type);
        let knows_all = permissions.may_all(Action::See) && permissions.hidden_fields().is_empty();
        object_type.definition.is_importable && permissions.may(Action::Create) && knows_all
    };
    if !context.may(Feature::Import) {
        return Vec::new();
    }
    catalog.object_types.iter().filter(is_shared).map(|object_type| object_type.name.clone()).collect()
}

/// Refuses to work through the queue of an import that has not ended well, or was taken back; until this transaction ends it is not taken back either.
pub(crate) fn ensure_ended(tx: &mut Tx, import: &Import) -> Result<()> {
    if import.state != "done" {
        return Err(EngineError::State("import_is_busy"));
    }
    let operation = import.operation_id.map(|id| lock_operation(tx, id)).transpose()?.flatten();
    match operation.and_then(|operation| operation.undone_by) {
        Some(_) => Err(EngineError::State("already_undone")),
        None => Ok(()),
    }
}

/// Moves rows of the report from those that wait to what became of them.
pub(crate) fn move_counts(tx: &mut Tx, id: i64, done: &ImportReport) -> Result<()> {
    let Some(report) = lock(tx, id)?.report else { return Ok(()) };
    let mut report: ImportReport =
        serde_json::from_value(report).map_err(|error| EngineError::Stored(error.to_string()))?;
    report.settle(done);
    tx.execute("UPDATE imports SET report = ? WHERE id = ?", &[to_text(&report)?.into(), id.into()])?;
    Ok(())
}

/// [`find_own`] for a change: whoever else wants to change the import waits until this transaction ends.
pub(crate) fn lock_own(tx: &mut Tx, context: &RequestContext, catalog: &Catalog, id: i64) -> Result<Import> {
    lock_row(tx, id)?;
    find_own(tx, context, catalog, id)
}

/// An uploaded file of an import.
pub(crate) struct ImportFile {
    /// The import.
    pub id: i64,
    /// Where its bytes lie.
    pub hash: String,
    /// How they are read.
    pub options: ReadOptions,
}

/// The files of all imports.
pub(crate) fn import_files(tx: &mut dyn Query) -> Result<Vec<ImportFile>> {
    let mut files = Vec::new();
    for row in tx.query("SELECT id, file_hash, settings FROM imports ORDER BY id", &[])? {
        // Those of an older release are read as any file is.
        let settings: Option<Settings> = serde_json::from_str(row.text_str(2)?).ok();
        let options = settings.map(|settings| settings.options.read_options()).unwrap_or_default();
        files.push(ImportFile { id: row.integer(0)?, hash: row.text(1)?, options });
    }
    Ok(files)
}

/// The newest imports that the actor may see, those with an id below `before`.
pub(crate) fn list(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Import>> {
    let mut condition = String::from(" WHERE id < ?");
    let mut params = vec![Value::Integer(before.unwrap_or(i64::MAX))];
    if let Some(id) = context.actor.user_id().filter(|_| !sees_all(context)) {
        let opened = catalog.object_types.iter().filter(|object_type| context.access.opens(object_type));
        let own: Vec<String> = opened.map(|object_type| object_type.name.clone()).collect();
        let shared = shared_types(context, catalog);
        condition.push_str(&format!(" AND (user_id = ? AND object_type IN {}", in_list(own.len())));
        params.push(Value::Integer(id));
        params.extend(own.into_iter().map(Value::Text));
        if !shared.is_empty() {
            condition.push_str(&format!(" OR state = 'done' AND object_type IN {}", in_list(shared.len())));
            params.extend(shared.into_iter().map(Value::Text));
        }
        condition.push(')');
    }
    let sql = format!("SELECT {COLUMNS} FROM imports{condition} ORDER BY id DESC LIMIT {limit}");
    tx.query(&sql, &params)?.iter().map(Import::read).collect()
}

/// Stores settings and inspection; what an earlier check found no longer holds.
pub(crate) fn update_settings(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.execute(
        "UPDATE imports SET settings = ?, inspection = ?, state = 'mapping', check_report = NULL WHERE id = ?",
        &[to_text(&import.settings)?.into(), to_text(&import.inspection)?.into(), import.id.into()],
    )?;
    clear(tx, import.id, Stage::Check)
}

/// Stores settings that leave a check valid.
pub(crate) fn update_decisions(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.execute("UPDATE imports SET settings = ? WHERE id = ?", &[to_text(&import.settings)?.into(), import.id.into()])?;
    Ok(())
}

/// Ties a job to the import and moves its state, unless somebody else did so since it was read.
pub(crate) fn begin(tx: &mut Tx, import: &Import, state: &str, job_id: i64) -> Result<()> {
    let moved = tx.execute(
        "UPDATE imports SET state = ?, job_id = ? WHERE id = ? AND state = ? AND job_id IS NOT DISTINCT FROM ?",
        &[state.into(), job_id.into(), import.id.into(), import.state.as_str().into(), import.job_id.into()],
    )?;
    if moved == 1 { Ok(()) } else { Err(EngineError::State("import_is_busy")) }
}

/// Stores the outcome of a check.
pub(crate) fn finish_check(tx: &mut Tx, id: i64, report: &Json) -> Result<()> {
    tx.execute(
        "UPDATE imports SET state = 'checked', check_report = ? WHERE id = ?",
        &[report.to_string().into(), id.into()],
    )?;
    Ok(())
}

/// Stores the outcome of an import.
pub(crate) fn finish_import(tx: &mut Tx, id: i64, report: &Json) -> Result<()> {
    tx.execute("UPDATE imports SET state = 'done', report = ? WHERE id = ?", &[report.to_string().into(), id.into()])?;
    Ok(())
}

/// Ties the operation to the import.
pub(crate) fn set_operation(tx: &mut Tx, id: i64, operation_id: i64) -> Result<()> {
    tx.execute("UPDATE imports SET operation_id = ? WHERE id = ?", &[operation_id.into(), id.into()])?;
    Ok(())
}

/// The mapping that a user had remembered for such headers.
pub(crate) fn remembered(
    tx: &mut dyn Query,
    user_id: i64,
    object_type: &str,
    signature: &str,
) -> Result<Option<Vec<Option<String>>>> {
    let row = tx.query_optional(
        "SELECT mapping FROM import_mappings WHERE user_id = ? AND object_type = ? AND signature = ?",
        &[user_id.into(), object_type.into(), signature.into()],
    )?;
    Ok(match row {
        Some(row) => serde_json::from_str(row.text_str(0)?).ok(),
        None => None,
    })
}

/// Remembers a mapping for such headers.
pub(crate) fn remember(
    tx: &mut Tx,
    user_id: i64,
    object_type: &str,
    signature: &str,
    mapping: &[Option<String>],
) -> Result<()> {
    tx.execute(
        "INSERT INTO import_mappings (user_id, object_type, signature, mapping) VALUES (?, ?, ?, ?) \
         ON CONFLICT (user_id, object_type, signature) DO UPDATE SET mapping = excluded.mapping",
        &[user_id.into(), object_type.into(), signature.into(), to_text(&mapping)?.into()],
    )?;
    Ok(())
}
