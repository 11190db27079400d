//! Jobs: slow work with progress, cancel, and resume after the process died.
//!
//! A job is a row. A worker claims it for a short lease, does it in batches, and moves the job's position in the same transaction as each
//! batch ([`JobRun::checkpoint`]), so that a job killed anywhere goes on where its last durable batch ended. A worker that lost its lease
//! cannot checkpoint, so two never work on one job.

mod failures;
mod worker;

use database::{Backend, Query, Row, Tx, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

pub use failures::{Failure, MAX_LISTED, read_failures, remove_old_failures};
pub use worker::{JobHandler, JobRun, Workers, is_alive, owner_name, run_now};

use crate::access::Feature;
use crate::catalog::{Catalog, USER_TYPE};
use crate::context::{RequestContext, instant_text};
use crate::error::{EngineError, Result};
use crate::outbox;
use crate::query::present::{References, Titles};

/// How long a claim lasts without a checkpoint.
const LEASE_MS: i64 = 60_000;

/// A job to start.
pub struct NewJob {
    /// Which handler does it.
    pub kind: &'static str,
    /// What it is to do.
    pub payload: Json,
    /// How much there is, when known.
    pub total: Option<i64>,
}

/// A job as stored.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: i64,
    /// Which handler does it.
    pub kind: String,
    /// `queued`, `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// Who started it.
    pub user_id: Option<i64>,
    /// The fingerprint of what the one who started it might then, [`crate::access::Access::fingerprint`].
    pub roles: Option<String>,
    /// What it is to do.
    pub payload: Json,
    /// Where it stands.
    pub position: Option<String>,
    /// How much is done.
    pub done: i64,
    /// How much there is.
    pub total: Option<i64>,
    /// What came out, or stands so far.
    pub report: Option<Json>,
    /// Why it failed: `{code, params}`.
    pub error: Option<Json>,
    /// With how many records it could not do what it should; of [`MAX_LISTED`] of them it is kept which and why.
    pub failed_count: i64,
    /// Somebody asked it to stop.
    pub is_cancel_requested: bool,
    /// The operation it writes.
    pub operation_id: Option<i64>,
    /// Milliseconds UTC.
    pub started_at: Option<i64>,
    /// Milliseconds UTC.
    pub finished_at: Option<i64>,
}

const COLUMNS: &str = "id, kind, state, user_id, role, payload, position, done, total, report, error, is_cancel_requested, operation_id, started_at, finished_at, failed_count";

impl Job {
    fn read(row: &Row) -> Result<Job> {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Job {
            id: row.integer(0)?,
            kind: row.text(1)?,
            state: row.text(2)?,
            user_id: row.optional_integer(3)?,
            roles: row.optional_text(4)?,
            payload: json(row.optional_text(5)?).unwrap_or(Json::Null),
            position: row.optional_text(6)?,
            done: row.integer(7)?,
            total: row.optional_integer(8)?,
            report: json(row.optional_text(9)?),
            error: json(row.optional_text(10)?),
            is_cancel_requested: row.boolean(11)?,
            operation_id: row.optional_integer(12)?,
            started_at: row.optional_integer(13)?,
            finished_at: row.optional_integer(14)?,
            failed_count: row.integer(15)?,
        })
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "done" | "failed" | "cancelled")
    }

    /// The job as clients read it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn present(&self, tx: &mut dyn Query, context: &RequestContext, catalog: &Catalog) -> Result<Json> {
        let users = References::to(USER_TYPE, self.user_id);
        let titles = Titles::load(tx, context, catalog, &users)?;
        Ok(json!({
            "id": self.id,
            "kind": self.kind,
            "action": self.payload.get("action"),
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "started_at": self.started_at.map(instant_text),
            "finished_at": self.finished_at.map(instant_text),
            "user": self.user_id.map(|id| titles.reference(USER_TYPE, id)),
            "report": self.report_for(context),
            "error": self.error,
            "operation_id": self.operation_id,
            "failed_count": self.failed_count,
            "listed_count": if self.opens_values_to(context) { self.listed_count(context.now_ms) } else { 0 },
            "can_cancel": !self.is_over() && self.belongs_to(context),
        }))
    }

    /// Whether the actor may see and stop it: his own, or any for administrators.
    pub fn belongs_to(&self, context: &RequestContext) -> bool {
        context.may(Feature::Operations) || self.is_own(context)
    }

    /// Whether the actor started it. A key for some types knows of what was started with its very limits: what else its owner does tells of other
    /// types.
    pub fn is_own(&self, context: &RequestContext) -> bool {
        // What nobody started is the program's own.
        let is_his =
            self.user_id == context.actor.user_id() && (self.user_id.is_some() || context.access.is_everything());
        is_his && (!context.access.is_for_some_types() || self.limits() == context.access.limits_text().as_deref())
    }

    /// Whether the actor may know the records and values that it tells of: they stand in it as its author saw them.
    pub fn opens_values_to(&self, context: &RequestContext) -> bool {
        self.is_own(context) || (context.may(Feature::Operations) && context.access.is_everything())
    }

    fn limits(&self) -> Option<&str> {
        self.roles.as_deref().and_then(|roles| roles.split_once(' ')).map(|(_, limits)| limits)
    }

    /// The report; for others than its author without the lists of records and values in it.
    fn report_for(&self, context: &RequestContext) -> Option<Json> {
        let mut report = self.report.clone()?;
        if let Some(members) = report.as_object_mut().filter(|_| !self.opens_values_to(context)) {
            members.values_mut().filter(|value| value.is_array()).for_each(|value| *value = json!([]));
        }
        Some(report)
    }
}

