//! Checklists: the steps of a task, ticked one by one.
//!
//! What must stay true: an item is part of one task, so whoever sees that task sees its steps and nobody else does; who may change the task ticks,
//! adds and removes them. Items stand in the order of `place`.
//!
//! It requires no other module; tasks are referred to by the name of their type.

use std::collections::BTreeSet;

use database::Query;
use record_engine::RequestContext;
use record_engine::access::{AccessPolicy, Action, Grants, Rows, Scope};
use record_engine::catalog::{Catalog, FieldDefinition, ObjectTypeDefinition};
use record_engine::error::EngineError;
use record_engine::field_types::{FieldKind, NumberSettings, ReferenceSettings, TextSettings};
use record_engine::query::{admitted, load_records};
use record_engine::record::Values;
use record_engine::write::{Proposal, Rules};
use serde_json::{Value as Json, json};

/// Name of the object type.
pub const CHECKLIST_ITEM_TYPE: &str = "checklist_item";
/// Longest item, in characters.
const TEXT_LENGTH: usize = 500;
/// Items that come again with a task.
const MOST_ITEMS: usize = 500;

/// Items of checklists.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: CHECKLIST_ITEM_TYPE,
        labels: ["Checklist item", "Пункт чек-листа", "Пункт чек-листа"],
        labels_plural: ["Checklist items", "Пункты чек-листов", "Пункти чек-листів"],
        icon: "list-check",
        title_field: "text",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["text", "is_done", "task"],
        default_sort: "place",
        membership: None,
        done_by: Some("is_done"),
        part_of: &["task"],
        access: access(),
        rules: &ChecklistRules,
    }
}

/// All who see the task; whether they may change it is asked by the rules.
fn access() -> AccessPolicy {
    let all = Grants { change: Rows::All, delete: Rows::All, create: true, ..Grants::READ };
    AccessPolicy::fixed(all, all, all)
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let places = NumberSettings { decimals: 6, ..NumberSettings::default() };
    vec![
        field("text", ["Text", "Текст", "Текст"], FieldKind::Text(TextSettings { max_length: TEXT_LENGTH }))
            .required()
            .searched(),
        field("is_done", ["Done", "Выполнено", "Виконано"], FieldKind::Checkbox),
        field("task", ["Task", "Задача", "Завдання"], FieldKind::Reference(ReferenceSettings::to("task")))
            .required()
            .indexed(),
        field("place", ["Place", "Место", "Місце"], FieldKind::Number(places)).indexed(),
    ]
}

struct ChecklistRules;

impl Rules for ChecklistRules {
    /// A checklist is written by whoever may change its task.
    fn check_batch(
        &self,
        tx: &mut dyn Query,
        catalog: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>, EngineError> {
        let Some(tasks) = catalog.object_type("task").filter(|_| context.actor.user_id().is_some()) else {
            return Ok(Vec::new());
        };
        let task = |proposal: &Proposal<'_>| {
            let stood = proposal.before.map(|record| record.value("task").as_i64());
            [stood.flatten(), proposal.after.get("task").and_then(Json::as_i64)]
        };
        let wanted: BTreeSet<i64> = proposals.iter().flat_map(task).flatten().collect();
        let ids: Vec<i64> = wanted.into_iter().collect();
        let records = load_records(tx, tasks, &ids, false)?;
        let scope = Scope::of(context, tasks, Action::Change)?;
        let open = admitted(tx, &scope, tasks, records.values())?;
        let refused = |proposal: &Proposal<'_>| {
            task(proposal).iter().flatten().any(|id| records.contains_key(id) && !open.contains(id))
        };
        Ok(proposals
            .iter()
            .enumerate()
            .filter(|(_, one)| !one.is_trusted && refused(one))
            .map(|(at, _)| (at, EngineError::Forbidden))
            .collect())
    }
}

/// The steps of a task as another one begins with them: none is done.
///
/// # Errors
/// Those of the database.
pub(crate) fn begun_anew(tx: &mut dyn Query, from: i64, to: i64) -> Result<Vec<Values>, EngineError> {
    let sql = format!(
        "SELECT text, place FROM checklist_item WHERE task = ? AND deleted_at IS NULL ORDER BY place, id LIMIT {MOST_ITEMS}"
    );
    let mut items = Vec::new();
    for row in tx.query(&sql, &[from.into()])? {
        let mut values = Values::from([("task".to_owned(), json!(to)), ("text".to_owned(), json!(row.text(0)?))]);
        if let Some(place) = row.optional_real(1)? {
            values.insert("place".into(), json!(place));
        }
        items.push(values);
    }
    Ok(items)
}
