//! What a reader from whom fields are hidden finds: the index holds the texts of all fields, so its answers are judged once more, by the text of
//! those that he sees.
//!
//! What must stay true: nobody learns that a word stands in a field that he does not know of, neither by what is found nor by how it is ordered or
//! cut off. So the candidates are read on until enough of them answer by what is visible. Whoever sees all searched fields pays nothing for it.

use std::collections::HashMap;

use database::Query;

use super::{MAX_CANDIDATES, Question, load_searched};
use crate::access::Scope;
use crate::catalog::{Field, ObjectType};
use crate::error::Result;
use crate::query::conditions::Fragment;
use crate::query::load::masked;
use crate::search_text::search_text;

/// Rows of the index that are judged in one go.
const MAX_ROUND: usize = 5_000;
/// Each round is so many times as long as the one before it.
const GROWTH: usize = 4;

/// The searched fields of one type as its reader sees them.
#[derive(Clone)]
pub(super) struct Sight {
    scope: Scope,
    is_partial: bool,
}

impl Sight {
    /// By the scope of a reader.
    pub(super) fn of(scope: &Scope, object_type: &ObjectType) -> Sight {
        let is_partial = object_type.value_fields().any(|field| field.is_searched && !scope.shows(field));
        Sight { scope: scope.clone(), is_partial }
    }

    /// Whether a searched field is hidden.
    pub(super) fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// Whether a field is seen.
    pub(super) fn shows(&self, field: &Field) -> bool {
        self.scope.shows(field)
    }

    /// The first [`MAX_CANDIDATES`] rows, of record ids and texts, for which `answers` holds of the visible text, which they bear then.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn read(
        &self,
        tx: &mut dyn Query,
        object_type: &ObjectType,
        statement: &Fragment,
        answers: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<(i64, String)>> {
        if !self.is_partial {
            let sql = format!("{} LIMIT {MAX_CANDIDATES}", statement.sql);
            let rows = tx.query(&sql, &statement.params)?;
            return rows.into_iter().map(|mut row| Ok((row.integer(0)?, row.take_text(1)?))).collect();
        }
        let (mut found, mut offset, mut length) = (Vec::new(), 0, MAX_CANDIDATES);
        loop {
            let sql = format!("{} LIMIT {length} OFFSET {offset}", statement.sql);
            let rows = tx.query(&sql, &statement.params)?;
            let ids: Vec<i64> = rows.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?;
            let texts = self.texts(tx, object_type, &ids)?;
            for id in &ids {
                found.extend(texts.get(id).filter(|text| answers(text)).map(|text| (*id, text.clone())));
            }
            if found.len() >= MAX_CANDIDATES || ids.len() < length {
                found.truncate(MAX_CANDIDATES);
                return Ok(found);
            }
            offset += length;
            length = (length * GROWTH).min(MAX_ROUND);
        }
    }

    /// The visible texts of records.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn texts(
        &self,
        tx: &mut dyn Query,
        object_type: &ObjectType,
        ids: &[i64],
    ) -> Result<HashMap<i64, String>> {
        let records = load_searched(tx, object_type, ids)?.into_iter();
        let visible = records.map(|record| masked(object_type, &self.scope, record));
        Ok(visible.map(|record| (record.id, search_text(object_type, &record.values))).collect())
    }
}

impl Question {
    /// Whether all words stand in a text, as the statements of a search ask it: long ones anywhere, short ones at the beginning of a word.
    pub(super) fn is_answered_by(&self, text: &str) -> bool {
        self.words.iter().all(|word| {
            let is_long = word.chars().count() >= super::TRIGRAM;
            if is_long {
                text.contains(word.as_str())
            } else {
                text.split(' ').any(|own| own.starts_with(word.as_str()))
            }
        })
    }
}
