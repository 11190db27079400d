//! Phones, e-mails, messengers: any number of them, one normaliser, unique over live records unless marked as shared.
//!
//! Each entry is a row of a child table. `unique_value` is filled only for live, unshared entries of a unique kind and carries the unique
//! index, so the database itself refuses a second owner. `reversed` (the digits backwards) finds a number by its end.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue, sort_key};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{ChildTable, Column, FieldBehaviour, FieldKind, NormaliseContext, link, phone, text};
use crate::catalog::{Field, Labels, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{self, EntryIndex, Leaf};

/// Most channels of one record.
const MAX_CHANNELS: usize = 200;
/// Longest value, in characters.
const MAX_VALUE_LENGTH: usize = 500;
/// Longest comment, in characters.
const MAX_COMMENT_LENGTH: usize = 200;

/// Settings of channel fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelsSettings {
    /// The kinds on offer.
    pub kinds: Vec<ChannelKind>,
    /// What a channel is for.
    pub channel_labels: Vec<ChannelLabel>,
}

/// A kind of channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelKind {
    /// Stable key.
    pub key: String,
    /// Texts by language.
    pub labels: Labels,
    /// How the value is read.
    pub format: ChannelFormat,
    /// No two live records may have the same value, unless it is marked as shared.
    pub is_unique: bool,
    /// What a link to it begins with, `tel:` for example; empty when it cannot be opened.
    pub links: String,
}

/// How the value of a channel is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelFormat {
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A name in a messenger; a leading `@` and the service's address are dropped.
    Handle,
    /// A messenger that goes by number or by name.
    PhoneOrHandle,
}

/// What a channel is for: home, work, mobile …
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelLabel {
    /// Stable key.
    pub key: String,
    /// Texts by language.
    pub labels: Labels,
}

/// The value of the unique index for a channel.
pub fn unique_value(kind: &str, value: &str) -> String {
    format!("{kind}:{}", sort_key(value))
}

struct Normalised {
    value: String,
    display: String,
}

fn normalise_value(format: ChannelFormat, text: &str, country: &str) -> Result<Normalised, &'static str> {
    let trimmed = text.trim();
    let plain = |value: String| Normalised { display: value.clone(), value };
    match format {
        ChannelFormat::Phone => {
            let made = phone::normalise(trimmed, country).ok_or("not_a_phone")?;
            Ok(Normalised { value: made.value, display: made.display })
        }
        ChannelFormat::Email => normalise_email(trimmed).map(plain).ok_or("not_an_email"),
        ChannelFormat::Url => link::normalise_url(trimmed).map(plain).ok_or("not_a_url"),
        ChannelFormat::Handle => Ok(normalise_handle(trimmed)),
        ChannelFormat::PhoneOrHandle => match phone::normalise(trimmed, country) {
            Some(made) => Ok(Normalised { value: made.value, display: made.display }),
            None => Ok(normalise_handle(trimmed)),
        },
    }
}

/// An address in lower case; `None` when mail could not be sent to it.
pub fn normalise_email(text: &str) -> Option<String> {
    let address = text.trim().strip_prefix("mailto:").unwrap_or(text.trim()).to_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    let is_clean = !address
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')'));
    let is_domain =
        domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains("..");
    (is_clean && is_domain && !local.is_empty() && !local.contains('@') && address.len() <= 254).then_some(address)
}

fn normalise_handle(text: &str) -> Normalised {
    let without_scheme = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let is_address = without_scheme.len() != text.len()
        || without_scheme.starts_with("t.me/")
        || without_scheme.starts_with("vk.com/");
    let name = if is_address {
        without_scheme.split_once('/').map_or(without_scheme, |(_, rest)| rest)
    } else {
        without_scheme
    };
    let name = name.trim_end_matches('/');
    let bare = name.strip_prefix('@').unwrap_or(name);
    Normalised {
        value: bare.to_owned(),
        display: if bare.len() == name.len() { bare.to_owned() } else { format!("@{bare}") },
    }
}

