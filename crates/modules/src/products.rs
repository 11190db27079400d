//! Products and services that the company sells, and the taxes on them.
//!
//! What must stay true: no two live products have the same SKU, whatever the case of its letters; a price is not negative and stays within
//! [`LARGEST_PRICE`]; a product has two taxes at most, and not the same one twice. Percents and stock are exact decimals.
//!
//! It requires no other module.

mod objects;
mod rules;

pub use objects::{product_type, tax_type};

/// Name of the object type of products.
pub const PRODUCT_TYPE: &str = "product";
/// Name of the object type of taxes.
pub const TAX_TYPE: &str = "tax";
/// Largest price, in hundredths of the major unit of its currency: 99,999,999.99.
pub const LARGEST_PRICE: i64 = 9_999_999_999;
