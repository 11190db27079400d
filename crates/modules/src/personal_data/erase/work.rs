//! Work that was done for an erased person: his tasks, deals and events, of which who erases him says what becomes.
//!
//! What must stay true: only what is his alone is touched; an event with other people stays as it is. What is cleared keeps what names nobody (when, how
//! much, how far), under a title of its number; its notes, files and steps go. What is deleted is gone with its history.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx};
use record_engine::RequestContext;
use record_engine::catalog::{ObjectType, labels};
use record_engine::engine::Snapshot;
use record_engine::error::Result;
use record_engine::query::load_records;
use record_engine::query::relations::{pointing_to, relations_to};
use record_engine::record::{Record, Values};
use record_engine::write::erase::{Traces, clear_operations, overwrite, remove_for_good};
use record_engine::write::{Change, Operation, apply};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::inventory::{Inventory, files_of};
use super::tables;
use crate::personal_data::SUBJECT;
use crate::personal_data::data_map::{self, Role};

/// The types, the field that names the person, and the texts that may tell of him beside the title.
const WORK: [(&str, &str, &[&str]); 3] = [
    ("task", "contact", &["description", "remark"]),
    ("deal", "contact", &["description"]),
    ("event", "contacts", &["description", "place"]),
];
/// Parts beside notes and files whose texts tell of a task.
const STEPS: &str = "checklist_item";
/// Most records of a type that are looked at in one go; nobody has so many.
const MOST: usize = 100_000;

/// What becomes of records of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// They stay, and name the person by his pseudonym.
    #[default]
    Keep,
    /// Their texts, notes and files go; the rest stays.
    Clear,
    /// They go for good.
    Delete,
}

impl Treatment {
    /// The key that clients translate.
    fn key(self) -> &'static str {
        match self {
            Treatment::Keep => "keep",
            Treatment::Clear => "clear",
            Treatment::Delete => "delete",
        }
    }
}

/// What becomes of each type of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkChoice {
    /// Tasks for him.
    #[serde(default)]
    pub task: Treatment,
    /// Deals with him.
    #[serde(default)]
    pub deal: Treatment,
    /// Events of which he is the only participant.
    #[serde(default)]
    pub event: Treatment,
}

impl WorkChoice {
    /// Whether everything stays as it is.
    pub fn is_keeping(&self) -> bool {
        *self == WorkChoice::default()
    }

    fn of(self, object_type: &str) -> Treatment {
        match object_type {
            "task" => self.task,
            "deal" => self.deal,
            "event" => self.event,
            _ => Treatment::Keep,
        }
    }
}

