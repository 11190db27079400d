//! Search as people type: any part of a word, of a phone number in any notation, of an e-mail or a remark.
//!
//! A text that finds nothing is read as if typed under another keyboard layout, in another alphabet, or with a wrong letter ([`super::forgiving`]).
//!
//! It never sorts all matches of a common fragment: it takes the first few hundred candidates from the trigram index (the end of a number from
//! an index of its own), ranks those in memory, and says when there may be more. A reader who sees few records searches only among those.
//!
//! A record is found by the texts of its parts, too ([`parts`]): a contact by what was said about it; and by the name of what it refers to
//! ([`names`]): a task by its client.

mod names;
mod parts;
mod seek;
mod sight;

use std::collections::HashSet;
use std::time::Duration;

use database::{Backend, Query, ReadTx, Value, quote_identifier};
use filter_language::{CheckedExpr, search_fold};
use serde_json::Value as Json;

use super::compile::{Predicate, Term};
use super::conditions::Fragment;
use super::forgiving::{self, MAX_CORRECTED, MIN_CORRECTED};
use super::load::{Projection, masked};
use super::page::too_slow;
use crate::access::{Action, Scope};
use crate::catalog::{Catalog, Field, ObjectType};
use crate::context::RequestContext;
use crate::error::Result;
use crate::field_types::{FieldKind, plain_mentions};
use crate::record::Record;
use parts::{Ground, Hit};
pub(crate) use seek::quoted;
use seek::{Seeker, like_words, trigram_query};
use sight::Sight;

/// Most candidates that are ranked.
pub const MAX_CANDIDATES: usize = 400;
/// Most results of one search.
pub const MAX_LIMIT: usize = 50;
/// How long a search may take.
const DEADLINE: Duration = Duration::from_secs(2);
/// Fewer characters than a trigram has cannot use the trigram index.
pub(crate) const TRIGRAM: usize = 3;
/// Longest search, in characters.
const MAX_TEXT: usize = 200;
/// Longest text that is shown of a match, in characters.
const EXCERPT: usize = 200;
/// Most words of a search.
const MAX_WORDS: usize = 8;

/// One found record.
#[derive(Clone, Debug)]
pub struct Match {
    /// Name of its type.
    pub object_type: String,
    /// The record with its searched fields.
    pub record: Record,
    /// Where the text stands.
    pub matched: Option<Matched>,
}

/// Where a text stands in a record.
#[derive(Clone, Debug)]
pub struct Matched {
    /// Name of the type of its part that holds the text; `None` for the record itself.
    pub part: Option<String>,
    /// The field.
    pub field: String,
    /// What stands there, of a long text a piece around the match.
    pub text: String,
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
#[derive(Default)]
struct Question {
    words: Vec<String>,
    /// The number of a record, and whether a sign says that it is one: `12`, `№ 12`.
    number: Option<(i64, bool)>,
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
            let number = number_in(&text);
            return Question { words: vec![national.clone()], digits: Some(national), number };
        }
        let words = search_fold(&text).split_whitespace().take(MAX_WORDS).map(String::from).collect();
        Question { words, digits: None, number: number_in(&text) }
    }

    /// The same question with another word.
    fn with_word(&self, at: usize, word: String) -> Question {
        let mut words = self.words.clone();
        if let Some(slot) = words.get_mut(at) {
            *slot = word;
        }
        Question { words, ..Question::default() }
    }

    fn long_words(&self) -> impl Iterator<Item = &String> {
        self.words.iter().filter(|word| word.chars().count() >= TRIGRAM)
    }
}

/// The number that a text is, with or without the sign of one.
fn number_in(text: &str) -> Option<(i64, bool)> {
    let bare = text.trim();
    let signed = bare.strip_prefix(['№', '#']).map(str::trim_start);
    let digits = signed.unwrap_or(bare);
    let is_number = !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok().filter(|_| is_number && !digits.starts_with('0'))?;
    Some((number, signed.is_some()))
}

/// The ids of records that satisfy the predicate and contain the text, themselves or in one of their parts, at most [`MAX_CANDIDATES`].
///
/// # Errors
/// Those of the database; `Stored` for a rule that does not fit the fields.
pub fn candidates(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    predicate: &Predicate,
    text: &str,
    is_trash: bool,
) -> Result<Vec<i64>> {
    let ground = Ground::new(context, object_type, predicate, is_trash, tx.backend())?;
    Ok(forgivingly(tx, &ground, text)?.1.into_iter().map(|hit| hit.id).collect())
}

