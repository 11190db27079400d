//! What an undo leaves as it is, told as far as its reader may know of it.
//!
//! What must stay true: of a record that he may not see only the number is told, and of a hidden field too.

use std::collections::BTreeSet;

use database::Query;
use serde_json::{Value as Json, json};

use super::UndoReport;
use crate::access::Scope;
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::engine::Snapshot;
use crate::error::Result;
use crate::query::present::{References, Titles};
use crate::record::Record;

/// Most kept values that a report lists.
const MAX_LISTED: usize = 200;

/// What a batch of records of one type keeps.
pub(super) struct Kept<'a> {
    object_type: &'a ObjectType,
    see: Scope,
    seen: BTreeSet<i64>,
    count: i64,
    whole: BTreeSet<i64>,
    listed: Vec<(&'a Record, Option<KeptField<'a>>)>,
}

/// A field that was kept, and the value it would have got.
type KeptField<'a> = (&'a Field, Json);

impl<'a> Kept<'a> {
    /// Nothing so far; `see` is the reader's scope, `seen` the records of the batch within it.
    pub fn new(object_type: &'a ObjectType, see: Scope, seen: BTreeSet<i64>) -> Kept<'a> {
        Kept { object_type, see, seen, count: 0, whole: BTreeSet::new(), listed: Vec::new() }
    }

    /// Whether the reader may know of the record.
    pub fn sees(&self, record: &Record) -> bool {
        self.seen.contains(&record.id)
    }

    /// Whether the reader may know of the field.
    pub fn shows(&self, field: &Field) -> bool {
        self.see.shows(field)
    }

    /// Keeps a record as a whole; a second time says nothing new.
    pub fn record(&mut self, record: &'a Record) {
        if self.whole.insert(record.id) {
            self.count += 1;
            if self.sees(record) {
                self.listed.push((record, None));
            }
        }
    }

    /// Keeps one field of a record.
    pub fn field(&mut self, record: &'a Record, field: &'a Field, would_be: Json) {
        self.count += 1;
        if self.sees(record) && self.shows(field) {
            self.listed.push((record, Some((field, would_be))));
        }
    }

    /// Adds to the report, values in the shape that clients read.
    ///
    /// # Errors
    /// Those of the database.
    pub fn tell(
        mut self,
        tx: &mut dyn Query,
        snapshot: &Snapshot,
        context: &RequestContext,
        report: &mut UndoReport,
    ) -> Result<()> {
        report.kept_count += self.count;
        self.listed.truncate(MAX_LISTED.saturating_sub(report.kept.len()));
        if self.listed.is_empty() {
            return Ok(());
        }
        let mut wanted = References::default();
        for (record, field) in &self.listed {
            if let Some((field, would_be)) = field {
                wanted.add_value(field, record.value(&field.name));
                wanted.add_value(field, would_be);
            }
        }
        let titles = Titles::load(tx, context, &snapshot.catalog, &wanted)?;
        let title_field =
            self.object_type.field(self.object_type.definition.title_field).filter(|field| self.see.shows(field));
        for (record, kept) in &self.listed {
            let title = title_field.and_then(|field| record.value(&field.name).as_str()).unwrap_or_default();
            let value = |value: &Json| kept.as_ref().map(|(field, _)| titles.value(field, value));
            report.kept.push(json!({
                "type": self.object_type.name,
                "id": record.id,
                "title": title,
                "field": kept.as_ref().map(|(field, _)| &field.name),
                "current": kept.as_ref().and_then(|(field, _)| value(record.value(&field.name))),
                "would_be": kept.as_ref().and_then(|(_, would_be)| value(would_be)),
            }));
        }
        Ok(())
    }
}
