//! What was told to each device: the records of its collections with their tags, and in which order they came, changed and went.
//!
//! What must stay true: each change has a number of its own within its collection, and numbers only grow; a record that went stays as a row, so that a
//! device that was away for long hears of it.

use std::collections::BTreeMap;

use database::{Backend, Migration, MigrationSql, Query, Tx, Value};
use record_engine::error::Result;

/// The tables of this module.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 10,
        name: "address books",
        sql: MigrationSql::Both(
            "
CREATE TABLE address_books (
    device_id {id},
    contacts {text} NOT NULL,
    number {int} NOT NULL,
    outbox_id {int} NOT NULL
);

CREATE TABLE address_book_cards (
    device_id {int} NOT NULL,
    contact_id {int} NOT NULL,
    tag {text} NOT NULL,
    number {int} NOT NULL,
    is_gone {int} NOT NULL,
    PRIMARY KEY (device_id, contact_id)
);
CREATE INDEX address_book_cards_number ON address_book_cards (device_id, number);
",
        ),
    },
    Migration {
        version: 13,
        name: "cards written by devices",
        sql: MigrationSql::Both(
            "
CREATE TABLE address_book_names (
    device_id {int} NOT NULL,
    contact_id {int} NOT NULL,
    name {text} NOT NULL,
    uid {text} NOT NULL,
    PRIMARY KEY (device_id, contact_id)
);
CREATE UNIQUE INDEX address_book_names_name ON address_book_names (device_id, name);

CREATE TABLE address_book_writes (device_id {id}, since {int} NOT NULL, count {int} NOT NULL);
",
        ),
    },
    Migration {
        version: 36,
        name: "collections of devices",
        sql: MigrationSql::Both(
            "
CREATE TABLE device_collections (
    device_id {int} NOT NULL,
    collection {text} NOT NULL,
    contents {text} NOT NULL,
    number {int} NOT NULL,
    outbox_id {int} NOT NULL,
    PRIMARY KEY (device_id, collection)
);
INSERT INTO device_collections (device_id, collection, contents, number, outbox_id)
    SELECT device_id, 'contacts', contacts, number, outbox_id FROM address_books;

CREATE TABLE device_records (
    device_id {int} NOT NULL,
    collection {text} NOT NULL,
    record_id {int} NOT NULL,
    tag {text} NOT NULL,
    number {int} NOT NULL,
    is_gone {int} NOT NULL,
    PRIMARY KEY (device_id, collection, record_id)
);
INSERT INTO device_records (device_id, collection, record_id, tag, number, is_gone)
    SELECT device_id, 'contacts', contact_id, tag, number, is_gone FROM address_book_cards;
CREATE INDEX device_records_number ON device_records (device_id, collection, number);

CREATE TABLE device_names (
    device_id {int} NOT NULL,
    collection {text} NOT NULL,
    record_id {int} NOT NULL,
    name {text} NOT NULL,
    uid {text} NOT NULL,
    PRIMARY KEY (device_id, collection, record_id)
);
INSERT INTO device_names (device_id, collection, record_id, name, uid)
    SELECT device_id, 'contacts', contact_id, name, uid FROM address_book_names;
CREATE UNIQUE INDEX device_names_name ON device_names (device_id, collection, name);

CREATE TABLE device_writes (device_id {id}, since {int} NOT NULL, count {int} NOT NULL);
INSERT INTO device_writes (device_id, since, count) SELECT device_id, since, count FROM address_book_writes;

DROP TABLE address_books;
DROP TABLE address_book_cards;
DROP TABLE address_book_names;
DROP TABLE address_book_writes;
",
        ),
    },
];

/// Which collection of which device.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The device.
    pub device: i64,
    /// The key of the collection.
    pub collection: &'static str,
}

impl Place {
    fn params(self) -> [Value; 2] {
        [self.device.into(), self.collection.into()]
    }
}

const HERE: &str = "device_id = ? AND collection = ?";

/// A collection as it was told last.
pub(super) struct Told {
    /// What it was made of.
    pub contents: String,
    /// Of the last change.
    pub number: i64,
    /// The last event when it was compared.
    pub outbox_id: i64,
}

