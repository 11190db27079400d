//! What was told to each device: its cards with their tags, and in which order they came, changed and went.
//!
//! What must stay true: each change of a card has a number of its own, and numbers only grow; a card that went stays as a row, so that a device
//! that was away for long hears of it.

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
];

/// A book as it was told last.
pub(super) struct Told {
    /// Which contacts it was made of.
    pub contacts: String,
    /// Of the last change.
    pub number: i64,
    /// The last event when it was compared.
    pub outbox_id: i64,
}

/// What has changed in a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Ids with the new tag, or nothing for those that went; in the order of their changes.
    pub cards: Vec<(i64, Option<String>)>,
    /// Behind which number one asks the next time.
    pub number: i64,
    /// There is more.
    pub is_cut: bool,
}

/// The book of a device, if it has one.
pub(super) fn find(tx: &mut dyn Query, device: i64) -> Result<Option<Told>> {
    find_locked(tx, device, "")
}

fn find_locked(tx: &mut dyn Query, device: i64, lock: &str) -> Result<Option<Told>> {
    let sql = format!("SELECT contacts, number, outbox_id FROM address_books WHERE device_id = ?{lock}");
    let row = tx.query_optional(&sql, &[device.into()])?;
    row.map(|row| Ok(Told { contacts: row.text(0)?, number: row.integer(1)?, outbox_id: row.integer(2)? })).transpose()
}

/// Notes what has come, changed and gone; answers the number of the last change.
pub(super) fn compare(
    tx: &mut Tx,
    device: i64,
    outbox_id: i64,
    contacts: &str,
    tags: &BTreeMap<i64, String>,
) -> Result<i64> {
    tx.execute(
        "INSERT INTO address_books (device_id, contacts, number, outbox_id) VALUES (?, ?, 0, 0) ON CONFLICT (device_id) DO NOTHING",
        &[device.into(), contacts.into()],
    )?;
    // Two requests of one device at once must not give out one number twice.
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let before = find_locked(tx, device, lock)?.map_or(0, |told| told.number);
    let mut number = before;
    let mut next = || {
        number += 1;
        number
    };
    let mut stored: BTreeMap<i64, (String, bool)> = BTreeMap::new();
    for mut row in
        tx.query("SELECT contact_id, tag, is_gone FROM address_book_cards WHERE device_id = ?", &[device.into()])?
    {
        stored.insert(row.integer(0)?, (row.take_text(1)?, row.boolean(2)?));
    }
    let mut new: Vec<Vec<Value>> = Vec::new();
    for (id, tag) in tags {
        match stored.get(id) {
            Some((known, false)) if known == tag => {}
            Some(_) => update(tx, device, *id, tag, next(), false)?,
            None => {
                new.push(vec![device.into(), (*id).into(), tag.as_str().into(), next().into(), Value::Integer(0)]);
            }
        }
    }
    for (id, (tag, is_gone)) in &stored {
        if !is_gone && !tags.contains_key(id) {
            update(tx, device, *id, tag, next(), true)?;
        }
    }
    tx.insert_many("address_book_cards", &["device_id", "contact_id", "tag", "number", "is_gone"], &new)?;
    tx.execute(
        "UPDATE address_books SET contacts = ?, number = ?, outbox_id = ? WHERE device_id = ?",
        &[contacts.into(), number.into(), outbox_id.into(), device.into()],
    )?;
    Ok(number)
}

fn update(tx: &mut Tx, device: i64, id: i64, tag: &str, number: i64, is_gone: bool) -> Result<()> {
    tx.execute(
        "UPDATE address_book_cards SET tag = ?, number = ?, is_gone = ? WHERE device_id = ? AND contact_id = ?",
        &[tag.into(), number.into(), i64::from(is_gone).into(), device.into(), id.into()],
    )?;
    Ok(())
}

/// The ids and tags of the cards in a book.
pub(super) fn tags(tx: &mut dyn Query, device: i64) -> Result<Vec<(i64, String)>> {
    let sql = "SELECT contact_id, tag FROM address_book_cards WHERE device_id = ? AND is_gone = 0 ORDER BY contact_id";
    let rows = tx.query(sql, &[device.into()])?;
    rows.iter().map(|row| Ok((row.integer(0)?, row.text(1)?))).collect()
}

/// How many cards are in a book, counted up to `most`; `None` for a book that was never compared.
pub(super) fn count_to(tx: &mut dyn Query, device: i64, most: usize) -> Result<Option<usize>> {
    if find(tx, device)?.is_none() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM address_book_cards WHERE device_id = ? AND is_gone = 0 LIMIT {most}) counted"
    );
    let count = tx.query_optional(&sql, &[device.into()])?.map(|row| row.integer(0)).transpose()?.unwrap_or_default();
    Ok(Some(usize::try_from(count).unwrap_or_default()))
}

/// What has changed behind a number. Who asks for the first time is not told what went before he came.
pub(super) fn changes(tx: &mut dyn Query, device: i64, after: i64, limit: usize) -> Result<Option<Changes>> {
    let last = find(tx, device)?.map_or(0, |told| told.number);
    if !(0..=last).contains(&after) {
        return Ok(None);
    }
    let gone = if after == 0 { " AND is_gone = 0" } else { "" };
    let sql = format!(
        "SELECT contact_id, tag, is_gone, number FROM address_book_cards WHERE device_id = ? AND number > ?{gone} \
         ORDER BY number LIMIT {}",
        limit.saturating_add(1)
    );
    let mut rows = tx.query(&sql, &[device.into(), after.into()])?;
    let is_cut = rows.len() > limit;
    rows.truncate(limit);
    let mut cards = Vec::with_capacity(rows.len());
    let mut number = last;
    for row in &rows {
        cards.push((row.integer(0)?, if row.boolean(2)? { None } else { Some(row.text(1)?) }));
        if is_cut {
            number = row.integer(3)?;
        }
    }
    Ok(Some(Changes { cards, number, is_cut }))
}

