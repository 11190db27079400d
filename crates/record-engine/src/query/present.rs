//! Records as clients read them: references with titles, permissions, times as text. The shape stands in `docs/api.md`.
//!
//! Nothing is copied on the way: [`Presented`] borrows the records and writes itself as JSON.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Value, padded_in_list, quote_identifier};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value as Json, json};

use super::compile::Predicate;
use super::load::MAX_IN_LIST;
use crate::access::{Action, Locks, Scope};
use crate::catalog::{Catalog, Field, ObjectType, USER_TYPE};
use crate::context::{RequestContext, instant_text};
use crate::error::Result;
use crate::field_types::{FieldKind, plain_mentions};
use crate::files;
use crate::record::Record;
use filter_language::CheckedExpr;

/// What some values point to: records by type, and files.
#[derive(Default)]
pub struct References {
    records: BTreeMap<String, BTreeSet<i64>>,
    files: BTreeSet<String>,
}

impl References {
    /// Records of one type.
    pub fn to(target: &str, ids: impl IntoIterator<Item = i64>) -> References {
        let mut references = References::default();
        ids.into_iter().for_each(|id| references.add(target, id));
        references
    }

    /// The records of one type that were noted, in the order of their ids.
    pub fn ids(&self, target: &str) -> Vec<i64> {
        self.records.get(target).into_iter().flatten().copied().collect()
    }

    /// Notes a record.
    pub fn add(&mut self, target: &str, id: i64) {
        match self.records.get_mut(target) {
            Some(ids) => ids.insert(id),
            None => self.records.entry(target.to_owned()).or_default().insert(id),
        };
    }

    /// Notes a user, if there is one.
    pub fn add_user(&mut self, id: Option<i64>) {
        if let Some(id) = id {
            self.add(USER_TYPE, id);
        }
    }

    /// Notes what a stored value of a field points to.
    pub fn add_value(&mut self, field: &Field, value: &Json) {
        if let (FieldKind::File(_), Json::String(id)) = (&field.kind, value) {
            self.files.insert(id.clone());
        }
        let Some(reference) = field.kind.reference_target() else { return };
        match value {
            Json::Array(ids) => ids.iter().filter_map(Json::as_i64).for_each(|id| self.add(&reference.target, id)),
            other => other.as_i64().into_iter().for_each(|id| self.add(&reference.target, id)),
        }
    }

    /// Notes what a record points to, its author and last editor included.
    pub fn add_record(&mut self, object_type: &ObjectType, record: &Record) {
        self.add_user(record.created_by);
        self.add_user(record.updated_by);
        if let Some(id) = record.merged_into {
            self.add(&object_type.name, id);
        }
        for field in object_type.value_fields() {
            if let Some(value) = record.values.get(&field.name) {
                self.add_value(field, value);
            }
        }
    }
}

/// Titles of referenced records by type and id, and descriptions of files. A record that the reader may not see has no title here.
#[derive(Default)]
pub struct Titles {
    records: BTreeMap<String, BTreeMap<i64, String>>,
    files: BTreeMap<String, Json>,
}

impl Titles {
    /// The title of a record.
    pub fn title(&self, target: &str, id: i64) -> Option<&str> {
        self.records.get(target)?.get(&id).map(String::as_str)
    }

    /// A reference as clients read it.
    pub fn reference(&self, target: &str, id: i64) -> Json {
        json!({ "id": id, "title": self.title(target, id), "type": target })
    }

    /// A stored value as clients read it.
    pub fn value(&self, field: &Field, value: &Json) -> Json {
        serde_json::to_value(PresentedValue { field, value, titles: self }).unwrap_or_default()
    }

    /// Loads the titles of the wanted references, a statement for each type.
    ///
    /// # Errors
    /// Those of the database.
    pub fn load(
        tx: &mut dyn Query,
        context: &RequestContext,
        catalog: &Catalog,
        wanted: &References,
    ) -> Result<Titles> {
        let mut titles = Titles::default();
        for (target, ids) in &wanted.records {
            let Some(object_type) = catalog.object_type(target) else { continue };
            let found = titles_of(tx, context, object_type, ids, "")?;
            titles.records.entry(target.clone()).or_default().extend(found);
        }
        let found = files::find_all(tx, wanted.files.iter().map(String::as_str))?;
        titles.files.extend(found.into_iter().map(|(id, file)| (id, file.to_json())));
        Ok(titles)
    }
}

/// The titles of those among some records that the reader may see and that are not in the trash.
///
/// # Errors
/// Those of the database.
pub fn live_titles(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    ids: &BTreeSet<i64>,
) -> Result<BTreeMap<i64, String>> {
    titles_of(tx, context, object_type, ids, " AND t.deleted_at IS NULL")
}

/// `and` is one more condition on the record `t`.
fn titles_of(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    ids: &BTreeSet<i64>,
    and: &'static str,
) -> Result<BTreeMap<i64, String>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let predicate = Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), tx.backend()).and_sql();
    let ids: Vec<Value> = ids.iter().map(|id| Value::Integer(*id)).collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let (list, params) = padded_in_list(chunk);
        let sql = format!(
            "SELECT t.id, t.{} FROM {} t WHERE t.id IN {list}{and}{}",
            quote_identifier(object_type.definition.title_field),
            quote_identifier(object_type.table()),
            predicate.sql
        );
        for mut row in tx.query(&sql, &[params, predicate.params.clone()].concat())? {
            let title = row.take_value(1);
            let title = if let Value::Text(title) = title { title } else { String::new() };
            found.insert(row.integer(0)?, plain_mentions(&title).into_owned());
        }
    }
    Ok(found)
}

