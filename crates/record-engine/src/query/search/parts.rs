//! Where a text is looked for: in the records of a type, in the parts of these records ([`ObjectType::parts`]), and in the names of what they refer to
//! ([`super::names`]).
//!
//! What must stay true: a part leads to its whole only where the reader sees both, and only to a whole that the question is about.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use database::{Backend, Query, quote_identifier};
use filter_language::CheckedExpr;

use super::names::NameGround;
use super::seek::Seeker;
use super::sight::Sight;
use super::{MAX_CANDIDATES, Matched, Question, load_searched, matched_field, score};
use crate::access::{Action, RowRule, Scope};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::Result;
use crate::query::compile::{Predicate, Term};
use crate::query::conditions::Fragment;
use crate::query::load::masked;

/// A found record.
pub(super) struct Hit {
    /// Its id.
    pub id: i64,
    /// The text that answers.
    text: String,
    /// The part that holds the text: its type by its place among [`ObjectType::parts`], its id.
    part: Option<(usize, i64)>,
    /// Whose name answers: the reference to him, and the name.
    pub named: Option<(String, String)>,
}

impl Hit {
    /// How well it answers. What was said about a record is worth less than what stands in it.
    pub(super) fn score(&self, question: &Question) -> i64 {
        let score = score(question, &self.text);
        // What it refers to is less than what it is, and more than what was said about it.
        match (&self.part, &self.named) {
            (Some(_), _) => score / 4,
            (None, Some(_)) => score / 3,
            (None, None) => score,
        }
    }
}

/// The records among which a text is looked for.
pub(super) struct Ground<'a> {
    object_type: &'a ObjectType,
    predicate: &'a Predicate,
    is_trash: bool,
    sight: Sight,
    parts: Vec<PartGround<'a>>,
    names: Vec<NameGround>,
}

struct PartGround<'a> {
    object_type: &'a Arc<ObjectType>,
    /// The column with the whole.
    column: String,
    predicate: Predicate,
    sight: Sight,
    /// Its place among [`ObjectType::parts`].
    place: usize,
}