/// The condition that a record contains the text, for those who want all matches and not the first few hundred. The text is read as
/// [`candidates`] does, so both mean the same records.
///
/// # Errors
/// As [`candidates`].
pub fn containing(
    tx: &mut dyn Query,
    context: &RequestContext,
    object_type: &ObjectType,
    predicate: &Predicate,
    text: &str,
    is_trash: bool,
) -> Result<Containing> {
    let ground = Ground::new(context, object_type, predicate, is_trash, tx.backend())?;
    let (question, _) = forgivingly(tx, &ground, text)?;
    let backend = tx.backend();
    if question.words.is_empty() {
        return Ok(Containing { term: Term::of(Fragment::new("1 = 0", Vec::new())), judge: None });
    }
    let search = object_type.search_table();
    let mut in_parts = ground.wholes_of_parts(&question, backend);
    in_parts.extend(ground.referring_to_names(tx, &question)?);
    in_parts.extend(ground.of_number(&question));
    let mut condition =
        Fragment::new(format!("(EXISTS (SELECT 1 FROM {search} s WHERE s.record_id = t.id"), Vec::new());
    condition.append(&Seeker::contains(&question, backend));
    condition.push(")");
    for wholes in &in_parts {
        condition.push(" OR t.id IN (");
        condition.append(wholes);
        condition.push(")");
    }
    condition.push(")");
    let source = question.long_words().next().is_some().then(|| {
        let mut source = match backend {
            Backend::Sqlite => Fragment::new(
                format!("SELECT f.rowid FROM {search}_index f WHERE f.{search}_index MATCH ?"),
                vec![Value::Text(trigram_query(&question))],
            ),
            Backend::Postgres => {
                let mut source = Fragment::new(format!("SELECT s.record_id FROM {search} s WHERE TRUE"), Vec::new());
                source.append(&like_words(&question));
                source
            }
        };
        for wholes in &in_parts {
            source.push(" UNION ALL ");
            source.append(wholes);
        }
        source
    });
    let sight = ground.sight();
    let judge = sight.is_partial().then(|| Judge { sight: sight.clone(), in_parts, question });
    Ok(Containing { term: Term { source, ..Term::of(condition) }, judge })
}

/// The records that contain a text.
pub struct Containing {
    /// The condition; of a reader from whom searched fields are hidden it lets too many pass.
    pub term: Term,
    judge: Option<Judge>,
}

/// Tells those that contain a text in what the reader sees from those that contain it elsewhere.
struct Judge {
    sight: Sight,
    question: Question,
    in_parts: Vec<Fragment>,
}

impl Containing {
    /// Leaves only the records that contain the text in what the reader sees.
    ///
    /// # Errors
    /// Those of the database.
    pub fn keep_visible(
        &self,
        tx: &mut dyn Query,
        object_type: &ObjectType,
        mut records: Vec<Record>,
    ) -> Result<Vec<Record>> {
        let Some(Judge { sight, question, in_parts }) = &self.judge else { return Ok(records) };
        let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
        let texts = sight.texts(tx, object_type, &ids)?;
        let mut kept: HashSet<i64> =
            texts.iter().filter(|(_, text)| question.is_answered_by(text)).map(|(id, _)| *id).collect();
        let list = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        for wholes in in_parts.iter().filter(|_| !ids.is_empty()) {
            let table = quote_identifier(object_type.table());
            let mut statement =
                Fragment::new(format!("SELECT t.id FROM {table} t WHERE t.id IN ({list}) AND t.id IN ("), Vec::new());
            statement.append(wholes);
            statement.push(")");
            for row in tx.query(&statement.sql, &statement.params)? {
                kept.insert(row.integer(0)?);
            }
        }
        records.retain(|record| kept.contains(&record.id));
        Ok(records)
    }
}

/// The first reading of a text that finds anything, with what it finds; the text itself when none does.
fn forgivingly(tx: &mut dyn Query, ground: &Ground<'_>, text: &str) -> Result<(Question, Vec<Hit>)> {
    let asked = Question::new(text);
    let found = ground.find(tx, &asked)?;
    if !found.is_empty() || asked.digits.is_some() || asked.long_words().next().is_none() {
        return Ok((asked, found));
    }
    let mut questions: Vec<Question> = forgiving::readings(text).iter().map(|reading| Question::new(reading)).collect();
    for at in 0..questions.len() {
        let Some(question) = questions.get(at).filter(|question| question.words != asked.words) else { continue };
        let found = ground.find(tx, question)?;
        if !found.is_empty() {
            return Ok((questions.swap_remove(at), found));
        }
    }
    // A wrong letter in what was typed, or in the likeliest other reading.
    questions.truncate(1);
    for question in std::iter::once(&asked).chain(&questions) {
        for corrected in corrections(tx, ground, question)? {
            let found = ground.find(tx, &corrected)?;
            if !found.is_empty() {
                return Ok((corrected, found));
            }
        }
    }
    Ok((asked, Vec::new()))
}

