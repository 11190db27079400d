//! Text of many lines: descriptions, notes. Line breaks are kept; it cannot be sorted by.

use std::borrow::Cow;
use std::collections::BTreeSet;

use database::{Backend, Row, Value};
use filter_language::{Condition, FieldType, FieldValue};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, FieldKind, NormaliseContext, text};
use crate::catalog::{Field, ObjectType, TEAM_TYPE, USER_TYPE};
use crate::error::FieldError;
use crate::query::conditions::Leaf;

/// Longest text, in characters.
pub const MAX_LENGTH: usize = 65_000;

/// See the module.
pub struct LongText;

fn max_length(field: &Field) -> usize {
    match &field.kind {
        FieldKind::LongText(settings) => settings.max_length.min(MAX_LENGTH),
        _ => MAX_LENGTH,
    }
}

impl FieldBehaviour for LongText {
    fn columns(&self, field: &Field) -> Vec<Column> {
        text::columns(field)
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let raw = text::input_text(field, input).map_err(|error| vec![error])?;
        let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
        let clean: String = unified.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let trimmed = clean.trim();
        if trimmed.is_empty() {
            return Ok(Json::Null);
        }
        let max = max_length(field);
        if trimmed.chars().count() > max {
            return Err(vec![FieldError::new(&field.name, "too_long").with("max", max)]);
        }
        Ok(Json::String(trimmed.into()))
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        text::encode(value, out);
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        text::decode(row, at)
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Text)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        text::filter_value(value)
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, backend: Backend) -> Vec<Leaf> {
        text::condition(field, condition, backend)
    }

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn search_text(&self, value: &Json, out: &mut String) {
        if let Some(text) = value.as_str() {
            out.push(' ');
            out.push_str(&plain_mentions(text));
        }
    }

    fn json_schema(&self, field: &Field) -> Json {
        json!({ "type": ["string", "null"], "maxLength": max_length(field) })
    }
}

/// What a text can mention: people and teams, by the names of their types.
const MENTIONED: [&str; 2] = [USER_TYPE, TEAM_TYPE];

/// The text as people read it: somebody mentioned as `@[Name](user:7)` is `@Name`, and so is a team.
pub fn plain_mentions(text: &str) -> Cow<'_, str> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(Mention { before, name, after, .. }) = next_mention(rest) {
        plain.push_str(before);
        plain.push('@');
        plain.push_str(name);
        rest = after;
    }
    if rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The records of a type that a text mentions: users or teams.
pub fn mentioned(text: &str, object_type: &str) -> BTreeSet<i64> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some(Mention { target, id, after, .. }) = next_mention(rest) {
        if target == object_type {
            found.extend(id.parse::<i64>());
        }
        rest = after;
    }
    found
}

/// A mention, with what stands before and behind it.
struct Mention<'t> {
    before: &'t str,
    name: &'t str,
    target: &'t str,
    id: &'t str,
    after: &'t str,
}

fn next_mention(text: &str) -> Option<Mention<'_>> {
    text.match_indices("@[").find_map(|(at, _)| {
        let (name, behind) = text.get(at + 2..)?.split_once(']')?;
        let (target, behind) = behind.strip_prefix('(')?.split_once(':')?;
        let (id, after) = behind.split_once(')')?;
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let is_mention = !name.is_empty() && MENTIONED.contains(&target) && is_id;
        is_mention.then_some(Mention { before: text.get(..at)?, name, target, id, after })
    })
}

#[cfg(test)]
mod tests {
    use super::{TEAM_TYPE, USER_TYPE, mentioned, plain_mentions};

    #[test]
    fn mentions_are_read_as_names() {
        let check = |stored: &str, expect: &str| assert_eq!(plain_mentions(stored), expect, "{stored}");
        check("Передать @[Марія Бондаренко](user:7) и @[Олег](user:12).", "Передать @Марія Бондаренко и @Олег.");
        check("@[x](user:) @[Ира](user:1)", "@[x](user:) @Ира");
        check("Слово за @[Отдел продаж](team:3)", "Слово за @Отдел продаж");
        check("mail@[x] and (user:1)", "mail@[x] and (user:1)");
        check("", "");
    }

    #[test]
    fn who_is_mentioned() {
        let check = |stored: &str, expect: &[i64]| {
            assert_eq!(mentioned(stored, USER_TYPE).into_iter().collect::<Vec<i64>>(), expect, "{stored}");
        };
        check("Передать @[Марія](user:7), @[Олег](user:12) и снова @[Марія](user:7).", &[7, 12]);
        let text = "@[Марія](user:7) и @[Продажи](team:3)";
        assert_eq!(mentioned(text, TEAM_TYPE).into_iter().collect::<Vec<i64>>(), [3]);
        check(text, &[7]);
        check("@[x](user:) @[y](user:99999999999999999999) @[z](contact:4)", &[]);
        check("", &[]);
    }
}
