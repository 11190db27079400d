//! What a colleague who leaves had goes to others: his contacts, his people, whatever refers to him (decision D11). He himself stays, for history keeps his name.
//!
//! What must stay true: every type takes part by its fields alone; everything is one operation, so that one undo gives all of it back; what somebody
//! changed meanwhile is kept. Whoever gets a record that the leaving one followed follows it, too.

use database::{Query, Tx, quote_identifier};
use record_engine::access::Feature;
use record_engine::catalog::{Catalog, USER_TYPE};
use record_engine::engine::Snapshot;
use record_engine::followers;
use record_engine::jobs::{Failure, JobHandler, JobRun, NewJob};
use record_engine::query::load_records;
use record_engine::query::relations::{Relation, relations_to};
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{EngineError, FieldError, Record, RequestContext, Values};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// Kind of the job.
pub const HANDOVER_JOB: &str = "handover";
/// Records of a batch.
const BATCH: usize = 500;
/// Counting ends here.
const CAP: i64 = 10_000;

/// What refers to a user by one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The type whose field it is.
    pub object_type: String,
    /// The field.
    pub field: String,
    /// How many live records, at most ten thousand.
    pub count: i64,
    /// Whether there are more.
    pub is_capped: bool,
}

/// Who gets the records of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heir {
    /// The type whose field it is.
    #[serde(rename = "type")]
    pub object_type: String,
    /// The field.
    pub field: String,
    /// The colleague; nobody where the field is emptied of the one who leaves.
    pub to: Option<i64>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// The one who leaves.
    pub user_id: i64,
    /// Who gets what; what is not named stays.
    pub heirs: Vec<Heir>,
    /// Whether he cannot log in any more afterwards.
    pub deactivates: bool,
}

/// The fields by which records can be handed over. A field that only one record may fill with a user, such as whose card it is, speaks of the person himself.
fn fields(catalog: &Catalog) -> Vec<Relation<'_>> {
    let is_open = |relation: &Relation<'_>| {
        let is_own = relation.field.kind.reference_target().is_some_and(|settings| settings.is_unique);
        !is_own && !relation.field.is_read_only && !relation.field.is_retired
    };
    relations_to(catalog, USER_TYPE).into_iter().filter(is_open).collect()
}

/// Where the user of a relation stands, as SQL over the ids of live records.
fn pointing(relation: Relation<'_>, wanted: &str, rest: &str) -> String {
    let Relation { object_type, field } = relation;
    let table = quote_identifier(object_type.table());
    if field.behaviour().child_table().is_some() {
        let child = object_type.child_table(field);
        format!(
            "SELECT {wanted} FROM {child} c JOIN {table} t ON t.id = c.record_id WHERE c.value = ? AND t.deleted_at IS NULL{rest}"
        )
    } else {
        let column = quote_identifier(&field.column);
        format!("SELECT {wanted} FROM {table} t WHERE t.{column} = ? AND t.deleted_at IS NULL{rest}")
    }
}

/// What refers to a user, by field; fields that nothing fills with him are left out.
///
/// # Errors
/// `Forbidden` for who does not keep the users; those of the database.
pub fn holdings(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    user_id: i64,
) -> Result<Vec<Holding>, EngineError> {
    refuse_all_but_keepers(context)?;
    let mut found = Vec::new();
    for relation in fields(&snapshot.catalog) {
        let rows = pointing(relation, "t.id", &format!(" LIMIT {}", CAP + 1));
        let count = tx.query_one(&format!("SELECT COUNT(*) FROM ({rows}) AS found"), &[user_id.into()])?.integer(0)?;
        if count > 0 {
            found.push(Holding {
                object_type: relation.object_type.name.clone(),
                field: relation.field.name.clone(),
                count: count.min(CAP),
                is_capped: count > CAP,
            });
        }
    }
    Ok(found)
}

/// The job of a handover, to be started by the caller.
///
/// # Errors
/// `Forbidden` for who does not keep the users, `NotFound`, `Invalid` for a field that does not refer to users or an heir who cannot be one.
pub fn prepare(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    handover: &Handover,
) -> Result<NewJob, EngineError> {
    refuse_all_but_keepers(context)?;
    let users = snapshot.object_type(USER_TYPE)?;
    let ids: Vec<i64> =
        handover.heirs.iter().filter_map(|heir| heir.to).chain(std::iter::once(handover.user_id)).collect();
    let known = load_records(tx, &users, &ids, false)?;
    if !known.contains_key(&handover.user_id) {
        return Err(EngineError::NotFound);
    }
    let relations = fields(&snapshot.catalog);
    let mut errors = Vec::new();
    for (place, heir) in handover.heirs.iter().enumerate() {
        if find(&relations, heir).is_none() {
            errors.push(FieldError::new(&format!("heirs/{place}/field"), "unknown_field"));
        }
        let is_fit = |user: &Record| user.value("is_active") == &json!(true) && user.id != handover.user_id;
        if heir.to.is_some_and(|to| !known.get(&to).is_some_and(is_fit)) {
            errors.push(FieldError::new(&format!("heirs/{place}/to"), "not_an_heir"));
        }
    }
    if !errors.is_empty() {
        return Err(EngineError::Invalid(errors));
    }
    let payload = serde_json::to_value(handover).map_err(|error| EngineError::Stored(error.to_string()))?;
    Ok(NewJob { kind: HANDOVER_JOB, payload, total: None })
}

fn refuse_all_but_keepers(context: &RequestContext) -> Result<(), EngineError> {
    if context.may(Feature::Users) { Ok(()) } else { Err(EngineError::Forbidden) }
}

fn find<'c>(relations: &[Relation<'c>], heir: &Heir) -> Option<Relation<'c>> {
    let is_meant =
        |relation: &&Relation<'c>| relation.object_type.name == heir.object_type && relation.field.name == heir.field;
    relations.iter().find(is_meant).copied()
}

