//! The statements of a search among the records of one type: by the trigram index, by the end of a number, by the beginning of a title, or
//! among the few records that the reader sees.

use std::collections::HashSet;

use database::{Backend, Query, Value, quote_identifier};
use filter_language::sort_key;

use super::sight::Sight;
use super::{MAX_CANDIDATES, MAX_LIMIT, Question, TRIGRAM};
use crate::catalog::{Field, ObjectType};
use crate::error::Result;
use crate::field_types::FieldKind;
use crate::query::compile::Predicate;
use crate::query::conditions::{Fragment, prefix_end};
use crate::query::forgiving;
use crate::query::page::smallest_source;

/// From this many digits on, the end of a number is telling.
const MIN_ENDING: usize = 4;
/// From this many digits on, an ending that was found is what was meant.
const SURE_ENDING: usize = 7;

/// Looks for texts among the records of one type.
#[derive(Clone, Copy)]
pub(super) struct Seeker<'a> {
    object_type: &'a ObjectType,
    predicate: &'a Predicate,
    sight: &'a Sight,
    live: &'static str,
    is_trash: bool,
}

impl<'a> Seeker<'a> {
    /// Among those of the predicate, in the trash or outside of it, by the texts that the reader sees.
    pub(super) fn new(
        object_type: &'a ObjectType,
        predicate: &'a Predicate,
        sight: &'a Sight,
        is_trash: bool,
    ) -> Seeker<'a> {
        let live = if is_trash { "t.deleted_at IS NOT NULL" } else { "t.deleted_at IS NULL" };
        Seeker { object_type, predicate, sight, live, is_trash }
    }

    /// The records whose texts answer, newest first, at most [`MAX_CANDIDATES`], with the texts.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn find(&self, tx: &mut dyn Query, question: &Question) -> Result<Vec<(i64, String)>> {
        if question.words.is_empty() {
            return Ok(Vec::new());
        }
        let ending = question.digits.as_deref().filter(|digits| digits.len() >= MIN_ENDING);
        // So long an ending has few owners: their index leads, whoever asks.
        if let Some(digits) = ending.filter(|digits| digits.len() >= SURE_ENDING) {
            let found = self.by_ending(tx, digits)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        if let Some(source) = self.few(tx)? {
            let condition = Self::contains(question, tx.backend());
            return self.among(tx, &source, &condition, &|text| question.is_answered_by(text));
        }
        if let Some(digits) = ending.filter(|digits| digits.len() < SURE_ENDING) {
            let mut found = self.by_ending(tx, digits)?;
            if found.len() >= MAX_CANDIDATES {
                return Ok(found);
            }
            let known: HashSet<i64> = found.iter().map(|(id, _)| *id).collect();
            found.extend(self.by_trigrams(tx, question)?.into_iter().filter(|(id, _)| !known.contains(id)));
            found.truncate(MAX_CANDIDATES);
            return Ok(found);
        }
        if question.long_words().next().is_some() {
            self.by_trigrams(tx, question)
        } else {
            self.by_title(tx, question)
        }
    }

    /// Texts that may hold the word with one wrong letter, and the other words.
    pub(super) fn by_surviving_trigrams(
        &self,
        tx: &mut dyn Query,
        word: &str,
        others: &Question,
    ) -> Result<Vec<(i64, String)>> {
        let groups = forgiving::surviving_trigrams(word);
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let holds_all = |text: &str, trigrams: &Vec<String>| trigrams.iter().all(|three| text.contains(three.as_str()));
        let may_hold =
            |text: &str| others.is_answered_by(text) && groups.iter().any(|trigrams| holds_all(text, trigrams));
        if let Some(source) = self.few(tx)? {
            let mut condition = Fragment::new(" AND (FALSE", Vec::new());
            for trigrams in &groups {
                condition.push(" OR (TRUE");
                condition.append(&Self::contains(
                    &Question { words: trigrams.clone(), ..Question::default() },
                    tx.backend(),
                ));
                condition.push(")");
            }
            condition.push(")");
            condition.append(&Self::contains(others, tx.backend()));
            return self.among(tx, &source, &condition, &may_hold);
        }
        let search = self.object_type.search_table();
        let record = quote_identifier(self.object_type.table());
        let mut statement = Fragment::default();
        if tx.backend() == Backend::Sqlite {
            let group =
                |trigrams: &Vec<String>| trigrams.iter().map(|three| quoted(three)).collect::<Vec<_>>().join(" AND ");
            let mut wanted: Vec<String> = groups.iter().map(|trigrams| format!("({})", group(trigrams))).collect();
            wanted = vec![format!("({})", wanted.join(" OR "))];
            wanted.extend(Some(trigram_query(others)).filter(|query| !query.is_empty()));
            statement.push(&format!(
                "SELECT s.record_id, s.text FROM {search}_index f CROSS JOIN {search} s CROSS JOIN {record} t \
                 WHERE f.{search}_index MATCH ? AND s.record_id = f.rowid AND t.id = f.rowid AND {}",
                self.live
            ));
            statement.params.push(Value::Text(wanted.join(" AND ")));
        } else {
            statement.push(&format!(
                "SELECT s.record_id, s.text FROM {search} s JOIN {record} t ON t.id = s.record_id WHERE {} AND (",
                self.live
            ));
            for (at, trigrams) in groups.iter().enumerate() {
                statement.push(if at > 0 { " OR (TRUE" } else { "(TRUE" });
                statement.append(&like_words(&Question { words: trigrams.clone(), ..Question::default() }));
                statement.push(")");
            }
            statement.push(")");
        }
        statement.append(&Self::contains(others, tx.backend()));
        statement.append(&self.predicate.and_sql());
        statement.push(newest_of_the_index(tx.backend()));
        self.sight.read(tx, self.object_type, &statement, &may_hold)
    }

    /// ` FROM` behind a lead table with alias `d(id)`, joined with the record and its text.
    fn joined(&self) -> String {
        format!(
            " CROSS JOIN {} t CROSS JOIN {} s WHERE t.id = d.id AND s.record_id = d.id AND {}",
            quote_identifier(self.object_type.table()),
            self.object_type.search_table(),
            self.live
        )
    }

    /// All words stand in the text: long ones anywhere, short ones at the beginning of a word.
    pub(super) fn contains(question: &Question, backend: Backend) -> Fragment {
        let function = if backend == Backend::Sqlite { "instr" } else { "strpos" };
        let mut all = Fragment::default();
        for word in &question.words {
            if word.chars().count() >= TRIGRAM {
                all.push(&format!(" AND {function}(s.text, ?) > 0"));
                all.params.push(Value::from(word.as_str()));
            } else {
                all.push(&format!(" AND {function}(' ' || s.text, ?) > 0"));
                all.params.push(Value::Text(format!(" {word}")));
            }
        }
        all
    }

    /// A source of the few records among which to look, where the predicate leaves few.
    fn few(&self, tx: &mut dyn Query) -> Result<Option<Fragment>> {
        if self.is_trash { Ok(None) } else { smallest_source(tx, self.object_type, self.predicate, MAX_LIMIT) }
    }

    /// The newest records whose reference in `column` names that record, at most [`MAX_CANDIDATES`].
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn referring(&self, tx: &mut dyn Query, column: &str, id: i64) -> Result<Vec<i64>> {
        let table = quote_identifier(self.object_type.table());
        let mut statement = Fragment::default();
        if let Some(source) = self.few(tx)? {
            statement.push("WITH d (id) AS MATERIALIZED (SELECT DISTINCT * FROM (");
            statement.append(&source);
            statement.push(&format!(") x) SELECT t.id FROM d JOIN {table} t ON t.id = d.id WHERE {}", self.live));
        } else {
            statement.push(&format!("SELECT t.id FROM {table} t WHERE {}", self.live));
        }
        statement.push(&format!(" AND t.{column} = ?"));
        statement.params.push(id.into());
        statement.append(&self.predicate.and_sql());
        statement.push(&format!(" ORDER BY t.id DESC LIMIT {MAX_CANDIDATES}"));
        Ok(tx.query(&statement.sql, &statement.params)?.iter().map(|row| row.integer(0)).collect::<Result<_, _>>()?)
    }

    /// Those of the source for whose texts the condition (` AND …`) holds.
    fn among(
        &self,
        tx: &mut dyn Query,
        source: &Fragment,
        condition: &Fragment,
        answers: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<(i64, String)>> {
        let mut statement = Fragment::new("WITH d (id) AS MATERIALIZED (SELECT DISTINCT * FROM (", Vec::new());
        statement.append(source);
        statement.push(&format!(") x) SELECT s.record_id, s.text FROM d{}", self.joined()));
        statement.append(condition);
        statement.append(&self.predicate.and_sql());
        statement.push(" ORDER BY s.record_id DESC");
        self.sight.read(tx, self.object_type, &statement, answers)
    }

    fn by_ending(&self, tx: &mut dyn Query, digits: &str) -> Result<Vec<(i64, String)>> {
        let reversed: String = digits.chars().rev().collect();
        let mut found = Vec::new();
        let is_channels = |field: &&Field| matches!(field.kind, FieldKind::Channels(_)) && self.sight.shows(field);
        for field in self.object_type.value_fields().filter(is_channels) {
            let table = self.object_type.child_table(field);
            let mut statement = Fragment::new(
                format!(
                    "WITH d (id) AS MATERIALIZED (SELECT DISTINCT c.record_id FROM {table} c WHERE c.reversed >= ? AND c.reversed < ?) SELECT s.record_id, s.text FROM d{}",
                    self.joined()
                ),
                vec![Value::from(reversed.as_str()), Value::Text(prefix_end(&reversed))],
            );
            statement.append(&self.predicate.and_sql());
            statement.push(" ORDER BY s.record_id DESC");
            // The field itself has answered.
            found.extend(self.sight.read(tx, self.object_type, &statement, &|_| true)?);
        }
        Ok(found)
    }

    fn by_trigrams(&self, tx: &mut dyn Query, question: &Question) -> Result<Vec<(i64, String)>> {
        let mut statement = Fragment::new("SELECT s.record_id, s.text", Vec::new());
        statement.append(&self.led_by_trigrams(question, tx.backend()));
        statement.push(newest_of_the_index(tx.backend()));
        self.sight.read(tx, self.object_type, &statement, &|text| question.is_answered_by(text))
    }

    /// ` FROM … WHERE …` of the records (`t`) whose texts (`s`) hold the words, of which one at least is long, led by the trigram index.
    pub(super) fn led_by_trigrams(&self, question: &Question, backend: Backend) -> Fragment {
        let search = self.object_type.search_table();
        let record = quote_identifier(self.object_type.table());
        let mut made = Fragment::default();
        match backend {
            Backend::Sqlite => {
                made.push(&format!(
                    " FROM {search}_index f CROSS JOIN {search} s CROSS JOIN {record} t \
                     WHERE f.{search}_index MATCH ? AND s.record_id = f.rowid AND t.id = f.rowid AND {}",
                    self.live
                ));
                made.params.push(Value::Text(trigram_query(question)));
                made.append(&Self::contains(question, backend));
            }
            Backend::Postgres => {
                made.push(&format!(" FROM {search} s JOIN {record} t ON t.id = s.record_id WHERE {}", self.live));
                made.append(&like_words(question));
                let short = question.words.iter().filter(|word| word.chars().count() < TRIGRAM).cloned().collect();
                made.append(&Self::contains(&Question { words: short, ..Question::default() }, backend));
            }
        }
        made.append(&self.predicate.and_sql());
        made
    }

    /// One or two letters: the beginning of the title, by its index.
    fn by_title(&self, tx: &mut dyn Query, question: &Question) -> Result<Vec<(i64, String)>> {
        let title = self.object_type.field(self.object_type.definition.title_field);
        let Some(title) = title.filter(|title| self.sight.shows(title)) else { return Ok(Vec::new()) };
        let Some(column) = title.behaviour().sort_column(title) else { return Ok(Vec::new()) };
        let key = sort_key(question.words.first().map(String::as_str).unwrap_or_default());
        let column = quote_identifier(&column);
        let mut statement = Fragment::new(
            format!(
                "SELECT t.id, s.text FROM {} t CROSS JOIN {} s WHERE s.record_id = t.id AND {} AND t.{column} >= ? AND t.{column} < ?",
                quote_identifier(self.object_type.table()),
                self.object_type.search_table(),
                self.live
            ),
            vec![Value::from(key.as_str()), Value::Text(prefix_end(&key))],
        );
        let rest = Question { words: question.words.iter().skip(1).cloned().collect(), ..Question::default() };
        statement.append(&Self::contains(&rest, tx.backend()));
        statement.append(&self.predicate.and_sql());
        statement.push(&format!(" ORDER BY t.{column}, t.id"));
        self.sight.read(tx, self.object_type, &statement, &|text| rest.is_answered_by(text))
    }
}

