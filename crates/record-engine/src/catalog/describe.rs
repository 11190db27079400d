//! The catalog as clients read it.

use std::collections::BTreeMap;

use filter_language::{FieldPath, FieldType, Schema};
use serde_json::{Value as Json, json};

use super::definition::labels;
use super::store::settings_json;
use super::{Catalog, Field, ObjectType};
use crate::access::Action;
use crate::context::RequestContext;

impl Catalog {
    /// The catalog in JSON, as far as the actor may know it. The shape stands in `docs/api.md`.
    pub fn describe(&self, context: &RequestContext) -> Json {
        let types: Vec<Json> = self.object_types.iter().map(|object_type| object_type.describe(context)).collect();
        json!({ "version": self.version, "object_types": types })
    }
}

impl ObjectType {
    fn describe(&self, context: &RequestContext) -> Json {
        let definition = &self.definition;
        let permissions = context.permissions(self);
        let sections: Vec<Json> = definition
            .sections
            .iter()
            .map(|section| {
                let renamed = self.layout.sections.get(section.key).filter(|labels| !labels.is_empty());
                let labels = renamed.cloned().unwrap_or_else(|| labels(section.labels));
                json!({ "key": section.key, "labels": labels, "icon": section.icon, "filter": section.filter })
            })
            .collect();
        let fields: Vec<Json> = self
            .fields
            .iter()
            .filter(|field| !permissions.hides(&field.name))
            .map(|field| {
                let is_writable = !field.is_read_only
                    && (permissions.may(Action::Change) || permissions.may(Action::Create))
                    && permissions.writes(&field.name);
                let mut described = self.describe_field(field, is_writable);
                mark_offered(&mut described, field, context);
                described
            })
            .collect();
        json!({
            "name": self.name,
            "labels": labels(definition.labels),
            "labels_plural": labels(definition.labels_plural),
            "icon": definition.icon,
            "title_field": definition.title_field,
            "is_importable": definition.is_importable,
            "is_system": definition.is_system,
            "has_followers": self.has_followers(),
            "permissions": Action::ALL.iter().map(|action| (action.key(), permissions.may(*action))).collect::<BTreeMap<_, _>>(),
            "sections": sections,
            "default_columns": definition.default_columns,
            "default_sort": definition.default_sort,
            "part_of": definition.part_of,
            "done_by": definition.done_by.filter(|name| !permissions.hides(name)),
            "calendar": self.calendar_of(&permissions).map(|fields| fields.describe()),
            "members": definition.membership.map(|membership| json!({ "type": membership.of, "field": membership.field })),
            "fields": fields,
            "layout": self.layout.without(permissions.hidden_fields()),
        })
    }

    /// One field in JSON.
    pub fn describe_field(&self, field: &Field, is_writable: bool) -> Json {
        let path = FieldPath { field: field.name.clone(), part: None };
        let filter_type = self.field_type(&path);
        json!({
            "id": field.id,
            "name": field.name,
            "labels": field.labels,
            "kind": field.kind.name(),
            "settings": settings_json(&field.kind),
            "group": field.group,
            "is_custom": field.is_custom,
            "is_read_only": field.is_read_only,
            "is_required": field.is_required,
            "is_retired": field.is_retired,
            "is_indexed": field.is_indexed,
            "is_sortable": field.behaviour().sort_column(field).is_some(),
            "is_filterable": filter_type.is_some(),
            "access": if is_writable { "write" } else { "read" },
            "shown_if": field.shown_if,
            "required_if": field.required_if,
            "overdue_if": field.overdue_if,
            "timeline": field.timeline.map(|timeline| if timeline.is_shown { "shown" } else { "if_asked" }),
            "rolls_up": field.rolls_up,
            "default": field.default,
            "hint": field.hint,
            "operators": filter_type.map(operators).unwrap_or_default(),
        })
    }
}

/// Says of each option that only some teams are offered whether the reader is.
fn mark_offered(described: &mut Json, field: &Field, context: &RequestContext) {
    let options = described.pointer_mut("/settings/options").and_then(Json::as_array_mut);
    for (option, described) in field.kind.options().unwrap_or_default().iter().zip(options.into_iter().flatten()) {
        if let Some(described) = described.as_object_mut().filter(|_| !option.traits.teams.is_empty()) {
            described.insert("is_offered".into(), json!(context.access.is_offered(option)));
        }
    }
}

/// The operators as identifiers: `starts_with` for `starts with`.
fn operators(field_type: FieldType) -> Vec<String> {
    field_type.operators().iter().map(|operator| operator.as_str().replace(' ', "_")).collect()
}
