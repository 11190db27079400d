//! Tags: words that people put on contacts, made on the spot. A tag may belong to groups; then it is offered to their contacts.
//!
//! What must stay true: no two live tags have the same name, whatever the case of its letters.
//!
//! It requires no other module; groups are referred to by the name of their type.

use std::collections::BTreeSet;

use database::{Backend, Query, Value, in_list};
use filter_language::sort_key;
use record_engine::RequestContext;
use record_engine::access::{AccessPolicy, Grants, Rows};
use record_engine::catalog::{Catalog, FieldDefinition, ObjectTypeDefinition};
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::{ChoiceSettings, FieldKind, ReferenceSettings, TextSettings};
use record_engine::write::{Intent, Proposal, Rules};
use serde_json::Value as Json;

/// Name of the object type.
pub const TAG_TYPE: &str = "tag";
/// Longest name, in characters.
const NAME_LENGTH: usize = 60;
/// Number of the lock under which names are given on PostgreSQL; any that nobody else takes.
const NAMES_LOCK: i64 = 7_461_001;
/// Longest description, in characters.
const DESCRIPTION_LENGTH: usize = 2_000;

/// Tags.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: TAG_TYPE,
        labels: ["Tag", "Тег", "Тег"],
        labels_plural: ["Tags", "Теги", "Теги"],
        icon: "tag",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["name", "color", "groups", "description"],
        default_sort: "name",
        membership: None,
        done_by: None,
        part_of: &[],
        access: access(),
        rules: &TagRules,
    }
}

/// Everyone makes and uses tags; supervisors and administrators rename and delete them.
fn access() -> AccessPolicy {
    let keeper = Grants { change: Rows::All, delete: Rows::All, create: true, ..Grants::READ };
    AccessPolicy::fixed(Grants::ALL, keeper, Grants { create: true, ..Grants::READ })
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    vec![
        field("name", ["Name", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: NAME_LENGTH }))
            .required()
            .indexed()
            .searched(),
        field("color", ["Colour", "Цвет", "Колір"], FieldKind::Choice(colors())),
        field(
            "groups",
            ["Offered in groups", "Доступен в группах", "Доступний у групах"],
            FieldKind::ReferenceSet(ReferenceSettings::to("group")),
        ),
        field(
            "description",
            ["Description", "Описание", "Опис"],
            FieldKind::LongText(TextSettings { max_length: DESCRIPTION_LENGTH }),
        ),
    ]
}

fn colors() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("grey", ["Grey", "Серый", "Сірий"], Some("grey")),
        ("blue", ["Blue", "Синий", "Синій"], Some("blue")),
        ("green", ["Green", "Зелёный", "Зелений"], Some("green")),
        ("amber", ["Amber", "Янтарный", "Бурштиновий"], Some("amber")),
        ("red", ["Red", "Красный", "Червоний"], Some("red")),
        ("purple", ["Purple", "Фиолетовый", "Фіолетовий"], Some("purple")),
    ])
}

struct TagRules;

impl Rules for TagRules {
    fn check_batch(
        &self,
        tx: &mut dyn Query,
        _: &Catalog,
        _: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        let name =
            |proposal: &Proposal<'_>| sort_key(proposal.after.get("name").and_then(Json::as_str).unwrap_or_default());
        let is_named = |proposal: &&Proposal<'_>| proposal.intent != Intent::Delete;
        let wanted: BTreeSet<String> = proposals.iter().filter(is_named).map(name).collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        if tx.backend() == Backend::Postgres {
            // Of two who make a tag at once the second waits and then sees the first.
            tx.query("SELECT 1 FROM pg_advisory_xact_lock(?)", &[NAMES_LOCK.into()])?;
        }
        let mut taken: BTreeSet<(String, i64)> = BTreeSet::new();
        let params: Vec<Value> = wanted.iter().map(Value::from).collect();
        for row in tx.query(
            &format!("SELECT name_key, id FROM tag WHERE deleted_at IS NULL AND name_key IN {}", in_list(params.len())),
            &params,
        )? {
            taken.insert((row.text(0)?, row.integer(1)?));
        }
        let mut refused = Vec::new();
        let mut met: BTreeSet<String> = BTreeSet::new();
        for (place, proposal) in proposals.iter().enumerate().filter(|(_, proposal)| is_named(proposal)) {
            let key = name(proposal);
            let is_taken = taken.iter().any(|(other, id)| *other == key && Some(*id) != proposal.id);
            if is_taken || !met.insert(key) {
                refused.push((place, EngineError::field(FieldError::new("name", "name_taken"))));
            }
        }
        Ok(refused)
    }
}