/// The question with one of its words replaced by one that stands in texts and is hardly different.
fn corrections(tx: &mut dyn Query, ground: &Ground<'_>, question: &Question) -> Result<Vec<Question>> {
    let mut corrected = Vec::new();
    for (at, word) in question.words.iter().enumerate() {
        if !(MIN_CORRECTED..=MAX_CORRECTED).contains(&word.chars().count()) || word.chars().any(|c| c.is_ascii_digit())
        {
            continue;
        }
        let others: Vec<String> =
            question.words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| word.clone()).collect();
        let others = Question { words: others, ..Question::default() };
        for seeker in ground.seekers() {
            let texts = seeker.by_surviving_trigrams(tx, word, &others)?;
            let meant = forgiving::correction(word, texts.iter().map(|(_, text)| text.as_str()));
            corrected.extend(meant.map(|meant| question.with_word(at, meant)));
        }
    }
    Ok(corrected)
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
    let mut ranked: Vec<(i64, usize, Hit)> = Vec::new();
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
        let ground = Ground::new(context, object_type, &predicate, false, tx.backend())?;
        let (question, found) = forgivingly(tx, &ground, text).map_err(too_slow)?;
        has_more |= found.len() >= MAX_CANDIDATES;
        ranked.extend(found.into_iter().map(|hit| (hit.score(&question), place, hit)));
        questions.push(question);
    }
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(b.2.id.cmp(&a.2.id)));
    has_more |= ranked.len() > limit;
    ranked.truncate(limit);
    let mut matches: Vec<Option<Match>> = vec![None; ranked.len()];
    for (place, object_type) in searched.iter().enumerate() {
        let Some(question) = questions.get(place) else { continue };
        let scope = Scope::of(context, object_type, Action::See)?;
        let hits = || ranked.iter().filter(|(_, at, _)| *at == place).map(|(_, _, hit)| hit);
        let named = |id: i64| hits().find(|hit| hit.id == id)?.named.clone();
        let in_parts = parts::matched_parts(tx, context, object_type, hits(), question)?;
        let ids: Vec<i64> = hits().map(|hit| hit.id).collect();
        for record in load_searched(tx, object_type, &ids)? {
            let record = masked(object_type, &scope, record);
            let at = ranked.iter().position(|(_, other, hit)| *other == place && hit.id == record.id);
            if let Some(slot) = at.and_then(|at| matches.get_mut(at)) {
                let by_name = named(record.id).map(|(field, text)| Matched { part: None, field, text });
                let matched = by_name.or_else(|| in_parts.get(&record.id).cloned());
                let matched = matched.or_else(|| matched_field(object_type, &record, question));
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
fn matched_field(object_type: &ObjectType, record: &Record, question: &Question) -> Option<Matched> {
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
            FieldKind::LongText(_) => value.as_str().map(plain_mentions).and_then(|text| excerpt(&text, word)),
            _ => value.as_str().and_then(|text| excerpt(text, word)),
        }
    };
    let fields = object_type.value_fields().filter(|field| field.is_searched);
    fields
        .filter_map(|field| {
            let text = record.values.get(&field.name).and_then(|value| shown(field, value))?;
            Some(Matched { part: None, field: field.name.clone(), text })
        })
        .next()
}

/// The text if it holds the folded word; of a long one the piece in which the word stands.
fn excerpt(text: &str, word: &str) -> Option<String> {
    if !search_fold(text).contains(word) {
        return None;
    }
    let before = text.split_inclusive(char::is_whitespace).take_while(|piece| !search_fold(piece).contains(word));
    let at: usize = before.map(|piece| piece.chars().count()).sum();
    let length = text.chars().count();
    // A word that spans a space stands in no piece; the beginning is shown then.
    let from = if at < length { at.saturating_sub(EXCERPT / 4) } else { 0 };
    let shown: String = text.chars().skip(from).take(EXCERPT).collect();
    let (ahead, behind) = (if from > 0 { "…" } else { "" }, if from + EXCERPT < length { "…" } else { "" });
    Some(format!("{ahead}{shown}{behind}"))
}
