//! One of a list. The column holds the option's key, so renaming an option touches no record.
//!
//! Options may mean something to the program ([`OptionTraits`]): the statuses of a task are open or closed, the stages of a deal have a chance of success
//! and stand in a pipeline. Such lists are options and not records, so that rules, filters and screens know them without reading; `status.meaning`
//! stands for all options of one meaning, whoever adds or renames them.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue, Literal, Operand, Operator};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext, text};
use crate::catalog::{Field, Labels, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, Leaf};

/// The part of a choice that stands for what its option means.
const MEANING: &str = "meaning";

/// Settings of drop-downs and lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChoiceSettings {
    /// The options in their order.
    #[serde(default)]
    pub options: Vec<ChoiceOption>,
    /// What options may mean to the program, as keys; empty where they mean nothing to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meanings: Vec<String>,
    /// Another choice field, under whose options those of this one are offered: the pipeline of a stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

/// What an option means to the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OptionTraits {
    /// One of [`ChoiceSettings::meanings`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// Chance of success in percent, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// Key of the option of [`ChoiceSettings::within`] under which it is offered; under all without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// A record that stands in it for more days is stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_days: Option<u16>,
    /// So many records shall stand in it at once. A sign for people and no lock: nothing is refused because of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_records: Option<u32>,
    /// The teams whose people are offered it for new records; empty for everybody. It says nothing of records that have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<i64>,
    /// Fields that must not be empty when a record comes into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// Stable key, `[a-z0-9_]+`.
    pub key: String,
    /// Texts by language.
    pub labels: Labels,
    /// `grey`, `red`, `amber`, `green`, `blue`, `purple`.
    #[serde(default)]
    pub color: Option<String>,
    /// No longer offered; records keep it.
    #[serde(default)]
    pub is_retired: bool,
    /// What it means to the program.
    #[serde(flatten)]
    pub traits: OptionTraits,
}

impl ChoiceOption {
    /// Whether it is offered for new records to somebody of these teams.
    pub fn is_offered(&self, my_teams: &[i64]) -> bool {
        !self.is_retired
            && (self.traits.teams.is_empty() || self.traits.teams.iter().any(|team| my_teams.contains(team)))
    }
}

impl ChoiceSettings {
    /// Standard options: key, texts in English, Russian, Ukrainian, colour.
    pub fn of(options: &[(&str, [&str; 3], Option<&str>)]) -> ChoiceSettings {
        let options = options
            .iter()
            .map(|(key, texts, color)| ChoiceOption {
                key: (*key).into(),
                labels: crate::catalog::labels(*texts),
                color: color.map(String::from),
                is_retired: false,
                traits: OptionTraits::default(),
            })
            .collect();
        ChoiceSettings { options, ..ChoiceSettings::default() }
    }

    /// The same whose options have meanings, by their keys.
    #[must_use]
    pub fn meaning(mut self, meanings: &[&str], of: &[(&str, &str)]) -> ChoiceSettings {
        self.meanings = meanings.iter().copied().map(String::from).collect();
        for (key, meaning) in of {
            self.set(key, |traits| traits.meaning = Some((*meaning).into()));
        }
        self
    }

    /// Changes what the option of a key means.
    pub fn set(&mut self, key: &str, change: impl FnOnce(&mut OptionTraits)) {
        if let Some(option) = self.options.iter_mut().find(|option| option.key == key) {
            change(&mut option.traits);
        }
    }

    /// The option of a key.
    pub fn option(&self, key: &str) -> Option<&ChoiceOption> {
        self.options.iter().find(|option| option.key == key)
    }

    /// What the option of a stored value means.
    pub fn meaning_of(&self, value: &Json) -> Option<&str> {
        self.option(value.as_str()?)?.traits.meaning.as_deref()
    }

    /// The first option that is offered and has this meaning.
    pub fn first_of(&self, meaning: &str) -> Option<&ChoiceOption> {
        self.options.iter().find(|option| !option.is_retired && option.traits.meaning.as_deref() == Some(meaning))
    }