/// Puts a job in the queue; answers its id.
///
/// # Errors
/// Those of the database.
pub fn enqueue(tx: &mut Tx, context: &RequestContext, new: &NewJob) -> Result<i64> {
    let ids = tx.allocate_ids("jobs", 1)?;
    let id = ids.first().copied().ok_or_else(|| EngineError::Stored("the sequence of jobs gave no id".into()))?;
    tx.insert_many(
        "jobs",
        &["id", "kind", "state", "user_id", "role", "payload", "total", "created_at"],
        &[vec![
            id.into(),
            new.kind.into(),
            "queued".into(),
            context.actor.user_id().into(),
            roles_of(context),
            new.payload.to_string().into(),
            new.total.into(),
            context.now_ms.into(),
        ]],
    )?;
    announce(tx, context, id)?;
    Ok(id)
}

/// Puts a job that failed or was stopped back in the queue; it goes on at its position, now for the one who asks and with what he gives it.
///
/// # Errors
/// `State` when the job has not ended so.
pub(crate) fn restart(tx: &mut Tx, context: &RequestContext, id: i64, payload: &Json) -> Result<()> {
    let updated = tx.execute(
        "UPDATE jobs SET state = 'queued', user_id = ?, role = ?, payload = ?, report = NULL, error = NULL, is_cancel_requested = 0, finished_at = NULL, \
         locked_by = NULL, locked_until = NULL WHERE id = ? AND state IN ('failed', 'cancelled')",
        &[context.actor.user_id().into(), roles_of(context), payload.to_string().into(), id.into()],
    )?;
    if updated != 1 {
        return Err(EngineError::State("conflict"));
    }
    announce(tx, context, id)
}

/// The jobs of a kind that wait or run.
///
/// # Errors
/// Those of the database.
pub fn open_of_kind(tx: &mut dyn Query, kind: &str) -> Result<Vec<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE state IN ('queued', 'running') AND kind = ? ORDER BY id");
    tx.query(&sql, &[kind.into()])?.iter().map(Job::read).collect()
}

/// Payload and operation of the jobs of a kind that came after the job `after` and have written something, the newest operation first.
///
/// # Errors
/// Those of the database.
pub fn written_by_kind(tx: &mut dyn Query, kind: &str, after: i64) -> Result<Vec<(Json, i64)>> {
    let sql = "SELECT payload, operation_id FROM jobs WHERE kind = ? AND id > ? AND operation_id IS NOT NULL ORDER BY operation_id DESC";
    let rows = tx.query(sql, &[kind.into(), after.into()])?;
    let payload = |text: &str| serde_json::from_str(text).map_err(|error| EngineError::Stored(error.to_string()));
    rows.iter().map(|row| Ok((payload(row.text_str(0)?)?, row.integer(1)?))).collect()
}

/// Whether a job that waits or runs writes the operation.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_being_written(tx: &mut dyn Query, operation_id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM jobs WHERE state IN ('queued', 'running') AND operation_id = ?";
    Ok(tx.query_optional(sql, &[operation_id.into()])?.is_some())
}

