//! The groups and tags of a demo base, made before the contacts that stand in them.

use demo_data::{DemoContact, GROUPS, TAGS, groups_of, tags_of};
use record_engine::context::RequestContext;
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, EngineError, Values};
use serde_json::json;

use crate::installation::administrator;
use crate::{Failure, Result};

/// The ids of the groups and tags, by their positions in [`GROUPS`] and [`TAGS`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    groups: Vec<i64>,
    tags: Vec<i64>,
}

impl Labels {
    /// Makes them, as the administrator `author`.
    ///
    /// # Errors
    /// Those of the engine; a group or tag that breaks a rule is a defect of the demo data.
    pub fn create(engine: &Engine, author: i64) -> Result<Labels> {
        let context = administrator(author, engine);
        let mut labels = Labels::default();
        for group in GROUPS {
            let parent = group.parent.and_then(|at| labels.groups.get(at));
            let kind = if group.rule.is_some() { "smart" } else { "manual" };
            let values = [
                ("name", json!(group.name)),
                ("kind", json!(kind)),
                ("parent", json!(parent)),
                ("rule", json!(group.rule)),
            ];
            labels.groups.push(create(engine, &context, "group", values.into())?);
        }
        for tag in TAGS {
            let values = [("name", json!(tag.name)), ("color", json!(tag.color))];
            labels.tags.push(create(engine, &context, "tag", values.into())?);
        }
        Ok(labels)
    }

    /// Puts a contact into its groups and gives it its tags; of a base without any nothing is added.
    pub(super) fn add_to(&self, values: &mut Values, contact: &DemoContact) {
        let of = |ids: &[i64], places: Vec<usize>| -> Vec<i64> {
            places.into_iter().filter_map(|at| ids.get(at).copied()).collect()
        };
        for (field, ids) in
            [("groups", of(&self.groups, groups_of(contact))), ("tags", of(&self.tags, tags_of(contact)))]
        {
            if !ids.is_empty() {
                values.insert(field.to_owned(), json!(ids));
            }
        }
    }
}

/// Makes a record of the demo base.
pub(super) fn create(
    engine: &Engine,
    context: &RequestContext,
    type_name: &str,
    values: Vec<(&str, serde_json::Value)>,
) -> Result<i64> {
    let snapshot = engine.snapshot();
    let object_type = snapshot.object_type(type_name)?;
    let values: Values = values
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(field, value)| (field.to_owned(), value))
        .collect();
    let made = engine.write(|tx| {
        let change = Change::Create { values: values.clone() };
        apply_one(tx, snapshot.writer(), context, &object_type, change).map(|(outcome, _)| outcome.id())
    });
    made.map_err(|error: EngineError| {
        Failure::refused(format!("a {type_name} of the demo base was refused: {error:?}"))
    })
}
