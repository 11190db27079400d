//! The statements that read the records of a page, by the plan that was chosen for it.
use database::{Backend, Query, Value, quote_identifier};
use serde_json::Value as Json;

use super::plan::{self, Ordered, Plan};
use super::streams::{Streams, bounds, nearest};
use super::{Order, Place, ids_term};
use crate::catalog::ObjectType;
use crate::error::Result;
use crate::field_types::TITLE_KEY;
use crate::query::compile::{Predicate, Term};
use crate::query::conditions::Fragment;
use crate::query::load::Projection;
use crate::record::Record;

fn bound(value: &Json) -> Value {
    match value {
        Json::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().map_or(Value::Null, Value::Real), Value::Integer)
        }
        Json::String(text) => Value::Text(text.clone()),
        _ => Value::Null,
    }
}

/// A part of the order of one field that an index follows: the records of one value, those beyond it, or those without one.
///
/// SQLite follows an index exactly as far as one column tells: `(value, id) < (?, ?)` begins with the first record of the value, which after a mass
/// change are all that it changed. So the two parts are asked one after the other.
struct Stretch<'a> {
    /// Begins with ` AND `: which part, and behind which place.
    keyset: Fragment,
    /// In which order its records stand: by their values and ids, or by ids alone.
    columns: Vec<String>,
    order: &'a Order<'a>,
}

impl<'a> Stretch<'a> {
    fn new(keyset: Fragment, columns: &[&str], order: &'a Order<'a>) -> Stretch<'a> {
        Stretch { keyset, columns: columns.iter().map(|column| (*column).to_owned()).collect(), order }
    }

    fn by(&self) -> String {
        let direction = self.order.direction();
        self.columns.iter().map(|column| format!("{column} {direction}")).collect::<Vec<_>>().join(", ")
    }

    /// Its parts that are not beyond a record of these sort values.
    fn up_to(&self, end: &[Value]) -> Vec<Fragment> {
        let within = if self.order.is_descending { ">=" } else { "<=" };
        let part = |conditions: &str, params: &[Value]| {
            let mut keyset = self.keyset.clone();
            keyset.append(&Fragment::new(conditions, params.to_vec()));
            keyset
        };
        match (self.columns.as_slice(), end) {
            ([value, id], [end_value, _]) => vec![
                part(&format!(" AND {value} {} ?", self.order.before()), std::slice::from_ref(end_value)),
                part(&format!(" AND {value} = ? AND {id} {within} ?"), end),
            ],
            (columns, _) => columns.iter().map(|id| part(&format!(" AND {id} {within} ?"), end)).collect(),
        }
    }
}

/// How the records of a page are read.
struct Way {
    plan: Plan,
    /// The walks that a walk is made of, where it is not one along the index of the order.
    streams: Option<Streams>,
}

/// Reads the records of a page.
pub(in crate::query) struct Reader<'a> {
    pub object_type: &'a ObjectType,
    pub predicate: &'a Predicate,
    pub orders: &'a [Order<'a>],
    pub is_trash: bool,
    /// The only records that can be meant, where they are known.
    pub among: Option<&'a [i64]>,
    pub projection: Projection<'a>,
}

