//! What a notification says beside its sentence: what was changed in what the reader follows, and with which signs somebody reacted.
//!
//! What must stay true: it is read when it is shown, from what stands there then, and only of fields that the reader may read. A change of nothing that
//! he may read is none for him.

use database::Query;
use serde_json::Value as Json;

use crate::catalog::{Catalog, Field, ObjectType};
use crate::context::RequestContext;
use crate::error::Result;
use crate::field_types::FieldKind;
use crate::query::present::{References, Titles};
use crate::reactions;

/// Which changes of a record an operation made, as one line: `Stage: Won, Deadline`. `None` where the reader may read nothing of it.
///
/// A moment is named without its value: a letter does not know where its reader is.
pub(super) fn of_change(
    tx: &mut dyn Query,
    context: &RequestContext,
    catalog: &Catalog,
    object_type: &ObjectType,
    operation_id: i64,
    record_id: i64,
) -> Result<Option<Changed>> {
    const SQL: &str =
        "SELECT field_id, new_value FROM changes WHERE object_type_id = ? AND record_id = ? AND operation_id = ?";
    let permissions = context.permissions(object_type);
    let mut values = Vec::new();
    let mut wanted = References::default();
    let rows = tx.query(SQL, &[object_type.id.into(), record_id.into(), operation_id.into()])?;
    for field in object_type.told_fields().filter(|field| !permissions.hides(&field.name)) {
        for row in &rows {
            if row.integer(0)? != field.id {
                continue;
            }
            let value: Json =
                row.optional_text(1)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            wanted.add_value(field, &value);
            values.push((field.clone(), value));
        }
    }
    if values.is_empty() {
        return Ok(None);
    }
    let titles = Titles::load(tx, context, catalog, &wanted)?;
    Ok(Some(Changed { values, titles }))
}

/// Changed fields with their new values, to be said in a language.
pub(super) struct Changed {
    values: Vec<(Field, Json)>,
    titles: Titles,
}

impl Changed {
    /// The line, for a reader of each language: English, Russian, Ukrainian.
    pub(super) fn words(&self) -> [String; 3] {
        ["en", "ru", "uk"].map(|language| {
            let said = self.values.iter().map(|(field, value)| {
                let label = word(&field.labels, language).unwrap_or(&field.name);
                match self.value(field, value, language) {
                    Some(value) => format!("{label} — {value}"),
                    None => label.to_owned(),
                }
            });
            said.collect::<Vec<String>>().join("; ")
        })
    }

    fn value(&self, field: &Field, value: &Json, language: &str) -> Option<String> {
        match &field.kind {
            FieldKind::Choice(settings) => {
                let option = settings.option(value.as_str()?)?;
                word(&option.labels, language).map(String::from)
            }
            FieldKind::Reference(settings) => self.titles.title(&settings.target, value.as_i64()?).map(String::from),
            FieldKind::ReferenceSet(settings) => {
                let ids = value.as_array()?.iter().filter_map(Json::as_i64);
                let names: Vec<&str> = ids.filter_map(|id| self.titles.title(&settings.target, id)).collect();
                (!names.is_empty()).then(|| names.join(", "))
            }
            _ => None,
        }
    }
}

fn word<'a>(labels: &'a crate::catalog::Labels, language: &str) -> Option<&'a str> {
    labels.get(language).or_else(|| labels.get("en")).map(String::as_str)
}

/// The signs with which somebody reacted to a note, the same in all languages; `None` where he has none any more.
pub(super) fn of_reaction(
    tx: &mut dyn Query,
    object_type: &str,
    note: Option<i64>,
    actor_id: Option<i64>,
) -> Result<Option<String>> {
    let (Some(note), Some(actor)) = (note, actor_id) else { return Ok(None) };
    let signs = reactions::signs_of(tx, object_type, note, actor)?;
    Ok((!signs.is_empty()).then_some(signs))
}
