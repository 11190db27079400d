//! The fields of an event as data.

use record_engine::access::Levels;
use record_engine::catalog::{CalendarPart, FieldDefinition, ObjectTypeDefinition, SectionDefinition, USER_TYPE};
use record_engine::field_types::{ChoiceSettings, FieldKind, ReferenceSettings, TextSettings};

use super::rules::EventRules;
use crate::reminders::moments::choices;
use crate::sharing;

/// Name of the object type.
pub const EVENT_TYPE: &str = "event";
/// Longest title and place, in characters.
const TITLE_LENGTH: usize = 300;
/// Longest description, in characters.
const DESCRIPTION_LENGTH: usize = 65_000;

/// The object type.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: EVENT_TYPE,
        labels: ["Event", "Мероприятие", "Захід"],
        labels_plural: ["Events", "Мероприятия", "Заходи"],
        icon: "calendar",
        title_field: "title",
        is_importable: true,
        is_system: false,
        fields: fields(),
        sections: vec![
            SectionDefinition {
                key: "coming_events",
                labels: ["Coming events", "Предстоящие", "Майбутні"],
                icon: "calendar",
                filter: "status.meaning = open",
            },
            SectionDefinition {
                key: "all_events",
                labels: ["All events", "Все мероприятия", "Усі заходи"],
                icon: "list-check",
                filter: "all",
            },
        ],
        default_columns: &["title", "starts_at", "place", "kind", "contacts", "responsible", "status"],
        default_sort: "starts_at",
        membership: None,
        done_by: Some("status"),
        part_of: &[],
        access: sharing::access(levels()),
        rules: &EventRules,
    }
}

/// What the levels mean for events: a colleague who takes part works on it as who is responsible does.
fn levels() -> Levels {
    Levels {
        own: "responsible = me",
        shared: "responsible = me or colleagues has me or visibility in (read, write) or readers has me or editors has me \
                 or reading_teams has my_teams or editing_teams has my_teams",
        shared_for_writing: "responsible = me or colleagues has me or visibility = write or editors has me \
                             or editing_teams has my_teams",
        sharing_fields: &["visibility", "colleagues", "readers", "editors", "reading_teams", "editing_teams"],
        ..sharing::responsible_levels()
    }
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let visibilities = sharing::visibilities(["Only the chosen", "Только выбранные", "Лише вибрані"]);
    let many = |target: &str| FieldKind::ReferenceSet(ReferenceSettings::to(target));
    let text = |max_length: usize| FieldKind::Text(TextSettings { max_length });
    let mut fields = vec![
        field("title", ["Title", "Название", "Назва"], text(TITLE_LENGTH)).required().indexed().searched(),
        field("kind", ["Kind", "Вид", "Вид"], FieldKind::Choice(kinds()))
            .required()
            .indexed()
            .default("meeting")
            .in_calendar(CalendarPart::Kind),
        field("status", ["Status", "Статус", "Статус"], FieldKind::Choice(statuses()))
            .required()
            .indexed()
            .default("planned"),
        field("starts_at", ["Begins", "Начало", "Початок"], FieldKind::DateTime)
            .indexed()
            .in_calendar(CalendarPart::Begins),
        field("ends_at", ["Ends", "Конец", "Кінець"], FieldKind::DateTime)
            .indexed()
            .overdue_if("status.meaning = open")
            .in_calendar(CalendarPart::Ends),
        field("is_all_day", ["All day", "Весь день", "Увесь день"], FieldKind::Checkbox)
            .in_calendar(CalendarPart::WholeDays),
        field("reminder", ["Reminder", "Напомнить", "Нагадати"], FieldKind::Choice(choices(false)))
            .default("minutes_15")
            .in_calendar(CalendarPart::Reminder),
        field("place", ["Place", "Место", "Місце"], text(TITLE_LENGTH)).searched().in_calendar(CalendarPart::Place),
        field("contacts", ["Participants", "Участники", "Учасники"], many("contact")).on_timeline("starts_at"),
        field(
            "responsible",
            ["Responsible", "Ответственный", "Відповідальний"],
            FieldKind::Reference(ReferenceSettings::to(USER_TYPE)),
        )
        .required()
        .indexed()
        .in_calendar(CalendarPart::People),
        field("colleagues", ["Colleagues", "Коллеги", "Колеги"], many(USER_TYPE)).in_calendar(CalendarPart::People),
        field(
            "description",
            ["Description", "Описание", "Опис"],
            FieldKind::LongText(TextSettings { max_length: DESCRIPTION_LENGTH }),
        )
        .searched(),
        field("tags", ["Tags", "Теги", "Теги"], many("tag")),
        field("visibility", ["Access", "Доступ", "Доступ"], FieldKind::Choice(visibilities))
            .required()
            .indexed()
            .default("write"),
    ];
    fields.extend(sharing::fields());
    fields.push(
        field(
            "contact_group",
            ["Group of contacts", "Группа контактов", "Група контактів"],
            FieldKind::Reference(ReferenceSettings::to("group")),
        )
        .group("details")
        .indexed(),
    );
    fields.push(
        field("closed_at", ["Closed", "Закрыто", "Закрито"], FieldKind::DateTime)
            .group("details")
            .kept_by_undo()
            .shown_if("closed_at is not empty"),
    );
    fields
}

fn kinds() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("meeting", ["Meeting", "Встреча", "Зустріч"], Some("purple")),
        ("seminar", ["Seminar", "Семинар", "Семінар"], Some("blue")),
        ("exhibition", ["Exhibition", "Выставка", "Виставка"], Some("amber")),
        ("training", ["Training", "Обучение", "Навчання"], Some("green")),
        ("other", ["Something else", "Другое", "Інше"], Some("grey")),
    ])
}

fn statuses() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("planned", ["Planned", "Запланировано", "Заплановано"], Some("blue")),
        ("held", ["Held", "Прошло", "Відбулося"], Some("green")),
        ("cancelled", ["Cancelled", "Отменено", "Скасовано"], Some("grey")),
    ])
    .meaning(&["open", "closed"], &[("planned", "open"), ("held", "closed"), ("cancelled", "closed")])
}
