//! The timeline of a record: what was written about it, what is to be done, what was sold and what happened, in one stream, the newest first.
//!
//! Which records stand on it is data: a reference that its module put [on timelines](crate::catalog::FieldDefinition::on_timeline), with the moment that
//! counts. So a new type is on the cards of its clients without a word from here. The changes of the record's own fields are one kind more.
//!
//! What must stay true:
//! - an entry is seen by whoever sees its record, and tells no more of it than a list; through a reference, or by a moment, that is hidden from the
//!   reader he learns nothing ([`source`]);
//! - there is one order for all ([`place`]): pages neither repeat nor lose an entry that stands still;
//! - a page costs what it holds, not what stands on the card: each source gives its next entries by an index, and they are merged here.

mod place;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, ReadTx, Value, in_list, quote_identifier};
use filter_language::CheckedExpr;
use serde_json::{Value as Json, json};

use super::compile::Predicate;
use super::load::{Projection, get, masked};
use super::page::{DEADLINE, needed_fields, too_slow};
use super::present::{References, Titles, present};
use crate::access::{Action, RowRule, Scope};
use crate::catalog::{Catalog, Field, ObjectType};
use crate::context::{RequestContext, instant_text, parse_instant};
use crate::error::{EngineError, FieldError, Result};
use crate::field_types::FieldKind;
use crate::history::{HistoryQuery, record_history};
use crate::reactions;
use crate::record::Record;
use place::{CHANGES, Cursor, Place};
pub(crate) use source::indexes;
use source::{Source, Wanted, sources};

/// Most entries of a page.
pub const MAX_LIMIT: usize = 90;
/// The kind of the changes of fields.
pub const CHANGE_KIND: &str = "change";
/// The checkbox by which records of a type stand above the stream.
const PIN: &str = "is_pinned";
/// The choice that says of which kind an entry is.
const CATEGORY: &str = "category";
/// So many pinned entries stand above the stream; others have their place in it, as these have.
const MOST_PINNED: usize = 20;
/// Entries of so many records come in at most, of a company with more people those of the first.
const MOST_OTHERS: usize = 5_000;
/// Of a longer text an entry has the beginning, in characters; the record has it whole.
const TEXT_LENGTH: usize = 2_000;

/// Which part of a timeline.
#[derive(Clone, Debug, Default)]
pub struct TimelineQuery {
    /// Names of types, and [`CHANGE_KIND`]; `None` for those that are shown by default.
    pub kinds: Option<Vec<String>>,
    /// Keys of options: of the kinds that have categories, the entries with one of these, and no others. Empty for all.
    pub categories: Vec<String>,
    /// Whether what stands on the timelines of others comes in: of a company, its people.
    pub with_others: bool,
    /// From this moment on, milliseconds UTC.
    pub from_ms: Option<i64>,
    /// Before this moment.
    pub to_ms: Option<i64>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Page size, at most [`MAX_LIMIT`].
    pub limit: usize,
}

/// A page of a timeline, as clients read it.
#[derive(Debug, Default)]
pub struct TimelinePage {
    /// The entries.
    pub items: Vec<Json>,
    /// On the first page: the newest pinned ones, which stand in their places, too.
    pub pinned: Vec<Json>,
    /// How many records' entries may come in besides its own.
    pub others: usize,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// Reads one page.
///
/// # Errors
/// `NotFound` for a record that the reader may not see; `Invalid` for unknown kinds and categories and a broken cursor; `TooSlow`.
pub fn timeline(
    tx: &mut ReadTx,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    id: i64,
    query: &TimelineQuery,
) -> Result<TimelinePage> {
    tx.set_deadline(DEADLINE)?;
    get(tx, context, object_type, id)?.ok_or(EngineError::NotFound)?;
    let cursor = query.cursor.as_deref().map(Cursor::read).transpose()?;
    let all = sources(catalog, context, object_type)?;
    let chosen = chosen(&all, query)?;
    let others = others(tx, context, object_type, id).map_err(too_slow)?;
    let reading = Reading { context, catalog, object_type, id, others: &others };
    reading.page(tx, &chosen, query, cursor.as_ref()).map_err(too_slow)
}

/// What of a timeline was asked for.
struct Chosen<'a> {
    sources: Vec<&'a Source<'a>>,
    has_changes: bool,
}

