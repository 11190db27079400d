//! What one follows, in the filters of lists: `followers has me`.
//!
//! What must stay true:
//! - it is no field: no value of a record, nothing that a rule, a smart group, a webhook or a form could ask ([`crate::access::compile`] does not know it);
//! - only the reader himself is asked for: who else follows a record depends on who sees it now, and is answered for one record ([`super::list`]).

use std::collections::BTreeSet;

use database::Query;
use filter_language::{CheckedExpr, Condition, FieldPath, FieldType, FieldValue, Literal, Operator, Row, Schema};

use super::of_records;
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::query::conditions::{EntryIndex, Leaf, entry};
use crate::record::TypedRecord;

/// What those who follow a record are called in filters.
const NAME: &str = "followers";

/// The fields of a type and, where it has followers, these.
pub(crate) struct Asked<'a>(pub &'a ObjectType);

impl Schema for Asked<'_> {
    fn field_type(&self, path: &FieldPath) -> Option<FieldType> {
        self.0.field_type(path).or_else(|| is_meant(self.0, path).then_some(FieldType::ReferenceSet))
    }
}

/// A field of that name, which an administrator may have made, is a field.
fn is_meant(object_type: &ObjectType, path: &FieldPath) -> bool {
    path.field == NAME && path.part.is_none() && object_type.field(NAME).is_none() && object_type.has_followers()
}

fn conditions<'e>(object_type: &ObjectType, filter: &'e CheckedExpr) -> Vec<&'e Condition> {
    filter.expr().conditions().into_iter().filter(|condition| is_meant(object_type, &condition.field)).collect()
}

/// Whether a filter asks for what somebody follows.
pub(crate) fn is_asked(object_type: &ObjectType, filter: &CheckedExpr) -> bool {
    !conditions(object_type, filter).is_empty()
}

/// Refuses to ask for the followers in any other way than `has me`. The filter is not resolved yet.
///
/// # Errors
/// `Filter`.
pub(crate) fn check(object_type: &ObjectType, filter: &CheckedExpr) -> Result<()> {
    let is_own = |condition: &&Condition| {
        condition.operator == Operator::Has && condition.literals().iter().all(|value| *value == Literal::Me)
    };
    match conditions(object_type, filter).iter().all(is_own) {
        true => Ok(()),
        false => Err(EngineError::Filter(format!("of {NAME} only `{NAME} has me` can be asked"))),
    }
}

/// The condition in SQL; `None` for one that asks something else.
pub(crate) fn leaf(object_type: &ObjectType, condition: &Condition) -> Option<Leaf> {
    if !is_meant(object_type, &condition.field) {
        return None;
    }
    let mut asked = entry("c.user_id", condition.operator, condition.literals());
    asked.push(" AND c.object_type = ? AND c.is_following = 1");
    asked.params.push(object_type.name.clone().into());
    Some(Leaf::Child {
        table: "record_followers".into(),
        condition: asked,
        index: EntryIndex::Plain,
        is_negated: false,
        is_by_record: false,
    })
}

/// Which of some records the reader follows, for filters over records that are read already.
pub(crate) struct Followed {
    reader: Option<i64>,
    ids: BTreeSet<i64>,
}

impl Followed {
    /// Those of `ids`; nothing is read for a filter that does not ask.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(
        tx: &mut dyn Query,
        context: &RequestContext,
        object_type: &ObjectType,
        filter: &CheckedExpr,
        ids: &[i64],
    ) -> Result<Followed> {
        let reader = context.actor.user_id().filter(|_| is_asked(object_type, filter));
        let ids = match reader {
            Some(reader) => of_records(tx, &object_type.name, ids)?.remove(&reader).unwrap_or_default(),
            None => Vec::new(),
        };
        Ok(Followed { reader, ids: ids.into_iter().collect() })
    }

    /// A record as such a filter sees it.
    pub fn row<'a>(&self, row: TypedRecord<'a>) -> FollowedRecord<'a> {
        let follower = self.reader.filter(|_| self.ids.contains(&row.record.id));
        FollowedRecord { row, follower }
    }
}

/// A record with whether its reader follows it.
pub(crate) struct FollowedRecord<'a> {
    row: TypedRecord<'a>,
    follower: Option<i64>,
}

impl Row for FollowedRecord<'_> {
    fn value(&self, path: &FieldPath) -> FieldValue {
        match self.follower {
            Some(id) if is_meant(self.row.object_type, path) => FieldValue::ReferenceSet(vec![id]),
            _ => self.row.value(path),
        }
    }
}