/// What has changed in a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Ids with the new tag, or nothing for those that went; in the order of their changes.
    pub records: Vec<(i64, Option<String>)>,
    /// Behind which number one asks the next time.
    pub number: i64,
    /// There is more.
    pub is_cut: bool,
}

/// The collection, if it was ever compared.
pub(super) fn find(tx: &mut dyn Query, place: Place) -> Result<Option<Told>> {
    find_locked(tx, place, "")
}

fn find_locked(tx: &mut dyn Query, place: Place, lock: &str) -> Result<Option<Told>> {
    let sql = format!("SELECT contents, number, outbox_id FROM device_collections WHERE {HERE}{lock}");
    let row = tx.query_optional(&sql, &place.params())?;
    row.map(|row| Ok(Told { contents: row.text(0)?, number: row.integer(1)?, outbox_id: row.integer(2)? })).transpose()
}

/// Notes what has come, changed and gone; answers the number of the last change.
pub(super) fn compare(
    tx: &mut Tx,
    place: Place,
    outbox_id: i64,
    contents: &str,
    tags: &BTreeMap<i64, String>,
) -> Result<i64> {
    let [device, collection] = place.params();
    tx.execute(
        "INSERT INTO device_collections (device_id, collection, contents, number, outbox_id) VALUES (?, ?, ?, 0, 0) \
         ON CONFLICT (device_id, collection) DO NOTHING",
        &[device.clone(), collection.clone(), contents.into()],
    )?;
    // Two requests of one device at once must not give out one number twice.
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let before = find_locked(tx, place, lock)?.map_or(0, |told| told.number);
    let mut number = before;
    let mut next = || {
        number += 1;
        number
    };
    let mut stored: BTreeMap<i64, (String, bool)> = BTreeMap::new();
    let sql = format!("SELECT record_id, tag, is_gone FROM device_records WHERE {HERE}");
    for mut row in tx.query(&sql, &place.params())? {
        stored.insert(row.integer(0)?, (row.take_text(1)?, row.boolean(2)?));
    }
    let mut new: Vec<Vec<Value>> = Vec::new();
    for (id, tag) in tags {
        match stored.get(id) {
            Some((known, false)) if known == tag => {}
            Some(_) => update(tx, place, *id, tag, next(), false)?,
            None => {
                let [device, collection] = place.params();
                new.push(vec![device, collection, (*id).into(), tag.as_str().into(), next().into(), Value::Integer(0)]);
            }
        }
    }
    for (id, (tag, is_gone)) in &stored {
        if !is_gone && !tags.contains_key(id) {
            update(tx, place, *id, tag, next(), true)?;
        }
    }
    let columns = ["device_id", "collection", "record_id", "tag", "number", "is_gone"];
    tx.insert_many("device_records", &columns, &new)?;
    tx.execute(
        &format!("UPDATE device_collections SET contents = ?, number = ?, outbox_id = ? WHERE {HERE}"),
        &[contents.into(), number.into(), outbox_id.into(), device, collection],
    )?;
    Ok(number)
}

fn update(tx: &mut Tx, place: Place, id: i64, tag: &str, number: i64, is_gone: bool) -> Result<()> {
    let [device, collection] = place.params();
    tx.execute(
        &format!("UPDATE device_records SET tag = ?, number = ?, is_gone = ? WHERE {HERE} AND record_id = ?"),
        &[tag.into(), number.into(), i64::from(is_gone).into(), device, collection, id.into()],
    )?;
    Ok(())
}

/// The ids and tags of what is in a collection.
pub(super) fn tags(tx: &mut dyn Query, place: Place) -> Result<Vec<(i64, String)>> {
    let sql = format!("SELECT record_id, tag FROM device_records WHERE {HERE} AND is_gone = 0 ORDER BY record_id");
    let rows = tx.query(&sql, &place.params())?;
    rows.iter().map(|row| Ok((row.integer(0)?, row.text(1)?))).collect()
}

/// How many records are in a collection, counted up to `most`; `None` for one that was never compared.
pub(super) fn count_to(tx: &mut dyn Query, place: Place, most: usize) -> Result<Option<usize>> {
    if find(tx, place)?.is_none() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM device_records WHERE {HERE} AND is_gone = 0 LIMIT {most}) counted"
    );
    let count = tx.query_optional(&sql, &place.params())?.map(|row| row.integer(0)).transpose()?.unwrap_or_default();
    Ok(Some(usize::try_from(count).unwrap_or_default()))
}

