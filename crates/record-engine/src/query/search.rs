//! Search as people type: any part of a word, of a phone number in any notation, of an e-mail or a remark.
//!
//! A text that finds nothing is read as if typed under another keyboard layout, in another alphabet, or with a wrong letter ([`super::forgiving`]).
//!
//! It never sorts all matches of a common fragment: it takes the first few hundred candidates from the trigram index (the end of a number from
//! an index of its own), ranks those in memory, and says when there may be more. A reader who sees few records searches only among those.

use std::collections::HashSet;
use std::time::Duration;

use database::{Backend, Query, ReadTx, Value, quote_identifier};
use filter_language::{CheckedExpr, search_fold, sort_key};
use serde_json::Value as Json;

use super::compile::{Predicate, Term};
use super::conditions::{Fragment, prefix_end};
use super::forgiving::{self, MAX_CORRECTED, MIN_CORRECTED};
use super::load::{Projection, masked};
use super::page::{smallest_source, too_slow};
use crate::access::{Action, Scope};
use crate::catalog::{Catalog, Field, ObjectType};
use crate::context::RequestContext;
use crate::error::Result;
use crate::field_types::FieldKind;
use crate::record::Record;

/// Most candidates that are ranked.
pub const MAX_CANDIDATES: usize = 400;
/// Most results of one search.
pub const MAX_LIMIT: usize = 50;
/// How long a search may take.
const DEADLINE: Duration = Duration::from_secs(2);
/// Fewer characters than a trigram has cannot use the trigram index.
pub(crate) const TRIGRAM: usize = 3;
/// From this many digits on, the end of a number is telling.
const MIN_ENDING: usize = 4;
/// From this many digits on, an ending that was found is what was meant.
const SURE_ENDING: usize = 7;
/// Longest search, in characters.
const MAX_TEXT: usize = 200;
/// Most words of a search.
const MAX_WORDS: usize = 8;

/// One found record.
#[derive(Clone, Debug)]
pub struct Match {
    /// Name of its type.
    pub object_type: String,
    /// The record with its searched fields.
    pub record: Record,
    /// The field in which the text stands, and what stands there.
    pub matched: Option<(String, String)>,
}

/// The results of a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// Best first.
    pub matches: Vec<Match>,
    /// There may be more than these.
    pub has_more: bool,
}

/// What was asked for.
struct Question {
    words: Vec<String>,
    /// Other ways to write the same digits: without the trunk prefix that people dial.
    digits: Option<String>,
}

impl Question {
    fn new(text: &str) -> Question {
        let text: String = text.chars().take(MAX_TEXT).collect();
        let is_number = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-()./".contains(c));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if is_number && digits.len() >= TRIGRAM {
            // 8 495 … and 0 67 … are dialled; stored is +7 495 …, +380 67 …
            let national = match digits.strip_prefix('8').filter(|rest| rest.len() >= 9) {
                Some(rest) => rest.to_owned(),
                None => digits,
            };
            return Question { words: vec![national.clone()], digits: Some(national) };
        }
        let words = search_fold(&text).split_whitespace().take(MAX_WORDS).map(String::from).collect();
        Question { words, digits: None }
    }

    /// The same question with another word.
    fn with_word(&self, at: usize, word: String) -> Question {
        let mut words = self.words.clone();
        if let Some(slot) = words.get_mut(at) {
            *slot = word;
        }
        Question { words, digits: None }
    }

    fn long_words(&self) -> impl Iterator<Item = &String> {
        self.words.iter().filter(|word| word.chars().count() >= TRIGRAM)
    }
}

/// The ids of records that satisfy the predicate and contain the text, newest first, at most [`MAX_CANDIDATES`].
///
/// # Errors
/// Those of the database.
pub fn candidates(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    text: &str,
    is_trash: bool,
) -> Result<Vec<i64>> {
    Ok(forgivingly(tx, object_type, predicate, text, is_trash)?.1.into_iter().map(|(id, _)| id).collect())
}

