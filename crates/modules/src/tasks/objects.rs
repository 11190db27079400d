//! The fields of a task as data.

use record_engine::access::Levels;
use record_engine::catalog::{CalendarPart, FieldDefinition, ObjectTypeDefinition, SectionDefinition, USER_TYPE};
use record_engine::field_types::{ChoiceSettings, FieldKind, ReferenceSettings, TextSettings};

use super::rules::TaskRules;
use crate::reminders::moments::choices;
use crate::sharing;

/// Name of the object type.
pub const TASK_TYPE: &str = "task";
/// Longest title, in characters.
const TITLE_LENGTH: usize = 300;
/// Longest description, in characters.
const DESCRIPTION_LENGTH: usize = 65_000;

/// The object type.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: TASK_TYPE,
        labels: ["Task", "Задача", "Завдання"],
        labels_plural: ["Tasks", "Задачи", "Завдання"],
        icon: "checkbox",
        title_field: "title",
        is_importable: true,
        is_system: false,
        fields: fields(),
        sections: vec![
            SectionDefinition {
                key: "my_tasks",
                labels: ["My tasks", "Мои задачи", "Мої завдання"],
                icon: "user-check",
                filter: "responsible = me and status.meaning = open",
            },
            SectionDefinition {
                key: "all_tasks",
                labels: ["All tasks", "Все задачи", "Усі завдання"],
                icon: "list-check",
                filter: "all",
            },
        ],
        default_columns: &["title", "deadline", "contact", "category", "status", "responsible"],
        default_sort: "deadline",
        membership: None,
        done_by: Some("status"),
        part_of: &[],
        access: sharing::access(levels()),
        rules: &TaskRules,
    }
}

/// What the levels mean for tasks: who takes part works on a task as who is responsible does.
fn levels() -> Levels {
    Levels {
        own: "responsible = me or author = me",
        shared: "responsible = me or author = me or participants has me or visibility in (read, write)",
        shared_for_writing: "responsible = me or author = me or participants has me or visibility = write",
        team: "responsible in my_people",
        sharing_fields: &["visibility", "participants"],
        owner_fields: &["responsible"],
    }
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let visibilities = sharing::visibilities(["Those who work on it", "Кто работает над ней", "Хто працює над ним"]);
    let to = |target: &str| FieldKind::Reference(ReferenceSettings::to(target));
    let many = |target: &str| FieldKind::ReferenceSet(ReferenceSettings::to(target));
    let long = |max_length: usize| FieldKind::LongText(TextSettings { max_length });
    vec![
        field("title", ["Title", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: TITLE_LENGTH }))
            .required()
            .indexed()
            .searched(),
        field("status", ["Status", "Статус", "Статус"], FieldKind::Choice(statuses()))
            .required()
            .indexed()
            .listed_by("deadline")
            .default("new"),
        field("deadline", ["Deadline", "Срок", "Термін"], FieldKind::DateTime)
            .indexed()
            .required_if("recurrence is not empty")
            .overdue_if("status.meaning = open")
            .work("responsible", "status")
            .in_calendar(CalendarPart::Ends),
        field("deadline_kind", ["Do it", "Сделать", "Зробити"], FieldKind::Choice(deadline_kinds()))
            .required()
            .default("by"),
        field("reminder", ["Reminder", "Напомнить", "Нагадати"], FieldKind::Choice(choices(true)))
            .required()
            .default("day")
            .in_calendar(CalendarPart::Reminder),
        field("recurrence", ["Repeat", "Повторять", "Повторювати"], FieldKind::Recurrence),
        field("category", ["Category", "Категория", "Категорія"], FieldKind::Choice(categories()))
            .indexed()
            .in_calendar(CalendarPart::Kind),
        field("contact", ["Contact", "Контакт", "Контакт"], to("contact"))
            .indexed()
            .found_by_name()
            .on_timeline("deadline"),
        field("deal", ["Deal", "Сделка", "Угода"], to("deal")).indexed().on_timeline("deadline"),
        field("event", ["Event", "Мероприятие", "Захід"], to("event")).indexed().on_timeline("deadline"),
        field("responsible", ["Responsible", "Ответственный", "Відповідальний"], to(USER_TYPE))
            .required()
            .indexed()
            .in_calendar(CalendarPart::People),
        field("participants", ["Participants", "Участники", "Учасники"], many(USER_TYPE))
            .in_calendar(CalendarPart::People),
        field("description", ["Description", "Описание", "Опис"], long(DESCRIPTION_LENGTH)).searched(),
        field("tags", ["Tags", "Теги", "Теги"], many("tag")),
        field("author", ["Given by", "Поставил", "Поставив"], to(USER_TYPE)).read_only().indexed(),
        field("starts_at", ["Begins", "Начало", "Початок"], FieldKind::DateTime)
            .group("details")
            .indexed()
            .in_calendar(CalendarPart::Begins),
        field("is_all_day", ["All day", "Весь день", "Увесь день"], FieldKind::Checkbox)
            .group("details")
            .in_calendar(CalendarPart::WholeDays),
        field("contact_group", ["Group of contacts", "Группа контактов", "Група контактів"], to("group"))
            .group("details")
            .indexed(),
        field("visibility", ["Access", "Доступ", "Доступ"], FieldKind::Choice(visibilities))
            .group("details")
            .required()
            .indexed()
            .default("private"),
        field("remark", ["Remark", "Примечание", "Примітка"], FieldKind::Text(TextSettings { max_length: 500 }))
            .group("details")
            .searched(),
        field(
            "notifies",
            ["Notify about the task", "Уведомить о задаче", "Сповістити про завдання"],
            FieldKind::Checkbox,
        )
        .group("details")
        .default(true),
        field(
            "series_at",
            ["Series counts from", "Повторы отсчитываются от", "Повтори рахуються від"],
            FieldKind::DateTime,
        )
        .group("details")
        .kept_by_undo()
        .shown_if("series_at is not empty"),
        field(
            "previous",
            ["Repeats", "Повтор задачи", "Повтор завдання"],
            FieldKind::Reference(ReferenceSettings { is_unique: true, ..ReferenceSettings::to(TASK_TYPE) }),
        )
        .group("details")
        .read_only()
        .shown_if("previous is not empty"),
        field("closed_at", ["Closed", "Закрыта", "Закрито"], FieldKind::DateTime)
            .group("details")
            .kept_by_undo()
            .shown_if("closed_at is not empty"),
    ]
}