/// What has changed behind a number. Who asks for the first time is not told what went before he came.
pub(super) fn changes(tx: &mut dyn Query, place: Place, after: i64, limit: usize) -> Result<Option<Changes>> {
    let last = find(tx, place)?.map_or(0, |told| told.number);
    if !(0..=last).contains(&after) {
        return Ok(None);
    }
    let gone = if after == 0 { " AND is_gone = 0" } else { "" };
    let sql = format!(
        "SELECT record_id, tag, is_gone, number FROM device_records WHERE {HERE} AND number > ?{gone} \
         ORDER BY number LIMIT {}",
        limit.saturating_add(1)
    );
    let [device, collection] = place.params();
    let mut rows = tx.query(&sql, &[device, collection, after.into()])?;
    let is_cut = rows.len() > limit;
    rows.truncate(limit);
    let mut records = Vec::with_capacity(rows.len());
    let mut number = last;
    for row in &rows {
        records.push((row.integer(0)?, if row.boolean(2)? { None } else { Some(row.text(1)?) }));
        if is_cut {
            number = row.integer(3)?;
        }
    }
    Ok(Some(Changes { records, number, is_cut }))
}

/// The names and identifiers that a device gave to the records that it made.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// By record: name, identifier (empty for our own).
    by_id: BTreeMap<i64, (String, String)>,
    by_name: BTreeMap<String, i64>,
}

impl Names {
    /// The records with such names, the newest first.
    pub fn ids(&self) -> Vec<i64> {
        self.by_id.keys().rev().copied().collect()
    }

    /// The record of a name.
    pub fn by_name(&self, name: &str) -> Option<i64> {
        self.by_name.get(name).copied()
    }

    /// The record of an identifier.
    pub fn by_uid(&self, uid: &str) -> Option<i64> {
        self.by_id.iter().find(|(_, (_, known))| !uid.is_empty() && known == uid).map(|(id, _)| *id)
    }

    /// The name of a record.
    pub fn name(&self, id: i64) -> Option<&str> {
        self.by_id.get(&id).map(|(name, _)| name.as_str())
    }

    /// The identifier of a record.
    pub fn uid(&self, id: i64) -> Option<&str> {
        self.by_id.get(&id).map(|(_, uid)| uid.as_str()).filter(|uid| !uid.is_empty())
    }
}

/// The names that a device gave.
pub(super) fn names(tx: &mut dyn Query, place: Place) -> Result<Names> {
    let sql = format!("SELECT record_id, name, uid FROM device_names WHERE {HERE}");
    let mut names = Names::default();
    for mut row in tx.query(&sql, &place.params())? {
        let (id, name, uid) = (row.integer(0)?, row.take_text(1)?, row.take_text(2)?);
        names.by_name.insert(name.clone(), id);
        names.by_id.insert(id, (name, uid));
    }
    Ok(names)
}

/// The record of a name that a device gave.
pub(super) fn id_by_name(tx: &mut dyn Query, place: Place, name: &str) -> Result<Option<i64>> {
    let [device, collection] = place.params();
    let sql = format!("SELECT record_id FROM device_names WHERE {HERE} AND name = ?");
    let row = tx.query_optional(&sql, &[device, collection, name.into()])?;
    row.map(|row| row.integer(0).map_err(Into::into)).transpose()
}

/// Notes the name and the identifier of a new record; records that had them before, and are gone, lose them: when they come back, no two of the device
/// may have one identifier.
pub(super) fn name_record(tx: &mut Tx, place: Place, id: i64, name: &str, uid: &str) -> Result<()> {
    let [device, collection] = place.params();
    tx.execute(
        &format!("DELETE FROM device_names WHERE {HERE} AND name = ?"),
        &[device.clone(), collection.clone(), name.into()],
    )?;
    tx.execute(
        &format!("UPDATE device_names SET uid = '' WHERE {HERE} AND uid = ? AND uid <> ''"),
        &[device.clone(), collection.clone(), uid.into()],
    )?;
    tx.insert_many(
        "device_names",
        &["device_id", "collection", "record_id", "name", "uid"],
        &[vec![device, collection, id.into(), name.into(), uid.into()]],
    )?;
    Ok(())
}