    /// A condition on the meaning as one on the keys that have it, which an index finds.
    fn of_meaning(&self, condition: &Condition) -> Condition {
        let asked: Vec<&str> = condition.literals().iter().filter_map(literal_key).collect();
        let holds = |meaning: Option<&str>| match condition.operator {
            Operator::Equal | Operator::In => meaning.is_some_and(|meaning| asked.contains(&meaning)),
            Operator::NotEqual | Operator::NotIn => !meaning.is_some_and(|meaning| asked.contains(&meaning)),
            Operator::IsEmpty => meaning.is_none(),
            Operator::IsNotEmpty => meaning.is_some(),
            _ => false,
        };
        let is_of_empty = holds(None);
        let keys = self.options.iter().filter(|option| holds(option.traits.meaning.as_deref()) != is_of_empty);
        let keys = keys.map(|option| Literal::Text(option.key.clone())).collect();
        let operator = if is_of_empty { Operator::NotIn } else { Operator::In };
        Condition { operator, value: Operand::Many(keys), ..condition.clone() }
    }

    /// The option that a text means: its key, or its label in any language.
    pub fn find(&self, text: &str) -> Option<&ChoiceOption> {
        let named = |option: &&ChoiceOption| option.key == text || option.labels.values().any(|label| label == text);
        // Files mostly have the exact text, and an import asks for every row.
        self.options.iter().find(|option| option.key == text).or_else(|| self.options.iter().find(named)).or_else(
            || {
                let wanted = filter_language::sort_key(text);
                self.options
                    .iter()
                    .find(|option| option.labels.values().any(|label| filter_language::sort_key(label) == wanted))
            },
        )
    }

    /// The key of the option that `input` means.
    pub(super) fn key(&self, field: &Field, input: &Json) -> Result<Option<String>, FieldError> {
        let text = match input {
            Json::Null => return Ok(None),
            Json::String(text) if text.trim().is_empty() => return Ok(None),
            Json::String(text) => text.trim().to_owned(),
            Json::Number(number) => number.to_string(),
            _ => return Err(FieldError::new(&field.name, "wrong_type")),
        };
        match self.find(&text) {
            Some(option) => Ok(Some(option.key.clone())),
            None => Err(FieldError::new(&field.name, "unknown_option").with("value", text)),
        }
    }

    /// JSON Schema of a key.
    pub(super) fn key_schema(&self) -> Json {
        json!({ "type": "string", "enum": self.options.iter().map(|option| &option.key).collect::<Vec<_>>() })
    }
}

impl FieldBehaviour for ChoiceSettings {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![Column::new(&field.column, ColumnType::Text)]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        self.key(field, input).map(|key| key.map_or(Json::Null, Json::String)).map_err(|error| vec![error])
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(value.as_str().map_or(Value::Null, Value::from));
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        text::decode(row, at)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        let is_known = part.is_none_or(|part| part == MEANING && !self.meanings.is_empty());
        is_known.then_some(FieldType::Choice)
    }

    fn filter_value(&self, _: &Field, value: &Json, part: Option<&str>) -> FieldValue {
        let key = if part.is_some() { self.meaning_of(value) } else { value.as_str() };
        key.map_or(FieldValue::Empty, |key| FieldValue::Choice(key.into()))
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        if condition.field.part.is_none() {
            return vec![conditions::own(field, condition)];
        }
        let condition = self.of_meaning(condition);
        match (condition.operator, condition.literals()) {
            (Operator::In, []) => vec![conditions::fixed(false)],
            (_, []) => vec![conditions::fixed(true)],
            _ => vec![conditions::own(field, &condition)],
        }
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(field.column.clone())
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "anyOf": [self.key_schema(), { "type": "null" }] })
    }
}

fn literal_key(literal: &Literal) -> Option<&str> {
    match literal {
        Literal::Text(key) => Some(key),
        _ => None,
    }
}