/// The condition that a record contains the text, for those who want all matches and not the first few hundred. The text is read as
/// [`candidates`] does, so both mean the same records.
///
/// # Errors
/// Those of the database.
pub fn containing(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    text: &str,
    is_trash: bool,
) -> Result<Term> {
    let (question, _) = forgivingly(tx, object_type, predicate, text, is_trash)?;
    let backend = tx.backend();
    if question.words.is_empty() {
        return Ok(Term { condition: Fragment::new("1 = 0", Vec::new()), source: None });
    }
    let search = object_type.search_table();
    let mut condition = Fragment::new(format!("EXISTS (SELECT 1 FROM {search} s WHERE s.record_id = t.id"), Vec::new());
    condition.append(&Seeker::contains(&question, backend));
    condition.push(")");
    let source = question.long_words().next().is_some().then(|| match backend {
        Backend::Sqlite => Fragment::new(
            format!("SELECT f.rowid FROM {search}_index f WHERE f.{search}_index MATCH ?"),
            vec![Value::Text(trigram_query(&question))],
        ),
        Backend::Postgres => {
            let mut source = Fragment::new(format!("SELECT s.record_id FROM {search} s WHERE TRUE"), Vec::new());
            source.append(&like_words(&question));
            source
        }
    });
    Ok(Term { condition, source })
}

/// The first reading of a text that finds anything, with what it finds; the text itself when none does.
fn forgivingly(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    text: &str,
    is_trash: bool,
) -> Result<(Question, Vec<(i64, String)>)> {
    let asked = Question::new(text);
    let found = texts_of_candidates(tx, object_type, predicate, &asked, is_trash)?;
    if !found.is_empty() || asked.digits.is_some() || asked.long_words().next().is_none() {
        return Ok((asked, found));
    }
    let mut questions: Vec<Question> = forgiving::readings(text).iter().map(|reading| Question::new(reading)).collect();
    for at in 0..questions.len() {
        let Some(question) = questions.get(at).filter(|question| question.words != asked.words) else { continue };
        let found = texts_of_candidates(tx, object_type, predicate, question, is_trash)?;
        if !found.is_empty() {
            return Ok((questions.swap_remove(at), found));
        }
    }
    // A wrong letter in what was typed, or in the likeliest other reading.
    questions.truncate(1);
    for question in std::iter::once(&asked).chain(&questions) {
        for corrected in corrections(tx, object_type, predicate, question, is_trash)? {
            let found = texts_of_candidates(tx, object_type, predicate, &corrected, is_trash)?;
            if !found.is_empty() {
                return Ok((corrected, found));
            }
        }
    }
    Ok((asked, Vec::new()))
}

/// The question with one of its words replaced by one that stands in texts and is hardly different.
fn corrections(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    question: &Question,
    is_trash: bool,
) -> Result<Vec<Question>> {
    let seeker = Seeker::new(object_type, predicate, is_trash);
    let mut corrected = Vec::new();
    for (at, word) in question.words.iter().enumerate() {
        if !(MIN_CORRECTED..=MAX_CORRECTED).contains(&word.chars().count()) || word.chars().any(|c| c.is_ascii_digit())
        {
            continue;
        }
        let others: Vec<String> =
            question.words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| word.clone()).collect();
        let texts = seeker.by_surviving_trigrams(tx, word, &Question { words: others, digits: None })?;
        let meant = forgiving::correction(word, texts.iter().map(|(_, text)| text.as_str()));
        corrected.extend(meant.map(|meant| question.with_word(at, meant)));
    }
    Ok(corrected)
}

