//! Records that are found by the name of what they refer to: tasks by that of their client.
//!
//! The names are asked first, then the records that refer to their bearers, at most so many of each. Nothing is stored twice: a new name counts at once,
//! however many records refer to it.
//!
//! What must stay true: only a bearer whom the reader sees, by a title and a reference that he sees, leads to a record.

use std::collections::HashSet;
use std::sync::Arc;

use database::{Backend, Query, Value, in_list, quote_identifier};
use filter_language::{CheckedExpr, search_fold};

use super::seek::Seeker;
use super::sight::Sight;
use super::{MAX_CANDIDATES, Question, score};
use crate::access::{Action, Scope};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::query::compile::Predicate;
use crate::query::conditions::Fragment;

/// Bearers of a name whose records are asked for, the best first.
const MAX_BEARERS: usize = 40;

/// Those by whose names the records of a type are found.
pub(super) struct NameGround {
    /// The reference, and its column.
    pub field: String,
    column: String,
    object_type: Arc<ObjectType>,
    predicate: Predicate,
    sight: Sight,
}

/// Somebody whose name answers.
pub(super) struct Bearer {
    pub id: i64,
    /// His name as it is shown.
    pub title: String,
    /// And as it is compared.
    pub text: String,
}

impl NameGround {
    /// Those of a type that the reader of `scope` may ask for.
    ///
    /// # Errors
    /// `Stored` for a rule that does not fit the fields: a defect of the module.
    pub(super) fn of(
        context: &RequestContext,
        object_type: &ObjectType,
        scope: &Scope,
        backend: Backend,
    ) -> Result<Vec<NameGround>> {
        let mut grounds = Vec::new();
        for (name, target) in object_type.named_by() {
            let Some(field) = object_type.field(name).filter(|field| scope.shows(field) && !field.is_retired) else {
                continue;
            };
            let bearers = match Scope::of(context, target, Action::See) {
                Ok(bearers) => bearers,
                Err(EngineError::Forbidden | EngineError::NotFound) => continue,
                Err(error) => return Err(error),
            };
            if !target.field(target.definition.title_field).is_some_and(|title| bearers.shows(title)) {
                continue;
            }
            grounds.push(NameGround {
                field: name.clone(),
                column: quote_identifier(&field.column),
                object_type: target.clone(),
                predicate: Predicate::new(target, bearers.rows(), &CheckedExpr::all(), backend),
                sight: Sight::of(&bearers, target),
            });
        }
        Ok(grounds)
    }

    /// Who looks for the bearers.
    pub(super) fn seeker(&self) -> Seeker<'_> {
        Seeker::new(&self.object_type, &self.predicate, &self.sight, false)
    }

    /// Those whose names answer, the best first; none for a question without a long word, which would be too many.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn bearers(&self, tx: &mut dyn Query, question: &Question) -> Result<Vec<Bearer>> {
        let Some(title) = self.object_type.field(self.object_type.definition.title_field) else {
            return Ok(Vec::new());
        };
        if question.long_words().next().is_none() {
            return Ok(Vec::new());
        }
        let found: Vec<Value> =
            self.seeker().find(tx, question)?.into_iter().map(|(id, _)| Value::Integer(id)).collect();
        let mut bearers = Vec::new();
        for some in found.chunks(MAX_CANDIDATES) {
            let (table, column) = (quote_identifier(self.object_type.table()), quote_identifier(&title.column));
            let sql = format!("SELECT id, {column} FROM {table} WHERE id IN {}", in_list(some.len()));
            for row in tx.query(&sql, some)? {
                let Some(title) = row.optional_text(1)? else { continue };
                let text = search_fold(&title);
                if question.is_answered_by(&text) {
                    bearers.push(Bearer { id: row.integer(0)?, title, text });
                }
            }
        }
        bearers.sort_by_key(|bearer| (std::cmp::Reverse(score(question, &bearer.text)), std::cmp::Reverse(bearer.id)));
        bearers.truncate(MAX_BEARERS);
        Ok(bearers)
    }

    /// The newest records of `seeker` that refer to a bearer, without those that are known, at most `most`.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn records(
        &self,
        tx: &mut dyn Query,
        seeker: &Seeker<'_>,
        bearer: &Bearer,
        known: &mut HashSet<i64>,
        most: usize,
    ) -> Result<Vec<i64>> {
        let found = seeker.referring(tx, &self.column, bearer.id)?;
        Ok(found.into_iter().filter(|id| known.insert(*id)).take(most).collect())
    }

    /// A query for the ids of all records of a type that refer to these bearers.
    pub(super) fn all_records(&self, object_type: &ObjectType, bearers: &[Bearer]) -> Fragment {
        let ids = bearers.iter().map(|bearer| bearer.id.to_string()).collect::<Vec<_>>().join(", ");
        let table = quote_identifier(object_type.table());
        Fragment::new(format!("SELECT n.id FROM {table} n WHERE n.{} IN ({ids})", self.column), Vec::new())
    }
}
