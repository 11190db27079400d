//! The fields of a line as data.

use record_engine::access::{AccessPolicy, Grants, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition};
use record_engine::field_types::{FieldKind, MoneySettings, NumberSettings, ReferenceSettings, TextSettings};

use super::rules::LineRules;
use super::{DISCOUNT_PLACES, LINE_TYPE, QUANTITY_PLACES, TAX_PLACES};

/// Longest name, in characters: that of a product.
const NAME_LENGTH: usize = 300;
/// Longest unit.
const UNIT_LENGTH: usize = 40;
/// Most of one thing.
const MOST: f64 = 999_999_999.0;

/// The object type.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: LINE_TYPE,
        labels: ["Line", "Позиция", "Позиція"],
        labels_plural: ["Lines", "Позиции", "Позиції"],
        icon: "package",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["name", "quantity", "unit", "price", "discount", "total"],
        default_sort: "id",
        membership: None,
        done_by: None,
        part_of: &["deal", "sales_order"],
        access: access(),
        rules: &LineRules,
    }
}

/// Who sees the whole sees its lines; the rules ask who may change the whole.
pub(crate) fn access() -> AccessPolicy {
    let all = Grants { change: Rows::All, delete: Rows::All, create: true, export: false, ..Grants::READ };
    AccessPolicy::fixed(Grants::ALL, Grants { export: true, ..all }, all)
}

#[expect(clippy::cast_possible_truncation, reason = "a few places")]
fn exact(places: u32, maximum: f64) -> FieldKind {
    FieldKind::Number(NumberSettings::exact(places as u8, 0.0, maximum))
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let to = |target: &str| FieldKind::Reference(ReferenceSettings::to(target));
    let in_use = |target: &str| {
        FieldKind::Reference(ReferenceSettings {
            target_filter: Some("is_active = true".into()),
            ..ReferenceSettings::to(target)
        })
    };
    let text = |max_length: usize| FieldKind::Text(TextSettings { max_length });
    let money = || FieldKind::Money(MoneySettings::default());
    let included = ["Included in the price", "Включён в цену", "Включено в ціну"];
    vec![
        field("deal", ["Deal", "Сделка", "Угода"], to("deal")).indexed(),
        field("sales_order", ["Order", "Заказ", "Замовлення"], to("order")).indexed(),
        field("product", ["Product", "Товар", "Товар"], in_use("product")).indexed(),
        field("name", ["Name", "Название", "Назва"], text(NAME_LENGTH)).required().searched(),
        field("quantity", ["Quantity", "Количество", "Кількість"], exact(QUANTITY_PLACES, MOST)).required().default(1),
        field("unit", ["Unit", "Единица", "Одиниця"], text(UNIT_LENGTH)),
        field("price", ["Price", "Цена", "Ціна"], FieldKind::Money(MoneySettings::price())).required(),
        field("discount", ["Discount, %", "Скидка, %", "Знижка, %"], exact(DISCOUNT_PLACES, 100.0)),
        field("tax", ["Tax", "Налог", "Податок"], in_use("tax")),
        field("second_tax", ["Second tax", "Второй налог", "Другий податок"], in_use("tax")),
        field("tax_percent", ["Tax, %", "Налог, %", "Податок, %"], exact(TAX_PLACES, 100.0)).read_only(),
        field("tax_is_included", included, FieldKind::Checkbox).read_only(),
        field(
            "second_tax_percent",
            ["Second tax, %", "Второй налог, %", "Другий податок, %"],
            exact(TAX_PLACES, 100.0),
        )
        .read_only(),
        field("second_tax_is_included", included, FieldKind::Checkbox).read_only(),
        field("amount", ["Amount", "Сумма", "Сума"], money()).read_only(),
        field("tax_amount", ["Tax amount", "Сумма налога", "Сума податку"], money()).read_only(),
        field("second_tax_amount", ["Second tax amount", "Сумма второго налога", "Сума другого податку"], money())
            .read_only(),
        field("total", ["Total", "Всего", "Разом"], money()).read_only(),
    ]
}
