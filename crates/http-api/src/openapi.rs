//! The OpenAPI 3.1 document, made from the table of routes and the catalog as it is now, custom fields included.
//!
//! What must stay true: an operation id is the name of its handler; every schema that a route names exists.

mod access_schemas;
mod audit_schemas;
mod calendar_schemas;
mod duplicate_schemas;
mod exchange_schemas;
mod follower_schemas;
mod mail_schemas;
mod money_schemas;
mod notification_schemas;
mod personal_data_schemas;
mod record_schemas;
mod retention_schemas;
mod session_schemas;
mod sign_in_schemas;
mod template_schemas;
mod webhook_schemas;

use record_engine::catalog::{Catalog, ObjectType};
use record_engine::{Clock, RequestContext};
use serde_json::{Map, Value as Json, json};

use crate::route::{Body, Content, Parameter, Route};
use crate::router::BASE_PATH;
use crate::routes;

/// The document of a catalog with everything in it.
pub fn document(catalog: &Catalog) -> Json {
    document_for(catalog, &RequestContext::system(&Clock::fixed(0)))
}

/// The document as far as a caller may know the catalog.
pub(crate) fn document_for(catalog: &Catalog, context: &RequestContext) -> Json {
    let visible: Vec<&ObjectType> = catalog.object_types.iter().map(AsRef::as_ref).collect();
    let mut paths = Map::new();
    for route in routes::table() {
        let path = paths.entry(format!("{BASE_PATH}{}", route.path)).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(route.method.into(), operation(&route, &visible));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kartoteka",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The interface of the CRM, for the catalog of this installation. Errors are RFC 9457 problem documents.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "session": [] }, { "key": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas(&visible, context),
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "kartoteka_session", "description": "A person who logged in." },
                "key": { "type": "http", "scheme": "bearer", "bearerFormat": "ktk_…", "description": "A program, with a key of its owner." },
            },
        },
    })
}

fn operation(route: &Route, types: &[&ObjectType]) -> Json {
    let mut operation = json!({
        "operationId": route.operation_id,
        "summary": route.summary,
        "tags": [route.path.split('/').nth(1).unwrap_or_default()],
        "parameters": parameters(route, types),
        "responses": responses(route),
    });
    if let Some(object) = operation.as_object_mut() {
        match route.body {
            Body::None => {}
            Body::Json(schema) => {
                object.insert(
                    "requestBody".into(),
                    json!({ "required": true, "content": { "application/json": { "schema": reference(schema) } } }),
                );
            }
            Body::Bytes => {
                object.insert(
                    "requestBody".into(),
                    json!({ "required": true, "content": { "application/octet-stream": {} } }),
                );
            }
        }
        if route.is_public {
            object.insert("security".into(), json!([]));
        } else if route.is_session_only {
            object.insert("security".into(), json!([{ "session": [] }]));
        }
    }
    operation
}

fn parameters(route: &Route, types: &[&ObjectType]) -> Vec<Json> {
    let in_path = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).map(|name| {
        let schema = match name {
            "type" => json!({ "type": "string", "enum": types.iter().map(|object_type| &object_type.name).collect::<Vec<_>>() }),
            // Only files have ids that are no numbers.
            "id" if !route.path.starts_with("/files") => json!({ "type": "integer", "format": "int64" }),
            _ => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    });
    let in_query = route.query.iter().map(|Parameter { name, kind, is_required }: &Parameter| {
        json!({ "name": name, "in": "query", "required": is_required, "schema": { "type": kind } })
    });
    let header =
        |name: &str, schema: Json| json!({ "name": name, "in": "header", "required": false, "schema": schema });
    let key = route
        .is_retryable
        .then(|| header("Idempotency-Key", json!({ "type": "string", "minLength": 1, "maxLength": 128 })));
    let version = route.is_versioned.then(|| header("If-Match", json!({ "type": "string", "examples": ["\"3\""] })));
    in_path.chain(in_query).chain(key).chain(version).collect()
}

fn responses(route: &Route) -> Json {
    let (status, content) = route.answer;
    let answer = match content {
        Content::None => json!({ "description": "Done" }),
        Content::Json(schema) => {
            json!({ "description": "Done", "content": { "application/json": { "schema": reference(schema) } } })
        }
        Content::Bytes => json!({ "description": "The file, with a media type of its own", "content": { "*/*": {} } }),
        Content::Events => {
            json!({ "description": "The events", "content": { "text/event-stream": { "schema": { "type": "string" } } } })
        }
    };
    let problem = json!({ "description": "A problem", "content": { "application/problem+json": { "schema": reference("Problem") } } });
    let mut responses = Map::new();
    responses.insert(status.to_string(), answer);
    if let Some((status, schema, case)) = route.other_answer {
        responses.insert(
            status.to_string(),
            json!({ "description": case, "content": { "application/json": { "schema": reference(schema) } } }),
        );
    }
    responses.insert("default".into(), problem);
    Json::Object(responses)
}

