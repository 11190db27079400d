//! Templates and their lines as data.

use record_engine::access::{AccessPolicy, Grants, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, USER_TYPE};
use record_engine::field_types::{ChoiceSettings, FieldKind, NumberSettings, ReferenceSettings, TextSettings};
use record_engine::write::NoRules;

use super::rules::LineRules;
use crate::lines::part_access;

/// Name of the object type.
pub const TEMPLATE_TYPE: &str = "task_template";
/// Name of the type of its tasks.
pub const LINE_TYPE: &str = "task_template_line";
/// Longest title, in characters: that of a task.
const TITLE_LENGTH: usize = 300;
/// Longest description, in characters: that of a task.
const DESCRIPTION_LENGTH: usize = 65_000;
/// Longest list of steps, in characters.
const CHECKLIST_LENGTH: usize = 20_000;
/// The farthest from the day, in days or hours.
const FARTHEST: f64 = 3_650.0;

/// Templates.
pub fn object_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    ObjectTypeDefinition {
        name: TEMPLATE_TYPE,
        labels: ["Task template", "Шаблон задач", "Шаблон завдань"],
        labels_plural: ["Task templates", "Шаблоны задач", "Шаблони завдань"],
        icon: "list-check",
        title_field: "name",
        is_importable: true,
        is_system: true,
        fields: vec![
            field("name", ["Name", "Название", "Назва"], text(200)).required().indexed().searched(),
            field("description", ["What it is for", "Для чего", "Для чого"], long(5_000)).searched(),
            field("is_active", ["In use", "Используется", "Використовується"], FieldKind::Checkbox)
                .indexed()
                .default(true),
        ],
        sections: Vec::new(),
        default_columns: &["name", "description", "is_active"],
        default_sort: "name",
        membership: None,
        done_by: None,
        part_of: &[],
        access: access(),
        rules: &NoRules,
    }
}

/// Everybody uses them; supervisors and administrators make them, and whoever a role lets.
fn access() -> AccessPolicy {
    let keeper = Grants { change: Rows::All, delete: Rows::All, create: true, export: true, ..Grants::READ };
    AccessPolicy::fixed(Grants::ALL, keeper, Grants::READ)
}

/// The tasks of a template.
pub fn line_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: LINE_TYPE,
        labels: ["Task of a template", "Задача шаблона", "Завдання шаблону"],
        labels_plural: ["Tasks of templates", "Задачи шаблонов", "Завдання шаблонів"],
        icon: "checkbox",
        title_field: "title",
        is_importable: false,
        is_system: true,
        fields: line_fields(),
        sections: Vec::new(),
        default_columns: &["title", "deadline_offset", "deadline_unit", "responsible_role", "template"],
        default_sort: "place",
        membership: None,
        done_by: None,
        part_of: &["template"],
        access: part_access(),
        rules: &LineRules,
    }
}

fn text(max_length: usize) -> FieldKind {
    FieldKind::Text(TextSettings { max_length })
}

fn long(max_length: usize) -> FieldKind {
    FieldKind::LongText(TextSettings { max_length })
}

fn line_fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let to = |target: &str| FieldKind::Reference(ReferenceSettings::to(target));
    let distance = || FieldKind::Number(NumberSettings::exact(0, -FARTHEST, FARTHEST));
    let places = NumberSettings { decimals: 6, ..NumberSettings::default() };
    vec![
        field("title", ["Title", "Название", "Назва"], text(TITLE_LENGTH)).required().searched(),
        field("template", ["Template", "Шаблон", "Шаблон"], to(TEMPLATE_TYPE)).required().indexed(),
        field("place", ["Place", "Место", "Місце"], FieldKind::Number(places)).indexed(),
        // Keys of the options of a task, which administrators change: the rules know whether there is such a one.
        field("category", ["Category", "Категория", "Категорія"], text(60)),
        field("counts_from", ["Counts from", "Отсчёт от", "Відлік від"], FieldKind::Choice(beginnings()))
            .required()
            .default("use"),
        field("deadline_offset", ["Deadline after", "Срок через", "Термін через"], distance()).required().default(1),
        field("deadline_unit", ["of", "чего", "чого"], FieldKind::Choice(units())).required().default("working_day"),
        field("deadline_time", ["At", "Во сколько", "О котрій"], text(5)),
        field("starts_offset", ["Begins after", "Начало через", "Початок через"], distance()),
        field("starts_unit", ["of", "чего", "чого"], FieldKind::Choice(units())).default("working_day"),
        field("starts_time", ["Begins at", "Начало во сколько", "Початок о котрій"], text(5)),
        field("reminder", ["Reminder", "Напомнить", "Нагадати"], text(60)),
        field(
            "responsible_role",
            ["Who does it", "Кто делает", "Хто робить"],
            FieldKind::Choice(ChoiceSettings::of(&[
                ("starter", ["Who uses the template", "Кто применил шаблон", "Хто застосував шаблон"], None),
                (
                    "record",
                    ["Responsible for the record", "Ответственный за карточку", "Відповідальний за картку"],
                    None,
                ),
                ("user", ["Always this person", "Всегда этот человек", "Завжди ця людина"], None),
            ])),
        )
        .required()
        .default("starter"),
        field("responsible", ["Responsible", "Ответственный", "Відповідальний"], to(USER_TYPE))
            .required_if("responsible_role = user"),
        field("description", ["Description", "Описание", "Опис"], long(DESCRIPTION_LENGTH)).searched(),
        field(
            "checklist",
            ["Checklist, a step a line", "Чек-лист, шаг на строку", "Чек-лист, крок на рядок"],
            long(CHECKLIST_LENGTH),
        )
        .searched(),
        field("tags", ["Tags", "Теги", "Теги"], FieldKind::ReferenceSet(ReferenceSettings::to("tag"))),
    ]
}

fn beginnings() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("use", ["The day of use", "Дня применения", "Дня застосування"], None),
        ("date", ["A chosen date", "Выбранной даты", "Обраної дати"], None),
    ])
}

fn units() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("day", ["Days", "Дни", "Дні"], None),
        ("working_day", ["Working days", "Рабочие дни", "Робочі дні"], None),
        ("hour", ["Hours", "Часы", "Години"], None),
    ])
}
