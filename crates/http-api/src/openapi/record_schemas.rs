//! Schemas of records, their history, operations, jobs, search and files.

use serde_json::{Value as Json, json};

use super::{list_of, object, or_null, page_of, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let integer = || json!({ "type": "integer" });
    let number = || json!({ "type": "number" });
    let flag = || json!({ "type": "boolean" });
    let optional_text = || json!({ "type": ["string", "null"] });
    let optional_integer = || json!({ "type": ["integer", "null"] });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let optional_instant = || json!({ "type": ["string", "null"], "format": "date-time" });
    let filter =
        || json!({ "description": "A filter in its text or JSON form.", "type": ["string", "object", "null"] });
    [
        (
            "Reference",
            object(&["id", "title", "type"], json!({ "id": integer(), "title": optional_text(), "type": text() })),
        ),
        (
            "Record",
            object(
                &["id", "type", "version", "title", "created_at", "updated_at", "can_edit", "can_delete", "values"],
                json!({
                    "id": integer(), "type": text(), "version": integer(), "title": text(), "created_at": instant(),
                    "created_by": or_null("Reference"), "updated_at": instant(), "updated_by": or_null("Reference"),
                    "deleted_at": optional_instant(), "merged_into": reference("Reference"), "erased_at": instant(), "is_restricted": flag(), "can_edit": flag(), "can_delete": flag(),
                    "locked_fields": { "type": "array", "items": text(), "description": "Fields that the reader writes elsewhere, and not here: of a record that is only shared with him, whose it is" },
                    "values": reference("Values"),
                }),
            ),
        ),
        (
            "RecordPage",
            object(
                &["items", "next_cursor", "is_capped"],
                json!({ "items": list_of("Record"), "next_cursor": optional_text(), "is_capped": flag() }),
            ),
        ),
        (
            "RecordQuery",
            object(
                &[],
                json!({
                    "filter": filter(), "sort": optional_text(), "fields": optional_text(),
                    "limit": { "type": ["integer", "null"], "minimum": 1, "maximum": 200 }, "cursor": optional_text(),
                    "search": optional_text(), "trash": flag(), "as_of": optional_text(),
                    "bbox": optional_text(),
                }),
            ),
        ),
        (
            "RecordMap",
            object(&["clusters", "total", "without_place", "is_capped"], json!({
                "clusters": { "type": "array", "items": object(
                    &["latitude", "longitude", "count", "bounds", "is_exact", "city", "town", "record"],
                    json!({
                        "latitude": number(), "longitude": number(), "count": integer(),
                        "bounds": { "type": "array", "items": number(), "minItems": 4, "maxItems": 4 },
                        "is_exact": flag(), "city": optional_text(),
                        "town": { "type": ["object", "null"], "required": ["cities", "country"], "properties": {
                            "cities": { "type": "array", "items": text() }, "country": optional_text(),
                        } },
                        "record": { "type": ["object", "null"], "required": ["id", "title", "type"], "properties": {
                            "id": integer(), "title": optional_text(), "type": text(),
                        } },
                    }),
                ) },
                "total": integer(), "without_place": integer(), "is_capped": flag(),
            })),
        ),
        (
            "WorkPage",
            object(&["items", "next_cursor"], json!({
                "items": { "type": "array", "description": "The most urgent first; what has no deadline last.", "items": object(&["field", "by", "record"], json!({
                    "field": { "type": "string", "description": "The field of the record that has the deadline." },
                    "by": { "type": ["string", "null"], "format": "date-time", "description": "The deadline; of a day its end by the clock of the reader." },
                    "record": reference("Record"),
                })) },
                "next_cursor": optional_text(),
            })),
        ),
        (
            "WorkCounts",
            object(&["parts", "is_capped"], json!({
                "parts": object(
                    &["overdue", "today", "tomorrow", "week", "later", "none"],
                    json!({ "overdue": integer(), "today": integer(), "tomorrow": integer(), "week": integer(), "later": integer(), "none": integer() }),
                ),
                "is_capped": { "type": "boolean", "description": "There is more than was counted." },
            })),
        ),
        (
            "RecordBoard",
            object(&["columns"], json!({
                "columns": { "type": "array", "description": "Records without a value first, then the options in their order.", "items": object(
                    &["option", "count", "sums", "items", "next_cursor", "is_capped"],
                    json!({
                        "option": { "type": ["string", "null"], "description": "The key of the option; null for the records without a value." },
                        "count": reference("RecordCount"),
                        "sums": {
                            "type": ["array", "null"],
                            "description": "One for each currency; null when nothing is added up, and when there are too many records for it.",
                            "items": object(&["currency", "amount"], json!({
                                "currency": { "type": ["string", "null"], "description": "Null for numbers." },
                                "amount": { "type": "number", "description": "Of money in minor units." },
                            })),
                        },
                        "items": list_of("Record"), "next_cursor": optional_text(), "is_capped": flag(),
                    }),
                ) },
            })),
        ),
        (
            "AddressQuestion",
            object(
                &["street"],
                json!({
                    "street": text(), "postcode": text(), "city": text(), "region": text(), "country": text(),
                    "geocoder_url": { "type": "string", "description": "A service to try instead of the one in force; administrators only." },
                }),
            ),
        ),
        (
            "ExactPlace",
            object(
                &["place"],
                json!({ "place": {
                    "type": ["object", "null"], "required": ["latitude", "longitude", "name", "is_exact"], "properties": {
                        "latitude": { "type": "number" }, "longitude": { "type": "number" }, "name": { "type": ["string", "null"] },
                        "is_exact": { "type": "boolean" },
                    },
                } }),
            ),
        ),
        ("FoundPlace", object(&["town"], json!({ "town": or_null("Town") }))),
        ("Towns", object(&["towns"], json!({ "towns": list_of("Town") }))),
        ("Town", object(&["latitude", "longitude", "names"], json!({
            "latitude": number(), "longitude": number(),
            "names": object(&["en", "ru", "uk"], json!({ "en": text(), "ru": text(), "uk": text() })),
        }))),
        (
            "RecordCountsQuery",
            object(&["filters"], json!({
                "filters": { "type": "array", "maxItems": 100, "items": filter() },
                "may": {
                    "type": "string", "enum": ["see", "change", "delete"], "default": "see",
                    "description": "Counts only those with which the caller may do this.",
                },
            })),
        ),
        (
            "RecordCounts",
            object(&["counts"], json!({ "counts": { "type": "array", "description": "In the order of the filters.", "items": reference("RecordCount") } })),
        ),
        ("RecordCount", object(&["count", "is_capped"], json!({ "count": optional_integer(), "is_capped": flag() }))),
        (
            "RecordSpans",
            object(&["items", "total"], json!({
                "items": list_of("Record"),
                "total": { "anyOf": [reference("RecordCount"), { "type": "null" }], "description": "How many there are; null where the items are all." },
            })),
        ),
        ("RecordInput", object(&["values"], json!({ "values": reference("Values") }))),
        (
            "WriteAnswer",
            object(&["record", "operation_id"], json!({
                "record": or_null("Record"), "operation_id": optional_integer(),
                "in_trash": { "type": "array", "items": object(&["id", "title", "field", "display"], json!({
                    "id": integer(), "title": text(), "field": text(), "display": text(),
                })) },
                "warnings": { "type": "array", "items": object(&["code", "field", "place", "display"], json!({
                    "code": { "type": "string", "enum": ["erased_address"] }, "field": text(), "place": integer(), "display": text(),
                })) },
            })),
        ),
        (
            "PresenceInput",
            object(
                &["view", "doing"],
                json!({
                    "view": { "type": "string", "minLength": 1, "maxLength": 64, "description": "which window of the user, by a name that the client makes up" },
                    "doing": { "type": "string", "enum": ["viewing", "editing", "gone"] },
                }),
            ),
        ),
        (
            "PresenceList",
            object(&["items"], json!({ "items": { "type": "array", "items": object(
                &["user", "is_editing"],
                json!({ "user": reference("Reference"), "is_editing": flag() }),
            ) } })),
        ),
        (
            "Explanation",
            json!({
                "type": "object", "required": ["holds"],
                "description": "a node of a filter with its verdict: all, and, or, not, condition",
                "properties": {
                    "holds": flag(),
                    "all": flag(),
                    "and": { "type": "array", "items": reference("Explanation") },
                    "or": { "type": "array", "items": reference("Explanation") },
                    "not": reference("Explanation"),
                    "condition": { "type": "object" },
                },
            }),
        ),
        (
            "SetList",
            object(
                &["items"],
                json!({ "items": { "type": "array", "items": object(
                    &["field", "id", "title"],
                    json!({ "field": text(), "id": integer(), "title": text() }),
                ) } }),
            ),
        ),
        ("DeleteAnswer", object(&["operation_id"], json!({ "operation_id": optional_integer() }))),
        (
            "BulkInput",
            object(
                &["action"],
                json!({
                    "action": { "type": "string", "enum": ["update", "delete", "restore"] },
                    "ids": { "type": "array", "items": integer(), "maxItems": 100_000 }, "filter": filter(), "values": reference("Values"),
                    "add": reference("Values"), "remove": reference("Values"),
                }),
            ),
        ),
        (
            "ForEachInput",
            object(
                &["field", "values"],
                json!({
                    "field": text(), "values": reference("Values"), "ids": { "type": "array", "items": integer(), "maxItems": 100_000 },
                    "filter": filter(),
                }),
            ),
        ),
        (
            "PlacesInput",
            object(
                &[],
                json!({ "ids": { "type": "array", "items": integer(), "maxItems": 100_000 }, "filter": filter() }),
            ),
        ),
        (
            "CellsInput",
            object(
                &["rows"],
                json!({ "rows": { "type": "array", "maxItems": modules::exchange::MAX_ROWS, "items": object(
                    &["id"],
                    json!({
                        "id": integer(), "version": optional_integer(), "values": reference("Values"),
                        "texts": { "type": "object", "additionalProperties": text() },
                    }),
                ) } }),
            ),
        ),
        (
            "CellsAnswer",
            object(
                &["operation_id", "records", "created", "changed", "unchanged", "problems"],
                json!({
                    "operation_id": optional_integer(), "records": list_of("Record"), "changed": integer(), "unchanged": integer(),
                    "created": { "type": "array", "items": object(&["row", "id"], json!({ "row": integer(), "id": integer() })) },
                    "problems": list_of("CellProblem"),
                }),
            ),
        ),
        (
            "CellProblem",
            object(
                &["id", "field", "code", "params"],
                json!({ "id": integer(), "field": optional_text(), "code": text(), "params": { "type": "object" } }),
            ),
        ),
        (
            "Operation",
            object(
                &["id", "kind", "at", "user", "source", "is_undone", "can_undo"],
                json!({
                    "id": integer(), "kind": text(), "at": instant(), "user": or_null("Reference"), "source": text(),
                    "reason": optional_text(), "title": optional_text(), "record_count": optional_integer(), "object_type": optional_text(),
                    "undoes": optional_integer(), "is_undone": flag(), "can_undo": flag(),
                }),
            ),
        ),
        ("OperationPage", page_of("Operation")),
        (
            "HistoryChange",
            json!({ "type": "object", "required": ["field", "old", "new"], "properties": { "field": text(), "old": {}, "new": {} } }),
        ),
        (
            "HistoryEntry",
            object(
                &["operation", "changes", "merged_into"],
                json!({ "operation": reference("Operation"), "changes": list_of("HistoryChange"), "merged_into": or_null("Reference") }),
            ),
        ),
        ("HistoryPage", page_of("HistoryEntry")),
        (
            "TimelineEntry",
            object(
                &["kind", "id", "at", "record", "of", "is_cut", "change", "reactions"],
                json!({
                    "kind": { "type": "string", "description": "The type of the record, or `change`" }, "id": integer(), "at": instant(),
                    "record": or_null("Record"), "change": or_null("HistoryEntry"),
                    "of": { "anyOf": [reference("Reference"), { "type": "null" }], "description": "Whose entry it is, where it came in from another record" },
                    "is_cut": { "type": "boolean", "description": "Of a long text only the beginning is here" },
                    "reactions": list_of("Reaction"),
                }),
            ),
        ),
        (
            "TimelinePage",
            object(
                &["items", "pinned", "others", "next_cursor"],
                json!({
                    "items": list_of("TimelineEntry"), "pinned": list_of("TimelineEntry"),
                    "others": { "type": "integer", "description": "How many records' entries may come in besides its own" },
                    "next_cursor": optional_text(),
                }),
            ),
        ),
        (
            "KeptValue",
            json!({
                "type": "object", "required": ["type", "id", "title", "field"],
                "properties": { "type": text(), "id": integer(), "title": text(), "field": optional_text(), "current": {}, "would_be": {} },
            }),
        ),
        (
            "UndoInput",
            object(&[], json!({
                "overwrite": { "type": "array", "items": reference("ChangeChoice"), "maxItems": 500, "description": "goes back although it was changed since" },
                "overwrite_all": flag(),
                "keep": { "type": "array", "items": reference("ChangeChoice"), "maxItems": 500, "description": "of all, what stays" },
            })),
        ),
        (
            "ChangeChoice",
            object(&["type", "id"], json!({ "type": text(), "id": integer(), "field": optional_text(), "version": optional_integer() })),
        ),
        (
            "LaterChange",
            json!({
                "type": "object", "required": ["type", "id", "version", "title", "field", "current", "would_be", "changed_by", "changed_at", "can_overwrite"],
                "properties": {
                    "type": text(), "id": integer(), "version": integer(), "title": text(), "field": optional_text(), "current": {}, "would_be": {},
                    "changed_by": or_null("Reference"), "changed_at": optional_instant(), "can_overwrite": flag(),
                },
            }),
        ),
        (
            "LaterChangePage",
            object(
                &["items", "next_cursor", "looked_at"],
                json!({ "items": list_of("LaterChange"), "next_cursor": optional_text(), "looked_at": integer() }),
            ),
        ),
        (
            "UndoAnswer",
            object(
                &[],
                json!({
                    "operation_id": optional_integer(), "undoes": optional_integer(), "undone": integer(), "kept": list_of("KeptValue"), "kept_count": integer(),
                    "job": reference("Job"),
                }),
            ),
        ),
        (
            "JobError",
            object(&["code", "params"], json!({ "code": text(), "params": { "type": "object" } })),
        ),
        (
            "Job",
            object(
                &["id", "kind", "state", "done", "total", "started_at", "finished_at", "user", "report", "error", "can_cancel", "failed_count", "listed_count"],
                json!({
                    "id": integer(), "kind": { "type": "string", "enum": ["import_check", "import", "import_queue", "export", "export_all", "bulk", "undo", "index", "find_duplicates", "merge_duplicates", "find_places", "erase", "export_person", "handover", "retention", "create_for_each", "use_template"] },
                    "action": { "type": ["string", "null"], "enum": ["update", "delete", "restore", null], "description": "Of a `bulk` job: what it does with each record." },
                    "state": { "type": "string", "enum": ["queued", "running", "done", "failed", "cancelled"] },
                    "done": integer(), "total": optional_integer(), "started_at": optional_instant(), "finished_at": optional_instant(),
                    "user": or_null("Reference"), "report": { "type": ["object", "null"] }, "error": or_null("JobError"),
                    "operation_id": optional_integer(), "can_cancel": flag(), "failed_count": integer(),
                    "listed_count": { "type": "integer", "description": "Of how many of those it is kept which and why, for 30 days after the end: GET /jobs/{id}/failures." },
                }),
            ),
        ),
        ("JobPage", page_of("Job")),
        ("JobAnswer", object(&["job"], json!({ "job": reference("Job") }))),
        (
            "SearchMatch",
            object(
                &["part", "field", "text", "start", "end"],
                json!({
                    "part": { "type": ["string", "null"], "description": "The type of the part of the record in which the text stands, as a comment; null for the record itself." },
                    "field": text(), "text": text(), "start": { "type": "integer", "description": "In UTF-16 units." }, "end": integer(),
                }),
            ),
        ),
        (
            "SearchItem",
            object(
                &["id", "type", "title", "subtitle", "matched"],
                json!({
                    "id": integer(), "type": text(), "title": text(), "subtitle": optional_text(), "kind": optional_text(),
                    "matched": or_null("SearchMatch"),
                }),
            ),
        ),
        ("SearchAnswer", object(&["items", "has_more"], json!({ "items": list_of("SearchItem"), "has_more": flag() }))),
        (
            "StoredFile",
            object(
                &["id", "name", "size", "media_type"],
                json!({ "id": text(), "name": text(), "size": integer(), "media_type": text(), "width": integer(), "height": integer() }),
            ),
        ),
        ("Document", json!({ "type": "object", "description": "An OpenAPI 3.1 document." })),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}
