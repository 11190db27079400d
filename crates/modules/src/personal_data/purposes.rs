//! Purposes of processing: what consents are asked for, with the text that people consent to. A change of the text is a new version of it.
//!
//! What must stay true: version and hash follow from the text alone; nobody types them. A purpose is never deleted, for consents name it; it is
//! put out of use.

use record_engine::access::{AccessPolicy, Feature, Grants, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition};
use record_engine::error::FieldError;
use record_engine::field_types::{ChoiceSettings, FieldKind, NumberSettings, TextSettings};
use record_engine::files::FileStore;
use record_engine::record::Values;
use record_engine::write::{Occasion, Rules};
use serde_json::{Value as Json, json};

/// Name of the object type.
pub const PURPOSE_TYPE: &str = "processing_purpose";
/// Longest text, in characters: a consent of its own, on paper two pages.
const TEXT_LENGTH: usize = 20_000;
/// A consent holds at most so long, in months.
const MAX_MONTHS: f64 = 1_200.0;

struct PurposeRules;

/// Purposes.
pub fn object_type() -> ObjectTypeDefinition {
    let keeper = Grants { delete: Rows::Nothing, export: false, ..Grants::ALL };
    ObjectTypeDefinition {
        name: PURPOSE_TYPE,
        labels: ["Purpose of processing", "Цель обработки", "Мета обробки"],
        labels_plural: ["Purposes of processing", "Цели обработки", "Цілі обробки"],
        icon: "shield-check",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["name", "text_version", "is_active"],
        default_sort: "name",
        membership: None,
        done_by: None,
        part_of: &[],
        access: AccessPolicy {
            by_feature: Some((Feature::PersonalData, keeper)),
            ..AccessPolicy::fixed(keeper, Grants::READ, Grants::READ)
        },
        rules: &PurposeRules,
    }
}

/// The grounds of the law on which data is processed.
pub(super) fn bases() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("consent", ["Consent", "Согласие", "Згода"], None),
        ("contract", ["Contract", "Договор", "Договір"], None),
        ("law", ["Legal obligation", "Требование закона", "Вимога закону"], None),
        ("interest", ["Legitimate interest", "Законный интерес", "Законний інтерес"], None),
    ])
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let number = || FieldKind::Number(NumberSettings::default());
    let months = FieldKind::Number(NumberSettings {
        minimum: Some(1.0),
        maximum: Some(MAX_MONTHS),
        ..NumberSettings::default()
    });
    vec![
        field("name", ["Name", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: 200 }))
            .required()
            .indexed(),
        field(
            "text",
            ["Text of the consent", "Текст согласия", "Текст згоди"],
            FieldKind::LongText(TextSettings { max_length: TEXT_LENGTH }),
        )
        .required(),
        field("text_version", ["Version", "Версия", "Версія"], number()).read_only(),
        field(
            "text_hash",
            ["Hash of the text", "Хеш текста", "Хеш тексту"],
            FieldKind::Text(TextSettings { max_length: 64 }),
        )
        .read_only(),
        field("basis", ["Lawful basis", "Правовое основание", "Правова підстава"], FieldKind::Choice(bases()))
            .required()
            .default("consent"),
        field("months", ["Valid for, months", "Действует, месяцев", "Діє, місяців"], months),
        field("is_active", ["In use", "Используется", "Використовується"], FieldKind::Checkbox).default(true),
    ]
}

impl Rules for PurposeRules {
    fn apply(&self, _: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let text = after.get("text").and_then(Json::as_str).unwrap_or_default();
        let is_new_text = before.is_none_or(|before| before.get("text") != after.get("text"));
        if is_new_text {
            let hash = FileStore::hash_of(text.as_bytes());
            let version =
                before.and_then(|before| before.get("text_version")).and_then(Json::as_i64).unwrap_or_default();
            after.insert("text_hash".into(), json!(hash));
            after.insert("text_version".into(), json!(version + 1));
        }
        Vec::new()
    }
}
