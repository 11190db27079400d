//! An order of what stands in a deal.

use database::{Query, Tx};
use record_engine::RequestContext;
use record_engine::access::Action;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::query;
use record_engine::record::Values;
use record_engine::write::{Change, Operation, OperationKind, apply};
use serde_json::json;

use super::objects::ORDER_TYPE;
use crate::deals::DEAL_TYPE;
use crate::lines::LINE_TYPE;
use crate::sharing;

/// What an order takes over from its deal: the client, and who sees it, so that it tells nobody of a restricted deal.
const TAKEN: [&str; 1] = ["contact"];
/// What a line of the order takes over from that of the deal. Percents are copied, so that both come to the same.
const OF_LINES: [&str; 12] = [
    "product",
    "name",
    "quantity",
    "unit",
    "price",
    "discount",
    "tax",
    "tax_percent",
    "tax_is_included",
    "second_tax",
    "second_tax_percent",
    "second_tax_is_included",
];

/// An order that was made, and the operation that takes it back.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// The order.
    pub order_id: i64,
    /// The operation.
    pub operation_id: Option<i64>,
}

/// Makes an order of a deal with copies of its lines, in one operation.
///
/// # Errors
/// `NotFound` for a deal that the actor does not see, `Forbidden` when he may make no orders or lines, `Invalid` for a deal without a client.
pub fn from_deal(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, deal_id: i64) -> Result<Made> {
    let (deals, orders) = (snapshot.object_type(DEAL_TYPE)?, snapshot.object_type(ORDER_TYPE)?);
    let lines = snapshot.object_type(LINE_TYPE)?;
    let deal = query::get(tx, context, &deals, deal_id)?.ok_or(EngineError::NotFound)?;
    if !context.permissions(&lines).may(Action::Create) {
        return Err(EngineError::Forbidden);
    }
    if deal.value("contact").is_null() {
        return Err(EngineError::field(FieldError::new("contact", "required")));
    }
    let taken = TAKEN.iter().chain(&sharing::FIELDS);
    let mut values: Values = taken
        .map(|field| ((*field).to_owned(), deal.value(field).clone()))
        .filter(|(_, value)| !value.is_null())
        .collect();
    values.insert("deal".into(), json!(deal_id));
    let mut operation = Operation::new(OperationKind::Create, Some(orders.id));
    let made = apply(tx, snapshot.writer(), context, &mut operation, &orders, vec![Change::Create { values }])?;
    let order_id = made.into_iter().next().unwrap_or(Err(EngineError::NotFound))?.id();

    let sql = format!("SELECT id FROM {LINE_TYPE} WHERE deal = ? AND deleted_at IS NULL ORDER BY id");
    let ids = tx.query(&sql, &[deal_id.into()])?.iter().map(|row| Ok(row.integer(0)?)).collect::<Result<Vec<i64>>>()?;
    let copies: Vec<Change> = query::get_many(tx, context, &lines, &ids)?
        .into_iter()
        .map(|line| {
            let copied = OF_LINES.iter().map(|field| ((*field).to_owned(), line.value(field).clone()));
            let mut values: Values = copied.filter(|(_, value)| !value.is_null()).collect();
            values.insert("sales_order".into(), json!(order_id));
            Change::Create { values }
        })
        .collect();
    if !copies.is_empty() {
        // The percents are no input of his; the right to make lines was asked above, and the order is his own.
        for copy in apply(tx, snapshot.trusted_writer(), context, &mut operation, &lines, copies)? {
            copy?;
        }
    }
    Ok(Made { order_id, operation_id: operation.stored_id() })
}
