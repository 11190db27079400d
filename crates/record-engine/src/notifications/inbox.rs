//! A person's notifications as he may read them now.
//!
//! What must stay true: names are read under the rights of the reader, when he reads; a notification about records of which he may see none, or which
//! are all in the trash, is neither listed nor counted. Of many records, more than [`NAMED`], their first ones speak for all, and the number is the
//! one that he was told of.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx, Value, in_list};
use serde_json::{Value as Json, json};

use super::kind::{Kind, REACTED, Told, pick};
use super::{NAMED, details, store};
use crate::catalog::{Catalog, ObjectType, USER_TYPE};
use crate::context::{RequestContext, instant_text};
use crate::error::{EngineError, Result};
use crate::query::get_many;
use crate::query::present::{References, Titles, live_titles};

/// Most unread notifications that are counted; a badge says "99+" beyond it.
pub const MAX_COUNTED: usize = 100;
/// Rows of one look.
const LOOK: usize = 100;
/// Looks of one page: whoever lost sight of more than so many notifications reads on with the cursor.
const MAX_LOOKS: usize = 5;
/// Most ids of one request.
pub const MAX_MARKED: usize = 200;

const COLUMNS: &str = "id, kind, object_type, job_id, actor_id, record_count, created_at, read_at, operation_id";

/// A notification as its receiver may read it now.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub kind: &'static Kind,
    /// Who did it, with his name as far as the reader may see him.
    pub actor: Option<(i64, Option<String>)>,
    /// The type of the records that it is about.
    pub object_type: Option<String>,
    /// Those of them that the reader may see, with their names; the first ones of many.
    pub records: Vec<(i64, String)>,
    /// How many records it is about.
    pub count: i64,
    /// The job that has ended, with the import that it belongs to.
    pub job: Option<EndedJob>,
    /// When it came, milliseconds UTC.
    pub created_at: i64,
    /// When it was read, milliseconds UTC.
    pub read_at: Option<i64>,
    /// What it says beside its sentence, in English, Russian and Ukrainian.
    pub details: Option<[String; 3]>,
}

/// A job that has ended.
#[derive(Clone, Copy, Debug)]
pub struct EndedJob {
    /// Its id.
    pub id: i64,
    /// The import that it belongs to.
    pub import_id: Option<i64>,
    /// Whether it went wrong.
    pub is_failed: bool,
}

impl Notification {
    /// What it says, without the names of records.
    pub fn text(&self, language: &str) -> String {
        let actor = self.actor.as_ref().and_then(|(_, name)| name.as_deref());
        let is_failed = self.job.is_some_and(|job| job.is_failed);
        let object_type = self.object_type.as_deref().unwrap_or_default();
        let text = (self.kind.text)(&Told { language, actor, count: self.count, object_type, is_failed });
        match &self.details {
            Some(details) => format!("{text}: {}", pick(language, details.each_ref().map(String::as_str))),
            None => text,
        }
    }

    /// As clients read it.
    pub fn to_json(&self, language: &str) -> Json {
        let reference =
            |target: &str, id: i64, title: Option<&str>| json!({ "id": id, "title": title, "type": target });
        let object_type = self.object_type.as_deref().unwrap_or_default();
        let records: Vec<Json> =
            self.records.iter().map(|(id, title)| reference(object_type, *id, Some(title))).collect();
        json!({
            "id": self.id,
            "kind": self.kind.key,
            "text": self.text(language),
            "actor": self.actor.as_ref().map(|(id, name)| reference(USER_TYPE, *id, name.as_deref())),
            "records": records,
            "count": self.count,
            "job": self.job.map(|job| json!({ "id": job.id, "import_id": job.import_id })),
            "created_at": instant_text(self.created_at),
            "read_at": self.read_at.map(instant_text),
        })
    }
}

/// A page of notifications, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What stands on it.
    pub items: Vec<Notification>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

