//! What an update makes of many-valued fields: it adds and completes, it never takes away.

use filter_language::sort_key;
use record_engine::catalog::Field;
use record_engine::field_types::{ChannelLabel, FieldKind};
use serde_json::Value as Json;

use super::lines::label_key;
use super::targets::ADDRESS_PARTS;

/// The value of a field after an update by `new`; `None` when nothing changes. With `is_detailed`, labels, comments and marks of known
/// entries follow the file too.
pub(crate) fn merged(field: &Field, existing: &Json, new: &Json, is_detailed: bool) -> Option<Json> {
    let (before, added) = (existing.as_array().cloned().unwrap_or_default(), new.as_array()?);
    let after = match &field.kind {
        FieldKind::Channels(settings) => channels(before.clone(), added, &settings.channel_labels, is_detailed),
        FieldKind::Addresses(settings) => addresses(before.clone(), added, &settings.address_labels, is_detailed),
        _ => return Some(new.clone()),
    };
    (after != before).then_some(Json::Array(after))
}

fn text_at<'a>(entry: &'a Json, part: &str) -> &'a str {
    entry.get(part).and_then(Json::as_str).unwrap_or_default()
}

fn set(entry: &mut Json, part: &str, value: Json) {
    if let Some(object) = entry.as_object_mut() {
        object.insert(part.into(), value);
    }
}

fn has_label(entry: &Json, label: &str, labels: &[ChannelLabel]) -> bool {
    let own = text_at(entry, "label");
    own == label || (!own.is_empty() && label_key(labels, own) == label_key(labels, label))
}

fn channels(mut entries: Vec<Json>, added: &[Json], labels: &[ChannelLabel], is_detailed: bool) -> Vec<Json> {
    for new in added {
        let kind = text_at(new, "kind");
        let key = sort_key(text_at(new, "value"));
        let is_same = |entry: &Json| text_at(entry, "kind") == kind && sort_key(text_at(entry, "value")) == key;
        let is_primary = new.get("is_primary") == Some(&Json::Bool(true));
        match entries.iter_mut().find(|entry| is_same(entry)) {
            Some(entry) => {
                let label = text_at(new, "label");
                let is_free = text_at(entry, "label").is_empty();
                if (is_detailed || (is_free && !label.is_empty())) && !has_label(entry, label, labels) {
                    set(entry, "label", new.get("label").cloned().unwrap_or(Json::Null));
                }
                if is_detailed {
                    for part in ["comment", "is_shared"] {
                        set(entry, part, new.get(part).cloned().unwrap_or(Json::Null));
                    }
                }
            }
            None => {
                let mut entry = new.clone();
                set(&mut entry, "is_primary", Json::Bool(false));
                entries.push(entry);
            }
        }
        if is_detailed && is_primary {
            for entry in entries.iter_mut().filter(|entry| text_at(entry, "kind") == kind) {
                let is_chosen = sort_key(text_at(entry, "value")) == key;
                set(entry, "is_primary", Json::Bool(is_chosen));
            }
        }
    }
    entries
}

fn addresses(mut entries: Vec<Json>, added: &[Json], labels: &[ChannelLabel], is_detailed: bool) -> Vec<Json> {
    for new in added {
        let label = text_at(new, "label");
        let is_bare = |entry: &Json| ADDRESS_PARTS.iter().all(|(part, _)| text_at(entry, part).is_empty());
        // What is nothing but a point completes no address that has words.
        let is_point = is_bare(new) && new.get("latitude").is_some_and(Json::is_number);
        let agrees = |entry: &Json| {
            (!is_point
                || is_bare(entry) && ["latitude", "longitude"].iter().all(|part| entry.get(part) == new.get(part)))
                && (label.is_empty() || has_label(entry, label, labels))
                && ADDRESS_PARTS.iter().all(|(part, _)| {
                    let text = text_at(new, part);
                    text.is_empty() || sort_key(text) == sort_key(text_at(entry, part))
                })
        };
        let at = entries.iter().position(agrees).or_else(|| {
            // A labelled address is corrected when there is exactly one of its label on both sides.
            let of_label = |entry: &&Json| !label.is_empty() && has_label(entry, label, labels);
            let is_only = added.iter().filter(of_label).count() == 1 && entries.iter().filter(of_label).count() == 1;
            if is_only { entries.iter().position(|entry| of_label(&entry)) } else { None }
        });
        let place = at.unwrap_or(entries.len());
        if at.is_none() {
            let mut entry = new.clone();
            set(&mut entry, "is_primary", Json::Bool(false));
            entries.push(entry);
        }
        if let Some(entry) = entries.get_mut(place) {
            for (part, _) in ADDRESS_PARTS {
                let text = text_at(new, part).to_owned();
                if !text.is_empty() && text != text_at(entry, part) {
                    set(entry, part, Json::String(text));
                }
            }
        }
        if let Some(entry) = entries.get_mut(place).filter(|_| new.get("latitude").is_some_and(Json::is_number)) {
            for part in ["latitude", "longitude"] {
                set(entry, part, new.get(part).cloned().unwrap_or_default());
            }
        }
        if is_detailed && new.get("is_primary") == Some(&Json::Bool(true)) {
            for (at, entry) in entries.iter_mut().enumerate() {
                set(entry, "is_primary", Json::Bool(at == place));
            }
        }
    }
    entries
}