/// The names and identifiers that a device gave to the cards that it made.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// By contact: name, identifier (empty for our own).
    by_id: BTreeMap<i64, (String, String)>,
    by_name: BTreeMap<String, i64>,
}

impl Names {
    /// The contacts with such cards, the newest first.
    pub fn ids(&self) -> Vec<i64> {
        self.by_id.keys().rev().copied().collect()
    }

    /// The contact of a name.
    pub fn by_name(&self, name: &str) -> Option<i64> {
        self.by_name.get(name).copied()
    }

    /// The contact of an identifier.
    pub fn by_uid(&self, uid: &str) -> Option<i64> {
        self.by_id.iter().find(|(_, (_, known))| !uid.is_empty() && known == uid).map(|(id, _)| *id)
    }

    /// The name of a contact's card.
    pub fn name(&self, id: i64) -> Option<&str> {
        self.by_id.get(&id).map(|(name, _)| name.as_str())
    }

    /// The identifier of a contact's card.
    pub fn uid(&self, id: i64) -> Option<&str> {
        self.by_id.get(&id).map(|(_, uid)| uid.as_str()).filter(|uid| !uid.is_empty())
    }
}

/// The names that a device gave.
pub(super) fn names(tx: &mut dyn Query, device: i64) -> Result<Names> {
    let sql = "SELECT contact_id, name, uid FROM address_book_names WHERE device_id = ?";
    let mut names = Names::default();
    for mut row in tx.query(sql, &[device.into()])? {
        let (id, name, uid) = (row.integer(0)?, row.take_text(1)?, row.take_text(2)?);
        names.by_name.insert(name.clone(), id);
        names.by_id.insert(id, (name, uid));
    }
    Ok(names)
}

/// The contact of a name that a device gave.
pub(super) fn id_by_name(tx: &mut dyn Query, device: i64, name: &str) -> Result<Option<i64>> {
    let sql = "SELECT contact_id FROM address_book_names WHERE device_id = ? AND name = ?";
    let row = tx.query_optional(sql, &[device.into(), name.into()])?;
    row.map(|row| row.integer(0).map_err(Into::into)).transpose()
}

/// Notes the name and the identifier of a new card; cards that had them before, and are gone, lose them: when they come back, no two cards of
/// the device may have one identifier.
pub(super) fn name_card(tx: &mut Tx, device: i64, id: i64, name: &str, uid: &str) -> Result<()> {
    tx.execute("DELETE FROM address_book_names WHERE device_id = ? AND name = ?", &[device.into(), name.into()])?;
    tx.execute(
        "UPDATE address_book_names SET uid = '' WHERE device_id = ? AND uid = ? AND uid <> ''",
        &[device.into(), uid.into()],
    )?;
    tx.insert_many(
        "address_book_names",
        &["device_id", "contact_id", "name", "uid"],
        &[vec![device.into(), id.into(), name.into(), uid.into()]],
    )?;
    Ok(())
}

/// Counts an attempt of a device to write; answers since when it has been writing, where that was too much within the window.
pub(super) fn count_write(tx: &mut Tx, device: i64, now_ms: i64, window_ms: i64, most: i64) -> Result<Option<i64>> {
    tx.execute(
        "INSERT INTO address_book_writes (device_id, since, count) VALUES (?, ?, 0) ON CONFLICT (device_id) DO NOTHING",
        &[device.into(), now_ms.into()],
    )?;
    // Two writes at once are two.
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT since, count FROM address_book_writes WHERE device_id = ?{lock}");
    let row = tx.query_one(&sql, &[device.into()])?;
    let (since, count) = (row.integer(0)?, row.integer(1)?);
    // A clock that was put back begins anew.
    let is_within = (0..window_ms).contains(&(now_ms - since));
    if is_within && count >= most {
        return Ok(Some(since));
    }
    let (since, count) = if is_within { (since, count + 1) } else { (now_ms, 1) };
    tx.execute(
        "UPDATE address_book_writes SET since = ?, count = ? WHERE device_id = ?",
        &[since.into(), count.into(), device.into()],
    )?;
    Ok(None)
}

/// Takes the book of a device away.
///
/// # Errors
/// Those of the database.
pub fn forget(tx: &mut Tx, device: i64) -> Result<()> {
    tx.execute("DELETE FROM address_book_cards WHERE device_id = ?", &[device.into()])?;
    tx.execute("DELETE FROM address_books WHERE device_id = ?", &[device.into()])?;
    tx.execute("DELETE FROM address_book_names WHERE device_id = ?", &[device.into()])?;
    tx.execute("DELETE FROM address_book_writes WHERE device_id = ?", &[device.into()])?;
    Ok(())
}

/// Takes the books of all devices away that are not among `standing`.
///
/// # Errors
/// Those of the database.
pub fn forget_all_but(tx: &mut Tx, standing: &[i64]) -> Result<()> {
    let sql = "SELECT device_id FROM address_books UNION SELECT device_id FROM address_book_writes";
    for row in tx.query(sql, &[])? {
        let device = row.integer(0)?;
        if !standing.contains(&device) {
            forget(tx, device)?;
        }
    }
    Ok(())
}
