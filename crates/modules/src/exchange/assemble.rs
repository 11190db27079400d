//! A row of the file as a [`Candidate`]: its texts sorted by where they go ([`gather`]), completed by the type, checked field by field.
//!
//! What must stay true: it looks at nothing but the row, so it runs beside the writer; each bad cell is named with its column.

mod gather;

use std::collections::BTreeMap;

use file_formats::SourceRow;
use filter_language::sort_key;
use jiff::civil::Date;
use record_engine::catalog::ObjectType;
use record_engine::error::FieldError;
use record_engine::field_types::{FieldKind, NormaliseContext};
use record_engine::record::Values;
use record_engine::write::Occasion;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::importable::{Importable, RawRow};
use super::pictures::{self, RowPicture};
use super::recognise::OWN_EXPORT;
use super::settings::Settings;
use super::targets::text_in;
use gather::{Columns, Gathered};

/// Longest piece of a bad value that a report shows, in characters.
const MAX_SHOWN: usize = 200;

/// Something wrong with a row, at a column where it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Problem {
    /// From 0.
    pub column: Option<usize>,
    /// Name of the field.
    pub field: Option<String>,
    /// Stable code.
    pub code: String,
    /// Values for its text.
    pub params: Map<String, Json>,
    /// What stands in the cell.
    pub value: Option<String>,
}

/// A row that is ready to be looked up and written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidate {
    /// Row of the file as people see it.
    pub number: u64,
    /// From the id column.
    pub id: Option<i64>,
    /// Checked values by field.
    pub values: Values,
    /// Checked values for a new record only.
    pub defaults: Values,
    /// References by title, by field.
    pub titles: BTreeMap<String, Vec<LinkTitle>>,
    /// Everything wrong with it.
    pub problems: Vec<Problem>,
    /// Whether channels and addresses come in the form of our own export, with all their details.
    pub is_detailed: bool,
    /// The notes hold what fields have refused.
    pub has_kept_text: bool,
    /// The name that the record would have, for people.
    pub title: Option<String>,
    /// Its sort key.
    pub title_key: Option<String>,
    /// The picture of its card.
    pub picture: Option<RowPicture>,
    /// What of it is left out, although the row is taken.
    pub warnings: Vec<Problem>,
    /// The channels by which a record is found: kind and sort key of the value.
    pub channel_keys: Vec<(String, String)>,
    /// For each entry of a many-valued field the column that it came from.
    columns: BTreeMap<String, Vec<usize>>,
}

/// The title of a record that a row refers to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinkTitle {
    /// As the file has it.
    pub text: String,
    /// Its sort key, by which it is looked up; made on the reader's thread.
    pub key: String,
}

impl Candidate {
    /// The column from which an entry of a many-valued field came.
    pub(crate) fn column_at(&self, field: &str, at: usize) -> Option<usize> {
        self.columns.get(field)?.get(at).copied()
    }
}

impl LinkTitle {
    pub(crate) fn new(text: String) -> LinkTitle {
        LinkTitle { key: sort_key(&text), text }
    }
}

/// A mapping made ready for thousands of rows.
pub(crate) struct Assembler<'a> {
    object_type: &'a ObjectType,
    importable: &'a dyn Importable,
    normalise: &'a NormaliseContext,
    columns: Columns<'a>,
    defaults: Values,
    language: String,
    is_own: bool,
    keeps_unreadable: bool,
}

