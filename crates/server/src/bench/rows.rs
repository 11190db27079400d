//! The rows that make up records, read from their tables and written to others as they are: the bare side of every write.

use database::{Backend, DatabaseError, Query, Tx, Value, quote_identifier};
use record_engine::catalog::ObjectType;
use record_engine::schema_sync::SYSTEM_COLUMNS;

use crate::Result;

/// A table of an object type; its first column is the id of the record.
pub(crate) struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// The trigram index of SQLite takes the rows of the search texts and cannot be read.
    pub is_write_only: bool,
}

/// The rows of some records, by table.
pub(crate) type Rows = Vec<Vec<Vec<Value>>>;

/// The tables of a type in the order in which rows are written.
pub(crate) fn tables_of(object_type: &ObjectType, backend: Backend) -> Vec<Table> {
    let table = |name: &str, columns: Vec<String>| Table { name: name.to_owned(), columns, is_write_only: false };
    let mut columns: Vec<String> = SYSTEM_COLUMNS.iter().map(|column| (*column).to_owned()).collect();
    let mut children = Vec::new();
    for field in object_type.value_fields() {
        match field.behaviour().child_table() {
            Some(child) => {
                let own = child.columns.iter().map(|column| column.name.clone());
                children.push(table(
                    &object_type.child_table(field),
                    ["record_id".into(), "position".into()].into_iter().chain(own).collect(),
                ));
            }
            None => columns.extend(field.behaviour().columns(field).into_iter().map(|column| column.name)),
        }
    }
    let search = object_type.search_table();
    let mut tables = vec![table(object_type.table(), columns)];
    tables.extend(children);
    tables.push(table(&search, vec!["record_id".into(), "text".into()]));
    if backend == Backend::Sqlite {
        tables.push(Table {
            name: format!("{search}_index"),
            columns: vec!["rowid".into(), "text".into()],
            is_write_only: true,
        });
    }
    tables
}

/// Reads the rows of the records with ids in a range, both ends included.
pub(crate) fn read(tx: &mut dyn Query, tables: &[Table], first: i64, last: i64) -> Result<Rows> {
    let mut rows: Rows = Vec::with_capacity(tables.len());
    for table in tables {
        if table.is_write_only {
            rows.push(rows.last().cloned().unwrap_or_default());
            continue;
        }
        let columns: Vec<String> = table.columns.iter().map(|column| quote_identifier(column)).collect();
        let id = columns.first().cloned().unwrap_or_default();
        let sql = format!(
            "SELECT {} FROM {} WHERE {id} BETWEEN ? AND ? ORDER BY {id}",
            columns.join(", "),
            quote_identifier(&table.name)
        );
        let found = tx.query(&sql, &[first.into(), last.into()])?;
        rows.push(found.into_iter().map(database::Row::into_values).collect());
    }
    Ok(rows)
}

/// Writes rows as they are.
pub(crate) fn write(tx: &mut Tx, tables: &[Table], rows: &Rows) -> Result<(), DatabaseError> {
    for (table, rows) in tables.iter().zip(rows) {
        if !rows.is_empty() {
            let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
            tx.insert_many(&table.name, &columns, rows)?;
        }
    }
    Ok(())
}

/// Gives rows of one record another id, and what must be unique another ending.
pub(crate) fn renumber(tables: &[Table], rows: &mut Rows, id: i64) {
    for (table, rows) in tables.iter().zip(rows) {
        let unique = table.columns.iter().position(|column| column == "unique_value");
        for row in rows {
            if let Some(first) = row.first_mut() {
                *first = Value::Integer(id);
            }
            if let Some(Value::Text(text)) = unique.and_then(|at| row.get_mut(at)) {
                text.push_str(&format!("#{id}"));
            }
        }
    }
}
