//! Schemas of the audit log.

use record_engine::audit::retention::{MAX_DAYS, MIN_DAYS};
use record_engine::audit::{Kind, Outcome};
use serde_json::{Value as Json, json};

use super::{object, page_of};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let optional_text = || json!({ "type": ["string", "null"] });
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
    let outcomes = [Outcome::Success, Outcome::Failure, Outcome::Denied].map(Outcome::key);
    let proofs = ["session", "app_password", "api_key"];
    let named = |types: Json| json!({ "type": types, "properties": { "id": { "type": ["integer", "null"] }, "title": optional_text(), "type": { "type": "string" } }, "required": ["id", "title", "type"] });
    let event = object(
        &["id", "at", "user", "proof", "source", "address", "kind", "outcome", "record", "details", "hash"],
        json!({
            "id": { "type": "integer" },
            "at": { "type": "string", "format": "date-time" },
            "user": named(json!(["object", "null"])),
            "proof": {
                "type": ["object", "null"], "required": ["kind", "id"],
                "properties": { "kind": { "type": "string", "enum": proofs }, "id": { "type": ["integer", "null"] } },
                "description": "What proved who he is",
            },
            "source": { "type": "string" },
            "address": optional_text(),
            "kind": { "type": "string", "enum": kinds },
            "outcome": { "type": "string", "enum": outcomes },
            "record": named(json!(["object", "null"])),
            "details": { "type": "object", "additionalProperties": true },
            "hash": { "type": "string", "description": "SHA-256 over the event and the hash of the one before it" },
        }),
    );
    let mut page = page_of("AuditEvent");
    if let Some(properties) = page.get_mut("properties").and_then(Json::as_object_mut) {
        let text = "How far back a page with a text has looked; null at the beginning of the log";
        properties.insert(
            "looked_back_to".into(),
            json!({ "type": ["string", "null"], "format": "date-time", "description": text }),
        );
    }
    let settings = object(
        &["retention_days", "records_views"],
        json!({
            "retention_days": { "type": "integer", "minimum": MIN_DAYS, "maximum": MAX_DAYS },
            "records_views": { "type": "boolean", "description": "Whether it is told who opened which private card" },
        }),
    );
    [("AuditEvent", event), ("AuditPage", page), ("AuditSettings", settings)]
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}