/// The notifications of the reader before the one of an id, newest first, at most `limit`.
///
/// # Errors
/// Those of the database.
pub fn list(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    only_unread: bool,
    before: Option<i64>,
    limit: usize,
) -> Result<Page> {
    let Some(user_id) = context.actor.user_id() else { return Ok(Page::default()) };
    let unread = if only_unread { " AND read_at IS NULL" } else { "" };
    let sql = format!(
        "SELECT {COLUMNS} FROM notifications WHERE user_id = ? AND is_on_page = 1 AND id < ?{unread} ORDER BY id DESC LIMIT {LOOK}"
    );
    let mut page = Page { items: Vec::new(), next: before };
    for _ in 0..MAX_LOOKS {
        let found = tx.query(&sql, &[user_id.into(), page.next.unwrap_or(i64::MAX).into()])?;
        let is_last = found.len() < LOOK;
        page.next = found.last().map(|row| row.integer(0)).transpose()?;
        let rows = read_rows(&found)?;
        for found in visible(tx, context, catalog, rows)? {
            if page.items.len() == limit {
                page.next = page.items.last().map(|item| item.id);
                return Ok(page);
            }
            page.items.push(found);
        }
        if is_last {
            page.next = None;
            return Ok(page);
        }
    }
    Ok(page)
}

/// How many notifications the reader has not read, up to [`MAX_COUNTED`].
///
/// # Errors
/// Those of the database.
pub fn count_unread(tx: &mut dyn Query, context: &RequestContext, catalog: &Catalog) -> Result<usize> {
    Ok(list(tx, context, catalog, true, None, MAX_COUNTED)?.items.len())
}

/// Marks notifications of the reader as read: some, or all up to one. Those of others, and those that do not exist, are left out without a word.
///
/// # Errors
/// Those of the database.
pub fn mark_read(tx: &mut Tx, context: &RequestContext, ids: &[i64], up_to: Option<i64>) -> Result<()> {
    let Some(user_id) = context.actor.user_id() else { return Ok(()) };
    let ids: Vec<Value> = ids.iter().take(MAX_MARKED).map(|id| Value::Integer(*id)).collect();
    let sql = format!(
        "UPDATE notifications SET read_at = ? WHERE user_id = ? AND is_on_page = 1 AND read_at IS NULL AND (id <= ? OR id IN {})",
        in_list(ids.len().max(1))
    );
    let mut params: Vec<Value> = vec![context.now_ms.into(), user_id.into(), up_to.unwrap_or(0).into()];
    params.extend(if ids.is_empty() { vec![Value::Integer(0)] } else { ids });
    if tx.execute(&sql, &params)? > 0 {
        store::announce(tx, context, &[user_id])?;
    }
    Ok(())
}

/// A stored notification.
pub(super) struct Row {
    id: i64,
    kind: &'static Kind,
    object_type: Option<String>,
    job_id: Option<i64>,
    actor_id: Option<i64>,
    count: i64,
    created_at: i64,
    read_at: Option<i64>,
    operation_id: Option<i64>,
}

/// Rows as they are stored; a kind that the program does not know any more is left out.
fn read_rows(found: &[database::Row]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for row in found {
        let Some(kind) = Kind::from_key(row.text_str(1)?) else { continue };
        rows.push(Row {
            id: row.integer(0)?,
            kind,
            object_type: row.optional_text(2)?,
            job_id: row.optional_integer(3)?,
            actor_id: row.optional_integer(4)?,
            count: row.integer(5)?,
            created_at: row.integer(6)?,
            read_at: row.optional_integer(7)?,
            operation_id: row.optional_integer(8)?,
        });
    }
    Ok(rows)
}

/// The stored notifications of some ids.
pub(super) fn rows_of(tx: &mut dyn Query, ids: &[i64]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for chunk in ids.chunks(500) {
        let sql = format!("SELECT {COLUMNS} FROM notifications WHERE id IN {} ORDER BY id", in_list(chunk.len()));
        let ids: Vec<Value> = chunk.iter().map(|id| Value::Integer(*id)).collect();
        rows.extend(read_rows(&tx.query(&sql, &ids)?)?);
    }
    Ok(rows)
}

