//! A colleague's rights for somebody else, in one step and one undo: roles, teams and the head.

use std::collections::BTreeSet;

use database::{Query, Tx};
use record_engine::access::Feature;
use record_engine::catalog::{TEAM_TYPE, USER_TYPE};
use record_engine::engine::Snapshot;
use record_engine::query::load_records;
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{EngineError, RequestContext, Values};
use serde_json::{Value as Json, json};

/// Gives `to` the roles, teams and head of `from`, and nothing else of what he had. Answers the operation; `None` when nothing is other than before.
///
/// # Errors
/// `Forbidden` for who does not keep users; `NotFound`; what the records refuse, such as rights beyond the actor's own; those of the database.
pub fn copy_rights(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    to: i64,
    from: i64,
) -> Result<Option<i64>, EngineError> {
    if !context.may(Feature::Users) {
        return Err(EngineError::Forbidden);
    }
    let (users, teams) = (snapshot.object_type(USER_TYPE)?, snapshot.object_type(TEAM_TYPE)?);
    let found = load_records(tx, &users, &[to, from], true)?;
    let model = found.get(&from).ok_or(EngineError::NotFound)?;
    let person = found.get(&to).ok_or(EngineError::NotFound)?;
    let mut operation = Operation::new(OperationKind::Bulk, Some(users.id));
    operation.title = person.value("name").as_str().map(String::from);
    let mut values = Values::from([("roles".to_owned(), model.value("roles").clone())]);
    // His model may report to him.
    if model.value("head").as_i64() != Some(to) {
        values.insert("head".into(), model.value("head").clone());
    }
    let change = Change::Update { id: to, base_version: None, values };
    let mut results = apply(tx, snapshot.writer(), context, &mut operation, &users, vec![change])?;
    let mut changes = Vec::new();
    let ids = teams_with(tx, &[to, from])?;
    for (id, team) in load_records(tx, &teams, &ids.into_iter().collect::<Vec<i64>>(), true)? {
        let mut members: Vec<i64> =
            team.value("members").as_array().into_iter().flatten().filter_map(Json::as_i64).collect();
        let (has, should) = (members.contains(&to), members.contains(&from));
        if has != should {
            members.retain(|member| *member != to);
            members.extend(should.then_some(to));
            let values = Values::from([("members".to_owned(), json!(members))]);
            changes.push(Change::Update { id, base_version: None, values });
        }
    }
    results.extend(apply(tx, snapshot.writer(), context, &mut operation, &teams, changes)?);
    results.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(operation.stored_id())
}

/// The teams of either of two people.
fn teams_with(tx: &mut dyn Query, people: &[i64; 2]) -> Result<BTreeSet<i64>, EngineError> {
    let sql = "SELECT m.record_id FROM team_members m JOIN team t ON t.id = m.record_id WHERE m.value IN (?, ?) AND t.deleted_at IS NULL";
    let rows = tx.query(sql, &people.map(Into::into))?;
    rows.iter().map(|row| row.integer(0).map_err(EngineError::from)).collect()
}
