//! What a job over many records could not do, record by record.
//!
//! What must stay true: a failure and the position behind it are one transaction, so a killed job names none twice; the rows of a job are bounded,
//! and the number beside them says how many there were; memory does not grow with them, for they are read page by page.

use database::{Query, Row, Tx, Value};
use serde_json::{Map, Value as Json, json};

use super::{Job, JobRun};
use crate::engine::Engine;
use crate::error::{EngineError, Result};

/// Most records that are kept for a job; of the others only the number is known.
pub const MAX_LISTED: i64 = 10_000;
/// How long after the end of a job it is kept which and why, in milliseconds: 30 days.
const KEEP_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// Most of them that a report names itself.
const MAX_REPORTED: usize = 200;

/// A record, or several that belong together, with which a job could not do what it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Id of the record.
    pub id: i64,
    /// All that belong together, as the records of a merge do; empty for one alone.
    pub ids: Vec<i64>,
    /// Name of the field that was refused, where it was one.
    pub field: Option<String>,
    /// Stable code of the cause.
    pub code: String,
    /// Values for the text of the code.
    pub params: Map<String, Json>,
}

impl Failure {
    /// Of one record, by the error that refused it.
    pub fn new(id: i64, error: &EngineError) -> Failure {
        let (code, params) = error.code_and_params();
        let field = match error {
            EngineError::Invalid(errors) => errors
                .first()
                .and_then(|first| first.pointer.split('/').nth(1))
                .filter(|name| !name.is_empty())
                .map(String::from),
            _ => None,
        };
        let params = if let Json::Object(params) = params { params } else { Map::new() };
        Failure { id, ids: Vec::new(), field, code, params }
    }

    /// The same, of several records that belong together.
    #[must_use]
    pub fn of_all(mut self, ids: &[i64]) -> Failure {
        self.ids = ids.to_vec();
        self
    }

    fn to_json(&self) -> Json {
        let mut entry = json!({ "id": self.id, "code": self.code, "params": self.params });
        if let Some(entry) = entry.as_object_mut() {
            if let Some(field) = &self.field {
                entry.insert("field".into(), json!(field));
            }
            if !self.ids.is_empty() {
                entry.insert("ids".into(), json!(self.ids));
            }
        }
        entry
    }

    fn read(row: &Row) -> Result<Failure> {
        let ids = match row.optional_text(1)? {
            Some(text) => serde_json::from_str(&text).map_err(|error| EngineError::Stored(error.to_string()))?,
            None => Vec::new(),
        };
        Ok(Failure {
            id: row.integer(0)?,
            ids,
            field: row.optional_text(2)?,
            code: row.text(3)?,
            params: serde_json::from_str(row.text_str(4)?).map_err(|error| EngineError::Stored(error.to_string()))?,
        })
    }
}

impl Job {
    /// Of how many of its failures it is still kept which they were.
    pub fn listed_count(&self, now_ms: i64) -> i64 {
        let is_old = self.finished_at.is_some_and(|ended| ended < now_ms - KEEP_MS);
        if is_old { 0 } else { self.failed_count.min(MAX_LISTED) }
    }
}

impl JobRun<'_> {
    /// Keeps what could not be done, in the transaction of the batch; beyond [`MAX_LISTED`] of a job it is only counted.
    ///
    /// # Errors
    /// Those of the database.
    pub fn note_failures(&self, tx: &mut Tx, failures: &[Failure]) -> Result<()> {
        if failures.is_empty() {
            return Ok(());
        }
        let id = self.id();
        let count = i64::try_from(failures.len()).unwrap_or(i64::MAX);
        let sql = "UPDATE jobs SET failed_count = failed_count + ? WHERE id = ? RETURNING failed_count";
        let before = tx.query_one(sql, &[count.into(), id.into()])?.integer(0)? - count;
        let room = usize::try_from(MAX_LISTED - before).unwrap_or_default();
        let rows: Vec<Vec<Value>> = (before..)
            .zip(failures.iter().take(room))
            .map(|(place, failure)| {
                vec![
                    id.into(),
                    place.into(),
                    failure.id.into(),
                    (!failure.ids.is_empty()).then(|| json!(failure.ids).to_string()).into(),
                    failure.field.clone().into(),
                    failure.code.as_str().into(),
                    Json::Object(failure.params.clone()).to_string().into(),
                ]
            })
            .collect();
        let columns = ["job_id", "place", "record_id", "record_ids", "field", "code", "params"];
        tx.insert_many("job_failures", &columns, &rows)?;
        Ok(())
    }

    /// The first failures for the report.
    ///
    /// # Errors
    /// Those of the database.
    pub fn first_failures(&self) -> Result<Vec<Json>> {
        let found = self.engine().database().read(|tx| read_failures(tx, self.id(), 0, MAX_REPORTED))?;
        Ok(found.iter().map(Failure::to_json).collect())
    }
}

/// The failures of a job from a place on, in the order in which they came; the place of the first of a job is 0.
///
/// # Errors
/// Those of the database.
pub fn read_failures(tx: &mut dyn Query, job_id: i64, from: usize, limit: usize) -> Result<Vec<Failure>> {
    let sql = format!(
        "SELECT record_id, record_ids, field, code, params FROM job_failures WHERE job_id = ? AND place >= ? ORDER BY place LIMIT {limit}"
    );
    let from = i64::try_from(from).unwrap_or(i64::MAX);
    tx.query(&sql, &[job_id.into(), from.into()])?.iter().map(Failure::read).collect()
}

/// Forgets which records they were of jobs that ended more than 30 days ago, for they hold names of fields and values that people may since
/// have purged; how many there were stays. Answers how many rows went.
///
/// # Errors
/// Those of the database.
pub fn remove_old_failures(engine: &Engine) -> Result<u64> {
    const OLD: &str = "DELETE FROM job_failures WHERE job_id IN (SELECT id FROM jobs WHERE finished_at < ?)";
    let before = engine.clock().now_ms() - KEEP_MS;
    engine.write(|tx| Ok(tx.execute(OLD, &[before.into()])?))
}
