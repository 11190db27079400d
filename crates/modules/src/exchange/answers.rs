//! What is wrong with an import, row by row, and the user's answers to it.

use record_engine::error::{EngineError, FieldError};
use record_engine::query::present::{References, Titles};
use record_engine::{Engine, RequestContext};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::error::ExchangeError;
use super::findings::{self, Stage, StoredProblem};
use super::queue_job::ensure_not_loading;
use super::requests::ensure_open;
use super::settings::Decision;
use super::store::{self, Import};

/// Most problems of one page.
const MAX_PROBLEMS: usize = 500;
/// Problems of one row have places below this; with the row they make a cursor.
const PLACES: i64 = 10_000;

type Result<T> = std::result::Result<T, ExchangeError>;

/// Answers to what needs a decision.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// For all rows.
    #[serde(default)]
    pub all: Option<Decision>,
    /// For single rows.
    #[serde(default)]
    pub rows: Option<Vec<RowDecision>>,
}

/// The answer for one row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowDecision {
    /// Its number.
    pub row: i64,
    /// `None` takes an earlier answer back.
    pub decision: Option<Decision>,
}

/// What is wrong, row by row: of the import once it has begun, else of the check. `kind` is `error`, `decision` or `skipped`; `None` for
/// all. The cursor is what the page before answered.
///
/// # Errors
/// `NotFound`.
pub fn problems(
    engine: &Engine,
    context: &RequestContext,
    id: i64,
    kind: Option<&str>,
    cursor: Option<i64>,
    limit: usize,
) -> Result<(Vec<Json>, Option<i64>)> {
    let snapshot = engine.snapshot();
    let limit = limit.clamp(1, MAX_PROBLEMS);
    engine.database().read(|tx| {
        let import = store::find_open(tx, context, &snapshot.catalog, id)?;
        let stage = stage_of(&import);
        let kinds: Vec<&str> = kind.into_iter().collect();
        let cursor = cursor.unwrap_or(0);
        let after = (cursor / PLACES, cursor % PLACES);
        let mut found = findings::read(tx, id, stage, &kinds, after, limit + 1)?;
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| has_more).map(|last| last.row * PLACES + last.place);
        let target = import.object_type.clone();
        let wanted = References::to(&target, found.iter().filter_map(|problem| problem.match_id));
        let titles = Titles::load(tx, context, &snapshot.catalog, &wanted)?;
        Ok((found.iter().map(|problem| present_problem(problem, &target, &titles)).collect(), next))
    })
}

fn stage_of(import: &Import) -> Stage {
    if matches!(import.state.as_str(), "mapping" | "checking" | "checked") { Stage::Check } else { Stage::Import }
}

fn present_problem(problem: &StoredProblem, object_type: &str, titles: &Titles) -> Json {
    let mut shown = json!({
        "row": problem.row, "column": problem.column, "field": problem.field, "code": problem.code,
        "params": problem.params, "value": problem.value, "kind": problem.kind, "decision": problem.decision,
    });
    // A card that was hidden from the reader since then is not told either.
    let match_id = problem.match_id.filter(|id| titles.title(object_type, *id).is_some());
    if let (Some(id), Some(object)) = (match_id, shown.as_object_mut()) {
        let mut reference = titles.reference(object_type, id);
        if let Some(reference) = reference.as_object_mut() {
            reference.insert("on".into(), json!(problem.match_on));
        }
        object.insert("match".into(), reference);
    }
    shown
}

/// Answers what needs a decision: before the import, which follows the answers, or after its end, when [`super::start_queue_in`] loads the rows.
///
/// # Errors
/// `NotFound`, `Forbidden` without the right to import, `State("import_is_busy")` unless the file was checked or loaded and while earlier answers are being loaded, `Invalid` for a row that waits for nothing.
pub fn decide(engine: &Engine, context: &RequestContext, id: i64, decisions: &Decisions) -> Result<()> {
    let snapshot = engine.snapshot();
    engine.write(|tx| {
        let mut import = store::lock_open(tx, context, &snapshot.catalog, id)?;
        store::ensure_may_import(context)?;
        let stage = stage_of(&import);
        match stage {
            Stage::Check => ensure_open(tx, &import)?,
            Stage::Import => {
                store::ensure_ended(tx, &import)?;
                ensure_not_loading(tx, id)?;
            }
        }
        if let Some(all) = decisions.all {
            if stage == Stage::Check {
                // Rows beyond those that are listed follow it too.
                import.settings.decide_all = Some(all);
                store::update_decisions(tx, &import)?;
            }
            findings::decide_all(tx, id, stage, all)?;
        }
        for (at, row) in decisions.rows.iter().flatten().enumerate() {
            if !findings::decide(tx, id, stage, row.row, row.decision)? {
                let error = FieldError::new("rows", "unknown_row").at(at).with("row", row.row);
                return Err(EngineError::field(error).into());
            }
        }
        Ok(())
    })
}
