//! The catalogue of a demo base, and orders of what was sold last.

use demo_data::catalogue;
use modules::lines::LINE_TYPE;
use modules::orders::ORDER_TYPE;
use modules::products::{PRODUCT_TYPE, TAX_TYPE};
use record_engine::Engine;
use record_engine::context::instant_text;
use serde_json::{Value as Json, json};

use super::labels::create;
use super::load::{DAY_MS, context_of};
use crate::Result;

/// How many days after a deal came it is ordered.
const DAYS_UNTIL_ORDER: u32 = 2;

/// A deal that was won.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sold {
    pub deal: i64,
    pub contact: i64,
    /// Who answers for it.
    pub user: i64,
    /// Of one piece, in hryvnias; it tells what was sold.
    pub price: u64,
    pub count: u64,
    /// How many days ago the deal came.
    pub days_ago: u32,
}

/// Makes the catalogue, and an order of each of these deals; answers how many records that are.
///
/// # Errors
/// Those of the engine; what breaks a rule is a defect of the demo data.
pub(super) fn create_orders(engine: &Engine, today_ms: i64, sold: &[Sold]) -> Result<u64> {
    let Some(first) = sold.first() else { return Ok(0) };
    let context = context_of(engine, today_ms, first.user, -i64::from(first.days_ago));
    let rate = vec![("name", json!("ПДВ")), ("percent", json!(20)), ("is_included", json!(true))];
    let tax = create(engine, &context, TAX_TYPE, rate)?;
    let mut products = Vec::new();
    for (place, goods) in (1..).zip(catalogue()) {
        let values = vec![
            ("name", json!(goods.name)),
            ("sku", json!(format!("BM-{place:02}"))),
            ("category", json!("goods")),
            ("price", hryvnias(goods.price)),
            ("unit", json!(unit(goods.unit))),
            ("tax", json!(tax)),
        ];
        products.push((goods.price, create(engine, &context, PRODUCT_TYPE, values)?));
    }
    let mut made = 1 + products.len() as u64;
    for (place, one) in sold.iter().enumerate() {
        let age = one.days_ago.saturating_sub(DAYS_UNTIL_ORDER);
        let context = context_of(engine, today_ms, one.user, -i64::from(age));
        let status = match age {
            _ if place % 9 == 4 => "refused",
            0..2 => "new",
            2..7 => "confirmed",
            7..14 => "shipped",
            _ => "closed",
        };
        let day: String = instant_text(today_ms - i64::from(age) * DAY_MS).chars().take(10).collect();
        let values = vec![
            ("contact", json!(one.contact)),
            ("deal", json!(one.deal)),
            ("status", json!(status)),
            ("refusal_reason", if status == "refused" { json!("delivery") } else { Json::Null }),
            ("ordered_on", json!(day)),
            ("responsible", json!(one.user)),
        ];
        let order = create(engine, &context, ORDER_TYPE, values)?;
        let product = products.iter().find(|(price, _)| *price == one.price).map(|(_, id)| *id);
        let line = vec![("sales_order", json!(order)), ("product", json!(product)), ("quantity", json!(one.count))];
        create(engine, &context, LINE_TYPE, line)?;
        made += 2;
    }
    Ok(made)
}

fn hryvnias(amount: u64) -> Json {
    json!({ "amount": amount * 100, "currency": "UAH" })
}

/// The key of what goods are counted in.
fn unit(of: &str) -> &'static str {
    match of {
        "м²" => "m2",
        "м³" => "m3",
        "т" => "t",
        "шт." => "piece",
        _ => "pack",
    }
}
