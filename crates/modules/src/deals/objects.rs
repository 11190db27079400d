//! The fields of a deal as data.

use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, SectionDefinition, USER_TYPE};
use record_engine::field_types::{
    ChoiceSettings, FieldKind, MoneySettings, NumberSettings, ReferenceSettings, TextSettings,
};

use super::rules::DealRules;
use crate::lines::TOTAL_FIELD;
use crate::sharing;

/// Name of the object type.
pub const DEAL_TYPE: &str = "deal";
/// Longest title, in characters.
const TITLE_LENGTH: usize = 300;
/// Longest description, in characters.
const DESCRIPTION_LENGTH: usize = 65_000;
/// A deal that stands longer in an open stage is stale, in days, unless an administrator says otherwise.
const STALE_DAYS: u16 = 14;

/// The stages of a fresh installation: key, texts, chance in percent, meaning, colour.
const STAGES: [(&str, [&str; 3], u8, &str, &str); 9] = [
    ("first_contact", ["First contact", "Первый контакт", "Перший контакт"], 1, "open", "grey"),
    ("first_fit", ["First fit", "Первичная оценка", "Первинна оцінка"], 2, "open", "grey"),
    ("suspect", ["Suspect", "Возможный интерес", "Можливий інтерес"], 3, "open", "grey"),
    ("needs", ["Needs", "Потребности", "Потреби"], 20, "open", "blue"),
    ("qualified", ["Qualified", "Квалификация", "Кваліфікація"], 50, "open", "blue"),
    ("proposal", ["Proposal", "Предложение", "Пропозиція"], 75, "open", "amber"),
    ("negotiation", ["Negotiation", "Переговоры", "Переговори"], 90, "open", "amber"),
    ("won", ["Won", "Выиграна", "Виграно"], 100, "won", "green"),
    ("lost", ["Lost", "Проиграна", "Програно"], 0, "lost", "red"),
];

/// The object type.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: DEAL_TYPE,
        labels: ["Deal", "Сделка", "Угода"],
        labels_plural: ["Deals", "Сделки", "Угоди"],
        icon: "briefcase",
        title_field: "title",
        is_importable: true,
        is_system: false,
        fields: fields(),
        sections: vec![
            SectionDefinition {
                key: "my_deals",
                labels: ["My deals", "Мои сделки", "Мої угоди"],
                icon: "user-check",
                filter: "responsible = me and stage.meaning = open",
            },
            SectionDefinition {
                key: "all_deals",
                labels: ["All deals", "Все сделки", "Усі угоди"],
                icon: "list-check",
                filter: "all",
            },
        ],
        default_columns: &["title", "contact", "stage", "budget", "probability", "expected_close", "responsible"],
        default_sort: "-updated_at",
        membership: None,
        done_by: None,
        part_of: &[],
        access: sharing::access(sharing::responsible_levels()),
        rules: &DealRules,
    }
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let visibilities = sharing::visibilities(["Only the chosen", "Только выбранные", "Лише вибрані"]);
    let to = |target: &str| FieldKind::Reference(ReferenceSettings::to(target));
    let whole = |minimum: f64, maximum: f64| {
        FieldKind::Number(NumberSettings {
            minimum: Some(minimum),
            maximum: Some(maximum),
            ..NumberSettings::default()
        })
    };
    let mut fields = vec![
        field("title", ["Title", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: TITLE_LENGTH }))
            .required()
            .indexed()
            .searched(),
        field("contact", ["Contact", "Контакт", "Контакт"], to("contact")).indexed().on_timeline("created_at"),
        field("pipeline", ["Pipeline", "Воронка", "Воронка"], FieldKind::Choice(pipelines()))
            .required()
            .indexed()
            .default("sales"),
        field("stage", ["Stage", "Этап", "Етап"], FieldKind::Choice(stages()))
            .required()
            .indexed()
            .listed_by("updated_at")
            .default("first_contact"),
        field("probability", ["Probability, %", "Вероятность, %", "Імовірність, %"], whole(0.0, 100.0)).indexed(),
        field(
            "budget",
            ["Budget", "Бюджет", "Бюджет"],
            FieldKind::Money(MoneySettings::dated_by("closed_on").weighted_by("probability")),
        )
        .indexed(),
        field("budget_type", ["Budget is", "Тип бюджета", "Тип бюджету"], FieldKind::Choice(budget_types()))
            .required()
            .default("fixed"),
        field("periods", ["Periods", "Число периодов", "Кількість періодів"], whole(1.0, 10_000.0))
            .shown_if("budget_type != fixed"),
        field("expected_close", ["Expected closing", "Ожидаемое закрытие", "Очікуване закриття"], FieldKind::Date)
            .indexed()
            .overdue_if("stage.meaning = open")
            .work("responsible", "stage"),
        field("responsible", ["Responsible", "Ответственный", "Відповідальний"], to(USER_TYPE)).required().indexed(),
        field(
            "lost_reason",
            ["Why it was lost", "Причина проигрыша", "Причина програшу"],
            FieldKind::Choice(reasons()),
        )
        .indexed()
        .shown_if("stage.meaning = lost"),
        field(
            "description",
            ["Description", "Описание", "Опис"],
            FieldKind::LongText(TextSettings { max_length: DESCRIPTION_LENGTH }),
        )
        .searched(),
        field("tags", ["Tags", "Теги", "Теги"], FieldKind::ReferenceSet(ReferenceSettings::to("tag"))),
        field("visibility", ["Access", "Доступ", "Доступ"], FieldKind::Choice(visibilities))
            .required()
            .indexed()
            .default("write"),
    ];
    fields.extend(sharing::fields());
    fields.extend([
        field(
            TOTAL_FIELD,
            ["Sum of the lines", "Сумма позиций", "Сума позицій"],
            FieldKind::Money(MoneySettings::price()),
        )
        .group("details")
        .read_only()
        .shown_if("lines_total is not empty"),
        field("stage_since", ["In the stage since", "На этапе с", "На етапі з"], FieldKind::DateTime)
            .group("details")
            .kept_by_undo(),
        field("closed_on", ["Closed on", "Закрыта", "Закрито"], FieldKind::Date)
            .group("details")
            .kept_by_undo()
            .indexed()
            .shown_if("closed_on is not empty"),
    ]);
    fields
}

