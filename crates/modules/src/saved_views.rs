//! Saved views: a list with its filter, order and columns under a name, kept by one person for himself or shared
//! with chosen colleagues or with everyone.
//!
//! What must stay true: a view is private until its maker shares it. A private one only he sees, changes or deletes; supervisors and
//! administrators have no way around that. One shared with colleagues they see and he alone changes; one shared
//! with everyone administrators change too. It opens no records: who looks at
//! a list through it sees what he may see.
//! The `definition` is the web client's own: nothing here reads it, and a view whose fields have since been retired still opens there. Only the
//! address books of phones take its filter, section and search.
//!
//! It is data alone, and so the shortest example of what a module needs. It requires no other module.

use record_engine::access::{AccessPolicy, Grants, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, USER_TYPE};
use record_engine::field_types::{ChoiceSettings, FieldKind, NumberSettings, ReferenceSettings, TextSettings};
use record_engine::write::NoRules;

#[cfg(test)]
mod tests;

/// Longest name, in characters.
const NAME_LENGTH: usize = 100;
/// Longest name of an object type, in characters.
const OBJECT_TYPE_LENGTH: usize = 60;
/// Longest definition, in characters; a filter of a few hundred conditions.
const DEFINITION_LENGTH: usize = 20_000;

/// Whoever made it, whatever his role.
const OWN: Rows = Rows::Matching("created_by = me");
/// Those that others let everyone see, too.
const OWN_AND_COMMON: Rows = Rows::Matching("created_by = me or sharing = \"all\"");
/// Those that he was let see, too.
const SEEN: Rows = Rows::Matching("created_by = me or sharing = \"all\" or (sharing = \"people\" and people has me)");

/// Saved views.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: "saved_view",
        labels: ["Saved view", "Сохранённый вид", "Збережений вигляд"],
        labels_plural: ["Saved views", "Сохранённые виды", "Збережені вигляди"],
        icon: "bookmark",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["name", "object_type", "position"],
        default_sort: "position",
        membership: None,
        done_by: None,
        part_of: &[],
        access: access(),
        rules: &NoRules,
    }
}

fn access() -> AccessPolicy {
    let own = Grants {
        see: SEEN,
        change: OWN,
        delete: OWN,
        create: true,
        export: false,
        hidden_fields: &[],
        read_only_fields: &[],
    };
    let administrator = Grants { change: OWN_AND_COMMON, delete: OWN_AND_COMMON, ..own };
    AccessPolicy::fixed(administrator, own, own)
}

fn fields() -> Vec<FieldDefinition> {
    let text = |max_length| FieldKind::Text(TextSettings { max_length });
    vec![
        FieldDefinition::new("name", ["Name", "Название", "Назва"], text(NAME_LENGTH)).required(),
        FieldDefinition::new("object_type", ["Object type", "Тип объекта", "Тип об’єкта"], text(OBJECT_TYPE_LENGTH))
            .required()
            .indexed(),
        FieldDefinition::new(
            "definition",
            ["Definition", "Определение", "Визначення"],
            FieldKind::LongText(TextSettings { max_length: DEFINITION_LENGTH }),
        )
        .required(),
        FieldDefinition::new("sharing", ["Shown to", "Кому видно", "Кому видно"], FieldKind::Choice(sharings()))
            .required()
            .default("private"),
        FieldDefinition::new(
            "people",
            ["Colleagues", "Коллеги", "Колеги"],
            FieldKind::ReferenceSet(ReferenceSettings::to(USER_TYPE)),
        )
        .shown_if("sharing = people"),
        FieldDefinition::new(
            "position",
            ["Position", "Порядок", "Порядок"],
            FieldKind::Number(NumberSettings::default()),
        ),
    ]
}

fn sharings() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("private", ["Only me", "Только мне", "Лише мені"], None),
        ("people", ["Chosen colleagues", "Выбранным коллегам", "Вибраним колегам"], None),
        ("all", ["Everyone", "Всем", "Усім"], None),
    ])
}