impl ChannelsSettings {
    fn entry(
        &self,
        field: &Field,
        at: usize,
        input: &Json,
        context: &NormaliseContext,
    ) -> Result<Option<Json>, FieldError> {
        let error = |part: &str, code: &str| FieldError::new(&field.name, code).at(format!("{at}/{part}"));
        let text_of =
            |part: &str| input.get(part).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
        let raw = match input.get("value") {
            None | Some(Json::Null) => return Ok(None),
            Some(Json::String(text)) if text.trim().is_empty() => return Ok(None),
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) => number.to_string(),
            Some(_) => return Err(error("value", "wrong_type")),
        };
        if raw.chars().count() > MAX_VALUE_LENGTH {
            return Err(error("value", "too_long").with("max", MAX_VALUE_LENGTH));
        }
        let key = text_of("kind").unwrap_or("phone");
        let kind = self
            .kinds
            .iter()
            .find(|kind| kind.key == key)
            .ok_or_else(|| error("kind", "unknown_channel_kind").with("value", key))?;
        let made = normalise_value(kind.format, &raw, &context.country)
            .map_err(|code| error("value", code).with("value", raw.trim()))?;
        // What is stored already keeps the form in which it is shown: the sign in front of a name stands only there.
        let shown = text_of("display").and_then(|text| normalise_value(kind.format, text, &context.country).ok());
        let made = shown.filter(|shown| shown.value == made.value).unwrap_or(made);
        // Labels that are not on the list are kept as they are: an address book of a phone has its own.
        let label = text_of("label").map(|label| label.chars().take(60).collect::<String>());
        let comment = text_of("comment").map(|comment| comment.chars().take(MAX_COMMENT_LENGTH).collect::<String>());
        let flag = |part: &str| input.get(part).and_then(Json::as_bool).unwrap_or(false);
        Ok(Some(json!({
            "kind": kind.key, "label": label, "value": made.value, "display": made.display,
            "is_primary": flag("is_primary"), "is_shared": flag("is_shared"), "comment": comment,
        })))
    }

    fn kind(&self, key: &str) -> Option<&ChannelKind> {
        self.kinds.iter().find(|kind| kind.key == key)
    }
}

/// Drops repeated channels and leaves exactly one primary for each kind.
fn settle(entries: Vec<Json>) -> Vec<Json> {
    let mut settled: Vec<Json> = Vec::with_capacity(entries.len());
    for entry in entries {
        let is_same = |other: &Json| {
            other.get("kind") == entry.get("kind")
                && sort_key(text_at(other, "value")) == sort_key(text_at(&entry, "value"))
        };
        if !settled.iter().any(is_same) {
            settled.push(entry);
        }
    }
    let kinds: Vec<String> = settled.iter().map(|entry| text_at(entry, "kind").to_owned()).collect();
    for (at, kind) in kinds.iter().enumerate() {
        let chosen = settled
            .iter()
            .position(|entry| text_at(entry, "kind") == kind && entry.get("is_primary") == Some(&Json::Bool(true)))
            .or_else(|| kinds.iter().position(|other| other == kind));
        if let Some(object) = settled.get_mut(at).and_then(Json::as_object_mut) {
            object.insert("is_primary".into(), Json::Bool(chosen == Some(at)));
        }
    }
    settled
}

fn text_at<'a>(entry: &'a Json, part: &str) -> &'a str {
    entry.get(part).and_then(Json::as_str).unwrap_or_default()
}

impl FieldBehaviour for ChannelsSettings {
    fn columns(&self, _: &Field) -> Vec<Column> {
        Vec::new()
    }

    fn child_table(&self) -> Option<ChildTable> {
        let text = |name: &str| Column::new(name, ColumnType::Text);
        let flag = |name: &str| Column::new(name, ColumnType::Integer);
        Some(ChildTable {
            columns: vec![
                text("kind"),
                text("label"),
                text("value"),
                text("value_key"),
                text("display"),
                text("reversed"),
                text("unique_value"),
                flag("is_primary"),
                flag("is_shared"),
                text("comment"),
            ],
            indexes: vec![vec!["value_key", "record_id"], vec!["reversed", "record_id"]],
            unique: Some("unique_value"),
            in_title_order: None,
        })
    }