/// What the reader may know of notifications, in their order.
pub(super) fn visible(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    rows: Vec<Row>,
) -> Result<Vec<Notification>> {
    let named = named_records(tx, &rows)?;
    let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    let mut actors = References::default();
    for row in &rows {
        actors.add_user(row.actor_id);
        if let Some(object_type) = row.object_type.as_deref().filter(|_| row.kind.is_about_records) {
            wanted.entry(object_type).or_default().extend(named.get(&row.id).into_iter().flatten());
        }
    }
    let actors = Titles::load(tx, context, catalog, &actors)?;
    let mut titles: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    let mut wholes: BTreeMap<String, BTreeMap<i64, Whole>> = BTreeMap::new();
    for (type_name, ids) in wanted {
        let object_type = catalog.object_type(type_name);
        match object_type {
            Some(object_type) if object_type.is_part() && knows_sharing(context, object_type) => {
                wholes.insert(type_name.to_owned(), wholes_of(tx, context, object_type, &ids)?);
            }
            Some(object_type) => {
                titles.insert(type_name.to_owned(), live_titles(tx, context, object_type, &ids)?);
            }
            None => {}
        }
    }
    let mut found = Vec::new();
    for mut row in rows {
        let of_parts = row.object_type.as_ref().and_then(|name| wholes.get(name));
        let first = named.get(&row.id).and_then(|ids| ids.first().copied());
        let part_type = row.object_type.clone();
        if let Some((object_type, records)) = of_parts.and_then(|of_parts| of_one_type(of_parts, named.get(&row.id))) {
            row.object_type = Some(object_type);
            let mut told = row.told_of(&actors, records, None);
            if told.kind.key == REACTED.key {
                let actor = told.actor.as_ref().map(|(id, _)| *id);
                let signs = details::of_reaction(tx, &part_type.unwrap_or_default(), first, actor)?;
                told.details = signs.map(|signs| [signs.clone(), signs.clone(), signs]);
            }
            found.push(told);
            continue;
        }
        let of_type = row.object_type.as_ref().and_then(|name| titles.get(name));
        let ids = named.get(&row.id).into_iter().flatten();
        let mut records: Vec<(i64, String)> = ids.filter_map(|id| Some((*id, of_type?.get(id)?.clone()))).collect();
        let object_type = row.object_type.as_deref().and_then(|name| catalog.object_type(name));
        let mut said = None;
        match object_type {
            Some(object_type) if row.kind.is_of_changes() => {
                said = keep_readable(tx, context, catalog, object_type, row.operation_id, &mut records)?;
            }
            Some(object_type) if !knows_sharing(context, object_type) => records.clear(),
            _ => {}
        }
        if row.kind.is_about_records && records.is_empty() {
            continue;
        }
        let job = row.job_id.map(|id| ended_job(tx, id)).transpose()?;
        let details = said.filter(|_| records.len() == 1);
        found.push(Notification { details, ..row.told_of(&actors, records, job) });
    }
    Ok(found)
}

impl Row {
    /// The notification, of these records.
    fn told_of(self, actors: &Titles, records: Vec<(i64, String)>, job: Option<EndedJob>) -> Notification {
        let seen = i64::try_from(records.len()).unwrap_or(i64::MAX);
        let is_named = usize::try_from(self.count).is_ok_and(|count| count <= NAMED);
        Notification {
            id: self.id,
            kind: self.kind,
            actor: self.actor_id.map(|id| (id, actors.title(USER_TYPE, id).map(String::from))),
            object_type: self.object_type.filter(|_| self.kind.is_about_records),
            records,
            count: if self.kind.is_about_records && is_named { seen } else { self.count },
            job,
            created_at: self.created_at,
            read_at: self.read_at,
            details: None,
        }
    }
}