impl<'a> Assembler<'a> {
    /// For the mapping of the settings; keys that the type no longer knows are left out.
    pub(crate) fn new(
        object_type: &'a ObjectType,
        importable: &'a dyn Importable,
        normalise: &'a NormaliseContext,
        headers: &[String],
        settings: &Settings,
    ) -> Assembler<'a> {
        Assembler {
            object_type,
            importable,
            normalise,
            columns: Columns::new(object_type, importable, headers, settings),
            defaults: settings.defaults.clone(),
            language: settings.language.clone(),
            is_own: settings.recognised.as_deref() == Some(OWN_EXPORT),
            keeps_unreadable: settings.keep_unreadable,
        }
    }

    /// The first column that fills a field.
    pub(crate) fn column_of(&self, field: &str) -> Option<usize> {
        self.columns.of_field(field)
    }

    /// A row of a table, or a card.
    pub(crate) fn candidate(&self, row: &SourceRow) -> Candidate {
        match &row.card {
            Some(card) => match self.importable.read_card(card, &self.language) {
                Some(mut raw) => {
                    let picture = raw.picture.take();
                    if let Some(notes) = self.importable.notes_field() {
                        std::mem::take(&mut raw.lines).iter().for_each(|line| raw.append_line(notes, line));
                    }
                    let mut candidate = self.finish(row.number, Gathered::of(raw), true);
                    pictures::attach(&mut candidate, picture, self.importable);
                    candidate
                }
                None => {
                    let problem = problem("cards_not_supported");
                    Candidate { number: row.number, problems: vec![problem], ..Candidate::default() }
                }
            },
            None => self.finish(row.number, self.columns.gather(&row.cells), false),
        }
    }

    /// Lets the type complete the row and checks every value.
    fn finish(&self, number: u64, gathered: Gathered, is_card: bool) -> Candidate {
        let Gathered { mut raw, channels, problems, .. } = gathered;
        raw.defaults.clone_from(&self.defaults);
        self.importable.prepare(self.object_type, &mut raw);
        let mut candidate = Candidate {
            number,
            problems,
            is_detailed: self.is_own,
            columns: channels
                .into_iter()
                .map(|(name, entries)| (name, entries.into_iter().map(|(column, _)| column).collect()))
                .collect(),
            ..Candidate::default()
        };
        if let Some(text) = raw.id.take() {
            match text.parse::<i64>().ok().filter(|id| *id > 0) {
                Some(id) => candidate.id = Some(id),
                None => candidate.problems.push(Problem {
                    column: self.column_of("id"),
                    field: Some("id".into()),
                    value: Some(shown(&text)),
                    ..problem("not_an_id")
                }),
            }
        }
        if is_card || self.keeps_unreadable {
            candidate.has_kept_text = self.keep_unreadable(&mut raw);
        }
        candidate.values = self.checked(std::mem::take(&mut raw.values), &mut candidate);
        candidate.defaults = self.checked(std::mem::take(&mut raw.defaults), &mut candidate);
        // An id says more than a title.
        let titles = raw.titles.into_iter().filter(|(name, _)| !candidate.values.contains_key(name));
        candidate.titles =
            titles.map(|(name, titles)| (name, titles.into_iter().map(LinkTitle::new).collect())).collect();
        self.identify(&mut candidate);
        candidate
    }

    /// By what the row will be looked up. The rules of the type make its name, as they will when it is written.
    fn identify(&self, candidate: &mut Candidate) {
        let mut whole = candidate.values.clone();
        for (name, value) in &candidate.defaults {
            whole.entry(name.clone()).or_insert_with(|| value.clone());
        }
        // What is wrong with the row is reported by the write path; here only the derived name counts, whenever it is made.
        let occasion =
            Occasion { object_type: self.object_type, now_ms: 0, today: Date::ZERO, user_id: None, is_strict: true };
        self.object_type.rules().apply(occasion, None, &mut whole);
        let title = whole.get(self.object_type.definition.title_field).and_then(Json::as_str);
        candidate.title_key = title.map(sort_key).filter(|key| !key.is_empty());
        candidate.title = title.map(|title| title.chars().take(MAX_SHOWN).collect());
        for field in self.object_type.value_fields() {
            let FieldKind::Channels(settings) = &field.kind else { continue };
            let entries =
                candidate.values.get(&field.name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
            for entry in entries {
                let text = |part: &str| entry.get(part).and_then(Json::as_str).unwrap_or_default();
                if settings.kinds.iter().any(|kind| kind.is_unique && kind.key == text("kind")) {
                    candidate.channel_keys.push((text("kind").to_owned(), sort_key(text("value"))));
                }
            }
        }
    }

    fn checked(&self, input: Values, candidate: &mut Candidate) -> Values {
        let mut values = Values::new();
        for (name, value) in input {
            let Some(field) = self.object_type.field(&name) else { continue };
            // A reference takes one id; a column of ids gives a list.
            let value = match (&field.kind, value) {
                (FieldKind::Reference(_), Json::Array(mut ids)) if ids.len() == 1 => ids.pop().unwrap_or(Json::Null),
                (_, value) => value,
            };
            match field.behaviour().normalise(field, &value, self.normalise) {
                Ok(Json::Null) => {}
                Ok(value) => {
                    values.insert(name, value);
                }
                Err(errors) => {
                    let problems = errors.iter().map(|error| self.problem(candidate, error, Some(&value)));
                    let problems: Vec<Problem> = problems.collect();
                    candidate.problems.extend(problems);
                }
            }
        }
        values
    }

    /// What is wrong, at the column that the value came from. `input` is the value of the whole field.
    pub(crate) fn problem(&self, candidate: &Candidate, error: &FieldError, input: Option<&Json>) -> Problem {
        let mut steps = error.pointer.trim_start_matches('/').split('/');
        let name = steps.next().unwrap_or_default();
        let entry = steps.next().and_then(|step| step.parse::<usize>().ok());
        let of_entry = entry.and_then(|at| candidate.columns.get(name).and_then(|columns| columns.get(at)).copied());
        let inner = match (input, entry) {
            (Some(Json::Array(entries)), Some(at)) => entries.get(at),
            (input, _) => input,
        };
        let value = match inner {
            Some(Json::String(text)) => Some(text.clone()),
            Some(Json::Object(object)) => object.get("value").and_then(Json::as_str).map(String::from),
            Some(Json::Null) | None => None,
            Some(other) => Some(other.to_string()),
        };
        Problem {
            column: of_entry.or_else(|| self.column_of(name)),
            field: Some(name.to_owned()),
            code: error.code.clone(),
            params: error.params.clone(),
            value: value.map(|text| shown(&text)),
        }
    }

    /// What fields refuse goes to the notes as text: a card must lose nothing, and a table need not. Answers whether there was such a thing.
    fn keep_unreadable(&self, raw: &mut RawRow) -> bool {
        let Some(notes) = self.importable.notes_field() else { return false };
        let mut lines: Vec<String> = Vec::new();
        let names: Vec<String> = raw.values.keys().filter(|name| *name != notes).cloned().collect();
        for name in names {
            let (Some(field), Some(value)) = (self.object_type.field(&name), raw.values.get_mut(&name)) else {
                continue;
            };
            let label = text_in(&field.labels, &self.language).to_owned();
            match value {
                Json::Array(entries) => entries.retain(|entry| {
                    let single = Json::Array(vec![entry.clone()]);
                    let is_good = field.behaviour().normalise(field, &single, self.normalise).is_ok();
                    if !is_good {
                        lines.push(format!("{label}: {}", text_of_entry(entry)));
                    }
                    is_good
                }),
                other => {
                    if field.behaviour().normalise(field, other, self.normalise).is_err() {
                        lines.push(format!("{label}: {}", text_of_entry(other)));
                        *other = Json::Null;
                    }
                }
            }
        }
        for line in &lines {
            raw.append_line(notes, line);
        }
        !lines.is_empty()
    }
}

fn text_of_entry(entry: &Json) -> String {
    match entry {
        Json::String(text) => text.clone(),
        Json::Object(parts) => {
            let texts = parts.iter().filter(|(name, _)| *name != "kind").filter_map(|(_, value)| value.as_str());
            texts.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// A problem that is all code.
pub(crate) fn problem(code: &str) -> Problem {
    Problem { column: None, field: None, code: code.into(), params: Map::new(), value: None }
}

fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN).collect()
}
