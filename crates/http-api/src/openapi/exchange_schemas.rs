//! Schemas of import and export.

use serde_json::{Value as Json, json};

use super::{list_of, object, or_null, page_of, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let integer = || json!({ "type": "integer" });
    let flag = || json!({ "type": "boolean" });
    let optional_text = || json!({ "type": ["string", "null"] });
    let optional_integer = || json!({ "type": ["integer", "null"] });
    let texts = || json!({ "type": "array", "items": { "type": "string" } });
    let mode = || json!({ "type": "string", "enum": ["create_and_update", "create_only", "update_only"] });
    let on_partial_match = || json!({ "type": "string", "enum": ["ask", "update", "merge", "skip", "create_shared"] });
    let decision = || json!({ "type": ["string", "null"], "enum": ["update", "merge", "skip", "create_shared", null] });
    let counts = |names: &[&str]| {
        let members: serde_json::Map<String, Json> = names.iter().map(|name| ((*name).to_owned(), integer())).collect();
        json!({ "type": "object", "properties": members })
    };
    let problem = json!({ "type": "object", "properties": { "column": optional_integer(), "code": text(), "params": { "type": "object" }, "value": optional_text() } });
    let import = json!({
        "id": integer(), "type": text(), "file_name": text(), "file_size": integer(), "kind": text(), "recognised": optional_text(),
        "created_at": { "type": "string", "format": "date-time" }, "state": { "type": "string", "enum": ["mapping", "checking", "checked", "running", "done", "failed", "cancelled", "undone"] },
        "options": reference("ImportOptions"), "sheets": texts(), "row_estimate": optional_integer(), "columns": list_of("ImportColumn"),
        "targets": list_of("ImportTarget"), "mode": mode(), "match_keys": texts(), "defaults": { "type": "object" },
        "on_partial_match": on_partial_match(), "keep_unreadable": flag(), "admits_erased": flag(), "remember": flag(), "preview": list_of("ImportPreviewRow"), "check": or_null("ImportCheck"),
        "job": or_null("Job"), "operation_id": optional_integer(), "can_undo": flag(), "report": or_null("ImportReport"),
        "queue_records": { "type": "integer", "description": "Of one import: records that its queue loaded after its end, and that its undo takes back too." },
        "queue_records_of_others": { "type": "integer", "description": "The same, loaded by others: they stay." },
    });
    [
        (
            "ImportOptions",
            json!({ "type": "object", "properties": {
                "sheet": optional_text(), "encoding": optional_text(), "delimiter": optional_text(), "quote": optional_text(),
                "has_header": { "type": ["boolean", "null"] },
            } }),
        ),
        (
            "ImportColumn",
            object(
                &["index", "header", "samples", "target", "is_sure"],
                json!({ "index": integer(), "header": text(), "samples": texts(), "target": optional_text(), "is_sure": flag() }),
            ),
        ),
        (
            "ImportTarget",
            json!({ "type": "object", "required": ["key", "labels"], "properties": { "key": text(), "labels": { "type": "object" }, "group": optional_text() } }),
        ),
        (
            "ImportPreviewRow",
            json!({ "type": "object", "required": ["row", "values", "problems"], "properties": {
                "row": integer(), "values": { "type": "object" }, "problems": { "type": "array", "items": problem },
            } }),
        ),
        ("ImportCheck", counts(&["read", "would_create", "would_update", "unchanged", "needs_decision", "skipped", "errors", "companies", "photos"])),
        ("ImportReport", counts(&["read", "created", "updated", "unchanged", "skipped", "undecided", "failed", "companies_created", "photos", "warnings"])),
        (
            "Import",
            json!({ "type": "object", "required": ["id", "type", "file_name", "file_size", "kind", "state"], "properties": import }),
        ),
        ("ImportPage", page_of("Import")),
        (
            "ImportUndoAnswer",
            object(
                &["undone", "kept", "kept_count", "left", "queue_records_of_others"],
                json!({
                    "operation_id": optional_integer(), "undoes": optional_integer(), "undone": integer(), "kept": list_of("KeptValue"), "kept_count": integer(),
                    "job": reference("Job"),
                    "left": { "type": "integer", "description": "Operations of the import that wait for the end of the job: ask again then." },
                    "queue_records_of_others": { "type": "integer", "description": "Records that its queue loaded for others: they stay." },
                }),
            ),
        ),
        (
            "ImportChange",
            object(
                &[],
                json!({
                    "options": reference("ImportOptions"),
                    "mapping": { "type": "array", "items": object(&["index"], json!({ "index": integer(), "target": optional_text() })) },
                    "mode": mode(), "match_keys": texts(), "defaults": { "type": "object" }, "on_partial_match": on_partial_match(),
                    "keep_unreadable": flag(), "remember": flag(),
                    "admits_erased": { "type": "boolean", "description": "Rows with an address of somebody who was erased are loaded all the same; only for who works with personal data." },
                }),
            ),
        ),
        (
            "ImportProblem",
            json!({ "type": "object", "required": ["row", "column", "field", "code", "kind", "decision"], "properties": {
                "row": integer(), "column": optional_integer(), "field": optional_text(), "code": text(), "params": { "type": "object" },
                "value": optional_text(), "kind": { "type": "string", "enum": ["error", "decision", "skipped", "warning"] }, "decision": decision(),
                "match": { "type": "object", "properties": { "id": integer(), "title": optional_text(), "type": text(), "on": texts() } },
            } }),
        ),
        ("ImportProblemPage", page_of("ImportProblem")),
        (
            "ImportDecisions",
            object(
                &[],
                json!({
                    "all": decision(),
                    "rows": { "type": "array", "items": object(&["row", "decision"], json!({ "row": integer(), "decision": decision() })) },
                }),
            ),
        ),
        (
            "ExportInput",
            object(
                &["type", "format"],
                json!({
                    "type": text(), "format": { "type": "string", "enum": ["xlsx", "csv", "vcard"] },
                    "filter": { "type": ["string", "object", "null"] }, "search": optional_text(), "sort": optional_text(),
                    "fields": { "type": ["array", "null"], "items": text() },
                    "pivot": { "oneOf": [reference("PivotInput"), { "type": "null" }] },
                }),
            ),
        ),
        (
            "PivotInput",
            object(
                &["rows"],
                json!({
                    "rows": text(), "columns": optional_text(), "value": optional_text(),
                    "figure": { "type": "string", "enum": ["sum", "average"] },
                }),
            ),
        ),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}
