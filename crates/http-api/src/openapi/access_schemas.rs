//! Schemas of what explains rights.

use serde_json::{Value as Json, json};

use super::{list_of, object, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    let flag = || json!({ "type": "boolean" });
    let id = || json!({ "type": "integer", "format": "int64" });
    let action = || json!({ "type": "string", "enum": ["see", "create", "change", "delete", "export", "bulk", "merge", "share"] });
    let level = || json!({ "type": "string", "enum": ["own", "shared", "team", "all"] });
    let right = || json!({ "type": "string", "enum": ["hidden", "read", "write"] });
    let named = || object(&["id", "title"], json!({ "id": id(), "title": text() }));
    let line = object(
        &["level"],
        json!({ "level": level(), "filter": { "type": ["string", "null"], "description": "only these, in the filter language" } }),
    );
    let lines = || json!({ "type": "object", "additionalProperties": list_of("RightLine") });
    let rights_by_name = || json!({ "type": "object", "additionalProperties": right() });
    let count = || json!({ "count": { "type": ["integer", "null"] }, "is_capped": flag() });
    let with_examples = || {
        let mut properties = count();
        if let Some(properties) = properties.as_object_mut() {
            properties.insert("examples".into(), list_of("Reference"));
        }
        object(&["count", "is_capped", "examples"], properties)
    };
    [
        ("RightLine", line),
        (
            "TypeRights",
            object(&[], json!({ "actions": lines(), "fields": rights_by_name(), "blocks": rights_by_name() })),
        ),
        (
            "Rights",
            object(
                &[],
                json!({
                    "base": { "type": ["string", "null"], "enum": ["administrator", "supervisor", "employee", null] },
                    "types": { "type": "object", "additionalProperties": reference("TypeRights") },
                    "features": { "type": "object", "additionalProperties": flag() },
                    "needs_second_step": { "type": "boolean", "description": "People with this role need a second step of login" },
                }),
            ),
        ),
        (
            "AccessOptions",
            object(
                &["actions", "levels", "types", "features"],
                json!({
                    "actions": { "type": "array", "items": action() },
                    "levels": { "type": "array", "items": level() },
                    "types": { "type": "array", "items": object(&["type", "bases"], json!({
                        "type": text(), "bases": { "type": "object", "additionalProperties": reference("TypeRights") },
                    })) },
                    "features": { "type": "array", "items": object(&["key", "is_setting", "open_to"], json!({
                        "key": text(), "is_setting": flag(), "open_to": texts(),
                    })) },
                }),
            ),
        ),
        (
            "AccessReason",
            object(
                &["role", "level", "filter", "holds"],
                json!({ "role": named(), "level": level(), "filter": { "type": ["string", "null"] }, "holds": flag() }),
            ),
        ),
        (
            "AccessExplanation",
            object(
                &["user", "is_active", "is_administrator", "actions", "fields"],
                json!({
                    "user": reference("Reference"), "is_active": flag(), "is_administrator": flag(),
                    "actions": { "type": "array", "items": object(&["action", "is_allowed", "reasons"], json!({
                        "action": action(), "is_allowed": flag(), "reasons": list_of("AccessReason"),
                    })) },
                    "fields": { "type": "array", "items": object(&["field", "right", "by_role"], json!({
                        "field": text(), "right": right(),
                        "by_role": { "type": "array", "items": object(&["role", "right"], json!({ "role": named(), "right": right() })) },
                    })) },
                }),
            ),
        ),
        (
            "AccessPeople",
            object(
                &["items", "is_capped"],
                json!({
                    "items": { "type": "array", "items": object(&["user", "actions", "is_administrator"], json!({
                        "user": reference("Reference"), "actions": { "type": "array", "items": action() }, "is_administrator": flag(),
                    })) },
                    "is_capped": flag(),
                }),
            ),
        ),
        ("RehearsalInput", object(&["role_id", "rights"], json!({ "role_id": id(), "rights": reference("Rights") }))),
        (
            "Rehearsal",
            object(
                &["people_count", "people"],
                json!({
                    "people_count": { "type": "integer" },
                    "people": { "type": "array", "items": object(&["user", "types", "opened", "closed", "second_step"], json!({
                        "user": reference("Reference"), "opened": texts(), "closed": texts(), "types": list_of("RehearsedType"),
                        "second_step": { "type": ["string", "null"], "enum": ["to_set_up", "to_keep", "free", null],
                            "description": "What comes of it for his login: he must set a second step up before he goes on, must keep his, or may take it away" },
                    })) },
                }),
            ),
        ),
        (
            "RehearsedType",
            object(
                &["type", "actions", "gained", "lost", "hidden_fields", "shown_fields"],
                json!({
                    "type": text(), "gained": with_examples(), "lost": with_examples(), "hidden_fields": texts(), "shown_fields": texts(),
                    "actions": { "type": "array", "items": object(&["action", "now", "then"], json!({
                        "action": action(), "now": object(&["count", "is_capped"], count()), "then": object(&["count", "is_capped"], count()),
                    })) },
                }),
            ),
        ),
        ("CopyRightsInput", object(&["from"], json!({ "from": id() }))),
        (
            "HoldingList",
            object(
                &["items"],
                json!({ "items": { "type": "array", "items": object(&["type", "field", "count", "is_capped"], json!({
                    "type": text(), "field": text(), "count": { "type": "integer" }, "is_capped": flag(),
                })) } }),
            ),
        ),
        (
            "HandoverInput",
            object(
                &["heirs"],
                json!({
                    "heirs": { "type": "array", "items": object(&["type", "field"], json!({
                        "type": text(), "field": text(),
                        "to": { "type": ["integer", "null"], "description": "a colleague; null takes the user out and puts nobody in his place" },
                    })) },
                    "deactivates": flag(),
                }),
            ),
        ),
        ("SeeAsInput", object(&["user_id"], json!({ "user_id": id() }))),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
