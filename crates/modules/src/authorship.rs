//! Who changes a part of a record: whoever added it.

use record_engine::access::{AccessPolicy, Grants, Rows};

/// Everyone adds to what he sees and changes what he added himself; administrators change all.
pub(crate) fn access() -> AccessPolicy {
    let own = Rows::Matching("created_by = me");
    let author = Grants { change: own, delete: own, create: true, ..Grants::READ };
    let administrator = Grants { change: Rows::All, delete: Rows::All, ..author };
    AccessPolicy::fixed(administrator, author, author)
}