fn pipelines() -> ChoiceSettings {
    ChoiceSettings::of(&[("sales", ["Sales", "Продажи", "Продажі"], Some("blue"))])
}

fn stages() -> ChoiceSettings {
    let options = STAGES.map(|(key, labels, _, _, color)| (key, labels, Some(color)));
    let meanings = STAGES.map(|(key, _, _, meaning, _)| (key, meaning));
    let mut stages = ChoiceSettings::of(&options).meaning(&["open", "won", "lost"], &meanings);
    stages.within = Some("pipeline".into());
    for (key, _, percent, meaning, _) in STAGES {
        stages.set(key, |traits| {
            traits.percent = Some(percent);
            traits.max_days = (meaning == "open").then_some(STALE_DAYS);
            traits.requires = match meaning {
                "lost" => vec!["lost_reason".into()],
                "won" => vec!["budget".into()],
                _ => Vec::new(),
            };
        });
    }
    stages
}

fn budget_types() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("fixed", ["Fixed", "Фиксированный", "Фіксований"], None),
        ("hour", ["Per hour", "За час", "За годину"], None),
        ("day", ["Per day", "За день", "За день"], None),
        ("week", ["Per week", "За неделю", "За тиждень"], None),
        ("month", ["Per month", "За месяц", "За місяць"], None),
        ("year", ["Per year", "За год", "За рік"], None),
    ])
}

fn reasons() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("price", ["Too dear", "Дорого", "Дорого"], None),
        ("competitor", ["Bought elsewhere", "Купил у других", "Купив в інших"], None),
        ("no_need", ["No need any more", "Больше не нужно", "Більше не потрібно"], None),
        ("no_answer", ["Does not answer", "Не отвечает", "Не відповідає"], None),
        ("terms", ["Terms do not fit", "Не подошли условия", "Не підійшли умови"], None),
        ("other", ["Something else", "Другое", "Інше"], None),
    ])
}
