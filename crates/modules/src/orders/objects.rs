//! The fields of an order as data.

use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, SectionDefinition, USER_TYPE};
use record_engine::field_types::{ChoiceSettings, FieldKind, MoneySettings, ReferenceSettings, TextSettings};

use super::rules::OrderRules;
use crate::lines::TOTAL_FIELD;
use crate::sharing;

/// Name of the object type.
pub const ORDER_TYPE: &str = "order";
/// Longest number, in characters.
const NUMBER_LENGTH: usize = 40;
/// Longest description, in characters.
const DESCRIPTION_LENGTH: usize = 10_000;

/// The object type.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: ORDER_TYPE,
        labels: ["Order", "Заказ", "Замовлення"],
        labels_plural: ["Orders", "Заказы", "Замовлення"],
        icon: "shopping-cart",
        title_field: "title",
        is_importable: true,
        is_system: false,
        fields: fields(),
        sections: vec![
            SectionDefinition {
                key: "open_orders",
                labels: ["Open orders", "Заказы в работе", "Замовлення в роботі"],
                icon: "shopping-cart",
                filter: "status.meaning = open",
            },
            SectionDefinition {
                key: "all_orders",
                labels: ["All orders", "Все заказы", "Усі замовлення"],
                icon: "list-check",
                filter: "all",
            },
        ],
        default_columns: &["title", "contact", "status", TOTAL_FIELD, "ordered_on", "deal", "responsible"],
        default_sort: "-ordered_on",
        membership: None,
        done_by: None,
        part_of: &[],
        access: sharing::access(sharing::responsible_levels()),
        rules: &OrderRules,
    }
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let visibilities = sharing::visibilities(["Only the chosen", "Только выбранные", "Лише вибрані"]);
    let to = |target: &str| FieldKind::Reference(ReferenceSettings::to(target));
    let text = |max_length: usize| FieldKind::Text(TextSettings { max_length });
    let mut fields = vec![
        field("title", ["Title", "Название", "Назва"], text(NUMBER_LENGTH + 2)).read_only().indexed(),
        field("number", ["Number", "Номер", "Номер"], text(NUMBER_LENGTH)).indexed().searched(),
        field("contact", ["Client", "Клиент", "Клієнт"], to("contact")).required().indexed(),
        field("deal", ["Deal", "Сделка", "Угода"], to("deal")).indexed(),
        field("status", ["Status", "Статус", "Статус"], FieldKind::Choice(statuses()))
            .required()
            .indexed()
            .default("new"),
        field(TOTAL_FIELD, ["Total", "Сумма", "Сума"], FieldKind::Money(MoneySettings::dated_by("ordered_on")))
            .read_only()
            .indexed(),
        field("ordered_on", ["Ordered on", "Дата заказа", "Дата замовлення"], FieldKind::Date).indexed(),
        field("responsible", ["Responsible", "Ответственный", "Відповідальний"], to(USER_TYPE)).required().indexed(),
        field(
            "refusal_reason",
            ["Why it was refused", "Причина отказа", "Причина відмови"],
            FieldKind::Choice(reasons()),
        )
        .indexed()
        .shown_if("status.meaning = lost"),
        field(
            "description",
            ["Description", "Описание", "Опис"],
            FieldKind::LongText(TextSettings { max_length: DESCRIPTION_LENGTH }),
        )
        .searched(),
        field("visibility", ["Access", "Доступ", "Доступ"], FieldKind::Choice(visibilities))
            .required()
            .indexed()
            .default("write"),
    ];
    fields.extend(sharing::fields());
    fields.push(
        field("closed_at", ["Closed", "Закрыт", "Закрито"], FieldKind::DateTime)
            .group("details")
            .kept_by_undo()
            .shown_if("closed_at is not empty"),
    );
    fields
}

fn statuses() -> ChoiceSettings {
    let mut statuses = ChoiceSettings::of(&[
        ("new", ["New", "Новый", "Нове"], Some("blue")),
        ("confirmed", ["Confirmed", "Подтверждён", "Підтверджено"], Some("purple")),
        ("shipped", ["Shipped", "Отгружен", "Відвантажено"], Some("amber")),
        ("closed", ["Closed", "Закрыт", "Закрито"], Some("green")),
        ("refused", ["Refused", "Отказ", "Відмова"], Some("red")),
    ])
    .meaning(
        &["open", "won", "lost"],
        &[("new", "open"), ("confirmed", "open"), ("shipped", "open"), ("closed", "won"), ("refused", "lost")],
    );
    statuses.set("refused", |traits| traits.requires = vec!["refusal_reason".into()]);
    statuses
}

fn reasons() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("client", ["The client changed his mind", "Клиент передумал", "Клієнт передумав"], None),
        ("price", ["Too dear", "Дорого", "Дорого"], None),
        ("stock", ["Not in stock", "Нет в наличии", "Немає в наявності"], None),
        ("delivery", ["Delivery does not fit", "Не подошла доставка", "Не підійшла доставка"], None),
        ("mistake", ["Ordered by mistake", "Заказан по ошибке", "Замовлено помилково"], None),
        ("other", ["Something else", "Другое", "Інше"], None),
    ])
}