/// Newest first, of a statement led by the trigram index.
fn newest_of_the_index(backend: Backend) -> &'static str {
    // By its own row ids the index of SQLite hands out the newest first and stops; by those of the table beside it all matches are sorted.
    if backend == Backend::Sqlite { " ORDER BY f.rowid DESC" } else { " ORDER BY s.record_id DESC" }
}

/// The long words as conditions that the trigram index of PostgreSQL answers.
pub(super) fn like_words(question: &Question) -> Fragment {
    let mut all = Fragment::default();
    for word in question.long_words() {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.push(" AND s.text LIKE ?");
        all.params.push(Value::Text(format!("%{word}%")));
    }
    all
}

/// The trigrams that a text with all long words must have. The index keeps no positions, so the words are checked in the text afterwards.
pub(super) fn trigram_query(question: &Question) -> String {
    let mut trigrams: Vec<String> = Vec::new();
    for word in question.long_words() {
        let letters: Vec<char> = word.chars().collect();
        let last = letters.len() - TRIGRAM;
        for at in (0..last).step_by(TRIGRAM).chain([last]) {
            let trigram: String = letters.iter().skip(at).take(TRIGRAM).collect();
            let quoted = quoted(&trigram);
            if !trigrams.contains(&quoted) {
                trigrams.push(quoted);
            }
        }
    }
    trigrams.join(" AND ")
}

/// A term of the trigram index of SQLite.
pub(crate) fn quoted(trigram: &str) -> String {
    format!("\"{}\"", trigram.replace('"', "\"\""))
}
