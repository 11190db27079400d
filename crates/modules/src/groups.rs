//! Groups: a tree of sets of contacts. Into a manual group people put contacts, to a smart one a rule in the filter language assigns them.
//!
//! What must stay true: a group is either manual or smart (decision D6), and a contact is put into manual groups only. Membership by rule is
//! never stored: `record_engine::catalog` answers it wherever a filter is compiled.
//!
//! It is data and one rule. It requires no other module: the field `groups` of contacts belongs to contacts.

use record_engine::access::{AccessPolicy, Grants, Rows};
use record_engine::catalog::{FieldDefinition, Membership, ObjectTypeDefinition};
use record_engine::error::FieldError;
use record_engine::field_types::{ChoiceSettings, FieldKind, FilterSettings, ReferenceSettings, TextSettings};
use record_engine::record::Values;
use record_engine::write::Rules;
use serde_json::Value as Json;

/// Name of the object type.
pub const GROUP_TYPE: &str = "group";
/// Longest name, in characters.
const NAME_LENGTH: usize = 120;
/// Longest description, in characters.
const DESCRIPTION_LENGTH: usize = 2_000;

/// Groups.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: GROUP_TYPE,
        labels: ["Group", "Группа", "Група"],
        labels_plural: ["Groups", "Группы", "Групи"],
        icon: "folder-tree",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["name", "kind", "parent", "description"],
        default_sort: "name",
        membership: Some(Membership { of: "contact", field: "groups", rule: "rule", parent: "parent" }),
        part_of: None,
        access: access(),
        rules: &GroupRules,
    }
}

/// Everyone works with groups; supervisors and administrators shape them.
fn access() -> AccessPolicy {
    let keeper = Grants { change: Rows::All, delete: Rows::All, create: true, ..Grants::READ };
    AccessPolicy::fixed(Grants::ALL, keeper, Grants::READ)
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    vec![
        field("name", ["Name", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: NAME_LENGTH }))
            .required()
            .indexed()
            .searched(),
        field(
            "parent",
            ["Inside the group", "Входит в группу", "Входить до групи"],
            FieldKind::Reference(ReferenceSettings {
                target: GROUP_TYPE.into(),
                target_filter: None,
                is_hierarchy: true,
                is_unique: false,
            }),
        )
        .indexed(),
        field("kind", ["Members", "Состав", "Склад"], FieldKind::Choice(kinds())).required().default("manual"),
        field("rule", ["Rule", "Правило", "Правило"], FieldKind::Filter(FilterSettings { target: "contact".into() }))
            .shown_if("kind = smart")
            .required_if("kind = smart"),
        field(
            "description",
            ["Description", "Описание", "Опис"],
            FieldKind::LongText(TextSettings { max_length: DESCRIPTION_LENGTH }),
        ),
    ]
}

fn kinds() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("manual", ["Put in by hand", "Добавляют вручную", "Додають вручну"], None),
        ("smart", ["Assigned by a rule", "По правилу", "За правилом"], Some("purple")),
    ])
}

struct GroupRules;

impl Rules for GroupRules {
    /// A manual group has no rule: what stands in one would assign members unseen.
    fn apply(&self, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        if after.get("kind").and_then(Json::as_str) != Some("smart") {
            after.remove("rule");
        }
        Vec::new()
    }
}
