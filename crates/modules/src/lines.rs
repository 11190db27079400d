//! Lines of products: what is sold in a deal or an order, how many of it, at what price, less which discount, with which taxes.
//!
//! What must stay true: a line takes name, unit, price and taxes of its product as they are when it is chosen, and keeps them whatever becomes of the
//! product. All lines of a whole are in one currency; a price in another one is counted over by the rate of the day, and without a rate it is refused, never
//! taken one to one. Every amount is a whole number of minor units, rounded once (decision 0042). What the lines come to stands in their whole, written in
//! the operation that changed them. Only who may change the whole changes its lines.
//!
//! It requires `currencies` for rates, `whole` for the rights and `products` for what is sold and taxed; deals and orders are referred to by the names of
//! their types.

mod amounts;
mod completion;
mod objects;
mod rules;

pub use amounts::{Amounts, Tax, Terms, amounts};
pub(crate) use objects::access as part_access;
pub use objects::object_type;

use crate::whole::WholeField;

/// Name of the object type.
pub const LINE_TYPE: &str = "line_item";
/// What lines may belong to.
pub(crate) const WHOLES: [WholeField; 2] = [("deal", "deal"), ("sales_order", "order")];
/// The field of a whole that says what its lines come to, taxes among it.
pub const TOTAL_FIELD: &str = "lines_total";
/// Decimal places of a quantity.
pub(crate) const QUANTITY_PLACES: u32 = 3;
/// Decimal places of a discount in percent.
pub(crate) const DISCOUNT_PLACES: u32 = 2;
/// Decimal places of a tax in percent.
pub(crate) const TAX_PLACES: u32 = 4;
