//! The text by which a record is found: the folded text of its searched fields, kept beside the record and in a trigram index,
//! in the same transaction as the record: the index last, because it is dear to write piece by piece.

mod delta;

use std::collections::BTreeMap;

use database::{Backend, Query, Tx, Value, padded_in_list};
use filter_language::search_fold;

use crate::catalog::ObjectType;
use crate::error::Result;
use crate::query::load::MAX_IN_LIST;
use crate::query::search::{TRIGRAM, quoted};
use crate::record::Values;
use delta::Delta;

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

/// How many trigrams of a text are looked up to see whether the index knows it.
const PROBES: usize = 8;

/// What the trigram index of SQLite is made as. Without a table of its rows, which every change would write as well; the texts are folded already.
pub(crate) const INDEX: &str = "fts5(text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1')";
/// How many segments of one size the index lets gather before it makes one of them. With fewer it writes everything more often: a mass
/// change took twice as long with the 4 and 16 that FTS5 has by itself; searches did not.
const MERGES: [(&str, i64); 2] = [("automerge", 16), ("crisismerge", 64)];

/// Makes the trigram index of a type, and makes one anew that an older release made otherwise. PostgreSQL has an index of the usual kind.
///
/// # Errors
/// Those of the database.
pub(crate) fn synchronise_index(tx: &mut Tx, object_type: &ObjectType) -> Result<()> {
    let table = object_type.search_table();
    let wanted = format!("CREATE VIRTUAL TABLE {table}_index USING {INDEX}");
    let name = Value::Text(format!("{table}_index"));
    let stored = tx.query_optional("SELECT sql FROM sqlite_schema WHERE name = ?", &[name])?;
    let stored = stored.map(|mut row| row.take_text(0)).transpose()?;
    if stored.as_ref() == Some(&wanted) {
        return Ok(());
    }
    if stored.is_some() {
        tracing::info!(object_type = object_type.name, "the search index is made anew");
        tx.execute_batch(&format!("DROP TABLE {table}_index"))?;
    }
    tx.execute_batch(&wanted)?;
    for (option, value) in MERGES {
        tx.execute(
            &format!("INSERT INTO {table}_index ({table}_index, rank) VALUES (?, ?)"),
            &[option.into(), value.into()],
        )?;
    }
    tx.execute_batch(&format!(
        "INSERT INTO {table}_index (rowid, text) SELECT record_id, text FROM {table} ORDER BY record_id"
    ))?;
    Ok(())
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
    if tx.backend() == Backend::Sqlite {
        let sql = put_in(&table);
        rows.into_iter().for_each(|row| tx.execute_late(sql.as_str(), row));
    }
    Ok(())
}

/// Replaces the texts of records whose texts have changed.
///
/// # Errors
/// Those of the database.
pub fn replace(tx: &mut Tx, object_type: &ObjectType, mut texts: BTreeMap<i64, String>) -> Result<()> {
    let table = object_type.search_table();
    let ids = |texts: &BTreeMap<i64, String>| texts.keys().map(|id| Value::Integer(*id)).collect::<Vec<Value>>();
    let stored = stored_texts(tx, &table, &ids(&texts))?;
    texts.retain(|id, text| stored.get(id) != Some(text));
    remove_texts(tx, &table, &ids(&texts))?;
    let is_indexed_here = tx.backend() == Backend::Sqlite;
    let (put, take) = (put_in(&table), take_out(&table));
    let mut rows = Vec::with_capacity(texts.len());
    for (id, text) in texts {
        if is_indexed_here {
            let Delta { removed, added } = Delta::between(stored.get(&id).map_or("", String::as_str), &text);
            if !removed.is_empty() {
                tx.execute_late(take.as_str(), vec![id.into(), removed.into()]);
            }
            // FTS5 counts rows, too: what is taken out comes back, if only as an empty one.
            tx.execute_late(put.as_str(), vec![id.into(), added.into()]);
        }
        rows.push(vec![Value::Integer(id), Value::Text(text)]);
    }
    tx.insert_many(&table, &["record_id", "text"], &rows)?;
    Ok(())
}

/// Forgets the texts of records that are removed for good.
///
/// # Errors
/// Those of the database.
pub fn remove(tx: &mut Tx, object_type: &ObjectType, ids: &[Value]) -> Result<()> {
    let table = object_type.search_table();
    if tx.backend() == Backend::Sqlite {
        let sql = take_out(&table);
        for (id, text) in stored_texts(tx, &table, ids)? {
            tx.execute_late(sql.as_str(), vec![id.into(), text.into()]);
        }
    }
    remove_texts(tx, &table, ids)
}

/// The records whose texts the trigram index does not find, by some of their trigrams; always none on PostgreSQL, which keeps its index itself.
///
/// # Errors
/// Those of the database.
pub fn unfindable<'a>(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    texts: impl IntoIterator<Item = (&'a i64, &'a String)>,
) -> Result<Vec<i64>> {
    let mut missing = Vec::new();
    if tx.backend() != Backend::Sqlite {
        return Ok(missing);
    }
    let table = object_type.search_table();
    let sql = format!("SELECT 1 FROM {table}_index WHERE {table}_index MATCH ? AND rowid = ?");
    for (id, text) in texts {
        let letters: Vec<char> = text.chars().collect();
        let step = (letters.len() / PROBES).max(1);
        let probes = letters.windows(TRIGRAM).step_by(step).map(|three| quoted(&three.iter().collect::<String>()));
        let probes: Vec<String> = probes.collect();
        let is_found = probes.is_empty()
            || tx.query_optional(&sql, &[probes.join(" AND ").into(), Value::Integer(*id)])?.is_some();
        if !is_found {
            missing.push(*id);
        }
    }
    Ok(missing)
}

fn put_in(table: &str) -> String {
    format!("INSERT INTO {table}_index (rowid, text) VALUES (?, ?)")
}

/// An index without content must be told what it held.
fn take_out(table: &str) -> String {
    format!("INSERT INTO {table}_index ({table}_index, rowid, text) VALUES ('delete', ?, ?)")
}

fn stored_texts(tx: &mut Tx, table: &str, ids: &[Value]) -> Result<BTreeMap<i64, String>> {
    let mut texts = BTreeMap::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let (list, params) = padded_in_list(chunk);
        for mut row in tx.query(&format!("SELECT record_id, text FROM {table} WHERE record_id IN {list}"), &params)? {
            texts.insert(row.integer(0)?, row.take_text(1)?);
        }
    }
    Ok(texts)
}

fn remove_texts(tx: &mut Tx, table: &str, ids: &[Value]) -> Result<()> {
    for chunk in ids.chunks(MAX_IN_LIST) {
        let (list, params) = padded_in_list(chunk);
        tx.execute(&format!("DELETE FROM {table} WHERE record_id IN {list}"), &params)?;
    }
    Ok(())
}
