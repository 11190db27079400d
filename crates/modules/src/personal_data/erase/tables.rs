//! The tables beside those of the records: what of a person goes from them.
//!
//! What stands here is what the data map says: a column of `people` there has its statement here or in the engine.

use std::collections::BTreeSet;

use database::{Query, Tx, Value, in_list};
use record_engine::Record;
use record_engine::catalog::ObjectType;
use record_engine::error::Result;
use record_engine::write::erase::Traces;
use record_engine::{files, followers, reactions};
use serde_json::Value as Json;

/// From this length on a text is hardly anybody else's.
const LONG: usize = 12;
/// So many digits are a phone or the number of a document.
const DIGITS: usize = 6;
/// The fields whose values name somebody, however short they are.
const NAMES: [&str; 4] = ["name", "last_name", "company_name", "title"];
/// Words of one statement.
const WORDS_AT_ONCE: usize = 40;
/// What a repeated request gets instead of an answer that named the person.
const GONE: &str = r#"{"type":"about:blank","title":"The personal data was erased","status":409,"code":"erased"}"#;

/// The texts that tell a person from others: the name, what is long, what looks like an address or a number. A town alone is left alone.
pub(super) fn telling(object_type: &ObjectType, records: &[Record], traces: &Traces) -> Vec<String> {
    let names: BTreeSet<&str> = records
        .iter()
        .flat_map(|record| NAMES.iter().chain([&object_type.definition.title_field]).map(|name| record.value(name)))
        .filter_map(Json::as_str)
        .collect();
    let is_telling = |word: &&str| {
        word.chars().count() >= LONG
            || word.contains('@')
            || word.chars().filter(char::is_ascii_digit).count() >= DIGITS
            || names.contains(word)
    };
    traces.words().filter(is_telling).map(String::from).collect()
}

/// Forgets what other tables know of records by their ids.
pub(super) fn forget_records(tx: &mut Tx, object_type: &ObjectType, ids: &[i64]) -> Result<()> {
    for chunk in ids.chunks(500) {
        let list = in_list(chunk.len());
        let ids: Vec<Value> = chunk.iter().map(|id| Value::Integer(*id)).collect();
        let of_type = [[object_type.id.into()].as_slice(), &ids].concat();
        tx.execute(&format!("DELETE FROM duplicate_keys WHERE object_type_id = ? AND record_id IN {list}"), &of_type)?;
        for side in ["left_id", "right_id"] {
            tx.execute(
                &format!("DELETE FROM duplicate_pairs WHERE object_type_id = ? AND {side} IN {list}"),
                &of_type,
            )?;
        }
        followers::forget(tx, object_type, &ids)?;
        reactions::forget(tx, object_type, &ids)?;
        // That somebody was told of the record; one about nothing else is gone for its reader without it.
        tx.execute(
            &format!(
                "DELETE FROM notification_records WHERE record_id IN {list} AND notification_id IN \
                 (SELECT id FROM notifications WHERE object_type = ?)"
            ),
            &[ids.as_slice(), &[object_type.name.as_str().into()]].concat(),
        )?;
        // Messages that told of the record itself.
        let named = [[object_type.name.as_str().into()].as_slice(), &ids].concat();
        tx.execute(
            &format!(
                "UPDATE webhook_attempts SET request = NULL, answer = NULL WHERE delivery_id IN \
                 (SELECT id FROM webhook_deliveries WHERE object_type = ? AND record_id IN {list})"
            ),
            &named,
        )?;
        // Answers that hold the record itself, whatever it was called then.
        for id in chunk {
            let heads = [format!("\"id\":{id},\"type\":\"{}\"", object_type.name)];
            forget_answers(tx, &heads)?;
        }
    }
    Ok(())
}