impl Reader<'_> {
    /// At most `count` records behind a place.
    pub fn read(&self, tx: &mut dyn Query, cursor: Option<&Place>, count: usize) -> Result<Vec<Record>> {
        let way = self.way(tx, count)?;
        match self.orders {
            [only] => self.read_by_one(tx, &way, only, cursor, count),
            several => self.read_by_several(tx, &way, several, cursor, count),
        }
    }

    fn way(&self, tx: &mut dyn Query, count: usize) -> Result<Way> {
        if let Some(ids) = self.among {
            return Ok(Way { plan: Plan::Source(self.source_of(ids)), streams: None });
        }
        if self.is_trash {
            return Ok(Way { plan: Plan::Walk(None), streams: None });
        }
        let streams = match self.orders {
            [only] => Streams::of(self.object_type, self.predicate, only),
            _ => None,
        };
        let is_said = |place: usize| self.is_said(streams.as_ref(), place);
        let plan =
            plan::choose(tx, self.object_type, self.predicate, count, &self.ordered(streams.as_ref(), &is_said))?;
        Ok(Way { plan, streams })
    }

    fn ordered<'s>(&self, streams: Option<&Streams>, is_said: &'s dyn Fn(usize) -> bool) -> Ordered<'s> {
        let walks = streams.and_then(|streams| i64::try_from(streams.each.len()).ok()).unwrap_or(1).max(1);
        let has_index = streams.is_some() || self.has_index();
        Ordered { has_index, is_of_titles: self.is_by_title(), walks, is_said }
    }

    /// Whether a walk has no others than those that satisfy a term: one that its values say, or a bound of the order itself.
    fn is_said(&self, streams: Option<&Streams>, place: usize) -> bool {
        let is_bound = || self.predicate.terms.get(place).is_some_and(|term| self.is_of_the_order(term));
        streams.is_some_and(|streams| streams.says(place) || streams.holds(place) || is_bound())
    }

    fn source_of(&self, ids: &[i64]) -> Fragment {
        let of_ids = ids_term(ids).condition;
        let table = quote_identifier(self.object_type.table());
        Fragment::new(format!("SELECT t.id FROM {table} t WHERE {}", of_ids.sql), of_ids.params)
    }

    /// One sort field: first the records that have a value, by the index, then those without one. Empty values come last either way.
    fn read_by_one(
        &self,
        tx: &mut dyn Query,
        way: &Way,
        order: &Order,
        cursor: Option<&Place>,
        count: usize,
    ) -> Result<Vec<Record>> {
        let (column, id) = match &way.plan {
            Plan::Along(..) => (format!("c.{TITLE_KEY}"), "c.record_id"),
            _ => (format!("t.{}", quote_identifier(&order.column)), "t.id"),
        };
        let column = column.as_str();
        let beyond = order.beyond();
        let after = cursor.and_then(|cursor| cursor.values.first().map(|value| (value, Value::Integer(cursor.id))));
        let follows_index = match &way.plan {
            Plan::Source(_) => false,
            Plan::Along(..) => true,
            Plan::Walk(_) | Plan::Look(_) => !self.is_trash && (way.streams.is_some() || self.has_index()),
        };
        let stretch = |condition: String, params: Vec<Value>, columns: &[&str]| {
            Stretch::new(Fragment::new(condition, params), columns, order)
        };
        let mut stretches = Vec::new();
        match &after {
            _ if order.field.name == "id" => {
                let behind = after.as_ref().map(|(_, last)| last.clone());
                let condition = behind.as_ref().map_or_else(String::new, |_| format!(" AND {id} {beyond} ?"));
                stretches.push(stretch(condition, behind.into_iter().collect(), &[id]));
            }
            None if order.field.is_system => stretches.push(stretch(String::new(), Vec::new(), &[column, id])),
            None => stretches.push(stretch(format!(" AND {column} IS NOT NULL"), Vec::new(), &[column, id])),
            Some((Json::Null, _)) => {}
            Some((value, last)) if follows_index => {
                let value = bound(value);
                let of_value = format!(" AND {column} = ? AND {id} {beyond} ?");
                stretches.push(stretch(of_value, vec![value.clone(), last.clone()], &[id]));
                stretches.push(stretch(format!(" AND {column} {beyond} ?"), vec![value], &[column, id]));
            }
            Some((value, last)) => stretches.push(stretch(
                format!(" AND ({column}, {id}) {beyond} (?, ?)"),
                vec![bound(value), last.clone()],
                &[column, id],
            )),
        }
        if !order.field.is_system && bounds(self.predicate, &order.field.name).is_empty() {
            let (mut condition, mut params) = (format!(" AND {column} IS NULL"), Vec::new());
            if let Some((Json::Null, last)) = &after {
                condition.push_str(&format!(" AND {id} {beyond} ?"));
                params.push(last.clone());
            }
            stretches.push(stretch(condition, params, &[id]));
        }
        let mut records = Vec::new();
        for stretch in &stretches {
            if records.len() < count {
                records.extend(self.run(tx, way, stretch, count - records.len())?);
            }
        }
        Ok(records)
    }

    /// Several sort fields: each comes as "is it empty" and its value, so mixed directions and empty values keep one total order.
    fn read_by_several(
        &self,
        tx: &mut dyn Query,
        way: &Way,
        orders: &[Order],
        cursor: Option<&Place>,
        count: usize,
    ) -> Result<Vec<Record>> {
        let mut by: Vec<String> = Vec::new();
        for order in orders {
            let column = format!("t.{}", quote_identifier(&order.column));
            by.push(format!("({column} IS NULL) ASC"));
            by.push(format!("{column} {}", order.direction()));
        }
        let last = orders.last().map_or("ASC", Order::direction);
        by.push(format!("t.id {last}"));
        let mut condition = Fragment::default();
        if let Some(cursor) = cursor {
            condition = after_several(orders, cursor);
        }
        self.run_one(tx, &way.plan, &condition, &by.join(", "), count)
    }

    fn run(&self, tx: &mut dyn Query, way: &Way, stretch: &Stretch, count: usize) -> Result<Vec<Record>> {
        let Plan::Look(look) = &way.plan else { return self.run_stretch(tx, way, &way.plan, stretch, count) };
        for length in &look.lengths {
            let end = self.end_of_look(tx, way.streams.as_ref(), stretch, *length)?;
            let parts = end.as_ref().map_or_else(|| vec![stretch.keyset.clone()], |end| stretch.up_to(end));
            let walk = Plan::Walk(look.set.clone());
            let mut found = Vec::new();
            for keyset in parts {
                if found.len() < count {
                    let part = Stretch { keyset, columns: stretch.columns.clone(), order: stretch.order };
                    found.extend(self.run_stretch(tx, way, &walk, &part, count - found.len())?);
                }
            }
            if found.len() >= count || end.is_none() {
                return Ok(found);
            }
        }
        let is_said = |place: usize| self.is_said(way.streams.as_ref(), place);
        let ordered = self.ordered(way.streams.as_ref(), &is_said);
        let other = plan::behind_a_look(tx, self.object_type, self.predicate, look, &ordered)?;
        self.run_stretch(tx, way, &other, stretch, count)
    }

    /// The sort values of the last record that a look looks at; `None` when there are not so many.
    fn end_of_look(
        &self,
        tx: &mut dyn Query,
        streams: Option<&Streams>,
        stretch: &Stretch,
        length: i64,
    ) -> Result<Option<Vec<Value>>> {
        let (whole, nothing) = ([Fragment::default()], String::new());
        let (walks, hint) = match streams {
            Some(streams) => (streams.each.as_slice(), streams.hint(tx)),
            None => (whole.as_slice(), nothing),
        };
        let mut ends = Vec::new();
        for walk in walks {
            let mut statement = self.select(&stretch.columns.join(", "), &hint);
            statement.append(walk);
            let is_meant = |place: usize| streams.is_some_and(|streams| streams.holds(place));
            let terms = self.predicate.terms.iter().enumerate();
            for (_, term) in terms.filter(|(place, term)| self.is_of_the_order(term) || is_meant(*place)) {
                statement.push(" AND ");
                statement.append(&term.condition);
            }
            statement.append(&stretch.keyset);
            statement.push(&format!(" ORDER BY {} LIMIT 1 OFFSET {}", stretch.by(), length - 1));
            if let Some(mut row) = tx.query_optional(&statement.sql, &statement.params)? {
                ends.push((0..stretch.columns.len()).map(|at| row.take_value(at)).collect());
            }
        }
        Ok(nearest(ends, stretch.order.is_descending))
    }

    fn select(&self, list: &str, hint: &str) -> Fragment {
        let table = quote_identifier(self.object_type.table());
        Fragment::new(format!("SELECT {list} FROM {table} t{hint} WHERE {}", self.live()), Vec::new())
    }

    /// A stretch by a plan that is no look.
    fn run_stretch(
        &self,
        tx: &mut dyn Query,
        way: &Way,
        plan: &Plan,
        stretch: &Stretch,
        count: usize,
    ) -> Result<Vec<Record>> {
        match (plan, &way.streams) {
            (Plan::Walk(set), Some(streams)) => self.run_streams(tx, streams, set.as_ref(), stretch, count),
            _ => self.run_one(tx, plan, &stretch.keyset, &stretch.by(), count),
        }
    }

    /// Several walks merged. SQLite takes from each what the next record needs; PostgreSQL sorts what it merges, so each gives no more than a page.
    fn run_streams(
        &self,
        tx: &mut dyn Query,
        streams: &Streams,
        set: Option<&Fragment>,
        stretch: &Stretch,
        count: usize,
    ) -> Result<Vec<Record>> {
        let order = stretch.order;
        let direction = order.direction();
        let column = format!("t.{}", quote_identifier(&order.column));
        let list = self.projection.select_list();
        let hint = streams.hint(tx);
        let is_one = streams.each.len() == 1;
        let selected = if is_one { list.to_owned() } else { format!("{column} AS k, t.id AS id") };
        // The value even where all have the same or none: PostgreSQL follows an index by all of its columns.
        let by = format!("{column} {direction}, t.id {direction}");
        let is_cut = is_one || tx.backend() == Backend::Postgres;
        let mut walks = Fragment::default();
        for (at, walk) in streams.each.iter().enumerate() {
            walks.push(if at > 0 { " UNION ALL " } else { "" });
            walks.push(if is_cut && !is_one { "SELECT * FROM (" } else { "" });
            walks.append(&self.select(&selected, &hint));
            walks.append(walk);
            self.push_walk_terms(&mut walks, tx.backend(), (set, "t.id"), Some(streams));
            walks.append(&stretch.keyset);
            if is_cut {
                walks.push(&format!(" ORDER BY {by} LIMIT {count}"));
            }
            walks.push(&if is_cut && !is_one { format!(") w{at}") } else { String::new() });
        }
        if is_one {
            return self.records(tx, &walks);
        }
        let mut statement = Fragment::new("WITH d (k, id) AS MATERIALIZED (", Vec::new());
        statement.append(&walks);
        statement.push(&format!(" ORDER BY 1 {direction}, 2 {direction} LIMIT {count})"));
        let table = quote_identifier(self.object_type.table());
        statement.push(&format!(" SELECT {list} FROM d CROSS JOIN {table} t WHERE t.id = d.id ORDER BY {by}"));
        self.records(tx, &statement)
    }

    fn records(&self, tx: &mut dyn Query, statement: &Fragment) -> Result<Vec<Record>> {
        tx.query(&statement.sql, &statement.params)?.into_iter().map(|row| self.projection.record(row)).collect()
    }

    /// What a walk asks of each record, but for what is said already.
    fn push_walk_terms(
        &self,
        statement: &mut Fragment,
        backend: Backend,
        (set, id): (Option<&Fragment>, &str),
        streams: Option<&Streams>,
    ) {
        if let Some(set) = set {
            statement.push(&format!(" AND +{id} IN ("));
            statement.append(set);
            statement.push(")");
        }
        let is_of = |of: fn(&Streams, usize) -> bool, place: usize| streams.is_some_and(|streams| of(streams, place));
        for (place, term) in self.predicate.terms.iter().enumerate() {
            if is_of(Streams::says, place) {
                continue;
            }
            // On a walk the sort index leads; SQLite must not prefer the index of a condition that many records satisfy. What is asked of the
            // sort field itself is a range of that index.
            let is_led = backend == Backend::Sqlite && !self.is_of_the_order(term) && !is_of(Streams::holds, place);
            statement.push(if is_led { " AND +(" } else { " AND (" });
            statement.append(&term.condition);
            statement.push(")");
        }
    }

    fn live(&self) -> &'static str {
        if self.is_trash { "t.deleted_at IS NOT NULL" } else { "t.deleted_at IS NULL" }
    }

    fn run_one(
        &self,
        tx: &mut dyn Query,
        plan: &Plan,
        keyset: &Fragment,
        by: &str,
        count: usize,
    ) -> Result<Vec<Record>> {
        let table = quote_identifier(self.object_type.table());
        let list = self.projection.select_list();
        let live = self.live();
        let mut statement = Fragment::default();
        match plan {
            Plan::Source(source) => {
                // CROSS JOIN and MATERIALIZED keep both planners from turning the plan round.
                statement.push("WITH d (id) AS MATERIALIZED (SELECT DISTINCT * FROM (");
                statement.append(source);
                statement.push(&format!(") s) SELECT {list} FROM d CROSS JOIN {table} t WHERE t.id = d.id AND {live}"));
            }
            Plan::Along(walk, _) => {
                let child = &walk.table;
                statement.push(&format!(
                    "SELECT {list} FROM {child} c CROSS JOIN {table} t WHERE t.id = c.record_id AND {live} AND "
                ));
                statement.append(&walk.condition);
            }
            Plan::Look(_) | Plan::Walk(_) => statement.append(&self.select(&list, "")),
        }
        match plan {
            Plan::Source(_) => statement.append(&self.predicate.and_sql()),
            Plan::Along(_, set) => {
                self.push_walk_terms(&mut statement, tx.backend(), (set.as_ref(), "c.record_id"), None);
            }
            Plan::Walk(set) => {
                self.push_walk_terms(&mut statement, tx.backend(), (set.as_ref(), "t.id"), None);
            }
            Plan::Look(_) => self.push_walk_terms(&mut statement, tx.backend(), (None, "t.id"), None),
        }
        statement.append(keyset);
        if matches!(plan, Plan::Along(..)) {
            // Two entries of a record that satisfy the condition stand beside each other. PostgreSQL asks for the key of the record, with which SQLite
            // would sort.
            let key = if tx.backend() == Backend::Postgres { ", t.id" } else { "" };
            statement.push(&format!(" GROUP BY c.{TITLE_KEY}, c.record_id{key}"));
        }
        statement.push(&format!(" ORDER BY {by} LIMIT {count}"));
        self.records(tx, &statement)
    }

    /// Whether a walk in the order of one field follows its index.
    fn has_index(&self) -> bool {
        matches!(self.orders, [only] if only.field.is_system || only.field.is_indexed)
    }

    /// Whether the order is that of the titles alone.
    fn is_by_title(&self) -> bool {
        matches!(self.orders, [only] if only.field.name == self.object_type.definition.title_field)
    }

    /// Whether it asks the field that leads the order.
    fn is_of_the_order(&self, term: &Term) -> bool {
        matches!(self.orders, [only] if term.field.as_deref() == Some(only.field.name.as_str()))
    }
}

/// "Behind the cursor" for several sort fields with empty values last: an OR over how many leading fields are equal.
fn after_several(orders: &[Order], cursor: &Place) -> Fragment {
    let mut any = Fragment::new(" AND (1 = 0", Vec::new());
    let mut equal = Fragment::default();
    for (order, value) in orders.iter().zip(&cursor.values) {
        let column = format!("t.{}", quote_identifier(&order.column));
        if value.is_null() {
            // Nothing of this field comes behind an empty value.
            equal.push(&format!(" AND {column} IS NULL"));
        } else {
            any.push(&format!(" OR (({column} {} ? OR {column} IS NULL)", order.beyond()));
            any.params.push(bound(value));
            any.append(&equal);
            any.push(")");
            equal.push(&format!(" AND {column} = ?"));
            equal.params.push(bound(value));
        }
    }
    let beyond = orders.last().map_or(">", Order::beyond);
    any.push(&format!(" OR (t.id {beyond} ?"));
    any.params.push(Value::Integer(cursor.id));
    any.append(&equal);
    any.push("))");
    any
}