fn chosen<'a>(all: &'a [Source<'a>], query: &TimelineQuery) -> Result<Chosen<'a>> {
    let wrong =
        |name: &str, value: &str| EngineError::field(FieldError::new(name, "unknown_option").with("value", value));
    for kind in query.kinds.iter().flatten().filter(|kind| *kind != CHANGE_KIND) {
        if !all.iter().any(|source| source.object_type.name == *kind) {
            return Err(wrong("kinds", kind));
        }
    }
    let knows = |source: &Source<'_>, key: &str| {
        let options = source.category().and_then(|field| match &field.kind {
            FieldKind::Choice(settings) => Some(&settings.options),
            _ => None,
        });
        options.is_some_and(|options| options.iter().any(|option| option.key == key))
    };
    for key in &query.categories {
        if !all.iter().any(|source| knows(source, key)) {
            return Err(wrong("category", key));
        }
    }
    let is_wanted = |source: &&Source<'_>| match &query.kinds {
        Some(kinds) => kinds.contains(&source.object_type.name),
        None => source.is_shown,
    };
    let asks_changes = query.kinds.iter().flatten().any(|kind| kind == CHANGE_KIND);
    Ok(Chosen {
        sources: all.iter().filter(is_wanted).collect(),
        has_changes: asks_changes && query.categories.is_empty(),
    })
}

/// The live records whose entries come in, as far as the reader sees them and may know that they belong to it.
fn others(tx: &mut dyn Query, context: &RequestContext, object_type: &ObjectType, id: i64) -> Result<Vec<i64>> {
    let scope = Scope::of(context, object_type, Action::See)?;
    let is_up = |field: &&Field| field.rolls_up && scope.shows(field) && matches!(field.kind, FieldKind::Reference(_));
    let Some(field) = object_type.value_fields().find(is_up) else { return Ok(Vec::new()) };
    if matches!(scope.rows(), RowRule::Nothing) {
        return Ok(Vec::new());
    }
    let predicate = Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), tx.backend()).and_sql();
    let sql = format!(
        "SELECT t.id FROM {} t WHERE t.{} = ? AND t.deleted_at IS NULL{} ORDER BY t.id LIMIT {MOST_OTHERS}",
        quote_identifier(object_type.table()),
        quote_identifier(&field.column),
        predicate.sql
    );
    let rows = tx.query(&sql, &[vec![id.into()], predicate.params].concat())?;
    rows.iter().map(|row| Ok(row.integer(0)?)).collect()
}

/// One request for a page.
struct Reading<'a> {
    context: &'a RequestContext,
    catalog: &'a Catalog,
    object_type: &'a ObjectType,
    id: i64,
    others: &'a [i64],
}

