//! Brings the tables of the records in line with the catalog: a table for each type, a column for each field, child tables for
//! many-valued fields, indexes. Runs at start and whenever a field is added, while the system works.
//!
//! What must stay true: it only ever adds. A retired field keeps its column; nothing is dropped or renamed here, but for an index that a wider one
//! replaces.

use std::collections::HashSet;

use database::{Backend, ColumnType, Query, Tx, column_type, quote_identifier};

use crate::catalog::{Catalog, Field, ObjectType};
use crate::error::Result;
use crate::field_types::{Column, FieldKind, MoneySettings, TITLE_KEY};
use crate::query::{load_records, timeline};
use crate::search_text;

/// The column that says into which record one in the trash was merged. New records have none, so it is not among [`SYSTEM_COLUMNS`].
pub const MERGED_INTO: &str = "merged_into";

/// The column that says when the personal data of a record was erased; see [`crate::write::erase`].
pub const ERASED_AT: &str = "erased_at";

/// Columns that every new record fills, before those of the fields.
pub const SYSTEM_COLUMNS: [&str; 8] =
    ["id", "version", "created_at", "created_by", "created_operation", "updated_at", "updated_by", "deleted_at"];

/// How many search texts are made anew in one step.
const RENEWED_AT_ONCE: usize = 500;

/// Makes everything the catalog asks for and the database lacks.
///
/// # Errors
/// Those of the database.
pub fn synchronise(tx: &mut Tx, catalog: &Catalog) -> Result<()> {
    for object_type in &catalog.object_types {
        synchronise_type(tx, object_type)?;
        renew_search_texts(tx, object_type)?;
    }
    Ok(())
}

/// Makes the search texts anew when those of an older release were made of other fields: the newest record shows it.
fn renew_search_texts(tx: &mut Tx, object_type: &ObjectType) -> Result<()> {
    let table = quote_identifier(object_type.table());
    let search = object_type.search_table();
    let newest =
        tx.query_optional(&format!("SELECT record_id, text FROM {search} ORDER BY record_id DESC LIMIT 1"), &[])?;
    let Some(mut newest) = newest else { return Ok(()) };
    let (newest, stored) = (newest.integer(0)?, newest.take_text(1)?);
    let records = load_records(tx, object_type, &[newest], false)?;
    if records.values().all(|record| search_text::search_text(object_type, &record.values) == stored) {
        return Ok(());
    }
    tracing::info!(object_type = object_type.name, "the search texts are made anew");
    let mut after = 0;
    loop {
        let sql = format!("SELECT id FROM {table} WHERE id > ? ORDER BY id LIMIT {RENEWED_AT_ONCE}");
        let rows = tx.query(&sql, &[after.into()])?;
        let ids = rows.iter().map(|row| Ok(row.integer(0)?)).collect::<Result<Vec<i64>>>()?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        let records = load_records(tx, object_type, &ids, false)?;
        let texts = records.iter().map(|(id, record)| (*id, search_text::search_text(object_type, &record.values)));
        search_text::replace(tx, object_type, texts.collect())?;
    }
}

/// The same for one type.
///
/// # Errors
/// Those of the database.
pub fn synchronise_type(tx: &mut Tx, object_type: &ObjectType) -> Result<()> {
    create_record_table(tx, object_type)?;
    let existing = existing_columns(tx, object_type.table())?;
    for column in [MERGED_INTO, ERASED_AT].into_iter().filter(|column| !existing.contains(*column)) {
        // Tables of an older release.
        let int = column_type(tx.backend(), ColumnType::Integer);
        let table = quote_identifier(object_type.table());
        tx.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {column} {int}"))?;
    }
    for field in object_type.value_fields() {
        add_field(tx, object_type, field, &existing)?;
    }
    // After the columns of all fields: an entry stands at the moment that another field says.
    for statement in timeline::indexes(object_type) {
        tx.execute_batch(&statement)?;
    }
    create_ordered_indexes(tx, object_type)
}

/// What lists walk that ask for some values, in the order of another field.
fn create_ordered_indexes(tx: &mut Tx, object_type: &ObjectType) -> Result<()> {
    for index in object_type.ordered_indexes() {
        let columns: Vec<String> = index.fields().map(|field| quote_identifier(&field.column)).collect();
        let held = |field: &Field| format!(" AND {} IS NOT NULL", quote_identifier(&field.column));
        let held = index.holds.map_or_else(String::new, |holds| format!("{}{}", held(index.by), held(holds)));
        tx.execute_batch(&format!(
            "CREATE INDEX IF NOT EXISTS {} ON {} ({}, id) WHERE deleted_at IS NULL{held}",
            index.name,
            quote_identifier(object_type.table()),
            columns.join(", ")
        ))?;
    }
    Ok(())
}