    fn normalise(&self, field: &Field, input: &Json, context: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let entries = match input {
            Json::Null => return Ok(Json::Null),
            Json::Array(entries) => entries,
            _ => return Err(vec![FieldError::new(&field.name, "wrong_type")]),
        };
        if entries.len() > MAX_CHANNELS {
            return Err(vec![FieldError::new(&field.name, "too_many_values").with("max", MAX_CHANNELS)]);
        }
        let mut made = Vec::with_capacity(entries.len());
        let mut errors = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            match self.entry(field, at, entry, context) {
                Ok(Some(entry)) => made.push(entry),
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(if made.is_empty() { Json::Null } else { Json::Array(settle(made)) })
    }

    fn encode(&self, _: &Field, _: &Json, _: &mut Vec<Value>) {}

    fn decode(&self, _: &mut Row, _: usize) -> Json {
        Json::Null
    }

    fn encode_children(&self, field: &Field, value: &Json, is_live: bool) -> Vec<Vec<Value>> {
        let FieldKind::Channels(settings) = &field.kind else { return Vec::new() };
        let entries = value.as_array().map(Vec::as_slice).unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let (kind, text) = (text_at(entry, "kind"), text_at(entry, "value"));
                let is_shared = entry.get("is_shared") == Some(&Json::Bool(true));
                let definition = settings.kind(kind);
                let is_phone = definition.is_some_and(|kind| kind.format == ChannelFormat::Phone);
                let is_unique = is_live && !is_shared && definition.is_some_and(|kind| kind.is_unique);
                let optional = |part: &str| entry.get(part).and_then(Json::as_str).map_or(Value::Null, Value::from);
                vec![
                    kind.into(),
                    optional("label"),
                    text.into(),
                    sort_key(text).into(),
                    optional("display"),
                    if is_phone {
                        phone::search_digits(text).chars().rev().collect::<String>().into()
                    } else {
                        Value::Null
                    },
                    if is_unique { unique_value(kind, text).into() } else { Value::Null },
                    Value::from(entry.get("is_primary") == Some(&Json::Bool(true))),
                    Value::from(is_shared),
                    optional("comment"),
                ]
            })
            .collect()
    }

    fn decode_child(&self, row: &mut Row, at: usize) -> Json {
        let is_true = |row: &Row, at: usize| row.optional_integer(at).ok().flatten() == Some(1);
        let (is_primary, is_shared) = (is_true(row, at + 7), is_true(row, at + 8));
        json!({
            "kind": text::decode(row, at), "label": text::decode(row, at + 1), "value": text::decode(row, at + 2),
            "display": text::decode(row, at + 4), "is_primary": is_primary, "is_shared": is_shared, "comment": text::decode(row, at + 9),
        })
    }

    fn entry_key(&self, entry: &Json) -> String {
        unique_value(text_at(entry, "kind"), text_at(entry, "value"))
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        match part {
            None => Some(FieldType::Text),
            Some(part) => self.kind(part).map(|_| FieldType::Text),
        }
    }

    fn filter_value(&self, _: &Field, value: &Json, part: Option<&str>) -> FieldValue {
        let entries = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let chosen = entries.iter().filter(|entry| part.is_none_or(|part| text_at(entry, "kind") == part));
        let values: Vec<String> = chosen.map(|entry| text_at(entry, "value").to_owned()).collect();
        if values.is_empty() { FieldValue::Empty } else { FieldValue::TextSet(values) }
    }

    fn condition(&self, object_type: &ObjectType, field: &Field, condition: &Condition, backend: Backend) -> Vec<Leaf> {
        let kind = condition.field.part.clone();
        conditions::child(&object_type.child_table(field), condition, EntryIndex::Plain, |operator, values| {
            let mut made = conditions::text("c.value_key", operator, values, backend);
            if let Some(kind) = &kind {
                made.push(" AND c.kind = ?");
                made.params.push(Value::from(kind.as_str()));
            }
            made
        })
    }

    fn sort_column(&self, _: &Field) -> Option<String> {
        None
    }

    fn search_text(&self, value: &Json, out: &mut String) {
        for entry in value.as_array().into_iter().flatten() {
            let text = text_at(entry, "value");
            out.push(' ');
            if text.starts_with('+') || text.chars().all(|c| c.is_ascii_digit()) {
                out.push_str(&phone::search_digits(text));
            } else {
                out.push_str(text);
            }
        }
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["array", "null"], "items": { "type": "object", "required": ["kind", "value"], "properties": {
            "kind": { "type": "string", "enum": self.kinds.iter().map(|kind| &kind.key).collect::<Vec<_>>() },
            "label": { "type": ["string", "null"] }, "value": { "type": "string", "maxLength": MAX_VALUE_LENGTH },
            "display": { "type": "string", "readOnly": true }, "is_primary": { "type": "boolean" },
            "is_shared": { "type": "boolean" }, "comment": { "type": ["string", "null"], "maxLength": MAX_COMMENT_LENGTH }
        } } })
    }
}

#[cfg(test)]
mod tests {
    use super::{normalise_email, normalise_handle};

    #[test]
    fn emails() {
        let check =
            |input: &str, expect: Option<&str>| assert_eq!(normalise_email(input).as_deref(), expect, "{input}");
        check("Ira@Bondarenko.Kyiv.UA", Some("ira@bondarenko.kyiv.ua"));
        check("mailto:a@b.c", Some("a@b.c"));
        check("пошта@приклад.укр", Some("пошта@приклад.укр"));
        for wrong in ["a@b", "a b@c.d", "@c.d", "a@.d", "a@c..d", "a@c.d, e@f.g", "a@b@c.d", "no"] {
            check(wrong, None);
        }
    }

    #[test]
    fn handles() {
        let check = |input: &str, value: &str, display: &str| {
            let made = normalise_handle(input);
            assert_eq!((made.value.as_str(), made.display.as_str()), (value, display), "{input}");
        };
        check("@ira_bond", "ira_bond", "@ira_bond");
        check("https://t.me/ira_bond", "ira_bond", "ira_bond");
        check("vk.com/id123/", "id123", "id123");
        check("live:ira", "live:ira", "live:ira");
    }
}