/// The work for some people: of each type what is theirs alone, and how much they share with others.
pub(super) struct OwnWork(Vec<(&'static str, Vec<i64>, usize)>);

impl OwnWork {
    /// Looks for it, in the trash too.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn of(tx: &mut dyn Query, snapshot: &Snapshot, people: &[i64]) -> Result<OwnWork> {
        let mut found = Vec::new();
        for (name, field, _) in WORK {
            let relation = relations_to(&snapshot.catalog, SUBJECT)
                .into_iter()
                .find(|relation| relation.object_type.name == name && relation.field.name == field);
            let Some(relation) = relation else { continue };
            let pointing = pointing_to(tx, relation, people, MOST)?;
            let records = load_records(tx, relation.object_type, &pointing, false)?;
            let is_own = |record: &&Record| match record.value(field) {
                Json::Array(all) => all.iter().filter_map(Json::as_i64).all(|id| people.contains(&id)),
                _ => true,
            };
            let own: Vec<i64> = records.values().filter(is_own).map(|record| record.id).collect();
            found.push((name, own.clone(), records.len() - own.len()));
        }
        Ok(OwnWork(found))
    }

    /// Numbers of each type, for who has to choose.
    pub(super) fn preview(&self) -> Json {
        let some = self.0.iter().filter(|(_, own, shared)| own.len() + shared > 0);
        some.map(|(name, own, shared)| json!({ "type": name, "count": own.len(), "shared": shared })).collect()
    }

    /// What an act says of it.
    pub(super) fn tell(&self, choice: WorkChoice, inventory: &mut Inventory) {
        for (name, own, _) in &self.0 {
            let treatment = choice.of(name);
            if treatment == Treatment::Keep || own.is_empty() {
                continue;
            }
            inventory.note_work(name, treatment.key(), own.len());
            if treatment == Treatment::Delete {
                inventory.forget_relation(name, own.len());
            }
        }
    }

    /// Does it; answers the stored files that go with it.
    ///
    /// # Errors
    /// Those of the rules of the types and of the database.
    pub(super) fn treat(
        &self,
        tx: &mut Tx,
        snapshot: &Snapshot,
        context: &RequestContext,
        operation: &mut Operation,
        traces: &Traces,
        choice: WorkChoice,
    ) -> Result<BTreeSet<String>> {
        let mut files = BTreeSet::new();
        for (name, own, _) in self.0.iter().filter(|(_, own, _)| !own.is_empty()) {
            let treatment = choice.of(name);
            if treatment == Treatment::Keep {
                continue;
            }
            let object_type = snapshot.object_type(name)?;
            files.extend(remove_parts(tx, snapshot, &object_type, own, treatment)?);
            match treatment {
                Treatment::Delete => {
                    files.extend(files_of(tx, &object_type, own)?);
                    delete(tx, snapshot, context, operation, &object_type, own)?;
                }
                _ => clear(tx, snapshot, context, operation, &object_type, own, traces)?,
            }
            tables::forget_records(tx, &object_type, own)?;
        }
        Ok(files)
    }
}

/// Removes the parts that tell of a person; with records that are deleted all parts.
fn remove_parts(
    tx: &mut Tx,
    snapshot: &Snapshot,
    object_type: &ObjectType,
    wholes: &[i64],
    treatment: Treatment,
) -> Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for relation in relations_to(&snapshot.catalog, &object_type.name) {
        let part = relation.object_type;
        let is_part = part.part_field(object_type).is_some_and(|field| field.id == relation.field.id);
        let tells = data_map::role_of(&part.name) == Some(Role::Part) || part.name == STEPS;
        if !is_part || !(tells || treatment == Treatment::Delete) {
            continue;
        }
        let mut ids = Vec::new();
        for chunk in wholes.chunks(500) {
            ids.extend(pointing_to(tx, relation, chunk, MOST)?);
        }
        files.extend(files_of(tx, part, &ids)?);
        clear_operations(tx, part, &ids, &Traces::default(), None)?;
        tables::forget_records(tx, part, &ids)?;
        remove_for_good(tx, part, &ids)?;
    }
    Ok(files)
}

fn clear(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    ids: &[i64],
    traces: &Traces,
) -> Result<()> {
    let language = snapshot.installation.language.as_str();
    let texts: BTreeMap<String, String> = labels(object_type.definition.labels);
    let label = texts.get(language).or_else(|| texts.get("en")).cloned().unwrap_or_default();
    let told = WORK.iter().find(|(name, ..)| *name == object_type.name).map_or(&[] as &[&str], |(_, _, told)| told);
    let remains: Vec<(i64, Values)> = ids
        .iter()
        .map(|id| {
            let mut values: Values = told.iter().map(|field| ((*field).to_owned(), Json::Null)).collect();
            values.insert(object_type.definition.title_field.into(), json!(format!("{label} № {id}")));
            (*id, values)
        })
        .collect();
    overwrite(tx, snapshot, context, operation, object_type, &remains)?;
    for id in ids {
        clear_operations(tx, object_type, &[*id], traces, Some(&format!("{label} № {id}")))?;
    }
    Ok(())
}

fn delete(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    operation: &mut Operation,
    object_type: &ObjectType,
    ids: &[i64],
) -> Result<()> {
    // Through the write path, so that reminders go and everybody's lists hear of it; what is in the trash has gone that way.
    let live = load_records(tx, object_type, ids, true)?;
    let changes = live
        .values()
        .filter(|record| record.deleted_at.is_none())
        .map(|record| Change::Delete { id: record.id, base_version: None })
        .collect();
    for result in apply(tx, snapshot.trusted_writer(), context, operation, object_type, changes)? {
        result?;
    }
    clear_operations(tx, object_type, ids, &Traces::default(), None)?;
    remove_for_good(tx, object_type, ids)
}