/// Makes the columns, the child table and the index of one field, but for the columns that exist.
///
/// # Errors
/// Those of the database.
pub fn add_field(tx: &mut Tx, object_type: &ObjectType, field: &Field, existing: &HashSet<String>) -> Result<()> {
    for column in field.behaviour().columns(field) {
        if !existing.contains(&column.name) {
            let table = quote_identifier(object_type.table());
            tx.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {}", column_sql(tx.backend(), &column)))?;
        }
    }
    create_child_table(tx, object_type, field)?;
    if matches!(&field.kind, FieldKind::Reference(settings) if settings.is_unique) {
        // Lists drive from this one, too: a plain one beside it would hold every record that names nothing.
        let (table, column) = (object_type.table(), quote_identifier(&field.column));
        tx.execute_batch(&format!(
            "CREATE UNIQUE INDEX IF NOT EXISTS {table}_{}_unique ON {} ({column}) WHERE deleted_at IS NULL AND {column} IS NOT NULL",
            field.column,
            quote_identifier(table)
        ))?;
    } else if field.is_indexed {
        create_field_index(tx, object_type, field)?;
    }
    Ok(())
}

fn column_sql(backend: Backend, column: &Column) -> String {
    format!("{} {}", quote_identifier(&column.name), column_type(backend, column.column_type))
}

fn create_record_table(tx: &mut Tx, object_type: &ObjectType) -> Result<()> {
    let (table, search) = (object_type.table(), object_type.search_table());
    let backend = tx.backend();
    let int = column_type(backend, ColumnType::Integer);
    let text = column_type(backend, ColumnType::Text);
    let key = if backend == Backend::Sqlite { "INTEGER PRIMARY KEY" } else { "BIGINT PRIMARY KEY" };
    let quoted = quote_identifier(table);
    tx.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {quoted} (id {key}, version {int} NOT NULL, created_at {int} NOT NULL, created_by {int}, \
         created_operation {int} NOT NULL, updated_at {int} NOT NULL, updated_by {int}, deleted_at {int}, {MERGED_INTO} {int}, {ERASED_AT} {int})"
    ))?;
    for (name, columns) in [("created", "created_at, id"), ("updated", "updated_at, id")] {
        tx.execute_batch(&format!(
            "CREATE INDEX IF NOT EXISTS {table}_{name} ON {quoted} ({columns}) WHERE deleted_at IS NULL"
        ))?;
    }
    tx.execute_batch(&format!("CREATE INDEX IF NOT EXISTS {table}_operation ON {quoted} (created_operation, id)"))?;
    tx.execute_batch(&format!(
        "CREATE INDEX IF NOT EXISTS {table}_trash ON {quoted} (deleted_at, id) WHERE deleted_at IS NOT NULL"
    ))?;
    tx.execute_batch(&format!("CREATE TABLE IF NOT EXISTS {search} (record_id {key}, text {text} NOT NULL)"))?;
    match backend {
        Backend::Sqlite => search_text::synchronise_index(tx, object_type)?,
        Backend::Postgres => {
            tx.execute_batch("CREATE EXTENSION IF NOT EXISTS pg_trgm")?;
            tx.execute_batch(&format!(
                "CREATE INDEX IF NOT EXISTS {search}_trigrams ON {search} USING gin (text gin_trgm_ops)"
            ))?;
        }
    }
    Ok(())
}

