//! Schemas of personal data: what is kept of a person, acts of destruction, the data map.

use serde_json::{Value as Json, json};

use super::{list_of, object, page_of, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let optional_text = || json!({ "type": ["string", "null"] });
    let integer = || json!({ "type": "integer" });
    let optional_integer = || json!({ "type": ["integer", "null"] });
    let flag = || json!({ "type": "boolean" });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    let counts = || json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    let cause = || json!({ "type": "string", "enum": ["request", "withdrawal", "purpose", "retention", "unlawful"] });
    let treatment = || json!({ "type": "string", "enum": ["keep", "clear", "delete"] });
    let work = || {
        let of_type = json!({ "type": text(), "treatment": treatment(), "count": integer() });
        json!({ "type": "array", "items": object(&["type", "treatment", "count"], of_type), "description": "What became of tasks, deals and events." })
    };
    let own_work = || {
        let of_type = json!({ "type": text(), "count": integer(), "shared": integer() });
        json!({
            "type": "array", "items": object(&["type", "count", "shared"], of_type),
            "description": "Tasks, deals and events of this person alone, in numbers; `shared` are those with other people, which stay as they are.",
        })
    };
    let goes = || {
        object(
            &["fields", "parts", "files", "history_entries", "imports", "exports"],
            json!({
                "fields": texts(), "parts": counts(), "work": work(), "files": integer(), "history_entries": integer(), "imports": integer(), "exports": integer(),
            }),
        )
    };
    let stays = || {
        object(
            &["fields", "parts", "relations", "is_user"],
            json!({ "fields": texts(), "parts": counts(), "relations": list_of("MergeRelation"), "is_user": flag() }),
        )
    };
    let act = json!({
        "id": integer(), "number": text(), "at": { "type": "string", "format": "date-time" }, "company": text(), "object_type": text(),
        "records": { "type": "array", "items": integer() }, "user_id": optional_integer(), "user": optional_text(), "cause": cause(),
        "goes": goes(), "stays": stays(), "database": text(),
    });
    [
        (
            "SubjectPreview",
            object(
                &["id", "title", "pseudonym", "is_erased", "is_held", "merged", "goes", "stays", "imports", "work"],
                json!({
                    "id": integer(), "title": text(), "pseudonym": text(), "is_erased": flag(), "is_held": flag(), "merged": integer(),
                    "goes": goes(), "stays": stays(), "imports": texts(), "work": own_work(),
                }),
            ),
        ),
        (
            "EraseInput",
            object(
                &["confirmation", "cause"],
                json!({
                    "confirmation": { "type": "string", "description": "The name on the card." }, "cause": cause(),
                    "keeps_addresses": { "type": "boolean", "description": "Whether phones and e-mail addresses go to the list of erased ones, as keyed hashes; true without it." },
                    "work": object(&[], json!({ "task": treatment(), "deal": treatment(), "event": treatment() })),
                }),
            ),
        ),
        (
            "RestrictInput",
            object(
                &["cause"],
                json!({
                    "cause": { "type": "string", "enum": ["accuracy", "unlawful", "claims", "objection", "demand"] },
                    "since": { "type": ["string", "null"], "description": "A day, YYYY-MM-DD; today without it." }, "reason": optional_text(),
                }),
            ),
        ),
        ("AddressInput", object(&["address"], json!({ "address": text() }))),
        ("ErasedAddresses", object(&["count"], json!({ "count": integer() }))),
        (
            "ErasedAddress",
            object(
                &["kind", "is_listed", "at"],
                json!({ "kind": { "type": "string", "enum": ["phone", "email"] }, "is_listed": flag(), "at": optional_text() }),
            ),
        ),
        ("LiftInput", object(&["reason"], json!({ "reason": text() }))),
        ("RestrictionAnswer", object(&["operation_id"], json!({ "operation_id": integer() }))),
        (
            "ConsentState",
            object(
                &["purpose", "text", "version", "is_active", "state", "at", "expires_on", "review_on", "consent_id", "is_outdated"],
                json!({
                    "purpose": reference("Reference"), "text": text(), "version": integer(), "is_active": flag(),
                    "state": { "type": "string", "enum": ["none", "given", "expired", "withdrawn"] },
                    "at": optional_text(), "expires_on": optional_text(), "review_on": optional_text(), "consent_id": optional_integer(), "is_outdated": flag(),
                }),
            ),
        ),
        ("ConsentList", object(&["items", "can_record"], json!({ "items": list_of("ConsentState"), "can_record": flag() }))),
        (
            "ConsentInput",
            object(
                &["purpose", "state", "source"],
                json!({
                    "purpose": integer(), "state": { "type": "string", "enum": ["given", "withdrawn"] },
                    "source": { "type": "string", "enum": ["form", "paper", "phone", "email", "messenger", "in_person", "other"] },
                    "source_detail": optional_text(), "channel": optional_text(), "at": optional_text(), "address": optional_text(),
                    "user_agent": optional_text(), "expires_on": optional_text(), "review_on": optional_text(), "remark": optional_text(),
                }),
            ),
        ),
        ("ConsentAnswer", object(&["id", "operation_id"], json!({ "id": integer(), "operation_id": integer() }))),
        (
            "DestructionAct",
            object(&["id", "number", "at", "company", "object_type", "records", "user_id", "user", "cause", "goes", "stays", "database"], act),
        ),
        ("DestructionActPage", page_of("DestructionAct")),
        (
            "DataMapType",
            object(
                &["name", "label", "role", "fields"],
                json!({
                    "name": text(), "label": optional_text(), "role": { "type": "string", "enum": ["subject", "part", "proof", "work", "staff", "settings"] },
                    "fields": { "type": "array", "items": object(
                        &["name", "label", "is_file", "is_erased"],
                        json!({ "name": text(), "label": optional_text(), "is_file": flag(), "is_erased": flag() }),
                    ) },
                }),
            ),
        ),
        (
            "DataMapTable",
            object(
                &["name", "days", "columns"],
                json!({
                    "name": text(), "days": optional_integer(),
                    "columns": { "type": "array", "items": object(
                        &["name", "holds"],
                        json!({ "name": text(), "holds": { "type": "string", "enum": ["keys", "settings", "staff", "people", "proof"] } }),
                    ) },
                }),
            ),
        ),
        ("DataMap", object(&["types", "tables"], json!({ "types": list_of("DataMapType"), "tables": list_of("DataMapTable") }))),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