fn texts_of_candidates(
    tx: &mut dyn Query,
    object_type: &ObjectType,
    predicate: &Predicate,
    question: &Question,
    is_trash: bool,
) -> Result<Vec<(i64, String)>> {
    if question.words.is_empty() {
        return Ok(Vec::new());
    }
    let seeker = Seeker::new(object_type, predicate, is_trash);
    let ending = question.digits.as_deref().filter(|digits| digits.len() >= MIN_ENDING);
    // So long an ending has few owners: their index leads, whoever asks.
    if let Some(digits) = ending.filter(|digits| digits.len() >= SURE_ENDING) {
        let found = seeker.by_ending(tx, digits)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    if let Some(source) = if is_trash { None } else { smallest_source(tx, object_type, predicate, MAX_LIMIT)? } {
        return seeker.among(tx, &source, question);
    }
    if let Some(digits) = ending.filter(|digits| digits.len() < SURE_ENDING) {
        let mut found = seeker.by_ending(tx, digits)?;
        if found.len() >= MAX_CANDIDATES {
            return Ok(found);
        }
        let known: HashSet<i64> = found.iter().map(|(id, _)| *id).collect();
        found.extend(seeker.by_trigrams(tx, question)?.into_iter().filter(|(id, _)| !known.contains(id)));
        found.truncate(MAX_CANDIDATES);
        return Ok(found);
    }
    if question.long_words().next().is_some() {
        seeker.by_trigrams(tx, question)
    } else {
        seeker.by_title(tx, question)
    }
}

struct Seeker<'a> {
    object_type: &'a ObjectType,
    predicate: &'a Predicate,
    live: &'static str,
}

impl<'a> Seeker<'a> {
    fn new(object_type: &'a ObjectType, predicate: &'a Predicate, is_trash: bool) -> Seeker<'a> {
        let live = if is_trash { "t.deleted_at IS NOT NULL" } else { "t.deleted_at IS NULL" };
        Seeker { object_type, predicate, live }
    }

    /// Texts that may hold the word with one wrong letter, and the other words.
    fn by_surviving_trigrams(&self, tx: &mut dyn Query, word: &str, others: &Question) -> Result<Vec<(i64, String)>> {
        let groups = forgiving::surviving_trigrams(word);
        if groups.is_empty() {
            return Ok(Vec::new());
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
                statement.append(&like_words(&Question { words: trigrams.clone(), digits: None }));
                statement.push(")");
            }
            statement.push(")");
        }
        statement.append(&Self::contains(others, tx.backend()));
        statement.append(&self.predicate.and_sql());
        statement.push(&format!(" ORDER BY s.record_id DESC LIMIT {MAX_CANDIDATES}"));
        Self::read(tx, &statement)
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

    fn read(tx: &mut dyn Query, statement: &Fragment) -> Result<Vec<(i64, String)>> {
        let rows = tx.query(&statement.sql, &statement.params)?;
        rows.into_iter().map(|mut row| Ok((row.integer(0)?, row.take_text(1)?))).collect()
    }

    /// All words stand in the text: long ones anywhere, short ones at the beginning of a word.
    fn contains(question: &Question, backend: Backend) -> Fragment {
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

    fn among(&self, tx: &mut dyn Query, source: &Fragment, question: &Question) -> Result<Vec<(i64, String)>> {
        let mut statement = Fragment::new("WITH d (id) AS MATERIALIZED (SELECT DISTINCT * FROM (", Vec::new());
        statement.append(source);
        statement.push(&format!(") x) SELECT s.record_id, s.text FROM d{}", self.joined()));
        statement.append(&Self::contains(question, tx.backend()));
        statement.append(&self.predicate.and_sql());
        statement.push(&format!(" ORDER BY s.record_id DESC LIMIT {MAX_CANDIDATES}"));
        Self::read(tx, &statement)
    }

    fn by_ending(&self, tx: &mut dyn Query, digits: &str) -> Result<Vec<(i64, String)>> {
        let reversed: String = digits.chars().rev().collect();
        let mut found = Vec::new();
        for field in self.object_type.value_fields().filter(|field| matches!(field.kind, FieldKind::Channels(_))) {
            let table = self.object_type.child_table(field);
            let mut statement = Fragment::new(
                format!(
                    "WITH d (id) AS MATERIALIZED (SELECT DISTINCT c.record_id FROM {table} c WHERE c.reversed >= ? AND c.reversed < ?) SELECT s.record_id, s.text FROM d{}",
                    self.joined()
                ),
                vec![Value::from(reversed.as_str()), Value::Text(prefix_end(&reversed))],
            );
            statement.append(&self.predicate.and_sql());
            statement.push(&format!(" ORDER BY s.record_id DESC LIMIT {MAX_CANDIDATES}"));
            found.extend(Self::read(tx, &statement)?);
        }
        Ok(found)
    }

    fn by_trigrams(&self, tx: &mut dyn Query, question: &Question) -> Result<Vec<(i64, String)>> {
        let search = self.object_type.search_table();
        let record = quote_identifier(self.object_type.table());
        let mut statement = Fragment::default();
        match tx.backend() {
            Backend::Sqlite => {
                statement.push(&format!(
                    "SELECT s.record_id, s.text FROM {search}_index f CROSS JOIN {search} s CROSS JOIN {record} t \
                     WHERE f.{search}_index MATCH ? AND s.record_id = f.rowid AND t.id = f.rowid AND {}",
                    self.live
                ));
                statement.params.push(Value::Text(trigram_query(question)));
                statement.append(&Self::contains(question, Backend::Sqlite));
                statement.append(&self.predicate.and_sql());
                statement.push(&format!(" ORDER BY f.rowid DESC LIMIT {MAX_CANDIDATES}"));
            }
            Backend::Postgres => {
                statement.push(&format!(
                    "SELECT s.record_id, s.text FROM {search} s JOIN {record} t ON t.id = s.record_id WHERE {}",
                    self.live
                ));
                statement.append(&like_words(question));
                statement.append(&Self::contains(
                    &Question {
                        words: question.words.iter().filter(|word| word.chars().count() < TRIGRAM).cloned().collect(),
                        digits: None,
                    },
                    Backend::Postgres,
                ));
                statement.append(&self.predicate.and_sql());
                statement.push(&format!(" ORDER BY s.record_id DESC LIMIT {MAX_CANDIDATES}"));
            }
        }
        Self::read(tx, &statement)
    }

    /// One or two letters: the beginning of the title, by its index.
    fn by_title(&self, tx: &mut dyn Query, question: &Question) -> Result<Vec<(i64, String)>> {
        let Some(title) = self.object_type.field(self.object_type.definition.title_field) else {
            return Ok(Vec::new());
        };
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
        statement.append(&Self::contains(
            &Question { words: question.words.iter().skip(1).cloned().collect(), digits: None },
            tx.backend(),
        ));
        statement.append(&self.predicate.and_sql());
        statement.push(&format!(" ORDER BY t.{column}, t.id LIMIT {MAX_CANDIDATES}"));
        Self::read(tx, &statement)
    }
}

