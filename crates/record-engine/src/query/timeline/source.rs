//! Where the entries of a timeline come from: the references that put records on it, the statements that give their places, and the indexes that make
//! a page cost what it holds.
//!
//! What must stay true: the moment of an entry is one expression, the same in the index and in the statements ([`moment`]), else no index is followed;
//! each statement follows an index from its place and ends with the page, whatever stands on the card.

use std::cmp::Ordering;

use database::{Backend, Query, Value, in_list, quote_identifier};
use filter_language::CheckedExpr;

use super::place::Place;
use super::{CATEGORY, PIN};
use crate::access::{Action, RowRule, Scope};
use crate::catalog::{Catalog, Field, ObjectType};
use crate::context::RequestContext;
use crate::error::Result;
use crate::field_types::FieldKind;
use crate::query::compile::Predicate;
use crate::query::conditions::Fragment;

/// Of so many records each is asked for its newest entries by itself; the entries of more are sorted.
const MOST_HEADS: usize = 50;
/// So many entries of a set are sorted; with more of them, the next one is near on the index of all.
const MOST_SORTED: i64 = 5_000;
/// Values bound in one statement, with room to the limit of either database.
const MOST_VALUES: usize = 20_000;

/// A reference that puts records of a type on the timelines of those that it names, as far as the reader knows of it.
pub(super) struct Source<'a> {
    pub object_type: &'a ObjectType,
    pub field: &'a Field,
    pub is_shown: bool,
    scope: Scope,
    /// The moment of a record `t`.
    at: String,
}

/// What of a source is wanted.
pub(super) struct Wanted<'a> {
    /// Whose entries.
    pub ids: &'a [i64],
    /// Only those of these categories.
    pub categories: &'a [String],
    /// Only those that are pinned.
    pub is_pinned: bool,
    /// From this moment on.
    pub from_ms: Option<i64>,
    /// Before this moment.
    pub to_ms: Option<i64>,
    /// Behind this place.
    pub behind: Option<&'a Place>,
    pub count: usize,
}

/// The sources of the timelines of a type. A reference that is hidden from the reader is none: what it names is not for him.
pub(super) fn sources<'a>(
    catalog: &'a Catalog,
    context: &RequestContext,
    whose: &ObjectType,
) -> Result<Vec<Source<'a>>> {
    let mut found = Vec::new();
    for object_type in &catalog.object_types {
        let scope = Scope::of(context, object_type, Action::See)?;
        if matches!(scope.rows(), RowRule::Nothing) {
            continue;
        }
        for field in object_type.value_fields().filter(|field| !field.is_retired && scope.shows(field)) {
            let names = field.kind.reference_target().is_some_and(|settings| settings.target == whose.name);
            let Some(timeline) = field.timeline.filter(|_| names) else { continue };
            // The order would tell a moment that is hidden.
            let is_told = object_type.field(timeline.at).is_some_and(|at| scope.shows(at));
            let at = moment(object_type, if is_told { timeline.at } else { "created_at" }, "t.");
            found.push(Source { object_type, field, is_shown: timeline.is_shown, scope: scope.clone(), at });
        }
    }
    Ok(found)
}

/// The expression of the moment of a record.
fn moment(object_type: &ObjectType, at: &str, alias: &str) -> String {
    match object_type.field(at).filter(|field| !field.is_system) {
        Some(field) => format!("COALESCE({alias}{}, {alias}created_at)", quote_identifier(&field.column)),
        None => format!("{alias}created_at"),
    }
}

/// The statements that make the indexes of the timelines on which records of a type stand.
pub(crate) fn indexes(object_type: &ObjectType) -> Vec<String> {
    let table = object_type.table();
    let quoted = quote_identifier(table);
    let mut made = Vec::new();
    for field in object_type.value_fields() {
        let Some(timeline) = field.timeline else { continue };
        let at = moment(object_type, timeline.at, "");
        let at = if at == "created_at" { at } else { format!("({at})") };
        if field.behaviour().child_table().is_some() {
            made.push(format!(
                "CREATE INDEX IF NOT EXISTS {table}_timeline ON {quoted} ({at}, id) WHERE deleted_at IS NULL"
            ));
            continue;
        }
        let column = quote_identifier(&field.column);
        let live = format!("deleted_at IS NULL AND {column} IS NOT NULL");
        made.push(format!(
            "CREATE INDEX IF NOT EXISTS {table}_{}_timeline ON {quoted} ({column}, {at}, id) WHERE {live}",
            field.column
        ));
        if let Some(pin) = pin_of(object_type) {
            made.push(format!(
                "CREATE INDEX IF NOT EXISTS {table}_{}_pinned ON {quoted} ({column}, {at}, id) WHERE {live} AND {} = 1",
                field.column,
                quote_identifier(&pin.column)
            ));
        }
    }
    made
}

