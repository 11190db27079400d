//! What fields of a record ask of one another: a stage stands in the pipeline of its deal and asks for what it needs, and a part has one whole.

use serde_json::{Value as Json, json};

use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::field_types::{ChoiceOption, ChoiceSettings, FieldKind};
use crate::record::Values;

/// Keeps choices that stand within others in agreement, whichever of the two has changed, and names what is missing for an option that is new to the record.
/// `is_strict` is off for what comes back: a record that stood so once stands so again.
pub(super) fn follow(
    object_type: &ObjectType,
    before: Option<&Values>,
    after: &mut Values,
    is_strict: bool,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let choices = object_type.value_fields().filter_map(|field| match &field.kind {
        FieldKind::Choice(settings) => Some((field, settings)),
        _ => None,
    });
    for (field, settings) in choices {
        let is_new = |name: &str, after: &Values| before.and_then(|before| before.get(name)) != after.get(name);
        if let Some(above) = settings.within.as_deref()
            && (is_new(above, after) || is_new(&field.name, after))
        {
            // What a new record has by default nobody has chosen.
            let is_default = |name: &str, after: &Values| {
                let default = object_type.field(name).and_then(|field| field.default.as_ref());
                before.is_none() && after.get(name).is_some_and(|value| Some(value) == default)
            };
            let is_chosen = |name: &str, after: &Values| is_new(name, after) && !is_default(name, after);
            let (own, other) = (is_chosen(&field.name, after), is_chosen(above, after));
            errors.extend(agree(field, settings, above, own, other, after));
        }
        if !is_strict || !is_new(&field.name, after) {
            continue;
        }
        let Some(option) = chosen(settings, after.get(&field.name)) else { continue };
        let missing = option.traits.requires.iter().filter(|name| !after.contains_key(*name));
        let errors_of = missing.map(|name| FieldError::new(name, "required").with("for", option.key.as_str()));
        errors.extend(errors_of);
    }
    errors
}

fn chosen<'s>(settings: &'s ChoiceSettings, value: Option<&Json>) -> Option<&'s ChoiceOption> {
    settings.option(value?.as_str()?)
}

/// The one that was not chosen follows the other; both at once must agree.
fn agree(
    field: &Field,
    settings: &ChoiceSettings,
    above: &str,
    is_chosen: bool,
    is_above_chosen: bool,
    after: &mut Values,
) -> Option<FieldError> {
    let option = chosen(settings, after.get(&field.name))?;
    let within = option.traits.within.clone()?;
    let stands = after.get(above).and_then(Json::as_str);
    if stands == Some(within.as_str()) {
        return None;
    }
    if is_chosen && is_above_chosen && stands.is_some() {
        return Some(FieldError::new(&field.name, "option_elsewhere").with("value", option.key.as_str()));
    }
    if is_chosen || stands.is_none() {
        after.insert(above.to_owned(), json!(within));
        return None;
    }
    let first = settings.options.iter().find(|option| {
        !option.is_retired && option.traits.within.as_deref().is_none_or(|within| Some(within) == stands)
    });
    match first.map(|option| option.key.clone()) {
        Some(key) => after.insert(field.name.clone(), json!(key)),
        None => after.remove(&field.name),
    };
    None
}

/// A part belongs to exactly one whole, whatever fields may name it. What once stood otherwise is not in the way of another change.
pub(super) fn whole(object_type: &ObjectType, before: Option<&Values>, after: &Values) -> Option<FieldError> {
    let fields = object_type.definition.part_of;
    let is_changed = fields.iter().any(|name| before.and_then(|before| before.get(*name)) != after.get(*name));
    if fields.len() < 2 || (before.is_some() && !is_changed) {
        return None;
    }
    let mut named = fields.iter().filter(|name| after.contains_key(**name));
    match (named.next(), named.next()) {
        (Some(_), None) => None,
        (Some(_), Some(second)) => Some(FieldError::new(second, "one_of_several")),
        (None, _) => fields.first().map(|first| FieldError::new(first, "required")),
    }
}
