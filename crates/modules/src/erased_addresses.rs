//! Phones and e-mail addresses of people who were erased, as keyed hashes: who comes back in a file or is typed again is known, and nobody reads from
//! the list who was on it.
//!
//! What must stay true: an address itself is never stored here, and without the key of the installation no hash tells one; the list says only
//! "is on it". It outlives a restored backup: every change goes to a file beside the ledger of erasures (`file`), which every start follows.
//!
//! It stands by itself, since imports ask it and erasures write it.

mod file;

use std::collections::BTreeMap;

use database::{Query, Tx, Value, in_list};
use record_engine::catalog::ObjectType;
use record_engine::context::instant_text;
use record_engine::error::Result;
use record_engine::field_types::{ChannelFormat, FieldKind, NormaliseContext};
use record_engine::query::load::MAX_IN_LIST;
use record_engine::settings::Installation;
use record_engine::vault::Vault;
use record_engine::{Record, Values};
use serde_json::{Value as Json, json};

pub use file::{FILE_NAME, follow, settle};

/// The code of a row or a warning about such an address.
pub const CODE: &str = "erased_address";

/// What is kept of an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// `phone` or `email`.
    pub kind: &'static str,
    /// The keyed hash, in hexadecimal digits.
    pub hash: String,
}

/// An address of a record that is on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Name of the field.
    pub field: String,
    /// Its place in the field.
    pub at: usize,
    /// As it is shown.
    pub display: String,
}

fn mark(vault: &Vault, format: ChannelFormat, value: &str) -> Option<Mark> {
    let kind = match format {
        ChannelFormat::Email => "email",
        ChannelFormat::Phone => "phone",
        // Messengers go by phone numbers or by names; a name is no address.
        ChannelFormat::PhoneOrHandle if value.starts_with('+') => "phone",
        ChannelFormat::PhoneOrHandle | ChannelFormat::Url | ChannelFormat::Handle => return None,
    };
    let hash = vault.mark(format!("erased address\n{kind}\n{}", value.to_lowercase()).as_bytes());
    Some(Mark { kind, hash })
}

/// The addresses in the values of a record, with their marks.
fn marks_of(vault: &Vault, object_type: &ObjectType, values: &Values) -> Vec<(Listed, Mark)> {
    let mut found = Vec::new();
    for field in &object_type.fields {
        let FieldKind::Channels(settings) = &field.kind else { continue };
        let entries = values.get(&field.name).and_then(Json::as_array).into_iter().flatten();
        for (at, entry) in entries.enumerate() {
            let text = |part: &str| entry.get(part).and_then(Json::as_str).unwrap_or_default();
            let format = settings.kinds.iter().find(|kind| kind.key == text("kind")).map(|kind| kind.format);
            if let Some(mark) = format.and_then(|format| mark(vault, format, text("value"))) {
                let display = if text("display").is_empty() { text("value") } else { text("display") };
                found.push((Listed { field: field.name.clone(), at, display: display.to_owned() }, mark));
            }
        }
    }
    found
}

/// The marks of all addresses of some records.
pub fn marks(vault: &Vault, object_type: &ObjectType, records: &[Record]) -> Vec<Mark> {
    let all = records.iter().flat_map(|record| marks_of(vault, object_type, &record.values));
    let mut marks: Vec<Mark> = all.map(|(_, mark)| mark).collect();
    marks.sort();
    marks.dedup();
    marks
}

/// Puts marks on the list.
///
/// # Errors
/// Those of the database.
pub fn keep(tx: &mut Tx, marks: &[Mark], now_ms: i64) -> Result<()> {
    for mark in marks {
        put(tx, &mark.hash, mark.kind, now_ms, None, false)?;
    }
    Ok(())
}

fn put(tx: &mut Tx, hash: &str, kind: &str, at_ms: i64, removed_at: Option<i64>, is_filed: bool) -> Result<()> {
    tx.execute(
        "INSERT INTO erased_addresses (hash, kind, at, removed_at, is_in_file) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (hash) DO UPDATE SET kind = excluded.kind, at = excluded.at, removed_at = excluded.removed_at, is_in_file = excluded.is_in_file",
        &[hash.into(), kind.into(), at_ms.into(), removed_at.into(), i64::from(is_filed).into()],
    )?;
    Ok(())
}