/// The roles of the one who starts a job, as stored.
fn roles_of(context: &RequestContext) -> Value {
    match context.actor {
        crate::Actor::User { .. } => context.access.fingerprint().into(),
        crate::Actor::System => Value::Null,
    }
}

fn announce(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<()> {
    outbox::emit(tx, context, None, "job", &json!({ "id": id }))
}

/// One job.
///
/// # Errors
/// Those of the database.
pub fn find(tx: &mut dyn Query, id: i64) -> Result<Option<Job>> {
    let row = tx.query_optional(&format!("SELECT {COLUMNS} FROM jobs WHERE id = ?"), &[id.into()])?;
    row.as_ref().map(Job::read).transpose()
}

/// The newest jobs that the actor may see.
///
/// # Errors
/// Those of the database.
pub fn list(tx: &mut dyn Query, context: &RequestContext, limit: usize) -> Result<Vec<Job>> {
    let (mut condition, mut params) = match context.actor.user_id() {
        Some(id) if !context.may(Feature::Operations) => (" WHERE user_id = ?".to_owned(), vec![Value::Integer(id)]),
        _ => (String::new(), Vec::new()),
    };
    // As `is_own` has it: the text of the limits is the end of the fingerprint.
    if let Some(limits) = context.access.limits_text().filter(|_| context.access.is_for_some_types()) {
        condition.push_str(" AND substr(role, length(role) - length(?) + 1) = ?");
        params.extend([format!(" {limits}").into(), format!(" {limits}").into()]);
    }
    let sql = format!("SELECT {COLUMNS} FROM jobs{condition} ORDER BY id DESC LIMIT {}", limit.clamp(1, 100));
    tx.query(&sql, &params)?.iter().map(Job::read).collect()
}

/// Asks a job to stop: a queued one ends at once, a running one at its next batch.
///
/// # Errors
/// `State` when it has ended.
pub fn cancel(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<()> {
    let ended = tx.execute(
        "UPDATE jobs SET state = 'cancelled', is_cancel_requested = 1, finished_at = ? WHERE id = ? AND state = 'queued'",
        &[context.now_ms.into(), id.into()],
    )?;
    if ended == 0 {
        let asked =
            tx.execute("UPDATE jobs SET is_cancel_requested = 1 WHERE id = ? AND state = 'running'", &[id.into()])?;
        if asked == 0 {
            return Err(EngineError::State("job_is_over"));
        }
    }
    announce(tx, context, id)
}

/// Claims the oldest free job, or the given one.
fn claim(tx: &mut Tx, now_ms: i64, owner: &str, only: Option<i64>, kinds: &[&str]) -> Result<Option<Job>> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let free = "(state = 'queued' OR (state = 'running' AND locked_until < ?))";
    let mut params: Vec<Value> =
        vec![owner.into(), (now_ms + LEASE_MS).into(), now_ms.into(), now_ms.into(), now_ms.into()];
    let chosen = match only {
        Some(id) => {
            params.push(id.into());
            format!("{free} AND id = ?")
        }
        None => {
            params.extend(kinds.iter().map(|kind| Value::from(*kind)));
            format!("{free} AND kind IN {}", database::in_list(kinds.len()))
        }
    };
    // A job may have been asked for while this transaction waited: it never begins before that.
    let sql = format!(
        "UPDATE jobs SET state = 'running', locked_by = ?, locked_until = ?, \
         started_at = COALESCE(started_at, CASE WHEN created_at > ? THEN created_at ELSE ? END) \
         WHERE id = (SELECT id FROM jobs WHERE {chosen} ORDER BY id LIMIT 1{lock}) RETURNING {COLUMNS}"
    );
    tx.query_optional(&sql, &params)?.as_ref().map(Job::read).transpose()
}

/// Frees the jobs of processes of this machine that no longer run.
fn release_dead(tx: &mut Tx, is_alive: impl Fn(&str) -> bool) -> Result<()> {
    let rows =
        tx.query("SELECT DISTINCT locked_by FROM jobs WHERE state = 'running' AND locked_by IS NOT NULL", &[])?;
    for mut row in rows {
        let owner = row.take_text(0)?;
        if !is_alive(&owner) {
            tx.execute("UPDATE jobs SET locked_until = 0 WHERE state = 'running' AND locked_by = ?", &[owner.into()])?;
        }
    }
    Ok(())
}

fn to_text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| EngineError::Stored(error.to_string()))
}

fn from_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| EngineError::Stored(error.to_string()))
}