fn schemas(types: &[&ObjectType], context: &RequestContext) -> Map<String, Json> {
    let mut schemas = Map::new();
    schemas.extend(audit_schemas::schemas());
    schemas.extend(session_schemas::schemas());
    schemas.extend(sign_in_schemas::schemas());
    schemas.extend(access_schemas::schemas());
    schemas.extend(record_schemas::schemas());
    schemas.extend(exchange_schemas::schemas());
    schemas.extend(duplicate_schemas::schemas());
    schemas.extend(mail_schemas::schemas());
    schemas.extend(follower_schemas::schemas());
    schemas.extend(notification_schemas::schemas());
    schemas.extend(personal_data_schemas::schemas());
    schemas.extend(retention_schemas::schemas());
    schemas.extend(money_schemas::schemas());
    schemas.extend(calendar_schemas::schemas());
    schemas.extend(template_schemas::schemas());
    schemas.extend(webhook_schemas::schemas());
    let mut names = Vec::with_capacity(types.len());
    for object_type in types {
        let name = format!("{}Values", pascal_case(&object_type.name));
        schemas.insert(name.clone(), values(object_type, context));
        names.push(reference(&name));
    }
    schemas.insert("Values".into(), json!({ "description": "By the type of the record.", "anyOf": names }));
    schemas
}

/// The fields of a type that the caller may know.
fn values(object_type: &ObjectType, context: &RequestContext) -> Json {
    let permissions = context.permissions(object_type);
    let mut properties = Map::new();
    for field in object_type.value_fields().filter(|field| !permissions.hides(&field.name)) {
        let mut schema = field.behaviour().json_schema(field);
        if let Some(object) = schema.as_object_mut() {
            if let Some(label) = field.labels.get("en").or_else(|| field.labels.values().next()) {
                object.insert("title".into(), json!(label));
            }
            if field.is_read_only {
                object.insert("readOnly".into(), json!(true));
            }
        }
        properties.insert(field.name.clone(), schema);
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn reference(schema: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// A nullable reference.
fn or_null(schema: &str) -> Json {
    json!({ "anyOf": [reference(schema), { "type": "null" }] })
}

/// An array of a named schema.
fn list_of(schema: &str) -> Json {
    json!({ "type": "array", "items": reference(schema) })
}

/// An object of exactly these members.
fn object(required: &[&str], properties: Json) -> Json {
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

/// What to change of something: what is left out or null stays as it is.
fn change(mut properties: Json) -> Json {
    for property in properties.as_object_mut().into_iter().flat_map(Map::values_mut) {
        *property = json!({ "anyOf": [property.take(), { "type": "null" }] });
    }
    object(&[], properties)
}

/// A page of a named schema.
fn page_of(schema: &str) -> Json {
    object(
        &["items", "next_cursor"],
        json!({ "items": list_of(schema), "next_cursor": { "type": ["string", "null"] } }),
    )
}

fn pascal_case(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use std::collections::BTreeSet;

    use super::*;

    fn empty() -> Json {
        document(&Catalog { version: 1, object_types: Vec::new() })
    }

    fn references(value: &Json, found: &mut BTreeSet<String>) {
        match value {
            Json::Object(members) => {
                found.extend(members.get("$ref").and_then(Json::as_str).map(String::from));
                members.values().for_each(|member| references(member, found));
            }
            Json::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_schema_that_is_named_exists_and_every_schema_is_named() {
        let document = empty();
        let mut named = BTreeSet::new();
        references(&document, &mut named);
        let known: BTreeSet<String> = document["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .map(|name| format!("#/components/schemas/{name}"))
            .collect();
        assert_eq!(named, known);
    }

    #[test]
    fn the_document_and_the_router_have_the_same_operations() {
        let document = empty();
        let mut described = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                described.insert((method.clone(), path.clone(), operation["operationId"].as_str().unwrap().to_owned()));
            }
        }
        let routed: BTreeSet<_> = routes::table()
            .iter()
            .map(|route| (route.method.to_owned(), format!("{BASE_PATH}{}", route.path), route.operation_id.to_owned()))
            .collect();
        assert_eq!(described, routed);
        let ids: BTreeSet<_> = routed.iter().map(|(_, _, id)| id).collect();
        assert_eq!(ids.len(), routed.len(), "an operation id stands for one operation");
    }

    #[test]
    fn reading_changes_nothing_and_every_operation_says_what_it_does() {
        for route in routes::table() {
            assert!(!route.summary.is_empty(), "{}", route.operation_id);
            let reads = ["get_", "list_", "count_", "search_", "stream_"]
                .iter()
                .any(|verb| route.operation_id.starts_with(verb));
            assert_eq!(route.method == "get", reads, "{}", route.operation_id);
        }
    }
}
