//! The read path: pages, single records, counts and search, all through a [`crate::access::Scope`].
//!
//! What must stay true: lists never count and never skip; a page costs what the page holds. Dynamic SQL is made here and nowhere else.

pub(crate) mod areas;
mod as_of;
pub mod board;
pub mod busy;
pub mod calendar;
pub mod compile;
pub mod conditions;
pub mod count;
pub mod explain;
mod forgiving;
pub mod load;
pub mod lookup;
pub mod map;
pub mod page;
pub mod present;
pub mod relations;
pub mod search;
pub mod statistics;
pub mod sums;
pub mod timeline;
pub mod visible;
pub mod work;

pub use as_of::{check_past, count_as_of, list_as_of, record_as_of};
pub use compile::Predicate;
pub use count::{Count, count, count_many};
pub use explain::{SetByRule, explain_filter, sets_by_rule};
pub use load::{get, get_many, get_whole, load_records};
pub use lookup::{ChannelHolder, TrashedHolder, channel_holders, ids_by_text, trashed_holders};
pub use page::{ListQuery, Page, Sort, check_names, list, list_whole};
pub use present::present;
pub use search::{Found, search};
pub use sums::{Amounts, Figure, Figures, Shown, Summed, check_pivot, figures, pivot, sum};
pub use visible::{admitted, lost_ids, standing, visible_ids};