/// The long words as conditions that the trigram index of PostgreSQL answers.
fn like_words(question: &Question) -> Fragment {
    let mut all = Fragment::default();
    for word in question.long_words() {
        let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.push(" AND s.text LIKE ?");
        all.params.push(Value::Text(format!("%{word}%")));
    }
    all
}

/// The trigrams that a text with all long words must have. The index keeps no positions, so the words are checked in the text afterwards.
fn trigram_query(question: &Question) -> String {
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

/// How well a text answers: words that are equal count most, then beginnings of words, then parts; a match near the front counts more.
fn score(question: &Question, text: &str) -> i64 {
    let mut total = 0;
    for word in &question.words {
        let mut best = 0;
        for (place, candidate) in text.split(' ').enumerate() {
            let place = i64::try_from(place).unwrap_or(i64::MAX).min(20);
            let value = if candidate == word {
                400 - place
            } else if candidate.starts_with(word.as_str()) {
                300 - place
            } else if question.digits.is_some() && candidate.ends_with(word.as_str()) {
                250 - place
            } else if candidate.contains(word.as_str()) {
                100 - place
            } else {
                0
            };
            best = best.max(value);
        }
        total += best;
    }
    total
}

/// Searches several types at once.
///
/// # Errors
/// `TooSlow` when it takes too long.
pub fn search(
    tx: &mut ReadTx,
    context: &RequestContext,
    catalog: &Catalog,
    types: Option<&[String]>,
    text: &str,
    limit: usize,
) -> Result<Found> {
    tx.set_deadline(DEADLINE)?;
    let limit = limit.clamp(1, MAX_LIMIT);
    let mut ranked: Vec<(i64, usize, i64)> = Vec::new();
    let mut has_more = false;
    let mut questions: Vec<Question> = Vec::new();
    let searched: Vec<_> = catalog
        .object_types
        .iter()
        .filter(|object_type| {
            types.map_or(!object_type.definition.is_system, |types| types.contains(&object_type.name))
        })
        .collect();
    for (place, object_type) in searched.iter().enumerate() {
        let scope = Scope::of(context, object_type, Action::See)?;
        let predicate = Predicate::new(object_type, scope.rows(), &CheckedExpr::all(), tx.backend());
        let (question, found) = forgivingly(tx, object_type, &predicate, text, false).map_err(too_slow)?;
        has_more |= found.len() >= MAX_CANDIDATES;
        ranked.extend(found.iter().map(|(id, text)| (score(&question, text), place, *id)));
        questions.push(question);
    }
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(b.2.cmp(&a.2)));
    has_more |= ranked.len() > limit;
    ranked.truncate(limit);
    let mut matches: Vec<Option<Match>> = vec![None; ranked.len()];
    for (place, object_type) in searched.iter().enumerate() {
        let scope = Scope::of(context, object_type, Action::See)?;
        let ids: Vec<i64> = ranked.iter().filter(|(_, at, _)| *at == place).map(|(_, _, id)| *id).collect();
        for record in load_searched(tx, object_type, &ids)? {
            let record = masked(object_type, &scope, record);
            let at = ranked.iter().position(|(_, other, id)| *other == place && *id == record.id);
            if let Some(slot) = at.and_then(|at| matches.get_mut(at)) {
                let matched = questions.get(place).and_then(|question| matched_field(object_type, &record, question));
                *slot = Some(Match { object_type: object_type.name.clone(), record, matched });
            }
        }
    }
    Ok(Found { matches: matches.into_iter().flatten().collect(), has_more })
}

