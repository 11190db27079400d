//! What followers are told, and what of a type is worth telling.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx};
use serde_json::Value as Json;

use super::of_records;
use crate::catalog::{CalendarPart, Field, ObjectType};
use crate::context::RequestContext;
use crate::error::Result;
use crate::field_types::FieldKind;
use crate::notifications::{self, FOLLOWED_CHANGE, Kind, NAMED};
use crate::write::{Intent, Operation, Proposal};

impl ObjectType {
    /// The fields whose changes followers hear of: how far it is, whose it is, by when it has to be done or takes place.
    pub fn told_fields(&self) -> impl Iterator<Item = &Field> {
        self.value_fields().filter(|field| !field.is_retired && self.is_told(field))
    }

    fn is_told(&self, field: &Field) -> bool {
        let has_meaning = matches!(&field.kind, FieldKind::Choice(settings) if !settings.meanings.is_empty());
        let is_owner = self.access().levels.is_some_and(|levels| levels.owner_fields.contains(&field.name.as_str()));
        let declared = self.definition.fields.iter().find(|definition| definition.name == field.name);
        let is_moment = declared.is_some_and(|definition| {
            definition.work.is_some()
                || matches!(definition.in_calendar, Some(CalendarPart::Begins | CalendarPart::Ends))
        });
        has_meaning || is_owner || is_moment
    }

    /// Whether somebody can follow its records: sections of the base that have something to tell.
    pub fn has_followers(&self) -> bool {
        !self.definition.is_system && !self.is_part() && self.told_fields().next().is_some()
    }
}

/// Tells the followers of records of a type what was changed in them: one notification for an operation, with the fields read when it is shown.
pub(crate) fn tell_changes(
    tx: &mut Tx,
    context: &RequestContext,
    operation: &Operation,
    object_type: &ObjectType,
    proposals: &[Proposal<'_>],
) -> Result<()> {
    if context.actor.user_id().is_none() || operation.is_quiet || !object_type.has_followers() {
        return Ok(());
    }
    let told: Vec<&Field> = object_type.told_fields().collect();
    let is_other = |proposal: &&Proposal<'_>| {
        let Some(before) = proposal.before.filter(|before| before.deleted_at.is_none()) else { return false };
        let after = |name: &str| proposal.after.get(name).unwrap_or(&Json::Null);
        proposal.intent == Intent::Update && told.iter().any(|field| before.value(&field.name) != after(&field.name))
    };
    let changed: Vec<i64> = proposals.iter().filter(is_other).filter_map(|proposal| proposal.id).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let followed = of_records(tx, &object_type.name, &changed)?;
    tell(tx, context, operation, &FOLLOWED_CHANGE, &object_type.name, followed)
}

/// Tells followers of what an operation did to records of a type, which for each, but for who is told of the same in another way.
///
/// # Errors
/// Those of the database.
pub fn tell(
    tx: &mut Tx,
    context: &RequestContext,
    operation: &Operation,
    kind: &'static Kind,
    object_type: &str,
    mut followed: BTreeMap<i64, Vec<i64>>,
) -> Result<()> {
    let Some(operation_id) = operation.stored_id().filter(|_| !followed.is_empty()) else { return Ok(()) };
    let mut heard = heard(tx, operation_id, object_type, kind, false)?;
    if let Some(undone) = operation.undone_id(tx)? {
        // What he was told of the undone doing and has not read goes; that it was there and went is no news.
        heard.extend(self::heard(tx, undone, object_type, kind, true)?);
    }
    followed.retain(|user_id, ids| {
        ids.retain(|id| !heard.contains(&(*user_id, Some(*id))) && !heard.contains(&(*user_id, None)));
        !ids.is_empty()
    });
    notifications::file(tx, context, operation, kind, object_type, followed)
}

/// Who is told of which records by an operation in another way; `None` where so many that they are not named.
fn heard(
    tx: &mut dyn Query,
    operation_id: i64,
    object_type: &str,
    kind: &Kind,
    only_unread: bool,
) -> Result<BTreeSet<(i64, Option<i64>)>> {
    let unread = if only_unread { " AND n.read_at IS NULL" } else { "" };
    let sql = format!(
        "SELECT n.user_id, r.record_id, n.record_count FROM notifications n \
         JOIN notification_records r ON r.notification_id = n.id WHERE n.operation_id = ? AND n.object_type = ? AND n.kind <> ?{unread}"
    );
    let mut heard = BTreeSet::new();
    for row in tx.query(&sql, &[operation_id.into(), object_type.into(), kind.key.into()])? {
        let is_named = usize::try_from(row.integer(2)?).is_ok_and(|count| count <= NAMED);
        heard.insert((row.integer(0)?, is_named.then_some(row.integer(1)?)));
    }
    Ok(heard)
}
