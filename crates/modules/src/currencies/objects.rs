//! Currencies and rates as data.

use record_engine::access::{AccessPolicy, Feature, Grants, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition};
use record_engine::field_types::{FieldKind, NumberSettings, ReferenceSettings, TextSettings};

use super::rules::{CurrencyRules, RateRules};
use super::{CURRENCY_TYPE, RATE_TYPE};

/// Decimal places of a rate.
pub(super) const RATE_PLACES: u8 = 6;
/// Smallest rate: one of its last place.
const SMALLEST_RATE: f64 = 0.000_001;
/// Largest rate: with its places it has fifteen digits.
const LARGEST_RATE: f64 = 999_999_999.0;
/// A rate is of so many units at most.
const LARGEST_UNITS: f64 = 1_000_000.0;

fn text(max_length: usize) -> FieldKind {
    FieldKind::Text(TextSettings { max_length })
}

/// Everybody reads; who keeps the settings of the company keeps them.
fn access(keeper: Grants) -> AccessPolicy {
    AccessPolicy {
        by_feature: Some((Feature::Company, keeper)),
        ..AccessPolicy::fixed(keeper, Grants::READ, Grants::READ)
    }
}

/// Currencies.
pub fn currency_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    ObjectTypeDefinition {
        name: CURRENCY_TYPE,
        labels: ["Currency", "Валюта", "Валюта"],
        labels_plural: ["Currencies", "Валюты", "Валюти"],
        icon: "coins",
        title_field: "code",
        is_importable: false,
        is_system: true,
        fields: vec![
            field("code", ["Code", "Код", "Код"], text(3)).required().indexed().searched(),
            field("name", ["Name", "Название", "Назва"], text(100)).searched(),
            field("symbol", ["Sign", "Знак", "Знак"], text(10)),
            field(
                "minor_units",
                ["Decimal places", "Знаков после запятой", "Знаків після коми"],
                FieldKind::Number(NumberSettings::default()),
            )
            .read_only(),
            field("is_active", ["In use", "Используется", "Використовується"], FieldKind::Checkbox).default(true),
        ],
        sections: Vec::new(),
        default_columns: &["code", "name", "symbol", "minor_units", "is_active"],
        default_sort: "code",
        membership: None,
        part_of: &[],
        done_by: None,
        access: access(Grants { delete: Rows::Nothing, export: false, ..Grants::ALL }),
        rules: &CurrencyRules,
    }
}

/// Rates: what some units of a currency cost in another on a day, and until the next rate.
pub fn rate_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    ObjectTypeDefinition {
        name: RATE_TYPE,
        labels: ["Exchange rate", "Курс валюты", "Курс валюти"],
        labels_plural: ["Exchange rates", "Курсы валют", "Курси валют"],
        icon: "coins",
        title_field: "title",
        is_importable: true,
        is_system: true,
        fields: vec![
            field("title", ["Rate as text", "Курс текстом", "Курс текстом"], text(120)).read_only(),
            field(
                "currency",
                ["Currency", "Валюта", "Валюта"],
                FieldKind::Reference(ReferenceSettings::to(CURRENCY_TYPE)),
            )
            .required()
            .indexed(),
            field("date", ["Date", "Дата", "Дата"], FieldKind::Date).required().indexed(),
            field(
                "rate",
                ["Rate", "Курс", "Курс"],
                FieldKind::Number(NumberSettings::exact(RATE_PLACES, SMALLEST_RATE, LARGEST_RATE)),
            )
            .required(),
            field(
                "units",
                ["For how many units", "За сколько единиц", "За скільки одиниць"],
                FieldKind::Number(NumberSettings::exact(0, 1.0, LARGEST_UNITS)),
            )
            .required()
            .default(1),
            field("base", ["In the currency", "В валюте", "У валюті"], text(3)).read_only(),
        ],
        sections: Vec::new(),
        default_columns: &["currency", "date", "rate", "units", "base"],
        default_sort: "-date",
        membership: None,
        part_of: &[],
        done_by: None,
        access: access(Grants::ALL),
        rules: &RateRules,
    }
}
