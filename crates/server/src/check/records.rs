//! The comparison of records with what is derived from them.

use std::collections::HashMap;

use database::{Query, ReadTx, Row, Value, quote_identifier};
use record_engine::catalog::{Field, ObjectType};
use record_engine::field_types::child_rows;
use record_engine::query::load_records;
use record_engine::search_text::{search_text, unfindable};
use record_engine::{Engine, Record};

use super::Findings;
use crate::Result;

/// Records of one step.
const STEP: usize = 500;

/// Checks all records of a type, those in the trash too.
pub(super) fn check(
    engine: &Engine,
    object_type: &ObjectType,
    findings: &mut Findings,
    progress: &mut dyn FnMut(u64),
) -> Result<()> {
    let mut after = 0;
    loop {
        let last = engine.database().read(|tx| check_step(tx, object_type, after, findings))?;
        progress(findings.records);
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    engine.database().read(|tx| check_strays(tx, object_type, findings))
}

/// Compares the records behind an id; answers the last id, or `None` at the end.
fn check_step(tx: &mut ReadTx, object_type: &ObjectType, after: i64, findings: &mut Findings) -> Result<Option<i64>> {
    let sql = format!("SELECT id FROM {} WHERE id > ? ORDER BY id LIMIT {STEP}", quote_identifier(object_type.table()));
    let ids = tx.query(&sql, &[after.into()])?.iter().map(|row| row.integer(0)).collect::<Result<Vec<i64>, _>>()?;
    let Some((first, last)) = ids.first().copied().zip(ids.last().copied()) else { return Ok(None) };
    let records = load_records(tx, object_type, &ids, false)?;
    let mut columns = stored_columns(tx, object_type, first, last)?;
    let mut texts = stored_texts(tx, object_type, first, last)?;
    let mut children = Vec::new();
    for field in object_type.value_fields().filter(|field| field.behaviour().child_table().is_some()) {
        children.push((field, stored_children(tx, object_type, field, first, last)?));
    }
    for id in unfindable(tx, object_type, &texts)? {
        findings.problems.push(format!("{} {id}: the search index does not find it", object_type.name));
    }
    for (id, record) in &records {
        let mut complain = |what: &str| findings.problems.push(format!("{} {id}: {what}", object_type.name));
        if columns.remove(id) != Some(encoded(object_type, record)) {
            complain("its columns do not agree with its values");
        }
        if texts.remove(id).as_deref() != Some(search_text(object_type, &record.values).as_str()) {
            complain("its search text is not that of its values");
        }
        for (field, stored) in &mut children {
            if stored.remove(id).unwrap_or_default()
                != child_rows(object_type, field, &record.values, record.deleted_at.is_none())
            {
                complain(&format!("the rows of {} do not agree with its values", field.name));
            }
        }
    }
    findings.records += records.len() as u64;
    Ok(Some(last))
}

/// The columns of a record as the write path makes them.
fn encoded(object_type: &ObjectType, record: &Record) -> Vec<Value> {
    let mut row = Vec::new();
    for field in object_type.value_fields().filter(|field| field.behaviour().child_table().is_none()) {
        field.behaviour().encode(field, record.value(&field.name), &mut row);
    }
    row
}

fn stored_columns(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    first: i64,
    last: i64,
) -> Result<HashMap<i64, Vec<Value>>> {
    let mut names = vec!["id".to_owned()];
    for field in object_type.value_fields().filter(|field| field.behaviour().child_table().is_none()) {
        names.extend(field.behaviour().columns(field).iter().map(|column| quote_identifier(&column.name)));
    }
    let sql =
        format!("SELECT {} FROM {} WHERE id BETWEEN ? AND ?", names.join(", "), quote_identifier(object_type.table()));
    by_id(tx.query(&sql, &[first.into(), last.into()])?)
}

fn stored_texts(tx: &mut dyn Query, object_type: &ObjectType, first: i64, last: i64) -> Result<HashMap<i64, String>> {
    let sql = format!("SELECT record_id, text FROM {} WHERE record_id BETWEEN ? AND ?", object_type.search_table());
    let rows = tx.query(&sql, &[first.into(), last.into()])?;
    rows.into_iter().map(|mut row| Ok((row.integer(0)?, row.take_text(1)?))).collect()
}

fn stored_children(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    field: &Field,
    first: i64,
    last: i64,
) -> Result<HashMap<i64, Vec<Vec<Value>>>> {
    let columns = field.behaviour().child_table().map(|child| child.columns).unwrap_or_default();
    let names: Vec<String> = columns.iter().map(|column| quote_identifier(&column.name)).collect();
    let sql = format!(
        "SELECT record_id, {} FROM {} WHERE record_id BETWEEN ? AND ? ORDER BY record_id, position",
        names.join(", "),
        object_type.child_table(field)
    );
    let mut found: HashMap<i64, Vec<Vec<Value>>> = HashMap::new();
    for row in tx.query(&sql, &[first.into(), last.into()])? {
        let id = row.integer(0)?;
        found.entry(id).or_default().push(row.into_values().into_iter().skip(1).collect());
    }
    Ok(found)
}

fn by_id(rows: Vec<Row>) -> Result<HashMap<i64, Vec<Value>>> {
    rows.into_iter().map(|row| Ok((row.integer(0)?, row.into_values().into_iter().skip(1).collect()))).collect()
}

/// Rows that belong to no record. What the trigram index holds of none is never found: hits are joined with their texts.
fn check_strays(tx: &mut dyn Query, object_type: &ObjectType, findings: &mut Findings) -> Result<()> {
    let (table, search) = (quote_identifier(object_type.table()), object_type.search_table());
    let mut tables = vec![search.clone()];
    tables.extend(
        object_type
            .value_fields()
            .filter(|field| field.behaviour().child_table().is_some())
            .map(|field| object_type.child_table(field)),
    );
    for stray in tables {
        let sql = format!(
            "SELECT COUNT(*) FROM {stray} c WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = c.record_id)"
        );
        complain_of(tx, &sql, &format!("rows of {stray} belong to no record"), findings)?;
    }
    Ok(())
}

fn complain_of(tx: &mut dyn Query, sql: &str, what: &str, findings: &mut Findings) -> Result<()> {
    let count = tx.query_one(sql, &[])?.integer(0)?;
    if count > 0 {
        findings.problems.push(format!("{count} {what}"));
    }
    Ok(())
}