/// Where the job stands between batches.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    /// Which of the heirs is being served.
    heir: usize,
    /// Behind which record.
    after: i64,
    is_done: bool,
    changed: i64,
    failed_count: i64,
    operation_id: Option<i64>,
}

/// See the module.
pub struct HandoverJob;

impl JobHandler for HandoverJob {
    fn kind(&self) -> &'static str {
        HANDOVER_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json, EngineError> {
        let handover = Handover::deserialize(run.payload()).map_err(|error| EngineError::Stored(error.to_string()))?;
        let context = run.context();
        let mut position: Position = run.position()?.unwrap_or_default();
        while !position.is_done {
            run.check_cancelled()?;
            let snapshot = run.engine().snapshot();
            position =
                run.engine().write_batch(|tx| step(tx, run, &snapshot, &context, &handover, position.clone()))?;
        }
        report(run, &position)
    }

    fn report_so_far(&self, run: &JobRun<'_>) -> Result<Option<Json>, EngineError> {
        run.position()?.map(|position| report(run, &position)).transpose()
    }
}

fn report(run: &JobRun<'_>, position: &Position) -> Result<Json, EngineError> {
    Ok(json!({
        "changed": position.changed,
        "failed_count": position.failed_count,
        "failed": run.first_failures()?,
        "operation_id": position.operation_id,
    }))
}

/// One batch of one field, or the end: the user himself.
fn step(
    tx: &mut Tx,
    run: &JobRun<'_>,
    snapshot: &Snapshot,
    context: &RequestContext,
    handover: &Handover,
    mut position: Position,
) -> Result<Position, EngineError> {
    let users = snapshot.object_type(USER_TYPE)?;
    let mut operation = match position.operation_id {
        Some(id) => Operation::resume(OperationKind::Bulk, Some(users.id), id),
        None => Operation::new(OperationKind::Bulk, Some(users.id)),
    };
    let relations = fields(&snapshot.catalog);
    let results = match handover.heirs.get(position.heir) {
        Some(heir) => match find(&relations, heir) {
            Some(relation) => {
                let ids = next_ids(tx, relation, handover.user_id, position.after)?;
                match ids.last() {
                    Some(last) => position.after = *last,
                    None => (position.heir, position.after) = (position.heir + 1, 0),
                }
                let records = load_records(tx, relation.object_type, &ids, true)?;
                let change = |record: &Record| hand_over(relation, record, handover.user_id, heir.to);
                let changes: Vec<Change> = records.values().map(change).collect();
                let ids: Vec<i64> = records.keys().copied().collect();
                let writer = snapshot.bulk_writer();
                let results = apply(tx, writer, context, &mut operation, relation.object_type, changes)?;
                if let Some(to) = heir.to {
                    let name = &relation.object_type.name;
                    followers::hand_over(tx, context, name, &ids, (handover.user_id, to))?;
                }
                ids.into_iter().zip(results).collect()
            }
            // The field is gone since the job was asked for.
            None => {
                (position.heir, position.after) = (position.heir + 1, 0);
                Vec::new()
            }
        },
        None => {
            position.is_done = true;
            let mut results = Vec::new();
            if handover.deactivates {
                let values = Values::from([("is_active".to_owned(), json!(false))]);
                let change = Change::Update { id: handover.user_id, base_version: None, values };
                let result = apply(tx, snapshot.writer(), context, &mut operation, &users, vec![change])?;
                results.extend(result.into_iter().map(|result| (handover.user_id, result)));
            }
            results
        }
    };
    let mut failures = Vec::new();
    for (id, result) in results {
        match result {
            Ok(_) => position.changed += 1,
            Err(trouble @ (EngineError::Database(_) | EngineError::Stored(_) | EngineError::File(_))) => {
                return Err(trouble);
            }
            Err(refused) => {
                position.failed_count += 1;
                failures.push(Failure::new(id, &refused));
            }
        }
    }
    run.note_failures(tx, &failures)?;
    if let (None, Some(id)) = (position.operation_id, operation.stored_id()) {
        position.operation_id = Some(id);
        run.set_operation(tx, id)?;
    }
    run.checkpoint(tx, &position, position.changed + position.failed_count)?;
    Ok(position)
}

fn next_ids(tx: &mut Tx, relation: Relation<'_>, user_id: i64, after: i64) -> Result<Vec<i64>, EngineError> {
    let sql = pointing(relation, "t.id", &format!(" AND t.id > ? ORDER BY t.id LIMIT {BATCH}"));
    let rows = tx.query(&sql, &[user_id.into(), after.into()])?;
    rows.iter().map(|row| row.integer(0).map_err(EngineError::from)).collect()
}

/// His place goes to the heir: the first of the managers is the one responsible.
fn hand_over(relation: Relation<'_>, record: &Record, from: i64, to: Option<i64>) -> Change {
    let is_his = |id: &Json| id.as_i64() == Some(from);
    let value = match record.value(&relation.field.name) {
        Json::Array(ids) => {
            let mut after: Vec<Json> = Vec::with_capacity(ids.len());
            for id in ids.iter().filter_map(|id| if is_his(id) { to.map(Json::from) } else { Some(id.clone()) }) {
                if !after.contains(&id) {
                    after.push(id);
                }
            }
            Json::Array(after)
        }
        // An heir of his own people has nobody above him by that.
        id if is_his(id) => {
            to.filter(|to| *to != record.id || relation.object_type.name != USER_TYPE).map_or(Json::Null, Json::from)
        }
        other => other.clone(),
    };
    Change::Update { id: record.id, base_version: None, values: Values::from([(relation.field.name.clone(), value)]) }
}