/// Forgets texts that tell the person wherever programs and people left them.
pub(super) fn forget_texts(tx: &mut Tx, names: &[String]) -> Result<()> {
    let traces = Traces::from_words(names.iter().cloned());
    forget_answers(tx, names)?;
    let json = ["payload", "position", "report", "error"];
    cut(tx, &traces, names, "jobs", &["id"], &json, "finished_at IS NOT NULL")?;
    cut(tx, &traces, names, "job_failures", &["job_id", "place"], &["params"], "1 = 1")?;
    cut(
        tx,
        &traces,
        names,
        "import_problems",
        &["import_id", "stage", "row_number", "place"],
        &["params", "value", "match_on"],
        "1 = 1",
    )?;
    cut(
        tx,
        &traces,
        names,
        "imports",
        &["id"],
        &["file_name", "settings", "inspection", "check_report", "report"],
        "1 = 1",
    )?;
    cut(
        tx,
        &traces,
        names,
        "operations",
        &["id"],
        &["title", "reason"],
        "kind IN ('import', 'bulk', 'merge', 'undo')",
    )?;
    // Messages about others that named the person.
    for column in ["request", "answer"] {
        for words in names.chunks(WORDS_AT_ONCE) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let (condition, params) = Traces::condition(tx.backend(), column, &words);
            let sql = format!("UPDATE webhook_attempts SET request = NULL, answer = NULL WHERE {condition}");
            tx.execute(&sql, &params)?;
        }
    }
    for column in ["name", "uid"] {
        for words in names.chunks(WORDS_AT_ONCE) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let (condition, params) = Traces::condition(tx.backend(), column, &words);
            tx.execute(&format!("DELETE FROM device_names WHERE {condition}"), &params)?;
        }
    }
    Ok(())
}

fn forget_answers(tx: &mut Tx, words: &[String]) -> Result<()> {
    for words in words.chunks(WORDS_AT_ONCE) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (condition, params) = Traces::condition(tx.backend(), "body", &words);
        let sql = format!("UPDATE idempotency_keys SET status = 409, etag = NULL, body = ? WHERE {condition}");
        tx.execute(&sql, &[[Value::from(GONE)].as_slice(), &params].concat())?;
    }
    Ok(())
}

/// Takes texts out of the columns of a table, of which some are JSON.
fn cut(
    tx: &mut Tx,
    traces: &Traces,
    names: &[String],
    table: &str,
    key: &[&str],
    columns: &[&str],
    only: &str,
) -> Result<()> {
    for words in names.chunks(WORDS_AT_ONCE) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut conditions = Vec::new();
        let mut params = Vec::new();
        for column in columns {
            let (condition, of_column) = Traces::condition(tx.backend(), column, &words);
            conditions.push(condition);
            params.extend(of_column);
        }
        let sql = format!(
            "SELECT {}, {} FROM {table} WHERE {only} AND ({})",
            key.join(", "),
            columns.join(", "),
            conditions.join(" OR ")
        );
        for row in tx.query(&sql, &params)? {
            let mut values: Vec<Value> = Vec::with_capacity(columns.len() + key.len());
            for at in 0..columns.len() {
                let text = row.optional_text(key.len() + at)?;
                values.push(text.map(|text| traces.cut_from_json(&text).unwrap_or(text)).into());
            }
            values.extend(row.values().iter().take(key.len()).cloned());
            let sets: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
            let place: Vec<String> = key.iter().map(|column| format!("{column} = ?")).collect();
            tx.execute(&format!("UPDATE {table} SET {} WHERE {}", sets.join(", "), place.join(" AND ")), &values)?;
        }
    }
    Ok(())
}

/// Removes imports with their rows; answers the hashes of their files.
pub(super) fn remove_imports(tx: &mut Tx, ids: impl Iterator<Item = i64>) -> Result<Vec<String>> {
    let mut hashes = Vec::new();
    for id in ids {
        if let Some(row) = tx.query_optional("SELECT file_hash FROM imports WHERE id = ?", &[id.into()])? {
            hashes.push(row.text(0)?);
        }
        tx.execute("DELETE FROM import_problems WHERE import_id = ?", &[id.into()])?;
        tx.execute("DELETE FROM imports WHERE id = ?", &[id.into()])?;
    }
    Ok(hashes)
}

/// Removes the rows of stored files; answers the hashes of their bytes.
pub(super) fn remove_files(tx: &mut Tx, ids: &BTreeSet<String>) -> Result<Vec<String>> {
    let found = files::find_all(tx, ids.iter().map(String::as_str))?;
    let ids: Vec<Value> = found.keys().map(|id| Value::from(id.as_str())).collect();
    for chunk in ids.chunks(500) {
        tx.execute(&format!("DELETE FROM files WHERE id IN {}", in_list(chunk.len())), chunk)?;
    }
    Ok(found.into_values().map(|file| file.hash).collect())
}
