//! Schemas of merging and of the queue of duplicates.

use serde_json::{Value as Json, json};

use super::{list_of, object, or_null, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let integer = || json!({ "type": "integer" });
    let flag = || json!({ "type": "boolean" });
    let ids = || json!({ "type": "array", "items": integer() });
    let reason = || {
        json!({ "type": "string", "enum": [
            "phone", "email", "messenger", "website", "name", "similar_name", "company_name", "patronymic", "birthday", "employer", "city",
        ] })
    };
    let reasons = || json!({ "type": "array", "items": reason() });
    [
        (
            "MergeInput",
            object(
                &["survivor", "losers"],
                json!({
                    "survivor": integer(), "losers": ids(),
                    "choices": { "description": "By field, the id of the record whose value stands.", "type": "object", "additionalProperties": integer() },
                    "versions": { "description": "By id, the version that the caller saw.", "type": "object", "additionalProperties": integer() },
                }),
            ),
        ),
        (
            "MergeField",
            object(
                &["field", "from", "is_united", "is_conflict"],
                json!({ "field": text(), "from": { "type": ["integer", "null"] }, "is_united": flag(), "is_conflict": flag() }),
            ),
        ),
        (
            "MergeRelation",
            object(&["type", "field", "count"], json!({ "type": text(), "field": text(), "count": integer() })),
        ),
        (
            "MergePreview",
            object(
                &["records", "merged", "fields", "relations"],
                json!({
                    "records": list_of("Record"), "merged": reference("Record"), "fields": list_of("MergeField"),
                    "relations": list_of("MergeRelation"),
                }),
            ),
        ),
        (
            "MergeAnswer",
            object(
                &["record", "operation_id", "moved"],
                json!({ "record": or_null("Record"), "operation_id": integer(), "moved": integer() }),
            ),
        ),
        (
            "DuplicatePair",
            object(
                &["left", "right", "score", "reasons"],
                json!({ "left": integer(), "right": integer(), "score": integer(), "reasons": reasons() }),
            ),
        ),
        (
            "DuplicateCluster",
            object(
                &["score", "reasons", "records", "pairs"],
                json!({ "score": integer(), "reasons": reasons(), "records": list_of("Record"), "pairs": list_of("DuplicatePair") }),
            ),
        ),
        (
            "DuplicatePage",
            object(
                &["items", "next_cursor"],
                json!({ "items": list_of("DuplicateCluster"), "next_cursor": { "type": ["string", "null"] } }),
            ),
        ),
        (
            "DuplicateSearch",
            object(
                &["finished_at", "records", "pairs", "cut_keys", "cut_records"],
                json!({
                    "finished_at": { "type": "string", "format": "date-time" }, "records": integer(), "pairs": integer(),
                    "cut_keys": integer(), "cut_records": integer(),
                }),
            ),
        ),
        (
            "DuplicateCount",
            object(
                &["clusters", "records", "is_capped", "last_search", "job", "can_search"],
                json!({
                    "clusters": integer(), "records": integer(), "is_capped": flag(), "last_search": or_null("DuplicateSearch"),
                    "job": or_null("Job"), "can_search": flag(),
                }),
            ),
        ),
        (
            "DuplicateSearchInput",
            object(
                &["type"],
                json!({
                    "type": text(), "with_place": flag(),
                    "keys": { "type": "array", "items": { "type": "string", "enum": ["channel", "name", "similar_name", "company_name"] } },
                }),
            ),
        ),
        (
            "DuplicateDismissal",
            object(&["type", "ids"], json!({ "type": text(), "ids": ids(), "is_dismissed": flag() })),
        ),
        ("DismissAnswer", object(&["pairs"], json!({ "pairs": integer() }))),
        (
            "DuplicateMergeInput",
            object(
                &["type", "min_score", "rule"],
                json!({
                    "type": text(), "min_score": { "type": "integer", "minimum": 50, "maximum": 100 }, "reasons": reasons(),
                    "rule": { "type": "string", "enum": ["oldest", "most_complete", "most_recent"] },
                }),
            ),
        ),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}