impl Reading<'_> {
    fn page(
        &self,
        tx: &mut ReadTx,
        chosen: &Chosen<'_>,
        query: &TimelineQuery,
        cursor: Option<&Cursor>,
    ) -> Result<TimelinePage> {
        let limit = query.limit.clamp(1, MAX_LIMIT);
        let mut ids = vec![self.id];
        if query.with_others {
            ids.extend(self.others.iter().filter(|other| **other != self.id));
        }
        let mut wanted = Wanted {
            ids: &ids,
            categories: &query.categories,
            is_pinned: false,
            from_ms: query.from_ms,
            to_ms: query.to_ms,
            behind: cursor.map(|cursor| &cursor.behind),
            count: limit + 1,
        };
        let mut places = self.places(tx, &chosen.sources, &wanted)?;
        let changes = if chosen.has_changes { self.changes(tx, query, cursor, limit + 1)? } else { BTreeMap::new() };
        places.extend(changes.values().map(|(place, _)| *place));
        places.sort_unstable();
        places.dedup();
        let has_more = places.len() > limit;
        places.truncate(limit);
        let next_cursor = places.last().filter(|_| has_more).map(|last| {
            let of_page = places.iter().rev().find(|place| place.rank == CHANGES).map(|place| place.id);
            Cursor { behind: *last, change: of_page.or(cursor.and_then(|cursor| cursor.change)) }.encode()
        });
        let mut pinned = Vec::new();
        if cursor.is_none() {
            let own = [self.id];
            wanted = Wanted { ids: &own, is_pinned: true, from_ms: None, to_ms: None, count: MOST_PINNED, ..wanted };
            pinned = self.places(tx, &chosen.sources, &wanted)?;
            pinned.sort_unstable();
            pinned.truncate(MOST_PINNED);
        }
        let records = self.records(tx, &chosen.sources, places.iter().chain(&pinned))?;
        let entry = |place: &Place| match place.rank {
            CHANGES => changes.get(&place.id).map(|(_, change)| change.clone()),
            _ => records.get(&(place.rank, place.id)).map(|made| made.at(place.at)),
        };
        Ok(TimelinePage {
            items: places.iter().filter_map(entry).collect(),
            pinned: pinned.iter().filter_map(entry).collect(),
            others: self.others.len(),
            next_cursor,
        })
    }

    fn places(&self, tx: &mut dyn Query, sources: &[&Source<'_>], wanted: &Wanted<'_>) -> Result<Vec<Place>> {
        let mut places = Vec::new();
        for source in sources.iter().filter(|source| !wanted.is_pinned || source.pin().is_some()) {
            places.extend(source.places(tx, wanted)?);
        }
        Ok(places)
    }

    /// The changes of its own fields, by their operations. Their moments never rise on the way down, whatever the clocks of two processes said.
    fn changes(
        &self,
        tx: &mut dyn Query,
        query: &TimelineQuery,
        cursor: Option<&Cursor>,
        count: usize,
    ) -> Result<BTreeMap<i64, (Place, Json)>> {
        let before = cursor.and_then(|cursor| cursor.change);
        let asked = HistoryQuery {
            from_ms: query.from_ms,
            to_ms: query.to_ms,
            before,
            limit: count,
            ..HistoryQuery::default()
        };
        let (entries, _) = record_history(tx, self.context, self.catalog, self.object_type, self.id, &asked)?;
        let mut latest = cursor.map_or(i64::MAX, |cursor| cursor.behind.at);
        let mut made = BTreeMap::new();
        for change in entries {
            let of = |name: &str| change.get("operation").and_then(|operation| operation.get(name));
            let at = of("at").and_then(Json::as_str).and_then(parse_instant);
            let (Some(id), Some(at)) = (of("id").and_then(Json::as_i64), at) else { continue };
            latest = latest.min(at);
            let entry = json!({
                "kind": CHANGE_KIND, "id": id, "at": instant_text(latest), "record": null, "of": null, "is_cut": false,
                "change": change, "reactions": [],
            });
            made.insert(id, (Place { at: latest, rank: CHANGES, id }, entry));
        }
        Ok(made)
    }

    /// The records of places as clients read them, by type and id.
    fn records<'p>(
        &self,
        tx: &mut dyn Query,
        sources: &[&Source<'_>],
        places: impl Iterator<Item = &'p Place>,
    ) -> Result<BTreeMap<(i64, i64), Entry>> {
        let mut ids: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for place in places {
            ids.entry(place.rank).or_default().insert(place.id);
        }
        let mut made = BTreeMap::new();
        for (type_id, ids) in ids {
            let of_type: Vec<&Source<'_>> =
                sources.iter().copied().filter(|source| source.object_type.id == type_id).collect();
            if let Some(first) = of_type.first() {
                self.load(tx, first, &of_type, &ids.into_iter().collect::<Vec<i64>>(), &mut made)?;
            }
        }
        Ok(made)
    }

    fn load(
        &self,
        tx: &mut dyn Query,
        first: &Source<'_>,
        of_type: &[&Source<'_>],
        ids: &[i64],
        made: &mut BTreeMap<(i64, i64), Entry>,
    ) -> Result<()> {
        let (object_type, scope) = (first.object_type, first.scope());
        let shown = shown_fields(object_type, scope, of_type);
        let needed = needed_fields(self.context, object_type, &[], &shown)?;
        let projection = Projection::new(object_type, Some(&needed));
        let sql = format!(
            "SELECT {} FROM {} t WHERE t.id IN {}",
            projection.select_list(),
            quote_identifier(object_type.table()),
            in_list(ids.len())
        );
        let params: Vec<Value> = ids.iter().map(|id| Value::Integer(*id)).collect();
        let mut records =
            tx.query(&sql, &params)?.into_iter().map(|row| projection.record(row)).collect::<Result<Vec<Record>>>()?;
        projection.load_children(tx, &mut records)?;
        // Whose an entry is, is asked of the whole record, and said in the title that the reader sees.
        let whose: Vec<Option<i64>> = records.iter().map(|record| self.whose(of_type, record)).collect();
        let mut records: Vec<Record> = records.into_iter().map(|record| masked(object_type, scope, record)).collect();
        let cut: Vec<bool> = records.iter_mut().map(|record| cut_texts(object_type, record)).collect();
        let names = References::to(&self.object_type.name, whose.iter().flatten().copied());
        let titles = Titles::load(tx, self.context, self.catalog, &names)?;
        let reactions = reactions::of_records(tx, self.context, self.catalog, object_type, ids)?;
        let mut presented = present(tx, self.context, self.catalog, object_type, &records)?;
        presented.keep_fields(|name| shown.iter().any(|shown| shown == name));
        for ((record, shown), (whose, is_cut)) in records.iter().zip(presented.iter()).zip(whose.into_iter().zip(cut)) {
            let entry = Entry {
                kind: object_type.name.clone(),
                id: record.id,
                record: shown.to_json(),
                of: whose.map_or(Json::Null, |id| titles.reference(&self.object_type.name, id)),
                is_cut,
                reactions: reactions.get(&record.id).cloned().unwrap_or_else(|| json!([])),
            };
            made.insert((object_type.id, record.id), entry);
        }
        Ok(())
    }

    /// The other record by which an entry came in; `None` for one of its own.
    fn whose(&self, of_type: &[&Source<'_>], record: &Record) -> Option<i64> {
        let named: Vec<i64> = of_type
            .iter()
            .flat_map(|source| match record.value(&source.field.name) {
                Json::Array(ids) => ids.iter().filter_map(Json::as_i64).collect(),
                one => one.as_i64().into_iter().collect::<Vec<i64>>(),
            })
            .collect();
        let is_other = |id: &i64| self.others.binary_search(id).is_ok();
        if named.contains(&self.id) { None } else { named.into_iter().find(is_other) }
    }
}

/// An entry that is a record.
struct Entry {
    kind: String,
    id: i64,
    record: Json,
    of: Json,
    is_cut: bool,
    reactions: Json,
}

impl Entry {
    fn at(&self, at: i64) -> Json {
        json!({
            "kind": self.kind, "id": self.id, "at": instant_text(at), "record": self.record, "of": self.of, "is_cut": self.is_cut,
            "change": null, "reactions": self.reactions,
        })
    }
}

/// What an entry tells of its record: what a fresh list does, what it is done by, and what the timeline itself asks for.
fn shown_fields(object_type: &ObjectType, scope: &Scope, sources: &[&Source<'_>]) -> Vec<String> {
    let definition = &object_type.definition;
    let mut names: BTreeSet<&str> = definition.default_columns.iter().copied().collect();
    names.extend([definition.title_field, PIN, CATEGORY]);
    names.extend(definition.done_by);
    names.extend(sources.iter().map(|source| source.field.name.as_str()));
    names.extend(sources.iter().filter_map(|source| source.field.timeline).map(|timeline| timeline.at));
    names.extend(object_type.fields.iter().filter(|field| field.overdue_if.is_some()).map(|field| field.name.as_str()));
    let is_told = |name: &&str| object_type.field(name).is_some_and(|field| !field.is_retired && scope.shows(field));
    names.into_iter().filter(is_told).map(String::from).collect()
}

/// Leaves the beginnings of long texts; whether there was more.
fn cut_texts(object_type: &ObjectType, record: &mut Record) -> bool {
    let mut is_cut = false;
    for (name, value) in &mut record.values {
        let is_long = object_type.field(name).is_some_and(|field| matches!(field.kind, FieldKind::LongText(_)));
        if let Some(beginning) = value.as_str().filter(|_| is_long).and_then(beginning) {
            *value = Json::String(beginning.to_owned());
            is_cut = true;
        }
    }
    is_cut
}

/// The beginning of a text that is too long, not within a mention.
fn beginning(text: &str) -> Option<&str> {
    let (end, _) = text.char_indices().nth(TEXT_LENGTH)?;
    let kept = text.get(..end)?;
    match kept.rsplit_once("@[") {
        Some((before, begun)) if !begun.contains(')') => Some(before.trim_end()),
        _ => Some(kept.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::{TEXT_LENGTH, beginning};

    #[test]
    fn a_text_is_cut_before_a_mention() {
        let long = "я".repeat(TEXT_LENGTH);
        assert_eq!(beginning(&long), None);
        assert_eq!(beginning(&format!("{long}!")), Some(long.as_str()));
        let short = "я".repeat(TEXT_LENGTH - 5);
        assert_eq!(beginning(&format!("{short} @[Олена](user:7) и ещё")), Some(short.as_str()));
    }
}