fn statuses() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("new", ["New", "Новая", "Нове"], Some("blue")),
        ("in_progress", ["In progress", "В работе", "У роботі"], Some("amber")),
        ("done", ["Done", "Выполнена", "Виконано"], Some("green")),
        ("cancelled", ["Cancelled", "Отменена", "Скасовано"], Some("grey")),
    ])
    .meaning(
        &["open", "closed"],
        &[("new", "open"), ("in_progress", "open"), ("done", "closed"), ("cancelled", "closed")],
    )
}

fn deadline_kinds() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("by", ["by the deadline", "до срока", "до терміну"], None),
        ("at", ["exactly then", "точно в срок", "саме тоді"], None),
    ])
}

fn categories() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("call", ["Call", "Звонок", "Дзвінок"], Some("green")),
        ("meeting", ["Meeting", "Встреча", "Зустріч"], Some("purple")),
        ("email", ["E-mail", "Письмо", "Лист"], Some("blue")),
        ("deal", ["Deal", "Сделка", "Угода"], Some("amber")),
        ("demo", ["Demo", "Демонстрация", "Демонстрація"], Some("purple")),
        ("control", ["Control", "Контроль", "Контроль"], Some("red")),
        ("delivery", ["Delivery", "Доставка", "Доставка"], Some("amber")),
        ("note", ["Note", "Заметка", "Нотатка"], Some("grey")),
        ("lunch", ["Lunch", "Обед", "Обід"], Some("grey")),
        ("fax", ["Fax", "Факс", "Факс"], Some("grey")),
        ("social", ["Social networks", "Соцсети", "Соцмережі"], Some("blue")),
        ("thanks", ["Thanks", "Благодарность", "Подяка"], Some("green")),
    ])
}