/// A reference on its way to a client.
struct PresentedReference<'a> {
    target: &'a str,
    id: i64,
    titles: &'a Titles,
}

impl Serialize for PresentedReference<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("title", &self.titles.title(self.target, self.id))?;
        map.serialize_entry("type", self.target)?;
        map.end()
    }
}

/// A value on its way to a client.
struct PresentedValue<'a> {
    field: &'a Field,
    value: &'a Json,
    titles: &'a Titles,
}

impl Serialize for PresentedValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let PresentedValue { field, value, titles } = self;
        let reference = |target, id: i64| PresentedReference { target, id, titles };
        match (&field.kind, value) {
            (FieldKind::Reference(settings), value) => {
                value.as_i64().map(|id| reference(&settings.target, id)).serialize(serializer)
            }
            (FieldKind::ReferenceSet(settings), Json::Array(ids)) => {
                serializer.collect_seq(ids.iter().filter_map(Json::as_i64).map(|id| reference(&settings.target, id)))
            }
            (FieldKind::File(_), Json::String(id)) => match titles.files.get(id) {
                Some(file) => file.serialize(serializer),
                None => json!({ "id": id }).serialize(serializer),
            },
            (_, value) => value.serialize(serializer),
        }
    }
}

/// Records of one type as clients read them: a JSON array when written.
pub struct Presented<'a> {
    object_type: &'a ObjectType,
    fields: Vec<&'a Field>,
    records: &'a [Record],
    titles: Titles,
    change: Scope,
    locks: Locks,
    delete: Scope,
}

impl Presented<'_> {
    /// Leaves out the values of other fields.
    pub fn keep_fields(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.fields.retain(|field| is_kept(&field.name));
    }

    /// The records one by one.
    pub fn iter(&self) -> impl Iterator<Item = PresentedRecord<'_>> {
        self.records.iter().map(|record| PresentedRecord { page: self, record })
    }
}

impl Serialize for Presented<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// A record as clients read it: a JSON object when written.
pub struct PresentedRecord<'a> {
    page: &'a Presented<'a>,
    record: &'a Record,
}

impl PresentedRecord<'_> {
    /// As a JSON value.
    pub fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Serialize for PresentedRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let PresentedRecord { page, record } = self;
        let object_type = page.object_type;
        let user = |id: Option<i64>| id.map(|id| PresentedReference { target: USER_TYPE, id, titles: &page.titles });
        let is_live = record.deleted_at.is_none();
        let mut map = serializer.serialize_map(Some(12))?;
        map.serialize_entry("id", &record.id)?;
        map.serialize_entry("type", &object_type.name)?;
        map.serialize_entry("version", &record.version)?;
        map.serialize_entry("title", record.value(object_type.definition.title_field).as_str().unwrap_or_default())?;
        map.serialize_entry("created_at", &instant_text(record.created_at))?;
        map.serialize_entry("created_by", &user(record.created_by))?;
        map.serialize_entry("updated_at", &instant_text(record.updated_at))?;
        map.serialize_entry("updated_by", &user(record.updated_by))?;
        map.serialize_entry("deleted_at", &record.deleted_at.map(instant_text))?;
        if let Some(id) = record.merged_into {
            let survivor = PresentedReference { target: &object_type.name, id, titles: &page.titles };
            map.serialize_entry("merged_into", &survivor)?;
        }
        if let Some(at) = record.erased_at {
            map.serialize_entry("erased_at", &instant_text(at))?;
        }
        let restriction = object_type.access().restriction;
        if restriction.is_some_and(|restriction| !record.value(restriction.field).is_null()) {
            map.serialize_entry("is_restricted", &true)?;
        }
        let is_open = is_live && record.erased_at.is_none();
        let can_edit = is_open && page.change.admits(object_type, record);
        map.serialize_entry("can_edit", &can_edit)?;
        let locked = if can_edit { page.locks.fields(object_type, Some(record)) } else { Vec::new() };
        if !locked.is_empty() {
            map.serialize_entry("locked_fields", &locked)?;
        }
        map.serialize_entry("can_delete", &page.delete.admits(object_type, record))?;
        map.serialize_entry("values", &PresentedValues(self))?;
        map.end()
    }
}

struct PresentedValues<'a>(&'a PresentedRecord<'a>);

impl Serialize for PresentedValues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let PresentedRecord { page, record } = self.0;
        let shown = page.fields.iter().filter_map(|field| Some((*field, record.values.get(&field.name)?)));
        serializer.collect_map(
            shown.map(|(field, value)| (&field.name, PresentedValue { field, value, titles: &page.titles })),
        )
    }
}

/// Records of one type as clients read them.
///
/// # Errors
/// Those of the database.
pub fn present<'a>(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &'a ObjectType,
    records: &'a [Record],
) -> Result<Presented<'a>> {
    let mut wanted = References::default();
    for record in records {
        wanted.add_record(object_type, record);
    }
    Ok(Presented {
        object_type,
        fields: object_type.value_fields().collect(),
        records,
        titles: Titles::load(tx, context, catalog, &wanted)?,
        change: Scope::of(context, object_type, Action::Change)?,
        locks: Locks::of(context, object_type)?,
        delete: Scope::of(context, object_type, Action::Delete)?,
    })
}
