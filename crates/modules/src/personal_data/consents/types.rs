//! The object type of consents: data, no logic.

use record_engine::access::{AccessPolicy, Grants};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition};
use record_engine::field_types::{ChoiceSettings, FieldKind, NumberSettings, ReferenceSettings, TextSettings};
use record_engine::write::NoRules;

use super::super::purposes::{PURPOSE_TYPE, bases};
use super::SUBJECT;

/// Name of the object type.
pub const CONSENT_TYPE: &str = "consent";
/// What stays of a consent when its person is erased: what was agreed to and when, and no longer over which phone or from which address.
pub const PROOF_FIELDS: [&str; 11] = [
    "title",
    "purpose",
    "state",
    "text",
    "text_hash",
    "text_version",
    "source",
    "at",
    "basis",
    "review_on",
    "expires_on",
];

/// Consents. Nobody makes, changes or deletes one as a record: [`super::record_consent`] alone writes them.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: CONSENT_TYPE,
        labels: ["Consent", "Согласие", "Згода"],
        labels_plural: ["Consents", "Согласия", "Згоди"],
        icon: "shield-check",
        title_field: "title",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["title", "record", "state", "at"],
        default_sort: "-at",
        membership: None,
        done_by: None,
        part_of: &["record"],
        access: AccessPolicy::fixed(Grants::READ, Grants::READ, Grants::READ),
        rules: &NoRules,
    }
}

fn text(max_length: usize) -> FieldKind {
    FieldKind::Text(TextSettings { max_length })
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    vec![
        field("title", ["Purpose", "Цель", "Мета"], text(200)).required(),
        field("record", ["Contact", "Контакт", "Контакт"], FieldKind::Reference(ReferenceSettings::to(SUBJECT)))
            .required()
            .indexed(),
        field(
            "purpose",
            ["Purpose of processing", "Цель обработки", "Мета обробки"],
            FieldKind::Reference(ReferenceSettings::to(PURPOSE_TYPE)),
        )
        .required()
        .indexed(),
        field("state", ["State", "Состояние", "Стан"], FieldKind::Choice(states())).required().indexed(),
        field("at", ["When", "Когда", "Коли"], FieldKind::DateTime).required().indexed(),
        field("source", ["Source", "Источник", "Джерело"], FieldKind::Choice(sources())).required(),
        field("source_detail", ["Form or document", "Форма или документ", "Форма або документ"], text(1_000)),
        field("channel", ["Phone or e-mail", "Телефон или почта", "Телефон або пошта"], text(300)),
        field("basis", ["Lawful basis", "Правовое основание", "Правова підстава"], FieldKind::Choice(bases())),
        field("expires_on", ["Valid until", "Действует до", "Діє до"], FieldKind::Date).indexed(),
        field("review_on", ["Review on", "Пересмотреть", "Переглянути"], FieldKind::Date).indexed(),
        field("text", ["Text", "Текст", "Текст"], FieldKind::LongText(TextSettings { max_length: 20_000 })).required(),
        field("text_hash", ["Hash of the text", "Хеш текста", "Хеш тексту"], text(64)).required(),
        field(
            "text_version",
            ["Version of the text", "Версия текста", "Версія тексту"],
            FieldKind::Number(NumberSettings::default()),
        )
        .required(),
        field("address", ["Network address", "Сетевой адрес", "Мережева адреса"], text(100)),
        field("user_agent", ["Browser", "Браузер", "Браузер"], text(500)),
        field("remark", ["Remark", "Примечание", "Примітка"], text(500)),
    ]
}

fn states() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("given", ["Given", "Дано", "Надано"], Some("green")),
        ("withdrawn", ["Withdrawn", "Отозвано", "Відкликано"], Some("red")),
    ])
}

fn sources() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("form", ["Web form", "Форма на сайте", "Форма на сайті"], None),
        ("paper", ["On paper", "На бумаге", "На папері"], None),
        ("phone", ["By phone", "По телефону", "Телефоном"], None),
        ("email", ["By e-mail", "По почте", "Поштою"], None),
        ("messenger", ["In a messenger", "В мессенджере", "У месенджері"], None),
        ("in_person", ["In person", "Лично", "Особисто"], None),
        ("other", ["Other", "Другое", "Інше"], None),
    ])
}
