//! The text by which a record is found: the folded text of its searched fields, kept beside the record and in a trigram index,
//! in the same transaction as the record: the index last, because it is dear to write piece by piece.

use database::{Backend, Tx, Value};
use filter_language::search_fold;

use crate::catalog::ObjectType;
use crate::error::Result;
use crate::record::Values;

/// Longest search text, in characters: a long description is found by its beginning.
const MAX_LENGTH: usize = 4_000;

/// The search text of a record.
pub fn search_text(object_type: &ObjectType, values: &Values) -> String {
    let mut raw = String::new();
    for field in object_type.value_fields().filter(|field| field.is_searched) {
        if let Some(value) = values.get(&field.name) {
            field.behaviour().search_text(value, &mut raw);
        }
    }
    let folded = search_fold(&raw);
    match folded.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => folded.get(..end).unwrap_or_default().to_owned(),
        None => folded,
    }
}

/// Stores the texts of new records.
///
/// # Errors
/// Those of the database.
pub fn insert(tx: &mut Tx, object_type: &ObjectType, texts: Vec<(i64, String)>) -> Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let table = object_type.search_table();
    let rows: Vec<Vec<Value>> =
        texts.into_iter().map(|(id, text)| vec![Value::Integer(id), Value::Text(text)]).collect();
    tx.insert_many(&table, &["record_id", "text"], &rows)?;
    if database::Query::backend(tx) == Backend::Sqlite {
        let sql = format!("INSERT INTO {table}_index (rowid, text) VALUES (?, ?)");
        rows.into_iter().for_each(|row| tx.execute_late(sql.as_str(), row));
    }
    Ok(())
}

/// Replaces the text of a record.
///
/// # Errors
/// Those of the database.
pub fn replace(tx: &mut Tx, object_type: &ObjectType, id: i64, text: String) -> Result<()> {
    let table = object_type.search_table();
    tx.execute(&format!("DELETE FROM {table} WHERE record_id = ?"), &[id.into()])?;
    if database::Query::backend(tx) == Backend::Sqlite {
        tx.execute_late(format!("DELETE FROM {table}_index WHERE rowid = ?"), vec![id.into()]);
    }
    insert(tx, object_type, vec![(id, text)])
}