/// How many there are on the list.
///
/// # Errors
/// Those of the database.
pub fn count(tx: &mut dyn Query) -> Result<i64> {
    Ok(tx.query_one("SELECT COUNT(*) FROM erased_addresses WHERE removed_at IS NULL", &[])?.integer(0)?)
}

/// Which of these hashes are on the list, with the moments at which they came there.
fn listed(tx: &mut dyn Query, hashes: &[String]) -> Result<BTreeMap<String, i64>> {
    let mut found = BTreeMap::new();
    for chunk in hashes.chunks(MAX_IN_LIST) {
        let params: Vec<Value> = chunk.iter().map(|hash| Value::from(hash.as_str())).collect();
        let sql = format!(
            "SELECT hash, at FROM erased_addresses WHERE removed_at IS NULL AND hash IN {}",
            in_list(chunk.len())
        );
        for row in tx.query(&sql, &params)? {
            found.insert(row.text(0)?, row.integer(1)?);
        }
    }
    Ok(found)
}

/// For each of some records to be, its addresses that are on the list. Addresses that the record in `before`, at the same place, has already are no
/// news.
///
/// # Errors
/// Those of the database.
pub fn find(
    tx: &mut dyn Query,
    vault: &Vault,
    object_type: &ObjectType,
    records: &[(&Values, Option<&Values>)],
) -> Result<Vec<Vec<Listed>>> {
    let none = || records.iter().map(|_| Vec::new()).collect();
    if tx.query_optional("SELECT 1 FROM erased_addresses WHERE removed_at IS NULL LIMIT 1", &[])?.is_none() {
        return Ok(none());
    }
    let marks: Vec<Vec<(Listed, Mark)>> = records
        .iter()
        .map(|(after, before)| {
            let known: Vec<Mark> = before
                .map(|values| marks_of(vault, object_type, values))
                .into_iter()
                .flatten()
                .map(|(_, mark)| mark)
                .collect();
            marks_of(vault, object_type, after).into_iter().filter(|(_, mark)| !known.contains(mark)).collect()
        })
        .collect();
    let hashes: Vec<String> = marks.iter().flatten().map(|(_, mark)| mark.hash.clone()).collect();
    let on_list = listed(tx, &hashes)?;
    let is_listed = |(found, mark): (Listed, Mark)| on_list.contains_key(&mark.hash).then_some(found);
    Ok(marks.into_iter().map(|of_one| of_one.into_iter().filter_map(is_listed).collect()).collect())
}

/// The mark of an address that somebody typed: an e-mail address, or a phone number of the world or of the country of the installation.
fn typed(vault: &Vault, object_type: &ObjectType, country: &str, text: &str) -> Option<Mark> {
    let context = NormaliseContext::of(&Installation { country: country.to_owned(), ..Installation::default() });
    object_type.fields.iter().find_map(|field| {
        let FieldKind::Channels(settings) = &field.kind else { return None };
        settings
            .kinds
            .iter()
            .filter(|kind| matches!(kind.format, ChannelFormat::Email | ChannelFormat::Phone))
            .find_map(|kind| {
                let input = json!([{ "kind": kind.key, "value": text }]);
                let made = field.behaviour().normalise(field, &input, &context).ok()?;
                mark(vault, kind.format, made.get(0)?.get("value")?.as_str()?)
            })
    })
}

/// What an address that somebody typed is on the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    mark: Mark,
    /// When it came there, milliseconds UTC; `None` when it is not on the list.
    pub since: Option<i64>,
}

impl Typed {
    /// As clients read it.
    pub fn present(&self) -> Json {
        json!({ "kind": self.mark.kind, "is_listed": self.since.is_some(), "at": self.since.map(instant_text) })
    }
}

/// Looks an address up that somebody typed; `None` when it is none.
///
/// # Errors
/// Those of the database.
pub fn look_up(
    tx: &mut dyn Query,
    vault: &Vault,
    object_type: &ObjectType,
    country: &str,
    text: &str,
) -> Result<Option<Typed>> {
    let Some(mark) = typed(vault, object_type, country, text) else { return Ok(None) };
    let since = listed(tx, std::slice::from_ref(&mark.hash))?.remove(&mark.hash);
    Ok(Some(Typed { mark, since }))
}

/// Takes an address off the list.
///
/// # Errors
/// Those of the database.
pub fn remove(tx: &mut Tx, typed: &Typed, now_ms: i64) -> Result<()> {
    let since = typed.since.unwrap_or(now_ms);
    put(tx, &typed.mark.hash, typed.mark.kind, since, Some(now_ms), false)
}
