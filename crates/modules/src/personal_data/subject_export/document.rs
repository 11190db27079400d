//! What is known of a person, gathered at one moment.

use std::collections::BTreeMap;

use database::{Query, Value, in_list};
use record_engine::Record;
use record_engine::RequestContext;
use record_engine::catalog::{Field, Labels, ObjectType, USER_TYPE, labels};
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::field_types::FieldKind;
use record_engine::files::{self, StoredFile};
use record_engine::query::load_records;
use record_engine::query::present::{References, Titles};
use record_engine::query::relations::{pointing_to, relations_to};
use serde_json::{Value as Json, json};

use super::super::SUBJECT;
use super::super::data_map::{self, Role};
use super::super::erase::{files_of, with_merged};

/// Most parts or relations of a person that are gathered.
const MAX_PARTS: usize = 100_000;

/// See the module.
pub(super) struct Document {
    /// For programs, and what the page is drawn from.
    pub json: Json,
    /// The stored files, by id.
    pub files: Vec<StoredFile>,
}

impl Document {
    /// What the base knows of a person.
    pub fn of(tx: &mut dyn Query, snapshot: &Snapshot, context: &RequestContext, id: i64) -> Result<Document> {
        let subjects = snapshot.object_type(SUBJECT)?;
        let ids = with_merged(tx, &subjects, &[id])?;
        let mut gathering =
            Gathering { snapshot, context, sections: Vec::new(), history: Vec::new(), files: BTreeMap::new() };
        gathering.add(tx, &subjects, &ids)?;
        if gathering
            .sections
            .iter()
            .all(|section| section.get("records").and_then(Json::as_array).is_none_or(Vec::is_empty))
        {
            return Err(EngineError::NotFound);
        }
        let is_part = |role| matches!(role, Role::Part | Role::Proof(_));
        let parts = data_map::parts(&snapshot.catalog, is_part);
        let mut links = Vec::new();
        for relation in relations_to(&snapshot.catalog, SUBJECT) {
            let found = pointing_to(tx, relation, &ids, MAX_PARTS)?;
            let is_whole =
                parts.iter().any(|(part, field)| part.id == relation.object_type.id && *field == relation.field.name);
            if is_whole {
                gathering.add(tx, relation.object_type, &found)?;
            } else {
                // Who else is connected is somebody else's data: its number says that there is a connection.
                let label = say(&relation.field.labels, &context.language);
                let of_type = say(&labels(relation.object_type.definition.labels), &context.language);
                links.extend(found.into_iter().filter(|other| !ids.contains(other) || relation.object_type.id != subjects.id).map(|other| {
                    json!({ "type": relation.object_type.name, "label": of_type, "field": relation.field.name, "field_label": label, "id": other })
                }));
            }
        }
        let accesses = gathering.accesses(tx, &subjects, &ids)?;
        let Gathering { sections, history, files, .. } = gathering;
        let user = match context.actor.user_id() {
            Some(user) => Titles::load(tx, context, &snapshot.catalog, &References::to(USER_TYPE, [user]))?
                .title(USER_TYPE, user)
                .map(String::from),
            None => None,
        };
        let listed: Vec<Json> = files
            .values()
            .map(|file| json!({ "id": file.id, "name": file.name, "size": file.size, "media_type": file.media_type, "in_archive": crate::exchange::name_in_archive(file) }))
            .collect();
        let json = json!({
            "company": snapshot.installation.company_name,
            "made_at": instant_text(context.now_ms),
            "made_by": user,
            "sections": sections,
            "files": listed,
            "links": links,
            "history": history,
            "accesses": accesses,
        });
        Ok(Document { json, files: files.into_values().collect() })
    }

    /// How many records there are in it.
    pub fn records(&self) -> usize {
        let sections = self.json.get("sections").and_then(Json::as_array).into_iter().flatten();
        sections.filter_map(|section| section.get("records")?.as_array().map(Vec::len)).sum()
    }
}

struct Gathering<'a> {
    snapshot: &'a Snapshot,
    context: &'a RequestContext,
    sections: Vec<Json>,
    history: Vec<Json>,
    files: BTreeMap<String, StoredFile>,
}

