//! Fields that one writes in some records of a type and not in others: with whom a record is shared, and whose it is.

use super::{Action, Scope};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::Result;
use crate::record::Record;

/// See the module.
pub(crate) struct Locks {
    share: Scope,
    owned: Scope,
}

impl Locks {
    /// Those of a request.
    ///
    /// # Errors
    /// As of [`Scope::of`].
    pub fn of(context: &RequestContext, object_type: &ObjectType) -> Result<Locks> {
        Ok(Locks {
            share: Scope::of(context, object_type, Action::Share)?,
            owned: Scope::of_owned(context, object_type),
        })
    }

    /// The fields of a stored record that the actor leaves as they are; `None` for a record to be, whose maker owns it.
    pub fn fields(&self, object_type: &ObjectType, record: Option<&Record>) -> Vec<&'static str> {
        let Some(levels) = object_type.access().levels else { return Vec::new() };
        let (may_share, may_give) = match record {
            Some(record) => (self.share.admits(object_type, record), self.owned.admits(object_type, record)),
            None => (self.share.permissions.may(Action::Share), true),
        };
        let unless = |is_open: bool, fields: &'static [&'static str]| if is_open { &[][..] } else { fields };
        [unless(may_share, levels.sharing_fields), unless(may_give, levels.owner_fields)].concat()
    }
}
