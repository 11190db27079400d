//! The job that builds the index of a field, so that whoever asked for it need not wait.

use serde_json::{Value as Json, json};

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::jobs::{JobHandler, JobRun, NewJob};

/// Kind of the job.
pub const INDEX_JOB: &str = "index";

/// See the module.
pub struct IndexJob;

/// The job for a field. Whether the actor may ask for it is checked when it runs, and by [`check`] before.
pub fn index_job(object_type: &str, field: &str) -> NewJob {
    NewJob { kind: INDEX_JOB, payload: json!({ "type": object_type, "field": field }), total: Some(1) }
}

/// Whether there is such a field to index.
///
/// # Errors
/// `NotFound`.
pub fn check(engine: &Engine, object_type: &str, field: &str) -> Result<()> {
    let object_type = engine.snapshot().object_type(object_type)?;
    object_type.field(field).filter(|field| !field.is_system).map(|_| ()).ok_or(EngineError::NotFound)
}

impl JobHandler for IndexJob {
    fn kind(&self) -> &'static str {
        INDEX_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let text = |key: &str| run.payload().get(key).and_then(Json::as_str).ok_or(EngineError::NotFound);
        let (object_type, field) = (text("type")?, text("field")?);
        run.engine().index_field(&run.context(), object_type, field)?;
        run.show(1, Some(1), None)?;
        Ok(json!({ "type": object_type, "field": field }))
    }
}