impl Gathering<'_> {
    /// Records of a type with their histories and files.
    fn add(&mut self, tx: &mut dyn Query, object_type: &ObjectType, ids: &[i64]) -> Result<()> {
        let mut records = Vec::new();
        for chunk in ids.chunks(500) {
            let loaded: Vec<Record> = load_records(tx, object_type, chunk, false)?.into_values().collect();
            let mut wanted = References::default();
            loaded.iter().for_each(|record| wanted.add_record(object_type, record));
            let titles = Titles::load(tx, self.context, &self.snapshot.catalog, &wanted)?;
            records.extend(loaded.iter().map(|record| self.record(object_type, record, &titles)));
            let names = files_of(tx, object_type, chunk)?;
            self.files.extend(files::find_all(tx, names.iter().map(String::as_str))?);
            self.add_history(tx, object_type, chunk)?;
        }
        let title = say(&labels(object_type.definition.labels_plural), &self.context.language);
        self.sections.push(json!({ "type": object_type.name, "label": title, "records": records }));
        Ok(())
    }

    fn record(&self, object_type: &ObjectType, record: &Record, titles: &Titles) -> Json {
        let language = &self.context.language;
        let fields: Vec<Json> = object_type
            .value_fields()
            .filter_map(|field| {
                let value = record.values.get(&field.name)?;
                Some(json!({
                    "name": field.name,
                    "label": say(&field.labels, language),
                    "value": titles.value(field, value),
                    "text": readable(field, &titles.value(field, value), language),
                }))
            })
            .collect();
        let user = |id: Option<i64>| id.and_then(|id| titles.title(USER_TYPE, id).map(String::from));
        json!({
            "id": record.id,
            "created_at": instant_text(record.created_at),
            "created_by": user(record.created_by),
            "updated_at": instant_text(record.updated_at),
            "updated_by": user(record.updated_by),
            "deleted_at": record.deleted_at.map(instant_text),
            "merged_into": record.merged_into,
            "fields": fields,
        })
    }

    fn add_history(&mut self, tx: &mut dyn Query, object_type: &ObjectType, ids: &[i64]) -> Result<()> {
        let mut params: Vec<Value> = vec![object_type.id.into()];
        params.extend(ids.iter().map(|id| Value::Integer(*id)));
        let sql = format!(
            "SELECT c.record_id, c.field_id, c.old_value, c.new_value, o.at, o.user_id, o.kind, o.source, o.reason FROM changes c \
             JOIN operations o ON o.id = c.operation_id WHERE c.object_type_id = ? AND c.record_id IN {} \
             ORDER BY o.at, c.operation_id, c.record_id, c.field_id",
            in_list(ids.len())
        );
        let rows = tx.query(&sql, &params)?;
        let read = |text: Option<String>| -> Json {
            text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null)
        };
        let mut wanted = References::default();
        for row in &rows {
            wanted.add_user(row.optional_integer(5)?);
            if let Some(field) = object_type.field_by_id(row.integer(1)?) {
                wanted.add_value(field, &read(row.optional_text(2)?));
                wanted.add_value(field, &read(row.optional_text(3)?));
            }
        }
        let titles = Titles::load(tx, self.context, &self.snapshot.catalog, &wanted)?;
        for row in &rows {
            let Some(field) = object_type.field_by_id(row.integer(1)?) else { continue };
            let shown = |value: Json| readable(field, &titles.value(field, &value), &self.context.language);
            self.history.push(json!({
                "at": instant_text(row.integer(4)?),
                "user": row.optional_integer(5)?.and_then(|id| titles.title(USER_TYPE, id).map(String::from)),
                "operation": row.text(6)?,
                "source": row.text(7)?,
                "reason": row.optional_text(8)?,
                "type": object_type.name,
                "id": row.integer(0)?,
                "field": field.name,
                "label": say(&field.labels, &self.context.language),
                "old": shown(read(row.optional_text(2)?)),
                "new": shown(read(row.optional_text(3)?)),
            }));
        }
        Ok(())
    }
}

impl Gathering<'_> {
    /// Who opened or exported the records, or was refused, by the audit log.
    fn accesses(&self, tx: &mut dyn Query, object_type: &ObjectType, ids: &[i64]) -> Result<Vec<Json>> {
        let mut params: Vec<Value> = vec![object_type.name.as_str().into()];
        params.extend(ids.iter().map(|id| Value::Integer(*id)));
        let sql = format!(
            "SELECT at, user_id, kind FROM audit_events WHERE object_type = ? AND record_id IN {} ORDER BY at, id",
            in_list(ids.len())
        );
        let rows = tx.query(&sql, &params)?;
        let mut wanted = References::default();
        for row in &rows {
            wanted.add_user(row.optional_integer(1)?);
        }
        let titles = Titles::load(tx, self.context, &self.snapshot.catalog, &wanted)?;
        rows.iter()
            .map(|row| {
                let user = row.optional_integer(1)?.and_then(|id| titles.title(USER_TYPE, id).map(String::from));
                Ok(json!({ "at": instant_text(row.integer(0)?), "user": user, "action": row.text(2)? }))
            })
            .collect()
    }
}

/// A text in a language.
fn say(texts: &Labels, language: &str) -> String {
    texts.get(language).or_else(|| texts.get("en")).or_else(|| texts.values().next()).cloned().unwrap_or_default()
}

/// A presented value as people read it; entries on lines of their own.
fn readable(field: &Field, value: &Json, language: &str) -> String {
    let option = |key: &str| {
        let found = field.kind.options().into_iter().flatten().find(|option| option.key == key);
        found.map_or_else(|| key.to_owned(), |option| say(&option.labels, language))
    };
    match value {
        Json::Null => String::new(),
        Json::Bool(flag) => {
            let words = if *flag { ["yes", "да", "так"] } else { ["no", "нет", "ні"] };
            say(&labels(words), language)
        }
        Json::Number(number) => number.to_string(),
        Json::String(text) if matches!(field.kind, FieldKind::Choice(_) | FieldKind::ChoiceSet(_)) => option(text),
        Json::String(text) => text.clone(),
        Json::Array(entries) => {
            let lines: Vec<String> = entries.iter().map(|entry| readable(field, entry, language)).collect();
            lines.join("\n")
        }
        Json::Object(members) => match members.get("title").or_else(|| members.get("name")) {
            Some(Json::String(title)) => title.clone(),
            _ => {
                let is_key = |name: &str| matches!(name, "id" | "type");
                let texts = members.iter().filter(|(name, _)| !is_key(name)).map(|(_, value)| plain(value));
                texts.filter(|text| !text.is_empty()).collect::<Vec<String>>().join(", ")
            }
        },
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(entries) => entries.iter().map(plain).collect::<Vec<String>>().join(", "),
        Json::Object(members) => members.values().map(plain).collect::<Vec<String>>().join(", "),
        other => other.to_string(),
    }
}
