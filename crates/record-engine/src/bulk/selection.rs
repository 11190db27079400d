//! With which records a job works: named ones, or all that match a filter, page by page.

use std::sync::Arc;

use database::ReadTx;
use filter_language::CheckedExpr;
use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, ObjectType};
use crate::context::RequestContext;
use crate::engine::Snapshot;
use crate::error::{EngineError, Result};
use crate::filter_form::Filter;
use crate::jobs::JobRun;
use crate::query::{ListQuery, Sort, count};

/// Which records.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// These; a repeated id counts once.
    Ids(Vec<i64>),
    /// All that match, in the text form of the filter language; of the trash when they are restored.
    Filter(String),
}

impl Selection {
    /// Puts ids into their order, each once, and checks a filter. Answers how many records there are, if they are named.
    ///
    /// # Errors
    /// `Filter` for a filter that does not fit the type or that the actor may not ask.
    pub fn checked(&mut self, object_type: &ObjectType, context: &RequestContext) -> Result<Option<i64>> {
        Ok(match self {
            Selection::Ids(ids) => {
                ids.sort_unstable();
                ids.dedup();
                i64::try_from(ids.len()).ok()
            }
            Selection::Filter(text) => compiled(text, object_type, context).map(|_| None)?,
        })
    }

    /// How many records a filter finds, for the progress of a job; named ones are known from the beginning ([`Selection::checked`]).
    ///
    /// # Errors
    /// `NotFound` for an unknown type, `Filter`, those of the database.
    pub fn total(
        &self,
        run: &JobRun<'_>,
        context: &RequestContext,
        object_type: &str,
        is_trash: bool,
    ) -> Result<Option<i64>> {
        let Selection::Filter(text) = self else { return Ok(None) };
        let object_type = run.engine().snapshot().object_type(object_type)?;
        let filter = compiled(text, &object_type, context)?;
        match run.engine().database().read(|tx| count(tx, context, &object_type, &filter, None, is_trash, true)) {
            Ok(counted) => Ok(counted.count),
            // Progress without an end is better than no work.
            Err(EngineError::TooSlow) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

/// What the pages of a filter are asked with, made once for all of them: ids only, in their order.
pub struct Walk {
    limit: usize,
    is_trash: bool,
    query: Option<(Arc<Catalog>, ListQuery)>,
}

impl Walk {
    /// In pages of `limit`, of the trash or outside of it.
    pub fn new(limit: usize, is_trash: bool) -> Walk {
        Walk { limit, is_trash, query: None }
    }

    /// The query of a page, whose cursor the caller sets; made anew when the catalog has changed.
    ///
    /// # Errors
    /// `Filter`; `Invalid` for areas of the map with too many towns; those of the database.
    pub fn query(
        &mut self,
        tx: &mut ReadTx,
        context: &RequestContext,
        snapshot: &Snapshot,
        object_type: &ObjectType,
        filter: &str,
    ) -> Result<&mut ListQuery> {
        let known = self.query.take().filter(|(catalog, _)| Arc::ptr_eq(catalog, &snapshot.catalog));
        let (catalog, query) = match known {
            Some(known) => known,
            None => {
                let mut query = ListQuery {
                    filter: compiled(filter, object_type, context)?,
                    sort: Sort::parse("id"),
                    fields: Some(Vec::new()),
                    limit: self.limit,
                    is_trash: self.is_trash,
                    ..ListQuery::default()
                };
                query.ground(tx, object_type)?;
                (snapshot.catalog.clone(), query)
            }
        };
        Ok(&mut self.query.insert((catalog, query)).1)
    }
}

/// A filter as the list has it from which records are chosen.
pub(super) fn compiled(text: &str, object_type: &ObjectType, context: &RequestContext) -> Result<CheckedExpr> {
    Filter::Text(text.into()).compile(object_type, context)
}