/// Counts an attempt of a device to write; answers since when it has been writing, where that was too much within the window.
pub(super) fn count_write(tx: &mut Tx, device: i64, now_ms: i64, window_ms: i64, most: i64) -> Result<Option<i64>> {
    tx.execute(
        "INSERT INTO device_writes (device_id, since, count) VALUES (?, ?, 0) ON CONFLICT (device_id) DO NOTHING",
        &[device.into(), now_ms.into()],
    )?;
    // Two writes at once are two.
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT since, count FROM device_writes WHERE device_id = ?{lock}");
    let row = tx.query_one(&sql, &[device.into()])?;
    let (since, count) = (row.integer(0)?, row.integer(1)?);
    // A clock that was put back begins anew.
    let is_within = (0..window_ms).contains(&(now_ms - since));
    if is_within && count >= most {
        return Ok(Some(since));
    }
    let (since, count) = if is_within { (since, count + 1) } else { (now_ms, 1) };
    tx.execute(
        "UPDATE device_writes SET since = ?, count = ? WHERE device_id = ?",
        &[since.into(), count.into(), device.into()],
    )?;
    Ok(None)
}

/// Takes the collections of a device away.
///
/// # Errors
/// Those of the database.
pub fn forget(tx: &mut Tx, device: i64) -> Result<()> {
    for table in ["device_records", "device_collections", "device_names", "device_writes"] {
        tx.execute(&format!("DELETE FROM {table} WHERE device_id = ?"), &[device.into()])?;
    }
    Ok(())
}

/// Takes the collections of all devices away that are not among `standing`.
///
/// # Errors
/// Those of the database.
pub fn forget_all_but(tx: &mut Tx, standing: &[i64]) -> Result<()> {
    let sql = "SELECT device_id FROM device_collections UNION SELECT device_id FROM device_writes";
    for row in tx.query(sql, &[])? {
        let device = row.integer(0)?;
        if !standing.contains(&device) {
            forget(tx, device)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use database::{DatabaseError, migrate};

    use super::*;

    const BOOK: Place = Place { device: 7, collection: "contacts" };

    #[test]
    fn what_devices_were_told_of_their_books_is_known_of_their_collections() {
        test_kit::for_each_backend(|test| {
            let database = test.open();
            let (old, _) = MIGRATIONS.split_at(2);
            migrate(&database, old, None).unwrap();
            database
                .write(|tx| {
                    for sql in [
                        "INSERT INTO address_books (device_id, contacts, number, outbox_id) VALUES (7, 'own', 5, 40)",
                        "INSERT INTO address_book_cards (device_id, contact_id, tag, number, is_gone) VALUES (7, 1, 'a', 4, 0), (7, 2, 'b', 5, 1)",
                        "INSERT INTO address_book_names (device_id, contact_id, name, uid) VALUES (7, 1, 'x.vcf', 'u-1')",
                        "INSERT INTO address_book_writes (device_id, since, count) VALUES (7, 100, 3)",
                    ] {
                        tx.execute(sql, &[])?;
                    }
                    Ok::<_, DatabaseError>(())
                })
                .unwrap();
            migrate(&database, MIGRATIONS, None).unwrap();
            database
                .read(|tx| {
                    let told = find(tx, BOOK)?.unwrap();
                    assert_eq!((told.contents.as_str(), told.number, told.outbox_id), ("own", 5, 40));
                    let changes = changes(tx, BOOK, 3, 10)?.unwrap();
                    assert_eq!(changes.records, [(1, Some("a".to_owned())), (2, None)]);
                    let names = names(tx, BOOK)?;
                    assert_eq!((names.by_name("x.vcf"), names.uid(1)), (Some(1), Some("u-1")));
                    assert!(find(tx, Place { collection: "events", ..BOOK })?.is_none());
                    Ok::<_, record_engine::EngineError>(())
                })
                .unwrap();
            let counted = database.write(|tx| count_write(tx, 7, 200, 1_000, 3)).unwrap();
            assert_eq!(counted, Some(100));
        });
    }
}