/// The checkbox that pins records of a type.
fn pin_of(object_type: &ObjectType) -> Option<&Field> {
    object_type.field(PIN).filter(|field| matches!(field.kind, FieldKind::Checkbox))
}

impl Source<'_> {
    /// What a filter by category asks: the choice, unless it is hidden from the reader.
    pub fn category(&self) -> Option<&Field> {
        let field = self.object_type.field(CATEGORY)?;
        (matches!(field.kind, FieldKind::Choice(_)) && self.scope.shows(field)).then_some(field)
    }

    /// What pins its records, unless it is hidden from the reader.
    pub fn pin(&self) -> Option<&Field> {
        pin_of(self.object_type).filter(|field| self.scope.shows(field))
    }

    /// The scope of the reader.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The places of its next entries, in no order: those of all wanted records together, each up to the count.
    ///
    /// # Errors
    /// Those of the database.
    pub fn places(&self, tx: &mut dyn Query, wanted: &Wanted<'_>) -> Result<Vec<Place>> {
        let Some(conditions) = self.conditions(wanted, tx.backend()) else { return Ok(Vec::new()) };
        let stretches = self.stretches(wanted.behind);
        let mut statements = Vec::new();
        if self.field.behaviour().child_table().is_some() {
            let is_walk = self.is_walked(tx, wanted.ids)?;
            statements.extend(stretches.iter().map(|stretch| self.of_a_set(wanted, &conditions, stretch, is_walk)));
        } else if wanted.ids.len() > MOST_HEADS {
            statements.extend(stretches.iter().map(|stretch| self.of_many(wanted, &conditions, stretch)));
        } else {
            let values = conditions.params.len() + 4;
            for ids in wanted.ids.chunks((MOST_VALUES / values / stretches.len()).max(1)) {
                statements.push(self.of_each(ids, wanted.count, &conditions, &stretches));
            }
        }
        let mut found = Vec::new();
        for statement in statements {
            for row in tx.query(&statement.sql, &statement.params)? {
                found.push(Place { at: row.integer(0)?, rank: self.object_type.id, id: row.integer(1)? });
            }
        }
        Ok(found)
    }

    /// What all its entries must be, beginning with ` AND `; `None` where none can be.
    fn conditions(&self, wanted: &Wanted<'_>, backend: Backend) -> Option<Fragment> {
        // The index of the timeline leads; SQLite must not prefer that of a condition which many records satisfy.
        let plus = if backend == Backend::Sqlite { "+" } else { "" };
        let mut made = Fragment::new(" AND t.deleted_at IS NULL", Vec::new());
        for term in &Predicate::new(self.object_type, self.scope.rows(), &CheckedExpr::all(), backend).terms {
            made.push(&format!(" AND {plus}("));
            made.append(&term.condition);
            made.push(")");
        }
        if !wanted.categories.is_empty() {
            let field = self.category()?;
            let column = quote_identifier(&field.column);
            let keys = wanted.categories.iter().map(|key| Value::Text(key.clone())).collect();
            // What was written before there were categories is of the one that a new record gets.
            let default = field.default.as_ref().and_then(|default| default.as_str());
            let or_none = match default.filter(|default| wanted.categories.iter().any(|key| key == default)) {
                Some(_) => format!(" OR t.{column} IS NULL"),
                None => String::new(),
            };
            let list = in_list(wanted.categories.len());
            made.append(&Fragment::new(format!(" AND {plus}(t.{column} IN {list}{or_none})"), keys));
        }
        if wanted.is_pinned {
            made.push(&format!(" AND t.{} = 1", quote_identifier(&self.pin()?.column)));
        }
        for (condition, value) in [(">=", wanted.from_ms), ("<", wanted.to_ms)] {
            if let Some(value) = value {
                made.append(&Fragment::new(format!(" AND {} {condition} ?", self.at), vec![value.into()]));
            }
        }
        Some(made)
    }

    /// The parts of the order behind a place, each of which an index follows from its beginning: of thousands with one moment, those behind the id.
    fn stretches(&self, behind: Option<&Place>) -> Vec<Fragment> {
        let at = &self.at;
        let Some(behind) = behind else { return vec![Fragment::default()] };
        let moment = Value::Integer(behind.at);
        match self.object_type.id.cmp(&behind.rank) {
            Ordering::Equal => vec![
                Fragment::new(format!(" AND {at} = ? AND t.id < ?"), vec![moment.clone(), behind.id.into()]),
                Fragment::new(format!(" AND {at} < ?"), vec![moment]),
            ],
            Ordering::Greater => vec![Fragment::new(format!(" AND {at} <= ?"), vec![moment])],
            Ordering::Less => vec![Fragment::new(format!(" AND {at} < ?"), vec![moment])],
        }
    }

    fn select(&self, from: &str) -> Fragment {
        Fragment::new(format!("SELECT {} AS at, t.id AS id FROM {from} WHERE ", self.at), Vec::new())
    }

    fn table(&self) -> String {
        format!("{} t", quote_identifier(self.object_type.table()))
    }

    fn end(count: usize) -> String {
        format!(" ORDER BY at DESC, id DESC LIMIT {count}")
    }

    /// Each record by itself, along its part of the index.
    fn of_each(&self, ids: &[i64], count: usize, conditions: &Fragment, stretches: &[Fragment]) -> Fragment {
        let column = quote_identifier(&self.field.column);
        let mut all = Fragment::default();
        for (place, (id, stretch)) in ids.iter().flat_map(|id| stretches.iter().map(move |one| (id, one))).enumerate() {
            if place > 0 {
                all.push(" UNION ALL ");
            }
            all.push("SELECT at, id FROM (");
            all.append(&self.select(&self.table()));
            all.append(&Fragment::new(format!("t.{column} = ?"), vec![Value::Integer(*id)]));
            all.append(conditions);
            all.append(stretch);
            // By the expression itself: an index is followed by what stands in it.
            all.push(&format!(" ORDER BY {} DESC, t.id DESC LIMIT {count}) h{place}", self.at));
        }
        all
    }

    /// All records at once, sorted.
    fn of_many(&self, wanted: &Wanted<'_>, conditions: &Fragment, stretch: &Fragment) -> Fragment {
        let mut made = self.select(&self.table());
        made.push(&format!("t.{} IN ({})", quote_identifier(&self.field.column), written(wanted.ids)));
        made.append(conditions);
        made.append(stretch);
        made.push(&Self::end(wanted.count));
        made
    }

    /// By the entries of a set of references: those that name the records, sorted, or a walk along all records of the type.
    fn of_a_set(&self, wanted: &Wanted<'_>, conditions: &Fragment, stretch: &Fragment, is_walk: bool) -> Fragment {
        let child = self.object_type.child_table(self.field);
        let ids = written(wanted.ids);
        let mut made = if is_walk {
            let mut made = self.select(&self.table());
            made.push(&format!("EXISTS (SELECT 1 FROM {child} c WHERE c.record_id = t.id AND c.value + 0 IN ({ids}))"));
            made
        } else {
            let mut made = self.select(&format!(
                "(SELECT DISTINCT record_id FROM {child} WHERE value IN ({ids})) c CROSS JOIN {}",
                self.table()
            ));
            made.push("t.id = c.record_id");
            made
        };
        made.append(conditions);
        made.append(stretch);
        made.push(&if is_walk {
            format!(" ORDER BY {} DESC, t.id DESC LIMIT {}", self.at, wanted.count)
        } else {
            Self::end(wanted.count)
        });
        made
    }

    /// Whether so many records are named by a set that they are found along the index of all sooner than by sorting them.
    fn is_walked(&self, tx: &mut dyn Query, ids: &[i64]) -> Result<bool> {
        let child = self.object_type.child_table(self.field);
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM {child} WHERE value IN ({}) LIMIT {}) n",
            written(ids),
            MOST_SORTED + 1
        );
        Ok(tx.query_one(&sql, &[])?.integer(0)? > MOST_SORTED)
    }
}

/// Ids of the database itself, written out: one list serves without limits on values.
fn written(ids: &[i64]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
