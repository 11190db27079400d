//! References that a file gives by title: looked up once for a batch, made where the type allows it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use database::Tx;
use record_engine::RequestContext;
use record_engine::catalog::{Catalog, Field, ObjectType, USER_TYPE};
use record_engine::error::Result;
use record_engine::field_types::{FieldKind, ReferenceSettings};
use record_engine::query::ids_by_text;
use record_engine::write::{Change, Operation, Writer, apply};
use record_engine::{Record, Values};
use serde_json::{Map, Value as Json, json};

use super::assemble::{Candidate, Problem, problem};
use super::importable::Importable;

/// Other fields by which people name a user.
const USER_FIELDS: [&str; 2] = ["login", "email"];

/// A field and the sort key of a title.
type Key = (String, String);

/// The records that titles name, ascending, by field and sort key of the title.
pub(crate) type Titles = HashMap<Key, Vec<i64>>;

/// What titles mean, by field and sort key of the title.
#[derive(Default)]
pub(crate) struct Links {
    ids: Titles,
    /// Titles that name nothing yet and may be made: by field and key, as first written.
    missing: BTreeMap<Key, String>,
}

/// The fields of a type that refer to other records.
fn fields<'a>(object_type: &'a ObjectType, name: &str) -> Option<(&'a Field, &'a ReferenceSettings)> {
    let field = object_type.field(name)?;
    field.kind.reference_target().map(|settings| (field, settings))
}

/// Looks up what the sort keys of titles name in a reference field; answers those that name nothing.
///
/// # Errors
/// Those of the database.
pub(crate) fn find_titles(
    tx: &mut Tx,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    name: &str,
    mut keys: BTreeSet<String>,
    titles: &mut Titles,
) -> Result<BTreeSet<String>> {
    let Some((_, settings)) = fields(object_type, name) else { return Ok(BTreeSet::new()) };
    let Some(target) = catalog.object_type(&settings.target) else { return Ok(BTreeSet::new()) };
    let by = if settings.target == USER_TYPE { &USER_FIELDS[..] } else { &[] };
    for field in std::iter::once(target.definition.title_field).chain(by.iter().copied()) {
        let Some(field) = target.field(field) else { continue };
        for (key, ids) in ids_by_text(tx, context, target, field, &keys, settings.target_filter.as_deref())? {
            keys.remove(&key);
            titles.insert((name.to_owned(), key), ids);
        }
    }
    Ok(keys)
}

impl Links {
    /// Looks up all titles of the rows.
    pub(crate) fn look_up(
        tx: &mut Tx,
        context: &RequestContext,
        catalog: &Catalog,
        object_type: &ObjectType,
        importable: &dyn Importable,
        candidates: &[&Candidate],
    ) -> Result<Links> {
        let mut wanted: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for candidate in candidates {
            for (field, titles) in &candidate.titles {
                let of_field = wanted.entry(field).or_default();
                for title in titles {
                    of_field.entry(&title.key).or_insert(&title.text);
                }
            }
        }
        let mut links = Links::default();
        for (name, titles) in wanted {
            let keys = titles.keys().map(|key| (*key).to_owned()).collect();
            for key in find_titles(tx, context, catalog, object_type, name, keys, &mut links.ids)? {
                if let Some(title) =
                    titles.get(key.as_str()).filter(|title| importable.made_by_title(name, title).is_some())
                {
                    links.missing.insert((name.to_owned(), key), (*title).to_owned());
                }
            }
        }
        Ok(links)
    }

    /// The titles of a row that are still missing, as field and key, but for the fields of `kept`.
    pub(crate) fn missing_of(&self, candidate: &Candidate, kept: &BTreeSet<&str>) -> Vec<Key> {
        if self.missing.is_empty() {
            return Vec::new();
        }
        let keys = candidate
            .titles
            .iter()
            .filter(|(field, _)| !kept.contains(field.as_str()))
            .flat_map(|(field, titles)| titles.iter().map(|title| (field.clone(), title.key.clone())));
        keys.filter(|key| self.missing.contains_key(key)).collect()
    }

    /// Makes the missing records that are wanted; answers how many were made. Those that rules refuse stay missing.
    #[expect(clippy::too_many_arguments, reason = "the write path's own arguments and what is to be made")]
    pub(crate) fn make(
        &mut self,
        tx: &mut Tx,
        writer: Writer<'_>,
        context: &RequestContext,
        operation: &mut Operation,
        object_type: &ObjectType,
        importable: &dyn Importable,
        wanted: &BTreeSet<Key>,
    ) -> Result<usize> {
        let mut by_target: BTreeMap<String, Vec<(&Key, Values)>> = BTreeMap::new();
        for key in wanted {
            let Some(title) = self.missing.get(key) else { continue };
            let (Some((_, settings)), Some(values)) =
                (fields(object_type, &key.0), importable.made_by_title(&key.0, title))
            else {
                continue;
            };
            by_target.entry(settings.target.clone()).or_default().push((key, values));
        }
        let mut made = 0;
        for (target, records) in by_target {
            let Some(target) = writer.catalog.object_type(&target) else { continue };
            let changes = records.iter().map(|(_, values)| Change::Create { values: values.clone() }).collect();
            let results = apply(tx, writer, context, operation, target, changes)?;
            for ((key, _), result) in records.into_iter().zip(results) {
                if let Ok(outcome) = result {
                    made += 1;
                    self.missing.remove(key);
                    self.ids.insert(key.clone(), vec![outcome.id()]);
                }
            }
        }
        Ok(made)
    }

    /// Puts the ids of a row's titles, but for the fields of `kept`, into `values`. In a rehearsal, titles that would be made are left out.
    ///
    /// # Errors
    /// What names nothing.
    pub(crate) fn fill(
        &self,
        object_type: &ObjectType,
        candidate: &Candidate,
        kept: &BTreeSet<&str>,
        before: Option<&Record>,
        is_rehearsal: bool,
        values: &mut Values,
    ) -> std::result::Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        for (name, titles) in candidate.titles.iter().filter(|(name, _)| !kept.contains(name.as_str())) {
            let Some((field, _)) = fields(object_type, name) else { continue };
            let current = before.map(|record| record.value(name)).unwrap_or(&Json::Null);
            let mut ids: Vec<i64> = Vec::new();
            for title in titles {
                let key = (name.clone(), title.key.clone());
                match self.ids.get(&key) {
                    // Of several with this title the one that is linked already stays.
                    Some(found) => ids.extend(found.iter().find(|id| holds(current, **id)).or(found.first())),
                    None if is_rehearsal && self.missing.contains_key(&key) => {}
                    None => {
                        let mut params = Map::new();
                        params.insert("value".into(), json!(title.text));
                        problems.push(Problem {
                            field: Some(name.clone()),
                            value: Some(title.text.clone()),
                            params,
                            ..problem("unknown_title")
                        });
                    }
                }
            }
            match (&field.kind, ids.as_slice()) {
                (_, []) => {}
                (FieldKind::ReferenceSet(_), ids) => {
                    values.insert(name.clone(), json!(ids));
                }
                (_, [first, ..]) => {
                    values.insert(name.clone(), json!(first));
                }
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

fn holds(value: &Json, id: i64) -> bool {
    match value {
        Json::Array(ids) => ids.iter().any(|other| other.as_i64() == Some(id)),
        other => other.as_i64() == Some(id),
    }
}