impl<'a> Ground<'a> {
    /// The records of the predicate, in the trash or outside of it, and those of their parts that the reader sees.
    ///
    /// # Errors
    /// `Stored` for a rule that does not fit the fields: a defect of the module.
    pub(super) fn new(
        context: &RequestContext,
        object_type: &'a ObjectType,
        predicate: &'a Predicate,
        is_trash: bool,
        backend: Backend,
    ) -> Result<Ground<'a>> {
        let live = if is_trash { "t.deleted_at IS NOT NULL" } else { "t.deleted_at IS NULL" };
        let mut parts = Vec::new();
        for (place, part) in object_type.parts().iter().enumerate() {
            let scope = Scope::of(context, part, Action::See)?;
            // The wholes that the reader sees stand in the predicate already.
            let own = match scope.rows() {
                RowRule::Within(within) => &within.own,
                rows => rows,
            };
            let Some(column) = part.part_field(object_type).map(|field| &field.column) else { continue };
            let mut made = Predicate::new(part, own, &CheckedExpr::all(), backend);
            // The column is named without its table: no column of the whole is called so (`Catalog::attach_sets`).
            let column = quote_identifier(column);
            let table = quote_identifier(object_type.table());
            let mut condition =
                Fragment::new(format!("EXISTS (SELECT 1 FROM {table} t WHERE t.id = {column} AND {live}"), Vec::new());
            condition.append(&predicate.and_sql());
            condition.push(")");
            made.terms.push(Term::of(condition));
            let sight = Sight::of(&scope, part);
            parts.push(PartGround { object_type: part, column, predicate: made, sight, place });
        }
        let scope = Scope::of(context, object_type, Action::See)?;
        let names = NameGround::of(context, object_type, &scope, backend)?;
        let sight = Sight::of(&scope, object_type);
        Ok(Ground { object_type, predicate, is_trash, sight, parts, names })
    }

    fn own(&self) -> Seeker<'_> {
        Seeker::new(self.object_type, self.predicate, &self.sight, self.is_trash)
    }

    /// One for the records themselves, one for each type of bearers of their names and of parts.
    pub(super) fn seekers(&self) -> impl Iterator<Item = Seeker<'_>> {
        let names = self.names.iter().map(NameGround::seeker);
        std::iter::once(self.own()).chain(names).chain(self.parts.iter().map(PartGround::seeker))
    }

    /// What answers, at most [`MAX_CANDIDATES`]: records by themselves first, then by a name, then by their parts, newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn find(&self, tx: &mut dyn Query, question: &Question) -> Result<Vec<Hit>> {
        let mut own = self.own().find(tx, question)?;
        if let Some(id) = self.numbered(tx, question)? {
            own.retain(|(known, _)| *known != id);
            own.insert(0, (id, question.words.join(" ")));
        }
        let mut known: HashSet<i64> = own.iter().map(|(id, _)| *id).collect();
        let mut hits: Vec<Hit> = own.into_iter().map(|(id, text)| Hit { id, text, part: None, named: None }).collect();
        self.find_by_names(tx, question, &mut known, &mut hits)?;
        for part in &self.parts {
            if hits.len() >= MAX_CANDIDATES {
                break;
            }
            let found = part.seeker().find(tx, question)?;
            let wholes = part.wholes(tx, &found)?;
            for (id, text) in found {
                if let Some(whole) = wholes.get(&id).filter(|whole| known.insert(**whole)) {
                    hits.push(Hit { id: *whole, text, part: Some((part.place, id)), named: None });
                }
            }
        }
        hits.truncate(MAX_CANDIDATES);
        Ok(hits)
    }

    /// The number that a question asks for: what is done, as a task, is called by it; of other records only with its sign.
    fn number_of(&self, question: &Question) -> Option<i64> {
        let (number, is_signed) = question.number?;
        (is_signed || self.object_type.definition.done_by.is_some()).then_some(number)
    }

    /// The record of the number that is asked for, where the reader sees it.
    fn numbered(&self, tx: &mut dyn Query, question: &Question) -> Result<Option<i64>> {
        let Some(number) = self.number_of(question) else { return Ok(None) };
        let live = if self.is_trash { "t.deleted_at IS NOT NULL" } else { "t.deleted_at IS NULL" };
        let table = quote_identifier(self.object_type.table());
        let sql = format!("SELECT t.id FROM {table} t WHERE t.id = ? AND {live}");
        let mut statement = Fragment::new(sql, vec![number.into()]);
        statement.append(&self.predicate.and_sql());
        let row = tx.query_optional(&statement.sql, &statement.params)?;
        Ok(row.map(|row| row.integer(0)).transpose()?)
    }

    /// A query for the id of the record of the number that is asked for.
    pub(super) fn of_number(&self, question: &Question) -> Option<Fragment> {
        let number = self.number_of(question)?;
        let table = quote_identifier(self.object_type.table());
        Some(Fragment::new(format!("SELECT n.id FROM {table} n WHERE n.id = ?"), vec![number.into()]))
    }

    fn find_by_names(
        &self,
        tx: &mut dyn Query,
        question: &Question,
        known: &mut HashSet<i64>,
        hits: &mut Vec<Hit>,
    ) -> Result<()> {
        for name in &self.names {
            for bearer in name.bearers(tx, question)? {
                let room = MAX_CANDIDATES.saturating_sub(hits.len());
                if room == 0 {
                    break;
                }
                for id in name.records(tx, &self.own(), &bearer, known, room)? {
                    let named = Some((name.field.clone(), bearer.title.clone()));
                    hits.push(Hit { id, text: bearer.text.clone(), part: None, named });
                }
            }
        }
        Ok(())
    }

    /// Queries for the ids of the records that are found by the name of what they refer to.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn referring_to_names(&self, tx: &mut dyn Query, question: &Question) -> Result<Vec<Fragment>> {
        let mut queries = Vec::new();
        for name in &self.names {
            let bearers = name.bearers(tx, question)?;
            if !bearers.is_empty() {
                queries.push(name.all_records(self.object_type, &bearers));
            }
        }
        Ok(queries)
    }

    /// Queries for the ids of the records whose parts answer; none for a question without a long word, which parts are not asked.
    pub(super) fn wholes_of_parts(&self, question: &Question, backend: Backend) -> Vec<Fragment> {
        if question.long_words().next().is_none() {
            return Vec::new();
        }
        let query = |part: &PartGround<'_>| {
            let mut made = Fragment::new(format!("SELECT t.{}", part.column), Vec::new());
            made.append(&part.seeker().led_by_trigrams(question, backend));
            made
        };
        // Of parts whose texts he sees in part only, nobody could judge a condition.
        self.parts.iter().filter(|part| !part.sight.is_partial()).map(query).collect()
    }

    /// The texts of the records themselves as the reader sees them.
    pub(super) fn sight(&self) -> &Sight {
        &self.sight
    }
}

impl PartGround<'_> {
    fn seeker(&self) -> Seeker<'_> {
        Seeker::new(self.object_type, &self.predicate, &self.sight, false)
    }

    /// The wholes of found parts.
    fn wholes(&self, tx: &mut dyn Query, found: &[(i64, String)]) -> Result<HashMap<i64, i64>> {
        if found.is_empty() {
            return Ok(HashMap::new());
        }
        let ids = found.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(", ");
        let table = quote_identifier(self.object_type.table());
        let rows = tx.query(&format!("SELECT id, {} FROM {table} WHERE id IN ({ids})", self.column), &[])?;
        rows.into_iter().map(|row| Ok((row.integer(0)?, row.integer(1)?))).collect()
    }
}

/// What stands in the parts by which records were found, by the ids of the records.
///
/// # Errors
/// Those of the database.
pub(super) fn matched_parts<'a>(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    hits: impl Iterator<Item = &'a Hit>,
    question: &Question,
) -> Result<HashMap<i64, Matched>> {
    let mut wholes: HashMap<usize, HashMap<i64, i64>> = HashMap::new();
    for (hit, (place, id)) in hits.filter_map(|hit| Some((hit, hit.part?))) {
        wholes.entry(place).or_default().insert(id, hit.id);
    }
    let mut matched = HashMap::new();
    for (place, part) in object_type.parts().iter().enumerate() {
        let Some(wholes) = wholes.get(&place) else { continue };
        let scope = Scope::of(context, part, Action::See)?;
        let ids: Vec<i64> = wholes.keys().copied().collect();
        for record in load_searched(tx, part, &ids)? {
            let record = masked(part, &scope, record);
            if let Some((whole, found)) = wholes.get(&record.id).zip(matched_field(part, &record, question)) {
                matched.insert(*whole, Matched { part: Some(part.name.clone()), ..found });
            }
        }
    }
    Ok(matched)
}