fn load_searched(tx: &mut dyn Query, object_type: &ObjectType, ids: &[i64]) -> Result<Vec<Record>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = object_type
        .value_fields()
        .filter(|field| {
            field.is_searched
                || field.name == object_type.definition.title_field
                || matches!(field.kind, FieldKind::Reference(_) | FieldKind::Choice(_))
        })
        .map(|field| field.name.clone())
        .collect();
    let projection = Projection::new(object_type, Some(&names));
    let list = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT {} FROM {} t WHERE t.id IN ({list})",
        projection.select_list(),
        quote_identifier(object_type.table())
    );
    let mut records = tx.query(&sql, &[])?.into_iter().map(|row| projection.record(row)).collect::<Result<Vec<_>>>()?;
    projection.load_children(tx, &mut records)?;
    Ok(records)
}

/// The first field, beside the title, that holds the first word; what it shows of itself.
fn matched_field(object_type: &ObjectType, record: &Record, question: &Question) -> Option<(String, String)> {
    let word = question.words.first()?;
    let shown = |field: &Field, value: &Json| -> Option<String> {
        match &field.kind {
            FieldKind::Channels(_) | FieldKind::Addresses(_) => value.as_array()?.iter().find_map(|entry| {
                let mut text = String::new();
                field.behaviour().search_text(&Json::Array(vec![entry.clone()]), &mut text);
                search_fold(&text).contains(word.as_str()).then(|| {
                    ["display", "value", "city"]
                        .iter()
                        .find_map(|part| entry.get(*part).and_then(Json::as_str))
                        .unwrap_or_default()
                        .to_owned()
                })
            }),
            _ => value
                .as_str()
                .filter(|text| search_fold(text).contains(word.as_str()))
                .map(|text| text.chars().take(200).collect()),
        }
    };
    let fields = object_type.value_fields().filter(|field| field.is_searched);
    fields
        .filter_map(|field| {
            record.values.get(&field.name).and_then(|value| shown(field, value)).map(|text| (field.name.clone(), text))
        })
        .next()
}