fn create_child_table(tx: &mut Tx, object_type: &ObjectType, field: &Field) -> Result<()> {
    let Some(child) = field.behaviour().child_table() else { return Ok(()) };
    let backend = tx.backend();
    let name = object_type.child_table(field);
    let int = column_type(backend, ColumnType::Integer);
    let existing = existing_columns(tx, &name)?;
    let columns: Vec<String> = child.columns.iter().map(|column| column_sql(backend, column)).collect();
    let without_rowid = if backend == Backend::Sqlite { " WITHOUT ROWID" } else { "" };
    tx.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {name} (record_id {int} NOT NULL, position {int} NOT NULL, {}, PRIMARY KEY (record_id, position)){without_rowid}",
        columns.join(", ")
    ))?;
    // Tables of an older release.
    let is_missing = |column: &&Column| !existing.is_empty() && !existing.contains(&column.name);
    for column in child.columns.iter().filter(is_missing) {
        tx.execute_batch(&format!("ALTER TABLE {name} ADD COLUMN {}", column_sql(backend, column)))?;
        if column.name == TITLE_KEY {
            fill_title_keys(tx, object_type, &name)?;
        }
    }
    for columns in &child.indexes {
        let first = columns.first().copied().unwrap_or_default();
        tx.execute_batch(&format!(
            "CREATE INDEX IF NOT EXISTS {name}_{first} ON {name} ({}) WHERE {first} IS NOT NULL",
            columns.join(", ")
        ))?;
    }
    if let Some(first) = child.in_title_order {
        // That of an older release held the values alone.
        tx.execute_batch(&format!("DROP INDEX IF EXISTS {name}_{first}"))?;
        tx.execute_batch(&format!(
            "CREATE INDEX IF NOT EXISTS {name}_{first}_{TITLE_KEY} ON {name} ({first}, {TITLE_KEY}, record_id) WHERE {first} IS NOT NULL"
        ))?;
    }
    if let Some(unique) = child.unique {
        tx.execute_batch(&format!("CREATE UNIQUE INDEX IF NOT EXISTS {name}_unique ON {name} ({unique})"))?;
    }
    Ok(())
}

/// Gives the entries of a child table the keys of the titles of their records.
fn fill_title_keys(tx: &mut Tx, object_type: &ObjectType, child: &str) -> Result<()> {
    let title = object_type.field(object_type.definition.title_field);
    let Some(column) = title.and_then(|title| title.behaviour().sort_column(title)) else { return Ok(()) };
    tx.execute_batch(&format!(
        "UPDATE {child} SET {TITLE_KEY} = (SELECT t.{} FROM {} t WHERE t.id = {child}.record_id)",
        quote_identifier(&column),
        quote_identifier(object_type.table())
    ))?;
    Ok(())
}

/// The index that lists drive from and sort by.
///
/// # Errors
/// Those of the database.
pub fn create_field_index(tx: &mut Tx, object_type: &ObjectType, field: &Field) -> Result<()> {
    let column = match field.behaviour().sort_column(field) {
        Some(column) => column,
        None => match field.behaviour().columns(field).first() {
            Some(column) => column.name.clone(),
            None => return Ok(()),
        },
    };
    let table = object_type.table();
    tx.execute_batch(&format!(
        "CREATE INDEX IF NOT EXISTS {table}_{column} ON {} ({}, id) WHERE deleted_at IS NULL",
        quote_identifier(table),
        quote_identifier(&column)
    ))?;
    match &field.kind {
        FieldKind::Money(settings) if !settings.is_price => create_sum_index(tx, object_type, field, settings),
        _ => Ok(()),
    }
}

/// What sums of all amounts read instead of the records: by currency and, where another field dates them, by day.
fn create_sum_index(tx: &mut Tx, object_type: &ObjectType, field: &Field, settings: &MoneySettings) -> Result<()> {
    let place = |name: &str| object_type.fields.iter().position(|other| other.name == name);
    // A date that stands behind the amount may have no column yet.
    let day = settings.dated_by.as_deref().and_then(place).filter(|day| Some(*day) < place(&field.name));
    let day = day.and_then(|day| object_type.fields.get(day)).filter(|day| matches!(day.kind, FieldKind::Date));
    let (table, column) = (object_type.table(), &field.column);
    let day = day.map_or(String::new(), |day| format!("{}, ", quote_identifier(&day.column)));
    let weight = settings.weighted_by.as_deref().and_then(place).filter(|weight| Some(*weight) < place(&field.name));
    let weight = weight.and_then(|weight| object_type.fields.get(weight));
    let weight = weight.map_or(String::new(), |weight| format!(", {}", quote_identifier(&weight.column)));
    tx.execute_batch(&format!(
        "CREATE INDEX IF NOT EXISTS {table}_{column}_sum ON {} ({}, {day}{}{weight}) WHERE deleted_at IS NULL AND {} IS NOT NULL",
        quote_identifier(table),
        quote_identifier(&format!("{column}_currency")),
        quote_identifier(column),
        quote_identifier(column)
    ))?;
    Ok(())
}

fn existing_columns(tx: &mut Tx, table: &str) -> Result<HashSet<String>> {
    let rows = match tx.backend() {
        Backend::Sqlite => tx.query("SELECT name FROM pragma_table_info(?)", &[table.into()])?,
        Backend::Postgres => {
            tx.query("SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?", &[table.into()])?
        }
    };
    rows.into_iter().map(|mut row| row.take_text(0).map_err(Into::into)).collect()
}
