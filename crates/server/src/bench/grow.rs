//! Makes a very large base out of a large one: the contacts that the write path has made, again and again, under further ids.
//!
//! Millions of contacts more would take the write path hours, since most pages of their indexes lie anywhere in the file. So the indexes go, the
//! rows are copied in the order of their ids, and the indexes come back in one go each. A copy differs in its ids, and in that its phones and
//! e-mails are marked as shared: they are those of the card that it was copied from.

use database::{Backend, Query, Tx, quote_identifier};
use record_engine::catalog::ObjectType;
use record_engine::{Engine, EngineError};

use super::rows::{Table, tables_of};
use crate::Result;
use crate::progress::Progress;

/// Contacts of one transaction.
const STEP: u64 = 50_000;

/// Copies the first `from` contacts until there are `to`.
pub(super) fn grow(engine: &Engine, from: u64, to: u64) -> Result<()> {
    let object_type = engine.snapshot().object_type("contact")?;
    let backend = engine.database().backend();
    let tables = tables_of(&object_type, backend);
    let indexes = engine.write_batch(|tx| take_indexes(tx, &tables))?;
    let mut progress = Progress::new("contacts");
    let mut done = from;
    while done < to {
        let offset = done / from * from;
        let first = done - offset + 1;
        let last = (first + STEP - 1).min(from).min(to - offset);
        engine
            .write_batch(|tx| tables.iter().try_for_each(|table| copy(tx, &object_type, table, offset, first, last)))?;
        done = offset + last;
        progress.show(done, Some(to));
    }
    progress.end();
    let mut progress = Progress::new("indexes");
    for (at, index) in indexes.iter().enumerate() {
        engine.write_batch(|tx| tx.execute_batch(index).map_err(EngineError::from))?;
        progress.show(at as u64 + 1, Some(indexes.len() as u64));
    }
    progress.end();
    let last = i64::try_from(to).unwrap_or(i64::MAX);
    Ok(engine.write(|tx| tx.ensure_id_above(object_type.table(), last).map_err(EngineError::from))?)
}

/// Drops the indexes of the tables, but for those of their keys; answers how they are made.
fn take_indexes(tx: &mut Tx, tables: &[Table]) -> std::result::Result<Vec<String>, EngineError> {
    let listed = match tx.backend() {
        Backend::Sqlite => {
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?"
        }
        Backend::Postgres => {
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ? \
             AND indexname NOT LIKE '%\\_pkey'"
        }
    };
    let mut indexes = Vec::new();
    for table in tables {
        for mut row in tx.query(listed, &[table.name.as_str().into()])? {
            let name = row.take_text(0)?;
            indexes.push(row.take_text(1)?);
            tx.execute_batch(&format!("DROP INDEX {}", quote_identifier(&name)))?;
        }
    }
    Ok(indexes)
}

/// Copies the rows of the contacts `first` to `last` under ids that are `offset` higher.
fn copy(
    tx: &mut Tx,
    object_type: &ObjectType,
    table: &Table,
    offset: u64,
    first: u64,
    last: u64,
) -> std::result::Result<(), EngineError> {
    let (name, key) = (quote_identifier(&table.name), table.columns.first().cloned().unwrap_or_default());
    let columns: Vec<String> = table.columns.iter().map(|column| quote_identifier(column)).collect();
    let (source, from, range) = if table.is_write_only {
        // The index of the search texts reads them where they have just been copied to.
        (object_type.search_table(), "record_id", (first + offset, last + offset))
    } else {
        (name.clone(), key.as_str(), (first, last))
    };
    let shifted = |column: &String| match column.as_str() {
        "record_id" | "rowid" if table.is_write_only => "record_id".to_owned(),
        "unique_value" => "NULL".to_owned(),
        "is_shared" => "1".to_owned(),
        own if own == key || is_contact(object_type, table, own) => format!("{} + {offset}", quote_identifier(own)),
        other => quote_identifier(other),
    };
    let values: Vec<String> = table.columns.iter().map(shifted).collect();
    tx.execute_batch(&format!(
        "INSERT INTO {name} ({}) SELECT {} FROM {source} WHERE {from} BETWEEN {} AND {} ORDER BY {from}",
        columns.join(", "),
        values.join(", "),
        range.0,
        range.1
    ))?;
    Ok(())
}

/// Whether a column of the contacts names another contact.
fn is_contact(object_type: &ObjectType, table: &Table, column: &str) -> bool {
    table.name == object_type.table()
        && object_type.value_fields().any(|field| {
            field.column == column && field.kind.reference_target().is_some_and(|to| to.target == object_type.name)
        })
}