/// Leaves those of some changed records of which the reader may read a change; of the last one, what was changed.
fn keep_readable(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    operation_id: Option<i64>,
    records: &mut Vec<(i64, String)>,
) -> Result<Option<[String; 3]>> {
    let mut said = None;
    let mut kept = Vec::with_capacity(records.len());
    for (id, title) in records.drain(..) {
        let Some(operation_id) = operation_id else { continue };
        if let Some(changed) = details::of_change(tx, context, catalog, object_type, operation_id, id)? {
            said = Some(changed.words());
            kept.push((id, title));
        }
    }
    *records = kept;
    Ok(said)
}

/// The whole of a part: its type, its id and its name.
type Whole = (String, i64, String);

/// The live wholes of live parts, as far as the reader sees both, and what the parts are called by and to what they belong.
fn wholes_of(
    tx: &mut dyn Query,
    context: &RequestContext,
    part: &ObjectType,
    ids: &BTreeSet<i64>,
) -> Result<BTreeMap<i64, Whole>> {
    let mut found = BTreeMap::new();
    let permissions = context.permissions(part);
    if permissions.hides(part.definition.title_field) {
        return Ok(found);
    }
    let live: Vec<i64> = live_titles(tx, context, part, ids)?.into_keys().collect();
    let parts = get_many(tx, context, part, &live)?;
    for (field, whole) in part.wholes().filter(|(field, _)| !permissions.hides(field)) {
        let of_part: BTreeMap<i64, i64> =
            parts.iter().filter_map(|record| Some((record.id, record.value(field).as_i64()?))).collect();
        let titles = live_titles(tx, context, whole, &of_part.values().copied().collect())?;
        found.extend(
            of_part
                .into_iter()
                .filter_map(|(part, id)| Some((part, (whole.name.clone(), id, titles.get(&id)?.clone())))),
        );
    }
    Ok(found)
}

/// The wholes of some parts that are of one type, the type of the first; `None` where nothing of them is known.
fn of_one_type(wholes: &BTreeMap<i64, Whole>, parts: Option<&Vec<i64>>) -> Option<(String, Vec<(i64, String)>)> {
    let known: Vec<&Whole> = parts?.iter().filter_map(|part| wholes.get(part)).collect();
    let (object_type, ..) = known.first()?;
    let of_type = known.iter().filter(|(other, ..)| other == object_type);
    let records: BTreeMap<i64, String> = of_type.map(|(_, id, title)| (*id, title.clone())).collect();
    Some((object_type.clone(), records.into_iter().collect()))
}

/// Whether the reader knows who is responsible for a record and with whom it is shared: to whom a role hides that, no notification tells it.
fn knows_sharing(context: &RequestContext, object_type: &ObjectType) -> bool {
    let permissions = context.permissions(object_type);
    object_type.access().levels.is_none_or(|levels| {
        let mut fields = levels.sharing_fields.iter().chain(levels.owner_fields);
        !fields.any(|field| permissions.hides(field))
    })
}

fn named_records(tx: &mut dyn Query, rows: &[Row]) -> Result<BTreeMap<i64, Vec<i64>>> {
    let mut named: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let ids: Vec<Value> = rows.iter().filter(|row| row.kind.is_about_records).map(|row| row.id.into()).collect();
    for chunk in ids.chunks(500) {
        let sql = format!(
            "SELECT notification_id, record_id FROM notification_records WHERE notification_id IN {} ORDER BY notification_id, record_id",
            in_list(chunk.len())
        );
        for row in tx.query(&sql, chunk)? {
            named.entry(row.integer(0)?).or_default().push(row.integer(1)?);
        }
    }
    Ok(named)
}

fn ended_job(tx: &mut dyn Query, id: i64) -> Result<EndedJob> {
    let job = crate::jobs::find(tx, id)?;
    let import_id = job.as_ref().and_then(|job| job.payload.get("import_id")).and_then(Json::as_i64);
    Ok(EndedJob { id, import_id, is_failed: job.is_some_and(|job| job.state == "failed") })
}

/// The number of a cursor.
///
/// # Errors
/// `Invalid` at `/cursor`.
pub fn cursor_of(text: &str) -> Result<i64> {
    let wrong = || EngineError::field(crate::error::FieldError::new("cursor", "unknown_option"));
    text.parse().map_err(|_| wrong())
}
