//! Products and taxes as data.

use record_engine::access::{AccessPolicy, Grants, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition};
use record_engine::field_types::{
    ChoiceSettings, FieldKind, FileSettings, MoneySettings, NumberSettings, ReferenceSettings, TextSettings,
};
use record_engine::pictures::PictureBox;
use record_engine::write::NoRules;

use super::rules::ProductRules;
use super::{PRODUCT_TYPE, TAX_TYPE};

/// Largest file that a photo is made of, in bytes.
const PHOTO_BYTES: u64 = 1024 * 1024;
/// What photos are made to fit into, in pixels.
const PHOTO_BOX: PictureBox = PictureBox::within(400, 400);
/// Most in stock.
const MOST_STOCK: f64 = 999_999_999.0;

fn text(max_length: usize) -> FieldKind {
    FieldKind::Text(TextSettings { max_length })
}

/// Everybody reads; supervisors and administrators keep them.
fn access() -> AccessPolicy {
    let keeper = Grants { change: Rows::All, delete: Rows::All, create: true, export: true, ..Grants::READ };
    AccessPolicy::fixed(Grants::ALL, keeper, Grants::READ)
}

/// Taxes.
pub fn tax_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    ObjectTypeDefinition {
        name: TAX_TYPE,
        labels: ["Tax", "Налог", "Податок"],
        labels_plural: ["Taxes", "Налоги", "Податки"],
        icon: "receipt-tax",
        title_field: "name",
        is_importable: true,
        is_system: true,
        fields: vec![
            field("name", ["Name", "Название", "Назва"], text(100)).required().indexed().searched(),
            field(
                "percent",
                ["Percent", "Процент", "Відсоток"],
                FieldKind::Number(NumberSettings::exact(4, 0.0, 100.0)),
            )
            .required(),
            field("is_included", ["Included in the price", "Включён в цену", "Включено в ціну"], FieldKind::Checkbox),
            field("is_active", ["In use", "Используется", "Використовується"], FieldKind::Checkbox).default(true),
            field(
                "description",
                ["Description", "Описание", "Опис"],
                FieldKind::LongText(TextSettings { max_length: 2_000 }),
            ),
        ],
        sections: Vec::new(),
        default_columns: &["name", "percent", "is_included", "is_active"],
        default_sort: "name",
        membership: None,
        part_of: &[],
        done_by: None,
        access: access(),
        rules: &NoRules,
    }
}

/// Products and services.
pub fn product_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: PRODUCT_TYPE,
        labels: ["Product", "Товар", "Товар"],
        labels_plural: ["Products", "Товары и услуги", "Товари й послуги"],
        icon: "package",
        title_field: "name",
        is_importable: true,
        is_system: false,
        fields: product_fields(),
        sections: Vec::new(),
        default_columns: &["name", "sku", "category", "price", "unit", "stock", "is_active"],
        default_sort: "name",
        membership: None,
        part_of: &[],
        done_by: None,
        access: access(),
        rules: &ProductRules,
    }
}

fn product_fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let tax = || {
        FieldKind::Reference(ReferenceSettings {
            target_filter: Some("is_active = true".into()),
            ..ReferenceSettings::to(TAX_TYPE)
        })
    };
    vec![
        field("name", ["Name", "Название", "Назва"], text(300)).group("name").required().indexed().searched(),
        field("sku", ["SKU", "Артикул", "Артикул"], text(60)).indexed().searched(),
        field("photo", ["Photo", "Фото", "Фото"], FieldKind::File(FileSettings::picture(PHOTO_BYTES, PHOTO_BOX)))
            .group("name"),
        field("category", ["Category", "Категория", "Категорія"], FieldKind::Choice(categories())).indexed(),
        field("price", ["Price", "Цена", "Ціна"], FieldKind::Money(MoneySettings::price())).indexed(),
        field("unit", ["Unit", "Единица", "Одиниця"], FieldKind::Choice(units())).default("piece"),
        field("tax", ["Tax", "Налог", "Податок"], tax()),
        field("second_tax", ["Second tax", "Второй налог", "Другий податок"], tax()).shown_if("tax is not empty"),
        field("tracks_stock", ["Track stock", "Вести остаток", "Вести залишок"], FieldKind::Checkbox),
        field(
            "stock",
            ["In stock", "Остаток", "Залишок"],
            FieldKind::Number(NumberSettings::exact(3, -MOST_STOCK, MOST_STOCK)),
        )
        .shown_if("tracks_stock = true"),
        field("is_active", ["In use", "Используется", "Використовується"], FieldKind::Checkbox).indexed().default(true),
        field(
            "description",
            ["Description", "Описание", "Опис"],
            FieldKind::LongText(TextSettings { max_length: 10_000 }),
        )
        .group("details")
        .searched(),
    ]
}

fn categories() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("goods", ["Goods", "Товары", "Товари"], Some("blue")),
        ("service", ["Services", "Услуги", "Послуги"], Some("green")),
        ("work", ["Works", "Работы", "Роботи"], Some("amber")),
        ("licence", ["Licences", "Лицензии", "Ліцензії"], Some("purple")),
    ])
}

fn units() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("piece", ["pc", "шт.", "шт."], None),
        ("set", ["set", "компл.", "компл."], None),
        ("pack", ["pack", "уп.", "уп."], None),
        ("hour", ["hour", "час", "год."], None),
        ("day", ["day", "день", "день"], None),
        ("month", ["month", "месяц", "місяць"], None),
        ("service", ["service", "услуга", "послуга"], None),
        ("kg", ["kg", "кг", "кг"], None),
        ("t", ["t", "т", "т"], None),
        ("l", ["l", "л", "л"], None),
        ("m", ["m", "м", "м"], None),
        ("m2", ["m²", "м²", "м²"], None),
        ("m3", ["m³", "м³", "м³"], None),
    ])
}
